//! Files of punches, as their pages ask for them, and how one is to be read, as the plain form sends it.

use leptos::prelude::*;
use model::attendance::views::{ImportReading, PunchImportPage, PunchImportView};
use model::{Problem, PunchImportId};
use serde::{Deserialize, Serialize};

use super::roster_form::Wrong;
use crate::api::ApiError;

/// What the form of a file sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadingFields {
    /// Which file.
    pub id: String,
    /// The version that was seen.
    pub version: i32,
    /// What stands between two values; empty as found.
    pub separator: String,
    /// What each column is, from the first; empty for one that is not read.
    pub columns: Vec<String>,
    /// What comes first in a date that could be two; empty as found.
    pub date_order: String,
    /// The zone of times that come without one.
    pub zone: String,
}

impl ReadingFields {
    /// How the file is to be read.
    ///
    /// # Errors
    /// 422 with each field that cannot be read.
    pub fn read(&self) -> Result<ImportReading, Problem> {
        let mut wrong = Wrong::default();
        let columns = self.columns.iter().enumerate();
        let columns: Vec<_> = columns
            .map(|(place, word)| wrong.choice(&format!("columns.{place}"), word))
            .collect();
        let reading = ImportReading {
            separator: wrong.choice("separator", &self.separator),
            columns: Some(columns).filter(|columns| !columns.is_empty()),
            date_order: wrong.choice("date_order", &self.date_order),
            zone: Some(self.zone.trim().to_owned()).filter(|zone| !zone.is_empty()),
        };
        wrong.unless(reading)
    }
}

/// Files of punches, newest first.
///
/// # Errors
/// 403 without `punches:write`.
#[server(prefix = "/fn")]
pub async fn punch_imports() -> Result<Vec<PunchImportView>, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.punch_imports(&actor).await?)
}

/// One file, and what it would bring.
///
/// # Errors
/// 403 without `punches:write`; 404 when there is none.
#[server(prefix = "/fn")]
pub async fn punch_import(
    /// Which.
    id: PunchImportId,
) -> Result<PunchImportPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.punch_import(&actor, id).await?)
}

/// Says how a file is to be read.
///
/// # Errors
/// 422 with the fields that are wrong; 409 for a change meanwhile.
#[server(prefix = "/fn")]
pub async fn read_import_as(
    /// What was chosen.
    form: ReadingFields,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::PunchesWrite)?;
    let id = form.id.trim().parse();
    let id: PunchImportId = id.map_err(|_| Problem::not_found("import"))?;
    let reading = form.read()?;
    super::service()?
        .read_import_as(&actor, id, form.version, &reading)
        .await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::punch_import(id));
    Ok(())
}

/// Has a file be taken in.
///
/// # Errors
/// 422 when nothing of it can be read; 409 for a change meanwhile.
#[server(prefix = "/fn")]
pub async fn start_import(
    /// Which.
    id: PunchImportId,
    /// The version that was seen.
    version: i32,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?.start_import(&actor, id, version).await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::punch_import(id));
    Ok(())
}

/// Forgets a file about which nothing is decided.
///
/// # Errors
/// 409 when it is taken in already.
#[server(prefix = "/fn")]
pub async fn drop_import(
    /// Which.
    id: PunchImportId,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?.drop_import(&actor, id).await?;
    crate::api::scheduling::forms::lead_on(crate::paths::PUNCH_IMPORTS);
    Ok(())
}

#[cfg(test)]
mod tests {
    use model::attendance::views::{DayOrMonth, PunchColumn, Separator};

    use super::*;

    #[test]
    fn what_was_chosen_is_read() {
        let fields = ReadingFields {
            separator: "semicolon".into(),
            columns: vec!["badge".into(), String::new(), "date_time".into()],
            date_order: "month".into(),
            zone: " Europe/Berlin ".into(),
            ..ReadingFields::default()
        };
        let reading = fields.read().expect("a reading");
        assert_eq!(reading.separator, Some(Separator::Semicolon));
        assert_eq!(reading.date_order, Some(DayOrMonth::Month));
        let columns = vec![Some(PunchColumn::Badge), None, Some(PunchColumn::DateTime)];
        assert_eq!(reading.columns, Some(columns));
        assert_eq!(reading.zone.as_deref(), Some("Europe/Berlin"));
    }

    #[test]
    fn what_is_not_chosen_is_found_out() {
        assert_eq!(
            ReadingFields::default().read(),
            Ok(ImportReading::default())
        );
        let fields = ReadingFields {
            columns: vec!["shoe".into()],
            ..ReadingFields::default()
        };
        let problem = fields.read().expect_err("no such column");
        assert!(problem.message_for("columns.0").is_some());
    }
}
