//! Recurrence after RFC 5545: when a rule makes a meeting or a shift happen again.
//!
//! * [`Moment`]: a time as a calendar writes it, with or without a zone. [`Rule`]: a checked RRULE.
//! * [`Instances`]: what a rule gives from a start. [`Series`]: a start, its rule, what was added,
//!   taken out or moved, and the split at “this and following”.
//! * [`Rule::sentence`]: the rule as a person says it; its `Display` is the RRULE again.
//!
//! Rules are expanded in floating local time and each instance is then put through
//! [`crate::zone`], so nine o'clock stays nine o'clock whatever the clocks do. A time the clocks
//! skip moves forward, a time they show twice is the first. The expander is ours, since the known
//! crate gives wrong days for week numbers, set positions and yearly month days.
//!
//! Nothing here runs for ever: years end with 9999, lists with [`MAX_INSTANCES`], and a search that
//! finds nothing with [`Error::TooMuch`].

mod clocks;
mod days;
mod error;
mod moment;
mod parse;
mod period;
mod rule;
mod sentence;
mod series;
mod split;
mod text;
mod walk;

pub use clocks::{Instance, Instances};
pub use error::Error;
pub use moment::{Moment, Notation};
pub use rule::{Ending, Freq, NthDay, Rule, Skip};
pub use series::{Change, Length, Occurrence, Override, Series};
pub use split::Split;

/// The most instances any one answer holds.
pub const MAX_INSTANCES: usize = 100_000;

/// The occurrences of a rule as text, in the notation of `dtstart`: at most `limit` of them
/// (and [`MAX_INSTANCES`]), none before `from`. As the rule says: a `dtstart` that does not fit the
/// rule is not among them.
///
/// # Errors
/// [`Error::Refused`] when a text cannot be read, [`Error::TooMuch`] when the search for the next
/// occurrence was given up.
pub fn expand(
    dtstart: &str,
    rrule: &str,
    limit: usize,
    from: Option<&str>,
) -> Result<Vec<String>, Error> {
    let start = Moment::read("DTSTART", dtstart)?;
    let rule: Rule = rrule.parse()?;
    let from = from.map(|text| Moment::read("FROM", text)).transpose()?;
    let mut instances = rule.instances(&start)?;
    if let Some(from) = from {
        instances.skip_to(from.key_in(&start.notation));
    }
    let limit = limit.min(MAX_INSTANCES);
    let found = instances.by_ref().take(limit);
    let texts = found.map(|i| start.at(i.shown).to_string()).collect();
    if instances.gave_up() {
        return Err(Error::TooMuch);
    }
    Ok(texts)
}
