//! The band of a day: hours from left to right, shifts as outlines, what was done as blocks, each punch
//! as a mark, and the line of the present. Drawn on the server, with the day in words beside it.

mod axis;

use leptos::prelude::*;

use axis::Axis;
pub use axis::{Drawn, Running};

/// How high the plot is, in pixels.
const HEIGHT: &str = "44";
/// Where the words of the hours stand, in pixels.
const WORDS: &str = "60";

/// The drawing.
#[component]
pub fn Band(
    /// What is drawn.
    drawn: Drawn,
    /// How many minutes the present has moved on since; the line goes with them.
    #[prop(optional, into)]
    past: Signal<i64>,
) -> impl IntoView {
    let axis = Axis::over(&drawn);
    let words = drawn.words();
    let ticks = axis.ticks().into_iter().map(|tick| tick_view(axis, tick));
    let ticks = ticks.collect_view();
    let shifts = drawn.shifts.iter().map(|(from, to)| {
        let (x, width) = (axis.x(*from), axis.width(*from, *to));
        view! { <rect class="band-shift" x=x width=width y="4" height="36" rx="4"></rect> }
    });
    let shifts = shifts.collect_view();
    let pieces = drawn.pieces.iter().map(|piece| {
        let (x, width) = (axis.x(piece.from), axis.width(piece.from, piece.to));
        view! { <rect class=piece.kind.class() x=x width=width y="10" height="24" rx="2"></rect> }
    });
    let pieces = pieces.collect_view();
    let punches = drawn.punches.iter().map(|minute| {
        let x = axis.x(*minute);
        view! { <line class="band-punch" x1=x.clone() x2=x y1="6" y2="38"></line> }
    });
    let punches = punches.collect_view();
    let now = drawn.now.map(|now| {
        let x = move || axis.x(now + past.get());
        view! { <line class="band-now" x1=x x2=x y1="0" y2=HEIGHT></line> }
    });
    view! {
        <svg class="band" role="img" aria-label=words>
            {ticks}
            {shifts}
            {pieces}
            {punches}
            {now}
        </svg>
    }
}

fn tick_view(axis: Axis, (minute, word): (i64, Option<String>)) -> impl IntoView + use<> {
    let x = axis.x(minute);
    let class = if word.is_some() {
        "band-hour"
    } else {
        "band-tick"
    };
    let at = x.clone();
    let word = word.map(|word| {
        view! { <text x=at y=WORDS text-anchor=axis.anchor(minute)>{word}</text> }
    });
    view! {
        <g>
            <line class=class x1=x.clone() x2=x y1="0" y2=HEIGHT></line>
            {word}
        </g>
    }
}
