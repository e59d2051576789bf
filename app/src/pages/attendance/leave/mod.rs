//! Leave: what is left, the form of a request with what it would cost, and requests; one's own, or with
//! `?person=` that of somebody whose leave the reader may see. Whoever decides for them enters leave in
//! the same form, and ends what is granted. [`ledger`]:
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
use model::{LeaveRequestId, LeaveTypeId, PersonId, Problem};

use self::ask::Ask;
use self::balances::Balances;
use self::cost::Costs;
use self::requests::{Requests, dialog_of};
use super::common::{empty_form, range_words, use_changes_between_dialogs, use_param};
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::attendance::leave_form::{AskLeave, EndLeave};
use crate::api::attendance::{WithdrawLeave, leave};
use crate::paths;
use crate::shell::answer_not_found;
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
    /// Ends granted leave of somebody else.
    end: ServerAction<EndLeave>,
    /// The dialog from which the end of leave was sent last.
    sent: StoredValue<Option<String>>,
    /// What the form would cost.
    costs: Costs,
}

/// Whose leave the address names: nobody for the reader's own. What is no id is nowhere.
type Whose = Result<Option<PersonId>, ApiError>;

/// `/attendance/leave`, for somebody else's with `?person=`
#[component]
pub fn Leave() -> impl IntoView {
    let person = use_param("person");
    let whose = Memo::new(move |_| person.with(|person| whose(person.as_deref())));
    if whose.with_untracked(Result::is_err) {
        answer_not_found();
    }
    // Whose form it is, is said in it: somebody else's is another form.
    move || view! { <LeaveOf whose=whose.get()/> }
}

fn whose(person: Option<&str>) -> Whose {
    let Some(person) = person else {
        return Ok(None);
    };
    let id = person.parse();
    let id = id.map_err(|_| ApiError(Problem::not_found("person")))?;
    Ok(Some(id))
}

async fn load(whose: Whose) -> Result<LeavePage, ApiError> {
    leave(whose?).await
}

#[component]
fn LeaveOf(whose: Whose) -> impl IntoView {
    let doings = Doings {
        ask: ServerAction::new(),
        withdraw: ServerAction::new(),
        end: ServerAction::new(),
        sent: StoredValue::new(None),
        costs: Costs::new(),
    };
    let done = RwSignal::new(0_u32);
    tell(doings, done);
    let changes = use_changes_between_dialogs("attendance.request");
    let person = whose.as_ref().ok().copied().flatten();
    let is_own = whose == Ok(None);
    let page = Resource::new(
        move || (changes.get(), done.get()),
        move |_| load(whose.clone()),
    );
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
                .map(|page| view! { <ask::Kinds page doings is_own/> })
        })
    };
    let header = move || match is_own {
        true => own_header(),
        false => {
            let header =
                move || Suspend::new(async move { page.await.ok().map(|page| header_of(&page)) });
            view! {
                <Transition fallback=|| {
                    view! { <PageHeader title="Leave"/> }
                }>{header}</Transition>
            }
            .into_any()
        }
    };
    let (requests_title, form_title) = match is_own {
        true => ("Your requests", "Ask for leave"),
        false => ("Requests and leave", "Enter leave"),
    };
    view! {
        <Page>
            {header()}
            <Section title="What is left">
                <Transition fallback=|| {
                    view! { <Skeleton lines=4 label="Loading what is left"/> }
                }>{balances}</Transition>
            </Section>
            <div class="columns leave-columns">
                <Section title=requests_title>
                    <Transition fallback=|| {
                        view! { <Skeleton lines=6 label="Loading your requests"/> }
                    }>{requests}</Transition>
                </Section>
                <Section title=form_title>
                    <Ask doings person>
                        <Transition fallback=|| {
                            view! { <Skeleton lines=2 label="Loading kinds of leave"/> }
                        }>{kinds}</Transition>
                    </Ask>
                </Section>
            </div>
        </Page>
    }
}

fn own_header() -> AnyView {
    let facts = view! { <span>"What is left, and what you have asked for"</span> }.into_any();
    view! {
        <PageHeader title="Leave" facts>
            <LinkButton href=format!("#{FORM}") icon=Icon::Plus external=true>
                "Ask for leave"
            </LinkButton>
        </PageHeader>
    }
    .into_any()
}

/// The head of the page of somebody else.
fn header_of(page: &LeavePage) -> AnyView {
    let title = format!("Leave of {}", page.employee.name);
    let month = format!("{}/people/{}", paths::ATTENDANCE, page.employee.id);
    let facts = view! { <span>"What is left, what was asked for, and what is granted"</span> };
    let enter = page.may_give.then(|| {
        view! {
            <LinkButton href=format!("#{FORM}") icon=Icon::Plus external=true>
                "Enter leave"
            </LinkButton>
        }
    });
    view! {
        <PageHeader title facts=facts.into_any()>
            <LinkButton href=month icon=Icon::Calendar>"Month"</LinkButton>
            {enter}
        </PageHeader>
    }
    .into_any()
}

/// Says what was done, and has the page read again.
fn tell(doings: Doings, done: RwSignal<u32>) {
    let toasts = expect_context::<Toasts>();
    on_done(doings.ask, move |request| {
        let days = range_words(request.from_day, request.to_day);
        let said = match request.on_behalf {
            true => format!("Entered: {}, {days}", request.kind),
            false => format!("Asked for {days}"),
        };
        toasts.show(Tone::Positive, said);
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
    on_done(doings.end, move |request| {
        if let Some(dialog) = doings.sent.get_value() {
            close_dialog(&dialog);
        }
        let said = match request.state {
            LeaveState::Cancelled => "Leave taken back".to_owned(),
            _ => format!("Leave ends on {}", request.to_day.format("%-d %b %Y")),
        };
        toasts.show(Tone::Positive, said);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_somebody_or_the_reader() {
        assert_eq!(whose(None), Ok(None));
        let id = "019a2b3c-4d5e-7f60-8123-456789abcdef";
        assert_eq!(whose(Some(id)), Ok(id.parse().ok()));
        assert!(whose(Some("me")).is_err());
    }
}
