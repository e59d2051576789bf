//! One row.

use chrono::NaiveDate;
use csv::StringRecord;
use model::Currency;
use model::settlement::LineKind;
use rust_decimal::Decimal;

use super::super::super::parsed::{FormatError, Line, ProviderRow};
use super::super::amount::{WIDE, parse_day, parse_decimal};
use super::columns::Columns;

/// The line that a row is.
pub(super) fn line_of(
    columns: &Columns,
    record: &StringRecord,
    number: u64,
) -> Result<Line, FormatError> {
    columns.check_width(record, number)?;
    let row = Row {
        columns,
        record,
        line: number,
    };
    let currency = row.currency(columns.currency)?;
    let (gross, fee, net) = row.money()?;
    let category = columns.get(record, columns.category);
    let kind_word = columns.get(record, columns.kind);
    let kind = match (category, kind_word) {
        (Some(word), _) | (None, Some(word)) => kind_of(word, net.is_sign_negative()),
        (None, None) => return Err(row.wrong(columns.category.or(columns.kind), "is empty")),
    };

    let text = |place| columns.text(record, place);
    let provider = ProviderRow {
        balance_transaction: text(columns.balance_transaction),
        source: text(columns.source),
        charge: text(columns.charge),
        payment_intent: text(columns.payment_intent),
        payout: text(columns.payout),
        payout_date: row.day(columns.payout_date)?,
        trace: text(columns.trace),
        category: category.or(kind_word).unwrap_or_default().to_owned(),
        customer: row.customer()?,
        raw: columns.raw(record),
    };
    let mut line = Line::new(row.line, kind, net, currency);
    line.booking_date = row.day(columns.created)?;
    line.value_date = row.day(columns.available)?;
    line.reference = columns.reference(record);
    line.provider_id = [
        &provider.payment_intent,
        &provider.source,
        &provider.balance_transaction,
    ]
    .into_iter()
    .find_map(Clone::clone);
    line.batch_id.clone_from(&provider.payout);
    line.counterparty = text(columns.customer_name);
    line.text = text(columns.description);
    line.gross = gross;
    line.fee = fee;
    line.net = Some(net);
    line.provider = Some(Box::new(provider));
    Ok(line)
}

struct Row<'a> {
    columns: &'a Columns,
    record: &'a StringRecord,
    line: u64,
}

type Figures = (Option<Decimal>, Option<Decimal>, Decimal);

impl Row<'_> {
    fn wrong(&self, place: Option<usize>, message: impl Into<String>) -> FormatError {
        let name = place.map_or("", |place| self.columns.name(place));
        FormatError::new(self.line, name, message)
    }

    fn get(&self, place: Option<usize>) -> Option<&str> {
        self.columns.get(self.record, place)
    }

    fn decimal(&self, place: Option<usize>) -> Result<Option<Decimal>, FormatError> {
        self.get(place)
            .map(|text| parse_decimal(text, WIDE).map_err(|message| self.wrong(place, message)))
            .transpose()
    }

    /// Gross, fee and net. A column that was not chosen follows from the other two.
    fn money(&self) -> Result<Figures, FormatError> {
        let (gross, fee) = (
            self.decimal(self.columns.gross)?,
            self.decimal(self.columns.fee)?,
        );
        let net = match self.decimal(self.columns.net)? {
            Some(net) => net,
            None if self.columns.net.is_some() => {
                return Err(self.wrong(self.columns.net, "is empty"));
            }
            None => {
                let amount = gross.ok_or_else(|| self.wrong(self.columns.gross, "is empty"))?;
                amount
                    .checked_sub(fee.unwrap_or_default())
                    .ok_or_else(|| self.wrong(self.columns.gross, "is too large"))?
            }
        };
        let gross = match (self.columns.gross, fee) {
            (None, Some(fee)) => net.checked_add(fee),
            _ => gross,
        };
        let fee = match (self.columns.fee, gross) {
            (None, Some(gross)) => gross.checked_sub(net),
            _ => fee,
        };
        Ok((gross, fee, net))
    }

    fn currency(&self, place: usize) -> Result<Currency, FormatError> {
        let text = self
            .get(Some(place))
            .ok_or_else(|| self.wrong(Some(place), "is empty"))?;
        text.parse()
            .map_err(|error: model::money::MoneyError| self.wrong(Some(place), error.to_string()))
    }

    fn day(&self, place: Option<usize>) -> Result<Option<NaiveDate>, FormatError> {
        self.get(place)
            .map(|text| parse_day(text).map_err(|message| self.wrong(place, message)))
            .transpose()
    }

    fn customer(&self) -> Result<Option<(Decimal, Currency)>, FormatError> {
        let amount = self.decimal(self.columns.customer_amount)?;
        match (amount, self.columns.customer_currency) {
            (Some(amount), Some(place)) if self.get(Some(place)).is_some() => {
                Ok(Some((amount, self.currency(place)?)))
            }
            _ => Ok(None),
        }
    }
}

/// Our word for Stripe's: the reporting category, or the older type of a balance transaction.
fn kind_of(word: &str, negative: bool) -> LineKind {
    match word {
        // The reversal is the part of an authorisation that was not captured: with the charge it
        // sums up to the capture.
        "charge" | "payment" | "partial_capture_reversal" => LineKind::Capture,
        "refund" | "refund_failure" | "payment_refund" => LineKind::Refund,
        "fee" | "stripe_fee" | "stripe_fx_fee" | "network_cost" | "tax" | "tax_fee" => {
            LineKind::Fee
        }
        "dispute" | "dispute_reversal" => LineKind::Dispute,
        "payout" | "payout_reversal" | "payout_cancel" | "payout_failure" => LineKind::Payout,
        "conversion" | "currency_conversion" => LineKind::Fx,
        "risk_reserved_funds"
        | "connect_reserved_funds"
        | "reserved_funds"
        | "reserve_transaction" => match negative {
            true => LineKind::Hold,
            false => LineKind::Release,
        },
        "payout_minimum_balance_hold" | "payment_network_reserve_hold" => LineKind::Hold,
        "payout_minimum_balance_release" | "payment_network_reserve_release" => LineKind::Release,
        "adjustment"
        | "other_adjustment"
        | "charge_failure"
        | "payment_failure_refund"
        | "payment_reversal"
        | "topup"
        | "topup_reversal"
        | "transfer"
        | "transfer_reversal"
        | "contribution"
        | "advance"
        | "advance_funding"
        | "anticipation_repayment" => LineKind::Adjustment,
        _ => LineKind::Other,
    }
}
