//! Imports, items and figures for people. The figures are counted when they are asked for; nothing
//! here is kept twice.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use model::settlement::{
    AgeBand, Ageing, BankProof, ImportView, ItemFilter, ItemRow, ItemStatus, NoteView,
    PaymentSettlement, PayoutView, ReconciliationSummary, SettledBankLine, SettledGatewayLine,
};
use model::zone::Zone;
use model::{Actor, Currency, ImportId, ItemId, Money, Page, PaymentId, Permission, Problem};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Payments;
use crate::bookkeeping;
use crate::error::Error;
use crate::orders::{read_cursor, write_cursor};
use crate::read::zone_of;
use crate::store::items_list::{self, Listed, Note};
use crate::store::settlements::{self, Import};

/// How far back the lag looks, in days.
const LAG_DAYS: i64 = 30;
/// How many payouts on their way the summary shows.
const IN_TRANSIT: i64 = 100;
/// How many characters a note may have.
const NOTE_CHARS: usize = 2_000;

impl Payments {
    /// `GET /settlements`: imports, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none of ours.
    pub async fn list_imports(
        &self,
        actor: &Actor,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Page<ImportView>, Error> {
        actor.require(Permission::SettlementRead)?;
        let zone = zone_of(&actor.zone);
        let after = cursor
            .filter(|c| !c.is_empty())
            .map(read_cursor)
            .transpose()?;
        let limit = page_size(limit);
        let mut conn = self.deps.db.read().await?;
        let after = after.map(|(at, id)| (at, ImportId(id)));
        let rows = settlements::list(&mut conn, after, limit + 1).await?;
        let views = rows
            .into_iter()
            .map(|row| import_view(&zone, row))
            .collect();
        Ok(Page::from_overfetch(
            views,
            usize::try_from(limit).unwrap_or(1),
            |view: &ImportView| write_cursor(view.received_at.at, view.id.0),
        ))
    }

    /// `GET /reconciliation/items`: items of a status, those that came last first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none of ours.
    pub async fn reconciliation_items(
        &self,
        actor: &Actor,
        filter: &ItemFilter,
    ) -> Result<Page<ItemRow>, Error> {
        actor.require(Permission::SettlementRead)?;
        let after = filter
            .cursor
            .as_deref()
            .filter(|c| !c.is_empty())
            .map(read_cursor)
            .transpose()?;
        let limit = page_size(filter.limit);
        let status = filter.status.unwrap_or(ItemStatus::Open);
        let mut conn = self.deps.db.read().await?;
        let after = after.map(|(at, id)| (at, ItemId(id)));
        let mut rows = items_list::list(&mut conn, status, filter.source, after, limit + 1).await?;
        let keep = usize::try_from(limit).unwrap_or(1);
        let more = rows.len() > keep;
        rows.truncate(keep);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|row| write_cursor(row.received_at, row.id.0));
        let items = self
            .item_rows(&mut conn, &zone_of(&actor.zone), rows)
            .await?;
        Ok(Page { items, next })
    }

