//! `/settlements` and `/reconciliation`

use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode, header};
use model::settlement::{ImportView, ItemFilter, ItemRow, NoteView, ReconciliationSummary};
use model::{ImportId, ItemId, Page, Problem};
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
        .routes(routes!(upload))
        .routes(routes!(find))
        .routes(routes!(summary))
        .routes(routes!(items))
        .routes(routes!(note))
}

/// Import a settlement file
///
/// The raw file as the body, its name in `X-File-Name`. The same bytes again give the first import.
#[utoipa::path(
    post, path = "/settlements", tag = "settlement",
    request_body(content = String, content_type = "application/octet-stream", description = "The file"),
    params(("X-File-Name" = Option<String>, Header, description = "The file's name")),
    responses(
        (status = 202, description = "Taken; the import goes on in the background", body = ImportView),
        (status = 200, description = "These bytes are imported already", body = ImportView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn upload(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, HttpProblem> {
    let header = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let name = header(header::HeaderName::from_static("x-file-name")).unwrap_or("upload");
    let kind = header(header::CONTENT_TYPE);
    let received = services
        .payments
        .receive_import(&actor, name, kind, body.to_vec())
        .await?;
    let status = if received.fresh {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    Ok((status, axum::Json(received.import)))
}

/// Get an import and how far it is
#[utoipa::path(
    get, path = "/settlements/{id}", tag = "settlement",
    params(("id" = ImportId, Path, description = "The import")),
    responses(
        (status = 200, description = "The import", body = ImportView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<ImportId>,
) -> Result<axum::Json<ImportView>, HttpProblem> {
    Ok(axum::Json(services.payments.import(&actor, id).await?))
}

/// Get the figures of reconciliation
#[utoipa::path(
    get, path = "/reconciliation/summary", tag = "settlement",
    responses(
        (status = 200, description = "The figures", body = ReconciliationSummary),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn summary(
    State(services): State<Services>,
    Somebody(actor): Somebody,
) -> Result<axum::Json<ReconciliationSummary>, HttpProblem> {
    Ok(axum::Json(
        services.payments.reconciliation_summary(&actor).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ItemsQuery {
    /// `open`, `matched` or `ignored`.
    status: Option<String>,
    /// `gateway` or `bank`.
    source: Option<String>,
    /// Where the page begins: the `next` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200.
    limit: Option<u32>,
}

/// List reconciliation items
#[utoipa::path(
    get, path = "/reconciliation/items", tag = "settlement", params(ItemsQuery),
    responses(
        (status = 200, description = "A page of items", body = inline(Page<ItemRow>)),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn items(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Query(query): Query<ItemsQuery>,
) -> Result<axum::Json<Page<ItemRow>>, HttpProblem> {
    fn word<T: std::str::FromStr<Err: std::fmt::Display>>(
        field: &str,
        text: Option<String>,
    ) -> Result<Option<T>, HttpProblem> {
        text.map(|text| {
            text.parse()
                .map_err(|e: T::Err| HttpProblem(Problem::invalid_field(field, e.to_string())))
        })
        .transpose()
    }
    let filter = ItemFilter {
        status: word("status", query.status)?,
        source: word("source", query.source)?,
        cursor: query.cursor,
        limit: query.limit,
    };
    Ok(axum::Json(
        services
            .payments
            .reconciliation_items(&actor, &filter)
            .await?,
    ))
}

#[derive(Deserialize, ToSchema)]
struct NoteBody {
    /// What to remember, 1 to 500 characters.
    note: String,
}

/// Put a note on an item
#[utoipa::path(
    post, path = "/reconciliation/items/{id}/note", tag = "settlement",
    params(("id" = ItemId, Path, description = "The item")),
    request_body = inline(NoteBody),
    responses(
        (status = 200, description = "The note", body = NoteView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn note(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<ItemId>,
    Json(body): Json<NoteBody>,
) -> Result<axum::Json<NoteView>, HttpProblem> {
    Ok(axum::Json(
        services.payments.item_note(&actor, id, &body.note).await?,
    ))
}
