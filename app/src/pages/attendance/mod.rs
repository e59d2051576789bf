//! The pages of attendance: one's own month, days, shifts and leave, who is in, and what waits for a decision;
//! for those who plan and settle, roster, exceptions, periods, devices, settings and figures. The clock
//! itself stands on *Today*.
//!
//! [`words`] has the words that all of them use; `band`, `compare`, `swapped` and `common` are parts
//! that several share.

pub mod band;
pub mod changes;
mod common;
mod compare;
mod day;
mod devices;
mod exceptions;
mod figures;
mod import;
mod inbox;
mod kiosk;
mod leave;
mod month;
mod periods;
mod presence;
mod roster;
mod rotations;
mod settings;
mod shifts;
mod swap;
pub mod swapped;
pub mod words;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

use day::DayOf;
use devices::{Devices, SetAsideOf};
use exceptions::Exceptions;
use figures::FiguresPage;
use import::{Import, Imports};
use inbox::InboxPage;
use kiosk::KioskAccessPage;
use leave::{Leave, LedgerOf};
use month::MonthOf;
use periods::Periods;
use presence::Presence;
use roster::Roster;
use rotations::Rotations;
use settings::{EmployeeOf, Employees, Holidays, Kinds, Sites, Terms};
use shifts::Shifts;
use swap::SwapOf;

/// The addresses of attendance, to hang under the frame of signed-in people.
#[component(transparent)]
pub fn AttendanceRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/attendance") view=MonthOf ssr=SsrMode::Async/>
        <Route path=path!("/attendance/people/:person") view=MonthOf ssr=SsrMode::Async/>
        <Route path=path!("/attendance/people/:person/leave") view=LedgerOf ssr=SsrMode::Async/>
        <Route path=path!("/attendance/days/:date") view=DayOf ssr=SsrMode::Async/>
        <Route path=path!("/attendance/inbox") view=InboxPage ssr=SsrMode::Async/>
        <Route path=path!("/attendance/shifts") view=Shifts ssr=SsrMode::Async/>
        <Route path=path!("/attendance/shifts/:date") view=SwapOf ssr=SsrMode::Async/>
        <Route path=path!("/attendance/leave") view=Leave ssr=SsrMode::Async/>
        <Route path=path!("/attendance/team") view=Presence ssr=SsrMode::Async/>
        <Route path=path!("/attendance/roster") view=Roster ssr=SsrMode::Async/>
        <Route path=path!("/attendance/roster/rotations") view=Rotations ssr=SsrMode::Async/>
        <Route path=path!("/attendance/exceptions") view=Exceptions ssr=SsrMode::Async/>
        <Route path=path!("/attendance/figures") view=FiguresPage ssr=SsrMode::Async/>
        <Route path=path!("/attendance/periods") view=Periods ssr=SsrMode::Async/>
        <Route path=path!("/attendance/kiosk") view=KioskAccessPage ssr=SsrMode::Async/>
        <Route path=path!("/attendance/devices") view=Devices ssr=SsrMode::Async/>
        <Route path=path!("/attendance/devices/set-aside") view=SetAsideOf ssr=SsrMode::Async/>
        <Route path=path!("/attendance/import") view=Imports ssr=SsrMode::Async/>
        <Route path=path!("/attendance/import/:id") view=Import ssr=SsrMode::Async/>
        <Route path=path!("/attendance/settings") view=Holidays ssr=SsrMode::Async/>
        <Route path=path!("/attendance/settings/leave") view=Kinds ssr=SsrMode::Async/>
        <Route path=path!("/attendance/settings/terms") view=Terms ssr=SsrMode::Async/>
        <Route path=path!("/attendance/settings/people") view=Employees ssr=SsrMode::Async/>
        <Route path=path!("/attendance/settings/people/:person") view=EmployeeOf ssr=SsrMode::Async/>
        <Route path=path!("/attendance/settings/sites") view=Sites ssr=SsrMode::Async/>
    }
    .into_inner()
}
