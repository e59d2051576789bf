//! A herd on few people: how many tries to book a second, and what is left that overlaps.
//!
//! Sixteen clients, each time four of forty people, starts that overlap each other in quarter
//! hours. Beside the constraint stands the usual way, to look first and insert then, on a table
//! without it: it is faster, and wrong. The claims alone are the like-for-like: as bare as that one,
//! under the constraint. The whole booking is what a caller gets, history, event and invitations
//! with it.
//!
//! Needs `DATABASE_URL` of a role that may create databases; it makes one of its own and drops it
//! at the end. `PUNCTUAL_BENCH_SECONDS` is the length of each case (default 12).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use model::scheduling::meeting::{Colleague, CreateMeeting, Invitee, Slot};
use model::{Actor, PersonId, Role};
use platform::{Clock, Db, Deps, SeededEntropy, SystemClock, SystemEntropy};
use scheduling::book::Attempt;
use scheduling::{Config, Scheduling};
use secrecy::{SecretBox, SecretString};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

const CLIENTS: u64 = 16;
const POOL: u64 = 40;
/// How many tries hit the same hour before the herd moves on.
const PRESSURE: u64 = 16;

const CONTENDER: &str = "
create schema bench;
create table bench.claim (who uuid not null, during tstzrange not null);
create index on bench.claim using gist (who, during);
create table bench.taken (who uuid not null, during tstzrange not null,
    exclude using gist (who with =, during with &&));
";

struct Bench {
    service: Scheduling,
    people: Vec<Colleague>,
    first: DateTime<Utc>,
    tries: AtomicU64,
    booked: AtomicU64,
}

/// One try: who, from when to when.
struct Wanted {
    people: Vec<usize>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    number: u64,
}

impl Bench {
    fn wanted(&self, random: &SeededEntropy) -> Wanted {
        let number = self.tries.fetch_add(1, Ordering::Relaxed);
        let mut people: Vec<usize> = Vec::with_capacity(4);
        while people.len() < 4 {
            let one = usize::try_from(random.below(POOL)).unwrap_or(0);
            if !people.contains(&one) {
                people.push(one);
            }
        }
        let minutes = number / PRESSURE * 30 + random.below(2) * 15;
        let from = self.first + TimeDelta::minutes(i64::try_from(minutes).unwrap_or(0));
        Wanted {
            people,
            from,
            to: from + TimeDelta::minutes(30),
            number,
        }
    }
}

fn main() {
    // `cargo test` builds and runs benches too, and there is nothing to check in it.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let admin = std::env::var("DATABASE_URL").expect("DATABASE_URL names a database server");
    let name = format!("punctual_herd_{}", std::process::id());
    let mut conn = PgConnection::connect(&admin).await.expect("the server");
    conn.execute(AssertSqlSafe(format!("create database {name}")))
        .await
        .expect("a new database");
    let (before, query) = admin.split_once('?').unwrap_or((&admin, ""));
    let cut = before.rfind('/').expect("a database address has a path");
    let url: SecretString = format!("{}/{name}?{query}", &before[..cut]).into();
    measure(&url).await;
    conn.execute(AssertSqlSafe(format!("drop database {name} with (force)")))
        .await
        .expect("the database goes");
}

async fn measure(url: &SecretString) {
    let db = Db::connect(url, 48).await.expect("the database");
    db.migrate().await.expect("the tables");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let deps = Deps {
        db: db.clone(),
        clock,
        entropy: Arc::new(SystemEntropy),
        http: platform::http::client().expect("a client"),
        vault: platform::vault::Vault::new(SecretBox::new(Box::new([7; 32]))),
        hasher: platform::Hasher::default(),
    };
    let config = Config {
        public_url: "https://punctual.example".into(),
        organisation: "Bench".into(),
        mail_from: "Punctual <noreply@punctual.example>".into(),
    };
    let service = Scheduling::new(deps.clone(), config);
    let mut people = Vec::new();
    let mut tx = db.begin("bench.people").await.expect("the database");
    for number in 0..POOL {
        let person = Colleague {
            id: deps.new_id::<PersonId>(),
            name: format!("Person {number}"),
            email: format!("p{number}@example.org"),
            zone: "Europe/Berlin".into(),
        };
        service
            .keep_person_in_tx(&mut tx, &person, true)
            .await
            .expect("a person");
        people.push(person);
    }
    tx.commit().await.expect("the database");
    sqlx::raw_sql(CONTENDER)
        .execute(db.pool())
        .await
        .expect("the contender's table");
    let bench = Arc::new(Bench {
        service,
        people,
        first: "2027-01-04T08:00:00Z".parse().expect("an instant"),
        tries: AtomicU64::new(0),
        booked: AtomicU64::new(0),
    });
    println!("{CLIENTS} clients, 4 of {POOL} people, starts that overlap");
    println!(
        "{:<28} {:>10} {:>10} {:>10} {:>10}",
        "way", "tries/s", "booked", "overlaps", "deadlocks"
    );
    let naive = case(&db, &bench, "look, then insert", Way::Look).await;
    let claims = case(&db, &bench, "constraint, claims alone", Way::Claims).await;
    let ours = case(&db, &bench, "constraint, whole booking", Way::Ours).await;
    println!(
        "of the tries of the bare look-then-insert, the claims alone make {:.2} and the whole booking {:.2}",
        claims / naive,
        ours / naive
    );
}

