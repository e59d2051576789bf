//! Whether devices can be believed: what the jobs see and say.

use chrono::{DateTime, TimeDelta, Utc};
use model::DeviceId;
use sqlx::PgPool;

use crate::devices::{NINE, SERIAL, admin, terminal};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_device_that_moves_is_told_of_and_its_punches_are_flagged(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    terminal.deliver(NINE).await;
    terminal.service.flush_devices().await.expect("a database");
    terminal
        .service
        .refresh_devices()
        .await
        .expect("a database");
    let target = format!("/iclock/cdata?SN={SERIAL}&table=ATTLOG&Stamp=1");
    let lines = "31\t2026-11-02 09:00:10\t0\t1\n";
    for _ in 0..3 {
        terminal
            .call_from("198.51.100.7", "POST", &target, lines.as_bytes())
            .await;
    }
    assert_eq!(terminal.alarms("source_changed").await, 1);
    let flagged = "select count(*) from attendance.punch where 'source_changed' = any(flags)";
    assert_eq!(terminal.count(flagged).await, 1);
    // Somebody says that this is right.
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    let alarm = page.devices[0].alarms[0].id;
    terminal
        .service
        .close_alarm(&admin(), alarm)
        .await
        .expect("it is there");
    let lines = "31\t2026-11-02 09:00:20\t0\t1\n";
    terminal
        .call_from("198.51.100.9", "POST", &target, lines.as_bytes())
        .await;
    assert_eq!(terminal.count(flagged).await, 1);
    assert_eq!(terminal.alarms("source_changed").await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_silent_device_is_told_of_once_until_it_speaks(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    terminal.poll().await;
    terminal.run("attendance.device_health").await;
    assert_eq!(terminal.alarms("silent").await, 0);
    for _ in 0..3 {
        terminal.test.advance(TimeDelta::minutes(20));
        terminal.run("attendance.device_health").await;
    }
    assert_eq!(terminal.alarms("silent").await, 1);
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    assert!(page.devices[0].silent);
    assert_eq!(page.devices[0].alarms.len(), 1);
    terminal.poll().await;
    terminal.run("attendance.device_health").await;
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    assert!(!page.devices[0].silent && page.devices[0].alarms.is_empty());
    // At night nobody would miss it.
    terminal.test.advance(TimeDelta::hours(13));
    terminal.run("attendance.device_health").await;
    assert_eq!(terminal.alarms("silent").await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_clock_that_is_off_is_told_of_until_it_is_set(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    // Five minutes behind: it shows 08:55 at nine.
    let deliver = async |number: i64, behind: i64| {
        terminal.test.advance(TimeDelta::minutes(6));
        let shown = terminal.test.now() + TimeDelta::hours(1) - TimeDelta::seconds(behind);
        let shown = shown.format("%Y-%m-%d %H:%M:%S");
        terminal
            .deliver(&format!("{number}\t{shown}\t0\t1\n"))
            .await;
    };
    for number in 0..4 {
        deliver(number, 300).await;
    }
    terminal.run("attendance.device_health").await;
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    assert_eq!(page.devices[0].skew_seconds, 300);
    assert_eq!(terminal.alarms("clock_off").await, 1);
    let target = format!("/iclock/cdata?SN={SERIAL}&table=OPERLOG&Stamp=2");
    let set = "OPLOG 21\t1\t2026-11-02 09:30:00\t0\t0\t0\t0\n";
    for _ in 0..2 {
        terminal.call("POST", &target, set.as_bytes()).await;
    }
    let epoch = "select clock_epoch::bigint from attendance.device";
    assert_eq!(
        terminal.count(epoch).await,
        2,
        "told twice, it was set once"
    );
    for number in 10..14 {
        deliver(number, 2).await;
    }
    terminal.run("attendance.device_health").await;
    let page = terminal
        .service
        .devices_page(&admin())
        .await
        .expect("a page");
    assert_eq!(
        page.devices[0].skew_seconds, 0,
        "two seconds are the way of a punch"
    );
    let ended = "select skew_seconds::bigint from attendance.device_epoch where epoch = 1";
    assert_eq!(terminal.count(ended).await, 300);
    let open = "select count(*) from attendance.device_alarm
                where kind = 'clock_off' and closed_at is null";
    assert_eq!(terminal.count(open).await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn each_device_is_asked_once_a_day_how_much_it_holds(pool: PgPool) {
    let terminal = terminal(&pool).await;
    terminal.device(SERIAL, "Europe/Berlin").await;
    terminal.run("attendance.device_upkeep").await;
    assert_eq!(terminal.poll().await, "OK", "it was named today");
    terminal.test.advance(TimeDelta::days(1));
    terminal.run("attendance.device_upkeep").await;
    terminal.run("attendance.device_upkeep").await;
    let asked = terminal.poll().await;
    let (_, command) = asked
        .trim()
        .split_once(":VERIFY SUM ATTLOG ")
        .expect("a command");
    assert_eq!(
        command,
        "StartTime=2026-11-02 00:00:00\tEndTime=2026-11-02 23:59:59"
    );
    assert_eq!(terminal.poll().await, "OK");
    // Its answer was lost, and so it is asked again.
    terminal.test.advance(TimeDelta::minutes(11));
    terminal
        .service
        .refresh_devices()
        .await
        .expect("a database");
    assert_eq!(terminal.poll().await, asked);
    let id = asked.split(':').nth(1).expect("an id");
    let result = format!("ID={id}&Return=0&CMD=VERIFY SUM&AttlogSum=1");
    let target = format!("/iclock/devicecmd?SN={SERIAL}");
    terminal.call("POST", &target, result.as_bytes()).await;
    assert_eq!(terminal.alarms("punches_missing").await, 1);
    let query = terminal.poll().await;
    assert!(
        query.contains("DATA QUERY ATTLOG StartTime=2026-11-02 00:00:00"),
        "{query}"
    );
    // It comes, and the next count agrees.
    terminal.deliver(NINE).await;
    let id = query.split(':').nth(1).expect("an id");
    terminal
        .call(
            "POST",
            &target,
            format!("ID={id}&Return=1&CMD=DATA").as_bytes(),
        )
        .await;
    terminal.test.advance(TimeDelta::days(1));
    terminal.run("attendance.device_upkeep").await;
    let asked = terminal.poll().await;
    assert_eq!(
        asked.lines().count(),
        2,
        "the day before, and the day that lacked one: {asked}"
    );
    for line in asked.lines() {
        let id = line.split(':').nth(1).expect("an id");
        let sum = i32::from(line.contains("11-02"));
        let result = format!("ID={id}&Return=0&CMD=VERIFY SUM&AttlogSum={sum}");
        terminal.call("POST", &target, result.as_bytes()).await;
    }
    let open = "select count(*) from attendance.device_alarm where closed_at is null";
    assert_eq!(terminal.count(open).await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn when_clocks_change_a_device_reads_its_options_again(pool: PgPool) {
    let terminal = terminal(&pool).await;
    let to: DateTime<Utc> = "2027-03-28T00:58:00Z".parse().expect("an instant");
    terminal.test.advance(to - terminal.test.now());
    terminal.device(SERIAL, "Europe/Berlin").await;
    terminal.run("attendance.device_health").await;
    assert_eq!(terminal.poll().await, "OK");
    terminal.test.advance(TimeDelta::minutes(5));
    terminal.run("attendance.device_health").await;
    terminal.run("attendance.device_health").await;
    let check = terminal.poll().await;
    assert!(check.trim().ends_with(":CHECK"), "{check}");
    terminal.run("attendance.device_health").await;
    assert_eq!(terminal.poll().await, "OK");
    let hello = format!("/iclock/cdata?SN={SERIAL}&options=all&pushver=2.4.1");
    assert!(
        terminal
            .call("GET", &hello, b"")
            .await
            .1
            .contains("\nTimeZone=2\n")
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn far_more_punches_than_usual_are_told_of(pool: PgPool) {
    let terminal = terminal(&pool).await;
    let device: DeviceId = terminal.device(SERIAL, "Europe/Berlin").await;
    sqlx::query(
        "insert into attendance.device_hour (device_id, hour, punches, changed_at)
         select $1, timestamp '2026-11-02 09:00' - n * interval '1 day', 12, $2
         from generate_series(1, 7) n",
    )
    .bind(device.0)
    .bind(terminal.test.now() - TimeDelta::days(1))
    .execute(&pool)
    .await
    .expect("a week");
    terminal.deliver(NINE).await;
    terminal.run("attendance.device_health").await;
    assert_eq!(terminal.alarms("unusual_volume").await, 0);
    let many: String = (100..150)
        .map(|n| format!("{n}\t2026-11-02 09:01:00\t0\t1\n"))
        .collect();
    terminal.deliver(&many).await;
    terminal.run("attendance.device_health").await;
    terminal.run("attendance.device_health").await;
    assert_eq!(terminal.alarms("unusual_volume").await, 1);
}
