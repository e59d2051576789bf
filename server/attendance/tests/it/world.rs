//! A small house in Berlin that punches: colleagues, their manager, HR, and those who pay and keep the
//! readers.

use std::collections::BTreeMap;

use attendance::days::DaysQuery;
use attendance::{Attendance, Config};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use model::attendance::day::Direction;
use model::attendance::shift::{BreakTier, Pairing, ShiftTemplate, Tone};
use model::attendance::views::{
    AssignForm, ClockCard, DayView, NewPunch, NewPunches, Press, PunchesTaken,
};
use model::scheduling::meeting::Colleague;
use model::{Actor, PersonId, Role, ShiftTemplateId};
use platform::jobs::Registry;
use sqlx::PgPool;
use testkit::TestWorld;

/// Names, roles and teams. Marta manages those of Support.
const PEOPLE: [(&str, Role, &str); 7] = [
    ("Ana Kowalski", Role::Employee, "Support"),
    ("Tom Becker", Role::Employee, "Support"),
    ("Mia Brandt", Role::Employee, "Sales"),
    ("Marta Klein", Role::Manager, "Sales"),
    ("Henry Adler", Role::Hr, "Office"),
    ("Fay Lang", Role::Finance, "Office"),
    ("Ada Stein", Role::Admin, ""),
];

pub struct World {
    pub test: TestWorld,
    pub service: Attendance,
    pub registry: Registry,
    pub pool: PgPool,
    pub people: BTreeMap<&'static str, (Colleague, Role)>,
    shifts: std::sync::Mutex<BTreeMap<String, ShiftTemplateId>>,
}

/// The house on Monday, 23 November 2026, 06:00 in Berlin. Nothing is planned, and nothing stale.
pub async fn world(pool: PgPool) -> World {
    let test = testkit::world(&pool).await;
    let config = Config {
        public_url: "https://punctual.example".into(),
        organisation: "Aldertree".into(),
    };
    let service = Attendance::new(test.deps.clone(), config);
    let mut registry = Registry::new();
    service.register_jobs(&mut registry);
    let mut people = BTreeMap::new();
    for (name, role, _) in PEOPLE {
        let person = Colleague {
            id: test.deps.new_id::<PersonId>(),
            name: name.to_owned(),
            email: format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
            zone: "Europe/Berlin".to_owned(),
        };
        let mut tx = test.db().begin("test.person").await.expect("a database");
        let kept = service.keep_person_in_tx(&mut tx, &person, true).await;
        kept.expect("a new person");
        tx.commit().await.expect("a database");
        let first = name.split(' ').next().expect("a first name");
        people.insert(first, (person, role));
    }
    let world = World {
        test,
        service,
        registry,
        pool,
        people,
        shifts: std::sync::Mutex::default(),
    };
    for (name, _, team) in PEOPLE {
        let manager = (team == "Support").then(|| world.id("Marta").0);
        sqlx::query(
            "update attendance.employment set team = $2, manager_id = $3 where employee_id = $1",
        )
        .bind(world.id(name.split(' ').next().expect("a first name")).0)
        .bind(team)
        .bind(manager)
        .execute(&world.pool)
        .await
        .expect("terms");
    }
    world.clock("2026-11-23T06:00+01:00");
    world.derive().await;
    world
}

/// 09:00 to 18:00 with an hour's break after six hours: D1 of the specification.
pub fn d1() -> ShiftTemplate {
    shift("Day", "09:00", "18:00", &[(360, 60)])
}

/// 22:00 to 06:00 with half an hour's break: N of the specification.
pub fn night() -> ShiftTemplate {
    shift("Night", "22:00", "06:00", &[(360, 30)])
}

