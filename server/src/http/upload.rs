//! `POST /settlement/upload`: the import form of the settlement page. Each file goes the way of
//! `POST /api/v1/settlements`.

use axum::extract::State;
use axum::extract::multipart::Multipart;
use axum::response::Redirect;
use model::Problem;

use super::auth::Somebody;
use super::problem::HttpProblem;
use crate::wiring::Services;

/// Takes the files in and goes to the page of the last one.
pub async fn upload(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    mut form: Multipart,
) -> Result<Redirect, HttpProblem> {
    let mut last = None;
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => return Ok(back(&Problem::new(400, "malformed", error.body_text()))),
        };
        let name = field.file_name().unwrap_or_default().to_owned();
        let kind = field.content_type().map(str::to_owned);
        let bytes = match field.bytes().await {
            Ok(bytes) => bytes,
            Err(error) => return Ok(back(&Problem::new(413, "too_large", error.body_text()))),
        };
        // A form without a chosen file sends one without a name and content.
        if name.is_empty() && bytes.is_empty() {
            continue;
        }
        match services
            .payments
            .receive_import(&actor, &name, kind.as_deref(), bytes.to_vec())
            .await
        {
            Ok(received) => last = Some(received.import.id),
            Err(error) => return Ok(back(&error.into())),
        }
    }
    Ok(match last {
        Some(id) => Redirect::to(&app::paths::import(id)),
        None => back(&Problem::new(422, "no_file", "Choose a file first.")),
    })
}

fn back(problem: &Problem) -> Redirect {
    let code = app::paths::encode(&problem.code);
    Redirect::to(&format!("{}?problem={code}", app::paths::SETTLEMENT))
}
