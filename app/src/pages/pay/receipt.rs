//! The receipt of a paid order.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::api::checkout::Checkout;
use crate::ui::{Amount, AmountSize, Fact, Facts, Glyph, Icon};

/// What was paid, when and by whom; prints on one page.
#[component]
pub fn Receipt(found: Checkout) -> impl IntoView {
    let order = found.order.clone();
    let mut facts = vec![
        Fact::new(
            "Order",
            view! { <span class="mono">{order.reference.clone()}</span> }.into_any(),
        ),
        Fact::new("Paid to", order.organisation.clone().into_any()),
        Fact::new("Paid by", order.customer.name.clone().into_any()),
    ];
    if !order.description.is_empty() {
        facts.push(Fact::new("For", order.description.clone().into_any()));
    }
    if let Some(at) = found.paid_at.clone() {
        // The zone of a customer is not known here; the browser's own is put in by the page's script.
        let words = format!("{} UTC", at.date_time());
        let time = view! { <time datetime=at.exact() data-local="">{words}</time> };
        facts.push(Fact::new("Paid on", time.into_any()));
    }
    let nonce = use_nonce();
    view! {
        <div class="pay-state pay-receipt">
            <Glyph icon=Icon::CheckCircle large=true/>
            <h1>"Paid"</h1>
            <p class="pay-amount">
                <Amount money=order.total size=AmountSize::Huge/>
            </p>
            <Facts facts/>
            <p class="muted small no-print">"A receipt is on its way to " {order.customer.email.clone()} "."</p>
            <button class="button button-secondary no-print" type="button" data-print="" hidden=true>
                "Print"
            </button>
        </div>
        <script src="/checkout.js" nonce=nonce></script>
    }
}
