//! A thousand wall devices that have nothing to say: each asks every ten seconds whether there is anything
//! to do. The real program over HTTP; how much of one core that takes it, beside what it takes when nobody
//! asks, and how many statements it sent to the database for it.
//!
//! Needs `DATABASE_URL` of a role that may create databases. `PUNCTUAL_BENCH_DEVICES` (default 1000),
//! `PUNCTUAL_BENCH_SECONDS` (default 30).

mod program;

use std::time::{Duration, Instant};

use sqlx::{Connection, Executor, PgConnection};
use tokio::task::JoinSet;

use program::{Program, quantile};

/// How often a device asks.
const DELAY: Duration = Duration::from_secs(10);
/// For how long the program is left alone, to see what it takes by itself.
const ALONE: Duration = Duration::from_secs(10);

fn main() {
    // `cargo test` builds and runs benches too, and there is nothing to check in it.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(program::with_database(async |url: &str| measure(url).await));
}

fn number(name: &str, default: u32) -> u32 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(default)
}

async fn measure(url: &str) {
    let devices = number("PUNCTUAL_BENCH_DEVICES", 1_000);
    let seconds = number("PUNCTUAL_BENCH_SECONDS", 30);
    let program = Program::start(url, "web,worker");
    program.ready().await;
    let mut conn = PgConnection::connect(url).await.expect("the database");
    sqlx::query(
        "insert into attendance.device
             (id, kind, serial, name, zone, state, installed_at, created_at)
         select gen_random_uuid(), 'adms', 'POLL' || d, 'Door ' || d, 'UTC', 'active', now(), now()
         from generate_series(1, $1) d",
    )
    .bind(i32::try_from(devices).expect("not so many"))
    .execute(&mut conn)
    .await
    .expect("devices");
    // The program looks anew for devices every half minute.
    tokio::time::sleep(Duration::from_secs(35)).await;

    let alone = share(&program, ALONE).await;
    let before = statements(&mut conn).await;
    let client = reqwest::Client::new();
    let mut polls = JoinSet::new();
    let began = Instant::now();
    for device in 1..=devices {
        let url = format!(
            "http://{}/iclock/getrequest?SN=POLL{device}",
            program.address
        );
        let client = client.clone();
        // Spread over the delay, as they have been switched on at any time.
        let first = began + DELAY * device / devices;
        let ends = began + Duration::from_secs(u64::from(seconds));
        polls.spawn(async move {
            let (mut at, mut times) = (first, Vec::new());
            while at < ends {
                tokio::time::sleep_until(at.into()).await;
                let answer = client.get(&url).send().await.expect("an answer");
                assert_eq!(answer.text().await.expect("text").trim_end(), "OK");
                times.push(at.elapsed());
                at += DELAY;
            }
            times
        });
    }
    let busy = share(&program, Duration::from_secs(u64::from(seconds))).await;
    let mut times = Vec::new();
    while let Some(done) = polls.join_next().await {
        times.extend(done.expect("a device is answered"));
    }
    let sent = statements(&mut conn).await - before;
    println!(
        "{devices} devices, {} polls in {seconds} s: {:.1} % of one core ({alone:.1} % when nobody \
         asks), p99 {:.1} ms; {sent} transactions in the database meanwhile",
        times.len(),
        busy,
        quantile(&mut times, 99)
    );
}

/// How much of one core the program takes over a time, in per cent.
async fn share(program: &Program, over: Duration) -> f64 {
    let before = program.processor_time();
    let began = Instant::now();
    tokio::time::sleep(over).await;
    let took = program.processor_time() - before;
    100.0 * took.as_secs_f64() / began.elapsed().as_secs_f64()
}

async fn statements(conn: &mut PgConnection) -> i64 {
    conn.execute("select pg_stat_force_next_flush()")
        .await
        .expect("a flush");
    sqlx::query_scalar(
        "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()",
    )
    .fetch_one(conn)
    .await
    .expect("a count")
}
