//! Files of attendance: `GET /attendance/periods/{id}/payroll.csv` and `.xlsx`, and
//! `GET /attendance/export.json`, everybody's own record.

use attendance::payroll::PayrollFile;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, header};
use model::PeriodId;
use serde::Deserialize;

use super::auth::Somebody;
use super::problem::{HttpProblem, Path, Query};
use crate::wiring::Services;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const JSON: &str = "application/json";

/// Which table of payroll.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Table {
    /// One line for each person.
    #[default]
    Totals,
    /// One line for each day of each total.
    Days,
}

#[derive(Deserialize)]
pub struct PayrollQuery {
    #[serde(default)]
    table: Table,
}

/// Payroll of a period as CSV: the totals, or with `?table=days` the days behind them.
pub async fn payroll_csv(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(period): Path<PeriodId>,
    Query(query): Query<PayrollQuery>,
) -> Result<Response, HttpProblem> {
    let table = match query.table {
        Table::Totals => PayrollFile::Totals,
        Table::Days => PayrollFile::Days,
    };
    let attendance = &services.attendance;
    let (name, bytes) = attendance.payroll_file(&actor, period, table).await?;
    Ok(file(&name, CSV, bytes))
}

/// Payroll of a period as a workbook: totals, and the days behind them.
pub async fn payroll_xlsx(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(period): Path<PeriodId>,
) -> Result<Response, HttpProblem> {
    let (attendance, book) = (&services.attendance, PayrollFile::Workbook);
    let (name, bytes) = attendance.payroll_file(&actor, period, book).await?;
    Ok(file(&name, XLSX, bytes))
}

/// Everything that attendance keeps of whoever asks.
pub async fn export(
    State(services): State<Services>,
    Somebody(actor): Somebody,
) -> Result<Response, HttpProblem> {
    let record = services.attendance.export_own(&actor).await?;
    let text = format!("{record:#}\n");
    Ok(file("attendance.json", JSON, text))
}

/// A file to be kept, and by nobody on the way. Names are ours: letters, digits, hyphens and dots.
fn file(name: &str, kind: &'static str, body: impl IntoResponse) -> Response {
    let headers: [(HeaderName, String); 3] = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, body).into_response()
}
