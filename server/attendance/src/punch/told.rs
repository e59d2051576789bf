//! Punches that programs tell, of anybody: `POST /punches`.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use model::attendance::day::Direction;
use model::attendance::views::{MOST_PUNCHES, NewPunch, NewPunches, PunchesTaken, Quarantined};
use model::problem::FieldError;
use model::zone::Zone;
use model::{Actor, Permission, PersonId, Problem};
use sqlx::PgConnection;

use super::{Arrived, Owner, SourceKind, TakenPunch};
use crate::people::Directory;
use crate::store::punches;
use crate::{Attendance, Error};

/// A punch may lie so far in the future.
const FUTURE: TimeDelta = TimeDelta::minutes(5);
/// A punch may be so old when it comes.
const OLD: TimeDelta = TimeDelta::days(90);
/// The longest text by which somebody is named.
const MOST_NAME: usize = 320;
/// The longest key and name of a source.
const MOST_KEY: usize = 200;
/// The longest badge.
const MOST_BADGE: usize = 40;
/// No more mistakes than these are told at once.
const MOST_ERRORS: usize = 20;

/// No more punches than these of one request are kept together with those of others.
const FEW: usize = 50;

/// A request that may be one.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Who tells.
    by: String,
    punches: NewPunches,
}

impl Attendance {
    /// Takes punches that a program tells, of anybody. Told again, they are known.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `punches:write`; [`Error::Invalid`] names each punch that cannot be
    /// kept, and then none is.
    pub async fn take_punches(
        &self,
        actor: &Actor,
        told: &NewPunches,
    ) -> Result<PunchesTaken, Error> {
        actor.require(Permission::PunchesWrite)?;
        check(told)?;
        let told = Told {
            by: actor.who.reference(),
            punches: told.clone(),
        };
        if told.punches.punches.len() <= FEW {
            return self.shared.told.ask(self, told).await?;
        }
        let mut answers = self.take_in_one(&[told]).await??;
        Ok(answers.pop().unwrap_or_default())
    }

    /// Takes what several requests tell in one transaction, all or nothing, and answers each.
    async fn take_in_one(
        &self,
        told: &[Told],
    ) -> Result<Result<Vec<PunchesTaken>, Error>, sqlx::Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.take_punches").await?;
        let punches = told.iter().flat_map(|told| &told.punches.punches);
        let names = punches.filter_map(|punch| punch.employee.as_deref());
        let directory = Directory::look_up(&mut tx, names).await?;
        let arrived = told.iter().flat_map(|told| {
            let punches = told.punches.punches.iter();
            punches.map(|punch| arrived(&told.by, punch, &directory, now))
        });
        let arrived: Vec<Arrived> = arrived.collect();
        let taken = self.take_punches_in_tx(&mut tx, &arrived).await?;
        let (mut arrived, mut taken) = (&arrived[..], &taken.punches[..]);
        let mut answers = Vec::with_capacity(told.len());
        for told in told {
            let count = told.punches.punches.len();
            let (own, own_taken);
            (own, arrived) = arrived.split_at(count);
            (own_taken, taken) = taken.split_at(count);
            let reused = reused_keys(&mut tx, own, own_taken).await?;
            if !reused.is_empty() {
                tx.rollback().await?;
                return Ok(Err(Error::Invalid(Problem::invalid(reused))));
            }
            answers.push(answer(&told.punches, own_taken, now));
        }
        tx.commit().await?;
        self.nudge();
        Ok(Ok(answers))
    }
}

/// Takes what several requests tell. If one is refused, each is taken by itself.
pub(crate) async fn take_told(
    this: Attendance,
    told: Vec<Told>,
) -> Result<Vec<Result<PunchesTaken, Error>>, sqlx::Error> {
    match this.take_in_one(&told).await? {
        Ok(answers) => return Ok(answers.into_iter().map(Ok).collect()),
        Err(error) if told.len() == 1 => return Ok(vec![Err(error)]),
        Err(_) => {}
    }
    let mut answers = Vec::with_capacity(told.len());
    for told in told {
        let taken = this.take_in_one(&[told]).await?;
        answers.push(taken.map(|mut answers| answers.pop().unwrap_or_default()));
    }
    Ok(answers)
}

/// What became of the punches of one request.
fn answer(told: &NewPunches, taken: &[TakenPunch], now: DateTime<Utc>) -> PunchesTaken {
    let mut answer = PunchesTaken::default();
    for (index, (punch, became)) in told.punches.iter().zip(taken).enumerate() {
        if became.new.is_none() {
            answer.duplicates += 1;
        } else if let Some((code, reason)) = waits(punch, became.owner, now) {
            answer.quarantined.push(Quarantined {
                index,
                client_key: punch.client_key.clone(),
                code: code.to_owned(),
                reason,
            });
        } else {
            answer.accepted += 1;
        }
    }
    answer
}

