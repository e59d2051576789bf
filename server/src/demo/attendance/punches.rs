//! Punches as people make them: a little early or late, now and then twice, sometimes not at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use attendance::duty::Duty;
use chrono::{
    DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, NaiveTime, Offset, TimeDelta, Utc,
};
use model::Problem;
use model::attendance::accrual::Part;
use model::attendance::day::Direction;
use model::attendance::holidays::Calendar;
use model::attendance::views::{NewPunch, NewPunches};
use model::identity::PersonView;
use model::zone::Zone;
use platform::{ManualClock, SeededEntropy};

use super::regions::REGIONS;
use super::wishes::Away;
use super::{Play, STORY};

/// Readers: zone, name, the region whose holidays people keep, whether it knows in from out.
const READERS: &[(&str, &str, &str, bool)] = &[
    ("Europe/Berlin", "Berlin, front door", "DE-BE", true),
    ("America/New_York", "New York, 4th floor", "US-NY", false),
    ("Asia/Kolkata", "Bengaluru, reception", "IN-KA", false),
];

/// Who comes on holidays.
const DILIGENT: &[&str] = &["Katharina Roth", "Elena Ruiz", "Rohan Iyer"];
/// Who did not come once.
const ABSENT: &str = "Emre Yildiz";
/// Who once had lunch for two hours.
const HUNGRY: &str = "Clara Weiss";
/// Who forgot to punch out and has noticed.
const FORGETFUL: &[&str] = &["Lena Brook", "Tobias Kern"];
/// Whose last punch of last month arrived after the period was locked.
const LATE: &str = "Felix Brandt";

/// A day on which somebody forgot to punch out: who, the date, and when they left.
pub(super) struct Forgotten {
    pub name: &'static str,
    pub date: NaiveDate,
    pub left: DateTime<Utc>,
}

/// What was punched.
pub(super) struct Made {
    /// What was told in time.
    pub told: Vec<NewPunch>,
    /// What was told after last month was locked.
    pub late: Vec<NewPunch>,
    pub forgotten: Vec<Forgotten>,
}

/// What happens on a day that is not like others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Incident {
    Absent,
    LongLunch,
    ForgotOut,
    LateOut,
}

/// Makes the punches of everybody, until now.
pub(super) async fn make(play: &Play<'_>, away: &Away) -> anyhow::Result<Made> {
    let mut made = Made {
        told: Vec::new(),
        late: Vec::new(),
        forgotten: Vec::new(),
    };
    let from = play.begins();
    let mut people: Vec<&PersonView> = play.by_name.values().collect();
    people.sort_by_key(|person| &person.name);
    let mut conn = play.services.deps.db.read().await?;
    for (number, person) in (0_u64..).zip(people) {
        let reader = READERS.iter().find(|(zone, ..)| *zone == person.zone);
        let Some(&(zone, reader, region, knows)) = reader else {
            continue;
        };
        let holidays = REGIONS.iter().find(|(code, ..)| *code == region);
        let holidays = Calendar::from_text(holidays.map_or("", |(.., text)| text))?;
        let service = &play.services.attendance;
        let duties = service.duties_in_tx(&mut conn, person.id, from, play.today());
        let mut duties = duties.await.map_err(Problem::from)?;
        let comes = |date: NaiveDate| {
            let free = holidays.on(date).is_some() && !DILIGENT.contains(&person.name.as_str());
            !free && away.get(&(person.id, date)) != Some(&Part::Full)
        };
        duties.retain(|duty| comes(duty.date));
        let zone = Zone::named(zone)?;
        let incidents = incidents(play, &person.name, &duties);
        for duty in &mut duties {
            // Whoever is away in the afternoon leaves after half of the day.
            if away.contains_key(&(person.id, duty.date)) {
                duty.during.to = duty.during.from + TimeDelta::hours(4);
            }
            let day = u64::from(duty.date.num_days_from_ce().unsigned_abs());
            let story = SeededEntropy::new(STORY ^ (number << 32) ^ day);
            let incident = incidents.get(&duty.date).copied();
            let times = times(&story, duty, incident);
            let told = times.into_iter().filter(|(at, _)| *at <= play.now);
            let punches = told.map(|(at, direction)| NewPunch {
                client_key: format!("demo:{}:{}", person.id, at.timestamp()),
                employee: Some(person.email.clone()),
                badge: None,
                occurred_at: local(&zone, at),
                zone: zone.name().to_owned(),
                direction: knows.then_some(direction),
                source: reader.to_owned(),
            });
            let mut punches: Vec<NewPunch> = punches.collect();
            match incident {
                Some(Incident::LateOut) => made.late.extend(punches.pop()),
                Some(Incident::ForgotOut) => {
                    punches.pop();
                    let name = FORGETFUL.iter().find(|name| **name == person.name);
                    made.forgotten.extend(name.map(|name| Forgotten {
                        name,
                        date: duty.date,
                        left: duty.during.to,
                    }));
                }
                _ => {}
            }
            made.told.append(&mut punches);
        }
    }
    Ok(made)
}

