//! The form of terms: the numbers that people ask about first, the rest below.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Problem;
use model::attendance::overtime::Rule;
use model::attendance::policy::{
    ExpectedBy, MissingOut, Policy, RoundTo, Rounding, WeekStart, WorkDateRule,
};
use model::attendance::views::PolicyView;

use super::Fresh;
use super::terms::overtime_words;
use crate::action::problem_of;
use crate::api::attendance::settings_form::KeepPolicy;
use crate::format::counted;
use crate::pages::attendance::common::LoadAgain;
use crate::pages::attendance::roster::pairings;
use crate::pages::scheduling::meeting::parts::said_of;
use crate::paths;
use crate::ui::{
    Button, CheckboxField, Choice, Disclosure, FormProblems, Input, LinkButton, Look, Section,
    SelectField, TextField, field_id,
};

/// The id of the form.
pub const FORM: &str = "terms-form";

/// What the last answer said of the form.
type Said = Signal<Option<Problem>>;

/// The form.
#[component]
pub fn TermsForm(
    /// The terms; new ones without any.
    known: Option<PolicyView>,
    /// Keeps them.
    keep: ServerAction<KeepPolicy>,
    /// Is told that the form was drawn.
    fresh: Fresh,
) -> impl IntoView {
    fresh.drawn();
    let problem = problem_of(keep);
    let said = move |field: &str| said_of(problem, field.to_owned());
    let (id, version, name, people) = match &known {
        Some(known) => (
            known.id.to_string(),
            known.version,
            known.name.clone(),
            known.people,
        ),
        None => (String::new(), 0, String::new(), 0),
    };
    let title = match &known {
        Some(known) => known.name.clone(),
        None => "New terms".to_owned(),
    };
    let whom = match &known {
        Some(_) => format!(
            "They hold for {} today. Their days in open periods are derived again when this is saved.",
            counted(people, "person", "people")
        ),
        None => "They hold for nobody until HR puts people under them.".to_owned(),
    };
    let policy = known.map(|known| known.policy).unwrap_or_default();
    view! {
        <Section title>
            <p class="muted">{whom}</p>
            <ActionForm action=keep attr:id=FORM attr:class="form settings-form" attr:novalidate=true>
                <input type="hidden" name="form[id]" value=id/>
                <input type="hidden" name="form[version]" value=version.to_string()/>
                <FormProblems problem>
                    <LoadAgain problem/>
                    <TextField
                        name="form[name]"
                        id=field_id("name")
                        error=said("name")
                        label="Name"
                        value=name
                        maxlength=80
                        required=true
                        autocomplete="off"
                    />
                    <Numbers policy=policy.clone() problem/>
                    <Rules policy=policy.clone() problem/>
                    <Disclosure summary="Rounding, clocks and rare cases">
                        <div class="dialog-form">
                            <Rare policy=policy problem/>
                        </div>
                    </Disclosure>
                    <div class="form-actions">
                        <Button look=Look::Primary submit=true busy=keep.pending()>
                            "Save terms"
                        </Button>
                        <LinkButton href=paths::ATTENDANCE_TERMS look=Look::Quiet>
                            "Cancel"
                        </LinkButton>
                    </div>
                </FormProblems>
            </ActionForm>
        </Section>
    }
}

/// A field for a number: its name in the form, its name in errors, its words, its unit, its value.
type Number = (&'static str, &'static str, &'static str, &'static str, i64);

fn numbers(fields: Vec<Number>, problem: Said) -> AnyView {
    let fields = fields
        .into_iter()
        .map(|(name, field, label, unit, value)| {
            view! {
                <TextField
                    name=format!("form[{name}]")
                    id=field_id(field)
                    error=said_of(problem, field.to_owned())
                    label
                    input=Input::Number
                    affix=unit
                    value=value.to_string()
                    required=true
                />
            }
        })
        .collect_view();
    view! { <div class="form-pair">{fields}</div> }.into_any()
}

#[component]
fn Numbers(policy: Policy, problem: Said) -> impl IntoView {
    let fields: Vec<Number> = vec![
        (
            "grace_late",
            "graceLateMinutes",
            "Grace at the start",
            "min",
            policy.grace_late_minutes,
        ),
        (
            "grace_early",
            "graceEarlyMinutes",
            "Grace at the end",
            "min",
            policy.grace_early_minutes,
        ),
        (
            "present_percent",
            "presentPercent",
            "Present from this part of the shift on",
            "%",
            policy.present_percent,
        ),
        (
            "half_day_percent",
            "halfDayPercent",
            "Half a day from this part on",
            "%",
            policy.half_day_percent,
        ),
        (
            "capture_before",
            "captureBeforeMinutes",
            "Punches count for a shift, before it",
            "min",
            policy.capture_before_minutes,
        ),
        (
            "capture_after",
            "captureAfterMinutes",
            "Punches count for a shift, after it",
            "min",
            policy.capture_after_minutes,
        ),
    ];
    numbers(fields, problem)
}

