//! Text for figures that people read. Pure and the same on both sides of the wire.

/// Shortens an id in the middle: the head tells the kind, the tail tells one from another.
/// Texts of up to fourteen characters stay as they are.
pub fn shorten_middle(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() <= 14 {
        return text.to_owned();
    }
    let head: String = characters[..6].iter().collect();
    let tail: String = characters[characters.len() - 6..].iter().collect();
    format!("{head}…{tail}")
}

/// A whole number with grouped digits and a real minus, for example `−12,400`.
pub fn count(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if value < 0 {
        text.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An honest total: counted up to `cap`, and `10,000+` from there on.
pub fn capped_count(value: i64, cap: i64) -> String {
    if value >= cap {
        format!("{}+", count(cap))
    } else {
        count(value)
    }
}

/// A noun with its number: `1 payment`, `12 payments`.
pub fn counted(value: i64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

/// Seconds as people say them: `45 s`, `7 min`, `7 h 45`, `2 d 4 h`.
pub fn duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..=59 => format!("{seconds} s"),
        60..=3_599 => format!("{minutes} min"),
        3_600..=86_399 => format!("{hours} h {:02}", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// A share as a percentage with one decimal: `98.4 %`. Nothing of nothing is a dash.
pub fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = (i128::from(part) * 2_000 + i128::from(whole)) / (i128::from(whole) * 2);
    format!("{}.{}\u{a0}%", tenths / 10, tenths % 10)
}

/// The first letters of the first and last name, for example `AK`.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_head_and_tail() {
        assert_eq!(shorten_middle("INV-1042"), "INV-1042");
        assert_eq!(
            shorten_middle("019a2b3c-4d5e-7f60-8123-456789abcdef"),
            "019a2b…abcdef"
        );
    }

    #[test]
    fn counts_are_grouped_and_honest() {
        assert_eq!(count(-1_234_567), "−1,234,567");
        assert_eq!(count(0), "0");
        assert_eq!(capped_count(10_000, 10_000), "10,000+");
        assert_eq!(capped_count(9_999, 10_000), "9,999");
        assert_eq!(counted(1, "payment", "payments"), "1 payment");
    }

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(duration(27_900), "7 h 45");
        assert_eq!(duration(59), "59 s");
        assert_eq!(duration(187_200), "2 d 4 h");
    }

    #[test]
    fn percentages_round_half_up() {
        assert_eq!(percent(984, 1000), "98.4\u{a0}%");
        assert_eq!(percent(2, 3), "66.7\u{a0}%");
        assert_eq!(percent(0, 0), "–");
    }

    #[test]
    fn initials_are_first_and_last() {
        assert_eq!(initials("Ana María Kowalski"), "AK");
        assert_eq!(initials("ops"), "O");
    }
}
