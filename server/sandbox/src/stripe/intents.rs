//! Payment intents: what is asked for. How one moves on is in `confirm.rs`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::auth::Caller;
use super::customers::Customer;
use super::errors::ApiError;
use super::events::emit;
use super::form::{Metadata, Params};
use super::list::{PAGING, Resource, page, resource};
use super::{Call, confirm, list, methods};
use crate::money;
use crate::state::State;

/// The states of an intent. There is no `failed`: a decline asks for another payment method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Processing,
    RequiresCapture,
    Canceled,
    Succeeded,
}

impl Status {
    /// The word of the API.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Status::RequiresPaymentMethod => "requires_payment_method",
            Status::RequiresConfirmation => "requires_confirmation",
            Status::RequiresAction => "requires_action",
            Status::Processing => "processing",
            Status::RequiresCapture => "requires_capture",
            Status::Canceled => "canceled",
            Status::Succeeded => "succeeded",
        }
    }
}

/// A payment that is asked for.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) status: Status,
    pub(crate) amount: i64,
    pub(crate) amount_capturable: i64,
    pub(crate) amount_received: i64,
    pub(crate) currency: String,
    /// `automatic`, `automatic_async` or `manual`.
    pub(crate) capture_method: String,
    pub(crate) client_secret: String,
    pub(crate) customer: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) receipt_email: Option<String>,
    pub(crate) statement_descriptor: Option<String>,
    pub(crate) statement_descriptor_suffix: Option<String>,
    pub(crate) setup_future_usage: Option<String>,
    pub(crate) shipping: Option<Value>,
    pub(crate) metadata: Metadata,
    pub(crate) automatic_payment_methods: bool,
    pub(crate) payment_method: Option<String>,
    pub(crate) latest_charge: Option<String>,
    pub(crate) last_payment_error: Option<Value>,
    pub(crate) next_action: Option<Value>,
    /// Where the customer returns to after a challenge.
    pub(crate) return_url: Option<String>,
    pub(crate) canceled_at: Option<i64>,
    pub(crate) cancellation_reason: Option<String>,
}

resource!(Intent, "payment_intent");

const CREATE: [&str; 31] = [
    "amount",
    "currency",
    "automatic_payment_methods",
    "capture_method",
    "confirm",
    "confirmation_method",
    "confirmation_token",
    "customer",
    "description",
    "error_on_requires_action",
    "excluded_payment_method_types",
    "mandate",
    "mandate_data",
    "metadata",
    "off_session",
    "payment_method",
    "payment_method_configuration",
    "payment_method_data",
    "payment_method_options",
    "payment_method_types",
    "radar_options",
    "receipt_email",
    "return_url",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
    "use_stripe_sdk",
    "amount_details",
    "payment_details",
];

impl Intent {
    fn view(&self, _state: &State) -> Value {
        let automatic = self
            .automatic_payment_methods
            .then(|| json!({ "allow_redirects": "always", "enabled": true }));
        json!({
            "id": self.id,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": self.amount_capturable,
            "amount_details": { "tip": {} },
            "amount_received": self.amount_received,
            "application": null,
            "application_fee_amount": null,
            "automatic_payment_methods": automatic,
            "canceled_at": self.canceled_at,
            "cancellation_reason": self.cancellation_reason,
            "capture_method": self.capture_method,
            "client_secret": self.client_secret,
            "confirmation_method": "automatic",
            "created": self.created,
            "currency": self.currency,
            "customer": self.customer,
            "description": self.description,
            "last_payment_error": self.last_payment_error,
            "latest_charge": self.latest_charge,
            "livemode": false,
            "metadata": self.metadata,
            "next_action": self.next_action,
            "on_behalf_of": null,
            "payment_method": self.payment_method,
            "payment_method_configuration_details": null,
            "payment_method_options": { "card": {
                "installments": null, "mandate_options": null, "network": null,
                "request_three_d_secure": "automatic",
            } },
            "payment_method_types": ["card"],
            "processing": null,
            "receipt_email": self.receipt_email,
            "review": null,
            "setup_future_usage": self.setup_future_usage,
            "shipping": self.shipping,
            "source": null,
            "statement_descriptor": self.statement_descriptor,
            "statement_descriptor_suffix": self.statement_descriptor_suffix,
            "status": self.status.word(),
            "transfer_data": null,
            "transfer_group": null,
        })
    }

