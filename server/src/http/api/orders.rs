//! `/orders`

use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use model::payments::{CreateOrder, OrderView};
use model::{OrderId, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
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
}

/// Create an order
///
/// The answer has the checkout link for the customer.
#[utoipa::path(
    post, path = "/orders", tag = "orders",
    request_body = CreateOrder,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body give the first answer again.")),
    responses(
        (status = 201, description = "The order", body = OrderView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Json(request): Json<CreateOrder>,
) -> Result<impl IntoResponse, HttpProblem> {
    let order = services.payments.create_order(&actor, &request).await?;
    Ok((StatusCode::CREATED, axum::Json(order)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Where the page begins: the `next` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200.
    limit: Option<u32>,
}

/// List orders, newest first
#[utoipa::path(
    get, path = "/orders", tag = "orders", params(ListQuery),
    responses(
        (status = 200, description = "A page of orders", body = inline(Page<OrderView>)),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<OrderView>>, HttpProblem> {
    let cursor = query.cursor.as_deref();
    Ok(axum::Json(
        services
            .payments
            .list_orders(&actor, cursor, query.limit.unwrap_or(50))
            .await?,
    ))
}

/// Get an order
#[utoipa::path(
    get, path = "/orders/{id}", tag = "orders",
    params(("id" = OrderId, Path, description = "The order")),
    responses(
        (status = 200, description = "The order", body = OrderView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<OrderId>,
) -> Result<axum::Json<OrderView>, HttpProblem> {
    Ok(axum::Json(services.payments.order(&actor, id).await?))
}
