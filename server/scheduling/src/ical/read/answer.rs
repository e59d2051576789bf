//! The answers in a calendar text with METHOD:REPLY.

use calcard::icalendar::{ICalendarParticipationStatus as Participation, ICalendarProperty as P};
use chrono::{DateTime, Utc};
use model::scheduling::meeting::Response;

use crate::ical::{Warnings, limits};

use super::Head;
use super::components::{Component, Kind, components};
use super::event::{Moment, moment};
use super::property::property;
use super::zones::Zones;

/// One VEVENT of a REPLY.
#[derive(Clone, Debug)]
pub(in crate::ical) struct AnswerText {
    pub uid: String,
    pub sequence: i64,
    pub stamp: Option<DateTime<Utc>>,
    pub recurrence_id: Option<Moment>,
    pub attendee: String,
    pub answer: Response,
    pub comment: Option<String>,
}

/// The answers in a text; `None` when it is no reply.
pub(in crate::ical) fn answers(text: &str) -> Option<Vec<AnswerText>> {
    let mut warnings = Warnings::default();
    let found = components(text, &mut warnings)
        .ok()
        .filter(|_| text.len() <= limits::FILE_BYTES)?;
    let replies = |lines: &Vec<(u32, String)>| Head::read(lines).method.as_deref() == Some("REPLY");
    if !found.calendars.first().is_some_and(replies) {
        return None;
    }
    let mut zones = Zones::new(&found.all);
    let events = found
        .all
        .iter()
        .filter(|component| component.kind == Kind::Event);
    Some(
        events
            .filter_map(|event| answer(event, &mut zones, &mut warnings))
            .collect(),
    )
}

fn answer(event: &Component, zones: &mut Zones<'_>, warnings: &mut Warnings) -> Option<AnswerText> {
    let (mut uid, mut sequence, mut stamp, mut recurrence_id) = (None, 0, None, None);
    let (mut attendee, mut comment) = (None, None);
    for (line, content) in &event.lines {
        let Some(property) = property(*line, content) else {
            continue;
        };
        match property.name() {
            P::Uid => uid = property.text().map(|text| text.trim().to_owned()),
            P::Sequence => sequence = property.integer().unwrap_or(0),
            P::Dtstamp => stamp = property.time().map(|time| time.local.and_utc()),
            P::Comment => comment = property.text().map(|text| text.trim().to_owned()),
            P::RecurrenceId => {
                let zone = property
                    .zone_name()
                    .map(|id| zones.clock(&id, *line, warnings));
                recurrence_id = property.time().map(|written| moment(&written, zone, None));
            }
            // A reply names the one who replies; whoever else is named is not asked to speak.
            P::Attendee if attendee.is_none() => {
                let answer = match property.participation() {
                    Some(Participation::Accepted) => Some(Response::Accepted),
                    Some(Participation::Declined) => Some(Response::Declined),
                    Some(Participation::Tentative) => Some(Response::Tentative),
                    Some(Participation::NeedsAction) => Some(Response::NeedsAction),
                    _ => None,
                };
                attendee = property.address().zip(answer);
            }
            _ => {}
        }
    }
    let (attendee, answer) = attendee?;
    let uid = uid.filter(|uid| !uid.is_empty())?;
    let comment = comment.filter(|comment| !comment.is_empty());
    Some(AnswerText {
        uid,
        sequence,
        stamp,
        recurrence_id,
        attendee,
        answer,
        comment,
    })
}
