//! What is done when the gateway did not say what came of a call that may have moved money.

use model::payments::PaymentStatus;
use platform::saga::{ActError, Call};
use serde_json::Value;

use super::learn::outcome_of;
use super::{Context, Scene};
use crate::error::Error;
use crate::gateways::Standing;
use crate::lifecycle::{self, PUNCTUAL};
use crate::store::payments;

impl Context {
    /// The end of an act whose call has no known outcome. The payment becomes *unknown*.
    ///
    /// A call without an answer may still be running, so it is only ever repeated under its key.
    /// Where the gateway is done with it (`answered`), its own account tells what came of it. If
    /// the payment stands there where it stood `before` the call, the call took nothing: its key is
    /// closed, and the step is taken again with a new one.
    pub(super) async fn settle_doubt(
        &self,
        scene: &Scene,
        call: &Call,
        verb: &'static str,
        before: &Standing,
        answered: bool,
        message: String,
    ) -> Result<Value, ActError> {
        self.mark_unknown(scene).await?;
        if !answered {
            return Err(ActError::Unknown(message));
        }
        let state = self.look_up(scene, call).await?;
        if state.standing != *before {
            return outcome_of(&state);
        }
        self.close_key(scene.payment.id, verb).await?;
        Err(ActError::Unknown(
            "the gateway failed and took nothing".into(),
        ))
    }

    /// The money may have moved and nobody knows: says so on the payment.
    async fn mark_unknown(&self, scene: &Scene) -> Result<(), ActError> {
        let change = async {
            let mut tx = self.world.deps.db.begin("payments.unknown").await?;
            let locked = payments::find_locked(&mut tx, scene.payment.id).await?;
            if let Some(mut payment) = locked
                && payment.status.may_become(PaymentStatus::Unknown)
            {
                let text = "The gateway did not answer. It is being asked what happened; nothing is charged twice.";
                lifecycle::move_in_tx(
                    &self.world,
                    &mut tx,
                    &mut payment,
                    PaymentStatus::Unknown,
                    "unknown",
                    text,
                    PUNCTUAL,
                )
                .await?;
            }
            tx.commit().await.map_err(Error::from)
        };
        change
            .await
            .map_err(|error| ActError::Unknown(error.to_string()))
    }
}
