//! What keyboard and pointer do in the grid. One set of handlers stands on the grid as a whole; a
//! cell is known by its id.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use model::scheduling::interval::Interval;
use model::scheduling::views::WeekPage;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use super::booker::Booker;
use super::choosing::{self, Choice, Deed, Step};
use super::desk::{Desk, Drag, focus_on, is_in};
use super::geometry::{Axis, Spot, instant_of};
use super::query;

/// The handlers of one grid.
pub struct Hand {
    /// The week that is drawn.
    pub page: Arc<WeekPage>,
    /// Its rows.
    pub axis: Arc<Axis>,
    /// Where the tab stop is before anybody has moved it.
    pub first: Spot,
    /// What is chosen.
    pub desk: Desk,
    /// Opens the form.
    pub booker: Booker,
}

impl Hand {
    fn spot(&self) -> Spot {
        self.desk.at.get_untracked().unwrap_or(self.first)
    }

    fn usual_minutes(&self) -> i64 {
        i64::from(self.page.minutes)
    }

    /// What is chosen in this week.
    fn choice(&self) -> Option<Choice> {
        let choice = self.desk.choice.get_untracked();
        choice.filter(|choice| is_in(&self.page, &choice.slot()))
    }

    /// What is chosen, or else the time of the tab stop.
    fn choice_or_spot(&self) -> Option<Choice> {
        self.choice().or_else(|| {
            let from = instant_of(&self.page.days, self.spot())?;
            let minutes = self.usual_minutes();
            Some(Choice { from, minutes })
        })
    }

    /// A key in the grid.
    pub fn key(&self, event: &KeyboardEvent) {
        let control = event.ctrl_key() || event.meta_key();
        let deed = choosing::deed(&event.key(), event.shift_key(), control);
        let (Some(deed), false) = (deed, event.alt_key()) else {
            return;
        };
        event.prevent_default();
        match deed {
            Deed::Go(step) => self.step(step),
            Deed::Longer => self.resize(Choice::longer),
            Deed::Shorter => self.resize(Choice::shorter),
            Deed::Week(weeks) => self.turn(weeks),
            Deed::Propose => self.propose(),
            Deed::Clear => self.desk.clear(),
        }
    }

    fn step(&self, step: Step) {
        let (days, axis) = (&self.page.days, &self.axis);
        let Some(spot) = choosing::go(days, axis, self.spot(), step) else {
            return;
        };
        let minutes = self.choice().map(|choice| choice.minutes);
        self.choose_at(spot, minutes.unwrap_or(self.usual_minutes()));
        focus_on(spot.id());
    }

    fn choose_at(&self, spot: Spot, minutes: i64) {
        if let Some(from) = instant_of(&self.page.days, spot) {
            self.desk.choice.set(Some(Choice { from, minutes }));
            self.desk.at.set(Some(spot));
        }
    }

    fn resize(&self, how: impl Fn(Choice) -> Choice) {
        // What was not chosen before is chosen first, as long as it is.
        let choice = match self.choice() {
            Some(choice) => Some(how(choice)),
            None => self.choice_or_spot(),
        };
        if choice.is_some() {
            self.desk.choice.set(choice);
        }
    }

    /// Turns the page by some weeks; the grid keeps the focus.
    fn turn(&self, weeks: i64) {
        if let Some(date) = self.monday(weeks) {
            self.desk.turning.set_value(true);
            let date = date.to_string();
            self.desk.go(&[
                (query::WEEK, Some(&date)),
                (query::DAY, None),
                (query::AT, None),
            ]);
        }
    }

    fn monday(&self, weeks: i64) -> Option<NaiveDate> {
        let first = self.page.days.first()?.date;
        let days = Days::new(weeks.unsigned_abs() * 7);
        if weeks < 0 {
            first.checked_sub_days(days)
        } else {
            first.checked_add_days(days)
        }
    }

    fn propose(&self) {
        if let Some(choice) = self.choice_or_spot() {
            self.booker.open(&choice.slot(), None);
        }
    }

