//! The sums of a month.

use leptos::prelude::*;
use model::attendance::views::{LeaveBalance, MonthTotals};

use super::super::words::{days, duration, signed};
use crate::format::counted;
use crate::ui::{FigureCard, Figures, Tone};

/// Worked, expected, balance, overtime, and what is left of leave.
#[component]
pub fn Totals(
    /// The sums.
    totals: MonthTotals,
    /// What is left of each kind of leave.
    leave: Vec<LeaveBalance>,
) -> impl IntoView {
    let (missing, missing_tone) = match totals.incomplete_days {
        0 => (String::new(), Tone::Neutral),
        some => (
            format!("{} a punch", counted(some, "day lacks", "days lack")),
            Tone::Caution,
        ),
    };
    let late = match totals.late_days {
        0 => String::new(),
        some => format!("Late on {}", counted(some, "day", "days")),
    };
    let unapproved = match totals.unapproved {
        0 => String::new(),
        some => format!("{} of it not approved", duration(some)),
    };
    let (left, others) = leave_words(&leave);
    view! {
        <Figures>
            <FigureCard
                label="Worked"
                value=duration(totals.counted)
                comparison=missing
                tone=missing_tone
            />
            <FigureCard
                label="Expected"
                value=duration(totals.expected)
                comparison="Of the days that are over"
            />
            <FigureCard label="Balance" value=signed(totals.balance) comparison=late/>
            <FigureCard
                label="Overtime"
                value=duration(totals.overtime)
                comparison=unapproved
            />
            <FigureCard label="Leave left" value=left comparison=others/>
        </Figures>
    }
}

/// What is left of the first kind that is counted, and of the others in a line below.
fn leave_words(leave: &[LeaveBalance]) -> (String, String) {
    let mut kinds = leave.iter().filter_map(|kind| {
        let left = days(kind.left_minutes?, kind.day_minutes);
        Some((kind, left))
    });
    let Some((first, left)) = kinds.next() else {
        return ("–".to_owned(), "No leave is counted".to_owned());
    };
    let mut below = vec![first.name.clone()];
    if first.requested_minutes > 0 {
        let asked = days(first.requested_minutes, first.day_minutes);
        below.push(format!("{asked} of it requested"));
    }
    below.extend(kinds.map(|(kind, left)| format!("{}: {left}", kind.name)));
    (left, below.join(" · "))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use model::LeaveTypeId;

    use super::*;

    fn kind(name: &str, left: Option<i64>, requested: i64) -> LeaveBalance {
        LeaveBalance {
            type_id: LeaveTypeId::from_parts(DateTime::UNIX_EPOCH, &[1; 10]),
            name: name.to_owned(),
            paid: true,
            left_minutes: left,
            requested_minutes: requested,
            taken_minutes: 0,
            day_minutes: 480,
            expires: None,
        }
    }

    #[test]
    fn the_first_counted_kind_leads() {
        let leave = [
            kind("Sickness", None, 0),
            kind("Annual leave", Some(8_880), 480),
            kind("Training", Some(960), 0),
        ];
        let (left, below) = leave_words(&leave);
        assert_eq!(left, "18.5 days");
        assert_eq!(
            below,
            "Annual leave · 1 day of it requested · Training: 2 days"
        );
    }
}
