//! Payment methods: cards only.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::cards::Card;
use super::customers::Customer;
use super::errors::ApiError;
use super::form::{Metadata, Params};
use super::list::{PAGING, Resource, resource};
use super::{Call, list};
use crate::state::State;

/// A card that can pay.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PaymentMethod {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) card: Card,
    pub(crate) billing_details: Value,
    pub(crate) customer: Option<String>,
    pub(crate) metadata: Metadata,
}

resource!(PaymentMethod, "payment_method");

impl PaymentMethod {
    fn view(&self, _state: &State) -> Value {
        let card = &self.card;
        let cvc = card.cvc_given.then_some("pass");
        json!({
            "id": self.id,
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": self.billing_details,
            "card": {
                "brand": card.brand,
                "checks": {
                    "address_line1_check": null, "address_postal_code_check": null, "cvc_check": cvc,
                },
                "country": card.country,
                "display_brand": card.brand,
                "exp_month": card.exp_month,
                "exp_year": card.exp_year,
                "fingerprint": card.fingerprint,
                "funding": card.funding,
                "generated_from": null,
                "last4": card.last4,
                "networks": { "available": [card.brand], "preferred": null },
                "regulated_status": "unregulated",
                "three_d_secure_usage": { "supported": true },
                "wallet": null,
            },
            "created": self.created,
            "customer": self.customer,
            "livemode": false,
            "metadata": self.metadata,
            "type": "card",
        })
    }
}

fn billing_details(given: &Params) -> Value {
    let address = given.child("address");
    let part = |name: &str| address.text(name);
    json!({
        "address": {
            "city": part("city"), "country": part("country"), "line1": part("line1"),
            "line2": part("line2"), "postal_code": part("postal_code"), "state": part("state"),
        },
        "email": given.text("email"),
        "name": given.text("name"),
        "phone": given.text("phone"),
        "tax_id": null,
    })
}

/// Makes a payment method of `type`, `card[…]` and `billing_details[…]`.
///
/// # Errors
/// 400 for a type other than `card`, 402 for card data that cannot be.
pub(crate) fn make(state: &mut State, params: &Params) -> Result<PaymentMethod, ApiError> {
    let kind = params.need("type")?;
    if kind != "card" {
        let text = format!("Invalid type: {kind}. The sandbox has card alone.");
        return Err(ApiError::invalid("type", text));
    }
    let card = Card::read(&params.child("card"), state.now())?;
    let billing = billing_details(&params.child("billing_details"));
    let mut metadata = Metadata::new();
    params.merge_metadata(&mut metadata);
    Ok(keep(state, card, billing, metadata))
}

fn keep(state: &mut State, card: Card, billing: Value, metadata: Metadata) -> PaymentMethod {
    let method = PaymentMethod {
        id: state.new_id("pm"),
        created: state.now_seconds(),
        card,
        billing_details: billing,
        customer: None,
        metadata,
    };
    state.put(method.clone());
    method
}

/// The payment method of an id. The provider's named test methods (`pm_card_visa`) become a
/// fresh method each time.
///
/// # Errors
/// 404 for an id that is not known.
pub(crate) fn resolve(state: &mut State, id: &str) -> Result<PaymentMethod, ApiError> {
    if let Some(card) = id
        .strip_prefix("pm_card_")
        .and_then(|name| Card::named(name, state.now()))
    {
        let billing = billing_details(&Params::default());
        return Ok(keep(state, card, billing, Metadata::new()));
    }
    if let Some(method) = state.find::<PaymentMethod>(id) {
        return Ok(method.clone());
    }
    let mut error = ApiError::no_such("PaymentMethod", id, "payment_method");
    // As an argument of another call it is a bad request, not a missing page.
    error.status = 400;
    Err(error)
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let known = [
        "type",
        "card",
        "billing_details",
        "metadata",
        "allow_redisplay",
        "radar_options",
    ];
    // Browsers send what they know about themselves along; a server has to spell right.
    if call.caller == super::Caller::Secret {
        call.params.only(&known)?;
    }
    let method = make(state, call.params)?;
    Ok(method.render(state))
}

pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    PaymentMethod::show(state, call.id)
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params
        .only(&[&PAGING[..], &["customer", "type"]].concat())?;
    let customer = call.params.text("customer");
    list::page::<PaymentMethod>(state, call.params, "/v1/payment_methods", |method| {
        customer.is_none_or(|id| method.customer.as_deref() == Some(id))
    })
}

pub(crate) fn attach(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let customer = call.params.need("customer")?.to_owned();
    Customer::get(state, &customer, "customer")?;
    let mut method = match state.find::<PaymentMethod>(call.id) {
        Some(method) => method.clone(),
        None => resolve(state, call.id)?,
    };
    method.customer = Some(customer);
    state.put(method.clone());
    Ok(method.render(state))
}

pub(crate) fn detach(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let mut method = PaymentMethod::get(state, call.id, "payment_method")?.clone();
    method.customer = None;
    state.put(method.clone());
    Ok(method.render(state))
}
