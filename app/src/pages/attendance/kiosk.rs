//! A person's own way in at kiosks: the number, the PIN, and a code to be scanned that changes by itself.

use std::time::Duration;

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::{KioskAccess, KioskCode};

use super::common::empty_form;
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::attendance::kiosk_form::{SetPin, kiosk_access, kiosk_code};
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Button, ErrorState, FormProblems, Input, Look, Page, PageHeader, Section, Skeleton, TextField,
    Tone,
};

/// How often a new code is fetched: sooner than the one before has run out.
const FRESH: Duration = Duration::from_secs(45);
/// The form.
const FORM: &str = "pin";

/// `/attendance/kiosk`
#[component]
pub fn KioskAccessPage() -> impl IntoView {
    let set = ServerAction::<SetPin>::new();
    let done = RwSignal::new(0_u32);
    let round = RwSignal::new(0_u32);
    let toasts = expect_context::<Toasts>();
    on_done(set, move |()| {
        empty_form(FORM);
        toasts.show(Tone::Positive, "Your PIN is set");
        done.update(|n| *n += 1);
    });
    Effect::new(move |_| {
        // A browser without timers shows the code of when the page was opened.
        if let Ok(timer) = set_interval_with_handle(move || round.update(|n| *n += 1), FRESH) {
            on_cleanup(move || timer.clear());
        }
    });
    let access = Resource::new(move || done.get(), |_| kiosk_access());
    let code = Resource::new(move || round.get(), |_| kiosk_code());
    view! {
        <Page>
            <PageHeader
                title="At the kiosk"
                back=(paths::ATTENDANCE.to_owned(), "My month".to_owned())
            />
            <div class="halves">
                <Section title="Number and PIN">
                    <Transition fallback=|| view! { <Skeleton label="Loading your number"/> }>
                        {move || Suspend::new(async move { standing(access.await) })}
                    </Transition>
                    <PinForm set/>
                </Section>
                <Section title="Code to scan">
                    <Transition fallback=|| view! { <Skeleton label="Making a code"/> }>
                        {move || Suspend::new(async move { picture(code.await) })}
                    </Transition>
                    <p class="muted">
                        "Hold it before the scanner of the kiosk instead of typing. It works once and for a minute; this page shows a new one before that."
                    </p>
                </Section>
            </div>
        </Page>
    }
}

/// The number, and whether there is a PIN.
fn standing(access: Result<KioskAccess, ApiError>) -> AnyView {
    let access = match access {
        Ok(access) => access,
        Err(ApiError(problem)) => return view! { <ErrorState problem/> }.into_any(),
    };
    let number = match access.number {
        Some(number) => view! {
            <p>
                "Your number: " <span class="kiosk-number num">{number}</span>
            </p>
        }
        .into_any(),
        None => view! { <p>"You get a number with your first PIN."</p> }.into_any(),
    };
    let pin = if access.has_pin {
        "You have a PIN. Nobody can read it; if you have forgotten it, set a new one."
    } else {
        "You have no PIN yet."
    };
    view! {
        {number}
        <p class="muted">{pin}</p>
    }
    .into_any()
}

/// Takes a PIN, twice.
#[component]
fn PinForm(set: ServerAction<SetPin>) -> impl IntoView {
    let problem = problem_of(set);
    view! {
        <ActionForm action=set attr:id=FORM attr:class="form" attr:novalidate=true>
            <FormProblems problem>
                <TextField
                    name="secret_pin"
                    label="New PIN"
                    input=Input::Password
                    help="Six digits that others would not try first"
                    maxlength=6
                    autocomplete="new-password"
                />
                <TextField
                    name="secret_again"
                    label="The same again"
                    input=Input::Password
                    maxlength=6
                    autocomplete="new-password"
                />
                <div class="form-actions">
                    <Button look=Look::Primary submit=true busy=set.pending()>
                        "Set PIN"
                    </Button>
                </div>
            </FormProblems>
        </ActionForm>
    }
}

/// The code as a picture.
fn picture(code: Result<KioskCode, ApiError>) -> AnyView {
    match code {
        Ok(code) => {
            let width = code.width;
            view! {
                <svg
                    class="kiosk-code"
                    viewBox=format!("0 0 {width} {width}")
                    role="img"
                    aria-label="Code for the scanner of the kiosk"
                    shape-rendering="crispEdges"
                >
                    <path d=code.path/>
                </svg>
            }
            .into_any()
        }
        Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
    }
}
