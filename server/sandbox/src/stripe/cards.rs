//! Card numbers: judged here, and forgotten here. What stays is a [`Card`].

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::errors::ApiError;
use super::form::Params;

/// How a test card behaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Behaviour {
    /// Pays.
    Pays,
    /// Its bank refuses: code, decline code, words.
    Declines(String, String, String),
    /// Its bank wants to see the customer first, then behaves as inside.
    Challenges(Box<Behaviour>),
    /// Pays; its refunds succeed and are sent back later.
    RefundFails,
    /// Pays; its refunds are pending for a while.
    RefundWaits,
    /// Pays; the customer disputes at once.
    Disputed,
}

/// What is kept of a card.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) brand: String,
    pub(crate) last4: String,
    pub(crate) exp_month: u32,
    pub(crate) exp_year: i32,
    pub(crate) funding: String,
    pub(crate) country: String,
    pub(crate) fingerprint: String,
    pub(crate) cvc_given: bool,
    pub(crate) behaviour: Behaviour,
}

impl Card {
    /// Judges card data as typed.
    ///
    /// # Errors
    /// 402 `incorrect_number`, `invalid_expiry_month`, `invalid_expiry_year`, `invalid_cvc`.
    pub(crate) fn read(card: &Params, now: DateTime<Utc>) -> Result<Self, ApiError> {
        if let Some(token) = card.text("token") {
            let name = token.strip_prefix("tok_").unwrap_or(token);
            return Self::named(name, now)
                .ok_or_else(|| ApiError::no_such("token", token, "card[token]"));
        }
        let number: String = card
            .need("number")?
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .collect();
        let plain = (12..=19).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        if !plain || !luhn(&number) {
            return Err(refused(
                "incorrect_number",
                "Your card number is incorrect.",
                "number",
            ));
        }
        let month = card
            .need("exp_month")?
            .parse()
            .ok()
            .filter(|m| (1..=12).contains(m));
        let month: u32 = month.ok_or_else(|| {
            let text = "Your card's expiration month is invalid.";
            refused("invalid_expiry_month", text, "exp_month")
        })?;
        let year: Option<i32> = card.need("exp_year")?.parse().ok();
        let year = year.map(|year| if year < 100 { year + 2000 } else { year });
        let in_time =
            |year: &i32| (*year, month) >= (now.year(), now.month()) && *year < now.year() + 50;
        let year = year.filter(in_time).ok_or_else(|| {
            let text = "Your card's expiration year is invalid.";
            refused("invalid_expiry_year", text, "exp_year")
        })?;
        let brand = brand(&number);
        let digits = if brand == "amex" { 4 } else { 3 };
        let cvc = card.text("cvc");
        if cvc.is_some_and(|c| c.len() != digits || !c.bytes().all(|b| b.is_ascii_digit())) {
            let text = "Your card's security code is invalid.";
            return Err(refused("invalid_cvc", text, "cvc"));
        }
        Ok(Self::known(&number, month, year, cvc.is_some()))
    }

    fn known(number: &str, exp_month: u32, exp_year: i32, cvc_given: bool) -> Self {
        let print = Sha256::digest(format!("sandbox card {number}"));
        let fingerprint = print
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let debit = matches!(number, "4000056655665556" | "5200828282828210");
        Self {
            brand: brand(number).to_owned(),
            last4: number[number.len() - 4..].to_owned(),
            exp_month,
            exp_year,
            funding: if debit { "debit" } else { "credit" }.to_owned(),
            country: if number.starts_with("40000025") {
                "IE"
            } else {
                "US"
            }
            .to_owned(),
            fingerprint,
            cvc_given,
            behaviour: behaviour(number),
        }
    }

    /// The card behind one of the provider's named test methods, the part after `pm_card_`.
    pub(crate) fn named(name: &str, now: DateTime<Utc>) -> Option<Self> {
        let number = match name {
            "visa" | "us" => "4242424242424242",
            "visa_debit" => "4000056655665556",
            "mastercard" => "5555555555554444",
            "mastercard_debit" => "5200828282828210",
            "amex" => "378282246310005",
            "discover" => "6011111111111117",
            "chargeDeclined" | "visa_chargeDeclined" => "4000000000000002",
            "chargeDeclinedInsufficientFunds" | "visa_chargeDeclinedInsufficientFunds" => {
                "4000000000009995"
            }
            "visa_chargeDeclinedLostCard" => "4000000000009987",
            "visa_chargeDeclinedStolenCard" => "4000000000009979",
            "chargeDeclinedExpiredCard" => "4000000000000069",
            "chargeDeclinedIncorrectCvc" => "4000000000000127",
            "chargeDeclinedProcessingError" => "4000000000000119",
            "radarBlock" | "chargeDeclinedFraudulent" => "4100000000000019",
            "authenticationRequiredOnSetup" => "4000002500003155",
            "authenticationRequired" => "4000002760003184",
            "threeDSecure2Required" | "threeDSecureRequired" => "4000000000003220",
            "threeDSecureRequiredChargeDeclined" => "4000008400001629",
            "authenticationRequiredChargeDeclinedInsufficientFunds" => "4000008260003178",
            "refundFail" => "4000000000005126",
            "pendingRefund" => "4000000000007726",
            "createDispute" => "4000000000000259",
            _ => return None,
        };
        Some(Self::known(number, 12, now.year() + 1, true))
    }
}

