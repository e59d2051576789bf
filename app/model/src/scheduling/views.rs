//! What the pages of meetings show: a week or month of people and rooms, one meeting, rooms,
//! a person's own settings, and the figures. Times come with the reader's offset, so that the
//! browser draws what the server drew.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::availability::{BusyStatus, Constraints, Freshness, Trust};
use super::hours::{Travel, WorkingHours};
use super::interval::Interval;
use super::meeting::{
    Alternative, Colleague, Conflict, MeetingState, MeetingView, OccurrenceView, Response,
};
use crate::ids::{MeetingEventId, MeetingId, PersonId, RoomId};
use crate::time::Stamp;

/// Which week is asked for, whose calendars lie over it, and what is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WeekQuery {
    /// Any day of the week; today, if absent.
    pub day: Option<NaiveDate>,
    /// Whose time lies over one's own, by id.
    pub people: Vec<PersonId>,
    /// Which of them need not come.
    pub optional: Vec<PersonId>,
    /// Which rooms lie over it.
    pub rooms: Vec<RoomId>,
    /// How long the meeting that is looked for takes; half an hour, if absent.
    pub minutes: Option<u16>,
}

/// One day of the reader, which may have 23 or 25 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayColumn {
    /// The date.
    pub date: NaiveDate,
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant of the day after it.
    pub to: DateTime<Utc>,
    /// Where its clocks change within: the instant, and the offset from then on, in minutes.
    pub changes: Vec<(DateTime<Utc>, i32)>,
    /// The offset at its beginning, in minutes east of UTC.
    pub offset_minutes: i32,
    /// The same in the second zone, if there is one.
    pub second_offset_minutes: Option<i32>,
    /// Whether it is today.
    pub today: bool,
    /// The holiday that it is for the reader, if it is one.
    pub holiday: bool,
}

/// A stretch of somebody's time that is taken. What by is told only to those who take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// From when to when.
    pub during: Interval,
    /// By what kind of entry.
    pub status: BusyStatus,
    /// The meeting, for those who take part in it.
    pub meeting: Option<MeetingId>,
    /// Its title, for those who take part in it.
    pub title: Option<String>,
}

/// Whose time is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Whose {
    /// A person.
    Person {
        /// Id.
        id: PersonId,
        /// Whether the meeting needs them.
        required: bool,
        /// Where they are.
        zone: String,
    },
    /// A room.
    Room {
        /// Id.
        id: RoomId,
        /// How many it holds.
        capacity: i32,
    },
}

/// One person or room over the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Whose.
    pub whose: Whose,
    /// The name.
    pub name: String,
    /// What is taken.
    pub taken: Vec<Taken>,
    /// When they work.
    pub working: Vec<Interval>,
    /// When they are away: leave or a holiday, and nothing more is said.
    pub away: Vec<Interval>,
    /// How much one may trust it.
    pub trust: Trust,
}

/// A suggested time with its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedTime {
    /// When it begins.
    pub from: Stamp,
    /// When it ends.
    pub to: Stamp,
    /// How well it suits, 0 to 100.
    pub score: u8,
    /// Why, in plain words.
    pub reasons: Vec<String>,
    /// Who cannot come, each in one sentence.
    pub missing: Vec<String>,
    /// The room it would have.
    pub room: Option<(RoomId, String)>,
}

/// One of the reader's own meetings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnMeeting {
    /// Id.
    pub id: MeetingId,
    /// Which time of it, by its original local start.
    pub original: chrono::NaiveDateTime,
    /// What it is about.
    pub title: String,
    /// When it begins.
    pub from: Stamp,
    /// When it ends.
    pub to: Stamp,
    /// Where: rooms and place.
    pub place: String,
    /// How far it is.
    pub state: MeetingState,
    /// What the reader has answered; nothing for the organizer.
    pub response: Option<Response>,
    /// How many are asked to come, the organizer included.
    pub people: usize,
    /// Whether it repeats.
    pub repeats: bool,
}

/// The week page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekPage {
    /// The days, Monday first.
    pub days: Vec<DayColumn>,
    /// The reader's zone.
    pub zone: String,
    /// The second zone that the reader wants to see.
    pub second_zone: Option<String>,
    /// The present instant.
    pub now: Stamp,
    /// The reader.
    pub me: Colleague,
    /// The reader first, then the people, then the rooms.
    pub layers: Vec<Layer>,
    /// The reader's own meetings.
    pub meetings: Vec<OwnMeeting>,
    /// How long the meeting that is looked for takes, in minutes.
    pub minutes: u16,
    /// When all that are required, and the rooms, are free.
    pub common: Vec<Interval>,
    /// The times that suit best.
    pub suggestions: Vec<SuggestedTime>,
    /// Why there is none, one sentence a person.
    pub obstacles: Vec<String>,
}

