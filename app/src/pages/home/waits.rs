//! What waits for the reader to decide or to answer, as *Today* says it.

use leptos::prelude::*;
use model::attendance::views::{Inbox, SwapView};

use crate::format::counted;
use crate::pages::attendance::swapped;
use crate::paths;
use crate::ui::{Icon, LinkButton, Section};

/// The section, for those who decide and those whom colleagues ask.
#[component]
pub fn Waits(
    /// What waits for a decision, if that is the reader's.
    inbox: Option<Inbox>,
    /// Swaps that colleagues ask the reader for.
    asked: Vec<SwapView>,
) -> impl IntoView {
    let mut lines: Vec<AnyView> = asked
        .iter()
        .map(|swap| {
            let days = swapped::days_words(swap.from_day, swap.to_day);
            let text = format!("{} asks you to swap {days}", swap.asker.name);
            view! { <a href=paths::SHIFTS>{text}</a> }.into_any()
        })
        .collect();
    if let Some(inbox) = &inbox {
        let kinds = [
            (
                inbox.corrections.len(),
                "day to put right",
                "days to put right",
            ),
            (inbox.leave.len(), "request for leave", "requests for leave"),
            (inbox.swaps.len(), "swap of shifts", "swaps of shifts"),
        ];
        let kinds = kinds.into_iter().filter(|(number, ..)| *number > 0);
        lines.extend(
            kinds.map(|(number, one, many)| counted(count_of(number), one, many).into_any()),
        );
    }
    let aside = match inbox.is_some() {
        true => view! {
            <LinkButton href=paths::INBOX icon=Icon::Tray small=true>
                "Inbox"
            </LinkButton>
        }
        .into_any(),
        false => view! {
            <LinkButton href=paths::SHIFTS icon=Icon::Grid small=true>
                "My shifts"
            </LinkButton>
        }
        .into_any(),
    };
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
