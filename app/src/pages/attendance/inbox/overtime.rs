//! Overtime and early arrivals that wait: one form for all of them, so that many days are decided at
//! once. Less than all of a day is approved by writing fewer minutes.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::OvertimeDay;

use super::super::words::{duration, short_date};
use super::desk::Deciding;
use crate::action::problem_of;
use crate::api::attendance::overtime_form::day_of;
use crate::pages::attendance::common::LoadAgain;
use crate::paths;
use crate::ui::{Button, FormProblems, Icon, Look, Section, TextField, field_id};

/// The section.
#[component]
pub fn Overtime(
    /// The days that wait.
    days: Vec<OvertimeDay>,
    /// What can be decided.
    deciding: Deciding,
) -> impl IntoView {
    let action = deciding.overtime;
    let problem = problem_of(action);
    let pending = action.pending();
    let rows = days
        .into_iter()
        .enumerate()
        .map(|(row, day)| row_view(row, day))
        .collect_view();
    view! {
        <Section title="Overtime and early arrivals">
            <ActionForm
                action
                attr:class="overtime-form"
                on:input=move |_| deciding.typing.set(true)
            >
                <FormProblems problem>
                    <LoadAgain problem/>
                    <ul id=field_id("pick") class="overtime-days" tabindex="-1">
                        {rows}
                    </ul>
                    <TextField
                        name="form[note]"
                        id=field_id("note")
                        label="Note"
                        help="Stands with each day that you have chosen"
                        optional=true
                        maxlength=1000
                    />
                    <div class="button-row">
                        <Button
                            look=Look::Primary
                            submit=true
                            icon=Icon::Check
                            busy=pending
                            attr:name="form[approve]"
                            attr:value="true"
                        >
                            "Approve chosen days"
                        </Button>
                        <Button
                            submit=true
                            icon=Icon::Cross
                            busy=pending
                            attr:name="form[approve]"
                            attr:value="false"
                        >
                            "Refuse chosen days"
                        </Button>
                    </div>
                </FormProblems>
            </ActionForm>
        </Section>
    }
}

fn row_view(row: usize, day: OvertimeDay) -> AnyView {
    let known = day_of(&day);
    let name = format!("{}, {}", day.employee.name, short_date(day.work_date));
    let href = paths::attendance_day(day.work_date, Some(day.employee.id));
    let title = format!("overtime-{row}-day");
    let labelled = title.clone();
    let facts = facts(&day);
    let why = day.why.into_iter().map(|line| view! { <li>{line}</li> });
    let why = why.collect_view();
    let minutes = (day.overtime_minutes > 0).then(|| {
        let most = day.overtime_minutes.to_string();
        view! {
            <label class="overtime-minutes">
                <span>"Minutes" <span class="sr-only">{format!(": {name}")}</span></span>
                <input
                    class="input num"
                    type="number"
                    name=format!("form[minutes][{row}]")
                    min="0"
                    max=most.clone()
                    step="1"
                    value=most
                />
            </label>
        }
        .into_any()
    });
    let no_minutes = (day.overtime_minutes == 0).then(|| {
        view! { <input type="hidden" name=format!("form[minutes][{row}]") value="0"/> }
    });
    let early = (day.early_minutes > 0).then(|| {
        view! {
            <label class="overtime-early">
                <input type="checkbox" name="form[early][]" value=row.to_string() checked=true/>
                "Count " {duration(day.early_minutes)} " before the start"
                <span class="sr-only">{format!(": {name}")}</span>
            </label>
        }
    });
    view! {
        <li class="overtime-day">
            <input type="hidden" name=format!("form[day][{row}]") value=known/>
            <input
                type="checkbox"
                name="form[pick][]"
                value=row.to_string()
                aria-labelledby=labelled
            />
            <div class="overtime-what">
                <a id=title href=href>{name.clone()}</a>
                <span class="small">{facts}</span>
                <ul class="muted small">{why}</ul>
            </div>
            <div class="overtime-how">{minutes} {no_minutes} {early}</div>
        </li>
    }
    .into_any()
}

/// `10 h worked · 2 h overtime: 2 h at 1.5`.
fn facts(day: &OvertimeDay) -> String {
    let mut facts = vec![format!("{} worked", duration(day.counted_minutes))];
    if day.overtime_minutes > 0 {
        let above = day.overtime.iter().filter(|b| b.multiplier.is_overtime());
        let above: Vec<String> = above
            .map(|bucket| format!("{} at {}", duration(bucket.minutes), bucket.multiplier))
            .collect();
        facts.push(format!("overtime {}", above.join(", ")));
    }
    if day.early_minutes > 0 {
        facts.push(format!("{} early", duration(day.early_minutes)));
    }
    facts.join(" · ")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use model::PersonId;
    use model::attendance::overtime::{Bucket, Multiplier};
    use model::attendance::views::Named;

    use super::*;

    #[test]
    fn a_day_says_what_it_is_paid() {
        let day = OvertimeDay {
            employee: Named {
                id: PersonId::from_parts(DateTime::UNIX_EPOCH, &[1; 10]),
                name: "Ana Kowalski".into(),
            },
            work_date: "2026-11-23".parse().expect("a date"),
            counted_minutes: 600,
            overtime: vec![Bucket {
                multiplier: Multiplier::ONE_AND_A_HALF,
                minutes: 120,
            }],
            overtime_minutes: 120,
            early_minutes: 20,
            why: Vec::new(),
            version: 0,
        };
        let (worked, over, early) = (duration(600), duration(120), duration(20));
        assert_eq!(
            facts(&day),
            format!("{worked} worked · overtime {over} at 1.5 · {early} early")
        );
    }
}