    /// A pointer goes down. A mouse or pen begins to drag; a finger may want to scroll, so it only
    /// counts once it has tapped.
    pub fn press(&self, event: &PointerEvent) {
        let touch = event.pointer_type() == "touch";
        self.desk.touch.set_value(touch);
        if touch || event.button() != 0 {
            return;
        }
        let Some((cell, spot)) = cell_of(event) else {
            return;
        };
        self.choose_at(spot, self.usual_minutes());
        self.desk.drag.set_value(Some(Drag {
            from: spot,
            rows: 0,
        }));
        // Without it a drag ends at the edge of the grid.
        let _ = cell.set_pointer_capture(event.pointer_id());
    }

    /// A pointer moves. While it drags, the cell where it began is told.
    pub fn drag(&self, event: &PointerEvent) {
        let Some(drag) = self.desk.drag.get_value() else {
            return;
        };
        let cell = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlElement>().ok());
        let Some(cell) = cell else {
            return;
        };
        let height = f64::from(cell.offset_height().max(1));
        // A day has a hundred rows, so the cast keeps the number.
        let rows = (f64::from(event.offset_y()) / height).floor() as i64;
        if rows == drag.rows {
            return;
        }
        self.desk.drag.set_value(Some(Drag { rows, ..drag }));
        if rows == 0 {
            self.choose_at(drag.from, self.usual_minutes());
            return;
        }
        let days = &self.page.days;
        if let Some(choice) = choosing::drag(days, &self.axis, drag.from, rows) {
            self.desk.choice.set(Some(choice));
            self.desk.at.set(self.axis.spot(days, choice.from));
        }
    }

    /// A pointer goes up. The cursor stands where the slot begins.
    pub fn release(&self) {
        let drag = self.desk.drag.get_value();
        self.desk.drag.set_value(None);
        if drag.is_some_and(|drag| drag.rows != 0) {
            focus_on(self.spot().id());
        }
    }

    /// A finger taps: on free ground it chooses, on what is chosen it opens the form.
    pub fn tap(&self, event: &MouseEvent) {
        if !self.desk.touch.get_value() {
            return;
        }
        let Some((_, spot)) = cell_of(event) else {
            return;
        };
        match (instant_of(&self.page.days, spot), self.choice()) {
            (Some(at), Some(choice)) if choice.slot().contains(at) => self.propose(),
            _ => self.choose_at(spot, self.usual_minutes()),
        }
    }

    /// A double click opens the form.
    pub fn open(&self, event: &MouseEvent) {
        if cell_of(event).is_some() && !self.desk.touch.get_value() {
            self.propose();
        }
    }

    /// A press on a suggestion in the grid chooses it.
    pub fn suggestion(&self, event: &MouseEvent) {
        let rank = closest(event, "[data-suggestion]")
            .and_then(|element| element.get_attribute("data-suggestion"))
            .and_then(|rank| rank.parse().ok());
        if let Some(rank) = rank {
            self.desk.choose_suggestion(rank);
        }
    }

    /// A press on an alternative in the grid books it, as a key does.
    pub fn alternative(&self, event: &MouseEvent) {
        let rank = closest(event, "[data-alternative]")
            .and_then(|element| element.get_attribute("data-alternative"))
            .and_then(|rank| rank.parse().ok());
        if let Some(rank) = rank {
            self.booker.take(rank);
        }
    }
}

/// The part of the page that an event happened in.
fn closest(event: &Event, selector: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok()?
}

/// The cell that an event happened in.
fn cell_of(event: &Event) -> Option<(Element, Spot)> {
    let cell = closest(event, "[role=gridcell]")?;
    let spot = Spot::of_id(&cell.id())?;
    Some((cell, spot))
}

/// The times of a cell; none, if its day does not have it.
pub fn times(page: &WeekPage, spot: Spot) -> Option<Interval> {
    let from = instant_of(&page.days, spot)?;
    Some(Interval::starting(
        from,
        i64::from(super::geometry::QUARTER),
    ))
}
