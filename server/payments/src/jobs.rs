//! The jobs of payments: each may run twice, and finds nothing to do the second time.

use platform::jobs::{JobError, Registry};

use crate::Payments;
use crate::webhook;

/// The timer that expires orders.
const EXPIRE_ORDERS: &str = "payments.expire_orders";

impl Payments {
    /// Registers every job and timer of this domain.
    pub fn register_jobs(&self, registry: &mut Registry) {
        self.checkout.register(registry);
        self.register_settlement_jobs(registry);
        let this = self.clone();
        registry.register(webhook::JOB, move |payload| {
            let this = this.clone();
            async move {
                let payload: webhook::Payload = serde_json::from_value(payload)?;
                this.process_webhook(payload.webhook)
                    .await
                    .map_err(JobError::from)
            }
        });
        let this = self.clone();
        registry.register(EXPIRE_ORDERS, move |_| {
            let this = this.clone();
            async move { this.expire_orders().await.map(drop).map_err(JobError::from) }
        });
        registry.cron(EXPIRE_ORDERS, "* * * * *");
    }
}
