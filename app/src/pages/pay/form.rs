//! The form around the gateway's card fields.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::api::checkout::Checkout;
use crate::paths;
use crate::ui::{EmptyState, Glyph, Icon};

/// Mounts the card fields and posts their token.
#[component]
pub fn PayForm(found: Checkout) -> impl IntoView {
    let Some(script) = found.script.clone() else {
        return view! {
            <EmptyState
                title="Cards cannot be taken here yet"
                text="The organisation has not set up a card company. Ask it for another way to pay."
            />
        }
        .into_any();
    };
    let nonce = use_nonce();
    let again = nonce.clone();
    let total = found.order.total.display();
    view! {
        <form class="pay-form" id="pay" method="post" action=paths::pay(&found.link) data-publishable-key=script.key>
            <input type="hidden" name="key" value=found.key/>
            <input type="hidden" name="token" value=""/>
            <p class="pay-method" id="card-label">
                <Glyph icon=Icon::Card/>
                "Card"
            </p>
            <div class="pay-card" id="card" role="group" aria-labelledby="card-label"></div>
            <p class="pay-error" id="card-error" role="alert"></p>
            <noscript>
                <p class="pay-error">
                    "The card fields come straight from the card company and need JavaScript. Switch it on and load this page again."
                </p>
            </noscript>
            <button class="button button-primary button-wide pay-button" type="submit" disabled=true>
                <span class="pay-button-idle">"Pay " {total}</span>
                <span class="pay-button-busy">"Paying…"</span>
            </button>
            <p class="pay-trust muted small">
                <Glyph icon=Icon::Lock/>
                <span>
                    "Your card number goes to the card company only. "
                    {found.order.organisation.clone()} " never sees it."
                </span>
            </p>
        </form>
        <script src=script.script nonce=nonce></script>
        <script src="/checkout.js" nonce=again></script>
    }
    .into_any()
}
