//! From what an act brought home to the payment's state.

use model::PaymentId;
use model::payments::DeclineCode;
use platform::saga::{ActError, Call};
use serde_json::Value;
use sqlx::PgConnection;

use super::{Context, payment_of};
use crate::error::Error;
use crate::gateways::{GatewayState, Standing};
use crate::lifecycle;
use crate::store::payments::{self, Payment};

/// What the gateway said, as the outcome of an act.
pub(super) fn outcome_of(state: &GatewayState) -> Result<Value, ActError> {
    serde_json::to_value(state).map_err(|error| ActError::Failed(error.to_string()))
}

/// Reads what an act gave; an act that had nothing to do gave `null`.
fn state_of(outcome: &Value) -> Result<Option<GatewayState>, sqlx::Error> {
    serde_json::from_value(outcome.clone()).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Takes in what an act learned, if anything, and gives the payment as it then is.
pub(super) async fn learn(
    ctx: &Context,
    conn: &mut PgConnection,
    call: &Call,
    outcome: &Value,
) -> Result<Payment, sqlx::Error> {
    let id = payment_of(call)?;
    match state_of(outcome)? {
        Some(state) => lifecycle::learn_in_tx(&ctx.world, conn, id, &state)
            .await
            .map_err(Error::into_sqlx),
        None => payments::find(conn, id)
            .await?
            .ok_or(sqlx::Error::RowNotFound),
    }
}

/// The gateway would not even look at it: a decline without a reason of the bank's.
pub(super) async fn decline_in_tx(
    ctx: &Context,
    conn: &mut PgConnection,
    id: PaymentId,
) -> Result<(), sqlx::Error> {
    let payment = payments::find(conn, id)
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    let state = GatewayState {
        reference: payment
            .gateway_reference
            .unwrap_or_else(|| format!("none:{id}")),
        charge: None,
        standing: Standing::Declined(DeclineCode::ProcessingError),
    };
    lifecycle::learn_in_tx(&ctx.world, conn, id, &state)
        .await
        .map(drop)
        .map_err(Error::into_sqlx)
}
