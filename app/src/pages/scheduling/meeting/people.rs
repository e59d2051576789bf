//! Who is asked to come, and what they say.

use leptos::prelude::*;
use model::scheduling::meeting::{AttendeeView, MeetingView, Response};

use super::parts::response_tone;
use crate::format::count;
use crate::ui::{Chip, Section};

/// The list of people, the organizer first.
#[component]
pub fn People(
    /// The meeting.
    meeting: MeetingView,
) -> impl IntoView {
    let MeetingView {
        organizer,
        attendees,
        ..
    } = meeting;
    let summary = summary(&attendees);
    let people = attendees.into_iter().map(attendee).collect_view();
    let aside = view! { <span class="muted small num">{summary}</span> }.into_any();
    view! {
        <Section title="People" aside>
            <ul class="people">
                <li class="people-item">
                    <span class="people-who">
                        <span class="people-name">{organizer.name}</span>
                        " "
                        <span class="people-mail">{organizer.email}</span>
                    </span>
                    " "
                    <span class="muted small">"Organizes"</span>
                </li>
                {people}
            </ul>
        </Section>
    }
}

fn attendee(attendee: AttendeeView) -> impl IntoView {
    let AttendeeView {
        name,
        email,
        required,
        response,
        ..
    } = attendee;
    // Guests from outside have no other name than their address.
    let email = (email != name).then_some(email);
    view! {
        <li class="people-item">
            <span class="people-who">
                <span class="people-name">{name}</span>
                " "
                {email.map(|email| view! { <span class="people-mail">{email}</span> })}
            </span>
            " "
            <span class="people-answer">
                <span class="muted small">{if required { "Needed" } else { "Optional" }}</span>
                " "
                <Chip tone=response_tone(response) label=response.label()/>
            </span>
        </li>
    }
}

/// How many answered what: `3 coming, 1 perhaps`.
fn summary(attendees: &[AttendeeView]) -> String {
    let words = [
        (Response::Accepted, "coming"),
        (Response::Tentative, "perhaps"),
        (Response::Declined, "not coming"),
        (Response::NeedsAction, "without an answer"),
    ];
    let counted = words.iter().filter_map(|(response, word)| {
        let number = attendees.iter().filter(|a| a.response == *response).count();
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        (number > 0).then(|| format!("{} {word}", count(number)))
    });
    let counted: Vec<String> = counted.collect();
    counted.join(", ")
}
