//! Kiosks: set up once, tried within limits, and one punch for each ticket.

use std::net::IpAddr;

use attendance::Error;
use attendance::kiosk::enter::Entry;
use attendance::kiosk::{CODE_SECONDS, Refusal, TICKET_SECONDS, WRONG_OF_KIOSK};
use chrono::TimeDelta;
use model::attendance::day::{Direction, Presence};
use model::attendance::views::{DeviceState, KioskForm, KioskStep, KioskView};
use model::{Actor, Problem};
use sqlx::PgPool;

use crate::world::{World, date, world};

const PIN: &str = "507142";
const FROM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

/// The house with a kiosk at the door, and Ana's number and PIN.
struct Door {
    world: World,
    secret: String,
    number: String,
}

async fn door(pool: PgPool) -> Door {
    let world = world(pool).await;
    let secret = kiosk(&world, "Front door").await;
    let number = pin(&world, "Ana", PIN).await;
    Door {
        world,
        secret,
        number,
    }
}

fn form(name: &str) -> KioskForm {
    KioskForm {
        name: name.into(),
        site: None,
        zone: "Europe/Berlin".into(),
    }
}

/// Adds a kiosk and sets it up; gives its secret.
async fn kiosk(world: &World, name: &str) -> String {
    let setup = world.service.add_kiosk(&world.hr(), &form(name)).await;
    let code = setup.expect("a kiosk").code;
    let secret = world.service.set_kiosk_up(&code, FROM).await;
    secret.expect("a fresh code works")
}

/// Sets somebody's PIN; gives the number.
async fn pin(world: &World, first: &str, pin: &str) -> String {
    let set = world.service.set_pin(&world.actor(first), pin, pin).await;
    set.expect("a good PIN").number.expect("a number")
}

impl Door {
    async fn enter(&self, number: &str, pin: &str) -> Result<String, Error> {
        let entry = Entry {
            number: number.into(),
            pin: pin.into(),
        };
        let service = &self.world.service;
        service.kiosk_enter(&self.secret, &entry, Some(FROM)).await
    }

    async fn press(&self, ticket: &str, direction: Direction) -> Result<(), Error> {
        let service = &self.world.service;
        let pressed = service.kiosk_press(&self.secret, ticket, direction, Some(FROM));
        pressed.await
    }

    async fn step(&self, ticket: Option<&str>) -> KioskStep {
        let service = &self.world.service;
        let page = service.kiosk_page(Some(&self.secret), ticket, Some(FROM));
        page.await.expect("a page").step
    }

    async fn view(&self) -> KioskView {
        let page = self.world.service.devices_page(&self.world.hr()).await;
        let mut kiosks = page.expect("a page").kiosks;
        kiosks.retain(|kiosk| kiosk.name == "Front door");
        kiosks.pop().expect("the kiosk")
    }

    async fn punches(&self) -> i64 {
        let query = "select count(*) from attendance.punch where source_kind = 'kiosk'";
        self.world.count(query).await
    }
}

