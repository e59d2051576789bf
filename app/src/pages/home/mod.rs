//! Where a signed-in person begins: the clock, the meetings of today and tomorrow, what waits for a
//! decision, then what else there is to do, by role.

mod clock;
mod clock_queue;
mod meetings;
mod waits;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::attendance::views::{Inbox, SwapView};
use model::payments::PaymentFigures;

use self::clock::{Clock, Ticking};
use self::clock_queue::Queue;
use self::meetings::Meetings;
use self::waits::Waits;
use crate::api::ApiError;
use crate::api::attendance::swaps::waiting_swaps;
use crate::api::attendance::{clock as read_clock, inbox};
use crate::api::identity::{Today, first_page};
use crate::api::scheduling::agenda;
use crate::format::percent;
use crate::live::use_changes;
use crate::pages::attendance::changes::use_calm_changes;
use crate::pages::scheduling::agenda::present::use_present;
use crate::paths;
use crate::ui::{
    Amount, EmptyState, ErrorState, FigureCard, Figures, Icon, LinkButton, Look, Notice, Page,
    PageHeader, Section, Skeleton, Tone,
};

/// *Today*.
#[component]
pub fn Home() -> impl IntoView {
    let query = use_query_map();
    let queue = Queue::new();
    let ticking = Ticking::new();
    let changes = use_changes("payment.");
    let moved = use_changes("meeting.");
    let punched = use_calm_changes("attendance.day");
    let asked = use_calm_changes("attendance.request");
    let present = use_present();
    let today = Resource::new(move || (changes.get(), asked.get()), |_| load());
    let clock = Resource::new(
        move || (punched.get(), present.get(), queue.done.get()),
        |_| read_clock(),
    );
    let meetings = Resource::new(
        move || (moved.get(), present.get()),
        |_| agenda(None, meetings::DAYS),
    );
    // A press of the plain form that was refused leads back here.
    let refused = move || {
        query.with(|query| query.get("problem")).map(|_| {
            view! {
                <Notice
                    tone=Tone::Negative
                    title="The clock was not pressed"
                    text="Nothing was kept. Press again; if that does not help, ask for the day to be put right."
                />
            }
        })
    };
    let clock_part = move || {
        Suspend::new(async move {
            let reader = today.await.ok().and_then(|(today, ..)| today.person);
            match clock.await {
                Ok(card) => view! { <Clock card reader queue ticking/> }.into_any(),
                // Who has no role at all has no clock either; the meetings say so.
                Err(ApiError(problem)) if problem.status == 403 => ().into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| clock.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let waits_part = move || {
        Suspend::new(async move {
            match today.await {
                Ok((_, inbox, asked)) if inbox.is_some() || !asked.is_empty() => {
                    view! { <Waits inbox asked/> }.into_any()
                }
                _ => ().into_any(),
            }
        })
    };
    view! {
        <Page>
            <PageHeader title="Today"/>
            {refused}
            <div class="today">
                <Transition fallback=|| view! { <Skeleton lines=6 label="Your clock"/> }>
                    {clock_part}
                </Transition>
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
                <Transition>{waits_part}</Transition>
            </div>
            <Transition fallback=|| view! { <Skeleton lines=4 label="Today"/> }>
                {move || Suspend::new(async move {
                    match today.await {
                        Ok((today, ..)) => sections(today),
                        Err(error) => view! { <ErrorState problem=error.0/> }.into_any(),
                    }
                })}
            </Transition>
        </Page>
    }
}

/// What the person finds, what waits for a decision if that is theirs, and what colleagues ask them.
async fn load() -> Result<(Today, Option<Inbox>, Vec<SwapView>), ApiError> {
    let today = first_page().await?;
    let waits = match today.decides {
        true => Some(inbox().await?),
        false => None,
    };
    let asked = match waiting_swaps().await {
        // Whoever has no role at all has no shifts either.
        Err(ApiError(problem)) if problem.status == 403 => Vec::new(),
        asked => asked?,
    };
    Ok((today, waits, asked))
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
