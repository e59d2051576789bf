//! What people do with badges, files and the keys of devices.

use attendance::Error;
use attendance::devices::import::ImportChoices;
use model::{Actor, PersonId, Role};
use sqlx::PgPool;

use crate::devices::{SERIAL, admin, terminal};
use crate::terminal::PUNCHES;

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_badge_given_late_makes_its_days_stale_and_changes_no_punch(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    let (ana, tom) = (
        terminal.employee("Ana", "Europe/Berlin").await,
        terminal.employee("Tom", "Europe/Berlin").await,
    );
    terminal
        .deliver("31\t2026-10-30 09:00:00\n31\t2026-10-31 00:30:00\n31\t2026-10-29 09:00:00\n")
        .await;
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    let unknown = &page.unknown_badges[0];
    assert_eq!((unknown.badge.as_str(), unknown.punches), ("31", 3));
    let day = |text: &str| text.parse().expect("a day");
    let give = async |who: &str, from: &str| {
        terminal
            .service
            .assign_badge(&admin(), " 31 ", who, day(from))
            .await
    };
    assert!(matches!(
        give("nobody@example.org", "2026-10-30").await,
        Err(Error::Invalid(_))
    ));
    give("ana@example.org", "2026-10-30")
        .await
        .expect("it is nobody's");
    let days = "select string_agg(distinct work_date::text, ' ' order by work_date::text)
                from attendance.stale_day";
    assert_eq!(terminal.text(days).await, "2026-10-30 2026-10-31");
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    let unknown = &page.unknown_badges[0];
    assert_eq!(unknown.punches, 1, "one was punched before it was hers");
    assert!(matches!(
        give(&tom.id.to_string(), "2026-11-01").await,
        Err(Error::Taken("badge"))
    ));
    assert!(matches!(
        give("tom@example.org", "2026-10-01").await,
        Err(Error::Taken("badge"))
    ));
    // The same again, and earlier.
    give(&ana.id.to_string(), "2026-10-31")
        .await
        .expect("it is hers");
    give("ana@example.org", "2026-10-01")
        .await
        .expect("it is hers");
    assert_eq!(
        terminal.text(days).await,
        "2026-10-29 2026-10-30 2026-10-31"
    );
    let page = terminal.service.devices_page(&admin()).await;
    assert!(page.expect("a page").unknown_badges.is_empty());
    assert_eq!(
        terminal
            .count("select count(*) from attendance.badge")
            .await,
        1
    );
    let owned = "select count(*) from attendance.punch where employee_id is not null";
    assert_eq!(terminal.count(owned).await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn keys_that_are_pressed_are_believed_where_somebody_says_so(pool: PgPool) {
    let terminal = terminal(&pool).await;
    let device = terminal.device(SERIAL, "Europe/Berlin").await;
    terminal.deliver("31\t2026-11-02 09:00:00\t1\t1\n").await;
    let trust = terminal.service.trust_keys(&admin(), device, true).await;
    trust.expect("it is there");
    terminal.deliver("31\t2026-11-02 09:05:00\t1\t1\n").await;
    let told = "select string_agg(direction || ' ' || trusted, ', ' order by occurred_at)
                from attendance.punch";
    assert_eq!(terminal.text(told).await, "out false, out true");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_badge_goes_from_one_to_another_on_a_day(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    terminal.employee("Ana", "Europe/Berlin").await;
    terminal.employee("Tom", "Europe/Berlin").await;
    let day = |text: &str| text.parse().expect("a day");
    let give = async |who: &str, from: &str| {
        terminal
            .service
            .assign_badge(&admin(), "31", who, day(from))
            .await
    };
    give("ana@example.org", "2026-10-01")
        .await
        .expect("it is nobody's");
    terminal
        .deliver("31\t2026-10-30 09:00:00\n31\t2026-11-02 09:00:00\n")
        .await;
    sqlx::query("delete from attendance.stale_day")
        .execute(&pool)
        .await
        .expect("a database");
    let service = &terminal.service;
    service
        .end_badge(&admin(), "31", day("2026-11-01"))
        .await
        .expect("it is Ana's");
    let again = service.end_badge(&admin(), "31", day("2026-11-01")).await;
    assert!(matches!(again, Err(Error::NotFound("badge"))));
    give("tom@example.org", "2026-11-01")
        .await
        .expect("it is nobody's");
    let stale = "select string_agg(split_part(e.email, '@', 1) || ' ' || s.work_date, ', '
                     order by s.id)
                 from attendance.stale_day s
                 join attendance.employee e on e.id = s.employee_id";
    assert_eq!(terminal.text(stale).await, "ana 2026-11-02, tom 2026-11-02");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_file_is_looked_at_and_then_taken_in_once(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.employee("Ana", "Europe/Berlin").await;
    let file = "email,date,time,direction\n\
        ana@example.org,2026-10-30,09:00,in\n\
        ana@example.org,2026-10-30,18:00,out\n\
        eve@example.org,2026-10-30,18:00,out\n\
        ana@example.org,2026-10-30,nine,in\n";
    let choices = ImportChoices::default();
    let service = &terminal.service;
    let preview = service
        .preview_import(&admin(), file.as_bytes(), &choices)
        .await;
    let preview = preview.expect("a table");
    assert_eq!(
        (preview.table.rows.len(), preview.table.error_count),
        (3, 1)
    );
    assert_eq!(preview.unknown_people, ["eve@example.org"]);
    assert_eq!(terminal.count(PUNCHES).await, 0, "nothing was kept");
    for (accepted, repeated) in [(2, 0), (0, 2)] {
        let done = service
            .import_punches(&admin(), file.as_bytes(), &choices)
            .await;
        let done = done.expect("a table");
        let counts = (
            done.accepted,
            done.repeated,
            done.left_out,
            done.error_count,
        );
        assert_eq!(counts, (accepted, repeated, 1, 1));
    }
    let at = "select string_agg(to_char(occurred_at at time zone 'UTC', 'HH24:MI'), ' '
                  order by occurred_at)
              from attendance.punch where source_kind = 'import'";
    assert_eq!(terminal.text(at).await, "08:00 17:00");
    let refused = service.import_punches(&admin(), b"nothing", &choices).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    let eve = Actor::person(PersonId(uuid::Uuid::nil()), "Eve", "UTC", &[Role::Employee]);
    let refused = service
        .import_punches(&eve, file.as_bytes(), &choices)
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}
