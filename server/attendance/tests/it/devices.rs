//! Devices at the door of the service: every conversation, and what must hold whatever a device does.

use std::net::IpAddr;

use attendance::devices::{DeviceAnswer, DeviceCall};
use attendance::{Attendance, Config, Error};
use chrono::TimeDelta;
use model::attendance::views::{DeviceForm, DeviceState, KeyChange};
use model::scheduling::meeting::Colleague;
use model::{Actor, PersonId, Role};
use platform::Db;
use platform::jobs::Registry;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use crate::conversation;
use crate::terminal::{GARBAGE, PUNCHES, Terminal};

pub const SERIAL: &str = "CQZ7232960051";
/// Monday, 2 November 2026, 08:00 UTC: nine o'clock in Berlin.
pub const NINE: &str = "31\t2026-11-02 09:00:00\t0\t1\t0\t0\t0\n";

fn service(deps: &platform::Deps) -> Attendance {
    Attendance::new(
        deps.clone(),
        Config {
            public_url: "https://punctual.example".into(),
            organisation: "Aldertree".into(),
        },
    )
}

pub async fn terminal(pool: &PgPool) -> Terminal {
    let test = testkit::world(pool).await;
    Terminal {
        service: service(&test.deps),
        test,
        pool: pool.clone(),
    }
}

impl Terminal {
    pub async fn call(&self, method: &str, target: &str, body: &[u8]) -> (u16, String) {
        let answer = self.call_from("192.0.2.10", method, target, body).await;
        (answer.status, answer.text)
    }

    pub async fn call_from(
        &self,
        from: &str,
        method: &str,
        target: &str,
        body: &[u8],
    ) -> DeviceAnswer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let call = DeviceCall {
            method,
            path,
            query,
            body,
            address: Some(from.parse::<IpAddr>().expect("an address")),
        };
        self.service.device_call(&call).await.expect("a database")
    }

    /// Delivers punches, which must be acknowledged.
    pub async fn deliver(&self, lines: &str) {
        let count = lines.lines().filter(|line| !line.is_empty()).count();
        let target = format!("/iclock/cdata?SN={SERIAL}&table=ATTLOG&Stamp=1");
        let answer = self.call("POST", &target, lines.as_bytes()).await;
        assert_eq!(answer, (200, format!("OK: {count}")));
    }

    pub async fn poll(&self) -> String {
        let (status, text) = self
            .call("GET", &format!("/iclock/getrequest?SN={SERIAL}"), b"")
            .await;
        assert_eq!(status, 200);
        text
    }

    pub async fn run(&self, job: &str) {
        let mut registry = Registry::new();
        self.service.register_jobs(&mut registry);
        registry
            .run(job, serde_json::Value::Null)
            .await
            .expect("the job works");
    }

    /// An employee with an account.
    pub async fn employee(&self, name: &str, zone: &str) -> Colleague {
        let person = Colleague {
            id: self.test.deps.new_id::<PersonId>(),
            name: name.to_owned(),
            email: format!("{}@example.org", name.to_lowercase()),
            zone: zone.to_owned(),
        };
        let mut tx = self
            .test
            .db()
            .begin("test.person")
            .await
            .expect("a database");
        let kept = self.service.keep_person_in_tx(&mut tx, &person, true).await;
        kept.expect("a new person");
        tx.commit().await.expect("a database");
        person
    }

    pub async fn text(&self, query: &'static str) -> String {
        sqlx::query_scalar(query)
            .fetch_one(&self.pool)
            .await
            .expect("a row")
    }
}

pub fn admin() -> Actor {
    Actor::person(
        PersonId(uuid::Uuid::nil()),
        "Ida",
        "Europe/Berlin",
        &[Role::Admin],
    )
}

pub fn active(name: &str) -> DeviceForm {
    DeviceForm {
        name: name.into(),
        zone: "Europe/Berlin".into(),
        state: DeviceState::Active,
        site: None,
        network: String::new(),
        in_use_from: None,
        trusts_direction: false,
        key: KeyChange::Keep,
    }
}

