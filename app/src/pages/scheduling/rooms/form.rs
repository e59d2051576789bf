//! The form of a room, new or known, and the question before one is taken out of use.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::Problem;
use model::scheduling::views::{RoomView, RoomsPage};

use super::super::meeting::parts::{LoadAgain, said_of, typed_or};
use super::super::working_hours::{ZoneField, Zones};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::scheduling::forms::{KeepRoom, TakeOutRoom};
use crate::api::scheduling::rooms;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Button, Dialog, DialogActions, DialogButton, EmptyState, ErrorState, ErrorSummary,
    FormProblems, Icon, Input, LinkButton, Look, Page, PageHeader, Section, Skeleton, TextField,
    Tone, close_dialog, field_id,
};

/// The dialog's id.
const TAKE_OUT: &str = "take-out-room";

/// What can be done with a room.
#[derive(Clone, Copy)]
struct Doings {
    keep: ServerAction<KeepRoom>,
    take_out: ServerAction<TakeOutRoom>,
}

impl Doings {
    /// Makes them; each success is told and leads back to the rooms.
    fn new() -> Self {
        let doings = Self {
            keep: ServerAction::new(),
            take_out: ServerAction::new(),
        };
        let toasts = expect_context::<Toasts>();
        let navigate = use_navigate();
        let back = navigate.clone();
        on_done(doings.keep, move |()| {
            toasts.show(Tone::Positive, "Room kept");
            navigate(paths::ROOMS, NavigateOptions::default());
        });
        on_done(doings.take_out, move |()| {
            close_dialog(TAKE_OUT);
            toasts.show(Tone::Positive, "The room is out of use");
            back(paths::ROOMS, NavigateOptions::default());
        });
        doings
    }
}

/// `/meetings/rooms/new`
#[component]
pub fn RoomNew() -> impl IntoView {
    let doings = Doings::new();
    let page = Resource::new(|| (), |()| rooms());
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=6 label="Loading"/> }>
                {move || Suspend::new(async move {
                    match page.await {
                        Ok(page) if page.may_change => {
                            view! {
                                <PageHeader title="New room" back=back()/>
                                <Form room=None zone=page.zone doings/>
                            }
                            .into_any()
                        }
                        Ok(_) => not_yours("New room"),
                        Err(ApiError(problem)) => broken("New room", problem),
                    }
                })}
            </Transition>
        </Page>
    }
}

/// `/meetings/rooms/:id`
#[component]
pub fn RoomEdit() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let doings = Doings::new();
    // It is not read again while somebody types: a save says whether it was changed meanwhile.
    let page = Resource::new(|| (), |()| rooms());
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=6 label="Loading the room"/> }>
                {move || {
                    let id = id.get();
                    Suspend::new(async move {
                        match page.await {
                            Ok(page) => known(page, &id, doings),
                            Err(ApiError(problem)) => broken("Room", problem),
                        }
                    })
                }}
            </Transition>
        </Page>
    }
}

fn known(page: RoomsPage, id: &str, doings: Doings) -> AnyView {
    let room = page
        .rooms
        .into_iter()
        .find(|room| room.id.to_string() == id);
    match room {
        None => {
            crate::shell::answer_not_found();
            broken("Room", Problem::not_found("room"))
        }
        Some(_) if !page.may_change => not_yours("Room"),
        Some(room) => view! {
            <PageHeader title=room.name.clone() back=back()/>
            <Form room=Some(room.clone()) zone=page.zone doings/>
            <TakeOut room doings/>
        }
        .into_any(),
    }
}

fn back() -> (String, String) {
    (paths::ROOMS.to_owned(), "Rooms".to_owned())
}

fn not_yours(title: &'static str) -> AnyView {
    view! {
        <PageHeader title back=back()/>
        <EmptyState
            icon=Icon::Lock
            title="Rooms are kept by others"
            text="HR and administrators add and change them. Ask one of them if something is wrong."
        >
            <LinkButton href=paths::ROOMS>"Back to the rooms"</LinkButton>
        </EmptyState>
    }
    .into_any()
}

