//! Which column is where.

use std::sync::Arc;

use csv::StringRecord;

use super::super::super::parsed::{FormatError, RawRow};
use super::super::amount::quote;

/// The places of the columns that matter, in this report.
pub(super) struct Columns {
    names: Arc<[String]>,
    pub balance_transaction: Option<usize>,
    pub source: Option<usize>,
    pub charge: Option<usize>,
    pub payment_intent: Option<usize>,
    pub payout: Option<usize>,
    pub payout_date: Option<usize>,
    pub trace: Option<usize>,
    pub created: Option<usize>,
    pub available: Option<usize>,
    pub currency: usize,
    pub gross: Option<usize>,
    pub fee: Option<usize>,
    pub net: Option<usize>,
    pub category: Option<usize>,
    pub kind: Option<usize>,
    pub description: Option<usize>,
    pub customer_amount: Option<usize>,
    pub customer_currency: Option<usize>,
    pub customer_name: Option<usize>,
    account: Option<usize>,
    /// Columns of metadata that may hold our reference, the likeliest first.
    references: Vec<usize>,
}

/// Metadata that is taken for the order's reference before any other.
const REFERENCE_KEYS: [&str; 6] = [
    "order_reference",
    "reference",
    "order_id",
    "order",
    "invoice",
    "external_identifier",
];

/// A column's name without case, spaces and brackets: "Created (UTC)" is `created_utc`.
pub(super) fn plain_name(name: &str) -> String {
    let name = name.trim().trim_matches('"').trim_start_matches('\u{feff}');
    let mut plain = String::with_capacity(name.len());
    for character in name.chars() {
        match character.is_ascii_alphanumeric() {
            true => plain.push(character.to_ascii_lowercase()),
            false if !plain.is_empty() && !plain.ends_with('_') => plain.push('_'),
            false => {}
        }
    }
    plain.truncate(plain.trim_end_matches('_').len());
    plain
}

impl Columns {
    /// Finds the columns in the header.
    pub(super) fn of(header: &StringRecord) -> Result<Self, FormatError> {
        let plain: Vec<String> = header.iter().map(plain_name).collect();
        let wrong = |field: &str, message: String| FormatError::new(1, field, message);
        let find = |names: &[&str]| -> Result<Option<usize>, FormatError> {
            for name in names {
                let mut places = (0..plain.len()).filter(|i| plain[*i] == *name);
                let first = places.next();
                if first.is_some() && places.next().is_some() {
                    return Err(wrong(name, format!("the column {name} is there twice")));
                }
                if first.is_some() {
                    return Ok(first);
                }
            }
            Ok(None)
        };
        let gross = find(&["gross", "amount"])?;
        let fee = find(&["fee", "fees"])?;
        let net = find(&["net"])?;
        let missing = |name: &str| wrong(name, format!("the column {name} is missing"));
        if net.is_none() && (gross.is_none() || fee.is_none()) {
            return Err(missing("net"));
        }
        let category = find(&["reporting_category"])?;
        let kind = find(&["type"])?;
        if category.is_none() && kind.is_none() {
            return Err(missing("reporting_category"));
        }
        let balance_transaction = find(&["balance_transaction_id", "id"])?;
        let source = find(&["source_id", "source"])?;
        if balance_transaction.is_none() && source.is_none() {
            return Err(missing("balance_transaction_id"));
        }
        Ok(Self {
            names: header.iter().map(|name| name.trim().to_owned()).collect(),
            balance_transaction,
            source,
            charge: find(&["charge_id"])?,
            payment_intent: find(&["payment_intent_id"])?,
            payout: find(&["automatic_payout_id", "payout_id", "transfer"])?,
            payout_date: find(&[
                "automatic_payout_effective_at",
                "automatic_payout_effective_at_utc",
                "effective_at",
                "effective_at_utc",
                "transfer_date_utc",
            ])?,
            trace: find(&["trace_id"])?,
            created: find(&["created", "created_utc"])?,
            available: find(&["available_on", "available_on_utc"])?,
            currency: find(&["currency"])?.ok_or_else(|| missing("currency"))?,
            gross,
            fee,
            net,
            category,
            kind,
            description: find(&["description"])?,
            customer_amount: find(&["customer_facing_amount"])?,
            customer_currency: find(&["customer_facing_currency"])?,
            customer_name: find(&["customer_name", "customer_email"])?,
            account: find(&["gateway_account", "account_id", "account"])?,
            references: references(header),
        })
    }

    /// A field, trimmed, unless it is empty.
    pub(super) fn get<'a>(
        &self,
        record: &'a StringRecord,
        place: Option<usize>,
    ) -> Option<&'a str> {
        record
            .get(place?)
            .map(str::trim)
            .filter(|field| !field.is_empty())
    }

    /// A field as its own text.
    pub(super) fn text(&self, record: &StringRecord, place: Option<usize>) -> Option<String> {
        self.get(record, place).map(str::to_owned)
    }

    /// The account that a row names.
    pub(super) fn account(&self, record: &StringRecord) -> Option<String> {
        self.text(record, self.account)
    }

    /// The reference that a row's metadata names.
    pub(super) fn reference(&self, record: &StringRecord) -> Option<String> {
        self.references
            .iter()
            .find_map(|place| self.text(record, Some(*place)))
    }

    /// The name of a column as the header has it.
    pub(super) fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    /// A row to keep.
    pub(super) fn raw(&self, record: &StringRecord) -> RawRow {
        RawRow {
            header: Arc::clone(&self.names),
            values: record.clone(),
        }
    }

    /// Refuses a row that is longer or shorter than the header.
    pub(super) fn check_width(&self, record: &StringRecord, line: u64) -> Result<(), FormatError> {
        if record.len() == self.names.len() {
            return Ok(());
        }
        let first = quote(record.get(0).unwrap_or(""));
        let message = format!(
            "the row that begins with {first} has {} fields, the header has {}",
            record.len(),
            self.names.len()
        );
        Err(FormatError::new(line, "", message))
    }
}

fn references(header: &StringRecord) -> Vec<usize> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (place, name) in header.iter().enumerate() {
        let key = ["payment_metadata[", "charge_metadata[", "refund_metadata["]
            .iter()
            .find_map(|start| name.trim().strip_prefix(start))
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(key) = key {
            let rank = REFERENCE_KEYS
                .iter()
                .position(|k| key.eq_ignore_ascii_case(k));
            found.push((rank.unwrap_or(REFERENCE_KEYS.len()), place));
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, place)| place).collect()
}
