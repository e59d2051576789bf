//! The version of a meeting as its ETag, and `If-Match`.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use model::scheduling::meeting::MeetingView;
use model::{Actor, MeetingId};

use crate::http::problem::HttpProblem;
use crate::wiring::Services;

/// A meeting with its version as ETag.
pub(super) fn versioned(status: StatusCode, meeting: &MeetingView) -> Response {
    let tag = format!("\"{}\"", meeting.version);
    (status, [(header::ETAG, tag)], axum::Json(meeting)).into_response()
}

/// The version that `If-Match` names, if it is there. `*` and lists are looked up: what matches is
/// the version that the meeting has.
pub(super) async fn seen(
    services: &Services,
    actor: &Actor,
    id: MeetingId,
    headers: &HeaderMap,
) -> Result<Option<i32>, HttpProblem> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let tags: Vec<&str> = text.split(',').map(str::trim).collect();
    if let [only] = tags.as_slice()
        && let Some(version) = version_of(only)
    {
        return Ok(Some(version));
    }
    let now = services.scheduling.meeting(actor, id).await?.version;
    let matches = |tag: &&str| *tag == "*" || version_of(tag) == Some(now);
    if tags.iter().any(matches) {
        Ok(Some(now))
    } else {
        Err(scheduling::Error::Changed.into())
    }
}

/// The version in an ETag of ours. A weak one never matches (RFC 9110, 13.1.1).
fn version_of(tag: &str) -> Option<i32> {
    let inside = tag.strip_prefix('"')?.strip_suffix('"')?;
    inside.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn an_etag_of_ours_is_a_version_in_quotes() {
        assert_eq!(version_of("\"3\""), Some(3));
        for other in ["3", "W/\"3\"", "\"x\"", "\"", "*", ""] {
            assert_eq!(version_of(other), None, "{other}");
        }
    }
}
