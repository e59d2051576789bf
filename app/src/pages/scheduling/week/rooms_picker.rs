//! Choosing rooms: a menu of links, each of which puts a room over the week or takes it away.

use leptos::prelude::*;
use model::scheduling::views::RoomView;

use super::desk::{Desk, use_desk};
use super::query::{self, toggled};
use crate::api::ApiError;
use crate::api::scheduling::rooms;
use crate::paths;
use crate::ui::{Glyph, Icon, Menu, MenuLink, Opens};

/// The menu.
#[component]
pub fn RoomsPicker() -> impl IntoView {
    let desk = use_desk();
    let all = Resource::new(|| (), |()| rooms());
    let lines = move || {
        Suspend::new(async move {
            match all.await {
                Ok(page) => page
                    .rooms
                    .iter()
                    .filter(|room| !room.retired)
                    .map(|room| line(desk, room))
                    .collect_view()
                    .into_any(),
                Err(ApiError(problem)) => {
                    view! { <p class="menu-note">{problem.detail}</p> }.into_any()
                }
            }
        })
    };
    view! {
        <Menu label="Rooms" opens=Opens::BelowStart>
            <Transition fallback=|| {
                view! { <p class="menu-note">"Loading rooms"</p> }
            }>{lines}</Transition>
            <hr/>
            <MenuLink href=paths::ROOMS icon=Icon::Grid>
                "All rooms"
            </MenuLink>
        </Menu>
    }
    .into_any()
}

fn line(desk: Desk, room: &RoomView) -> impl IntoView + use<> {
    let id = room.id;
    let href = move || {
        let rooms = desk.asked.with(|asked| toggled(&asked.rooms, id));
        desk.href(&[(query::ROOMS, rooms.as_deref())])
    };
    let chosen = move || desk.asked.with(|asked| asked.rooms.contains(&id));
    let seats = format!("{} seats", room.capacity);
    view! {
        <a
            class="menu-item week-room"
            href=href
            data-noscroll="true"
            aria-current=move || chosen().then_some("true")
        >
            <span>{room.name.clone()}</span>
            <span class="quiet small">{seats}</span>
            {move || chosen().then(|| view! { <Glyph icon=Icon::Check/> })}
        </a>
    }
}
