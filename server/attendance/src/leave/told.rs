//! What meetings are told of leave: that somebody is away, from when to when, and nothing more.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use model::attendance::accrual::Part;
use model::attendance::shift::{ShiftTemplate, TimeOfDay};
use model::attendance::views::LeaveState;
use model::zone::Zone;
use model::{LeaveRequestId, PersonId};
use sqlx::PgConnection;

use crate::people::zone_named;
use crate::store::leave_requests::{self as store, RequestRow};
use crate::store::roster;
use crate::{Attendance, Error};

/// Time in which somebody is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// What it comes from: `leave:<request>`. There is one for each request, so dropping this key
    /// takes back what was told before.
    pub source_key: String,
    /// Who.
    pub person: PersonId,
    /// `leave` or `sick`.
    pub kind: String,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
}

impl Absence {
    /// By which the absence of a request is known.
    pub fn key_of(request: LeaveRequestId) -> String {
        format!("leave:{request}")
    }
}

impl Attendance {
    /// When somebody is away because of a request: nothing as long as it is not granted, or when it
    /// was given back. Whole days are days of the employee's zone. A half day ends, or begins, where
    /// the half of the shift does; without a shift at noon.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn absence_of(&self, request: LeaveRequestId) -> Result<Option<Absence>, Error> {
        let mut conn = self.deps.db.read().await?;
        let today = self.deps.now().date_naive();
        let rows = store::by_ids(&mut conn, &[request.0], today).await?;
        let granted = rows
            .into_iter()
            .find(|row| row.state == LeaveState::Approved);
        let Some(row) = granted else {
            return Ok(None);
        };
        let zone = zone_named(&row.zone);
        let Some((from, to)) = away(&mut conn, &row, &zone).await? else {
            return Ok(None);
        };
        Ok(Some(Absence {
            source_key: Absence::key_of(request),
            person: row.employee_id,
            kind: row.told_as,
            from,
            to,
        }))
    }
}

async fn away(
    conn: &mut PgConnection,
    row: &RequestRow,
    zone: &Zone,
) -> Result<Option<(DateTime<Utc>, DateTime<Utc>)>, Error> {
    let begin = zone.start_of(row.from_day);
    let end = next(row.to_day).and_then(|day| zone.start_of(day));
    let (from, to) = match row.part {
        Part::Full => (begin, end),
        Part::Am => {
            let halves = halves(conn, row.employee_id, row.from_day, zone).await?;
            (begin, halves.first_ends)
        }
        Part::Pm => {
            let halves = halves(conn, row.employee_id, row.from_day, zone).await?;
            // The second half of a night shift is on the next day.
            (halves.second_begins, end.max(halves.ends))
        }
    };
    Ok(from.zip(to).filter(|(from, to)| from < to))
}

/// Where the halves of a day are.
#[derive(Default)]
struct Halves {
    first_ends: Option<DateTime<Utc>>,
    second_begins: Option<DateTime<Utc>>,
    /// When the shift ends, if there is one.
    ends: Option<DateTime<Utc>>,
}

async fn halves(
    conn: &mut PgConnection,
    person: PersonId,
    day: NaiveDate,
    zone: &Zone,
) -> Result<Halves, Error> {
    let rows = roster::days(conn, &[person.0], day, day).await?;
    let mut shifts = rows.iter().flat_map(|row| row.shifts.iter());
    let shift = shifts.next().map(|entry| &entry.shift);
    Ok(match shift {
        Some(shift) => of_shift(shift, day, zone),
        None => {
            let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
            let noon = zone.first_reading(day.and_time(noon));
            Halves {
                first_ends: noon,
                second_begins: noon,
                ends: None,
            }
        }
    })
}

/// The halves of a shift. Those that it does not give share its work, with its break between them.
fn of_shift(shift: &ShiftTemplate, day: NaiveDate, zone: &Zone) -> Halves {
    let own = shift.zone.as_deref().map(zone_named);
    let zone = own.as_ref().unwrap_or(zone);
    let reading = |time: TimeOfDay, is_end: bool| {
        // What is before the start is of the next day, and so is an end at the start.
        let (time, start) = (time.time(), shift.start.time());
        let is_next = time < start || is_end && time == start;
        let date = if is_next { next(day)? } else { day };
        zone.first_reading(date.and_time(time))
    };
    let ends = reading(shift.end, true);
    if let Some([[_, first_ends], [second_begins, _]]) = shift.halves {
        return Halves {
            first_ends: reading(first_ends, false),
            second_begins: reading(second_begins, false),
            ends,
        };
    }
    let [am, pm] = shift.half_minutes();
    let start = reading(shift.start, false);
    let after = |minutes| start.map(|start| start + TimeDelta::minutes(minutes));
    Halves {
        first_ends: after(am),
        second_begins: after(shift.length_minutes() - pm),
        ends,
    }
}

fn next(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(1))
}

#[cfg(test)]
mod tests {
    use model::attendance::shift::{Pairing, Tone};

    use super::*;

    #[test]
    fn the_second_half_of_a_night_is_on_the_next_day() {
        let time = |text: &str| text.parse::<TimeOfDay>().expect("a time");
        let night = ShiftTemplate {
            name: "Night".into(),
            code: "N".into(),
            tone: Tone::Slate,
            start: time("22:00"),
            end: time("06:00"),
            halves: None,
            break_tiers: Vec::new(),
            min_break_piece_minutes: 0,
            max_break_minutes: 120,
            grace_late_minutes: None,
            grace_early_minutes: None,
            capture_before_minutes: None,
            capture_after_minutes: None,
            pairing: Pairing::Auto,
            zone: None,
        };
        let zone = Zone::named("Europe/Berlin").expect("a zone");
        let day = "2026-11-23".parse().expect("a date");
        let halves = of_shift(&night, day, &zone);
        let at = |text: &str| text.parse::<DateTime<Utc>>().ok();
        assert_eq!(halves.second_begins, at("2026-11-24T01:00:00Z"));
        assert_eq!(halves.ends, at("2026-11-24T05:00:00Z"));
    }
}
