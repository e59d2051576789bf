//! The ledger on a real Postgres; one file for each group of properties.

mod concurrent;
mod export;
mod immutable;
mod post;
mod reads;
mod sums;
mod verify;

use std::sync::{Arc, Once};

use chrono::{DateTime, TimeZone, Utc};
use ledger::{Draft, Ledger, Posted};
use model::{Actor, Currency, EntryId, Money};
use platform::vault::Vault;
use platform::{Db, Deps, ManualClock, SystemEntropy};
use sqlx::PgPool;

/// Books in a database of their own, with a clock that stands.
pub(crate) struct World {
    pub(crate) ledger: Ledger,
    pub(crate) deps: Deps,
    pub(crate) actor: Actor,
}

pub(crate) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0)
        .single()
        .expect("a real instant")
}

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(crate) fn deps(pool: &PgPool) -> Deps {
    static TLS: Once = Once::new();
    TLS.call_once(|| {
        let _already = rustls::crypto::ring::default_provider().install_default();
    });
    Deps {
        db: Db::from_pool(pool.clone()),
        clock: Arc::new(ManualClock::at(noon())),
        entropy: Arc::new(SystemEntropy),
        http: platform::http::client().expect("a client"),
        vault: Vault::new(Box::new([7; 32]).into()),
        hasher: platform::Hasher::default(),
    }
}

impl World {
    pub(crate) fn new(pool: &PgPool) -> Self {
        let deps = deps(pool);
        Self {
            ledger: Ledger::new(deps.clone()),
            deps,
            actor: Actor::system("tests"),
        }
    }

    /// Posts in a transaction of its own and commits.
    pub(crate) async fn post(&self, draft: &Draft) -> Posted {
        self.try_post(draft).await.expect("a good draft")
    }

    pub(crate) async fn try_post(&self, draft: &Draft) -> Result<Posted, ledger::Error> {
        let mut tx = self.deps.db.begin("test.post").await?;
        let posted = self.ledger.post_in_tx(&mut tx, draft).await?;
        tx.commit().await?;
        Ok(posted)
    }

    pub(crate) async fn reverse(
        &self,
        entry: EntryId,
        source: &str,
    ) -> Result<Posted, ledger::Error> {
        let mut tx = self.deps.db.begin("test.reverse").await?;
        let posted = self
            .ledger
            .reverse_in_tx(&mut tx, entry, "A mistake", source)
            .await?;
        tx.commit().await?;
        Ok(posted)
    }

    /// Seals until every entry is sealed. Transactions of other databases in the cluster may keep
    /// numbers from settling for a moment, so it tries until a deadline.
    pub(crate) async fn seal_all(&self) {
        let last: i64 = self
            .number("select coalesce(max(seq), 0) from ledger.entry")
            .await;
        self.until("sealed", async || {
            self.ledger.seal().await.expect("sealing works");
            let head = self.ledger.head(&self.actor).await.expect("a head");
            head.map_or(0, |head| head.last_seq) >= last
        })
        .await;
    }

    /// Rolls up until every entry is in.
    pub(crate) async fn roll_up_all(&self) {
        let last: i64 = self
            .number("select coalesce(max(seq), 0) from ledger.entry")
            .await;
        self.until("rolled up", async || {
            self.ledger.roll_up().await.expect("rolling up works") >= last
        })
        .await;
    }

    async fn until(&self, what: &str, done: impl AsyncFn() -> bool) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
        while !done().await {
            assert!(
                std::time::Instant::now() < deadline,
                "not {what} within two minutes"
            );
            tokio::task::yield_now().await;
        }
    }

    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.deps.db.pool())
            .await
            .expect("a number")
    }

    /// Runs statements with all triggers off, as an intruder with a superuser's rights would. Gives
    /// `false` if this role may not do that.
    pub(crate) async fn tamper(&self, statements: &[&'static str]) -> bool {
        let mut tx = self
            .deps
            .db
            .begin("test.tamper")
            .await
            .expect("a transaction");
        if sqlx::query("set local session_replication_role = replica")
            .execute(&mut *tx)
            .await
            .is_err()
        {
            eprintln!("notice: skipped, since this role may not switch triggers off");
            return false;
        }
        for statement in statements {
            let done = sqlx::query(*statement)
                .execute(&mut *tx)
                .await
                .expect("a legal statement");
            assert!(done.rows_affected() > 0, "{statement} did nothing");
        }
        tx.commit().await.expect("no trigger is in the way");
        true
    }
}

/// A sale of some cents, as event number `n`.
pub(crate) fn sale(n: u32, minor: i64) -> Draft {
    Draft::new(format!("sale:{n}"), "sale", format!("Sale {n}"), noon())
        .debit("Assets:Bank", eur(minor))
        .credit("Income:Sales", eur(minor))
}
