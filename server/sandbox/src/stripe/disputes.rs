//! Disputes: opened by a test card, decided by evidence or by hand.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Call;
use super::balance::{Movement, book};
use super::cards::Behaviour;
use super::charges::Charge;
use super::errors::ApiError;
use super::events::emit;
use super::form::Metadata;
use super::list::{PAGING, Resource, page, resource};
use crate::money;
use crate::state::State;

/// A customer's bank wants the money back.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Dispute {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) charge: String,
    pub(crate) intent: Option<String>,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    /// `needs_response`, `under_review`, `won`, `lost`.
    pub(crate) status: String,
    pub(crate) due_by: i64,
    pub(crate) evidence: Value,
    pub(crate) submissions: u32,
    pub(crate) metadata: Metadata,
    pub(crate) balance_transactions: Vec<String>,
}

resource!(Dispute, "dispute");

impl Dispute {
    fn view(&self, state: &State) -> Value {
        let movements: Vec<Value> = self
            .balance_transactions
            .iter()
            .filter_map(|id| super::list::by_id(state, id))
            .collect();
        json!({
            "id": self.id,
            "object": "dispute",
            "amount": self.amount,
            "balance_transactions": movements,
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "enhanced_eligibility_types": [],
            "evidence": self.evidence,
            "evidence_details": {
                "due_by": self.due_by, "has_evidence": self.submissions > 0, "past_due": false,
                "submission_count": self.submissions,
            },
            "is_charge_refundable": false,
            "livemode": false,
            "metadata": self.metadata,
            "payment_intent": self.intent,
            "reason": "fraudulent",
            "status": self.status,
        })
    }
}

/// Opens the dispute that a test card brings with it.
pub(crate) fn open_if_disputed(state: &mut State, charge: &Charge) {
    if charge.card.behaviour != Behaviour::Disputed {
        return;
    }
    let id = state.new_id("du");
    let decimals = money::api_decimals(&charge.currency);
    let fee = if decimals == 0 {
        1_500
    } else {
        15 * 10_i64.pow(decimals)
    };
    let movement = Movement {
        amount: -charge.amount_captured,
        fee,
        currency: &charge.currency,
        kind: "adjustment",
        category: "dispute",
        source: &id,
        charge: Some(&charge.id),
        description: Some(format!("Chargeback withdrawal for {}", charge.id)),
    };
    let withdrawn = book(state, movement);
    let dispute = Dispute {
        id,
        created: state.now_seconds(),
        charge: charge.id.clone(),
        intent: charge.intent.clone(),
        amount: charge.amount_captured,
        currency: charge.currency.clone(),
        status: "needs_response".to_owned(),
        due_by: (state.now() + TimeDelta::days(9)).timestamp(),
        evidence: json!({}),
        submissions: 0,
        metadata: Metadata::new(),
        balance_transactions: vec![withdrawn],
    };
    let mut charge = charge.clone();
    charge.disputed = true;
    state.put(charge);
    state.put(dispute.clone());
    emit(state, "charge.dispute.created", dispute.render(state));
    emit(
        state,
        "charge.dispute.funds_withdrawn",
        dispute.render(state),
    );
}

/// Decides a dispute that is still open.
///
/// # Errors
/// 404 for an unknown id, 400 when it is decided already.
pub(crate) fn decide(state: &mut State, id: &str, won: bool) -> Result<Value, ApiError> {
    let mut dispute = Dispute::get(state, id, "dispute")?.clone();
    if matches!(dispute.status.as_str(), "won" | "lost") {
        let text = format!("This dispute is already {}.", dispute.status);
        return Err(ApiError::state("dispute_already_closed", text));
    }
    dispute.status = if won { "won" } else { "lost" }.to_owned();
    if won {
        let movement = Movement {
            amount: dispute.amount,
            fee: 0,
            currency: &dispute.currency,
            kind: "adjustment",
            category: "dispute_reversal",
            source: &dispute.id,
            charge: Some(&dispute.charge),
            description: Some(format!("Chargeback reversal for {}", dispute.charge)),
        };
        let returned = book(state, movement);
        dispute.balance_transactions.push(returned);
        if let Some(mut charge) = state.find::<Charge>(&dispute.charge).cloned() {
            charge.disputed = false;
            state.put(charge);
        }
    }
    state.put(dispute.clone());
    let view = dispute.render(state);
    if won {
        emit(state, "charge.dispute.funds_reinstated", view.clone());
    }
    emit(state, "charge.dispute.closed", view.clone());
    Ok(view)
}

/// Takes evidence. The words `winning_evidence` and `losing_evidence` decide at once.
pub(crate) fn update(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&["evidence", "metadata", "submit"])?;
    let submits = call.params.flag("submit")?.unwrap_or(true);
    let mut dispute = Dispute::get(state, call.id, "dispute")?.clone();
    call.params.merge_metadata(&mut dispute.metadata);
    let text = call
        .params
        .child("evidence")
        .text("uncategorized_text")
        .map(str::to_owned);
    if let Some(evidence) = call.params.value("evidence") {
        dispute.evidence = evidence.clone();
        if submits {
            dispute.submissions += 1;
            dispute.status = "under_review".to_owned();
        }
    }
    state.put(dispute.clone());
    emit(state, "charge.dispute.updated", dispute.render(state));
    match text.as_deref() {
        Some("winning_evidence") if submits => decide(state, call.id, true),
        Some("losing_evidence") if submits => decide(state, call.id, false),
        _ => Ok(dispute.render(state)),
    }
}

/// Gives in.
pub(crate) fn close(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    decide(state, call.id, false)
}

pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    Dispute::show(state, call.id)
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params
        .only(&[&PAGING[..], &["charge", "payment_intent"]].concat())?;
    let (charge, intent) = (
        call.params.text("charge"),
        call.params.text("payment_intent"),
    );
    page::<Dispute>(state, call.params, "/v1/disputes", |dispute| {
        charge.is_none_or(|id| dispute.charge == id)
            && intent.is_none_or(|id| dispute.intent.as_deref() == Some(id))
    })
}
