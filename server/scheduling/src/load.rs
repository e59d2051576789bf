//! What is known of people and rooms over a range, as the pure engine wants it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use model::scheduling::availability::{
    Absence, AbsenceKind, Availability, Busy, BusyStatus, Constraints, Duty, DutyKind, Known,
};
use model::scheduling::hours::{LocalTime, Whereabouts, expand};
use model::scheduling::interval::{Interval, IntervalSet};
use model::scheduling::meeting::Colleague;
use model::scheduling::suggest::Room;
use model::scheduling::views::Preferences;
use model::zone::Zone;
use model::{MeetingId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Scheduling;
use crate::store::occupancy::{self, TakenRow};
use crate::store::preferences::{self, AbsenceRow};
use crate::store::rooms::RoomRow;

/// How far beyond a range busy times matter: buffers, rests and daily limits reach into it.
const MARGIN: TimeDelta = TimeDelta::days(1);

/// A person with everything that is known of the time.
pub(crate) struct PersonTime {
    pub person: Colleague,
    pub availability: Availability,
    pub local: LocalTime,
    pub preferences: Preferences,
    /// What takes the time, with the meetings.
    pub taken: Vec<TakenRow>,
    pub absences: Vec<Absence>,
    /// How often the early or the late hour was theirs lately, where that was counted.
    pub turns: u32,
}

/// A room with everything that is known of its time.
pub(crate) struct RoomTime {
    pub room: Room,
    pub row: RoomRow,
    pub availability: Availability,
    pub taken: Vec<TakenRow>,
}

/// What is known of some people and rooms.
pub(crate) struct Loaded {
    pub people: Vec<PersonTime>,
    pub rooms: Vec<RoomTime>,
}

impl Scheduling {
    /// Reads what is known of people and rooms over a range. The time of `except`, a meeting that is
    /// being moved, is left out.
    pub(crate) async fn load(
        &self,
        conn: &mut PgConnection,
        people: &[Colleague],
        rooms: &[RoomRow],
        range: Interval,
        now: DateTime<Utc>,
        except: Option<MeetingId>,
    ) -> Result<Loaded, sqlx::Error> {
        let wide = Interval::new(range.from - MARGIN, range.to + MARGIN);
        let person_ids: Vec<Uuid> = people.iter().map(|p| p.id.0).collect();
        let mut who = person_ids.clone();
        who.extend(rooms.iter().map(|r| r.id.0));
        let mut taken = grouped(
            occupancy::taken(conn, &who, wide.from, wide.to, except).await?,
            |row| row.who,
        );
        let mut documents: HashMap<PersonId, Preferences> =
            preferences::of_people(conn, &person_ids)
                .await?
                .into_iter()
                .map(|row| (row.person_id, crate::preferences::read(row.document)))
                .collect();
        let absences = preferences::absences(conn, &person_ids, wide.from, wide.to).await?;
        let mut absences = grouped(absences, |row| row.person_id.0);

        let people = people.iter().map(|person| {
            let preferences = documents.remove(&person.id).unwrap_or_default();
            let taken = taken.remove(&person.id.0).unwrap_or_default();
            let away = absences.remove(&person.id.0).unwrap_or_default();
            person_time(person, preferences, taken, away, range, wide, now)
        });
        let people = people.collect();
        let rooms = rooms.iter().map(|row| {
            let taken = taken.remove(&row.id.0).unwrap_or_default();
            room_time(row, taken, range, wide, now)
        });
        let rooms = rooms.collect();
        Ok(Loaded { people, rooms })
    }
}

fn person_time(
    person: &Colleague,
    preferences: Preferences,
    taken: Vec<TakenRow>,
    away: Vec<AbsenceRow>,
    range: Interval,
    wide: Interval,
    now: DateTime<Utc>,
) -> PersonTime {
    let places = whereabouts(person, &preferences);
    let local = places.local_time(wide);
    let (absences, duties) = split(&away);
    let weekly = expand(&preferences.hours, &places, wide);
    let known = Known {
        working: weekly.subtract(&rostered(&duties, &person.zone)),
        busy: taken.iter().map(busy).collect(),
        absences: absences.clone(),
        duties,
        // All there is to know is in our own database.
        sources: Vec::new(),
        constraints: preferences.constraints,
        local: local.clone(),
    };
    PersonTime {
        person: person.clone(),
        availability: Availability::of(&known, range, now),
        local,
        preferences,
        taken,
        absences,
        turns: 0,
    }
}

/// Where somebody is when.
pub(crate) fn whereabouts(person: &Colleague, preferences: &Preferences) -> Whereabouts {
    Whereabouts::new(&person.zone, &preferences.travel)
        // A zone that has left the database since it was chosen.
        .unwrap_or_else(|_| Whereabouts::at_home(Zone::utc()))
}

fn room_time(
    row: &RoomRow,
    taken: Vec<TakenRow>,
    range: Interval,
    wide: Interval,
    now: DateTime<Utc>,
) -> RoomTime {
    let known = Known {
        working: IntervalSet::from(wide),
        busy: taken.iter().map(busy).collect(),
        constraints: Constraints {
            rest_after_night_minutes: 0,
            ..Constraints::default()
        },
        ..Known::default()
    };
    RoomTime {
        room: Room {
            id: row.id,
            name: row.name.clone(),
            seats: u16::try_from(row.capacity).unwrap_or(u16::MAX),
            equipment: row.equipment.iter().cloned().collect(),
        },
        row: row.clone(),
        availability: Availability::of(&known, range, now),
        taken,
    }
}

/// A stretch that a meeting takes. One that is not sure yet is tentative.
pub(crate) fn busy(row: &TakenRow) -> Busy {
    Busy {
        during: Interval::new(row.from_at, row.to_at),
        status: match row.state.as_str() {
            "confirmed" => BusyStatus::Busy,
            _ => BusyStatus::Tentative,
        },
    }
}

/// The days on which shifts begin: there the roster says when somebody works, and not the weekly hours.
fn rostered(duties: &[Duty], zone: &str) -> IntervalSet {
    let zone = Zone::named(zone).unwrap_or_else(|_| Zone::utc());
    let days = duties.iter().filter_map(|duty| {
        let date = zone.day_of(duty.during.from);
        let (from, to) = (zone.start_of(date)?, zone.start_of(date.succ_opt()?)?);
        Some(Interval::new(from, to))
    });
    days.collect()
}

fn split(rows: &[AbsenceRow]) -> (Vec<Absence>, Vec<Duty>) {
    let mut absences = Vec::new();
    let mut duties = Vec::new();
    for row in rows {
        let during = Interval::new(row.from_at, row.to_at);
        if let Ok(kind) = row.kind.parse::<AbsenceKind>() {
            absences.push(Absence { during, kind });
        } else if let Ok(kind) = row.kind.parse::<DutyKind>() {
            duties.push(Duty { during, kind });
        }
    }
    (absences, duties)
}

fn grouped<T>(rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut groups: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
