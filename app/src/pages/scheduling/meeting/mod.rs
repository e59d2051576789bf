//! One meeting: what it is, who comes, the reader's own answer, its times if it repeats, and what
//! happened. Its form is a page of its own, so that nothing that changes meanwhile takes away what
//! was typed.

pub mod answers;
mod cancel;
mod edit;
mod fields;
pub mod parts;
mod people;
mod series;
mod shown;
mod taken;
pub mod when;

use chrono::NaiveDateTime;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::scheduling::meeting::Response;

use self::parts::calm;
use self::shown::Shown;
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::scheduling::forms::CallOff;
use crate::api::scheduling::{AnswerMeeting, answer_meeting, meeting};
use crate::live::use_changes;
use crate::paths;
use crate::toast::{Toasts, at_root};
use crate::ui::{ErrorState, Page, PageHeader, Skeleton, Tone, close_dialog};

pub use edit::MeetingEdit;

/// The original local start of one time, and an answer.
type Answered = (Option<NaiveDateTime>, Response);

/// What can be done on the page. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Doings {
    /// The reader answers.
    answer: ServerAction<AnswerMeeting>,
    /// The organizer cancels.
    call_off: ServerAction<CallOff>,
    /// What the reader had answered when the last answer was sent, and to which time of a series, if
    /// it was to one alone.
    before: StoredValue<Option<Answered>>,
    /// Whether the dialog is open. It stays as it is until it is closed.
    asking: RwSignal<bool>,
}

/// `/meetings/:id`
#[component]
pub fn Meeting() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let doings = Doings {
        answer: ServerAction::new(),
        call_off: ServerAction::new(),
        before: StoredValue::new(None),
        asking: RwSignal::new(false),
    };
    let changes = calm(use_changes("meeting."), doings.asking);
    let done = RwSignal::new(0_u32);
    let shown = Resource::new(
        move || (id.get(), changes.get(), done.get()),
        |(id, ..)| meeting(id),
    );
    tell(doings, id, done);
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=12 label="Loading the meeting"/> }>
                {move || Suspend::new(async move {
                    match shown.await {
                        Ok(page) => view! { <Shown page doings/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| shown.refetch());
                            view! {
                                <PageHeader title="Meeting" back=back()/>
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

/// The page above.
fn back() -> (String, String) {
    (paths::MEETINGS.to_owned(), "Calendar".to_owned())
}

/// Says what was done, and has the page read again. An answer can be taken back; what was cancelled
/// cannot.
fn tell(doings: Doings, id: Memo<String>, done: RwSignal<u32>) {
    let toasts = expect_context::<Toasts>();
    on_done(doings.answer, move |()| {
        done.update(|n| *n += 1);
        let text = "Your answer is kept";
        match doings.before.get_value() {
            // An answer to all of it cannot be made undone, only another one.
            Some(before) if before.0.is_some() || before.1 != Response::NeedsAction => {
                let id = id.get_untracked();
                let undo = at_root(move || answer_again(toasts, done, id.clone(), before));
                toasts.show_with_action(Tone::Positive, text, "Undo", undo);
            }
            _ => toasts.show(Tone::Positive, text),
        }
    });
    on_done(doings.call_off, move |()| {
        doings.asking.set(false);
        close_dialog(cancel::DIALOG);
        toasts.show(Tone::Positive, "Cancelled, and everybody is told");
        done.update(|n| *n += 1);
    });
    // Another meeting in the same place has no dialog open.
    Effect::new(move |_| {
        id.track();
        doings.asking.set(false);
    });
}

/// Answers as before.
fn answer_again(toasts: Toasts, done: RwSignal<u32>, id: String, before: Answered) {
    let (only, response) = before;
    leptos::task::spawn_local(async move {
        match answer_meeting(id, only, response).await {
            Ok(()) => toasts.show(Tone::Positive, "Your earlier answer stands again"),
            Err(ApiError(problem)) => toasts.show(Tone::Negative, problem.detail),
        }
        // The reader may have left the page.
        done.try_update(|n| *n += 1);
    });
}
