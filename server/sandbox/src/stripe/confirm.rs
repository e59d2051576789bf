//! How an intent moves on: confirmed, challenged, declined, authorised. Captured and let go: see
//! `capture.rs`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Call;
use super::balance;
use super::cards::Behaviour;
use super::charges::Charge;
use super::disputes;
use super::errors::ApiError;
use super::events::emit;
use super::form::Params;
use super::intents::{Intent, Status, method_of};
use super::list::Resource;
use super::methods::PaymentMethod;
use crate::Config;
use crate::state::State;

/// How long an authorisation stands.
const HOLD_DAYS: i64 = 7;

/// A state in which an intent may not do what was asked.
pub(crate) fn unexpected(state: &State, intent: &Intent, text: String) -> ApiError {
    ApiError::state("payment_intent_unexpected_state", text).with_intent(intent.render(state))
}

/// `POST /v1/payment_intents/{id}/confirm`
pub(crate) fn confirm(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let intent = Intent::get(state, call.id, "intent")?.clone();
    intent.open_to(call)?;
    if call.caller == super::Caller::Secret {
        call.params.only(&[
            "payment_method",
            "payment_method_data",
            "payment_method_options",
            "payment_method_types",
            "return_url",
            "off_session",
            "error_on_requires_action",
            "capture_method",
            "receipt_email",
            "setup_future_usage",
            "shipping",
            "mandate",
            "mandate_data",
            "radar_options",
            "use_stripe_sdk",
            "client_secret",
            "confirmation_token",
            "amount_details",
            "excluded_payment_method_types",
            "payment_details",
        ])?;
    }
    start(state, intent, call.params, call.config)
}

/// Tries to authorise an intent with the payment method given now or before.
pub(crate) fn start(
    state: &mut State,
    mut intent: Intent,
    params: &Params,
    config: &Config,
) -> Result<Value, ApiError> {
    let open = [
        Status::RequiresPaymentMethod,
        Status::RequiresConfirmation,
        Status::RequiresAction,
    ];
    if !open.contains(&intent.status) {
        let word = intent.status.word();
        let text = match intent.status {
            Status::Succeeded | Status::RequiresCapture => {
                "You cannot confirm this PaymentIntent because it has already been confirmed."
                    .to_owned()
            }
            _ => {
                format!("You cannot confirm this PaymentIntent because it has a status of {word}.")
            }
        };
        return Err(unexpected(state, &intent, text));
    }
    if let Some(url) = params.text("return_url") {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(ApiError::invalid(
                "return_url",
                "Invalid URL: an absolute URL is required.",
            ));
        }
        intent.return_url = Some(url.to_owned());
    }
    if let Some(method) = params.text("capture_method") {
        intent.capture_method = method.to_owned();
    }
    if let Some(id) = method_of(state, params)? {
        intent.payment_method = Some(id);
    }
    let method = intent
        .payment_method
        .as_deref()
        .and_then(|id| state.find::<PaymentMethod>(id))
        .cloned();
    let Some(method) = method else {
        let text = "You cannot confirm this PaymentIntent because it's missing a payment method.";
        return Err(unexpected(state, &intent, text.to_owned()));
    };
    let alone = params.text("off_session").is_some_and(|v| v != "false")
        || params.flag("error_on_requires_action")?.unwrap_or(false);
    match method.card.behaviour.clone() {
        Behaviour::Challenges(_) if alone => {
            let text = "Your card was declined. This transaction requires authentication.";
            let error =
                ApiError::card("authentication_required", text).decline("authentication_required");
            Err(decline(state, intent, &method, error))
        }
        Behaviour::Challenges(_) => {
            let by_script = params.flag("use_stripe_sdk")?.unwrap_or(false);
            Ok(challenge(state, intent, config, by_script))
        }
        behaviour => settle(state, intent, &method, &behaviour, false),
    }
}

