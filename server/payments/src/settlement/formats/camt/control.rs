//! Control totals: what the bank says the lines make, and what they do make.

use model::Currency;
use rust_decimal::Decimal;

use super::super::super::parsed::{Balance, Fault, FormatError, Line, StatementHead};
use super::super::amount::WIDE;
use super::super::xml::{Tag, Xml};
use super::super::{MAX_FAULTS, amount_text};
use model::settlement::EntryStatus;

/// One of the sums of `TxsSummry`.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    line: u64,
    count: Option<u64>,
    sum: Option<Decimal>,
}

impl Told {
    fn read(xml: &mut Xml<'_>) -> Result<Self, FormatError> {
        let mut told = Self {
            line: xml.line(),
            ..Self::default()
        };
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::NbOfNtries => told.count = Some(xml.count(tag)?),
                // Some banks write the sum of debits with a minus.
                Tag::Sum => told.sum = Some(xml.decimal(tag, WIDE)?.abs()),
                _ => xml.skip()?,
            }
        }
        Ok(told)
    }
}

/// `TxsSummry`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Summary {
    all: Option<Told>,
    credits: Option<Told>,
    debits: Option<Told>,
}

impl Summary {
    /// Reads the element that was just opened.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self, FormatError> {
        let mut summary = Self::default();
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::TtlNtries => summary.all = Some(Told::read(xml)?),
                Tag::TtlCdtNtries => summary.credits = Some(Told::read(xml)?),
                Tag::TtlDbtNtries => summary.debits = Some(Told::read(xml)?),
                _ => xml.skip()?,
            }
        }
        Ok(summary)
    }
}

/// Entries of one direction.
#[derive(Clone, Copy, Debug, Default)]
struct Heap {
    count: u64,
    sum: Decimal,
}

impl Heap {
    /// False when the sum leaves what a decimal can hold.
    fn add(&mut self, amount: Decimal) -> bool {
        self.count += 1;
        match self.sum.checked_add(amount.abs()) {
            Some(sum) => {
                self.sum = sum;
                true
            }
            None => false,
        }
    }
}

/// The running sums of a statement.
#[derive(Debug, Default)]
pub(super) struct Totals {
    booked_credits: Heap,
    booked_debits: Heap,
    other_credits: Heap,
    other_debits: Heap,
    /// Set when a booked line does not tell its amount in the account's currency.
    unknown: bool,
    faults: Vec<Fault>,
}

impl Totals {
    /// Counts a line in.
    pub(super) fn add(&mut self, line: &Line, currency: Option<Currency>) {
        let same = currency.is_none_or(|c| c == line.currency);
        let amount = if same {
            Some(line.amount)
        } else {
            line.account_amount
        };
        let booked = line.status == EntryStatus::Booked;
        let heap = match (booked, line.amount.is_sign_negative()) {
            (true, false) => &mut self.booked_credits,
            (true, true) => &mut self.booked_debits,
            (false, false) => &mut self.other_credits,
            (false, true) => &mut self.other_debits,
        };
        let counted = heap.add(amount.unwrap_or_default());
        self.unknown |= !counted || (booked && amount.is_none());
    }

