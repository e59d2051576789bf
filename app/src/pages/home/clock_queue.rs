//! Presses of the clock. Each is written down in this browser before it is sent, and forgotten once the
//! server has it: so a press without a network waits, outlives the page, and is delivered later. A
//! second delivery does no harm, since the key of a press stays the same.
//!
//! A press that waits brings its age, told by a clock that only counts (`performance.now`) and not by
//! the one that people can set. Limits of that:
//!
//! * On another page, or after a reload, that clock begins anew. Where it began (`timeOrigin`, kept as
//!   `boot`) tells how far two beginnings are apart. A browser takes it from the machine's clock once,
//!   when it starts; so if that clock is set and the browser started again while a press waits, the
//!   press is off by as much.
//! * While the machine sleeps the clock stands still in some browsers. Such a press counts too late, by
//!   as long as the machine slept.
//! * The server marks what came late, and refuses an age that cannot be. What it refuses is told, and a
//!   correction puts it right.
//!
//! A press belongs to whoever was signed in, and waits for them: nobody delivers it for another.

use std::time::Duration;

use leptos::prelude::*;
use model::attendance::day::{Direction, Presence};
use model::attendance::views::Press;
use model::{PersonId, Problem};
use serde::{Deserialize, Serialize};

use crate::action::fresh_key;
use crate::api::ApiError;
use crate::api::attendance::press;
use crate::pages::attendance::words::duration;
use crate::toast::Toasts;
use crate::ui::Tone;

/// Where presses lie in the browser.
const KEPT: &str = "punctual.clock.waiting";
/// For how long a press was just now, in milliseconds.
const JUST: f64 = 10_000.0;
/// How often delivery is tried without a sign that the network is back.
const AGAIN: Duration = Duration::from_secs(20);

/// What the counting clock shows, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Reading {
    /// Where it began, since 1970.
    boot: f64,
    /// How far it has counted since.
    at: f64,
}

impl Reading {
    /// What it shows now. In the browser; one without such a clock tells no ages.
    fn now() -> Self {
        let clock = window().performance();
        clock.map_or_else(Self::default, |clock| Self {
            boot: clock.time_origin(),
            at: clock.now(),
        })
    }

    /// The whole seconds since another reading.
    fn seconds_since(self, earlier: Self) -> u32 {
        let millis = (self.boot - earlier.boot) + (self.at - earlier.at);
        // The cast keeps within its bounds and takes what is no number for none.
        (millis / 1_000.0).max(0.0) as u32
    }
}

/// A press that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    key: String,
    owner: PersonId,
    direction: Direction,
    pressed: Reading,
    /// Whether there was no network when it was to be sent.
    #[serde(default)]
    tried: bool,
}

/// A press that waited and has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// What it said: `Clocked in`.
    pub words: &'static str,
    /// How long ago it was made, in minutes.
    pub minutes: i64,
}

/// Presses of the reader, and how they are delivered. Made once, at the top of the page.
#[derive(Clone, Copy)]
pub struct Queue {
    /// Whether something is being sent.
    pub busy: Signal<bool>,
    /// Why a press was refused.
    pub refused: Signal<Option<Problem>>,
    /// What waited and has arrived, since the page was opened or the clock pressed again.
    pub delivered: RwSignal<Vec<Delivered>>,
    /// How often something has arrived.
    pub done: RwSignal<u32>,
    sending: RwSignal<bool>,
    refusal: RwSignal<Option<Problem>>,
    waiting: RwSignal<Vec<Waiting>>,
    owner: StoredValue<Option<PersonId>>,
    /// When the clock was pressed here, by the browser's clock.
    pressed_at: StoredValue<f64>,
    /// What waits, where the browser keeps nothing.
    memory: StoredValue<Option<Vec<Waiting>>>,
    toasts: Toasts,
}

