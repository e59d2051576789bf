//! What the holder of an invitation's link sees: a meeting, and three answers. A plain form without
//! any script; the link is all that it takes.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::scheduling::meeting::{MeetingState, Response};
use model::scheduling::views::InvitationView;

use super::meeting::answers::ANSWERS;
use super::meeting::when::When;
use crate::api::ApiError;
use crate::api::scheduling::invitation;
use crate::layout::PublicFrame;
use crate::paths;
use crate::ui::{ErrorState, Fact, Facts, Glyph, Loading, Notice, Tone};

/// `/invitation/{link}`
#[component]
pub fn Invitation() -> impl IntoView {
    let params = use_params_map();
    let link = Memo::new(move |_| params.with(|params| params.get("link").unwrap_or_default()));
    let found = Resource::new_blocking(move || link.get(), invitation);
    view! {
        <Suspense fallback=|| view! { <Loading label="Loading"/> }>
            {move || {
                let link = link.get();
                Suspend::new(async move {
                    match found.await {
                        Ok(found) => view! { <Found found link/> }.into_any(),
                        Err(ApiError(problem)) if problem.status == 404 => {
                            view! { <BrokenLink/> }.into_any()
                        }
                        Err(ApiError(problem)) => {
                            view! {
                                <Title text="Invitation"/>
                                <PublicFrame organisation="Invitation">
                                    <h1 class="sr-only">"Invitation"</h1>
                                    <ErrorState problem/>
                                </PublicFrame>
                            }
                            .into_any()
                        }
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn BrokenLink() -> impl IntoView {
    crate::shell::answer_not_found();
    view! {
        <Title text="This invitation does not work"/>
        <PublicFrame organisation="Invitation">
            <div class="pay-state">
                <h1>"This invitation does not work"</h1>
                <p>
                    "The link may have been copied in part. Open it again from the mail that you got, or ask whoever invited you."
                </p>
            </div>
        </PublicFrame>
    }
}

#[component]
fn Found(found: InvitationView, link: String) -> impl IntoView {
    let organisation = found.organisation.clone();
    let title = format!("{} · {}", found.title, found.organisation);
    let state = if found.state.is_active() {
        view! { <Asked found link/> }.into_any()
    } else {
        view! { <Cancelled found/> }.into_any()
    };
    view! {
        <Title text=title/>
        <PublicFrame organisation>
            <div class="invitation">{state}</div>
        </PublicFrame>
    }
}

/// What it is, and the three answers.
#[component]
fn Asked(found: InvitationView, link: String) -> impl IntoView {
    let query = use_query_map();
    let refused = query.with_untracked(|query| query.get("problem"));
    let refused = refused.map(|code| {
        view! {
            <div role="alert">
                <Notice
                    tone=Tone::Negative
                    title="Your answer was not taken"
                    text=refusal(&code)
                />
            </div>
        }
    });
    let response = found.response;
    let invites = format!("{} invites you, {}.", found.organizer, found.name);
    let held = (found.state != MeetingState::Confirmed).then(|| {
        view! { <p class="muted">"It is not certain yet: you get a mail once it is."</p> }
    });
    let buttons = ANSWERS
        .iter()
        .map(|(answer, icon)| {
            view! {
                <button
                    type="submit"
                    class="answer"
                    name="response"
                    value=answer.as_str()
                    aria-pressed=if *answer == response { "true" } else { "false" }
                >
                    <Glyph icon=*icon/>
                    {answer.label()}
                </button>
            }
        })
        .collect_view();
    view! {
        <p class="muted">{invites}</p>
        <h1>{found.title.clone()}</h1>
        {refused}
        <About found/>
        {held}
        <form class="invitation-form" method="post" action=paths::invitation(&link)>
            <p class="invitation-answer" role="status">
                {standing(response)}
            </p>
            <div class="answers" role="group" aria-label="Your answer">
                {buttons}
            </div>
        </form>
    }
}

#[component]
fn Cancelled(found: InvitationView) -> impl IntoView {
    let words = format!(
        "{} has cancelled it, or no longer needs you.",
        found.organizer
    );
    view! {
        <p class="muted">"Cancelled"</p>
        <h1>{found.title.clone()}</h1>
        <Notice tone=Tone::Caution title="You need not come" text=words/>
        <About found/>
    }
}

/// When, where, and what it is about.
#[component]
fn About(found: InvitationView) -> impl IntoView {
    let InvitationView {
        description,
        place,
        from,
        to,
        zone,
        repeats,
        ..
    } = found;
    let zone = zone.replace('_', " ");
    let mut facts = vec![Fact::new(
        "When",
        view! {
            <span>
                <When from to/>
                " "
                <span class="muted nowrap">"(" {zone} ")"</span>
            </span>
        },
    )];
    facts.extend(repeats.map(|words| Fact::new("Repeats", words)));
    if !place.is_empty() {
        facts.push(Fact::new(
            "Where",
            view! { <span class="break-words">{place}</span> },
        ));
    }
    let description =
        (!description.is_empty()).then(|| view! { <p class="meeting-text">{description}</p> });
    view! {
        <Facts facts/>
        {description}
    }
}

fn standing(response: Response) -> &'static str {
    match response {
        Response::NeedsAction => "Do you come?",
        Response::Accepted => "You are coming. You can still change your answer.",
        Response::Tentative => "Perhaps you are coming. You can still change your answer.",
        Response::Declined => "You are not coming. You can still change your answer.",
    }
}

/// Why an answer was not taken.
fn refusal(code: &str) -> &'static str {
    match code {
        "slot_taken" => {
            "Something else is in your calendar at that time. Move it, or answer otherwise."
        }
        "meeting_over" => "The meeting is cancelled or over.",
        _ => "Something went wrong on our side. Try again in a moment.",
    }
}