/// What is wrong with a request, all of it by the names of its fields.
fn check(told: &NewPunches) -> Result<(), Error> {
    if told.punches.len() > MOST_PUNCHES {
        let message = format!("Hand in at most {MOST_PUNCHES} punches at once.");
        return Err(Error::field("punches", message));
    }
    let mut errors = Vec::new();
    let mut seen: HashMap<(&str, &str), &NewPunch> = HashMap::new();
    for (index, punch) in told.punches.iter().enumerate() {
        let mut wrong = |field: &str, message: String| {
            errors.push(FieldError {
                field: format!("punches[{index}].{field}"),
                message,
            });
        };
        if let Some(message) = wrong_text(&punch.client_key, MOST_KEY) {
            wrong("clientKey", message);
        }
        if let Some(message) = wrong_text(&punch.source, MOST_KEY) {
            wrong("source", message);
        }
        match (&punch.employee, &punch.badge) {
            (Some(name), None) => {
                if let Some(message) = wrong_text(name, MOST_NAME) {
                    wrong("employee", message);
                }
            }
            (None, Some(badge)) => {
                if let Some(message) = wrong_text(badge, MOST_BADGE) {
                    wrong("badge", message);
                }
            }
            (None, None) => wrong("employee", "Say whose it is: employee or badge.".to_owned()),
            (Some(_), Some(_)) => {
                wrong(
                    "badge",
                    "Give the employee or the badge, not both.".to_owned(),
                );
            }
        }
        if let Err(error) = Zone::named(&punch.zone) {
            wrong("zone", capital(&error.to_string()));
        }
        if !(1900..=9999).contains(&punch.occurred_at.to_utc().year()) {
            wrong("occurredAt", "Give a year from 1900 to 9999.".to_owned());
        }
        let key = (punch.source.as_str(), punch.client_key.as_str());
        if seen.insert(key, punch).is_some_and(|other| other != punch) {
            wrong(
                "clientKey",
                "Another punch of this request has the same key.".to_owned(),
            );
        }
    }
    errors.truncate(MOST_ERRORS);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}

fn wrong_text(text: &str, most: usize) -> Option<String> {
    match text.trim().chars().count() {
        0 => Some("This cannot be empty.".to_owned()),
        count if count > most => Some(format!("Use at most {most} characters.")),
        _ if text.chars().any(char::is_control) => {
            Some("Use characters that can be printed.".to_owned())
        }
        _ => None,
    }
}

fn capital(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

fn arrived(by: &str, punch: &NewPunch, directory: &Directory, now: DateTime<Utc>) -> Arrived {
    let named = punch.employee.as_deref().map(str::trim);
    let employee = named.and_then(|name| directory.find(name));
    // Whoever is not known is kept by what was said of them, as one keeps a badge.
    let badge = match (&punch.badge, employee) {
        (Some(badge), _) => Some(badge.trim().to_owned()),
        (None, None) => named.map(str::to_owned),
        (None, Some(_)) => None,
    };
    let mut flags = Vec::new();
    if let Some((code @ ("future_time" | "old_time"), _)) = untimely(punch, now) {
        flags.push(code.to_owned());
    }
    Arrived {
        source_kind: SourceKind::Api,
        source: format!("{by}/{}", punch.source.trim()),
        key: punch.client_key.trim().to_owned(),
        employee: employee.map(Owner::from),
        badge,
        occurred_at: punch.occurred_at.to_utc(),
        raw_local: Some(punch.occurred_at.naive_local()),
        raw_offset_seconds: Some(punch.occurred_at.offset().local_minus_utc()),
        zone: punch.zone.clone(),
        direction: punch.direction.unwrap_or(Direction::Unknown),
        trusted: false,
        verify: None,
        raw_text: None,
        address: None,
        flags,
    }
}

/// A key that was used for a punch at another time is a defect of the program that tells them: to take
/// the punch for the known one would lose it. Names each of them.
async fn reused_keys(
    conn: &mut PgConnection,
    arrived: &[Arrived],
    taken: &[TakenPunch],
) -> Result<Vec<FieldError>, sqlx::Error> {
    let known: Vec<usize> = (0..arrived.len())
        .filter(|index| taken[*index].new.is_none())
        .collect();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let sources: Vec<String> = known.iter().map(|i| arrived[*i].source.clone()).collect();
    let keys: Vec<String> = known.iter().map(|i| arrived[*i].key.clone()).collect();
    let before = punches::told_before(conn, &sources, &keys).await?;
    let before: HashMap<(String, String), DateTime<Utc>> = before
        .into_iter()
        .map(|(source, key, at)| ((source, key), at))
        .collect();
    let mut errors = Vec::new();
    for ((index, source), key) in known.into_iter().zip(sources).zip(keys) {
        let told = arrived[index].occurred_at;
        let first = before.get(&(source, key));
        if first.is_some_and(|first| (*first - told).num_milliseconds() != 0) {
            errors.push(FieldError {
                field: format!("punches[{index}].clientKey"),
                message: "This key was used for a punch at another time. Use a new one.".to_owned(),
            });
        }
    }
    errors.truncate(MOST_ERRORS);
    Ok(errors)
}

/// Why a punch that was kept does not count yet, as a stable word and for people.
fn waits(
    punch: &NewPunch,
    owner: Option<PersonId>,
    now: DateTime<Utc>,
) -> Option<(&'static str, String)> {
    match (owner, &punch.employee, &punch.badge) {
        (None, Some(name), _) => Some((
            "unknown_employee",
            format!(
                "Nobody is known as “{name}”. The punch is kept, and counts once “{name}” is given to somebody as a badge."
            ),
        )),
        (None, None, badge) => {
            let badge = badge.as_deref().unwrap_or_default();
            Some((
                "unknown_badge",
                format!(
                    "The badge “{badge}” is nobody's at that time. The punch is kept, and counts once the badge is given to somebody."
                ),
            ))
        }
        (Some(_), ..) => untimely(punch, now),
    }
}

fn untimely(punch: &NewPunch, now: DateTime<Utc>) -> Option<(&'static str, String)> {
    let at = punch.occurred_at.to_utc();
    if at > now + FUTURE {
        let text =
            "Its time is more than five minutes ahead. The punch is kept for somebody to look at.";
        Some(("future_time", text.to_owned()))
    } else if at < now - OLD {
        let text = "It is more than 90 days old. The punch is kept for somebody to look at.";
        Some(("old_time", text.to_owned()))
    } else {
        None
    }
}
