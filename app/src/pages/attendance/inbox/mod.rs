//! What waits for a manager or HR: days to be put right, leave to be granted and swaps to be approved,
//! each as a card with what is needed to decide. Its forms are plain; once the page is awake, `j` and `k` go from card to
//! card.

mod cards;
mod desk;
mod keys;
mod overtime;

use leptos::prelude::*;
use model::Problem;
use model::attendance::views::Inbox;
use model::time::Stamp;

use self::cards::{correction_card, leave_card, swap_card};
use self::desk::Deciding;
use self::overtime::Overtime;
use super::changes::use_calm_changes;
use crate::action::problem_of;
use crate::api::ApiError;
use crate::api::attendance::inbox;
use crate::format::counted;
use crate::pages::scheduling::meeting::parts::calm;
use crate::ui::{
    EmptyState, ErrorState, ErrorSummary, Icon, Page, PageHeader, Section, Skeleton, Time,
};

/// `/attendance/inbox`
#[component]
pub fn InboxPage() -> impl IntoView {
    let deciding = Deciding::new();
    keys::listen();
    // While somebody writes a note, the cards stay as they are.
    let changes = calm(use_calm_changes("attendance.request"), deciding.typing);
    let shown = Resource::new(move || (changes.get(), deciding.done.get()), |_| inbox());
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=12 label="Loading the inbox"/> }>
                {move || Suspend::new(async move {
                    match shown.await {
                        Ok(inbox) => view! { <Shown inbox deciding/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| shown.refetch());
                            view! {
                                <PageHeader title="Inbox"/>
                                <ErrorState problem retry/>
                            }
                            .into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

#[component]
fn Shown(inbox: Inbox, deciding: Deciding) -> impl IntoView {
    let Inbox {
        corrections,
        leave,
        swaps,
        overtime,
        decided,
    } = inbox;
    let before = corrections.len();
    let before_swaps = before + leave.len();
    let cards = before_swaps + swaps.len();
    let waiting = cards + overtime.len();
    let facts = match waiting {
        0 => "Nothing waits".to_owned(),
        some => {
            let some = i64::try_from(some).unwrap_or(i64::MAX);
            format!("{} for you", counted(some, "matter waits", "matters wait"))
        }
    };
    let facts = view! { <span>{facts}</span> }.into_any();
    // Without scripts it is not known which form was refused, so that stands on top.
    let plain = move |problem: Signal<Option<Problem>>| {
        Signal::derive(move || {
            let is_known = deciding.sent.with(Option::is_some);
            problem.get().filter(|_| !is_known)
        })
    };
    let refused = plain(problem_of(deciding.correction));
    let refused_leave = plain(problem_of(deciding.leave));
    let refused_swap = plain(problem_of(deciding.swap));
    // As closures the cards are made anew each time, so that no note stays in the place of a card that
    // is gone.
    let days = move || {
        let cards = corrections.clone().into_iter().enumerate();
        let cards = cards.map(|(number, request)| correction_card(number, request, deciding));
        cards.collect_view()
    };
    let leave = move || {
        let cards = leave.clone().into_iter().enumerate();
        let cards = cards.map(|(number, request)| leave_card(before + number, request, deciding));
        cards.collect_view()
    };
    let swaps = move || {
        let cards = swaps.clone().into_iter().enumerate();
        let cards =
            cards.map(|(number, request)| swap_card(before_swaps + number, request, deciding));
        cards.collect_view()
    };
    Effect::new(move |_| deciding.go_on());
    view! {
        <PageHeader title="Inbox" facts/>
        <ErrorSummary problem=refused/>
        <ErrorSummary problem=refused_leave/>
        <ErrorSummary problem=refused_swap/>
        {(waiting == 0)
            .then(|| {
                view! {
                    <EmptyState
                        icon=Icon::Tray
                        title="Nothing waits for you"
                        text="When somebody of your team asks for leave, for a day to be put right or for a swap of shifts, or works overtime, it stands here until you have decided."
                    />
                }
            })}
        {(before > 0)
            .then(|| {
                view! {
                    <Section title="Days to put right">
                        <div class="inbox">{days}</div>
                    </Section>
                }
            })}
        {(before_swaps > before)
            .then(|| {
                view! {
                    <Section title="Leave">
                        <div class="inbox">{leave}</div>
                    </Section>
                }
            })}
        {(cards > before_swaps)
            .then(|| {
                view! {
                    <Section title="Swaps of shifts">
                        <div class="inbox">{swaps}</div>
                    </Section>
                }
            })}
        {(!overtime.is_empty()).then(|| view! { <Overtime days=overtime deciding/> })}
        {(!decided.is_empty()).then(|| view! { <Decided decided/> })}
    }
}

/// What was decided last.
#[component]
fn Decided(decided: Vec<(String, Stamp)>) -> impl IntoView {
    let lines = decided
        .into_iter()
        .map(|(words, stamp)| {
            view! {
                <li>
                    <span>{words}</span>
                    " "
                    <Time stamp/>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section title="Decided">
            <ul class="inbox-decided">{lines}</ul>
        </Section>
    }
}
