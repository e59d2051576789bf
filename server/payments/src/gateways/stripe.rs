//! Stripe: PaymentIntents with manual capture over the form-encoded API, and signed webhooks.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use model::payments::DeclineCode;
use model::{Currency, Money};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;

use super::{
    CallError, CheckoutScript, Gateway, GatewayState, Notice, OpenRequest, Standing, WebhookError,
};

/// How old a webhook's signature may be, in seconds, before it counts as replayed.
const SIGNATURE_TOLERANCE_S: i64 = 300;

/// Currencies that Stripe counts in whole units, whatever ISO 4217 says of their decimals. ISK and
/// UGX are not among them: they have no decimals any more, but Stripe still counts hundredths.
const ZERO_DECIMAL: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
];

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

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or("")
}

fn first_text(value: &Value, names: &[&str]) -> String {
    names
        .iter()
        .map(|n| text(value, n))
        .find(|t| !t.is_empty())
        .unwrap_or("unknown")
        .to_owned()
}

/// Our minor units in Stripe's. They differ only where Stripe's list of zero-decimal currencies
/// and ISO 4217 differ (MGA has no decimals there and two in ISO).
fn to_stripe_units(money: Money) -> Result<i64, CallError> {
    let ours = 10_i64.pow(money.currency.exponent());
    let theirs = stripe_factor(money.currency);
    let scaled = money
        .minor
        .checked_mul(theirs)
        .filter(|n| n % ours == 0)
        .map(|n| n / ours);
    scaled.ok_or_else(|| CallError::Refused {
        code: "amount".into(),
        message: format!("{money} cannot be said in Stripe's units"),
    })
}

fn from_stripe_units(units: i64, currency: Currency) -> Option<i64> {
    units
        .checked_mul(10_i64.pow(currency.exponent()))
        .map(|n| n / stripe_factor(currency))
}

fn stripe_factor(currency: Currency) -> i64 {
    if ZERO_DECIMAL.contains(&currency.code()) {
        1
    } else if currency.exponent() == 3 {
        1000
    } else {
        100
    }
}

fn decline_code(error: &Value) -> DeclineCode {
    let code = first_text(error, &["decline_code", "code"]);
    match code.as_str() {
        "insufficient_funds" => DeclineCode::InsufficientFunds,
        "expired_card" => DeclineCode::ExpiredCard,
        "incorrect_cvc" | "invalid_cvc" => DeclineCode::IncorrectCvc,
        "incorrect_number" | "invalid_number" => DeclineCode::IncorrectNumber,
        "authentication_required" | "payment_intent_authentication_failure" => {
            DeclineCode::AuthenticationFailed
        }
        "lost_card" | "stolen_card" | "pickup_card" => DeclineCode::LostOrStolen,
        "fraudulent" | "merchant_blacklist" => DeclineCode::Fraud,
        "processing_error" | "try_again_later" | "issuer_not_available" => {
            DeclineCode::ProcessingError
        }
        _ => DeclineCode::Generic,
    }
}

