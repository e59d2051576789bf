//! What many ask for at the same moment is done together, and nobody is told of it.

use attendance::{Attendance, Error};
use model::Actor;
use model::attendance::day::{Direction, Presence};
use model::attendance::views::{DeviceState, KeyChange, NewPunch, NewPunches, Press, PunchesTaken};
use platform::together::Limits;
use sqlx::PgPool;
use tokio::task::JoinSet;

use crate::devices::{NINE, active, admin, terminal};
use crate::terminal::{GARBAGE, PUNCHES};
use crate::world::{punch, world};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn those_who_press_together_each_see_their_own_clock(pool: PgPool) {
    let world = world(pool).await;
    world.clock("2026-11-23T09:00+01:00");
    let mut presses = JoinSet::new();
    // Ana's second press is the first once more; Tom's is another.
    let all = [
        "Ana 1", "Tom 1", "Mia 1", "Marta 1", "Henry 1", "Ana 1", "Tom 2",
    ];
    for key in all {
        let first = key.split(' ').next().expect("a name");
        let (service, actor) = (world.service.clone(), world.actor(first));
        let is_leaving = first == "Mia";
        presses.spawn(async move {
            let press = Press {
                key: key.into(),
                direction: if is_leaving {
                    Direction::Out
                } else {
                    Direction::In
                },
                age_seconds: None,
            };
            (first, service.press(&actor, &press).await.expect("a clock"))
        });
    }
    while let Some(card) = presses.join_next().await {
        let (first, card) = card.expect("no panic");
        let expected = if first == "Mia" {
            Presence::Out
        } else {
            Presence::In
        };
        assert_eq!(card.state, expected, "{first}");
    }
    let kept = "select count(*) from attendance.punch";
    assert_eq!(world.count(kept).await, 6);
    world.derive().await;
    for first in ["Ana", "Tom", "Marta", "Henry"] {
        let days = world.days(first, "2026-11-23", "2026-11-23").await;
        assert_eq!(days.len(), 1, "{first}");
    }
}

