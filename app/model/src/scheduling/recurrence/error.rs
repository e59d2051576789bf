//! Why a recurrence is refused.

/// Why a recurrence is refused. Each prints as one line for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A text cannot be read, or says what no rule may say.
    #[error("{part}: {why}")]
    Refused {
        /// The part that is wrong, for example `BYMONTH`.
        part: String,
        /// What is wrong with it.
        why: String,
    },
    /// The rule asks for more work than any calendar needs.
    #[error("RRULE: the rule asks for too much: its occurrences are too many or too far apart")]
    TooMuch,
    /// The series has no occurrence that starts then.
    #[error("“{0}” is not the start of an occurrence of this series")]
    NotAnOccurrence(String),
}

impl Error {
    pub(super) fn refused(part: &str, why: impl Into<String>) -> Self {
        Self::Refused {
            part: part.to_owned(),
            why: why.into(),
        }
    }
}

/// Foreign text in quotation marks: one line and short, whatever came in.
pub(super) fn quoted(text: &str) -> String {
    const KEPT: usize = 40;
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut short: String = text.chars().take(KEPT).map(clean).collect();
    if text.chars().nth(KEPT).is_some() {
        short.push('…');
    }
    format!("“{short}”")
}
