//! What stands where no page is.

use leptos::prelude::*;

use crate::layout::PublicFrame;
use crate::paths;
use crate::ui::{LinkButton, Look, PageHeader};

/// The page for an address that leads nowhere; answers 404.
#[component]
pub fn NotFound() -> impl IntoView {
    crate::shell::answer_not_found();
    view! {
        <PublicFrame organisation="Punctual">
            <PageHeader title="There is nothing here"/>
            <p class="muted">
                "The address may be mistyped, or what was here has moved. If a link brought you, tell whoever sent it."
            </p>
            <p>
                <LinkButton href=paths::HOME look=Look::Primary>"Go to the start page"</LinkButton>
            </p>
        </PublicFrame>
    }
}
