//! Stripe's itemised payout reconciliation report, and its relatives with the same columns.
//!
//! Columns may be chosen, so they are found by name; older names and the dashboard's export
//! ("Created (UTC)", "Amount") are understood too. Amounts are decimals in major units in every
//! currency, unlike the interface's minor units.
//!
//! A row is a line: `amount` is the net amount with the report's sign, `booking_date` the day it
//! was made, `value_date` the day it is available, `batch_id` the automatic payout. `fee` is
//! positive when the provider keeps it. The row of a payout repeats, with the sign that the report
//! gives it, what left for the bank; it is held against the other rows of that payout.
//!
//! A file is one statement. Its currency and id are known at its end only: they are absent when
//! rows have several currencies or belong to several payouts.

mod columns;
mod payouts;
mod rows;

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};
use model::Currency;
use model::settlement::{FileFormat, LineKind};
use rust_decimal::Decimal;

use self::columns::Columns;
use self::payouts::Payouts;
use super::super::parsed::{
    Fault, FileHead, FormatError, Line, Message, Sink, StatementEnd, StatementHead, Warning,
};
use super::source::Source;
use super::{MAX_COLUMNS, MAX_FAULTS, MAX_LINES, MAX_TEXT_BYTES, amount_text};

/// Whether a line can be the header of such a report.
pub(super) fn is_header(line: &str) -> bool {
    let names: Vec<String> = line.split(',').map(columns::plain_name).collect();
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    has(&[
        "balance_transaction_id",
        "source_id",
        "automatic_payout_id",
        "reporting_category",
        "id",
    ]) && has(&["net", "gross"])
        && has(&["currency"])
}

/// Reads a report.
pub(super) fn parse(source: Source<'_>, sink: &mut dyn Sink) -> Result<(), FormatError> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        // Only this ends a row, so that lines can be counted; a carriage return before it is
        // trimmed off the last field.
        .terminator(csv::Terminator::Any(b'\n'))
        .buffer_capacity(64 * 1024)
        .from_reader(source);
    let mut record = StringRecord::new();
    if next(&mut reader, &mut record)?.is_none() {
        return Err(FormatError::of_file("the file is empty"));
    }
    let columns = Columns::of(&record)?;
    sink.file(&FileHead {
        format: FileFormat::Stripe,
        message: Message::ProviderReport,
        version: "stripe.itemised".to_owned(),
        message_id: None,
    })?;
    let mut report = Report::default();
    while let Some(number) = next(&mut reader, &mut record)? {
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let line = rows::line_of(&columns, &record, number)?;
        if report.lines == 0 {
            report.head.account = columns.account(&record);
            sink.statement(&report.head)?;
        }
        report.add(&line, sink)?;
        sink.line(line)?;
    }
    if report.lines == 0 {
        sink.statement(&report.head)?;
        sink.warning(Warning {
            line: 0,
            message: "the report holds no rows".to_owned(),
        })?;
    }
    sink.end(report.close())
}

/// Reads the next record and tells the line on which it starts; `None` at the end.
fn next(
    reader: &mut csv::Reader<Source<'_>>,
    record: &mut StringRecord,
) -> Result<Option<u64>, FormatError> {
    reader.get_mut().mark();
    let start = reader.position().line();
    let more = reader.read_record(record).map_err(|error| {
        let line = error.position().map_or(start, csv::Position::line);
        let message = match error.kind() {
            csv::ErrorKind::Utf8 { .. } => "the text is not valid UTF-8".to_owned(),
            csv::ErrorKind::Io(error) => error.to_string(),
            _ => error.to_string(),
        };
        FormatError::new(line, "", message)
    })?;
    if !more {
        return Ok(None);
    }
    // The row ends where the next one starts. Its own position may be that of empty lines before.
    let within = record.as_slice().bytes().filter(|b| *b == b'\n').count() as u64;
    let line = reader.position().line().saturating_sub(1 + within).max(1);
    if record.len() > MAX_COLUMNS {
        return Err(FormatError::new(
            line,
            "",
            format!("more than {MAX_COLUMNS} columns"),
        ));
    }
    if record.as_slice().len() > MAX_TEXT_BYTES
        && record.iter().any(|field| field.len() > MAX_TEXT_BYTES)
    {
        return Err(FormatError::new(
            line,
            "",
            format!("a field is longer than {MAX_TEXT_BYTES} bytes"),
        ));
    }
    Ok(Some(line))
}

/// What the rows add up to.
#[derive(Default)]
struct Report {
    head: StatementHead,
    lines: u64,
    credits: Decimal,
    debits: Decimal,
    mixed_currency: bool,
    batch: Option<String>,
    mixed_batch: bool,
    payouts: Payouts,
    faults: Vec<Fault>,
}

impl Report {
    fn add(&mut self, line: &Line, sink: &mut dyn Sink) -> Result<(), FormatError> {
        self.lines += 1;
        if self.lines > MAX_LINES {
            return Err(FormatError::new(
                line.line,
                "",
                format!("more than {MAX_LINES} rows"),
            ));
        }
        self.span(line.booking_date);
        self.currency(line.currency);
        if line.kind != LineKind::Payout {
            let heap = match line.amount.is_sign_negative() {
                true => &mut self.debits,
                false => &mut self.credits,
            };
            *heap = heap.saturating_add(line.amount.abs());
        }
        match &line.batch_id {
            Some(batch) if self.batch.is_none() => self.batch = Some(batch.clone()),
            Some(batch) => self.mixed_batch |= self.batch.as_ref() != Some(batch),
            None => {}
        }
        self.payouts.add(line);
        if let (Some(gross), Some(fee), Some(net)) = (line.gross, line.fee, line.net)
            && gross.checked_sub(fee) != Some(net)
        {
            let text = |amount| amount_text(amount, Some(line.currency));
            let (gross, fee, net) = (text(gross), text(fee), text(net));
            let message = format!("gross {gross} less fee {fee} is not net {net}");
            sink.warning(Warning {
                line: line.line,
                message,
            })?;
        }
        Ok(())
    }

    fn span(&mut self, day: Option<NaiveDate>) {
        if let Some(day) = day {
            self.head.from = Some(self.head.from.map_or(day, |from| from.min(day)));
            self.head.to = Some(self.head.to.map_or(day, |to| to.max(day)));
        }
    }

    fn currency(&mut self, currency: Currency) {
        match self.head.currency {
            None => self.head.currency = Some(currency),
            Some(known) => self.mixed_currency |= known != currency,
        }
    }

    fn close(mut self) -> StatementEnd {
        self.payouts.check(&mut self.faults);
        self.faults.truncate(MAX_FAULTS);
        if self.mixed_currency {
            self.head.currency = None;
        }
        if !self.mixed_batch {
            self.head.statement_id = self.batch;
        }
        StatementEnd {
            head: self.head,
            lines: self.lines,
            booked: self.lines,
            credits: if self.mixed_currency {
                Decimal::ZERO
            } else {
                self.credits
            },
            debits: if self.mixed_currency {
                Decimal::ZERO
            } else {
                self.debits
            },
            balanced: None,
            faults: self.faults,
        }
    }
}