fn broken(title: &'static str, problem: Problem) -> AnyView {
    view! {
        <PageHeader title back=back()/>
        <ErrorState problem/>
    }
    .into_any()
}

#[component]
fn Form(room: Option<RoomView>, zone: String, doings: Doings) -> impl IntoView {
    let keep = doings.keep;
    let problem = problem_of(keep);
    let said = move |field: &str| said_of(problem, field.to_owned());
    let verb = if room.is_some() { "Save" } else { "Add room" };
    let (id, version) = match &room {
        Some(room) => (room.id.to_string(), room.version),
        None => (String::new(), 0),
    };
    let (name, place, zone, capacity, equipment) = match room {
        Some(room) => (
            room.name,
            room.place,
            room.zone,
            room.capacity.to_string(),
            room.equipment.join(", "),
        ),
        None => (
            String::new(),
            String::new(),
            zone,
            String::new(),
            String::new(),
        ),
    };
    let zone = typed_or(problem, "form[zone]", zone);
    view! {
        <ActionForm action=keep attr:class="form">
            <input type="hidden" name="form[id]" value=id/>
            <input type="hidden" name="form[version]" value=version.to_string()/>
            <FormProblems problem>
                <LoadAgain problem/>
                <TextField
                    name="form[name]"
                    id=field_id("name")
                    error=said("name")
                    label="Name"
                    help="Unlike any other room's"
                    value=name
                    maxlength=80
                    required=true
                    autocomplete="off"
                />
                <TextField
                    name="form[place]"
                    id=field_id("place")
                    error=said("place")
                    label="Place"
                    help="Building and floor"
                    value=place
                    maxlength=120
                    optional=true
                    autocomplete="off"
                />
                <div class="form-pair">
                    <TextField
                        name="form[capacity]"
                        id=field_id("capacity")
                        error=said("capacity")
                        label="Seats"
                        input=Input::Number
                        value=capacity
                        required=true
                    />
                    <ZoneField
                        name="form[zone]"
                        id=field_id("zone")
                        label="Time zone"
                        help="A name such as Europe/Berlin"
                        value=zone
                        error=said("zone")
                    />
                </div>
                <TextField
                    name="form[equipment]"
                    id=field_id("equipment")
                    error=said("equipment")
                    label="Equipment"
                    help="One word each, parted by commas: screen, camera, whiteboard"
                    value=equipment
                    optional=true
                    autocomplete="off"
                />
                <div class="form-actions">
                    <Button look=Look::Primary submit=true busy=keep.pending()>
                        {verb}
                    </Button>
                    <LinkButton href=paths::ROOMS look=Look::Quiet>
                        "Cancel"
                    </LinkButton>
                </div>
            </FormProblems>
            <Zones/>
        </ActionForm>
    }
}

#[component]
fn TakeOut(room: RoomView, doings: Doings) -> impl IntoView {
    let take_out = doings.take_out;
    let problem = problem_of(take_out);
    let title = format!("Take {} out of use", room.name);
    view! {
        <Section title="Out of use">
            <p class="muted">
                "A room that is out of use can no longer be asked for. Meetings that have it keep it."
            </p>
            <div class="button-row">
                <DialogButton opens=TAKE_OUT>"Take out of use…"</DialogButton>
            </div>
            <Dialog id=TAKE_OUT title>
                <p>
                    "Nobody can book it from now on. It cannot be brought back; a new room can have its name."
                </p>
                <ErrorSummary problem/>
                <LoadAgain problem/>
                <ActionForm action=take_out>
                    <input type="hidden" name="id" value=room.id.to_string()/>
                    <input type="hidden" name="version" value=room.version.to_string()/>
                    <DialogActions dialog=TAKE_OUT cancel="Keep it">
                        <Button look=Look::Danger submit=true busy=take_out.pending()>
                            "Take out of use"
                        </Button>
                    </DialogActions>
                </ActionForm>
            </Dialog>
        </Section>
    }
}
