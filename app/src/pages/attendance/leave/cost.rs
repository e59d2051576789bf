//! What the form would cost, counted while somebody types.

use std::time::Duration;

use chrono::NaiveDate;
use leptos::form::FromFormData;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::attendance::views::{LeaveCost, LeaveForm, LeavePage};
use model::scheduling::meeting::{MeetingState, Response};
use model::{PersonId, Problem};
use wasm_bindgen::JsCast;

use super::{FORM, day_minutes};
use crate::api::ApiError;
use crate::api::attendance::leave_cost;
use crate::api::attendance::leave_form::AskLeave;
use crate::api::scheduling::agenda;
use crate::pages::attendance::common::hours;
use crate::pages::attendance::words;
use crate::ui::{Glyph, Icon};

/// How long typing rests before the server is asked.
const PAUSE: Duration = Duration::from_millis(300);
/// Of how many days, from the first on, meetings are looked up.
const MOST_DAYS: u16 = 62;
/// How many meetings are named.
const MOST_TITLES: usize = 4;

/// What is known of the cost.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    /// The form does not say enough yet.
    Nothing,
    /// The server is asked.
    Counting,
    /// What it costs, how long a day is, and which meetings are booked then, as far as that is known.
    Cost(LeaveCost, i64, Option<Vec<String>>),
    /// Why it costs nothing that can be counted.
    Refused(Problem),
}

/// Asks what the form would cost.
#[derive(Clone, Copy)]
pub struct Costs {
    known: RwSignal<Known>,
    typed: RwSignal<u32>,
    /// The number of the last question: an answer to an earlier one comes too late.
    asked: StoredValue<u32>,
    /// The page as it was read last, for the length of days.
    page: StoredValue<Option<LeavePage>>,
}

impl Costs {
    /// Makes it, once, at the top of the page.
    pub fn new() -> Self {
        let costs = Self {
            known: RwSignal::new(Known::Nothing),
            typed: RwSignal::new(0),
            asked: StoredValue::new(0),
            page: StoredValue::new(None),
        };
        Effect::new(move |_| {
            if costs.typed.get() == 0 {
                return;
            }
            // Without timers the cost is not told before; whoever decides sees it.
            if let Ok(timer) = set_timeout_with_handle(move || costs.ask(), PAUSE) {
                on_cleanup(move || timer.clear());
            }
        });
        costs
    }

    /// Something was typed.
    pub fn typed(&self) {
        self.typed.update(|times| *times += 1);
    }

    /// The form was sent and is empty again.
    pub fn forget(&self) {
        self.asked.update_value(|number| *number += 1);
        self.known.set(Known::Nothing);
    }

    /// Takes note of the page that was read. In the browser.
    pub fn receive(&self, page: LeavePage) {
        self.page.set_value(Some(page));
    }

    fn ask(&self) {
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        let Some((person, form)) = typed_form() else {
            self.known.set(Known::Nothing);
            return;
        };
        let kind = form.type_id;
        let day = self.page.with_value(|page| {
            let page = page.as_ref();
            page.map_or(0, |page| day_minutes(page, kind))
        });
        self.known.set(Known::Counting);
        let costs = *self;
        spawn_local(async move {
            let (from, until) = (form.from_day, form.to_day);
            let answer = leave_cost(person, form).await;
            let booked = match (&answer, person) {
                // The meetings of others are theirs to look at.
                (Ok(_), Some(_)) => Some(Vec::new()),
                (Ok(_), None) => booked(from, until).await,
                (Err(_), _) => None,
            };
            // The reader may have typed on, or left the page.
            if costs.asked.try_get_value() != Some(number) {
                return;
            }
            costs.known.try_set(match answer {
                Ok(cost) => Known::Cost(cost, day, booked),
                Err(ApiError(problem)) => Known::Refused(problem),
            });
        });
    }
}

