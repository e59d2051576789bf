//! A settlement cycle: what was captured and not yet paid out goes to the bank, and both sides
//! write down the same money.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::{Kind, Place};
use crate::state::State;
use crate::stripe::balance::BalanceTransaction;
use crate::stripe::events::emit;
use crate::stripe::form::Metadata;
use crate::stripe::list::Resource;
use crate::stripe::payouts::Payout;
use crate::stripe::refunds;
use crate::{Config, Sandbox, bank, money, report};

/// A file that was issued; its id is its name.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    pub(crate) id: String,
    pub(crate) content_type: String,
    pub(crate) content: String,
    pub(crate) at: DateTime<Utc>,
}

impl StoredFile {
    /// Where the file is to be had.
    pub(crate) fn view(&self, config: &Config) -> Value {
        json!({
            "name": self.id,
            "contentType": self.content_type,
            "url": format!("{}/sandbox/files/{}", config.public_url, self.id),
            "at": self.at,
            "bytes": self.content.len(),
        })
    }
}

/// What a cycle is asked for; all of it may be left out.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// Pay out this currency alone.
    currency: Option<String>,
    /// Pay out what was there at this moment, dated so. Now, if absent.
    at: Option<DateTime<Utc>>,
}

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/cycle", post(run))
        .route("/sandbox/files", get(files))
        .route("/sandbox/files/{name}", get(file))
}

async fn run(Shared(sandbox): Shared<Sandbox>, body: Bytes) -> Response {
    let wish: Wish = if body.is_empty() {
        Wish::default()
    } else {
        match serde_json::from_slice(&body) {
            Ok(wish) => wish,
            Err(error) => {
                let text = json!({ "error": error.to_string() });
                return (StatusCode::BAD_REQUEST, Json(text)).into_response();
            }
        }
    };
    let wrong = sandbox.strikes(Place::Cycle, "cycle", Kind::WrongTotals);
    let missing = sandbox.strikes(Place::Cycle, "cycle", Kind::MissingFile);
    let (payouts, files) = sandbox.write(|state| {
        let at = wish.at.unwrap_or_else(|| state.now());
        state.pinned = Some(at);
        let outcome = cycle(state, wish.currency.as_deref(), at, wrong, missing);
        state.pinned = None;
        outcome
    });
    let files: Vec<Value> = files
        .iter()
        .map(|file| file.view(sandbox.config()))
        .collect();
    Json(json!({ "payouts": payouts, "files": files })).into_response()
}

fn cycle(
    state: &mut State,
    currency: Option<&str>,
    at: DateTime<Utc>,
    wrong_totals: bool,
    missing_file: bool,
) -> (Vec<Value>, Vec<StoredFile>) {
    let open: Vec<BalanceTransaction> = state
        .all::<BalanceTransaction>()
        .filter(|row| row.payout.is_none() && row.created <= at.timestamp())
        .filter(|row| currency.is_none_or(|only| row.currency.eq_ignore_ascii_case(only)))
        .cloned()
        .collect();
    let currencies: BTreeSet<String> = open.iter().map(|row| row.currency.clone()).collect();
    let mut payouts = Vec::new();
    let mut told = Vec::new();
    for currency in currencies {
        let rows: Vec<_> = open
            .iter()
            .filter(|row| row.currency == currency)
            .cloned()
            .collect();
        let count = rows.len();
        if let Some(payout) = pay_out(state, &currency, rows, at) {
            told.push(json!({
                "id": payout.id,
                "currency": payout.currency,
                "amount": payout.amount,
                "amountText": money::report_text(payout.amount, &currency),
                "traceId": payout.trace,
                "net_count": count,
            }));
            payouts.push(payout);
        }
    }
    let mut files = Vec::new();
    if !payouts.is_empty() {
        let number = state.next_number("report.file");
        let file = StoredFile {
            id: format!(
                "stripe-payout-reconciliation-{}-{number:05}.csv",
                at.format("%Y%m%d")
            ),
            content_type: "text/csv".to_owned(),
            content: report::csv(state, &payouts, wrong_totals),
            at,
        };
        state.put(file.clone());
        files.push(file);
    }
    files.extend(bank::issue(state, at, !missing_file));
    // After the books are closed, so that what comes back lands in the next payout.
    refunds::settle_all(state);
    (told, files)
}

/// Pays out rows of one currency. Nothing is paid, and the rows wait, unless they add up to more
/// than nothing.
fn pay_out(
    state: &mut State,
    currency: &str,
    rows: Vec<BalanceTransaction>,
    at: DateTime<Utc>,
) -> Option<Payout> {
    let amount: i64 = rows.iter().map(BalanceTransaction::net).sum();
    if amount <= 0 {
        return None;
    }
    let seconds = at.timestamp();
    let id = state.new_id("po");
    let trace = format!("ST{}", state.letters(12).to_uppercase());
    for mut row in rows {
        row.payout = Some(id.clone());
        row.available_on = row.available_on.min(seconds);
        state.put(row);
    }
    let movement = BalanceTransaction {
        id: state.new_id("txn"),
        created: seconds,
        amount: -amount,
        fee: 0,
        currency: currency.to_owned(),
        kind: "payout".to_owned(),
        reporting_category: "payout".to_owned(),
        source: id.clone(),
        charge: None,
        description: Some("STRIPE PAYOUT".to_owned()),
        available_on: seconds,
        payout: Some(id.clone()),
    };
    let account = bank::account(state, currency);
    let payout = Payout {
        id: id.clone(),
        created: seconds,
        arrival_date: seconds,
        amount,
        currency: currency.to_owned(),
        status: "paid".to_owned(),
        trace: trace.clone(),
        balance_transaction: movement.id.clone(),
        destination: format!("ba_{}", account.iban),
        metadata: Metadata::new(),
    };
    state.put(movement);
    state.put(payout.clone());
    bank::book(
        state,
        bank::Transfer {
            currency: currency.to_owned(),
            amount,
            at,
            value_at: at,
            end_to_end_id: Some(trace),
            counterparty: Some("Stripe Technology Europe Ltd (sandbox)".to_owned()),
            counterparty_iban: Some(bank::iban(7_000_000_001)),
            reference: None,
            text: format!("STRIPE {id}"),
            payout: Some(id),
        },
    );
    for kind in [
        "payout.created",
        "payout.paid",
        "payout.reconciliation_completed",
    ] {
        emit(state, kind, payout.render(state));
    }
    Some(payout)
}

async fn files(Shared(sandbox): Shared<Sandbox>) -> Response {
    let files: Vec<Value> = sandbox.read(|state| {
        state
            .all::<StoredFile>()
            .map(|file| file.view(sandbox.config()))
            .collect()
    });
    Json(json!({ "files": files })).into_response()
}

async fn file(Shared(sandbox): Shared<Sandbox>, Path(name): Path<String>) -> Response {
    match sandbox.read(|state| state.find::<StoredFile>(&name).cloned()) {
        Some(file) => {
            // To be kept, not to be looked at in place of the page that it was taken from.
            let kept = format!("attachment; filename=\"{}\"", file.id);
            let headers = [
                (header::CONTENT_TYPE, file.content_type),
                (header::CONTENT_DISPOSITION, kept),
            ];
            (headers, file.content).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
