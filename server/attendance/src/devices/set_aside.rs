//! What devices sent and does not count, for people to look at: punches whose time cannot be true, and
//! lines that could not be read. Nothing of it is lost: a punch is put right or taken out on its day, and
//! a line stays until somebody has looked at it and its time is over.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use model::attendance::day::Flag;
use model::attendance::derive;
use model::attendance::views::{Named, SetAside, SetAsidePage, SetAsidePunch, UnreadableLine};
use model::zone::Zone;
use model::{Actor, Permission, PunchId};
use serde_json::json;
use sqlx::PgConnection;

use crate::load::{in_use_since, skew_then};
use crate::people::{zone_named, zone_of};
use crate::store::devices_set_aside::{self, DoubtfulRow, LineRow};
use crate::store::punches::{self, SourceRow};
use crate::{Attendance, Error};

/// How many a page has.
const PAGE: usize = 50;
/// How many punches are read at once.
const READ: i64 = 200;
/// How often, for one page: of a clock that is fast and known to be, the rules set nothing aside.
const READS: usize = 10;

/// A page, and where the next one begins.
type Part<T> = (Vec<T>, Option<String>);

impl Attendance {
    /// What was set aside, the latest to come first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`] for a cursor that is none.
    pub async fn set_aside_page(
        &self,
        actor: &Actor,
        shown: SetAside,
        cursor: Option<&str>,
    ) -> Result<SetAsidePage, Error> {
        actor.require(Permission::AttendanceManage)?;
        let zone = zone_of(actor);
        let mut conn = self.deps.db.read().await?;
        let open_lines = devices_set_aside::open_lines(&mut conn).await?;
        let mut page = SetAsidePage {
            shown,
            punches: Vec::new(),
            lines: Vec::new(),
            open_lines,
            next: None,
        };
        match shown {
            SetAside::Punches => {
                (page.punches, page.next) = punches_of(&mut conn, &zone, cursor).await?;
            }
            SetAside::Lines | SetAside::Seen => {
                let seen = shown == SetAside::Seen;
                (page.lines, page.next) = lines_of(&mut conn, &zone, seen, cursor).await?;
            }
        }
        Ok(page)
    }

