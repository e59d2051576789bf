//! Payouts: what went from the balance to the bank in one transfer.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Call;
use super::errors::ApiError;
use super::form::Metadata;
use super::list::{PAGING, Resource, page, resource};
use crate::state::State;

/// A transfer to the bank.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Payout {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) arrival_date: i64,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    /// `paid`; the others are for later.
    pub(crate) status: String,
    /// The reference that the bank line carries as its end-to-end id.
    pub(crate) trace: String,
    pub(crate) balance_transaction: String,
    /// The bank account it went to.
    pub(crate) destination: String,
    pub(crate) metadata: Metadata,
}

resource!(Payout, "payout");

impl Payout {
    fn view(&self, _state: &State) -> Value {
        json!({
            "id": self.id,
            "object": "payout",
            "amount": self.amount,
            "application_fee": null,
            "application_fee_amount": null,
            "arrival_date": self.arrival_date,
            "automatic": true,
            "balance_transaction": self.balance_transaction,
            "created": self.created,
            "currency": self.currency,
            "description": "STRIPE PAYOUT",
            "destination": self.destination,
            "failure_balance_transaction": null,
            "failure_code": null,
            "failure_message": null,
            "livemode": false,
            "metadata": self.metadata,
            "method": "standard",
            "original_payout": null,
            "reconciliation_status": "completed",
            "reversed_by": null,
            "source_type": "card",
            "statement_descriptor": null,
            "status": self.status,
            "trace_id": { "status": "supported", "value": self.trace },
            "type": "bank_account",
        })
    }
}

pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    Payout::show(state, call.id)
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params
        .only(&[&PAGING[..], &["arrival_date", "destination", "status"]].concat())?;
    let status = call.params.text("status");
    let arrival = call.params.child("arrival_date");
    let (from, until) = (arrival.integer("gte")?, arrival.integer("lte")?);
    page::<Payout>(state, call.params, "/v1/payouts", |payout| {
        status.is_none_or(|status| payout.status == status)
            && from.is_none_or(|at| payout.arrival_date >= at)
            && until.is_none_or(|at| payout.arrival_date <= at)
    })
}

/// `GET /v1/account`
pub(crate) fn account(_state: &mut State, _call: &Call<'_>) -> Result<Value, ApiError> {
    Ok(json!({
        "id": "acct_punctualsandbox",
        "object": "account",
        "business_type": "company",
        "charges_enabled": true,
        "country": "DE",
        "default_currency": "eur",
        "details_submitted": true,
        "payouts_enabled": true,
        "type": "standard",
    }))
}
