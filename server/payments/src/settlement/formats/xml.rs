//! A pull reader for the XML of ISO 20022: elements as small constants, text without markup,
//! every limit kept, every fault with its line and path.
//!
//! Elements are known by local name. Those under another prefix than the document's are foreign
//! and answered as [`Tag::Other`], so that extensions of a bank cannot pass for content. There is
//! no document type, no entity but the five of XML, and no recursion that a file could deepen.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::super::parsed::FormatError;
use super::amount::{ISO_AMOUNT, Shape, parse_day, parse_decimal, quote};
use super::source::Source;
use super::{MAX_DEPTH, MAX_ENTRY_BYTES, MAX_TEXT_BYTES};
use model::Currency;
use rust_decimal::Decimal;

macro_rules! tags {
    ($($name:ident)+) => {
        /// The elements that matter to us.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(clippy::upper_case_acronyms, reason = "spelled as ISO 20022 spells them")]
        pub(super) enum Tag { Other, $($name),+ }

        impl Tag {
            fn of(name: &str) -> Self {
                match name { $(stringify!($name) => Self::$name,)+ _ => Self::Other }
            }

            /// The element's name; `…` for one that we do not know.
            pub(super) fn name(self) -> &'static str {
                match self { Self::Other => "…", $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}

tags! {
    Document BkToCstmrStmt BkToCstmrAcctRpt BkToCstmrDbtCdtNtfctn GrpHdr Stmt Rpt Ntfctn
    MsgId Id ElctrncSeqNb FrToDt FrDtTm ToDtTm FrDt ToDt Acct IBAN Othr Ccy Ownr Nm
    Bal Tp CdOrPrtry Cd Prtry Amt CdtDbtInd Dt DtTm
    TxsSummry TtlNtries TtlCdtNtries TtlDbtNtries NbOfNtries Sum
    Ntry NtryRef RvslInd Sts BookgDt ValDt AcctSvcrRef BkTxCd Domn Fmly SubFmlyCd
    AmtDtls InstdAmt TxAmt CntrValAmt CcyXchg XchgRate
    Chrgs TtlChrgsAndTaxAmt Rcrd ChrgInclInd
    NtryDtls Btch PmtInfId NbOfTxs TtlAmt TxDtls AddtlNtryInf
    Refs InstrId EndToEndId UETR TxId MndtId
    RltdPties Dbtr Cdtr UltmtDbtr UltmtCdtr DbtrAcct CdtrAcct Pty Agt FinInstnId
    RmtInf Ustrd Strd CdtrRefInf Ref AddtlRmtInf RtrInf Rsn AddtlInf AddtlTxInf
}

/// What comes next in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An element begins.
    Open(Tag),
    /// The innermost element ends.
    Close,
    /// The file ends, and every element with it.
    End,
}

/// The reader.
pub(super) struct Xml<'r> {
    reader: Reader<Source<'r>>,
    buffer: Vec<u8>,
    /// The text since the last tag was opened, entities resolved.
    text: String,
    path: Vec<Tag>,
    line: u64,
    /// The document's prefix, once it is known.
    prefix: Option<String>,
    /// The namespaces in force at the document element, by prefix.
    namespaces: Vec<(String, String)>,
    /// The `Ccy` attribute of the last amount that was opened.
    currency: Option<Currency>,
    known_currency: Option<Currency>,
    seen_root: bool,
    /// Where in the file the entry began that is being kept in memory.
    entry_start: Option<u64>,
}

impl<'r> Xml<'r> {
    /// A reader at the start of a file.
    pub(super) fn new(source: Source<'r>) -> Self {
        let mut reader = Reader::from_reader(source);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::with_capacity(1024),
            text: String::with_capacity(1024),
            path: Vec::with_capacity(MAX_DEPTH),
            line: 1,
            prefix: None,
            namespaces: Vec::new(),
            currency: None,
            known_currency: None,
            seen_root: false,
            entry_start: None,
        }
    }

    /// The line of the file at which the last step began.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Says that what follows is kept in memory until [`Xml::end_entry`], so that its size is
    /// watched.
    pub(super) fn begin_entry(&mut self) {
        self.entry_start = Some(self.reader.buffer_position());
    }

    /// Ends what [`Xml::begin_entry`] began.
    pub(super) fn end_entry(&mut self) {
        self.entry_start = None;
    }

    /// The next element that begins or ends.
    pub(super) fn next(&mut self) -> Result<Step, FormatError> {
        loop {
            self.buffer.clear();
            self.line = self.reader.get_mut().mark();
            let at = self.reader.buffer_position();
            if self
                .entry_start
                .is_some_and(|start| at.saturating_sub(start) > MAX_ENTRY_BYTES)
            {
                return Err(self.fault(format!("an entry of more than {MAX_ENTRY_BYTES} bytes")));
            }
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(fault(&self.path, self.line, describe(&error))),
            };
            let wrong = |message: String| fault(&self.path, self.line, message);
            match event {
                Event::Start(start) => {
                    if self.path.is_empty() && std::mem::replace(&mut self.seen_root, true) {
                        return Err(wrong("a second document begins".into()));
                    }
                    if self.path.len() >= MAX_DEPTH {
                        return Err(wrong(format!("more than {MAX_DEPTH} elements deep")));
                    }
                    let name = start.name();
                    let prefix = name.prefix().map_or("", |p| p.into_inner());
                    let tag = match &self.prefix {
                        Some(ours) if ours != prefix => Tag::Other,
                        _ => Tag::of(name.local_name().into_inner()),
                    };
                    if self.prefix.is_none() {
                        collect_namespaces(&start, &mut self.namespaces).map_err(wrong)?;
                        if tag == Tag::Document {
                            self.prefix = Some(prefix.to_owned());
                        }
                    }
                    if matches!(tag, Tag::Amt | Tag::TtlAmt | Tag::TtlChrgsAndTaxAmt) {
                        self.currency =
                            currency_of(&start, &mut self.known_currency).map_err(|message| {
                                self.path.push(tag);
                                fault(&self.path, self.line, message)
                            })?;
                    }
                    self.path.push(tag);
                    self.text.clear();
                    return Ok(Step::Open(tag));
                }
                Event::End(_) => {
                    self.path.pop();
                    return Ok(Step::Close);
                }
                Event::Text(text) => {
                    let text = text.xml10_content();
                    if self.path.is_empty() && !text.trim().is_empty() {
                        return Err(wrong("there is text outside the document".into()));
                    }
                    append(&mut self.text, &text).map_err(wrong)?;
                }
                Event::CData(text) => {
                    append(&mut self.text, &text.xml10_content()).map_err(wrong)?
                }
                Event::GeneralRef(reference) => {
                    let character = resolve(&reference).map_err(wrong)?;
                    append(&mut self.text, character.encode_utf8(&mut [0; 4])).map_err(wrong)?;
                }
                Event::DocType(_) => {
                    return Err(wrong("a document type definition is not accepted".into()));
                }
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Empty(_) => {
                    // Cannot happen: the reader is told to expand empty elements.
                    return Err(wrong("an empty element was not expanded".into()));
                }
                Event::Eof if self.path.is_empty() => return Ok(Step::End),
                Event::Eof => return Err(wrong("the file ends before the element does".into())),
            }
        }
    }

    /// The next child of the element that is open, or `None` at its end.
    pub(super) fn child(&mut self) -> Result<Option<Tag>, FormatError> {
        match self.next()? {
            Step::Open(tag) => Ok(Some(tag)),
            Step::Close | Step::End => Ok(None),
        }
    }

    /// Passes over the element that was opened last.
    pub(super) fn skip(&mut self) -> Result<(), FormatError> {
        let depth = self.path.len();
        while self.path.len() >= depth && depth > 0 {
            self.next()?;
        }
        Ok(())
    }

    /// The text of the element that was opened last, up to its end, trimmed.
    pub(super) fn text(&mut self) -> Result<&str, FormatError> {
        while self.child()?.is_some() {
            self.skip()?;
        }
        Ok(self.text.trim())
    }

    /// The text gathered in the element that was just closed, trimmed.
    pub(super) fn closed_text(&self) -> &str {
        self.text.trim()
    }

    /// The text of the element, or `None` when there is none.
    pub(super) fn words(&mut self) -> Result<Option<String>, FormatError> {
        let text = self.text()?;
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// An amount that is never negative, with its `Ccy`.
    pub(super) fn amount(&mut self, tag: Tag) -> Result<(Decimal, Option<Currency>), FormatError> {
        let currency = self.currency.take();
        Ok((self.decimal(tag, ISO_AMOUNT)?, currency))
    }

    /// A number.
    pub(super) fn decimal(&mut self, tag: Tag, shape: Shape) -> Result<Decimal, FormatError> {
        let parsed = parse_decimal(self.text()?, shape);
        parsed.map_err(|message| self.fault_at(tag, message))
    }

    /// A count.
    pub(super) fn count(&mut self, tag: Tag) -> Result<u64, FormatError> {
        let text = self.text()?;
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let parsed = if plain { text.parse().ok() } else { None };
        let message = || format!("{} is not a count", quote(text));
        match parsed {
            Some(count) => Ok(count),
            None => {
                let message = message();
                Err(self.fault_at(tag, message))
            }
        }
    }

    /// A day, from a date or a date with a time.
    pub(super) fn day(&mut self, tag: Tag) -> Result<chrono::NaiveDate, FormatError> {
        let parsed = parse_day(self.text()?);
        parsed.map_err(|message| self.fault_at(tag, message))
    }

    /// Whether the element says `CRDT` (true) or `DBIT` (false).
    pub(super) fn is_credit(&mut self) -> Result<bool, FormatError> {
        let message = match self.text()? {
            "CRDT" => return Ok(true),
            "DBIT" => return Ok(false),
            other => format!("{} is neither CRDT nor DBIT", quote(other)),
        };
        Err(self.fault_at(Tag::CdtDbtInd, message))
    }

    /// Whether the element says true.
    pub(super) fn is_true(&mut self, tag: Tag) -> Result<bool, FormatError> {
        let message = match self.text()? {
            "true" | "1" => return Ok(true),
            "false" | "0" => return Ok(false),
            other => format!("{} is neither true nor false", quote(other)),
        };
        Err(self.fault_at(tag, message))
    }

    /// A currency as text.
    pub(super) fn currency_text(&mut self, tag: Tag) -> Result<Currency, FormatError> {
        let parsed = self.text()?.parse::<Currency>();
        parsed.map_err(|error| self.fault_at(tag, error.to_string()))
    }

    /// A fault of the element that is open.
    pub(super) fn fault(&self, message: impl Into<String>) -> FormatError {
        fault(&self.path, self.line, message.into())
    }

    /// A fault of a child of the element that is open, at the current line.
    pub(super) fn fault_at(&self, tag: Tag, message: impl Into<String>) -> FormatError {
        let mut path = self.path.clone();
        path.push(tag);
        fault(&path, self.line, message.into())
    }

    /// The namespace of the document element.
    pub(super) fn namespace(&self) -> Option<&str> {
        let prefix = self.prefix.as_deref()?;
        let declared = self.namespaces.iter().rev().find(|(p, _)| p == prefix);
        declared
            .map(|(_, name)| name.as_str())
            .filter(|name| !name.is_empty())
    }
}

