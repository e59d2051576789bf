//! What is kept free around meetings, how many there may be, and when to be reminded.

use leptos::prelude::*;
use model::Problem;
use model::scheduling::availability::Constraints;

use super::super::meeting::parts::said_of;
use crate::format::{counted, duration};
use crate::ui::{Choice, Input, SelectField, TextField, field_id};

const BUFFERS: [u32; 7] = [0, 5, 10, 15, 20, 30, 60];
const NOTICES: [u32; 8] = [0, 30, 60, 120, 240, 1_440, 2_880, 10_080];
const RESTS: [u32; 6] = [0, 480, 540, 600, 660, 720];
const REMINDERS: [u32; 6] = [5, 10, 15, 30, 60, 1_440];

/// The fields.
#[component]
pub fn Limits(
    /// What is kept.
    constraints: Constraints,
    /// How many minutes before a meeting the reminder comes.
    remind: Option<u16>,
    /// What the last answer said.
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    let said = move |field: &str| said_of(problem, field.to_owned());
    let Constraints {
        buffer_before_minutes,
        buffer_after_minutes,
        notice_minutes,
        meetings_per_day,
        rest_after_night_minutes,
    } = constraints;
    let before = u32::from(buffer_before_minutes);
    let after = u32::from(buffer_after_minutes);
    let rest = u32::from(rest_after_night_minutes);
    let mut reminders = vec![Choice::new("", "No reminder")];
    reminders.extend(minutes(
        &REMINDERS,
        remind.map(u32::from),
        "At the beginning",
    ));
    view! {
        <div class="form">
            <div class="form-pair">
                <SelectField
                    name="form[before]"
                    id=field_id("constraints.bufferBeforeMinutes")
                    error=said("constraints.bufferBeforeMinutes")
                    label="Before a meeting"
                    choices=minutes(&BUFFERS, Some(before), "Nothing")
                    value=before.to_string()
                />
                <SelectField
                    name="form[after]"
                    id=field_id("constraints.bufferAfterMinutes")
                    error=said("constraints.bufferAfterMinutes")
                    label="After a meeting"
                    choices=minutes(&BUFFERS, Some(after), "Nothing")
                    value=after.to_string()
                />
                <SelectField
                    name="form[notice]"
                    id=field_id("constraints.noticeMinutes")
                    error=said("constraints.noticeMinutes")
                    label="Notice"
                    help="How long before it begins you are asked"
                    choices=minutes(&NOTICES, Some(notice_minutes), "At any time")
                    value=notice_minutes.to_string()
                />
                <TextField
                    name="form[limit]"
                    id=field_id("constraints.meetingsPerDay")
                    error=said("constraints.meetingsPerDay")
                    label="Meetings a day, at most"
                    help="Leave it empty for any number"
                    input=Input::Number
                    value=meetings_per_day.map(|n| n.to_string()).unwrap_or_default()
                    optional=true
                />
                <SelectField
                    name="form[rest]"
                    id=field_id("constraints.restAfterNightMinutes")
                    error=said("constraints.restAfterNightMinutes")
                    label="Rest after a night shift"
                    choices=minutes(&RESTS, Some(rest), "None")
                    value=rest.to_string()
                />
                <SelectField
                    name="form[remind]"
                    id=field_id("remindMinutes")
                    error=said("remindMinutes")
                    label="Reminder by mail"
                    choices=reminders
                    value=remind.map(|n| n.to_string()).unwrap_or_default()
                />
            </div>
        </div>
    }
}

/// The usual numbers of minutes and the one that is kept, in order.
fn minutes(usual: &[u32], kept: Option<u32>, none: &str) -> Vec<Choice> {
    let mut all: Vec<u32> = usual.iter().copied().chain(kept).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter()
        .map(|minutes| {
            let label = match minutes {
                0 => none.to_owned(),
                some => words(some),
            };
            Choice::new(minutes.to_string(), label)
        })
        .collect()
}

/// Minutes as people say them: `15 min`, `2 h`, `1 day`.
fn words(minutes: u32) -> String {
    match minutes {
        days if days % 1_440 == 0 => counted(i64::from(days / 1_440), "day", "days"),
        hours if hours % 60 == 0 => format!("{} h", hours / 60),
        other => duration(i64::from(other) * 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_offered_even_if_it_is_unusual() {
        let offered = minutes(&[0, 5, 10], Some(7), "Nothing");
        let labels: Vec<&str> = offered.iter().map(|choice| choice.label.as_str()).collect();
        assert_eq!(labels, ["Nothing", "5 min", "7 min", "10 min"]);
    }

    #[test]
    fn minutes_are_said_as_people_do() {
        let said = [30, 90, 120, 1_440, 10_080].map(words);
        assert_eq!(said, ["30 min", "1 h 30", "2 h", "1 day", "7 days"]);
    }
}
