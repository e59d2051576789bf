//! What happened, newest first. Steps of the machine that follow each other are folded away.

use leptos::prelude::*;
use model::time::Stamp;

use super::chip::Tone;
use super::icon::{Glyph, Icon};
use super::value::Time;
use crate::format::counted;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When.
    pub stamp: Stamp,
    /// Who did it.
    pub actor: String,
    /// What, in one sentence.
    pub text: String,
    /// A second line.
    pub detail: Option<String>,
    /// What it means.
    pub tone: Tone,
    /// A step of the machine, folded with its neighbours.
    pub machine: bool,
}

impl TimelineEntry {
    /// Something that a person or an outside party did.
    pub fn new(stamp: Stamp, actor: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            stamp,
            actor: actor.into(),
            text: text.into(),
            detail: None,
            tone: Tone::Neutral,
            machine: false,
        }
    }

    /// With what it means.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// With a second line.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// As a step of the machine.
    #[must_use]
    pub fn machine(mut self) -> Self {
        self.machine = true;
        self
    }
}

/// The history of one thing.
#[component]
pub fn Timeline(
    /// What it is the history of, for those who listen.
    #[prop(into)]
    label: String,
    /// What happened, newest first.
    entries: Vec<TimelineEntry>,
) -> impl IntoView {
    let groups = entries.chunk_by(|a, b| a.machine && b.machine);
    let items = groups
        .map(|group| match group {
            [entry] if !entry.machine => entry_view(entry.clone()).into_any(),
            folded => fold_view(folded.to_vec()).into_any(),
        })
        .collect_view();
    view! {
        <div class="timeline">
            <ol aria-label=label>{items}</ol>
        </div>
    }
}

fn entry_view(entry: TimelineEntry) -> impl IntoView {
    let TimelineEntry {
        stamp,
        actor,
        text,
        detail,
        tone,
        ..
    } = entry;
    view! {
        <li class=format!("timeline-entry timeline-{}", tone.as_str())>
            <span>
                {text} " " <span class="timeline-actor">"· "{actor}</span>
            </span>
            <Time stamp/>
            {detail.map(|detail| view! { <p class="timeline-detail">{detail}</p> })}
        </li>
    }
}

fn fold_view(entries: Vec<TimelineEntry>) -> impl IntoView {
    let steps = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let lines = entries
        .into_iter()
        .map(|entry| view! { <li>{entry.text} <Time stamp=entry.stamp/></li> })
        .collect_view();
    view! {
        <li class="timeline-entry timeline-fold">
            <details>
                <summary>
                    <Glyph icon=Icon::ChevronRight/>
                    {counted(steps, "automatic step", "automatic steps")}
                </summary>
                <ol>{lines}</ol>
            </details>
        </li>
    }
}
