//! A device as its plain form sends it. A page has one form for each device, so what is wrong is told
//! under the name of the device's own field.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::attendance::views::{DeviceForm, KeyChange};
use model::{DeviceId, Problem};
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the form of a device sends. Its `Debug` does not say the key,
/// so that no log has it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceFields {
    /// Which.
    pub id: String,
    /// The version that was seen.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// The zone of its clock.
    pub zone: String,
    /// Whether it is listened to: `active`, `blocked`.
    pub state: String,
    /// Where it hangs, by id; empty for nowhere that has a name.
    pub site: String,
    /// The first day of which its punches count; empty for all.
    pub in_use_from: String,
    /// The networks that it may speak from.
    pub network: String,
    /// `on` if the keys that people press on it are believed.
    pub trusts_direction: String,
    /// The key that it has to send; empty to leave that as it is.
    pub secret: String,
    /// `on` if it need not send one any more.
    pub forget_secret: String,
}

impl std::fmt::Debug for DeviceFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceFields")
            .field("id", &self.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// The name in errors of a field of one device.
pub fn device_field(id: &str, field: &str) -> String {
    format!("{id}.{field}")
}

impl DeviceFields {
    /// What is said of the device.
    ///
    /// # Errors
    /// 422 for a state that is none.
    pub fn read(&self) -> Result<DeviceForm, Problem> {
        let state =
            self.state.trim().parse().map_err(|_| {
                Problem::invalid_field("state", "Choose whether it is listened to.")
            })?;
        let site = match self.site.trim() {
            "" => None,
            id => {
                let site = id.parse();
                Some(
                    site.map_err(|_| Problem::invalid_field("site", "Choose a site of the list."))?,
                )
            }
        };
        let in_use_from = match self.in_use_from.trim() {
            "" => None,
            day => Some(day.parse::<NaiveDate>().map_err(|_| {
                Problem::invalid_field("in_use_from", "Write a day such as 2026-11-24.")
            })?),
        };
        let key = match (self.secret.trim(), self.forget_secret.is_empty()) {
            ("", true) => KeyChange::Keep,
            ("", false) => KeyChange::Forget,
            (key, true) => KeyChange::Set(key.to_owned()),
            (_, false) => {
                let message = "Write a new key or forget the old one, not both.";
                return Err(Problem::invalid_field("secret", message));
            }
        };
        Ok(DeviceForm {
            name: self.name.trim().to_owned(),
            zone: self.zone.trim().to_owned(),
            state,
            site,
            in_use_from,
            network: self.network.trim().to_owned(),
            trusts_direction: !self.trusts_direction.is_empty(),
            key,
        })
    }
}

/// Names a device, and says whether it is listened to.
///
/// # Errors
/// 422 with what is wrong, under the names of the device's own fields; 409 for a change meanwhile.
#[server(prefix = "/fn")]
pub async fn keep_device(
    /// What was typed.
    form: DeviceFields,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::DevicesManage)?;
    let id = form.id.trim();
    let device = id.parse().map_err(|_| Problem::not_found("device"))?;
    let said = form.read().map_err(|problem| of_device(problem, id))?;
    super::service()?
        .save_device(&actor, device, form.version, &said)
        .await
        .map_err(|error| of_device(error.into(), id))?;
    crate::api::scheduling::forms::lead_on(crate::paths::DEVICES);
    Ok(())
}

/// Asks a device for all punches that it holds; it sends them at its next poll.
///
/// # Errors
/// 422 for one that is not listened to.
#[server(prefix = "/fn")]
pub async fn ask_for_all(
    /// Which.
    id: DeviceId,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?.ask_for_all(&actor, id).await?;
    crate::api::scheduling::forms::lead_on(crate::paths::DEVICES);
    Ok(())
}

/// Asks a device for its punches of some days, by its clock; it sends them at its next poll.
///
/// # Errors
/// 422 for days in the wrong order, and for one that is not listened to.
#[server(prefix = "/fn")]
pub async fn ask_for_days(
    /// Which.
    id: DeviceId,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?.ask_for_days(&actor, id, from, to).await?;
    crate::api::scheduling::forms::lead_on(crate::paths::DEVICES);
    Ok(())
}

/// The service knows fields by their name alone; the page has them once a device.
#[cfg(any(feature = "ssr", test))]
fn of_device(mut problem: Problem, id: &str) -> Problem {
    for error in &mut problem.errors {
        error.field = device_field(id, &error.field);
    }
    problem
}

#[cfg(test)]
mod tests {
    use model::attendance::views::DeviceState;

    use super::*;

    #[test]
    fn a_device_is_read() {
        let fields = DeviceFields {
            name: " Front door ".into(),
            zone: "Europe/Berlin".into(),
            state: "active".into(),
            ..DeviceFields::default()
        };
        let form = fields.read().expect("a device");
        assert_eq!(form.name, "Front door");
        assert_eq!(form.state, DeviceState::Active);
        assert_eq!((form.site, form.key), (None, KeyChange::Keep));
        assert!(DeviceFields::default().read().is_err());
    }

    #[test]
    fn a_key_stays_goes_or_changes() {
        let key = |secret: &str, forget: &str| {
            let fields = DeviceFields {
                state: "active".into(),
                secret: secret.into(),
                forget_secret: forget.into(),
                ..DeviceFields::default()
            };
            fields.read().map(|form| form.key)
        };
        assert_eq!(key(" ", ""), Ok(KeyChange::Keep));
        assert_eq!(key("", "on"), Ok(KeyChange::Forget));
        assert_eq!(key("4a95", ""), Ok(KeyChange::Set("4a95".into())));
        assert!(key("4a95", "on").is_err());
        assert_eq!(format!("{:?}", key("4a95", "")), "Ok(Set(…))");
    }

    #[test]
    fn what_is_wrong_is_told_of_one_device() {
        let problem = of_device(Problem::invalid_field("name", "Give it a name."), "7");
        assert_eq!(problem.message_for("7.name"), Some("Give it a name."));
    }
}