    /// Takes the descriptive parameters, which may change at any time.
    fn describe(&mut self, params: &Params) {
        for (name, field) in [
            ("description", &mut self.description),
            ("receipt_email", &mut self.receipt_email),
            ("statement_descriptor", &mut self.statement_descriptor),
            (
                "statement_descriptor_suffix",
                &mut self.statement_descriptor_suffix,
            ),
            ("setup_future_usage", &mut self.setup_future_usage),
        ] {
            if params.has(name) {
                *field = params.text(name).map(str::to_owned);
            }
        }
        if let Some(shipping) = params.value("shipping") {
            self.shipping = shipping.is_object().then(|| shipping.clone());
        }
        params.merge_metadata(&mut self.metadata);
    }

    /// Refuses a browser that does not hold this intent's client secret.
    pub(crate) fn open_to(&self, call: &Call<'_>) -> Result<(), ApiError> {
        let given = call.params.text("client_secret");
        let known = given == Some(self.client_secret.as_str());
        match (call.caller, given) {
            (Caller::Secret, None) => Ok(()),
            _ if known => Ok(()),
            _ => Err(ApiError::no_such("payment_intent", &self.id, "intent")),
        }
    }
}

/// The amount and currency of a request.
fn amount_of(params: &Params, currency: &str) -> Result<i64, ApiError> {
    let amount = params
        .integer("amount")?
        .ok_or_else(|| ApiError::missing("amount"))?;
    let invalid = |code: &str, text: String| ApiError::invalid("amount", text).code(code);
    if amount < 1 {
        let text = "This value must be greater than or equal to 1.".to_owned();
        return Err(invalid("parameter_invalid_integer", text));
    }
    if amount < money::minimum(currency) {
        let least = money::report_text(money::minimum(currency), currency);
        let text = format!("Amount must be at least {least} {currency}");
        return Err(invalid("amount_too_small", text));
    }
    if amount > 99_999_999_999 {
        return Err(invalid(
            "amount_too_large",
            "Amount must be no more than 99999999999".into(),
        ));
    }
    whole_units(amount, currency, "amount")?;
    Ok(amount)
}

/// Refuses amounts finer than the currency goes.
pub(crate) fn whole_units(amount: i64, currency: &str, param: &str) -> Result<(), ApiError> {
    let unit = money::unit(currency);
    if amount % unit == 0 {
        return Ok(());
    }
    let text = format!("Invalid amount: amounts in {currency} are multiples of {unit}.");
    Err(ApiError::invalid(param, text).code("invalid_amount"))
}

fn currency_of(params: &Params) -> Result<String, ApiError> {
    let given = params.need("currency")?;
    let currency = given.to_ascii_lowercase();
    if money::is_supported(&currency) {
        return Ok(currency);
    }
    Err(ApiError::invalid(
        "currency",
        format!("Invalid currency: {given}."),
    ))
}