/// Whose leave the form asks for, and what, once it can be read.
fn typed_form() -> Option<(Option<PersonId>, LeaveForm)> {
    let form = document().get_element_by_id(FORM)?;
    let form = form.dyn_into::<web_sys::HtmlFormElement>().ok()?;
    let fields = web_sys::FormData::new_with_form(&form).ok()?;
    let typed = AskLeave::from_form_data(&fields).ok()?.form;
    Some((typed.whose().ok()?, typed.read().ok()?))
}

/// The cost, announced when it is known.
#[component]
pub fn Cost(
    /// What is known.
    costs: Costs,
) -> impl IntoView {
    let told = move || {
        costs.known.with(|known| match known {
            Known::Nothing => view! {
                <p class="quiet">"Choose the days to see what they cost."</p>
            }
            .into_any(),
            Known::Counting => view! { <p class="quiet">"Counting"</p> }.into_any(),
            Known::Cost(cost, day, booked) => told(cost, *day, booked.as_deref()),
            Known::Refused(problem) => obstacle(problem.detail.clone()),
        })
    };
    view! { <div class="leave-cost" aria-live="polite">{told}</div> }
}

/// The titles of the reader's meetings from one day to another. Meetings are another domain's: they are
/// asked for there. Nothing, where it does not say.
async fn booked(from: NaiveDate, until: NaiveDate) -> Option<Vec<String>> {
    let days = u16::try_from((until - from).num_days() + 1).ok()?;
    let page = agenda(Some(from), days.clamp(1, MOST_DAYS)).await.ok()?;
    let mut titles = Vec::new();
    for (_, meeting) in page.meetings {
        let is_on = matches!(
            meeting.state,
            MeetingState::Pending | MeetingState::Confirmed
        );
        if is_on && meeting.response != Some(Response::Declined) && !titles.contains(&meeting.title)
        {
            titles.push(meeting.title);
        }
    }
    Some(titles)
}

fn told(cost: &LeaveCost, day: i64, booked: Option<&[String]>) -> AnyView {
    if cost.minutes == 0 && cost.obstacles.is_empty() {
        return obstacle("There is no work on these days, so they cost nothing.".to_owned());
    }
    let takes = amount(cost.minutes, day);
    let left = cost.left_minutes.map(|left| {
        view! {
            <span class="leave-after">"Left then: " <span class="num">{amount(left, day)}</span></span>
        }
    });
    let obstacles: Vec<AnyView> = cost.obstacles.iter().cloned().map(obstacle).collect();
    let meetings = match booked {
        Some([]) => None,
        Some(titles) => Some(format!("Booked in these days: {}", listed(titles))),
        None => Some("Your meetings could not be looked up.".to_owned()),
    };
    let meetings = meetings.map(obstacle);
    view! {
        <p class="leave-takes">
            <span>"Takes " <b class="num">{takes}</b></span>
            {left}
        </p>
        {obstacles}
        {meetings}
    }
    .into_any()
}

/// The first titles, and how many more there are.
fn listed(titles: &[String]) -> String {
    let (shown, more) = titles.split_at(titles.len().min(MOST_TITLES));
    let shown = shown.join(", ");
    match more.len() {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `5 days · 40 h`.
pub fn amount(minutes: i64, day: i64) -> String {
    if day > 0 {
        format!("{} · {}", words::days(minutes, day), hours(minutes))
    } else {
        hours(minutes)
    }
}

fn obstacle(text: String) -> AnyView {
    view! {
        <p class="leave-obstacle">
            <Glyph icon=Icon::Alert/>
            <span>{text}</span>
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_meetings_are_named() {
        let titles = ["Stand-up", "Review", "Retro", "Planning", "Lunch"].map(str::to_owned);
        assert_eq!(listed(&titles[..2]), "Stand-up, Review");
        assert_eq!(
            listed(&titles),
            "Stand-up, Review, Retro, Planning and 1 more"
        );
    }

    #[test]
    fn leave_is_told_in_days_and_hours() {
        assert_eq!(amount(2_400, 480), "5 days · 40 h");
        assert_eq!(amount(240, 480), "0.5 days · 4 h");
        assert_eq!(amount(240, 0), "4 h");
    }
}
