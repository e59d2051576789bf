//! The pages of meetings: the week with its grid, month and agenda, one meeting, rooms, a person's
//! own hours, and how bookings went. `invitation` is for guests, in their own frame.

pub mod agenda;
mod figures;
pub mod invitation;
pub(super) mod meeting;
mod month;
mod rooms;
mod views;
mod week;
mod weekly;
pub(super) mod working_hours;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

use agenda::Agenda;
use figures::BookingFiguresPage;
use meeting::{Meeting, MeetingEdit};
use month::Month;
use rooms::{RoomEdit, RoomNew, Rooms};
use week::Week;
use weekly::Weekly;
use working_hours::WorkingHoursPage;

/// The addresses of meetings, to hang under the frame of signed-in people.
#[component(transparent)]
pub fn SchedulingRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/meetings") view=Week ssr=SsrMode::Async/>
        <Route path=path!("/meetings/month") view=Month ssr=SsrMode::Async/>
        <Route path=path!("/meetings/weekly") view=Weekly ssr=SsrMode::Async/>
        <Route path=path!("/meetings/agenda") view=Agenda ssr=SsrMode::Async/>
        <Route path=path!("/meetings/rooms") view=Rooms ssr=SsrMode::Async/>
        <Route path=path!("/meetings/rooms/new") view=RoomNew ssr=SsrMode::Async/>
        <Route path=path!("/meetings/rooms/:id") view=RoomEdit ssr=SsrMode::Async/>
        <Route path=path!("/meetings/working-hours") view=WorkingHoursPage ssr=SsrMode::Async/>
        <Route path=path!("/meetings/figures") view=BookingFiguresPage ssr=SsrMode::Async/>
        <Route path=path!("/meetings/:id") view=Meeting ssr=SsrMode::Async/>
        <Route path=path!("/meetings/:id/edit") view=MeetingEdit ssr=SsrMode::Async/>
    }
    .into_inner()
}
