//! What gateways tell us. A delivery is stored raw with the verdict on its signature and answered
//! at once; a job interprets it. Nothing is done that the payment's own state does not allow.

use model::{PaymentId, WebhookId};
use platform::jobs::{self, NewJob};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Payments;
use crate::checkout::saga_of;
use crate::error::Error;
use crate::lifecycle::{self, GATEWAY};
use crate::store::{payments, webhooks};

/// The job that interprets a delivery.
pub const JOB: &str = "payments.process_webhook";

#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    pub webhook: WebhookId,
}

/// What to answer a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Stored, or known already: 200.
    Taken,
    /// The signature does not hold: 400. It is kept for a person to see, and never interpreted.
    Refused,
    /// No such gateway: 404.
    NoSuchGateway,
}

impl Payments {
    /// Takes a delivery in: `signature` is the gateway's header, `body` the raw bytes.
    ///
    /// # Errors
    /// When the database does not answer; then the gateway delivers again.
    pub async fn receive_webhook(
        &self,
        gateway: &str,
        signature: Option<&str>,
        body: &[u8],
    ) -> Result<Receipt, Error> {
        let Some(adapter) = self.gateways.find(gateway) else {
            return Ok(Receipt::NoSuchGateway);
        };
        let now = self.deps.now();
        let id: WebhookId = self.deps.new_id();
        let read = adapter.read_webhook(signature, body, now);
        let mut tx = self.deps.db.begin("payments.receive_webhook").await?;
        let receipt = match read {
            Ok(notice) => {
                let stored = webhooks::insert(
                    &mut tx,
                    id,
                    gateway,
                    Some(&notice.event_id),
                    Some(&notice.kind),
                    true,
                    body,
                    now,
                )
                .await?;
                if stored {
                    jobs::enqueue(&mut tx, NewJob::new(JOB, &Payload { webhook: id })).await?;
                }
                Receipt::Taken
            }
            Err(error) => {
                tracing::warn!(gateway, error = %error, "a webhook was refused");
                webhooks::insert(&mut tx, id, gateway, None, None, false, body, now).await?;
                Receipt::Refused
            }
        };
        tx.commit().await?;
        metrics::counter!("webhooks_total", "gateway" => gateway.to_owned(), "taken" => (receipt == Receipt::Taken).to_string())
            .increment(1);
        Ok(receipt)
    }

    /// Interprets a delivery. It may run twice: the second run finds it processed.
    ///
    /// # Errors
    /// When the database does not answer; the job is tried again.
    pub async fn process_webhook(&self, id: WebhookId) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("payments.process_webhook").await?;
        let Some(webhook) = webhooks::find_locked(&mut tx, id).await? else {
            return Ok(());
        };
        if webhook.processed_at.is_some() {
            return Ok(());
        }
        // The signature was checked on arrival over the same bytes; only the content counts now.
        let notice = self
            .gateways
            .find(&webhook.gateway)
            .map(|adapter| adapter.read_stored(&webhook.body));
        let outcome = match notice {
            Some(Ok(notice)) => match notice.payment {
                Some(state) => {
                    let found = payments::find_by_gateway_reference(
                        &mut tx,
                        &webhook.gateway,
                        &state.reference,
                    )
                    .await?;
                    match found {
                        Some(payment) => {
                            self.hear_in_tx(&mut tx, payment.id, &notice.kind, &state)
                                .await?
                        }
                        None => "of no payment of ours",
                    }
                }
                None => "nothing for us in it",
            },
            Some(Err(_)) => "not understood",
            None => "of a gateway that is no longer configured",
        };
        webhooks::mark_processed(&mut tx, id, outcome, self.deps.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn hear_in_tx(
        &self,
        conn: &mut sqlx::PgConnection,
        id: PaymentId,
        kind: &str,
        state: &crate::gateways::GatewayState,
    ) -> Result<&'static str, Error> {
        let before = payments::find_locked(conn, id)
            .await?
            .ok_or(Error::NotFound("payment"))?;
        let after = lifecycle::learn_in_tx(&self.world, conn, id, state).await?;
        let text = format!("Webhook {kind}");
        lifecycle::note_in_tx(&self.world, conn, id, "webhook", text, GATEWAY, &json!({})).await?;
        if before.status == after.status {
            return Ok("known already");
        }
        platform::saga::wake_in_tx(conn, saga_of(id), self.deps.now()).await?;
        Ok("applied")
    }
}
