//! What stands where data are not: nothing yet, on their way, broken, old. And notices.

use leptos::prelude::*;
use model::Problem;

use super::button::LinkButton;
use super::chip::Tone;
use super::icon::{Glyph, Icon};
use crate::paths::use_here;

/// Says what will be here and how to get it; the children are the way to get it.
#[component]
pub fn EmptyState(
    /// What is not here yet.
    #[prop(into)]
    title: String,
    /// What will be here, and when.
    #[prop(into)]
    text: String,
    /// A picture of it.
    #[prop(default = Icon::Tray)]
    icon: Icon,
    /// A button or link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Glyph icon/>
            <h2>{title}</h2>
            <p class="empty-text">{text}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}

/// Lines in the shape of text that is on its way.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
    /// What is on its way.
    #[prop(default = "Loading".into(), into)]
    label: String,
) -> impl IntoView {
    let lines = (0..lines)
        .map(|_| view! { <span class="skeleton-line"></span> })
        .collect_view();
    view! {
        <div role="status">
            <span class="sr-only">{label}</span>
            <div class="skeleton" aria-hidden="true">{lines}</div>
        </div>
    }
}

/// Rows in the shape of a table that is on its way; reserves its room.
#[component]
pub fn TableSkeleton(
    /// How many rows.
    #[prop(default = 8)]
    rows: usize,
    /// How many columns.
    #[prop(default = 5)]
    columns: usize,
    /// What is on its way.
    #[prop(default = "Loading".into(), into)]
    label: String,
) -> impl IntoView {
    let rows = (0..rows)
        .map(|_| {
            let cells = (0..columns)
                .map(|_| view! { <span class="skeleton-line"></span> })
                .collect_view();
            view! { <div class="skeleton-row">{cells}</div> }
        })
        .collect_view();
    view! {
        <div role="status">
            <span class="sr-only">{label}</span>
            <div aria-hidden="true">{rows}</div>
        </div>
    }
}

/// Cards in the shape of figures that are on their way.
#[component]
pub fn FiguresSkeleton(
    /// How many cards.
    #[prop(default = 4)]
    cards: usize,
) -> impl IntoView {
    let cards = (0..cards)
        .map(|_| {
            view! {
                <div class="figure skeleton-figures">
                    <span class="skeleton-line"></span>
                    <span class="skeleton-line"></span>
                    <span class="skeleton-line"></span>
                </div>
            }
        })
        .collect_view();
    view! {
        <div role="status">
            <span class="sr-only">"Loading figures"</span>
            <div class="figures" aria-hidden="true">{cards}</div>
        </div>
    }
}

/// Stands in for a part of the page that failed; the rest stays alive.
#[component]
pub fn ErrorState(
    /// What went wrong.
    problem: Problem,
    /// Tries again in place; without it, a link loads the page anew.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let here = use_here();
    let again = match retry {
        Some(retry) => view! {
            <button type="button" class="button button-secondary" on:click=move |_| retry.run(())>
                <Glyph icon=Icon::Refresh/>
                "Try again"
            </button>
        }
        .into_any(),
        None => view! {
            <LinkButton href=here.full() icon=Icon::Refresh external=true>"Try again"</LinkButton>
        }
        .into_any(),
    };
    let title = if problem.status >= 500 {
        "This did not load"
    } else {
        problem.title()
    };
    let hopeless = matches!(problem.status, 401 | 403 | 404);
    view! {
        <div class="empty" role="alert">
            <Glyph icon=Icon::Alert/>
            <h2>{title}</h2>
            <p class="empty-text">{problem.detail.clone()}</p>
            {(!hopeless).then(|| view! { <div class="empty-actions">{again}</div> })}
        </div>
    }
}

/// Says how old what is shown is.
#[component]
pub fn Stale(
    /// For example `As of 17:04; the bank has not answered since.`
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <span class="stale">
            <Glyph icon=Icon::Clock/>
            {text}
        </span>
    }
}

/// A remark on the page, with an action if there is one.
#[component]
pub fn Notice(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// What happened.
    #[prop(into)]
    title: String,
    /// What it means for the reader.
    #[prop(optional, into)]
    text: String,
    /// A button or link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let icon = match tone {
        Tone::Positive => Icon::CheckCircle,
        Tone::Caution | Tone::Negative => Icon::Alert,
        _ => Icon::Info,
    };
    view! {
        <div class=format!("notice notice-{}", tone.as_str())>
            <Glyph icon/>
            <div>
                <p class="notice-title">{title}</p>
                {(!text.is_empty()).then(|| view! { <p class="notice-body">{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="notice-actions">{children()}</div> })}
        </div>
    }
}
