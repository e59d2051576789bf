//! What the parts of the week page share: what is chosen, where the cursor is, what was read last.
//! It outlives each reading of the week, so nothing that is chosen is lost when somebody else books.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::scheduling::interval::Interval;
use model::scheduling::views::{ConflictLine, SuggestedTime, WeekPage, WeekQuery};
use wasm_bindgen::JsCast;

use super::choosing::Choice;
use super::geometry::{Axis, Spot, whole};
use super::{announce, query, words};
use crate::paths::{self, Here, use_here, with_query};

/// How often the line of the present moves.
const TICK: Duration = Duration::from_secs(20);

/// A race that was lost: what was wanted, who is taken, and what to take instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What was wanted.
    pub slot: Interval,
    /// Who or what is taken, and when.
    pub conflicts: Vec<ConflictLine>,
    /// What to take instead, the best first.
    pub alternatives: Vec<SuggestedTime>,
}

/// From where a drag goes on.
#[derive(Clone, Copy, Debug)]
pub struct Drag {
    /// The cell where it began.
    pub from: Spot,
    /// How many rows it has gone.
    pub rows: i64,
}

/// What the parts share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The week that is asked for.
    pub asked: Memo<WeekQuery>,
    /// Whether all hours of the day are shown.
    pub all_hours: Memo<bool>,
    /// The day that the address names.
    pub day: Memo<Option<NaiveDate>>,
    /// The slot that is chosen.
    pub choice: RwSignal<Option<Choice>>,
    /// The cell that has the tab stop, once somebody has moved it.
    pub at: RwSignal<Option<Spot>>,
    /// A race that was lost and is not resolved yet.
    pub lost: RwSignal<Option<Lost>>,
    /// What is announced beside what is chosen.
    pub said: RwSignal<String>,
    /// The week as it was read last; nothing on the server.
    pub seen: RwSignal<Option<Arc<WeekPage>>>,
    /// A drag that goes on.
    pub drag: StoredValue<Option<Drag>>,
    /// Whether the last press in the grid was a finger's.
    pub touch: StoredValue<bool>,
    /// Whether the grid takes the focus once another week is there.
    pub turning: StoredValue<bool>,
    /// Whether the next change is the reader's own.
    pub own: StoredValue<bool>,
    /// The rank of a suggestion that was chosen before the week was there.
    early: StoredValue<Option<usize>>,
    /// The browser's clock in milliseconds, every now and then; nothing on the server.
    tick: RwSignal<Option<f64>>,
    /// The present of the week that was read last, and the browser's clock then.
    arrived: StoredValue<Option<(DateTime<Utc>, f64)>>,
    here: Here,
    go: Callback<String>,
}

/// What the parts share, from the context.
pub fn use_desk() -> Desk {
    expect_context()
}

impl Desk {
    /// Makes it, once, at the top of the page, and puts it into the context.
    pub fn provide() -> Self {
        let map = use_query_map();
        let navigate = use_navigate();
        let stay = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        let desk = Self {
            asked: Memo::new(move |_| map.with(query::asked)),
            all_hours: Memo::new(move |_| {
                map.with(|map| map.get(query::HOURS).as_deref() == Some("all"))
            }),
            day: Memo::new(move |_| map.with(|map| query::date(map, query::DAY))),
            choice: RwSignal::new(map.with_untracked(query::chosen)),
            at: RwSignal::new(None),
            lost: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            seen: RwSignal::new(None),
            drag: StoredValue::new(None),
            touch: StoredValue::new(false),
            turning: StoredValue::new(false),
            own: StoredValue::new(false),
            early: StoredValue::new(None),
            tick: RwSignal::new(None),
            arrived: StoredValue::new(None),
            here: use_here(),
            go: Callback::new(move |href: String| navigate(&href, stay.clone())),
        };
        provide_context(desk);
        desk.keep_time();
        desk.forget_with_the_week();
        desk
    }

    /// The current address with some parameters changed; follows the address.
    pub fn href(&self, changes: &[(&str, Option<&str>)]) -> String {
        self.here.with(changes)
    }

    /// Where a weekly time is looked for, with the same people and rooms.
    pub fn weekly_href(&self) -> String {
        let week = self.href(&[]);
        let query = week.split_once('?').map_or("", |(_, query)| query);
        with_query(paths::WEEKLY, query, &[])
    }

    /// Goes to the current address with some parameters changed. For event handlers.
    pub fn go(&self, changes: &[(&str, Option<&str>)]) {
        self.go.run(self.href(changes));
    }

    /// Goes somewhere else. For event handlers.
    pub fn leave(&self, href: String) {
        self.go.run(href);
    }

