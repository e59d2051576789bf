//! `/mail`

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use model::Problem;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::auth::Somebody;
use crate::http::problem::HttpProblem;
use crate::http::router::AppState;
use crate::wiring::Services;

/// The largest mail that is taken, in bytes.
const LARGEST_MAIL: usize = 32 << 20;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(receive))
        .layer(DefaultBodyLimit::max(LARGEST_MAIL))
}

/// What became of a mail.
#[derive(Serialize, ToSchema)]
struct MailReceived {
    /// What became of each answer in it: `taken`, `outdated`, `unknown`, `wrong_sender`,
    /// `no_answer` or `time_taken`.
    answers: Vec<String>,
    /// Why there is none, if there is none.
    note: Option<String>,
}

/// Hand in a mail that came for Punctual
///
/// The raw mail as it came, for the mail server to pass on what arrives at the address that
/// invitations come from. Answers to them (REPLY, RFC 5546) count; any other mail is passed over,
/// with 200 all the same, so that no mail server sends it back. The same mail again changes nothing.
#[utoipa::path(
    post, path = "/mail", tag = "meetings",
    request_body(content = String, content_type = "message/rfc822", description = "The raw mail"),
    responses(
        (status = 200, description = "What became of it", body = MailReceived),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn receive(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    body: Bytes,
) -> Result<axum::Json<MailReceived>, HttpProblem> {
    let received = services.scheduling.take_reply(&actor, &body).await?;
    let answers = received.answers.iter();
    Ok(axum::Json(MailReceived {
        answers: answers.map(|answer| answer.as_str().to_owned()).collect(),
        note: received.note,
    }))
}
