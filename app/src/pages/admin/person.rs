//! One person: facts, roles, password, access.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::PersonId;

use super::parts::{CheckGroup, role_ticks};
use super::people::state_chip;
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::admin::{
    DisablePerson, EnablePerson, PersonPage, SetPassword, SetRoles, SignOutEverywhere, read_person,
};
use crate::format::counted;
use crate::paths::PEOPLE;
use crate::toast::Toasts;
use crate::ui::{
    Button, Dialog, DialogActions, DialogButton, ErrorState, ErrorSummary, Fact, Facts,
    FormProblems, Input, Look, Page, PageHeader, Section, ShortId, Skeleton, TextField, Time, Tone,
    close_dialog,
};

const DISABLE: &str = "disable-person";
const SIGN_OUT: &str = "sign-out-everywhere";

/// What can be done to the person.
#[derive(Clone, Copy)]
struct Actions {
    roles: ServerAction<SetRoles>,
    password: ServerAction<SetPassword>,
    disable: ServerAction<DisablePerson>,
    enable: ServerAction<EnablePerson>,
    sign_out: ServerAction<SignOutEverywhere>,
}

impl Actions {
    /// Makes them; each success is told and counted in `changes`.
    fn new(changes: RwSignal<u32>) -> Self {
        let actions = Self {
            roles: ServerAction::new(),
            password: ServerAction::new(),
            disable: ServerAction::new(),
            enable: ServerAction::new(),
            sign_out: ServerAction::new(),
        };
        let toasts = expect_context::<Toasts>();
        let tell = move |text: String| {
            toasts.show(Tone::Positive, text);
            changes.update(|n| *n += 1);
        };
        on_done(actions.roles, move |person| {
            tell(format!("Roles of {} changed", person.name))
        });
        on_done(actions.password, move |()| tell("Password set".to_owned()));
        on_done(actions.enable, move |person| {
            tell(format!("{} can sign in again", person.name))
        });
        on_done(actions.disable, move |person| {
            close_dialog(DISABLE);
            tell(format!("{} can no longer sign in", person.name));
        });
        on_done(actions.sign_out, move |ended| {
            close_dialog(SIGN_OUT);
            let ended = i64::try_from(*ended).unwrap_or(i64::MAX);
            tell(format!("{} ended", counted(ended, "session", "sessions")));
        });
        actions
    }
}

/// The page of a person.
#[component]
pub fn Person() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    // Only what succeeded is read again: a refused form keeps what was typed.
    let changes = RwSignal::new(0_u32);
    let actions = Actions::new(changes);
    let person = Resource::new(move || (id.get(), changes.get()), |(id, _)| read_person(id));
    let content = move || {
        Suspend::new(async move {
            match person.await {
                Ok(page) => person_view(page, actions),
                Err(ApiError(problem)) => view! {
                    <PageHeader title="Person" back=back()/>
                    <ErrorState problem/>
                }
                .into_any(),
            }
        })
    };
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=8 label="Loading the person"/> }>
                {content}
            </Transition>
        </Page>
    }
}

fn back() -> (String, String) {
    (PEOPLE.to_owned(), "People".to_owned())
}

fn person_view(page: PersonPage, actions: Actions) -> AnyView {
    let PersonPage {
        person,
        may_change,
        is_reader,
    } = page;
    let id = person.id;
    let chip = state_chip(&person);
    let facts = view! {
        <span class="break-words">{person.email.clone()}</span>
        {is_reader.then(|| view! { <span>"This is you"</span> })}
    }
    .into_any();
    let disabled = person.disabled_at.clone();
    let mut known = vec![
        Fact::new(
            "E-mail",
            view! { <span class="break-words">{person.email.clone()}</span> },
        ),
        Fact::new("Time zone", person.zone.clone()),
        Fact::new(
            "Password",
            if person.has_password {
                "Set"
            } else {
                "Not set"
            },
        ),
        Fact::new("Added", view! { <Time stamp=person.created_at.clone()/> }),
    ];
    if let Some(at) = disabled.clone() {
        known.push(Fact::new("Disabled since", view! { <Time stamp=at/> }));
    }
    known.push(Fact::new(
        "Id",
        view! { <ShortId id=id.to_string() label="person id"/> },
    ));
    let name = person.name.clone();
    let changes = may_change.then(|| {
        let roles = role_ticks(&person.roles);
        let access = access_view(id, &person.name, disabled.is_some(), actions);
        view! {
            <Section title="Roles">{roles_view(id, roles, actions)}</Section>
            <Section title="Access">{access}</Section>
            <Section title="Password">{password_view(id, actions)}</Section>
        }
        .into_any()
    });
    view! {
        <PageHeader title=name chip facts back=back()/>
        <div class="columns">
            <div class="person-forms">{changes.unwrap_or_else(read_only)}</div>
            <Section title="Facts">
                <Facts facts=known/>
            </Section>
        </div>
    }
    .into_any()
}

