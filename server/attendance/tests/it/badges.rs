//! What people do with badges, files and the keys of devices.

use attendance::Error;
use attendance::devices::import::ImportChoices;
use chrono::NaiveDate;
use model::attendance::views::BadgeLine;
use model::{Actor, PersonId, Role};
use sqlx::PgPool;

use crate::devices::{SERIAL, admin, derive, terminal};
use crate::terminal::{PUNCHES, Terminal};

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
async fn a_badge_given_back_is_nobodys_until_it_is_given_again(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    terminal.employee("Ana", "Europe/Berlin").await;
    terminal.employee("Tom", "Europe/Berlin").await;
    give(&terminal, "ana@example.org", "2026-10-01")
        .await
        .expect("it is nobody's");
    terminal
        .deliver("31\t2026-10-30 09:00:00\t0\t1\n31\t2026-11-02 09:00:00\t0\t1\n")
        .await;
    forget_stale(&pool).await;
    let service = &terminal.service;
    let hers = listed(&terminal, None).await[0].clone();
    service
        .end_badge(&admin(), hers.id, day("2026-11-01"))
        .await
        .expect("it is Ana's");
    let page = service.devices_page(&admin()).await.expect("a page");
    assert_eq!(
        page.unknown_badges[0].punches, 1,
        "those since are nobody's"
    );
    let again = service
        .end_badge(&admin(), hers.id, day("2026-11-01"))
        .await;
    assert!(is_wrong(again, "from"), "she has it no more on that day");
    give(&terminal, "tom@example.org", "2026-11-01")
        .await
        .expect("it is nobody's");
    assert_eq!(terminal.text(STALE).await, "ana 2026-11-02, tom 2026-11-02");
    let all = listed(&terminal, None).await;
    let told: Vec<_> = all.iter().map(told).collect();
    assert_eq!(
        told,
        ["31 Tom 2026-11-01", "31 Ana 2026-10-01 2026-10-31 over"]
    );
    // Given back from its first day, it was never theirs.
    let ended = service
        .end_badge(&admin(), all[0].id, day("2026-11-01"))
        .await;
    ended.expect("it is Tom's");
    assert_eq!(listed(&terminal, None).await.len(), 1);
    let gone = service
        .end_badge(&admin(), all[0].id, day("2026-11-01"))
        .await;
    assert!(matches!(gone, Err(Error::NotFound("badge"))));
    assert_eq!(terminal.count(AUDITED).await, 4);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_badge_handed_on_leaves_each_punch_with_the_owner_of_its_date(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    terminal.employee("Ana", "Europe/Berlin").await;
    terminal.employee("Tom", "Europe/Berlin").await;
    give(&terminal, "ana@example.org", "2026-10-01")
        .await
        .expect("it is nobody's");
    terminal
        .deliver("31\t2026-10-30 09:00:00\t0\t1\n31\t2026-11-02 08:55:00\t0\t1\n")
        .await;
    derive(&terminal).await;
    assert_eq!(
        terminal.text(DAYS).await,
        "ana 2026-10-30, ana 2026-11-02",
        "for her who has left, too"
    );
    let hers = listed(&terminal, None).await[0].clone();
    let hand = async |who: &str, from: &str| {
        let service = &terminal.service;
        service.hand_badge(&admin(), hers.id, who, day(from)).await
    };
    assert!(is_wrong(
        hand("eve@example.org", "2026-11-02").await,
        "employee"
    ));
    assert!(is_wrong(
        hand("ana@example.org", "2026-11-02").await,
        "employee"
    ));
    assert!(is_wrong(
        hand("tom@example.org", "2026-09-30").await,
        "from"
    ));
    hand("tom@example.org", "2026-11-02")
        .await
        .expect("it is hers");
    assert!(
        is_wrong(hand("tom@example.org", "2026-11-02").await, "from"),
        "she does not have it then any more"
    );
    assert_eq!(terminal.text(STALE).await, "ana 2026-11-02, tom 2026-11-02");
    // What comes late of a day before is still hers.
    terminal.deliver("31\t2026-10-30 18:00:00\t1\t1\n").await;
    derive(&terminal).await;
    assert_eq!(
        terminal.text(PUNCHES_OF_DAYS).await,
        "ana 2026-10-30 2, tom 2026-11-02 1"
    );
    let told: Vec<_> = listed(&terminal, None).await.iter().map(told).collect();
    assert_eq!(
        told,
        ["31 Tom 2026-11-02", "31 Ana 2026-10-01 2026-11-01 over"]
    );
    assert_eq!(terminal.count(AUDITED).await, 2);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_badge_is_given_until_the_next_owner_has_it(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    for name in ["Ana", "Tom", "Mia"] {
        terminal.employee(name, "Europe/Berlin").await;
    }
    give(&terminal, "tom@example.org", "2026-11-02")
        .await
        .expect("it is nobody's");
    terminal
        .deliver("31\t2026-10-30 09:00:00\t0\t1\n31\t2026-11-02 08:55:00\t0\t1\n")
        .await;
    forget_stale(&pool).await;
    give(&terminal, "ana@example.org", "2026-10-01")
        .await
        .expect("it is nobody's before");
    assert_eq!(terminal.text(STALE).await, "ana 2026-10-30");
    assert!(matches!(
        give(&terminal, "mia@example.org", "2026-10-15").await,
        Err(Error::Taken("badge"))
    ));
    // Handed to the next owner, it is theirs from the earlier day on.
    let hers = listed(&terminal, Some("ana")).await[0].clone();
    let service = &terminal.service;
    service
        .hand_badge(&admin(), hers.id, "tom@example.org", day("2026-10-15"))
        .await
        .expect("it is hers");
    let told: Vec<_> = listed(&terminal, None).await.iter().map(told).collect();
    assert_eq!(
        told,
        ["31 Tom 2026-10-15", "31 Ana 2026-10-01 2026-10-14 over"]
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn badges_are_listed_in_parts_for_those_who_keep_people(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.employee("Ana", "Europe/Berlin").await;
    for badge in 1..=60 {
        let badge = badge.to_string();
        terminal
            .service
            .assign_badge(&admin(), &badge, "ana@example.org", day("2026-10-01"))
            .await
            .expect("it is nobody's");
    }
    let service = &terminal.service;
    let page = service
        .badges_page(&hr(), None, None)
        .await
        .expect("a page");
    let badges: Vec<_> = page.badges.iter().map(|one| one.badge.as_str()).collect();
    assert_eq!((badges.len(), badges[1], badges[49]), (50, "2", "50"));
    let page = service
        .badges_page(&hr(), None, page.next.as_deref())
        .await
        .expect("a page");
    assert_eq!((page.badges.len(), page.next), (10, None));
    assert_eq!(listed(&terminal, Some(" 7 ")).await.len(), 1);
    assert!(listed(&terminal, Some("tom")).await.is_empty());
    // Who keeps devices alone knows badges by their number only.
    let refused = service.badges_page(&admin(), None, None).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let wrong = service.badges_page(&hr(), None, Some("x")).await;
    assert!(matches!(wrong, Err(Error::Invalid(_))));
}

const STALE: &str = "select string_agg(split_part(e.email, '@', 1) || ' ' || s.work_date, ', '
         order by s.id)
     from attendance.stale_day s
     join attendance.employee e on e.id = s.employee_id";
const DAYS: &str = "select string_agg(split_part(e.email, '@', 1) || ' ' || d.work_date, ', '
         order by d.work_date, e.email)
     from attendance.day d
     join attendance.employee e on e.id = d.employee_id";
const PUNCHES_OF_DAYS: &str = "select string_agg(
         split_part(e.email, '@', 1) || ' ' || d.work_date || ' '
             || jsonb_array_length(d.document -> 'punches'), ', '
         order by d.work_date, e.email)
     from attendance.day d
     join attendance.employee e on e.id = d.employee_id
     where jsonb_array_length(d.document -> 'punches') > 0";
const AUDITED: &str = "select count(*) from platform.outbox where topic = 'attendance.audited'";

fn hr() -> Actor {
    Actor::person(
        PersonId(uuid::Uuid::nil()),
        "Hana",
        "Europe/Berlin",
        &[Role::Hr],
    )
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

async fn give(terminal: &Terminal, who: &str, from: &str) -> Result<(), Error> {
    terminal
        .service
        .assign_badge(&admin(), "31", who, day(from))
        .await
}

async fn listed(terminal: &Terminal, search: Option<&str>) -> Vec<BadgeLine> {
    let page = terminal.service.badges_page(&hr(), search, None).await;
    page.expect("a page").badges
}

fn told(one: &BadgeLine) -> String {
    let until = one.until.map(|day| format!(" {day}")).unwrap_or_default();
    let over = if one.is_over { " over" } else { "" };
    format!("{} {} {}{until}{over}", one.badge, one.owner.name, one.from)
}

fn is_wrong(outcome: Result<(), Error>, field: &str) -> bool {
    matches!(outcome, Err(Error::Invalid(problem)) if problem.errors[0].field == field)
}

async fn forget_stale(pool: &PgPool) {
    sqlx::query("delete from attendance.stale_day")
        .execute(pool)
        .await
        .expect("a database");
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
