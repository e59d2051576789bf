//! After a race that was lost: who was faster, said at once, and what to take instead with one press.

use leptos::prelude::*;
use model::scheduling::views::{ConflictLine, SuggestedTime};

use super::booker::{Booker, LOST, alternative_id, use_booker};
use super::desk::{Lost, use_desk};
use super::suggestions::score_view;
use super::words;
use crate::ui::{Button, ErrorSummary, Glyph, Icon, Look};

/// The band above the grid; empty while no race is lost.
#[component]
pub fn LostRace() -> impl IntoView {
    let (desk, booker) = (use_desk(), use_booker());
    let told = move || {
        desk.lost.with(|lost| {
            let lost = lost.as_ref()?;
            Some(view! {
                <Glyph icon=Icon::Alert/>
                <p id=LOST tabindex="-1" class="week-lost-words">
                    {sentence(lost)}
                </p>
            })
        })
    };
    let choices = move || {
        desk.lost.with(|lost| {
            let lost = lost.as_ref()?;
            Some(choices(booker, &lost.alternatives))
        })
    };
    let keep = move |_| desk.lost.set(None);
    let actions = move || {
        desk.lost.with(Option::is_some).then(|| {
            view! {
                <div class="week-lost-actions">
                    <ErrorSummary problem=booker.refused/>
                    <Button small=true look=Look::Quiet on:click=keep>
                        "Leave it"
                    </Button>
                </div>
            }
        })
    };
    let class = move || {
        if desk.lost.with(Option::is_some) {
            "week-lost is-there"
        } else {
            "week-lost"
        }
    };
    view! {
        <div class=class>
            <div role="alert" class="week-lost-head">
                {told}
            </div>
            {choices}
            {actions}
        </div>
    }
    .into_any()
}

/// `Somebody was faster. Tom Kern is taken from 09:00 to 10:00. Nothing was booked.`
fn sentence(lost: &Lost) -> String {
    let mut sentences = vec!["Somebody was faster, and nothing was booked.".to_owned()];
    let said = lost.conflicts.iter().take(4).map(conflict);
    sentences.extend(said);
    if lost.conflicts.len() > 4 {
        sentences.push(format!("{} more are taken.", lost.conflicts.len() - 4));
    }
    sentences.push(match lost.alternatives.is_empty() {
        true => "No other time of the next two weeks suits all.".to_owned(),
        false => "Take another time with one press:".to_owned(),
    });
    sentences.join(" ")
}

fn conflict(line: &ConflictLine) -> String {
    let when = words::span(&line.from, &line.to);
    format!("{} is taken on {when}.", line.name)
}

fn choices(booker: Booker, alternatives: &[SuggestedTime]) -> AnyView {
    let items = alternatives
        .iter()
        .enumerate()
        .map(|(rank, time)| {
            let when = words::span(&time.from, &time.to);
            let reason = time.reasons.first().cloned();
            let press = move |_| booker.take(rank);
            let look = if rank == 0 {
                Look::Primary
            } else {
                Look::Secondary
            };
            view! {
                <li class="week-other">
                    <kbd>{rank + 1}</kbd>
                    <Button
                        small=true
                        look
                        attr:id=alternative_id(rank)
                        busy=booker.action.pending()
                        on:click=press
                    >
                        <span class="sr-only">"Book "</span>
                        {when}
                    </Button>
                    {score_view(time.score)}
                    {reason.map(|reason| view! { <span class="muted small">{reason}</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="week-others">{items}</ol> }.into_any()
}

#[cfg(test)]
mod tests {
    use model::time::Stamp;

    use super::super::samples::{during, utc};
    use super::*;

    #[test]
    fn a_lost_race_names_who_is_taken() {
        let line = |name: &str| ConflictLine {
            name: name.to_owned(),
            from: Stamp::utc(utc("2026-11-24T09:00:00Z")),
            to: Stamp::utc(utc("2026-11-24T10:00:00Z")),
        };
        let lost = Lost {
            slot: during("2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z"),
            conflicts: vec![line("Tom Kern"); 6],
            alternatives: Vec::new(),
        };
        let text = sentence(&lost);
        assert!(text.contains("Tom Kern is taken on Tue 24 Nov, 09:00 to 10:00."));
        assert!(text.contains("2 more are taken."));
        assert!(text.contains("nothing was booked"));
    }
}
