//! A small office for requests: Ana and Ben work nine to six in Berlin and are managed by Tom, Hana is
//! HR, and Ravi is in another team.

use attendance::{Attendance, Config};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use model::attendance::accrual::Part;
use model::attendance::day::{Day, Direction};
use model::attendance::shift::{BreakTier, Pairing, ShiftTemplate, Tone};
use model::attendance::views::{LeaveForm, NewPunch, NewPunches};
use model::scheduling::meeting::Colleague;
use model::{Actor, LeaveTypeId, PersonId, PunchId, Role};
use platform::jobs::Registry;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestWorld;

pub struct Desk {
    pub test: TestWorld,
    pub service: Attendance,
    pub registry: Registry,
    pub pool: PgPool,
    people: Vec<(Colleague, Vec<Role>)>,
}

/// The office on the database of a test. It is Wednesday, 25 November 2026, 13:00 in Berlin.
pub async fn desk(pool: PgPool) -> Desk {
    let test = testkit::world(&pool).await;
    let now: DateTime<Utc> = "2026-11-25T12:00:00Z".parse().expect("an instant");
    test.advance(now - test.now());
    let config = Config {
        public_url: "https://punctual.example".into(),
        organisation: "Aldertree".into(),
    };
    let service = Attendance::new(test.deps.clone(), config);
    let mut registry = Registry::new();
    service.register_jobs(&mut registry);
    let mut desk = Desk {
        test,
        service,
        registry,
        pool,
        people: Vec::new(),
    };
    desk.person("Tom Becker", &[Role::Employee, Role::Manager])
        .await;
    desk.person("Ana Kowalski", &[Role::Employee]).await;
    desk.person("Ben Ito", &[Role::Employee]).await;
    desk.person("Ravi Menon", &[Role::Employee, Role::Manager])
        .await;
    desk.person("Hana Vogel", &[Role::Employee, Role::Hr]).await;
    for first in ["Ana", "Ben"] {
        desk.manage(first, "Tom").await;
    }
    desk
}

impl Desk {
    async fn person(&mut self, name: &str, roles: &[Role]) {
        let person = Colleague {
            id: self.test.deps.new_id::<PersonId>(),
            name: name.to_owned(),
            email: format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
            zone: "Europe/Berlin".to_owned(),
        };
        let mut tx = self
            .test
            .db()
            .begin("test.person")
            .await
            .expect("a database");
        self.service
            .keep_person_in_tx(&mut tx, &person, true)
            .await
            .expect("a new person");
        tx.commit().await.expect("a database");
        self.people.push((person, roles.to_vec()));
    }

    async fn manage(&self, first: &str, manager: &str) {
        sqlx::query(
            "update attendance.employment set manager_id = $2, team = 'Workshop'
             where employee_id = $1",
        )
        .bind(self.id(first).0)
        .bind(self.id(manager).0)
        .execute(&self.pool)
        .await
        .expect("terms");
    }

    fn find(&self, first: &str) -> &(Colleague, Vec<Role>) {
        let found = self
            .people
            .iter()
            .find(|(person, _)| person.name.starts_with(first));
        found.expect("one of those who are there")
    }

    pub fn id(&self, first: &str) -> PersonId {
        self.find(first).0.id
    }

    pub fn actor(&self, first: &str) -> Actor {
        let (person, roles) = self.find(first);
        Actor::person(person.id, &person.name, &person.zone, roles)
    }

    /// Writes shifts of nine to six, with an hour of break, from one day to another.
    pub async fn shifts(&self, first: &str, from: &str, to: &str) {
        let shift = json!([{ "template": null, "shift": nine_to_six() }]);
        let (mut date, last) = (day(from), day(to));
        while date <= last {
            self.roster(first, date, &shift).await;
            date = date + Days::new(1);
        }
    }

    async fn roster(&self, first: &str, date: NaiveDate, shifts: &Value) {
        sqlx::query(
            "insert into attendance.roster_day
                 (employee_id, work_date, source, shifts, version, updated_by, updated_at)
             values ($1, $2, 'manual', $3, 1, 'test', now())",
        )
        .bind(self.id(first).0)
        .bind(date)
        .bind(shifts)
        .execute(&self.pool)
        .await
        .expect("a day of the roster");
    }

