//! What Stripe says of a payment, in our words.

use model::Currency;
use model::payments::DeclineCode;
use serde_json::Value;

use super::units::from_stripe_units;
use super::unknown;
use crate::gateways::{CallError, GatewayState, Standing};

/// A text of an answer; empty when it is not there.
pub(super) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or("")
}

/// The first of these texts that is there.
pub(super) fn first_text(value: &Value, names: &[&str]) -> String {
    names
        .iter()
        .map(|n| text(value, n))
        .find(|t| !t.is_empty())
        .unwrap_or("unknown")
        .to_owned()
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
pub(super) fn read_intent(intent: &Value) -> Result<GatewayState, CallError> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
}
