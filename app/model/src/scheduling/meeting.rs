//! What a meeting is: its states and their legal moves, what is asked for when one is booked or
//! changed, and how it looks to those who may see it.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{AttendeeId, MeetingId, PersonId, RoomId};
use crate::problem::{FieldError, Problem};
use crate::time::Stamp;

words!(
    /// How far a meeting is. Held, pending and confirmed take their people's time; a cancelled one
    /// gives it back.
    MeetingState {
        /// Kept for a short while, until it is paid for or let go.
        Held = "held",
        /// Waits for a person's yes.
        Pending = "pending",
        /// Takes place.
        Confirmed = "confirmed",
        /// Does not take place.
        Cancelled = "cancelled",
    }
);

impl MeetingState {
    /// Every legal move. The database has the same table.
    pub const MOVES: &'static [(Self, Self)] = &[
        (Self::Held, Self::Pending),
        (Self::Held, Self::Confirmed),
        (Self::Held, Self::Cancelled),
        (Self::Pending, Self::Confirmed),
        (Self::Pending, Self::Cancelled),
        (Self::Confirmed, Self::Cancelled),
    ];

    /// Whether the move is in the table.
    pub fn may_become(self, to: Self) -> bool {
        Self::MOVES.contains(&(self, to))
    }

    /// Whether it takes its people's time.
    pub const fn is_active(self) -> bool {
        !matches!(self, Self::Cancelled)
    }

    /// The word for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Held => "Held",
            Self::Pending => "Waits for a yes",
            Self::Confirmed => "Confirmed",
            Self::Cancelled => "Cancelled",
        }
    }
}

words!(
    /// What an attendee has answered.
    Response {
        /// Nothing yet.
        NeedsAction = "needs_action",
        /// Comes.
        Accepted = "accepted",
        /// Perhaps.
        Tentative = "tentative",
        /// Does not come.
        Declined = "declined",
    }
);

impl Response {
    /// The word for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NeedsAction => "No answer yet",
            Self::Accepted => "Coming",
            Self::Tentative => "Perhaps",
            Self::Declined => "Not coming",
        }
    }

    /// PARTSTAT (RFC 5545, 3.2.12).
    pub const fn partstat(self) -> &'static str {
        match self {
            Self::NeedsAction => "NEEDS-ACTION",
            Self::Accepted => "ACCEPTED",
            Self::Tentative => "TENTATIVE",
            Self::Declined => "DECLINED",
        }
    }
}

/// From when to when, the end excluded.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The beginning.
    pub from: DateTime<Utc>,
    /// The end.
    pub to: DateTime<Utc>,
}

/// Somebody who is asked to come: an id or an e-mail address, and whether it works without them.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Invitee {
    /// Just who; required.
    Plain(String),
    /// Who, and whether it needs them.
    Full {
        /// A person's id or an e-mail address.
        user: String,
        /// Whether the meeting needs them. Those it does not need do not block its time.
        #[serde(default = "yes")]
        required: bool,
    },
}

const fn yes() -> bool {
    true
}

impl Invitee {
    /// The id or address.
    pub fn user(&self) -> &str {
        match self {
            Self::Plain(user) | Self::Full { user, .. } => user,
        }
    }

    /// Whether the meeting needs them.
    pub const fn required(&self) -> bool {
        match self {
            Self::Plain(_) => true,
            Self::Full { required, .. } => *required,
        }
    }
}

/// `POST /meetings`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateMeeting {
    /// What it is about, 1 to 200 characters.
    pub title: String,
    /// Who invites: an id or e-mail address; whoever asks, if it is absent.
    #[serde(default)]
    pub organizer: Option<String>,
    /// Who is asked to come, besides the organizer.
    #[serde(default)]
    pub attendees: Vec<Invitee>,
    /// When. For a meeting that repeats, its first time.
    pub slot: Slot,
    /// Rooms, by id or name.
    #[serde(default)]
    pub rooms: Vec<String>,
    /// The IANA name of the zone whose wall clock it follows; the organizer's, if absent.
    #[serde(default)]
    pub zone: Option<String>,
    /// How it repeats: the text of an RRULE (RFC 5545, 3.3.10).
    #[serde(default)]
    pub recurrence: Option<String>,
    /// Where, in words.
    #[serde(default)]
    pub location: String,
    /// More about it, at most 8,000 characters.
    #[serde(default)]
    pub description: String,
}

/// The longest meeting, in minutes: two weeks.
pub const LONGEST_MINUTES: i64 = 20_160;
/// The shortest meeting, in minutes.
pub const SHORTEST_MINUTES: i64 = 5;
/// How many people and rooms one meeting may ask for.
pub const MOST_INVITED: usize = 500;