    /// Chooses a slot; the cursor goes to its beginning. It has the focus if `focus` is true and the
    /// slot is in the grid.
    pub fn choose(&self, page: &WeekPage, choice: Choice, focus: bool) {
        let hours = query::hours(page, self.all_hours.get_untracked());
        let axis = Axis::of(&page.days, &hours);
        self.choice.set(Some(choice));
        if let Some(spot) = axis.spot(&page.days, choice.from) {
            self.at.set(Some(spot));
            if focus {
                focus_on(spot.id());
            }
        }
    }

    /// Chooses one of the suggestions, by its rank from 0. Those of a week that is being left are no
    /// longer to be had.
    pub fn choose_suggestion(&self, rank: usize) {
        let Some(page) = self.seen.get_untracked().filter(|_| !self.is_on_its_way()) else {
            return;
        };
        if let Some(time) = page.suggestions.get(rank) {
            self.choose(&page, Choice::of(&words::suggested(time)), true);
        }
    }

    /// The same by a key: while another week is on its way, it chooses in that week, once it is there.
    pub fn choose_by_key(&self, rank: usize) {
        if self.is_on_its_way() {
            self.early.set_value(Some(rank));
        } else {
            self.choose_suggestion(rank);
        }
    }

    /// Whether another week is asked for than was read last.
    fn is_on_its_way(&self) -> bool {
        let day = self.asked.with_untracked(|asked| asked.day);
        self.seen
            .with_untracked(|seen| seen.as_ref().is_none_or(|page| !is_of(page, day)))
    }

    /// Chooses nothing.
    pub fn clear(&self) {
        self.choice.set(None);
        self.lost.set(None);
    }

    /// Takes note of a week that was read, and says what has changed in it. In the browser.
    pub fn receive(&self, page: Arc<WeekPage>) {
        let before = self.seen.get_untracked();
        self.arrived
            .set_value(Some((page.now.at, js_sys::Date::now())));
        let own = self.own.get_value();
        self.own.set_value(false);
        if let Some(before) = before {
            let change = announce::change(&before, &page);
            if let (Some(change), false) = (change, own) {
                self.said.set(change);
            }
        }
        if self.turning.get_value() {
            self.turning.set_value(false);
            if let (Some(first), Some(last)) = (page.days.first(), page.days.last()) {
                let week = words::week(first.date, last.date);
                self.said.set(format!("Week of {week}"));
            }
            request_animation_frame(|| {
                let stop = "[role=grid] [role=gridcell][tabindex='0']";
                focus_element(document().query_selector(stop).ok().flatten());
            });
        }
        self.seen.set(Some(page));
        let early = self.early.get_value();
        self.early.set_value(None);
        if let Some(rank) = early {
            self.choose_by_key(rank);
        }
    }

    /// The present: that of the server, and in the browser the time since then on top. Follows the
    /// clock.
    pub fn now(&self, page: &WeekPage) -> DateTime<Utc> {
        match (self.tick.get(), self.arrived.get_value()) {
            (Some(tick), Some((base, since))) => {
                // Milliseconds of one visit fit.
                base + TimeDelta::milliseconds((tick - since).max(0.0) as i64)
            }
            _ => page.now.at,
        }
    }

    fn keep_time(&self) {
        let tick = self.tick;
        Effect::new(move |_| {
            // Without timers the line stays where it was.
            if let Ok(timer) =
                set_interval_with_handle(move || tick.set(Some(js_sys::Date::now())), TICK)
            {
                on_cleanup(move || timer.clear());
            }
        });
    }

    /// What was chosen belongs to the week in which it was chosen, and the cursor to the day that
    /// the address names.
    fn forget_with_the_week(&self) {
        let desk = *self;
        Effect::new(move |before: Option<Option<NaiveDate>>| {
            let week = desk.asked.with(|asked| asked.day);
            if before.is_some_and(|before| before != week) {
                desk.choice.set(None);
                desk.early.set_value(None);
            }
            week
        });
        Effect::new(move |before: Option<Option<NaiveDate>>| {
            let day = desk.day.get();
            if before.is_some_and(|before| before != day) {
                desk.at.set(None);
            }
            day
        });
    }
}

/// Whether it is the week of a day; of today, if there is none.
fn is_of(page: &WeekPage, day: Option<NaiveDate>) -> bool {
    let mut days = page.days.iter();
    match day {
        Some(day) => days.any(|column| column.date == day),
        None => days.any(|column| column.today),
    }
}

/// Whether a slot begins in the week that is shown.
pub fn is_in(page: &WeekPage, slot: &Interval) -> bool {
    let mut days = page.days.iter();
    days.any(|day| whole(day).contains(slot.from))
}

/// Gives the focus to the element with an id, once the page has been drawn. In the browser.
pub fn focus_on(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || focus_element(document().get_element_by_id(&id)));
}

fn focus_element(element: Option<web_sys::Element>) {
    let element = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}
