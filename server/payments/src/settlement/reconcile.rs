//! Holding open lines against what is expected. It has no input: it compares what is there, by a
//! timer and after each import, so it does not matter which file came first or what is late. One
//! run at a time; what it claims and what it books are one transaction.

use chrono::{DateTime, NaiveDate, Utc};
use ledger::Draft;
use model::settlement::{ItemSource, LineKind, MatchRule, OpenReason, PayoutStatus};
use model::{ItemId, MatchId, Money, PaymentId};
use sqlx::PgConnection;
use std::collections::HashMap;

use super::match_lines::{self, BankLine, CaptureLine, ExpectedPayment, ExpectedPayout, Refusal};
use super::news;
use crate::Payments;
use crate::bookkeeping::{bank_credited, fee, paid_out};
use crate::error::Error;
use crate::lifecycle;
use crate::store::items::{self, Claim, OpenLine, Opinion};
use crate::store::settlements;

/// The job of the timer.
pub const JOB: &str = "payments.reconcile";
/// Who matches, for the record.
const BY: &str = "system:settlement";
/// How many rows go to the database at once.
const BATCH: usize = 500;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Lines that were matched.
    pub matched: usize,
    /// Lines that stay open.
    pub open: usize,
    /// Payments that were settled.
    pub settled: usize,
}

/// What a run gathers before it writes.
#[derive(Default)]
struct Decisions {
    claims: Vec<Claim>,
    opinions: Vec<Opinion>,
    entries: Vec<Draft>,
}

impl Decisions {
    fn refuse(&mut self, line: ItemId, refusal: Refusal) {
        self.opinions.push(Opinion {
            line,
            reason: refusal.reason.as_str(),
            explanation: refusal.explanation,
            payment: refusal.payment,
            candidates: refusal.candidates,
        });
    }
}

impl Payments {
    /// Matches whatever can be matched now. A second run finds nothing to do.
    ///
    /// # Errors
    /// When the database does not answer, or the books refuse an entry; then nothing is changed.
    pub async fn reconcile(&self) -> Result<Reconciled, Error> {
        let mut tx = self.deps.db.begin("payments.reconcile").await?;
        let done = self.reconcile_in_tx(&mut tx).await?;
        news::reconciled_in_tx(&self.deps, &mut tx, &done).await?;
        tx.commit().await?;
        metrics::counter!("reconciliation_matched_total").increment(done.matched as u64);
        if done.matched > 0 {
            tracing::info!(
                matched = done.matched,
                open = done.open,
                settled = done.settled,
                "lines were matched"
            );
        }
        Ok(done)
    }

    pub(super) async fn reconcile_in_tx(
        &self,
        conn: &mut PgConnection,
    ) -> Result<Reconciled, Error> {
        items::lock_reconciliation(conn).await?;
        let now = self.deps.now();
        let mut done = Reconciled::default();
        let reports = self.judge_reports(conn).await?;
        self.write(conn, reports, now, &mut done).await?;
        self.book_payouts(conn, now).await?;
        self.match_bank(conn, now, &mut done).await?;
        done.settled = self.settle_arrived(conn, now).await?;
        Ok(done)
    }

    /// The gateway's lines: payments by id, the gateway's own charges, the totals of payouts.
    async fn judge_reports(&self, conn: &mut PgConnection) -> Result<Decisions, Error> {
        let lines = items::open_lines(conn, ItemSource::Gateway).await?;
        let mut made = Decisions::default();
        self.judge_captures(conn, &lines, &mut made).await?;
        let now = self.deps.now();
        for line in &lines {
            match line.kind {
                LineKind::Capture => {}
                LineKind::Fee => {
                    made.entries.extend(entry_of_charge(line, now));
                    made.claims.push(self.claim(line.id, MatchRule::Fee, None));
                }
                LineKind::Payout => match self.judge_total(conn, line).await? {
                    Ok(()) => made
                        .claims
                        .push(self.claim(line.id, MatchRule::PayoutTotal, None)),
                    Err(refusal) => made.refuse(line.id, refusal),
                },
                other => {
                    let text = format!("There is no rule yet that books a {other} of a report.");
                    made.refuse(line.id, Refusal::new(OpenReason::NotBookedYet, text));
                }
            }
        }
        Ok(made)
    }

