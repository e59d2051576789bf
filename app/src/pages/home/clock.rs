//! The clock: what the reader is doing and since when, the buttons, and the band of the day. The buttons
//! are those of a plain form; once the page is awake, a press without a network waits for it.

use std::time::Duration;

use chrono::NaiveDate;
use leptos::prelude::*;
use model::PersonId;
use model::attendance::day::{Direction, Presence};
use model::attendance::views::ClockCard;
use model::time::Stamp;
use wasm_bindgen::JsCast;

use super::clock_queue::Queue;
use crate::format::counted;
use crate::pages::attendance::band::{Band, Drawn};
use crate::pages::attendance::words::{duration, presence_word, short_date};
use crate::pages::scheduling::agenda::days::local;
use crate::paths;
use crate::ui::{
    Button, Chip, ErrorSummary, Glyph, Icon, LinkButton, Look, Notice, Time, TimeShow, Tone,
};

/// How often the minutes are counted on.
const TICK: Duration = Duration::from_secs(20);
/// How many days behind are named.
const NAMED: usize = 3;

/// Counts the minutes since the clock was read. Made once, at the top of the page.
#[derive(Clone, Copy)]
pub struct Ticking {
    /// The whole minutes since.
    pub past: Signal<i64>,
    counted: RwSignal<i64>,
    began: StoredValue<f64>,
}

impl Ticking {
    /// Makes it, and lets it run.
    pub fn new() -> Self {
        let counted = RwSignal::new(0);
        let ticking = Self {
            past: counted.into(),
            counted,
            began: StoredValue::new(0.0),
        };
        Effect::new(move |_| {
            let count = move || {
                let millis = js_sys::Date::now() - ticking.began.get_value();
                // Minutes of one visit fit.
                ticking.counted.set((millis.max(0.0) / 60_000.0) as i64);
            };
            // Without timers the minutes stand still until the clock is read again.
            if let Ok(timer) = set_interval_with_handle(count, TICK) {
                on_cleanup(move || timer.clear());
            }
        });
        ticking
    }

    /// Begins anew, since the clock was just read. In the browser.
    fn restart(self) {
        self.began.set_value(js_sys::Date::now());
        self.counted.set(0);
    }
}

/// The card.
#[component]
pub fn Clock(
    /// What the clock shows.
    card: ClockCard,
    /// Who reads it, if that is known.
    reader: Option<PersonId>,
    /// The reader's presses.
    queue: Queue,
    /// Counts on.
    ticking: Ticking,
) -> impl IntoView {
    Effect::new(move |_| {
        ticking.restart();
        if let Some(reader) = reader {
            queue.begin(reader);
        }
        if queue.was_just_pressed() {
            request_animation_frame(focus_again);
        }
    });
    let ClockCard {
        state,
        since,
        now,
        work_date,
        day,
        shifts,
        off,
        incomplete,
    } = card;
    let running = since.clone().map(|since| (state, since));
    let drawn = Drawn::of(work_date, &shifts, day.as_ref(), &[], Some(&now), &running);
    let counted = day.map(|day| day.counted_minutes).filter(|n| *n > 0);
    let shift = match shifts.as_slice() {
        [] => "No shift today".to_owned(),
        shifts => {
            let times = shifts
                .iter()
                .map(|s| format!("{}–{}", s.from.clock(), s.to.clock()));
            format!("Shift {}", times.collect::<Vec<_>>().join(", "))
        }
    };
    let key = now.at.timestamp_millis().to_string();
    // What lives as long as the card is no signal: the card is still on the page, and follows the
    // presses, while the next one is read and all that it owned is gone.
    let shown = move || queue.state(state);
    let class = move || format!("clock-state is-{}", shown().as_str());
    // What waits has its own time, and that is not known here.
    let since = move || {
        let since = since.clone().filter(|_| queue.count() == 0);
        since.map(|since| since_view(since, &now, ticking))
    };
    view! {
        <section class="section clock" aria-labelledby="clock-state">
            <div class="clock-head">
                <h2 class=class id="clock-state">
                    {move || presence_word(shown())}
                </h2>
                {off.map(|off| view! { <Chip tone=Tone::Leave label=off/> })}
                <p class="clock-since muted">{since}</p>
            </div>
            <ErrorSummary problem=queue.refused/>
            <form class="clock-form" method="post" action=paths::PRESS>
                <input type="hidden" name="key" value=key/>
                {move || buttons(shown(), queue)}
            </form>
            <Kept queue/>
            <div>
                <Band drawn past=ticking.past/>
                <p class="small muted num">
                    {shift}
                    {counted.map(|minutes| format!(" · {} counted so far", duration(minutes)))}
                </p>
            </div>
            {behind(incomplete)}
        </section>
    }
    .into_any()
}

