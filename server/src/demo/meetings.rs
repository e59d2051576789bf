//! The meetings of the demo: rooms in three places, teams that meet each week, some leave, and the
//! many small meetings of a month around today. All are booked through the service, in the order in
//! which people would have booked them, so some come too late and are turned away.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use model::identity::PersonView;
use model::scheduling::interval::Interval;
use model::scheduling::meeting::{CreateMeeting, Invitee, Response, Slot};
use model::scheduling::views::RoomForm;
use model::zone::Zone;
use model::{Actor, Page, Problem};
use platform::{ManualClock, SeededEntropy};
use scheduling::absences::Away;

use crate::wiring::Services;

/// Rooms: name, place, zone, seats, what is in it.
const ROOMS: &[(&str, &str, &str, i32, &[&str])] = &[
    (
        "Linde",
        "Berlin, first floor",
        "Europe/Berlin",
        6,
        &["screen", "whiteboard"],
    ),
    (
        "Ahorn",
        "Berlin, first floor",
        "Europe/Berlin",
        4,
        &["whiteboard"],
    ),
    (
        "Eiche",
        "Berlin, ground floor",
        "Europe/Berlin",
        14,
        &["projector", "video"],
    ),
    (
        "Hudson",
        "New York, 4th floor",
        "America/New_York",
        8,
        &["screen", "video"],
    ),
    (
        "Battery",
        "New York, 4th floor",
        "America/New_York",
        4,
        &["whiteboard"],
    ),
    ("Neem", "Bengaluru", "Asia/Kolkata", 8, &["screen", "video"]),
    ("Lotus", "Bengaluru", "Asia/Kolkata", 4, &["whiteboard"]),
];

/// Who is away: kind, first day from today on, and the day after the last.
const AWAY: &[(&str, &str, u64, u64)] = &[
    ("Leyla Demir", "leave", 1, 5),
    ("Marcus Boyd", "sick", 0, 2),
    ("Kavya Shetty", "leave", 6, 10),
];

fn away_key(name: &str) -> String {
    format!("demo:{name}")
}

