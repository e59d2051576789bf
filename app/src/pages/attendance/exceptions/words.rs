//! What exceptions are called. Pure.

use model::attendance::compliance::Kind;
use model::attendance::day::Flag;
use model::attendance::views::ExceptionState;

use crate::pages::attendance::words::flag_words;
use crate::ui::Tone;

/// How far an exception is.
pub const fn state(state: ExceptionState) -> (&'static str, Tone) {
    match state {
        ExceptionState::Open => ("Open", Tone::Caution),
        ExceptionState::Explained => ("Explained", Tone::Positive),
        ExceptionState::Waived => ("Let pass", Tone::Neutral),
        ExceptionState::Gone => ("Gone", Tone::Neutral),
    }
}

/// The name of a kind: a limit of the law, or what is to be known of a day.
pub fn kind(word: &str) -> String {
    if let Ok(kind) = word.parse::<Kind>() {
        return match kind {
            Kind::ShortRest => "Too little rest",
            Kind::LongWithoutBreak => "Too long without a break",
            Kind::WeekRest => "Too little rest in the week",
            Kind::WeeklyAverage => "Too much work a week",
            Kind::DailyMaximum => "Too long a day",
            Kind::MealBreak => "Meal break missing",
        }
        .to_owned();
    }
    if let Ok(flag) = word.parse::<Flag>() {
        return flag_words(flag).0.to_owned();
    }
    if word == "told_late" {
        return "Press told late".to_owned();
    }
    let mut words = word.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names() {
        assert_eq!(kind("short_rest"), "Too little rest");
        assert_eq!(kind("missing_out"), "Punch out missing");
        assert_eq!(kind("told_late"), "Press told late");
        assert_eq!(kind("something_new"), "Something new");
    }
}
