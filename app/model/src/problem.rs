//! The one error that leaves the house: RFC 9457 problem details with a stable code.

use serde::{Deserialize, Serialize};

/// A word that is not in a fixed vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{word}” is not a known {vocabulary}")]
pub struct UnknownWord {
    /// Which vocabulary was asked.
    pub vocabulary: &'static str,
    /// The word as it came.
    pub word: String,
}

/// What is wrong with one field of a request.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name as in the JSON body, for example `customer.email`.
    pub field: String,
    /// One sentence for a person.
    pub message: String,
}

/// An error as the caller sees it (RFC 9457, `application/problem+json`).
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// A stable code that programs may match, for example `refund_exceeds_available`.
    pub code: String,
    /// What happened, what it means and what to do, in words for a person.
    pub detail: String,
    /// What is wrong with single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// How many seconds to wait before trying again.
    #[serde(
        default,
        rename = "retryAfter",
        skip_serializing_if = "Option::is_none"
    )]
    pub retry_after: Option<u32>,
    /// Members of its own that a kind of problem has (RFC 9457, section 3.2), for example the
    /// `alternatives` of a slot that is taken.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    #[serde(flatten)]
    pub members: serde_json::Map<String, serde_json::Value>,
}

impl Problem {
    /// A problem with a status, a code and its explanation.
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            members: serde_json::Map::new(),
        }
    }

    /// The same with members of its own.
    #[must_use]
    pub fn with_members(mut self, members: serde_json::Map<String, serde_json::Value>) -> Self {
        self.members = members;
        self
    }

    /// 422 with what is wrong in each field.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.message.clone(),
            many => format!("{} fields need another look.", many.len()),
        };
        Self {
            errors,
            ..Self::new(422, "invalid", detail)
        }
    }

    /// 422 for a single field.
    pub fn invalid_field(field: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError {
            field: field.to_owned(),
            message: message.into(),
        }])
    }

    /// 401: nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::new(401, "unauthenticated", "Sign in to go on.")
    }

    /// 403: signed in, but not allowed.
    pub fn forbidden() -> Self {
        Self::new(
            403,
            "forbidden",
            "Your roles do not allow this. An administrator can change them.",
        )
    }

    /// 404: not there, or not for this caller to know of.
    pub fn not_found(what: &str) -> Self {
        Self::new(404, "not_found", format!("There is no such {what}."))
    }

    /// 500: a defect or an outage of ours; the cause is in the log only.
    pub fn internal() -> Self {
        Self::new(
            500,
            "internal",
            "Something went wrong on our side. Nothing was changed. Try again in a moment.",
        )
    }

    /// 503: more is asked for than can be done right now. Whether anything was changed is not said.
    pub fn busy() -> Self {
        Self {
            retry_after: Some(2),
            ..Self::new(
                503,
                "busy",
                "Too many people are asking at once. Try again in a moment.",
            )
        }
    }

    /// The message for one field, if it has one.
    pub fn message_for(&self, field: &str) -> Option<&str> {
        self.errors
            .iter()
            .find(|e| e.field == field)
            .map(|e| e.message.as_str())
    }

    /// The short name of the status, the `title` of RFC 9457.
    pub fn title(&self) -> &'static str {
        match self.status {
            400 => "Bad request",
            401 => "Not signed in",
            403 => "Not allowed",
            404 => "Not found",
            409 => "Conflict",
            412 => "Changed meanwhile",
            413 => "Too large",
            415 => "Unsupported media type",
            422 => "Not accepted",
            429 => "Too many requests",
            503 => "Not available",
            _ => "Error",
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Problem {}