fn read_only() -> AnyView {
    view! { <p class="muted">"An administrator can change roles, access and password."</p> }
        .into_any()
}

fn roles_view(id: PersonId, ticks: Vec<super::parts::Tick>, actions: Actions) -> AnyView {
    let action = actions.roles;
    let problem = problem_of(action);
    view! {
        <ActionForm action attr:class="form">
            <FormProblems problem>
                <input type="hidden" name="id" value=id.to_string()/>
                <CheckGroup
                    name="roles"
                    legend="What this person may do"
                    help="Counts from the next page on that the person opens"
                    ticks
                    problem
                />
                <div class="form-actions">
                    <Button submit=true busy=action.pending()>"Set roles"</Button>
                </div>
            </FormProblems>
        </ActionForm>
    }
    .into_any()
}

fn password_view(id: PersonId, actions: Actions) -> AnyView {
    let action = actions.password;
    view! {
        <ActionForm action attr:class="form">
            <FormProblems problem=problem_of(action)>
                <input type="hidden" name="id" value=id.to_string()/>
                <TextField
                    name="password"
                    label="New password"
                    input=Input::Password
                    autocomplete="new-password"
                    maxlength=128
                    help="12 to 128 characters. Ends all sessions of this person"
                />
                <div class="form-actions">
                    <Button submit=true busy=action.pending()>"Set password"</Button>
                </div>
            </FormProblems>
        </ActionForm>
    }
    .into_any()
}

fn access_view(id: PersonId, name: &str, disabled: bool, actions: Actions) -> AnyView {
    let Actions {
        disable,
        enable,
        sign_out,
        ..
    } = actions;
    let switch = if disabled {
        view! {
            <ErrorSummary problem=problem_of(enable)/>
            <ActionForm action=enable>
                <input type="hidden" name="id" value=id.to_string()/>
                <Button submit=true busy=enable.pending()>"Let sign in again"</Button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! { <DialogButton opens=DISABLE>"Disable…"</DialogButton> }.into_any()
    };
    view! {
        <p class="muted">
            {if disabled {
                "This person cannot sign in. What the person did stays in the history."
            } else {
                "A disabled person cannot sign in. API tokens that the person made go on working."
            }}
        </p>
        <div class="button-row">
            <DialogButton opens=SIGN_OUT>"Sign out everywhere…"</DialogButton>
            {switch}
        </div>
        <Dialog id=DISABLE title=format!("Disable {name}")>
            <p>"All sessions end at once, and signing in is refused until somebody allows it again."</p>
            <ErrorSummary problem=problem_of(disable)/>
            <ActionForm action=disable>
                <input type="hidden" name="id" value=id.to_string()/>
                <DialogActions dialog=DISABLE>
                    <Button look=Look::Danger submit=true busy=disable.pending()>"Disable"</Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
        <Dialog id=SIGN_OUT title=format!("Sign {name} out everywhere")>
            <p>"Every browser and device has to sign in again. Unsaved work there is lost."</p>
            <ErrorSummary problem=problem_of(sign_out)/>
            <ActionForm action=sign_out>
                <input type="hidden" name="id" value=id.to_string()/>
                <DialogActions dialog=SIGN_OUT>
                    <Button look=Look::Danger submit=true busy=sign_out.pending()>
                        "Sign out everywhere"
                    </Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
    }
    .into_any()
}
