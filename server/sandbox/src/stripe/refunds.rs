//! Refunds: partial and many, never more than was captured; some come back later.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Call;
use super::balance::{Movement, book};
use super::cards::Behaviour;
use super::charges::Charge;
use super::errors::ApiError;
use super::events::emit;
use super::form::Metadata;
use super::intents::{Intent, whole_units};
use super::list::{PAGING, Resource, page, resource};
use crate::money;
use crate::state::State;

/// Money on its way back to a customer.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) charge: String,
    pub(crate) intent: Option<String>,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    /// `pending`, `succeeded`, `failed`.
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) metadata: Metadata,
    pub(crate) balance_transaction: Option<String>,
    pub(crate) failure_balance_transaction: Option<String>,
    /// Whether its last word has been spoken.
    pub(crate) settled: bool,
}

resource!(Refund, "refund");

impl Refund {
    fn view(&self, _state: &State) -> Value {
        let failed = self.status == "failed";
        let mut view = json!({
            "id": self.id,
            "object": "refund",
            "amount": self.amount,
            "balance_transaction": self.balance_transaction,
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "destination_details": {
                "card": { "reference_status": "pending", "reference_type": "acquirer_reference_number",
                          "type": "refund" },
                "type": "card",
            },
            "metadata": self.metadata,
            "payment_intent": self.intent,
            "reason": self.reason,
            "receipt_number": null,
            "source_transfer_reversal": null,
            "status": self.status,
            "transfer_reversal": null,
        });
        if failed {
            view["failure_reason"] = json!("expired_or_canceled_card");
            view["failure_balance_transaction"] = json!(self.failure_balance_transaction);
        }
        view
    }
}

/// The charge that a request means.
fn target(state: &State, call: &Call<'_>) -> Result<Charge, ApiError> {
    if let Some(id) = call.params.text("charge") {
        return Charge::get(state, id, "charge").cloned();
    }
    let Some(id) = call.params.text("payment_intent") else {
        let text = "One of the following params should be provided for this request: \
                    payment_intent or charge.";
        return Err(ApiError::invalid("payment_intent", text).code("parameter_missing"));
    };
    let intent = Intent::get(state, id, "payment_intent")?;
    let charge = intent
        .latest_charge
        .as_deref()
        .and_then(|id| state.find::<Charge>(id));
    charge
        .filter(|charge| charge.captured)
        .cloned()
        .ok_or_else(|| {
            let text =
                format!("This PaymentIntent ({id}) does not have a successful charge to refund.");
            ApiError::state("payment_intent_unexpected_state", text)
        })
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let params = call.params;
    params.only(&[
        "amount",
        "charge",
        "payment_intent",
        "metadata",
        "reason",
        "refund_application_fee",
        "reverse_transfer",
        "instructions_email",
        "origin",
        "customer",
        "currency",
    ])?;
    let asked = params.integer("amount")?;
    let reason = params.text("reason").map(str::to_owned);
    let words = ["duplicate", "fraudulent", "requested_by_customer"];
    if let Some(other) = reason.as_deref().filter(|reason| !words.contains(reason)) {
        let text = format!(
            "Invalid reason: must be one of {}; got {other}.",
            words.join(", ")
        );
        return Err(ApiError::invalid("reason", text));
    }
    let mut charge = target(state, call)?;
    let left = charge.refundable();
    if !charge.captured {
        let text = format!("Charge {} has not been captured.", charge.id);
        return Err(ApiError::state("charge_not_refundable", text));
    }
    if charge.disputed {
        let text = format!(
            "Charge {} has been charged back; cannot issue a refund.",
            charge.id
        );
        return Err(ApiError::state("charge_disputed", text));
    }
    if left == 0 {
        let text = format!("Charge {} has already been refunded.", charge.id);
        return Err(ApiError::state("charge_already_refunded", text));
    }
    let amount = asked.unwrap_or(left);
    if amount < 1 {
        let text = "This value must be greater than or equal to 1.";
        return Err(ApiError::invalid("amount", text).code("parameter_invalid_integer"));
    }
    whole_units(amount, &charge.currency, "amount")?;
    if amount > left {
        let words = |amount| money::report_text(amount, &charge.currency);
        let text = format!(
            "Refund amount ({}) is greater than unrefunded amount on charge ({})",
            words(amount),
            words(left)
        );
        return Err(ApiError::state("amount_too_large", text).param("amount"));
    }

    charge.amount_refunded += amount;
    let mut metadata = Metadata::new();
    params.merge_metadata(&mut metadata);
    let id = state.new_id("re");
    let waits = charge.card.behaviour == Behaviour::RefundWaits;
    let movement = Movement {
        amount: -amount,
        fee: 0,
        currency: &charge.currency,
        kind: "refund",
        category: "refund",
        source: &id,
        charge: Some(&charge.id),
        description: Some(format!("Refund for {}", charge.id)),
    };
    let balance_transaction = Some(book(state, movement));
    let refund = Refund {
        id,
        created: state.now_seconds(),
        charge: charge.id.clone(),
        intent: charge.intent.clone(),
        amount,
        currency: charge.currency.clone(),
        status: if waits { "pending" } else { "succeeded" }.to_owned(),
        reason,
        metadata,
        balance_transaction,
        failure_balance_transaction: None,
        settled: !waits && charge.card.behaviour != Behaviour::RefundFails,
    };
    state.put(charge.clone());
    state.put(refund.clone());
    let view = refund.render(state);
    emit(state, "refund.created", view.clone());
    emit(state, "charge.refunded", charge.render(state));
    Ok(view)
}

