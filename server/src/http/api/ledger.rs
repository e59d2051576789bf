//! `/ledger`: the books, read only. What changes them is business, not this API.

use axum::extract::State;
use chrono::NaiveDate;
use model::ledger::{
    AccountNode, EntryFilter, EntryView, StatementFilter, StatementPage, TrialBalance,
};
use model::{EntryId, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::auth::Somebody;
use crate::http::problem::{HttpProblem, Path, Query};
use crate::http::router::AppState;
use crate::wiring::Services;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(accounts))
        .routes(routes!(entries))
        .routes(routes!(entry))
        .routes(routes!(statement))
        .routes(routes!(trial_balance))
}

/// Get the tree of accounts with their balances
#[utoipa::path(
    get, path = "/ledger/accounts", tag = "ledger",
    responses(
        (status = 200, description = "The tree", body = Vec<AccountNode>),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn accounts(
    State(services): State<Services>,
    Somebody(actor): Somebody,
) -> Result<axum::Json<Vec<AccountNode>>, HttpProblem> {
    Ok(axum::Json(services.ledger.accounts(&actor).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EntriesQuery {
    /// Only entries with a line of this account or below it.
    account: Option<String>,
    /// Only entries whose source begins so, for example `payment:<id>`.
    source: Option<String>,
    /// Only entries of this posting rule, for example `captured`.
    kind: Option<String>,
    /// From this day on.
    from: Option<NaiveDate>,
    /// Up to and with this day.
    to: Option<NaiveDate>,
    /// Where the page begins: the `next` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200.
    limit: Option<i64>,
}

/// List entries, newest first
#[utoipa::path(
    get, path = "/ledger/entries", tag = "ledger", params(EntriesQuery),
    responses(
        (status = 200, description = "A page of entries with their lines", body = inline(Page<EntryView>)),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn entries(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Query(query): Query<EntriesQuery>,
) -> Result<axum::Json<Page<EntryView>>, HttpProblem> {
    let EntriesQuery {
        account,
        source,
        kind,
        from,
        to,
        cursor,
        limit,
    } = query;
    let filter = EntryFilter {
        account,
        source,
        kind,
        from,
        to,
        cursor,
        limit,
    };
    Ok(axum::Json(services.ledger.entries(&actor, &filter).await?))
}

/// Get an entry
#[utoipa::path(
    get, path = "/ledger/entries/{id}", tag = "ledger",
    params(("id" = EntryId, Path, description = "The entry")),
    responses(
        (status = 200, description = "The entry with its lines", body = EntryView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn entry(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<EntryId>,
) -> Result<axum::Json<EntryView>, HttpProblem> {
    Ok(axum::Json(services.ledger.entry(&actor, id).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StatementQuery {
    /// The account's path.
    account: String,
    /// Which currency, if the account has several.
    currency: Option<String>,
    /// From this day on.
    from: Option<NaiveDate>,
    /// Up to and with this day.
    to: Option<NaiveDate>,
    /// Where the page begins: the `next` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200.
    limit: Option<i64>,
}

/// Get an account's statement with its running balance
#[utoipa::path(
    get, path = "/ledger/statement", tag = "ledger", params(StatementQuery),
    responses(
        (status = 200, description = "A page of the statement", body = StatementPage),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn statement(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Query(query): Query<StatementQuery>,
) -> Result<axum::Json<StatementPage>, HttpProblem> {
    let currency = query.currency.map(|code| code.parse()).transpose();
    let currency = currency.map_err(|error: model::money::MoneyError| {
        HttpProblem(Problem::invalid_field("currency", error.to_string()))
    })?;
    let StatementQuery {
        account,
        from,
        to,
        cursor,
        limit,
        ..
    } = query;
    let filter = StatementFilter {
        account,
        currency,
        from,
        to,
        cursor,
        limit,
    };
    Ok(axum::Json(
        services.ledger.statement(&actor, &filter).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct TrialBalanceQuery {
    /// At the end of this day; now when absent.
    as_of: Option<NaiveDate>,
}

/// Get the trial balance
#[utoipa::path(
    get, path = "/ledger/trial-balance", tag = "ledger", params(TrialBalanceQuery),
    responses(
        (status = 200, description = "Debits and credits of every account; they are equal", body = TrialBalance),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn trial_balance(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Query(query): Query<TrialBalanceQuery>,
) -> Result<axum::Json<TrialBalance>, HttpProblem> {
    Ok(axum::Json(
        services.ledger.trial_balance(&actor, query.as_of).await?,
    ))
}
