//! A day before and after: what a correction changes of it.

use leptos::prelude::*;
use model::attendance::day::Day;

use super::words::{duration, overtime_minutes, signed, status_words};

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    name: &'static str,
    before: String,
    after: String,
}

/// Both days beside each other, with what differs marked.
#[component]
pub fn Compare(
    /// The day as it is, or was.
    before: Option<Day>,
    /// The day as it would be, or is.
    after: Option<Day>,
    /// The words over the two columns.
    #[prop(default = ("Before", "After"))]
    heads: (&'static str, &'static str),
) -> impl IntoView {
    let rows = lines(before.as_ref(), after.as_ref())
        .into_iter()
        .map(|line| {
            let Line {
                name,
                before,
                after,
            } = line;
            let differs = before != after;
            view! {
                <tr class=differs.then_some("is-changed")>
                    <th scope="row">{name}</th>
                    <td>{before}</td>
                    <td class="compare-after">
                        {differs.then(|| view! { <span class="sr-only">"changed to "</span> })}
                        {after}
                    </td>
                </tr>
            }
        });
    let rows = rows.collect_view();
    let (before_word, after_word) = heads;
    view! {
        <table class="compare">
            <caption class="sr-only">"The day before and after"</caption>
            <thead>
                <tr>
                    <th scope="col">
                        <span class="sr-only">"What"</span>
                    </th>
                    <th scope="col">{before_word}</th>
                    <th scope="col">{after_word}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// One figure of a day, in minutes.
type Minutes = fn(&Day) -> i64;

/// Status, work and balance always; the others where there is something to say of them.
fn lines(before: Option<&Day>, after: Option<&Day>) -> Vec<Line> {
    let text =
        |day: Option<&Day>, tell: fn(&Day) -> String| day.map_or_else(|| "–".to_owned(), tell);
    let line = |name, tell: fn(&Day) -> String| Line {
        name,
        before: text(before, tell),
        after: text(after, tell),
    };
    let mut lines = vec![
        line("Status", |day| status_words(day.status)),
        line("Worked", |day| duration(day.counted_minutes)),
        line("Balance", |day| signed(day.balance_minutes)),
    ];
    let others: [(&'static str, Minutes); 5] = [
        ("Late", |day| day.late_minutes),
        ("Left early", |day| day.early_minutes),
        ("Break taken", |day| day.break_recorded_minutes),
        ("Break deducted", |day| day.break_deducted_minutes),
        ("Overtime", overtime_minutes),
    ];
    for (name, minutes) in others {
        let of = |day: Option<&Day>| day.map(minutes);
        if [of(before), of(after)]
            .into_iter()
            .flatten()
            .any(|n| n != 0)
        {
            let tell = |day: Option<&Day>| of(day).map_or_else(|| "–".to_owned(), duration);
            lines.push(Line {
                name,
                before: tell(before),
                after: tell(after),
            });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use model::attendance::day::{DayStatus, Status};

    use super::*;

    fn day(status: Status, counted: i64, late: i64) -> Day {
        Day {
            work_date: NaiveDate::from_ymd_opt(2026, 11, 23).expect("a real day"),
            status: DayStatus::from(status),
            counted_minutes: counted,
            actual_minutes: counted,
            expected_minutes: 480,
            balance_minutes: counted - 480,
            late_minutes: late,
            early_minutes: 0,
            break_recorded_minutes: 0,
            break_deducted_minutes: 0,
            unscheduled_minutes: 0,
            holiday_minutes: 0,
            unapproved_overtime_minutes: 0,
            uncounted_early_minutes: 0,
            overtime: Vec::new(),
            flags: Vec::new(),
            presence: None,
            first_in: None,
            last_out: None,
            instances: Vec::new(),
            segments: Vec::new(),
            explanation: Vec::new(),
        }
    }

    #[test]
    fn only_what_there_is_to_say_is_compared() {
        let (before, after) = (day(Status::Incomplete, 0, 6), day(Status::Present, 474, 6));
        let lines = lines(Some(&before), Some(&after));
        let names: Vec<&str> = lines.iter().map(|line| line.name).collect();
        assert_eq!(names, ["Status", "Worked", "Balance", "Late"]);
        assert_eq!(lines[1].after, "7 h 54");
        assert_eq!(lines[2].before, "−8 h 00");
    }

    #[test]
    fn no_day_is_a_dash() {
        let after = day(Status::Present, 480, 0);
        assert_eq!(lines(None, Some(&after))[0].before, "–");
    }
}