/// The path from the statement downwards, or the whole of it above.
fn fault(path: &[Tag], line: u64, message: String) -> FormatError {
    let skipped = if path.len() > 3 {
        3
    } else {
        path.len().saturating_sub(1)
    };
    let names: Vec<&str> = path[skipped..].iter().map(|tag| tag.name()).collect();
    FormatError::new(line, names.join("/"), message)
}

fn describe(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::UnexpectedEof => "the file ends too early".into(),
            _ => error.to_string(),
        },
        quick_xml::Error::Encoding(_) => "the text is not valid UTF-8".into(),
        quick_xml::Error::IllFormed(error) => format!("the XML is damaged: {error}"),
        quick_xml::Error::Syntax(error) => format!("the XML is damaged or cut off: {error}"),
        other => format!("the XML is damaged: {other}"),
    }
}

fn append(text: &mut String, piece: &str) -> Result<(), String> {
    if text.len() + piece.len() > MAX_TEXT_BYTES {
        return Err(format!("the text is longer than {MAX_TEXT_BYTES} bytes"));
    }
    text.push_str(piece);
    Ok(())
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, String> {
    let name = reference.xml10_content();
    if reference.is_char_ref() {
        return match reference.resolve_char_ref() {
            Ok(Some(character)) => Ok(character),
            _ => Err(format!("&{}; is no character", quote(&name))),
        };
    }
    match &*name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(format!("the entity {} is not defined", quote(&name))),
    }
}