/// The payment method that a request names or describes.
pub(crate) fn method_of(state: &mut State, params: &Params) -> Result<Option<String>, ApiError> {
    if let Some(id) = params.text("payment_method") {
        return methods::resolve(state, id).map(|method| Some(method.id));
    }
    if params.has("payment_method_data") {
        return methods::make(state, &params.child("payment_method_data")).map(|m| Some(m.id));
    }
    Ok(None)
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let params = call.params;
    params.only(&CREATE)?;
    let currency = currency_of(params)?;
    let amount = amount_of(params, &currency)?;
    let capture_method = params.text("capture_method").unwrap_or("automatic");
    if !["automatic", "automatic_async", "manual"].contains(&capture_method) {
        let text = format!("Invalid capture_method: {capture_method}");
        return Err(ApiError::invalid("capture_method", text));
    }
    if let Some(customer) = params.text("customer") {
        Customer::get(state, customer, "customer").map_err(|mut error| {
            error.status = 400;
            error
        })?;
    }
    let types = params.list("payment_method_types");
    if types.iter().any(|kind| *kind != "card") {
        let text = "The sandbox has the payment method type card alone.";
        return Err(ApiError::invalid("payment_method_types", text));
    }
    let confirms = params.flag("confirm")?.unwrap_or(false);
    let payment_method = method_of(state, params)?;
    let id = state.new_id("pi");
    let client_secret = format!("{id}_secret_{}", state.letters(25));
    let mut intent = Intent {
        id,
        created: state.now_seconds(),
        status: match &payment_method {
            Some(_) => Status::RequiresConfirmation,
            None => Status::RequiresPaymentMethod,
        },
        amount,
        amount_capturable: 0,
        amount_received: 0,
        currency,
        capture_method: capture_method.to_owned(),
        client_secret,
        customer: params.text("customer").map(str::to_owned),
        description: None,
        receipt_email: None,
        statement_descriptor: None,
        statement_descriptor_suffix: None,
        setup_future_usage: None,
        shipping: None,
        metadata: Metadata::new(),
        automatic_payment_methods: params
            .child("automatic_payment_methods")
            .flag("enabled")?
            .unwrap_or(false),
        payment_method,
        latest_charge: None,
        last_payment_error: None,
        next_action: None,
        return_url: None,
        canceled_at: None,
        cancellation_reason: None,
    };
    intent.describe(params);
    state.put(intent.clone());
    emit(state, "payment_intent.created", intent.view(state));
    if confirms {
        return confirm::start(state, intent, params, call.config);
    }
    Ok(intent.view(state))
}

pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let intent = Intent::get(state, call.id, "intent")?;
    intent.open_to(call)?;
    Ok(intent.view(state))
}

pub(crate) fn update(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let params = call.params;
    params.only(&CREATE)?;
    let mut intent = Intent::get(state, call.id, "intent")?.clone();
    let moves_money = [
        "amount",
        "currency",
        "payment_method",
        "payment_method_data",
        "capture_method",
    ]
    .iter()
    .any(|name| params.has(name));
    let open = [
        Status::RequiresPaymentMethod,
        Status::RequiresConfirmation,
        Status::RequiresAction,
    ];
    if moves_money && !open.contains(&intent.status) {
        let text = format!(
            "This PaymentIntent's amount, currency and payment method cannot be updated because \
             it has a status of {}.",
            intent.status.word()
        );
        let error = ApiError::state("payment_intent_unexpected_state", text);
        return Err(error.with_intent(intent.view(state)));
    }
    if params.has("currency") {
        intent.currency = currency_of(params)?;
    }
    if params.has("amount") {
        intent.amount = amount_of(params, &intent.currency)?;
    }
    if let Some(method) = params.text("capture_method") {
        intent.capture_method = method.to_owned();
    }
    if let Some(customer) = params.text("customer") {
        intent.customer = Some(customer.to_owned());
    }
    if let Some(method) = method_of(state, params)? {
        intent.payment_method = Some(method);
        intent.status = Status::RequiresConfirmation;
        intent.next_action = None;
    }
    intent.describe(params);
    state.put(intent.clone());
    Ok(intent.view(state))
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&[&PAGING[..], &["customer"]].concat())?;
    let customer = call.params.text("customer");
    page::<Intent>(state, call.params, "/v1/payment_intents", |intent| {
        customer.is_none_or(|id| intent.customer.as_deref() == Some(id))
    })
}

pub(crate) fn search(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&["query", "limit", "page"])?;
    list::search::<Intent>(state, call.params, "/v1/payment_intents/search")
}
