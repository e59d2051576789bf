//! Each payout against the rows that it pays out.

use std::collections::HashMap;

use model::Currency;
use model::settlement::LineKind;
use rust_decimal::Decimal;

use super::super::super::parsed::{Fault, Line};
use super::super::{MAX_FAULTS, MAX_PAYOUTS, amount_text};

/// The sums by payout. The order of the rows does not matter.
#[derive(Default)]
pub(super) struct Payouts {
    open: HashMap<(String, Currency), Sums>,
}

#[derive(Default)]
struct Sums {
    rows: u64,
    net: Decimal,
    /// Where the payout's own row is, and what it says.
    told: Option<(u64, Decimal)>,
}

impl Payouts {
    /// Counts a row in.
    pub(super) fn add(&mut self, line: &Line) {
        let Some(batch) = &line.batch_id else {
            return;
        };
        let known = self.open.len() < MAX_PAYOUTS;
        let key = (batch.clone(), line.currency);
        if !known && !self.open.contains_key(&key) {
            return;
        }
        let sums = self.open.entry(key).or_default();
        if line.kind == LineKind::Payout {
            let before = sums.told.map_or(Decimal::ZERO, |(_, amount)| amount);
            sums.told = Some((line.line, before.saturating_add(line.amount)));
        } else {
            sums.rows += 1;
            sums.net = sums.net.saturating_add(line.amount);
        }
    }

    /// Notes every payout that is not the sum of its rows. Reports differ on the sign of a payout,
    /// so only its size counts here.
    pub(super) fn check(self, faults: &mut Vec<Fault>) {
        let mut wrong: Vec<Fault> = Vec::new();
        for ((batch, currency), sums) in self.open {
            let Some((line, told)) = sums.told.filter(|_| sums.rows > 0) else {
                continue;
            };
            if told.abs() != sums.net.abs() {
                let text = |amount| amount_text(amount, Some(currency));
                let (told, made) = (text(told), text(sums.net));
                let message = format!("the payout {batch} is {told}, its rows make {made}");
                wrong.push(Fault { line, message });
            }
        }
        wrong.sort_by_key(|fault| fault.line);
        faults.extend(wrong.into_iter().take(MAX_FAULTS));
    }
}
