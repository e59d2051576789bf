//! One VEVENT.

use chrono::{Duration, NaiveDateTime};
use model::scheduling::recurrence::{Ending, Moment, Notation, Rule};
use model::zone::Zone;

use super::line::{Lines, bare, escaped, quoted};
use super::{Guest, MeetingText, Method, Part, Party, Role, is_utc};

pub(super) fn part(lines: &mut Lines, meeting: &MeetingText, part: &Part, zone: &Zone) {
    lines.add("BEGIN:VEVENT");
    lines.add(&format!("UID:{}", escaped(&bare(&meeting.uid))));
    lines.add(&format!(
        "DTSTAMP:{}",
        meeting.stamp.format("%Y%m%dT%H%M%SZ")
    ));
    lines.add(&format!("SEQUENCE:{}", meeting.sequence));
    let time = |name: &str, local: NaiveDateTime| dated(name, local, zone);
    if let Some(original) = part.original {
        let range = if part.following {
            ";RANGE=THISANDFUTURE"
        } else {
            ""
        };
        lines.add(&time(&format!("RECURRENCE-ID{range}"), original));
    }
    lines.add(&time("DTSTART", part.start));
    lines.add(&time("DTEND", part.end));
    if let Some(rule) = &part.rule {
        lines.add(&format!("RRULE:{}", bare(&zoned(rule, zone))));
    }
    for excluded in &part.excluded {
        lines.add(&time("EXDATE", *excluded));
    }
    lines.text("SUMMARY", &part.summary);
    lines.text("DESCRIPTION", &part.description);
    lines.text("LOCATION", &part.location);
    if !part.url.is_empty() {
        lines.add(&format!("URL:{}", bare(&part.url)));
    }
    lines.add(
        match (
            part.cancelled || meeting.method == Method::Cancel,
            part.tentative,
        ) {
            (true, _) => "STATUS:CANCELLED",
            (false, true) => "STATUS:TENTATIVE",
            (false, false) => "STATUS:CONFIRMED",
        },
    );
    lines.add("TRANSP:OPAQUE");
    lines.add(&format!("ORGANIZER{}", named(&meeting.organizer)));
    for guest in &part.guests {
        lines.add(&attendee(guest));
    }
    for minutes in &part.reminders_minutes {
        lines.add("BEGIN:VALARM");
        lines.add("ACTION:DISPLAY");
        lines.text(
            "DESCRIPTION",
            if part.summary.is_empty() {
                "Reminder"
            } else {
                &part.summary
            },
        );
        lines.add(&format!("TRIGGER:-PT{minutes}M"));
        lines.add("END:VALARM");
    }
    lines.add("END:VEVENT");
}

/// A rule beside a start that has a zone: its end is an instant in UTC then (RFC 5545, 3.3.10). A
/// day counts to its end, and a time without a zone is of the meeting's.
fn zoned(rule: &str, zone: &Zone) -> String {
    let Ok(read) = rule.parse::<Rule>() else {
        return rule.to_owned();
    };
    let Ending::Until(until) = read.ending() else {
        return rule.to_owned();
    };
    let last = match until.notation {
        Notation::Date => until.local + Duration::days(1) - Duration::seconds(1),
        Notation::Floating => until.local,
        Notation::Utc | Notation::Zoned(_) => return rule.to_owned(),
    };
    match zone.instant_of(last) {
        Some(last) => read
            .with_ending(Ending::Until(Moment::utc(last)))
            .to_string(),
        None => rule.to_owned(),
    }
}

/// A time in the meeting's zone. UTC is written with its `Z`, for which nobody needs a definition.
fn dated(name: &str, local: NaiveDateTime, zone: &Zone) -> String {
    let local = local.format("%Y%m%dT%H%M%S");
    if is_utc(zone) {
        format!("{name}:{local}Z")
    } else {
        format!("{name};TZID={}:{local}", bare(zone.name()))
    }
}

fn named(party: &Party) -> String {
    let name = match party.name.trim() {
        "" => String::new(),
        name => format!(";CN={}", quoted(name)),
    };
    format!("{name}:mailto:{}", bare(&party.email))
}

fn attendee(guest: &Guest) -> String {
    let (kind, role) = match guest.role {
        Role::Required => ("INDIVIDUAL", "REQ-PARTICIPANT"),
        Role::Optional => ("INDIVIDUAL", "OPT-PARTICIPANT"),
        Role::Room => ("ROOM", "NON-PARTICIPANT"),
    };
    let answer = guest.answer.partstat();
    let rsvp = if guest.wants_reply { "TRUE" } else { "FALSE" };
    format!(
        "ATTENDEE;CUTYPE={kind};ROLE={role};PARTSTAT={answer};RSVP={rsvp}{}",
        named(&guest.party)
    )
}
