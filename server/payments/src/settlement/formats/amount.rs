//! Exact decimals: how files write them and how we do. No floating point anywhere.

use model::Currency;
use rust_decimal::Decimal;

/// What an amount may look like.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Digits in all, leading zeros and trailing zeros of the fraction not counted.
    pub digits: usize,
    /// Digits after the point, trailing zeros not counted.
    pub decimals: usize,
    /// Whether a minus is allowed.
    pub signed: bool,
}

/// An amount of ISO 20022: 18 digits, 5 of them decimals, never negative.
pub(super) const ISO_AMOUNT: Shape = Shape {
    digits: 18,
    decimals: 5,
    signed: false,
};
/// A sum or a rate, or an amount of a provider's table.
pub(super) const WIDE: Shape = Shape {
    digits: 18,
    decimals: 12,
    signed: true,
};

/// Reads digits with at most one point and, where allowed, a sign in front.
///
/// The error is the end of a sentence that begins with the quoted text.
pub(super) fn parse_decimal(text: &str, shape: Shape) -> Result<Decimal, String> {
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let plain = whole
        .bytes()
        .chain(fraction.bytes())
        .all(|b| b.is_ascii_digit());
    if !plain || (whole.is_empty() && fraction.is_empty()) {
        return Err(format!("{} is not an amount", quote(text)));
    }
    if negative && !shape.signed && unsigned.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        return Err(format!(
            "{} is negative; the direction is told apart",
            quote(text)
        ));
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > shape.decimals {
        return Err(format!(
            "{} has more than {} decimals",
            quote(text),
            shape.decimals
        ));
    }
    if whole.len() + fraction.len() > shape.digits {
        return Err(format!(
            "{} has more than {} digits",
            quote(text),
            shape.digits
        ));
    }
    let mut mantissa: i64 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        // Eighteen digits fit into 63 bits.
        mantissa = mantissa * 10 + i64::from(digit - b'0');
    }
    let scale = u32::try_from(fraction.len()).unwrap_or(0);
    Ok(Decimal::new(
        if negative { -mantissa } else { mantissa },
        scale,
    ))
}

/// An amount as JSON carries it: at least the currency's decimals, more only where they are not
/// zero. `25` euro is `25.00`, `1.005` stays, 100.00 yen is `100`.
pub fn amount_text(value: Decimal, currency: Option<Currency>) -> String {
    let mut value = value.normalize();
    let decimals = currency.map_or(0, |c| c.exponent());
    if value.scale() < decimals {
        value.rescale(decimals);
    }
    if value.is_zero() {
        value.set_sign_positive(true);
    }
    value.to_string()
}

/// A piece of a file as it may stand in a message: short and without control characters.
pub(super) fn quote(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("“{shown}”")
}

/// The day of a date or a date with a time, as `2026-01-31`, `2026-01-31T10:00:00+01:00` or
/// `2026-01-31 10:00:00`. The day is the one written, whatever the zone.
pub(super) fn parse_day(text: &str) -> Result<chrono::NaiveDate, String> {
    let wrong = || format!("{} is not a date", quote(text));
    let day = text.get(..10).ok_or_else(wrong)?;
    let follows = text.as_bytes().get(10).is_none_or(|b| b"T Z+-".contains(b));
    let bytes = day.as_bytes();
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0_u32, |sum, b| {
            b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0'))
        })
    };
    if !follows || bytes[4] != b'-' || bytes[7] != b'-' {
        return Err(wrong());
    }
    let parts = (number(0..4), number(5..7), number(8..10));
    let (Some(year), Some(month), Some(day)) = parts else {
        return Err(wrong());
    };
    i32::try_from(year)
        .ok()
        .and_then(|year| chrono::NaiveDate::from_ymd_opt(year, month, day))
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let got = parse_decimal(text, ISO_AMOUNT).map(|d| d.to_string());
        match expected {
            Ok(value) => assert_eq!(got.as_deref(), Ok(value)),
            Err(part) => assert!(got.clone().unwrap_err().contains(part), "{got:?}"),
        }
    }

    #[test]
    fn amounts_are_digits_with_one_point() {
        check("12.50", Ok("12.5"));
        check("0012", Ok("12"));
        check("5.", Ok("5"));
        check(".05", Ok("0.05"));
        check("123456789012345.678", Ok("123456789012345.678"));
        check("0.10000000", Ok("0.1"));
        check("-0.00", Ok("0"));
        for wrong in [
            "", ".", "12,50", "1 000", "1e5", "12.5.1", "NaN", "٣", "--1", "0x1",
        ] {
            check(wrong, Err("is not an amount"));
        }
        check("-1", Err("negative"));
        check("0.000001", Err("5 decimals"));
        check("1234567890123456789", Err("18 digits"));
    }

    #[test]
    fn printed_amounts_have_the_decimals_of_the_currency() {
        let text = |value: &str, code: &str| {
            amount_text(
                value.parse().expect("decimal"),
                Some(code.parse().expect("currency")),
            )
        };
        assert_eq!(text("25", "EUR"), "25.00");
        assert_eq!(text("1.005", "EUR"), "1.005");
        assert_eq!(text("100.00", "JPY"), "100");
        assert_eq!(text("-0.5", "KWD"), "-0.500");
        assert_eq!(text("-0.00", "EUR"), "0.00");
    }

    #[test]
    fn days_are_taken_as_written() {
        let day = |text: &str| parse_day(text).map(|d| d.to_string());
        assert_eq!(day("2019-08-09T11:17:11:735").as_deref(), Ok("2019-08-09"));
        assert_eq!(day("2026-01-31 10:11:12").as_deref(), Ok("2026-01-31"));
        assert_eq!(day("2026-01-31Z").as_deref(), Ok("2026-01-31"));
        for wrong in [
            "",
            "2026-02-30",
            "31.01.2026",
            "2026-1-1",
            "2026-01-31x",
            "２０２６-01-01",
        ] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }
}