    async fn judge_captures(
        &self,
        conn: &mut PgConnection,
        lines: &[OpenLine],
        made: &mut Decisions,
    ) -> Result<(), Error> {
        let captures: Vec<&OpenLine> = lines
            .iter()
            .filter(|l| l.kind == LineKind::Capture)
            .collect();
        let intents: Vec<String> = captures
            .iter()
            .filter_map(|l| l.payment_intent.clone())
            .collect();
        let charges: Vec<String> = captures.iter().filter_map(|l| l.charge.clone()).collect();
        let expected: Vec<ExpectedPayment> = items::expected_payments(conn, &intents, &charges)
            .await?
            .into_iter()
            .map(|p| ExpectedPayment {
                id: p.id,
                gateway: p.gateway,
                intent: p.gateway_reference,
                charge: p.gateway_charge,
                captured: Money::new(p.captured_minor, p.currency),
                explained_minor: p.explained_minor,
            })
            .collect();
        let plain: Vec<CaptureLine> = captures
            .iter()
            .map(|line| CaptureLine {
                id: line.id,
                gateway: line.party.clone(),
                intent: line.payment_intent.clone(),
                charge: line.charge.clone(),
                gross: Money::new(line.gross_minor.unwrap_or(line.amount_minor), line.currency),
            })
            .collect();
        let mut verdicts = match_lines::captures(&plain, &expected);
        let mut matches: HashMap<PaymentId, MatchId> = HashMap::new();
        for line in captures {
            match verdicts.remove(&line.id) {
                Some(Ok(payment)) => {
                    let matched = *matches.entry(payment).or_insert_with(|| self.deps.new_id());
                    let rule = MatchRule::ProviderId;
                    made.claims.push(Claim {
                        line: line.id,
                        matched,
                        rule,
                        payment: Some(payment),
                    });
                    made.entries.extend(entry_of_fee(line, self.deps.now()));
                }
                Some(Err(refusal)) => made.refuse(line.id, refusal),
                None => {}
            }
        }
        Ok(())
    }

    fn claim(&self, line: ItemId, rule: MatchRule, payment: Option<PaymentId>) -> Claim {
        Claim {
            line,
            matched: self.deps.new_id(),
            rule,
            payment,
        }
    }

    /// Whether the report's own line of a payout is what its lines make. Reports differ on its sign.
    async fn judge_total(
        &self,
        conn: &mut PgConnection,
        line: &OpenLine,
    ) -> Result<Result<(), Refusal>, Error> {
        let payout = match &line.payout {
            Some(id) => settlements::find_payout(conn, &line.party, id).await?,
            None => None,
        };
        Ok(match payout {
            Some(payout) if payout.net_minor.abs() == line.amount_minor.abs() => Ok(()),
            Some(payout) => {
                let text = format!("The payout’s lines make {}.", payout.net().display());
                Err(Refusal::new(OpenReason::AmountDiffers, text))
            }
            None => Err(Refusal::new(
                OpenReason::NotBookedYet,
                "The report does not say which payout it is.",
            )),
        })
    }

    /// Writes decisions down: claims, entries, explanations.
    async fn write(
        &self,
        conn: &mut PgConnection,
        made: Decisions,
        now: DateTime<Utc>,
        done: &mut Reconciled,
    ) -> Result<(), Error> {
        for claims in made.claims.chunks(BATCH) {
            if !items::claim(conn, claims, BY, now).await? {
                return Err(Error::Saga(
                    "a line was claimed by somebody else under its lock".to_owned(),
                ));
            }
        }
        for drafts in made.entries.chunks(BATCH) {
            let entries = drafts
                .iter()
                .map(|draft| draft.balance().map_err(ledger::Error::from));
            let entries = entries.collect::<Result<Vec<_>, _>>()?;
            self.world.ledger.post_many_in_tx(conn, &entries).await?;
        }
        for opinions in made.opinions.chunks(BATCH) {
            items::explain(conn, opinions).await?;
        }
        done.matched += made.claims.len();
        done.open += made.opinions.len();
        Ok(())
    }

    /// Books what is on its way to the bank. A payout of which a later report tells more lines is
    /// booked again over the difference.
    async fn book_payouts(&self, conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), Error> {
        for payout in settlements::payouts_to_book(conn).await? {
            let off = Money::new(
                payout.net_minor.saturating_sub(payout.paid_out_minor),
                payout.currency,
            );
            let at = instant(payout.effective_on, now);
            let part = payout.paid_out_entries + 1;
            let draft = paid_out::draft(&payout.gateway, &payout.gateway_reference, part, off, at);
            self.world.ledger.post_in_tx(conn, &draft).await?;
            settlements::mark_paid_out(conn, payout.id, payout.net_minor).await?;
        }
        Ok(())
    }

