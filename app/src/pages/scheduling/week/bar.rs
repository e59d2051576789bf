//! The line below the grid: what is chosen, for whom it is free, and what can be done with it. Its
//! sentence is announced as it changes.

use std::sync::Arc;

use leptos::prelude::*;
use model::scheduling::views::WeekPage;

use super::announce;
use super::booker::use_booker;
use super::choosing::Choice;
use super::desk::{is_in, use_desk};
use crate::ui::{Button, Glyph, Icon, Look};

/// What stands there while nothing is chosen.
const HINT: &str = "Drag over a free time, or move with the arrow keys and press Enter.";

/// The line.
#[component]
pub fn Bar(
    /// The week.
    page: Arc<WeekPage>,
) -> impl IntoView {
    let (desk, booker) = (use_desk(), use_booker());
    // What the address chooses may lie in another week; then nothing is chosen here.
    let verdict = move || {
        let slot = desk.choice.get()?.slot();
        is_in(&page, &slot).then(|| announce::verdict(&page, &slot))
    };
    let words = {
        let verdict = verdict.clone();
        move || match verdict() {
            Some(verdict) => {
                let icon = match verdict.free {
                    true => Icon::CheckCircle,
                    false => Icon::Alert,
                };
                view! {
                    <Glyph icon/>
                    <span>{verdict.text}</span>
                }
                .into_any()
            }
            None => view! { <span class="muted">{HINT}</span> }.into_any(),
        }
    };
    let class = move || match verdict() {
        Some(verdict) if verdict.free => "week-bar is-free",
        Some(_) => "week-bar is-busy",
        None => "week-bar",
    };
    let resize = move |how: fn(Choice) -> Choice| {
        move |_: leptos::ev::MouseEvent| desk.choice.update(|choice| *choice = choice.map(how))
    };
    let open = move |_| {
        if let Some(choice) = desk.choice.get_untracked() {
            booker.open(&choice.slot(), None);
        }
    };
    view! {
        <div class=class>
            <p class="week-verdict" role="status">
                {words}
            </p>
            <div class="button-row week-needs-chosen">
                <Button small=true look=Look::Quiet on:click=resize(Choice::shorter)>
                    "15 min less"
                </Button>
                <Button small=true look=Look::Quiet on:click=resize(Choice::longer)>
                    "15 min more"
                </Button>
                <Button small=true look=Look::Quiet on:click=move |_| desk.clear()>
                    "Clear"
                </Button>
                <Button small=true on:click=open>
                    "Book this time"
                </Button>
            </div>
        </div>
    }
    .into_any()
}
