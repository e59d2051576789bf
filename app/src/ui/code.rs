//! Text for machines: tokens, commands, payloads.

use leptos::prelude::*;

use super::button::{IconButton, Look};
use super::chip::Tone;
use super::icon::Icon;
use super::value::copy_text;
use crate::toast::Toasts;

/// A block of code with a button that copies it.
#[component]
pub fn CodeBlock(
    /// What it is: `Request body`.
    #[prop(into)]
    label: String,
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let toasts = use_context::<Toasts>();
    let spoken = format!("Copy {}", label.to_lowercase());
    let copied = text.clone();
    let copy = move |_| {
        copy_text(&copied);
        if let Some(toasts) = toasts {
            toasts.show(Tone::Neutral, "Copied");
        }
    };
    let name = label.clone();
    view! {
        <figure class="code">
            <figcaption>{label}</figcaption>
            // What can be scrolled must be reachable by keyboard.
            <pre tabindex="0" role="group" aria-label=name>
                <code>{text}</code>
            </pre>
            <IconButton label=spoken icon=Icon::Copy look=Look::Quiet small=true on:click=copy/>
        </figure>
    }
}
