//! Customers.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Call;
use super::errors::ApiError;
use super::events::emit;
use super::form::{Metadata, Params};
use super::list::{PAGING, Resource, page, resource};
use crate::state::State;

/// Somebody who pays.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Customer {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) email: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) metadata: Metadata,
}

resource!(Customer, "customer");

const KNOWN: [&str; 12] = [
    "email",
    "name",
    "phone",
    "description",
    "metadata",
    "address",
    "shipping",
    "payment_method",
    "invoice_settings",
    "preferred_locales",
    "tax",
    "tax_exempt",
];

impl Customer {
    fn view(&self, _state: &State) -> Value {
        let prefix: String = self
            .id
            .bytes()
            .rev()
            .take(8)
            .map(|b| char::from(b.to_ascii_uppercase()))
            .collect();
        json!({
            "id": self.id,
            "object": "customer",
            "address": null,
            "balance": 0,
            "created": self.created,
            "currency": null,
            "default_source": null,
            "delinquent": false,
            "description": self.description,
            "discount": null,
            "email": self.email,
            "invoice_prefix": prefix,
            "livemode": false,
            "metadata": self.metadata,
            "name": self.name,
            "phone": self.phone,
            "preferred_locales": [],
            "shipping": null,
            "tax_exempt": "none",
        })
    }

    fn take(&mut self, params: &Params) {
        for (name, field) in [
            ("email", &mut self.email),
            ("name", &mut self.name),
            ("phone", &mut self.phone),
            ("description", &mut self.description),
        ] {
            if params.has(name) {
                *field = params.text(name).map(str::to_owned);
            }
        }
        params.merge_metadata(&mut self.metadata);
    }
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&KNOWN)?;
    let id = state.new_id("cus");
    let mut customer = Customer {
        id,
        created: state.now_seconds(),
        ..Customer::default()
    };
    customer.take(call.params);
    state.put(customer.clone());
    let view = customer.render(state);
    emit(state, "customer.created", view.clone());
    Ok(view)
}

pub(crate) fn update(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&KNOWN)?;
    let mut customer = Customer::get(state, call.id, "id")?.clone();
    customer.take(call.params);
    state.put(customer.clone());
    let view = customer.render(state);
    emit(state, "customer.updated", view.clone());
    Ok(view)
}

pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    Customer::show(state, call.id)
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&[&PAGING[..], &["email"]].concat())?;
    let email = call.params.text("email");
    page::<Customer>(state, call.params, "/v1/customers", |customer| {
        email.is_none_or(|email| customer.email.as_deref() == Some(email))
    })
}