/// Takes back what was only there until attendance tells of the same leave.
pub async fn hand_leave_over(services: &Services) -> anyhow::Result<()> {
    let mut tx = services.deps.db.begin("demo.leave").await?;
    for (name, ..) in AWAY {
        services
            .scheduling
            .drop_absences_in_tx(&mut tx, &[away_key(name)])
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// One series, as the list below names its parts.
type Series = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    Weekday,
    u32,
    u32,
    i64,
    &'static str,
    &'static str,
);

/// Series: title, organizer, others, zone, weekday of the first time, hour, minute, length, rule, room.
#[rustfmt::skip]
const SERIES: &[Series] = &[
    ("Berlin team", "Miriam Vogt",
     &["Jonas Albrecht", "Leyla Demir", "Tobias Kern", "Annika Sommer", "Ines Falk"],
     "Europe/Berlin", Weekday::Mon, 10, 0, 45, "FREQ=WEEKLY;BYDAY=MO", "Eiche"),
    ("New York team", "Grace Whitfield",
     &["Marcus Boyd", "Elena Ruiz", "Noah Feldman", "Lena Brook"],
     "America/New_York", Weekday::Mon, 10, 30, 30, "FREQ=WEEKLY;BYDAY=MO", "Hudson"),
    ("Bengaluru team", "Anjali Menon",
     &["Rohan Iyer", "Kavya Shetty", "Arjun Nair", "Meera Pillai"],
     "Asia/Kolkata", Weekday::Mon, 11, 0, 30, "FREQ=WEEKLY;BYDAY=MO", "Neem"),
    ("All places", "Miriam Vogt",
     &["Grace Whitfield", "Anjali Menon", "Jonas Albrecht", "Lena Brook"],
     "Europe/Berlin", Weekday::Wed, 15, 0, 45, "FREQ=WEEKLY;BYDAY=WE", "Eiche"),
    ("Money in the morning", "Ines Falk", &["Robert Auer"],
     "Europe/Berlin", Weekday::Tue, 9, 15, 15, "FREQ=WEEKLY;BYDAY=TU,WE,TH,FR", ""),
    ("One to one", "Grace Whitfield", &["Lena Brook"],
     "America/New_York", Weekday::Thu, 14, 0, 30, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "Battery"),
    ("Month end", "Ines Falk", &["Jonas Albrecht", "Miriam Vogt"],
     "Europe/Berlin", Weekday::Fri, 13, 0, 60, "FREQ=MONTHLY;BYDAY=-1FR", "Linde"),
];

const TITLES: &[&str] = &[
    "Firmware review",
    "Calibration plan",
    "Supplier call",
    "Interview: test engineer",
    "Design sketch",
    "Customer visit: Northgate Labs",
    "Repair backlog",
    "Roadmap for spring",
    "Safety walk",
    "Pairing on the driver",
    "Budget for instruments",
    "Fair in Hanover",
];

/// How many days back and ahead there are meetings.
const SPAN: (u64, u64) = (21, 12);
/// The seed of what happens, and of ids.
const STORY: u64 = 77;

/// Plays the month around today.
pub async fn seed(services: &Services, actor: &Actor) -> anyhow::Result<()> {
    crate::subscribers::keep_everybody(services).await?;
    for (name, place, zone, capacity, equipment) in ROOMS {
        let form = RoomForm {
            name: (*name).to_owned(),
            place: (*place).to_owned(),
            zone: (*zone).to_owned(),
            capacity: *capacity,
            equipment: equipment.iter().map(|word| (*word).to_owned()).collect(),
        };
        match services.scheduling.save_room(actor, None, 0, &form).await {
            Ok(()) | Err(scheduling::Error::RoomNameTaken) => {}
            Err(error) => return Err(Problem::from(error).into()),
        }
    }
    let people = services
        .identity
        .list_people(actor, None, None, Page::<()>::MAX)
        .await
        .map_err(Problem::from)?
        .items;
    let today = services.deps.now();
    let first = today - TimeDelta::days(i64::try_from(SPAN.0)?);
    let clock = Arc::new(ManualClock::at(first));
    let ids = STORY ^ today.timestamp_micros().unsigned_abs();
    let play = Play {
        then: super::at_another_time(services, clock.clone(), ids),
        by_name: people.iter().map(|p| (p.name.as_str(), p)).collect(),
        story: SeededEntropy::new(STORY),
    };
    play.series(first.date_naive()).await?;
    play.leave(services, today.date_naive()).await?;
    for day in 0..SPAN.0 + SPAN.1 {
        let date = first.date_naive() + Days::new(day);
        // Most is booked two days ahead; nothing is booked in a future that has not come.
        let booked = (date - Days::new(2))
            .and_hms_opt(7, 0, 0)
            .context("a morning")?;
        advance(&clock, booked.and_utc().min(today));
        if !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            play.day(&people, date).await?;
        }
    }
    Ok(())
}

fn advance(clock: &ManualClock, to: DateTime<Utc>) {
    let by = to - platform::Clock::now(clock);
    if by > TimeDelta::zero() {
        clock.advance(by);
    }
}

/// One play of the month.
struct Play<'a> {
    then: Services,
    by_name: HashMap<&'a str, &'a PersonView>,
    story: SeededEntropy,
}

