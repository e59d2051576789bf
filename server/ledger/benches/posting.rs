//! How fast postings are, against a bare insert and against a ledger that keeps balances in rows.
//!
//! Needs `DATABASE_URL` of a role that may create databases; it makes one of its own and drops it
//! at the end. Only ratios of one run mean anything: the cost of a commit depends on the disk and
//! on what else the machine does. `PUNCTUAL_BENCH_SECONDS` is the length of each concurrent case
//! (default 2).
//!
//! The contender `locked_balances` is the usual design: a function in the database that locks both
//! accounts' rows in order, writes the transfer and its two lines, and updates both balances.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use criterion::Criterion;
use ledger::{Balanced, Draft, Ledger};
use model::{Currency, Money};
use platform::{Clock, Db, Deps, SeededEntropy, SystemClock, SystemEntropy};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::runtime::Runtime;

const CLIENTS: usize = 20;
const ACCOUNTS: u64 = 1_000;
const BATCH: usize = 100;

const CONTENDERS: &str = "
create schema bench;
create table bench.bare (id uuid primary key default gen_random_uuid(), account int not null, minor bigint not null);
create table bench.account (id int primary key, balance bigint not null, version bigint not null);
insert into bench.account select n, 0, 0 from generate_series(0, 1000) n;
create table bench.transfer (
    id bigint generated always as identity primary key,
    from_account int not null references bench.account,
    to_account int not null references bench.account,
    minor bigint not null,
    created_at timestamptz not null default now()
);
create table bench.movement (
    id bigint generated always as identity primary key,
    transfer_id bigint not null references bench.transfer,
    account_id int not null references bench.account,
    minor bigint not null,
    balance_before bigint not null,
    balance_after bigint not null,
    version bigint not null
);
create index on bench.movement (account_id);
create function bench.locked_balances(from_id int, to_id int, amount bigint) returns bigint language plpgsql as $$
declare
    moved bigint;
    change record;
    found_balance bigint;
    found_version bigint;
begin
    perform from bench.account where id in (from_id, to_id) order by id for update;
    insert into bench.transfer (from_account, to_account, minor)
        values (from_id, to_id, amount) returning id into moved;
    for change in select * from (values (from_id, -amount), (to_id, amount)) as v (account, minor) loop
        update bench.account set balance = balance + change.minor, version = version + 1
            where id = change.account
            returning balance, version into found_balance, found_version;
        insert into bench.movement (transfer_id, account_id, minor, balance_before, balance_after, version)
            values (moved, change.account, change.minor, found_balance - change.minor, found_balance, found_version);
    end loop;
    return moved;
end
$$;
";

/// Everything a case needs.
#[derive(Clone)]
struct Bench {
    db: Db,
    ledger: Ledger,
    random: Arc<SeededEntropy>,
    numbers: Arc<AtomicU64>,
}

/// Which accounts a posting touches.
#[derive(Clone, Copy)]
enum Spread {
    Wide,
    OneHot,
}

impl Bench {
    /// Two different accounts; the first is always the same one in the hot case.
    fn accounts(&self, spread: Spread) -> (u64, u64) {
        let other = 1 + self.random.below(ACCOUNTS - 1);
        match spread {
            Spread::OneHot => (0, other),
            Spread::Wide => {
                let one = self.random.below(ACCOUNTS);
                (one, if one == other { ACCOUNTS } else { other })
            }
        }
    }

    fn draft(&self, spread: Spread) -> Draft {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let (one, other) = self.accounts(spread);
        let money = Money::new(
            1 + i64::try_from(number % 10_000).unwrap_or(0),
            Currency::EUR,
        );
        Draft::new(
            format!("bench:{number}"),
            "bench",
            "A posting",
            SystemClock.now(),
        )
        .debit(format!("Assets:Bench:{one}"), money)
        .credit(format!("Assets:Bench:{other}"), money)
    }

    async fn post_in_tx(&self, spread: Spread) {
        let mut tx = self.db.begin("bench.post").await.expect("a transaction");
        self.ledger
            .post_in_tx(&mut tx, &self.draft(spread))
            .await
            .expect("posted");
        tx.commit().await.expect("committed");
    }

    async fn post(&self, spread: Spread) {
        self.ledger.post(&self.draft(spread)).await.expect("posted");
    }

