//! The few plain form posts that are no server functions: they change a cookie, or come from the
//! public pages, which load one script of ours at most.

use app::preferences::Theme;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::header;
use model::Problem;
use model::scheduling::meeting::Response as Answer;
use serde::Deserialize;
use tower_sessions::Session;

use super::problem::{HttpProblem, Path};
use crate::wiring::Services;

#[derive(Deserialize)]
pub struct ThemeForm {
    value: Option<String>,
    theme: Option<String>,
    #[serde(rename = "return", default)]
    back: String,
}

/// `POST /theme`: remembers light or dark.
pub async fn theme(Form(form): Form<ThemeForm>) -> Response {
    let word = form.theme.or(form.value).unwrap_or_default();
    let cookie = Theme::from_word(&word).cookie_header();
    (
        [(header::SET_COOKIE, cookie)],
        Redirect::to(app::paths::local(&form.back)),
    )
        .into_response()
}

/// `POST /sign-out`: ends the session, here and in the database.
pub async fn sign_out(session: Session) -> Result<Redirect, HttpProblem> {
    session.flush().await.map_err(|error| {
        tracing::error!(%error, "a session could not be ended");
        Problem::internal()
    })?;
    Ok(Redirect::to(&app::paths::sign_in("/")))
}

#[derive(Deserialize)]
pub struct PayForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    key: String,
}

/// `POST /pay/{link}`: the customer pays. The answer is a page to look at, so that going back or
/// reloading never pays again.
pub async fn pay(
    State(services): State<Services>,
    Path(link): Path<String>,
    Form(form): Form<PayForm>,
) -> Response {
    let page = app::paths::pay(&link);
    let key = if platform::idempotency::is_key(&form.key) {
        form.key
    } else {
        form.token.clone()
    };
    let key = format!("checkout:{key}");
    match services
        .payments
        .pay_by_link(&link, &form.token, &key)
        .await
    {
        Ok(payment) => forward(&services, &link, payment, &page).await,
        Err(error) => {
            let problem = Problem::from(error);
            match problem.code.as_str() {
                "order_has_live_payment" | "order_closed" | "not_found" => {
                    Redirect::to(&page).into_response()
                }
                _ => Redirect::to(&format!(
                    "{page}?problem={}",
                    app::paths::encode(&problem.code)
                ))
                .into_response(),
            }
        }
    }
}

/// `GET /pay/{link}/return`: the customer is back from the bank's page.
pub async fn back_from_bank(
    State(services): State<Services>,
    Path(link): Path<String>,
) -> Result<Response, HttpProblem> {
    let order = services.payments.order_by_link(&link).await?;
    if let Some(payment) = order.payment_id {
        services.payments.look_again(payment).await?;
    }
    Ok(Redirect::to(&app::paths::pay(&link)).into_response())
}

/// To the bank's page if the customer has to confirm, else to the page of the order.
async fn forward(
    services: &Services,
    link: &str,
    _payment: model::PaymentId,
    page: &str,
) -> Response {
    match services
        .payments
        .order_by_link(link)
        .await
        .ok()
        .and_then(|order| order.next_action)
    {
        Some(model::payments::NextAction::Redirect { url }) => Redirect::to(&url).into_response(),
        None => Redirect::to(page).into_response(),
    }
}

#[derive(Deserialize)]
pub struct AnswerForm {
    #[serde(default)]
    response: String,
}

/// `POST /invitation/{link}`: whoever holds the link answers. As with payments, the answer is a page
/// to look at.
pub async fn answer(
    State(services): State<Services>,
    Path(link): Path<String>,
    Form(form): Form<AnswerForm>,
) -> Redirect {
    // What was in the address may be anything; what goes back into one may not.
    let page = app::paths::invitation(&app::paths::encode(&link));
    let problem = match form.response.parse::<Answer>() {
        Ok(Answer::NeedsAction) | Err(_) => Some(Problem::invalid_field(
            "response",
            "Choose one of the answers.",
        )),
        Ok(answer) => {
            let answered = services.scheduling.answer_by_link(&link, answer).await;
            answered.err().map(Problem::from)
        }
    };
    match problem {
        // The page says itself that there is no such invitation.
        Some(problem) if problem.code != "not_found" => Redirect::to(&format!(
            "{page}?problem={}",
            app::paths::encode(&problem.code)
        )),
        _ => Redirect::to(&page),
    }
}
