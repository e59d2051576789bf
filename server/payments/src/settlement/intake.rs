//! The sink between a reader and the database: it turns lines into rows, refuses what may not be
//! taken in, and hands both on in batches. It runs on a thread of its own; the channel is short, so
//! a reader never runs ahead of the database.

use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use model::settlement::{EntryStatus, FileFormat, ItemSource};
use model::{Currency, Money};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::parsed::{
    FileHead, FormatError, Line, Message, Sink, StatementEnd, StatementHead, Warning,
};
use crate::store::items::NewLine;

/// How many lines go to the database at once.
pub(super) const BATCH: usize = 500;
/// How many batches may wait.
pub(super) const WAITING: usize = 4;
/// How many characters of a text for people are kept.
const TEXT_CHARS: usize = 2_000;
/// How many characters an id of a gateway may have: it becomes part of the books.
const ID_CHARS: usize = 120;

/// What the reader's thread hands over, in the order of the file.
#[derive(Debug)]
pub(super) enum Piece {
    /// The head of the file.
    File(FileHead),
    /// A statement begins: whose.
    Statement(ItemSource, String),
    /// Lines of the statement that began last.
    Lines(Vec<NewLine>),
    /// The statement is complete.
    End(Box<Closing>),
    /// For a person.
    Warning(String),
}

/// A statement that is complete, in minor units.
#[derive(Debug)]
pub(super) struct Closing {
    pub head: StatementHead,
    pub opening_minor: Option<i64>,
    pub closing_minor: Option<i64>,
    pub lines: i64,
}

/// The sink.
pub(super) struct Intake {
    out: mpsc::Sender<Piece>,
    /// Lines seen so far, for whoever watches.
    seen: Arc<AtomicI64>,
    format: Option<FileFormat>,
    /// Whether the lines come again in another file, so that none is taken.
    comes_again: bool,
    source: ItemSource,
    party: String,
    currency: Option<Currency>,
    position: i64,
    not_booked: u64,
    batch: Vec<NewLine>,
    /// How often a line that nothing tells apart has occurred: in the file, or in the statement for
    /// lines with a reference of the bank.
    in_file: HashMap<[u8; 32], u32>,
    in_statement: HashMap<[u8; 32], u32>,
}

impl Intake {
    pub(super) fn new(out: mpsc::Sender<Piece>, seen: Arc<AtomicI64>) -> Self {
        Self {
            out,
            seen,
            format: None,
            comes_again: false,
            source: ItemSource::Bank,
            party: String::new(),
            currency: None,
            position: 0,
            not_booked: 0,
            batch: Vec::with_capacity(BATCH),
            in_file: HashMap::new(),
            in_statement: HashMap::new(),
        }
    }

    fn send(&self, piece: Piece) -> Result<(), FormatError> {
        self.out
            .blocking_send(piece)
            .map_err(|_| FormatError::of_file("the import was stopped before the end of the file"))
    }