async fn play(pool: PgPool, name: &str) {
    let terminal = terminal(&pool).await;
    let (_, text) = conversation::ALL
        .iter()
        .find(|(found, _)| *found == name)
        .expect("it is there");
    let carry = async |exchange: &conversation::Exchange, target: &str, body: &[u8]| {
        terminal.call(&exchange.method, target, body).await
    };
    terminal.play(name, text, carry).await;
}

/// Derives until nothing is stale.
pub async fn derive(terminal: &Terminal) {
    while terminal.service.derive_stale().await.expect("a database") > 0 {}
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_working_day_ends_as_it_says(pool: PgPool) {
    play(pool, "working_day").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn old_firmware_is_understood(pool: PgPool) {
    play(pool, "old_firmware").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn missing_punches_are_found_and_fetched(pool: PgPool) {
    play(pool, "completeness").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_door_controller_is_served(pool: PgPool) {
    play(pool, "door").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_stranger_keeps_what_it_has(pool: PgPool) {
    play(pool, "stranger").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_batch_that_a_crash_left_is_read_later_and_once(pool: PgPool) {
    let terminal = terminal(&pool).await;
    let device = terminal.device(SERIAL, "Europe/Berlin").await;
    // Kept and acknowledged, and then the process died.
    for _ in 0..2 {
        sqlx::query(
            "insert into attendance.device_batch (device_id, kind, body, received_at, lines)
             values ($1, 'attlog', $2, $3, 2)",
        )
        .bind(device.0)
        .bind(format!("{NINE}nonsense\n").into_bytes())
        .bind(terminal.test.now())
        .execute(&pool)
        .await
        .expect("a batch");
    }
    terminal.deliver(NINE).await;
    terminal.run("attendance.devices").await;
    terminal.run("attendance.devices").await;
    assert_eq!(
        (terminal.count(PUNCHES).await, terminal.count(GARBAGE).await),
        (1, 1)
    );
    let open = "select count(*) from attendance.device_batch where done_at is null";
    assert_eq!(terminal.count(open).await, 0);
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    let view = &page.devices[0];
    assert_eq!((view.punches, view.unreadable, view.waiting), (1, 1, 0));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn two_readers_of_one_batch_count_it_once(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    let lines: String = (0..50)
        .map(|n| format!("{n}\t2026-11-02 09:00:{:02}\t0\t1\n", n % 60))
        .collect();
    let deliveries = (0..8).map(|_| terminal.deliver(&lines));
    futures(deliveries.collect()).await;
    assert_eq!(terminal.count(PUNCHES).await, 50);
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    assert_eq!(page.devices[0].punches, 50);
    let hours = "select sum(punches) from attendance.device_hour";
    assert_eq!(terminal.count(hours).await, 50);
}

/// Waits for all of them at once.
async fn futures<F: Future<Output = ()>>(all: Vec<F>) {
    let mut all: Vec<_> = all.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        match all.is_empty() {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn polls_do_not_touch_the_database(pool: PgPool) {
    let mut terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    // From here on there is no database to be had.
    let own = PgPoolOptions::new()
        .connect_with((*pool.connect_options()).clone())
        .await
        .expect("a database");
    terminal.test.deps.db = Db::from_pool(own.clone());
    terminal.service = service(&terminal.test.deps);
    terminal
        .service
        .refresh_devices()
        .await
        .expect("a database");
    own.close().await;
    for number in 0..2_000 {
        terminal.test.advance(TimeDelta::seconds(1));
        let info = if number % 10 == 0 {
            "&INFO=Ver%208.0,1,2,3"
        } else {
            ""
        };
        let target = format!("/iclock/getrequest?SN={SERIAL}{info}");
        assert_eq!(
            terminal.call("GET", &target, b"").await,
            (200, "OK".to_owned())
        );
        let target = format!("/iclock/ping?SN={SERIAL}");
        assert_eq!(
            terminal.call("GET", &target, b"").await,
            (200, "OK".to_owned())
        );
    }
    let hello = format!("/iclock/cdata?SN={SERIAL}&options=all&pushver=2.4.1");
    assert_eq!(terminal.call("GET", &hello, b"").await.0, 200);
    let call = DeviceCall {
        method: "POST",
        path: "/iclock/cdata",
        query: "SN=CQZ7232960051&table=ATTLOG&Stamp=1",
        body: NINE.as_bytes(),
        address: None,
    };
    let kept = terminal.service.device_call(&call).await;
    assert!(kept.is_err(), "what cannot be kept is not acknowledged");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_stranger_is_listed_once_named_and_then_heard(pool: PgPool) {
    let terminal = terminal(&pool).await;
    let target = format!("/iclock/cdata?SN={SERIAL}&table=ATTLOG&Stamp=1");
    for _ in 0..3 {
        assert_eq!(terminal.call("POST", &target, NINE.as_bytes()).await.0, 403);
    }
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    assert_eq!(page.devices.len(), 1);
    let view = &page.devices[0];
    assert_eq!((view.state, view.punches), (DeviceState::Pending, 0));
    let nobody = Actor::person(PersonId(uuid::Uuid::nil()), "Eve", "UTC", &[Role::Employee]);
    let refused = terminal
        .service
        .save_device(&nobody, view.id, 1, &active("Gate"))
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let nameless = terminal
        .service
        .save_device(&admin(), view.id, 1, &active(" "))
        .await;
    assert!(matches!(nameless, Err(Error::Invalid(_))));
    terminal
        .service
        .save_device(&admin(), view.id, 1, &active("Gate"))
        .await
        .expect("it is named");
    let late = terminal
        .service
        .save_device(&admin(), view.id, 1, &active("Door"))
        .await;
    assert!(matches!(late, Err(Error::Changed)));
    terminal.deliver(NINE).await;
    let blocked = DeviceForm {
        state: DeviceState::Blocked,
        ..active("Gate")
    };
    terminal
        .service
        .save_device(&admin(), view.id, 2, &blocked)
        .await
        .expect("it is blocked");
    assert_eq!(terminal.call("POST", &target, NINE.as_bytes()).await.0, 403);
    assert_eq!(terminal.count(PUNCHES).await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn invented_serial_numbers_fill_no_table(pool: PgPool) {
    let terminal = terminal(&pool).await;
    for number in 0..260 {
        let target = format!("/iclock/getrequest?SN=INVENTED{number}");
        assert_eq!(terminal.call("GET", &target, b"").await.0, 403);
    }
    let listed = "select count(*) from attendance.device";
    assert_eq!(terminal.count(listed).await, 200);
    terminal.test.advance(TimeDelta::days(8));
    terminal.run("attendance.device_upkeep").await;
    assert_eq!(terminal.count(listed).await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_hour_that_comes_twice_keeps_both_of_its_punches(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    terminal
        .deliver(
            "31\t2026-10-25 02:30:00\t0\t1\t0\t0\t0\t0\t0\t0\t+7200\n\
         31\t2026-10-25 02:30:00\t0\t1\t0\t0\t0\t0\t0\t0\t+3600\n\
         32\t2026-03-29 02:30:00\t0\t1\n",
        )
        .await;
    let at = "select string_agg(to_char(occurred_at at time zone 'UTC', 'HH24:MI'), ' '
                  order by occurred_at)
              from attendance.punch";
    assert_eq!(terminal.text(at).await, "01:30 00:30 01:30");
    let flags = "select string_agg(array_to_string(flags, ','), '')  from attendance.punch";
    assert_eq!(terminal.text(flags).await, "nonexistent_time");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nothing_of_a_body_is_kept(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    terminal
        .deliver("31\t2026-11-02 09:00:00\t0\t1\t0\t0\t0\t1\t36.6\t36.6\n")
        .await;
    let post = async |table: &str, body: &str| {
        let target = format!("/iclock/cdata?SN={SERIAL}&table={table}&Stamp=2");
        assert_eq!(terminal.call("POST", &target, body.as_bytes()).await.0, 200);
    };
    post(
        "OPERLOG",
        "FP PIN=1\tTMP=dGVtcGxhdGU=\nUSER PIN=1\tName=Ann\tPasswd=4711\n",
    )
    .await;
    post("BIODATA", "BIODATA Pin=1\tTmp=dGVtcGxhdGU=\n").await;
    post("ATTPHOTO", "PIN=1.jpg\nCMD=uploadphoto\u{0}dGVtcGxhdGU=").await;
    let kept = "select string_agg(convert_from(body, 'UTF8'), '') from attendance.device_batch";
    let kept = terminal.text(kept).await;
    for gone in ["dGVtcGxhdGU", "4711", "Ann", "36.6"] {
        assert!(!kept.contains(gone), "{kept}");
    }
    let raw = terminal.text("select raw_text from attendance.punch").await;
    assert!(!raw.contains("36.6"), "{raw}");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_device_is_guarded_by_a_key_of_which_only_a_hash_is_kept(pool: PgPool) {
    let terminal = terminal(&pool).await;
    let id = terminal.device(SERIAL, "Europe/Berlin").await;
    let save = async |version, form: DeviceForm| {
        let service = &terminal.service;
        service.save_device(&admin(), id, version, &form).await
    };
    let guarded = DeviceForm {
        network: "192.0.2.0/24, 198.51.100.7".into(),
        trusts_direction: true,
        key: KeyChange::Set(" 4a9594af ".into()),
        ..active("Gate")
    };
    save(1, guarded.clone()).await.expect("good settings");
    let kept = "select network || ' ' || trusts_direction || ' ' || octet_length(secret_hash)
                from attendance.device";
    assert_eq!(
        terminal.text(kept).await,
        "192.0.2.0/24,198.51.100.7/32 true 32"
    );
    let told = "select string_agg(payload::text, ' ') from platform.outbox";
    assert!(!terminal.text(told).await.contains("4a9594af"));
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    let view = &page.devices[0];
    assert!(view.has_key && view.trusts_direction);
    assert_eq!(view.network, "192.0.2.0/24,198.51.100.7/32");

    let hello = |key: &str| {
        format!("/iclock/cdata?SN={SERIAL}&options=all&pushver=2.4.1&pushcommkey={key}")
    };
    assert_eq!(terminal.call("GET", &hello("wrong"), b"").await.0, 403);
    let poll = format!("/iclock/getrequest?SN={SERIAL}");
    assert_eq!(terminal.call("GET", &poll, b"").await.0, 403);
    assert_eq!(terminal.call("GET", &hello("4a9594af"), b"").await.0, 200);

    // Left alone it stays; forgotten, whoever was refused for it is heard again.
    let same = DeviceForm {
        key: KeyChange::Keep,
        ..guarded.clone()
    };
    save(2, same).await.expect("good settings");
    assert_eq!(terminal.call("GET", &hello("wrong"), b"").await.0, 403);
    let open = DeviceForm {
        key: KeyChange::Forget,
        network: String::new(),
        ..guarded.clone()
    };
    save(3, open).await.expect("good settings");
    assert_eq!(terminal.call("GET", &poll, b"").await.0, 200);
    assert_eq!(terminal.call("GET", &hello("wrong"), b"").await.0, 200);

    for (form, field) in [
        (
            DeviceForm {
                network: "192.0.2.0/24, the hall".into(),
                ..active("Gate")
            },
            "network",
        ),
        (
            DeviceForm {
                key: KeyChange::Set("x".repeat(129)),
                ..active("Gate")
            },
            "secret",
        ),
        (
            DeviceForm {
                site: Some(model::SiteId(uuid::Uuid::nil())),
                ..active("Gate")
            },
            "site",
        ),
    ] {
        let Err(Error::Invalid(problem)) = save(4, form).await else {
            panic!("{field} is wrong");
        };
        assert!(problem.message_for(field).is_some(), "{field}");
    }
}
