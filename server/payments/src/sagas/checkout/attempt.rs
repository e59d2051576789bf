//! The record of calls to the gateway. A call is written down before it is sent, under a key that
//! it keeps in every repetition, and how it ended is written down after it; so none can be made
//! that nobody knows of.

use model::payments::DeclineCode;
use model::{AttemptId, PaymentId};
use platform::saga::{ActError, Call};

use super::{Context, Scene, not_now};
use crate::gateways::{CallError, GatewayState, Standing};
use crate::store::attempts;

impl Context {
    /// The key of the next call of a verb, and whether the last call's outcome must be looked up
    /// before it. A key is kept until a look-up has shown that its call did nothing.
    pub(super) async fn key(
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

    /// Closes the last key of a verb after a look-up has shown that its call did nothing.
    pub(super) async fn close_key(&self, payment: PaymentId, verb: &str) -> Result<(), ActError> {
        let mut conn = self.world.deps.db.read().await.map_err(not_now)?;
        attempts::close_last(&mut conn, payment, verb)
            .await
            .map_err(not_now)
    }

    /// Writes an attempt down, makes the call, writes down how it ended.
    pub(super) async fn attempt<F>(
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
        let End {
            outcome,
            decline,
            reference,
            message,
        } = End::of(&answer);
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
    pub(super) async fn look_up(
        &self,
        scene: &Scene,
        call: &Call,
    ) -> Result<GatewayState, ActError> {
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
}

/// How a call ended, as it is written down.
struct End<'a> {
    outcome: &'static str,
    decline: Option<DeclineCode>,
    reference: Option<&'a str>,
    message: Option<String>,
}

impl<'a> End<'a> {
    fn of(answer: &'a Result<GatewayState, CallError>) -> Self {
        let (outcome, decline) = match answer {
            Ok(GatewayState {
                standing: Standing::Declined(code),
                ..
            }) => ("declined", Some(*code)),
            Ok(_) => ("succeeded", None),
            Err(CallError::Unknown { .. }) => ("unknown", None),
            Err(CallError::Refused { .. }) => ("refused", None),
        };
        Self {
            outcome,
            decline,
            reference: answer.as_ref().ok().map(|state| state.reference.as_str()),
            message: answer.as_ref().err().map(ToString::to_string),
        }
    }
}
