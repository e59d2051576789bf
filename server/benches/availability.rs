//! How fast `GET /availability` answers over HTTP, from the real program over a calendar of a
//! million busy times, and beside it the bare query for the same rows as the limit.
//!
//! Needs `DATABASE_URL` of a role that may create databases; it makes one of its own and drops it
//! at the end. Only ratios of one run mean anything. `PUNCTUAL_BENCH_REQUESTS` is the number of
//! requests of each case (default 300).

mod program;

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::{Connection, Executor, PgConnection};
use uuid::Uuid;

use program::{Program, quantile};

const PEOPLE: i64 = 1_000;
/// Meetings of each person; three a day.
const EACH: i64 = 1_000;

/// A thousand people with three meetings a day for almost a year. The rows are made without the
/// constraint, which is then built over all of them and so holds.
const SEED: &str = "
alter table scheduling.occupancy drop constraint occupancy_no_overlap;
alter table scheduling.occupancy drop constraint occupancy_meeting_id_original_local_fkey;
insert into scheduling.person (id, email, name, zone, active)
select ('00000000-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid,
       'p' || p || '@example.org', 'Person ' || p,
       (array['Europe/Berlin', 'America/New_York', 'Asia/Kolkata'])[1 + p % 3], true
from generate_series(1, 1000) p;
insert into scheduling.occupancy (meeting_id, original_local, who, kind, during, state)
select gen_random_uuid(), at::timestamp,
       ('00000000-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid, 'person',
       tstzrange(at, at + interval '45 minutes', '[)'), 'confirmed'
from generate_series(1, 1000) p,
     generate_series(0, 999) n,
     lateral (select timestamptz '2026-06-01 07:00Z' + (n / 3) * interval '1 day'
                   + (n % 3) * interval '150 minutes'
                   + (p % 5) * interval '15 minutes' as at) t;
alter table scheduling.occupancy
    add constraint occupancy_no_overlap exclude using gist (who with =, during with &&)
    where (state in ('held', 'pending', 'confirmed'));
analyze scheduling.occupancy;
";

/// The rows that the answer is made of, as the program asks for them.
const BARE: &str = "
select meeting_id, who, kind, state, lower(during), upper(during)
from scheduling.occupancy
where who = any($1)
  and lower(during) >= $2::timestamptz - interval '15 days' and lower(during) < $3 and upper(during) > $2
  and state in ('held', 'pending', 'confirmed')
order by who, lower(during)";

fn main() {
    // `cargo test` builds and runs benches too, and there is nothing to check in it.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    program::with_database(async |url: &str| measure(url).await).await;
}

async fn measure(url: &str) {
    let program = Program::start(url, "web");
    let token = program.token("meetings:read");
    let mut conn = PgConnection::connect(url).await.expect("the database");
    let began = Instant::now();
    conn.execute(sqlx::raw_sql(SEED))
        .await
        .expect("the rows go in");
    eprintln!(
        "{} busy times of {PEOPLE} people in {:.0} s",
        PEOPLE * EACH,
        began.elapsed().as_secs_f64()
    );
    let client = reqwest::Client::new();
    let requests: usize = std::env::var("PUNCTUAL_BENCH_REQUESTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(300);
    println!("GET /availability, 14 days, {requests} requests of each, one after the other");
    println!(
        "{:>7} {:>10} {:>10} {:>10} {:>10} {:>8}",
        "people", "p50 ms", "p95 ms", "bare p50", "bare p95", "ratio"
    );
    for people in [5_i64, 20, 100] {
        let mut edge = Vec::with_capacity(requests);
        let mut bare = Vec::with_capacity(requests);
        for round in 0..requests {
            let ids = chosen(people, i64::try_from(round).unwrap_or(0));
            let day = u32::try_from(round % 60).unwrap_or(0);
            edge.push(ask(&client, &program.address, &token, &ids, day).await);
            bare.push(query(&mut conn, &ids, day).await);
        }
        let (p50, p95) = (quantile(&mut edge, 50), quantile(&mut edge, 95));
        let (bare50, bare95) = (quantile(&mut bare, 50), quantile(&mut bare, 95));
        let ratio = p95 / bare95;
        println!("{people:>7} {p50:>10.2} {p95:>10.2} {bare50:>10.2} {bare95:>10.2} {ratio:>7.1}x");
    }
}

/// Some of the people, others in every round.
fn chosen(count: i64, round: i64) -> Vec<Uuid> {
    let person = |n: i64| {
        let number = 1 + (round * 37 + n * 7) % PEOPLE;
        let low = u64::try_from(number).unwrap_or(1);
        Uuid::from_u64_pair(0x0000_0000_0000_7000, 0x8000_0000_0000_0000 | low)
    };
    (0..count).map(person).collect()
}

fn range(day: u32) -> (DateTime<Utc>, DateTime<Utc>) {
    let first: DateTime<Utc> = "2026-09-01T00:00:00Z".parse().expect("an instant");
    let from = first + chrono::TimeDelta::days(i64::from(day));
    (from, from + chrono::TimeDelta::days(14))
}

async fn ask(
    client: &reqwest::Client,
    address: &str,
    token: &str,
    ids: &[Uuid],
    day: u32,
) -> Duration {
    let users: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let (from, to) = range(day);
    let range = format!(
        "{}/{}",
        from.format("%Y-%m-%dT%H:%M:%SZ"),
        to.format("%Y-%m-%dT%H:%M:%SZ")
    );
    let url = format!(
        "http://{address}/api/v1/availability?users={}&range={range}&durationMinutes=30",
        users.join(",")
    );
    let began = Instant::now();
    let answer = client.get(&url).bearer_auth(token).send().await;
    let answer = answer.expect("an answer");
    let status = answer.status();
    let body = answer.bytes().await.expect("a body");
    let took = began.elapsed();
    assert!(
        status.is_success(),
        "{status}: {}",
        String::from_utf8_lossy(&body)
    );
    took
}

async fn query(conn: &mut PgConnection, ids: &[Uuid], day: u32) -> Duration {
    // The program reads a day more on both sides.
    let (from, to) = range(day);
    let margin = chrono::TimeDelta::days(1);
    let began = Instant::now();
    let rows = sqlx::query(BARE)
        .bind(ids)
        .bind(from - margin)
        .bind(to + margin)
        .fetch_all(&mut *conn)
        .await
        .expect("rows");
    let took = began.elapsed();
    assert!(!rows.is_empty());
    took
}
