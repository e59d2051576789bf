//! Passwords: what is accepted.

/// The fewest and most characters of a password.
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Long enough to be accepted, and still among the first that anyone would try.
const OBVIOUS: &[&str] = &[
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abc123456789",
    "administrator",
    "changeme1234",
    "changemenow1",
    "correcthorsebatterystaple",
    "iloveyou1234",
    "letmein12345",
    "password1234",
    "password12345",
    "password123456",
    "passw0rd1234",
    "p@ssw0rd1234",
    "qwerty123456",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdf",
    "qwertzuiop12",
    "secret123456",
    "trustno1trustno1",
    "welcome12345",
    "welcome123456",
];

/// Runs of neighbours, in which a password must not lie as a whole.
const RUNS: &[&str] = &[
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
];

/// Why a password is not accepted, as a sentence for the person, or `None` if it is.
pub fn objection(password: &str, email: &str) -> Option<&'static str> {
    if !LENGTH.contains(&password.chars().count()) {
        return Some("Use 12 to 128 characters. A few words are easier to remember than signs.");
    }
    let lower = password.to_lowercase();
    if lower == email.to_lowercase() {
        return Some("Do not use your e-mail address as the password.");
    }
    let obvious = OBVIOUS.contains(&lower.as_str())
        || RUNS.iter().any(|run| run.contains(&lower))
        || repeats_a_short_piece(&lower);
    obvious.then_some("This is one of the first passwords that others would try. Use another.")
}

/// Whether the text is one piece of up to eight characters over and over, such as `punctualpunctual`.
fn repeats_a_short_piece(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (1..=8).any(|piece| {
        letters.len() >= piece * 2
            && letters
                .iter()
                .zip(letters.iter().skip(piece))
                .all(|(a, b)| a == b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn obvious_passwords_are_refused() {
        let bad = [
            "short",
            "ADA@example.org",
            "Password1234",
            "aaaaaaaaaaaa",
            "punctualpunctual",
            "123456789012",
            "abcdefghijkl",
        ];
        for bad in bad {
            assert!(objection(bad, "ada@example.org").is_some(), "{bad}");
        }
        assert!(objection(&"ö".repeat(129), "ada@example.org").is_some());
        for good in [
            "a few plain words",
            "zwölf Zeichen!",
            "Tr0ub4dor&3-and-more",
        ] {
            assert_eq!(objection(good, "ada@example.org"), None, "{good}");
        }
    }
}
