//! The words of the mails about meetings, for people whose program shows no invitation.

use chrono::{DateTime, TimeDelta, Utc};
use model::scheduling::meeting::{MeetingState, Response};
use model::zone::Zone;

use super::Told;
use super::due::Due;
use crate::Config;
use crate::store::meetings::OccurrenceRow;
use crate::store::notices::ReaderRow;

/// How many changed times of a series a mail names.
const TIMES: usize = 10;
/// How many people a mail names.
const NAMES: usize = 20;

/// The subject. A title may hold anything, a header no control characters.
pub(super) fn subject(due: Due, title: &str) -> String {
    let word = match due {
        Due::Asked => "Invitation",
        Due::Changed => "Changed",
        Due::Ended => "Ended",
        Due::Cancelled | Due::LetGo => "Cancelled",
    };
    format!("{word}: {}", one_line(title))
}

/// A text on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Where a reader answers without a sign-in.
pub(super) fn link(config: &Config, reader: &ReaderRow) -> String {
    format!("{}/invitation/{}", config.public_url, reader.link_token)
}

/// Rooms and place in one line.
pub(crate) fn place(rooms: &[String], location: &str) -> String {
    let words = rooms.iter().map(String::as_str).chain([location]);
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(", ")
}

/// From when to when, as the clocks of a zone show it: `Tue 1 Dec 2026, 10:00–10:30 (Berlin)`.
pub(crate) fn span(from: DateTime<Utc>, to: DateTime<Utc>, zone: &Zone) -> String {
    let (begins, ends) = (zone.local_of(from), zone.local_of(to));
    let begin = begins.format("%a %-d %b %Y, %H:%M");
    let place = zone.place();
    if begins.date() == ends.date() {
        format!("{begin}–{} ({place})", ends.format("%H:%M"))
    } else {
        format!("{begin} – {} ({place})", ends.format("%a %-d %b %Y, %H:%M"))
    }
}

/// `Hello Ana,`; a guest of whom only the address is known has no name to be greeted by.
pub(crate) fn greeting(name: &str) -> String {
    match name.contains('@') {
        true => "Hello,".to_owned(),
        false => format!("Hello {},", one_line(name)),
    }
}

/// The whole text.
pub(super) fn body(
    told: &Told,
    reader: &ReaderRow,
    due: Due,
    config: &Config,
    now: DateTime<Utc>,
) -> String {
    let (who, title) = (&told.organizer.name, &told.row.title);
    let opening = match due {
        Due::Asked => format!("{who} invites you to “{title}”."),
        Due::Changed => format!("{who} has changed “{title}”."),
        Due::Ended => format!("{who} has ended “{title}”. It does not take place any more."),
        Due::Cancelled => format!("“{title}” is cancelled. {who} had invited you to it."),
        Due::LetGo => {
            format!("You need not come to “{title}” any more: {who} takes the invitation back.")
        }
    };
    let mut blocks = vec![
        greeting(&reader.name),
        opening,
        facts(told, reader, due, now),
    ];
    if !due.takes_back() {
        if !told.row.description.is_empty() {
            blocks.push(told.row.description.clone());
        }
        if due != Due::Ended {
            blocks.push(answer(reader, config));
        }
    }
    blocks.push(config.organisation.clone());
    let mut text = blocks.join("\n\n");
    text.push('\n');
    text
}

/// What a reader is asked for.
fn answer(reader: &ReaderRow, config: &Config) -> String {
    let link = link(config, reader);
    match reader.response {
        Response::NeedsAction => format!("Will you come? Answer here:\n{link}"),
        given => format!(
            "Your answer so far: {}. Change it here:\n{link}",
            given.label().to_lowercase()
        ),
    }
}

