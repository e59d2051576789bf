//! Reminders of missing punches.

use model::attendance::views::{Change, CorrectionForm};
use sqlx::PgPool;

use crate::desk::{Desk, OUT, day, desk, local};

async fn mails(desk: &Desk) -> Vec<(String, String, String)> {
    sqlx::query_as(
        "select to_address, subject, text_body from platform.mail order by created_at, id",
    )
    .fetch_all(&desk.pool)
    .await
    .expect("a database")
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_missing_punch_is_told_once(pool: PgPool) {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-11-23", "2026-11-27").await;
    desk.punches("Ana", "2026-11-24", &["09:00"]).await;
    desk.tick("attendance.remind").await;
    desk.tick("attendance.remind").await;
    let mails = mails(&desk).await;
    let [(to, subject, text)] = mails.as_slice() else {
        panic!("not one mail: {mails:?}");
    };
    assert_eq!(to, "ana.kowalski@example.org");
    assert_eq!(subject, "Your punch out of Tuesday, 24 November is missing");
    assert!(text.contains("https://punctual.example/attendance/days/2026-11-24"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_is_reminded_while_at_work_or_of_what_is_asked_for(pool: PgPool) {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-11-23", "2026-11-27").await;
    // It is one o'clock, and she is at work.
    desk.punches("Ana", "2026-11-25", &["09:00"]).await;
    desk.punches("Ana", "2026-11-24", &["09:00"]).await;
    let form = CorrectionForm {
        work_date: day("2026-11-24"),
        changes: vec![Change::Add {
            at: local("2026-11-24", "18:00"),
            direction: OUT,
        }],
        reason: "I forgot.".into(),
    };
    let ana = desk.actor("Ana");
    let asked = desk.service.request_correction(&ana, &form, "one").await;
    asked.expect("a good request");
    desk.tick("attendance.remind").await;
    assert_eq!(mails(&desk).await, []);
}