    /// Notes a total that does not hold.
    pub(super) fn fault(&mut self, line: u64, message: String) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { line, message });
        }
    }

    /// How many lines are booked.
    pub(super) fn booked(&self) -> u64 {
        self.booked_credits.count + self.booked_debits.count
    }

    /// How many lines are not booked.
    pub(super) fn not_booked(&self) -> u64 {
        self.other_credits.count + self.other_debits.count
    }

    /// The booked credits and debits, both positive.
    pub(super) fn sums(&self) -> (Decimal, Decimal) {
        (self.booked_credits.sum, self.booked_debits.sum)
    }

    /// Holds the balances against the lines.
    pub(super) fn balanced(&mut self, head: &StatementHead) -> Option<bool> {
        let (opening, closing) = (head.opening?, head.closing?);
        if self.unknown
            || opening.currency != closing.currency
            || head.currency != Some(opening.currency)
        {
            return None;
        }
        let (credits, debits) = self.sums();
        let reached = opening.amount.checked_add(credits)?.checked_sub(debits)?;
        let balanced = reached == closing.amount;
        if !balanced {
            let text = |amount| amount_text(amount, Some(opening.currency));
            let message = format!(
                "the opening balance {} and the booked lines make {}, not the closing balance {}",
                text(opening.amount),
                text(reached),
                text(closing.amount)
            );
            self.fault(0, message);
        }
        Some(balanced)
    }

    /// Holds the bank's summary against the lines. Banks differ on whether it counts lines that
    /// are not booked, and a few give the net amount as the sum of all: each of these passes.
    pub(super) fn compare(&mut self, summary: &Summary, currency: Option<Currency>) {
        let both = |booked: Heap, other: Heap| {
            [
                (booked.count, booked.sum),
                (
                    booked.count + other.count,
                    booked.sum.saturating_add(other.sum),
                ),
            ]
        };
        let credits = both(self.booked_credits, self.other_credits);
        let debits = both(self.booked_debits, self.other_debits);
        let sum = |a: (u64, Decimal), b: (u64, Decimal)| (a.0 + b.0, a.1.saturating_add(b.1));
        let net = |a: (u64, Decimal), b: (u64, Decimal)| (a.0 + b.0, a.1.saturating_sub(b.1).abs());
        let all = [
            sum(credits[0], debits[0]),
            sum(credits[1], debits[1]),
            net(credits[0], debits[0]),
            net(credits[1], debits[1]),
        ];
        self.compare_one("entries", summary.all, &all, currency);
        self.compare_one("credit entries", summary.credits, &credits, currency);
        self.compare_one("debit entries", summary.debits, &debits, currency);
    }

    fn compare_one(
        &mut self,
        what: &str,
        told: Option<Told>,
        found: &[(u64, Decimal)],
        currency: Option<Currency>,
    ) {
        let Some(told) = told else {
            return;
        };
        if let Some(count) = told.count
            && found.iter().all(|(c, _)| *c != count)
        {
            let message = format!(
                "the summary counts {count} {what}, the file has {}",
                found[0].0
            );
            self.fault(told.line, message);
        }
        if let Some(sum) = told.sum
            && !self.unknown
            && found.iter().all(|(_, s)| *s != sum)
        {
            let (told_sum, made) = (
                amount_text(sum, currency),
                amount_text(found[0].1, currency),
            );
            let message = format!("the summary of {what} says {told_sum}, the lines make {made}");
            self.fault(told.line, message);
        }
    }

    /// The faults, once everything was compared.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }
}

/// A balance with the code of its type.
#[derive(Clone, Debug)]
pub(super) struct CodedBalance {
    /// `OPBD`, `CLBD`, `PRCD` and so on; empty for a type of the bank's own.
    pub code: String,
    /// The balance.
    pub balance: Option<Balance>,
}

impl CodedBalance {
    /// Reads the `Bal` that was just opened.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self, FormatError> {
        let mut code = String::new();
        let mut amount = None;
        let mut credit = None;
        let mut date = None;
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::Tp => code = Self::code(xml)?,
                Tag::Amt => amount = Some(xml.amount(tag)?),
                Tag::CdtDbtInd => credit = Some(xml.is_credit()?),
                Tag::Dt => date = super::statement::choice_of_day(xml)?,
                _ => xml.skip()?,
            }
        }
        let balance = match (amount, credit) {
            (Some((amount, Some(currency))), Some(true)) => Some(Balance {
                amount,
                currency,
                date,
            }),
            (Some((amount, Some(currency))), Some(false)) => Some(Balance {
                amount: -amount,
                currency,
                date,
            }),
            (Some((_, Some(_))), None) => {
                return Err(xml.fault_at(Tag::Bal, "the balance has no CdtDbtInd"));
            }
            (Some((_, None)), _) => {
                return Err(xml.fault_at(Tag::Bal, "the balance names no currency"));
            }
            (None, _) => None,
        };
        Ok(Self { code, balance })
    }

    fn code(xml: &mut Xml<'_>) -> Result<String, FormatError> {
        let mut code = String::new();
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::CdOrPrtry => {
                    while let Some(tag) = xml.child()? {
                        match tag {
                            Tag::Cd => code = xml.words()?.unwrap_or_default(),
                            _ => xml.skip()?,
                        }
                    }
                }
                _ => xml.skip()?,
            }
        }
        Ok(code)
    }
}
