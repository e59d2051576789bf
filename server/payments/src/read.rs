//! Lists and pages of payments, for finance and the API.

use chrono::TimeDelta;
use model::payments::{
    AttemptView, PaymentEventView, PaymentFigures, PaymentFilter, PaymentRow, PaymentView,
};
use model::zone::Zone;
use model::{Actor, Money, OrderId, Page, PaymentId, Permission};

use crate::Payments;
use crate::error::Error;
use crate::orders::{read_cursor, write_cursor};
use crate::store::payments_list::{self, Narrow};
use crate::store::{attempts, events, payments};

/// How far back the figures look, in days.
const FIGURE_DAYS: i64 = 30;

impl Payments {
    /// `GET /payments/{id}`: a payment with every attempt and event.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn payment(&self, actor: &Actor, id: PaymentId) -> Result<PaymentView, Error> {
        actor.require(Permission::PaymentsRead)?;
        self.view(&actor.zone, id).await
    }

    /// `GET /payments`: newest first, narrowed by state and text.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none of ours.
    pub async fn list_payments(
        &self,
        actor: &Actor,
        filter: &PaymentFilter,
    ) -> Result<Page<PaymentRow>, Error> {
        actor.require(Permission::PaymentsRead)?;
        let zone = zone_of(&actor.zone);
        let after = filter
            .cursor
            .as_deref()
            .filter(|c| !c.is_empty())
            .map(read_cursor)
            .transpose()?;
        let limit = i64::from(filter.limit.unwrap_or(50)).clamp(1, Page::<PaymentRow>::MAX);
        let narrow = Narrow {
            status: filter.status,
            search: filter.search.clone().filter(|s| !s.trim().is_empty()),
            after: after.map(|(at, id)| (at, PaymentId(id))),
            limit: limit + 1,
        };
        let mut conn = self.deps.db.read().await?;
        let rows = payments_list::list(&mut conn, &narrow).await?;
        let rows = rows
            .into_iter()
            .map(|row| PaymentRow {
                id: row.id,
                reference: row.reference,
                customer: row.customer,
                status: row.status,
                money: row.money,
                gateway: row.gateway,
                created_at: zone.stamp(row.created_at),
            })
            .collect();
        let limit = usize::try_from(limit).unwrap_or(1);
        Ok(Page::from_overfetch(rows, limit, |row| {
            write_cursor(row.created_at.at, row.id.0)
        }))
    }

    /// The payments of an order, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn payments_of_order(
        &self,
        actor: &Actor,
        order: OrderId,
    ) -> Result<Vec<PaymentView>, Error> {
        actor.require(Permission::PaymentsRead)?;
        let ids: Vec<PaymentId> = {
            let mut conn = self.deps.db.read().await?;
            payments::of_order(&mut conn, order)
                .await?
                .iter()
                .map(|p| p.id)
                .collect()
        };
        let mut views = Vec::with_capacity(ids.len());
        for id in ids {
            views.push(self.view(&actor.zone, id).await?);
        }
        Ok(views)
    }

    /// The figures of the last thirty days.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn payment_figures(&self, actor: &Actor) -> Result<PaymentFigures, Error> {
        actor.require(Permission::PaymentsRead)?;
        let now = self.deps.now();
        let since = now - TimeDelta::days(FIGURE_DAYS);
        let mut conn = self.deps.db.read().await?;
        let (ended, paid) = payments_list::ended_since(&mut conn, since).await?;
        Ok(PaymentFigures {
            ended,
            paid,
            volume: payments_list::volume_since(&mut conn, since).await?,
            settle_median_s: payments_list::settle_median_since(&mut conn, since).await?,
            daily: payments_list::daily_since(
                &mut conn,
                since,
                zone_of(&actor.zone).offset_minutes(now),
            )
            .await?,
        })
    }

    /// A payment as seen from a zone. The caller has checked who asks.
    pub(crate) async fn view(&self, zone: &str, id: PaymentId) -> Result<PaymentView, Error> {
        let zone = zone_of(zone);
        let mut conn = self.deps.db.read().await?;
        let payment = payments::find(&mut conn, id)
            .await?
            .ok_or(Error::NotFound("payment"))?;
        let attempts = attempts::of_payment(&mut conn, id).await?;
        let events = events::of_payment(&mut conn, id).await?;
        let text = |minor| Money::new(minor, payment.currency).amount_text();
        Ok(PaymentView {
            id,
            order_id: payment.order_id,
            status: payment.status,
            amount: text(payment.amount_minor),
            currency: payment.currency,
            captured: text(payment.captured_minor),
            refunded: text(payment.refunded_minor),
            disputed: text(payment.disputed_minor),
            gateway: payment.gateway.clone(),
            gateway_reference: payment.gateway_reference.clone(),
            next_action: payment
                .next_action
                .and_then(|action| serde_json::from_value(action).ok()),
            decline: payment.decline,
            attempts: attempts
                .into_iter()
                .map(|a| AttemptView {
                    id: a.id,
                    verb: a.verb,
                    outcome: a.outcome,
                    decline: a.decline,
                    gateway_reference: a.gateway_reference,
                    message: a.message,
                    sends: a.sends,
                    duration_ms: a.ended_at.and_then(|end| {
                        i32::try_from((end - a.started_at).num_milliseconds()).ok()
                    }),
                    started_at: zone.stamp(a.started_at),
                })
                .collect(),
            events: events
                .into_iter()
                .map(|e| PaymentEventView {
                    id: e.id,
                    at: zone.stamp(e.at),
                    kind: e.kind,
                    actor: e.actor,
                    text: e.text,
                    machine: e.machine,
                })
                .collect(),
            created_at: zone.stamp(payment.created_at),
            authorised_at: payment.authorised_at.map(|at| zone.stamp(at)),
            captured_at: payment.captured_at.map(|at| zone.stamp(at)),
            settled_at: payment.settled_at.map(|at| zone.stamp(at)),
        })
    }
}

/// The actor's zone; one that is no longer in the database reads as UTC.
pub(crate) fn zone_of(name: &str) -> Zone {
    Zone::named(name).unwrap_or_else(|_| Zone::utc())
}
