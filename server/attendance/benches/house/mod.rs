//! A database of a bench's own, and attendance on it.

#![allow(dead_code, reason = "each program uses a part of it")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use attendance::{Attendance, Config};
use platform::{Clock, Db, Deps, SystemClock, SystemEntropy};
use secrecy::{SecretBox, SecretString};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// What all days have come to, without what differs from one telling to another.
const DAYS: &str = "
select count(*),
       coalesce(md5(string_agg(concat_ws('|', employee_id, work_date, status, counted_minutes,
           actual_minutes, expected_minutes, late_minutes, early_minutes, overtime_minutes, flags),
           E'\\n' order by employee_id, work_date)), '')
from attendance.day";

/// A number from the environment.
pub fn setting(name: &str, usual: usize) -> usize {
    let set = std::env::var(name).ok().and_then(|text| text.parse().ok());
    set.unwrap_or(usual)
}

/// Prints how much was done in which time.
pub fn report(what: &str, count: usize, took: Duration) {
    let rate = f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took.as_secs_f64();
    println!(
        "{what:<34} {count:>9} in {:>7.1} s {rate:>9.0}/s",
        took.as_secs_f64()
    );
}

/// A database of our own. `DATABASE_URL` names its server and a role that may make databases.
pub struct House {
    name: String,
    admin: String,
    pub db: Db,
    pub service: Attendance,
}

impl House {
    pub async fn build(kind: &str, seed: &str) -> Self {
        let admin = std::env::var("DATABASE_URL").expect("DATABASE_URL names a database server");
        let name = format!("punctual_{kind}_{}", std::process::id());
        let mut conn = PgConnection::connect(&admin).await.expect("the server");
        let create = format!("create database {name}");
        conn.execute(AssertSqlSafe(create))
            .await
            .expect("a new database");
        let (before, query) = admin.split_once('?').unwrap_or((&admin, ""));
        let cut = before.rfind('/').expect("a database address has a path");
        let url: SecretString = format!("{}/{name}?{query}", &before[..cut]).into();
        let db = Db::connect(&url, 48).await.expect("the database");
        db.migrate().await.expect("the tables");
        for statements in [seed, "analyze"] {
            sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
                .execute(db.pool())
                .await
                .expect("people and what they work with");
        }
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
        };
        Self {
            name,
            admin,
            db,
            service: Attendance::new(deps, config),
        }
    }

    /// Derives every day that is stale.
    pub async fn derive(&self) -> Duration {
        let began = Instant::now();
        while self.service.derive_stale().await.expect("days") > 0 {}
        began.elapsed()
    }

    /// How many days there are, and a digest of them.
    pub async fn days(&self) -> (i64, String) {
        sqlx::query_as(DAYS)
            .fetch_one(self.db.pool())
            .await
            .expect("days")
    }

    pub async fn count(&self, query: &'static str) -> usize {
        let count: i64 = sqlx::query_scalar(query)
            .fetch_one(self.db.pool())
            .await
            .expect("a count");
        usize::try_from(count).unwrap_or(0)
    }

    pub async fn pull_down(self) {
        self.db.pool().close().await;
        let mut conn = PgConnection::connect(&self.admin)
            .await
            .expect("the server");
        let drop = format!("drop database {} with (force)", self.name);
        conn.execute(AssertSqlSafe(drop))
            .await
            .expect("the database goes");
    }
}
