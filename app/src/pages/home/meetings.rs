//! The reader's next meetings, as *Today* begins with them.

use leptos::prelude::*;
use model::scheduling::views::AgendaPage;

use crate::pages::scheduling::agenda::days::days_of;
use crate::pages::scheduling::agenda::list::DayList;
use crate::paths;
use crate::ui::{Icon, LinkButton, Section};

/// Today and tomorrow.
pub const DAYS: u16 = 2;

/// The thin list, with the line of the present.
#[component]
pub fn Meetings(
    /// The meetings of today and tomorrow.
    page: AgendaPage,
) -> impl IntoView {
    let days = days_of(&page);
    let aside = view! {
        <LinkButton href=paths::MEETINGS icon=Icon::Calendar small=true>
            "Calendar"
        </LinkButton>
    }
    .into_any();
    view! {
        <Section title="Meetings" aside>
            <DayList days today=page.today now=page.now nested=true/>
        </Section>
    }
}