    /// The bank's lines against payouts.
    async fn match_bank(
        &self,
        conn: &mut PgConnection,
        now: DateTime<Utc>,
        done: &mut Reconciled,
    ) -> Result<(), Error> {
        let lines = items::open_lines(conn, ItemSource::Bank).await?;
        let plain: Vec<BankLine> = lines.iter().map(bank_line).collect();
        let words: Vec<String> = plain.iter().flat_map(names_in).collect();
        let payouts = settlements::payouts_for_bank(conn, &words).await?;
        let expected: Vec<ExpectedPayout> = payouts
            .iter()
            .map(|p| ExpectedPayout {
                id: p.id,
                reference: p.gateway_reference.clone(),
                trace: p.trace.clone(),
                net: p.net(),
                effective_on: p.effective_on,
                arrived: p.status == PayoutStatus::Arrived,
            })
            .collect();
        let mut verdicts = match_lines::payouts(&plain, &expected);
        let mut made = Decisions::default();
        for line in &lines {
            match verdicts.remove(&line.id) {
                Some(Ok((id, rule))) => {
                    let Some(payout) = payouts.iter().find(|p| p.id == id) else {
                        continue;
                    };
                    if !settlements::mark_arrived(conn, id, line.id, now).await? {
                        return Err(Error::Saga(
                            "a payout was claimed by somebody else under its lock".to_owned(),
                        ));
                    }
                    made.claims.push(self.claim(line.id, rule, None));
                    let at = instant(line.booking_date.or(line.value_date), now);
                    let (gateway, name) = (&payout.gateway, &payout.gateway_reference);
                    made.entries.push(bank_credited::draft(
                        gateway,
                        name,
                        &line.party,
                        line.money(),
                        at,
                    ));
                }
                Some(Err(refusal)) => made.refuse(line.id, refusal),
                None => {}
            }
        }
        self.write(conn, made, now, done).await
    }

    /// Settles every payment all of whose money has arrived.
    async fn settle_arrived(
        &self,
        conn: &mut PgConnection,
        now: DateTime<Utc>,
    ) -> Result<usize, Error> {
        let mut settled = 0;
        for row in items::to_settle(conn).await? {
            let mut parts = Vec::new();
            parts.extend(
                row.booking_date
                    .map(|day| day.format("%-d %b %Y").to_string()),
            );
            parts.push(Money::new(row.amount_minor, row.currency).display());
            parts.extend(row.statement.map(|name| format!("statement {name}")));
            parts.push(format!("line {}", row.position));
            let text = parts.join(", ");
            settled += usize::from(
                lifecycle::settle_in_tx(&self.world, conn, row.payment, &text, now).await?,
            );
        }
        Ok(settled)
    }
}

/// What the gateway kept of a payment; no entry when it kept nothing.
fn entry_of_fee(line: &OpenLine, now: DateTime<Utc>) -> Option<Draft> {
    let minor = line.fee_minor.filter(|minor| *minor != 0)?;
    let of = line
        .charge
        .as_deref()
        .or(line.payment_intent.as_deref())
        .unwrap_or("a payment");
    let text = format!("Fee of {} for {of}", line.party);
    let at = instant(line.booking_date, now);
    Some(fee::draft(
        &line.party,
        &source_of(line),
        &text,
        Money::new(minor, line.currency),
        at,
    ))
}

/// A charge of the gateway that belongs to no payment: what it takes off the balance, negated.
fn entry_of_charge(line: &OpenLine, now: DateTime<Utc>) -> Option<Draft> {
    let minor = line
        .amount_minor
        .checked_neg()
        .filter(|minor| *minor != 0)?;
    let text = format!("Charge of {}", line.party);
    let at = instant(line.booking_date, now);
    Some(fee::draft(
        &line.party,
        &source_of(line),
        &text,
        Money::new(minor, line.currency),
        at,
    ))
}

/// The gateway's id of the movement; our own of the line where it has none.
fn source_of(line: &OpenLine) -> String {
    line.balance_transaction
        .clone()
        .unwrap_or_else(|| line.id.to_string())
}

/// The beginning of a day in UTC, which is what the books count in.
fn instant(day: Option<NaiveDate>, now: DateTime<Utc>) -> DateTime<Utc> {
    day.and_then(|day| day.and_hms_opt(0, 0, 0))
        .map_or(now, |start| start.and_utc())
}

fn bank_line(line: &OpenLine) -> BankLine {
    let words = [
        &line.reference,
        &line.bank_reference,
        &line.batch,
        &line.text,
    ];
    BankLine {
        id: line.id,
        amount: line.money(),
        days: line
            .booking_date
            .into_iter()
            .chain(line.value_date)
            .collect(),
        end_to_end_id: line.end_to_end_id.clone(),
        words: words.into_iter().flatten().cloned().collect(),
    }
}

/// The words of a line that may be the name of a payout that has arrived already.
fn names_in(line: &BankLine) -> Vec<String> {
    match_lines::words_of(line)
        .filter(|word| word.len() >= match_lines::MIN_NAME)
        .map(str::to_owned)
        .collect()
}
