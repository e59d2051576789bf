//! The swaps that concern the reader: those that are open as cards with their forms, the others on
//! demand. The forms are plain.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::swap::SwapState;
use model::attendance::views::SwapView;

use super::Doings;
use crate::pages::attendance::swapped;
use crate::ui::{Button, Chip, Disclosure, Icon, Look, Section, TextareaField, Time};

/// The section; nothing without swaps.
#[component]
pub fn Swaps(
    /// Those that wait for the reader first.
    swaps: Vec<SwapView>,
    /// The zone in which the reader reads times.
    zone: String,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    if swaps.is_empty() {
        return ().into_any();
    }
    let (open, ended): (Vec<_>, Vec<_>) = swaps.into_iter().partition(|swap| swap.state.is_open());
    let cards = {
        let (open, zone) = (open.clone(), zone.clone());
        // As a closure the cards are made anew each time, so that no note stays in the place of a card
        // that is gone.
        move || {
            let cards = open.iter().map(|swap| card(swap, &zone, doings));
            cards.collect_view()
        }
    };
    let none = open
        .is_empty()
        .then(|| view! { <p class="muted">"No swap is open."</p> });
    let ended = (!ended.is_empty()).then(|| {
        let cards = ended.iter().map(|swap| card(swap, &zone, doings));
        let cards = cards.collect_view();
        view! {
            <Disclosure summary="Earlier swaps">
                <div class="swap-cards">{cards}</div>
            </Disclosure>
        }
    });
    view! {
        <Section title="Swaps">
            {none}
            <div class="swap-cards">{cards}</div>
            {ended}
        </Section>
    }
    .into_any()
}

fn card(swap: &SwapView, zone: &str, doings: Doings) -> AnyView {
    let title_id = format!("swap-{}", swap.id);
    let labelled = title_id.clone();
    let days = swapped::days_words(swap.from_day, swap.to_day);
    let title = match swap.may_answer {
        true => format!("{} asks you to swap {days}", swap.asker.name),
        false => format!("{} with {}, {days}", swap.asker.name, swap.other.name),
    };
    let (label, tone) = swapped::state_words(swap);
    let answer = swap.may_answer.then(|| answer(swap, doings));
    let withdraw = swap.may_withdraw.then(|| withdraw(swap, doings));
    view! {
        <article class="swap-card" aria-labelledby=labelled>
            <div class="spread">
                <h3 id=title_id>{title}</h3>
                <Chip tone label/>
            </div>
            <p class="muted small">"Asked for " <Time stamp=swap.asked_at.clone()/></p>
            {swapped::note(&swap.note)}
            {swapped::days(&swap.days, &swap.asker.name, &swap.other.name, zone)}
            {swapped::concerns(&swap.obstacles, &swap.warnings)}
            {swapped::history(swap)}
            {answer}
            {withdraw}
        </article>
    }
    .into_any()
}

/// Agrees or declines; whoever has agreed can only decline.
fn answer(swap: &SwapView, doings: Doings) -> AnyView {
    let action = doings.answer;
    let busy = action.pending();
    let has_agreed = swap.state == SwapState::Agreed;
    let can_agree = !has_agreed && swap.obstacles.is_empty();
    let agree = can_agree.then(|| {
        view! {
            <Button
                look=Look::Primary
                submit=true
                icon=Icon::Check
                busy
                attr:name="agree"
                attr:value="true"
            >
                "Agree"
            </Button>
        }
    });
    let (id, version) = (swap.id.to_string(), swap.version.to_string());
    let field = format!("answer-{}", swap.id);
    let help = format!("For {}", swap.asker.name);
    let no = if has_agreed {
        "Decline after all"
    } else {
        "Decline"
    };
    view! {
        <ActionForm action attr:class="inbox-form">
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="version" value=version/>
            <TextareaField
                name="note"
                id=field
                label="Note"
                help
                optional=true
                maxlength=1000
                on:focusin=move |_| doings.typing.set(true)
                on:focusout=move |_| doings.typing.set(false)
            />
            <div class="button-row">
                {agree}
                <Button submit=true icon=Icon::Cross busy attr:name="agree" attr:value="false">
                    {no}
                </Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

fn withdraw(swap: &SwapView, doings: Doings) -> AnyView {
    let action = doings.withdraw;
    let (id, version) = (swap.id.to_string(), swap.version.to_string());
    let spoken = format!(" the swap with {}", swap.other.name);
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="version" value=version/>
            <Button submit=true busy=action.pending()>
                "Take back"
                <span class="sr-only">{spoken}</span>
            </Button>
        </ActionForm>
    }
    .into_any()
}
