//! A small office: people in three zones, two rooms, and a service over them.

use chrono::{DateTime, TimeDelta, Utc};
use model::scheduling::interval::Interval;
use model::scheduling::meeting::{Colleague, CreateMeeting, Invitee, MeetingView, Slot};
use model::scheduling::views::{RoomForm, SlotTaken};
use model::{Actor, PersonId, Role};
use platform::jobs::Registry;
use scheduling::absences::Away;
use scheduling::{Config, Error, Scheduling};
use sqlx::PgPool;
use testkit::TestWorld;

/// Names and zones of those who are there in every test.
const PEOPLE: [(&str, &str); 6] = [
    ("Ana Kowalski", "Europe/Berlin"),
    ("Tom Becker", "Europe/Berlin"),
    ("Mia Brandt", "Europe/Berlin"),
    ("Grace Hill", "America/New_York"),
    ("Ravi Menon", "Asia/Kolkata"),
    ("Lena Ott", "Europe/Berlin"),
];

pub struct World {
    pub test: TestWorld,
    pub service: Scheduling,
    pub people: Vec<Colleague>,
    pub registry: Registry,
    pub pool: PgPool,
}

/// An office on the database of a test. It is Monday, 2 November 2026, 08:00 UTC.
pub async fn world(pool: PgPool) -> World {
    let test = testkit::world(&pool).await;
    let service = Scheduling::new(
        test.deps.clone(),
        Config {
            public_url: "https://punctual.example".into(),
            organisation: "Aldertree".into(),
            mail_from: "Punctual <noreply@punctual.example>".into(),
        },
    );
    let mut registry = Registry::new();
    service.register_jobs(&mut registry);
    let mut people = Vec::new();
    for (name, zone) in PEOPLE {
        people.push(person(&test, &service, name, zone).await);
    }
    let world = World {
        test,
        service,
        people,
        registry,
        pool,
    };
    world.room("Oak", 8).await;
    world.room("Elm", 4).await;
    world
}

/// Adds a person.
pub async fn person(test: &TestWorld, service: &Scheduling, name: &str, zone: &str) -> Colleague {
    let person = Colleague {
        id: test.deps.new_id::<PersonId>(),
        name: name.to_owned(),
        email: format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
        zone: zone.to_owned(),
    };
    let mut tx = test.db().begin("test.person").await.expect("a database");
    service
        .keep_person_in_tx(&mut tx, &person, true)
        .await
        .expect("a new person");
    tx.commit().await.expect("a database");
    person
}

impl World {
    /// Somebody by the first name, as an actor.
    pub fn actor(&self, first: &str) -> Actor {
        let person = self.find(first);
        Actor::person(person.id, &person.name, &person.zone, &[Role::Employee])
    }

    pub fn find(&self, first: &str) -> &Colleague {
        self.people
            .iter()
            .find(|p| p.name.starts_with(first))
            .expect("one of those who are there")
    }

    async fn room(&self, name: &str, capacity: i32) {
        let form = RoomForm {
            name: name.into(),
            place: "First floor".into(),
            zone: "Europe/Berlin".into(),
            capacity,
            equipment: vec!["screen".into()],
        };
        self.service
            .save_room(&Actor::system("test"), None, 0, &form)
            .await
            .expect("a new room");
    }

    /// What Ana asks for: a title, others, a time on 3 November 2026 (UTC), minutes.
    pub fn request(&self, others: &[&str], from: &str, minutes: i64) -> CreateMeeting {
        let from = at(from);
        CreateMeeting {
            title: "Review".into(),
            organizer: None,
            attendees: others
                .iter()
                .map(|first| Invitee::Plain(self.find(first).email.clone()))
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

    /// Books, and it must work.
    pub async fn book(&self, who: &str, request: &CreateMeeting, key: &str) -> MeetingView {
        let booked = self.service.book(&self.actor(who), request, key).await;
        booked.expect("the time is free").0
    }

    /// Books, and it must be taken.
    pub async fn taken(&self, who: &str, request: &CreateMeeting, key: &str) -> SlotTaken {
        match self.service.book(&self.actor(who), request, key).await {
            Err(Error::SlotTaken(taken)) => *taken,
            Err(other) => panic!("another error: {other:?}"),
            Ok(_) => panic!("it was booked"),
        }
    }

    /// Has somebody on leave from one instant to another, or not any more.
    pub async fn leave(&self, first: &str, kind: &str, during: Option<(&str, &str)>) {
        let leave = during.map(|(from, to)| Away {
            person: self.find(first).id,
            kind: kind.into(),
            during: Interval::new(at(from), at(to)),
            source_key: "leave:1".into(),
        });
        let begun = self.test.db().begin("test.leave").await;
        let mut tx = begun.expect("a database");
        let leave = leave.as_ref();
        let kept = self.service.set_leave_in_tx(&mut tx, "leave:1", leave);
        kept.await.expect("a database");
        tx.commit().await.expect("a database");
    }

    /// How many pairs of active claims of one person or room overlap.
    pub async fn overlaps(&self) -> i64 {
        sqlx::query_scalar(
            "select count(*)
             from scheduling.occupancy a
             join scheduling.occupancy b
               on a.who = b.who and a.during && b.during
              and (a.meeting_id, a.original_local) < (b.meeting_id, b.original_local)
             where a.state <> 'released' and b.state <> 'released'",
        )
        .fetch_one(&self.pool)
        .await
        .expect("a database")
    }

    /// How many claims somebody has.
    pub async fn claims(&self, first: &str) -> i64 {
        sqlx::query_scalar("select count(*) from scheduling.occupancy where who = $1")
            .bind(self.find(first).id.0)
            .fetch_one(&self.pool)
            .await
            .expect("a database")
    }
}

/// An instant; without a date, on Tuesday, 3 November 2026.
pub fn at(text: &str) -> DateTime<Utc> {
    let text = match text.len() {
        5 => format!("2026-11-03T{text}:00Z"),
        _ => text.to_owned(),
    };
    text.parse().expect("an instant")
}
