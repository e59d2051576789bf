//! Corrections as people see them.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use model::attendance::day::Direction;
use model::attendance::views::{Change, CorrectionState, CorrectionView, Named};
use model::zone::Zone;
use model::{Actor, PersonId, PunchId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::inbox::may_decide;
use crate::people::{zone_named, zone_of};
use crate::store::corrections::{self, CorrectionRow};
use crate::{Attendance, Error};

/// How far from a day the punches of its corrections lie, at most.
const AROUND_DAYS: u64 = 4;

impl Attendance {
    /// Requests by id as one reader sees them, oldest first.
    pub(crate) async fn correction_views(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        ids: &[Uuid],
        today: NaiveDate,
    ) -> Result<Vec<CorrectionView>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = corrections::by_ids(conn, ids, today).await?;
        let times = times(conn, &rows).await?;
        Ok(rows
            .into_iter()
            .map(|row| view(actor, row, &times))
            .collect())
    }

    /// The requests to put one day of somebody right, newest first, for the page of that day. Whether
    /// the reader may see them is for the caller to know.
    pub(crate) async fn corrections_of_day(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        employee: PersonId,
        work_date: NaiveDate,
    ) -> Result<Vec<CorrectionView>, Error> {
        let today = zone_of(actor).day_of(self.deps.now());
        let ids = corrections::ids_of_day(conn, employee, work_date).await?;
        let mut views = self.correction_views(conn, actor, &ids, today).await?;
        views.reverse();
        Ok(views)
    }
}

/// The instants of all punches that requests name.
async fn times(
    conn: &mut PgConnection,
    rows: &[CorrectionRow],
) -> Result<HashMap<PunchId, DateTime<Utc>>, Error> {
    let named = rows.iter().flat_map(|row| row.changes.iter());
    let punches: Vec<Uuid> = named.filter_map(punch_of).map(|id| id.0).collect();
    let first = rows.iter().map(|row| row.work_date).min();
    let last = rows.iter().map(|row| row.work_date).max();
    let Some((first, last)) = first.zip(last).filter(|_| !punches.is_empty()) else {
        return Ok(HashMap::new());
    };
    let around = Days::new(AROUND_DAYS);
    let midnight = |date: NaiveDate| date.and_time(chrono::NaiveTime::MIN).and_utc();
    let from = midnight(first.checked_sub_days(around).unwrap_or(first));
    let to = midnight(last.checked_add_days(around).unwrap_or(last));
    let known = corrections::punch_times(conn, &punches, from, to).await?;
    Ok(known.into_iter().collect())
}

/// The punch that a change is about, if it is about one.
pub(super) fn punch_of(change: &Change) -> Option<PunchId> {
    match change {
        Change::Add { .. } => None,
        Change::SetTime { punch, .. }
        | Change::SetDirection { punch, .. }
        | Change::Void { punch }
        | Change::Restore { punch } => Some(*punch),
    }
}

fn view(
    actor: &Actor,
    row: CorrectionRow,
    times: &HashMap<PunchId, DateTime<Utc>>,
) -> CorrectionView {
    let (own_zone, zone) = (zone_of(actor), zone_named(&row.zone));
    let is_open = row.state == CorrectionState::Requested;
    let changes = row.changes.iter();
    CorrectionView {
        id: row.id,
        changes: changes
            .map(|change| sentence(change, row.work_date, &zone, times))
            .collect(),
        on_behalf: row.created_by != format!("person:{}", row.employee_id),
        may_decide: is_open && may_decide(actor, row.employee_id, row.manager_id),
        may_withdraw: is_open && row.created_by == actor.who.reference(),
        employee: Named {
            id: row.employee_id,
            name: row.employee_name,
        },
        work_date: row.work_date,
        state: row.state,
        reason: row.reason,
        before: row.before.0,
        after: row.after.0,
        asked_by: row.created_by_label,
        asked_at: own_zone.stamp(row.created_at),
        decided_by: row.decided_by_label,
        decided_at: row.decided_at.map(|at| own_zone.stamp(at)),
        decision_note: row.decision_note,
        version: row.version,
    }
}

/// `Add a punch out at 18:04`, `Move the punch of 09:06 to 09:00`.
fn sentence(
    change: &Change,
    work_date: NaiveDate,
    zone: &Zone,
    times: &HashMap<PunchId, DateTime<Utc>>,
) -> String {
    let clock = |at: NaiveDateTime| {
        let time = at.format("%H:%M");
        match at.date() == work_date {
            true => time.to_string(),
            false => format!("{time} on {}", at.format("%-d %b %Y")),
        }
    };
    let of = |punch: &PunchId| match times.get(punch) {
        Some(at) => format!("the punch of {}", clock(zone.local_of(*at))),
        None => "a punch".to_owned(),
    };
    match change {
        Change::Add { at, direction } => {
            format!("Add {} at {}", kind(*direction), clock(*at))
        }
        Change::SetTime { punch, at } => format!("Move {} to {}", of(punch), clock(*at)),
        Change::SetDirection { punch, direction } => {
            format!("Make {} {}", of(punch), kind(*direction))
        }
        Change::Void { punch } => format!("Leave out {}", of(punch)),
        Change::Restore { punch } => format!("Put {} back", of(punch)),
    }
}

fn kind(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "a punch in",
        Direction::Out => "a punch out",
        Direction::BreakOut => "a punch into a break",
        Direction::BreakIn => "a punch back from a break",
        Direction::Unknown => "a punch without a direction",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_the_clocks_of_the_employee() {
        let day: NaiveDate = "2026-11-24".parse().expect("a date");
        let zone = Zone::named("Europe/Berlin").expect("a zone");
        let punch = PunchId(Uuid::from_u128(1));
        let at: DateTime<Utc> = "2026-11-24T08:06:30Z".parse().expect("an instant");
        let times = HashMap::from([(punch, at)]);
        let to = day.and_hms_opt(9, 0, 0).expect("a time");
        let says = |change| sentence(&change, day, &zone, &times);
        assert_eq!(
            says(Change::SetTime { punch, at: to }),
            "Move the punch of 09:06 to 09:00"
        );
        let next = to + Days::new(1);
        let direction = Direction::Out;
        assert_eq!(
            says(Change::Add {
                at: next,
                direction
            }),
            "Add a punch out at 09:00 on 25 Nov 2026"
        );
    }
}
