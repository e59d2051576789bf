//! Payroll rows as tables, and tables as CSV.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::overtime::Multiplier;
use super::{Row, Total};

/// One cell of a table.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "value")]
pub enum Cell {
    /// Words, which may come from anybody.
    Text(String),
    /// Whole minutes.
    Minutes(i64),
    /// A date.
    Date(NaiveDate),
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// A table.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What it is called.
    pub name: String,
    /// The names of its columns.
    pub header: Vec<String>,
    /// Its rows, each as long as the header.
    pub rows: Vec<Vec<Cell>>,
}

/// The names of the totals. They and their order never change; multipliers other than 1.5 and 2.0
/// come after them, so that they move none.
fn columns(others: &BTreeSet<Multiplier>) -> Vec<String> {
    let fixed = [
        "worked_minutes",
        "expected_minutes",
        "balance_minutes",
        "overtime_1.5_minutes",
        "overtime_2.0_minutes",
        "overtime_unapproved_minutes",
        "leave_paid_minutes",
        "leave_unpaid_minutes",
        "holiday_work_minutes",
        "adjustment_minutes",
    ];
    let others = others.iter();
    let others = others.map(|multiplier| format!("overtime_{multiplier}_minutes"));
    fixed.into_iter().map(str::to_owned).chain(others).collect()
}

/// The totals of a row in the order of [`columns`].
fn totals<'a>(row: &'a Row, others: &BTreeSet<Multiplier>) -> Vec<Option<&'a Total>> {
    let mut totals = vec![
        Some(&row.worked),
        Some(&row.expected),
        Some(&row.balance),
        row.overtime.get(&Multiplier::ONE_AND_A_HALF),
        row.overtime.get(&Multiplier::DOUBLE),
        Some(&row.unapproved),
        Some(&row.leave_paid),
        Some(&row.leave_unpaid),
        Some(&row.holiday_work),
        Some(&row.adjustments),
    ];
    totals.extend(others.iter().map(|multiplier| row.overtime.get(multiplier)));
    totals
}

/// The multipliers that have no column of their own.
fn others(rows: &[Row]) -> BTreeSet<Multiplier> {
    let all = rows.iter().flat_map(|row| row.overtime.keys().copied());
    let usual = [Multiplier::ONE_AND_A_HALF, Multiplier::DOUBLE];
    all.filter(|multiplier| !usual.contains(multiplier))
        .collect()
}

const WHO: [&str; 4] = [
    "employee_number",
    "employee_name",
    "period_from",
    "period_until",
];

fn who(row: &Row) -> Vec<Cell> {
    vec![
        Cell::text(&row.payee.number),
        Cell::text(&row.payee.name),
        Cell::Date(row.period.from),
        Cell::Date(row.period.until),
    ]
}

/// One line for each person: the totals.
pub fn totals_sheet(rows: &[Row]) -> Sheet {
    let others = others(rows);
    Sheet {
        name: "Totals".to_owned(),
        header: WHO
            .map(str::to_owned)
            .into_iter()
            .chain(columns(&others))
            .collect(),
        rows: rows
            .iter()
            .map(|row| {
                let totals = totals(row, &others).into_iter();
                let minutes = totals.map(|total| total.map_or(0, Total::minutes));
                let mut cells = who(row);
                cells.extend(minutes.map(Cell::Minutes));
                cells
            })
            .collect(),
    }
}

/// One line for each day of each total: where the totals come from.
pub fn days_sheet(rows: &[Row]) -> Sheet {
    let others = others(rows);
    let names = columns(&others);
    let mut lines = Vec::new();
    for row in rows {
        for (name, total) in names.iter().zip(totals(row, &others)) {
            for (date, minutes) in total.map_or(&[][..], Total::days) {
                let mut cells = who(row);
                cells.push(Cell::text(name));
                cells.push(Cell::Date(*date));
                cells.push(Cell::Minutes(*minutes));
                lines.push(cells);
            }
        }
    }
    Sheet {
        name: "Days".to_owned(),
        header: WHO
            .into_iter()
            .chain(["total", "work_date", "minutes"])
            .map(str::to_owned)
            .collect(),
        rows: lines,
    }
}

/// A table as CSV (RFC 4180). Words that a spreadsheet would take for a formula get an apostrophe
/// before them; numbers cannot be mistaken for one, since they are ours.
pub fn csv(sheet: &Sheet) -> String {
    let mut text = String::new();
    let header = sheet.header.iter().map(|name| quoted(&harmless(name)));
    line(&mut text, header);
    for row in &sheet.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(words) => quoted(&harmless(words)),
            Cell::Minutes(minutes) => minutes.to_string(),
            Cell::Date(date) => date.to_string(),
        });
        line(&mut text, cells);
    }
    text
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<_> = cells.collect();
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

/// Keeps a spreadsheet from computing what somebody wrote as a name. Some trim before they look,
/// and some take the wide forms of the signs as well.
fn harmless(words: &str) -> String {
    let first = words.trim_start().chars().next();
    let formula = first.is_some_and(|sign| "=+-@＝＋－＠".contains(sign));
    if formula || words.starts_with(['\t', '\r', '\n']) {
        format!("'{words}")
    } else {
        words.to_owned()
    }
}

fn quoted(words: &str) -> String {
    let plain = !words.contains([',', ';', '"', '\r', '\n', '\t']) && words.trim() == words;
    if plain {
        words.to_owned()
    } else {
        format!("\"{}\"", words.replace('"', "\"\""))
    }
}