    /// One item.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn reconciliation_item(&self, actor: &Actor, id: ItemId) -> Result<ItemRow, Error> {
        actor.require(Permission::SettlementRead)?;
        let mut conn = self.deps.db.read().await?;
        let row = items_list::find(&mut conn, id)
            .await?
            .ok_or(Error::NotFound("item"))?;
        let rows = self
            .item_rows(&mut conn, &zone_of(&actor.zone), vec![row])
            .await?;
        rows.into_iter().next().ok_or(Error::NotFound("item"))
    }

    /// `POST /reconciliation/items/{id}/note`: writes on an item. Notes are only ever added.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty or endless text, [`Error::NotFound`].
    pub async fn item_note(
        &self,
        actor: &Actor,
        id: ItemId,
        text: &str,
    ) -> Result<NoteView, Error> {
        actor.require(Permission::SettlementWrite)?;
        let text = text.trim();
        if text.is_empty() || text.chars().count() > NOTE_CHARS || text.contains('\0') {
            let message = format!("Write a note of 1 to {NOTE_CHARS} characters.");
            return Err(Error::Invalid(Problem::invalid_field("text", message)));
        }
        let note = Note {
            id: self.deps.new_id(),
            line: id,
            at: self.deps.now(),
            actor: actor.who.reference(),
            actor_name: actor.who.label().to_owned(),
            text: text.to_owned(),
        };
        let mut tx = self.deps.db.begin("payments.item_note").await?;
        items_list::find(&mut tx, id)
            .await?
            .ok_or(Error::NotFound("item"))?;
        items_list::insert_note(&mut tx, &note).await?;
        tx.commit().await?;
        Ok(note_view(&zone_of(&actor.zone), &note))
    }

    /// `GET /reconciliation/summary`.
    ///
    /// # Errors
    /// When the database or the ledger does not answer.
    pub async fn reconciliation_summary(
        &self,
        actor: &Actor,
    ) -> Result<ReconciliationSummary, Error> {
        actor.require(Permission::SettlementRead)?;
        let now = self.deps.now();
        let zone = zone_of(&actor.zone);
        // One snapshot, or the proof would count a match on one side only.
        let mut tx = self
            .deps
            .db
            .begin("payments.reconciliation_summary")
            .await?;
        settlements::begin_snapshot(&mut tx).await?;
        let counts = items_list::counts(&mut tx).await?;
        let count = |status| {
            counts
                .iter()
                .filter(|row| row.0 == status)
                .map(|row| row.2)
                .sum::<i64>()
        };
        let (matched, open) = (count(ItemStatus::Matched), count(ItemStatus::Open));
        let open_value = counts
            .iter()
            .filter(|r| r.0 == ItemStatus::Open)
            .map(|r| Money::new(r.3, r.1))
            .collect();
        let (lag_p50_s, lag_p95_s) =
            items_list::lag_since(&mut tx, now - TimeDelta::days(LAG_DAYS)).await?;
        let in_transit = settlements::in_transit(&mut tx, IN_TRANSIT).await?;
        let summary = ReconciliationSummary {
            match_rate: (matched + open > 0).then(|| ratio(matched, matched + open)),
            matched_count: matched,
            open_count: open,
            open_value,
            in_transit: in_transit.iter().map(settlements::Payout::view).collect(),
            ageing: ageing(&items_list::open_by_age(&mut tx, zone.day_of(now)).await?),
            last_import_at: items_list::last_import_at(&mut tx)
                .await?
                .map(|at| zone.stamp(at)),
            lag_p50_s,
            lag_p95_s,
            proof: self.proof(&mut tx).await?,
        };
        tx.rollback().await?;
        Ok(summary)
    }

    /// The proof of each bank account, to the cent.
    async fn proof(&self, conn: &mut PgConnection) -> Result<Vec<BankProof>, Error> {
        let mut proofs = Vec::new();
        for account in items_list::accounts(conn).await? {
            let path = bookkeeping::bank(&account.party);
            let ledger = self
                .world
                .ledger
                .balance_in_tx(conn, &path, account.currency)
                .await?;
            let money = |minor| Money::new(minor, account.currency);
            let explained = i128::from(account.opening_minor)
                + i128::from(ledger.minor)
                + i128::from(account.unmatched_minor);
            let off = i128::from(account.closing_minor) - explained;
            proofs.push(BankProof {
                account: account.party,
                brought_forward: money(account.opening_minor),
                ledger,
                unmatched: money(account.unmatched_minor),
                bank: money(account.closing_minor),
                as_of: account.as_of,
                difference: money(i64::try_from(off).unwrap_or(i64::MAX)),
            });
        }
        Ok(proofs)
    }

    /// The way of a payment's money to the bank, for its page; nothing until the gateway's report
    /// is in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn payment_settlement(
        &self,
        actor: &Actor,
        payment: PaymentId,
    ) -> Result<Option<PaymentSettlement>, Error> {
        actor.require(Permission::PaymentsRead)?;
        let mut conn = self.deps.db.read().await?;
        let lines = items_list::of_payment(&mut conn, payment).await?;
        let Some(first) = lines.first() else {
            return Ok(None);
        };
        let sum = |part: fn(&Listed) -> i64| {
            Money::new(
                lines.iter().map(part).fold(0, i64::saturating_add),
                first.currency,
            )
        };
        let gateway_line = SettledGatewayLine {
            item: first.id,
            file: first.file.clone(),
            line: first.line_no,
            booking_date: first.booking_date,
            gross: sum(|line| line.gross_minor.unwrap_or(line.amount_minor)),
            fee: sum(|line| line.fee_minor.unwrap_or(0)),
            net: sum(|line| line.amount_minor),
        };
        let payout = match &first.payout {
            Some(id) => settlements::find_payout(&mut conn, &first.party, id).await?,
            None => None,
        };
        let bank = match payout.as_ref().and_then(|p| p.bank_line_id) {
            Some(id) => items_list::find(&mut conn, id).await?,
            None => None,
        };
        Ok(Some(PaymentSettlement {
            gateway_line,
            payout: payout.map(|p| p.view()),
            bank_line: bank.map(|line| SettledBankLine {
                item: line.id,
                account: line.party,
                file: line.file,
                statement: line.statement,
                position: line.position,
                booking_date: line.booking_date,
                money: Money::new(line.amount_minor, line.currency),
            }),
        }))
    }

    /// Rows with their candidates and notes.
    async fn item_rows(
        &self,
        conn: &mut PgConnection,
        zone: &Zone,
        rows: Vec<Listed>,
    ) -> Result<Vec<ItemRow>, Error> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
        let pairs = items_list::candidates(conn, &ids).await?;
        let wanted: Vec<Uuid> = pairs.iter().map(|pair| pair.1).collect();
        let payouts: HashMap<Uuid, PayoutView> = settlements::payouts_by_ids(conn, &wanted)
            .await?
            .iter()
            .map(|payout| (payout.id.0, payout.view()))
            .collect();
        let notes = items_list::notes(conn, &ids).await?;
        let today = zone.day_of(self.deps.now());
        Ok(rows
            .into_iter()
            .map(|row| {
                let candidates = pairs.iter().filter(|pair| pair.0 == row.id.0);
                let candidates = candidates
                    .filter_map(|pair| payouts.get(&pair.1).cloned())
                    .collect();
                let notes = notes.iter().filter(|note| note.line == row.id);
                let notes = notes.map(|note| note_view(zone, note)).collect();
                item_row(zone, today, row, candidates, notes)
            })
            .collect())
    }
}

