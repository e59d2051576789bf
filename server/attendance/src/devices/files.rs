//! Files of punches that HR brings in: kept, looked at, told how they are to be read, and then taken in
//! by a job, whole or not at all. The bytes go once that is done.
//!
//! [`look`]: what a file would bring, as it is read now. [`run`]: the job.
//!
//! The same bytes are one file as long as nothing is decided about them; taken in a second time they bring
//! nothing, since each row is its own key.

mod look;
mod run;

use model::attendance::views::{
    ImportReading, ImportState, PunchImportPage, PunchImportView, Separator,
};
use model::zone::Zone;
use model::{Actor, Permission, Problem, PunchImportId};
use platform::jobs::{self, NewJob};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::csv::{self, Choices, Column, DateOrder, Delimiter, Refusal};
use super::import::{self, ImportChoices};
use crate::people::zone_of;
use crate::store::imports::{self, ImportRow, NewImport};
use crate::{Attendance, Error};

/// How many files the page shows.
const FILES: i64 = 50;
/// The longest name of a file that is kept.
const MOST_NAME: usize = 200;
/// With what a spreadsheet begins, which is no text.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

impl Attendance {
    /// Files of punches, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `punches:write`.
    pub async fn punch_imports(&self, actor: &Actor) -> Result<Vec<PunchImportView>, Error> {
        actor.require(Permission::PunchesWrite)?;
        let zone = zone_of(actor);
        let mut conn = self.deps.db.read().await?;
        let rows = imports::all(&mut conn, FILES).await?.into_iter();
        Ok(rows.map(|row| view(row, &zone)).collect())
    }

    /// One file, and what it would bring as long as nothing is decided about it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `punches:write`; [`Error::NotFound`].
    pub async fn punch_import(
        &self,
        actor: &Actor,
        id: PunchImportId,
    ) -> Result<PunchImportPage, Error> {
        actor.require(Permission::PunchesWrite)?;
        let zone = zone_of(actor);
        let mut conn = self.deps.db.read().await?;
        let found = imports::find(&mut conn, id).await?;
        let row = found.ok_or(Error::NotFound("import"))?;
        let (mut preview, mut before) = (None, None);
        if row.state == ImportState::Kept {
            let bytes = imports::body(&mut conn, id).await?;
            let bytes = bytes.ok_or(Error::NotFound("import"))?;
            preview = Some(look::preview(&mut conn, actor, &bytes, &row.reading).await?);
            let done = imports::done_with(&mut conn, &row.sha256).await?;
            before = done.map(|(id, at)| (id, zone.stamp(at)));
        }
        Ok(PunchImportPage {
            file: view(row, &zone),
            preview,
            before,
        })
    }

