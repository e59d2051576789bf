//! What of a day's overtime is approved. The rules say how much there is; that somebody has said yes to
//! it is beside them, and counts neither more nor less.

use model::attendance::accrual::time_told;
use model::attendance::day::{Day, Explanation, Rule};

use super::Loaded;

/// What was decided about a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Approved {
    /// Whether work before the start counts.
    pub early: bool,
    /// How much overtime is approved, in minutes.
    pub minutes: i64,
    /// By whom.
    pub by: String,
}

/// Tells a day what of it is approved, and by whom.
pub(super) fn say(loaded: &Loaded, day: &mut Day) {
    let decided = loaded.approved.get(&day.work_date);
    if let Some(decided) = decided.filter(|decided| decided.early) {
        let text = format!("{} has approved work before the start.", decided.by);
        tell(day, Rule::Count, text);
    }
    let overtime = day.overtime_minutes();
    if overtime == 0 || !loaded.input.policy.overtime_needs_approval {
        return;
    }
    let approved = decided.map_or(0, |decided| decided.minutes.clamp(0, overtime));
    day.unapproved_overtime_minutes = overtime - approved;
    let (all, some) = (time_told(overtime), time_told(approved));
    let text = match decided {
        None => format!("{all} of overtime is not approved yet."),
        Some(decided) if approved == overtime => {
            format!("{} has approved {all} of overtime.", decided.by)
        }
        Some(decided) => format!("{} has approved {some} of {all} of overtime.", decided.by),
    };
    tell(day, Rule::Overtime, text);
}

fn tell(day: &mut Day, rule: Rule, text: String) {
    day.explanation.push(Explanation {
        rule,
        text,
        minutes: 0,
        punches: Vec::new(),
    });
}