impl CreateMeeting {
    /// Checks what can be checked without knowing anybody.
    ///
    /// # Errors
    /// 422 with each field that is wrong.
    pub fn validate(&self) -> Result<(), Problem> {
        let mut errors = Vec::new();
        check_title(&self.title, &mut errors);
        check_slot(self.slot, &mut errors);
        check_texts(&self.location, &self.description, &mut errors);
        if self.attendees.len() + self.rooms.len() > MOST_INVITED {
            let message = format!("Ask for at most {MOST_INVITED} people and rooms.");
            errors.push(field("attendees", message));
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(errors))
        }
    }
}

/// Which times of a series a change is for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole series; the only one for a meeting that does not repeat.
    #[default]
    All,
    /// One time alone.
    This,
    /// One time and all that follow it.
    Following,
}

/// `PATCH /meetings/{id}`: what is absent stays.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeMeeting {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// More about it.
    #[serde(default)]
    pub description: Option<String>,
    /// Where, in words.
    #[serde(default)]
    pub location: Option<String>,
    /// When. For a whole series it stands instead of the time that `occurrence` names, or else of
    /// the next; all that are to come move by as much, and what is over stays.
    #[serde(default)]
    pub slot: Option<Slot>,
    /// Who is asked to come, all of them.
    #[serde(default)]
    pub attendees: Option<Vec<Invitee>>,
    /// Which rooms, all of them.
    #[serde(default)]
    pub rooms: Option<Vec<String>>,
    /// Which times of a series.
    #[serde(default)]
    pub scope: Scope,
    /// The original local start of the time that is meant; needed for `this` and `following`.
    #[serde(default)]
    pub occurrence: Option<NaiveDateTime>,
}

impl ChangeMeeting {
    /// Checks what can be checked without knowing the meeting.
    ///
    /// # Errors
    /// 422 with each field that is wrong.
    pub fn validate(&self) -> Result<(), Problem> {
        let mut errors = Vec::new();
        if let Some(title) = &self.title {
            check_title(title, &mut errors);
        }
        if let Some(slot) = self.slot {
            check_slot(slot, &mut errors);
        }
        let none = String::new();
        check_texts(
            self.location.as_ref().unwrap_or(&none),
            self.description.as_ref().unwrap_or(&none),
            &mut errors,
        );
        if self.scope != Scope::All && self.occurrence.is_none() {
            errors.push(field(
                "occurrence",
                "Say which time of the series is meant.",
            ));
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(errors))
        }
    }
}

fn check_title(title: &str, errors: &mut Vec<FieldError>) {
    let length = title.trim().chars().count();
    if !(1..=200).contains(&length) {
        errors.push(field(
            "title",
            "Give the meeting a title of 1 to 200 characters.",
        ));
    }
}

fn check_slot(slot: Slot, errors: &mut Vec<FieldError>) {
    let minutes = (slot.to - slot.from).num_minutes();
    let message = if slot.to <= slot.from {
        "The end must come after the beginning."
    } else if minutes < SHORTEST_MINUTES {
        "A meeting takes at least 5 minutes."
    } else if minutes > LONGEST_MINUTES {
        "A meeting takes at most two weeks."
    } else if slot.from.timestamp() % 60 != 0 || slot.to.timestamp() % 60 != 0 {
        "Begin and end on a whole minute."
    } else {
        return;
    };
    errors.push(field("slot", message));
}

fn check_texts(location: &str, description: &str, errors: &mut Vec<FieldError>) {
    if location.chars().count() > 500 {
        errors.push(field("location", "Keep the place to 500 characters."));
    }
    if description.chars().count() > 8_000 {
        errors.push(field(
            "description",
            "Keep the description to 8,000 characters.",
        ));
    }
}

fn field(name: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: name.to_owned(),
        message: message.into(),
    }
}

/// A person of the organisation as meetings show them.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Id.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The zone in which they live.
    pub zone: String,
}

/// Somebody who is asked to come.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttendeeView {
    /// Id of the invitation.
    pub id: AttendeeId,
    /// The person, if it is one of the organisation.
    pub person: Option<PersonId>,
    /// The name, or the address again.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Whether the meeting needs them.
    pub required: bool,
    /// What they have answered.
    pub response: Response,
}

/// A room that a meeting has.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingRoom {
    /// Id.
    pub id: RoomId,
    /// The name.
    pub name: String,
}

