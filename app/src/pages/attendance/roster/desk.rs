//! What the parts of the roster share and what outlives each reading of it: where one is, what is
//! dragged, what was assigned and is not read back yet.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::attendance::views::{AssignForm, Named, RosterCell, RosterPage};
use model::{PersonId, Problem, ShiftTemplateId};

use super::moves::{Spot, go};
use super::{WEEK, words};
use crate::api::ApiError;
use crate::api::attendance::{assign_shift, roster};
use crate::pages::attendance::common::focus_on;
use crate::paths::{Here, use_here};
use crate::toast::{Toasts, at_root};
use crate::ui::{Tone, close_dialog, open_dialog};

/// The id of the dialog in which shifts are assigned.
pub const ASSIGN: &str = "assign-shifts";

/// A day of somebody.
pub type DayOf = (PersonId, NaiveDate);

/// A cell with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Who.
    pub person: Named,
    /// The day as it was read.
    pub cell: RosterCell,
}

/// What was assigned to a day and is not read back yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The shifts.
    pub templates: Vec<ShiftTemplateId>,
    /// Whether the server has taken them: the next reading has them.
    settled: bool,
}

/// What a pointer has taken from the palette, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The shifts; none for a day off.
    pub templates: Vec<ShiftTemplateId>,
    /// Where the pointer went down.
    pub from: (i32, i32),
}