/// When, how often, where and with whom, a line each.
fn facts(told: &Told, reader: &ReaderRow, due: Due, now: DateTime<Utc>) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    let own = reader
        .zone
        .as_deref()
        .and_then(|name| Zone::named(name).ok());
    let own = own.unwrap_or_else(|| told.zone.clone());
    let repeats = crate::one::sentence(&told.row, &told.zone);
    if let Some(next) = next(told, due, now) {
        let label = match (&repeats, due) {
            (Some(_), Due::Ended) => "Last",
            (Some(_), _) => "Next",
            (None, _) => "When",
        };
        lines.push((label, span(next.from_at, next.to_at, &own)));
        let same_clock = [next.from_at, next.to_at]
            .iter()
            .all(|at| own.offset_seconds(*at) == told.zone.offset_seconds(*at));
        if !same_clock {
            lines.push(("", span(next.from_at, next.to_at, &told.zone)));
        }
    }
    lines.extend(repeats.map(|sentence| ("Repeats", sentence)));
    let place = place(&told.rooms, &told.row.location);
    if !due.takes_back() {
        lines.extend(exceptions(told, now));
        if !place.is_empty() {
            lines.push(("Where", one_line(&place)));
        }
        lines.push(("Who", people(told)));
    }
    let lines = lines.into_iter().map(|(label, words)| {
        let colon = if label.is_empty() { "" } else { ":" };
        let label = format!("{label}{colon}");
        format!("{label:<9}{words}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The time that a mail names: the next one, or the last if there is none any more.
fn next(told: &Told, due: Due, now: DateTime<Utc>) -> Option<&OccurrenceRow> {
    // Of a meeting that is cancelled, all times are.
    let counts =
        |time: &&OccurrenceRow| due == Due::Cancelled || time.state != MeetingState::Cancelled;
    let mut times = told.occurrences.iter().filter(counts);
    let last = times.clone().next_back();
    times.find(|time| time.to_at > now).or(last)
}

/// The times of a series that are still to come and are not as the series says.
fn exceptions(told: &Told, now: DateTime<Utc>) -> Vec<(&'static str, String)> {
    if told.row.rule.is_none() {
        return Vec::new();
    }
    let day = |time: &OccurrenceRow| time.original_local.format("%a %-d %b %Y").to_string();
    let ahead = told.occurrences.iter().filter(|time| time.to_at > now);
    let told_of = ahead.filter_map(|time| {
        if time.state == MeetingState::Cancelled {
            return Some(("Not on", day(time)));
        }
        if !time.changed {
            return None;
        }
        let minutes = TimeDelta::minutes(i64::from(told.row.duration_minutes));
        let stays = told.zone.local_of(time.from_at) == time.original_local
            && time.to_at - time.from_at == minutes;
        let when = (!stays).then(|| span(time.from_at, time.to_at, &told.zone));
        let title = time.title.as_ref();
        let title = title.map(|title| format!("“{}”", one_line(title)));
        let at = time.location.as_ref();
        let at = at.map(|at| match place(&told.rooms, at) {
            at if at.is_empty() => "at no place".to_owned(),
            at => format!("at {}", one_line(&at)),
        });
        let about = time.description.as_ref();
        let about = about.map(|_| "about something else".to_owned());
        let words: Vec<String> = [when, title, at, about].into_iter().flatten().collect();
        let words = match words.is_empty() {
            true => span(time.from_at, time.to_at, &told.zone),
            false => words.join(", "),
        };
        Some(("Changed", format!("{} is {words}", day(time))))
    });
    told_of.take(TIMES).collect()
}

fn people(told: &Told) -> String {
    let all: Vec<&ReaderRow> = told.guests().collect();
    let named = all.iter().take(NAMES).map(|reader| {
        let remark = match (told.is_organizer(reader), reader.required) {
            (true, _) => " (invites)",
            (false, true) => "",
            (false, false) => " (optional)",
        };
        format!("{}{remark}", one_line(&reader.name))
    });
    let mut words = named.collect::<Vec<_>>().join(", ");
    if all.len() > NAMES {
        words.push_str(&format!(" and {} more", all.len() - NAMES));
    }
    words
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn at(hour: u32) -> DateTime<Utc> {
        let at = Utc.with_ymd_and_hms(2026, 12, 1, hour, 0, 0).single();
        at.expect("a real instant")
    }

    #[test]
    fn times_are_told_as_the_clocks_of_the_reader_show_them() {
        let berlin = Zone::named("Europe/Berlin").expect("a zone");
        let half_an_hour = at(9) + TimeDelta::minutes(30);
        assert_eq!(
            span(at(9), half_an_hour, &berlin),
            "Tue 1 Dec 2026, 10:00–10:30 (Berlin)"
        );
        let tokyo = Zone::named("Asia/Tokyo").expect("a zone");
        assert_eq!(
            span(at(14), at(16), &tokyo),
            "Tue 1 Dec 2026, 23:00 – Wed 2 Dec 2026, 01:00 (Tokyo)"
        );
    }

    #[test]
    fn a_title_cannot_add_a_header() {
        assert_eq!(
            subject(Due::Asked, "Probe\r\nBcc: x@example.org"),
            "Invitation: Probe Bcc: x@example.org"
        );
    }

    #[test]
    fn a_guest_known_by_address_alone_is_not_called_by_it() {
        assert_eq!(greeting("ana@example.org"), "Hello,");
        assert_eq!(greeting("Ana Berg"), "Hello Ana Berg,");
    }
}
