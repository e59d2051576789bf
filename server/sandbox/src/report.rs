//! The provider's itemised payout reconciliation report: one row a balance transaction, amounts
//! in major units, columns found by their names.

use std::collections::BTreeSet;

use chrono::DateTime;

use crate::money;
use crate::state::State;
use crate::stripe::balance::BalanceTransaction;
use crate::stripe::charges::Charge;
use crate::stripe::payouts::Payout;

const COLUMNS: [&str; 26] = [
    "automatic_payout_id",
    "automatic_payout_effective_at",
    "balance_transaction_id",
    "created_utc",
    "created",
    "available_on_utc",
    "available_on",
    "currency",
    "gross",
    "fee",
    "net",
    "reporting_category",
    "source_id",
    "description",
    "customer_facing_amount",
    "customer_facing_currency",
    "charge_id",
    "payment_intent_id",
    "charge_created",
    "payment_method_type",
    "card_brand",
    "card_country",
    "card_funding",
    "trace_id",
    "trace_id_status",
    "statement_descriptor",
];

/// The report of some payouts. `off_by_one` falsifies the last row by one minor unit.
pub(crate) fn csv(state: &State, payouts: &[Payout], off_by_one: bool) -> String {
    let rows: Vec<(&Payout, &BalanceTransaction)> = payouts
        .iter()
        .flat_map(|payout| members(state, &payout.id).map(move |row| (payout, row)))
        .collect();
    let charge_of = |row: &BalanceTransaction| {
        row.charge
            .as_deref()
            .and_then(|id| state.find::<Charge>(id))
    };
    let keys: BTreeSet<&str> = rows
        .iter()
        .filter_map(|(_, row)| charge_of(row))
        .flat_map(|charge| charge.metadata.keys().map(String::as_str))
        .collect();

    let mut out = csv::Writer::from_writer(Vec::new());
    let metadata_columns = keys.iter().map(|key| format!("payment_metadata[{key}]"));
    let header = COLUMNS
        .iter()
        .map(|name| (*name).to_owned())
        .chain(metadata_columns);
    out.write_record(header)
        .expect("writing to memory cannot fail");
    for (at, (payout, row)) in rows.iter().enumerate() {
        let falsified = i64::from(off_by_one && at + 1 == rows.len());
        let charge = charge_of(row);
        let mut record = record(payout, row, charge, falsified);
        record.extend(keys.iter().map(|key| {
            charge
                .and_then(|charge| charge.metadata.get(*key))
                .cloned()
                .unwrap_or_default()
        }));
        out.write_record(&record)
            .expect("every row has a value for every column");
    }
    let bytes = out.into_inner().expect("writing to memory cannot fail");
    String::from_utf8(bytes).expect("only text was written")
}

/// What a payout carried, without the payout itself.
pub(crate) fn members<'a>(
    state: &'a State,
    payout: &'a str,
) -> impl Iterator<Item = &'a BalanceTransaction> {
    state
        .all::<BalanceTransaction>()
        .filter(move |row| row.payout.as_deref() == Some(payout) && row.kind != "payout")
}

fn record(
    payout: &Payout,
    row: &BalanceTransaction,
    charge: Option<&Charge>,
    falsified: i64,
) -> Vec<String> {
    let currency = row.currency.as_str();
    let amount = |minor: i64| money::report_text(minor, currency);
    let faced = matches!(row.reporting_category.as_str(), "charge" | "refund");
    let of_charge = |text: fn(&Charge) -> String| charge.map(text).unwrap_or_default();
    vec![
        payout.id.clone(),
        moment(payout.arrival_date),
        row.id.clone(),
        moment(row.created),
        moment(row.created),
        moment(row.available_on),
        moment(row.available_on),
        currency.to_owned(),
        amount(row.amount + falsified),
        amount(row.fee),
        amount(row.net() + falsified),
        row.reporting_category.clone(),
        row.source.clone(),
        row.description.clone().unwrap_or_default(),
        if faced {
            amount(row.amount)
        } else {
            String::new()
        },
        if faced {
            currency.to_owned()
        } else {
            String::new()
        },
        row.charge.clone().unwrap_or_default(),
        of_charge(|charge| charge.intent.clone().unwrap_or_default()),
        of_charge(|charge| moment(charge.created)),
        of_charge(|_| "card".to_owned()),
        of_charge(|charge| charge.card.brand.clone()),
        of_charge(|charge| charge.card.country.clone()),
        of_charge(|charge| charge.card.funding.clone()),
        payout.trace.clone(),
        "supported".to_owned(),
        String::new(),
    ]
}

/// Seconds as the report writes a moment: `2026-01-30 10:11:12`, UTC.
fn moment(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0)
        .unwrap_or_default()
        .format("%Y-%m-%d %H:%M:%S")
        .to_string()
}
