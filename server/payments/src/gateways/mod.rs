//! Gateways: who takes the money. An adapter is only translation; time-outs, attempts, retries and
//! the books are outside of it.
//!
//! To add one: a file here that implements [`Gateway`], and a line where [`Gateways`] is built.

pub mod stripe;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::payments::DeclineCode;
use model::{Money, OrderId, PaymentId};
use serde::{Deserialize, Serialize};

/// What a gateway is told when a payment begins. Nothing of the customer's money moves yet.
#[derive(Clone, Debug)]
pub struct OpenRequest {
    /// Our payment; it travels as metadata, so that reports and webhooks lead back to it.
    pub payment: PaymentId,
    /// Our order.
    pub order: OrderId,
    /// The order's reference, for statements and reports.
    pub reference: String,
    /// How much will be asked for.
    pub money: Money,
    /// What for.
    pub description: String,
    /// Where the gateway sends its receipt, if it sends one.
    pub email: String,
}

/// Where a payment stands at the gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Known there; the customer has not been asked for money, or may be asked again.
    Open,
    /// The customer must visit a page of the bank first.
    RequiresAction {
        /// That page.
        url: String,
    },
    /// The gateway is still at it.
    Processing,
    /// The money is held.
    Authorised,
    /// So many minor units are taken.
    Captured {
        /// Of the payment's currency.
        minor: i64,
    },
    /// The hold is released.
    Cancelled,
    /// The bank said no.
    Declined(DeclineCode),
}

/// The gateway's own account of a payment, as it answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayState {
    /// The gateway's id of the payment.
    pub reference: String,
    /// The gateway's id of the charge, once there is one.
    pub charge: Option<String>,
    /// Where it stands.
    pub standing: Standing,
}

/// Why a call gave no account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// It was sent and no answer tells what came of it: a time-out, a broken connection, a 5xx.
    /// This is never a failure: only asking again tells.
    #[error("no certain answer: {message}")]
    Unknown {
        /// Whether the gateway has answered, and so is done with this call. If it has not, the
        /// call may still be running there, and only a repeat under the same key is safe.
        answered: bool,
        /// What came instead of an answer, for the log and for finance.
        message: String,
    },
    /// The gateway refused the call; nothing happened there.
    #[error("refused: {code}: {message}")]
    Refused {
        /// The gateway's code.
        code: String,
        /// The gateway's words, for the log and for finance.
        message: String,
    },
}

/// What a verified webhook says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The gateway's id of the event.
    pub event_id: String,
    /// The gateway's kind of event.
    pub kind: String,
    /// What it says of a payment, if it is about one.
    pub payment: Option<GatewayState>,
}

/// Why a webhook is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The signature is missing, wrong or too old.
    #[error("the signature does not hold")]
    Signature,
    /// Signed, but not in a form we know.
    #[error("the body is not understood: {0}")]
    Body(String),
}

/// One gateway.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Its name in the database and the address of its webhooks: `stripe`.
    fn name(&self) -> &'static str;

    /// Makes the payment known, without asking for money.
    async fn open(&self, request: &OpenRequest, key: &str) -> Result<GatewayState, CallError>;

    /// Asks for the money to be held. `return_url` is where the bank sends the customer back to.
    async fn authorise(
        &self,
        reference: &str,
        method_token: &str,
        return_url: &str,
        key: &str,
    ) -> Result<GatewayState, CallError>;

    /// Takes `money` of what is held and lets the rest go.
    async fn capture(
        &self,
        reference: &str,
        money: Money,
        key: &str,
    ) -> Result<GatewayState, CallError>;

    /// Lets the hold go.
    async fn void(&self, reference: &str, key: &str) -> Result<GatewayState, CallError>;

    /// Asks where the payment stands. Changes nothing.
    async fn look_up(&self, reference: &str) -> Result<GatewayState, CallError>;

    /// Checks a delivery's signature over the raw body and reads it.
    ///
    /// # Errors
    /// [`WebhookError`]; a body that fails the check is never interpreted.
    fn read_webhook(
        &self,
        signature: Option<&str>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Notice, WebhookError>;

    /// Reads a delivery whose signature was checked when it arrived.
    ///
    /// # Errors
    /// [`WebhookError::Body`].
    fn read_stored(&self, body: &[u8]) -> Result<Notice, WebhookError>;

    /// What the checkout page needs for the hosted fields.
    fn checkout_script(&self) -> CheckoutScript;
}

/// The gateway's own script on the checkout page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutScript {
    /// Where it is loaded from.
    pub url: String,
    /// The key that the browser may know.
    pub publishable_key: String,
}

/// The gateways of this installation, by name.
#[derive(Clone, Default)]
pub struct Gateways(BTreeMap<&'static str, Arc<dyn Gateway>>);

impl Gateways {
    /// Adds one.
    #[must_use]
    pub fn with(mut self, gateway: Arc<dyn Gateway>) -> Self {
        self.0.insert(gateway.name(), gateway);
        self
    }

    /// Finds one by its name.
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Gateway>> {
        self.0.get(name)
    }

    /// The gateway for a card payment: the first there is.
    pub fn for_card(&self) -> Option<&Arc<dyn Gateway>> {
        self.0.values().next()
    }
}
