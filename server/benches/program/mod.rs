//! The real program on a database of its own, for benches that ask it over HTTP.

#![allow(dead_code, reason = "each program uses a part of it")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

const PROGRAM: &str = env!("CARGO_BIN_EXE_punctual");

/// The running program; killed with the bench.
pub struct Program {
    child: Child,
    folder: PathBuf,
    url: String,
    /// Where it answers.
    pub address: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Program {
    /// Starts it with the given roles over a database that it migrates, and waits until it answers.
    pub fn start(url: &str, roles: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("punctual-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("its number").to_string();
        drop(free);
        let child = command(url, &folder)
            .args(["serve", "--roles", roles])
            .env("LEPTOS_SITE_ADDR", &address)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let program = Self {
            child,
            folder,
            url: url.to_owned(),
            address,
        };
        for _ in 0..600 {
            if std::net::TcpStream::connect(&program.address).is_ok() {
                return program;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the program does not answer");
    }

    /// Waits until its tables are there as well.
    pub async fn ready(&self) {
        let url = format!("http://{}/readyz", self.address);
        for _ in 0..600 {
            if reqwest::get(&url)
                .await
                .is_ok_and(|a| a.status().is_success())
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the program does not become ready");
    }

    /// How long the processor has worked for it so far, its database not counted.
    pub fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.expect("it runs");
        // What follows the name in parentheses; user and system time are its 12th and 13th field, in
        // hundredths of a second on every Linux.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let fields = fields.split_ascii_whitespace().skip(11).take(2);
        let hundredths: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
        Duration::from_millis(hundredths * 10)
    }

    /// A token with scopes, as its command makes it.
    pub fn token(&self, scopes: &str) -> String {
        let made = command(&self.url, &self.folder)
            .args(["token", "create", "--name", "bench", "--scopes", scopes])
            .output()
            .expect("the program runs");
        assert!(made.status.success(), "no token: {made:?}");
        let text = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        text.lines().last().unwrap_or_default().to_owned()
    }
}

fn command(url: &str, folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    // It refuses settings that it does not know, and those of benches are none of its.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PUNCTUAL_BENCH_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(folder)
        .env("DATABASE_URL", url)
        .env("PUNCTUAL_DATA_DIR", folder)
        .env("LEPTOS_OUTPUT_NAME", "punctual");
    command
}

/// Runs a bench on a database that is made for it and dropped after it. `DATABASE_URL` names the
/// server and a role that may make databases.
pub async fn with_database(bench: impl AsyncFnOnce(&str)) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let admin = std::env::var("DATABASE_URL").expect("DATABASE_URL names a database server");
    let name = format!("punctual_bench_{}", std::process::id());
    let mut conn = PgConnection::connect(&admin).await.expect("the server");
    conn.execute(AssertSqlSafe(format!("create database {name}")))
        .await
        .expect("a new database");
    let (before, query) = admin.split_once('?').unwrap_or((&admin, ""));
    let cut = before.rfind('/').expect("a database address has a path");
    bench(&format!("{}/{name}?{query}", &before[..cut])).await;
    conn.execute(AssertSqlSafe(format!("drop database {name} with (force)")))
        .await
        .expect("the database goes");
}

/// A percentile of times, in milliseconds.
pub fn quantile(times: &mut [Duration], share: usize) -> f64 {
    times.sort_unstable();
    let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
    times.get(index).map_or(0.0, |t| t.as_secs_f64() * 1_000.0)
}
