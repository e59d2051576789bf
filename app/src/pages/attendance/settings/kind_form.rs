//! The form of a kind of leave, which says in sentences what its rules mean while they are typed.

use chrono::NaiveDate;
use leptos::form::{ActionForm, FromFormData};
use leptos::prelude::*;
use model::Problem;
use model::attendance::accrual::{Accrual, DAY_MINUTES, Direction, LeaveType, MonthEnd, Proration};
use model::attendance::views::{LeaveKindView, ToldAs};
use wasm_bindgen::JsCast;

use super::kinds::{Doings, told_words};
use crate::action::problem_of;
use crate::api::attendance::kind_form::KeepKind;
use crate::pages::attendance::common::LoadAgain;
use crate::pages::scheduling::meeting::parts::said_of;
use crate::paths;
use crate::ui::{
    Button, CheckboxField, Choice, Disclosure, ErrorSummary, FormProblems, Input, LinkButton, Look,
    Notice, Section, SelectField, TextField, Tone, field_id,
};

/// The id of the form.
pub const FORM: &str = "kind-form";

/// What the last answer said of the form.
type Said = Signal<Option<Problem>>;

/// What the rules mean that stand in the form at this moment.
#[derive(Clone, Copy)]
pub struct Meaning {
    /// Nothing as long as nothing was typed; else sentences, or why there are none.
    typed: RwSignal<Option<Result<Vec<String>, ()>>>,
}

impl Meaning {
    /// Makes it, once, at the top of the page.
    pub fn new() -> Self {
        Self {
            typed: RwSignal::new(None),
        }
    }

    /// Reads the form again. In the browser.
    fn read(&self, today: NaiveDate) {
        let rules = typed_rules().map(|rules| rules.told(today));
        self.typed.set(Some(rules.ok_or(())));
    }
}

/// The rules in the form, once they can be read.
fn typed_rules() -> Option<LeaveType> {
    let form = document().get_element_by_id(FORM)?;
    let form = form.dyn_into::<web_sys::HtmlFormElement>().ok()?;
    let fields = web_sys::FormData::new_with_form(&form).ok()?;
    let (_, rules) = KeepKind::from_form_data(&fields).ok()?.form.read().ok()?;
    // The name may still be missing.
    let named = LeaveType {
        name: "Leave".to_owned(),
        ..rules
    };
    named.errors().is_empty().then_some(named)
}

/// The form.
#[component]
pub fn KindForm(
    /// The kind; a new one without any.
    known: Option<LeaveKindView>,
    /// The present day.
    today: NaiveDate,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let Doings {
        keep,
        meaning,
        fresh,
        ..
    } = doings;
    fresh.drawn();
    // What was typed belonged to the form that was here before.
    Effect::new(move |_| meaning.typed.set(None));
    let problem = problem_of(keep);
    let said = move |field: &str| said_of(problem, field.to_owned());
    let (id, version) = match &known {
        Some(known) => (known.id.to_string(), known.version),
        None => (String::new(), 0),
    };
    let title = match &known {
        Some(known) => known.rules.name.clone(),
        None => "New kind of leave".to_owned(),
    };
    let told_as = known.as_ref().map_or(ToldAs::Leave, |known| known.told_as);
    let retire = known.clone().map(|known| view! { <Retire known doings/> });
    let is_known = known.is_some();
    let rules = known.map_or_else(usual, |known| known.rules);
    let at_first = rules.told(today);
    let name = if is_known {
        rules.name.clone()
    } else {
        String::new()
    };
    view! {
        <Section title>
            <ActionForm
                action=keep
                attr:id=FORM
                attr:class="form settings-form"
                attr:novalidate=true
                on:input=move |_| meaning.read(today)
            >
                <input type="hidden" name="form[id]" value=id/>
                <input type="hidden" name="form[version]" value=version.to_string()/>
                <FormProblems problem>
                    <LoadAgain problem/>
                    <TextField
                        name="form[name]"
                        id=field_id("name")
                        error=said("name")
                        label="Name"
                        help="As people read it when they ask for it"
                        value=name
                        maxlength=80
                        required=true
                        autocomplete="off"
                    />
                    <CheckboxField
                        name="form[paid]"
                        id=field_id("paid")
                        label="It is paid"
                        checked=rules.paid
                    />
                    <SelectField
                        name="form[told_as]"
                        id=field_id("told_as")
                        error=said("told_as")
                        label="What meetings are told of it"
                        help="Colleagues who want to book somebody see this, and no more"
                        choices=ToldAs::ALL
                            .iter()
                            .map(|told| Choice::new(told.as_str(), told_words(*told)))
                            .collect()
                        value=told_as.as_str()
                    />
                    <Granted rules=rules.clone() problem/>
                    <Disclosure summary="Rounding, the leave year, and what is left">
                        <div class="dialog-form">
                            <Rest rules problem/>
                        </div>
                    </Disclosure>
                    <Told meaning at_first/>
                    <div class="form-actions">
                        <Button look=Look::Primary submit=true busy=keep.pending()>
                            "Save kind"
                        </Button>
                        <LinkButton href=paths::LEAVE_KINDS look=Look::Quiet>
                            "Cancel"
                        </LinkButton>
                    </div>
                </FormProblems>
            </ActionForm>
            {retire}
        </Section>
    }
}

