//! Single values on a page: money, times, ids.

use leptos::prelude::*;
use model::Money;
use model::time::Stamp;

use super::chip::Tone;
use super::icon::{Glyph, Icon};
use crate::format;
use crate::toast::Toasts;

/// How large an amount stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AmountSize {
    /// As the text around it.
    #[default]
    Text,
    /// 28 px, the head of a payment.
    Large,
    /// 40 px, what a customer is asked for.
    Huge,
}

/// An amount of money: grouped, with its minor units, a real minus and the code. The plain
/// number is the element's value.
#[component]
pub fn Amount(
    /// The amount.
    money: Money,
    /// How large.
    #[prop(optional)]
    size: AmountSize,
) -> impl IntoView {
    let class = match size {
        AmountSize::Text => "money",
        AmountSize::Large => "money money-large",
        AmountSize::Huge => "money money-huge",
    };
    let text = money.display();
    let (figure, code) = text
        .split_once('\u{a0}')
        .map_or((text.clone(), String::new()), |(f, c)| {
            (f.to_owned(), c.to_owned())
        });
    view! {
        <data class=class value=money.amount_text()>
            {figure}
            "\u{a0}"
            <span class="money-code">{code}</span>
        </data>
    }
}

/// How much of an instant is shown; the whole of it is in the tooltip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeShow {
    /// `23 Nov 2026, 17:04`.
    #[default]
    DateTime,
    /// `23 Nov 2026`.
    Date,
    /// `17:04`.
    Clock,
}

/// An instant as the viewer reads it, exact to the second with its offset on hover.
#[component]
pub fn Time(
    /// The instant with the viewer's offset.
    stamp: Stamp,
    /// How much of it.
    #[prop(optional)]
    show: TimeShow,
) -> impl IntoView {
    let text = match show {
        TimeShow::DateTime => stamp.date_time(),
        TimeShow::Date => stamp.date(),
        TimeShow::Clock => stamp.clock(),
    };
    let exact = stamp.exact();
    view! { <time class="time" datetime=exact.clone() title=exact>{text}</time> }
}

/// An id or reference, shortened in the middle; a press copies the whole of it and says so.
#[component]
pub fn ShortId(
    /// The whole id.
    #[prop(into)]
    id: String,
    /// What it is, for those who listen: `payment id`.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let toasts = use_context::<Toasts>();
    let short = format::shorten_middle(&id);
    let title = id.clone();
    let copy = move |_| {
        copy_text(&id);
        if let Some(toasts) = toasts {
            toasts.show(Tone::Neutral, "Copied");
        }
    };
    view! {
        <button type="button" class="short-id" title=title on:click=copy>
            <span class="sr-only">"Copy " {label} " "</span>
            {short}
            <Glyph icon=Icon::Copy/>
        </button>
    }
}

/// Puts a text on the clipboard. For event handlers in the browser.
pub(super) fn copy_text(text: &str) {
    // Without permission nothing is copied; the text can still be selected by hand.
    let _promise = window().navigator().clipboard().write_text(text);
}
