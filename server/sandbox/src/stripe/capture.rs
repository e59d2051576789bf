//! How an authorisation ends: captured, cancelled, or run out.

use serde_json::Value;

use super::Call;
use super::balance;
use super::charges::Charge;
use super::confirm::unexpected;
use super::disputes;
use super::errors::ApiError;
use super::events::emit;
use super::intents::{Intent, Status, whole_units};
use super::list::Resource;
use crate::state::State;

/// `POST /v1/payment_intents/{id}/capture`
pub(crate) fn capture(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&[
        "amount_to_capture",
        "metadata",
        "final_capture",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "application_fee_amount",
        "transfer_data",
        "amount_details",
        "payment_details",
    ])?;
    let amount = call.params.integer("amount_to_capture")?;
    expire_authorisations(state);
    let mut intent = Intent::get(state, call.id, "intent")?.clone();
    let mut charge = match (intent.status, &intent.latest_charge) {
        (Status::RequiresCapture, Some(id)) => Charge::get(state, id, "charge")?.clone(),
        (status, _) => {
            let text = format!(
                "This PaymentIntent could not be captured because it has a status of {}. Only a \
                 PaymentIntent with one of the following statuses may be captured: \
                 requires_capture.",
                status.word()
            );
            return Err(unexpected(state, &intent, text));
        }
    };
    let amount = amount.unwrap_or(intent.amount_capturable);
    if amount < 1 {
        let text = "This value must be greater than or equal to 1.";
        let error = ApiError::invalid("amount_to_capture", text);
        return Err(error.code("parameter_invalid_integer"));
    }
    whole_units(amount, &intent.currency, "amount_to_capture")?;
    if amount > intent.amount_capturable {
        let text = format!(
            "The amount to capture ({amount}) is greater than the amount capturable ({}).",
            intent.amount_capturable
        );
        return Err(ApiError::state("amount_too_large", text).param("amount_to_capture"));
    }
    if call.params.flag("final_capture")? == Some(false) {
        let text = "This payment does not support more than one capture.";
        return Err(ApiError::invalid("final_capture", text));
    }
    charge.captured = true;
    charge.amount_captured = amount;
    intent.status = Status::Succeeded;
    intent.amount_received = amount;
    intent.amount_capturable = 0;
    call.params.merge_metadata(&mut intent.metadata);
    state.put(intent.clone());
    balance::book_charge(state, &mut charge);
    emit(state, "charge.captured", charge.render(state));
    emit(state, "payment_intent.succeeded", intent.render(state));
    disputes::open_if_disputed(state, &charge);
    Ok(intent.render(state))
}

/// `POST /v1/payment_intents/{id}/cancel`
pub(crate) fn cancel(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&["cancellation_reason"])?;
    let reason = call.params.text("cancellation_reason").map(str::to_owned);
    let words = [
        "duplicate",
        "fraudulent",
        "requested_by_customer",
        "abandoned",
    ];
    if reason
        .as_deref()
        .is_some_and(|reason| !words.contains(&reason))
    {
        let text = "Invalid cancellation_reason.";
        return Err(ApiError::invalid("cancellation_reason", text));
    }
    let intent = Intent::get(state, call.id, "intent")?.clone();
    if matches!(intent.status, Status::Canceled | Status::Succeeded) {
        let text = format!(
            "You cannot cancel this PaymentIntent because it has a status of {}. Only a \
             PaymentIntent with one of the following statuses may be canceled: \
             requires_payment_method, requires_capture, requires_confirmation, requires_action, \
             processing.",
            intent.status.word()
        );
        return Err(unexpected(state, &intent, text));
    }
    Ok(let_go(state, intent, reason))
}

/// Ends an intent that took nothing and releases what it held.
fn let_go(state: &mut State, mut intent: Intent, reason: Option<String>) -> Value {
    let held = intent.status == Status::RequiresCapture;
    let charge = intent
        .latest_charge
        .as_deref()
        .and_then(|id| state.find::<Charge>(id))
        .cloned();
    if let Some(mut charge) = charge.filter(|_| held) {
        charge.released = true;
        charge.capture_before = None;
        state.put(charge);
    }
    intent.status = Status::Canceled;
    intent.amount_capturable = 0;
    intent.next_action = None;
    intent.canceled_at = Some(state.now_seconds());
    intent.cancellation_reason = reason;
    state.put(intent.clone());
    let view = intent.render(state);
    emit(state, "payment_intent.canceled", view.clone());
    view
}

/// Lets go of authorisations whose time has passed.
pub(crate) fn expire_authorisations(state: &mut State) {
    let now = state.now_seconds();
    let late: Vec<Charge> = state
        .all::<Charge>()
        .filter(|charge| !charge.captured && charge.capture_before.is_some_and(|at| at <= now))
        .cloned()
        .collect();
    for charge in late {
        let intent = charge
            .intent
            .as_deref()
            .and_then(|id| state.find::<Intent>(id))
            .cloned();
        if let Some(intent) = intent.filter(|intent| intent.status == Status::RequiresCapture) {
            emit(state, "charge.expired", charge.render(state));
            let_go(state, intent, Some("automatic".to_owned()));
        }
    }
}
