//! The form of a rotation: its name, when a cycle begins, and the shift of each day, a row a week.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ShiftTemplateId;
use model::attendance::rotation::Rotation;
use model::attendance::views::{RotationView, RotationsPage, TemplateView};

use super::Doings;
use crate::action::problem_of;
use crate::api::attendance::rotation_form::OFF;
use crate::pages::attendance::common::LoadAgain;
use crate::pages::scheduling::meeting::parts::{said_of, typed_or};
use crate::paths;
use crate::ui::{
    Button, Choice, FormProblems, Icon, Input, LinkButton, Look, Section, TextField, field_id,
};

/// The id of the form.
pub const FORM: &str = "rotation-form";
/// How many days a row has.
const WEEK: usize = 7;
/// No cycle is longer, in weeks.
const MOST_WEEKS: usize = 53;

/// The form.
#[component]
pub fn RotationForm(
    /// The rotation; a new one without any.
    known: Option<RotationView>,
    /// What the server knows.
    page: RotationsPage,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let Doings {
        keep, fresh, more, ..
    } = doings;
    fresh.drawn();
    let problem = problem_of(keep);
    let said = move |field: &str| said_of(problem, field.to_owned());
    let (id, version) = match &known {
        Some(known) => (known.id.to_string(), known.version),
        None => (String::new(), 0),
    };
    let title = match &known {
        Some(_) => "The cycle",
        None => "New rotation",
    };
    let rotation = known.map_or_else(
        || Rotation {
            name: String::new(),
            anchor: monday(page.today),
            days: Vec::new(),
        },
        |known| known.rotation,
    );
    let has = rotation.days.len().div_ceil(WEEK);
    let days: Vec<String> = rotation.days.iter().map(|day| value_of(day)).collect();
    let choices = choices(&page.templates, &rotation);
    let rows = move || {
        let weeks = (has + more.get()).min(MOST_WEEKS);
        (0..weeks).collect::<Vec<_>>()
    };
    let week = move |week: usize| {
        let fields = (0..WEEK)
            .map(|day| {
                let place = week * WEEK + day;
                let name = format!("form[days][{place}]");
                let before = days.get(place).cloned().unwrap_or_default();
                day_field(place, typed_or(problem, &name, before), &choices)
            })
            .collect_view();
        view! {
            <div class="rotation-week" role="group" aria-label=format!("Days {} to {}", week * WEEK + 1, week * WEEK + WEEK)>
                <span class="rotation-week-name" aria-hidden="true">{format!("Week {}", week + 1)}</span>
                {fields}
            </div>
        }
    };
    let days_error = said_of(problem, "days".to_owned());
    view! {
        <Section title>
            <ActionForm action=keep attr:id=FORM attr:class="form rotation-form" attr:novalidate=true>
                <input type="hidden" name="form[id]" value=id/>
                <input type="hidden" name="form[version]" value=version.to_string()/>
                <FormProblems problem>
                    <LoadAgain problem/>
                    <div class="form-pair">
                        <TextField
                            name="form[name]"
                            id=field_id("name")
                            error=said("name")
                            label="Name"
                            help="Such as Early and late weeks"
                            value=rotation.name
                            maxlength=80
                            required=true
                            autocomplete="off"
                        />
                        <TextField
                            name="form[anchor]"
                            id=field_id("anchor")
                            error=said("anchor")
                            label="A cycle begins on"
                            help="The first day below is that of this date; cycles go on from there both ways"
                            input=Input::Date
                            value=rotation.anchor.to_string()
                            required=true
                        />
                    </div>
                    <fieldset class="check-group" id=field_id("days") tabindex="-1">
                        <legend class="choices-legend">"Days of the cycle"</legend>
                        <p class="field-help">
                            "The first day that is empty ends the cycle. A day without work is a day off."
                        </p>
                        <For each=rows key=|week| *week children=week/>
                        <p class="field-error">{move || days_error.get()}</p>
                        <span class="when-awake">
                            <Button
                                small=true
                                icon=Icon::Plus
                                on:click=move |_| more.update(|weeks| *weeks += 1)
                            >
                                "One more week"
                            </Button>
                        </span>
                    </fieldset>
                    <div class="form-actions">
                        <Button look=Look::Primary submit=true busy=keep.pending()>
                            "Save rotation"
                        </Button>
                        <LinkButton href=paths::ROTATIONS look=Look::Quiet>
                            "Cancel"
                        </LinkButton>
                    </div>
                </FormProblems>
            </ActionForm>
        </Section>
    }
}

/// The Monday of a date's week.
fn monday(date: chrono::NaiveDate) -> chrono::NaiveDate {
    use chrono::{Datelike, Days};

    let since = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(since)).unwrap_or(date)
}

/// A day as a field sends it.
fn value_of(day: &[ShiftTemplateId]) -> String {
    if day.is_empty() {
        return OFF.to_owned();
    }
    let ids: Vec<String> = day.iter().map(ToString::to_string).collect();
    ids.join(",")
}

/// What a day can be: nothing, a day off, a shift, and what it is now where that is several.
fn choices(templates: &[TemplateView], rotation: &Rotation) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", "–"), Choice::new(OFF, "Off")];
    choices.extend(templates.iter().map(|one| {
        let shift = &one.template;
        Choice::new(one.id.to_string(), format!("{} {}", shift.code, shift.name))
    }));
    for day in &rotation.days {
        let value = value_of(day);
        if choices.iter().all(|choice| choice.value != value) {
            let names: Vec<&str> = day.iter().map(|id| code_of(templates, *id)).collect();
            choices.push(Choice::new(value, names.join(" + ")));
        }
    }
    choices
}

/// The short code of a shift; one that is out of use has none.
pub fn code_of(templates: &[TemplateView], id: ShiftTemplateId) -> &str {
    let found = templates.iter().find(|one| one.id == id);
    found.map_or("?", |one| one.template.code.as_str())
}

fn day_field(place: usize, chosen: String, choices: &[Choice]) -> AnyView {
    let options = choices
        .iter()
        .map(|choice| {
            let selected = choice.value == chosen;
            view! {
                <option value=choice.value.clone() selected=selected>
                    {choice.label.clone()}
                </option>
            }
        })
        .collect_view();
    view! {
        <select
            class="input"
            id=field_id(&format!("days.{place}"))
            name=format!("form[days][{place}]")
            aria-label=format!("Day {}", place + 1)
        >
            {options}
        </select>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};

    use super::*;

    #[test]
    fn a_day_with_several_shifts_stays_as_it_is() {
        let id = |n: u8| ShiftTemplateId::from_parts(DateTime::UNIX_EPOCH, &[n; 10]);
        assert_eq!(value_of(&[]), OFF);
        assert_eq!(value_of(&[id(1), id(2)]), format!("{},{}", id(1), id(2)));
        let rotation = Rotation {
            name: String::new(),
            anchor: NaiveDate::default(),
            days: vec![vec![id(1), id(2)], Vec::new()],
        };
        let last = choices(&[], &rotation).pop().expect("a choice");
        assert_eq!(
            (last.value, last.label.as_str()),
            (value_of(&[id(1), id(2)]), "? + ?")
        );
    }

    #[test]
    fn a_new_cycle_begins_on_a_monday() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(monday(day("2026-11-26")), day("2026-11-23"));
        assert_eq!(monday(day("2026-11-23")), day("2026-11-23"));
    }
}
