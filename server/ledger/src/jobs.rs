//! The jobs of the ledger. Both take no input and may run twice or beside each other: they move a
//! position on under a row lock, so a second run finds nothing to do.

use platform::jobs::{JobError, Registry};

use crate::Ledger;

/// The kind of the job that rolls balances up.
pub const ROLL_UP: &str = "ledger.roll_up";

/// The kind of the job that seals entries.
pub const SEAL: &str = "ledger.seal";

impl Ledger {
    /// Registers the jobs of the ledger with their hours: balances are rolled up and entries sealed
    /// every minute.
    pub fn register_jobs(&self, registry: &mut Registry) {
        let ledger = self.clone();
        registry.register(ROLL_UP, move |_payload| {
            let ledger = ledger.clone();
            async move { ledger.roll_up().await.map(|_| ()).map_err(JobError::from) }
        });
        registry.cron(ROLL_UP, "* * * * *");

        let ledger = self.clone();
        registry.register(SEAL, move |_payload| {
            let ledger = ledger.clone();
            async move { ledger.seal().await.map(|_| ()).map_err(JobError::from) }
        });
        registry.cron(SEAL, "* * * * *");
    }
}