/// One time at which a meeting takes place.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OccurrenceView {
    /// Its original local start, by which it is known for ever.
    pub original: NaiveDateTime,
    /// When it takes place.
    pub from: Stamp,
    /// Until when.
    pub to: Stamp,
    /// How far it is.
    pub state: MeetingState,
    /// Whether it differs from what the series says.
    pub changed: bool,
    /// Its own title, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its own place in words, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Its own description, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the reader answers to it: to all of the series, or to this time alone. None for whoever
    /// organizes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub my_response: Option<Response>,
    /// Who else answers otherwise to it than to all of the series.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<TimeAnswer>,
}

/// An answer to one time of a series alone.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeAnswer {
    /// Whose.
    pub name: String,
    /// What is answered.
    pub response: Response,
}

/// A meeting, as `GET /meetings/{id}` answers those who take part.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeetingView {
    /// Id.
    pub id: MeetingId,
    /// The UID of its calendar text, for life.
    pub uid: String,
    /// What it is about.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Where, in words.
    pub location: String,
    /// Who invites.
    pub organizer: Colleague,
    /// Who is asked to come, besides the organizer.
    pub attendees: Vec<AttendeeView>,
    /// Which rooms it has.
    pub rooms: Vec<MeetingRoom>,
    /// When; for a series its next time, or its first if none is to come.
    pub slot: Slot,
    /// The zone whose wall clock it follows.
    pub zone: String,
    /// The RRULE, if it repeats.
    pub recurrence: Option<String>,
    /// How far it is.
    pub state: MeetingState,
    /// Goes up when time, place or recurrence change.
    pub sequence: i32,
    /// Goes up with every change: the ETag.
    pub version: i32,
    /// Until when it is held.
    pub hold_until: Option<DateTime<Utc>>,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

/// Title, place and description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words<'a> {
    /// What it is about.
    pub title: &'a str,
    /// Where, in words.
    pub place: &'a str,
    /// More about it.
    pub description: &'a str,
}

impl MeetingView {
    /// The words of one of its times, which may be its own, or of all of it.
    pub fn words<'a>(&'a self, time: Option<&'a OccurrenceView>) -> Words<'a> {
        let own = |own: fn(&OccurrenceView) -> Option<&String>| time.and_then(own);
        Words {
            title: own(|time| time.title.as_ref()).unwrap_or(&self.title),
            place: own(|time| time.location.as_ref()).unwrap_or(&self.location),
            description: own(|time| time.description.as_ref()).unwrap_or(&self.description),
        }
    }
}

/// What stands in the way of a booking, as far as the caller may see: not what it is about.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// The person, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<PersonId>,
    /// The room, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// The name of either.
    pub name: String,
    /// Taken from.
    pub from: DateTime<Utc>,
    /// Taken until.
    pub to: DateTime<Utc>,
}

/// A better time, and why.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// The beginning.
    pub from: DateTime<Utc>,
    /// The end.
    pub to: DateTime<Utc>,
    /// How good it is, 0 to 100.
    pub score: u8,
    /// Why, in words.
    pub reasons: Vec<String>,
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn request(from_hour: u32, minutes: i64) -> CreateMeeting {
        let from = Utc
            .with_ymd_and_hms(2026, 11, 26, from_hour, 0, 0)
            .single()
            .expect("a real instant");
        CreateMeeting {
            title: "Probe set".into(),
            organizer: None,
            attendees: vec![Invitee::Plain("ana@example.org".into())],
            slot: Slot {
                from,
                to: from + chrono::TimeDelta::minutes(minutes),
            },
            rooms: Vec::new(),
            zone: None,
            recurrence: None,
            location: String::new(),
            description: String::new(),
        }
    }

    #[test]
    fn a_meeting_has_a_length() {
        assert!(request(9, 30).validate().is_ok());
        for minutes in [-30, 0, 4, LONGEST_MINUTES + 1] {
            let problem = request(9, minutes).validate().expect_err("no such length");
            assert_eq!(problem.errors[0].field, "slot");
        }
    }

    #[test]
    fn an_invitee_is_a_word_or_an_object() {
        let json = r#"["ana@example.org", {"user": "tom@example.org", "required": false}]"#;
        let invited: Vec<Invitee> = serde_json::from_str(json).expect("both forms are read");
        assert_eq!(invited[0].user(), "ana@example.org");
        assert!(invited[0].required() && !invited[1].required());
    }

    #[test]
    fn a_cancelled_meeting_stays_so() {
        let from_there = MeetingState::MOVES
            .iter()
            .filter(|(from, _)| *from == MeetingState::Cancelled);
        assert_eq!(from_there.count(), 0);
    }
}