/// What weekly time is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WeeklyQuery {
    /// Who is to come, besides the reader, by id.
    pub people: Vec<PersonId>,
    /// Which of them need not come each week.
    pub optional: Vec<PersonId>,
    /// Which rooms would do.
    pub rooms: Vec<RoomId>,
    /// How long it takes; half an hour, if absent.
    pub minutes: Option<u16>,
    /// How many weeks; eight, if absent.
    pub weeks: Option<u16>,
}

/// A weekly time that suits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyTime {
    /// The weekday.
    pub weekday: chrono::Weekday,
    /// When it begins for the first time.
    pub from: Stamp,
    /// When it ends for the first time.
    pub to: Stamp,
    /// How well it suits, 0 to 100.
    pub score: u8,
    /// Why, in plain words; the weeks that fail among them.
    pub reasons: Vec<String>,
    /// In how many weeks it does not work.
    pub failing: usize,
    /// The room it would have.
    pub room: Option<RoomId>,
}

/// Weekly times for the reader and others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyPage {
    /// The reader first, then those who are to come.
    pub people: Vec<Colleague>,
    /// The reader's zone, whose clock the weekly time follows.
    pub zone: String,
    /// How long it takes.
    pub minutes: u16,
    /// How many weeks were looked at.
    pub weeks: u16,
    /// The times, the best first.
    pub times: Vec<WeeklyTime>,
}

/// A month or a list of days with one's own meetings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaPage {
    /// The first day that is shown.
    pub first: NaiveDate,
    /// The last day that is shown.
    pub last: NaiveDate,
    /// Today.
    pub today: NaiveDate,
    /// The reader's zone.
    pub zone: String,
    /// The present instant.
    pub now: Stamp,
    /// The meetings, in order, each with the local date on which it begins.
    pub meetings: Vec<(NaiveDate, OwnMeeting)>,
}

/// What the holder of an invitation's link sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    /// Who runs this installation.
    pub organisation: String,
    /// What it is about.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Where: rooms and place.
    pub place: String,
    /// Who invites.
    pub organizer: String,
    /// Who is asked.
    pub name: String,
    /// When it begins, in the meeting's own zone.
    pub from: Stamp,
    /// When it ends.
    pub to: Stamp,
    /// That zone.
    pub zone: String,
    /// How it repeats, in words.
    pub repeats: Option<String>,
    /// How far it is.
    pub state: MeetingState,
    /// What was answered.
    pub response: Response,
}

/// One line of a meeting's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingEventView {
    /// Id.
    pub id: MeetingEventId,
    /// When.
    pub at: Stamp,
    /// Who.
    pub actor: String,
    /// What, as a stable word: `booked`, `moved`, `answered`, …
    pub kind: String,
    /// One sentence.
    pub text: String,
    /// Whether it is a step of the machine that may be folded away.
    pub machine: bool,
}

/// The page of one meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingPage {
    /// The meeting.
    pub meeting: MeetingView,
    /// When it (next) begins, as the reader sees it.
    pub from: Stamp,
    /// When it ends.
    pub to: Stamp,
    /// The same in the meeting's own zone, where that differs: text such as `09:00 in Berlin`.
    pub elsewhere: Option<String>,
    /// How it repeats, in words.
    pub repeats: Option<String>,
    /// The times of a series from now on, at most fifty.
    pub occurrences: Vec<OccurrenceView>,
    /// What the reader has answered, if the reader is asked to come.
    pub my_response: Option<Response>,
    /// Whether the reader may change and cancel it.
    pub may_change: bool,
    /// What happened, newest first.
    pub history: Vec<MeetingEventView>,
}

/// How a booking from the page ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Booked {
    /// It is booked.
    Done {
        /// The meeting.
        id: MeetingId,
    },
    /// Somebody was faster.
    Taken {
        /// Who is taken, and when.
        conflicts: Vec<ConflictLine>,
        /// What to take instead, the best first.
        alternatives: Vec<SuggestedTime>,
    },
}

/// What stands in the way, as the page says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictLine {
    /// Who or which room.
    pub name: String,
    /// Taken from.
    pub from: Stamp,
    /// Taken until.
    pub to: Stamp,
}

/// What a lost race answers beside its problem: RFC 9457 extension members.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotTaken {
    /// Who and what is taken, as far as the caller may see.
    pub conflicts: Vec<Conflict>,
    /// The next best times.
    pub alternatives: Vec<Alternative>,
}

