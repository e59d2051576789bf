//! Settlement: files of banks and providers, and how they meet what we expect.
//!
//! [`formats`] reads files into a stream of [`parsed`] values and knows nothing of our data.
//! [`import`] keeps a file, reads it and takes in its lines, all or none; [`intake`] is the sink
//! that turns what is read into rows. [`reconcile`] holds open lines against payments and payouts:
//! it decides with [`match_lines`], which is pure, and claims and books in one transaction.
//! [`read`] has the lists and figures. [`news`] tells open pages what to read again.
//!
//! # The way of the money
//! A report's line of a payment is matched by the gateway's ids and books the fee. The lines of a
//! payout make what the bank should get; that sum is booked as on its way. The bank's line of that
//! sum books its arrival and settles every payment in it. Either file may come first.
//!
//! # What is not booked
//! Refunds, disputes and other movements of a report have no rule yet: they stay open. A payout that
//! carries such lines is booked with its whole net all the same, since that is what the bank gets;
//! what is not booked stays visible as the balance of the gateway's pending account. A bank line
//! that nothing explains is not in the books: the proof of the account counts it as unmatched.

pub mod formats;
pub mod import;
mod intake;
pub mod match_lines;
mod news;
pub mod parsed;
pub mod read;
pub mod reconcile;

use platform::jobs::{JobError, Registry};

use crate::Payments;

impl Payments {
    /// Registers the jobs and timers of settlement.
    pub(crate) fn register_settlement_jobs(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(import::JOB, move |payload| {
            let this = this.clone();
            async move {
                let payload: import::Payload = serde_json::from_value(payload)?;
                this.run_import(payload.import)
                    .await
                    .map_err(JobError::from)
            }
        });
        let this = self.clone();
        registry.register(reconcile::JOB, move |_| {
            let this = this.clone();
            async move { this.reconcile().await.map(drop).map_err(JobError::from) }
        });
        registry.cron(reconcile::JOB, "*/5 * * * *");
    }
}