fn collect_namespaces(
    start: &BytesStart<'_>,
    found: &mut Vec<(String, String)>,
) -> Result<(), String> {
    for attribute in start.attributes().with_checks(false).take(MAX_DEPTH) {
        let attribute = attribute.map_err(|e| format!("an attribute is damaged: {e}"))?;
        let prefix = match attribute.key.into_inner() {
            "xmlns" => "",
            name => match name.strip_prefix("xmlns:") {
                Some(prefix) => prefix,
                None => continue,
            },
        };
        if found.len() >= MAX_DEPTH {
            return Err("too many namespaces in front of the document".to_owned());
        }
        found.push((prefix.to_owned(), attribute.value.trim().to_owned()));
    }
    Ok(())
}

fn currency_of(
    start: &BytesStart<'_>,
    known: &mut Option<Currency>,
) -> Result<Option<Currency>, String> {
    for attribute in start.attributes().with_checks(false).take(MAX_DEPTH) {
        let attribute = attribute.map_err(|e| format!("an attribute is damaged: {e}"))?;
        if attribute.key.into_inner() != "Ccy" {
            continue;
        }
        let code = attribute.value.trim();
        // A file has the same currency on nearly every line; looking it up once is enough.
        if let Some(known) = known.filter(|known| known.code() == code) {
            return Ok(Some(known));
        }
        let currency: Currency = code
            .parse()
            .map_err(|_| format!("Ccy {} is not an ISO 4217 currency code", quote(code)))?;
        *known = Some(currency);
        return Ok(Some(currency));
    }
    Ok(None)
}