    async fn post_batch(&self) {
        let drafts: Vec<Balanced> = (0..BATCH)
            .map(|_| self.draft(Spread::Wide).balance().expect("balanced"))
            .collect();
        let mut tx = self.db.begin("bench.batch").await.expect("a transaction");
        self.ledger
            .post_many_in_tx(&mut tx, &drafts)
            .await
            .expect("posted");
        tx.commit().await.expect("committed");
    }

    async fn bare(&self) {
        let (one, other) = self.accounts(Spread::Wide);
        let mut tx = self.db.begin("bench.bare").await.expect("a transaction");
        sqlx::query("insert into bench.bare (account, minor) values ($1, $2), ($3, -$2)")
            .bind(i32::try_from(one).unwrap_or(0))
            .bind(500_i64)
            .bind(i32::try_from(other).unwrap_or(0))
            .execute(&mut *tx)
            .await
            .expect("inserted");
        tx.commit().await.expect("committed");
    }

    async fn locked_balances(&self, spread: Spread) {
        let (one, other) = self.accounts(spread);
        let mut conn = self.db.read().await.expect("a connection");
        sqlx::query("select bench.locked_balances($1, $2, $3)")
            .bind(i32::try_from(one).unwrap_or(0))
            .bind(i32::try_from(other).unwrap_or(0))
            .bind(500_i64)
            .execute(&mut *conn)
            .await
            .expect("transferred");
    }
}

/// Seconds a unit of each case took, over all rounds.
#[derive(Clone, Default)]
struct Figures(Arc<Mutex<BTreeMap<&'static str, (u64, Duration)>>>);

impl Figures {
    fn add(&self, case: &'static str, done: u64, took: Duration) {
        let mut all = self.0.lock().expect("no case panics while it holds this");
        let sum = all.entry(case).or_default();
        sum.0 += done;
        sum.1 += took;
    }

    fn rate(&self, case: &str) -> f64 {
        let all = self.0.lock().expect("no case panics while it holds this");
        all.get(case).map_or(f64::NAN, |(done, took)| {
            #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
            let done = *done as f64;
            done / took.as_secs_f64()
        })
    }

    fn line(&self, case: &str, against: Option<(&str, &str)>) {
        let rate = self.rate(case);
        match against {
            Some((other, wanted)) => {
                eprintln!(
                    "{case:<34} {rate:>9.0}/s   {:>6.2} x {other} ({wanted})",
                    rate / self.rate(other)
                );
            }
            None => eprintln!("{case:<34} {rate:>9.0}/s"),
        }
    }
}

/// One case under criterion, one client.
fn alone<F: Future<Output = ()>>(
    criterion: &mut Criterion,
    runtime: &Runtime,
    figures: &Figures,
    case: &'static str,
    each: u64,
    run: impl Fn() -> F,
) {
    criterion.bench_function(case, |bencher| {
        bencher.iter_custom(|times| {
            let began = Instant::now();
            runtime.block_on(async {
                for _ in 0..times {
                    run().await;
                }
            });
            figures.add(case, times * each, began.elapsed());
            began.elapsed()
        });
    });
}

/// One case with twenty clients for a while.
fn together<F>(
    runtime: &Runtime,
    figures: &Figures,
    case: &'static str,
    run: impl Fn() -> F + Clone + Send + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let seconds = std::env::var("PUNCTUAL_BENCH_SECONDS")
        .ok()
        .and_then(|s| s.parse().ok());
    let length = Duration::from_secs_f64(seconds.unwrap_or(2.0));
    runtime.block_on(async {
        let began = Instant::now();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let run = run.clone();
                tokio::spawn(async move {
                    let mut done = 0;
                    while began.elapsed() < length {
                        run().await;
                        done += 1;
                    }
                    done
                })
            })
            .collect();
        let mut done = 0;
        for client in clients {
            done += client.await.expect("a client ends");
        }
        figures.add(case, done, began.elapsed());
    });
}

