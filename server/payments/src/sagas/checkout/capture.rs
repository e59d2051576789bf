//! *capture*: the money is taken, or finance lets it go.

use async_trait::async_trait;
use chrono::TimeDelta;
use model::Money;
use model::payments::{CaptureMode, PaymentStatus};
use platform::saga::{ActError, Call, Next, Step};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::learn::{learn, outcome_of};
use super::{Context, STILL_PROCESSING_S, Scene};
use crate::gateways::{CallError, Standing};

/// The verb of its call.
const VERB: &str = "capture";

/// What finance or the order's own rule says about a hold.
enum Wish {
    Take(Money),
    LetGo,
    Nothing,
}

fn wish(scene: &Scene) -> Wish {
    let payment = &scene.payment;
    if payment.void_requested {
        return Wish::LetGo;
    }
    match (payment.capture_requested_minor, scene.order.capture) {
        (Some(minor), _) => Wish::Take(Money::new(minor, payment.currency)),
        (None, CaptureMode::Automatic) => Wish::Take(payment.money()),
        (None, CaptureMode::Manual) => Wish::Nothing,
    }
}

pub(super) struct Capture;

#[async_trait]
impl Step<Context> for Capture {
    fn name(&self) -> &'static str {
        "capture"
    }

    async fn act(&self, ctx: &Context, call: &Call) -> Result<Value, ActError> {
        let scene = ctx.scene(call).await?;
        if scene.payment.status.is_paid() || scene.payment.status.is_final() {
            return Ok(Value::Null);
        }
        let money = match wish(&scene) {
            Wish::Take(money) => money,
            Wish::LetGo => return Ok(json!({ "wish": "let_go" })),
            Wish::Nothing => return Ok(json!({ "wish": "nothing" })),
        };
        let (key, in_doubt) = ctx.key(call, scene.payment.id, VERB).await?;
        if in_doubt || scene.payment.status == PaymentStatus::Unknown {
            let state = ctx.look_up(&scene, call).await?;
            if state.standing != Standing::Authorised {
                return outcome_of(&state);
            }
        }
        let asked = scene.gateway.capture(scene.reference()?, money, &key);
        match ctx.attempt(scene.payment.id, VERB, &key, asked).await? {
            Ok(state) => outcome_of(&state),
            Err(CallError::Unknown { answered, message }) => {
                ctx.settle_doubt(&scene, call, VERB, &Standing::Authorised, answered, message)
                    .await
            }
            // Over there already, perhaps by another hand: its own account tells.
            Err(CallError::Refused { message, .. }) => {
                let state = ctx.look_up(&scene, call).await?;
                if state.standing == Standing::Authorised {
                    return Err(ActError::Failed(format!(
                        "the gateway refused the capture: {message}"
                    )));
                }
                outcome_of(&state)
            }
        }
    }

    async fn apply(
        &self,
        ctx: &Context,
        conn: &mut PgConnection,
        call: &Call,
        outcome: &Value,
    ) -> Result<Next, sqlx::Error> {
        match outcome["wish"].as_str() {
            Some("let_go") => {
                return Ok(Next::Stop {
                    reason: "finance let the hold go".into(),
                });
            }
            Some(_) => {
                return Ok(Next::Park {
                    reason: "finance decides when to take the money".into(),
                });
            }
            None => {}
        }
        let payment = learn(ctx, conn, call, outcome).await?;
        Ok(match payment.status {
            PaymentStatus::Captured | PaymentStatus::Settled => Next::Continue(Value::Null),
            PaymentStatus::Declined | PaymentStatus::Voided | PaymentStatus::Expired => {
                Next::Stop {
                    reason: format!("the payment is {}", payment.status),
                }
            }
            _ => Next::Wait {
                until: call.now + TimeDelta::seconds(STILL_PROCESSING_S),
                reason: "the gateway is still working on it".into(),
            },
        })
    }
}
