//! Server functions: what pages ask of the server. Each takes the actor and a service from its
//! context and calls the service; a decision in one of them belongs into the service.

// The macro makes a struct of each function's arguments and gives it no documentation of its own;
// the functions themselves have theirs.
#![allow(missing_docs)]

pub mod admin;
pub mod attendance;
pub mod checkout;
pub mod identity;
pub mod kiosk;
pub mod ledger;
pub mod payments;
pub mod scheduling;
pub mod settlement;

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use model::Problem;
use serde::{Deserialize, Serialize};

/// A problem as a server function's error. Making one sets the HTTP status of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiError(pub Problem);

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ApiError {}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => unreachable_now(),
            // In the browser an answer that broke off, for example because the reader went on to
            // another page; on the server a body that is not what the function takes.
            ServerFnErrorErr::Deserialization(_) if cfg!(not(feature = "ssr")) => unreachable_now(),
            ServerFnErrorErr::Deserialization(message) => {
                answered(Problem::new(422, "invalid", message))
            }
            ServerFnErrorErr::Args(message) | ServerFnErrorErr::MissingArg(message) => {
                answered(Problem::new(422, "invalid", message))
            }
            other => {
                leptos::logging::error!("a server function failed: {other}");
                Self(Problem::internal())
            }
        }
    }
}

/// The server cannot be asked at this moment.
fn unreachable_now() -> ApiError {
    ApiError(Problem::new(
        503,
        "unreachable",
        "Punctual cannot be reached. Check the connection and try again.",
    ))
}

/// Any domain error becomes its problem, and its status the answer's.
#[cfg(feature = "ssr")]
impl<E: IntoProblem> From<E> for ApiError {
    fn from(error: E) -> Self {
        answered(error.into_problem())
    }
}

/// Gives the problem's status to the answer; in the browser there is none to give it to.
fn answered(problem: Problem) -> ApiError {
    #[cfg(feature = "ssr")]
    if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(problem.status)
    {
        response.set_status(status);
    }
    ApiError(problem)
}

/// What server functions may fail with. A trait of our own, since a blanket conversion from
/// everything that becomes a [`Problem`] would meet the reflexive one of `ApiError`.
#[cfg(feature = "ssr")]
pub trait IntoProblem {
    /// The problem for the caller.
    fn into_problem(self) -> Problem;
}

#[cfg(feature = "ssr")]
macro_rules! into_problem {
    ($($error:ty),+ $(,)?) => {
        $(impl IntoProblem for $error {
            fn into_problem(self) -> Problem {
                self.into()
            }
        })+
    };
}

#[cfg(feature = "ssr")]
into_problem!(
    Problem,
    ::identity::Error,
    ::ledger::Error,
    ::payments::Error,
    ::scheduling::Error,
    ::attendance::Error,
    model::permission::Forbidden,
);
