//! An office whose roster is planned: HR, a manager with two reports, and somebody in New York.

use attendance::employment::Terms;
use attendance::{Attendance, Config, Error};
use chrono::NaiveDate;
use model::attendance::rotation::Rotation;
use model::attendance::shift::{BreakTier, Pairing, ShiftTemplate, Tone};
use model::attendance::views::{AssignForm, RosterCell, RosterPage, RosterRow};
use model::scheduling::meeting::Colleague;
use model::{Actor, PersonId, PolicyId, Role, RotationId, ShiftTemplateId};
use platform::jobs::Registry;
use sqlx::PgPool;
use testkit::TestWorld;

const PEOPLE: [(&str, &str); 5] = [
    ("Henry Adler", "Europe/Berlin"),
    ("Marta Klein", "Europe/Berlin"),
    ("Ana Kowalski", "Europe/Berlin"),
    ("Tom Becker", "Europe/Berlin"),
    ("Grace Hill", "America/New_York"),
];

pub struct Office {
    pub test: TestWorld,
    pub service: Attendance,
    pub registry: Registry,
    pub pool: PgPool,
    people: Vec<Colleague>,
    pub early: ShiftTemplateId,
    pub late: ShiftTemplateId,
    pub night: ShiftTemplateId,
}

/// It is Monday, 2 November 2026, 08:00 UTC. Ana and Tom are Marta's; Grace is nobody's. Nothing is
/// planned.
pub async fn office(pool: PgPool) -> Office {
    let test = testkit::world(&pool).await;
    let config = Config {
        public_url: "https://punctual.example".into(),
        organisation: "Aldertree".into(),
    };
    let service = Attendance::new(test.deps.clone(), config);
    let mut registry = Registry::new();
    service.register_jobs(&mut registry);
    let mut people = Vec::new();
    for (name, zone) in PEOPLE {
        let person = Colleague {
            id: test.deps.new_id::<PersonId>(),
            name: name.to_owned(),
            email: format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
            zone: zone.to_owned(),
        };
        let mut tx = test.db().begin("test.person").await.expect("a database");
        let kept = service.keep_person_in_tx(&mut tx, &person, true).await;
        kept.expect("a new person");
        tx.commit().await.expect("a database");
        people.push(person);
    }
    let hr = Actor::person(people[0].id, "Henry Adler", "Europe/Berlin", &[Role::Hr]);
    let template = async |name, code, start, end| {
        let shift = shift(name, code, start, end);
        let made = service.save_template(&hr, None, 0, &shift);
        made.await.expect("a new shift")
    };
    let early = template("Early", "E", "06:00", "14:00").await;
    let late = template("Late", "L", "14:00", "22:00").await;
    let night = template("Night", "N", "22:00", "06:00").await;
    let office = Office {
        early,
        late,
        night,
        test,
        service,
        registry,
        pool,
        people,
    };
    for (name, team) in [("Ana", "Night watch"), ("Tom", "Front desk")] {
        office
            .terms(name, "2000-01-01", |terms| {
                terms.manager = Some(office.id("Marta"));
                terms.team = team.into();
            })
            .await;
    }
    office.forget().await;
    office
}

