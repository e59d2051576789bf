//! Problems as HTTP answers (RFC 9457), and extractors whose own refusals are problems too.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use model::Problem;
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
            Err(JsonRejection::JsonDataError(error)) => Err(HttpProblem(Problem::new(
                422,
                "invalid",
                plain(&error.body_text()),
            ))),
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
fn plain(text: &str) -> String {
    text.rsplit_once("type: ")
        .map_or(text, |(_, rest)| rest)
        .to_owned()
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
            .map_err(|error| HttpProblem(Problem::new(422, "invalid", error.body_text())))
    }
}
