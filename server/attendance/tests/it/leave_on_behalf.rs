//! Leave that whoever decides gives to somebody who has not asked, and ends.

use attendance::Error;
use model::Actor;
use model::attendance::day::Status;
use model::attendance::views::{LeaveForm, LeaveState};
use sqlx::PgPool;

use crate::desk::{day, desk};
use crate::leave::{YEAR, asked, decide, status};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn whoever_decides_gives_leave_unasked(pool: PgPool) {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-11-23", "2026-11-27").await;
    desk.derive().await;
    let (tom, ana) = (desk.actor("Tom"), desk.id("Ana"));
    let form = desk
        .leave_form("Sick leave", "2026-11-24", "2026-11-25")
        .await;
    let cost = desk.service.leave_cost_of(&tom, ana, &form).await;
    assert_eq!(cost.expect("a good form").minutes, 2 * 480);
    let mut given = None;
    // Sent twice, it is given once.
    for _ in 0..2 {
        let done = desk.service.give_leave(&tom, ana, &form, "one").await;
        given = Some(done.expect("his to give"));
    }
    let given = given.expect("leave");
    assert_eq!(
        (given.state, given.minutes),
        (LeaveState::Approved, 2 * 480)
    );
    assert!(given.on_behalf && given.may_end && !given.may_decide);
    assert_eq!(given.decided_by.as_deref(), Some("Tom Becker"));
    let days = "select count(*) from attendance.leave_day";
    assert_eq!(desk.count(days).await, 2);
    desk.derive().await;
    let sick = desk.day("Ana", "2026-11-24").await.expect("a day");
    assert_eq!(sick.status.status, Status::OnLeave);
    let told = desk.service.absence_of(given.id).await.expect("an answer");
    assert_eq!(told.map(|told| told.kind).as_deref(), Some("sick"));
    let asked = "select count(*) from platform.outbox where topic = 'attendance.request'";
    assert_eq!(desk.count(asked).await, 1);
    let audited = "select count(*) from platform.outbox where topic = 'attendance.audited'
         and payload ->> 'action' = 'attendance.leave.given'";
    assert_eq!(desk.count(audited).await, 1);
    // She sees who it was.
    let page = desk.service.leave_page(&desk.actor("Ana")).await;
    let page = page.expect("her page");
    assert!(page.requests[0].on_behalf && !page.requests[0].may_end);
    // Days that are taken stay taken.
    let again = desk.service.give_leave(&tom, ana, &form, "two").await;
    assert_eq!(status(again.expect_err("she is away already")), 409);
    let other = desk
        .service
        .give_leave(&tom, desk.id("Ben"), &form, "one")
        .await;
    assert!(matches!(other, Err(Error::KeyReused)));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn leave_given_unasked_is_held_to_the_same_rules(pool: PgPool) {
    let desk = desk(pool).await;
    let ana = desk.id("Ana");
    let short = desk
        .leave_form("Annual leave", "2026-12-07", "2026-12-08")
        .await;
    let give = async |first: &str, employee, form: &LeaveForm| {
        let actor = desk.actor(first);
        let given = desk.service.give_leave(&actor, employee, form, "one").await;
        given.map_or_else(status, |_| 200)
    };
    for (first, employee, expected) in [
        ("Ravi", ana, 404),
        ("Ben", ana, 403),
        ("Ana", ana, 403),
        ("Hana", desk.id("Hana"), 403),
        ("Tom", desk.id("Tom"), 403),
    ] {
        assert_eq!(give(first, employee, &short).await, expected, "{first}");
    }
    let requests = "select count(*) from attendance.leave_request";
    assert_eq!(desk.count(requests).await, 0);
    // A manager gives what there is; only HR gives more.
    let long = desk
        .leave_form("Annual leave", "2026-11-02", "2026-12-31")
        .await;
    assert_eq!(give("Tom", ana, &long).await, 409);
    assert_eq!(desk.count(requests).await, 0);
    assert_eq!(give("Hana", ana, &long).await, 200);
    assert_eq!(desk.left("Ana").await, YEAR - 44 * 480);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn leave_that_has_begun_is_ended_by_whoever_decides(pool: PgPool) {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-11-23", "2026-11-27").await;
    let form = desk
        .leave_form("Annual leave", "2026-11-23", "2026-11-27")
        .await;
    let request = asked(&desk, "Ana", &form, "one").await;
    let (tom, ana) = (desk.actor("Tom"), desk.actor("Ana"));
    let granted = decide(&desk, &tom, &request).await.expect("his to decide");
    assert!(granted.may_end);
    desk.derive().await;
    assert_eq!(desk.left("Ana").await, YEAR - 5 * 480);
    let end = async |actor: &Actor, version: i32, from: &str, reason: &str| {
        desk.service
            .end_leave(actor, granted.id, version, day(from), reason)
            .await
    };
    let seen = granted.version;
    let refused = async |first: &str, version: i32, from: &str, reason: &str| {
        let ended = end(&desk.actor(first), version, from, reason).await;
        status(ended.expect_err("it cannot be ended so"))
    };
    assert_eq!(refused("Ravi", seen, "2026-11-26", "Back").await, 404);
    assert_eq!(refused("Ana", seen, "2026-11-26", "Back").await, 403);
    assert_eq!(refused("Tom", seen, "2026-11-26", " ").await, 422);
    assert_eq!(refused("Tom", seen, "2026-11-28", "Back").await, 422);
    assert_eq!(refused("Tom", seen, "2026-11-22", "Back").await, 422);
    assert_eq!(refused("Tom", seen + 1, "2026-11-26", "Back").await, 409);

    let ended = end(&tom, seen, "2026-11-26", "She came back").await;
    let ended = ended.expect("his to end");
    assert_eq!(
        (ended.state, ended.to_day, ended.minutes),
        (LeaveState::Approved, day("2026-11-25"), 3 * 480)
    );
    let how = ended.ended.expect("who ended it");
    assert_eq!(
        (how.by.as_str(), how.granted_to_day, how.note.as_str()),
        ("Tom Becker", day("2026-11-27"), "She came back")
    );
    // Nothing of the ledger is changed: the two days are given back by entries.
    assert_eq!(desk.left("Ana").await, YEAR - 3 * 480);
    let entries = async |kind: &'static str| desk.count(kind).await;
    let taken = "select count(*) from attendance.leave_entry where kind = 'taken'";
    let back = "select count(*) from attendance.leave_entry where kind = 'given_back'";
    assert_eq!((entries(taken).await, entries(back).await), (5, 2));
    let days = "select count(*) from attendance.leave_day where day < '2026-11-26'";
    assert_eq!(desk.count(days).await, 3);
    let days = "select count(*) from attendance.leave_day";
    assert_eq!(desk.count(days).await, 3);
    // Its days are derived anew, and meetings hear of the shorter absence.
    let stale = "select count(distinct work_date) from attendance.stale_day
         where work_date between '2026-11-26' and '2026-11-27'";
    assert_eq!(desk.count(stale).await, 2);
    desk.derive().await;
    let thursday = desk.day("Ana", "2026-11-26").await;
    assert!(thursday.is_none_or(|day| day.status.status != Status::OnLeave));
    let wednesday = desk.day("Ana", "2026-11-25").await.expect("a day");
    assert_eq!(wednesday.status.status, Status::OnLeave);
    let told = desk
        .service
        .absence_of(granted.id)
        .await
        .expect("an answer")
        .expect("she is away");
    assert_eq!(told.to.to_rfc3339(), "2026-11-25T23:00:00+00:00");
    let changed = "select count(*) from platform.outbox where topic = 'leave.changed'";
    assert_eq!(desk.count(changed).await, 2);
    // She is told, with who it was and why.
    let asked = "select count(*) from platform.outbox where topic = 'attendance.request'";
    assert_eq!(desk.count(asked).await, 3);
    let audited = "select count(*) from platform.outbox where topic = 'attendance.audited'
         and payload ->> 'action' = 'attendance.leave.ended'";
    assert_eq!(desk.count(audited).await, 1);
    let page = desk.service.leave_page(&ana).await.expect("her page");
    let shown = page.requests[0].ended.as_ref();
    assert_eq!(shown.map(|end| end.note.as_str()), Some("She came back"));
    // The days are free for other leave.
    let form = desk
        .leave_form("Sick leave", "2026-11-26", "2026-11-26")
        .await;
    let sick = desk.service.give_leave(&tom, desk.id("Ana"), &form, "two");
    sick.await.expect("a day that is free");

    // From its first day on all of it is taken back, once.
    let whole = end(&desk.actor("Hana"), seen + 1, "2026-11-23", "Never left").await;
    let whole = whole.expect("hers to end");
    assert_eq!(whole.state, LeaveState::Cancelled);
    assert_eq!(
        whole.ended.map(|end| end.granted_to_day),
        Some(day("2026-11-27"))
    );
    assert_eq!(desk.left("Ana").await, YEAR);
    // The day of sick leave is an entry as well, and stays.
    assert_eq!((entries(taken).await, entries(back).await), (6, 5));
    assert!(
        desk.service
            .absence_of(granted.id)
            .await
            .expect("an answer")
            .is_none()
    );
    assert_eq!(refused("Tom", seen + 2, "2026-11-23", "Again").await, 409);
}
