//! A table for spreadsheets, one row for each line.

use std::io::Write;

use chrono::SecondsFormat;
use model::Money;

use super::{Format, Line};
use crate::error::Error;
use crate::store::entries::ExportRow;

pub(super) struct Table<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Table<W> {
    pub fn new(out: W) -> Self {
        Self {
            out: csv::Writer::from_writer(out),
        }
    }

    fn row(&mut self, cells: &[&str]) -> Result<(), Error> {
        self.out.write_record(cells).map_err(std::io::Error::from)?;
        Ok(())
    }
}

impl<W: Write> Format for Table<W> {
    fn begin(&mut self, _accounts: &[String], _samples: &[Money]) -> Result<(), Error> {
        self.row(&[
            "number", "entry", "source", "rule", "text", "occurred", "posted", "account", "debit",
            "credit", "currency",
        ])
    }

    fn entry(&mut self, entry: &ExportRow, lines: &[Line]) -> Result<(), Error> {
        for line in lines {
            let (debit, credit) = if line.amount.minor > 0 {
                (line.amount.amount_text(), String::new())
            } else {
                (String::new(), line.amount.negated().amount_text())
            };
            self.row(&[
                &entry.seq.to_string(),
                &entry.id.to_string(),
                &harmless(&entry.source),
                &harmless(&entry.kind),
                &harmless(&entry.text),
                &entry
                    .occurred_at
                    .to_rfc3339_opts(SecondsFormat::Micros, true),
                &entry.posted_at.to_rfc3339_opts(SecondsFormat::Micros, true),
                &line.account,
                &debit,
                &credit,
                line.amount.currency.code(),
            ])?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Error> {
        self.out.flush()?;
        Ok(())
    }
}

/// Spreadsheets run a cell that begins with one of these as a formula; an apostrophe stops them.
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("paid"), "paid");
    }
}
