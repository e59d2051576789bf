//! Charges: one attempt at a card each.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Call;
use super::cards::Card;
use super::errors::ApiError;
use super::form::Metadata;
use super::intents::Intent;
use super::list::{PAGING, Resource, page, resource};
use super::methods::PaymentMethod;
use crate::state::State;

/// An attempt to take money from a card.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Charge {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) intent: Option<String>,
    pub(crate) method: String,
    pub(crate) card: Card,
    pub(crate) billing_details: Value,
    pub(crate) amount: i64,
    pub(crate) amount_captured: i64,
    pub(crate) amount_refunded: i64,
    pub(crate) currency: String,
    pub(crate) captured: bool,
    /// The authorisation was cancelled or ran out.
    pub(crate) released: bool,
    pub(crate) capture_before: Option<i64>,
    /// The customer was seen by the bank.
    pub(crate) challenged: bool,
    pub(crate) disputed: bool,
    pub(crate) customer: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) receipt_email: Option<String>,
    pub(crate) metadata: Metadata,
    /// The error's code, its decline code and its words.
    pub(crate) failure: Option<(String, String, String)>,
    pub(crate) balance_transaction: Option<String>,
}

resource!(Charge, "charge");

impl Charge {
    /// A paid, uncaptured charge for an intent; not kept yet.
    pub(crate) fn attempt(state: &mut State, intent: &Intent, method: &PaymentMethod) -> Self {
        Self {
            id: state.new_id("ch"),
            created: state.now_seconds(),
            intent: Some(intent.id.clone()),
            method: method.id.clone(),
            card: method.card.clone(),
            billing_details: method.billing_details.clone(),
            amount: intent.amount,
            amount_captured: 0,
            amount_refunded: 0,
            currency: intent.currency.clone(),
            captured: false,
            released: false,
            capture_before: None,
            challenged: false,
            disputed: false,
            customer: intent.customer.clone(),
            description: intent.description.clone(),
            receipt_email: intent.receipt_email.clone(),
            metadata: intent.metadata.clone(),
            failure: None,
            balance_transaction: None,
        }
    }

    /// Marks the attempt as refused.
    pub(crate) fn fail(&mut self, error: &ApiError) {
        let body = error.body();
        let word = |name: &str| body["error"][name].as_str().unwrap_or_default().to_owned();
        self.failure = Some((word("code"), word("decline_code"), word("message")));
    }

    /// What can still be refunded.
    pub(crate) fn refundable(&self) -> i64 {
        self.amount_captured - self.amount_refunded
    }

    fn outcome(&self) -> Value {
        let blocked = self
            .failure
            .as_ref()
            .is_some_and(|(_, decline, _)| decline == "fraudulent");
        let (network, reason, kind, message) = match &self.failure {
            None => (
                "approved_by_network",
                None,
                "authorized",
                "Payment complete.",
            ),
            Some(_) if blocked => {
                let text = "Stripe blocked this payment as too risky.";
                (
                    "not_sent_to_network",
                    Some("highest_risk_level"),
                    "blocked",
                    text,
                )
            }
            Some((_, decline, _)) => {
                let text = "The bank did not approve this payment.";
                (
                    "declined_by_network",
                    Some(decline.as_str()),
                    "issuer_declined",
                    text,
                )
            }
        };
        json!({
            "network_status": network,
            "reason": reason,
            "risk_level": if blocked { "highest" } else { "normal" },
            "risk_score": if blocked { 92 } else { 12 },
            "seller_message": message,
            "type": kind,
        })
    }

    fn card_details(&self) -> Value {
        let card = &self.card;
        let authenticated = self.challenged.then(|| {
            json!({
                "authentication_flow": "challenge", "result": "authenticated",
                "result_reason": null, "version": "2.2.0",
            })
        });
        json!({
            "amount_authorized": self.failure.is_none().then_some(self.amount),
            "authorization_code": null,
            "brand": card.brand,
            "capture_before": self.capture_before,
            "checks": {
                "address_line1_check": null, "address_postal_code_check": null,
                "cvc_check": card.cvc_given.then_some("pass"),
            },
            "country": card.country,
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
            "extended_authorization": { "status": "disabled" },
            "fingerprint": card.fingerprint,
            "funding": card.funding,
            "incremental_authorization": { "status": "unavailable" },
            "installments": null,
            "last4": card.last4,
            "mandate": null,
            "multicapture": { "status": "unavailable" },
            "network": card.brand,
            "network_token": { "used": false },
            "overcapture": {
                "maximum_amount_capturable": self.amount, "status": "unavailable",
            },
            "three_d_secure": authenticated,
            "wallet": null,
        })
    }

    fn view(&self, _state: &State) -> Value {
        let (code, message) = match &self.failure {
            Some((code, _, message)) => (Some(code), Some(message)),
            None => (None, None),
        };
        let failed = self.failure.is_some();
        json!({
            "id": self.id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": self.amount_captured,
            "amount_refunded": self.amount_refunded,
            "application": null,
            "application_fee": null,
            "application_fee_amount": null,
            "balance_transaction": self.balance_transaction,
            "billing_details": self.billing_details,
            "calculated_statement_descriptor": "PUNCTUAL SANDBOX",
            "captured": self.captured,
            "created": self.created,
            "currency": self.currency,
            "customer": self.customer,
            "description": self.description,
            "disputed": self.disputed,
            "failure_balance_transaction": null,
            "failure_code": code,
            "failure_message": message,
            "fraud_details": {},
            "livemode": false,
            "metadata": self.metadata,
            "on_behalf_of": null,
            "outcome": self.outcome(),
            "paid": !failed,
            "payment_intent": self.intent,
            "payment_method": self.method,
            "payment_method_details": { "card": self.card_details(), "type": "card" },
            "receipt_email": self.receipt_email,
            "receipt_number": null,
            "receipt_url": null,
            "refunded": self.amount_captured > 0 && self.refundable() == 0,
            "review": null,
            "shipping": null,
            "source": null,
            "source_transfer": null,
            "statement_descriptor": null,
            "statement_descriptor_suffix": null,
            "status": if failed { "failed" } else { "succeeded" },
            "transfer_data": null,
            "transfer_group": null,
        })
    }
}

pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    Charge::show(state, call.id)
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(
        &[
            &PAGING[..],
            &["customer", "payment_intent", "transfer_group"],
        ]
        .concat(),
    )?;
    let (intent, customer) = (
        call.params.text("payment_intent"),
        call.params.text("customer"),
    );
    page::<Charge>(state, call.params, "/v1/charges", |charge| {
        intent.is_none_or(|id| charge.intent.as_deref() == Some(id))
            && customer.is_none_or(|id| charge.customer.as_deref() == Some(id))
    })
}
