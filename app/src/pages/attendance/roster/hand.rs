//! What keyboard and pointer do in the grid, and a shift that is dragged onto it. One set of handlers
//! stands on the grid as a whole; a cell is known by its id.

use std::sync::Arc;

use leptos::prelude::*;
use model::ShiftTemplateId;
use model::attendance::views::RosterPage;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent, PointerEvent};

use super::desk::{Desk, Held};
use super::moves::{Deed, Spot, deed, go};
use crate::pages::attendance::common::focus_on;

/// How far a pointer goes before it drags, in pixels.
const DRAGS: i32 = 6;

/// The handlers of one grid.
#[derive(Clone)]
pub struct Hand {
    desk: Desk,
    page: Arc<RosterPage>,
}

impl Hand {
    /// The handlers of a roster that is drawn.
    pub fn new(desk: Desk, page: Arc<RosterPage>) -> Self {
        Self { desk, page }
    }

    /// A key in the grid.
    pub fn key(&self, event: &KeyboardEvent) {
        let control = event.ctrl_key() || event.meta_key();
        let found = deed(&event.key(), control);
        let (Some(found), false) = (found, event.alt_key()) else {
            return;
        };
        event.prevent_default();
        let at = self.desk.at.get_untracked();
        match found {
            Deed::Go(step) => {
                let next = go(at, self.page.rows.len(), step);
                self.desk.at.set(next);
                focus_on(format!("#{}", next.id()));
            }
            Deed::Week(weeks) => self.desk.turn(weeks),
            Deed::Open if self.page.may_change => self.desk.open(at),
            Deed::Assign(number) if self.page.may_change => {
                if let Some(known) = self.page.templates.get(number) {
                    self.desk.assign(at, vec![known.id]);
                }
            }
            Deed::Off if self.page.may_change => self.desk.assign(at, Vec::new()),
            Deed::Open | Deed::Assign(_) | Deed::Off => {}
        }
    }

    /// A press on a cell opens its day.
    pub fn tap(&self, event: &MouseEvent) {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let Some(spot) = target.and_then(|element| spot_of(&element)) else {
            return;
        };
        self.desk.at.set(spot);
        if self.page.may_change {
            self.desk.open(spot);
        }
    }
}

/// The cell that an element belongs to.
fn spot_of(element: &Element) -> Option<Spot> {
    let cell = element.closest("[role=gridcell][id]").ok().flatten()?;
    Spot::of_id(&cell.id())
}

/// A pointer goes down on something of the palette. A finger may want to scroll, and taps a day
/// instead.
pub fn take(desk: Desk, event: &PointerEvent, templates: Vec<ShiftTemplateId>) {
    if event.pointer_type() == "touch" || event.button() != 0 {
        return;
    }
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    // A button within it is pressed and not dragged.
    let Some(element) =
        element.filter(|element| element.closest("button").ok().flatten().is_none())
    else {
        return;
    };
    let from = (event.client_x(), event.client_y());
    desk.held.set_value(Some(Held { templates, from }));
    // Without it the drag ends at the edge of the palette, and text would be selected.
    let _ = element.set_pointer_capture(event.pointer_id());
    event.prevent_default();
}

/// The pointer moves: the cell below it is lit.
pub fn drag(desk: Desk, event: &PointerEvent) {
    let Some(held) = desk.held.get_value() else {
        return;
    };
    let (x, y) = (event.client_x(), event.client_y());
    let is_far = (x - held.from.0).abs() > DRAGS || (y - held.from.1).abs() > DRAGS;
    let over = if is_far { spot_below(x, y) } else { None };
    if desk.over.get_untracked() != over {
        desk.over.set(over);
    }
}

/// The pointer goes up: what was dragged is assigned to the cell below it.
pub fn drop_here(desk: Desk) {
    let held = desk.held.get_value();
    let over = desk.over.get_untracked();
    let_go(desk);
    if let (Some(held), Some(spot)) = (held, over) {
        desk.assign(spot, held.templates);
    }
}

/// The drag ends without effect.
pub fn let_go(desk: Desk) {
    desk.held.set_value(None);
    if desk.over.get_untracked().is_some() {
        desk.over.set(None);
    }
}

fn spot_below(x: i32, y: i32) -> Option<Spot> {
    // Pixels of a screen are far below where the cast would round.
    let element = document().element_from_point(x as f32, y as f32)?;
    spot_of(&element)
}