    /// Somebody punches at local times of a day, such as `09:06`, on a reader that knows no directions.
    pub async fn punches(&self, first: &str, date: &str, times: &[&str]) {
        let zone = model::zone::Zone::named("Europe/Berlin").expect("a zone");
        let punches = times.iter().map(|time| {
            let at = zone.instant_of(local(date, time)).expect("an instant");
            NewPunch {
                client_key: format!("{first} {date} {time}"),
                employee: Some(self.id(first).to_string()),
                badge: None,
                occurred_at: at.fixed_offset(),
                zone: "Europe/Berlin".into(),
                direction: None,
                source: "door".into(),
            }
        });
        let told = NewPunches {
            punches: punches.collect(),
        };
        let taken = self
            .service
            .take_punches(&Actor::system("test"), &told)
            .await;
        assert_eq!(taken.expect("good punches").accepted, times.len());
        self.derive().await;
    }

    /// Derives whatever is stale.
    pub async fn derive(&self) {
        while self.service.derive_stale().await.expect("a database") > 0 {}
    }

    /// The day as it stands.
    pub async fn day(&self, first: &str, date: &str) -> Option<Day> {
        let document: Option<Value> = sqlx::query_scalar(
            "select document from attendance.day where employee_id = $1 and work_date = $2",
        )
        .bind(self.id(first).0)
        .bind(day(date))
        .fetch_optional(&self.pool)
        .await
        .expect("a database");
        let document = document.map(|document| document.get("day").cloned().unwrap_or(document));
        document.map(|document| serde_json::from_value(document).expect("a day"))
    }

    /// The punches of somebody as they came: ids and local times.
    pub async fn punch_ids(&self, first: &str) -> Vec<PunchId> {
        sqlx::query_scalar(
            "select id from attendance.punch where employee_id = $1 order by occurred_at",
        )
        .bind(self.id(first).0)
        .fetch_all(&self.pool)
        .await
        .expect("a database")
    }

    /// A kind of leave by its name.
    pub async fn kind(&self, name: &str) -> LeaveTypeId {
        let page = self.service.leave_page(&self.actor("Hana")).await;
        let types = page.expect("her page").types;
        let found = types.iter().find(|kind| kind.name == name);
        found.expect("a kind that every house has").id
    }

    pub async fn leave_form(&self, kind: &str, from: &str, to: &str) -> LeaveForm {
        LeaveForm {
            type_id: self.kind(kind).await,
            from_day: day(from),
            to_day: day(to),
            part: Part::Full,
            note: String::new(),
        }
    }

    /// What is left of annual leave, in minutes.
    pub async fn left(&self, first: &str) -> i64 {
        let page = self.service.leave_page(&self.actor(first)).await;
        let balances = page.expect("a page").balances;
        let annual = balances.iter().find(|one| one.name == "Annual leave");
        annual
            .and_then(|one| one.left_minutes)
            .expect("a counted kind")
    }

    /// How many rows a query counts.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&self.pool)
            .await
            .expect("a count")
    }

    /// Runs a job by its name.
    pub async fn tick(&self, job: &str) {
        let done = self.registry.run(job, Value::Null).await;
        done.expect("the job succeeds");
    }

    /// Moves the clock on.
    pub fn advance_hours(&self, hours: i64) {
        self.test.advance(TimeDelta::hours(hours));
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub fn local(date: &str, time: &str) -> chrono::NaiveDateTime {
    day(date).and_time(clock(time))
}

fn clock(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").expect("a time")
}

fn nine_to_six() -> ShiftTemplate {
    let time = |text: &str| clock(text).into();
    ShiftTemplate {
        name: "Day".into(),
        code: "D".into(),
        tone: Tone::Blue,
        start: time("09:00"),
        end: time("18:00"),
        halves: Some([
            [time("09:00"), time("13:00")],
            [time("14:00"), time("18:00")],
        ]),
        break_tiers: vec![BreakTier {
            after_minutes: 360,
            minutes: 60,
        }],
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

pub const OUT: Direction = Direction::Out;
