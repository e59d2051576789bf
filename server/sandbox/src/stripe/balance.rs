//! The balance: every movement of money between customers, the provider and the bank.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Call;
use super::charges::Charge;
use super::errors::ApiError;
use super::list::{PAGING, Resource, page, resource};
use crate::money;
use crate::state::State;

/// Days until captured money can be paid out of the ordinary.
const AVAILABLE_AFTER_DAYS: i64 = 2;

/// A movement of the balance. `net = amount - fee`.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct BalanceTransaction {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) currency: String,
    /// `charge`, `refund`, `adjustment`, `payout`, …
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// What to group by; finer than the type.
    pub(crate) reporting_category: String,
    /// The object that caused it.
    pub(crate) source: String,
    /// The charge that it concerns, if any.
    pub(crate) charge: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) available_on: i64,
    /// The payout that carried it to the bank.
    pub(crate) payout: Option<String>,
}

resource!(BalanceTransaction, "balance_transaction");

impl BalanceTransaction {
    /// What the merchant gets.
    pub(crate) fn net(&self) -> i64 {
        self.amount - self.fee
    }

    fn view(&self, state: &State) -> Value {
        let details = if self.fee == 0 {
            json!([])
        } else {
            json!([{
                "amount": self.fee, "application": null, "currency": self.currency,
                "description": "Stripe processing fees", "type": "stripe_fee",
            }])
        };
        let available = self.payout.is_some() || self.available_on <= state.now_seconds();
        json!({
            "id": self.id,
            "object": "balance_transaction",
            "amount": self.amount,
            "available_on": self.available_on,
            "balance_type": "payments",
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "exchange_rate": null,
            "fee": self.fee,
            "fee_details": details,
            "net": self.net(),
            "reporting_category": self.reporting_category,
            "source": self.source,
            "status": if available { "available" } else { "pending" },
            "type": self.kind,
        })
    }
}

/// What a movement is about.
pub(crate) struct Movement<'a> {
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) currency: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) category: &'a str,
    pub(crate) source: &'a str,
    pub(crate) charge: Option<&'a str>,
    pub(crate) description: Option<String>,
}

/// Records a movement and gives its id.
pub(crate) fn book(state: &mut State, movement: Movement<'_>) -> String {
    let now = state.now();
    // Money that comes in waits; what goes out, goes at once.
    let days = if movement.amount > 0 {
        AVAILABLE_AFTER_DAYS
    } else {
        0
    };
    let row = BalanceTransaction {
        id: state.new_id("txn"),
        created: now.timestamp(),
        amount: movement.amount,
        fee: movement.fee,
        currency: movement.currency.to_owned(),
        kind: movement.kind.to_owned(),
        reporting_category: movement.category.to_owned(),
        source: movement.source.to_owned(),
        charge: movement.charge.map(str::to_owned),
        description: movement.description,
        available_on: (now + TimeDelta::days(days)).timestamp(),
        payout: None,
    };
    let id = row.id.clone();
    state.put(row);
    id
}

/// Books a captured charge: the whole authorised amount, and what was not captured back again.
pub(crate) fn book_charge(state: &mut State, charge: &mut Charge) {
    let currency = charge.currency.clone();
    let (whole, taken) = (charge.amount, charge.amount_captured);
    let (whole_fee, fee) = (money::fee(whole, &currency), money::fee(taken, &currency));
    let id = charge.id.clone();
    let mut movement = |amount, fee, kind: &str| {
        book(
            state,
            Movement {
                amount,
                fee,
                currency: &currency,
                kind,
                category: kind,
                source: &id,
                charge: Some(&id),
                description: charge.description.clone(),
            },
        )
    };
    let first = movement(whole, whole_fee, "charge");
    if taken < whole {
        movement(taken - whole, fee - whole_fee, "partial_capture_reversal");
    }
    charge.balance_transaction = Some(first);
    state.put(charge.clone());
}

pub(crate) fn retrieve_transaction(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    BalanceTransaction::show(state, call.id)
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let params = call.params;
    params.only(&[&PAGING[..], &["payout", "type", "source", "currency"]].concat())?;
    let (payout, kind) = (params.text("payout"), params.text("type"));
    let (source, currency) = (params.text("source"), params.text("currency"));
    page::<BalanceTransaction>(state, params, "/v1/balance_transactions", |row| {
        payout.is_none_or(|id| row.payout.as_deref() == Some(id))
            && kind.is_none_or(|kind| row.kind == kind)
            && source.is_none_or(|id| row.source == id)
            && currency.is_none_or(|currency| row.currency.eq_ignore_ascii_case(currency))
    })
}

/// `GET /v1/balance`
pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&[])?;
    let now = state.now_seconds();
    let (mut available, mut pending) = (BTreeMap::new(), BTreeMap::new());
    for row in state.all::<BalanceTransaction>() {
        let ready = row.payout.is_some() || row.available_on <= now;
        *available.entry(row.currency.as_str()).or_insert(0) += if ready { row.net() } else { 0 };
        *pending.entry(row.currency.as_str()).or_insert(0) += if ready { 0 } else { row.net() };
    }
    let part = |sums: BTreeMap<&str, i64>| -> Vec<Value> {
        sums.into_iter()
            .map(|(currency, amount)| {
                json!({ "amount": amount, "currency": currency, "source_types": { "card": amount } })
            })
            .collect()
    };
    Ok(json!({
        "object": "balance",
        "available": part(available),
        "livemode": false,
        "pending": part(pending),
    }))
}
