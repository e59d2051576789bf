//! Corrections: what is previewed is what is made, and who may make it.

use attendance::Error;
use model::attendance::day::{Day, Flag, Status};
use model::attendance::views::{Change, CorrectionForm, CorrectionState, CorrectionView};
use model::{Actor, Problem, PunchId};
use sqlx::PgPool;

use crate::desk::{Desk, OUT, day, desk, local};

const TUESDAY: &str = "2026-11-24";

/// Ana has a shift on Tuesday and has punched in alone.
async fn forgotten_out(pool: PgPool) -> Desk {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-11-23", "2026-11-27").await;
    desk.punches("Ana", TUESDAY, &["09:00"]).await;
    desk
}

fn form(changes: Vec<Change>) -> CorrectionForm {
    CorrectionForm {
        work_date: day(TUESDAY),
        changes,
        reason: "I forgot.".into(),
    }
}

fn add_out(time: &str) -> CorrectionForm {
    form(vec![Change::Add {
        at: local(TUESDAY, time),
        direction: OUT,
    }])
}

async fn asked(desk: &Desk, form: &CorrectionForm) -> CorrectionView {
    let ana = desk.actor("Ana");
    let asked = desk.service.request_correction(&ana, form, "one").await;
    asked.expect("a good request")
}

async fn decide(
    desk: &Desk,
    actor: &Actor,
    view: &CorrectionView,
) -> Result<CorrectionView, Error> {
    let service = &desk.service;
    service
        .decide_correction(actor, view.id, view.version, true, "")
        .await
}

