//! Stripe: PaymentIntents with manual capture over the form-encoded API, and signed webhooks.
//!
//! Here are the calls. `intent` reads what Stripe says of a payment, `units` says amounts as Stripe
//! counts them, `signature` tells a webhook of Stripe's from anybody else's.

mod intent;
mod signature;
mod units;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::Money;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use self::intent::{first_text, read_intent, text};
use self::signature::check_signature;
use self::units::to_stripe_units;
use super::{CallError, CheckoutScript, Gateway, GatewayState, Notice, OpenRequest, WebhookError};

/// Where Stripe is and who we are there.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `https://api.stripe.com`, or the sandbox.
    pub api_base: String,
    /// `sk_…`.
    pub secret_key: SecretString,
    /// `pk_…`, which the browser may know.
    pub publishable_key: String,
    /// `whsec_…`; several, comma-separated, while it is being rotated.
    pub webhook_secret: SecretString,
    /// `https://js.stripe.com/v3/`, or the sandbox's stand-in.
    pub js_url: String,
}

/// The adapter.
pub struct Stripe {
    settings: Settings,
    http: reqwest::Client,
}

impl Stripe {
    /// An adapter over the shared client.
    pub const fn new(settings: Settings, http: reqwest::Client) -> Self {
        Self { settings, http }
    }

    async fn call(
        &self,
        method: reqwest::Method,
        path: &str,
        form: &[(&str, String)],
        key: Option<&str>,
    ) -> Result<Value, CallError> {
        let url = format!("{}/v1/{path}", self.settings.api_base.trim_end_matches('/'));
        let mut request = self
            .http
            .request(method.clone(), url)
            .bearer_auth(self.settings.secret_key.expose_secret());
        if method == reqwest::Method::POST {
            request = request.form(form);
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        // Whatever breaks from here on has perhaps been sent: only a reply is certain.
        let answer = request
            .send()
            .await
            .map_err(|e| unknown(false, kind_of(&e)))?;
        let status = answer.status();
        let body: Value = answer
            .json()
            .await
            .map_err(|e| unknown(false, format!("{} after HTTP {status}", kind_of(&e))))?;
        if status.is_success() {
            return Ok(body);
        }
        let error = &body["error"];
        // 409: a twin under the same key is running. 429: not even looked at, so the key may be
        // repeated. 5xx: done with, and stored under the key, but what came of it is not said.
        if status.is_server_error() || status.as_u16() == 409 || status.as_u16() == 429 {
            let message = format!("HTTP {status}: {}", text(error, "type"));
            return Err(unknown(status.is_server_error(), message));
        }
        // The key was used with another body, as when our own address has changed meanwhile: what
        // came of that first call is not said here.
        if text(error, "type") == "idempotency_error" {
            return Err(unknown(true, "the key was used for another body"));
        }
        // A declined card is an answer about the payment, with the payment in it.
        if status.as_u16() == 402 && error["payment_intent"].is_object() {
            return Ok(error["payment_intent"].clone());
        }
        Err(CallError::Refused {
            code: first_text(error, &["code", "type"]),
            message: text(error, "message").to_owned(),
        })
    }
}

fn unknown(answered: bool, message: impl Into<String>) -> CallError {
    CallError::Unknown {
        answered,
        message: message.into(),
    }
}

/// The kind of a transport error, without address or header.
fn kind_of(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "the call timed out"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_decode() || error.is_body() {
        "an unreadable answer"
    } else {
        "the connection broke"
    }
}

#[async_trait]
impl Gateway for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    async fn open(&self, request: &OpenRequest, key: &str) -> Result<GatewayState, CallError> {
        let form = [
            ("amount", to_stripe_units(request.money)?.to_string()),
            (
                "currency",
                request.money.currency.code().to_ascii_lowercase(),
            ),
            ("capture_method", "manual".into()),
            ("payment_method_types[]", "card".into()),
            ("description", request.description.clone()),
            ("receipt_email", request.email.clone()),
            ("metadata[payment]", request.payment.to_string()),
            ("metadata[order]", request.order.to_string()),
            ("metadata[reference]", request.reference.clone()),
        ];
        let filled: Vec<_> = form
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        read_intent(
            &self
                .call(reqwest::Method::POST, "payment_intents", &filled, Some(key))
                .await?,
        )
    }

    async fn authorise(
        &self,
        reference: &str,
        method_token: &str,
        return_url: &str,
        key: &str,
    ) -> Result<GatewayState, CallError> {
        let form = [
            ("payment_method", method_token.to_owned()),
            ("return_url", return_url.to_owned()),
        ];
        let path = format!("payment_intents/{reference}/confirm");
        read_intent(
            &self
                .call(reqwest::Method::POST, &path, &form, Some(key))
                .await?,
        )
    }

    async fn capture(
        &self,
        reference: &str,
        money: Money,
        key: &str,
    ) -> Result<GatewayState, CallError> {
        let form = [("amount_to_capture", to_stripe_units(money)?.to_string())];
        let path = format!("payment_intents/{reference}/capture");
        read_intent(
            &self
                .call(reqwest::Method::POST, &path, &form, Some(key))
                .await?,
        )
    }

    async fn void(&self, reference: &str, key: &str) -> Result<GatewayState, CallError> {
        let path = format!("payment_intents/{reference}/cancel");
        read_intent(
            &self
                .call(reqwest::Method::POST, &path, &[], Some(key))
                .await?,
        )
    }

    async fn look_up(&self, reference: &str) -> Result<GatewayState, CallError> {
        let path = format!("payment_intents/{reference}");
        read_intent(&self.call(reqwest::Method::GET, &path, &[], None).await?)
    }

    fn read_webhook(
        &self,
        signature: Option<&str>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Notice, WebhookError> {
        let secrets = self.settings.webhook_secret.expose_secret().split(',');
        check_signature(
            signature.ok_or(WebhookError::Signature)?,
            body,
            secrets,
            now,
        )?;
        self.read_stored(body)
    }

    fn read_stored(&self, body: &[u8]) -> Result<Notice, WebhookError> {
        let event: Value =
            serde_json::from_slice(body).map_err(|e| WebhookError::Body(e.to_string()))?;
        let event_id = event["id"]
            .as_str()
            .ok_or_else(|| WebhookError::Body("no id".into()))?;
        let kind = text(&event, "type").to_owned();
        let object = &event["data"]["object"];
        let payment = if text(object, "object") == "payment_intent" {
            Some(read_intent(object).map_err(|e| WebhookError::Body(e.to_string()))?)
        } else {
            None
        };
        Ok(Notice {
            event_id: event_id.to_owned(),
            kind,
            payment,
        })
    }

    fn checkout_script(&self) -> CheckoutScript {
        CheckoutScript {
            url: self.settings.js_url.clone(),
            publishable_key: self.settings.publishable_key.clone(),
        }
    }
}