/// The customer has to show up at the bank.
fn challenge(state: &mut State, mut intent: Intent, config: &Config, by_script: bool) -> Value {
    let url = format!(
        "{}/stripe/challenge/{}?client_secret={}",
        config.public_url, intent.id, intent.client_secret
    );
    intent.next_action = Some(if by_script && intent.return_url.is_none() {
        let sdk = json!({ "type": "three_d_secure_redirect", "stripe_js": url });
        json!({ "type": "use_stripe_sdk", "use_stripe_sdk": sdk })
    } else {
        let redirect = json!({ "return_url": intent.return_url, "url": url });
        json!({ "type": "redirect_to_url", "redirect_to_url": redirect })
    });
    intent.status = Status::RequiresAction;
    intent.last_payment_error = None;
    state.put(intent.clone());
    let view = intent.render(state);
    emit(state, "payment_intent.requires_action", view.clone());
    view
}

/// What the customer did at the bank. `None` when the intent no longer waits for it.
pub(crate) fn challenged(state: &mut State, id: &str, passed: bool) -> Option<Intent> {
    let mut intent = state.find::<Intent>(id).cloned()?;
    if intent.status != Status::RequiresAction {
        return None;
    }
    let method = state
        .find::<PaymentMethod>(intent.payment_method.as_deref()?)
        .cloned()?;
    intent.next_action = None;
    let behaviour = match &method.card.behaviour {
        Behaviour::Challenges(inner) => (**inner).clone(),
        other => other.clone(),
    };
    if passed {
        // A decline after the challenge is in the intent; the caller looks there.
        let _declined = settle(state, intent, &method, &behaviour, true);
    } else {
        let text = "The provided PaymentMethod has failed authentication. Provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.";
        intent.status = Status::RequiresPaymentMethod;
        intent.payment_method = None;
        let mut error = ApiError::card("payment_intent_authentication_failure", text)
            .as_last_error(method.render(state));
        error["type"] = json!("invalid_request_error");
        intent.last_payment_error = Some(error);
        state.put(intent.clone());
        emit(state, "payment_intent.payment_failed", intent.render(state));
    }
    state.find::<Intent>(id).cloned()
}

/// The bank decides.
fn settle(
    state: &mut State,
    mut intent: Intent,
    method: &PaymentMethod,
    behaviour: &Behaviour,
    challenged: bool,
) -> Result<Value, ApiError> {
    if let Behaviour::Declines(code, decline_code, text) = behaviour {
        let error = ApiError::card(code, text.as_str()).decline(decline_code);
        return Err(decline(state, intent, method, error));
    }
    let manual = intent.capture_method == "manual";
    let mut charge = Charge::attempt(state, &intent, method);
    charge.challenged = challenged;
    intent.latest_charge = Some(charge.id.clone());
    intent.last_payment_error = None;
    intent.next_action = None;
    if manual {
        charge.capture_before = Some((state.now() + TimeDelta::days(HOLD_DAYS)).timestamp());
        intent.status = Status::RequiresCapture;
        intent.amount_capturable = intent.amount;
        state.put(charge.clone());
        state.put(intent.clone());
        emit(state, "charge.succeeded", charge.render(state));
        emit(
            state,
            "payment_intent.amount_capturable_updated",
            intent.render(state),
        );
        return Ok(intent.render(state));
    }
    charge.captured = true;
    charge.amount_captured = charge.amount;
    intent.status = Status::Succeeded;
    intent.amount_received = intent.amount;
    state.put(charge.clone());
    state.put(intent.clone());
    // The balance transaction comes a little later than the news, as with the real provider.
    emit(state, "charge.succeeded", charge.render(state));
    emit(state, "payment_intent.succeeded", intent.render(state));
    balance::book_charge(state, &mut charge);
    emit(state, "charge.updated", charge.render(state));
    disputes::open_if_disputed(state, &charge);
    Ok(intent.render(state))
}

/// Records a failed attempt and gives the error to answer with.
fn decline(
    state: &mut State,
    mut intent: Intent,
    method: &PaymentMethod,
    error: ApiError,
) -> ApiError {
    let mut charge = Charge::attempt(state, &intent, method);
    charge.fail(&error);
    let error = error.charge(&charge.id);
    intent.status = Status::RequiresPaymentMethod;
    intent.payment_method = None;
    intent.next_action = None;
    intent.latest_charge = Some(charge.id.clone());
    intent.last_payment_error = Some(error.as_last_error(method.render(state)));
    state.put(charge.clone());
    state.put(intent.clone());
    emit(state, "charge.failed", charge.render(state));
    emit(state, "payment_intent.payment_failed", intent.render(state));
    error.with_intent(intent.render(state))
}