fn refused(code: &str, message: &str, param: &str) -> ApiError {
    let mut error = ApiError::card(code, message).param(param);
    // Typed wrong is not tried: a corrected card may come under the same key.
    error.kept = false;
    error
}

fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0') << (at % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn brand(number: &str) -> &'static str {
    let start = |digits: usize| number[..digits].parse::<u32>().unwrap_or(0);
    match (start(2), start(4)) {
        (34 | 37, _) => "amex",
        (_, 2221..=2720) | (51..=55, _) => "mastercard",
        (_, 6011) | (64 | 65, _) => "discover",
        (_, 3528..=3589) => "jcb",
        (30 | 36 | 38 | 39, _) => "diners",
        (62, _) => "unionpay",
        (40..=49, _) => "visa",
        _ => "unknown",
    }
}

fn behaviour(number: &str) -> Behaviour {
    use Behaviour::{Challenges, Disputed, Pays, RefundFails, RefundWaits};
    let declined = |decline| decline_of("card_declined", decline, "Your card was declined.");
    let no_funds = || {
        let text = "Your card has insufficient funds.";
        decline_of("card_declined", "insufficient_funds", text)
    };
    match number {
        "4000000000000002" => declined("generic_decline"),
        "4000000000009995" => no_funds(),
        "4000000000009987" => declined("lost_card"),
        "4000000000009979" => declined("stolen_card"),
        "4100000000000019" => declined("fraudulent"),
        "4000000000006975" => declined("card_velocity_exceeded"),
        "4000000000000069" => decline_of("expired_card", "expired_card", "Your card has expired."),
        "4000000000000127" => {
            let text = "Your card's security code is incorrect.";
            decline_of("incorrect_cvc", "incorrect_cvc", text)
        }
        "4000000000000119" => {
            let text = "An error occurred while processing your card. Try again in a little bit.";
            decline_of("processing_error", "processing_error", text)
        }
        "4000002500003155" | "4000002760003184" | "4000000000003220" | "4000000000003063" => {
            Challenges(Box::new(Pays))
        }
        "4000008400001629" => Challenges(Box::new(declined("generic_decline"))),
        "4000008260003178" => Challenges(Box::new(no_funds())),
        "4000000000005126" => RefundFails,
        "4000000000007726" => RefundWaits,
        "4000000000000259" => Disputed,
        _ => Pays,
    }
}

fn decline_of(code: &str, decline: &str, message: &str) -> Behaviour {
    Behaviour::Declines(code.to_owned(), decline.to_owned(), message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str) -> Result<Card, ApiError> {
        let params = Params::parse(form.as_bytes()).expect("well formed");
        Card::read(&params, "2026-06-15T00:00:00Z".parse().expect("an instant"))
    }

    #[test]
    fn cards_are_judged() {
        let card =
            read("number=4242 4242 4242 4242&exp_month=6&exp_year=26&cvc=123").expect("fine");
        assert_eq!((card.brand.as_str(), card.last4.as_str()), ("visa", "4242"));
        for (form, code) in [
            (
                "number=4242424242424241&exp_month=6&exp_year=26",
                "incorrect_number",
            ),
            ("number=42&exp_month=6&exp_year=26", "incorrect_number"),
            (
                "number=4242424242424242&exp_month=13&exp_year=26",
                "invalid_expiry_month",
            ),
            (
                "number=4242424242424242&exp_month=5&exp_year=26",
                "invalid_expiry_year",
            ),
            (
                "number=4242424242424242&exp_month=6&exp_year=26&cvc=12",
                "invalid_cvc",
            ),
        ] {
            let error = read(form).expect_err(form);
            assert_eq!(error.body()["error"]["code"], code, "{form}");
            assert_eq!(error.status, 402);
        }
    }

    #[test]
    fn every_named_card_has_a_sound_number() {
        let now = "2026-06-15T00:00:00Z".parse().expect("an instant");
        assert_eq!(Card::named("amex", now).expect("known").brand, "amex");
        assert!(Card::named("nobody", now).is_none());
        for number in ["4000002500003155", "4000000000009995", "4000000000000259"] {
            assert!(luhn(number), "{number}");
        }
    }
}
