//! The way of one payment as a line of points, from order to bank line.

use leptos::prelude::*;
use model::time::Stamp;

use super::value::Time;

/// How far a point has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointState {
    /// Behind us.
    Done,
    /// Where we are.
    Now,
    /// Still to come.
    Ahead,
    /// It ended here, badly.
    Failed,
    /// Nobody knows yet.
    Unknown,
}

impl PointState {
    const fn class(self) -> &'static str {
        match self {
            PointState::Done => "flow-point flow-done",
            PointState::Now => "flow-point flow-now",
            PointState::Ahead => "flow-point flow-ahead",
            PointState::Failed => "flow-point flow-failed",
            PointState::Unknown => "flow-point flow-unknown",
        }
    }

    const fn spoken(self) -> &'static str {
        match self {
            PointState::Done => "done",
            PointState::Now => "current",
            PointState::Ahead => "to come",
            PointState::Failed => "failed",
            PointState::Unknown => "not known",
        }
    }
}

/// One point of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowPoint {
    /// The word.
    pub label: String,
    /// How far it has come.
    pub state: PointState,
    /// When it was reached.
    pub stamp: Option<Stamp>,
    /// A few words below: an amount, a reason, what is waited for.
    pub note: Option<String>,
    /// Where its details are.
    pub href: Option<String>,
}

impl FlowPoint {
    /// A point in a state.
    pub fn new(label: impl Into<String>, state: PointState) -> Self {
        Self {
            label: label.into(),
            state,
            stamp: None,
            note: None,
            href: None,
        }
    }

    /// With its time.
    #[must_use]
    pub fn at(mut self, stamp: Option<Stamp>) -> Self {
        self.stamp = stamp;
        self
    }

    /// With a few words below.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// With a link to its details.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// A line of points.
#[component]
pub fn Flow(
    /// What goes this way, for those who listen.
    #[prop(into)]
    label: String,
    /// The points in order.
    points: Vec<FlowPoint>,
) -> impl IntoView {
    let points = points
        .into_iter()
        .map(|point| {
            let FlowPoint {
                label,
                state,
                stamp,
                note,
                href,
            } = point;
            let current = (state == PointState::Now).then_some("step");
            let name = match href {
                Some(href) => view! { <a href=href>{label}</a> }.into_any(),
                None => view! { <span>{label}</span> }.into_any(),
            };
            view! {
                <li class=state.class() aria-current=current>
                    <span class="flow-label">
                        {name} <span class="sr-only">" ("{state.spoken()}")"</span>
                    </span>
                    {stamp.map(|stamp| view! { <Time stamp/> })}
                    {note.map(|note| view! { <span class="flow-note">{note}</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="flow" aria-label=label>{points}</ol> }
}
