//! One entry: `Ntry`, with its batch and its transactions.

use chrono::NaiveDate;
use model::Currency;
use model::settlement::{EntryStatus, LineKind};
use rust_decimal::Decimal;

use super::super::super::parsed::{Detail, FormatError, Line};
use super::super::xml::{Tag, Xml};
use super::super::{MAX_DETAILS, amount_text};
use super::control::Totals;
use super::money::{AmountDetails, Charges};
use super::same;
use super::statement::choice_of_day;
use super::transaction::Transaction;

/// An entry as the file has it.
#[derive(Default)]
pub(super) struct Entry {
    line: u64,
    reference: Option<String>,
    amount: Option<(Decimal, Option<Currency>)>,
    credit: Option<bool>,
    reversal: bool,
    status: Option<EntryStatus>,
    booking_date: Option<NaiveDate>,
    value_date: Option<NaiveDate>,
    bank_reference: Option<String>,
    bank_code: Option<String>,
    amounts: AmountDetails,
    charges: Charges,
    batch: Batch,
    transactions: Vec<Transaction>,
    text: Option<String>,
}

/// `Btch`.
#[derive(Default)]
struct Batch {
    message_id: Option<String>,
    payment_id: Option<String>,
    count: Option<u64>,
    total: Option<(Decimal, Option<Currency>)>,
}

impl Entry {
    /// Reads the `Ntry` that was just opened.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self, FormatError> {
        let mut entry = Self {
            line: xml.line(),
            ..Self::default()
        };
        xml.begin_entry();
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::NtryRef => entry.reference = xml.words()?,
                Tag::Amt => entry.amount = Some(xml.amount(tag)?),
                Tag::CdtDbtInd => entry.credit = Some(xml.is_credit()?),
                Tag::RvslInd => entry.reversal = xml.is_true(tag)?,
                Tag::Sts => entry.status = Some(status(xml)?),
                Tag::BookgDt => entry.booking_date = choice_of_day(xml)?,
                Tag::ValDt => entry.value_date = choice_of_day(xml)?,
                Tag::AcctSvcrRef => entry.bank_reference = xml.words()?,
                Tag::BkTxCd => entry.bank_code = bank_code(xml)?,
                Tag::AmtDtls => entry.amounts = AmountDetails::read(xml)?,
                Tag::Chrgs => entry.charges.read(xml)?,
                Tag::NtryDtls => entry.details(xml)?,
                Tag::AddtlNtryInf => entry.text = xml.words()?,
                _ => xml.skip()?,
            }
        }
        xml.end_entry();
        Ok(entry)
    }

    fn details(&mut self, xml: &mut Xml<'_>) -> Result<(), FormatError> {
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::Btch => self.batch = Batch::read(xml)?,
                Tag::TxDtls => {
                    if self.transactions.len() >= MAX_DETAILS {
                        let message = format!("more than {MAX_DETAILS} transactions in one entry");
                        return Err(xml.fault(message));
                    }
                    self.transactions.push(Transaction::read(xml)?);
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// The line that the entry is. `account` is the statement's currency as far as it is known.
    pub(super) fn into_line(
        self,
        account: Option<Currency>,
        totals: &mut Totals,
    ) -> Result<Line, FormatError> {
        let missing = |what: &str| {
            let message = format!("the entry has no {what}");
            FormatError::new(self.line, "Ntry", message)
        };
        let (amount, currency) = self.amount.ok_or_else(|| missing("Amt"))?;
        let currency = currency.or(account).ok_or_else(|| missing("currency"))?;
        let credit = self.credit.ok_or_else(|| missing("CdtDbtInd"))?;
        let signed = if credit { amount } else { -amount };
        // The other party of a reversal is that of the entry it reverses.
        let other_is_debtor = credit != self.reversal;
        let only = self.transactions.len() == 1;
        let details: Vec<Detail> = self
            .transactions
            .into_iter()
            .map(|transaction| {
                transaction.into_detail(credit, other_is_debtor, only.then_some((signed, currency)))
            })
            .collect();

        let batch_id = self.batch.payment_id.or(self.batch.message_id);
        check_batch(
            self.line,
            signed,
            currency,
            self.batch.count,
            self.batch.total,
            &details,
            totals,
        );

        let mut line = Line::new(self.line, LineKind::Entry, signed, currency);
        line.status = self.status.unwrap_or(EntryStatus::Booked);
        if line.status != EntryStatus::Booked {
            line.kind = LineKind::Other;
        }
        line.booking_date = self.booking_date;
        line.value_date = self.value_date;
        line.reversal = self.reversal;
        line.account_amount = account
            .filter(|account| *account != currency)
            .and_then(|account| self.amounts.in_currency(account))
            .map(|amount| if credit { amount } else { -amount });
        let charges_of_details = || {
            let fees: Option<Vec<Decimal>> = details
                .iter()
                .map(|d| d.fee.filter(|_| d.currency == Some(currency)))
                .collect();
            fees.filter(|fees| !fees.is_empty()).and_then(|fees| {
                fees.into_iter()
                    .try_fold(Decimal::ZERO, Decimal::checked_add)
            })
        };
        line.fee = self.charges.fee(currency).or_else(charges_of_details);
        if let (true, Some(fee)) = (self.charges.are_included(), line.fee) {
            line.net = Some(signed);
            line.gross = signed.checked_add(fee);
        }
        line.batch_id = batch_id.or_else(|| same(details.iter().map(|d| d.batch_id.as_ref())));
        line.reference = match details.as_slice() {
            [only] => only.references.first().cloned(),
            _ => None,
        };
        line.reference = line.reference.or_else(|| self.reference.clone());
        line.entry_reference = self.reference;
        line.bank_code = self.bank_code;
        line.provider_id = self.bank_reference;
        line.text = self.text;
        if let [only] = details.as_slice() {
            line.end_to_end_id.clone_from(&only.end_to_end_id);
            line.provider_id = line.provider_id.or_else(|| only.bank_reference.clone());
            let words = only.text.as_ref().or(only.additional_text.as_ref());
            line.text = words.cloned().or(line.text);
        }
        line.counterparty = same(details.iter().map(|d| d.counterparty.as_ref()));
        line.counterparty_account = same(details.iter().map(|d| d.counterparty_account.as_ref()));
        line.details = details;
        Ok(line)
    }
}

impl Batch {
    fn read(xml: &mut Xml<'_>) -> Result<Self, FormatError> {
        let mut batch = Self::default();
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::MsgId => batch.message_id = xml.words()?,
                Tag::PmtInfId => batch.payment_id = xml.words()?,
                Tag::NbOfTxs => batch.count = Some(xml.count(tag)?),
                Tag::TtlAmt => batch.total = Some(xml.amount(tag)?),
                _ => xml.skip()?,
            }
        }
        Ok(batch)
    }
}

