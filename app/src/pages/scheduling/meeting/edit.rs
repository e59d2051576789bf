//! The form in which the organizer changes a meeting, or times of a series.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use model::scheduling::meeting::OccurrenceView;
use model::scheduling::views::{Booked, MeetingPage, RoomsPage};

use super::fields::Fields;
use super::parts::LoadAgain;
use super::taken::TakenPanel;
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::scheduling::forms::{EditMeeting, Taken, Undo};
use crate::api::scheduling::{change_meeting, meeting, rooms};
use crate::pages::ledger::parts::text;
use crate::paths;
use crate::toast::{Toasts, at_root};
use crate::ui::{
    Button, EmptyState, ErrorState, FormProblems, Icon, LinkButton, Look, Page, PageHeader,
    Skeleton, Tone,
};

/// `/meetings/:id/edit`, for a series with `?time=` and the original local start of one time.
#[component]
pub fn MeetingEdit() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let time = Memo::new(move |_| query.with(|query| text(query, "time")));
    let edit = ServerAction::<EditMeeting>::new();
    // It is not read again while somebody types: a save says whether it was changed meanwhile.
    let shown = Resource::new(move || id.get(), load);
    go_on(edit);
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=10 label="Loading the meeting"/> }>
                {move || Suspend::new(async move {
                    match shown.await {
                        Ok((page, rooms)) if page.may_change => {
                            let time = time.get_untracked();
                            view! { <Form page rooms time edit/> }.into_any()
                        }
                        Ok((page, _)) => view! { <NotYours page/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| shown.refetch());
                            view! {
                                <PageHeader title="Change a meeting" back=super::back()/>
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

async fn load(id: String) -> Result<(MeetingPage, RoomsPage), ApiError> {
    Ok((meeting(id).await?, rooms().await?))
}

/// Says what was done, offers to take it back, and goes to the meeting.
fn go_on(edit: ServerAction<EditMeeting>) {
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    on_done(edit, move |edited| {
        match edited.undo.clone() {
            Some(undo) => {
                let undo = at_root(move || take_back(toasts, undo.clone()));
                toasts.show_with_action(Tone::Positive, "Meeting changed", "Undo", undo);
            }
            None => toasts.show(Tone::Positive, "Meeting changed"),
        }
        navigate(&paths::meeting(edited.id), NavigateOptions::default());
    });
}

/// Puts back what was there before, unless somebody has changed it since.
fn take_back(toasts: Toasts, undo: Undo) {
    let Undo {
        id,
        version,
        change,
    } = undo;
    leptos::task::spawn_local(async move {
        match change_meeting(id.to_string(), version, change).await {
            Ok(Booked::Done { .. }) => toasts.show(Tone::Positive, "The meeting is as before"),
            Ok(Booked::Taken { .. }) => {
                toasts.show(Tone::Negative, "The earlier time is taken by now");
            }
            Err(ApiError(problem)) => toasts.show(Tone::Negative, problem.detail),
        }
    });
}

#[component]
fn NotYours(page: MeetingPage) -> impl IntoView {
    let href = paths::meeting(page.meeting.id);
    let text = if page.meeting.state.is_active() {
        "Only whoever has organized this meeting may change it."
    } else {
        "This meeting was cancelled."
    };
    view! {
        <PageHeader
            title=format!("Change {}", page.meeting.title)
            back=(href.clone(), page.meeting.title.clone())
        />
        <EmptyState icon=Icon::Lock title="It cannot be changed" text>
            <LinkButton href>"Back to the meeting"</LinkButton>
        </EmptyState>
    }
}

#[component]
fn Form(
    page: MeetingPage,
    rooms: RoomsPage,
    time: Option<String>,
    edit: ServerAction<EditMeeting>,
) -> impl IntoView {
    let problem = problem_of(edit);
    let taken = Signal::derive(move || problem.with(|p| p.as_ref().and_then(Taken::of)));
    let pending: Signal<bool> = edit.pending().into();
    let title = page.meeting.title.clone();
    let href = paths::meeting(page.meeting.id);
    let (id, version) = (
        page.meeting.id.to_string(),
        page.meeting.version.to_string(),
    );
    let meant = meant(&page, time.as_deref());
    let occurrence = meant
        .as_ref()
        .map(|o| o.original.format("%Y-%m-%dT%H:%M:%S").to_string())
        .unwrap_or_default();
    view! {
        <PageHeader title=format!("Change {title}") back=(href.clone(), title)/>
        <ActionForm action=edit attr:class="form meeting-form">
            // Enter saves, and never takes one of the times that are offered further down.
            <button
                type="submit"
                class="sr-only"
                tabindex="-1"
                aria-hidden="true"
                disabled=move || pending.get()
            >
                "Save changes"
            </button>
            <input type="hidden" name="form[id]" value=id/>
            <input type="hidden" name="form[version]" value=version/>
            <input type="hidden" name="form[occurrence]" value=occurrence/>
            <FormProblems problem>
                <LoadAgain problem/>
                <Fields page rooms meant problem>
                    <TakenPanel taken pending/>
                </Fields>
                <div class="form-actions">
                    <Button look=Look::Primary submit=true busy=pending>
                        "Save changes"
                    </Button>
                    <LinkButton href look=Look::Quiet>
                        "Leave it as it is"
                    </LinkButton>
                </div>
            </FormProblems>
        </ActionForm>
    }
}

/// The time of a series that the address names, or its next one.
fn meant(page: &MeetingPage, time: Option<&str>) -> Option<OccurrenceView> {
    page.meeting.recurrence.as_ref()?;
    let named = time.and_then(|text| text.parse::<chrono::NaiveDateTime>().ok());
    let mut times = page.occurrences.iter().filter(|o| o.state.is_active());
    let found = times
        .clone()
        .find(|occurrence| Some(occurrence.original) == named);
    found.or_else(|| times.next()).cloned()
}
