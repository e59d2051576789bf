//! The switch between week, month and agenda.

use leptos::prelude::*;

use crate::paths;
use crate::ui::{Tab, Tabs};

/// The three ways to look at one's meetings.
#[component]
pub fn Views() -> impl IntoView {
    let tabs = vec![
        Tab::new(paths::MEETINGS, "Week"),
        Tab::new(paths::MEETINGS_MONTH, "Month"),
        Tab::new(paths::AGENDA, "Agenda"),
    ];
    view! { <Tabs label="Ways to look at meetings" tabs/> }
}