/// What a new kind begins with: not counted, which is what most are.
fn usual() -> LeaveType {
    LeaveType {
        code: "leave".to_owned(),
        name: "Leave".to_owned(),
        paid: true,
        accrual: Accrual::None,
        proration: Proration::Months,
        rounding: model::attendance::accrual::Rounding {
            unit_minutes: DAY_MINUTES / 2,
            direction: Direction::Up,
        },
        year_start_month: 1,
        cap_minutes: None,
        yearly_cap_minutes: None,
        carry_over: model::attendance::accrual::CarryOver::default(),
        overdraft_minutes: None,
    }
}

/// What the rules mean, announced when it changes.
#[component]
fn Told(meaning: Meaning, at_first: Vec<String>) -> impl IntoView {
    let told = move || match meaning.typed.get() {
        None => sentences(&at_first),
        Some(Ok(told)) => sentences(&told),
        Some(Err(())) => view! {
            <p class="quiet">"Some of the numbers cannot be read yet."</p>
        }
        .into_any(),
    };
    view! {
        <div class="kind-told" aria-live="polite">
            <h3>"What that means"</h3>
            {told}
            <p class="field-help">"A day is one of eight hours here."</p>
        </div>
    }
}

fn sentences(told: &[String]) -> AnyView {
    let items = told
        .iter()
        .map(|sentence| view! { <li>{sentence.clone()}</li> })
        .collect_view();
    view! { <ul class="kind-sentences">{items}</ul> }.into_any()
}

/// How it is granted, and how much.
#[component]
fn Granted(rules: LeaveType, problem: Said) -> impl IntoView {
    let said = move |field: &str| said_of(problem, field.to_owned());
    let (word, amount) = match rules.accrual {
        Accrual::None if rules.overdraft_minutes.is_some() => ("by_hand", None),
        Accrual::None => ("none", None),
        Accrual::Yearly { minutes } => ("yearly", Some(minutes)),
        Accrual::Monthly { minutes, on } => match on {
            MonthEnd::First => ("monthly_first", Some(minutes)),
            MonthEnd::Last => ("monthly_last", Some(minutes)),
        },
        Accrual::Worked { .. } => ("worked", None),
    };
    let (earned, per_hours) = match rules.accrual {
        Accrual::Worked {
            minutes,
            per_minutes,
        } => (minutes.to_string(), (per_minutes / 60).to_string()),
        _ => (String::new(), String::new()),
    };
    view! {
        <SelectField
            name="form[accrual]"
            id=field_id("accrual")
            error=said("accrual")
            label="How it is granted"
            choices=vec![
                Choice::new("none", "Not at all, and it is not counted"),
                Choice::new("by_hand", "By HR, who enters it; what is taken is counted"),
                Choice::new("yearly", "At the start of each leave year"),
                Choice::new("monthly_first", "On the first day of each month"),
                Choice::new("monthly_last", "On the last day of each month"),
                Choice::new("worked", "By the hours that were worked"),
            ]
            value=word
        />
        <TextField
            name="form[amount]"
            id=field_id("amount")
            error=said("amount")
            label="How much, for a whole year or month"
            help="In days of eight hours, such as 30 or 2.5"
            input=Input::Amount
            affix="days"
            value=days_text(amount)
            optional=true
        />
        <div class="form-pair">
            <TextField
                name="form[earned]"
                id=field_id("earned")
                error=said("earned")
                label="By hours worked: so much leave"
                input=Input::Number
                affix="min"
                value=earned
                optional=true
            />
            <TextField
                name="form[per_hours]"
                id=field_id("per_hours")
                error=said("per_hours")
                label="For so much work"
                input=Input::Number
                affix="h"
                value=per_hours
                optional=true
            />
        </div>
        <TextField
            name="form[overdraft]"
            id=field_id("overdraftMinutes")
            error=said("overdraftMinutes")
            label="More than there is can be taken, up to"
            help="0 for not at all; empty for no limit"
            input=Input::Amount
            affix="days"
            value=days_text(rules.overdraft_minutes)
            optional=true
        />
    }
}

/// Minutes as days for a field: `2.5`.
fn days_text(minutes: Option<i64>) -> String {
    let Some(minutes) = minutes else {
        return String::new();
    };
    let parts = (minutes.abs() * 20_000 + DAY_MINUTES) / (2 * DAY_MINUTES);
    let sign = if minutes < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:04}", parts / 10_000, parts % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[component]
