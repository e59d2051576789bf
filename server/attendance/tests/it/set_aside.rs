//! What devices sent and does not count: who sees it, and what they can do about it.

use attendance::Error;
use chrono::TimeDelta;
use model::attendance::views::{CommandState, SetAside, SetAsidePage};
use model::{Actor, PersonId, Role};
use sqlx::PgPool;

use crate::devices::{SERIAL, active, admin, derive, terminal};
use crate::terminal::{GARBAGE, Terminal};

fn hr() -> Actor {
    Actor::person(
        PersonId(uuid::Uuid::nil()),
        "Hana",
        "Europe/Berlin",
        &[Role::Hr],
    )
}

async fn page(terminal: &Terminal, shown: SetAside, cursor: Option<&str>) -> SetAsidePage {
    let page = terminal.service.set_aside_page(&hr(), shown, cursor).await;
    page.expect("a page")
}

async fn audited(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select payload ->> 'action' from platform.outbox
         where topic = 'attendance.audited' order by id",
    )
    .fetch_all(pool)
    .await
    .expect("a database")
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_unreadable_line_is_there_until_somebody_has_looked_and_longer_than_its_batch(
    pool: PgPool,
) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    assert!(
        page(&terminal, SetAside::Lines, None)
            .await
            .lines
            .is_empty()
    );
    terminal
        .deliver("31\tnever\t0\t1\n31\t2026-11-02 08:59:00\t0\t1\n")
        .await;
    let found = page(&terminal, SetAside::Lines, None).await;
    assert_eq!((found.lines.len(), found.open_lines), (1, 1));
    let line = found.lines[0].clone();
    assert_eq!(
        (
            line.device.as_str(),
            line.text.as_str(),
            line.seen.is_none()
        ),
        (SERIAL, "31\tnever\t0\t1", true)
    );
    assert!(!line.reason.is_empty());
    assert_eq!(line.received.at, terminal.test.now());

    let service = &terminal.service;
    for stranger in [
        admin(),
        Actor::person(PersonId(uuid::Uuid::nil()), "Eve", "UTC", &[]),
    ] {
        let refused = service
            .set_aside_page(&stranger, SetAside::Lines, None)
            .await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        let refused = service.see_line(&stranger, line.id).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
    }
    for _ in 0..2 {
        service.see_line(&hr(), line.id).await.expect("it is there");
    }
    assert!(matches!(
        service.see_line(&hr(), 999).await,
        Err(Error::NotFound("line"))
    ));
    assert_eq!(audited(&pool).await, ["attendance.device_line.seen"]);
    let found = page(&terminal, SetAside::Lines, None).await;
    assert_eq!((found.lines.len(), found.open_lines), (0, 0));
    let found = page(&terminal, SetAside::Seen, None).await;
    let by = found.lines[0].seen.as_ref().map(|(by, _)| by.as_str());
    assert_eq!(by, Some("Hana"));

    // The bytes of the batch go long before.
    terminal.test.advance(TimeDelta::days(91));
    let cleared = service.clear_old().await.expect("the night's work");
    assert_eq!((cleared.batches, cleared.lines), (1, 0));
    assert_eq!(terminal.count(GARBAGE).await, 1);
    terminal.test.advance(TimeDelta::days(275));
    let cleared = service.clear_old().await.expect("the night's work");
    assert_eq!(cleared.lines, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn punches_whose_time_cannot_be_true_are_listed_by_device(pool: PgPool) {
    let terminal = terminal(&pool).await;
    let device = terminal.device(SERIAL, "Europe/Berlin").await;
    let ana = terminal.employee("Ana", "Europe/Berlin").await;
    let service = &terminal.service;
    service
        .assign_badge(&admin(), "31", "ana@example.org", date("2020-01-01"))
        .await
        .expect("it is nobody's");
    assert!(
        page(&terminal, SetAside::Punches, None)
            .await
            .punches
            .is_empty()
    );
    let mut form = active("Front door");
    form.in_use_from = Some(date("2026-10-30"));
    service
        .save_device(&admin(), device, 1, &form)
        .await
        .expect("the first change");
    for lines in [
        "31\t2000-01-01 00:03:12\t0\t1\n",
        "31\t2026-10-29 09:00:00\t0\t1\n",
        "31\t2026-11-02 12:00:00\t0\t1\n",
        // These count.
        "31\t2026-10-30 09:00:00\t0\t1\n31\t2026-11-02 09:02:00\t0\t1\n",
    ] {
        terminal.test.advance(TimeDelta::seconds(10));
        terminal.deliver(lines).await;
    }
    let found = page(&terminal, SetAside::Punches, None).await;
    let told: Vec<_> = found
        .punches
        .iter()
        .map(|one| (one.told.as_str(), one.why.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "2026-11-02 12:00:00",
                "It came before the time that it tells"
            ),
            (
                "2026-10-29 09:00:00",
                "It is from before the device was in use here, 30 Oct 2026"
            ),
            (
                "2000-01-01 00:03:12",
                "It is from before the device was in use here, 30 Oct 2026"
            ),
        ]
    );
    let ahead = found.punches[0].clone();
    let person = ahead.person.expect("it is her badge");
    assert_eq!((person.id, ahead.badge.as_str()), (ana.id, "31"));
    assert_eq!(
        (ahead.device.as_str(), ahead.date, ahead.received_date),
        ("Front door", date("2026-11-02"), date("2026-11-02"))
    );
    assert_eq!(found.punches[2].person, None, "nobody's badge yet");
    // The rules say the same.
    derive(&terminal).await;
    let day = service
        .day_page(&hr(), Some(ana.id), date("2026-11-02"))
        .await
        .expect("a day");
    let kept_apart = |id| {
        let mut punches = day.punches.iter();
        punches.any(|one| one.id == id && one.disposition.as_str() == "quarantined")
    };
    assert!(kept_apart(ahead.id));
    // What somebody has taken out needs nobody's eyes any more.
    sqlx::query(
        "insert into attendance.punch_annotation
             (id, punch_id, kind, reason, actor, actor_label, decided_at)
         values (gen_random_uuid(), $1, 'void', 'The clock was wrong.', 'test', 'Test', now())",
    )
    .bind(ahead.id.0)
    .execute(&pool)
    .await
    .expect("a decision");
    assert_eq!(
        page(&terminal, SetAside::Punches, None).await.punches.len(),
        2
    );
    // From another day on, one of them counts.
    form.in_use_from = Some(date("2026-10-29"));
    service
        .save_device(&admin(), device, 2, &form)
        .await
        .expect("the second change");
    assert_eq!(
        page(&terminal, SetAside::Punches, None).await.punches.len(),
        1
    );
    let refused = service
        .set_aside_page(&admin(), SetAside::Punches, None)
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_long_list_of_punches_has_parts(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    let lines: String = (0..60)
        .map(|minute| format!("31\t2026-11-03 10:{minute:02}:00\t0\t1\n"))
        .collect();
    terminal.deliver(&lines).await;
    let first = page(&terminal, SetAside::Punches, None).await;
    assert_eq!(first.punches.len(), 50);
    assert_eq!(first.punches[0].told, "2026-11-03 10:59:00");
    let rest = page(&terminal, SetAside::Punches, first.next.as_deref()).await;
    assert_eq!((rest.punches.len(), rest.next), (10, None));
    assert_eq!(rest.punches[0].told, "2026-11-03 10:09:00");
    let wrong = terminal
        .service
        .set_aside_page(&hr(), SetAside::Punches, Some("x"))
        .await;
    assert!(matches!(wrong, Err(Error::Invalid(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_device_is_asked_for_its_punches_again(pool: PgPool) {
    let terminal = terminal(&pool).await;
    let device = terminal.device(SERIAL, "Europe/Berlin").await;
    let service = &terminal.service;
    let asked = async || {
        let page = service.devices_page(&admin()).await.expect("a page");
        page.devices[0]
            .asked
            .clone()
            .map(|one| (one.text, one.state))
    };
    assert_eq!(asked().await, None);
    let employee = Actor::person(PersonId(uuid::Uuid::nil()), "Eve", "UTC", &[Role::Employee]);
    let refused = service.ask_for_all(&employee, device).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    for _ in 0..2 {
        service
            .ask_for_all(&admin(), device)
            .await
            .expect("it is listened to");
    }
    let all = "Send everything again".to_owned();
    assert_eq!(asked().await, Some((all.clone(), CommandState::Queued)));
    assert_eq!(audited(&pool).await, ["attendance.device.asked"], "once");
    let command = terminal.poll().await;
    assert!(
        command.contains(
            "DATA QUERY ATTLOG StartTime=2000-01-01 00:00:00\tEndTime=2099-12-31 23:59:59"
        ),
        "{command}"
    );
    assert_eq!(asked().await, Some((all.clone(), CommandState::Sent)));
    let id = command.split(':').nth(1).expect("an id");
    let target = format!("/iclock/devicecmd?SN={SERIAL}");
    let result = format!("ID={id}&Return=0&CMD=DATA");
    terminal.call("POST", &target, result.as_bytes()).await;
    assert_eq!(asked().await, Some((all, CommandState::Done)));

    let days = async |from: &str, to: &str| {
        service
            .ask_for_days(&admin(), device, date(from), date(to))
            .await
    };
    let wrong = days("2026-10-31", "2026-10-01").await;
    assert!(matches!(wrong, Err(Error::Invalid(p)) if p.errors[0].field == "to"));
    days("2026-10-01", "2026-10-31").await.expect("a period");
    assert!(
        terminal.poll().await.contains(
            "DATA QUERY ATTLOG StartTime=2026-10-01 00:00:00\tEndTime=2026-10-31 23:59:59"
        )
    );
    let mut form = active("Front door");
    form.state = model::attendance::views::DeviceState::Blocked;
    service
        .save_device(&admin(), device, 1, &form)
        .await
        .expect("the first change");
    let refused = service.ask_for_all(&admin(), device).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_punch_that_came_from_elsewhere_says_so_on_its_day(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    let ana = terminal.employee("Ana", "Europe/Berlin").await;
    let service = &terminal.service;
    service
        .assign_badge(&admin(), "31", "ana@example.org", date("2026-10-01"))
        .await
        .expect("it is nobody's");
    terminal.deliver("31\t2026-11-02 08:50:00\t0\t1\n").await;
    service.flush_devices().await.expect("a database");
    service.refresh_devices().await.expect("a database");
    let target = format!("/iclock/cdata?SN={SERIAL}&table=ATTLOG&Stamp=1");
    let lines = "31\t2026-11-02 08:55:00\t0\t1\n";
    terminal
        .call_from("198.51.100.7", "POST", &target, lines.as_bytes())
        .await;
    derive(&terminal).await;
    let page = service
        .day_page(&hr(), Some(ana.id), date("2026-11-02"))
        .await
        .expect("a day");
    let notes: Vec<_> = page.punches.iter().map(|one| one.notes.clone()).collect();
    let moved = "Came while the reader spoke from another network than before".to_owned();
    assert_eq!(notes, [vec![], vec![moved]]);
}

fn date(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}
