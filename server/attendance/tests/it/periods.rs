//! Periods: what is locked stays, and what comes later waits for somebody's word.

use std::time::Duration;

use model::Role;
use model::attendance::overtime::{Bucket, Multiplier};
use model::attendance::views::{AdjustmentState, OvertimeChoice, PeriodState};
use sqlx::PgPool;

use crate::books::{Books, books, date, day, id_of, problem};

/// Monday is over; Wednesday is today.
const MONDAY: &str = "2026-11-23";

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn case_49_a_late_punch_out_leaves_the_locked_row_and_waits(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    books.day(&ana, &day(MONDAY, "incomplete", 0)).await;
    let period = books.locked(&hr, "2026-11-16", MONDAY).await;
    let open = books
        .service
        .make_period(&hr, date("2026-11-24"), date("2026-11-30"))
        .await;
    let open = open.expect("a new period");

    assert!(books.tell(&ana, period, &day(MONDAY, "present", 490)).await);
    assert_eq!(books.counted(&ana, MONDAY).await, 0, "the locked row stays");
    let waiting = books.adjustments(&hr).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].minutes, 490);
    assert_eq!(waiting[0].state, AdjustmentState::Pending);
    assert_eq!(waiting[0].employee.id, id_of(&ana));

    // Derived again, it says the same.
    assert!(!books.tell(&ana, period, &day(MONDAY, "present", 490)).await);
    assert_eq!(books.adjustments(&hr).await.len(), 1);

    let decided = books
        .service
        .decide_adjustment(&hr, waiting[0].id, true)
        .await;
    decided.expect("it waited");
    let payable: uuid::Uuid =
        sqlx::query_scalar("select payable_period_id from attendance.adjustment")
            .fetch_one(&books.pool)
            .await
            .expect("a database");
    assert_eq!(payable, open.0, "it is paid in the open period");
    let audited = books.audited("attendance.adjustment.decided").await;
    assert_eq!(audited.len(), 1);
    assert_eq!(audited[0]["subject"], format!("person:{}", id_of(&ana)));
    assert_eq!(
        audited[0]["detail"],
        serde_json::json!({
            "date": MONDAY, "minutes": 490, "state": "approved", "payable": open,
        })
    );
    assert!(!books.tell(&ana, period, &day(MONDAY, "present", 490)).await);
    let again = books
        .service
        .decide_adjustment(&hr, waiting[0].id, false)
        .await;
    assert_eq!(problem(again), (409, "already_decided".into()));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn case_50_a_correction_after_the_lock_waits_as_its_difference(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    books.day(&ana, &day(MONDAY, "present", 420)).await;
    let period = books.locked(&hr, MONDAY, MONDAY).await;
    books.tell(&ana, period, &day(MONDAY, "present", 510)).await;
    let waiting = books.adjustments(&hr).await;
    assert_eq!((waiting.len(), waiting[0].minutes), (1, 90));
    assert_eq!(books.counted(&ana, MONDAY).await, 420);

    // What is refused does not come back by itself, and does once the day is another.
    let decided = books
        .service
        .decide_adjustment(&hr, waiting[0].id, false)
        .await;
    decided.expect("it waited");
    assert!(!books.tell(&ana, period, &day(MONDAY, "present", 510)).await);
    assert!(books.tell(&ana, period, &day(MONDAY, "present", 520)).await);
    let waiting = books.adjustments(&hr).await;
    assert_eq!(
        (waiting[0].minutes, waiting[0].state),
        (100, AdjustmentState::Pending)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_grants_an_adjustment_of_their_own_pay(pool: PgPool) {
    let books = books(pool).await;
    let hana = books.person("Hana Roth", Role::Hr, None).await;
    let igor = books.person("Igor Novak", Role::Hr, None).await;
    books.day(&hana, &day(MONDAY, "present", 420)).await;
    let period = books.locked(&igor, MONDAY, MONDAY).await;
    books
        .tell(&hana, period, &day(MONDAY, "present", 510))
        .await;
    let next = books
        .service
        .make_period(&igor, date("2026-11-24"), date("2026-11-30"))
        .await;
    next.expect("a new period");
    let waiting = books.adjustments(&igor).await;
    for approve in [true, false] {
        let own = books
            .service
            .decide_adjustment(&hana, waiting[0].id, approve)
            .await;
        let problem = model::Problem::from(own.expect_err("it is her own"));
        assert_eq!(
            (problem.status, problem.code.as_str()),
            (403, "about_oneself")
        );
    }
    let decided = books
        .service
        .decide_adjustment(&igor, waiting[0].id, true)
        .await;
    decided.expect("another may");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn whatever_a_day_goes_through_granted_and_waiting_make_up_the_difference(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    books.day(&ana, &day(MONDAY, "incomplete", 0)).await;
    let period = books.locked(&hr, MONDAY, MONDAY).await;
    let next = books
        .service
        .make_period(&hr, date("2026-11-24"), date("2026-11-30"))
        .await;
    next.expect("a new period");
    let sum = "select coalesce(sum(minutes), 0) from attendance.adjustment
               where state in ('approved', 'pending')";
    let waiting = "select count(*) from attendance.adjustment where state = 'pending'";
    for (counted, grant, waits) in [
        (480, false, 1),
        (490, true, 1),
        (490, false, 0),
        (450, false, 1),
        (490, false, 0),
        (460, true, 1),
        (0, false, 1),
    ] {
        books
            .tell(&ana, period, &day(MONDAY, "present", counted))
            .await;
        assert_eq!(books.number(sum).await, counted, "at {counted}");
        assert_eq!(books.number(waiting).await, waits, "at {counted}");
        if grant {
            let first = books.adjustments(&hr).await.remove(0);
            let decided = books.service.decide_adjustment(&hr, first.id, true).await;
            decided.expect("it waited");
        }
    }
    let overtaken = books.adjustments(&hr).await;
    let overtaken = overtaken
        .iter()
        .filter(|a| a.state == AdjustmentState::Overtaken);
    assert_eq!(overtaken.count(), 2);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nothing_is_granted_without_an_open_period(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    books.day(&ana, &day(MONDAY, "incomplete", 0)).await;
    let period = books.locked(&hr, MONDAY, MONDAY).await;
    books.tell(&ana, period, &day(MONDAY, "present", 490)).await;
    let waiting = books.adjustments(&hr).await.remove(0);
    let granted = books.service.decide_adjustment(&hr, waiting.id, true).await;
    assert_eq!(problem(granted), (409, "no_open_period".into()));
    let still = books.adjustments(&hr).await.remove(0);
    assert_eq!(still.state, AdjustmentState::Pending);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_locked_day_is_refused_by_the_database(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    books.day(&ana, &day(MONDAY, "present", 480)).await;
    books.locked(&hr, MONDAY, MONDAY).await;
    let changed = sqlx::query("update attendance.day set version = 2")
        .execute(&books.pool)
        .await;
    let error = changed.expect_err("the period is locked");
    let error = error
        .as_database_error()
        .and_then(|e| e.constraint().map(str::to_owned));
    assert_eq!(error.as_deref(), Some("day_not_locked"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_period_is_locked_once_and_only_when_it_is_over(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let service = &books.service;
    let today = date("2026-11-25");
    let running = service.make_period(&hr, date("2026-11-24"), today).await;
    let running = running.expect("a new period");
    let early = service.lock_period(&hr, running, 1).await;
    assert_eq!(problem(early), (409, "period_not_over".into()));

    books.test.advance(chrono::TimeDelta::days(1));
    let stale = service.lock_period(&hr, running, 7).await;
    assert_eq!(problem(stale), (409, "changed_meanwhile".into()));
    service
        .lock_period(&hr, running, 1)
        .await
        .expect("it is over");
    let twice = service.lock_period(&hr, running, 2).await;
    assert_eq!(problem(twice), (409, "already_decided".into()));
    let view = books.period(&hr, running).await;
    assert_eq!((view.state, view.version), (PeriodState::Locked, 2));
    assert_eq!(view.locked.map(|(by, _)| by).as_deref(), Some("Hana Roth"));
    let told = books.events("attendance.period").await;
    let told: Vec<_> = told.iter().map(|event| event["what"].as_str()).collect();
    assert_eq!(told, [Some("made"), Some("locked")]);
    let audited = books.audited("attendance.period.locked").await;
    assert_eq!(audited.len(), 1);
    assert_eq!(audited[0]["by"], serde_json::json!(hr.who));
    assert_eq!(audited[0]["subject"], format!("period:{running}"));
    assert_eq!(audited[0]["detail"]["to"], "2026-11-25");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn no_day_is_in_two_periods(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let make = |from, to| books.service.make_period(&hr, date(from), date(to));
    make("2026-11-01", "2026-11-30")
        .await
        .expect("a new period");
    let same = make("2026-11-30", "2026-12-31").await;
    assert_eq!(problem(same), (409, "taken".into()));
    make("2026-12-01", "2026-12-31")
        .await
        .expect("it begins a day later");
    let backwards = make("2027-02-02", "2027-02-01").await;
    assert_eq!(problem(backwards), (422, "invalid".into()));
    let endless = make("2028-01-01", "2029-01-01").await;
    assert_eq!(problem(endless), (422, "invalid".into()));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_lock_waits_for_the_derivation_that_is_under_way(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    let made = books
        .service
        .make_period(&hr, date(MONDAY), date(MONDAY))
        .await;
    let period = made.expect("a new period");

    let mut deriving = books.pool.begin().await.expect("a database");
    let shared = "select pg_advisory_xact_lock_shared(hashtextextended('attendance.periods', 0))";
    sqlx::query(shared)
        .execute(&mut *deriving)
        .await
        .expect("the lock");
    let (service, by) = (books.service.clone(), hr.clone());
    let mut locking = tokio::spawn(async move { service.lock_period(&by, period, 1).await });
    let early = tokio::time::timeout(Duration::from_millis(300), &mut locking).await;
    assert!(early.is_err(), "it does not wait");
    // The day that was on its way is still in.
    sqlx::query(
        "insert into attendance.day
             (employee_id, work_date, status, counted_minutes, actual_minutes, expected_minutes,
              balance_minutes, late_minutes, early_minutes, overtime_minutes, flags, document,
              version, policy_version, inputs_hash, derived_at)
         values ($1, $2, 'present', 480, 480, 480, 0, 0, 0, 0, '{}', '{}', 1, 1, $3, now())",
    )
    .bind(id_of(&ana).0)
    .bind(date(MONDAY))
    .bind(vec![0_u8; 32])
    .execute(&mut *deriving)
    .await
    .expect("the period is open");
    deriving.commit().await.expect("a database");
    locking.await.expect("it ends").expect("it locks");
    assert_eq!(books.counted(&ana, MONDAY).await, 480);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn of_two_who_lock_or_decide_at_once_one_does(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    books.day(&ana, &day(MONDAY, "present", 420)).await;
    let period = books
        .service
        .make_period(&hr, date(MONDAY), date(MONDAY))
        .await;
    let period = period.expect("a new period");
    let service = &books.service;
    let (a, b) = tokio::join!(
        service.lock_period(&hr, period, 1),
        service.lock_period(&hr, period, 1)
    );
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);

    let next = service
        .make_period(&hr, date("2026-11-24"), date("2026-11-30"))
        .await;
    next.expect("a new period");
    books.tell(&ana, period, &day(MONDAY, "present", 510)).await;
    let id = books.adjustments(&hr).await[0].id;
    let (a, b) = tokio::join!(
        service.decide_adjustment(&hr, id, true),
        service.decide_adjustment(&hr, id, false)
    );
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn finance_reads_periods_and_changes_none(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let finance = books.person("Fritz Lang", Role::Finance, None).await;
    let manager = books.person("Mia Brandt", Role::Manager, None).await;
    let period = books.locked(&hr, MONDAY, MONDAY).await;
    let service = &books.service;
    let page = service.periods_page(&finance).await.expect("the page");
    assert!(!page.may_change);
    assert_eq!(page.periods.len(), 1);
    assert!(
        service
            .periods_page(&hr)
            .await
            .expect("the page")
            .may_change
    );
    let forbidden = (403, "forbidden".to_owned());
    assert_eq!(problem(service.periods_page(&manager).await), forbidden);
    assert_eq!(
        problem(service.lock_period(&finance, period, 1).await),
        forbidden
    );
    let made = service
        .make_period(&finance, date("2026-12-01"), date("2026-12-31"))
        .await;
    assert_eq!(problem(made), forbidden);
    let decided = books.test.deps.new_id();
    let decided = service.decide_adjustment(&finance, decided, true).await;
    assert_eq!(problem(decided), forbidden);
    let unknown = service
        .decide_adjustment(&hr, books.test.deps.new_id(), true)
        .await;
    assert_eq!(problem(unknown), (404, "not_found".into()));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_page_says_what_is_open_before_the_lock(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    books.day(&ana, &day("2026-11-22", "incomplete", 0)).await;
    books.day(&ana, &day(MONDAY, "present", 480)).await;
    books.day(&ana, &day("2026-11-25", "pending", 0)).await;
    exception(&books, &ana, "2026-11-22").await;
    let made = books
        .service
        .make_period(&hr, date("2026-11-01"), date("2026-11-30"))
        .await;
    let view = books.period(&hr, made.expect("a new period")).await;
    assert_eq!(
        (view.open_days, view.open_exceptions, view.open_requests),
        (2, 1, 0)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_lock_is_refused_while_days_are_being_worked_out(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    let made = books
        .service
        .make_period(&hr, date(MONDAY), date(MONDAY))
        .await;
    let period = made.expect("a new period");
    // The day after reaches the last one; the one after that does not.
    for day in ["2026-11-24", "2026-11-24", "2026-11-25"] {
        stale(&books, &ana, day).await;
    }
    // Somebody else is at them for longer than a lock waits.
    let mut busy = books.pool.begin().await.expect("a database");
    sqlx::query("select id from attendance.stale_day for update")
        .execute(&mut *busy)
        .await
        .expect("the marks");
    let early = books.service.lock_period(&hr, period, 1).await;
    let early = model::Problem::from(early.expect_err("a day is under way"));
    assert_eq!((early.status, early.code.as_str()), (409, "days_under_way"));
    assert!(
        early
            .detail
            .starts_with("1 day is still being worked out. Try again in a moment."),
        "{}",
        early.detail
    );
    let view = books.period(&hr, period).await;
    assert_eq!((view.state, view.version), (PeriodState::Open, 1));

    busy.rollback().await.expect("a database");
    let locked = books.service.lock_period(&hr, period, 1).await;
    locked.expect("nothing is under way");
    let left = "select count(*) from attendance.stale_day where work_date <= '2026-11-24'";
    assert_eq!(books.number(left).await, 0, "the lock has derived it");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_lock_is_refused_while_something_of_a_device_is_not_read(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let made = books
        .service
        .make_period(&hr, date(MONDAY), date(MONDAY))
        .await;
    let period = made.expect("a new period");
    let device: uuid::Uuid = sqlx::query_scalar(
        "insert into attendance.device (id, kind, name, serial, zone, state, created_at)
         values (gen_random_uuid(), 'adms', 'Door', 'A1', 'Europe/Berlin', 'active', now())
         returning id",
    )
    .fetch_one(&books.pool)
    .await
    .expect("a device");
    let deliver = async |minutes: i64| {
        sqlx::query(
            "insert into attendance.device_batch (device_id, kind, body, received_at, lines)
             values ($1, 'attlog', '', $2, 1)",
        )
        .bind(device)
        .bind(books.test.now() + chrono::TimeDelta::minutes(minutes))
        .execute(&books.pool)
        .await
        .expect("a batch");
    };
    deliver(-1).await;
    // What comes once the lock was asked for is late.
    deliver(1).await;
    let early = books.service.lock_period(&hr, period, 1).await;
    let early = model::Problem::from(early.expect_err("a batch is not read"));
    assert_eq!((early.status, early.code.as_str()), (409, "days_under_way"));
    assert!(
        early.detail.starts_with("1 delivery of a wall device"),
        "{}",
        early.detail
    );
    sqlx::query("update attendance.device_batch set done_at = now() where received_at <= $1")
        .bind(books.test.now())
        .execute(&books.pool)
        .await
        .expect("a database");
    let locked = books.service.lock_period(&hr, period, 1).await;
    locked.expect("all of it is read");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_period_is_over_when_its_last_day_is_over_for_everybody(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    sqlx::query("update attendance.employee set zone = 'Pacific/Honolulu' where id = $1")
        .bind(id_of(&ana).0)
        .execute(&books.pool)
        .await
        .expect("a database");
    let made = books
        .service
        .make_period(&hr, date(MONDAY), date("2026-11-24"))
        .await;
    let period = made.expect("a new period");
    // It is eight in the morning of the 25th in London, and ten in the evening of the 24th there.
    let early = books.service.lock_period(&hr, period, 1).await;
    let early = model::Problem::from(early.expect_err("the day lasts"));
    assert_eq!(
        (early.status, early.code.as_str()),
        (409, "period_not_over")
    );
    assert_eq!(
        early.detail,
        "The last day of this period, 24 November 2026, is over everywhere on \
         25 November 2026, 11:00 (Berlin time): Honolulu is the last place. Lock it then."
    );
    books.test.advance(chrono::TimeDelta::hours(2));
    // A site counts as well, whoever works there.
    sqlx::query(
        "insert into attendance.site (id, name, zone)
         values (gen_random_uuid(), 'Samoa', 'Pacific/Pago_Pago')",
    )
    .execute(&books.pool)
    .await
    .expect("a site");
    let early = books.service.lock_period(&hr, period, 1).await;
    assert_eq!(problem(early), (409, "period_not_over".into()));
    books.test.advance(chrono::TimeDelta::hours(1));
    let locked = books.service.lock_period(&hr, period, 1).await;
    locked.expect("it is over");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn overtime_that_waits_is_counted_before_the_lock(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    // So long ago that overtime of open periods alone is still asked about.
    let (from, to) = ("2026-08-03", "2026-08-31");
    let mut long = day("2026-08-04", "present", 540);
    long.overtime = vec![Bucket {
        multiplier: Multiplier::ONE_AND_A_HALF,
        minutes: 60,
    }];
    long.unapproved_overtime_minutes = 60;
    books.day(&ana, &long).await;
    books.day(&ana, &day("2026-08-05", "present", 480)).await;
    let made = books.service.make_period(&hr, date(from), date(to)).await;
    let period = made.expect("a new period");
    assert_eq!(books.period(&hr, period).await.open_overtime, 1);
    let inbox = books.service.inbox(&hr).await.expect("the inbox");
    assert_eq!(inbox.overtime.len(), 1, "it is there to be decided");

    let refused = OvertimeChoice {
        employee: id_of(&ana),
        work_date: date("2026-08-04"),
        version: 0,
        early: false,
        minutes: 0,
        seen_early: 0,
        seen_overtime: 60,
    };
    let decided = books.service.decide_overtime(&hr, &[refused], "").await;
    decided.expect("it waited");
    assert_eq!(books.period(&hr, period).await.open_overtime, 0);
}

async fn stale(books: &Books, whose: &model::Actor, day: &str) {
    sqlx::query(
        "insert into attendance.stale_day (employee_id, work_date, since) values ($1, $2, now())",
    )
    .bind(id_of(whose).0)
    .bind(date(day))
    .execute(&books.pool)
    .await
    .expect("a mark");
}

async fn exception(books: &Books, whose: &model::Actor, day: &str) {
    sqlx::query(
        "insert into attendance.exception
             (id, employee_id, work_date, kind, severity, minutes, text, state, found_at)
         values (gen_random_uuid(), $1, $2, 'missing_out', 'warning', 0, '', 'open', now())",
    )
    .bind(id_of(whose).0)
    .bind(date(day))
    .execute(&books.pool)
    .await
    .expect("an exception");
}
