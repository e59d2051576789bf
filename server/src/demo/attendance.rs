//! The attendance of the demo: three places with their holidays, teams with managers, rotations with
//! nights, a kiosk, punches since the first of last month as people make them, leave, requests and swaps
//! that wait, last month locked, and what HR keeps by hand.
//! All goes through the service, each punch handed in on the day on which it was made.

mod house;
mod kept;
mod kiosk;
mod punches;
mod regions;
mod wishes;

use std::collections::HashMap;

use anyhow::Context;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc};
use model::identity::PersonView;
use model::{Actor, Page, Problem};
use platform::ManualClock;
use serde_json::json;

use crate::wiring::Services;

pub use kiosk::PIN as KIOSK_PIN;

/// The audit action that says that all of this is there.
const DONE: &str = "demo.attendance";
/// The seed of what happens.
const STORY: u64 = 90;
/// For how many days back there is a roster at least, and punches.
const DAYS_BACK: i64 = 49;
/// More rounds than this are no derivation but a fault.
const ROUNDS: usize = 2_000;

/// Plays seven weeks or more, once. What an earlier, interrupted run has left is kept and completed.
///
/// # Errors
/// When a service refuses.
pub async fn seed(services: &Services, actor: &Actor) -> anyhow::Result<()> {
    let done = services.identity.list_audit(actor, Some(DONE), None, 1);
    if !done.await?.items.is_empty() {
        return Ok(());
    }
    crate::subscribers::keep_everybody(services).await?;
    let people = services
        .identity
        .list_people(actor, None, None, Page::<()>::MAX)
        .await
        .map_err(Problem::from)?
        .items;
    let now = services.deps.now();
    let play = Play {
        services,
        actor,
        by_name: people.into_iter().map(|p| (p.name.clone(), p)).collect(),
        now,
    };
    house::build(&play).await?;
    kiosk::build(&play).await?;
    let away = wishes::leave(&play).await?;
    let made = punches::make(&play, &away).await?;
    punches::hand_in(&play, made.told).await?;
    play.derive().await?;
    wishes::overtime(&play).await?;
    play.derive().await?;
    wishes::periods(&play).await?;
    punches::hand_in(&play, made.late).await?;
    wishes::corrections(&play, &made.forgotten).await?;
    wishes::swaps(&play).await?;
    kept::keep(&play).await?;
    play.derive().await?;
    let mut tx = services.deps.db.begin("demo.attendance").await?;
    services
        .identity
        .record_in_tx(&mut tx, actor, DONE, "demo", json!({}))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// What every part of the play needs.
struct Play<'a> {
    services: &'a Services,
    actor: &'a Actor,
    by_name: HashMap<String, PersonView>,
    now: DateTime<Utc>,
}

impl Play<'_> {
    fn person(&self, name: &str) -> anyhow::Result<&PersonView> {
        let found = self.by_name.get(name);
        found.with_context(|| format!("nobody is called {name}"))
    }

    /// Somebody as the one who asks.
    fn actor_of(&self, name: &str) -> anyhow::Result<Actor> {
        let person = self.person(name)?;
        Ok(Actor::person(
            person.id,
            &person.name,
            &person.zone,
            &person.roles,
        ))
    }

    fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    fn first_of_last_month(&self) -> NaiveDate {
        let first = self.today() - Days::new(u64::from(self.today().day0()));
        first - Months::new(1)
    }

    /// The first day that is planned: payroll has all of last month.
    fn begins(&self) -> NaiveDate {
        let back = self.today() - TimeDelta::days(DAYS_BACK);
        back.min(self.first_of_last_month())
    }

    /// The same services so many hours ago. Ids come from the real randomness of now, so that no
    /// second run makes them again.
    fn hours_ago(&self, hours: i64) -> Services {
        let clock = ManualClock::at(self.now - TimeDelta::hours(hours));
        let seed = STORY ^ self.now.timestamp_micros().unsigned_abs() ^ hours.unsigned_abs();
        super::at_another_time(self.services, std::sync::Arc::new(clock), seed)
    }

    async fn derive(&self) -> anyhow::Result<()> {
        for _ in 0..ROUNDS {
            let done = self.services.attendance.derive_stale().await;
            if done.map_err(Problem::from)? == 0 {
                return Ok(());
            }
        }
        anyhow::bail!("the days of the demo are derived again and again")
    }
}

/// Lets pass what an earlier run has made already.
fn unless_there<T>(done: Result<T, attendance::Error>) -> anyhow::Result<Option<T>> {
    match done.map_err(Problem::from) {
        Ok(made) => Ok(Some(made)),
        Err(problem) if problem.status == 409 || problem.code == "idempotency_key_reused" => {
            Ok(None)
        }
        Err(problem) => Err(problem.into()),
    }
}
