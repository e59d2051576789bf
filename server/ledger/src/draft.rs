//! Draft → balanced: an entry as a caller words it, and one that is proved to be postable.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, Utc};
use model::ledger::AccountPath;
use model::{Currency, EntryId, Money};

use crate::error::DraftError;

/// One line as a caller words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftLine {
    /// The account's path, for example `Assets:PSP:stripe:Pending`. It is made on first use.
    pub account: String,
    /// How much: debit positive, credit negative, never zero.
    pub money: Money,
}

/// An entry as a caller words it. Nothing is proved about it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The business event, unique for ever, for example `payment:<id>:captured`; 1 to 200
    /// characters. Posting the same one again finds the entry that is there.
    pub source: String,
    /// The posting rule, for example `captured`; 1 to 60 characters.
    pub kind: String,
    /// One sentence for people; at most 1,000 characters.
    pub text: String,
    /// When it happened, by the provider's clock if there is one.
    pub occurred_at: DateTime<Utc>,
    /// What it does to which account.
    pub lines: Vec<DraftLine>,
}

/// A line that is known to be good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub account: AccountPath,
    pub money: Money,
}

/// An entry that is proved to be postable: two lines or more, none of them zero, and nothing left
/// over in any currency. Only [`Draft::balance`] and reversal make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balanced {
    pub(crate) source: String,
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) reverses: Option<EntryId>,
    pub(crate) lines: Vec<Line>,
}

impl Draft {
    /// The most lines of one entry.
    pub const MAX_LINES: usize = 1_000;

    /// An entry without lines yet.
    pub fn new(
        source: impl Into<String>,
        kind: impl Into<String>,
        text: impl Into<String>,
        occurred_at: DateTime<Utc>,
    ) -> Self {
        Self {
            source: source.into(),
            kind: kind.into(),
            text: text.into(),
            occurred_at,
            lines: Vec::new(),
        }
    }

    /// Adds a line on the debit side.
    #[must_use]
    pub fn debit(mut self, account: impl Into<String>, money: Money) -> Self {
        self.lines.push(DraftLine {
            account: account.into(),
            money,
        });
        self
    }

    /// Adds a line on the credit side; the amount is given as a positive number.
    #[must_use]
    pub fn credit(mut self, account: impl Into<String>, money: Money) -> Self {
        self.lines.push(DraftLine {
            account: account.into(),
            money: money.negated(),
        });
        self
    }

    /// Proves the draft.
    ///
    /// # Errors
    /// [`DraftError`] naming the first thing that is wrong.
    pub fn balance(&self) -> Result<Balanced, DraftError> {
        check_wording(&self.source, &self.kind, &self.text)?;
        let lines = self
            .lines
            .iter()
            .map(|line| {
                Ok(Line {
                    account: AccountPath::parse(&line.account)?,
                    money: line.money,
                })
            })
            .collect::<Result<Vec<_>, DraftError>>()?;
        check_lines(&lines)?;
        Ok(Balanced {
            source: self.source.clone(),
            kind: self.kind.clone(),
            text: self.text.clone(),
            // Postgres keeps microseconds, and the content hash must be the same when read back.
            occurred_at: self.occurred_at.trunc_subsecs(6),
            reverses: None,
            lines,
        })
    }
}

impl Balanced {
    /// The business event.
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// The rules for the words of an entry.
pub(crate) fn check_wording(source: &str, kind: &str, text: &str) -> Result<(), DraftError> {
    check_words("source", source, 1, 200)?;
    check_words("kind", kind, 1, 60)?;
    check_words("text", text, 0, 1_000)
}

fn check_words(what: &'static str, text: &str, min: usize, max: usize) -> Result<(), DraftError> {
    let length = text.chars().count();
    if length < min || length > max || text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(DraftError::Wording(what));
    }
    Ok(())
}

fn check_lines(lines: &[Line]) -> Result<(), DraftError> {
    if lines.len() < 2 {
        return Err(DraftError::TooFewLines);
    }
    if lines.len() > Draft::MAX_LINES {
        return Err(DraftError::TooManyLines);
    }
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for line in lines {
        match line.money.minor {
            0 => return Err(DraftError::ZeroLine(line.account.to_string())),
            // It has no opposite, so the entry could never be reversed.
            i64::MIN => return Err(DraftError::TooLarge),
            minor => *sums.entry(line.money.currency).or_default() += i128::from(minor),
        }
    }
    match sums.into_iter().find(|(_, sum)| *sum != 0) {
        Some((currency, off_minor)) => Err(DraftError::Unbalanced {
            currency,
            off_minor,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft::new("test:1", "test", "A test", DateTime::UNIX_EPOCH)
    }

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn a_balanced_draft_passes() {
        let draft = draft().debit("Assets:A", eur(5)).credit("Income:B", eur(5));
        assert_eq!(draft.balance().expect("balanced").lines.len(), 2);
    }

    #[test]
    fn a_draft_that_is_off_is_refused_with_what_is_left_over() {
        let draft = draft().debit("Assets:A", eur(5)).credit("Income:B", eur(3));
        assert_eq!(
            draft.balance(),
            Err(DraftError::Unbalanced {
                currency: Currency::EUR,
                off_minor: 2
            })
        );
    }

    #[test]
    fn currencies_do_not_make_up_for_each_other() {
        let draft = draft()
            .debit("Assets:A", eur(5))
            .credit("Income:B", Money::new(5, Currency::USD));
        assert!(matches!(
            draft.balance(),
            Err(DraftError::Unbalanced { .. })
        ));
    }

    #[test]
    fn sums_beyond_64_bits_are_not_wrapped_into_balance() {
        let draft = draft()
            .debit("Assets:A", eur(i64::MAX))
            .debit("Assets:A", eur(i64::MAX))
            .debit("Assets:A", eur(2));
        assert!(matches!(
            draft.balance(),
            Err(DraftError::Unbalanced { .. })
        ));
    }

    #[test]
    fn one_line_nothing_and_odd_words_are_refused() {
        assert_eq!(draft().balance(), Err(DraftError::TooFewLines));
        let zero = draft().debit("Assets:A", eur(0)).credit("Assets:B", eur(0));
        assert_eq!(zero.balance(), Err(DraftError::ZeroLine("Assets:A".into())));
        let mut odd = draft().debit("Assets:A", eur(1)).credit("Assets:B", eur(1));
        odd.text = "a\0b".into();
        assert_eq!(odd.balance(), Err(DraftError::Wording("text")));
        odd.text = String::new();
        odd.source = String::new();
        assert_eq!(odd.balance(), Err(DraftError::Wording("source")));
    }
}