/// Reads a PaymentIntent. `last_payment_error` counts only while the intent waits for another
/// method, since an intent may fail first and succeed later.
fn read_intent(intent: &Value) -> Result<GatewayState, CallError> {
    let unreadable = |what: &str| unknown(true, format!("an answer without {what}"));
    let reference = intent["id"]
        .as_str()
        .ok_or_else(|| unreadable("an id"))?
        .to_owned();
    let charge = match &intent["latest_charge"] {
        Value::String(id) => Some(id.clone()),
        Value::Object(charge) => charge.get("id").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    let standing = match text(intent, "status") {
        "requires_payment_method" if intent["last_payment_error"].is_object() => {
            Standing::Declined(decline_code(&intent["last_payment_error"]))
        }
        "requires_payment_method" | "requires_confirmation" => Standing::Open,
        "requires_action" => {
            let url = intent["next_action"]["redirect_to_url"]["url"].as_str();
            Standing::RequiresAction {
                url: url
                    .ok_or_else(|| unreadable("a page to confirm on"))?
                    .to_owned(),
            }
        }
        "processing" => Standing::Processing,
        "requires_capture" => Standing::Authorised,
        "canceled" => Standing::Cancelled,
        "succeeded" => {
            let currency: Currency = text(intent, "currency")
                .parse()
                .map_err(|_| unreadable("a known currency"))?;
            let units = intent["amount_received"]
                .as_i64()
                .ok_or_else(|| unreadable("an amount"))?;
            let minor =
                from_stripe_units(units, currency).ok_or_else(|| unreadable("a sane amount"))?;
            Standing::Captured { minor }
        }
        other => return Err(unreadable(&format!("a known status (“{other}”)"))),
    };
    Ok(GatewayState {
        reference,
        charge,
        standing,
    })
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

/// Checks `Stripe-Signature: t=…,v1=…[,v1=…]`: HMAC-SHA256 over `t.body`, against every `v1` and
/// every secret, in constant time, within the tolerance.
fn check_signature<'s>(
    header: &str,
    body: &[u8],
    secrets: impl Iterator<Item = &'s str>,
    now: DateTime<Utc>,
) -> Result<(), WebhookError> {
    let mut timestamp = None;
    let mut given = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => timestamp = value.parse::<i64>().ok(),
            Some(("v1", value)) => given.extend(decode_hex(value)),
            _ => {}
        }
    }
    let timestamp = timestamp.ok_or(WebhookError::Signature)?;
    if (now.timestamp() - timestamp).abs() > SIGNATURE_TOLERANCE_S {
        return Err(WebhookError::Signature);
    }
    for secret in secrets.map(str::trim).filter(|s| !s.is_empty()) {
        for candidate in &given {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
                .expect("HMAC takes a key of any length");
            mac.update(timestamp.to_string().as_bytes());
            mac.update(b".");
            mac.update(body);
            if mac.verify_slice(candidate).is_ok() {
                return Ok(());
            }
        }
    }
    Err(WebhookError::Signature)
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use serde_json::json;

    fn at(seconds: i64) -> DateTime<Utc> {
        Utc.timestamp_opt(seconds, 0)
            .single()
            .expect("a real instant")
    }

    fn sign(secret: &str, t: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
        mac.update(format!("{t}.").as_bytes());
        mac.update(body);
        let hex: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        format!("t={t},v0=00,v1={hex}")
    }

    #[test]
    fn a_signature_holds_only_for_its_body_its_time_and_its_secret() {
        let header = sign("whsec_b", 1000, b"{}");
        let check = |header: &str, body: &[u8], secrets: &str, now| {
            check_signature(header, body, secrets.split(','), at(now)).is_ok()
        };
        assert!(check(&header, b"{}", "whsec_b", 1000));
        assert!(
            check(&header, b"{}", "whsec_a,whsec_b", 1299),
            "a rotated secret still counts"
        );
        assert!(!check(&header, b"{} ", "whsec_b", 1000), "another body");
        assert!(!check(&header, b"{}", "whsec_a", 1000), "another secret");
        assert!(!check(&header, b"{}", "whsec_b", 1301), "too old");
        assert!(!check(&header, b"{}", "whsec_b", 699), "from the future");
        assert!(!check("t=1000", b"{}", "whsec_b", 1000), "no signature");
        assert!(
            !check(&header, b"{}", "", 1000),
            "an empty secret never counts"
        );
    }

    #[test]
    fn an_intent_that_failed_first_and_succeeded_later_is_captured() {
        let intent = json!({
            "id": "pi_1", "status": "succeeded", "currency": "eur", "amount_received": 1250,
            "latest_charge": "ch_1", "last_payment_error": {"code": "card_declined"},
        });
        let state = read_intent(&intent).expect("a readable intent");
        assert_eq!(state.standing, Standing::Captured { minor: 1250 });
        assert_eq!(state.charge.as_deref(), Some("ch_1"));
    }

    #[test]
    fn declines_come_down_to_our_list() {
        let declined = |error: Value| {
            let intent = json!({"id": "pi_1", "status": "requires_payment_method", "last_payment_error": error});
            read_intent(&intent).expect("a readable intent").standing
        };
        let insufficient = json!({"code": "card_declined", "decline_code": "insufficient_funds"});
        assert_eq!(
            declined(insufficient),
            Standing::Declined(DeclineCode::InsufficientFunds)
        );
        assert_eq!(
            declined(json!({"code": "expired_card"})),
            Standing::Declined(DeclineCode::ExpiredCard)
        );
        assert_eq!(
            declined(json!({"code": "new_one"})),
            Standing::Declined(DeclineCode::Generic)
        );
        assert_eq!(declined(Value::Null), Standing::Open);
    }

    #[test]
    fn amounts_are_said_in_stripes_units() {
        let units = |minor, code: &str| {
            to_stripe_units(Money::new(minor, code.parse().expect("a currency")))
        };
        assert_eq!(units(1250, "EUR"), Ok(1250));
        assert_eq!(units(500, "JPY"), Ok(500));
        assert_eq!(units(1250, "KWD"), Ok(1250));
        assert_eq!(
            units(700, "MGA"),
            Ok(7),
            "Stripe has no decimals for the ariary"
        );
        assert!(units(750, "MGA").is_err());
        assert_eq!(
            units(500, "ISK"),
            Ok(50_000),
            "Stripe still counts hundredths of the króna"
        );
        assert_eq!(units(500, "UGX"), Ok(50_000));
        for code in ["EUR", "JPY", "KWD", "MGA"] {
            let currency = code.parse().expect("a currency");
            let there = to_stripe_units(Money::new(1200, currency)).expect("sayable");
            assert_eq!(from_stripe_units(there, currency), Some(1200));
        }
    }
}
