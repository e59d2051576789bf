//! After an outage: two hundred devices deliver two thousand lines each as fast as they are acknowledged.
//!
//! Batches of fifty lines, out of order, one line in eight a repeat, one in a hundred unreadable; each
//! line belongs to somebody with a shift. How many lines a second are kept and read stands beside the
//! bare statements of the same rows: an `INSERT` of fifty with a commit each, on a table with the same
//! indexes, and one `COPY`. Then all days are derived; the same punches told in order to another
//! database must give the same days.
//!
//! Needs `DATABASE_URL` of a role that may create databases; it makes its own and drops them at the end.
//! `PUNCTUAL_BENCH_DEVICES` (default 200) and `PUNCTUAL_BENCH_LINES` (default 2000 each).

mod house;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use attendance::devices::DeviceCall;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use house::{House, report, setting};
use platform::SeededEntropy;

/// Lines of one batch.
const BATCH: usize = 50;
/// People of one device.
const PEOPLE: usize = 20;
/// Devices that deliver at the same time.
const AT_ONCE: usize = 32;

const SEED: &str = r#"
insert into attendance.policy (id, name, document, version, updated_at)
values ('00000000-0000-7000-9000-000000000001', 'Bench', '{}', 1, now());
insert into attendance.employee (id, email, name, zone, active)
select ('00000000-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid,
       'p' || p || '@example.org', 'Person ' || p, 'Europe/Berlin', true
from generate_series(0, STAFF - 1) p;
insert into attendance.employment (employee_id, from_day, policy_id, team)
select id, '2000-01-01', '00000000-0000-7000-9000-000000000001', 'Bench' from attendance.employee;
insert into attendance.badge (id, badge, employee_id, during)
select gen_random_uuid(), substr(split_part(email, '@', 1), 2), id, tstzrange('2020-01-01', null, '[)')
from attendance.employee;
insert into attendance.roster_day
    (employee_id, work_date, source, shifts, version, updated_by, updated_at)
select id, day::date, 'manual', jsonb_build_array(jsonb_build_object('template', null, 'shift',
           case when right(split_part(email, '@', 1), 1) = '0'
           then '{"name":"Night","code":"N","tone":"teal","start":"22:00","end":"06:00","breakTiers":[{"afterMinutes":360,"minutes":30}]}'::jsonb
           else '{"name":"Day","code":"D","tone":"teal","start":"09:00","end":"18:00","breakTiers":[{"afterMinutes":360,"minutes":60}]}'::jsonb
           end)), 1, 'bench', now()
from attendance.employee, generate_series(current_date - 70, current_date, interval '1 day') day;
insert into attendance.device (id, kind, serial, name, zone, state, installed_at, created_at)
select gen_random_uuid(), 'adms', 'BENCH' || d, 'Door ' || d, 'Europe/Berlin', 'active', now(), now()
from generate_series(0, DEVICES - 1) d;
"#;

fn main() {
    // `cargo test` builds and runs benches too, and there is nothing to check in it.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

impl House {
    /// Derives every day of everybody. Which planned days without a punch are derived along with those
    /// that have one depends on the order; in the long run each is, by the clock.
    async fn all_days(&self) {
        let mark = "insert into attendance.stale_day (employee_id, work_date, since, bulk)
                    select e.id, current_date - n, now(), true
                    from attendance.employee e, generate_series(0, 64) n
                    order by 1, 2";
        sqlx::raw_sql(mark)
            .execute(self.db.pool())
            .await
            .expect("marks");
        self.derive().await;
    }

    /// Delivers what every device holds, and says how long that took.
    async fn deliver(&self, told: &[Vec<String>]) -> Duration {
        let slots = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
        let mut devices = tokio::task::JoinSet::new();
        let began = Instant::now();
        for (device, lines) in told.iter().enumerate() {
            let bodies: Vec<String> = lines.chunks(BATCH).map(<[String]>::concat).collect();
            let (service, slots) = (self.service.clone(), Arc::clone(&slots));
            devices.spawn(async move {
                for (number, body) in bodies.iter().enumerate() {
                    // Other devices are answered between two batches of one.
                    let _slot = slots
                        .acquire()
                        .await
                        .expect("the semaphore is never closed");
                    let query = format!("SN=BENCH{device}&table=ATTLOG&Stamp={number}");
                    let call = DeviceCall {
                        method: "POST",
                        path: "/iclock/cdata",
                        query: &query,
                        body: body.as_bytes(),
                        address: None,
                    };
                    let answer = service.device_call(&call).await.expect("the database");
                    assert_eq!(answer.text, format!("OK: {}", body.lines().count()));
                }
            });
        }
        while let Some(ended) = devices.join_next().await {
            ended.expect("no device fails");
        }
        began.elapsed()
    }
}

/// What one device holds, in order.
fn punches(device: usize, lines: usize, random: &SeededEntropy) -> Vec<(NaiveDateTime, String)> {
    // What is left after an eighth of repeats and a hundredth of nonsense.
    let wanted = lines * 87 / 100;
    let today = Utc::now().date_naive();
    let near = |day: NaiveDate, hour: u32, minute: u32| {
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
        let early = i64::try_from(random.below(1_200)).unwrap_or(0);
        day.and_time(time) + TimeDelta::seconds(early)
    };
    let mut punches = Vec::with_capacity(wanted);
    let days = (2..62)
        .rev()
        .filter_map(|ago| today.checked_sub_days(Days::new(ago)));
    for day in days {
        for person in device * PEOPLE..(device + 1) * PEOPLE {
            let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
            let times = match person % 10 {
                0 => [near(day, 21, 50), near(next, 5, 55)],
                _ => [near(day, 8, 50), near(day, 17, 55)],
            };
            // One in twenty forgets to go.
            let forgets = random.below(20) == 0;
            for at in times.into_iter().take(if forgets { 1 } else { 2 }) {
                let shown = at.format("%Y-%m-%d %H:%M:%S");
                punches.push((at, format!("{person}\t{shown}\t0\t1\t0\t0\t0\n")));
            }
        }
    }
    punches.sort();
    punches.dedup();
    punches.truncate(wanted);
    punches
}

/// The same as a device tells it after an outage.
fn disordered(
    held: &[(NaiveDateTime, String)],
    lines: usize,
    random: &SeededEntropy,
) -> Vec<String> {
    let below = |bound: usize| usize::try_from(random.below(bound as u64)).unwrap_or(0);
    let mut told: Vec<String> = held.iter().map(|(_, line)| line.clone()).collect();
    for number in 0..lines / 100 {
        told.push(format!("nonsense {number}\n"));
    }
    while told.len() < lines {
        let again = told[below(held.len())].clone();
        told.push(again);
    }
    for at in (1..told.len()).rev() {
        told.swap(at, below(at + 1));
    }
    told
}

fn seed(devices: usize) -> String {
    let seed = SEED.replace("STAFF", &(devices * PEOPLE).to_string());
    seed.replace("DEVICES", &devices.to_string())
}

async fn run() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let devices = setting("PUNCTUAL_BENCH_DEVICES", 200);
    let lines = setting("PUNCTUAL_BENCH_LINES", 2_000);
    let random = SeededEntropy::new(20_261_102);
    let held: Vec<_> = (0..devices)
        .map(|device| punches(device, lines, &random))
        .collect();
    let told: Vec<_> = held
        .iter()
        .map(|held| disordered(held, lines, &random))
        .collect();
    let in_order: Vec<Vec<String>> = held
        .iter()
        .map(|held| held.iter().map(|(_, line)| line.clone()).collect())
        .collect();
    let distinct: usize = held.iter().map(Vec::len).sum();
    let nonsense: usize = told
        .iter()
        .map(|told| {
            let nonsense = told.iter().filter(|line| line.starts_with("nonsense"));
            nonsense.collect::<HashSet<_>>().len()
        })
        .sum();
    let all: usize = told.iter().map(Vec::len).sum();
    println!("{devices} devices, {all} lines, {distinct} punches, batches of {BATCH}");

    let house = House::build("disorder", &seed(devices)).await;
    let took = house.deliver(&told).await;
    report("devices, out of order, repeats", all, took);
    assert_eq!(
        house.count("select count(*) from attendance.punch").await,
        distinct
    );
    assert_eq!(
        house
            .count("select count(*) from attendance.device_line")
            .await,
        nonsense
    );
    let open = "select count(*) from attendance.device_batch where done_at is null";
    assert_eq!(house.count(open).await, 0, "all was read as it came");
    bare(&house, &held).await;
    let took = house.derive().await;
    let days = house.days().await;
    report("days derived", usize::try_from(days.0).unwrap_or(0), took);
    house.all_days().await;
    let days = house.days().await;
    house.pull_down().await;

    let house = House::build("order", &seed(devices)).await;
    let took = house.deliver(&in_order).await;
    report("the same in order, once", distinct, took);
    house.all_days().await;
    let same = house.days().await;
    assert_eq!(days, same, "order and repeats change no day");
    println!("order and repeats change none of {} days", same.0);
    house.pull_down().await;
}

/// The rows alone: no keys, no raw bytes, no counts.
async fn bare(house: &House, held: &[Vec<(NaiveDateTime, String)>]) {
    sqlx::raw_sql(
        "create schema bench;
         create table bench.punch (like attendance.punch including indexes);
         create table bench.copied (like attendance.punch including indexes)",
    )
    .execute(house.db.pool())
    .await
    .expect("tables");
    let slots = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut devices = tokio::task::JoinSet::new();
    let began = Instant::now();
    for held in held {
        let (held, db, slots) = (held.clone(), house.db.clone(), Arc::clone(&slots));
        devices.spawn(async move {
            for batch in held.chunks(BATCH) {
                let _slot = slots
                    .acquire()
                    .await
                    .expect("the semaphore is never closed");
                let at: Vec<DateTime<Utc>> = batch.iter().map(|(at, _)| at.and_utc()).collect();
                let badges: Vec<&str> = batch.iter().map(|(_, line)| badge(line)).collect();
                let texts: Vec<&str> = batch.iter().map(|(_, line)| line.as_str()).collect();
                sqlx::query(
                    "insert into bench.punch
                         (id, occurred_at, received_at, source_kind, source, badge, raw_local, zone,
                          direction, trusted, raw_text, flags)
                     select gen_random_uuid(), at, now(), 'device', 'bench', badge,
                         at at time zone 'UTC', 'Europe/Berlin', 'unknown', false, text, '{}'
                     from unnest($1::timestamptz[], $2::text[], $3::text[]) as t (at, badge, text)",
                )
                .bind(at)
                .bind(badges)
                .bind(texts)
                .execute(db.pool())
                .await
                .expect("rows");
            }
        });
    }
    while let Some(ended) = devices.join_next().await {
        ended.expect("no insert fails");
    }
    let count = held.iter().map(Vec::len).sum();
    report("bare inserts of fifty", count, began.elapsed());
    let began = Instant::now();
    let mut conn = house.db.read().await.expect("the database");
    let mut copy = conn
        .copy_in_raw(
            "copy bench.copied (id, occurred_at, received_at, source_kind, source, badge, raw_local,
                 zone, direction, trusted, raw_text, flags)
             from stdin",
        )
        .await
        .expect("a copy");
    let mut number = 0_u128;
    for held in held {
        let mut text = String::new();
        for (at, line) in held {
            number += 1;
            let id = uuid::Uuid::from_u128(number);
            let raw = line.trim_end().replace('\t', "\\t");
            text.push_str(&format!(
                "{id}\t{at}Z\t{at}Z\tdevice\tbench\t{}\t{at}\tEurope/Berlin\tunknown\tf\t{raw}\t{{}}\n",
                badge(line)
            ));
        }
        copy.send(text.as_bytes()).await.expect("rows");
    }
    copy.finish().await.expect("rows");
    report("one bare copy", count, began.elapsed());
}

fn badge(line: &str) -> &str {
    line.split('\t').next().unwrap_or_default()
}