impl Queue {
    /// Makes it, and listens for the network.
    pub fn new() -> Self {
        let (sending, refusal) = (RwSignal::new(false), RwSignal::new(None));
        let queue = Self {
            busy: sending.into(),
            refused: refusal.into(),
            sending,
            refusal,
            delivered: RwSignal::new(Vec::new()),
            done: RwSignal::new(0),
            waiting: RwSignal::new(Vec::new()),
            owner: StoredValue::new(None),
            pressed_at: StoredValue::new(0.0),
            memory: StoredValue::new(None),
            toasts: expect_context(),
        };
        Effect::new(move |_| {
            let back = window_event_listener(leptos::ev::online, move |_| queue.deliver());
            // Another page of ours has pressed or delivered.
            let elsewhere = window_event_listener(leptos::ev::storage, move |_| queue.look());
            // Without timers the sign of the network has to do.
            let timer = set_interval_with_handle(move || queue.deliver(), AGAIN).ok();
            on_cleanup(move || {
                back.remove();
                elsewhere.remove();
                if let Some(timer) = timer {
                    timer.clear();
                }
            });
        });
        queue
    }

    /// Says whose presses these are, and delivers what waits. In the browser.
    pub fn begin(self, owner: PersonId) {
        self.owner.set_value(Some(owner));
        self.look();
        self.deliver();
    }

    /// Whether the clock was pressed here just now. In the browser.
    pub fn was_just_pressed(self) -> bool {
        let millis = js_sys::Date::now() - self.pressed_at.get_value();
        (0.0..JUST).contains(&millis)
    }

    /// Whether it is known whose presses these are.
    pub fn is_ready(self) -> bool {
        self.owner.get_value().is_some()
    }

    /// How many presses wait for the network. Follows them.
    pub fn count(self) -> usize {
        self.waiting
            .with(|waiting| waiting.iter().filter(|press| press.tried).count())
    }

    /// What the presses that wait say, each with its age in minutes. Follows them.
    pub fn lines(self) -> Vec<(&'static str, i64)> {
        self.waiting.with(|waiting| {
            let waiting = waiting.iter().filter(|press| press.tried);
            waiting
                .map(|press| {
                    // Only the browser has any, so it is not asked elsewhere.
                    let seconds = Reading::now().seconds_since(press.pressed);
                    (done_word(press.direction), i64::from(seconds / 60))
                })
                .collect()
        })
    }

    /// What somebody is doing, when what waits has arrived. Follows the presses.
    pub fn state(self, known: Presence) -> Presence {
        self.waiting.with(|waiting| {
            let waiting = waiting.iter().filter(|press| press.tried);
            waiting.fold(known, |state, press| after(press.direction, state))
        })
    }

    /// Presses the clock. For event handlers.
    pub fn press(self, direction: Direction) {
        let Some(owner) = self.owner.get_value() else {
            return;
        };
        if self.sending.get_untracked() {
            return;
        }
        let key = fresh_key();
        let waiting = Waiting {
            key: key.clone(),
            owner,
            direction,
            pressed: Reading::now(),
            tried: false,
        };
        self.refusal.set(None);
        self.delivered.set(Vec::new());
        self.pressed_at.set_value(js_sys::Date::now());
        self.change(|kept| kept.push(waiting));
        self.send(Some(key));
    }

    /// Delivers what waits. In the browser.
    pub fn deliver(self) {
        self.send(None);
    }

    fn send(self, fresh: Option<String>) {
        let is_idle = self.waiting.with_untracked(Vec::is_empty);
        if is_idle || self.sending.get_untracked() {
            return;
        }
        self.sending.set(true);
        leptos::task::spawn_local(async move {
            let arrived = self.send_all(fresh.as_deref()).await;
            // The page may be left meanwhile.
            self.sending.try_set(false);
            if arrived {
                self.done.try_update(|n| *n += 1);
            }
        });
    }

