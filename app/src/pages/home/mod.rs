//! Where a signed-in person begins: what there is to do, by role.

use leptos::prelude::*;
use model::payments::PaymentFigures;

use crate::api::identity::{Today, first_page};
use crate::format::percent;
use crate::live::use_changes;
use crate::paths;
use crate::ui::{
    EmptyState, ErrorState, FigureCard, Figures, Icon, LinkButton, Look, Page, PageHeader, Section,
    Skeleton,
};

/// *Today*.
#[component]
pub fn Home() -> impl IntoView {
    let changes = use_changes("payment.");
    let today = Resource::new(move || changes.get(), |_| first_page());
    view! {
        <Page>
            <PageHeader title="Today"/>
            <Transition fallback=|| view! { <Skeleton lines=4 label="Today"/> }>
                {move || Suspend::new(async move {
                    match today.await {
                        Ok(today) => sections(today),
                        Err(error) => view! { <ErrorState problem=error.0/> }.into_any(),
                    }
                })}
            </Transition>
        </Page>
    }
}

fn sections(today: Today) -> AnyView {
    let nothing = today.payments.is_none() && !today.sees_people;
    view! {
        {today.payments.map(payments)}
        {today.runs_sandbox.then(administration)}
        {nothing.then(quiet)}
    }
    .into_any()
}

fn payments(figures: PaymentFigures) -> AnyView {
    let spark: Vec<f64> = figures
        .daily
        .iter()
        .map(|(_, count)| count_of(*count))
        .collect();
    let volume: Vec<String> = figures.volume.iter().map(|money| money.display()).collect();
    view! {
        <Section title="Payments, last 30 days">
            <Figures>
                <FigureCard label="Paid" value=figures.paid.to_string() spark href=paths::PAYMENTS/>
                <FigureCard
                    label="Success rate"
                    value=percent(figures.paid, figures.ended)
                    comparison="of the payments that ended"
                />
                <FigureCard label="Volume" value=volume.join(", ")/>
            </Figures>
            <p class="button-row">
                <LinkButton href=paths::NEW_ORDER icon=Icon::Plus look=Look::Primary>
                    "New order"
                </LinkButton>
                <LinkButton href=paths::RECONCILIATION>"Reconciliation"</LinkButton>
            </p>
        </Section>
    }
    .into_any()
}

fn count_of(count: i64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn administration() -> AnyView {
    view! {
        <Section title="Administration">
            <p class="button-row">
                <LinkButton href=paths::PEOPLE icon=Icon::People>"People"</LinkButton>
                <LinkButton href=paths::JOBS icon=Icon::Queue>"Jobs"</LinkButton>
                <LinkButton href=paths::SANDBOX icon=Icon::Flask>"Sandbox"</LinkButton>
            </p>
        </Section>
    }
    .into_any()
}

fn quiet() -> AnyView {
    view! {
        <EmptyState
            title="Nothing waits for you"
            text="Your roles open no other pages. An administrator can give you more."
        />
    }
    .into_any()
}
