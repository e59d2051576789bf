//! The day as it would be, beside the form. Its words are announced, its figures stand below them.

use leptos::prelude::*;
use model::attendance::views::CorrectionPreview;

use super::super::super::compare::Compare;
use super::super::super::words::{duration, signed, status_words};
use super::desk::{Asking, Preview};
use crate::ui::{Notice, Tone};

/// The pane.
#[component]
pub fn PreviewPane(
    /// The form.
    asking: Asking,
) -> impl IntoView {
    let said = move || asking.preview.with(sentence);
    let figures = move || asking.preview.with(figures);
    let class = move || {
        let is_working = asking
            .preview
            .with(|preview| matches!(preview, Preview::Working(_)));
        match is_working {
            true => "correct-preview when-awake is-working",
            false => "correct-preview when-awake",
        }
    };
    view! {
        <div class=class>
            <h3>"The day as it would be"</h3>
            <p role="status">{said}</p>
            {figures}
        </div>
    }
    .into_any()
}

/// What is said of it.
fn sentence(preview: &Preview) -> String {
    match preview {
        Preview::Nothing => "Change a punch or add one, and the new day stands here.".to_owned(),
        Preview::Working(_) => "Working it out.".to_owned(),
        Preview::Is(CorrectionPreview {
            after: Some(day), ..
        }) => format!(
            "{}: {} worked, balance {}.",
            status_words(day.status),
            duration(day.counted_minutes),
            signed(day.balance_minutes)
        ),
        Preview::Is(_) => "Nothing would be left of the day.".to_owned(),
        Preview::Wrong(problem) => problem.detail.clone(),
    }
}

fn figures(preview: &Preview) -> Option<AnyView> {
    let (Preview::Is(preview) | Preview::Working(Some(preview))) = preview else {
        return None;
    };
    let CorrectionPreview {
        before,
        after,
        locked,
    } = preview.clone();
    let note = locked.then(|| {
        view! {
            <Notice
                tone=Tone::Info
                title="The period of this day is locked"
                text="The day stays as it was paid. Granted, the difference becomes an adjustment in an open period."
            />
        }
    });
    Some(
        view! {
            <Compare before after heads=("As it is", "As it would be")/>
            {note}
        }
        .into_any(),
    )
}
