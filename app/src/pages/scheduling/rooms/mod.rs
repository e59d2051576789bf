//! Rooms: which there are and whether they are free; and for those who may, the form of a room.

mod form;

use leptos::prelude::*;
use model::scheduling::views::{RoomView, RoomsPage};

use super::agenda::present::use_present;
use crate::api::ApiError;
use crate::api::scheduling::rooms;
use crate::format::counted;
use crate::live::use_changes;
use crate::paths;
use crate::ui::{
    Chip, Column, DataTable, EmptyState, ErrorState, Icon, LinkButton, Look, Page, PageHeader,
    TableRow, TableSkeleton, Time, TimeShow, Tone,
};

pub use form::{RoomEdit, RoomNew};

/// `/meetings/rooms`
#[component]
pub fn Rooms() -> impl IntoView {
    let changes = use_changes("meeting.");
    let present = use_present();
    let list = Resource::new(move || (changes.get(), present.get()), |_| rooms());
    let add = move || {
        Suspend::new(async move {
            list.await
                .is_ok_and(|page| page.may_change && !page.rooms.is_empty())
                .then(new_room)
        })
    };
    let facts = view! { <span>"Where meetings can be, and what is free now"</span> }.into_any();
    view! {
        <Page>
            <PageHeader title="Rooms" facts>
                <Transition>{add}</Transition>
            </PageHeader>
            <Transition fallback=|| view! { <TableSkeleton columns=5 label="Loading rooms"/> }>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(page) => listed(page),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| list.refetch());
                            view! { <ErrorState problem retry/> }.into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

/// The address of the form of a new room.
fn new_href() -> String {
    format!("{}/new", paths::ROOMS)
}

/// The address of a room's form.
fn href_of(room: &RoomView) -> String {
    format!("{}/{}", paths::ROOMS, room.id)
}

fn new_room() -> impl IntoView {
    view! {
        <LinkButton href=new_href() look=Look::Primary icon=Icon::Plus>
            "New room"
        </LinkButton>
    }
}

fn listed(page: RoomsPage) -> AnyView {
    let RoomsPage {
        rooms, may_change, ..
    } = page;
    if rooms.is_empty() {
        return nothing(may_change);
    }
    let rows = rooms.iter().map(|room| row(room, may_change)).collect();
    let number = i64::try_from(rooms.len()).unwrap_or(i64::MAX);
    let free = rooms.iter().filter(|r| r.taken_until.is_none()).count();
    let bar = view! {
        <span class="num">{counted(number, "room", "rooms")} ", " {free} " free now"</span>
    }
    .into_any();
    view! {
        <DataTable
            caption="Rooms by name"
            columns=vec![
                Column::text("name", "Room"),
                Column::text("place", "Place"),
                Column::number("seats", "Seats"),
                Column::text("equipment", "Equipment"),
                Column::text("now", "Now").lead(),
            ]
            rows
            bar
        />
    }
    .into_any()
}

fn nothing(may_change: bool) -> AnyView {
    let text = if may_change {
        "A room that is added here can be asked for with every meeting, and is never given away twice."
    } else {
        "Meetings can have rooms once somebody has added them. HR and administrators can."
    };
    view! {
        <EmptyState icon=Icon::Panel title="No rooms yet" text>
            {may_change.then(new_room)}
        </EmptyState>
    }
    .into_any()
}

fn row(room: &RoomView, may_change: bool) -> TableRow {
    let row = if may_change {
        TableRow::link(href_of(room))
    } else {
        TableRow::plain()
    };
    row.cell(room.name.clone())
        .cell(or_dash(room.place.clone()))
        .cell(room.capacity.to_string())
        .cell(or_dash(room.equipment.join(", ")))
        .cell(now(room))
}

fn or_dash(text: String) -> AnyView {
    if text.is_empty() {
        view! { <span class="quiet">"–"</span> }.into_any()
    } else {
        view! { <span class="break-words">{text}</span> }.into_any()
    }
}

/// Whether it is free at this moment, and for how long that holds today.
fn now(room: &RoomView) -> AnyView {
    match (room.taken_until.clone(), room.next_taken.clone()) {
        (Some(stamp), _) => view! {
            <span class="room-now">
                <Chip tone=Tone::Caution label="Taken"/>
                <span class="quiet small nowrap">"until " <Time stamp show=TimeShow::Clock/></span>
            </span>
        }
        .into_any(),
        (None, Some(stamp)) => view! {
            <span class="room-now">
                <Chip tone=Tone::Positive label="Free"/>
                <span class="quiet small nowrap">"next " <Time stamp/></span>
            </span>
        }
        .into_any(),
        (None, None) => view! { <Chip tone=Tone::Positive label="Free"/> }.into_any(),
    }
}
