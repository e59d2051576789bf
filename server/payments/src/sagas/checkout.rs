//! How an order is paid: begin → open → authorise → capture → receipt.
//!
//! * *begin* marks the payment as under way. Way back: the payment is void.
//! * *open* makes the payment known to the gateway; nobody's money moves.
//!   Way back: close it there, so that it can never be taken later.
//! * *authorise* asks for the money to be held. The customer may have to confirm with the bank
//!   (the saga parks). Way back: let the hold go.
//! * *capture* takes the money and, in one transaction with that news, books it in the ledger.
//!   With manual capture the saga parks here until finance says take it or let it go.
//! * *receipt* sends the customer the receipt.
//!
//! Where the gateway's answer never came, the payment is *unknown* and nothing else is done with
//! it but asking: the gateway's own account is looked up before anything is sent again, and a call
//! that may still be running is only ever repeated under its own key.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use model::payments::{CaptureMode, PaymentStatus};
use model::{AttemptId, MailId, Money, PaymentId};
use platform::mail::{self, NewMail};
use platform::saga::{ActError, Call, Engine, Next, Step};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::config::Config;
use crate::error::Error;
use crate::gateways::{CallError, Gateway, GatewayState, Gateways, OpenRequest, Standing};
use crate::lifecycle::{self, PUNCTUAL, World};
use crate::store::orders::Order;
use crate::store::payments::Payment;
use crate::store::{attempts, orders, payments};

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

    /// The key of the next call of a verb, and whether the last call's outcome must be looked up
    /// before it. A key is kept until a look-up has shown that its call did nothing.
    async fn key(
        &self,
        call: &Call,
        payment: PaymentId,
        verb: &str,
    ) -> Result<(String, bool), ActError> {
        let mut conn = self.world.deps.db.read().await.map_err(not_now)?;
        let (closed, last) = attempts::standing_of(&mut conn, payment, verb)
            .await
            .map_err(not_now)?;
        // Even a call that was answered may not have been written down as the payment's state.
        let in_doubt = last.is_some_and(|outcome| outcome != "refused");
        Ok((format!("{}:{closed}", call.key), in_doubt))
    }

    /// Writes an attempt down, makes the call, writes down how it ended.
    async fn attempt<F>(
        &self,
        payment: PaymentId,
        verb: &'static str,
        key: &str,
        call: F,
    ) -> Result<Result<GatewayState, CallError>, ActError>
    where
        F: Future<Output = Result<GatewayState, CallError>> + Send,
    {
        let deps = &self.world.deps;
        {
            let mut conn = deps.db.read().await.map_err(not_now)?;
            let id = deps.new_id::<AttemptId>();
            attempts::begin(&mut conn, id, payment, verb, key, deps.now())
                .await
                .map_err(not_now)?;
        }
        let started = std::time::Instant::now();
        let answer = call.await;
        metrics::histogram!("gateway_call_seconds", "verb" => verb)
            .record(started.elapsed().as_secs_f64());
        let (outcome, decline, reference, message) = match &answer {
            Ok(GatewayState {
                standing: Standing::Declined(code),
                reference,
                ..
            }) => ("declined", Some(*code), Some(reference.as_str()), None),
            Ok(state) => ("succeeded", None, Some(state.reference.as_str()), None),
            Err(error @ CallError::Unknown { .. }) => {
                ("unknown", None, None, Some(error.to_string()))
            }
            Err(error @ CallError::Refused { .. }) => {
                ("refused", None, None, Some(error.to_string()))
            }
        };
        metrics::counter!("gateway_calls_total", "verb" => verb, "outcome" => outcome).increment(1);
        let mut conn = deps.db.read().await.map_err(not_now)?;
        attempts::end(
            &mut conn,
            key,
            outcome,
            decline,
            reference,
            message.as_deref(),
            deps.now(),
        )
        .await
        .map_err(not_now)?;
        Ok(answer)
    }

    /// Asks the gateway where the payment stands.
    async fn look_up(&self, scene: &Scene, call: &Call) -> Result<GatewayState, ActError> {
        let Some(reference) = scene.payment.gateway_reference.as_deref() else {
            return Err(ActError::Failed(
                "the gateway never opened this payment".into(),
            ));
        };
        let key = format!("{}:look_up", call.key);
        let answer = self
            .attempt(
                scene.payment.id,
                "look_up",
                &key,
                scene.gateway.look_up(reference),
            )
            .await?;
        answer.map_err(|error| ActError::Unknown(error.to_string()))
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

    /// Closes the last key of a verb after a look-up has shown that its call did nothing.
    async fn close_key(&self, payment: PaymentId, verb: &str) -> Result<(), ActError> {
        let mut conn = self.world.deps.db.read().await.map_err(not_now)?;
        attempts::close_last(&mut conn, payment, verb)
            .await
            .map_err(not_now)
    }
}

