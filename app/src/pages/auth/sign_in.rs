//! The sign-in page: a plain form that works before and without the browser part.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::identity::SignIn;
use crate::ui::{Button, FormProblems, Input, Mark, TextField};

/// E-mail and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let query = use_query_map();
    let next = move || query.with(|q| q.get("next").unwrap_or_default());
    let problem = Signal::derive(move || {
        action
            .value()
            .get()
            .and_then(Result::err)
            .map(|error| error.0)
    });
    view! {
        <Title text="Sign in"/>
        <main class="sign-in" id="main">
            <div class="sign-in-panel">
                <p class="sign-in-mark">
                    <Mark/>
                    <span>"Punctual"</span>
                </p>
                <h1 tabindex="-1">"Sign in"</h1>
                <ActionForm action attr:class="form">
                    <FormProblems problem>
                        <input type="hidden" name="next" value=next/>
                        <TextField
                            name="email"
                            label="E-mail"
                            input=Input::Email
                            autocomplete="username"
                            required=true
                        />
                        <TextField
                            name="password"
                            label="Password"
                            input=Input::Password
                            autocomplete="current-password"
                            required=true
                        />
                        <Button submit=true wide=true busy=action.pending()>
                            "Sign in"
                        </Button>
                    </FormProblems>
                </ActionForm>
                <p class="small muted">
                    "No password yet, or forgotten? An administrator of your organisation sets a new one."
                </p>
            </div>
        </main>
    }
}
