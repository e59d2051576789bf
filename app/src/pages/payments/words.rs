//! What finance reads for our stable words.

use model::payments::{CaptureMode, DeclineCode, OrderStatus};

use crate::ui::Tone;

/// Why a payment was declined, for those who answer the customer.
pub const fn decline(code: DeclineCode) -> &'static str {
    match code {
        DeclineCode::Generic => "The bank gave no reason",
        DeclineCode::InsufficientFunds => "Not enough money on the account",
        DeclineCode::ExpiredCard => "The card has expired",
        DeclineCode::IncorrectCvc => "The security code was wrong",
        DeclineCode::IncorrectNumber => "The card number was wrong",
        DeclineCode::AuthenticationFailed => "The customer did not confirm with the bank",
        DeclineCode::LostOrStolen => {
            "The card is reported lost or stolen; the customer was not told"
        }
        DeclineCode::Fraud => "The gateway held it for fraud; the customer was not told",
        DeclineCode::ProcessingError => "The gateway could not process it",
    }
}

/// When the money of an order is taken.
pub const fn capture(mode: CaptureMode) -> &'static str {
    match mode {
        CaptureMode::Automatic => "At once",
        CaptureMode::Manual => "Later, by hand",
    }
}

/// The word and tone of an order's state.
pub const fn order_status(status: OrderStatus) -> (&'static str, Tone) {
    match status {
        OrderStatus::Open => ("Open", Tone::Info),
        OrderStatus::Paid => ("Paid", Tone::Positive),
        OrderStatus::Expired => ("Expired", Tone::Neutral),
        OrderStatus::Cancelled => ("Cancelled", Tone::Neutral),
    }
}

/// What a gateway was asked.
pub fn verb(verb: &str) -> String {
    match verb {
        "open" => "Open the payment".to_owned(),
        "authorise" => "Authorise".to_owned(),
        "capture" => "Capture".to_owned(),
        "void" => "Release the hold".to_owned(),
        "look_up" | "lookup" => "Ask for the state".to_owned(),
        other => sentence(other),
    }
}

/// How a call to a gateway ended.
pub fn outcome(outcome: &str) -> (String, Tone) {
    let (word, tone) = match outcome {
        "pending" => ("Waiting", Tone::Info),
        "succeeded" => ("Done", Tone::Positive),
        "declined" => ("Declined", Tone::Negative),
        "unknown" => ("No answer", Tone::Unknown),
        "refused" | "failed" => ("Refused", Tone::Negative),
        other => return (sentence(other), Tone::Neutral),
    };
    (word.to_owned(), tone)
}

/// What a kind of event means.
pub fn event_tone(kind: &str) -> Tone {
    match kind {
        "captured" | "settled" => Tone::Positive,
        "authorised" => Tone::Info,
        "requires_action" => Tone::Caution,
        "declined" | "contradiction" => Tone::Negative,
        "unknown" => Tone::Unknown,
        _ => Tone::Neutral,
    }
}

/// A gateway's name.
pub fn gateway(name: &str) -> String {
    match name {
        "paypal" => "PayPal".to_owned(),
        other => sentence(other),
    }
}

/// A day: `23 Nov 2026`.
pub fn day(day: chrono::NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// How long a call took: `480 ms`, `1.2 s`.
pub fn took(milliseconds: i32) -> String {
    match milliseconds {
        ms if ms < 1_000 => format!("{ms}\u{a0}ms"),
        ms => format!("{:.1}\u{a0}s", f64::from(ms) / 1_000.0),
    }
}

/// A stable word as people write it: `refund_failed` becomes `Refund failed`.
fn sentence(word: &str) -> String {
    let text = word.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_nobody_foresaw_still_read_well() {
        assert_eq!(verb("partial_refund"), "Partial refund");
        assert_eq!(
            outcome("half_done"),
            ("Half done".to_owned(), Tone::Neutral)
        );
        assert_eq!(gateway("stripe"), "Stripe");
        assert_eq!(gateway(""), "");
    }

    #[test]
    fn calls_take_milliseconds_or_seconds() {
        assert_eq!(took(480), "480\u{a0}ms");
        assert_eq!(took(1_240), "1.2\u{a0}s");
    }
}