/// A room, as the page of rooms shows it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomView {
    /// Id.
    pub id: RoomId,
    /// The name.
    pub name: String,
    /// Where it is, in words.
    pub place: String,
    /// Its zone.
    pub zone: String,
    /// How many it holds.
    pub capacity: i32,
    /// What is in it.
    pub equipment: Vec<String>,
    /// Goes up with every change.
    pub version: i32,
    /// Whether it is no longer to be had.
    pub retired: bool,
    /// What takes place in it at this moment: until when it is taken.
    pub taken_until: Option<Stamp>,
    /// When it is taken next, if it is free now.
    pub next_taken: Option<Stamp>,
}

/// The page of rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomsPage {
    /// Every room that is to be had, by name.
    pub rooms: Vec<RoomView>,
    /// Whether the reader may make and change them.
    pub may_change: bool,
    /// The reader's zone, for a new room.
    pub zone: String,
}

/// What is said of a room when it is made or changed.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomForm {
    /// The name, 1 to 80 characters; no other room has it.
    pub name: String,
    /// Where it is, in words.
    #[serde(default)]
    pub place: String,
    /// Its zone.
    pub zone: String,
    /// How many it holds.
    pub capacity: i32,
    /// What is in it, one word each.
    #[serde(default)]
    pub equipment: Vec<String>,
}

/// What a person says of being booked.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preferences {
    /// When the person works.
    pub hours: WorkingHours,
    /// Days in other zones.
    #[serde(default)]
    pub travel: Vec<Travel>,
    /// A second zone beside one's own in the week.
    #[serde(default)]
    pub second_zone: Option<String>,
    /// Buffers, notice, daily limit, rest.
    #[serde(default)]
    pub constraints: Constraints,
    /// How many minutes before a meeting the reminder comes; none, if absent.
    #[serde(default = "ten_minutes")]
    pub remind_minutes: Option<u16>,
}

#[expect(clippy::unnecessary_wraps, reason = "serde wants the field's own type")]
const fn ten_minutes() -> Option<u16> {
    Some(10)
}

impl Default for Preferences {
    /// Nine to five from Monday to Friday, and a reminder ten minutes before.
    fn default() -> Self {
        let day = super::hours::LocalRange::hours(9, 17);
        Self {
            hours: WorkingHours {
                weekly: super::hours::WeeklyHours::weekdays(day.as_slice()),
                overrides: Vec::new(),
            },
            travel: Vec::new(),
            second_zone: None,
            constraints: Constraints::default(),
            remind_minutes: ten_minutes(),
        }
    }
}

/// The settings page: what is kept, and the version that a change must name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferencesPage {
    /// What is kept.
    pub preferences: Preferences,
    /// Zero, if nothing was kept yet.
    pub version: i32,
    /// The person's own zone.
    pub zone: String,
}

/// One day of the booking figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingDay {
    /// The day (UTC).
    pub day: NaiveDate,
    /// How many tries.
    pub tried: i64,
    /// How many were booked.
    pub booked: i64,
}

/// How bookings went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingFigures {
    /// Tries in the last thirty days.
    pub tried: i64,
    /// Of these, how many were booked.
    pub booked: i64,
    /// The same of the thirty days before.
    pub tried_before: i64,
    /// Of these, how many were booked.
    pub booked_before: i64,
    /// Why the others were not: the outcome and how often, the most frequent first.
    pub reasons: Vec<(String, i64)>,
    /// How long a booking took, in milliseconds: the median and the 95th percentile.
    pub took_ms: Option<(i64, i64)>,
    /// Day by day, oldest first.
    pub daily: Vec<BookingDay>,
}

/// `GET /availability`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvailabilityView {
    /// The range as it was read.
    pub range: Interval,
    /// Each person.
    pub users: Vec<UserAvailability>,
    /// Each room that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms: Vec<RoomAvailability>,
    /// When all of them are free for at least the duration.
    pub common: Vec<Interval>,
    /// The times that suit best.
    pub suggestions: Vec<Alternative>,
}

/// One person's busy times.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAvailability {
    /// Id.
    pub id: PersonId,
    /// What is taken.
    pub busy: Vec<BusyView>,
    /// Where it was read from.
    pub sources: Vec<SourceView>,
}

/// One room's busy times.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomAvailability {
    /// Id.
    pub id: RoomId,
    /// What is taken.
    pub busy: Vec<BusyView>,
}

/// A stretch that is taken.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusyView {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
    /// By what kind of entry.
    pub status: BusyStatus,
}

/// Where busy times come from and how fresh they are.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceView {
    /// Which: `punctual` is our own calendar.
    pub kind: String,
    /// How fresh.
    pub state: Freshness,
    /// As of when.
    pub as_of: Option<DateTime<Utc>>,
}
