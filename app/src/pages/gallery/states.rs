//! What stands where data are not.

use leptos::prelude::*;
use model::Problem;

use crate::ui::{
    Button, EmptyState, ErrorState, FiguresSkeleton, Icon, Loading, Look, Notice, Section,
    Skeleton, Stale, TableSkeleton, Tone,
};

#[component]
pub fn States() -> impl IntoView {
    view! {
        <div class="halves">
            <Section title="Nothing yet">
                <EmptyState
                    title="No disputes"
                    text="When a customer's bank takes money back, the case stands here with its deadline."
                    icon=Icon::Scales
                >
                    <Button icon=Icon::Import>"Import a statement"</Button>
                </EmptyState>
            </Section>
            <Section title="Failed">
                <ErrorState problem=Problem::internal()/>
            </Section>
            <Section title="On its way">
                <FiguresSkeleton cards=2/>
                <TableSkeleton rows=4 columns=4/>
                <Skeleton lines=3/>
                <Loading label="Asking the bank"/>
            </Section>
            <Section title="Remarks">
                <Notice
                    tone=Tone::Caution
                    title="Stripe answers slowly"
                    text="Half of the calls take over 4 s. Payments go on; captures may lag."
                >
                    <Button small=true>"Show calls"</Button>
                </Notice>
                <Notice
                    tone=Tone::Positive
                    title="The statement of 22 November is fully matched"
                    text="Ledger 93,100.44 + unmatched 0.00 = bank 93,100.44 EUR"
                />
                <Notice tone=Tone::Info title="Test mode" text="No real money moves."/>
                <Notice title="Period October is closed" text="Corrections go into November."/>
                <Stale text="As of 17:04; the bank has not answered since"/>
                <Notice tone=Tone::Negative title="Two payouts are missing at the bank">
                    <Button small=true look=Look::Secondary>"Look into it"</Button>
                </Notice>
            </Section>
        </div>
    }
}