/// A day without the ids of punches, which a preview cannot know.
fn without_ids(day: Option<Day>) -> Option<Day> {
    day.map(|mut day| {
        for line in &mut day.explanation {
            line.punches.clear();
        }
        day
    })
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_preview_is_what_granting_makes(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let before = desk.day("Ana", TUESDAY).await;
    assert!(before.as_ref().is_some_and(|day| day.has(Flag::MissingOut)));
    let mut form = add_out("18:10");
    form.changes.push(Change::SetTime {
        punch: desk.punch_ids("Ana").await[0],
        at: local(TUESDAY, "08:58"),
    });
    let ana = desk.actor("Ana");
    let preview = desk.service.preview_correction(&ana, &form).await;
    let preview = preview.expect("a good form");
    assert_eq!(without_ids(preview.before), without_ids(before));
    let after = preview.after.as_ref().expect("a day");
    assert_eq!(after.counted_minutes, 490);
    assert!(!preview.locked);

    let request = asked(&desk, &form).await;
    assert_eq!(
        request.before.map(|day| day.status.status),
        Some(Status::Incomplete)
    );
    assert_eq!(
        request.changes,
        [
            "Add a punch out at 18:10",
            "Move the punch of 09:00 to 08:58"
        ]
    );
    let request = asked(&desk, &form).await;
    let granted = decide(&desk, &desk.actor("Tom"), &request)
        .await
        .expect("his to decide");
    assert_eq!(granted.state, CorrectionState::Approved);
    desk.derive().await;
    assert_eq!(
        without_ids(desk.day("Ana", TUESDAY).await),
        without_ids(preview.after)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_punch_itself_stays(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let punch = desk.punch_ids("Ana").await[0];
    let request = asked(&desk, &form(vec![Change::Void { punch }])).await;
    decide(&desk, &desk.actor("Tom"), &request)
        .await
        .expect("his to decide");
    desk.derive().await;
    let kept: (PunchId, String) = sqlx::query_as(
        "select id, to_char(occurred_at at time zone 'UTC', 'HH24:MI') from attendance.punch",
    )
    .fetch_one(&desk.pool)
    .await
    .expect("one punch");
    assert_eq!(kept, (punch, "08:00".to_owned()));
    let annotations = "select count(*) from attendance.punch_annotation where kind = 'void'";
    assert_eq!(desk.count(annotations).await, 1);
    let day = desk.day("Ana", TUESDAY).await.expect("a day");
    assert_eq!(day.status.status, Status::Absent);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn only_the_manager_and_hr_decide_and_nobody_for_themselves(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let request = asked(&desk, &add_out("18:00")).await;
    for stranger in ["Ravi", "Ana", "Ben"] {
        let refused = decide(&desk, &desk.actor(stranger), &request).await;
        assert!(
            matches!(refused, Err(Error::NotFound(_) | Error::Forbidden(_))),
            "{stranger}"
        );
    }
    assert!(matches!(
        decide(&desk, &desk.actor("Ravi"), &request).await,
        Err(Error::NotFound("request"))
    ));
    // HR asks as well, and her own request is for another.
    desk.punches("Hana", TUESDAY, &["09:00"]).await;
    let hana = desk.actor("Hana");
    let own = desk
        .service
        .request_correction(&hana, &add_out("18:00"), "one")
        .await;
    let own = own.expect("a good request");
    assert!(!own.may_decide && own.may_withdraw);
    assert!(matches!(
        decide(&desk, &hana, &own).await,
        Err(Error::NotFound(_))
    ));
    decide(&desk, &hana, &request)
        .await
        .expect("hers to decide");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_decided_is_decided(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let request = asked(&desk, &add_out("18:00")).await;
    let (tom, hana) = (desk.actor("Tom"), desk.actor("Hana"));
    let (one, other) = tokio::join!(
        decide(&desk, &tom, &request),
        decide(&desk, &hana, &request)
    );
    let refused = match (one, other) {
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
        other => panic!("not one winner: {other:?}"),
    };
    assert_eq!(Problem::from(refused).status, 409);
    let manual = "select count(*) from attendance.punch where source_kind = 'manual'";
    assert_eq!(desk.count(manual).await, 1);
    let ana = desk.actor("Ana");
    let late = desk
        .service
        .withdraw_correction(&ana, request.id, request.version)
        .await;
    assert_eq!(Problem::from(late.expect_err("too late")).status, 409);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_request_that_was_taken_back_makes_nothing(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let request = asked(&desk, &add_out("18:00")).await;
    let (ana, tom) = (desk.actor("Ana"), desk.actor("Tom"));
    let stranger = desk
        .service
        .withdraw_correction(&tom, request.id, request.version)
        .await;
    assert!(matches!(stranger, Err(Error::NotFound(_))));
    let back = desk
        .service
        .withdraw_correction(&ana, request.id, request.version)
        .await;
    assert_eq!(back.expect("her own").state, CorrectionState::Withdrawn);
    assert!(matches!(
        decide(&desk, &tom, &request).await,
        Err(Error::Decided("withdrawn"))
    ));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_key_is_for_one_request(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let first = asked(&desk, &add_out("18:00")).await;
    let again = asked(&desk, &add_out("18:00")).await;
    assert_eq!(first.id, again.id);
    let ana = desk.actor("Ana");
    let other = desk
        .service
        .request_correction(&ana, &add_out("17:00"), "one")
        .await;
    assert!(matches!(other, Err(Error::KeyReused)));
    assert_eq!(
        desk.count("select count(*) from attendance.correction")
            .await,
        1
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn changes_that_cannot_be_are_named(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    desk.punches("Ben", TUESDAY, &["09:00"]).await;
    let of_ben = desk.punch_ids("Ben").await[0];
    let own = desk.punch_ids("Ana").await[0];
    let ana = desk.actor("Ana");
    let form = form(vec![
        Change::Void { punch: of_ben },
        Change::Add {
            at: local("2026-11-28", "18:00"),
            direction: OUT,
        },
        Change::Add {
            at: local("2026-11-25", "18:00"),
            direction: OUT,
        },
        Change::Void { punch: own },
        Change::SetTime {
            punch: own,
            at: local(TUESDAY, "08:00"),
        },
    ]);
    let refused = desk.service.preview_correction(&ana, &form).await;
    let problem = Problem::from(refused.expect_err("much is wrong"));
    let fields: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "changes[0].punch",
            "changes[1].at",
            "changes[2].at",
            "changes[4].punch"
        ]
    );
    assert_eq!(problem.status, 422);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_manager_finds_it_in_the_inbox(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let request = asked(&desk, &add_out("18:00")).await;
    let (tom, ravi, hana) = (desk.actor("Tom"), desk.actor("Ravi"), desk.actor("Hana"));
    for (reader, waits) in [(&tom, 1), (&hana, 1), (&ravi, 0)] {
        let inbox = desk.service.inbox(reader).await.expect("an inbox");
        assert_eq!(inbox.corrections.len(), waits);
        assert!(inbox.corrections.iter().all(|one| one.may_decide));
    }
    assert!(matches!(
        desk.service.inbox(&desk.actor("Ana")).await,
        Err(Error::Forbidden(_))
    ));
    decide(&desk, &tom, &request).await.expect("his to decide");
    let inbox = desk.service.inbox(&tom).await.expect("an inbox");
    assert!(inbox.corrections.is_empty());
    assert_eq!(
        inbox.decided[0].0,
        "Tom Becker approved the correction of Ana Kowalski, 24 Nov 2026"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn after_the_lock_it_becomes_an_adjustment(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    sqlx::query(
        "insert into attendance.period (id, during, state, version, locked_by_label, locked_at)
         values (gen_random_uuid(), '[2026-11-23,2026-11-25)', 'locked', 1, 'Hana', now())",
    )
    .execute(&desk.pool)
    .await
    .expect("a locked period");
    let (ana, form) = (desk.actor("Ana"), add_out("18:10"));
    let preview = desk.service.preview_correction(&ana, &form).await;
    assert!(preview.expect("a good form").locked);
    let request = asked(&desk, &form).await;
    decide(&desk, &desk.actor("Tom"), &request)
        .await
        .expect("his to decide");
    desk.derive().await;
    let locked = desk.day("Ana", TUESDAY).await.expect("a day");
    assert_eq!(locked.counted_minutes, 0);
    let adjustment = "select minutes::bigint from attendance.adjustment where state = 'pending'";
    assert_eq!(desk.count(adjustment).await, 490);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_old_day_can_still_be_put_right(pool: PgPool) {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-07-06", "2026-07-06").await;
    let form = CorrectionForm {
        work_date: day("2026-07-06"),
        changes: ["09:00", "18:00"]
            .map(|time| Change::Add {
                at: local("2026-07-06", time),
                direction: if time == "09:00" {
                    model::attendance::day::Direction::In
                } else {
                    OUT
                },
            })
            .to_vec(),
        reason: "The reader was broken.".into(),
    };
    let request = asked(&desk, &form).await;
    decide(&desk, &desk.actor("Tom"), &request)
        .await
        .expect("his to decide");
    desk.derive().await;
    let day = desk.day("Ana", "2026-07-06").await.expect("a day");
    assert_eq!(
        (day.counted_minutes, day.status.status),
        (480, Status::Present)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn of_a_time_that_was_shown_twice_the_first_is_meant(pool: PgPool) {
    let desk = desk(pool).await;
    let form = CorrectionForm {
        work_date: day("2026-10-25"),
        changes: vec![Change::Add {
            at: local("2026-10-25", "02:30"),
            direction: OUT,
        }],
        reason: "The night the clocks went back.".into(),
    };
    let request = asked(&desk, &form).await;
    decide(&desk, &desk.actor("Tom"), &request)
        .await
        .expect("his to decide");
    let at = "select extract(epoch from occurred_at)::bigint from attendance.punch";
    let first: chrono::DateTime<chrono::Utc> = "2026-10-25T00:30:00Z".parse().expect("an instant");
    assert_eq!(desk.count(at).await, first.timestamp());
    let mut gap = form;
    gap.work_date = day("2026-03-29");
    gap.changes = vec![Change::Add {
        at: local("2026-03-29", "02:30"),
        direction: OUT,
    }];
    let ana = desk.actor("Ana");
    let refused = desk.service.preview_correction(&ana, &gap).await;
    let problem = Problem::from(refused.expect_err("no clock showed it"));
    assert!(problem.message_for("changes[0].at").is_some());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_punch_of_another_day_is_put_right_there(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let punch = desk.punch_ids("Ana").await[0];
    let form = CorrectionForm {
        work_date: day("2026-11-20"),
        changes: vec![Change::Void { punch }],
        reason: "Wrong day.".into(),
    };
    let ana = desk.actor("Ana");
    let refused = desk.service.preview_correction(&ana, &form).await;
    let problem = Problem::from(refused.expect_err("it is not of this day"));
    assert!(problem.message_for("changes[0].punch").is_some());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn text_that_cannot_be_kept_is_refused(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let mut form = add_out("18:00");
    form.reason = "nothing\0".into();
    let ana = desk.actor("Ana");
    let refused = desk.service.request_correction(&ana, &form, "one").await;
    assert_eq!(Problem::from(refused.expect_err("a zero byte")).status, 422);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn whoever_decides_puts_a_day_right_unasked(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let (tom, ana) = (desk.actor("Tom"), desk.id("Ana"));
    let form = add_out("18:10");
    let preview = desk.service.preview_correction_of(&tom, ana, &form).await;
    let preview = preview.expect("a good form");
    let mut made = None;
    // Sent twice, it is made once.
    for _ in 0..2 {
        let done = desk.service.make_correction(&tom, ana, &form, "one").await;
        made = Some(done.expect("his to put right"));
    }
    let made = made.expect("a correction");
    assert_eq!(made.state, CorrectionState::Approved);
    assert!(made.on_behalf && !made.may_decide && !made.may_withdraw);
    assert_eq!(
        (made.asked_by.as_str(), made.decided_by.as_deref()),
        ("Tom Becker", Some("Tom Becker"))
    );
    assert_eq!((made.employee.id, made.reason.as_str()), (ana, "I forgot."));
    desk.derive().await;
    assert_eq!(
        without_ids(desk.day("Ana", TUESDAY).await),
        without_ids(preview.after)
    );
    let manual = "select count(*) from attendance.punch where source_kind = 'manual'";
    assert_eq!(desk.count(manual).await, 1);
    // She is told, reads who it was and why, and so does the audit log.
    let told = "select count(*) from platform.outbox where topic = 'attendance.request'";
    assert_eq!(desk.count(told).await, 1);
    let audited = "select count(*) from platform.outbox where topic = 'attendance.audited'
         and payload ->> 'action' = 'attendance.correction.made'";
    assert_eq!(desk.count(audited).await, 1);
    let page = desk
        .service
        .day_page(&desk.actor("Ana"), None, day(TUESDAY))
        .await;
    let page = page.expect("her page");
    assert!(!page.may_correct);
    let [shown] = page.corrections.as_slice() else {
        panic!("not one correction: {:?}", page.corrections);
    };
    assert!(shown.on_behalf && !shown.may_withdraw);
    assert_eq!(shown.asked_by, "Tom Becker");
    // What somebody asks for is no such thing.
    let asked = asked(&desk, &add_out("18:20")).await;
    assert!(!asked.on_behalf);
    // The key is for this correction alone.
    let other = desk
        .service
        .make_correction(&tom, desk.id("Ben"), &form, "one")
        .await;
    assert!(matches!(other, Err(Error::KeyReused)));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_puts_a_day_right_that_is_not_theirs_to_decide(pool: PgPool) {
    let desk = forgotten_out(pool).await;
    let ana = desk.id("Ana");
    let form = add_out("18:00");
    let make = async |first: &str, employee, form: &CorrectionForm| {
        let actor = desk.actor(first);
        let looked = desk
            .service
            .preview_correction_of(&actor, employee, form)
            .await;
        let made = desk
            .service
            .make_correction(&actor, employee, form, "one")
            .await;
        let status = |error: Error| Problem::from(error).status;
        (
            looked.map_or_else(status, |_| 200),
            made.map_or_else(status, |_| 200),
        )
    };
    assert_eq!(make("Ravi", ana, &form).await, (404, 404));
    assert_eq!(make("Ben", ana, &form).await, (403, 403));
    assert_eq!(make("Ana", ana, &form).await, (403, 403));
    let nobody = model::PersonId(uuid::Uuid::nil());
    assert_eq!(make("Hana", nobody, &form).await, (404, 404));
    // Nor their own, and not without a reason.
    assert_eq!(make("Hana", desk.id("Hana"), &form).await, (403, 403));
    assert_eq!(make("Tom", desk.id("Tom"), &form).await, (403, 403));
    let silent = CorrectionForm {
        reason: "  ".into(),
        ..form.clone()
    };
    assert_eq!(make("Tom", ana, &silent).await, (200, 422));
    let corrections = "select count(*) from attendance.correction";
    assert_eq!(desk.count(corrections).await, 0);
    assert_eq!(make("Hana", ana, &form).await, (200, 200));
    let may = async |first: &str| {
        let page = desk
            .service
            .day_page(&desk.actor(first), Some(ana), day(TUESDAY))
            .await;
        page.expect("somebody who sees her days").may_correct
    };
    assert!(may("Tom").await && may("Hana").await && !may("Ana").await);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_punch_that_was_left_out_is_put_back(pool: PgPool) {
    let desk = desk(pool).await;
    desk.shifts("Ana", "2026-11-23", "2026-11-27").await;
    desk.punches("Ana", TUESDAY, &["09:00", "18:00"]).await;
    let before = desk.day("Ana", TUESDAY).await;
    let out = desk.punch_ids("Ana").await[1];
    let (tom, ana) = (desk.actor("Tom"), desk.id("Ana"));
    let restore = form(vec![Change::Restore { punch: out }]);
    // What counts cannot be put back.
    let refused = desk
        .service
        .preview_correction_of(&tom, ana, &restore)
        .await;
    let problem = Problem::from(refused.expect_err("it was not left out"));
    assert!(problem.message_for("changes[0].punch").is_some());
    let void = form(vec![Change::Void { punch: out }]);
    let made = desk.service.make_correction(&tom, ana, &void, "one").await;
    made.expect("his to put right");
    desk.derive().await;
    let without = desk.day("Ana", TUESDAY).await.expect("a day");
    assert!(without.has(Flag::MissingOut));

    let preview = desk
        .service
        .preview_correction_of(&tom, ana, &restore)
        .await;
    let preview = preview.expect("it was left out");
    assert_eq!(preview.after, before);
    // One way only: as it was, or otherwise.
    let both = form(vec![
        Change::Restore { punch: out },
        Change::SetTime {
            punch: out,
            at: local(TUESDAY, "17:00"),
        },
    ]);
    assert!(
        desk.service
            .preview_correction_of(&tom, ana, &both)
            .await
            .is_err()
    );
    desk.test.advance(chrono::TimeDelta::minutes(1));
    let request = asked(&desk, &restore).await;
    assert_eq!(request.changes, ["Put the punch of 18:00 back"]);
    decide(&desk, &tom, &request).await.expect("his to decide");
    desk.derive().await;
    assert_eq!(desk.day("Ana", TUESDAY).await, before);
    let page = desk.service.day_page(&tom, Some(ana), day(TUESDAY)).await;
    let punches = page.expect("his to see").punches;
    assert!(punches.iter().all(|punch| !punch.void));
}
