//! Leave: balances, half days, races, and what meetings are told.

use attendance::Error;
use model::attendance::accrual::Part;
use model::attendance::views::{LeaveForm, LeaveState, LeaveView};
use model::{Actor, Problem};
use sqlx::PgPool;

use crate::desk::{Desk, day, desk};

/// Thirty days of eight hours.
pub const YEAR: i64 = 14_400;

pub async fn asked(desk: &Desk, first: &str, form: &LeaveForm, key: &str) -> LeaveView {
    let actor = desk.actor(first);
    let asked = desk.service.request_leave(&actor, form, key).await;
    asked.expect("a good request")
}

pub async fn decide(desk: &Desk, actor: &Actor, view: &LeaveView) -> Result<LeaveView, Error> {
    desk.service
        .decide_leave(actor, view.id, view.version, true, "")
        .await
}

pub fn status(error: Error) -> u16 {
    Problem::from(error).status
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn leave_costs_what_the_roster_asks_for(pool: PgPool) {
    let desk = desk(pool).await;
    // Monday to Thursday; the weekend and Friday are not in the roster.
    desk.shifts("Ana", "2026-12-07", "2026-12-10").await;
    let form = desk
        .leave_form("Annual leave", "2026-12-07", "2026-12-13")
        .await;
    let ana = desk.actor("Ana");
    let cost = desk
        .service
        .leave_cost(&ana, &form)
        .await
        .expect("a good form");
    assert_eq!((cost.minutes, cost.days), (4 * 480, 4));
    assert_eq!(cost.left_minutes, Some(YEAR - 4 * 480));
    assert_eq!(cost.obstacles, Vec::<String>::new());
    // A week of which nothing is written has five days.
    let form = desk
        .leave_form("Annual leave", "2026-12-14", "2026-12-20")
        .await;
    let cost = desk
        .service
        .leave_cost(&ana, &form)
        .await
        .expect("a good form");
    assert_eq!((cost.minutes, cost.days), (5 * 480, 5));
    // A weekend has nothing to be freed from.
    let form = desk
        .leave_form("Annual leave", "2026-12-19", "2026-12-20")
        .await;
    let cost = desk
        .service
        .leave_cost(&ana, &form)
        .await
        .expect("a good form");
    assert_eq!(cost.obstacles.len(), 1);
    let refused = desk.service.request_leave(&ana, &form, "weekend").await;
    assert_eq!(status(refused.expect_err("no work")), 422);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn granted_leave_is_taken_from_the_balance_and_cancelled_leave_given_back(pool: PgPool) {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-12-07", "2026-12-11").await;
    let form = desk
        .leave_form("Annual leave", "2026-12-07", "2026-12-11")
        .await;
    let request = asked(&desk, "Ana", &form, "one").await;
    assert_eq!(request.state, LeaveState::Requested);
    assert_eq!(asked(&desk, "Ana", &form, "one").await.id, request.id);
    assert_eq!(desk.left("Ana").await, YEAR);
    let granted = decide(&desk, &desk.actor("Tom"), &request)
        .await
        .expect("his to decide");
    assert_eq!(
        (granted.state, granted.minutes),
        (LeaveState::Approved, 5 * 480)
    );
    assert_eq!(desk.left("Ana").await, YEAR - 5 * 480);
    assert_eq!(
        desk.count("select count(*) from attendance.leave_day")
            .await,
        5
    );
    let stale = "select count(distinct work_date) from attendance.stale_day";
    assert!(desk.count(stale).await >= 5);

    let ana = desk.actor("Ana");
    let back = desk
        .service
        .withdraw_leave(&ana, granted.id, granted.version)
        .await;
    assert_eq!(back.expect("it has not begun").state, LeaveState::Cancelled);
    assert_eq!(desk.left("Ana").await, YEAR);
    assert_eq!(
        desk.count("select count(*) from attendance.leave_day")
            .await,
        0
    );
    assert!(
        desk.service
            .absence_of(granted.id)
            .await
            .expect("an answer")
            .is_none()
    );
    let told = "select count(*) from platform.outbox where topic = 'leave.changed'";
    assert_eq!(desk.count(told).await, 2);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn leave_that_has_begun_stays(pool: PgPool) {
    let desk = desk(pool).await;
    let form = desk
        .leave_form("Annual leave", "2026-11-26", "2026-11-27")
        .await;
    let request = asked(&desk, "Ana", &form, "one").await;
    let granted = decide(&desk, &desk.actor("Tom"), &request)
        .await
        .expect("his to decide");
    assert!(granted.may_decide.eq(&false));
    desk.advance_hours(24);
    let ana = desk.actor("Ana");
    let late = desk
        .service
        .withdraw_leave(&ana, granted.id, granted.version)
        .await;
    let problem = Problem::from(late.expect_err("it has begun"));
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (409, "leave_has_begun")
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn half_days_cost_half_and_two_of_them_fit_on_a_day(pool: PgPool) {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-12-07", "2026-12-11").await;
    let tom = desk.actor("Tom");
    let mut form = desk
        .leave_form("Annual leave", "2026-12-08", "2026-12-08")
        .await;
    form.part = Part::Am;
    let morning = asked(&desk, "Ana", &form, "am").await;
    assert_eq!(morning.minutes, 240);
    decide(&desk, &tom, &morning).await.expect("his to decide");
    form.part = Part::Pm;
    let evening = asked(&desk, "Ana", &form, "pm").await;
    decide(&desk, &tom, &evening)
        .await
        .expect("the other half is free");
    form.part = Part::Full;
    let refused = desk
        .service
        .request_leave(&desk.actor("Ana"), &form, "full")
        .await;
    assert_eq!(status(refused.expect_err("both halves are taken")), 409);
    assert_eq!(desk.left("Ana").await, YEAR - 480);

    let told = desk
        .service
        .absence_of(morning.id)
        .await
        .expect("an answer")
        .expect("she is away");
    assert_eq!(told.kind, "leave");
    assert_eq!(told.from.to_rfc3339(), "2026-12-07T23:00:00+00:00");
    assert_eq!(told.to.to_rfc3339(), "2026-12-08T12:00:00+00:00");
    let told = desk
        .service
        .absence_of(evening.id)
        .await
        .expect("an answer")
        .expect("she is away");
    assert_eq!(told.from.to_rfc3339(), "2026-12-08T13:00:00+00:00");
    assert_eq!(told.to.to_rfc3339(), "2026-12-08T23:00:00+00:00");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn meetings_hear_of_days_and_never_of_a_reason(pool: PgPool) {
    let desk = desk(pool).await;
    let mut form = desk
        .leave_form("Sick leave", "2026-11-24", "2026-11-27")
        .await;
    form.note = "Influenza".into();
    let request = asked(&desk, "Ana", &form, "one").await;
    assert!(
        desk.service
            .absence_of(request.id)
            .await
            .expect("an answer")
            .is_none()
    );
    decide(&desk, &desk.actor("Tom"), &request)
        .await
        .expect("his to decide");
    let told = desk
        .service
        .absence_of(request.id)
        .await
        .expect("an answer");
    let one = told.expect("she is away");
    assert_eq!(one.kind, "sick");
    assert_eq!(one.source_key, format!("leave:{}", request.id));
    assert_eq!(one.person, desk.id("Ana"));
    assert_eq!(one.from.to_rfc3339(), "2026-11-23T23:00:00+00:00");
    assert_eq!(one.to.to_rfc3339(), "2026-11-27T23:00:00+00:00");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_is_away_twice_however_many_decide_at_once(pool: PgPool) {
    let desk = desk(pool).await;
    let form = desk
        .leave_form("Annual leave", "2026-12-07", "2026-12-09")
        .await;
    let one = asked(&desk, "Ana", &form, "one").await;
    // What the form refuses may still be there from before.
    let other: uuid::Uuid = sqlx::query_scalar(
        "insert into attendance.leave_request
             (id, employee_id, type_id, from_day, to_day, part, note, state, minutes, version,
              client_key, created_by, created_at)
         select gen_random_uuid(), employee_id, type_id, from_day + 2, to_day + 2, part, note,
             state, minutes, version, 'two', created_by, created_at
         from attendance.leave_request
         returning id",
    )
    .fetch_one(&desk.pool)
    .await
    .expect("a second request");
    let second = LeaveView {
        id: other.into(),
        ..one.clone()
    };
    let (tom, hana) = (desk.actor("Tom"), desk.actor("Hana"));
    let (a, b) = tokio::join!(decide(&desk, &tom, &one), decide(&desk, &hana, &second));
    let refused = match (a, b) {
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
        other => panic!("not one winner: {other:?}"),
    };
    assert_eq!(status(refused), 409);
    assert_eq!(
        desk.count("select count(*) from attendance.leave_day")
            .await,
        3
    );
    assert_eq!(desk.left("Ana").await, YEAR - 3 * 480);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn leave_is_decided_once_by_the_manager_or_hr(pool: PgPool) {
    let desk = desk(pool).await;
    let form = desk
        .leave_form("Annual leave", "2026-12-07", "2026-12-09")
        .await;
    let request = asked(&desk, "Ana", &form, "one").await;
    for stranger in ["Ravi", "Ana", "Ben"] {
        let refused = decide(&desk, &desk.actor(stranger), &request).await;
        assert!([403, 404].contains(&status(refused.expect_err("not theirs"))));
    }
    let (tom, hana) = (desk.actor("Tom"), desk.actor("Hana"));
    let (a, b) = tokio::join!(
        decide(&desk, &tom, &request),
        decide(&desk, &hana, &request)
    );
    let refused = match (a, b) {
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
        other => panic!("not one winner: {other:?}"),
    };
    assert_eq!(status(refused), 409);
    assert_eq!(desk.left("Ana").await, YEAR - 3 * 480);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn only_hr_grants_more_than_there_is(pool: PgPool) {
    let desk = desk(pool).await;
    let form = desk
        .leave_form("Annual leave", "2027-02-01", "2027-03-31")
        .await;
    let ana = desk.actor("Ana");
    // What is left of this year is carried over, and next year's is there by then.
    let cost = desk
        .service
        .leave_cost(&ana, &form)
        .await
        .expect("a good form");
    assert_eq!(cost.obstacles, Vec::<String>::new());
    let form = desk
        .leave_form("Annual leave", "2026-11-02", "2026-12-31")
        .await;
    let cost = desk
        .service
        .leave_cost(&ana, &form)
        .await
        .expect("a good form");
    assert_eq!(cost.minutes, 44 * 480);
    assert_eq!(cost.left_minutes, Some(YEAR - 44 * 480));
    assert_eq!(cost.obstacles.len(), 1, "{:?}", cost.obstacles);
    let request = asked(&desk, "Ana", &form, "one").await;
    let refused = decide(&desk, &desk.actor("Tom"), &request).await;
    let problem = Problem::from(refused.expect_err("too little is left"));
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (409, "too_little_left")
    );
    decide(&desk, &desk.actor("Hana"), &request)
        .await
        .expect("HR may");
    assert_eq!(desk.left("Ana").await, YEAR - 44 * 480);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_falls_due_is_granted_once(pool: PgPool) {
    let desk = desk(pool).await;
    desk.tick("attendance.accrue").await;
    desk.tick("attendance.accrue").await;
    let entries = "select count(*) from attendance.leave_entry";
    assert_eq!(desk.count(entries).await, 5);
    let sum = "select sum(minutes) from attendance.leave_entry";
    assert_eq!(desk.count(sum).await, 5 * YEAR);
    // The next year brings its own grant, and in April what is left of this one lapses.
    desk.advance_hours(24 * 40);
    desk.tick("attendance.accrue").await;
    assert_eq!(desk.left("Ana").await, 2 * YEAR);
    desk.advance_hours(24 * 90);
    desk.tick("attendance.accrue").await;
    assert_eq!(desk.left("Ana").await, YEAR);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn who_decides_sees_who_else_is_away(pool: PgPool) {
    let desk = desk(pool).await;
    let (tom, form) = (
        desk.actor("Tom"),
        desk.leave_form("Annual leave", "2026-12-07", "2026-12-09")
            .await,
    );
    let bens = asked(&desk, "Ben", &form, "one").await;
    decide(&desk, &tom, &bens).await.expect("his to decide");
    asked(&desk, "Ana", &form, "one").await;
    let inbox = desk.service.inbox(&tom).await.expect("an inbox");
    assert_eq!(inbox.leave.len(), 1);
    assert_eq!(inbox.leave[0].also_away, ["Ben Ito"]);
    assert_eq!(
        inbox.decided[0].0,
        "Tom Becker approved Annual leave of Ben Ito, 7 Dec 2026 – 9 Dec 2026"
    );
    assert!(
        desk.service
            .inbox(&desk.actor("Ravi"))
            .await
            .expect("an inbox")
            .leave
            .is_empty()
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_form_that_cannot_be_names_its_fields(pool: PgPool) {
    let desk = desk(pool).await;
    let mut form = desk
        .leave_form("Annual leave", "2026-12-09", "2026-12-07")
        .await;
    let ana = desk.actor("Ana");
    let refused = desk.service.leave_cost(&ana, &form).await;
    let problem = Problem::from(refused.expect_err("the wrong order"));
    assert!(problem.message_for("to_day").is_some());
    form.to_day = day("2026-12-10");
    form.part = Part::Am;
    let refused = desk.service.request_leave(&ana, &form, "one").await;
    let problem = Problem::from(refused.expect_err("half of two days"));
    assert!(problem.message_for("part").is_some());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_there_once_is_spent_once(pool: PgPool) {
    let desk = desk(pool).await;
    let mut asks = Vec::new();
    for (from, to, key) in [
        ("2026-09-07", "2026-10-02", "one"),
        ("2026-10-05", "2026-10-30", "two"),
    ] {
        let form = desk.leave_form("Annual leave", from, to).await;
        asks.push(asked(&desk, "Ana", &form, key).await);
    }
    // Twenty days each, of thirty.
    assert!(asks.iter().all(|one| one.minutes == 20 * 480));
    let tom = desk.actor("Tom");
    let (a, b) = tokio::join!(decide(&desk, &tom, &asks[0]), decide(&desk, &tom, &asks[1]));
    let refused = match (a, b) {
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => Problem::from(error),
        other => panic!("not one winner: {other:?}"),
    };
    assert_eq!(refused.code, "too_little_left");
    assert_eq!(desk.left("Ana").await, YEAR - 20 * 480);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_day_of_leave_is_derived_as_one(pool: PgPool) {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-11-23", "2026-11-27").await;
    let mut form = desk
        .leave_form("Sick leave", "2026-11-23", "2026-11-23")
        .await;
    let tom = desk.actor("Tom");
    let full = asked(&desk, "Ana", &form, "one").await;
    decide(&desk, &tom, &full).await.expect("his to decide");
    desk.derive().await;
    let day = desk.day("Ana", "2026-11-23").await.expect("a day");
    assert_eq!(
        (day.status.to_string().as_str(), day.expected_minutes),
        ("on_leave", 0)
    );
    (form.from_day, form.to_day) = (self::day("2026-11-24"), self::day("2026-11-24"));
    form.part = Part::Am;
    let half = asked(&desk, "Ana", &form, "two").await;
    decide(&desk, &tom, &half).await.expect("his to decide");
    desk.punches("Ana", "2026-11-24", &["13:56", "18:00"]).await;
    let day = desk.day("Ana", "2026-11-24").await.expect("a day");
    assert_eq!(day.status.to_string(), "present+half_leave");
    assert_eq!((day.counted_minutes, day.expected_minutes), (240, 240));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_due_is_there_before_the_night(pool: PgPool) {
    let desk = desk(pool).await;
    desk.kind("Annual leave").await;
    let month = desk.service.month(&desk.actor("Ana"), None, None).await;
    let balances = month.expect("her month").leave;
    let annual = balances.iter().find(|one| one.name == "Annual leave");
    let annual = annual.expect("a counted kind");
    assert_eq!(annual.left_minutes, Some(YEAR));
    // Until the end of March of the next year.
    assert_eq!(annual.expires, Some((YEAR, day("2027-03-31"))));
}
