//! The meeting as calendar text, for one reader.
//!
//! ORGANIZER is our own mail address under the organizer's name: programs send their REPLY there,
//! and so we get it. The organizer's own address stands among the attendees.

use chrono::{NaiveDateTime, TimeDelta};
use model::scheduling::meeting::{MeetingState, Response};
use platform::mail::CalendarPart;

use super::due::Due;
use super::{Told, text};
use crate::ical::write::{self, Guest, MeetingText, Method, Part, Party, Role};
use crate::store::answers::AnswerRow;
use crate::store::meetings::OccurrenceRow;
use crate::store::notices::ReaderRow;
use crate::{Config, Error};

/// The calendar part of the mail that tells a reader what is due.
///
/// # Errors
/// [`Error::Invalid`] when the meeting's zone is in no database.
pub(super) fn part(
    told: &Told,
    reader: &ReaderRow,
    due: Due,
    config: &Config,
) -> Result<CalendarPart, Error> {
    let (method, word) = match due.takes_back() {
        true => (Method::Cancel, "CANCEL"),
        false => (Method::Request, "REQUEST"),
    };
    let guests: Vec<Guest> = match due {
        // The mail is about this one attendee, and the others are nobody's business any more.
        Due::LetGo => vec![guest(told, reader)],
        _ => told.guests().map(|reader| guest(told, reader)).collect(),
    };
    let (zone, parts) = parts(told, reader, due, config, &guests)?;
    let written = write::write(&MeetingText {
        method,
        uid: told.row.uid.clone(),
        sequence: u32::try_from(told.row.sequence).unwrap_or(0),
        stamp: told.row.updated_at,
        zone,
        organizer: Party {
            name: told.organizer.name.clone(),
            email: address(&config.mail_from).to_owned(),
        },
        parts,
    });
    Ok(CalendarPart {
        method: word.to_owned(),
        text: written.map_err(|error| Error::field("zone", error.to_string()))?,
    })
}

/// The meeting, and the times of a series that differ from it, or to which somebody has answered
/// otherwise; with the zone that they are in.
fn parts(
    told: &Told,
    reader: &ReaderRow,
    due: Due,
    config: &Config,
    guests: &[Guest],
) -> Result<(String, Vec<Part>), Error> {
    let (row, zone) = (&told.row, &told.zone);
    let link = text::link(config, reader);
    let described = |words: &str| match (words, due.takes_back()) {
        (words, true) => words.to_owned(),
        ("", false) => format!("Answer: {link}"),
        (words, false) => format!("{words}\n\nAnswer: {link}"),
    };
    let of_time =
        |time: &OccurrenceRow| described(time.description.as_ref().unwrap_or(&row.description));
    let whole = Part {
        original: None,
        following: false,
        start: row.local_start,
        end: row.local_start,
        rule: row.rule.clone(),
        excluded: Vec::new(),
        summary: row.title.clone(),
        description: described(&row.description),
        location: text::place(&told.rooms, &row.location),
        url: if due.takes_back() {
            String::new()
        } else {
            link.clone()
        },
        tentative: row.state == MeetingState::Pending,
        cancelled: due.takes_back(),
        guests: guests.to_vec(),
        // Reminders are mails of our own, for those who want them.
        reminders_minutes: Vec::new(),
    };
    if let (None, Some(only)) = (&row.rule, told.occurrences.first()) {
        let start = zone.local_of(only.from_at);
        // In the hour that the clocks show twice, only UTC says which one is meant.
        let clear = zone.instant_of(start) == Some(only.from_at);
        let (name, start, end) = match clear {
            true => (zone.name(), start, zone.local_of(only.to_at)),
            false => ("UTC", only.from_at.naive_utc(), only.to_at.naive_utc()),
        };
        let only = Part {
            start,
            end,
            ..whole
        };
        return Ok((name.to_owned(), vec![only]));
    }
    let minutes = TimeDelta::minutes(i64::from(row.duration_minutes));
    let begins = zone.instant_of(row.local_start);
    let begins = begins.ok_or_else(|| Error::field("slot", "There is no such time."))?;
    let mut series = Part {
        end: zone.local_of(begins + minutes),
        ..whole
    };
    if due.takes_back() {
        return Ok((zone.name().to_owned(), vec![series]));
    }
    series.excluded = originals(&told.occurrences, MeetingState::Cancelled);
    let changed: Vec<Part> = told
        .occurrences
        .iter()
        .filter(|time| time.state != MeetingState::Cancelled)
        .filter(|time| time.changed || told.answers.iter().any(|a| a.is_to(time)))
        .map(|time| Part {
            original: Some(time.original_local),
            start: zone.local_of(time.from_at),
            end: zone.local_of(time.to_at),
            rule: None,
            excluded: Vec::new(),
            summary: time.title.clone().unwrap_or_else(|| row.title.clone()),
            description: of_time(time),
            location: text::place(&told.rooms, time.location.as_ref().unwrap_or(&row.location)),
            guests: told
                .guests()
                .map(|reader| guest_at(told, reader, time))
                .collect(),
            ..series.clone()
        })
        .collect();
    let mut parts = vec![series];
    parts.extend(changed);
    Ok((zone.name().to_owned(), parts))
}

fn originals(times: &[OccurrenceRow], state: MeetingState) -> Vec<NaiveDateTime> {
    let some = times.iter().filter(|time| time.state == state);
    some.map(|time| time.original_local).collect()
}

/// A guest with the answer to one time.
fn guest_at(told: &Told, reader: &ReaderRow, time: &OccurrenceRow) -> Guest {
    let own = |answer: &&AnswerRow| answer.is_to(time) && answer.attendee_id == reader.id;
    let own = told.answers.iter().find(own);
    let response = own.map_or(reader.response, |answer| answer.response);
    let reader = ReaderRow {
        response,
        ..reader.clone()
    };
    guest(told, &reader)
}

fn guest(told: &Told, reader: &ReaderRow) -> Guest {
    Guest {
        party: Party {
            name: reader.name.clone(),
            email: reader.email.clone(),
        },
        role: match reader.required {
            true => Role::Required,
            false => Role::Optional,
        },
        answer: reader.response,
        wants_reply: reader.response == Response::NeedsAction && !told.is_organizer(reader),
    }
}

/// The bare address of a sender: `noreply@example.org` of `Punctual <noreply@example.org>`.
fn address(sender: &str) -> &str {
    let inside = sender
        .rsplit_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or(sender, |(address, _)| address).trim()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_sender_has_an_address_with_or_without_a_name() {
        assert_eq!(
            address("Punctual <noreply@example.org>"),
            "noreply@example.org"
        );
        assert_eq!(address(" noreply@example.org "), "noreply@example.org");
    }
}