pub fn shift(name: &str, start: &str, end: &str, tiers: &[(i64, i64)]) -> ShiftTemplate {
    ShiftTemplate {
        name: name.into(),
        code: name[..1].into(),
        tone: Tone::Blue,
        start: start.parse().expect("a time"),
        end: end.parse().expect("a time"),
        halves: None,
        break_tiers: tiers
            .iter()
            .map(|(after_minutes, minutes)| BreakTier {
                after_minutes: *after_minutes,
                minutes: *minutes,
            })
            .collect(),
        min_break_piece_minutes: 0,
        max_break_minutes: 120,
        grace_late_minutes: None,
        grace_early_minutes: None,
        capture_before_minutes: None,
        capture_after_minutes: None,
        pairing: Pairing::Auto,
        zone: None,
    }
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// An instant; without an offset, of Berlin in winter.
pub fn at(text: &str) -> DateTime<FixedOffset> {
    let text = match text.len() {
        16 => format!("{text}:00+01:00"),
        22 => format!("{}:00{}", &text[..16], &text[16..]),
        _ => text.to_owned(),
    };
    DateTime::parse_from_rfc3339(&text).expect("an instant")
}

/// A punch of a badge or, with an `@`, of a person.
pub fn punch(key: &str, whose: &str, when: &str) -> NewPunch {
    let is_person = whose.contains('@');
    NewPunch {
        client_key: key.into(),
        employee: is_person.then(|| whose.to_owned()),
        badge: (!is_person).then(|| whose.to_owned()),
        occurred_at: at(when),
        zone: "Europe/Berlin".into(),
        direction: None,
        source: "door".into(),
    }
}

impl World {
    pub fn id(&self, first: &str) -> PersonId {
        self.people[first].0.id
    }

    pub fn email(&self, first: &str) -> String {
        self.people[first].0.email.clone()
    }

    pub fn actor(&self, first: &str) -> Actor {
        let (person, role) = &self.people[first];
        Actor::person(person.id, &person.name, &person.zone, &[*role])
    }

    pub fn hr(&self) -> Actor {
        self.actor("Henry")
    }

    /// Moves the clock on to an instant.
    pub fn clock(&self, when: &str) {
        let by = at(when).to_utc() - self.test.now();
        assert!(by >= chrono::TimeDelta::zero(), "{when} is over");
        self.test.advance(by);
    }

    /// Plans a shift for somebody on some days.
    pub async fn plan(&self, first: &str, dates: &[&str], shift: &ShiftTemplate) {
        let known = self
            .shifts
            .lock()
            .expect("one at a time")
            .get(&shift.name)
            .copied();
        let id = match known {
            Some(id) => id,
            None => {
                let made = self.service.save_template(&self.hr(), None, 0, shift).await;
                let id = made.expect("a new shift");
                let mut shifts = self.shifts.lock().expect("one at a time");
                shifts.insert(shift.name.clone(), id);
                id
            }
        };
        for day in dates {
            let form = AssignForm {
                person: self.id(first),
                date: date(day),
                templates: vec![id],
                version: 0,
            };
            self.service
                .assign(&self.hr(), &form)
                .await
                .expect("a free day");
        }
    }

    /// Presses the button of the clock at an instant.
    pub async fn press(&self, first: &str, when: &str, direction: Direction) -> ClockCard {
        self.clock(when);
        let press = Press {
            key: format!("{first} {when}"),
            direction,
            age_seconds: None,
        };
        let pressed = self.service.press(&self.actor(first), &press).await;
        pressed.expect("the clock never says no")
    }

    /// Tells punches.
    pub async fn tell(&self, punches: &[NewPunch]) -> PunchesTaken {
        let told = NewPunches {
            punches: punches.to_vec(),
        };
        let taken = self.service.take_punches(&self.hr(), &told).await;
        taken.expect("good punches")
    }

    /// Derives until nothing is stale; says how many marks that were.
    pub async fn derive(&self) -> usize {
        let mut all = 0;
        loop {
            match self.service.derive_stale().await.expect("a database") {
                0 => return all,
                done => all += done,
            }
        }
    }

    /// Runs one of the timers, and derives.
    pub async fn tick(&self, job: &str) {
        let ran = self.registry.run(job, serde_json::Value::Null).await;
        ran.expect("the job succeeds");
        self.derive().await;
    }

    /// Days of somebody as HR sees them.
    pub async fn days(&self, first: &str, from: &str, to: &str) -> Vec<DayView> {
        let query = DaysQuery {
            employee: Some(self.id(first).to_string()),
            from: date(from),
            to: date(to),
            cursor: None,
            limit: 200,
        };
        let page = self.service.days(&self.hr(), &query).await;
        page.expect("HR sees everybody").items
    }

    /// One day of somebody: status, counted, version.
    pub async fn day(&self, first: &str, day: &str) -> (String, i64, i32) {
        let days = self.days(first, day, day).await;
        match days.as_slice() {
            [one] => (
                one.day.status.to_string(),
                one.day.counted_minutes,
                one.version,
            ),
            _ => ("nothing".to_owned(), 0, 0),
        }
    }

    /// Has a badge be somebody's from an instant on.
    pub async fn badge(&self, badge: &str, first: &str, from: &str, to: Option<&str>) {
        sqlx::query(
            "insert into attendance.badge (id, badge, employee_id, during)
             values ($1, $2, $3, tstzrange($4, $5, '[)'))",
        )
        .bind(self.test.deps.new_id::<PersonId>().0)
        .bind(badge)
        .bind(self.id(first).0)
        .bind(at(from).to_utc())
        .bind(to.map(|to| at(to).to_utc()))
        .execute(&self.pool)
        .await
        .expect("a badge");
    }

    /// Marks days stale, as whoever changes what they are made of does.
    pub async fn mark(&self, first: &str, from: &str, to: &str) {
        let mut tx = self.test.db().begin("test.mark").await.expect("a database");
        let range = (self.id(first), date(from), date(to));
        let marked = self.service.mark_stale_in_tx(&mut tx, &[range]).await;
        marked.expect("a database");
        tx.commit().await.expect("a database");
    }

    /// One number of the database.
    pub async fn count(&self, query: &'static str) -> i64 {
        let counted = sqlx::query_scalar(query).fetch_one(&self.pool).await;
        counted.expect("a number")
    }

    /// What is out of order: date, kind and state.
    pub async fn exceptions(&self, first: &str) -> Vec<(String, String, String)> {
        let rows: Vec<(NaiveDate, String, String)> = sqlx::query_as(
            "select work_date, kind, state from attendance.exception
             where employee_id = $1 order by work_date, kind",
        )
        .bind(self.id(first).0)
        .fetch_all(&self.pool)
        .await
        .expect("a database");
        rows.into_iter()
            .map(|(date, kind, state)| (date.to_string(), kind, state))
            .collect()
    }

    /// What has been published of a topic so far.
    pub async fn told(&self, topic: &str) -> i64 {
        let counted = sqlx::query_scalar("select count(*) from platform.outbox where topic = $1");
        counted
            .bind(topic)
            .fetch_one(&self.pool)
            .await
            .expect("a number")
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.test.now()
    }
}
