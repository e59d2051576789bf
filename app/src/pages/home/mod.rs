//! Where a signed-in person begins: the meetings of today and tomorrow, then what there is to do,
//! by role.

mod meetings;

use leptos::prelude::*;
use model::payments::PaymentFigures;

use self::meetings::Meetings;
use crate::api::ApiError;
use crate::api::identity::{Today, first_page};
use crate::api::scheduling::agenda;
use crate::format::percent;
use crate::live::use_changes;
use crate::pages::scheduling::agenda::present::use_present;
use crate::paths;
use crate::ui::{
    Amount, EmptyState, ErrorState, FigureCard, Figures, Icon, LinkButton, Look, Page, PageHeader,
    Section, Skeleton,
};

/// *Today*.
#[component]
pub fn Home() -> impl IntoView {
    let changes = use_changes("payment.");
    let moved = use_changes("meeting.");
    let present = use_present();
    let today = Resource::new(move || changes.get(), |_| first_page());
    let meetings = Resource::new(
        move || (moved.get(), present.get()),
        |_| agenda(None, meetings::DAYS),
    );
    view! {
        <Page>
            <PageHeader title="Today"/>
            <Transition fallback=|| view! { <Skeleton lines=4 label="Your meetings"/> }>
                {move || Suspend::new(async move {
                    match meetings.await {
                        Ok(page) => view! { <Meetings page/> }.into_any(),
                        // Every role has meetings: whoever may not see them has no role at all.
                        Err(ApiError(problem)) if problem.status == 403 => quiet(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| meetings.refetch());
                            view! { <ErrorState problem retry/> }.into_any()
                        }
                    }
                })}
            </Transition>
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
    view! {
        {today.payments.map(payments)}
        {today.runs_sandbox.then(administration)}
    }
    .into_any()
}

fn payments(figures: PaymentFigures) -> AnyView {
    let spark: Vec<f64> = figures
        .daily
        .iter()
        .map(|(_, count)| count_of(*count))
        .collect();
    let volume = figures.volume.iter().map(|money| {
        let money = *money;
        view! { <Amount money/> }
    });
    let volume = match figures.volume.is_empty() {
        true => "–".into_any(),
        false => view! { <span class="payment-volume">{volume.collect_view()}</span> }.into_any(),
    };
    view! {
        <Section title="Payments, last 30 days">
            <Figures>
                <FigureCard label="Paid" value=figures.paid.to_string() spark href=paths::PAYMENTS/>
                <FigureCard
                    label="Success rate"
                    value=percent(figures.paid, figures.ended)
                    comparison="of the payments that ended"
                />
                <FigureCard label="Volume" face=volume/>
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
