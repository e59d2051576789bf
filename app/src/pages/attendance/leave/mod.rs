//! One's own leave: what is left, the form of a request with what it would cost, and requests. [`ledger`]:
//! the leave of anybody as HR sees it, with all that moved it, and [`entry`], the form of an entry by hand.
//!
//! The form stands outside of what is read again, so that nobody loses what they type when a request
//! of theirs is decided meanwhile. Only the kinds of leave in it come from the page.

mod ask;
mod balances;
mod cost;
mod entry;
mod ledger;
mod requests;

use leptos::prelude::*;
use model::attendance::views::{LeavePage, LeaveState};
use model::{LeaveRequestId, LeaveTypeId};

use self::ask::Ask;
use self::balances::Balances;
use self::cost::Costs;
use self::requests::{Requests, dialog_of};
use super::common::{empty_form, range_words, use_changes_between_dialogs};
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::attendance::leave_form::AskLeave;
use crate::api::attendance::{WithdrawLeave, leave};
use crate::toast::Toasts;
use crate::ui::{
    ErrorState, Icon, LinkButton, Page, PageHeader, Section, Skeleton, Tone, close_dialog,
};

pub use self::ledger::LedgerOf;

/// The id of the form.
const FORM: &str = "ask-leave";

/// What can be done on the page. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Doings {
    /// Asks for leave.
    ask: ServerAction<AskLeave>,
    /// Takes a request back, or gives granted leave back.
    withdraw: ServerAction<WithdrawLeave>,
    /// What the form would cost.
    costs: Costs,
}

/// `/attendance/leave`
#[component]
pub fn Leave() -> impl IntoView {
    let doings = Doings {
        ask: ServerAction::new(),
        withdraw: ServerAction::new(),
        costs: Costs::new(),
    };
    let done = RwSignal::new(0_u32);
    tell(doings, done);
    let changes = use_changes_between_dialogs("attendance.request");
    let page = Resource::new(move || (changes.get(), done.get()), |_| leave());
    let balances = move || {
        Suspend::new(async move {
            match page.await {
                Ok(page) => view! { <Balances page costs=doings.costs/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| page.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    // What failed is told above, where the balances would be.
    let requests = move || {
        Suspend::new(async move {
            page.await
                .ok()
                .map(|page| view! { <Requests page doings/> })
        })
    };
    let kinds = move || {
        Suspend::new(async move {
            page.await
                .ok()
                .map(|page| view! { <ask::Kinds page doings/> })
        })
    };
    let facts = view! { <span>"What is left, and what you have asked for"</span> }.into_any();
    view! {
        <Page>
            <PageHeader title="Leave" facts>
                <LinkButton href=format!("#{FORM}") icon=Icon::Plus external=true>
                    "Ask for leave"
                </LinkButton>
            </PageHeader>
            <Section title="What is left">
                <Transition fallback=|| {
                    view! { <Skeleton lines=4 label="Loading what is left"/> }
                }>{balances}</Transition>
            </Section>
            <div class="columns leave-columns">
                <Section title="Your requests">
                    <Transition fallback=|| {
                        view! { <Skeleton lines=6 label="Loading your requests"/> }
                    }>{requests}</Transition>
                </Section>
                <Section title="Ask for leave">
                    <Ask doings>
                        <Transition fallback=|| {
                            view! { <Skeleton lines=2 label="Loading kinds of leave"/> }
                        }>{kinds}</Transition>
                    </Ask>
                </Section>
            </div>
        </Page>
    }
}

/// Says what was done, and has the page read again.
fn tell(doings: Doings, done: RwSignal<u32>) {
    let toasts = expect_context::<Toasts>();
    on_done(doings.ask, move |request| {
        let days = range_words(request.from_day, request.to_day);
        toasts.show(Tone::Positive, format!("Asked for {days}"));
        empty_form(FORM);
        doings.costs.forget();
        done.update(|n| *n += 1);
    });
    on_done(doings.withdraw, move |request| {
        close_dialog(&dialog_of(request.id));
        let days = range_words(request.from_day, request.to_day);
        let verb = match request.state {
            LeaveState::Cancelled => "given back",
            _ => "taken back",
        };
        toasts.show(Tone::Positive, format!("{days} {verb}"));
        done.update(|n| *n += 1);
    });
}

/// How long a working day is for a kind of leave, for reading minutes as days.
fn day_minutes(page: &LeavePage, kind: LeaveTypeId) -> i64 {
    let known = page.balances.iter().find(|balance| balance.type_id == kind);
    known.map_or(0, |balance| balance.day_minutes)
}

/// The newest request of the page: ids are in the order of making.
fn newest(page: &LeavePage) -> Option<LeaveRequestId> {
    page.requests.iter().map(|request| request.id).max()
}