/// Our own database did not answer: nothing was sent, and the step is simply taken again.
fn not_now(error: sqlx::Error) -> ActError {
    ActError::Unknown(format!("the database: {error}"))
}

fn outcome_of(state: &GatewayState) -> Result<Value, ActError> {
    serde_json::to_value(state).map_err(|error| ActError::Failed(error.to_string()))
}

/// Reads what an act gave; an act that had nothing to do gave `null`.
fn state_of(outcome: &Value) -> Result<Option<GatewayState>, sqlx::Error> {
    serde_json::from_value(outcome.clone()).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

fn payment_of(call: &Call) -> Result<PaymentId, sqlx::Error> {
    let input: Input = call
        .input()
        .map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
    Ok(input.payment)
}

/// Takes in what an act learned, if anything, and gives the payment as it then is.
async fn learn(
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

struct Begin;

#[async_trait]
impl Step<Context> for Begin {
    fn name(&self) -> &'static str {
        "begin"
    }

    async fn apply(
        &self,
        ctx: &Context,
        conn: &mut PgConnection,
        call: &Call,
        _outcome: &Value,
    ) -> Result<Next, sqlx::Error> {
        let mut payment = locked(conn, call).await?;
        if payment.status == PaymentStatus::Created {
            let (to, text) = (PaymentStatus::Processing, "Sent to the gateway");
            lifecycle::move_in_tx(
                &ctx.world,
                conn,
                &mut payment,
                to,
                "processing",
                text,
                PUNCTUAL,
            )
            .await
            .map_err(Error::into_sqlx)?;
        }
        Ok(Next::Continue(Value::Null))
    }

    /// Whatever came after has been taken back, so no money is in it.
    async fn undo_apply(
        &self,
        ctx: &Context,
        conn: &mut PgConnection,
        call: &Call,
        _outcome: &Value,
    ) -> Result<(), sqlx::Error> {
        let mut payment = locked(conn, call).await?;
        if payment.status == PaymentStatus::Processing {
            let (to, text) = (PaymentStatus::Voided, "Given up before any money was held");
            lifecycle::move_in_tx(&ctx.world, conn, &mut payment, to, "voided", text, PUNCTUAL)
                .await
                .map_err(Error::into_sqlx)?;
        }
        Ok(())
    }
}

async fn locked(conn: &mut PgConnection, call: &Call) -> Result<Payment, sqlx::Error> {
    payments::find_locked(conn, payment_of(call)?)
        .await?
        .ok_or(sqlx::Error::RowNotFound)
}

struct Open;

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

struct Authorise;

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
        let (mut key, in_doubt) = ctx.key(call, scene.payment.id, "authorise").await?;
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
            key = ctx.key(call, scene.payment.id, "authorise").await?.0;
        }
        let reference = scene.payment.gateway_reference.clone();
        let reference =
            reference.ok_or_else(|| ActError::Failed("the payment was never opened".into()))?;
        let return_url = format!(
            "{}/pay/{}/return",
            ctx.config.public_url, scene.order.link_token
        );
        let asked =
            scene
                .gateway
                .authorise(&reference, &scene.payment.method_token, &return_url, &key);
        match ctx
            .attempt(scene.payment.id, "authorise", &key, asked)
            .await?
        {
            Ok(state) => outcome_of(&state),
            Err(CallError::Unknown { answered, message }) => {
                ctx.mark_unknown(&scene).await?;
                if answered {
                    self.settle_doubt(ctx, &scene, call).await
                } else {
                    Err(ActError::Unknown(message))
                }
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

impl Authorise {
    /// The gateway is done with the call but did not say what came of it, so its own account tells.
    /// If it holds nothing, the key is closed and the step is taken again with a new one.
    async fn settle_doubt(
        &self,
        ctx: &Context,
        scene: &Scene,
        call: &Call,
    ) -> Result<Value, ActError> {
        let state = ctx.look_up(scene, call).await?;
        if state.standing != Standing::Open {
            return outcome_of(&state);
        }
        ctx.close_key(scene.payment.id, "authorise").await?;
        Err(ActError::Unknown(
            "the gateway failed and took nothing".into(),
        ))
    }
}

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

struct Capture;

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
        let (key, in_doubt) = ctx.key(call, scene.payment.id, "capture").await?;
        if in_doubt || scene.payment.status == PaymentStatus::Unknown {
            let state = ctx.look_up(&scene, call).await?;
            if state.standing != Standing::Authorised {
                return outcome_of(&state);
            }
        }
        let reference = scene.payment.gateway_reference.clone();
        let reference =
            reference.ok_or_else(|| ActError::Failed("the payment was never opened".into()))?;
        match ctx
            .attempt(
                scene.payment.id,
                "capture",
                &key,
                scene.gateway.capture(&reference, money, &key),
            )
            .await?
        {
            Ok(state) => outcome_of(&state),
            Err(CallError::Unknown { answered, message }) => {
                ctx.mark_unknown(&scene).await?;
                if !answered {
                    return Err(ActError::Unknown(message));
                }
                let state = ctx.look_up(&scene, call).await?;
                if state.standing == Standing::Authorised {
                    ctx.close_key(scene.payment.id, "capture").await?;
                    return Err(ActError::Unknown(
                        "the gateway failed and took nothing".into(),
                    ));
                }
                outcome_of(&state)
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

struct Receipt;

#[async_trait]
impl Step<Context> for Receipt {
    fn name(&self) -> &'static str {
        "receipt"
    }

    async fn apply(
        &self,
        ctx: &Context,
        conn: &mut PgConnection,
        call: &Call,
        _outcome: &Value,
    ) -> Result<Next, sqlx::Error> {
        let payment = payments::find(conn, payment_of(call)?)
            .await?
            .ok_or(sqlx::Error::RowNotFound)?;
        let order = orders::find(conn, payment.order_id)
            .await?
            .ok_or(sqlx::Error::RowNotFound)?;
        let taken = Money::new(payment.captured_minor, payment.currency);
        let deps = &ctx.world.deps;
        let mail = NewMail {
            id: deps.new_id::<MailId>(),
            to: order.customer_email.clone(),
            subject: format!(
                "Receipt for {} from {}",
                order.reference, ctx.config.organisation
            ),
            text: format!(
                "Hello {},\n\nwe have received {} for {}.\n{}\n\nYour receipt: {}/pay/{}\n\n{}\n",
                order.customer_name,
                taken.display(),
                order.reference,
                order.description,
                ctx.config.public_url,
                order.link_token,
                ctx.config.organisation
            ),
            html: None,
        };
        mail::queue_in_tx(conn, mail, deps.now()).await?;
        Ok(Next::Finish)
    }
}

/// The gateway would not even look at it: a decline without a reason of the bank's.
async fn decline_in_tx(
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
        standing: Standing::Declined(model::payments::DeclineCode::ProcessingError),
    };
    lifecycle::learn_in_tx(&ctx.world, conn, id, &state)
        .await
        .map(drop)
        .map_err(Error::into_sqlx)
}

#[cfg(test)]
#[path = "checkout_tests.rs"]
mod tests;
