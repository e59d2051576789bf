//! One statement: `Stmt`, `Rpt` or `Ntfctn`.

use chrono::NaiveDate;

use super::super::super::parsed::{FormatError, Line, StatementEnd, StatementHead};
use super::super::xml::{Tag, Xml};
use super::super::{MAX_LINES, amount_text};
use super::Camt;
use super::control::{CodedBalance, Summary, Totals};
use super::entry::Entry;
use model::settlement::EntryStatus;

/// A statement that is being read.
#[derive(Default)]
struct Open {
    head: StatementHead,
    /// Whether the opening balance is OPBD and not PRCD, its stand-in.
    opening_is_own: bool,
    begun: bool,
    summary: Summary,
    totals: Totals,
    lines: u64,
    /// Where the first lines are that are not booked.
    not_booked_at: Vec<u64>,
}

impl Camt<'_, '_> {
    /// Reads the statement that was just opened.
    pub(super) fn statement(&mut self) -> Result<(), FormatError> {
        let mut open = Open::default();
        while let Some(tag) = self.xml.child()? {
            match tag {
                Tag::Id => open.head.statement_id = self.xml.words()?,
                Tag::ElctrncSeqNb => open.head.sequence = self.xml.words()?,
                Tag::FrToDt => period(&mut self.xml, &mut open.head)?,
                Tag::Acct => account(&mut self.xml, &mut open.head)?,
                Tag::Bal => open.balance(CodedBalance::read(&mut self.xml)?),
                Tag::TxsSummry => open.summary = Summary::read(&mut self.xml)?,
                Tag::Ntry => {
                    let entry = Entry::read(&mut self.xml)?;
                    self.entry(entry, &mut open)?;
                }
                _ => self.xml.skip()?,
            }
        }
        self.begin(&mut open)?;
        self.close(open)
    }

    fn entry(&mut self, entry: Entry, open: &mut Open) -> Result<(), FormatError> {
        let line = entry.into_line(open.head.currency, &mut open.totals)?;
        open.head.currency = open.head.currency.or(Some(line.currency));
        self.lines += 1;
        open.lines += 1;
        if self.lines > MAX_LINES {
            return Err(FormatError::new(
                line.line,
                "Ntry",
                format!("more than {MAX_LINES} entries"),
            ));
        }
        self.begin(open)?;
        open.totals.add(&line, open.head.currency);
        self.notice(&line, open)?;
        self.sink.line(line)
    }

    fn notice(&mut self, line: &Line, open: &mut Open) -> Result<(), FormatError> {
        if line.status != EntryStatus::Booked && open.not_booked_at.len() < 5 {
            open.not_booked_at.push(line.line);
        }
        let foreign = open.head.currency.filter(|c| *c != line.currency);
        if let (Some(currency), None) = (foreign, line.account_amount) {
            let amount = amount_text(line.amount, Some(line.currency));
            let message = format!(
                "the entry of {amount} {} is not in the account's {currency} and tells no amount in it",
                line.currency
            );
            self.warn(line.line, message)?;
        }
        Ok(())
    }

    /// Announces the statement before its first line, or at its end when it has none.
    fn begin(&mut self, open: &mut Open) -> Result<(), FormatError> {
        if open.begun {
            return Ok(());
        }
        open.begun = true;
        self.send_head()?;
        self.sink.statement(&open.head)
    }

    fn close(&mut self, mut open: Open) -> Result<(), FormatError> {
        let not_booked = open.totals.not_booked();
        if not_booked > 0 {
            let mut at: Vec<String> = open.not_booked_at.iter().map(u64::to_string).collect();
            if not_booked > open.not_booked_at.len() as u64 {
                at.push("…".to_owned());
            }
            let message = format!(
                "{not_booked} of {} entries are not booked and do not count in the balance (line {})",
                open.lines,
                at.join(", ")
            );
            self.warn(0, message)?;
        }
        let balanced = open.totals.balanced(&open.head);
        open.totals.compare(&open.summary, open.head.currency);
        let (credits, debits) = open.totals.sums();
        self.sink.end(StatementEnd {
            lines: open.lines,
            booked: open.totals.booked(),
            credits,
            debits,
            balanced,
            faults: open.totals.into_faults(),
            head: open.head,
        })
    }
}

impl Open {
    fn balance(&mut self, coded: CodedBalance) {
        let Some(balance) = coded.balance else {
            return;
        };
        match coded.code.as_str() {
            "OPBD" if !self.opening_is_own => {
                self.head.opening = Some(balance);
                self.opening_is_own = true;
            }
            "PRCD" if self.head.opening.is_none() => self.head.opening = Some(balance),
            // A statement in several pages closes with the last one.
            "CLBD" => self.head.closing = Some(balance),
            _ => {}
        }
        self.head.currency = self.head.currency.or(Some(balance.currency));
    }
}

fn period(xml: &mut Xml<'_>, head: &mut StatementHead) -> Result<(), FormatError> {
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::FrDtTm | Tag::FrDt => head.from = Some(xml.day(tag)?),
            Tag::ToDtTm | Tag::ToDt => head.to = Some(xml.day(tag)?),
            _ => xml.skip()?,
        }
    }
    Ok(())
}

fn account(xml: &mut Xml<'_>, head: &mut StatementHead) -> Result<(), FormatError> {
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Id => head.account = account_id(xml)?,
            Tag::Ccy => head.currency = Some(xml.currency_text(tag)?),
            Tag::Ownr => head.owner = name_of_party(xml)?,
            _ => xml.skip()?,
        }
    }
    Ok(())
}

/// The IBAN or another number of the account whose `Id` was just opened.
pub(super) fn account_id(xml: &mut Xml<'_>) -> Result<Option<String>, FormatError> {
    let mut id = None;
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::IBAN => id = xml.words()?,
            Tag::Othr => {
                while let Some(tag) = xml.child()? {
                    match tag {
                        Tag::Id => id = id.or(xml.words()?),
                        _ => xml.skip()?,
                    }
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok(id)
}

/// The name of a party: directly within it before version 7, in `Pty` or `Agt` since.
pub(super) fn name_of_party(xml: &mut Xml<'_>) -> Result<Option<String>, FormatError> {
    let mut name = None;
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Nm => name = name.or(xml.words()?),
            // The nesting is bounded by the reader's limit on depth.
            Tag::Pty | Tag::Agt | Tag::FinInstnId => name = name.or(name_of_party(xml)?),
            _ => xml.skip()?,
        }
    }
    Ok(name)
}

/// The day of an element that holds `Dt` or `DtTm`.
pub(super) fn choice_of_day(xml: &mut Xml<'_>) -> Result<Option<NaiveDate>, FormatError> {
    let mut day = None;
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Dt | Tag::DtTm => day = Some(xml.day(tag)?),
            _ => xml.skip()?,
        }
    }
    Ok(day)
}