async fn told_together(
    service: &Attendance,
    actor: &Actor,
    requests: Vec<Vec<NewPunch>>,
) -> Vec<Result<PunchesTaken, Error>> {
    let mut calls = JoinSet::new();
    for (place, punches) in requests.into_iter().enumerate() {
        let (service, actor) = (service.clone(), actor.clone());
        calls.spawn(async move {
            let told = NewPunches { punches };
            (place, service.take_punches(&actor, &told).await)
        });
    }
    let mut answers = calls.join_all().await;
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn of_requests_that_come_together_the_wrong_one_alone_is_refused(pool: PgPool) {
    let world = world(pool).await;
    world.badge("77", "Ana", "2026-01-01T00:00", None).await;
    world.clock("2026-11-23T20:00+01:00");
    world.tell(&[punch("old", "77", "2026-11-23T08:00")]).await;
    let tom = world.email("Tom");
    let requests = vec![
        vec![punch("a", "77", "2026-11-23T09:00")],
        vec![punch("b", &tom, "2026-11-23T09:00")],
        // Its second punch takes the key of another.
        vec![
            punch("c", "77", "2026-11-23T10:00"),
            punch("old", "77", "2026-11-23T08:10"),
        ],
        vec![
            punch("old", "77", "2026-11-23T08:00"),
            punch("d", "4711", "2026-11-23T11:00"),
        ],
        vec![punch("e", &tom, "2026-11-23T12:00")],
    ];
    let answers = told_together(&world.service, &world.hr(), requests).await;
    let numbers: Vec<_> = answers
        .iter()
        .map(|answer| match answer {
            Ok(taken) => (taken.accepted, taken.duplicates, taken.quarantined.len()),
            Err(Error::Invalid(problem)) => {
                assert_eq!(problem.errors[0].field, "punches[1].clientKey");
                (99, 99, 99)
            }
            Err(error) => panic!("{error}"),
        })
        .collect();
    assert_eq!(
        numbers,
        [(1, 0, 0), (1, 0, 0), (99, 99, 99), (0, 1, 1), (1, 0, 0)]
    );
    assert_eq!(answers[3].as_ref().expect("taken").quarantined[0].index, 1);
    let kept = "select count(*) from attendance.punch";
    assert_eq!(world.count(kept).await, 5);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn more_than_can_wait_are_told_so_and_lose_nothing(pool: PgPool) {
    let world = world(pool).await;
    world.clock("2026-11-23T20:00+01:00");
    let many = Limits::default().longest + Limits::default().most + 50;
    let tom = world.email("Tom");
    let one = |n: usize| vec![punch(&format!("key {n}"), &tom, "2026-11-23T09:00")];
    let answers = told_together(&world.service, &world.hr(), (0..many).map(one).collect()).await;
    let taken = answers.iter().filter(|answer| answer.is_ok()).count();
    let busy = |error: &Error| matches!(error, Error::Database(sqlx::Error::PoolTimedOut));
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
    assert!(
        refused.clone().all(busy),
        "{:?}",
        refused.collect::<Vec<_>>()
    );
    assert!(
        (Limits::default().longest..many).contains(&taken),
        "{taken}"
    );
    let kept = world.count("select count(*) from attendance.punch").await;
    assert_eq!(usize::try_from(kept), Ok(taken));
    // Told once more, all of them are there.
    let again = told_together(&world.service, &world.hr(), (0..40).map(one).collect()).await;
    assert!(again.iter().all(Result::is_ok));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn devices_that_deliver_together_are_read_each_by_itself(pool: PgPool) {
    let terminal = terminal(&pool).await;
    for n in 1..=5 {
        terminal.device(&format!("DOOR{n}"), "Europe/Berlin").await;
    }
    let mut calls = JoinSet::new();
    for (place, n) in [1, 2, 3, 4, 5, 1, 2].into_iter().enumerate() {
        let service = terminal.service.clone();
        calls.spawn(async move {
            // The third has a line that is none; the first two send the same twice.
            let nonsense = if n == 3 { "nonsense\n" } else { "" };
            let body = format!("{NINE}{nonsense}{n}\t2026-11-02 09:30:00\t0\t1\n");
            let call = attendance::devices::DeviceCall {
                method: "POST",
                path: "/iclock/cdata",
                query: &format!("SN=DOOR{n}&table=ATTLOG&Stamp={place}"),
                body: body.as_bytes(),
                address: None,
            };
            let answer = service.device_call(&call).await.expect("a database");
            let lines = if n == 3 { 3 } else { 2 };
            assert_eq!((answer.status, answer.text), (200, format!("OK: {lines}")));
        });
    }
    while let Some(done) = calls.join_next().await {
        done.expect("an answer");
    }
    let numbers = (terminal.count(PUNCHES).await, terminal.count(GARBAGE).await);
    assert_eq!(numbers, (10, 1));
    let page = terminal.service.devices_page(&admin()).await;
    let devices = page.expect("a page").devices;
    for device in &devices {
        let unreadable = i64::from(device.serial == "DOOR3");
        let numbers = (device.punches, device.unreadable, device.waiting);
        assert_eq!(numbers, (2, unreadable, 0), "{}", device.serial);
    }
    let hours = "select sum(punches) from attendance.device_hour";
    assert_eq!(terminal.count(hours).await, 10);
    let stamps = "select string_agg(attlog_stamp, ' ' order by serial) from attendance.device
                  where serial in ('DOOR3', 'DOOR4', 'DOOR5')";
    assert_eq!(terminal.text(stamps).await, "2 3 4");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_device_that_does_not_stop_is_slowed_down_and_may_still_ask(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device("DOOR1", "Europe/Berlin").await;
    let target = "/iclock/cdata?SN=DOOR1&table=ATTLOG&Stamp=1";
    let mut taken = 0;
    let refused = loop {
        let (status, _) = terminal.call("POST", target, NINE.as_bytes()).await;
        if status != 200 || taken > 1_000 {
            break status;
        }
        taken += 1;
    };
    assert_eq!((taken, refused), (200, 429));
    let poll = terminal
        .call("GET", "/iclock/getrequest?SN=DOOR1", b"")
        .await;
    assert_eq!(poll, (200, "OK".to_owned()));
    // It has kept what was refused, and brings it again.
    terminal.test.advance(chrono::TimeDelta::seconds(1));
    for _ in 0..10 {
        assert_eq!(terminal.call("POST", target, NINE.as_bytes()).await.0, 200);
    }
    assert_eq!(terminal.call("POST", target, NINE.as_bytes()).await.0, 429);
    assert_eq!(terminal.count(PUNCHES).await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_a_device_kept_from_before_its_first_day_here_is_set_aside(pool: PgPool) {
    let terminal = terminal(&pool).await;
    let id = terminal.device("DOOR1", "Europe/Berlin").await;
    let ana = terminal.employee("Ana", "Europe/Berlin").await;
    sqlx::query(
        "insert into attendance.badge (id, badge, employee_id, during)
         values (gen_random_uuid(), '31', $1, tstzrange('2026-01-01', null, '[)'))",
    )
    .bind(ana.id.0)
    .execute(&pool)
    .await
    .expect("a badge");
    let target = "/iclock/cdata?SN=DOOR1&table=ATTLOG&Stamp=1";
    let days = "31\t2026-10-30 09:00:00\t0\t1\n31\t2026-11-02 09:00:00\t0\t1\n";
    terminal.call("POST", target, days.as_bytes()).await;
    let worked = async || {
        while terminal.service.derive_stale().await.expect("a database") > 0 {}
        terminal
            .text(
                "select coalesce(string_agg(work_date::text, ' ' order by work_date), '')
                 from attendance.day where status <> 'day_off'",
            )
            .await
    };
    assert_eq!(worked().await, "2026-10-30 2026-11-02");
    for (version, from, expected) in [
        (1, Some("2026-11-02"), "2026-11-02"),
        (2, Some("2026-11-03"), ""),
        (3, Some("2026-10-30"), "2026-10-30 2026-11-02"),
        (4, Some("2026-10-31"), "2026-11-02"),
        (5, None, "2026-10-30 2026-11-02"),
    ] {
        let form = model::attendance::views::DeviceForm {
            in_use_from: from.map(|day| day.parse().expect("a date")),
            state: DeviceState::Active,
            key: KeyChange::Keep,
            ..active("Gate")
        };
        let saved = terminal
            .service
            .save_device(&admin(), id, version, &form)
            .await;
        saved.expect("good settings");
        assert_eq!(worked().await, expected, "from {from:?}");
    }
}
