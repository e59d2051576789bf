//! How a meeting repeats, from the words of the form to the text of a rule (RFC 5545, 3.3.10).

use chrono::NaiveDate;

use crate::ui::Choice;

/// How often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeat {
    /// Once.
    #[default]
    Never,
    /// From Monday to Friday.
    Weekdays,
    /// Each week on the same day.
    Weekly,
    /// Each second week on the same day.
    Fortnightly,
    /// Each month on the same date.
    Monthly,
}

impl Repeat {
    /// Every choice, in the order in which they are offered.
    const ALL: [Self; 5] = [
        Self::Never,
        Self::Weekdays,
        Self::Weekly,
        Self::Fortnightly,
        Self::Monthly,
    ];

    /// The word in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Weekdays => "weekdays",
            Self::Weekly => "weekly",
            Self::Fortnightly => "fortnightly",
            Self::Monthly => "monthly",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Never => "Does not repeat",
            Self::Weekdays => "Every weekday",
            Self::Weekly => "Every week",
            Self::Fortnightly => "Every two weeks",
            Self::Monthly => "Every month",
        }
    }

    /// Reads the form's word; anything unknown does not repeat.
    pub fn from_word(word: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|repeat| repeat.as_str() == word)
            .unwrap_or_default()
    }

    /// The choices of the form.
    pub fn choices() -> Vec<Choice> {
        let choice = |repeat: Self| Choice::new(repeat.as_str(), repeat.label());
        Self::ALL.into_iter().map(choice).collect()
    }

    const fn rule(self) -> Option<&'static str> {
        match self {
            Self::Never => None,
            Self::Weekdays => Some("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
            Self::Weekly => Some("FREQ=WEEKLY"),
            Self::Fortnightly => Some("FREQ=WEEKLY;INTERVAL=2"),
            Self::Monthly => Some("FREQ=MONTHLY"),
        }
    }
}

/// When a series ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    /// It goes on.
    #[default]
    Never,
    /// With a day, which belongs to it.
    On(NaiveDate),
    /// After so many times.
    After(u32),
}

/// The text of the rule; nothing for a meeting that does not repeat.
pub fn rule(repeat: Repeat, ends: Ends) -> Option<String> {
    let rule = repeat.rule()?;
    Some(match ends {
        Ends::Never => rule.to_owned(),
        Ends::On(day) => format!("{rule};UNTIL={}", day.format("%Y%m%d")),
        Ends::After(times) => format!("{rule};COUNT={times}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_written_as_calendars_read_them() {
        let day = "2026-12-31".parse().expect("a day");
        assert_eq!(rule(Repeat::Never, Ends::On(day)), None);
        assert_eq!(
            rule(Repeat::Weekly, Ends::Never).as_deref(),
            Some("FREQ=WEEKLY")
        );
        assert_eq!(
            rule(Repeat::Weekdays, Ends::On(day)).as_deref(),
            Some("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261231")
        );
        assert_eq!(
            rule(Repeat::Fortnightly, Ends::After(6)).as_deref(),
            Some("FREQ=WEEKLY;INTERVAL=2;COUNT=6")
        );
    }

    #[test]
    fn words_lead_back_to_their_choice() {
        for choice in Repeat::choices() {
            assert_eq!(Repeat::from_word(&choice.value).as_str(), choice.value);
        }
        assert_eq!(Repeat::from_word("yearly"), Repeat::Never);
    }
}
