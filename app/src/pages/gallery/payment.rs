//! The parts of a payment's page.

use leptos::prelude::*;
use model::payments::PaymentStatus;

use super::examples::{eur, stamp};
use crate::ui::{
    Amount, AmountSize, CodeBlock, Disclosure, Fact, Facts, Flow, FlowPoint, PaymentChip,
    PointState, Section, ShortId, Time, TimeShow, Timeline, TimelineEntry, Tone,
};

fn timeline() -> Vec<TimelineEntry> {
    vec![
        TimelineEntry::new(
            stamp(23, 16, 2),
            "Ana Kowalski",
            "Refund of 10.00 EUR asked for",
        )
        .detail("Reason: one fork arrived bent"),
        TimelineEntry::new(stamp(23, 15, 58), "Stripe", "Captured 49.90 EUR").tone(Tone::Positive),
        TimelineEntry::new(stamp(23, 15, 58), "Punctual", "Ledger entry posted").machine(),
        TimelineEntry::new(stamp(23, 15, 58), "Punctual", "Asked the gateway again").machine(),
        TimelineEntry::new(stamp(23, 15, 57), "Punctual", "Asked the gateway again").machine(),
        TimelineEntry::new(stamp(23, 15, 57), "Stripe", "No answer within 10 s")
            .tone(Tone::Unknown)
            .detail("The outcome was not known for 41 s; nothing was charged twice."),
        TimelineEntry::new(stamp(23, 15, 56), "Customer", "Confirmed with the bank")
            .tone(Tone::Info),
        TimelineEntry::new(
            stamp(23, 15, 54),
            "Customer",
            "Card declined: not enough money",
        )
        .tone(Tone::Negative),
        TimelineEntry::new(
            stamp(23, 15, 52),
            "Marta Oliveira",
            "Order INV-1042 created",
        ),
    ]
}

#[component]
pub fn PaymentParts() -> impl IntoView {
    let facts = vec![
        Fact::new("Customer", "Halvorsen & Lie AS"),
        Fact::new("Order", view! { <a href="/gallery">"INV-1042"</a> }),
        Fact::new("Method", "Visa ending 4242"),
        Fact::new("Gateway", "Stripe"),
        Fact::new(
            "Gateway id",
            view! { <ShortId id="pi_3QXk2LAb91Zr07Tq1hYw5eVd" label="gateway id"/> },
        ),
        Fact::new("Captured", view! { <Amount money=eur(4_990)/> }),
        Fact::new("Refunded", view! { <Amount money=eur(-1_000)/> }),
        Fact::new(
            "Bank line expected",
            view! { <Time stamp=stamp(25, 8, 0) show=TimeShow::Date/> },
        ),
    ];
    view! {
        <Section title="A payment">
            <div class="row">
                <Amount money=eur(4_990) size=AmountSize::Large/>
                <PaymentChip status=PaymentStatus::Captured/>
            </div>
            <Flow
                label="Way of this payment"
                points=vec![
                    FlowPoint::new("Order", PointState::Done).at(Some(stamp(23, 15, 52))),
                    FlowPoint::new("Authorised", PointState::Done).at(Some(stamp(23, 15, 56))),
                    FlowPoint::new("Captured", PointState::Done)
                        .at(Some(stamp(23, 15, 58)))
                        .link("/gallery"),
                    FlowPoint::new("Settled", PointState::Now).note("Payout expected on 25 Nov"),
                    FlowPoint::new("Bank line", PointState::Ahead).note("Not matched yet"),
                ]
            />
            <Flow
                label="Way of a payment that is in doubt"
                points=vec![
                    FlowPoint::new("Order", PointState::Done).at(Some(stamp(22, 21, 12))),
                    FlowPoint::new("Authorised", PointState::Unknown)
                        .note("PayPal has not answered"),
                    FlowPoint::new("Captured", PointState::Ahead),
                    FlowPoint::new("Settled", PointState::Ahead),
                    FlowPoint::new("Bank line", PointState::Ahead),
                ]
            />
        </Section>
        <div class="columns">
            <Section title="History">
                <Timeline label="History of payment INV-1042" entries=timeline()/>
            </Section>
            <Section title="Facts">
                <Facts facts/>
                <Disclosure summary="Last webhook">
                    <CodeBlock
                        label="payment_intent.succeeded"
                        text="{\n  \"id\": \"evt_1Qx\",\n  \"type\": \"payment_intent.succeeded\",\n  \"livemode\": false\n}"
                    />
                </Disclosure>
            </Section>
        </div>
    }
}
