//! What can go wrong with meetings, as somebody matches it or reads it.

use model::Problem;
use model::permission::Forbidden;
use model::scheduling::views::SlotTaken;

/// The error of the scheduling service.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is wrong.
    #[error("{0}")]
    Invalid(Problem),
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// It takes a person, and a program asked.
    #[error("only a person can do this")]
    NotAPerson,
    /// The meeting is another's to change.
    #[error("only its organizer may change a meeting")]
    NotTheOrganizer,
    /// There is no such meeting, room, person or link that the caller may know of.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Somebody or something is taken already.
    #[error("the time is taken")]
    SlotTaken(Box<SlotTaken>),
    /// Somebody else has changed it meanwhile.
    #[error("it was changed meanwhile")]
    Changed,
    /// A change must say which version it is for.
    #[error("the version is missing")]
    VersionMissing,
    /// It is cancelled or over.
    #[error("the meeting is {0}")]
    Over(&'static str),
    /// Another room has this name.
    #[error("a room with this name exists")]
    RoomNameTaken,
    /// The same key was used for another meeting.
    #[error("the idempotency key was used for another meeting")]
    KeyReused,
    /// The database did not do it.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Error {
    /// Whether the database ended it, because two waited for each other.
    pub(crate) fn is_deadlock(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Database(error)) => {
                error.code().as_deref() == Some("40P01")
            }
            _ => false,
        }
    }

    /// 422 for one field.
    pub(crate) fn field(name: &str, message: impl Into<String>) -> Self {
        Self::Invalid(Problem::invalid_field(name, message))
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(problem) => problem,
            Error::Forbidden(forbidden) => forbidden.into(),
            Error::NotAPerson => Problem::new(
                403,
                "not_a_person",
                "This belongs to a person, and a program asked. Sign in, or name the organizer.",
            ),
            Error::NotTheOrganizer => Problem::new(
                403,
                "not_the_organizer",
                "Only whoever has organized this meeting may change it.",
            ),
            Error::NotFound(what) => Problem::not_found(what),
            Error::SlotTaken(taken) => taken_problem(&taken),
            Error::Changed => Problem::new(
                412,
                "changed_meanwhile",
                "Somebody else has changed this meanwhile. Look at it again before changing it.",
            ),
            Error::VersionMissing => Problem::new(
                428,
                "if_match_required",
                "Say which version you have seen: send its ETag in If-Match.",
            ),
            Error::Over(how) => {
                Problem::new(409, "meeting_over", format!("This meeting is {how}."))
            }
            Error::RoomNameTaken => Problem {
                status: 409,
                code: "room_name_taken".into(),
                ..Problem::invalid_field("name", "Another room has this name. Choose a new one.")
            },
            Error::KeyReused => Problem::new(
                422,
                "idempotency_key_reused",
                "This key was used for another meeting. Use a new key for a new meeting.",
            ),
            Error::Database(sqlx::Error::PoolTimedOut) => Problem::busy(),
            Error::Database(_) => {
                tracing::error!(error = ?error, "a scheduling call failed");
                Problem::internal()
            }
        }
    }
}

/// 409 with who is taken and what to take instead.
fn taken_problem(taken: &SlotTaken) -> Problem {
    let names: Vec<&str> = taken.conflicts.iter().map(|c| c.name.as_str()).collect();
    let who = match names.as_slice() {
        [] => "Somebody".to_owned(),
        [one] => (*one).to_owned(),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
    };
    let detail = format!(
        "{who} is taken at that time. Take one of the alternatives, or ask for another time."
    );
    let problem = Problem::new(409, "slot_taken", detail);
    match serde_json::to_value(taken) {
        Ok(serde_json::Value::Object(members)) => problem.with_members(members),
        _ => problem,
    }
}
