//! *open*: the gateway knows of the payment; no money moves.

use async_trait::async_trait;
use model::payments::PaymentStatus;
use platform::saga::{ActError, Call, Next, Step};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::learn::{decline_in_tx, learn, outcome_of};
use super::{Context, payment_of};
use crate::gateways::{CallError, OpenRequest};

pub(super) struct Open;

#[async_trait]
impl Step<Context> for Open {
    fn name(&self) -> &'static str {
        "open"
    }

    async fn act(&self, ctx: &Context, call: &Call) -> Result<Value, ActError> {
        let scene = ctx.scene(call).await?;
        if scene.payment.gateway_reference.is_some() {
            return Ok(Value::Null);
        }
        let request = OpenRequest {
            payment: scene.payment.id,
            order: scene.order.id,
            reference: scene.order.reference.clone(),
            money: scene.payment.money(),
            description: scene.order.description.clone(),
            email: scene.order.customer_email.clone(),
        };
        // No money moves here, so a call that was answered with an error may have a new key.
        let (key, _) = ctx.key(call, scene.payment.id, "open").await?;
        match ctx
            .attempt(
                scene.payment.id,
                "open",
                &key,
                scene.gateway.open(&request, &key),
            )
            .await?
        {
            Ok(state) => outcome_of(&state),
            Err(CallError::Unknown { answered, message }) => {
                if answered {
                    ctx.close_key(scene.payment.id, "open").await?;
                }
                Err(ActError::Unknown(message))
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
        let id = payment_of(call)?;
        if outcome["refused"] == true {
            decline_in_tx(ctx, conn, id).await?;
            return Ok(Next::Stop {
                reason: "the gateway refused to open the payment".into(),
            });
        }
        learn(ctx, conn, call, outcome).await?;
        Ok(Next::Continue(Value::Null))
    }

    /// Closes the payment at the gateway, unless letting the hold go has done so already.
    async fn undo_act(&self, ctx: &Context, call: &Call) -> Result<Value, ActError> {
        let scene = ctx.scene(call).await?;
        let Some(reference) = scene.payment.gateway_reference.as_deref() else {
            return Ok(Value::Null);
        };
        if matches!(
            scene.payment.status,
            PaymentStatus::Voided | PaymentStatus::Expired
        ) {
            return Ok(Value::Null);
        }
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
            // It is over there already, or it cannot be closed: then it has no money in it either.
            Err(CallError::Refused { .. }) => Ok(Value::Null),
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