    /// Says that somebody has looked at a line. Told again, it changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`].
    pub async fn see_line(&self, actor: &Actor, id: i64) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let mut tx = self.deps.db.begin("attendance.see_line").await?;
        let found = devices_set_aside::line_locked(&mut tx, id).await?;
        let (device, is_seen) = found.ok_or(Error::NotFound("line"))?;
        if is_seen {
            return Ok(());
        }
        devices_set_aside::see(&mut tx, id, actor.who.label(), self.deps.now()).await?;
        let subject = format!("device:{device}");
        self.audit_in_tx(
            &mut tx,
            actor,
            "device_line.seen",
            subject,
            json!({ "line": id }),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn lines_of(
    conn: &mut PgConnection,
    zone: &Zone,
    seen: bool,
    cursor: Option<&str>,
) -> Result<Part<UnreadableLine>, Error> {
    let after = cursor.map(|text| text.parse::<i64>());
    let after = after.transpose().map_err(|_| no_page())?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = devices_set_aside::lines(conn, seen, after, limit).await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| has_more);
    let next = next.map(|row| row.id.to_string());
    Ok((rows.into_iter().map(|row| line(row, zone)).collect(), next))
}

fn line(row: LineRow, zone: &Zone) -> UnreadableLine {
    let seen = row.seen_by.zip(row.seen_at);
    UnreadableLine {
        id: row.id,
        device: named(row.name, row.serial),
        received: zone.stamp(row.received_at),
        reason: row.reason,
        text: row.text,
        seen: seen.map(|(by, at)| (by, zone.stamp(at))),
    }
}

fn named(name: String, serial: String) -> String {
    if name.is_empty() { serial } else { name }
}

/// The punches that the rules set aside, of those that are doubtful.
async fn punches_of(
    conn: &mut PgConnection,
    zone: &Zone,
    cursor: Option<&str>,
) -> Result<Part<SetAsidePunch>, Error> {
    let after = cursor.map(|text| place(text).ok_or_else(no_page));
    let mut after = after.transpose()?;
    let mut devices: HashMap<String, SourceRow> = HashMap::new();
    let mut shown = Vec::new();
    // Where the page ends.
    let mut end = after;
    for _ in 0..READS {
        let rows = devices_set_aside::doubtful(conn, after, READ).await?;
        let is_last = i64::try_from(rows.len()).is_ok_and(|found| found < READ);
        learn(conn, &rows, &mut devices).await?;
        for row in rows {
            after = Some((row.received_at, row.id));
            let device = devices.get(&row.device);
            let Some(punch) = device.and_then(|device| set_aside(row, device, zone)) else {
                continue;
            };
            if shown.len() == PAGE {
                return Ok((shown, end.map(written)));
            }
            shown.push(punch);
            end = after;
        }
        if is_last {
            return Ok((shown, None));
        }
    }
    Ok((shown, after.map(written)))
}

/// Reads the devices that are not known yet.
async fn learn(
    conn: &mut PgConnection,
    rows: &[DoubtfulRow],
    devices: &mut HashMap<String, SourceRow>,
) -> Result<(), sqlx::Error> {
    let mut new: Vec<String> = rows.iter().map(|row| row.device.clone()).collect();
    new.sort_unstable();
    new.dedup();
    new.retain(|device| !devices.contains_key(device));
    if new.is_empty() {
        return Ok(());
    }
    let found = punches::devices(conn, &new).await?;
    devices.extend(found.into_iter().map(|device| (device.id.clone(), device)));
    Ok(())
}

/// The punch, if the rules set it aside.
fn set_aside(row: DoubtfulRow, device: &SourceRow, zone: &Zone) -> Option<SetAsidePunch> {
    let skew = skew_then(device, row.received_at);
    let since = in_use_since(device);
    let flag = derive::set_aside(row.occurred_at, skew, Some(row.received_at), since)?;
    let is_early = since.is_some_and(|since| row.occurred_at < since);
    let why = match (flag, device.in_use_from.filter(|_| is_early)) {
        (Flag::FutureTime, _) => "It came before the time that it tells".to_owned(),
        (_, Some(day)) => format!(
            "It is from before the device was in use here, {}",
            day.format("%-d %b %Y")
        ),
        _ => "It came more than 90 days after the time that it tells".to_owned(),
    };
    let there = zone_named(&device.zone);
    let local = row
        .raw_local
        .unwrap_or_else(|| there.local_of(row.occurred_at));
    let home = row.zone.as_deref().map(zone_named).unwrap_or(there);
    let person = row.employee_id.zip(row.name);
    Some(SetAsidePunch {
        id: row.id,
        device: named(device.name.clone(), device.serial.clone()),
        person: person.map(|(id, name)| Named { id, name }),
        badge: row.badge.unwrap_or_default(),
        told: local.format("%Y-%m-%d %H:%M:%S").to_string(),
        date: home.day_of(row.occurred_at),
        received: zone.stamp(row.received_at),
        received_date: home.day_of(row.received_at),
        why,
    })
}

/// A cursor: when the last punch of a page came, and its id.
fn written((at, id): (DateTime<Utc>, PunchId)) -> String {
    format!("{}_{id}", at.timestamp_micros())
}

fn place(cursor: &str) -> Option<(DateTime<Utc>, PunchId)> {
    let (micros, id) = cursor.split_once('_')?;
    let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    Some((at, id.parse().ok()?))
}

fn no_page() -> Error {
    Error::field("cursor", "This page no longer exists.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_noise_does_not() {
        let at = DateTime::from_timestamp_micros(1_234_567).expect("an instant");
        let id = PunchId(uuid::Uuid::from_u128(7));
        assert_eq!(place(&written((at, id))), Some((at, id)));
        for noise in ["", "_", "1_2", "x_00000000-0000-0000-0000-000000000007"] {
            assert_eq!(place(noise), None, "{noise:?}");
        }
    }
}
