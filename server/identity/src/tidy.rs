//! Removes what has expired: sessions, and tries to sign in that no longer count.

use platform::jobs::{JobResult, Registry};

use crate::Identity;
use crate::error::Error;
use crate::limits::WINDOW;
use crate::store::{attempts, sessions};

/// The kind of the cron job.
pub const TIDY: &str = "identity.tidy";

/// How many rows go in one transaction, so that none holds locks for long.
const BATCH: i64 = 1000;

impl Identity {
    /// Registers the jobs of this domain.
    pub fn register_jobs(&self, registry: &mut Registry) {
        let identity = self.clone();
        registry.register(TIDY, move |_| {
            let identity = identity.clone();
            async move { identity.run_tidy().await }
        });
        registry.cron(TIDY, "*/15 * * * *");
    }

    async fn run_tidy(&self) -> JobResult {
        let (sessions, tries) = self.tidy().await?;
        tracing::info!(
            sessions,
            tries,
            "expired sessions and old tries to sign in were removed"
        );
        Ok(())
    }

    /// Removes what has expired, and gives the numbers of sessions and of tries to sign in. A second
    /// run finds nothing to do. It has no actor, since it changes nothing that anybody can see.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn tidy(&self) -> Result<(u64, u64), Error> {
        let now = self.deps.now();
        let (mut ended, mut forgotten) = (0, 0);
        loop {
            let mut tx = self.deps.db.begin("identity.tidy").await?;
            let sessions = sessions::delete_expired(&mut tx, now, BATCH).await?;
            let tries = attempts::delete_before(&mut tx, now - WINDOW, BATCH).await?;
            tx.commit().await?;
            ended += sessions;
            forgotten += tries;
            if sessions + tries == 0 {
                return Ok((ended, forgotten));
            }
        }
    }
}