#[component]
fn Rules(policy: Policy, problem: Said) -> impl IntoView {
    let said = move |field: &str| said_of(problem, field.to_owned());
    view! {
        <SelectField
            name="form[missing_out]"
            id=field_id("missingOut")
            error=said("missingOut")
            label="When the punch out is missing"
            choices=vec![
                Choice::new(MissingOut::None.as_str(), "Nothing counts until it is added"),
                Choice::new(
                    MissingOut::ShiftEnd.as_str(),
                    "The end of the shift stands for it, marked as an estimate",
                ),
            ]
            value=policy.missing_out.as_str()
        />
        <SelectField
            name="form[overtime]"
            id=field_id("overtime")
            error=said("overtime")
            label="Overtime"
            choices=Rule::ALL
                .iter()
                .map(|rule| Choice::new(rule.as_str(), overtime_words(*rule)))
                .collect()
            value=policy.overtime.as_str()
        />
        <div class="form-pair">
            <TextField
                name="form[day_cut]"
                id=field_id("dayCut")
                error=said("dayCut")
                label="Work without a shift belongs to the day before until"
                input=Input::Time
                value=policy.day_cut.to_string()
                required=true
            />
            <SelectField
                name="form[workweek_start]"
                id=field_id("workweekStart")
                error=said("workweekStart")
                label="A workweek begins on"
                choices=WeekStart::ALL.iter().map(|day| word_choice(day.as_str())).collect()
                value=policy.workweek_start.as_str()
            />
        </div>
        <CheckboxField
            name="form[pay_early]"
            id=field_id("payEarly")
            label="Work before the start of a shift counts"
            checked=policy.pay_early
        />
        <CheckboxField
            name="form[overtime_needs_approval]"
            id=field_id("overtimeNeedsApproval")
            label="Overtime is paid once it is approved"
            help="Until then it is recorded, and told to payroll apart"
            checked=policy.overtime_needs_approval
        />
    }
}

/// A word that is its own label: `Monday`.
fn word_choice(word: &'static str) -> Choice {
    let (first, rest) = word.split_at(1);
    Choice::new(word, format!("{}{rest}", first.to_uppercase()))
}

#[component]
fn Rare(policy: Policy, problem: Said) -> impl IntoView {
    let said = move |field: &str| said_of(problem, field.to_owned());
    let fields: Vec<Number> = vec![
        (
            "duplicate_window",
            "duplicateWindowSeconds",
            "A second punch is a repeat within",
            "s",
            policy.duplicate_window_seconds,
        ),
        (
            "max_session",
            "maxSessionHours",
            "The longest time at work",
            "h",
            policy.max_session_hours,
        ),
        (
            "min_time_off",
            "minTimeOffHours",
            "Time off that begins new work",
            "h",
            policy.min_time_off_hours,
        ),
    ];
    let fields = numbers(fields, problem);
    view! {
        <Round rounding=policy.rounding problem/>
        {fields}
        <SelectField
            name="form[work_date]"
            id=field_id("workDate")
            error=said("workDate")
            label="A night shift counts on"
            choices=vec![
                Choice::new(WorkDateRule::Start.as_str(), "The date on which it begins"),
                Choice::new(WorkDateRule::End.as_str(), "The date on which it ends"),
                Choice::new(WorkDateRule::Majority.as_str(), "The date that has more of it"),
                Choice::new(WorkDateRule::Split.as_str(), "Both, cut at midnight"),
            ]
            value=policy.work_date.as_str()
        />
        <SelectField
            name="form[pairing]"
            id=field_id("pairing")
            error=said("pairing")
            label="How punches become work, where the shift does not say"
            choices=pairings()
            value=policy.pairing.as_str()
        />
        <SelectField
            name="form[expected]"
            id=field_id("expected")
            error=said("expected")
            label="When the clocks change, a shift is"
            choices=vec![
                Choice::new(ExpectedBy::Elapsed.as_str(), "As long as it lasts"),
                Choice::new(ExpectedBy::Nominal.as_str(), "As long as the clocks say"),
            ]
            value=policy.expected.as_str()
        />
        <CheckboxField
            name="form[correct_skew]"
            id=field_id("correctSkew")
            label="Times of a reader whose clock is wrong are put right"
            checked=policy.correct_skew
        />
    }
}

/// How counted time is rounded. Punches never are.
#[component]
fn Round(rounding: Option<Rounding>, problem: Said) -> impl IntoView {
    let said = move |field: &str| said_of(problem, field.to_owned());
    let unit = rounding
        .map(|known| known.unit_minutes.to_string())
        .unwrap_or_default();
    let begin = rounding.map_or(RoundTo::Nearest, |known| known.begin);
    let end = rounding.map_or(RoundTo::Nearest, |known| known.end);
    view! {
        <TextField
            name="form[rounding_unit]"
            id=field_id("rounding.unitMinutes")
            error=said("rounding.unitMinutes")
            label="Counted time is rounded to"
            help="Punches themselves never are. Leave it empty for no rounding"
            input=Input::Number
            affix="min"
            value=unit
            optional=true
        />
        <div class="form-pair">
            <SelectField
                name="form[rounding_begin]"
                id=field_id("rounding.begin")
                error=said("rounding.begin")
                label="The beginning of work"
                choices=ways()
                value=begin.as_str()
            />
            <SelectField
                name="form[rounding_end]"
                id=field_id("rounding.end")
                error=said("rounding.end")
                label="Its end"
                choices=ways()
                value=end.as_str()
            />
        </div>
    }
}

fn ways() -> Vec<Choice> {
    vec![
        Choice::new(RoundTo::Nearest.as_str(), "To the nearer"),
        Choice::new(RoundTo::Up.as_str(), "Up"),
        Choice::new(RoundTo::Down.as_str(), "Down"),
    ]
}
