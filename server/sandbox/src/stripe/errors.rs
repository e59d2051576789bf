//! Errors in Stripe's shape, each with its HTTP status and whether a repeated key sees it again.

use serde_json::{Value, json};

/// Why a call was refused.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    kind: &'static str,
    code: Option<String>,
    decline_code: Option<String>,
    message: String,
    param: Option<String>,
    /// The rendered intent, where the error left one behind.
    pub(crate) payment_intent: Option<Value>,
    charge: Option<String>,
    /// Whether the work had begun, so that the answer is kept for the idempotency key.
    pub(crate) kept: bool,
}

impl ApiError {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            code: None,
            decline_code: None,
            message: message.into(),
            param: None,
            payment_intent: None,
            charge: None,
            kept: false,
        }
    }

    /// A parameter that cannot be; nothing has begun.
    pub(crate) fn invalid(param: &str, message: impl Into<String>) -> Self {
        let mut error = Self::new(400, "invalid_request_error", message);
        error.param = Some(param.to_owned());
        error
    }

    /// A required parameter is absent.
    pub(crate) fn missing(param: &str) -> Self {
        Self::invalid(param, format!("Missing required param: {param}.")).code("parameter_missing")
    }

    /// There is no such object.
    pub(crate) fn no_such(what: &str, id: &str, param: &str) -> Self {
        let mut error =
            Self::invalid(param, format!("No such {what}: '{id}'")).code("resource_missing");
        error.status = 404;
        error
    }

    /// The object is not in a state for this. The work had begun, so the answer is kept.
    pub(crate) fn state(code: &str, message: impl Into<String>) -> Self {
        let mut error = Self::new(400, "invalid_request_error", message).code(code);
        error.kept = true;
        error
    }

    /// The card, or its bank, says no.
    pub(crate) fn card(code: &str, message: impl Into<String>) -> Self {
        let mut error = Self::new(402, "card_error", message).code(code);
        error.kept = true;
        error
    }

    /// The key is missing, wrong or not allowed here.
    pub(crate) fn auth(status: u16, message: impl Into<String>) -> Self {
        Self::new(status, "invalid_request_error", message)
    }

    /// The idempotency key cannot be used so.
    pub(crate) fn idempotency(status: u16, code: Option<&str>, message: String) -> Self {
        let mut error = Self::new(status, "idempotency_error", message);
        error.code = code.map(str::to_owned);
        error
    }

    /// The provider broke.
    pub(crate) fn broken() -> Self {
        let text = "An unknown error occurred (the sandbox was asked to fail here).";
        Self::new(500, "api_error", text)
    }

    /// Too many calls.
    pub(crate) fn rate_limit() -> Self {
        Self::new(429, "invalid_request_error", "Request rate limit exceeded.").code("rate_limit")
    }

    /// No such URL.
    pub(crate) fn no_route(method: &str, path: &str) -> Self {
        let text = format!("Unrecognized request URL ({method}: /v1/{path}).");
        Self::new(404, "invalid_request_error", text)
    }

    pub(crate) fn code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }

    pub(crate) fn decline(mut self, decline_code: &str) -> Self {
        self.decline_code = Some(decline_code.to_owned());
        self
    }

    pub(crate) fn param(mut self, param: &str) -> Self {
        self.param = Some(param.to_owned());
        self
    }

    pub(crate) fn charge(mut self, charge: &str) -> Self {
        self.charge = Some(charge.to_owned());
        self
    }

    pub(crate) fn with_intent(mut self, intent: Value) -> Self {
        self.payment_intent = Some(intent);
        self
    }

    /// What an intent keeps as its `last_payment_error`.
    pub(crate) fn as_last_error(&self, payment_method: Value) -> Value {
        let mut error = self.body()["error"].take();
        error["payment_method"] = payment_method;
        error
    }

    /// The whole answer: `{"error": {…}}`.
    pub(crate) fn body(&self) -> Value {
        let mut error = json!({ "type": self.kind, "message": self.message });
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                error[name] = value;
            }
        };
        set("code", self.code.clone().map(Value::from));
        set(
            "doc_url",
            self.code.as_ref().map(|code| {
                json!(format!(
                    "https://stripe.com/docs/error-codes/{}",
                    code.replace('_', "-")
                ))
            }),
        );
        set("decline_code", self.decline_code.clone().map(Value::from));
        set("param", self.param.clone().map(Value::from));
        set("charge", self.charge.clone().map(Value::from));
        set("payment_intent", self.payment_intent.clone());
        json!({ "error": error })
    }
}
