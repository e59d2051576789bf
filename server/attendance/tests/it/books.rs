//! A payroll office: people whose days are written down as somebody derived them, and those who may
//! lock, decide and read.

use attendance::{Attendance, Config, Error};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::attendance::day::Day;
use model::attendance::views::{AdjustmentView, PeriodView};
use model::{Actor, LeaveTypeId, PeriodId, PersonId, PolicyId, Role};
use platform::jobs::Registry;
use serde_json::json;
use sqlx::PgPool;
use testkit::TestWorld;
use uuid::Uuid;

pub struct Books {
    pub test: TestWorld,
    pub service: Attendance,
    pub registry: Registry,
    pub pool: PgPool,
    policy: PolicyId,
}

/// The books on Wednesday, 25 November 2026, 08:00 UTC. Nobody is in them yet.
pub async fn books(pool: PgPool) -> Books {
    let test = testkit::world(&pool).await;
    test.advance(TimeDelta::days(23));
    let config = Config {
        public_url: "https://punctual.example".into(),
        organisation: "Aldertree".into(),
    };
    let service = Attendance::new(test.deps.clone(), config);
    let mut registry = Registry::new();
    service.register_jobs(&mut registry);
    let policy: PolicyId = test.deps.new_id();
    sqlx::query(
        "insert into attendance.policy (id, name, document, version, updated_at)
         values ($1, 'Usual', '{}', 1, now())",
    )
    .bind(policy.0)
    .execute(&pool)
    .await
    .expect("a policy");
    Books {
        test,
        service,
        registry,
        pool,
        policy,
    }
}

impl Books {
    /// Somebody with a role, whom another one manages.
    pub async fn person(&self, name: &str, role: Role, manager: Option<&Actor>) -> Actor {
        let id: PersonId = self.test.deps.new_id();
        sqlx::query(
            "insert into attendance.employee (id, email, name, zone, active, number)
             values ($1, $2, $3, 'Europe/Berlin', true, $4)",
        )
        .bind(id.0)
        .bind(format!("{}@example.org", id.0))
        .bind(name)
        .bind(&id.0.simple().to_string()[20..])
        .execute(&self.pool)
        .await
        .expect("an employee");
        sqlx::query(
            "insert into attendance.employment (employee_id, from_day, policy_id, manager_id, team)
             values ($1, '2000-01-01', $2, $3, 'Support')",
        )
        .bind(id.0)
        .bind(self.policy.0)
        .bind(manager.and_then(Actor::person_id).map(|id| id.0))
        .execute(&self.pool)
        .await
        .expect("terms");
        Actor::person(id, name, "Europe/Berlin", &[role])
    }

    /// Writes down a day of an employee.
    pub async fn day(&self, whose: &Actor, day: &Day) {
        sqlx::query(
            "insert into attendance.day
                 (employee_id, work_date, status, counted_minutes, actual_minutes, expected_minutes,
                  balance_minutes, late_minutes, early_minutes, overtime_minutes, flags, document,
                  version, policy_version, inputs_hash, derived_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, '{}', $10, 1, 1, $11, now())",
        )
        .bind(id_of(whose).0)
        .bind(day.work_date)
        .bind(day.status.to_string())
        .bind(day.counted_minutes as i32)
        .bind(day.actual_minutes as i32)
        .bind(day.expected_minutes as i32)
        .bind(day.balance_minutes as i32)
        .bind(day.late_minutes as i32)
        .bind(day.overtime.iter().map(|b| b.minutes as i32).sum::<i32>())
        .bind(serde_json::to_value(day).expect("JSON"))
        .bind(vec![0_u8; 32])
        .execute(&self.pool)
        .await
        .expect("a day");
    }

    /// What the locked or open row of a day counts.
    pub async fn counted(&self, whose: &Actor, day: &str) -> i32 {
        sqlx::query_scalar(
            "select counted_minutes from attendance.day where employee_id = $1 and work_date = $2",
        )
        .bind(id_of(whose).0)
        .bind(date(day))
        .fetch_one(&self.pool)
        .await
        .expect("a day")
    }

    /// A kind of leave.
    pub async fn leave_type(&self, name: &str, paid: bool) -> LeaveTypeId {
        let id: LeaveTypeId = self.test.deps.new_id();
        sqlx::query(
            "insert into attendance.leave_type (id, name, paid, told_as, accrual, version)
             values ($1, $2, $3, 'leave', '{}', 1)",
        )
        .bind(id.0)
        .bind(name)
        .bind(paid)
        .execute(&self.pool)
        .await
        .expect("a kind of leave");
        id
    }

