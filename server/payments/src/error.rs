//! What can go wrong in payments, as somebody matches it or reads it.

use model::Problem;
use model::payments::PaymentStatus;
use model::permission::Forbidden;

/// The error of the payments service.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is wrong.
    #[error("{0}")]
    Invalid(Problem),
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such order, payment, import or item.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Another order has this reference.
    #[error("an order with this reference exists")]
    ReferenceTaken,
    /// The order is paid, or a payment for it is under way.
    #[error("the order has a live payment")]
    OrderHasLivePayment,
    /// The order can no longer be paid.
    #[error("the order is closed")]
    OrderClosed,
    /// What was asked for does not fit the state the payment is in.
    #[error("a payment that is {status} cannot be {verb}")]
    WrongState {
        /// The payment's state.
        status: PaymentStatus,
        /// What was asked for, as a participle: `captured`, `voided`.
        verb: &'static str,
    },
    /// The table of moves refuses it: a defect of ours, never the caller's fault.
    #[error("a payment cannot go from {from} to {to}")]
    IllegalMove {
        /// From here.
        from: PaymentStatus,
        /// To there.
        to: PaymentStatus,
    },
    /// The books refused an entry.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The database did not do it.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A saga could not be run; it will be taken up again.
    #[error("the saga did not run: {0}")]
    Saga(String),
}

impl Error {
    /// As an error of the database, for the places where a platform's transaction carries it.
    pub(crate) fn into_sqlx(self) -> sqlx::Error {
        match self {
            Self::Database(error) => error,
            other => sqlx::Error::Protocol(other.to_string()),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(problem) => problem,
            Error::Forbidden(forbidden) => forbidden.into(),
            Error::NotFound(what) => Problem::not_found(what),
            Error::ReferenceTaken => Problem {
                status: 409,
                code: "reference_taken".into(),
                ..Problem::invalid_field(
                    "reference",
                    "Another order has this reference. Choose a new one.",
                )
            },
            Error::OrderHasLivePayment => Problem::new(
                409,
                "order_has_live_payment",
                "This order is paid already, or a payment for it is under way. Look at the order before paying again.",
            ),
            Error::OrderClosed => Problem::new(
                409,
                "order_closed",
                "This order has expired or was cancelled and can no longer be paid.",
            ),
            Error::WrongState { status, verb } => Problem::new(
                409,
                "wrong_state",
                format!(
                    "The payment is “{}” and cannot be {verb}.",
                    status.label().to_lowercase()
                ),
            ),
            Error::Database(sqlx::Error::PoolTimedOut) => Problem::busy(),
            Error::IllegalMove { .. } | Error::Ledger(_) | Error::Database(_) | Error::Saga(_) => {
                tracing::error!(error = ?error, "a payments call failed");
                Problem::internal()
            }
        }
    }
}