pub fn shift(name: &str, code: &str, start: &str, end: &str) -> ShiftTemplate {
    ShiftTemplate {
        name: name.into(),
        code: code.into(),
        tone: Tone::Blue,
        start: start.parse().expect("a time"),
        end: end.parse().expect("a time"),
        halves: None,
        break_tiers: vec![BreakTier {
            after_minutes: 360,
            minutes: 30,
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

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

impl Office {
    pub fn id(&self, first: &str) -> PersonId {
        let mut people = self.people.iter();
        let found = people.find(|person| person.name.starts_with(first));
        found.expect("one of those who are there").id
    }

    fn actor(&self, first: &str, roles: &[Role]) -> Actor {
        Actor::person(self.id(first), first, "Europe/Berlin", roles)
    }

    pub fn hr(&self) -> Actor {
        self.actor("Henry", &[Role::Hr])
    }

    pub fn marta(&self) -> Actor {
        self.actor("Marta", &[Role::Manager])
    }

    pub fn ana(&self) -> Actor {
        self.actor("Ana", &[Role::Employee])
    }

    /// The policy that everybody begins with.
    pub async fn standard(&self) -> PolicyId {
        let policies = self.service.policies(&self.hr()).await.expect("policies");
        let mut policies = policies.into_iter();
        let found = policies.find(|policy| policy.name == "Standard");
        found.expect("the usual policy").id
    }

    /// Writes somebody's terms from a day on.
    pub async fn terms(&self, first: &str, from: &str, change: impl FnOnce(&mut Terms)) {
        let mut terms = Terms {
            policy: self.standard().await,
            region: None,
            site: None,
            manager: None,
            team: String::new(),
        };
        change(&mut terms);
        let (hr, person) = (self.hr(), self.id(first));
        let set = self.service.set_employment(&hr, person, day(from), &terms);
        set.await.expect("good terms");
    }

    pub async fn try_assign(
        &self,
        actor: &Actor,
        first: &str,
        date: &str,
        templates: &[ShiftTemplateId],
        version: i32,
    ) -> Result<(), Error> {
        let form = AssignForm {
            person: self.id(first),
            date: day(date),
            templates: templates.to_vec(),
            version,
        };
        self.service.assign(actor, &form).await
    }

    /// Writes a day that nobody has written yet.
    pub async fn assign(&self, first: &str, date: &str, templates: &[ShiftTemplateId]) {
        let done = self.try_assign(&self.hr(), first, date, templates, 0).await;
        done.expect("a free day");
    }

    pub async fn week(&self, actor: &Actor, date: &str) -> RosterPage {
        let page = self.service.roster(actor, Some(day(date)), None).await;
        page.expect("a roster")
    }

    pub async fn row(&self, first: &str, date: &str) -> RosterRow {
        let page = self.week(&self.hr(), date).await;
        let mut rows = page.rows.into_iter();
        let found = rows.find(|row| row.person.id == self.id(first));
        found.expect("somebody who works here")
    }

    pub async fn cell(&self, first: &str, date: &str) -> RosterCell {
        let row = self.row(first, date).await;
        let mut cells = row.cells.into_iter();
        let found = cells.find(|cell| cell.date == day(date));
        found.expect("a day of the week")
    }

    /// The codes of somebody's week, `.` for a day off and `-` for a day that is not written.
    pub async fn codes(&self, first: &str, date: &str) -> String {
        let row = self.row(first, date).await;
        let code = |cell: &RosterCell| match cell.shifts.as_slice() {
            [] if cell.version == 0 => "-".to_owned(),
            [] => ".".to_owned(),
            shifts => shifts.iter().map(|shift| shift.code.as_str()).collect(),
        };
        row.cells.iter().map(code).collect()
    }

    /// A rotation over days, each with one of the shifts `E`, `L`, `N` or off.
    pub async fn rotation(&self, name: &str, anchor: &str, days: &str) -> RotationId {
        let shifts = |code| match code {
            'E' => vec![self.early],
            'L' => vec![self.late],
            'N' => vec![self.night],
            _ => Vec::new(),
        };
        let rotation = Rotation {
            name: name.into(),
            anchor: day(anchor),
            days: days.chars().map(shifts).collect(),
        };
        let hr = self.hr();
        let made = self.service.save_rotation(&hr, None, 0, &rotation);
        made.await.expect("a new rotation")
    }

    pub async fn follow(&self, first: &str, rotation: Option<RotationId>, from: &str) {
        let (hr, person) = (self.hr(), self.id(first));
        let done = self
            .service
            .assign_rotation(&hr, person, rotation, day(from));
        done.await.expect("a rotation to follow");
    }

    pub async fn lock(&self, from: &str, until: &str) {
        self.run(&format!(
            "insert into attendance.period
                 (id, during, state, version, locked_by_label, locked_at)
             values (gen_random_uuid(), '[{from},{until}]', 'locked', 1, 'Henry', now())"
        ))
        .await;
    }

    pub async fn run(&self, sql: &str) {
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&self.pool)
            .await;
        done.expect("good SQL");
    }

    /// Which days are stale, by first name and date, each once.
    pub async fn stale(&self) -> Vec<(String, NaiveDate)> {
        let found = sqlx::query_as(
            "select distinct split_part(e.name, ' ', 1), s.work_date
             from attendance.stale_day s
             join attendance.employee e on e.id = s.employee_id
             order by 1, 2",
        );
        found.fetch_all(&self.pool).await.expect("a database")
    }

    /// Takes all marks away.
    pub async fn forget(&self) {
        self.run("delete from attendance.stale_day").await;
    }

    /// The payloads of events of a topic, in order.
    pub async fn events(&self, topic: &str) -> Vec<serde_json::Value> {
        let found =
            sqlx::query_scalar("select payload from platform.outbox where topic = $1 order by seq");
        found
            .bind(topic)
            .fetch_all(&self.pool)
            .await
            .expect("a database")
    }
}