    /// Grants a day of leave.
    pub async fn leave(&self, whose: &Actor, kind: LeaveTypeId, day: &str, minutes: i32) {
        let request: Uuid = self.test.deps.new_id::<model::LeaveRequestId>().0;
        sqlx::query(
            "insert into attendance.leave_request
                 (id, employee_id, type_id, from_day, to_day, part, note, state, minutes, version,
                  client_key, created_by, created_at)
             values ($1, $2, $3, $4, $4, 'full', '', 'approved', $5, 1, $6, 'test', now())",
        )
        .bind(request)
        .bind(id_of(whose).0)
        .bind(kind.0)
        .bind(date(day))
        .bind(minutes)
        .bind(request.to_string())
        .execute(&self.pool)
        .await
        .expect("a request");
        sqlx::query(
            "insert into attendance.leave_day (employee_id, day, halves, request_id, type_id, minutes)
             values ($1, $2, '[0,2)', $3, $4, $5)",
        )
        .bind(id_of(whose).0)
        .bind(date(day))
        .bind(request)
        .bind(kind.0)
        .bind(minutes)
        .execute(&self.pool)
        .await
        .expect("a day of leave");
    }

    /// A period, as the page of periods shows it.
    pub async fn period(&self, hr: &Actor, id: PeriodId) -> PeriodView {
        let page = self.service.periods_page(hr).await.expect("the page");
        let found = page.periods.into_iter().find(|period| period.id == id);
        found.expect("the period")
    }

    /// Makes a period, and locks it once it is over.
    pub async fn locked(&self, hr: &Actor, from: &str, to: &str) -> PeriodId {
        let made = self.service.make_period(hr, date(from), date(to)).await;
        let id = made.expect("a new period");
        let locked = self.service.lock_period(hr, id, 1).await;
        locked.expect("the period is over");
        id
    }

    /// Tells what a day of a locked period comes to now, as derivation does.
    pub async fn tell(&self, whose: &Actor, period: PeriodId, new: &Day) -> bool {
        let locked = self.counted(whose, &new.work_date.to_string()).await;
        let mut tx = self
            .test
            .db()
            .begin("test.adjust")
            .await
            .expect("a database");
        let told = self
            .service
            .adjust_in_tx(
                &mut tx,
                id_of(whose),
                new.work_date,
                period,
                new,
                i64::from(locked),
                self.test.now(),
            )
            .await
            .expect("a database");
        tx.commit().await.expect("a database");
        told
    }

    /// Adjustments, those that wait first.
    pub async fn adjustments(&self, hr: &Actor) -> Vec<AdjustmentView> {
        let page = self.service.periods_page(hr).await.expect("the page");
        page.adjustments
    }

    /// The payloads of all events of a topic, in order.
    pub async fn events(&self, topic: &str) -> Vec<serde_json::Value> {
        sqlx::query_scalar("select payload from platform.outbox where topic = $1 order by seq")
            .bind(topic)
            .fetch_all(&self.pool)
            .await
            .expect("a database")
    }

    /// What the audit log is told of an action, in order.
    pub async fn audited(&self, action: &str) -> Vec<serde_json::Value> {
        let mut told = self.events("attendance.audited").await;
        told.retain(|line| line["action"] == action);
        told
    }

    /// A single number from the database.
    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&self.pool)
            .await
            .expect("a number")
    }
}

/// A day with so many minutes of work, of which 480 were expected.
pub fn day(date: &str, status: &str, counted: i64) -> Day {
    let document = json!({
        "workDate": date, "status": status, "countedMinutes": counted, "actualMinutes": counted,
        "expectedMinutes": 480, "balanceMinutes": counted - 480, "lateMinutes": 0,
        "earlyMinutes": 0, "breakRecordedMinutes": 0, "breakDeductedMinutes": 0,
        "unscheduledMinutes": 0, "holidayMinutes": 0, "overtime": [], "flags": [],
        "presence": null, "firstIn": null, "lastOut": null, "instances": [], "segments": [],
        "explanation": []
    });
    serde_json::from_value(document).expect("a day")
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub fn id_of(actor: &Actor) -> PersonId {
    actor.person_id().expect("a person")
}

/// The status and code of an error.
pub fn problem<T: std::fmt::Debug>(outcome: Result<T, Error>) -> (u16, String) {
    let problem = model::Problem::from(outcome.expect_err("it must not work"));
    (problem.status, problem.code)
}
