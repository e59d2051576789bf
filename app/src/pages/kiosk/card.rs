//! What a person sees of themselves before and after the press. No button takes the focus by itself: the
//! scan of whoever is next would press it.

use leptos::prelude::*;
use model::attendance::day::Direction;
use model::attendance::views::{KioskCard, KioskDone};
use model::time::Stamp;

use super::Refused;
use super::words::{done, standing, verb};
use crate::format::counted;
use crate::pages::attendance::words::duration;
use crate::paths;
use crate::ui::{Button, Glyph, Icon, Look, Notice, Tone};

/// The own state, and what can be pressed.
#[component]
pub fn Card(
    /// What is known.
    card: KioskCard,
    /// The present.
    now: Stamp,
) -> impl IntoView {
    let standing = standing(&card, &now);
    let hours = (card.counted_minutes > 0).then(
        || view! { <p class="muted num">{duration(card.counted_minutes)} " counted so far"</p> },
    );
    let missing = (card.incomplete > 0).then(|| {
        let days = counted(card.incomplete, "earlier day", "earlier days");
        view! {
            <Notice
                tone=Tone::Caution
                title=format!("A punch is missing on {days}")
                text="Look at your month on your own page to add it."
            />
        }
    });
    let buttons = card
        .choices()
        .iter()
        .enumerate()
        .map(|(place, direction)| button(place, *direction))
        .collect_view();
    view! {
        <h1 class="kiosk-name">{card.first_name.clone()}</h1>
        <div class="stack-tight">
            <p class="kiosk-standing num">{standing}</p>
            {hours}
        </div>
        <Refused/>
        {missing}
        <form class="kiosk-buttons" method="post" action=paths::KIOSK_PRESS>
            {buttons}
        </form>
        <Leave words="Not me"/>
        <p class="small muted">"This page closes by itself after a minute."</p>
    }
}

fn button(place: usize, direction: Direction) -> impl IntoView {
    let (words, icon) = verb(direction);
    let look = if place == 0 {
        Look::Primary
    } else {
        Look::Secondary
    };
    view! {
        <Button
            look
            submit=true
            icon
            wide=true
            attr:name="direction"
            attr:value=direction.as_str()
        >
            {words}
        </Button>
    }
}

/// What was pressed, in large type.
#[component]
pub fn Done(
    /// What is known.
    done: KioskDone,
) -> impl IntoView {
    let words = self::done(done.direction);
    view! {
        <div class="kiosk-done" role="status">
            <Glyph icon=Icon::CheckCircle large=true/>
            <h1>{words}</h1>
            <p class="kiosk-clock num">{done.at.clock()}</p>
            <p>{done.first_name}</p>
        </div>
        <Leave words="Next person"/>
    }
}

/// Back to the start, and nothing of the person stays.
#[component]
fn Leave(words: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=paths::KIOSK_LEAVE>
            <Button look=Look::Quiet submit=true wide=true>
                {words}
            </Button>
        </form>
    }
}