fn run(bench: &Bench, runtime: &Runtime) {
    let figures = Figures::default();
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();

    alone(
        &mut criterion,
        runtime,
        &figures,
        "one client, bare two rows",
        1,
        || bench.bare(),
    );
    alone(
        &mut criterion,
        runtime,
        &figures,
        "one client, post_in_tx",
        1,
        || bench.post_in_tx(Spread::Wide),
    );
    let batch = u64::try_from(BATCH).unwrap_or(0);
    alone(
        &mut criterion,
        runtime,
        &figures,
        "one client, 100 in one tx",
        batch,
        || bench.post_batch(),
    );

    // In turns, so that a slow moment of the machine hits all of them.
    for _round in 0..2 {
        for (spread, locked, own, shared) in [
            (
                Spread::Wide,
                "spread, locked_balances",
                "spread, post_in_tx",
                "spread, post",
            ),
            (
                Spread::OneHot,
                "hot, locked_balances",
                "hot, post_in_tx",
                "hot, post",
            ),
        ] {
            let b = bench.clone();
            together(runtime, &figures, locked, move || {
                let b = b.clone();
                async move { b.locked_balances(spread).await }
            });
            let b = bench.clone();
            together(runtime, &figures, own, move || {
                let b = b.clone();
                async move { b.post_in_tx(spread).await }
            });
            let b = bench.clone();
            together(runtime, &figures, shared, move || {
                let b = b.clone();
                async move { b.post(spread).await }
            });
        }
    }
    criterion.final_summary();

    let (fsync, synchronous) = runtime.block_on(durability(&bench.db));
    eprintln!("\nPostings per second; {CLIENTS} clients where none is named, {ACCOUNTS} accounts");
    eprintln!(
        "The server has fsync {fsync} and synchronous_commit {synchronous}; only with both on do the goals mean anything"
    );
    let bare = "one client, bare two rows";
    figures.line(bare, None);
    figures.line(
        "one client, post_in_tx",
        Some((bare, "wanted: 0.67 or more")),
    );
    figures.line("one client, 100 in one tx", Some((bare, "no goal")));
    let locked = "spread, locked_balances";
    figures.line(locked, None);
    figures.line("spread, post_in_tx", Some((locked, "no goal")));
    figures.line("spread, post", Some((locked, "wanted: 5 or more")));
    let locked = "hot, locked_balances";
    figures.line(locked, None);
    figures.line("hot, post_in_tx", Some((locked, "no goal")));
    figures.line("hot, post", Some((locked, "wanted: 20 or more")));
}

/// How durable a commit of this server is.
async fn durability(db: &Db) -> (String, String) {
    let sql = "select current_setting('fsync'), current_setting('synchronous_commit')";
    sqlx::query_as(sql)
        .fetch_one(db.pool())
        .await
        .expect("the settings")
}

async fn prepare(url: &str, name: &str) -> Bench {
    let mut admin = PgConnection::connect(url)
        .await
        .expect("a server at DATABASE_URL");
    admin
        .execute(AssertSqlSafe(format!("create database {name}")))
        .await
        .expect("a role that may create databases");
    let options: sqlx::postgres::PgConnectOptions = url.parse().expect("a good DATABASE_URL");
    let pool = sqlx::postgres::PgPoolOptions::new()
        .max_connections(u32::try_from(CLIENTS).unwrap_or(20) + 2)
        .connect_with(options.database(name))
        .await
        .expect("the new database");
    platform::MIGRATOR
        .run(&pool)
        .await
        .expect("the migrations run");
    sqlx::raw_sql(CONTENDERS)
        .execute(&pool)
        .await
        .expect("the contenders' tables");
    let _already = rustls::crypto::ring::default_provider().install_default();
    let db = Db::from_pool(pool);
    let deps = Deps {
        db: db.clone(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        http: platform::http::client().expect("a client"),
        vault: platform::vault::Vault::new(Box::new([7; 32]).into()),
        hasher: platform::Hasher::default(),
    };
    Bench {
        db,
        ledger: Ledger::new(deps),
        random: Arc::new(SeededEntropy::new(7)),
        numbers: Arc::default(),
    }
}

fn main() {
    let Ok(url) = std::env::var("DATABASE_URL") else {
        eprintln!("notice: skipped, since DATABASE_URL is not set");
        return;
    };
    let runtime = Runtime::new().expect("a runtime");
    let name = format!("punctual_bench_{}", std::process::id());
    let bench = runtime.block_on(prepare(&url, &name));
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&bench, &runtime)));
    runtime.block_on(async {
        bench.db.pool().close().await;
        let mut admin = PgConnection::connect(&url)
            .await
            .expect("the server is still there");
        admin
            .execute(AssertSqlSafe(format!(
                "drop database if exists {name} with (force)"
            )))
            .await
            .expect("the database goes");
    });
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
