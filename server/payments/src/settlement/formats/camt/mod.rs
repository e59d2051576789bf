//! ISO 20022 account messages: camt.053 (statement), camt.052 (report within the day) and
//! camt.054 (notification), in every version.
//!
//! Each `Ntry` is one line, with the entry's own amount: that is what the bank books and what the
//! balances count. Its `TxDtls` become the line's details, each with *its* amount; a batch may
//! carry none of them, one or many. Where several carry amounts that do not make the entry's,
//! the statement reports a fault.
//!
//! * The direction is `CdtDbtInd`, always: with `RvslInd` true it is already that of the reversal
//!   (a debit that reverses a credit says DBIT). `RvslInd` only tells which party is the other.
//! * Lines that are not booked (PDNG, INFO, FUTR) are handed out with their status and the kind
//!   `other`, and count in no total.
//! * The opening balance is OPBD, or PRCD where that is missing; the closing balance is CLBD.
//!   Both must be there, and every booked line must tell its amount in the account's currency,
//!   for `balanced` to be known.
//! * Dates are days as written; a time and its zone are not used.
//! * A document without a statement is accepted with a warning where the version is one that
//!   banks use; a version never met before must show at least one statement.

mod control;
mod entry;
mod money;
mod statement;
mod transaction;

use model::Currency;
use model::settlement::FileFormat;

use super::super::parsed::{FileHead, FormatError, Message, Sink, Warning};
use super::amount::quote;
use super::source::Source;
use super::xml::{Step, Tag, Xml};

/// Reads a file of any of the three messages.
pub(super) fn parse(source: Source<'_>, sink: &mut dyn Sink) -> Result<(), FormatError> {
    let mut camt = Camt {
        xml: Xml::new(source),
        sink,
        head: None,
        head_sent: false,
        lines: 0,
        statements: 0,
    };
    camt.file()
}

/// The versions that banks send. Between them elements were added and a few reshaped; one reader
/// serves all.
const VERSIONS_IN_USE: [u32; 11] = [2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

/// What stands in front of the message name in a namespace: ISO's own, SWIFT's, Austria's.
const NAMESPACES: [&str; 3] = ["urn:iso:std:iso:20022:tech:xsd:", "urn:swift:xsd:", "ISO:"];

/// The reader of one file.
struct Camt<'r, 's> {
    xml: Xml<'r>,
    sink: &'s mut dyn Sink,
    head: Option<FileHead>,
    head_sent: bool,
    lines: u64,
    statements: u64,
}

impl Camt<'_, '_> {
    /// Finds the documents, also within an envelope.
    fn file(&mut self) -> Result<(), FormatError> {
        let mut documents = 0_u32;
        loop {
            match self.xml.next()? {
                Step::Open(Tag::Document) => {
                    documents += 1;
                    self.document()?;
                }
                Step::Open(_) | Step::Close => {}
                Step::End => break,
            }
        }
        if documents == 0 {
            return Err(FormatError::of_file("this XML holds no ISO 20022 document"));
        }
        self.send_head()?;
        if self.statements == 0 {
            self.warn(0, "the file holds no statement".to_owned())?;
        }
        Ok(())
    }

    fn document(&mut self) -> Result<(), FormatError> {
        let Some(namespace) = self.xml.namespace().map(str::to_owned) else {
            return Err(self.xml.fault("the document names no ISO 20022 namespace"));
        };
        let Some((message, version)) = message_of(&namespace) else {
            let namespace = quote_whole(&namespace);
            let message =
                format!("{namespace} is no account statement; camt.052, camt.053 and camt.054 are");
            return Err(self.xml.fault(message));
        };
        let line = self.xml.line();
        let name = format!("{}.001.{version:02}", number_of(message));
        let before = self.statements;
        if self.head.is_none() {
            self.head = Some(FileHead {
                format: FileFormat::Camt,
                message,
                version: name.clone(),
                message_id: None,
            });
        }
        while let Some(tag) = self.xml.child()? {
            match (tag, message) {
                (Tag::BkToCstmrStmt, Message::Statement)
                | (Tag::BkToCstmrAcctRpt, Message::Interim)
                | (Tag::BkToCstmrDbtCdtNtfctn, Message::Notification) => self.message()?,
                (Tag::BkToCstmrStmt | Tag::BkToCstmrAcctRpt | Tag::BkToCstmrDbtCdtNtfctn, _) => {
                    return Err(self
                        .xml
                        .fault(format!("a document of {name} cannot hold this message")));
                }
                _ => self.xml.skip()?,
            }
        }
        if !VERSIONS_IN_USE.contains(&version) {
            if self.statements == before {
                let message = format!(
                    "{name} is not a version that banks send, and no statement was found in it"
                );
                return Err(FormatError::new(line, "Document", message));
            }
            self.warn(
                line,
                format!("{name} is not a version that banks send; check the result"),
            )?;
        }
        Ok(())
    }

    fn message(&mut self) -> Result<(), FormatError> {
        while let Some(tag) = self.xml.child()? {
            match tag {
                Tag::GrpHdr => self.group_header()?,
                Tag::Stmt | Tag::Rpt | Tag::Ntfctn => {
                    self.statements += 1;
                    self.statement()?;
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    fn group_header(&mut self) -> Result<(), FormatError> {
        while let Some(tag) = self.xml.child()? {
            match tag {
                Tag::MsgId => {
                    let id = self.xml.words()?;
                    if let Some(head) = &mut self.head {
                        head.message_id = head.message_id.take().or(id);
                    }
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    /// Hands the file's head out, once.
    fn send_head(&mut self) -> Result<(), FormatError> {
        if self.head_sent {
            return Ok(());
        }
        self.head_sent = true;
        match &self.head {
            Some(head) => self.sink.file(head),
            None => Ok(()),
        }
    }

    fn warn(&mut self, line: u64, message: String) -> Result<(), FormatError> {
        self.sink.warning(Warning { line, message })
    }
}

/// The message and version that a namespace names.
fn message_of(namespace: &str) -> Option<(Message, u32)> {
    let rest = NAMESPACES
        .iter()
        .find_map(|start| namespace.strip_prefix(start))?;
    let mut parts = rest.split([':', '.']);
    let (area, number, variant) = (parts.next()?, parts.next()?, parts.next()?);
    let version = parts
        .next()
        .filter(|v| v.len() == 2 && v.bytes().all(|b| b.is_ascii_digit()))?;
    let message = match (area, number, variant) {
        ("camt", "052", "001") => Message::Interim,
        ("camt", "053", "001") => Message::Statement,
        ("camt", "054", "001") => Message::Notification,
        _ => return None,
    };
    Some((message, version.parse().ok()?))
}

fn number_of(message: Message) -> &'static str {
    match message {
        Message::Interim => "camt.052",
        Message::Notification => "camt.054",
        Message::Statement | Message::ProviderReport => "camt.053",
    }
}

/// A namespace in a message: longer than other quotes, since its end tells the version.
fn quote_whole(text: &str) -> String {
    if text.len() <= 120 && !text.chars().any(char::is_control) {
        format!("“{text}”")
    } else {
        quote(text)
    }
}

/// The value that all have, if they have the same one.
fn same<'a>(mut values: impl Iterator<Item = Option<&'a String>>) -> Option<String> {
    let first = values.next()??;
    values
        .all(|other| other == Some(first))
        .then(|| first.clone())
}

/// An amount and its currency.
type Priced = (rust_decimal::Decimal, Currency);
