//! Problems as HTTP answers (RFC 9457), and extractors whose own refusals are problems too.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use model::{FieldError, Problem};
use serde::de::DeserializeOwned;

/// A problem on its way out.
#[derive(Debug)]
pub struct HttpProblem(pub Problem);

impl<E: Into<Problem>> From<E> for HttpProblem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for HttpProblem {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = serde_json::to_value(&problem).unwrap_or_default();
        body["type"] = "about:blank".into();
        body["title"] = problem.title().into();
        let mut response = (status, axum::Json(body)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = problem.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// A JSON body; what is wrong with it is said as a problem that names the place.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = HttpProblem;
    async fn from_request(request: Request, state: &S) -> Result<Self, HttpProblem> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(error)) => {
                Err(HttpProblem(unreadable(plain(&error.body_text()))))
            }
            Err(JsonRejection::MissingJsonContentType(_)) => Err(HttpProblem(Problem::new(
                415,
                "unsupported_media_type",
                "Send the body as application/json.",
            ))),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(HttpProblem(
                Problem::new(413, "too_large", "The body is too large."),
            )),
            Err(error) => Err(HttpProblem(Problem::new(
                400,
                "malformed",
                plain(&error.body_text()),
            ))),
        }
    }
}

/// The parser's own words, without the framework's preamble.
fn plain(text: &str) -> &str {
    let preambles = ["target type: ", "query string: "];
    let rest = preambles.iter().find_map(|end| text.split_once(end));
    rest.map_or(text, |(_, rest)| rest)
}

/// A value as a type of ours, which may hold only what is known.
///
/// # Errors
/// 422 that names the field.
pub fn read<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| unreadable(&error.to_string()))
}

/// What a parser says, with the field that it says it of: the path that stands before its words, and
/// what it calls missing or unknown there.
fn unreadable(text: &str) -> Problem {
    let path = text
        .split_once(": ")
        .filter(|(path, _)| !path.contains(' '));
    let (path, words) = path.map_or((None, text), |(path, words)| (Some(path), words));
    let words = words
        .rsplit_once(" at line ")
        .map_or(words, |(words, _)| words);
    let name = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|start| words.strip_prefix(start)?.split_once('`'));
    // The path of an unknown field ends with it already.
    let name = name.map(|(name, _)| name);
    let name = name.filter(|name| path.is_none_or(|path| !ends_with(path, name)));
    let place: Vec<&str> = path.into_iter().chain(name).filter(|p| *p != ".").collect();
    let mut problem = Problem::new(422, "invalid", text);
    if !place.is_empty() {
        problem.errors = vec![FieldError {
            field: place.join("."),
            message: words.to_owned(),
        }];
    }
    problem
}

fn ends_with(path: &str, name: &str) -> bool {
    path.rsplit('.').next() == Some(name)
}

/// A part of the path; what is no id is not found.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = HttpProblem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpProblem> {
        let found: Result<axum::extract::Path<T>, PathRejection> =
            axum::extract::Path::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| HttpProblem(Problem::not_found("page")))
    }
}

/// The query; what is wrong with it is said as a problem.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = HttpProblem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpProblem> {
        let found: Result<axum::extract::Query<T>, QueryRejection> =
            axum::extract::Query::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| HttpProblem(unreadable(plain(&error.body_text()))))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use model::scheduling::meeting::{ChangeMeeting, CreateMeeting};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(problem: &Problem, field: &str) {
        assert_eq!((problem.status, problem.code.as_str()), (422, "invalid"));
        let fields: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, [field], "{}", problem.detail);
        assert!(!problem.errors[0].message.contains("line"));
    }

    async fn body(text: &str) -> Problem {
        let request = Request::builder().header(header::CONTENT_TYPE, "application/json");
        let request = request
            .body(Body::from(text.to_owned()))
            .expect("a request");
        let read = Json::<CreateMeeting>::from_request(request, &()).await;
        read.err().expect("it cannot be read").0
    }

    #[tokio::test]
    async fn a_body_that_cannot_be_read_names_the_field() {
        let slot = r#""slot":{"from":"2026-11-03T09:00:00Z","to":"2026-11-03T10:00:00Z"}"#;
        check(&body(&format!("{{{slot}}}")).await, "title");
        check(&body(r#"{"title":"Review"}"#).await, "slot");
        check(
            &body(r#"{"title":"Review","slot":{"from":"2026-11-03T09:00:00Z"}}"#).await,
            "slot.to",
        );
        check(
            &body(r#"{"title":"Review","slot":{"from":"soon"}}"#).await,
            "slot.from",
        );
        check(&body(&format!(r#"{{"title":5,{slot}}}"#)).await, "title");
    }

    #[test]
    fn a_change_that_is_not_known_names_the_field() {
        let change = |value| read::<ChangeMeeting>(value).expect_err("it is not known");
        check(&change(json!({ "colour": "red" })), "colour");
        check(
            &change(json!({ "slot": { "from": "2026-11-03T09:00:00Z" } })),
            "slot.to",
        );
    }

    #[tokio::test]
    async fn a_query_that_cannot_be_read_names_the_field() {
        #[derive(Debug, serde::Deserialize)]
        struct Range {
            #[expect(dead_code, reason = "it is only read")]
            from: chrono::NaiveDate,
        }
        for (query, field) in [("", "from"), ("?from=soon", "from")] {
            let request = Request::builder().uri(format!("/days{query}"));
            let request = request.body(Body::empty()).expect("a request");
            let (mut parts, _) = request.into_parts();
            let read = Query::<Range>::from_request_parts(&mut parts, &()).await;
            check(&read.err().expect("it cannot be read").0, field);
        }
    }
}
