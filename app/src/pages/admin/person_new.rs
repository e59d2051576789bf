//! The form for a new person.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Role;

use super::parts::{CheckGroup, role_ticks};
use crate::action::problem_of;
use crate::api::admin::CreatePerson;
use crate::paths::PEOPLE;
use crate::ui::{
    Button, Choice, FormProblems, Input, LinkButton, Look, Page, PageHeader, SelectField, TextField,
};

/// The zones that are offered; any other can be typed.
const ZONES: [&str; 12] = [
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Athens",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
];

/// Adds a person; the answer leads to the person's page.
#[component]
pub fn NewPerson() -> impl IntoView {
    let action = ServerAction::<CreatePerson>::new();
    let problem = problem_of(action);
    let zones = ZONES
        .iter()
        .map(|zone| Choice::new(*zone, zone.replace('_', " ")))
        .collect();
    view! {
        <Page>
            <PageHeader title="Add person" back=(PEOPLE.to_owned(), "People".to_owned())/>
            <ActionForm action attr:class="form" attr:novalidate=true>
                <FormProblems problem>
                    <TextField name="name" label="Name" required=true maxlength=120
                        autocomplete="off"/>
                    <TextField name="email" label="E-mail" input=Input::Email required=true
                        autocomplete="off" help="To sign in with"/>
                    <div class="form-pair">
                        <SelectField name="zone" label="Time zone" choices=zones value="UTC"
                            help="In which times are shown to this person"/>
                        <TextField name="other_zone" label="Another zone" optional=true
                            placeholder="America/Bogota" autocomplete="off"
                            help="A name of the IANA database; goes before the choice beside it"/>
                    </div>
                    <CheckGroup
                        name="roles"
                        legend="Roles"
                        help="At least one"
                        ticks=role_ticks(&[Role::Employee])
                        problem
                    />
                    <TextField name="password" label="First password" input=Input::Password
                        optional=true autocomplete="new-password" maxlength=128
                        help="12 to 128 characters. Without one the person cannot sign in yet"/>
                    <div class="form-actions">
                        <Button look=Look::Primary submit=true busy=action.pending()>
                            "Add person"
                        </Button>
                        <LinkButton href=PEOPLE look=Look::Quiet>"Cancel"</LinkButton>
                    </div>
                </FormProblems>
            </ActionForm>
        </Page>
    }
}
