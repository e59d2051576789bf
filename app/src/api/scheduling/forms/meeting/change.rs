//! From what was typed to the change that is asked for: what does not differ is left out.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use model::Problem;
use model::scheduling::meeting::{ChangeMeeting, MeetingView, OccurrenceView, Scope, Slot};
use model::scheduling::views::MeetingPage;
use model::zone::Zone;

use super::{MeetingForm, Undo, people};

/// What differs from what is there; nothing, if nothing does.
///
/// # Errors
/// 422 with the field that cannot be read.
pub(super) fn change_of(
    page: &MeetingPage,
    form: &MeetingForm,
    reader: &Zone,
) -> Result<Option<ChangeMeeting>, Problem> {
    let meeting = &page.meeting;
    let scope = scope_of(meeting, &form.scope)?;
    let meant = meant(page, &form.occurrence)?;
    let old = meant.map_or(meeting.slot, |time| Slot {
        from: time.from.at,
        to: time.to.at,
    });
    let taken = offered(&form.take);
    let slot = match taken {
        Some(taken) => Some(taken),
        None => Some(typed(form, old, reader)?).filter(|asked| *asked != old),
    };
    // What is offered for the whole series stands instead of its next time, whichever was shown.
    let next = scope == Scope::All && taken.is_some();
    let only = ChangeMeeting {
        scope,
        occurrence: meant.map(|time| time.original).filter(|_| !next),
        ..ChangeMeeting::default()
    };
    let shown = meeting.words(meant);
    let change = ChangeMeeting {
        title: differing(&form.title, shown.title),
        description: differing(&form.description, shown.description),
        location: differing(&form.place, shown.place),
        slot,
        attendees: people::differing(form, meeting),
        rooms: rooms(form, meeting),
        ..only.clone()
    };
    Ok(Some(change).filter(|change| *change != only))
}

/// What takes a change of a single meeting back. Who was asked or told off hears of it at once, so
/// a change of people has no way back, and neither have the times of a series.
pub(super) fn undo_of(meeting: &MeetingView, change: &ChangeMeeting, version: i32) -> Option<Undo> {
    if meeting.recurrence.is_some() || change.attendees.is_some() {
        return None;
    }
    let before = |asked: &Option<String>, was: &str| asked.as_ref().map(|_| was.to_owned());
    let rooms = change.rooms.as_ref();
    Some(Undo {
        id: meeting.id,
        version: version.checked_add(1)?,
        change: ChangeMeeting {
            title: before(&change.title, &meeting.title),
            description: before(&change.description, &meeting.description),
            location: before(&change.location, &meeting.location),
            slot: change.slot.map(|_| meeting.slot),
            rooms: rooms.map(|_| room_ids(meeting)),
            ..ChangeMeeting::default()
        },
    })
}

/// The original local start of a time of a series.
///
/// # Errors
/// 422 for what is none.
pub(super) fn original(text: &str) -> Result<NaiveDateTime, Problem> {
    text.trim()
        .parse()
        .map_err(|_| Problem::invalid_field("occurrence", "Say which time of the series is meant."))
}

fn scope_of(meeting: &MeetingView, word: &str) -> Result<Scope, Problem> {
    match word {
        _ if meeting.recurrence.is_none() => Ok(Scope::All),
        "this" => Ok(Scope::This),
        "following" => Ok(Scope::Following),
        "all" => Ok(Scope::All),
        _ => Err(Problem::invalid_field("scope", "Say which times change.")),
    }
}

/// The time of the series that the form showed.
fn meant<'a>(page: &'a MeetingPage, text: &str) -> Result<Option<&'a OccurrenceView>, Problem> {
    if text.is_empty() || page.meeting.recurrence.is_none() {
        return Ok(None);
    }
    let original = original(text)?;
    let found = page.occurrences.iter().find(|o| o.original == original);
    let found = found.ok_or_else(|| {
        let message = "This time of the series is over or gone. Choose another one.";
        Problem::invalid_field("occurrence", message)
    })?;
    Ok(Some(found))
}

/// One of the times that were offered instead of a taken one.
fn offered(text: &str) -> Option<Slot> {
    let (from, to) = text.split_once('/')?;
    let read = |text: &str| text.parse::<DateTime<Utc>>().ok();
    Some(Slot {
        from: read(from)?,
        to: read(to)?,
    })
}

/// What the date and the times say. A time that was not touched stays the instant that it was: the
/// clocks may show it twice.
fn typed(form: &MeetingForm, old: Slot, reader: &Zone) -> Result<Slot, Problem> {
    let date = day("date", &form.date)?;
    let last = match form.last_date.trim() {
        "" => date,
        text => day("last_date", text)?,
    };
    let from = date.and_time(time("from", &form.from)?);
    let to = last.and_time(time("to", &form.to)?);
    Ok(Slot {
        from: instant("from", from, old.from, reader)?,
        to: instant("to", to, old.to, reader)?,
    })
}

fn instant(
    field: &str,
    local: NaiveDateTime,
    old: DateTime<Utc>,
    zone: &Zone,
) -> Result<DateTime<Utc>, Problem> {
    if local == zone.local_of(old) {
        return Ok(old);
    }
    zone.instant_of(local)
        .ok_or_else(|| Problem::invalid_field(field, "There is no such time."))
}

fn day(field: &str, text: &str) -> Result<NaiveDate, Problem> {
    let wrong = "Choose a day, such as 2026-11-26.";
    text.trim()
        .parse()
        .map_err(|_| Problem::invalid_field(field, wrong))
}

fn time(field: &str, text: &str) -> Result<NaiveTime, Problem> {
    let wrong = "Give a time, such as 09:30.";
    super::super::hours::time_of(text).ok_or_else(|| Problem::invalid_field(field, wrong))
}

/// What was typed, if it is another text. Browsers send lines with a carriage return.
fn differing(typed: &str, there: &str) -> Option<String> {
    let clean = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    let typed = clean(typed);
    (typed != clean(there)).then_some(typed)
}

fn rooms(form: &MeetingForm, meeting: &MeetingView) -> Option<Vec<String>> {
    let mut typed = form.rooms.clone();
    let mut there = room_ids(meeting);
    typed.sort();
    there.sort();
    (typed != there).then_some(typed)
}

fn room_ids(meeting: &MeetingView) -> Vec<String> {
    meeting
        .rooms
        .iter()
        .map(|room| room.id.to_string())
        .collect()
}