/// How a kiosk said no.
fn refusal<T: std::fmt::Debug>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Kiosk(refusal)) => refusal,
        other => panic!("no refusal: {other:?}"),
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn somebody_clocks_in_at_the_door(pool: PgPool) {
    let door = door(pool).await;
    assert_eq!(door.step(None).await, KioskStep::Start);
    let ticket = door.enter(&door.number, PIN).await.expect("the right PIN");
    let KioskStep::Card(card) = door.step(Some(&ticket)).await else {
        panic!("no card");
    };
    assert_eq!(
        (card.first_name.as_str(), card.state),
        ("Ana", Presence::Out)
    );
    assert_eq!(card.choices(), [Direction::In]);

    door.press(&ticket, Direction::In).await.expect("a press");
    let KioskStep::Done(done) = door.step(Some(&ticket)).await else {
        panic!("not done");
    };
    assert_eq!(
        (done.at.clock().as_str(), done.direction),
        ("06:00", Direction::In)
    );
    // It says so for a moment, and then waits for the next.
    door.world.test.advance(TimeDelta::seconds(8));
    assert_eq!(door.step(Some(&ticket)).await, KioskStep::Start);

    let world = &door.world;
    let clock = world
        .service
        .clock(&world.actor("Ana"))
        .await
        .expect("a card");
    assert_eq!(clock.state, Presence::In);
    let (kind, trusted, source): (String, bool, String) =
        sqlx::query_as("select source_kind, trusted, source from attendance.punch")
            .fetch_one(&world.pool)
            .await
            .expect("one punch");
    let view = door.view().await;
    assert_eq!(
        (kind.as_str(), trusted, source),
        ("kiosk", true, view.id.to_string())
    );
    assert_eq!(
        (view.punches, view.signed_in, view.silent),
        (1, true, false)
    );
    let (hr, id) = (world.hr(), world.id("Ana"));
    let day = world.service.day_page(&hr, Some(id), date("2026-11-23"));
    let punches = day.await.expect("a day").punches;
    assert_eq!(punches[0].source, "Front door");

    // The next time there is more to press.
    world.clock("2026-11-23T08:00+01:00");
    let ticket = door.enter(&door.number, PIN).await.expect("the right PIN");
    let KioskStep::Card(card) = door.step(Some(&ticket)).await else {
        panic!("no card");
    };
    assert_eq!(card.choices(), [Direction::Out, Direction::BreakOut]);
    assert_eq!(
        card.since.map(|since| since.clock()).as_deref(),
        Some("06:00")
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_ticket_is_good_for_one_press_at_one_kiosk(pool: PgPool) {
    let door = door(pool).await;
    let ticket = door.enter(&door.number, PIN).await.expect("the right PIN");
    let back = kiosk(&door.world, "Back door").await;
    let service = &door.world.service;
    let elsewhere = service
        .kiosk_press(&back, &ticket, Direction::In, None)
        .await;
    assert_eq!(refusal(elsewhere), Refusal::TicketOver);

    for direction in [Direction::In, Direction::In, Direction::Out] {
        door.press(&ticket, direction)
            .await
            .expect("the same press");
    }
    assert_eq!(door.punches().await, 1);
    let KioskStep::Done(done) = door.step(Some(&ticket)).await else {
        panic!("not done");
    };
    assert_eq!(done.direction, Direction::In);

    let late = door.enter(&door.number, PIN).await.expect("the right PIN");
    door.world.test.advance(TimeDelta::seconds(TICKET_SECONDS));
    assert_eq!(door.step(Some(&late)).await, KioskStep::Start);
    let pressed = door.press(&late, Direction::Out).await;
    assert_eq!(refusal(pressed), Refusal::TicketOver);

    let other = door.enter(&door.number, PIN).await.expect("the right PIN");
    service
        .kiosk_leave(&door.secret, &other)
        .await
        .expect("it was not me");
    let pressed = door.press(&other, Direction::Out).await;
    assert_eq!(refusal(pressed), Refusal::TicketOver);
    assert_eq!(door.punches().await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_learns_who_there_is(pool: PgPool) {
    let door = door(pool).await;
    let world = &door.world;
    let gone = pin(world, "Tom", PIN).await;
    let person = &world.people["Tom"].0;
    let mut tx = world
        .test
        .db()
        .begin("test.leave")
        .await
        .expect("a database");
    let left = world
        .service
        .keep_person_in_tx(&mut tx, person, false)
        .await;
    left.expect("somebody leaves");
    tx.commit().await.expect("a database");
    let bare = pin(world, "Mia", PIN).await;
    let cleared = world.service.clear_pin(&world.hr(), &bare).await;
    cleared.expect("HR takes a PIN away");

    let before = world.service.pin_verifications();
    for (number, pin) in [
        (door.number.as_str(), "507143"),
        (&gone, PIN),
        (&bare, PIN),
        (&bare, ""),
        ("9999", PIN),
        ("", ""),
        ("10\0", PIN),
    ] {
        assert_eq!(
            refusal(door.enter(number, pin).await),
            Refusal::Pin,
            "{number}"
        );
    }
    // Each was compared with something, so each took its time.
    assert_eq!(world.service.pin_verifications() - before, 7);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn guesses_that_come_together_are_five_at_most(pool: PgPool) {
    let door = std::sync::Arc::new(door(pool).await);
    for number in [door.number.clone(), "4711".to_owned()] {
        let before = door.world.service.pin_verifications();
        let mut guesses = tokio::task::JoinSet::new();
        for guess in 0..20 {
            let (door, number) = (door.clone(), number.clone());
            guesses.spawn(async move { door.enter(&number, &format!("90{guess:04}")).await });
        }
        let mut wrong = 0;
        while let Some(done) = guesses.join_next().await {
            match refusal(done.expect("no panic")) {
                Refusal::Pin => wrong += 1,
                Refusal::NumberLocked { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(wrong, 5);
        assert_eq!(door.world.service.pin_verifications() - before, 5);
    }

    // Those who keep devices hear of each number once; the one that is nobody's is not repeated.
    let alarms = door.view().await.alarms;
    assert_eq!(alarms.len(), 2);
    assert!(alarms.iter().any(|alarm| alarm.text.contains(&door.number)));
    assert!(alarms.iter().all(|alarm| !alarm.text.contains("4711")));

    // Even the right PIN is not looked at until the quarter of an hour is over.
    let locked = door.enter(&door.number, PIN).await;
    assert_eq!(
        refusal(locked),
        Refusal::NumberLocked { retry_after_s: 901 }
    );
    door.world.test.advance(TimeDelta::minutes(15));
    door.enter(&door.number, PIN)
        .await
        .expect("the lock is over");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_right_pin_begins_with_a_clean_slate(pool: PgPool) {
    let door = door(pool).await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(
                refusal(door.enter(&door.number, "507143").await),
                Refusal::Pin
            );
        }
        door.enter(&door.number, PIN).await.expect("the right PIN");
    }
    // So does a new PIN, since its owner is there.
    for _ in 0..5 {
        assert_eq!(
            refusal(door.enter(&door.number, "507143").await),
            Refusal::Pin
        );
    }
    pin(&door.world, "Ana", "918273").await;
    assert_eq!(refusal(door.enter(&door.number, PIN).await), Refusal::Pin);
    door.enter(&door.number, "918273")
        .await
        .expect("the new PIN");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_kiosk_with_many_wrong_tries_is_slowed(pool: PgPool) {
    let door = door(pool).await;
    for guess in 0..WRONG_OF_KIOSK {
        let wrong = door.enter(&format!("x{guess}"), PIN).await;
        assert_eq!(refusal(wrong), Refusal::Pin, "{guess}");
    }
    let slowed = Problem::from(door.enter(&door.number, PIN).await.expect_err("slowed"));
    assert_eq!((slowed.status, slowed.code.as_str()), (429, "kiosk_slowed"));
    assert_eq!(slowed.retry_after, Some(601));
    door.world.test.advance(TimeDelta::minutes(10));
    door.enter(&door.number, PIN).await.expect("it is over");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_blocked_kiosk_is_nobody_at_once(pool: PgPool) {
    let door = door(pool).await;
    let (service, hr) = (&door.world.service, door.world.hr());
    let ticket = door.enter(&door.number, PIN).await.expect("the right PIN");
    let view = door.view().await;
    let seen = service
        .block_kiosk(&hr, view.id, view.version + 1, true)
        .await;
    assert!(matches!(seen, Err(Error::Changed)));
    let blocked = service.block_kiosk(&hr, view.id, view.version, true).await;
    blocked.expect("a kiosk");
    assert_eq!(
        refusal(door.press(&ticket, Direction::In).await),
        Refusal::SignedOut
    );
    assert_eq!(
        refusal(door.enter(&door.number, PIN).await),
        Refusal::SignedOut
    );
    assert_eq!(door.step(Some(&ticket)).await, KioskStep::SetUp);
    assert_eq!(door.punches().await, 0);

    let view = door.view().await;
    assert_eq!(view.state, DeviceState::Blocked);
    let back = service.block_kiosk(&hr, view.id, view.version, false).await;
    back.expect("a kiosk");
    door.press(&ticket, Direction::In)
        .await
        .expect("it is listened to again");
    assert_eq!(door.world.told("attendance.audited").await, 5);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_set_up_code_works_once_and_for_half_an_hour(pool: PgPool) {
    let world = world(pool).await;
    let (service, hr) = (&world.service, world.hr());
    let setup = service
        .add_kiosk(&hr, &form("Front door"))
        .await
        .expect("a kiosk");
    let typed = setup.code.to_lowercase().replace('-', " ");
    let (a, b) = tokio::join!(
        service.set_kiosk_up(&setup.code, FROM),
        service.set_kiosk_up(&typed, FROM),
    );
    let secret = match (a, b) {
        (Ok(secret), Err(Error::Kiosk(Refusal::SetupCode)))
        | (Err(Error::Kiosk(Refusal::SetupCode)), Ok(secret)) => secret,
        other => panic!("one of two: {other:?}"),
    };
    service
        .kiosk_is_there(&secret, None)
        .await
        .expect("signed in");

    // A new code ends the old sign-in at once, and nothing readable is kept of either.
    let page = service.devices_page(&hr).await.expect("a page");
    let renewed = service
        .renew_kiosk(&hr, setup.id, page.kiosks[0].version)
        .await;
    let renewed = renewed.expect("a new code");
    assert_eq!(
        refusal(service.kiosk_is_there(&secret, None).await),
        Refusal::SignedOut
    );
    let row: String = sqlx::query_scalar("select d::text from attendance.device d")
        .fetch_one(&world.pool)
        .await
        .expect("a row");
    assert!(!row.contains(&renewed.code) && !row.contains(&secret));

    world.test.advance(TimeDelta::minutes(30));
    let late = service.set_kiosk_up(&renewed.code, FROM).await;
    assert_eq!(refusal(late), Refusal::SetupCode);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn set_up_codes_cannot_be_guessed_for_long(pool: PgPool) {
    let world = world(pool).await;
    let (service, hr) = (&world.service, world.hr());
    let setup = service
        .add_kiosk(&hr, &form("Front door"))
        .await
        .expect("a kiosk");
    for guess in 0..10 {
        let wrong = service
            .set_kiosk_up(&format!("AAAA-000{guess}"), FROM)
            .await;
        assert_eq!(refusal(wrong), Refusal::SetupCode);
    }
    let slowed = service.set_kiosk_up(&setup.code, FROM).await;
    assert!(matches!(refusal(slowed), Refusal::SetupSlowed { .. }));
    // Others are not held up by one, but by fifty.
    for guess in 0..40_u8 {
        let from = IpAddr::from([198, 51, 100, guess]);
        let wrong = service.set_kiosk_up("AAAA-AAAA", from).await;
        assert_eq!(refusal(wrong), Refusal::SetupCode);
    }
    let from = IpAddr::from([203, 0, 113, 1]);
    let slowed = service.set_kiosk_up(&setup.code, from).await;
    assert!(matches!(refusal(slowed), Refusal::SetupSlowed { .. }));
    world.test.advance(TimeDelta::minutes(15));
    service
        .set_kiosk_up(&setup.code, FROM)
        .await
        .expect("it is over");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_code_of_the_own_page_works_once_and_for_a_minute(pool: PgPool) {
    let door = door(pool).await;
    let service = &door.world.service;
    let ana = door.world.actor("Ana");
    let code = service.kiosk_code(&ana).await.expect("a code");
    let (a, b) = tokio::join!(door.enter(&code.text, ""), door.enter(&code.text, ""));
    let ticket = match (a, b) {
        (Ok(ticket), Err(Error::Kiosk(Refusal::Code)))
        | (Err(Error::Kiosk(Refusal::Code)), Ok(ticket)) => ticket,
        other => panic!("one of two: {other:?}"),
    };
    door.press(&ticket, Direction::In).await.expect("a press");
    assert_eq!(door.punches().await, 1);

    // Two pages that are open at once do not disturb each other.
    let first = service.kiosk_code(&ana).await.expect("a code");
    let second = service.kiosk_code(&ana).await.expect("a code");
    door.enter(&first.text, "").await.expect("still good");
    door.world
        .test
        .advance(TimeDelta::seconds(i64::from(CODE_SECONDS)));
    assert_eq!(refusal(door.enter(&second.text, "").await), Refusal::Code);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_pin_is_its_owners_and_readable_by_nobody(pool: PgPool) {
    let door = door(pool).await;
    let (service, world) = (&door.world.service, &door.world);
    let kept: String =
        sqlx::query_scalar("select pin_hash from attendance.employee where pin_hash is not null")
            .fetch_one(&world.pool)
            .await
            .expect("one PIN");
    assert!(
        kept.starts_with("$argon2id$v=19$") && !kept.contains(PIN),
        "{kept}"
    );
    let payload: String = sqlx::query_scalar(
        "select payload::text from platform.outbox where payload->>'action' = 'pin.set'",
    )
    .fetch_one(&world.pool)
    .await
    .expect("an event");
    assert!(!payload.contains(PIN));

    // Numbers are given one after the other; a number stays.
    assert_eq!(door.number, "1001");
    assert_eq!(pin(world, "Tom", "918273").await, "1002");
    assert_eq!(pin(world, "Ana", "918273").await, "1001");

    let easy = service
        .set_pin(&world.actor("Mia"), "123456", "123456")
        .await;
    let problem = Problem::from(easy.expect_err("too easy"));
    assert!(problem.message_for("secret_pin").is_some());
    let unlike = service.set_pin(&world.actor("Mia"), PIN, "918273").await;
    let problem = Problem::from(unlike.expect_err("not the same"));
    assert!(problem.message_for("secret_again").is_some());

    // HR takes it away; others may not, and devices are kept by those who may.
    for (first, may) in [("Ada", false), ("Marta", false), ("Henry", true)] {
        let cleared = service.clear_pin(&world.actor(first), &door.number).await;
        assert_eq!(cleared.is_ok(), may, "{first}");
    }
    assert_eq!(
        refusal(door.enter(&door.number, "918273").await),
        Refusal::Pin
    );
    let program = Actor::token(
        world.test.deps.new_id(),
        "x",
        &[model::Permission::AttendanceSelf],
    );
    let theirs = service.set_pin(&program, PIN, PIN).await;
    assert!(matches!(theirs, Err(Error::NotAPerson)));
    let refused = service.add_kiosk(&world.actor("Marta"), &form("x")).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn when_a_kiosk_was_heard_is_written_down_now_and_then(pool: PgPool) {
    let door = door(pool).await;
    let seen = "select count(*) from attendance.device where last_seen_at is not null";
    assert_eq!(door.world.count(seen).await, 0);
    assert!(door.view().await.last_seen.is_some());
    door.world
        .service
        .flush_devices()
        .await
        .expect("a database");
    assert_eq!(door.world.count(seen).await, 1);

    // What was tried is gone after a day.
    assert_eq!(refusal(door.enter("4711", PIN).await), Refusal::Pin);
    door.world.test.advance(TimeDelta::days(2));
    door.world.tick("attendance.retention").await;
    let tries = "select count(*) from attendance.kiosk_try";
    assert_eq!(door.world.count(tries).await, 0);
}