impl Play<'_> {
    fn person(&self, name: &str) -> anyhow::Result<&PersonView> {
        let found = self.by_name.get(name).copied();
        found.with_context(|| format!("nobody is called {name}"))
    }

    /// The meetings that repeat; each begins in the first week.
    async fn series(&self, first: NaiveDate) -> anyhow::Result<()> {
        for (title, organizer, others, zone, weekday, hour, minute, length, rule, room) in SERIES {
            let zone = Zone::named(zone)?;
            let mut day = first;
            while day.weekday() != *weekday {
                day = day + Days::new(1);
            }
            let local = day
                .and_hms_opt(*hour, *minute, 0)
                .context("a time of day")?;
            let from = zone.instant_of(local).context("a time of the zone")?;
            let mut invited = Vec::new();
            for name in *others {
                invited.push(self.person(name)?);
            }
            let request = CreateMeeting {
                recurrence: Some((*rule).to_owned()),
                zone: Some(zone.name().to_owned()),
                rooms: some(room),
                ..request(title, &invited, from, *length)
            };
            self.book(self.person(organizer)?, &request, title, &invited)
                .await?;
        }
        Ok(())
    }

    /// Some people are away in the days ahead: the leave that they are granted later, so that nothing
    /// is booked over it.
    async fn leave(&self, services: &Services, today: NaiveDate) -> anyhow::Result<()> {
        for (name, kind, from, to) in AWAY {
            let person = self.person(name)?;
            let zone = Zone::named(&person.zone)?;
            let from = zone.start_of(today + Days::new(*from)).context("a day")?;
            let to = zone.start_of(today + Days::new(*to)).context("a day")?;
            let away = Away {
                person: person.id,
                kind: (*kind).to_owned(),
                during: Interval::new(from, to),
                source_key: away_key(name),
            };
            let mut tx = services.deps.db.begin("demo.leave").await?;
            services
                .scheduling
                .keep_absence_in_tx(&mut tx, &away)
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The small meetings of one day.
    async fn day(&self, people: &[PersonView], date: NaiveDate) -> anyhow::Result<()> {
        for number in 0..14 {
            let organizer = &people[self.pick(people.len())];
            let near: Vec<&PersonView> = people
                .iter()
                .filter(|p| p.zone == organizer.zone && p.id != organizer.id)
                .collect();
            let mut invited: Vec<&PersonView> = Vec::new();
            for _ in 0..=self.story.below(4) {
                let one = near[self.pick(near.len())];
                if !invited.iter().any(|p| p.id == one.id) {
                    invited.push(one);
                }
            }
            let zone = Zone::named(&organizer.zone)?;
            let hour = 9 + u32::try_from(self.story.below(8))?;
            let minute = 15 * u32::try_from(self.story.below(4))?;
            let local = date.and_hms_opt(hour, minute, 0).context("a time of day")?;
            let from = zone.instant_of(local).context("a time of the zone")?;
            let length = [30, 30, 45, 60][self.pick(4)];
            let rooms: Vec<&str> = ROOMS
                .iter()
                .filter(|room| room.2 == organizer.zone)
                .map(|room| room.0)
                .collect();
            let room = match self.story.below(2) {
                0 => rooms[self.pick(rooms.len())],
                _ => "",
            };
            let title = TITLES[self.pick(TITLES.len())];
            let request = CreateMeeting {
                rooms: some(room),
                ..request(title, &invited, from, length)
            };
            let key = format!("{date} {number}");
            self.book(organizer, &request, &key, &invited).await?;
        }
        Ok(())
    }

    /// Books, and has those who are asked answer. Who comes too late is turned away, as in life.
    async fn book(
        &self,
        organizer: &PersonView,
        request: &CreateMeeting,
        key: &str,
        invited: &[&PersonView],
    ) -> anyhow::Result<()> {
        let key = format!("demo {key}");
        let booked = self
            .then
            .scheduling
            .book(&actor(organizer), request, &key)
            .await;
        let meeting = match booked {
            Ok((meeting, false)) => meeting,
            Ok((_, true)) | Err(scheduling::Error::SlotTaken(_)) => return Ok(()),
            Err(error) => return Err(Problem::from(error).into()),
        };
        let id = meeting.id.to_string();
        for person in invited {
            let response = match self.story.below(10) {
                0..=5 => Response::Accepted,
                6 => Response::Tentative,
                7 if request.recurrence.is_none() => Response::Declined,
                _ => continue,
            };
            self.then
                .scheduling
                .answer(&actor(person), &id, None, response)
                .await
                .map_err(Problem::from)?;
        }
        Ok(())
    }

    fn pick(&self, length: usize) -> usize {
        let below = u64::try_from(length).unwrap_or(1);
        usize::try_from(self.story.below(below)).unwrap_or(0)
    }
}

fn actor(person: &PersonView) -> Actor {
    Actor::person(person.id, &person.name, &person.zone, &person.roles)
}

fn some(room: &str) -> Vec<String> {
    (!room.is_empty())
        .then(|| room.to_owned())
        .into_iter()
        .collect()
}

fn request(
    title: &str,
    invited: &[&PersonView],
    from: DateTime<Utc>,
    minutes: i64,
) -> CreateMeeting {
    CreateMeeting {
        title: title.to_owned(),
        organizer: None,
        attendees: invited
            .iter()
            .map(|person| Invitee::Plain(person.email.clone()))
            .collect(),
        slot: Slot {
            from,
            to: from + TimeDelta::minutes(minutes),
        },
        rooms: Vec::new(),
        zone: None,
        recurrence: None,
        location: String::new(),
        description: String::new(),
    }
}
