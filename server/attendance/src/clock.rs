//! The clock on our own pages: how it stands, and a press on its button.
//!
//! It never says no: whoever has forgotten to clock out can clock in, and what that makes of the days is
//! for the rules. The card is derived as it is asked for and nothing is written for it, so it is right
//! even before the day is.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use model::attendance::day::{Day, Derived, Direction, Presence, Status};
use model::attendance::views::{ClockCard, Press};
use model::{Actor, Permission};
use sqlx::PgConnection;

use crate::derive::outcome::whereabouts;
use crate::load::Loaded;
use crate::people::zone_named;
use crate::punch::{Arrived, Owner, SourceKind};
use crate::shown;
use crate::store::days as store;
use crate::store::employees::EmployeeRow;
use crate::{Attendance, Error};

/// The longest that a press can have waited for a network.
const LONGEST_AGE_SECONDS: u32 = 7 * 24 * 60 * 60;
/// The longest key of a press.
const LONGEST_KEY: usize = 100;
/// How many days back are searched for one that lacks a punch.
const BACK: u64 = 31;
/// What is known of a punch that waited for a network.
const OFFLINE: &str = "offline";

impl Attendance {
    /// The reader's clock.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:self`; [`Error::NotAPerson`] for a program.
    pub async fn clock(&self, actor: &Actor) -> Result<ClockCard, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let id = actor.person_id().ok_or(Error::NotAPerson)?;
        let mut conn = self.deps.db.read().await?;
        let person = self.employee(&mut conn, id).await?;
        self.card(&mut conn, person).await
    }

    /// Clocks in or out. The server's time counts; only a press that waited for a network brings an
    /// age. The same key again is the same press.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:self`; [`Error::NotAPerson`] for a program;
    /// [`Error::Invalid`] for a direction or an age that cannot be.
    pub async fn press(&self, actor: &Actor, press: &Press) -> Result<ClockCard, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let id = actor.person_id().ok_or(Error::NotAPerson)?;
        check(press)?;
        let now = self.deps.now();
        let mut conn = self.deps.db.read().await?;
        let person = self.employee(&mut conn, id).await?;
        let owner = Owner::from(&person);
        let age = TimeDelta::seconds(i64::from(press.age_seconds.unwrap_or(0)));
        let occurred_at = now - age;
        let mut flags = Vec::new();
        if press.age_seconds.is_some() {
            flags.push(OFFLINE.to_owned());
        }
        let arrived = Arrived {
            source_kind: SourceKind::Web,
            source: actor.who.reference(),
            key: press.key.trim().to_owned(),
            employee: Some(owner.clone()),
            badge: None,
            occurred_at,
            raw_local: Some(owner.zone.local_of(occurred_at)),
            raw_offset_seconds: Some(owner.zone.offset_seconds(occurred_at)),
            zone: owner.zone.name().to_owned(),
            direction: press.direction,
            trusted: true,
            verify: None,
            raw_text: None,
            address: None,
            flags,
        };
        // One statement, so it commits by itself.
        self.keep_punches(&mut conn, &[arrived], &[Some(owner)])
            .await?;
        self.nudge();
        self.card(&mut conn, person).await
    }

    /// The clock of somebody.
    pub(crate) async fn card(
        &self,
        conn: &mut PgConnection,
        person: EmployeeRow,
    ) -> Result<ClockCard, Error> {
        let (id, now) = (person.id, self.deps.now());
        let today = zone_named(&person.zone).day_of(now);
        let loaded = self.load_day_of(conn, person, today).await?;
        let oldest = today.checked_sub_days(Days::new(BACK)).unwrap_or(today);
        let open = store::open(conn, id, oldest, today).await?;
        let lacking = open.iter().filter(|row| !row.requested);
        let mut card = card(&loaded, now, lacking.map(|row| row.work_date).collect());
        let requested = || open.iter().filter(|row| row.requested);
        card.incomplete
            .retain(|date| requested().all(|row| row.work_date != *date));
        Ok(card)
    }
}

fn check(press: &Press) -> Result<(), Error> {
    match press.key.trim().chars().count() {
        0 => return Err(Error::field("key", "Give the press a key of its own.")),
        count if count > LONGEST_KEY => {
            let message = format!("Use at most {LONGEST_KEY} characters.");
            return Err(Error::field("key", message));
        }
        _ => {}
    }
    if press.direction == Direction::Unknown {
        return Err(Error::field("direction", "Say whether it is in or out."));
    }
    if press
        .age_seconds
        .is_some_and(|age| age > LONGEST_AGE_SECONDS)
    {
        let message = "A press can wait seven days for a network. Ask for the day to be put right.";
        return Err(Error::field("age_seconds", message));
    }
    Ok(())
}

fn card(loaded: &Loaded, now: DateTime<Utc>, stored: BTreeSet<NaiveDate>) -> ClockCard {
    let derived = loaded.derived();
    let (state, since) = match whereabouts(&derived, now) {
        Some((state, since)) => (state, Some(since)),
        None => (Presence::Out, None),
    };
    let work_date = work_date(loaded, &derived, now);
    let day = derived.days.iter().find(|day| day.work_date == work_date);
    let mut incomplete = stored;
    let today = loaded.zone.day_of(now);
    for day in derived
        .days
        .iter()
        .filter(|day| loaded.is_sure(day.work_date))
    {
        let lacks = day.status.status == Status::Incomplete;
        // What is stored of these days may be older than what has just been derived.
        if lacks && day.work_date < today && day.work_date != work_date {
            incomplete.insert(day.work_date);
        } else if !lacks {
            incomplete.remove(&day.work_date);
        }
    }
    ClockCard {
        state,
        since: since.map(|at| loaded.zone.stamp(at)),
        now: loaded.zone.stamp(now),
        work_date,
        day: day.cloned(),
        shifts: shown::shifts(loaded, work_date),
        off: off(loaded, work_date),
        incomplete: incomplete.into_iter().rev().collect(),
    }
}

/// The day that the present belongs to: the one somebody is at work on, or has just ended; else that of
/// the clock on the wall, where the small hours are the day before's.
fn work_date(loaded: &Loaded, derived: &Derived, now: DateTime<Utc>) -> NaiveDate {
    let policy = &loaded.input.policy;
    let is_on = |day: &&Day| matches!(day.presence, Some(Presence::In | Presence::Break));
    if let Some(day) = derived.days.iter().rev().find(is_on) {
        return day.work_date;
    }
    let rest = TimeDelta::hours(policy.min_time_off_hours.clamp(0, 24));
    let just_ended = |day: &&Day| {
        let left = day.last_out.map(|at| now - at.to_utc());
        left.is_some_and(|since| TimeDelta::zero() <= since && since < rest)
    };
    if let Some(day) = derived.days.iter().rev().find(just_ended) {
        return day.work_date;
    }
    let cut = TimeDelta::minutes(policy.day_cut.minutes());
    loaded.zone.day_of(now - cut)
}

/// Why it is no ordinary day.
fn off(loaded: &Loaded, date: NaiveDate) -> Option<String> {
    if let Some(holiday) = loaded.holidays.get(&date) {
        return Some(holiday.name.clone());
    }
    loaded.leave.get(&date).map(|_| "Leave".to_owned())
}