    fn flush(&mut self) -> Result<(), FormatError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.send(Piece::Lines(batch))
    }

    fn row_of(&mut self, line: Line) -> Result<NewLine, FormatError> {
        let (amount, currency) = match (line.account_amount, self.currency) {
            (Some(amount), Some(currency)) => (amount, currency),
            _ => (line.amount, line.currency),
        };
        let at = line.line;
        let amount_minor = minor(at, "amount", amount, currency)?;
        let provider = line.provider.as_deref();
        let id = |field: &str, value: Option<&String>| id_of(at, field, value);
        let mut row = NewLine {
            source: self.source,
            party: self.party.clone(),
            line_no: i64::try_from(at).unwrap_or(i64::MAX),
            position: self.position,
            kind: line.kind,
            booking_date: line.booking_date,
            value_date: line.value_date,
            amount_minor,
            currency,
            gross_minor: None,
            fee_minor: None,
            payment_intent: id(
                "payment_intent_id",
                provider.and_then(|p| p.payment_intent.as_ref()),
            )?,
            charge: id("charge_id", provider.and_then(|p| p.charge.as_ref()))?,
            balance_transaction: id(
                "balance_transaction_id",
                provider.and_then(|p| p.balance_transaction.as_ref()),
            )?,
            payout: id(
                "automatic_payout_id",
                provider.and_then(|p| p.payout.as_ref()),
            )?,
            payout_date: provider.and_then(|p| p.payout_date),
            trace: id("trace_id", provider.and_then(|p| p.trace.as_ref()))?,
            end_to_end_id: clean(line.end_to_end_id.as_deref()),
            bank_reference: clean(line.provider_id.as_deref())
                .filter(|_| self.source == ItemSource::Bank),
            batch: clean(line.batch_id.as_deref()),
            reference: clean(line.reference.as_deref()),
            counterparty: clean(line.counterparty.as_deref()),
            text: clean(line.text.as_deref()).or_else(|| words_of_details(&line)),
            fingerprint: [0; 32],
        };
        if self.source == ItemSource::Gateway {
            let fee = minor(at, "fee", line.fee.unwrap_or_default(), currency)?;
            let gross = match line.gross {
                Some(gross) => minor(at, "gross", gross, currency)?,
                None => amount_minor.checked_add(fee).ok_or_else(|| too_large(at))?,
            };
            if gross.checked_sub(fee) != Some(amount_minor) {
                let text = |minor| Money::new(minor, currency).amount_text();
                let message = format!(
                    "gross {} less fee {} is not net {}",
                    text(gross),
                    text(fee),
                    text(amount_minor)
                );
                return Err(FormatError::new(at, "net", message));
            }
            row.gross_minor = Some(gross);
            row.fee_minor = Some(fee);
        }
        row.fingerprint = self.fingerprint(&row, provider.and_then(|p| p.source.as_deref()));
        Ok(row)
    }

    /// By what a line is known again in another file. A gateway numbers its movements; a bank gives
    /// a reference at best, so amount and day are part of it. Equal lines are told apart by how many
    /// came before.
    fn fingerprint(&mut self, row: &NewLine, source: Option<&str>) -> [u8; 32] {
        let words = |parts: &[&str]| {
            let mut hash = Sha256::new();
            for part in parts {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part.as_bytes());
            }
            <[u8; 32]>::from(hash.finalize())
        };
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let party = row.party.as_str();
        if let Some(id) = &row.balance_transaction {
            return words(&["gateway", party, id]);
        }
        let date = row
            .booking_date
            .or(row.value_date)
            .map(|day| day.to_string())
            .unwrap_or_default();
        let (amount, currency) = (row.amount_minor.to_string(), row.currency.to_string());
        let known = row
            .bank_reference
            .as_deref()
            .filter(|r| !r.eq_ignore_ascii_case("NONREF"));
        let (base, counts) = match (row.source, known) {
            (ItemSource::Gateway, _) => {
                let (payout, kind) = (text(&row.payout), row.kind.as_str());
                let source = source.unwrap_or_default();
                (
                    words(&[
                        "gateway row",
                        party,
                        &payout,
                        kind,
                        source,
                        &date,
                        &amount,
                        &currency,
                    ]),
                    &mut self.in_file,
                )
            }
            (ItemSource::Bank, Some(reference)) => (
                words(&[
                    "bank reference",
                    party,
                    reference,
                    &date,
                    &amount,
                    &currency,
                ]),
                &mut self.in_statement,
            ),
            (ItemSource::Bank, None) => {
                let (end_to_end, text) = (text(&row.end_to_end_id), text(&row.text));
                (
                    words(&[
                        "bank line",
                        party,
                        &date,
                        &amount,
                        &currency,
                        &end_to_end,
                        &text,
                    ]),
                    &mut self.in_file,
                )
            }
        };
        let count = counts.entry(base).or_default();
        *count += 1;
        let mut hash = Sha256::new();
        hash.update(base);
        hash.update(count.to_be_bytes());
        hash.finalize().into()
    }
}

impl Sink for Intake {
    fn file(&mut self, head: &FileHead) -> Result<(), FormatError> {
        self.format = Some(head.format);
        self.comes_again = matches!(head.message, Message::Interim | Message::Notification);
        self.source = match head.message {
            Message::ProviderReport => ItemSource::Gateway,
            Message::Statement | Message::Interim | Message::Notification => ItemSource::Bank,
        };
        self.send(Piece::File(head.clone()))?;
        if self.comes_again {
            let text = format!(
                "{} tells of lines that come again in the statement; it is kept, and none of its lines is taken",
                head.version
            );
            self.send(Piece::Warning(text))?;
        }
        Ok(())
    }

    fn statement(&mut self, head: &StatementHead) -> Result<(), FormatError> {
        self.party = match (self.source, self.format) {
            (ItemSource::Gateway, Some(format)) => format.as_str().to_owned(),
            _ => account_of(head),
        };
        self.currency = head.currency;
        self.position = 0;
        self.in_statement.clear();
        self.send(Piece::Statement(self.source, self.party.clone()))
    }

