//! The clock on our own pages: how it stands, and a press on its button.
//!
//! It never says no: whoever has forgotten to clock out can clock in, and what that makes of the days is
//! for the rules. The card is derived as it is asked for and nothing is written for it, so it is right
//! even before the day is.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::attendance::day::{Day, Derived, Direction, Presence, Status};
use model::attendance::views::{ClockCard, Press};
use model::{Actor, Permission, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::derive::outcome::whereabouts;
use crate::derive::unreadable;
use crate::load::{self, Loaded, Span};
use crate::people::zone_named;
use crate::punch::{Arrived, Owner, SourceKind};
use crate::shown;
use crate::store::days::{self as store, OpenRow};
use crate::store::employees::{self, EmployeeRow};
use crate::{Attendance, Error};

/// The longest that a press can have waited for a network.
const LONGEST_AGE_SECONDS: u32 = 7 * 24 * 60 * 60;
/// The longest key of a press.
const LONGEST_KEY: usize = 100;
/// How many days back are searched for one that lacks a punch.
const BACK: i32 = 31;
/// What is known of a punch that waited for a network.
pub(crate) const OFFLINE: &str = "offline";
/// A press may be told so many minutes late before somebody has to look at it.
pub(crate) const TOLD_LATE_MINUTES: i64 = 30;

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
        let pressed = Pressed {
            person: id,
            source: actor.who.reference(),
            press: press.clone(),
            at: self.deps.now(),
        };
        self.shared.presses.ask(self, pressed).await?
    }

    /// The clock of somebody.
    pub(crate) async fn card(
        &self,
        conn: &mut PgConnection,
        person: EmployeeRow,
    ) -> Result<ClockCard, Error> {
        let id = person.id;
        let mut cards = self.cards(conn, vec![person]).await?;
        cards.remove(&id).unwrap_or(Err(Error::NotFound("person")))
    }

    /// The clocks of many, each their own.
    async fn cards(
        &self,
        conn: &mut PgConnection,
        people: Vec<EmployeeRow>,
    ) -> Result<HashMap<PersonId, Result<ClockCard, Error>>, sqlx::Error> {
        let now = self.deps.now();
        let spans = people.iter().map(|person| {
            let today = zone_named(&person.zone).day_of(now);
            Span {
                employee: person.id,
                from: today,
                to: today,
            }
        });
        let spans: Vec<Span> = spans.collect();
        let batch = load::load_of(conn, people, &spans, now).await?;
        let mut open: HashMap<PersonId, Vec<OpenRow>> = HashMap::new();
        for row in store::open(conn, &spans, BACK).await? {
            open.entry(row.employee_id).or_default().push(row);
        }
        let mut cards: HashMap<_, _> = batch
            .broken
            .into_iter()
            .map(|(id, error)| (id, Err(unreadable(error))))
            .collect();
        for loaded in &batch.loaded {
            let id = loaded.person.id;
            let open = open.get(&id).map_or(&[][..], Vec::as_slice);
            cards.insert(id, Ok(card(loaded, now, open)));
        }
        Ok(cards)
    }
}

/// A press that may be one, of somebody who may press.
#[derive(Clone, Debug)]
pub(crate) struct Pressed {
    person: PersonId,
    /// Who says so.
    source: String,
    press: Press,
    /// When the server heard of it.
    at: DateTime<Utc>,
}

impl Pressed {
    fn punch(&self, owner: &Owner) -> Arrived {
        let age = self.press.age_seconds;
        let occurred_at = self.at - TimeDelta::seconds(i64::from(age.unwrap_or(0)));
        Arrived {
            source_kind: SourceKind::Web,
            source: self.source.clone(),
            key: self.press.key.trim().to_owned(),
            employee: Some(owner.clone()),
            badge: None,
            occurred_at,
            raw_local: Some(owner.zone.local_of(occurred_at)),
            raw_offset_seconds: Some(owner.zone.offset_seconds(occurred_at)),
            zone: owner.zone.name().to_owned(),
            direction: self.press.direction,
            trusted: true,
            verify: None,
            raw_text: None,
            address: None,
            flags: age.iter().map(|_| OFFLINE.to_owned()).collect(),
        }
    }
}

/// Keeps presses and answers each with the clock of who pressed.
pub(crate) async fn press_all(
    this: Attendance,
    pressed: Vec<Pressed>,
) -> Result<Vec<Result<ClockCard, Error>>, sqlx::Error> {
    let mut conn = this.deps.db.read().await?;
    let mut ids: Vec<Uuid> = pressed.iter().map(|pressed| pressed.person.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = employees::by_ids(&mut conn, &ids).await?;
    let owners = people.iter().map(|row| (row.id, Owner::from(row)));
    let owners: HashMap<PersonId, Owner> = owners.collect();
    let punches = pressed.iter().filter_map(|pressed| {
        let owner = owners.get(&pressed.person)?;
        Some((pressed.punch(owner), Some(owner.clone())))
    });
    let (punches, owners): (Vec<_>, Vec<_>) = punches.unzip();
    // One statement, so it commits by itself.
    this.keep_punches(&mut conn, &punches, &owners).await?;
    this.nudge();
    let mut cards = this.cards(&mut conn, people).await?;
    drop(conn);
    let mut answers = Vec::with_capacity(pressed.len());
    for (place, one) in pressed.iter().enumerate() {
        let again = pressed[place + 1..].iter().any(|o| o.person == one.person);
        // Who has pressed twice hears the same twice.
        let card = match cards.get(&one.person) {
            Some(Ok(card)) if again => Some(Ok(card.clone())),
            _ => cards.remove(&one.person),
        };
        answers.push(card.unwrap_or(Err(Error::NotFound("person"))));
    }
    Ok(answers)
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

fn card(loaded: &Loaded, now: DateTime<Utc>, open: &[OpenRow]) -> ClockCard {
    let derived = loaded.derived();
    let (state, since) = match whereabouts(&derived, now) {
        Some((state, since)) => (state, Some(since)),
        None => (Presence::Out, None),
    };
    let work_date = work_date(loaded, &derived, now);
    let day = derived.days.iter().find(|day| day.work_date == work_date);
    let lacking = open.iter().filter(|row| !row.requested);
    let mut incomplete: BTreeSet<NaiveDate> = lacking.map(|row| row.work_date).collect();
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
    for row in open.iter().filter(|row| row.requested) {
        incomplete.remove(&row.work_date);
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
