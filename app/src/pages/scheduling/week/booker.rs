//! How a booking goes: the form opens, is sent, and ends as a meeting or as a lost race, after which
//! one press takes another time with the same words.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::scheduling::interval::Interval;
use model::scheduling::meeting::{CreateMeeting, Slot};
use model::scheduling::views::Booked;
use model::{MeetingId, Problem, RoomId};

use super::booking::BOOKING;
use super::desk::{Desk, Lost, focus_on, is_in};
use super::draft::Draft;
use super::words;
use crate::action::fresh_key;
use crate::api::ApiError;
use crate::api::scheduling::BookMeeting;
use crate::paths;
use crate::toast::{Toasts, at_root};
use crate::ui::{Tone, close_dialog, field_id, open_dialog};

/// The state of a booking.
#[derive(Clone, Copy)]
pub struct Booker {
    /// Sends it.
    pub action: ServerAction<BookMeeting>,
    /// What is typed.
    pub draft: RwSignal<Draft>,
    /// How often the form was opened; each time its fields are made anew.
    pub opened: RwSignal<u32>,
    /// Why the last try was refused.
    pub refused: RwSignal<Option<Problem>>,
    /// The same for every try of one booking.
    key: StoredValue<Option<String>>,
    /// What was sent last.
    last: StoredValue<Option<CreateMeeting>>,
    desk: Desk,
}

/// The state of a booking, from the context.
pub fn use_booker() -> Booker {
    expect_context()
}

impl Booker {
    /// Makes it, once, at the top of the page, and puts it into the context.
    pub fn provide(desk: Desk) -> Self {
        let booker = Self {
            action: ServerAction::new(),
            draft: RwSignal::new(Draft::default()),
            opened: RwSignal::new(0),
            refused: RwSignal::new(None),
            key: StoredValue::new(None),
            last: StoredValue::new(None),
            desk,
        };
        provide_context(booker);
        let toasts = expect_context::<Toasts>();
        let navigate = use_navigate();
        Effect::new(move |_| {
            if let Some(answer) = booker.action.value().get() {
                booker.answered(answer, |text, id| {
                    let navigate = navigate.clone();
                    let open = at_root(move || {
                        navigate(&paths::meeting(id), NavigateOptions::default());
                    });
                    toasts.show_with_action(Tone::Positive, text, "Open", open);
                });
            }
        });
        booker
    }

    /// Opens the form for a slot. For event handlers.
    pub fn open(&self, slot: &Interval, room: Option<(RoomId, String)>) {
        let Some(page) = self.desk.seen.get_untracked() else {
            return;
        };
        self.draft.update(|draft| {
            draft.set_slot(&page.days, slot);
            draft.room = room;
        });
        self.refused.set(None);
        self.key.set_value(None);
        self.desk.lost.set(None);
        self.opened.update(|times| *times += 1);
        open_dialog(BOOKING);
        focus_on(field_id("title"));
    }

    /// Opens the form for what is chosen, else for the best suggestion, else for the first time that
    /// is left. For event handlers.
    pub fn open_any(&self) {
        let Some(page) = self.desk.seen.get_untracked() else {
            return;
        };
        let chosen = self.desk.choice.get_untracked().map(|choice| choice.slot());
        let chosen = chosen.filter(|slot| is_in(&page, slot));
        match (chosen, page.suggestions.first()) {
            (Some(slot), _) => self.open(&slot, None),
            (None, Some(best)) => self.open(&words::suggested(best), best.room.clone()),
            (None, None) => {
                let minutes = i64::from(page.minutes);
                let from = page.days.first().map(|day| day.from.max(page.now.at));
                if let Some(from) = from {
                    self.open(&Interval::starting(whole_hour(from), minutes), None);
                }
            }
        }
    }

