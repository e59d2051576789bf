//! Meetings, rooms and hours as plain forms send them, so that their pages work before they are
//! awake. Each function reads what was typed, times in the reader's own zone, and calls the one of
//! [`super`] that takes the real thing. It asks for the permission first, so that whoever has none
//! learns nothing of what is wrong with the form.

mod hours;
mod meeting;
mod room;

pub use hours::{HoursForm, KeepHours, keep_hours};
pub use meeting::{CallOff, EditMeeting, Edited, MeetingForm, Taken, Undo, call_off, edit_meeting};
pub use room::{KeepRoom, RoomFields, TakeOutRoom, keep_room, take_out_room};

/// Sends a browser that runs no scripts on to a page. One that does finds the way itself, after it
/// has told what was done.
#[cfg(feature = "ssr")]
pub(in crate::api) fn lead_on(path: &str) {
    let parts = leptos::prelude::use_context::<http::request::Parts>();
    let plain = parts.is_some_and(|parts| {
        let accepted = parts.headers.get(http::header::ACCEPT);
        accepted
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("text/html"))
    });
    if plain {
        leptos_axum::redirect(path);
    }
}
