//! Where a signed-in person begins: what there is to do, by role.

use leptos::prelude::*;

use crate::api::identity::who_am_i;
use crate::api::payments::payment_figures;
use crate::live::use_changes;
use crate::paths;
use crate::ui::{
    EmptyState, ErrorState, FigureCard, Figures, FiguresSkeleton, Icon, LinkButton, Look, Page,
    PageHeader, Section, Skeleton,
};

/// *Today*.
#[component]
pub fn Home() -> impl IntoView {
    let me = Resource::new(|| (), |()| who_am_i());
    view! {
        <Page>
            <Suspense fallback=|| view! { <Skeleton lines=4 label="Today"/> }>
                {move || Suspend::new(async move {
                    match me.await {
                        Ok(me) => {
                            let facts = view! { <span>"Times in " {me.zone.clone()}</span> }.into_any();
                            view! {
                                <PageHeader title="Today" facts/>
                                {me.sees_payments.then(|| view! { <PaymentsToday/> })}
                                {me.runs_sandbox.then(|| view! { <SandboxToday/> })}
                                {(!me.sees_payments && !me.sees_people).then(|| view! { <Quiet/> })}
                            }
                            .into_any()
                        }
                        Err(error) => view! { <ErrorState problem=error.0/> }.into_any(),
                    }
                })}
            </Suspense>
        </Page>
    }
}

#[component]
fn PaymentsToday() -> impl IntoView {
    let changes = use_changes("payment.");
    let figures = Resource::new(move || changes.get(), |_| payment_figures());
    view! {
        <Section title="Payments, last 30 days">
            <Transition fallback=|| view! { <FiguresSkeleton/> }>
                {move || Suspend::new(async move {
                    match figures.await {
                        Ok(figures) => {
                            let rate = crate::format::percent(figures.paid, figures.ended);
                            let spark: Vec<f64> =
                                figures.daily.iter().map(|(_, count)| f64::from(u32::try_from(*count).unwrap_or(0))).collect();
                            let volume: Vec<String> = figures.volume.iter().map(|money| money.display()).collect();
                            view! {
                                <Figures>
                                    <FigureCard label="Paid" value=figures.paid.to_string() spark href=paths::PAYMENTS/>
                                    <FigureCard label="Success rate" value=rate comparison="of the payments that ended"/>
                                    <FigureCard label="Volume" value=volume.join(", ")/>
                                </Figures>
                            }
                            .into_any()
                        }
                        Err(error) => view! { <ErrorState problem=error.0/> }.into_any(),
                    }
                })}
            </Transition>
            <p class="button-row">
                <LinkButton href=paths::NEW_ORDER icon=Icon::Plus>"New order"</LinkButton>
                <LinkButton href=paths::RECONCILIATION look=Look::Secondary>"Reconciliation"</LinkButton>
            </p>
        </Section>
    }
}

#[component]
fn SandboxToday() -> impl IntoView {
    view! {
        <Section title="Administration">
            <p class="button-row">
                <LinkButton href=paths::PEOPLE look=Look::Secondary icon=Icon::People>"People"</LinkButton>
                <LinkButton href=paths::JOBS look=Look::Secondary icon=Icon::Queue>"Jobs"</LinkButton>
                <LinkButton href=paths::SANDBOX look=Look::Secondary icon=Icon::Flask>"Sandbox"</LinkButton>
            </p>
        </Section>
    }
}

#[component]
fn Quiet() -> impl IntoView {
    view! {
        <EmptyState
            title="Nothing waits for you"
            text="Your roles open no other pages. An administrator can give you more."
        />
    }
}
