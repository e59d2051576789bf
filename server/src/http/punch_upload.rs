//! `POST /attendance/import/upload`: the form of the page that brings punches in. The file is kept to be
//! looked at; nothing of it counts yet.

use attendance::devices::csv::MAX_BYTES;
use axum::extract::State;
use axum::extract::multipart::Multipart;
use axum::response::Redirect;
use model::{Permission, Problem};

use super::auth::Somebody;
use crate::wiring::Services;

/// The largest body: a file, and what a form puts around it.
pub const LARGEST: usize = MAX_BYTES + (64 << 10);

/// Takes the file and goes to its page. What is refused leads back to the form, which says why.
pub async fn upload(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    mut form: Multipart,
) -> Redirect {
    // Before the body is looked at: who may not bring punches in need not send them.
    if let Err(forbidden) = actor.require(Permission::PunchesWrite) {
        return back(&forbidden.into());
    }
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return back(&Problem::new(422, "no_file", "Choose a file first.")),
            Err(error) => return back(&of_form(&error)),
        };
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = match field.bytes().await {
            Ok(bytes) => bytes,
            Err(error) => return back(&of_form(&error)),
        };
        // A form without a chosen file sends one without a name and content.
        if name.is_empty() && bytes.is_empty() {
            continue;
        }
        return match services.attendance.keep_import(&actor, &name, &bytes).await {
            Ok(id) => Redirect::to(&app::paths::punch_import(id)),
            Err(error) => back(&error.into()),
        };
    }
}

/// What is wrong with a form as it came.
fn of_form(error: &axum::extract::multipart::MultipartError) -> Problem {
    let code = match error.status() {
        http::StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        _ => "malformed",
    };
    Problem::new(error.status().as_u16(), code, error.body_text())
}

fn back(problem: &Problem) -> Redirect {
    let code = app::paths::encode(&problem.code);
    Redirect::to(&format!("{}?problem={code}", app::paths::PUNCH_IMPORTS))
}
