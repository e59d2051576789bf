//! What can go wrong with attendance, as somebody matches it or reads it.

use model::Problem;
use model::permission::Forbidden;

use crate::kiosk::Refusal;

/// The error of the attendance service.
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
    /// There is no such thing that the caller may know of.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Somebody else has changed it meanwhile.
    #[error("it was changed meanwhile")]
    Changed,
    /// It was decided already, or taken back.
    #[error("it is {0} already")]
    Decided(&'static str),
    /// The period is locked.
    #[error("the period is locked")]
    Locked,
    /// Another thing has this name or number.
    #[error("the {0} is taken")]
    Taken(&'static str),
    /// The same key was used for another thing.
    #[error("the key was used for something else")]
    KeyReused,
    /// A kiosk says no.
    #[error(transparent)]
    Kiosk(#[from] Refusal),
    /// Something that cannot be was found.
    #[error("{0}")]
    Defect(String),
    /// A secret was not hashed or compared.
    #[error(transparent)]
    Hash(#[from] platform::hasher::HashFailed),
    /// The database did not answer, or refused.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Error {
    /// One field that is wrong.
    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(Problem::invalid_field(field, message))
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
                "This belongs to a person, and a program asked.",
            ),
            Error::NotFound(what) => Problem::not_found(what),
            Error::Changed => Problem::new(
                409,
                "changed_meanwhile",
                "Somebody else has changed this meanwhile. Look at it again before changing it.",
            ),
            Error::Decided(how) => {
                Problem::new(409, "already_decided", format!("This is {how} already."))
            }
            Error::Locked => Problem::new(
                409,
                "period_locked",
                "The period of this day is locked. A correction becomes an adjustment in the open period.",
            ),
            Error::Taken(what) => Problem::new(
                409,
                "taken",
                format!("Another one has this {what}. Choose a new one."),
            ),
            Error::KeyReused => Problem::new(
                422,
                "idempotency_key_reused",
                "This key was used for something else. Use a new key.",
            ),
            Error::Kiosk(refusal) => refusal.into(),
            Error::Database(sqlx::Error::PoolTimedOut) => Problem::busy(),
            Error::Database(_) | Error::Defect(_) | Error::Hash(_) => {
                tracing::error!(error = ?error, "an attendance call failed");
                Problem::internal()
            }
        }
    }
}
