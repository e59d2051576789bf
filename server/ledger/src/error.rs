//! What can go wrong, and how it reads to people.

use model::ledger::AccountPathError;
use model::permission::Forbidden;
use model::{Currency, Problem};

/// Why a draft cannot become an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// An account's path is wrong.
    #[error(transparent)]
    Account(#[from] AccountPathError),
    /// An entry has two sides, so it has two lines at least.
    #[error("an entry needs at least two lines")]
    TooFewLines,
    /// More than [`crate::Draft::MAX_LINES`].
    #[error("an entry takes at most {max} lines", max = crate::Draft::MAX_LINES)]
    TooManyLines,
    /// A line moves nothing.
    #[error("the line on {0} has no amount")]
    ZeroLine(String),
    /// The lines of a currency do not add up to zero.
    #[error("the {currency} lines are off by {off_minor} minor units")]
    Unbalanced {
        /// Which currency.
        currency: Currency,
        /// What is left over, in minor units, debit positive.
        off_minor: i128,
    },
    /// An amount that has no opposite in 64 bits.
    #[error("an amount is too large")]
    TooLarge,
    /// Source, kind or text is empty, too long, or has characters that Postgres cannot keep.
    #[error("the entry's {0} is empty, too long or has control characters")]
    Wording(&'static str),
}

/// What can go wrong with the books.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A permission is missing.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such entry or account.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A field of a query makes no sense.
    #[error("{field}: {message}")]
    Invalid {
        /// The field as in the request.
        field: &'static str,
        /// One sentence.
        message: String,
    },
    /// The draft cannot become an entry.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// This business event was posted before, with other lines, kind or text.
    #[error("“{0}” was posted before with another content")]
    SourceReused(String),
    /// The entry was taken back before, by another business event.
    #[error("the entry was reversed before")]
    AlreadyReversed,
    /// An export could not be written out.
    #[error("the export could not be written: {0}")]
    Output(#[from] std::io::Error),
    /// The poster of this process is shutting down, or broke; nothing was posted.
    #[error("the entry could not be handed to the poster")]
    Stopped,
    /// The books contradict themselves: `verify` has the details.
    #[error("the books are damaged: {0}")]
    Damaged(String),
    /// The database refused or did not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Forbidden(forbidden) => forbidden.into(),
            Error::NotFound(what) => Problem::not_found(what),
            Error::Invalid { field, message } => Problem::invalid_field(field, message),
            Error::Draft(why) => Problem::new(422, "entry_invalid", why.to_string()),
            Error::SourceReused(source) => Problem::new(
                409,
                "source_reused",
                format!(
                    "“{source}” is in the books already, with another content. Post a reversal and a new entry instead."
                ),
            ),
            Error::AlreadyReversed => Problem::new(
                409,
                "already_reversed",
                "This entry has been reversed already.",
            ),
            Error::Database(sqlx::Error::PoolTimedOut) => Problem::busy(),
            Error::Output(_) | Error::Stopped | Error::Damaged(_) | Error::Database(_) => {
                tracing::error!(error = %error, "the ledger could not do what was asked");
                Problem::internal()
            }
        }
    }
}