    /// Keeps a file to be looked at. The same bytes about which nothing is decided yet are the same file.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `punches:write`; [`Error::Invalid`] when it is too large, has no
    /// rows, or is no text.
    pub async fn keep_import(
        &self,
        actor: &Actor,
        name: &str,
        bytes: &[u8],
    ) -> Result<PunchImportId, Error> {
        actor.require(Permission::PunchesWrite)?;
        if WORKBOOKS.iter().any(|begins| bytes.starts_with(begins)) {
            return Err(refused(
                "workbook",
                "This is a workbook. Save it as CSV and choose that file.",
            ));
        }
        csv::look(bytes, &Choices::default()).map_err(|refusal| match refusal {
            Refusal::TooLarge | Refusal::TooManyRows => {
                refused("too_large", import::sentence(&refusal.to_string()))
            }
            other => refused("unreadable", import::sentence(&other.to_string())),
        })?;
        let now = self.deps.now();
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        let mut tx = self.deps.db.begin("attendance.keep_import").await?;
        imports::lock_bytes(&mut tx, &sha256).await?;
        if let Some(open) = imports::open_with(&mut tx, &sha256).await? {
            return Ok(open);
        }
        let id: PunchImportId = self.deps.new_id();
        let reading = ImportReading {
            zone: Some(zone_of(actor).name().to_owned()),
            ..ImportReading::default()
        };
        let new = NewImport {
            id,
            name: &file_name(name),
            sha256: &sha256,
            body: bytes,
            reading: &reading,
            by: &actor.who.reference(),
            by_label: actor.who.label(),
            at: now,
        };
        imports::insert(&mut tx, &new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Says how a file that is still at `version` is to be read. With another separator it has other
    /// columns, so what was said of those is forgotten.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `punches:write`; [`Error::Invalid`] for a zone that there is not;
    /// [`Error::NotFound`]; [`Error::Changed`].
    pub async fn read_import_as(
        &self,
        actor: &Actor,
        id: PunchImportId,
        version: i32,
        reading: &ImportReading,
    ) -> Result<(), Error> {
        actor.require(Permission::PunchesWrite)?;
        import::zone_of_file(actor, &choices(reading))?;
        let mut tx = self.deps.db.begin("attendance.read_import_as").await?;
        let found = imports::find(&mut tx, id).await?;
        let row = found.ok_or(Error::NotFound("import"))?;
        let bytes = imports::body(&mut tx, id).await?;
        let bytes = bytes.ok_or(Error::Changed)?;
        let before = separator_of(&bytes, &row.reading);
        let mut reading = reading.clone();
        if reading.separator.is_some() && reading.separator != before {
            reading.columns = None;
        }
        if !imports::set_reading(&mut tx, id, version, &reading).await? {
            return Err(Error::Changed);
        }
        tx.commit().await?;
        Ok(())
    }

    /// Has a file that is still at `version` be taken in. Asked again, it stays so.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `punches:write`; [`Error::Invalid`] when nothing of it can be read;
    /// [`Error::NotFound`]; [`Error::Changed`].
    pub async fn start_import(
        &self,
        actor: &Actor,
        id: PunchImportId,
        version: i32,
    ) -> Result<(), Error> {
        actor.require(Permission::PunchesWrite)?;
        let mut tx = self.deps.db.begin("attendance.start_import").await?;
        let found = imports::find(&mut tx, id).await?;
        let row = found.ok_or(Error::NotFound("import"))?;
        if row.state != ImportState::Kept {
            return Ok(());
        }
        let bytes = imports::body(&mut tx, id).await?;
        let bytes = bytes.ok_or(Error::Changed)?;
        let table = import::read(&bytes, &choices(&row.reading))?;
        let rows = i32::try_from(table.rows.len()).unwrap_or(i32::MAX);
        if !imports::start(&mut tx, id, version, rows).await? {
            return Err(Error::Changed);
        }
        let job = NewJob::new(run::JOB, &run::Payload { import: id })
            .key(format!("{}:{id}", run::JOB))
            .queue(run::JOB);
        jobs::enqueue(&mut tx, job).await?;
        let detail = json!({ "name": row.name, "rows": rows });
        self.audit_in_tx(
            &mut tx,
            actor,
            "punches.imported",
            format!("import:{id}"),
            detail,
        )
        .await?;
        self.tell_of_import_in_tx(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets a file about which nothing is decided. Asked again, it is gone already.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `punches:write`; [`Error::Decided`] when it is taken in already.
    pub async fn drop_import(&self, actor: &Actor, id: PunchImportId) -> Result<(), Error> {
        actor.require(Permission::PunchesWrite)?;
        let mut tx = self.deps.db.begin("attendance.drop_import").await?;
        if !imports::drop(&mut tx, id).await? && imports::find(&mut tx, id).await?.is_some() {
            return Err(Error::Decided("taken in"));
        }
        tx.commit().await?;
        Ok(())
    }
}

/// A file that is refused as it comes, with a word for its address.
fn refused(code: &str, message: impl Into<String>) -> Error {
    let mut problem = Problem::invalid_field("file", message);
    code.clone_into(&mut problem.code);
    Error::Invalid(problem)
}

/// A name as it can be kept: what is behind the last folder, without what nobody can see.
fn file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = name.chars().filter(|c| !c.is_control()).collect();
    let name: String = plain.trim().chars().take(MOST_NAME).collect();
    if name.is_empty() {
        "punches.csv".to_owned()
    } else {
        name
    }
}

/// What stands between the values of a file, as it was read last.
fn separator_of(bytes: &[u8], reading: &ImportReading) -> Option<Separator> {
    let look = csv::look(bytes, &choices(reading).table).ok()?;
    Some(separator(look.delimiter))
}

fn separator(delimiter: Delimiter) -> Separator {
    match delimiter {
        Delimiter::Comma => Separator::Comma,
        Delimiter::Semicolon => Separator::Semicolon,
        Delimiter::Tab => Separator::Tab,
    }
}

/// What somebody said of a file, for those who read it.
fn choices(reading: &ImportReading) -> ImportChoices {
    use model::attendance::views::DayOrMonth;

    let columns = reading.columns.as_ref().map(|columns| {
        let columns = columns.iter();
        columns
            .map(|word| word.and_then(|word| Column::named(word.as_str())))
            .collect()
    });
    ImportChoices {
        table: Choices {
            delimiter: reading.separator.map(|separator| match separator {
                Separator::Comma => Delimiter::Comma,
                Separator::Semicolon => Delimiter::Semicolon,
                Separator::Tab => Delimiter::Tab,
            }),
            columns,
            date_order: reading.date_order.map(|order| match order {
                DayOrMonth::Day => DateOrder::DayFirst,
                DayOrMonth::Month => DateOrder::MonthFirst,
            }),
        },
        zone: reading.zone.clone(),
    }
}

fn view(row: ImportRow, zone: &Zone) -> PunchImportView {
    PunchImportView {
        id: row.id,
        name: row.name,
        size_bytes: row.size_bytes.into(),
        state: row.state,
        rows_total: row.rows_total.into(),
        rows_done: row.rows_done.into(),
        accepted: row.accepted.into(),
        repeated: row.repeated.into(),
        unmatched: row.unmatched.into(),
        left_out: row.left_out.into(),
        unreadable: row.unreadable.into(),
        faults: row.faults.0,
        refusal: row.refusal,
        by: row.created_by_label,
        at: zone.stamp(row.created_at),
        finished_at: row.finished_at.map(|at| zone.stamp(at)),
        version: row.version,
    }
}

#[cfg(test)]
mod tests {
    use model::attendance::views::PunchColumn;

    use super::*;

    #[test]
    fn a_form_offers_the_columns_that_are_read() {
        let offered: Vec<&str> = PunchColumn::ALL.iter().map(|word| word.as_str()).collect();
        let read: Vec<&str> = Column::ALL.iter().map(|column| column.as_str()).collect();
        assert_eq!(offered, read);
    }

    #[test]
    fn a_name_is_kept_without_its_folder() {
        assert_eq!(file_name("C:\\door\\oct\u{7}ober.csv"), "october.csv");
        assert_eq!(file_name("/"), "punches.csv");
    }
}
