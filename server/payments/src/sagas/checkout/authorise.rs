//! *authorise*: the money is held, once the customer has confirmed with the bank where that is
//! asked.

use async_trait::async_trait;
use chrono::TimeDelta;
use model::payments::PaymentStatus;
use platform::saga::{ActError, Call, Next, Step};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::learn::{decline_in_tx, learn, outcome_of};
use super::{Context, STILL_PROCESSING_S, payment_of};
use crate::gateways::{CallError, Standing};

/// The verb of its call.
const VERB: &str = "authorise";

pub(super) struct Authorise;

#[async_trait]
impl Step<Context> for Authorise {
    fn name(&self) -> &'static str {
        "authorise"
    }

    async fn act(&self, ctx: &Context, call: &Call) -> Result<Value, ActError> {
        let scene = ctx.scene(call).await?;
        let status = scene.payment.status;
        if status.is_paid() || status.is_final() || status == PaymentStatus::Authorised {
            return Ok(Value::Null);
        }
        let (mut key, in_doubt) = ctx.key(call, scene.payment.id, VERB).await?;
        if in_doubt
            || matches!(
                status,
                PaymentStatus::Unknown | PaymentStatus::RequiresAction
            )
        {
            let state = ctx.look_up(&scene, call).await?;
            if state.standing != Standing::Open {
                return outcome_of(&state);
            }
            key = ctx.key(call, scene.payment.id, VERB).await?.0;
        }
        let return_url = format!(
            "{}/pay/{}/return",
            ctx.config.public_url, scene.order.link_token
        );
        let asked = scene.gateway.authorise(
            scene.reference()?,
            &scene.payment.method_token,
            &return_url,
            &key,
        );
        match ctx.attempt(scene.payment.id, VERB, &key, asked).await? {
            Ok(state) => outcome_of(&state),
            Err(CallError::Unknown { answered, message }) => {
                ctx.settle_doubt(&scene, call, VERB, &Standing::Open, answered, message)
                    .await
            }
            Err(CallError::Refused { .. }) => Ok(json!({ "refused": true })),
        }
    }

    async fn apply(
        &self,
        ctx: &Context,
        conn: &mut PgConnection,
        call: &Call,
        outcome: &Value,
    ) -> Result<Next, sqlx::Error> {
        if outcome["refused"] == true {
            decline_in_tx(ctx, conn, payment_of(call)?).await?;
            return Ok(Next::Stop {
                reason: "the gateway refused the card token".into(),
            });
        }
        let payment = learn(ctx, conn, call, outcome).await?;
        Ok(match payment.status {
            PaymentStatus::Authorised | PaymentStatus::Captured | PaymentStatus::Settled => {
                Next::Continue(Value::Null)
            }
            PaymentStatus::RequiresAction => Next::Park {
                reason: "the customer confirms with the bank".into(),
            },
            PaymentStatus::Declined | PaymentStatus::Voided | PaymentStatus::Expired => {
                Next::Stop {
                    reason: format!("the payment is {}", payment.status),
                }
            }
            PaymentStatus::Created | PaymentStatus::Processing | PaymentStatus::Unknown => {
                Next::Wait {
                    until: call.now + TimeDelta::seconds(STILL_PROCESSING_S),
                    reason: "the gateway is still working on it".into(),
                }
            }
        })
    }

    async fn undo_act(&self, ctx: &Context, call: &Call) -> Result<Value, ActError> {
        let scene = ctx.scene(call).await?;
        let reference = scene.payment.gateway_reference.as_deref();
        let (Some(reference), false) = (reference, scene.payment.status.is_final()) else {
            return Ok(Value::Null);
        };
        match ctx
            .attempt(
                scene.payment.id,
                "void",
                &call.key,
                scene.gateway.void(reference, &call.key),
            )
            .await?
        {
            Ok(state) => outcome_of(&state),
            Err(CallError::Unknown { message, .. }) => Err(ActError::Unknown(message)),
            Err(CallError::Refused { .. }) => outcome_of(&ctx.look_up(&scene, call).await?),
        }
    }

    async fn undo_apply(
        &self,
        ctx: &Context,
        conn: &mut PgConnection,
        call: &Call,
        outcome: &Value,
    ) -> Result<(), sqlx::Error> {
        learn(ctx, conn, call, outcome).await.map(drop)
    }
}