    fn line(&mut self, line: Line) -> Result<(), FormatError> {
        self.seen.fetch_add(1, Ordering::Relaxed);
        self.position += 1;
        if self.comes_again {
            return Ok(());
        }
        if line.status != EntryStatus::Booked {
            self.not_booked += 1;
            return Ok(());
        }
        let row = self.row_of(line)?;
        self.batch.push(row);
        if self.batch.len() >= BATCH {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn end(&mut self, end: StatementEnd) -> Result<(), FormatError> {
        if let Some(fault) = end.faults.first() {
            return Err(FormatError::new(fault.line, "", fault.message.clone()));
        }
        if end.balanced == Some(false) {
            return Err(FormatError::of_file(
                "opening balance and lines do not make the closing balance",
            ));
        }
        self.flush()?;
        if self.not_booked > 0 {
            let text = format!(
                "{} lines are not booked yet and were left out; they come again",
                self.not_booked
            );
            self.not_booked = 0;
            self.send(Piece::Warning(text))?;
        }
        let balance = |balance: Option<super::parsed::Balance>| {
            balance
                .map(|b| minor(0, "balance", b.amount, b.currency))
                .transpose()
        };
        let closing = Closing {
            opening_minor: balance(end.head.opening)?,
            closing_minor: balance(end.head.closing)?,
            lines: i64::try_from(end.lines).unwrap_or(i64::MAX),
            head: end.head,
        };
        self.send(Piece::End(Box::new(closing)))
    }

    fn warning(&mut self, warning: Warning) -> Result<(), FormatError> {
        self.send(Piece::Warning(warning.to_string()))
    }
}

/// An account as it is kept: letters and digits, in capitals.
fn account_of(head: &StatementHead) -> String {
    let account: String = head
        .account
        .iter()
        .flat_map(|account| account.chars())
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .take(ID_CHARS)
        .collect();
    if account.is_empty() {
        "unnamed".to_owned()
    } else {
        account.to_uppercase()
    }
}

fn minor(line: u64, field: &str, value: Decimal, currency: Currency) -> Result<i64, FormatError> {
    match Money::from_decimal(value, currency) {
        // The least number has no opposite, so it could be neither booked nor compared.
        Ok(money) if money.minor != i64::MIN => Ok(money.minor),
        Ok(_) => Err(too_large(line)),
        Err(error) => Err(FormatError::new(line, field, error.to_string())),
    }
}

fn too_large(line: u64) -> FormatError {
    FormatError::new(line, "amount", "the amount is too large")
}

/// An id of a gateway, which must be one: it names entries of the books.
fn id_of(line: u64, field: &str, value: Option<&String>) -> Result<Option<String>, FormatError> {
    match value {
        Some(id) if id.chars().count() > ID_CHARS || id.chars().any(char::is_control) => {
            Err(FormatError::new(
                line,
                field,
                format!("is no id: longer than {ID_CHARS} characters, or with odd ones"),
            ))
        }
        other => Ok(other.cloned()),
    }
}

/// A text for people without control characters, cut to a length.
fn clean(text: Option<&str>) -> Option<String> {
    let text = text?;
    let flat: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(TEXT_CHARS)
        .collect();
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    (!flat.is_empty()).then_some(flat)
}

/// What stands in the single transactions of an entry that has no words of its own.
fn words_of_details(line: &Line) -> Option<String> {
    let words: Vec<&str> = line
        .details
        .iter()
        .flat_map(|d| [d.text.as_deref(), d.end_to_end_id.as_deref()])
        .flatten()
        .take(50)
        .collect();
    clean(Some(&words.join(" ")))
}

/// Reads bytes that arrive in pieces from another task.
pub(super) struct Pieces {
    from: mpsc::Receiver<Result<Vec<u8>, String>>,
    piece: Cursor<Vec<u8>>,
}

impl Pieces {
    pub(super) fn new(from: mpsc::Receiver<Result<Vec<u8>, String>>) -> Self {
        Self {
            from,
            piece: Cursor::default(),
        }
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.piece.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            match self.from.blocking_recv() {
                Some(Ok(bytes)) => self.piece = Cursor::new(bytes),
                Some(Err(message)) => return Err(io::Error::other(message)),
                None => return Ok(0),
            }
        }
    }
}

/// Counts the bytes that pass.
pub(super) struct Counted<R> {
    inner: R,
    count: Arc<AtomicI64>,
}

impl<R> Counted<R> {
    pub(super) const fn new(inner: R, count: Arc<AtomicI64>) -> Self {
        Self { inner, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count
            .fetch_add(i64::try_from(count).unwrap_or(0), Ordering::Relaxed);
        Ok(count)
    }
}