/// What the parts share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The cell that has the tab stop.
    pub at: RwSignal<Spot>,
    /// The cell over which something is dragged.
    pub over: RwSignal<Option<Spot>>,
    /// What is dragged.
    pub held: StoredValue<Option<Held>>,
    /// What is not read back yet.
    pub waiting: RwSignal<HashMap<DayOf, Waiting>>,
    /// The roster as it was read last; nothing on the server.
    pub seen: RwSignal<Option<Arc<RosterPage>>>,
    /// What is announced.
    pub said: RwSignal<String>,
    /// How often something was written: the roster is read again.
    pub done: RwSignal<u32>,
    /// The day that the dialog is about.
    pub target: RwSignal<Option<Target>>,
    /// How often the dialog was opened; each time its fields are made anew.
    pub opened: RwSignal<u32>,
    /// What is ticked in the dialog.
    pub chosen: RwSignal<Vec<ShiftTemplateId>>,
    /// Why the dialog was refused.
    pub refused: RwSignal<Option<Problem>>,
    /// Whether the grid takes the focus once another week is there.
    turning: StoredValue<bool>,
    toasts: Toasts,
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
        let navigate = use_navigate();
        let stay = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        let desk = Self {
            at: RwSignal::new(Spot::default()),
            over: RwSignal::new(None),
            held: StoredValue::new(None),
            waiting: RwSignal::new(HashMap::new()),
            seen: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            done: RwSignal::new(0),
            target: RwSignal::new(None),
            opened: RwSignal::new(0),
            chosen: RwSignal::new(Vec::new()),
            refused: RwSignal::new(None),
            turning: StoredValue::new(false),
            toasts: expect_context(),
            here: use_here(),
            go: Callback::new(move |href: String| navigate(&href, stay.clone())),
        };
        provide_context(desk);
        desk
    }

    /// Where another week of the same team is.
    pub fn week_href(&self, monday: NaiveDate) -> String {
        let week = monday.to_string();
        self.here.with(&[(WEEK, Some(&week)), ("cursor", None)])
    }

    /// Takes note of a roster that was read. In the browser.
    pub fn receive(&self, page: Arc<RosterPage>) {
        if self
            .waiting
            .with_untracked(|all| all.values().any(|one| one.settled))
        {
            self.waiting.update(|all| all.retain(|_, one| !one.settled));
        }
        // The cursor stays among those who are shown.
        let at = self.at.get_untracked();
        let within = go(at, page.rows.len(), super::moves::Step::By(0, 0));
        if within != at {
            self.at.set(within);
        }
        if self.turning.get_value() {
            self.turning.set_value(false);
            self.said
                .set(format!("Week of {}", words::week(page.monday)));
            focus_on("[role=gridcell][tabindex='0']");
        }
        self.seen.set(Some(page));
    }

    /// Turns the page by some weeks; the grid keeps the focus. For event handlers.
    pub fn turn(&self, weeks: i64) {
        let monday = self
            .seen
            .with_untracked(|page| page.as_ref().map(|page| page.monday));
        let days = Days::new(weeks.unsigned_abs() * 7);
        let next = monday.and_then(|monday| match weeks < 0 {
            true => monday.checked_sub_days(days),
            false => monday.checked_add_days(days),
        });
        if let Some(next) = next {
            self.turning.set_value(true);
            self.go.run(untrack(|| self.week_href(next)));
        }
    }

    /// A cell with whose it is.
    pub fn target_at(&self, spot: Spot) -> Option<Target> {
        self.seen.with_untracked(|page| {
            let row = page.as_ref()?.rows.get(spot.row)?;
            Some(Target {
                person: row.person.clone(),
                cell: row.cells.get(spot.day)?.clone(),
            })
        })
    }

    /// Opens the dialog for a cell. For event handlers.
    pub fn open(&self, spot: Spot) {
        let Some(target) = self.target_at(spot).filter(|target| self.is_free(target)) else {
            return;
        };
        self.at.set(spot);
        self.chosen.set(templates_of(&target.cell));
        self.refused.set(None);
        self.target.set(Some(target));
        self.opened.update(|times| *times += 1);
        open_dialog(ASSIGN);
        focus_on(format!("#{ASSIGN} input"));
    }

    /// Whether a day can be written now; says why not.
    fn is_free(&self, target: &Target) -> bool {
        if target.cell.locked {
            let text = "The period of this day is locked. Its shifts stay as they are.";
            self.toasts.show(Tone::Caution, text);
            return false;
        }
        let day = (target.person.id, target.cell.date);
        // What is under way is read back in a moment, with the version that a change has to name.
        self.waiting.with_untracked(|all| !all.contains_key(&day))
    }

    /// Writes the shifts of a cell at once, without the dialog. For event handlers.
    pub fn assign(&self, spot: Spot, templates: Vec<ShiftTemplateId>) {
        let target = self.target_at(spot).filter(|target| self.is_free(target));
        if let Some(target) = target {
            self.at.set(spot);
            self.write(target, templates);
        }
    }

    /// Writes what is ticked in the dialog. For event handlers.
    pub fn send(&self) {
        if let Some(target) = self.target.get_untracked() {
            self.write(target, self.chosen.get_untracked());
        }
    }

    fn write(&self, target: Target, templates: Vec<ShiftTemplateId>) {
        let is_same = target.cell.version > 0
            && templates == templates_of(&target.cell)
            && templates.len() == target.cell.shifts.len();
        if is_same {
            close_dialog(ASSIGN);
            return;
        }
        let form = AssignForm {
            person: target.person.id,
            date: target.cell.date,
            templates: templates.clone(),
            version: target.cell.version,
        };
        let waiting = Waiting {
            templates: templates.clone(),
            settled: false,
        };
        let day = (target.person.id, target.cell.date);
        self.waiting.update(|all| {
            all.insert(day, waiting);
        });
        let desk = *self;
        spawn_local(async move {
            let answer = assign_shift(form).await;
            desk.answered(&target, &templates, answer);
        });
    }

    /// What an answer means. The page may be left by then.
    fn answered(
        &self,
        target: &Target,
        templates: &[ShiftTemplateId],
        answer: Result<(), ApiError>,
    ) {
        let day = (target.person.id, target.cell.date);
        match answer {
            Ok(()) => {
                self.waiting.try_update(|all| {
                    if let Some(one) = all.get_mut(&day) {
                        one.settled = true;
                    }
                });
                let page = self.seen.try_get_untracked().flatten();
                let what = words::named(page.as_deref(), templates);
                let who = words::day_of(&target.person.name, target.cell.date);
                let text = format!("{who}: {what}");
                self.said.try_set(text.clone());
                self.tell(target, text);
                close_dialog(ASSIGN);
            }
            Err(ApiError(problem)) => {
                self.waiting.try_update(|all| {
                    all.remove(&day);
                });
                // What is wrong with the choice is told where it is made; the rest is news of the day.
                if problem.status == 422 && self.is_asking(day) {
                    self.refused.try_set(Some(problem));
                    return;
                }
                close_dialog(ASSIGN);
                self.toasts.show(Tone::Caution, problem.detail);
            }
        }
        self.done.try_update(|n| *n += 1);
    }

    /// Whether the dialog is open for a day.
    fn is_asking(&self, day: DayOf) -> bool {
        let open = document().query_selector(&format!("#{ASSIGN}[open]"));
        let asked = self.target.try_get_untracked().flatten();
        open.is_ok_and(|dialog| dialog.is_some())
            && asked.is_some_and(|target| (target.person.id, target.cell.date) == day)
    }

    /// Tells what was assigned, and offers to take it back, unless the day had something that cannot
    /// be assigned any more.
    fn tell(&self, target: &Target, text: String) {
        let before = templates_of(&target.cell);
        if before.len() < target.cell.shifts.len() {
            self.toasts.show(Tone::Positive, text);
            return;
        }
        let (toasts, done, target) = (self.toasts, self.done, target.clone());
        let undo = at_root(move || put_back(toasts, done, &target, before.clone()));
        self.toasts
            .show_with_action(Tone::Positive, text, "Undo", undo);
    }
}

/// Writes a day as it was before, whatever its version is now.
fn put_back(toasts: Toasts, done: RwSignal<u32>, target: &Target, before: Vec<ShiftTemplateId>) {
    let (person, date) = (target.person.id, target.cell.date);
    let who = words::day_of(&target.person.name, date);
    spawn_local(async move {
        let written = async {
            let page = roster(Some(date), None).await?;
            let rows = page.rows.iter().filter(|row| row.person.id == person);
            let mut cells = rows.flat_map(|row| &row.cells);
            let now = cells.find(|cell| cell.date == date);
            let form = AssignForm {
                person,
                date,
                templates: before,
                version: now.map_or(0, |cell| cell.version),
            };
            assign_shift(form).await
        };
        match written.await {
            Ok(()) => toasts.show(Tone::Positive, format!("{who} is as before")),
            Err(ApiError(problem)) => toasts.show(Tone::Negative, problem.detail),
        }
        // The reader may have left the page.
        done.try_update(|n| *n += 1);
    });
}

/// The templates of a day's shifts; what was typed in has none.
pub fn templates_of(cell: &RosterCell) -> Vec<ShiftTemplateId> {
    cell.shifts
        .iter()
        .filter_map(|shift| shift.template)
        .collect()
}
