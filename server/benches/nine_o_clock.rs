//! Nine o'clock: a hundred thousand people clock in within minutes, through the web, over REST and at
//! wall devices at once. The real program over HTTP, with its database and this load on one machine.
//!
//! The load is open: each call has its time on a curve, two thirds of all in the middle fifth of the time,
//! and its latency counts from that time, so that a server that falls behind cannot hide it. At the end
//! everything that was acknowledged is looked for in the database, and every day is waited for.
//! Beside it stands a bare `INSERT` of the same rows, a row a transaction.
//!
//! Needs `DATABASE_URL` of a role that may create databases. `PUNCTUAL_BENCH_STAFF` (default
//! 100,000), `PUNCTUAL_BENCH_SECONDS` (default 300, with 1,100 a second for the minute in the middle).

mod program;
#[path = "program/staff.rs"]
mod staff;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use tokio::task::JoinSet;

use program::{Program, quantile};
use staff::{Door, WAYS, Way};

fn main() {
    // `cargo test` builds and runs benches too, and there is nothing to check in it.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(program::with_database(async |url: &str| measure(url).await));
}

fn number(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What one call came to.
struct Came {
    way: Way,
    /// When it was due, from the beginning.
    due: Duration,
    took: Duration,
    acknowledged: bool,
}

async fn measure(url: &str) {
    let people = number("PUNCTUAL_BENCH_STAFF", 100_000);
    let seconds = number("PUNCTUAL_BENCH_SECONDS", 300);
    let program = Program::start(url, "web,worker");
    let token = program.token("punches:write");
    let mut conn = PgConnection::connect(url).await.expect("the database");
    conn.execute(sqlx::raw_sql(AssertSqlSafe(staff::seed(people))))
        .await
        .expect("the people go in");
    // The program looks anew for devices every half minute.
    tokio::time::sleep(Duration::from_secs(35)).await;
    let door = Arc::new(Door {
        client: reqwest::Client::new(),
        address: program.address.clone(),
        token,
    });
    let watch = tokio::spawn(freshness(url.to_owned()));
    let began = Instant::now();
    let mut calls = JoinSet::new();
    let mut came = Vec::new();
    for person in 1..=people {
        let after = due(person, people, seconds);
        let due = began + after;
        tokio::time::sleep_until(due.into()).await;
        let door = Arc::clone(&door);
        calls.spawn(async move {
            let acknowledged = door.punch(person, Utc::now()).await;
            Came {
                way: Way::of(person),
                due: after,
                took: due.elapsed(),
                acknowledged,
            }
        });
        while let Some(done) = calls.try_join_next() {
            came.push(done.expect("a call ends"));
        }
    }
    while let Some(done) = calls.join_next().await {
        came.push(done.expect("a call ends"));
    }
    let took = began.elapsed();
    report(&came, people, took);
    let middle = Duration::from_secs(seconds) / 5;
    rush(&came, 2 * middle, middle);
    let acknowledged = came.iter().filter(|c| c.acknowledged).count();
    lost_and_double(&mut conn, acknowledged).await;
    let drained = Instant::now();
    while stale(&mut conn).await > 0 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let days: i64 =
        sqlx::query_scalar("select count(*) from attendance.day where work_date = current_date")
            .fetch_one(&mut conn)
            .await
            .expect("a count");
    watch.abort();
    let mut lags = watch_result();
    println!(
        "{days} days derived, p95 {:.1} s after the punch; the oldest mark of a punch was p95 {:.1} s old, and all were worked off {:.1} s after the last punch",
        derived_after(&mut conn).await,
        quantile(&mut lags, 95) / 1_000.0,
        drained.elapsed().as_secs_f64()
    );
    bare(url, people).await;
}

/// When somebody's punch is due: 66 in a hundred in the middle fifth.
fn due(person: u64, staff: u64, seconds: u64) -> Duration {
    let share = ratio(person, staff);
    let at = match share {
        s if s < 0.17 => s / 0.17 * 0.4,
        s if s < 0.83 => 0.4 + (s - 0.17) / 0.66 * 0.2,
        s => 0.6 + (s - 0.83) / 0.17 * 0.4,
    };
    Duration::from_secs_f64(at * ratio(seconds, 1))
}

fn ratio(part: u64, whole: u64) -> f64 {
    let (part, whole) = (u32::try_from(part), u32::try_from(whole));
    f64::from(part.unwrap_or(u32::MAX)) / f64::from(whole.unwrap_or(1).max(1))
}

/// How it went while most came: what was due then, and what of it was acknowledged before its end.
fn rush(came: &[Came], begins: Duration, lasts: Duration) {
    let those = came
        .iter()
        .filter(|c| begins <= c.due && c.due < begins + lasts);
    let those: Vec<&Came> = those.collect();
    let in_time = |c: &&&Came| c.acknowledged && c.due + c.took < begins + lasts;
    let kept = those.iter().filter(in_time).count();
    let mut times: Vec<Duration> = those.iter().map(|c| c.took).collect();
    println!(
        "in the {:.0} s in the middle: {} due, {:.0} acknowledged a second, p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
        lasts.as_secs_f64(),
        those.len(),
        f64::from(u32::try_from(kept).unwrap_or(u32::MAX)) / lasts.as_secs_f64(),
        quantile(&mut times, 50),
        quantile(&mut times, 95),
        quantile(&mut times, 99),
    );
}

fn report(came: &[Came], staff: u64, took: Duration) {
    let rate = ratio(staff, 1) / took.as_secs_f64();
    println!(
        "{staff} punches in {:.0} s: {rate:.0} a second, web, REST and devices as 1 : 2 : 2",
        took.as_secs_f64()
    );
    println!(
        "{:<8} {:>8} {:>9} {:>9} {:>9} {:>8}",
        "way", "calls", "p50 ms", "p95 ms", "p99 ms", "refused"
    );
    for way in WAYS.into_iter().map(Some).chain([None]) {
        let those = || came.iter().filter(|c| way.is_none_or(|way| way == c.way));
        let mut times: Vec<Duration> = those().map(|c| c.took).collect();
        let refused = those().filter(|c| !c.acknowledged).count();
        println!(
            "{:<8} {:>8} {:>9.1} {:>9.1} {:>9.1} {refused:>8}",
            way.map_or("all".to_owned(), |way| format!("{way:?}").to_lowercase()),
            times.len(),
            quantile(&mut times, 50),
            quantile(&mut times, 95),
            quantile(&mut times, 99),
        );
    }
}

async fn lost_and_double(conn: &mut PgConnection, acknowledged: usize) {
    let kept: i64 = sqlx::query_scalar("select count(*) from attendance.punch")
        .fetch_one(&mut *conn)
        .await
        .expect("a count");
    let people: i64 = sqlx::query_scalar(
        "select count(distinct coalesce(p.employee_id, b.employee_id))
         from attendance.punch p
         left join attendance.badge b on b.badge = p.badge and p.employee_id is null",
    )
    .fetch_one(conn)
    .await
    .expect("a count");
    println!(
        "{acknowledged} acknowledged, {kept} kept, {} lost, {} double",
        i64::try_from(acknowledged)
            .unwrap_or(0)
            .saturating_sub(people)
            .max(0),
        kept - people
    );
}

async fn stale(conn: &mut PgConnection) -> i64 {
    sqlx::query_scalar("select count(*) from attendance.stale_day")
        .fetch_one(conn)
        .await
        .expect("a count")
}

/// How many seconds after its punch arrived a day was derived, of those of the web and of REST. That a
/// round of derivation lasts is in the age of marks.
async fn derived_after(conn: &mut PgConnection) -> f64 {
    sqlx::query_scalar(
        "select coalesce(percentile_cont(0.95) within group (
             order by extract(epoch from d.derived_at - p.received_at)::float8), 0)
         from attendance.punch p
         join attendance.day d
           on d.employee_id = p.employee_id and d.work_date = current_date",
    )
    .fetch_one(conn)
    .await
    .expect("a share")
}

