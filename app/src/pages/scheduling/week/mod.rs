//! The week: one's own meetings with the time of other people and rooms over them, what suits all,
//! and booking in place.
//!
//! * [`query`]: what the address says; the address is the state of everything but what is chosen.
//! * [`desk`]: what is chosen, which outlives each reading. [`booker`]: how a booking goes.
//! * [`geometry`], [`choosing`], [`announce`], [`draft`], [`repeat`], [`words`]: the rules, pure.
//! * [`board`] with [`grid`], [`layers`], [`chosen`], [`bar`]: what is drawn. [`hand`], [`keys`]:
//!   what pointer and keyboard do in it.
//! * [`head`], [`who`], [`people_picker`], [`rooms_picker`], [`suggestions`], [`lost`],
//!   [`booking`]: what stands around the board.
//!
//! The week is read again whenever a meeting changes anywhere, and drawn in place. While that
//! happens the old drawing may still be asked something, so what is drawn holds plain data and
//! signals of the [`desk`], and none of its own.

mod announce;
mod bar;
mod board;
mod booker;
mod booking;
mod choosing;
mod chosen;
mod desk;
mod draft;
mod geometry;
mod grid;
mod hand;
mod head;
mod keys;
mod layers;
mod lost;
mod people_picker;
pub(super) mod query;
mod repeat;
mod rooms_picker;
#[cfg(test)]
mod samples;
pub(super) mod suggestions;
mod who;
pub(super) mod words;

use std::sync::Arc;

use leptos::prelude::*;
use model::scheduling::views::WeekPage;

use super::views::Views;
use crate::api::ApiError;
use crate::api::scheduling::week;
use crate::live::use_changes;
use crate::paths;
use crate::ui::{
    Button, ErrorState, FilterChips, FilterOption, Icon, LinkButton, Look, PageHeader,
    TableSkeleton,
};
use board::Board;
use booker::Booker;
use booking::BookingDialog;
use desk::{Desk, use_desk};
use head::Head;
use lost::LostRace;
use people_picker::PeoplePicker;
use rooms_picker::RoomsPicker;
use suggestions::Suggestions;
use who::Who;

/// The week of meetings.
#[component]
pub fn Week() -> impl IntoView {
    let desk = Desk::provide();
    let booker = Booker::provide(desk);
    keys::listen(desk, booker);
    let changes = use_changes("meeting.");
    let read = Resource::new(
        move || {
            let booked = booker.action.version().get();
            (desk.asked.get(), changes.get(), booked)
        },
        |(asked, ..)| week(asked),
    );
    let content = move || {
        Suspend::new(async move {
            match read.await {
                Ok(page) => view! { <Planner page=Arc::new(page)/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| read.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! {
        <span>"Your meetings, and when others are free"</span>
        <span><kbd>"?"</kbd> " shows the keys"</span>
    }
    .into_any();
    view! {
        <div class="page week-page">
            <PageHeader title="Meetings" facts>
                <LinkButton href=paths::WORKING_HOURS icon=Icon::Clock>
                    "Working hours"
                </LinkButton>
                <span class="week-awake">
                    <Button
                        look=Look::Primary
                        icon=Icon::Plus
                        on:click=move |_| booker.open_any()
                    >
                        "Book a meeting"
                    </Button>
                </span>
            </PageHeader>
            <Views/>
            <div class="week-tools">
                <PeoplePicker/>
                <RoomsPicker/>
                <FilterChips label="How long the meeting takes" param="minutes" options=lengths()/>
            </div>
            <LostRace/>
            <Transition fallback=|| {
                view! { <TableSkeleton rows=13 columns=7 label="Loading the week"/> }
            }>{content}</Transition>
            <p class="sr-only" role="status">{move || desk.said.get()}</p>
        </div>
        <BookingDialog/>
    }
    .into_any()
}

/// The week as it was read.
#[component]
fn Planner(page: Arc<WeekPage>) -> impl IntoView {
    let desk = use_desk();
    let seen = page.clone();
    Effect::new(move |_| desk.receive(seen.clone()));
    view! {
        <Who page=page.clone()/>
        <Head page=page.clone()/>
        <div class="week-columns">
            <Board page=page.clone()/>
            <div class="week-side">
                <Suggestions page/>
            </div>
        </div>
    }
    .into_any()
}

fn lengths() -> Vec<FilterOption> {
    let usual = query::USUAL_MINUTES;
    [15, 30, 45, 60, 90]
        .into_iter()
        .map(|minutes: u16| match minutes == usual {
            true => FilterOption::all(format!("{minutes} min")),
            false => FilterOption::new(minutes.to_string(), format!("{minutes} min")),
        })
        .collect()
}
