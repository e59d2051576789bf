//! What HR settles: holidays by region, kinds of leave, the terms under which days are derived, who works
//! under which, and where.

mod history;
mod holidays;
mod kind_form;
mod kinds;
mod people;
mod person;
mod sites;
mod terms;
mod terms_form;

use leptos::prelude::*;

use super::common::reset_form;
use crate::paths;
use crate::ui::{Tab, Tabs};

pub use holidays::Holidays;
pub use kinds::Kinds;
pub use people::Employees;
pub use person::EmployeeOf;
pub use sites::Sites;
pub use terms::Terms;

/// The value of the address for what is not there yet.
const NEW: &str = "new";

/// The pages of settings.
#[component]
fn SettingsTabs() -> impl IntoView {
    view! {
        <Tabs
            label="Settings"
            tabs=vec![
                Tab::new(paths::ATTENDANCE_SETTINGS, "Holidays"),
                Tab::new(paths::LEAVE_KINDS, "Leave"),
                Tab::new(paths::ATTENDANCE_TERMS, "Terms"),
                Tab::new(paths::EMPLOYEES, "Employees"),
                Tab::new(paths::SITES, "Sites"),
            ]
        />
    }
}

/// A form whose place is taken by another thing's when the address says so. What was typed into it goes
/// then; when the page wakes up it stays.
#[derive(Clone, Copy)]
pub struct Fresh {
    id: &'static str,
    drawn: StoredValue<bool>,
}

impl Fresh {
    /// Makes it, once, at the top of the page.
    pub fn of(id: &'static str) -> Self {
        Self {
            id,
            drawn: StoredValue::new(false),
        }
    }

    /// Goes where the form is drawn.
    pub fn drawn(self) {
        Effect::new(move |_| {
            if self.drawn.get_value() {
                reset_form(self.id);
            }
            self.drawn.set_value(true);
        });
    }
}
