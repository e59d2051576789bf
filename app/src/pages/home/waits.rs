//! What waits for the reader to decide, as *Today* says it.

use leptos::prelude::*;
use model::attendance::views::Inbox;

use crate::format::counted;
use crate::paths;
use crate::ui::{Icon, LinkButton, Section};

/// The section, for those who decide.
#[component]
pub fn Waits(
    /// What waits.
    inbox: Inbox,
) -> impl IntoView {
    let days = count_of(inbox.corrections.len());
    let leave = count_of(inbox.leave.len());
    let mut lines = Vec::new();
    if days > 0 {
        lines.push(counted(days, "day to put right", "days to put right"));
    }
    if leave > 0 {
        lines.push(counted(leave, "request for leave", "requests for leave"));
    }
    let aside = view! {
        <LinkButton href=paths::INBOX icon=Icon::Tray small=true>
            "Inbox"
        </LinkButton>
    }
    .into_any();
    let lines = match lines.is_empty() {
        true => view! { <p class="muted">"Nothing waits for you."</p> }.into_any(),
        false => {
            let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
            view! { <ul class="today-waits">{lines.collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <Section title="Waiting for you" aside>
            {lines}
        </Section>
    }
}

fn count_of(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