/// How old the oldest mark of a punch was, once a quarter second.
static LAGS: std::sync::Mutex<Vec<Duration>> = std::sync::Mutex::new(Vec::new());

async fn freshness(url: String) {
    let mut conn = PgConnection::connect(&url).await.expect("the database");
    loop {
        let oldest: Option<DateTime<Utc>> =
            sqlx::query_scalar("select min(since) from attendance.stale_day where not bulk")
                .fetch_one(&mut conn)
                .await
                .expect("an instant");
        let lag = oldest.map_or(Duration::ZERO, |at| {
            (Utc::now() - at).to_std().unwrap_or_default()
        });
        LAGS.lock().expect("nobody panicked").push(lag);
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

fn watch_result() -> Vec<Duration> {
    LAGS.lock().expect("nobody panicked").clone()
}

/// The same number of rows, each in a transaction of its own, from sixteen connections.
async fn bare(url: &str, rows: u64) {
    let pool = PgPool::connect(url).await.expect("the database");
    pool.execute("create table public.bare (id uuid primary key, who uuid, at timestamptz)")
        .await
        .expect("a table");
    let began = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..16 {
        let pool = pool.clone();
        clients.spawn(async move {
            for _ in 0..rows / 16 {
                sqlx::query(
                    "insert into public.bare values (gen_random_uuid(), gen_random_uuid(), now())",
                )
                .execute(&pool)
                .await
                .expect("a row");
            }
        });
    }
    while let Some(done) = clients.join_next().await {
        done.expect("a client ends");
    }
    let rate = ratio(rows, 1) / began.elapsed().as_secs_f64();
    println!(
        "bare INSERT of a row a transaction, 16 clients, nothing around it: {rate:.0} a second"
    );
}
