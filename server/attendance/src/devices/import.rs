//! Punches from a table that somebody exported: looked at first, then taken in.
//!
//! Each row is its own key, so a file that is taken in again, or a longer one that holds the same rows,
//! adds only what is new.

use std::collections::BTreeSet;

use model::zone::Zone;
use model::{Actor, Permission};
use sqlx::PgConnection;

use super::csv::{self, Choices, Preview, Row, RowError, Who};
use crate::people::Directory;
use crate::punch::{Arrived, Owner, SourceKind};
use crate::{Attendance, Error};

/// How many punches go to the database at once.
pub(super) const CHUNK: usize = 5_000;
/// Under which name the punches of files that name no reader are kept.
const NO_READER: &str = "-";

/// What to take a file for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportChoices {
    /// Where the file does not say.
    pub table: Choices,
    /// The zone of times that come without one; that of whoever imports, if absent.
    pub zone: Option<String>,
}

/// What a file holds, and what of it could not be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportPreview {
    /// The table.
    pub table: Preview,
    /// Who of it is not known; their rows would be left out.
    pub unknown_people: Vec<String>,
    /// Zones of it that there are not; their rows would be left out.
    pub unknown_zones: Vec<String>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many punches were new.
    pub accepted: usize,
    /// How many were there before, or twice in the file.
    pub repeated: usize,
    /// Rows that could not be read, the first of them.
    pub errors: Vec<RowError>,
    /// How many rows could not be read.
    pub error_count: usize,
    /// Rows that were left out because nobody is known by their name, or no zone.
    pub left_out: usize,
}

impl Attendance {
    /// What a file holds. Nothing is kept of it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `punches:write`; [`Error::Invalid`] when nothing of it can be read,
    /// or something has to be chosen first.
    pub async fn preview_import(
        &self,
        actor: &Actor,
        bytes: &[u8],
        choices: &ImportChoices,
    ) -> Result<ImportPreview, Error> {
        actor.require(Permission::PunchesWrite)?;
        let table = read(bytes, choices)?;
        let zone = zone_of_file(actor, choices)?;
        let directory = look_up(&mut *self.deps.db.read().await?, &table.rows).await?;
        let (mut people, mut zones) = (BTreeSet::new(), BTreeSet::new());
        for row in &table.rows {
            if let Err(unknown) = arrived(row, &directory, &zone) {
                match unknown {
                    Unknown::Person(name) => people.insert(name),
                    Unknown::Zone(name) => zones.insert(name),
                };
            }
        }
        Ok(ImportPreview {
            table,
            unknown_people: people.into_iter().collect(),
            unknown_zones: zones.into_iter().collect(),
        })
    }

    /// Takes the punches of a file in. What cannot be read, or is of somebody who is not known, is
    /// counted and left out.
    ///
    /// # Errors
    /// As [`Attendance::preview_import`].
    pub async fn import_punches(
        &self,
        actor: &Actor,
        bytes: &[u8],
        choices: &ImportChoices,
    ) -> Result<Imported, Error> {
        actor.require(Permission::PunchesWrite)?;
        let table = read(bytes, choices)?;
        let zone = zone_of_file(actor, choices)?;
        let mut tx = self.deps.db.begin("attendance.import_punches").await?;
        let directory = look_up(&mut tx, &table.rows).await?;
        let rows = table.rows.iter();
        let punches: Vec<Arrived> = rows
            .filter_map(|row| arrived(row, &directory, &zone).ok())
            .collect();
        let mut accepted = 0;
        for chunk in punches.chunks(CHUNK) {
            accepted += self.take_punches_in_tx(&mut tx, chunk).await?.new_count();
        }
        tx.commit().await?;
        self.nudge();
        Ok(Imported {
            accepted,
            repeated: punches.len() - accepted,
            errors: table.errors,
            error_count: table.error_count,
            left_out: table.rows.len() - punches.len(),
        })
    }
}

pub(super) fn read(bytes: &[u8], choices: &ImportChoices) -> Result<Preview, Error> {
    csv::read(bytes, &choices.table)
        .map_err(|refusal| Error::field("file", sentence(&refusal.to_string())))
}

pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

pub(super) fn zone_of_file(actor: &Actor, choices: &ImportChoices) -> Result<Zone, Error> {
    let name = choices.zone.as_deref().unwrap_or(&actor.zone);
    Zone::named(name).map_err(|_| {
        Error::field(
            "zone",
            "That is no time zone: use a name such as Europe/Berlin.",
        )
    })
}

pub(super) async fn look_up(conn: &mut PgConnection, rows: &[Row]) -> Result<Directory, Error> {
    let names = rows.iter().filter_map(|row| name(&row.who));
    let names: BTreeSet<&str> = names.collect();
    Ok(Directory::look_up(conn, names).await?)
}

/// The name by which somebody is looked up; badges are not.
fn name(who: &Who) -> Option<&str> {
    match who {
        Who::Badge(_) => None,
        Who::EmployeeNumber(name) | Who::Email(name) => Some(name),
    }
}

/// Why a row is left out: the name that is not known.
pub(super) enum Unknown {
    Person(String),
    Zone(String),
}

pub(super) fn arrived(row: &Row, directory: &Directory, usual: &Zone) -> Result<Arrived, Unknown> {
    let employee = match name(&row.who) {
        None => None,
        Some(name) => {
            let found = directory.find(name);
            Some(Owner::from(
                found.ok_or_else(|| Unknown::Person(name.to_owned()))?,
            ))
        }
    };
    let badge = match &row.who {
        Who::Badge(badge) => Some(badge.clone()),
        _ => None,
    };
    let zone = match &row.zone {
        Some(name) => Zone::named(name).map_err(|_| Unknown::Zone(name.clone()))?,
        None => usual.clone(),
    };
    let occurred_at = match row.utc_offset_seconds {
        Some(offset) => {
            let offset = chrono::TimeDelta::seconds(offset.into());
            row.local.checked_sub_signed(offset).map(|at| at.and_utc())
        }
        None => zone.instant_of(row.local),
    };
    let occurred_at = occurred_at.ok_or_else(|| Unknown::Zone(zone.name().to_owned()))?;
    let who = match &row.who {
        Who::Badge(badge) => format!("badge {badge}"),
        Who::EmployeeNumber(name) | Who::Email(name) => format!("person {name}"),
    };
    let reader = row.device.as_deref().unwrap_or(NO_READER);
    Ok(Arrived {
        source_kind: SourceKind::Import,
        source: format!("import/{reader}"),
        key: format!("{who}|{}|{}", occurred_at.to_rfc3339(), row.direction),
        employee,
        badge,
        occurred_at,
        raw_local: Some(row.local),
        raw_offset_seconds: row.utc_offset_seconds,
        zone: zone.name().to_owned(),
        direction: row.direction,
        trusted: false,
        verify: None,
        raw_text: Some(row.raw.clone()),
        address: None,
        flags: Vec::new(),
    })
}
