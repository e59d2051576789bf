//! Retention: what goes after its time, and that all else of a punch stays.

use chrono::{DateTime, TimeDelta, Utc};
use model::Role;
use sqlx::PgPool;

use crate::books::{Books, at, books, date, day};

/// A punch that came at an instant, from an address. It was made when it came, or at `made`.
async fn punch(books: &Books, key: &str, came: DateTime<Utc>, made: Option<DateTime<Utc>>) {
    let employee: uuid::Uuid = sqlx::query_scalar("select id from attendance.employee limit 1")
        .fetch_one(&books.pool)
        .await
        .expect("somebody");
    let made = made.unwrap_or(came);
    sqlx::query(
        "with told as (
             insert into attendance.punch_key (source, key, punch_id, occurred_at)
             values ('web', $1, gen_random_uuid(), $3)
             returning punch_id
         )
         insert into attendance.punch
             (id, occurred_at, received_at, source_kind, source, employee_id, zone, direction, trusted,
              raw_text, address, flags)
         select punch_id, $3, $2, 'web', $1, $4, 'Europe/Berlin', 'in', true, 'as it came',
             '192.0.2.7', '{}'
         from told",
    )
    .bind(key)
    .bind(came)
    .bind(made)
    .bind(employee)
    .execute(&books.pool)
    .await
    .expect("a punch");
}

