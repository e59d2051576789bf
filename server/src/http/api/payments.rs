//! `/payments`

use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode};
use model::payments::{CreatePayment, PaymentFilter, PaymentRow, PaymentStatus, PaymentView};
use model::{Page, PaymentId, Problem};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::auth::Somebody;
use crate::http::problem::{HttpProblem, Json, Path, Query};
use crate::http::router::AppState;
use crate::wiring::Services;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(find))
        .routes(routes!(capture))
        .routes(routes!(void))
}

/// Pay an order
///
/// The method's token comes from the gateway's hosted fields; a card number is never sent here.
/// Needs an idempotency key, in the body or in the header.
#[utoipa::path(
    post, path = "/payments", tag = "payments",
    request_body = CreatePayment,
    params(("Idempotency-Key" = Option<String>, Header, description = "In place of `idempotencyKey` in the body.")),
    responses(
        (status = 201, description = "The payment, as far as it came", body = PaymentView),
        (status = 409, description = "The order is paid, or a twin of this request is running", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    headers: HeaderMap,
    Json(request): Json<CreatePayment>,
) -> Result<impl IntoResponse, HttpProblem> {
    let header = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let key = header
        .or_else(|| request.idempotency_key.clone())
        .ok_or_else(|| {
            let message =
                "Give the payment an idempotency key, so that a repeat can never pay twice.";
            HttpProblem(Problem::invalid_field("idempotencyKey", message))
        })?;
    let payment = services
        .payments
        .create_payment(&actor, &request, &key)
        .await?;
    Ok((StatusCode::CREATED, axum::Json(payment)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only payments in this state.
    status: Option<PaymentStatus>,
    /// Text in the order's reference, the customer's name or address; or a gateway's id.
    search: Option<String>,
    /// Where the page begins: the `next` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200.
    limit: Option<u32>,
}

/// List payments, newest first
#[utoipa::path(
    get, path = "/payments", tag = "payments", params(ListQuery),
    responses(
        (status = 200, description = "A page of payments", body = inline(Page<PaymentRow>)),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<PaymentRow>>, HttpProblem> {
    let ListQuery {
        status,
        search,
        cursor,
        limit,
    } = query;
    let filter = PaymentFilter {
        status,
        search,
        cursor,
        limit,
    };
    Ok(axum::Json(
        services.payments.list_payments(&actor, &filter).await?,
    ))
}

/// Get a payment with its whole history
#[utoipa::path(
    get, path = "/payments/{id}", tag = "payments",
    params(("id" = PaymentId, Path, description = "The payment")),
    responses(
        (status = 200, description = "The payment", body = PaymentView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<PaymentId>,
) -> Result<axum::Json<PaymentView>, HttpProblem> {
    Ok(axum::Json(services.payments.payment(&actor, id).await?))
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
struct CaptureBody {
    /// How much in major units; all of it when absent.
    amount: Option<String>,
}

/// Take held money
///
/// All of it or a part; the rest is let go.
#[utoipa::path(
    post, path = "/payments/{id}/capture", tag = "payments",
    params(("id" = PaymentId, Path, description = "The payment")),
    request_body = inline(CaptureBody),
    responses(
        (status = 200, description = "The payment, as far as it came", body = PaymentView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn capture(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<PaymentId>,
    Json(body): Json<CaptureBody>,
) -> Result<axum::Json<PaymentView>, HttpProblem> {
    Ok(axum::Json(
        services
            .payments
            .capture(&actor, id, body.amount.as_deref())
            .await?,
    ))
}

/// Let held money go
#[utoipa::path(
    post, path = "/payments/{id}/void", tag = "payments",
    params(("id" = PaymentId, Path, description = "The payment")),
    responses(
        (status = 200, description = "The payment, as far as it came", body = PaymentView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn void(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<PaymentId>,
) -> Result<axum::Json<PaymentView>, HttpProblem> {
    Ok(axum::Json(services.payments.void(&actor, id).await?))
}
