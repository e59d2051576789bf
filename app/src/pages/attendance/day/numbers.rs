//! The numbers of a day, each with what made it so, in the words of the rules.

use leptos::prelude::*;
use model::attendance::day::{Day, Explanation, Flag, Rule};

use super::super::words::{duration, flag_words, overtime_minutes, signed};
use crate::ui::{EmptyState, Icon, Section};

/// One number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Number {
    label: &'static str,
    value: String,
    /// What made it so: the words, and the minutes where they add up.
    lines: Vec<(String, Option<String>)>,
}

/// The numbers of the day.
#[component]
pub fn Numbers(
    /// The day; nothing if there is nothing to say of it.
    day: Option<Day>,
) -> impl IntoView {
    let Some(day) = day else {
        return view! {
            <EmptyState
                icon=Icon::Calendar
                title="Nothing to count yet"
                text="What this day comes to stands here once there is a shift, a punch, leave or a holiday on it."
            />
        }
        .into_any();
    };
    let numbers = numbers(&day).into_iter().map(number_view).collect_view();
    let also = also(&day);
    let also = (!also.is_empty()).then(|| {
        let lines = also
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view();
        view! {
            <div class="numbers-also">
                <h3>"Also to know"</h3>
                <ul>{lines}</ul>
            </div>
        }
    });
    view! {
        <Section title="Numbers">
            <dl class="numbers">{numbers}</dl>
            {also}
        </Section>
    }
    .into_any()
}

fn number_view(number: Number) -> impl IntoView {
    let lines = number.lines.into_iter().map(|(text, minutes)| {
        view! {
            <li>
                <span>{text}</span>
                " "
                {minutes.map(|minutes| view! { <span class="num numbers-part">{minutes}</span> })}
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <div class="number">
            <dt>{number.label}</dt>
            <dd class="number-value num">{number.value}</dd>
            <dd class="number-why">
                <ul>{lines}</ul>
            </dd>
        </div>
    }
}

/// What the rules of some names say. Minutes stand beside what adds up to the number.
fn said(day: &Day, rules: &[Rule], adds_up: bool) -> Vec<(String, Option<String>)> {
    let lines = day.explanation.iter();
    lines
        .filter(|line| rules.contains(&line.rule))
        .map(|line| (line.text.clone(), part(line).filter(|_| adds_up)))
        .collect()
}

fn part(line: &Explanation) -> Option<String> {
    (line.minutes != 0).then(|| signed(line.minutes))
}

fn numbers(day: &Day) -> Vec<Number> {
    let plain = |text: String| vec![(text, None)];
    let mut worked = said(day, &[Rule::Pair, Rule::MissingOut, Rule::Count], true);
    // Of the breaks, what is taken off the work belongs here too.
    let deducted = day.explanation.iter();
    let deducted = deducted.filter(|line| line.rule == Rule::Breaks && line.minutes != 0);
    worked.extend(deducted.map(|line| (line.text.clone(), part(line))));
    if worked.is_empty() {
        worked = plain("Nothing was punched that counts.".to_owned());
    }
    let mut expected = said(day, &[Rule::Expected], day.instances.len() > 1);
    if expected.is_empty() {
        expected = plain("No shift was planned.".to_owned());
    }
    let mut numbers = vec![
        Number {
            label: "Worked",
            value: duration(day.counted_minutes),
            lines: worked,
        },
        Number {
            label: "Expected",
            value: duration(day.expected_minutes),
            lines: expected,
        },
        Number {
            label: "Balance",
            value: signed(day.balance_minutes),
            lines: plain(format!(
                "{} worked, less {} expected.",
                duration(day.counted_minutes),
                duration(day.expected_minutes)
            )),
        },
        late(day),
        breaks(day),
        overtime(day),
    ];
    for (label, minutes, text) in [
        (
            "Without a shift",
            day.unscheduled_minutes,
            "Work at a time for which no shift was planned.",
        ),
        (
            "On a holiday",
            day.holiday_minutes,
            "Work on a public holiday, by the calendar.",
        ),
    ] {
        if minutes > 0 {
            numbers.push(Number {
                label,
                value: duration(minutes),
                lines: plain(text.to_owned()),
            });
        }
    }
    numbers
}

fn late(day: &Day) -> Number {
    let (late, early) = (day.late_minutes, day.early_minutes);
    let (label, value) = match (late, early) {
        (_, 0) => ("Late", duration(late)),
        (0, _) => ("Left early", duration(early)),
        _ => (
            "Late, and left early",
            format!("{} and {}", duration(late), duration(early)),
        ),
    };
    let mut lines = said(day, &[Rule::Late], false);
    if lines.is_empty() {
        let text = match day.instances.is_empty() {
            true => "There was no shift to be late for.",
            false => "Not later than the grace of the shift allows.",
        };
        lines.push((text.to_owned(), None));
    }
    Number {
        label,
        value,
        lines,
    }
}

fn breaks(day: &Day) -> Number {
    let all = day.break_recorded_minutes + day.break_deducted_minutes;
    let mut lines = said(day, &[Rule::Breaks], false);
    if lines.is_empty() {
        lines.push(("No break was punched, and none deducted.".to_owned(), None));
    }
    Number {
        label: "Breaks",
        value: duration(all),
        lines,
    }
}

fn overtime(day: &Day) -> Number {
    let mut lines = said(day, &[Rule::Overtime], false);
    let above = day.overtime.iter();
    let above = above.filter(|bucket| bucket.multiplier.is_overtime());
    lines.extend(above.map(|bucket| {
        let text = format!("Paid {} times", bucket.multiplier);
        (text, Some(duration(bucket.minutes)))
    }));
    if lines.is_empty() {
        lines.push(("All of it is paid at the straight rate.".to_owned(), None));
    }
    Number {
        label: "Overtime",
        value: duration(overtime_minutes(day)),
        lines,
    }
}

/// What the rules say beside the numbers: how punches were read, on which date they count, why the
/// status is as it is, what the law says to it.
fn also(day: &Day) -> Vec<String> {
    let told = [
        Rule::Interpret,
        Rule::Clock,
        Rule::Owner,
        Rule::Repeat,
        Rule::NearRepeat,
        Rule::Assign,
        Rule::WorkDate,
        Rule::Status,
        Rule::Compliance,
    ];
    let mut lines: Vec<String> = said(day, &told, false)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    // Of these no rule speaks.
    let silent = [Flag::PartLeave, Flag::HalfHoliday];
    let silent = silent.into_iter().filter(|flag| day.has(*flag));
    lines.extend(silent.map(|flag| flag_words(flag).1.to_owned()));
    lines
}

#[cfg(test)]
#[path = "numbers_tests.rs"]
mod tests;