/// Speaks the last word on refunds that wait for one: pending ones succeed, doomed ones fail and
/// bring the money back. Gives how many.
pub(crate) fn settle_all(state: &mut State) -> usize {
    let open: Vec<Refund> = state
        .all::<Refund>()
        .filter(|r| !r.settled)
        .cloned()
        .collect();
    let count = open.len();
    for mut refund in open {
        refund.settled = true;
        if refund.status == "pending" {
            refund.status = "succeeded".to_owned();
            state.put(refund.clone());
            emit(state, "refund.updated", refund.render(state));
            continue;
        }
        let movement = Movement {
            amount: refund.amount,
            fee: 0,
            currency: &refund.currency,
            kind: "refund_failure",
            category: "refund_failure",
            source: &refund.id,
            charge: Some(&refund.charge),
            description: Some(format!("Refund failure for {}", refund.id)),
        };
        refund.failure_balance_transaction = Some(book(state, movement));
        refund.status = "failed".to_owned();
        state.put(refund.clone());
        if let Some(mut charge) = state.find::<Charge>(&refund.charge).cloned() {
            charge.amount_refunded -= refund.amount;
            state.put(charge);
        }
        let view = refund.render(state);
        emit(state, "refund.failed", view.clone());
        emit(state, "refund.updated", view.clone());
        emit(state, "charge.refund.updated", view);
    }
    count
}

/// The refunds of a charge as the list inside it.
pub(crate) fn of_charge(state: &State, charge: &str) -> Value {
    let data: Vec<Value> = state
        .all::<Refund>()
        .rev()
        .filter(|refund| refund.charge == charge)
        .map(|refund| refund.render(state))
        .collect();
    let url = format!("/v1/charges/{charge}/refunds");
    json!({ "object": "list", "data": data, "has_more": false, "url": url })
}

pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    Refund::show(state, call.id)
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params
        .only(&[&PAGING[..], &["charge", "payment_intent"]].concat())?;
    let (charge, intent) = (
        call.params.text("charge"),
        call.params.text("payment_intent"),
    );
    page::<Refund>(state, call.params, "/v1/refunds", |refund| {
        charge.is_none_or(|id| refund.charge == id)
            && intent.is_none_or(|id| refund.intent.as_deref() == Some(id))
    })
}