    /// Sends what is typed, unless something is wrong with it. For event handlers.
    pub fn send(&self) {
        let Some(page) = self.desk.seen.get_untracked() else {
            return;
        };
        match self.draft.with_untracked(|draft| draft.request(&page)) {
            Ok(request) => self.dispatch(request, self.key()),
            Err(problem) => self.refused.set(Some(problem)),
        }
    }

    /// Books one of the alternatives to a slot that was lost, by its rank from 0, with the same
    /// words. For event handlers.
    pub fn take(&self, rank: usize) {
        let lost = self.desk.lost.get_untracked();
        let time = lost.and_then(|lost| lost.alternatives.get(rank).cloned());
        let (Some(time), Some(last)) = (time, self.last.get_value()) else {
            return;
        };
        let from = time.from.at;
        let request = CreateMeeting {
            slot: Slot {
                from,
                to: time.to.at,
            },
            ..last
        };
        // A second press for the same time is the same try.
        self.dispatch(request, format!("{}-{}", self.key(), from.timestamp()));
    }

    fn dispatch(&self, request: CreateMeeting, key: String) {
        if self.action.pending().get_untracked() {
            return;
        }
        self.refused.set(None);
        self.last.set_value(Some(request.clone()));
        self.action.dispatch(BookMeeting { request, key });
    }

    /// The key of this booking; a fresh one for the first try.
    fn key(&self) -> String {
        if let Some(key) = self.key.get_value() {
            return key;
        }
        let key = fresh_key();
        self.key.set_value(Some(key.clone()));
        key
    }

    /// What an answer means. `tell` says what was booked, and offers to open it.
    fn answered(&self, answer: Result<Booked, ApiError>, tell: impl FnOnce(String, MeetingId)) {
        match answer {
            Ok(Booked::Done { id }) => tell(self.done(), id),
            Ok(Booked::Taken {
                conflicts,
                alternatives,
            }) => {
                close_dialog(BOOKING);
                let Some(last) = self.last.get_value() else {
                    return;
                };
                let slot = Interval::new(last.slot.from, last.slot.to);
                let focus = if alternatives.is_empty() {
                    LOST.to_owned()
                } else {
                    alternative_id(0)
                };
                self.desk.choice.set(None);
                self.desk.lost.set(Some(Lost {
                    slot,
                    conflicts,
                    alternatives,
                }));
                focus_on(focus);
            }
            Err(ApiError(problem)) => self.refused.set(Some(problem)),
        }
    }

    /// Makes the page ready for the next booking, and says what was booked.
    fn done(&self) -> String {
        close_dialog(BOOKING);
        let desk = self.desk;
        let page = desk.seen.get_untracked();
        let text = match (self.last.get_value(), page) {
            (Some(last), Some(page)) => {
                let slot = Interval::new(last.slot.from, last.slot.to);
                let when = words::slot(&page.days, &slot);
                // A time in another week is not put into the reader's clock here.
                match is_in(&page, &slot) {
                    true => format!("Booked: {}, {when}", last.title),
                    false => format!("Booked: {}", last.title),
                }
            }
            _ => "Booked".to_owned(),
        };
        desk.own.set_value(true);
        desk.clear();
        self.draft.set(Draft::default());
        self.key.set_value(None);
        self.last.set_value(None);
        text
    }
}

/// The id of the sentence that says that a race was lost.
pub const LOST: &str = "week-lost";

/// The DOM id of the button that takes an alternative.
pub fn alternative_id(rank: usize) -> String {
    format!("alternative-{rank}")
}

/// The whole hour from an instant on.
fn whole_hour(at: chrono::DateTime<chrono::Utc>) -> chrono::DateTime<chrono::Utc> {
    let past = at.timestamp().rem_euclid(3_600);
    let wait = if past == 0 { 0 } else { 3_600 - past };
    let nanos = i64::from(at.timestamp_subsec_nanos());
    at + chrono::TimeDelta::seconds(wait) - chrono::TimeDelta::nanoseconds(nanos)
}