/// An instant with the offset of a zone.
fn local(zone: &Zone, at: DateTime<Utc>) -> DateTime<FixedOffset> {
    let offset = FixedOffset::east_opt(zone.offset_seconds(at));
    at.with_timezone(&offset.unwrap_or_else(|| Utc.fix()))
}

/// On which days something is not as usual.
fn incidents(play: &Play<'_>, name: &str, duties: &[Duty]) -> BTreeMap<NaiveDate, Incident> {
    let mut incidents = BTreeMap::new();
    let over = |hours: i64| {
        let ended = move |duty: &&Duty| duty.during.to < play.now - TimeDelta::hours(hours);
        duties.iter().rev().find(ended).map(|duty| duty.date)
    };
    if name == LATE {
        let next = play.first_of_last_month() + Months::new(1);
        let is_over = |duty: &&Duty| duty.during.to < play.now - TimeDelta::hours(2);
        let mut over = duties.iter().rev().filter(is_over);
        let last = over.find(|duty| duty.date < next);
        incidents.extend(last.map(|duty| (duty.date, Incident::LateOut)));
    }
    if name == ABSENT {
        incidents.extend(over(72).map(|date| (date, Incident::Absent)));
    }
    if name == HUNGRY {
        incidents.extend(over(72).map(|date| (date, Incident::LongLunch)));
    }
    if FORGETFUL.contains(&name) {
        incidents.extend(over(40).map(|date| (date, Incident::ForgotOut)));
    }
    incidents
}

/// The punches of one shift, in order.
fn times(
    story: &SeededEntropy,
    duty: &Duty,
    incident: Option<Incident>,
) -> Vec<(DateTime<Utc>, Direction)> {
    if incident == Some(Incident::Absent) {
        return Vec::new();
    }
    let between = |from: i64, to: i64| {
        let span = u64::try_from(to - from).unwrap_or(0);
        let minutes = from + i64::try_from(story.below(span)).unwrap_or(0);
        let seconds = i64::try_from(story.below(60)).unwrap_or(0);
        TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds)
    };
    let arrives = match story.below(100) {
        0..=4 => between(7, 38),
        5..=9 => between(0, 5),
        _ => between(-11, 0),
    };
    let leaves = match story.below(100) {
        0..=3 => between(-40, -8),
        4..=9 => between(25, 95),
        _ => between(0, 13),
    };
    let (came, left) = (duty.during.from + arrives, duty.during.to + leaves);
    let mut times = vec![(came, Direction::In)];
    let is_day = duty.during.minutes() > 8 * 60;
    let lunch = match incident {
        Some(Incident::LongLunch) => Some(between(104, 116)),
        _ if is_day && story.below(100) < 40 => Some(between(28, 66)),
        _ => None,
    };
    if let Some(lunch) = lunch {
        let out = duty.during.from + TimeDelta::hours(3) + between(30, 75);
        times.push((out, Direction::BreakOut));
        times.push((out + lunch, Direction::BreakIn));
    }
    // The reader did not blink, so once more.
    if story.below(100) < 5 {
        let again = TimeDelta::seconds(4 + i64::try_from(story.below(20)).unwrap_or(0));
        times.insert(1, (came + again, Direction::In));
    }
    let forgets = incident.is_none() && story.below(100) < 1;
    if !forgets {
        times.push((left, Direction::Out));
    }
    times
}

/// Hands punches in, those of each day in the evening of that day.
pub(super) async fn hand_in(play: &Play<'_>, punches: Vec<NewPunch>) -> anyhow::Result<()> {
    let mut by_day: BTreeMap<NaiveDate, Vec<NewPunch>> = BTreeMap::new();
    for punch in punches {
        let day = punch.occurred_at.to_utc().date_naive();
        by_day.entry(day).or_default().push(punch);
    }
    let ids = STORY ^ play.now.timestamp_micros().unsigned_abs();
    for (number, (day, mut punches)) in (0_u64..).zip(by_day) {
        punches.sort_by_key(|punch| punch.occurred_at);
        let evening = (day + Days::new(1)).and_time(NaiveTime::MIN).and_utc();
        let clock = Arc::new(ManualClock::at(evening.min(play.now)));
        let then = super::super::at_another_time(play.services, clock, ids ^ (number << 48));
        let told = NewPunches { punches };
        let taken = then.attendance.take_punches(play.actor, &told).await;
        taken.map_err(Problem::from)?;
    }
    Ok(())
}