/// After a press the buttons are drawn anew, and whoever pressed by keyboard goes on from there.
fn focus_again() {
    let document = document();
    let is_lost = document
        .active_element()
        .is_none_or(|element| element.tag_name() == "BODY");
    let button = document.query_selector(".clock-buttons button");
    let button = button.ok().flatten().filter(|_| is_lost);
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A button that cannot take the focus leaves it where it is.
        let _ = button.focus();
    }
}

/// `since 09:02, for 3 h 12`; of another day with its date.
fn since_view(since: Stamp, now: &Stamp, ticking: Ticking) -> impl IntoView + use<> {
    let minutes = (now.at - since.at).num_minutes();
    let show = match local(&since).date() == local(now).date() {
        true => TimeShow::Clock,
        false => TimeShow::DateTime,
    };
    view! {
        "since "
        <Time stamp=since show/>
        <span class="num">{move || format!(", for {}", duration(minutes + ticking.past.get()))}</span>
    }
}

/// What can be done now: the most likely first.
fn buttons(state: Presence, queue: Queue) -> AnyView {
    let (first, second) = match state {
        Presence::Out => ((Direction::In, "Clock in", Icon::ArrowRight), None),
        Presence::In => (
            (Direction::Out, "Clock out", Icon::SignOut),
            Some((Direction::BreakOut, "Start break", Icon::Clock)),
        ),
        Presence::Break => (
            (Direction::BreakIn, "End break", Icon::ArrowRight),
            Some((Direction::Out, "Clock out", Icon::SignOut)),
        ),
    };
    let button = move |(direction, words, icon): (Direction, &'static str, Icon), look: Look| {
        let press = move |event: leptos::ev::MouseEvent| {
            // As long as it is not known whose press it is, the form is sent.
            if queue.is_ready() {
                event.prevent_default();
                queue.press(direction);
            }
        };
        view! {
            <Button
                look
                submit=true
                icon
                wide=true
                busy=queue.busy
                attr:name="direction"
                attr:value=direction.as_str()
                on:click=press
            >
                {words}
            </Button>
        }
    };
    view! {
        <div class="clock-buttons">
            {button(first, Look::Primary)}
            {second.map(|second| button(second, Look::Secondary))}
        </div>
    }
    .into_any()
}

/// What waits for the network, and what has waited and is there now.
#[component]
fn Kept(queue: Queue) -> impl IntoView {
    let waits = move || {
        let count = i64::try_from(queue.count()).unwrap_or(i64::MAX);
        (count > 0).then(|| {
            let lines = queue.lines().into_iter().map(|(words, minutes)| {
                view! { <li>{format!("{words}, {} ago", duration(minutes))}</li> }
            });
            let lines = lines.collect_view();
            let title = format!(
                "Waiting for the network: {}",
                counted(count, "punch", "punches")
            );
            view! {
                <Notice
                    tone=Tone::Caution
                    title
                    text="Kept in this browser, and sent with its time as soon as Punctual can be reached."
                >
                    <Button small=true busy=queue.busy on:click=move |_| queue.deliver()>
                        "Try now"
                    </Button>
                </Notice>
                <ul class="clock-kept small">{lines}</ul>
            }
        })
    };
    let arrived = move || {
        queue.delivered.with(|delivered| {
            let lines = delivered.iter().map(|press| {
                let words = format!("{}, {} ago", press.words, duration(press.minutes));
                view! {
                    <li>
                        <Glyph icon=Icon::CheckCircle/>
                        <span>{words}</span>
                        " "
                        <Chip tone=Tone::Positive label="Delivered"/>
                    </li>
                }
            });
            let lines = lines.collect_view();
            (!delivered.is_empty()).then(|| view! { <ul class="clock-kept small">{lines}</ul> })
        })
    };
    view! {
        <div role="status" class="clock-waits">
            {waits}
            {arrived}
        </div>
    }
}

/// Days behind that lack a punch, each with the way to add it.
fn behind(incomplete: Vec<NaiveDate>) -> AnyView {
    if incomplete.is_empty() {
        return ().into_any();
    }
    let more = incomplete.len().saturating_sub(NAMED);
    let links = incomplete.into_iter().take(NAMED).map(|date| {
        view! {
            <LinkButton href=paths::correct_day(date) small=true icon=Icon::Pencil>
                {short_date(date)}
            </LinkButton>
        }
    });
    let links = links.collect_view();
    let more = (more > 0).then(|| {
        view! {
            <LinkButton href=paths::ATTENDANCE small=true look=Look::Quiet>
                {format!("and {more} more")}
            </LinkButton>
        }
    });
    view! {
        <Notice
            tone=Tone::Caution
            title="A punch is missing"
            text="These days do not count in full until it is added."
        />
        <div class="button-row">{links} {more}</div>
    }
    .into_any()
}
