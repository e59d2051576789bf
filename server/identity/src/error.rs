//! What can go wrong here, and how the caller sees it.

use model::permission::Forbidden;
use model::{FieldError, Problem};

/// An error of the identity domain.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Unknown e-mail, wrong password or disabled account: which of them is never told.
    #[error("sign-in was refused")]
    SignInRefused,
    /// Too many tries that did not succeed.
    #[error("too many tries to sign in; the next is allowed in {retry_after_s} s")]
    TooManyAttempts {
        /// After how many seconds the next try is looked at.
        retry_after_s: u32,
    },
    /// Fields of the request that cannot be accepted.
    #[error("the request has {} fields that cannot be accepted", .0.len())]
    Invalid(Vec<FieldError>),
    /// Somebody else has this e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// Nobody would be left to run the installation.
    #[error("the last administrator cannot be removed")]
    LastAdmin,
    /// The password was changed by somebody else in the meantime.
    #[error("the password was changed meanwhile")]
    PasswordChangedMeanwhile,
    /// There is no such thing, named here.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The database did not do what it was asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// Something of ours is broken: a hash, a key, a task.
    #[error("{0}")]
    Defect(String),
    /// A secret was not hashed or compared.
    #[error(transparent)]
    Hash(#[from] platform::hasher::HashFailed),
}

impl Error {
    /// What is wrong with one field.
    pub(crate) fn field(field: &str, message: &str) -> Self {
        Self::Invalid(vec![FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        }])
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Forbidden(forbidden) => forbidden.into(),
            Error::SignInRefused => Problem::new(
                401,
                "sign_in_refused",
                "E-mail and password do not match an account that may sign in. Check both and try again.",
            ),
            Error::TooManyAttempts { retry_after_s } => Problem {
                retry_after: Some(retry_after_s),
                ..Problem::new(
                    429,
                    "too_many_attempts",
                    format!(
                        "Too many tries to sign in. Wait {} and try again.",
                        in_minutes(retry_after_s)
                    ),
                )
            },
            Error::Invalid(errors) => Problem::invalid(errors),
            Error::EmailTaken => Problem {
                errors: vec![FieldError {
                    field: "email".to_owned(),
                    message: "Somebody else has this address.".to_owned(),
                }],
                ..Problem::new(
                    409,
                    "email_taken",
                    "Somebody else has this e-mail address. Use another, or change that person.",
                )
            },
            Error::LastAdmin => Problem::new(
                409,
                "last_admin",
                "This is the last administrator. Give somebody else the role first.",
            ),
            Error::PasswordChangedMeanwhile => Problem::new(
                409,
                "password_changed",
                "The password was changed meanwhile. Sign in again with the new one.",
            ),
            Error::NotFound(what) => Problem::not_found(what),
            Error::Database(sqlx::Error::PoolTimedOut) => Problem::busy(),
            Error::Database(cause) => {
                tracing::error!(error = %cause, "identity could not use the database");
                Problem::internal()
            }
            Error::Hash(cause) => {
                tracing::error!(error = %cause, "a password was not hashed");
                Problem::internal()
            }
            Error::Defect(cause) => {
                tracing::error!(error = %cause, "identity met a defect");
                Problem::internal()
            }
        }
    }
}

fn in_minutes(seconds: u32) -> String {
    match seconds.div_ceil(60) {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}
