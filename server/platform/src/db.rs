//! The database: a pool, named transactions, migrations under an advisory lock.

use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Postgres, Transaction};

/// All migrations of all domains, in order. They run before anything else.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// The lock under which migrations of ours and of the job queue run, so that two nodes that start
/// at once do not run them twice.
const MIGRATION_LOCK: i64 = 0x50_55_4e_43_54_55_41_4c;

/// How long anybody waits for a connection. What cannot be served is told so while whoever asked is still
/// there.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a connection may lie idle before it is asked whether it is still there.
const ASK_AFTER: Duration = Duration::from_secs(1);

/// A handle on the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// Connects, with at most `max_connections` connections.
    ///
    /// # Errors
    /// When the address is wrong or the database cannot be reached within five seconds.
    pub async fn connect(url: &SecretString, max_connections: u32) -> Result<Self, sqlx::Error> {
        let options: PgConnectOptions = url.expose_secret().parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(PATIENCE)
            // A connection that has just been used is alive: to ask it each time costs every
            // transaction a round trip.
            .test_before_acquire(false)
            .before_acquire(|conn, used| {
                Box::pin(async move {
                    if used.idle_for >= ASK_AFTER {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options.application_name("punctual"))
            .await?;
        Ok(Self { pool })
    }

    /// Wraps a pool that a test was given.
    pub const fn from_pool(pool: PgPool) -> Self {
        Self { pool }
    }

    /// The pool itself, for the job queue.
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Begins a transaction whose name, `domain.verb`, feeds span and metric.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn begin(&self, name: &'static str) -> Result<Tx, sqlx::Error> {
        let inner = self.pool.begin().await?;
        Ok(Tx {
            inner: Some(inner),
            name,
            began: Instant::now(),
        })
    }

    /// A connection for reading outside a transaction.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn read(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        self.pool.acquire().await
    }

    /// Runs all migrations that are missing: ours, then the job queue's. Nodes that start at the
    /// same time wait for each other.
    ///
    /// # Errors
    /// When a migration fails or an applied one was changed.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        let mut lock = self.pool.acquire().await?;
        sqlx::query("select pg_advisory_lock($1)")
            .bind(MIGRATION_LOCK)
            .execute(&mut *lock)
            .await?;
        let outcome = self.migrate_locked().await;
        sqlx::query("select pg_advisory_unlock($1)")
            .bind(MIGRATION_LOCK)
            .execute(&mut *lock)
            .await?;
        outcome
    }

    async fn migrate_locked(&self) -> Result<(), MigrateError> {
        MIGRATOR.run(&self.pool).await?;
        crate::jobs::migrate(&self.pool).await?;
        Ok(())
    }

    /// What the database's own clock says.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn database_time(&self) -> Result<chrono::DateTime<chrono::Utc>, sqlx::Error> {
        sqlx::query_scalar("select clock_timestamp()")
            .fetch_one(&self.pool)
            .await
    }

    /// Whether the database answers and has every migration of this binary.
    pub async fn is_ready(&self) -> bool {
        let wanted = MIGRATOR.iter().map(|m| m.version).max().unwrap_or(0);
        let applied: Result<Option<i64>, _> =
            sqlx::query_scalar("select max(version) from _sqlx_migrations where success")
                .fetch_one(&self.pool)
                .await;
        matches!(applied, Ok(Some(version)) if version >= wanted)
    }
}

/// Why a migration did not run.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// One of our migrations failed.
    #[error(transparent)]
    Ours(#[from] sqlx::migrate::MigrateError),
    /// The job queue's own migration failed.
    #[error("the job queue could not prepare its tables: {0}")]
    Jobs(String),
}

/// A named transaction. It must be committed; one that is dropped rolls back, and says so in
/// debug builds, since that is either an error path or a forgotten commit.
pub struct Tx {
    inner: Option<Transaction<'static, Postgres>>,
    name: &'static str,
    began: Instant,
}

impl Tx {
    /// Commits: the last line of every service function that writes.
    ///
    /// # Errors
    /// When the database refuses: a deferred constraint, or a lost connection.
    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        if let Some(inner) = self.inner.take() {
            inner.commit().await?;
        }
        metrics::histogram!("db_transaction_seconds", "name" => self.name)
            .record(self.began.elapsed().as_secs_f64());
        Ok(())
    }

    /// Gives up on purpose.
    ///
    /// # Errors
    /// When the connection is lost, in which case the database has rolled back already.
    pub async fn rollback(mut self) -> Result<(), sqlx::Error> {
        match self.inner.take() {
            Some(inner) => inner.rollback().await,
            None => Ok(()),
        }
    }
}

impl Deref for Tx {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        self.inner
            .as_ref()
            .expect("a transaction is open until it is consumed")
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.inner
            .as_mut()
            .expect("a transaction is open until it is consumed")
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if self.inner.is_some() && cfg!(debug_assertions) {
            tracing::debug!(
                transaction = self.name,
                "a transaction was dropped and rolls back"
            );
        }
    }
}

/// Turns the violation of a named constraint into a domain error; leaves any other error alone.
pub fn on_constraint<T, E: From<sqlx::Error>>(
    result: Result<T, sqlx::Error>,
    constraint: &str,
    error: impl FnOnce() -> E,
) -> Result<T, E> {
    match result {
        Err(sqlx::Error::Database(db)) if db.constraint() == Some(constraint) => Err(error()),
        other => other.map_err(E::from),
    }
}
