//! What a database test needs: a world with a clock that stands, randomness that repeats, and jobs
//! that run when the test says so.
//!
//! ```text
//! #[sqlx::test(migrator = "platform::MIGRATOR")]
//! async fn a_mail_is_kept(pool: PgPool) {
//!     let world = testkit::world(&pool).await;
//!     // ... what enqueues a job ...
//!     world.advance(TimeDelta::minutes(5));
//!     world.drain(&registry).await;
//! }
//! ```

use std::sync::{Arc, Once};

use chrono::{DateTime, TimeDelta, Utc};
use platform::jobs::{JobError, Registry, drain_at};
use platform::vault::Vault;
use platform::{Clock, Db, Deps, ManualClock, SeededEntropy};
use secrecy::SecretBox;
use sqlx::PgPool;

/// When every test begins: a Monday morning, 2026-11-02 08:00 UTC.
pub const START: DateTime<Utc> = match DateTime::from_timestamp(1_793_606_400, 0) {
    Some(start) => start,
    None => panic!("the start is a legal instant"),
};

/// The world of one test; cheap to clone.
#[derive(Clone)]
pub struct TestWorld {
    /// What services are built from.
    pub deps: Deps,
    /// The clock in there, to be moved.
    pub clock: Arc<ManualClock>,
}

/// A world on the database of a test. Always the same ids, secrets and times.
///
/// # Panics
/// When there is no HTTP client to be had.
pub fn deps(pool: PgPool) -> TestWorld {
    install_tls();
    let clock = Arc::new(ManualClock::at(START));
    let deps = Deps {
        db: Db::from_pool(pool),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        entropy: Arc::new(SeededEntropy::new(20_261_102)),
        http: platform::http::client().expect("a client needs only the system's certificates"),
        vault: Vault::new(SecretBox::new(Box::new([42; 32]))),
        hasher: platform::Hasher::default(),
    };
    TestWorld { deps, clock }
}

/// Adds the job queue's tables, which the migrations of a test do not bring.
///
/// # Panics
/// When the database refuses.
pub async fn prepare(pool: &PgPool) {
    platform::jobs::migrate(pool)
        .await
        .expect("the job queue's tables can be made");
}

/// A world whose jobs can run: [`prepare`] and [`deps`] in one.
///
/// # Panics
/// As those two.
pub async fn world(pool: &PgPool) -> TestWorld {
    prepare(pool).await;
    deps(pool.clone())
}

/// Chooses the TLS implementation of this process, once.
fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // It fails only if another test chose the same one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

impl TestWorld {
    /// The database.
    pub fn db(&self) -> &Db {
        &self.deps.db
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.deps.now()
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// Runs every job that is due by the test's clock, and those that they enqueue, until none is
    /// due. Returns how many ran.
    ///
    /// # Panics
    /// When one of them fails.
    pub async fn drain(&self, registry: &Registry) -> usize {
        let (ran, errors) = self.drain_with_errors(registry).await;
        assert!(errors.is_empty(), "jobs failed: {errors:#?}");
        ran
    }

    /// As [`drain`](Self::drain), but gives kind and error of each run that failed.
    pub async fn drain_with_errors(&self, registry: &Registry) -> (usize, Vec<(String, JobError)>) {
        drain_at(&self.deps.db, registry, self.deps.now()).await
    }
}
