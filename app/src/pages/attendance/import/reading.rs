//! How a file is read: what was found out, to be put right where it is wrong.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::{
    DayOrMonth, ImportColumn, ImportPreview, PunchColumn, PunchImportView, Separator,
};

use super::one::Doings;
use super::words;
use crate::action::problem_of;
use crate::pages::attendance::common::LoadAgain;
use crate::pages::scheduling::meeting::parts::{said_of, typed_or};
use crate::pages::scheduling::working_hours::ZoneField;
use crate::ui::{Button, Choice, FormProblems, SelectField, field_id};

/// The form.
#[component]
pub fn Reading(
    /// The file.
    file: PunchImportView,
    /// What was found.
    preview: ImportPreview,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let read = doings.read;
    let problem = problem_of(read);
    let said = move |field: &str| said_of(problem, field.to_owned());
    let columns = preview
        .columns
        .into_iter()
        .enumerate()
        .map(|(place, column)| column_field(place, column))
        .collect_view();
    let zone = typed_or(problem, "form[zone]", preview.zone);
    let order = preview
        .date_order
        .map(DayOrMonth::as_str)
        .unwrap_or_default();
    view! {
        <ActionForm action=read attr:class="form import-reading" attr:novalidate=true>
            <input type="hidden" name="form[id]" value=file.id.to_string()/>
            <input type="hidden" name="form[version]" value=file.version.to_string()/>
            <FormProblems problem>
                <LoadAgain problem/>
                <fieldset class="check-group">
                    <legend class="choices-legend">"Columns"</legend>
                    <div class="import-columns">{columns}</div>
                </fieldset>
                <div class="form-pair">
                    <SelectField
                        name="form[date_order]"
                        id=field_id("date_order")
                        error=said("date_order")
                        label="Dates such as 05/10/2026"
                        help="Only asked of dates that can be read in two ways"
                        choices=vec![
                            Choice::new("", "As the file shows"),
                            Choice::new(DayOrMonth::Day.as_str(), "The day comes first"),
                            Choice::new(DayOrMonth::Month.as_str(), "The month comes first"),
                        ]
                        value=order
                    />
                    <SelectField
                        name="form[separator]"
                        id=field_id("separator")
                        error=said("separator")
                        label="Between two values"
                        help="With another one there are other columns"
                        choices=vec![
                            Choice::new(Separator::Comma.as_str(), "A comma"),
                            Choice::new(Separator::Semicolon.as_str(), "A semicolon"),
                            Choice::new(Separator::Tab.as_str(), "A tab"),
                        ]
                        value=preview.separator.as_str()
                    />
                </div>
                <ZoneField
                    name="form[zone]"
                    id=field_id("zone")
                    label="Time zone of the clocks"
                    help="For times that come without one: a name such as Europe/Berlin"
                    value=zone
                    error=said("zone")
                />
                <div class="form-actions">
                    <Button submit=true busy=read.pending()>"Read it like this"</Button>
                </div>
            </FormProblems>
        </ActionForm>
    }
}

fn column_field(place: usize, column: ImportColumn) -> AnyView {
    let mut choices = vec![Choice::new("", "Not read")];
    let words = PunchColumn::ALL.iter();
    choices.extend(words.map(|word| Choice::new(word.as_str(), words::column(*word))));
    let samples = match column.samples.is_empty() {
        true => "Empty in the first lines".to_owned(),
        false => column.samples.join(" · "),
    };
    let label = match column.header.is_empty() {
        true => format!("Column {}", place + 1),
        false => column.header,
    };
    let value = column
        .taken_for
        .map(PunchColumn::as_str)
        .unwrap_or_default();
    view! {
        <SelectField
            name=format!("form[columns][{place}]")
            id=field_id(&format!("columns.{place}"))
            label
            help=samples
            choices
            value
        />
    }
    .into_any()
}
