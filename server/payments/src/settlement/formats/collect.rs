//! The sink that keeps everything, for printing and for the preview.

use model::Currency;
use model::settlement::{
    FileFormat, ParsedDetail, ParsedFile, ParsedLine, ParsedStatement, ParsedTransaction,
};
use rust_decimal::Decimal;

use super::super::parsed::{
    Detail, FileHead, FormatError, Line, Sink, StatementEnd, StatementHead, Warning,
};
use super::{MAX_WARNINGS, amount_text};

/// Collects a file into [`ParsedFile`].
#[derive(Debug, Default)]
pub struct Collector {
    statements: Vec<ParsedStatement>,
    lines: Vec<ParsedLine>,
    warnings: Vec<String>,
    more_warnings: usize,
}

impl Collector {
    /// What was read, once the reader has come to its end.
    pub fn finish(mut self, format: FileFormat) -> ParsedFile {
        if self.more_warnings > 0 {
            self.warnings
                .push(format!("and {} warnings more", self.more_warnings));
        }
        ParsedFile {
            format,
            statements: self.statements,
            warnings: self.warnings,
        }
    }

    fn warn(&mut self, warning: &Warning) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(warning.to_string());
        } else {
            self.more_warnings += 1;
        }
    }
}

impl Sink for Collector {
    fn file(&mut self, _head: &FileHead) -> Result<(), FormatError> {
        Ok(())
    }

    fn statement(&mut self, _head: &StatementHead) -> Result<(), FormatError> {
        Ok(())
    }

    fn line(&mut self, line: Line) -> Result<(), FormatError> {
        self.lines.push(shown_line(line));
        Ok(())
    }

    fn end(&mut self, end: StatementEnd) -> Result<(), FormatError> {
        for fault in &end.faults {
            self.warn(&Warning {
                line: fault.line,
                message: fault.message.clone(),
            });
        }
        let head = end.head;
        self.statements.push(ParsedStatement {
            account: head.account,
            currency: head.currency,
            statement_id: head.statement_id,
            from: head.from,
            to: head.to,
            opening_balance: head
                .opening
                .map(|b| amount_text(b.amount, Some(b.currency))),
            closing_balance: head
                .closing
                .map(|b| amount_text(b.amount, Some(b.currency))),
            balanced: end.balanced,
            lines: std::mem::take(&mut self.lines),
        });
        Ok(())
    }

    fn warning(&mut self, warning: Warning) -> Result<(), FormatError> {
        self.warn(&warning);
        Ok(())
    }
}

fn shown_line(line: Line) -> ParsedLine {
    let money = |value: Option<Decimal>| value.map(|v| amount_text(v, Some(line.currency)));
    let details = match line.provider {
        Some(row) => vec![ParsedDetail::Columns(row.raw.columns())],
        None => line
            .details
            .into_iter()
            .map(|detail| ParsedDetail::Transaction(Box::new(shown_detail(detail))))
            .collect(),
    };
    ParsedLine {
        line: line.line,
        booking_date: line.booking_date,
        value_date: line.value_date,
        amount: amount_text(line.amount, Some(line.currency)),
        currency: line.currency,
        kind: line.kind,
        reference: line.reference,
        end_to_end_id: line.end_to_end_id,
        provider_id: line.provider_id,
        batch_id: line.batch_id,
        counterparty: line.counterparty,
        text: line.text,
        fee: money(line.fee),
        gross: money(line.gross),
        net: money(line.net),
        details,
    }
}

fn shown_detail(detail: Detail) -> ParsedTransaction {
    let text = |value: Option<Decimal>, currency: Option<Currency>| {
        value.map(|v| amount_text(v, currency))
    };
    let reason = match (detail.return_code, detail.return_text) {
        (Some(code), Some(words)) => Some(format!("{code}: {words}")),
        (code, words) => code.or(words),
    };
    ParsedTransaction {
        amount: text(detail.amount, detail.currency),
        currency: detail.currency,
        reference: (!detail.references.is_empty()).then(|| detail.references.join(" ")),
        end_to_end_id: detail.end_to_end_id,
        transaction_id: detail.transaction_id,
        instruction_id: detail.instruction_id,
        uetr: detail.uetr,
        batch_id: detail.batch_id,
        bank_reference: detail.bank_reference,
        mandate_id: detail.mandate_id,
        counterparty: detail.counterparty,
        counterparty_account: detail.counterparty_account,
        text: detail.text,
        additional_text: detail.additional_text,
        fee: text(detail.fee, detail.currency),
        instructed_amount: detail.instructed.map(|(v, c)| amount_text(v, Some(c))),
        instructed_currency: detail.instructed.map(|(_, c)| c),
        exchange_rate: detail
            .exchange_rate
            .map(|rate| rate.normalize().to_string()),
        return_reason: reason,
    }
}
