//! What is left of each kind of leave, as cards.

use leptos::prelude::*;
use model::attendance::views::{LeaveBalance, LeavePage};

use super::cost::{Costs, amount};
use crate::pages::attendance::common::hours;
use crate::pages::attendance::words;
use crate::ui::{EmptyState, Glyph, Icon};

/// The cards.
#[component]
pub fn Balances(
    /// What the server knows.
    page: LeavePage,
    /// Is told of the page.
    costs: Costs,
) -> impl IntoView {
    let shown = cards(&page.balances);
    let is_empty = page.balances.is_empty();
    let text = match page.own {
        true => "What HR grants you stands here with what is left of it.",
        false => "What HR grants stands here with what is left of it.",
    };
    Effect::new(move |_| costs.receive(page.clone()));
    if is_empty {
        return view! {
            <EmptyState
                icon=Icon::Calendar
                title="No leave yet"
                text
            />
        }
        .into_any();
    }
    shown
}

/// The cards of some balances.
pub fn cards(balances: &[LeaveBalance]) -> AnyView {
    let cards = balances.iter().map(card).collect_view();
    view! { <ul class="leave-balances">{cards}</ul> }.into_any()
}

fn card(balance: &LeaveBalance) -> AnyView {
    let day = balance.day_minutes;
    let unpaid = (!balance.paid).then(|| view! { <span class="quiet small">"unpaid"</span> });
    let left = match balance.left_minutes {
        Some(left) => view! {
            <p class="leave-left">
                <span class="figure-value">{words::days(left, day)}</span>
                " "
                <span class="quiet num">"· " {hours(left)} " left"</span>
            </p>
        }
        .into_any(),
        None => view! { <p class="leave-left quiet">"Not counted"</p> }.into_any(),
    };
    let requested = (balance.requested_minutes != 0).then(|| {
        view! { <li>"Asked for: " <span class="num">{amount(balance.requested_minutes, day)}</span></li> }
    });
    let expires = balance.expires.map(|(minutes, last)| {
        let text = format!(
            "{} to be taken by {}",
            amount(minutes, day),
            last.format("%-d %b %Y")
        );
        view! {
            <li class="leave-expires">
                <Glyph icon=Icon::Clock/>
                <span>{text}</span>
            </li>
        }
    });
    view! {
        <li class="leave-balance">
            <h3>{balance.name.clone()} " " {unpaid}</h3>
            {left}
            <ul class="leave-facts">
                {requested}
                <li>"Taken this year: " <span class="num">{amount(balance.taken_minutes, day)}</span></li>
                {expires}
            </ul>
        </li>
    }
    .into_any()
}
