//! The day as it stands.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::PersonId;
use model::attendance::day::Flag;
use model::attendance::views::{DayPage, ShiftTime};
use model::time::Stamp;

use super::super::band::{Band, Drawn};
use super::super::words::{
    StatusChip, date_words, flag_words, short_date, signed, wants_punch, zone_words,
};
use super::CORRECT;
use super::ask::{Ask, Asking};
use super::numbers::Numbers;
use super::overtime::Overtime;
use super::punches::Punches;
use super::requests::Requests;
use crate::paths::{self, use_here};
use crate::ui::{
    Icon, LinkButton, Look, Notice, PageHeader, Section, Timeline, TimelineEntry, Tone,
};

/// The whole page.
#[component]
pub fn Shown(
    /// What the server knows of it.
    page: DayPage,
    /// The form, and what can be done.
    asking: Asking,
) -> impl IntoView {
    let here = use_here();
    let form_page = page.clone();
    let DayPage {
        employee,
        own,
        date,
        day,
        shifts,
        holiday,
        leave,
        punches,
        corrections,
        history,
        locked,
        adjustment,
        overtime,
        may_request,
        may_correct,
        decides,
        zone,
        ..
    } = page;
    let employee_id = employee.id;
    let person = (!own).then_some(employee.id);
    let words = date_words(date);
    let title = match own {
        true => words.clone(),
        false => format!("{}, {words}", employee.name),
    };
    let back_words = date.format("%B %Y").to_string();
    let back = (paths::attendance_month(date, person), back_words);
    let facts = facts_of(&shifts, holiday, leave, &zone);
    let flags = day
        .as_ref()
        .map(|day| day.flags.clone())
        .unwrap_or_default();
    // The band shows the punches that stand.
    let standing = punches.iter().filter(|punch| !punch.void);
    let stamps: Vec<Stamp> = standing.map(|punch| punch.at.clone()).collect();
    let drawn = Drawn::of(date, &shifts, day.as_ref(), &stamps, None, &None);
    let may_ask = may_request || may_correct;
    let ask_words = match may_request {
        true => "Request correction",
        false => "Correct this day",
    };
    let form_href = move || here.with(&[(CORRECT, Some("1"))]);
    let ask_for_it = move || {
        (may_ask && !asking.is_open.get()).then(|| {
            view! {
                <LinkButton href=form_href() look=Look::Primary icon=Icon::Pencil>
                    {ask_words}
                </LinkButton>
            }
        })
    };
    let form = move || {
        (may_ask && asking.is_open.get()).then(|| {
            let page = form_page.clone();
            view! { <Ask page asking/> }
        })
    };
    let history: Vec<TimelineEntry> = history
        .into_iter()
        .map(|change| {
            let version = format!("version {}", change.version);
            TimelineEntry::new(change.at, version, change.text)
        })
        .collect();
    let label = format!("What the day was before, {words}");
    let chip = day.as_ref().map(|day| {
        let status = day.status;
        view! { <StatusChip status/> }
    });
    view! {
        <PageHeader title chip=chip.into_any() facts back>
            {date
                .pred_opt()
                .map(|date| view! { <Step date person icon=Icon::ArrowLeft spoken="Day before, "/> })}
            {date
                .succ_opt()
                .map(|date| view! { <Step date person icon=Icon::ArrowRight spoken="Day after, "/> })}
            {decides
                .then(|| {
                    view! {
                        <LinkButton href=paths::leave_days(person) icon=Icon::Calendar>
                            "Leave"
                        </LinkButton>
                    }
                })}
            {ask_for_it}
        </PageHeader>
        {locked.then(|| locked_note(adjustment))}
        {notes_of(&flags)}
        <Band drawn/>
        {form}
        <Numbers day/>
        <Punches date punches zone/>
        <Overtime decision=overtime employee=employee_id date asking/>
        <Requests corrections asking/>
        {(!history.is_empty())
            .then(|| {
                view! {
                    <Section title="History">
                        <Timeline label entries=history/>
                    </Section>
                }
            })}
    }
}

fn facts_of(
    shifts: &[ShiftTime],
    holiday: Option<String>,
    leave: Option<String>,
    zone: &str,
) -> AnyView {
    let mut facts: Vec<String> = shifts
        .iter()
        .map(|shift| {
            let times = format!("{}–{}", shift.from.clock(), shift.to.clock());
            match shift.name.as_str() {
                "" => format!("Shift {times}"),
                name => format!("{name}, {times}"),
            }
        })
        .collect();
    if facts.is_empty() {
        facts.push("No shift".to_owned());
    }
    facts.extend(holiday);
    facts.extend(leave);
    facts.push(format!("Times in {}", zone_words(zone)));
    facts
        .into_iter()
        .map(|fact| view! { <span>{fact}</span> })
        .collect_view()
        .into_any()
}

/// The link to the day before or after.
#[component]
fn Step(
    date: NaiveDate,
    person: Option<PersonId>,
    icon: Icon,
    spoken: &'static str,
) -> impl IntoView {
    view! {
        <LinkButton href=paths::attendance_day(date, person) icon>
            <span class="sr-only">{spoken}</span>
            {short_date(date)}
        </LinkButton>
    }
}

fn locked_note(adjustment: Option<(i64, String)>) -> AnyView {
    let text = match adjustment {
        Some((minutes, state)) => format!(
            "The day stays as it was paid. It has come to {} since, as an adjustment: {state}.",
            signed(minutes)
        ),
        None => "The day stays as it was paid. What changes from now on becomes an adjustment in an open period."
            .to_owned(),
    };
    view! { <Notice title="The period of this day is locked" text/> }.into_any()
}

/// What is out of order, in a sentence each; what is only good to know stands below the numbers.
fn notes_of(flags: &[Flag]) -> AnyView {
    let grave = flags
        .iter()
        .filter(|flag| wants_punch(**flag) || flag_words(**flag).2 == Tone::Caution);
    grave
        .map(|flag| {
            let (title, text, tone) = flag_words(*flag);
            view! { <Notice tone title text/> }
        })
        .collect_view()
        .into_any()
}
