//! PINs: what is accepted.

/// How many digits a PIN has.
pub(crate) const DIGITS: usize = 6;

/// Why a PIN is not accepted, as a sentence for the person, or `None` if it is.
pub(crate) fn objection(pin: &str, number: Option<&str>) -> Option<&'static str> {
    let digits = pin.as_bytes();
    if digits.len() != DIGITS || !digits.iter().all(u8::is_ascii_digit) {
        return Some("Use six digits.");
    }
    if number == Some(pin) {
        return Some("Do not use your number as the PIN.");
    }
    let steps = |step: i16| {
        digits
            .windows(2)
            .all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step)
    };
    let repeats = |piece: usize| digits.iter().zip(&digits[piece..]).all(|(a, b)| a == b);
    let obvious = steps(1) || steps(-1) || (1..=DIGITS / 2).any(repeats);
    obvious.then_some("This is one of the first PINs that others would try. Use another.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn obvious_pins_are_refused() {
        for bad in [
            "",
            "12345",
            "1234567",
            "12345a",
            "١٢٣٤٥٦",
            "000000",
            "123456",
            "234567",
            "654321",
            "121212",
            "123123",
        ] {
            assert!(objection(bad, None).is_some(), "{bad}");
        }
        assert!(objection("507142", Some("507142")).is_some());
        for good in ["507142", "112233", "100000", "135790"] {
            assert_eq!(objection(good, Some("1001")), None, "{good}");
        }
    }
}
