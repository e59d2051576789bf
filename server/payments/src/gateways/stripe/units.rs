//! Amounts as Stripe counts them.

use model::{Currency, Money};

use crate::gateways::CallError;

/// Currencies that Stripe counts in whole units, whatever ISO 4217 says of their decimals. ISK and
/// UGX are not among them: they have no decimals any more, but Stripe still counts hundredths.
const ZERO_DECIMAL: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
];

/// Our minor units in Stripe's. They differ only where Stripe's list of zero-decimal currencies
/// and ISO 4217 differ (MGA has no decimals there and two in ISO).
pub(super) fn to_stripe_units(money: Money) -> Result<i64, CallError> {
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

pub(super) fn from_stripe_units(units: i64, currency: Currency) -> Option<i64> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
