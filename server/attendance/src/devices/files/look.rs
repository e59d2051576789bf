//! What a file would bring, as it is read now. Nothing is kept.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use model::Actor;
use model::PersonId;
use model::attendance::views::{
    DayOrMonth, ImportColumn, ImportFate, ImportFault, ImportPreview, ImportReading, ImportRow,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{choices, separator};
use crate::Error;
use crate::devices::csv::{self, Column, DateOrder, Look, Row, RowError, Who};
use crate::devices::import::{self, Unknown};
use crate::punch::Arrived;
use crate::store::{employees, punches};

/// How many lines are shown as they will be kept.
const FIRST: usize = 12;
/// How many badges and names are shown that nobody knows.
const UNKNOWN: usize = 40;
/// How many lines are shown that cannot be read.
pub(super) const FAULTS: usize = 100;

/// What a file holds.
///
/// # Errors
/// [`Error::Invalid`] when it has no rows, or its zone is none.
pub(super) async fn preview(
    conn: &mut PgConnection,
    actor: &Actor,
    bytes: &[u8],
    reading: &ImportReading,
) -> Result<ImportPreview, Error> {
    let choices = choices(reading);
    let zone = import::zone_of_file(actor, &choices)?;
    let look = csv::look(bytes, &choices.table)
        .map_err(|refusal| Error::field("file", import::sentence(&refusal.to_string())))?;
    let mut preview = of_look(look, reading, zone.name());
    let table = match csv::read(bytes, &choices.table) {
        Ok(table) => table,
        Err(refusal) => {
            preview.refusal = Some(import::sentence(&refusal.to_string()));
            return Ok(preview);
        }
    };
    preview.date_order = table.date_order.map(|order| match order {
        DateOrder::DayFirst => DayOrMonth::Day,
        DateOrder::MonthFirst => DayOrMonth::Month,
    });
    preview.unreadable = number(table.error_count);
    preview.faults = faults(&table.errors);
    let days = table.rows.iter().map(|row| row.local.date());
    preview.days = days.clone().min().zip(days.max());

    let directory = import::look_up(&mut *conn, &table.rows).await?;
    let (mut unknown, mut arrived) = (BTreeSet::new(), Vec::new());
    for row in &table.rows {
        arrived.push(match import::arrived(row, &directory, &zone) {
            Ok(punch) => Some(punch),
            Err(Unknown::Person(name) | Unknown::Zone(name)) => {
                unknown.insert(name);
                None
            }
        });
    }
    let known = Known::of(conn, &arrived).await?;
    let mut badges = BTreeSet::new();
    let mut seen = known.told;
    for (place, (row, punch)) in table.rows.iter().zip(&arrived).enumerate() {
        let owner = known.owners.get(&place);
        let fate = match punch {
            None => ImportFate::LeftOut,
            Some(punch) if !seen.insert(key_of(punch)) => ImportFate::Repeated,
            Some(_) if owner.is_none() => ImportFate::Unmatched,
            Some(_) => ImportFate::New,
        };
        match fate {
            ImportFate::LeftOut => preview.left_out += 1,
            ImportFate::Repeated => preview.repeated += 1,
            ImportFate::New => preview.new += 1,
            ImportFate::Unmatched => {
                preview.new += 1;
                preview.unmatched += 1;
                badges.extend(punch.as_ref().and_then(|punch| punch.badge.clone()));
            }
        }
        if preview.first.len() < FIRST {
            let name = owner.and_then(|id| known.names.get(id).cloned());
            preview.first.push(shown(row, name, zone.name(), fate));
        }
    }
    preview.badges = badges.into_iter().take(UNKNOWN).collect();
    preview.unknown = unknown.into_iter().take(UNKNOWN).collect();
    Ok(preview)
}

/// What a file looks like, before it is known what of it can be read.
fn of_look(look: Look, reading: &ImportReading, zone: &str) -> ImportPreview {
    let columns = look.columns.into_iter();
    ImportPreview {
        columns: columns
            .map(|column| ImportColumn {
                header: column.header,
                taken_for: column.taken_for.and_then(word),
                samples: column.samples,
            })
            .collect(),
        separator: separator(look.delimiter),
        date_order: reading.date_order,
        zone: zone.to_owned(),
        refusal: None,
        lines: number(look.rows),
        new: 0,
        repeated: 0,
        unmatched: 0,
        badges: Vec::new(),
        left_out: 0,
        unknown: Vec::new(),
        unreadable: 0,
        faults: Vec::new(),
        days: None,
        first: Vec::new(),
    }
}

fn word(column: Column) -> Option<model::attendance::views::PunchColumn> {
    column.as_str().parse().ok()
}

/// The first lines that cannot be read, as pages show them.
pub(super) fn faults(errors: &[RowError]) -> Vec<ImportFault> {
    let first = errors.iter().take(FAULTS);
    first
        .map(|error| ImportFault {
            line: error.line,
            column: error.column.clone(),
            reason: import::sentence(&error.reason.to_string()),
        })
        .collect()
}

/// What the database knows of the punches of a file.
struct Known {
    /// Sources and keys that were told before.
    told: HashSet<(String, String)>,
    /// Whose they are, by their place.
    owners: HashMap<usize, PersonId>,
    /// What the owners of the first lines are called.
    names: HashMap<PersonId, String>,
}

impl Known {
    async fn of(conn: &mut PgConnection, arrived: &[Option<Arrived>]) -> Result<Self, sqlx::Error> {
        let punches: Vec<(usize, &Arrived)> = arrived
            .iter()
            .enumerate()
            .filter_map(|(place, punch)| Some((place, punch.as_ref()?)))
            .collect();
        let of = |read: fn(&Arrived) -> &str| -> Vec<String> {
            let punches = punches.iter();
            punches.map(|(_, punch)| read(punch).to_owned()).collect()
        };
        let (sources, keys) = (of(|p| &p.source), of(|p| &p.key));
        let told = punches::told_before(&mut *conn, &sources, &keys).await?;
        let told = told.into_iter().map(|(source, key, _)| (source, key));
        let badges: Vec<Option<&str>> = punches
            .iter()
            .map(|(_, punch)| punch.badge.as_deref())
            .collect();
        let at: Vec<DateTime<Utc>> = punches.iter().map(|(_, p)| p.occurred_at).collect();
        let named = punches.iter().filter_map(|(place, punch)| {
            let owner = punch.employee.as_ref()?;
            Some((*place, owner.id))
        });
        let mut owners: HashMap<usize, PersonId> = named.collect();
        for owner in punches::owners(&mut *conn, &badges, &at).await? {
            let place = usize::try_from(owner.place - 1).ok();
            if let Some((place, _)) = place.and_then(|place| punches.get(place)) {
                owners.insert(*place, owner.employee_id);
            }
        }
        let first = owners.iter().filter(|(place, _)| **place < FIRST);
        let first: Vec<Uuid> = first.map(|(_, id)| id.0).collect();
        let names = employees::by_ids(conn, &first).await?.into_iter();
        Ok(Self {
            told: told.collect(),
            owners,
            names: names.map(|row| (row.id, row.name)).collect(),
        })
    }
}

fn key_of(punch: &Arrived) -> (String, String) {
    (punch.source.clone(), punch.key.clone())
}

fn shown(row: &Row, name: Option<String>, usual: &str, fate: ImportFate) -> ImportRow {
    let who = match &row.who {
        Who::Badge(badge) => format!("Badge {badge}"),
        Who::EmployeeNumber(name) | Who::Email(name) => name.clone(),
    };
    let zone = match (row.utc_offset_seconds, &row.zone) {
        (Some(seconds), _) => offset(seconds),
        (None, Some(zone)) => zone.clone(),
        (None, None) => usual.to_owned(),
    };
    ImportRow {
        line: row.line,
        who,
        name,
        local: row.local,
        zone,
        direction: row.direction,
        device: row.device.clone(),
        fate,
    }
}

/// How far a clock was from UTC: `UTC+02:00`.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '−' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_told_in_hours() {
        assert_eq!(offset(19_800), "UTC+05:30");
        assert_eq!(offset(-18_000), "UTC−05:00");
    }
}
