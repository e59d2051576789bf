//! The starts that one RRULE gives, in local time.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::scheduling::recurrence::{Ending, Moment, Notation, Rule};

/// What a rule gave.
pub(in crate::ical) struct Repetition {
    /// The starts, in order.
    pub starts: Vec<NaiveDateTime>,
    /// There may be more of them in the range than were asked for.
    pub cut: bool,
}

/// The starts of a rule within a range of local time (both ends included), at most `limit` of them.
/// The start is a day or floating: whatever clock it is by, we count in its local time.
/// `local` turns the instant of an UNTIL in UTC into the local time that the rule is expanded in.
pub(in crate::ical) fn repetition(
    rule: &str,
    start: &Moment,
    range: (NaiveDateTime, NaiveDateTime),
    limit: usize,
    local: &dyn Fn(DateTime<Utc>) -> Option<NaiveDateTime>,
) -> Result<Repetition, String> {
    let mut rule: Rule = rule
        .parse()
        .map_err(|error: model::scheduling::recurrence::Error| error.to_string())?;
    if let Ending::Until(until) = rule.ending()
        && until.notation == Notation::Utc
        && let Some(until) = local(until.local.and_utc())
    {
        let until = Moment {
            local: until,
            notation: Notation::Floating,
        };
        rule = rule.with_ending(Ending::Until(until));
    }
    let mut instances = rule.instances(start).map_err(|error| error.to_string())?;
    instances.skip_to(range.0);
    instances.end_at(range.1);
    let mut starts = Vec::new();
    let mut cut = false;
    for instance in instances.by_ref() {
        if starts.len() >= limit {
            cut = true;
            break;
        }
        starts.push(instance.shown);
    }
    let cut = cut || instances.gave_up();
    Ok(Repetition { starts, cut })
}
