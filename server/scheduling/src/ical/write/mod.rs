//! The iCalendar text of one meeting, as it goes out by mail (RFC 5546).
//!
//! One meeting keeps one UID for its life. Whoever calls gives the revision (SEQUENCE) and the time
//! of sending (DTSTAMP); nothing here looks at a clock. Times are written in the meeting's zone with
//! its definition beside them, so that nine o'clock stays nine o'clock for every reader.

mod line;
mod part;
mod timezone;

use chrono::{DateTime, Datelike, Duration, NaiveDateTime, Utc};
use model::scheduling::meeting::Response;
use model::zone::{UnknownZone, Zone};

use line::Lines;

/// What the mail asks of its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Come, or note what has changed.
    Request,
    /// It does not take place, or not with you.
    Cancel,
}

/// A person or a room as a mail names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The name; may be empty.
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

/// Why someone is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Has to be there.
    Required,
    /// May be there.
    Optional,
    /// A room.
    Room,
}

/// Someone who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Who.
    pub party: Party,
    /// Why.
    pub role: Role,
    /// The answer so far.
    pub answer: Response,
    /// Whether an answer is wanted.
    pub wants_reply: bool,
}

/// One VEVENT of the mail: the meeting, or a changed instance of a recurring one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The original start of the instance that this stands for, in the meeting's zone; `None` for
    /// the meeting itself.
    pub original: Option<NaiveDateTime>,
    /// It also stands for every later instance.
    pub following: bool,
    /// The start, in the meeting's zone.
    pub start: NaiveDateTime,
    /// The end, in the meeting's zone.
    pub end: NaiveDateTime,
    /// The recurrence as an RRULE without its name, for example `FREQ=WEEKLY`.
    pub rule: Option<String>,
    /// Instances that do not take place: their original starts.
    pub excluded: Vec<NaiveDateTime>,
    /// The title.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Where.
    pub location: String,
    /// A page about it, for example to answer on; may be empty.
    pub url: String,
    /// Not settled yet, for example until it is paid for.
    pub tentative: bool,
    /// It does not take place. Every part of a mail that cancels is cancelled anyway.
    pub cancelled: bool,
    /// Who is asked.
    pub guests: Vec<Guest>,
    /// Reminders, in minutes before the start.
    pub reminders_minutes: Vec<u32>,
}

/// One meeting as it goes out by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingText {
    /// What the mail asks.
    pub method: Method,
    /// The meeting's UID, the same for all its life.
    pub uid: String,
    /// Goes up with every change of time or place.
    pub sequence: u32,
    /// When the mail is sent.
    pub stamp: DateTime<Utc>,
    /// The IANA name of the zone of all its times.
    pub zone: String,
    /// Who asks.
    pub organizer: Party,
    /// The meeting and its changed instances; a mail about one instance has only that.
    pub parts: Vec<Part>,
}

/// How many years after its start the definition of a zone covers a meeting that repeats. Rules
/// that still hold then go on.
const YEARS_OF_RULES: i32 = 5;

/// Writes a meeting as iCalendar text.
///
/// # Errors
/// [`UnknownZone`] when the meeting's zone is not in the database.
pub fn write(meeting: &MeetingText) -> Result<String, UnknownZone> {
    let zone = Zone::named(&meeting.zone)?;
    let mut lines = Lines::default();
    lines.add("BEGIN:VCALENDAR");
    lines.add("VERSION:2.0");
    lines.add("PRODID:-//Punctual//Meetings//EN");
    lines.add("CALSCALE:GREGORIAN");
    lines.add(match meeting.method {
        Method::Request => "METHOD:REQUEST",
        Method::Cancel => "METHOD:CANCEL",
    });
    if !is_utc(&zone)
        && let Some((from, to)) = covered(meeting, &zone)
    {
        timezone::timezone(&mut lines, &zone, from, to);
    }
    for one in &meeting.parts {
        part::part(&mut lines, meeting, one, &zone);
    }
    lines.add("END:VCALENDAR");
    Ok(lines.finish())
}

fn is_utc(zone: &Zone) -> bool {
    matches!(
        zone.name(),
        "UTC" | "Etc/UTC" | "Etc/UCT" | "Etc/Zulu" | "Zulu" | "UCT" | "Universal"
    )
}

/// The time that the zone's definition has to cover: from the new year before the first start to
/// two new years after the last.
fn covered(meeting: &MeetingText, zone: &Zone) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let starts = || {
        meeting
            .parts
            .iter()
            .flat_map(|one| one.original.into_iter().chain([one.start]))
    };
    let repeats = meeting.parts.iter().any(|one| one.rule.is_some());
    let first = starts().min()?.year();
    let last = meeting
        .parts
        .iter()
        .map(|one| one.end)
        .chain(starts())
        .max()?
        .year();
    let last = if repeats { last + YEARS_OF_RULES } else { last };
    let new_year = |year: i32| {
        let day = chrono::NaiveDate::from_ymd_opt(year, 1, 1)?;
        zone.start_of(day)
    };
    // A day earlier, so that no reader is outside of the range by its own offset.
    Some((new_year(first)? - Duration::days(1), new_year(last + 2)?))
}