#[derive(Clone, Copy)]
enum Way {
    Look,
    Claims,
    Ours,
}

async fn case(db: &Db, bench: &Arc<Bench>, name: &str, way: Way) -> f64 {
    let seconds: f64 = std::env::var("PUNCTUAL_BENCH_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(12.0);
    bench.tries.store(0, Ordering::Relaxed);
    bench.booked.store(0, Ordering::Relaxed);
    let before = deadlocks(db).await;
    let began = Instant::now();
    let end = began + Duration::from_secs_f64(seconds);
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let (bench, db) = (Arc::clone(bench), db.clone());
        clients.spawn(async move {
            let random = SeededEntropy::new(1_000 + client);
            while Instant::now() < end {
                let wanted = bench.wanted(&random);
                let booked = match way {
                    Way::Look => look_then_insert(&db, &bench, &wanted).await,
                    Way::Claims => claims_alone(&db, &bench, &wanted).await,
                    Way::Ours => ours(&bench, &wanted).await,
                };
                if booked {
                    bench.booked.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended.expect("no client fails");
    }
    let rate = f64::from(u32::try_from(bench.tries.load(Ordering::Relaxed)).unwrap_or(u32::MAX))
        / began.elapsed().as_secs_f64();
    let table = match way {
        Way::Look => "bench.claim",
        Way::Claims => "bench.taken",
        Way::Ours => "scheduling.occupancy",
    };
    let overlaps: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
        "select count(*) from {table} a join {table} b
           on a.who = b.who and a.during && b.during and a.ctid < b.ctid"
    )))
    .fetch_one(db.pool())
    .await
    .expect("a count");
    println!(
        "{name:<28} {rate:>10.0} {:>10} {overlaps:>10} {:>10}",
        bench.booked.load(Ordering::Relaxed),
        deadlocks(db).await - before
    );
    rate
}

async fn deadlocks(db: &Db) -> i64 {
    sqlx::query_scalar("select deadlocks from pg_stat_database where datname = current_database()")
        .fetch_one(db.pool())
        .await
        .expect("a count")
}

/// The usual way: look whether everybody is free, then write it down.
async fn look_then_insert(db: &Db, bench: &Bench, wanted: &Wanted) -> bool {
    let who: Vec<_> = wanted
        .people
        .iter()
        .map(|at| bench.people[*at].id.0)
        .collect();
    let mut tx = db.pool().begin().await.expect("a transaction");
    let row = sqlx::query(
        "select count(*) from bench.claim where who = any($1) and during && tstzrange($2, $3, '[)')",
    )
    .bind(&who)
    .bind(wanted.from)
    .bind(wanted.to)
    .fetch_one(&mut *tx)
    .await
    .expect("a count");
    if row.get::<i64, _>(0) > 0 {
        return false;
    }
    // What a program does between looking and writing.
    tokio::time::sleep(Duration::from_millis(2)).await;
    sqlx::query("insert into bench.claim select who, tstzrange($2, $3, '[)') from unnest($1) who")
        .bind(&who)
        .bind(wanted.from)
        .bind(wanted.to)
        .execute(&mut *tx)
        .await
        .expect("a row");
    tx.commit().await.expect("a commit");
    true
}

/// The way of the service without anything around it: sorted rows, all or none.
async fn claims_alone(db: &Db, bench: &Bench, wanted: &Wanted) -> bool {
    let mut who: Vec<_> = wanted
        .people
        .iter()
        .map(|at| bench.people[*at].id.0)
        .collect();
    who.sort_unstable();
    let mut tx = db.pool().begin().await.expect("a transaction");
    let done = sqlx::query(
        "insert into bench.taken
         select who, tstzrange($2, $3, '[)') from unnest($1) with ordinality as w (who, place)
         order by place on conflict do nothing",
    )
    .bind(&who)
    .bind(wanted.from)
    .bind(wanted.to)
    .execute(&mut *tx)
    .await
    .expect("an answer");
    if done.rows_affected() < 4 {
        return false;
    }
    tx.commit().await.expect("a commit");
    true
}

/// The whole of a booking: people looked up, claims, meeting, invitations queued.
async fn ours(bench: &Bench, wanted: &Wanted) -> bool {
    let people: Vec<&Colleague> = wanted.people.iter().map(|at| &bench.people[*at]).collect();
    let (organizer, others) = people.split_first().expect("four people");
    let request = CreateMeeting {
        title: "Herd".into(),
        organizer: None,
        attendees: others
            .iter()
            .map(|p| Invitee::Plain(p.id.to_string()))
            .collect(),
        slot: Slot {
            from: wanted.from,
            to: wanted.to,
        },
        rooms: Vec::new(),
        zone: None,
        recurrence: None,
        location: String::new(),
        description: String::new(),
    };
    let actor = Actor::person(
        organizer.id,
        &organizer.name,
        &organizer.zone,
        &[Role::Employee],
    );
    let key = format!("herd {}", wanted.number);
    match bench.service.attempt(&actor, &request, &key, None).await {
        Ok(Attempt::Booked { .. }) => true,
        Ok(Attempt::Lost(_)) => false,
        Err(error) => panic!("no defined answer: {error:?}"),
    }
}