async fn refused(books: &Books, sql: &'static str) -> bool {
    let outcome = sqlx::query(sql).execute(&books.pool).await;
    let error = outcome.err().and_then(|error| {
        let error = error.as_database_error()?;
        error.constraint().map(str::to_owned)
    });
    error.as_deref() == Some("attendance_append_only")
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_old_punch_loses_its_address_and_nothing_else(pool: PgPool) {
    let books = books(pool).await;
    books.person("Ana Kowalski", Role::Employee, None).await;
    let now = books.test.now();
    punch(&books, "old", now - TimeDelta::days(91), None).await;
    punch(&books, "fresh", now - TimeDelta::days(89), None).await;
    // It is old by when it came, whatever its clock says.
    punch(&books, "ahead", now - TimeDelta::days(91), Some(now)).await;
    let all = "select jsonb_agg(to_jsonb(p) - 'address' order by p.id) from attendance.punch p";
    let before: serde_json::Value = sqlx::query_scalar(all)
        .fetch_one(&books.pool)
        .await
        .expect("punches");

    let cleared = books.service.clear_old().await.expect("the night's work");
    assert_eq!(cleared.addresses, 2);
    let with: Vec<String> =
        sqlx::query_scalar("select source from attendance.punch where address is not null")
            .fetch_all(&books.pool)
            .await
            .expect("punches");
    assert_eq!(with, ["fresh"]);
    let after: serde_json::Value = sqlx::query_scalar(all)
        .fetch_one(&books.pool)
        .await
        .expect("punches");
    assert_eq!(after, before);
    let again = books
        .service
        .clear_old()
        .await
        .expect("another night's work");
    assert_eq!(again, attendance::retention::Cleared::default());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_else_changes_a_punch(pool: PgPool) {
    let books = books(pool).await;
    books.person("Ana Kowalski", Role::Employee, None).await;
    punch(&books, "one", books.test.now(), None).await;
    let made = at("1999-12-31T23:59:00Z");
    punch(&books, "stray", books.test.now(), Some(made)).await;
    for sql in [
        "update attendance.punch set direction = 'out'",
        "update attendance.punch set address = '192.0.2.8'",
        "update attendance.punch set address = null, direction = 'out'",
        "update attendance.punch set address = null, occurred_at = occurred_at + interval '1 hour'",
        "update attendance.punch set address = null, flags = '{old_time}'",
        "delete from attendance.punch",
        "delete from attendance.punch_elsewhen",
    ] {
        assert!(refused(&books, sql).await, "{sql}");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn punches_go_by_whole_months_after_five_years(pool: PgPool) {
    let books = books(pool).await;
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    for month in ["2021-10-01", "2021-11-01"] {
        sqlx::query("select attendance.keep_month($1::date)")
            .bind(date(month))
            .execute(&books.pool)
            .await
            .expect("a month");
    }
    punch(&books, "october", at("2021-10-31T22:00:00Z"), None).await;
    punch(&books, "november", at("2021-11-01T08:00:00Z"), None).await;
    let stray = Some(at("1970-01-01T00:00:00Z"));
    punch(&books, "old stray", at("2021-10-05T08:00:00Z"), stray).await;
    let stray = Some(at("1970-01-02T00:00:00Z"));
    punch(&books, "stray", at("2026-11-01T08:00:00Z"), stray).await;
    books.day(&ana, &day("2021-10-31", "present", 480)).await;

    let cleared = books.service.clear_old().await.expect("the night's work");
    assert_eq!(cleared.months, 1);
    let left: Vec<String> =
        sqlx::query_scalar("select source from attendance.punch order by received_at")
            .fetch_all(&books.pool)
            .await
            .expect("punches");
    assert_eq!(left, ["november", "stray"]);
    let keys: Vec<String> = sqlx::query_scalar("select key from attendance.punch_key order by key")
        .fetch_all(&books.pool)
        .await
        .expect("keys");
    assert_eq!(keys, ["november", "stray"]);
    assert_eq!(books.counted(&ana, "2021-10-31").await, 480, "days stay");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn batches_go_ninety_days_after_they_were_worked_off(pool: PgPool) {
    let books = books(pool).await;
    sqlx::query(
        "with door as (
             insert into attendance.device (id, kind, serial, name, zone, state, created_at)
             values (gen_random_uuid(), 'adms', 'A1', 'Door', 'Europe/Berlin', 'active', now())
             returning id
         )
         insert into attendance.device_batch (device_id, kind, body, received_at, done_at)
         select door.id, 'ATTLOG', 'x', $1::timestamptz - came, $1::timestamptz - done
         from door, (values
             (interval '100 days', interval '91 days'),
             (interval '100 days', interval '89 days'),
             (interval '100 days', null)
         ) as batch (came, done)",
    )
    .bind(books.test.now())
    .execute(&books.pool)
    .await
    .expect("batches");
    sqlx::query(
        "insert into attendance.device_line
             (batch_id, line, device_id, text, reason, received_at)
         select id, 1, device_id, id::text, 'unreadable', received_at from attendance.device_batch
         union all
         select null, 1, device_id, 'old', 'unreadable', $1::timestamptz - interval '366 days'
         from (select distinct device_id from attendance.device_batch) known",
    )
    .bind(books.test.now())
    .execute(&books.pool)
    .await
    .expect("lines");
    let cleared = books.service.clear_old().await.expect("the night's work");
    assert_eq!((cleared.batches, cleared.lines), (1, 1));
    assert_eq!(
        books
            .number("select count(*) from attendance.device_batch")
            .await,
        2
    );
    assert_eq!(
        books
            .number("select count(*) from attendance.device_line")
            .await,
        3,
        "lines outlive their batch"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn months_to_come_have_a_partition_of_their_own(pool: PgPool) {
    let books = books(pool).await;
    books.person("Ana Kowalski", Role::Employee, None).await;
    // The migration has made months until the end of 2028.
    books.test.advance(TimeDelta::days(900));
    books.test.drain(&books.registry).await;
    books.service.clear_old().await.expect("the night's work");
    let later = books.test.now() + TimeDelta::days(300);
    punch(&books, "later", later, None).await;
    let place: String = sqlx::query_scalar(
        "select tableoid::regclass::text from attendance.punch where source = 'later'",
    )
    .fetch_one(&books.pool)
    .await
    .expect("the punch");
    assert_eq!(place, later.format("attendance.punch_%Y_%m").to_string());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_day_outlives_its_punches(pool: PgPool) {
    let world = crate::world::world(pool).await;
    let old = day("2021-10-30", "present", 480);
    sqlx::query(
        "insert into attendance.day
             (employee_id, work_date, status, counted_minutes, actual_minutes, expected_minutes,
              balance_minutes, late_minutes, early_minutes, overtime_minutes, flags, document,
              version, policy_version, inputs_hash, derived_at)
         values ($1, $2, 'present', 480, 480, 480, 0, 0, 0, 0, '{}', $3, 1, 1, $4, now())",
    )
    .bind(world.id("Ana").0)
    .bind(old.work_date)
    .bind(serde_json::to_value(&old).expect("JSON"))
    .bind(vec![0_u8; 32])
    .execute(&world.pool)
    .await
    .expect("a day");
    world.mark("Ana", "2021-10-30", "2021-10-30").await;
    assert_eq!(world.derive().await, 1, "the mark is done with");
    assert_eq!(world.day("Ana", "2021-10-30").await.1, 480);
}