/// Holds the transactions of an entry against its amount and its batch. Without transactions
/// there is nothing to hold: banks may leave them to another file.
fn check_batch(
    line: u64,
    amount: Decimal,
    currency: Currency,
    count: Option<u64>,
    total: Option<(Decimal, Option<Currency>)>,
    details: &[Detail],
    totals: &mut Totals,
) {
    let text = |amount| amount_text(amount, Some(currency));
    if details.is_empty() {
        return;
    }
    if let Some(count) = count
        && count != details.len() as u64
    {
        totals.fault(
            line,
            format!(
                "the batch counts {count} transactions, the entry has {}",
                details.len()
            ),
        );
    }
    let told = |detail: &Detail| detail.amount.filter(|_| detail.currency == Some(currency));
    let amounts: Option<Vec<Decimal>> = details.iter().map(told).collect();
    let sum = |amounts: Vec<Decimal>| {
        amounts
            .into_iter()
            .try_fold(Decimal::ZERO, Decimal::checked_add)
    };
    let Some(sum) = amounts.and_then(sum) else {
        return;
    };
    let fees = details
        .iter()
        .filter_map(|d| d.fee)
        .try_fold(Decimal::ZERO, Decimal::checked_add)
        .unwrap_or_default();
    // The entry may be booked before or after the charges of its transactions.
    if sum != amount && sum.checked_sub(fees) != Some(amount) {
        let message = format!(
            "the transactions make {}, the entry is {}",
            text(sum),
            text(amount)
        );
        totals.fault(line, message);
    }
    if let Some((total, total_currency)) = total
        && total_currency.is_none_or(|c| c == currency)
        && total != sum.abs()
    {
        let message = format!(
            "the batch says {}, its transactions make {}",
            text(total),
            text(sum.abs())
        );
        totals.fault(line, message);
    }
}

/// The status: plain text before version 7, a code or a word of the bank's own since.
fn status(xml: &mut Xml<'_>) -> Result<EntryStatus, FormatError> {
    let mut coded = None;
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Cd => coded = xml.words()?,
            Tag::Prtry => coded = Some(xml.words()?.unwrap_or_default()),
            _ => xml.skip()?,
        }
    }
    Ok(
        match coded.as_deref().unwrap_or_else(|| xml.closed_text()) {
            "BOOK" => EntryStatus::Booked,
            "PDNG" | "FUTR" => EntryStatus::Pending,
            "INFO" => EntryStatus::Information,
            _ => EntryStatus::Unknown,
        },
    )
}

/// The transaction code: the three levels of ISO 20022, or else the bank's own.
fn bank_code(xml: &mut Xml<'_>) -> Result<Option<String>, FormatError> {
    let mut levels: Vec<String> = Vec::new();
    let mut own = None;
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Domn => domain(xml, &mut levels)?,
            Tag::Prtry => {
                while let Some(tag) = xml.child()? {
                    match tag {
                        Tag::Cd => own = xml.words()?,
                        _ => xml.skip()?,
                    }
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok(if levels.is_empty() {
        own
    } else {
        Some(levels.join("/"))
    })
}

fn domain(xml: &mut Xml<'_>, levels: &mut Vec<String>) -> Result<(), FormatError> {
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Cd | Tag::SubFmlyCd => levels.extend(xml.words()?),
            // Bounded by the reader's limit on depth.
            Tag::Fmly => domain(xml, levels)?,
            _ => xml.skip()?,
        }
    }
    Ok(())
}