fn Rest(rules: LeaveType, problem: Said) -> impl IntoView {
    let said = move |field: &str| said_of(problem, field.to_owned());
    let months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let months = months.iter().enumerate();
    let carry_months = rules
        .carry_over
        .months
        .map(|n| n.to_string())
        .unwrap_or_default();
    view! {
        <div class="form-pair">
            <SelectField
                name="form[year_start]"
                id=field_id("yearStartMonth")
                error=said("yearStartMonth")
                label="The leave year begins in"
                choices=months
                    .map(|(place, name)| Choice::new((place + 1).to_string(), *name))
                    .collect()
                value=rules.year_start_month.to_string()
            />
            <SelectField
                name="form[proration]"
                id=field_id("proration")
                error=said("proration")
                label="Whoever was not there all the time gets"
                choices=vec![
                    Choice::new(Proration::Months.as_str(), "A share for each full month"),
                    Choice::new(Proration::Days.as_str(), "A share for each day"),
                    Choice::new(Proration::None.as_str(), "All of it"),
                ]
                value=rules.proration.as_str()
            />
            <SelectField
                name="form[rounding_unit]"
                id=field_id("rounding.unitMinutes")
                error=said("rounding.unitMinutes")
                label="A grant is rounded to"
                choices=units(rules.rounding.unit_minutes)
                value=rules.rounding.unit_minutes.to_string()
            />
            <SelectField
                name="form[rounding]"
                id=field_id("rounding.direction")
                error=said("rounding.direction")
                label="Which way"
                choices=vec![
                    Choice::new(Direction::Up.as_str(), "Up"),
                    Choice::new(Direction::Nearest.as_str(), "To the nearer"),
                    Choice::new(Direction::Down.as_str(), "Down"),
                ]
                value=rules.rounding.direction.as_str()
            />
            <TextField
                name="form[carry_most]"
                id=field_id("carryOver.mostMinutes")
                error=said("carryOver.mostMinutes")
                label="Into the next year pass at most"
                help="0 for nothing; empty for all"
                input=Input::Amount
                affix="days"
                value=days_text(rules.carry_over.most_minutes)
                optional=true
            />
            <TextField
                name="form[carry_months]"
                id=field_id("carryOver.months")
                error=said("carryOver.months")
                label="To be taken there within"
                help="Empty for ever"
                input=Input::Number
                affix="months"
                value=carry_months
                optional=true
            />
            <TextField
                name="form[cap]"
                id=field_id("capMinutes")
                error=said("capMinutes")
                label="No grant above a balance of"
                input=Input::Amount
                affix="days"
                value=days_text(rules.cap_minutes)
                optional=true
            />
            <TextField
                name="form[yearly_cap]"
                id=field_id("yearlyCapMinutes")
                error=said("yearlyCapMinutes")
                label="Granted in a year at most"
                input=Input::Amount
                affix="days"
                value=days_text(rules.yearly_cap_minutes)
                optional=true
            />
        </div>
    }
}

/// To what a grant can be rounded, with what is set now among it.
fn units(now: i64) -> Vec<Choice> {
    let mut units = vec![
        (1, "A minute".to_owned()),
        (30, "Half an hour".to_owned()),
        (60, "An hour".to_owned()),
        (DAY_MINUTES / 2, "Half a day".to_owned()),
        (DAY_MINUTES, "A day".to_owned()),
    ];
    if !units.iter().any(|(unit, _)| *unit == now) {
        units.push((now, format!("{now} minutes")));
    }
    let units = units.into_iter();
    units
        .map(|(unit, label)| Choice::new(unit.to_string(), label))
        .collect()
}

/// Takes it out of use, or brings it back.
#[component]
fn Retire(known: LeaveKindView, doings: Doings) -> impl IntoView {
    let retire = doings.retire;
    let problem = problem_of(retire);
    let (title, text, verb) = match known.retired {
        true => (
            "It is out of use",
            "Nobody can ask for it, and nothing more is granted of it. What was taken and entered stays.",
            "Bring it back",
        ),
        false => (
            "It is in use",
            "Out of use, nobody can ask for it, and nothing more is granted of it. What was taken and entered stays.",
            "Take it out of use",
        ),
    };
    view! {
        <ErrorSummary problem/>
        <Notice tone=Tone::Neutral title text>
            <ActionForm action=retire>
                <input type="hidden" name="id" value=known.id.to_string()/>
                <input type="hidden" name="version" value=known.version.to_string()/>
                <input type="hidden" name="retired" value=(!known.retired).to_string()/>
                <Button submit=true small=true busy=retire.pending()>{verb}</Button>
            </ActionForm>
        </Notice>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_stand_in_a_field_as_short_as_they_can() {
        let text = |minutes| days_text(Some(minutes));
        assert_eq!(text(14_400), "30");
        assert_eq!(text(1_200), "2.5");
        assert_eq!(text(0), "0");
        assert_eq!(text(100), "0.2083");
        assert_eq!(days_text(None), "");
    }
}
