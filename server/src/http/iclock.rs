//! `/iclock/…`: wall devices. Bytes in, plain text out, without a session or a cookie: a device has
//! neither, and what it says of itself proves nothing. Who may speak, and what an answer must say, is
//! decided by `attendance::devices`.

use std::net::SocketAddr;

use attendance::Attendance;
use attendance::devices::DeviceCall;
use attendance::devices::call::LARGEST_BODY;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, OriginalUri, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{HeaderValue, Method, StatusCode, header};
use model::Problem;

use super::problem::HttpProblem;

/// The routes of devices.
pub fn router<S>(attendance: &Attendance) -> Router<S> {
    Router::new()
        .route("/iclock/{*path}", any(speak))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(attendance.clone())
}

/// Answers a device.
async fn speak(
    State(attendance): State<Attendance>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    body: Bytes,
) -> Response {
    let call = DeviceCall {
        method: method.as_str(),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        body: &body,
        address: Some(from.ip()),
    };
    match attendance.device_call(&call).await {
        Ok(answer) => {
            let status = StatusCode::from_u16(answer.status);
            // Devices set their clocks by it.
            let date = answer.date.format("%a, %d %b %Y %H:%M:%S GMT");
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
                (header::CACHE_CONTROL, "no-store".to_owned()),
                (header::DATE, date.to_string()),
            ];
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, headers, answer.text).into_response();
            if status == StatusCode::TOO_MANY_REQUESTS {
                let seconds = HeaderValue::from_static("1");
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            response
        }
        // Anything but OK: the device keeps what it has and tries again.
        Err(error) => HttpProblem(Problem::from(error)).into_response(),
    }
}
