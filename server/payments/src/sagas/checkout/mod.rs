//! How an order is paid: begin → open → authorise → capture → receipt.
//!
//! * [`begin`] marks the payment as under way. Way back: the payment is void.
//! * [`open`] makes the payment known to the gateway; nobody's money moves.
//!   Way back: close it there, so that it can never be taken later.
//! * [`authorise`] asks for the money to be held. The customer may have to confirm with the bank
//!   (the saga parks). Way back: let the hold go.
//! * [`capture`] takes the money and, in one transaction with that news, books it in the ledger.
//!   With manual capture the saga parks here until finance says take it or let it go.
//! * [`receipt`] sends the customer the receipt.
//!
//! Each call to the gateway is written down before it is sent and when it has ended: [`attempt`].
//! What it says of the payment is taken in by [`learn`].
//!
//! Where the gateway's answer never came, the payment is *unknown* and nothing else is done with
//! it but asking: the gateway's own account is looked up before anything is sent again, and a call
//! that may still be running is only ever repeated under its own key: [`settle_doubt`].

mod attempt;
mod authorise;
mod begin;
mod capture;
mod learn;
mod open;
mod receipt;
mod settle_doubt;

use std::sync::Arc;

use model::PaymentId;
use platform::saga::{ActError, Call, Engine, Step};
use serde::{Deserialize, Serialize};

use self::authorise::Authorise;
use self::begin::Begin;
use self::capture::Capture;
use self::open::Open;
use self::receipt::Receipt;
use crate::config::Config;
use crate::gateways::{Gateway, Gateways};
use crate::lifecycle::World;
use crate::store::orders::Order;
use crate::store::payments::Payment;
use crate::store::{orders, payments};

/// The saga's kind.
pub const KIND: &str = "checkout";

/// How long to wait before asking again about a payment that the gateway is still working on.
const STILL_PROCESSING_S: i64 = 5;

/// What the steps work with.
#[derive(Clone)]
pub struct Context {
    pub(crate) world: World,
    pub(crate) gateways: Arc<Gateways>,
    pub(crate) config: Arc<Config>,
}

/// What the saga is started with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Input {
    pub payment: PaymentId,
}

/// The engine that runs it.
pub fn engine(context: Context) -> Engine<Context> {
    let (db, clock) = (
        context.world.deps.db.clone(),
        context.world.deps.clock.clone(),
    );
    Engine::new(KIND, steps(), context, db, clock)
}

fn steps() -> Vec<Box<dyn Step<Context>>> {
    vec![
        Box::new(Begin),
        Box::new(Open),
        Box::new(Authorise),
        Box::new(Capture),
        Box::new(Receipt),
    ]
}

/// The payment of a call, its order and its gateway.
struct Scene {
    payment: Payment,
    order: Order,
    gateway: Arc<dyn Gateway>,
}

impl Scene {
    /// What the gateway calls the payment.
    fn reference(&self) -> Result<&str, ActError> {
        self.payment
            .gateway_reference
            .as_deref()
            .ok_or_else(|| ActError::Failed("the payment was never opened".into()))
    }
}

impl Context {
    async fn scene(&self, call: &Call) -> Result<Scene, ActError> {
        let Input { payment } = call.input()?;
        let mut conn = self.world.deps.db.read().await.map_err(not_now)?;
        let payment = payments::find(&mut conn, payment).await.map_err(not_now)?;
        let payment = payment.ok_or_else(|| ActError::Failed("the payment is gone".into()))?;
        let order = orders::find(&mut conn, payment.order_id)
            .await
            .map_err(not_now)?;
        let order = order.ok_or_else(|| ActError::Failed("the order is gone".into()))?;
        let gateway = self.gateways.find(&payment.gateway).cloned();
        let gateway = gateway.ok_or_else(|| {
            ActError::Unknown(format!("the gateway {} is not configured", payment.gateway))
        })?;
        Ok(Scene {
            payment,
            order,
            gateway,
        })
    }
}

/// Our own database did not answer: nothing was sent, and the step is simply taken again.
fn not_now(error: sqlx::Error) -> ActError {
    ActError::Unknown(format!("the database: {error}"))
}

fn payment_of(call: &Call) -> Result<PaymentId, sqlx::Error> {
    let input: Input = call
        .input()
        .map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
    Ok(input.payment)
}

#[cfg(test)]
#[path = "checkout_tests.rs"]
mod tests;
