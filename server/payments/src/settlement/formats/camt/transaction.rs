//! One transaction within an entry: `TxDtls`.

use model::Currency;
use rust_decimal::Decimal;

use super::super::super::parsed::{Detail, FormatError};
use super::super::xml::{Tag, Xml};
use super::Priced;
use super::money::{AmountDetails, Charges};
use super::statement::{account_id, name_of_party};

/// A transaction as the file has it.
#[derive(Default)]
pub(super) struct Transaction {
    detail: Detail,
    amount: Option<(Decimal, Option<Currency>)>,
    credit: Option<bool>,
    amounts: AmountDetails,
    charges: Charges,
    debtor: Side,
    creditor: Side,
    returned: bool,
}

/// What is told of one party.
#[derive(Default)]
struct Side {
    name: Option<String>,
    ultimate: Option<String>,
    account: Option<String>,
}

impl Transaction {
    /// Reads the `TxDtls` that was just opened.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self, FormatError> {
        let mut transaction = Self::default();
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::Refs => references(xml, &mut transaction.detail)?,
                Tag::Amt => transaction.amount = Some(xml.amount(tag)?),
                Tag::CdtDbtInd => transaction.credit = Some(xml.is_credit()?),
                Tag::AmtDtls => transaction.amounts = AmountDetails::read(xml)?,
                Tag::Chrgs => transaction.charges.read(xml)?,
                Tag::RltdPties => transaction.parties(xml)?,
                Tag::RmtInf => remittance(xml, &mut transaction.detail)?,
                Tag::RtrInf => {
                    transaction.returned = true;
                    returned(xml, &mut transaction.detail)?;
                }
                Tag::AddtlTxInf => transaction.detail.additional_text = xml.words()?,
                _ => xml.skip()?,
            }
        }
        Ok(transaction)
    }

    fn parties(&mut self, xml: &mut Xml<'_>) -> Result<(), FormatError> {
        while let Some(tag) = xml.child()? {
            match tag {
                Tag::Dbtr => self.debtor.name = name_of_party(xml)?,
                Tag::Cdtr => self.creditor.name = name_of_party(xml)?,
                Tag::UltmtDbtr => self.debtor.ultimate = name_of_party(xml)?,
                Tag::UltmtCdtr => self.creditor.ultimate = name_of_party(xml)?,
                Tag::DbtrAcct => self.debtor.account = account(xml)?,
                Tag::CdtrAcct => self.creditor.account = account(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// The detail of a line. `entry_credit` is the entry's direction, which a transaction may
    /// differ from; `whole` is the entry's amount when this is its only transaction.
    pub(super) fn into_detail(
        self,
        entry_credit: bool,
        other_is_debtor: bool,
        whole: Option<(Decimal, Currency)>,
    ) -> Detail {
        let mut detail = self.detail;
        let credit = self.credit.unwrap_or(entry_credit);
        let signed = |amount: Decimal| if credit { amount } else { -amount };
        let own: Option<Priced> = match self.amount {
            Some((amount, Some(currency))) => Some((signed(amount), currency)),
            Some((amount, None)) => whole.map(|(_, currency)| (signed(amount), currency)),
            None => None,
        };
        // Version 2 has no amount of its own here, only the amounts around it; of these the one
        // that was moved is the transaction's, and a lone transaction is the entry itself.
        let around = || {
            let (amount, currency) = self.amounts.transacted.or(self.amounts.instructed)?;
            Some((signed(amount), currency))
        };
        let amount = own.or(whole).or_else(around);
        detail.amount = amount.map(|(amount, _)| amount);
        detail.currency = amount.map(|(_, currency)| currency);
        detail.fee = detail
            .currency
            .and_then(|currency| self.charges.fee(currency));
        detail.instructed = self.amounts.instructed;
        detail.exchange_rate = self.amounts.rate;

        let (other, own_side) = match other_is_debtor {
            true => (self.debtor, self.creditor),
            false => (self.creditor, self.debtor),
        };
        detail.counterparty = other.name.or(other.ultimate);
        detail.counterparty_account = other.account;
        if self.returned && detail.counterparty.is_none() && detail.counterparty_account.is_none() {
            // Banks that mark a return without RvslInd keep the parties of the first payment.
            detail.counterparty = own_side.name.or(own_side.ultimate);
            detail.counterparty_account = own_side.account;
        }
        detail
    }
}

fn references(xml: &mut Xml<'_>, detail: &mut Detail) -> Result<(), FormatError> {
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::AcctSvcrRef => detail.bank_reference = xml.words()?,
            Tag::PmtInfId => detail.batch_id = xml.words()?,
            Tag::InstrId => detail.instruction_id = xml.words()?.filter(|id| is_given(id)),
            Tag::EndToEndId => detail.end_to_end_id = xml.words()?.filter(|id| is_given(id)),
            Tag::UETR => detail.uetr = xml.words()?,
            Tag::TxId => detail.transaction_id = xml.words()?.filter(|id| is_given(id)),
            Tag::MndtId => detail.mandate_id = xml.words()?,
            _ => xml.skip()?,
        }
    }
    Ok(())
}

/// False for what banks write where the payer gave no id.
fn is_given(id: &str) -> bool {
    !["NOTPROVIDED", "NONREF", "NOTAVAILABLE"]
        .iter()
        .any(|filler| id.eq_ignore_ascii_case(filler))
}

fn account(xml: &mut Xml<'_>) -> Result<Option<String>, FormatError> {
    let mut id = None;
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Id => id = account_id(xml)?,
            _ => xml.skip()?,
        }
    }
    Ok(id)
}

fn remittance(xml: &mut Xml<'_>, detail: &mut Detail) -> Result<(), FormatError> {
    let mut additional: Option<String> = None;
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Ustrd => join(&mut detail.text, xml.text()?),
            Tag::Strd => {
                while let Some(tag) = xml.child()? {
                    match tag {
                        Tag::CdtrRefInf => creditor_reference(xml, detail)?,
                        Tag::AddtlRmtInf => join(&mut additional, xml.text()?),
                        _ => xml.skip()?,
                    }
                }
            }
            _ => xml.skip()?,
        }
    }
    detail.text = detail.text.take().or(additional);
    Ok(())
}

fn creditor_reference(xml: &mut Xml<'_>, detail: &mut Detail) -> Result<(), FormatError> {
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Ref => detail.references.extend(xml.words()?),
            _ => xml.skip()?,
        }
    }
    Ok(())
}

fn returned(xml: &mut Xml<'_>, detail: &mut Detail) -> Result<(), FormatError> {
    while let Some(tag) = xml.child()? {
        match tag {
            Tag::Rsn => {
                while let Some(tag) = xml.child()? {
                    match tag {
                        Tag::Cd | Tag::Prtry => detail.return_code = xml.words()?,
                        _ => xml.skip()?,
                    }
                }
            }
            Tag::AddtlInf => join(&mut detail.return_text, xml.text()?),
            _ => xml.skip()?,
        }
    }
    Ok(())
}

fn join(text: &mut Option<String>, piece: &str) {
    if piece.is_empty() {
        return;
    }
    match text {
        Some(text) => {
            text.push(' ');
            text.push_str(piece);
        }
        None => *text = Some(piece.to_owned()),
    }
}
