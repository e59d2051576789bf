//! The amounts beside an amount: what was ordered, at which rate, and what the bank kept.

use model::Currency;
use rust_decimal::Decimal;

use super::super::super::parsed::FormatError;
use super::super::amount::WIDE;
use super::super::xml::{Tag, Xml};
use super::Priced;

/// `AmtDtls`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AmountDetails {
    /// What was ordered.
    pub instructed: Option<Priced>,
    /// What was moved.
    pub transacted: Option<Priced>,
    /// What it came to in the other currency.
    pub counter_value: Option<Priced>,
    /// The rate, wherever it is told.
    pub rate: Option<Decimal>,
}

impl AmountDetails {
    /// Reads the element that was just opened.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self, FormatError> {
        let mut details = Self::default();
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::InstdAmt => details.instructed = details.part(xml)?,
                Tag::TxAmt => details.transacted = details.part(xml)?,
                Tag::CntrValAmt => details.counter_value = details.part(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(details)
    }

    fn part(&mut self, xml: &mut Xml<'_>) -> Result<Option<Priced>, FormatError> {
        let mut priced = None;
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::Amt => {
                    let (amount, currency) = xml.amount(Tag::Amt)?;
                    priced = currency.map(|currency| (amount, currency));
                }
                Tag::CcyXchg => self.exchange(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(priced)
    }

    fn exchange(&mut self, xml: &mut Xml<'_>) -> Result<(), FormatError> {
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::XchgRate => self.rate = Some(xml.decimal(Tag::XchgRate, WIDE)?),
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// The amount in a currency, whichever of the three is in it.
    pub(super) fn in_currency(&self, currency: Currency) -> Option<Decimal> {
        [self.transacted, self.counter_value, self.instructed]
            .into_iter()
            .flatten()
            .find(|(_, c)| *c == currency)
            .map(|(amount, _)| amount)
    }
}

/// `Chrgs`: one element with records since version 3, one element for each charge before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Charges {
    total: Option<Priced>,
    records: Option<Decimal>,
    currency: Option<Currency>,
    mixed: bool,
    /// Whether the entry's amount is net of them; `None` when nothing says so.
    included: Option<bool>,
}

impl Charges {
    /// Reads one more element that was just opened.
    pub(super) fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), FormatError> {
        let mut own = None;
        let mut credit = None;
        let mut included = None;
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::TtlChrgsAndTaxAmt => {
                    if let (amount, Some(currency)) = xml.amount(tag)? {
                        self.total = Some((amount, currency));
                    }
                }
                Tag::Rcrd => self.record(xml)?,
                Tag::Amt => own = Some(xml.amount(tag)?),
                Tag::CdtDbtInd => credit = Some(xml.is_credit()?),
                Tag::ChrgInclInd => included = Some(xml.is_true(tag)?),
                _ => xml.skip()?,
            }
        }
        self.add(own, credit, included);
        Ok(())
    }

    fn record(&mut self, xml: &mut Xml<'_>) -> Result<(), FormatError> {
        let mut amount = None;
        let mut credit = None;
        let mut included = None;
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::Amt => amount = Some(xml.amount(tag)?),
                Tag::CdtDbtInd => credit = Some(xml.is_credit()?),
                Tag::ChrgInclInd => included = Some(xml.is_true(tag)?),
                _ => xml.skip()?,
            }
        }
        self.add(amount, credit, included);
        Ok(())
    }

    fn add(
        &mut self,
        amount: Option<(Decimal, Option<Currency>)>,
        credit: Option<bool>,
        included: Option<bool>,
    ) {
        let Some((amount, currency)) = amount else {
            return;
        };
        // A charge is money out unless it says that it is money back.
        let signed = if credit == Some(true) {
            -amount
        } else {
            amount
        };
        self.records = self.records.unwrap_or_default().checked_add(signed);
        self.mixed |= self.currency.is_some() && currency.is_some() && self.currency != currency;
        self.currency = self.currency.or(currency);
        self.included = match (self.included, included.unwrap_or(false)) {
            (None, now) => Some(now),
            (Some(before), now) => Some(before && now),
        };
    }

    /// What the bank kept, when it is told in this currency.
    pub(super) fn fee(&self, currency: Currency) -> Option<Decimal> {
        match (self.records, self.total) {
            (Some(sum), _) => {
                let ours = !self.mixed && self.currency.is_none_or(|c| c == currency);
                ours.then_some(sum)
            }
            (None, Some((total, told))) => (told == currency).then_some(total),
            (None, None) => None,
        }
    }

    /// Whether the amount beside them has them taken off already.
    pub(super) fn are_included(&self) -> bool {
        self.included == Some(true)
    }
}