fn item_row(
    zone: &Zone,
    today: chrono::NaiveDate,
    row: Listed,
    candidates: Vec<PayoutView>,
    notes: Vec<NoteView>,
) -> ItemRow {
    let money = |minor| Money::new(minor, row.currency);
    let since = row
        .value_date
        .or(row.booking_date)
        .unwrap_or_else(|| zone.day_of(row.received_at));
    ItemRow {
        payment: row.payment(),
        id: row.id,
        source: row.source,
        status: row.status,
        kind: row.kind,
        import_id: row.import_id,
        line: row.line_no,
        position: row.position,
        booking_date: row.booking_date,
        value_date: row.value_date,
        age_days: (today - since).num_days().max(0),
        money: money(row.amount_minor),
        gross: row.gross_minor.map(money),
        fee: row.fee_minor.map(money),
        reason: row.reason,
        rule: row.rule,
        matched_at: row.matched_at.map(|at| zone.stamp(at)),
        party: row.party,
        file: row.file,
        statement: row.statement,
        counterparty: row.counterparty,
        text: row.text,
        reference: row.reference,
        end_to_end_id: row.end_to_end_id,
        payout: row.payout,
        explanation: row.explanation,
        candidates,
        notes,
    }
}

fn note_view(zone: &Zone, note: &Note) -> NoteView {
    NoteView {
        id: note.id,
        at: zone.stamp(note.at),
        by: note.actor_name.clone(),
        text: note.text.clone(),
    }
}

pub(super) fn import_view(zone: &Zone, import: Import) -> ImportView {
    ImportView {
        id: import.id,
        name: import.name,
        format: import.format,
        version: import.version,
        status: import.status,
        lines_seen: import.lines_seen,
        bytes_done: import.bytes_done,
        bytes_total: import.bytes_total,
        lines: import.lines,
        repeated: import.repeated,
        matched: import.matched,
        open: import.open,
        error: import.error,
        warnings: import.warnings,
        statements: import.statements,
        received_at: zone.stamp(import.received_at),
        finished_at: import.finished_at.map(|at| zone.stamp(at)),
        by: import.received_by_name,
    }
}

fn page_size(limit: Option<u32>) -> i64 {
    i64::from(limit.unwrap_or(50)).clamp(1, Page::<ItemRow>::MAX)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a rate for people, of counts far below 2^52"
)]
fn ratio(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

/// Every band, also the empty ones.
fn ageing(rows: &[(i64, Currency, i64, i64)]) -> Vec<Ageing> {
    AgeBand::ALL
        .iter()
        .map(|band| {
            let mut count = 0;
            let mut value: BTreeMap<Currency, i64> = BTreeMap::new();
            for (_, currency, lines, minor) in
                rows.iter().filter(|row| AgeBand::of_days(row.0) == *band)
            {
                count += lines;
                let sum = value.entry(*currency).or_default();
                *sum = sum.saturating_add(*minor);
            }
            let value = value
                .into_iter()
                .map(|(currency, minor)| Money::new(minor, currency))
                .collect();
            Ageing {
                band: *band,
                count,
                value,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_summed_into_all_four_bands() {
        let rows = [
            (0, Currency::EUR, 1, 100),
            (1, Currency::EUR, 2, 50),
            (2, Currency::USD, 1, 7),
            (8, Currency::EUR, 1, 9),
        ];
        let bands = ageing(&rows);
        assert_eq!(
            bands.iter().map(|b| b.count).collect::<Vec<_>>(),
            [1, 3, 0, 1]
        );
        assert_eq!(
            bands[1].value,
            [Money::new(50, Currency::EUR), Money::new(7, Currency::USD)]
        );
    }
}
