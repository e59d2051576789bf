//! The server and its database are killed with SIGKILL while people clock in. Whoever had an
//! acknowledgement is in the books; whoever had none sends again; and everybody is there once.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::task::JoinSet;

use crate::staff::{self, Door};

const PEOPLE: u64 = 1_500;
const CLIENTS: u64 = 24;
const PATIENCE: Duration = Duration::from_secs(120);

/// The program with a database of its own, as `punctual serve` starts it, in a folder that outlives it.
struct House {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl House {
    fn open() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("a bound address").port();
        drop(free);
        let folder =
            std::env::temp_dir().join(format!("punctual-burst-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder of our own");
        let child = serve(&folder, port);
        Self {
            child,
            folder,
            port,
        }
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    async fn await_ready(&self) {
        let url = format!("http://{}/readyz", self.address());
        let http = reqwest::Client::new();
        until("the server is ready", async || {
            let answer = http.get(&url).send().await;
            answer.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
    }

    /// A connection to the private database, once it takes one.
    async fn database(&self) -> PgConnection {
        let address = self.folder.join("database.url");
        let started = Instant::now();
        loop {
            let url = std::fs::read_to_string(&address).unwrap_or_default();
            if let Ok(conn) = PgConnection::connect(url.trim()).await {
                return conn;
            }
            assert!(started.elapsed() < PATIENCE, "the database takes nobody");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Kills the program, and starts it again on what it left.
    fn kill_program(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("a child of ours");
        self.child = serve(&self.folder, self.port);
    }

    /// Kills the database under the running program.
    fn kill_database(&self) {
        let location = std::fs::read_to_string(self.folder.join("postgres.location"));
        let home = location.map_or_else(
            |_| self.folder.join("postgres"),
            |text| PathBuf::from(text.trim()),
        );
        let file = home.join("cluster/postmaster.pid");
        let text = std::fs::read_to_string(file).expect("the database runs");
        let pid = text.lines().next().expect("its process").trim();
        let killed = Command::new("sh")
            .args(["-c", &format!("kill -KILL {pid}")])
            .status();
        assert!(
            killed.expect("a shell").success(),
            "kill -KILL {pid} failed"
        );
    }

    fn token(&self) -> String {
        let made = command(&self.folder)
            .args([
                "token",
                "create",
                "--name",
                "burst",
                "--scopes",
                "punches:write",
            ])
            .output()
            .expect("the program runs");
        assert!(made.status.success(), "no token: {made:?}");
        let text = String::from_utf8(made.stdout).expect("text");
        text.lines().last().unwrap_or_default().trim().to_owned()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_punctual"));
    command
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env("PUNCTUAL_DATA_DIR", folder)
        .env("PUNCTUAL_MASTER_KEY", "11".repeat(32))
        .env("RUST_LOG", "off");
    command
}

fn serve(folder: &Path, port: u16) -> Child {
    command(folder)
        .arg("serve")
        .env("LEPTOS_SITE_ADDR", format!("127.0.0.1:{port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < PATIENCE, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn count(conn: &mut PgConnection, query: &'static str) -> i64 {
    sqlx::query_scalar(query)
        .fetch_one(conn)
        .await
        .expect("a count")
}

/// What all clients have seen so far.
#[derive(Default)]
struct Seen {
    acknowledged: AtomicU64,
    sent_again: AtomicU64,
}

/// Every client's share of the staff, one after the other, each until it is acknowledged.
async fn clock_in(door: Arc<Door>, seen: Arc<Seen>, client: u64) {
    for person in (1..=PEOPLE).filter(|person| person % CLIENTS == client) {
        let at = Utc::now();
        let started = Instant::now();
        while !door.punch(person, at).await {
            assert!(started.elapsed() < PATIENCE, "{person} is not let in");
            seen.sent_again.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        seen.acknowledged.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn whoever_was_acknowledged_is_there_once_after_both_were_killed() {
    // Another test of this process may have done it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut house = House::open();
    house.await_ready().await;
    let token = house.token();
    let mut conn = house.database().await;
    conn.execute(sqlx::raw_sql(AssertSqlSafe(staff::seed(PEOPLE))))
        .await
        .expect("the people go in");
    drop(conn);
    // It knows its devices from its start.
    house.kill_program();
    house.await_ready().await;

    let door = Arc::new(Door {
        client: reqwest::Client::new(),
        address: house.address(),
        token,
    });
    let seen = Arc::new(Seen::default());
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(clock_in(Arc::clone(&door), Arc::clone(&seen), client));
    }
    let reached = async |share: u64| {
        until("so many are in", async || {
            seen.acknowledged.load(Ordering::Relaxed) >= PEOPLE * share / 100
        })
        .await;
    };
    reached(20).await;
    house.kill_program();
    reached(40).await;
    house.kill_database();
    reached(60).await;
    house.kill_database();
    house.kill_program();
    reached(80).await;
    house.kill_program();
    while let Some(ended) = clients.join_next().await {
        ended.expect("a client ends well");
    }
    assert!(
        seen.sent_again.load(Ordering::Relaxed) >= 4,
        "nobody was cut off, so nothing was shown"
    );

    // What a device was told is stored is worked off after the answer.
    let mut conn = house.database().await;
    until("all batches are read", async || {
        count(
            &mut conn,
            "select count(*) from attendance.device_batch where done_at is null",
        )
        .await
            == 0
    })
    .await;
    let people = i64::try_from(PEOPLE).expect("few people");
    let punches = count(&mut conn, "select count(*) from attendance.punch").await;
    let owners = count(
        &mut conn,
        "select count(distinct coalesce(p.employee_id, b.employee_id))
         from attendance.punch p left join attendance.badge b on b.badge = p.badge",
    )
    .await;
    assert_eq!((punches, owners), (people, people), "one each");
    until("all days are derived", async || {
        count(&mut conn, "select count(*) from attendance.stale_day").await == 0
    })
    .await;
    let days = count(
        &mut conn,
        "select count(distinct employee_id) from attendance.day
         where jsonb_array_length(document -> 'punches') = 1",
    )
    .await;
    assert_eq!(days, people, "everybody's day has its one punch");
}