    /// Sends what waits, the oldest first, until there is no network. Says whether anything arrived.
    /// A press that has only just been made brings no age: the server's time counts.
    async fn send_all(self, fresh: Option<&str>) -> bool {
        let mut arrived = false;
        loop {
            let next = self.waiting.try_with_untracked(|all| all.first().cloned());
            let Some(next) = next.flatten() else {
                return arrived;
            };
            let is_fresh = fresh == Some(next.key.as_str());
            let age = Reading::now().seconds_since(next.pressed);
            let answer = press(Press {
                key: next.key.clone(),
                direction: next.direction,
                age_seconds: (!is_fresh).then_some(age),
            })
            .await;
            match answer {
                Ok(_) => {
                    arrived = true;
                    self.change(|kept| kept.retain(|press| press.key != next.key));
                    self.tell(&next, is_fresh, i64::from(age / 60));
                }
                Err(ApiError(problem)) if is_for_later(&problem) => {
                    // Those behind it wait as well.
                    self.change(|kept| {
                        let own = kept.iter_mut().filter(|press| press.owner == next.owner);
                        own.for_each(|press| press.tried = true);
                    });
                    if problem.code != UNREACHABLE {
                        self.refusal.try_set(Some(problem));
                    }
                    return arrived;
                }
                Err(ApiError(problem)) => {
                    self.change(|kept| kept.retain(|press| press.key != next.key));
                    self.refusal.try_set(Some(problem));
                }
            }
        }
    }

    fn tell(self, press: &Waiting, is_fresh: bool, minutes: i64) {
        let words = done_word(press.direction);
        if is_fresh && !press.tried {
            self.toasts.show(Tone::Positive, words);
            return;
        }
        let ago = duration(minutes);
        let text = format!("Delivered: {}, {ago} ago", words.to_lowercase());
        self.toasts.show(Tone::Positive, text);
        self.delivered
            .try_update(|delivered| delivered.push(Delivered { words, minutes }));
    }

    /// Changes what waits, here and in the browser.
    fn change(self, change: impl FnOnce(&mut Vec<Waiting>)) {
        let memory = self.memory.try_get_value().flatten();
        let mut kept = memory.or_else(read).unwrap_or_default();
        change(&mut kept);
        let is_kept = write(&kept);
        self.memory.try_set_value((!is_kept).then(|| kept.clone()));
        self.show(kept);
    }

    /// Looks what waits.
    fn look(self) {
        let memory = self.memory.try_get_value().flatten();
        self.show(memory.or_else(read).unwrap_or_default());
    }

    fn show(self, kept: Vec<Waiting>) {
        let owner = self.owner.try_get_value().flatten();
        let own: Vec<Waiting> = kept
            .into_iter()
            .filter(|press| Some(press.owner) == owner)
            .collect();
        let is_news = self.waiting.try_with_untracked(|waiting| *waiting != own);
        if is_news == Some(true) {
            self.waiting.try_set(own);
        }
    }
}

/// The code of a problem that says that the server was not reached.
const UNREACHABLE: &str = "unreachable";

/// Whether a press can still arrive, later or after a sign-in.
fn is_for_later(problem: &Problem) -> bool {
    problem.code == UNREACHABLE
        || problem.status >= 500
        || matches!(problem.status, 401 | 408 | 429)
}

/// What a press has done, in words.
const fn done_word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "Clocked in",
        Direction::Out => "Clocked out",
        Direction::BreakOut => "Break begun",
        Direction::BreakIn => "Break ended",
        Direction::Unknown => "Punched",
    }
}

/// What somebody is doing after a press.
const fn after(direction: Direction, before: Presence) -> Presence {
    match direction {
        Direction::In | Direction::BreakIn => Presence::In,
        Direction::Out => Presence::Out,
        Direction::BreakOut => Presence::Break,
        Direction::Unknown => before,
    }
}

/// What the browser keeps; nothing where it keeps nothing. What cannot be read is not ours.
fn read() -> Option<Vec<Waiting>> {
    let storage = window().local_storage().ok()??;
    let text = storage.get_item(KEPT).ok()?.unwrap_or_default();
    Some(serde_json::from_str(&text).unwrap_or_default())
}

/// Has the browser keep what waits. Says whether it does.
fn write(kept: &[Waiting]) -> bool {
    let Ok(Some(storage)) = window().local_storage() else {
        return false;
    };
    match serde_json::to_string(kept) {
        Ok(text) if !kept.is_empty() => storage.set_item(KEPT, &text).is_ok(),
        Ok(_) => storage.remove_item(KEPT).is_ok(),
        Err(_) => false,
    }
}

#[cfg(test)]
#[path = "clock_queue_tests.rs"]
mod tests;
