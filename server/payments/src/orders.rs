//! Orders: what a customer is asked to pay, and the link on which they do it.

use chrono::{DateTime, Utc};
use model::payments::{CreateOrder, OrderStatus, OrderView, PaymentStatus};
use model::payments::{Customer, CustomerOrderView};
use model::{Actor, OrderId, Page, Permission, Problem};
use uuid::Uuid;

use crate::Payments;
use crate::error::Error;
use crate::store::orders::Order;
use crate::store::{orders, payments};

impl Payments {
    /// `POST /orders`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with each field that is wrong, [`Error::ReferenceTaken`].
    pub async fn create_order(
        &self,
        actor: &Actor,
        request: &CreateOrder,
    ) -> Result<OrderView, Error> {
        actor.require(Permission::PaymentsWrite)?;
        let total = request.validated_amount().map_err(Error::Invalid)?;
        let now = self.deps.now();
        if request.expires_at.is_some_and(|at| at <= now) {
            let problem =
                Problem::invalid_field("expiresAt", "Choose a time that is still to come.");
            return Err(Error::Invalid(problem));
        }
        let order = Order {
            id: self.deps.new_id(),
            reference: request.reference.trim().to_owned(),
            status: OrderStatus::Open,
            amount_minor: total.minor,
            currency: total.currency,
            description: request.description.trim().to_owned(),
            customer_email: request.customer.email.trim().to_owned(),
            customer_name: request.customer.name.trim().to_owned(),
            capture: request.capture,
            link_token: self.deps.secret_hex::<16>(),
            expires_at: request.expires_at,
            created_by: actor.who.reference(),
            created_at: now,
        };
        let mut tx = self.deps.db.begin("payments.create_order").await?;
        platform::on_constraint(
            orders::insert(&mut tx, &order).await,
            "orders_reference_unique",
            || Error::ReferenceTaken,
        )?;
        tx.commit().await?;
        Ok(self.order_view(order))
    }

    /// One order.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn order(&self, actor: &Actor, id: OrderId) -> Result<OrderView, Error> {
        actor.require(Permission::PaymentsRead)?;
        let mut conn = self.deps.db.read().await?;
        let order = orders::find(&mut conn, id)
            .await?
            .ok_or(Error::NotFound("order"))?;
        Ok(self.order_view(order))
    }

    /// Orders, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none of ours.
    pub async fn list_orders(
        &self,
        actor: &Actor,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<OrderView>, Error> {
        actor.require(Permission::PaymentsRead)?;
        let after = cursor
            .map(read_cursor)
            .transpose()?
            .map(|(at, id)| (at, OrderId(id)));
        let limit = i64::from(limit).clamp(1, Page::<OrderView>::MAX);
        let mut conn = self.deps.db.read().await?;
        let rows = orders::list(&mut conn, after, limit + 1).await?;
        let views = rows.into_iter().map(|o| self.order_view(o)).collect();
        let limit = usize::try_from(limit).unwrap_or(1);
        Ok(Page::from_overfetch(views, limit, |o| {
            write_cursor(o.created_at, o.id.0)
        }))
    }

    /// What the customer sees of an order, by the secret of its link.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that leads nowhere.
    pub async fn order_by_link(&self, link: &str) -> Result<CustomerOrderView, Error> {
        let mut conn = self.deps.db.read().await?;
        let order = orders::find_by_link(&mut conn, link)
            .await?
            .ok_or(Error::NotFound("order"))?;
        let tries = payments::of_order(&mut conn, order.id).await?;
        let payment = tries
            .iter()
            .find(|p| p.status.is_live())
            .or_else(|| tries.first());
        let now = self.deps.now();
        let expired = order.status == OrderStatus::Open
            && order.expires_at.is_some_and(|at| at <= now)
            && payment.is_none_or(|p| !p.status.is_live());
        Ok(CustomerOrderView {
            organisation: self.config.organisation.clone(),
            reference: order.reference.clone(),
            description: order.description.clone(),
            total: order.total(),
            customer: Customer {
                email: order.customer_email.clone(),
                name: order.customer_name.clone(),
            },
            status: if expired {
                OrderStatus::Expired
            } else {
                order.status
            },
            payment: payment.map(|p| p.status),
            payment_id: payment.map(|p| p.id),
            decline: payment
                .filter(|p| p.status == PaymentStatus::Declined)
                .and_then(|p| p.decline),
            next_action: payment
                .and_then(|p| p.next_action.clone())
                .and_then(|action| serde_json::from_value(action).ok()),
            paid_at: payment.and_then(|p| p.captured_at),
            expires_at: order.expires_at,
        })
    }

    /// Expires orders whose time is over; run by a timer. A second run finds nothing to do.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn expire_orders(&self) -> Result<u64, Error> {
        let mut tx = self.deps.db.begin("payments.expire_orders").await?;
        let expired = orders::expire_due(&mut tx, self.deps.now()).await?;
        tx.commit().await?;
        Ok(expired)
    }

    fn order_view(&self, order: Order) -> OrderView {
        OrderView {
            id: order.id,
            status: order.status,
            total: order.total(),
            checkout_url: format!("{}/pay/{}", self.config.public_url, order.link_token),
            reference: order.reference,
            description: order.description,
            customer: Customer {
                email: order.customer_email,
                name: order.customer_name,
            },
            capture: order.capture,
            created_at: order.created_at,
            expires_at: order.expires_at,
        }
    }
}

/// A cursor: the instant in microseconds and the id of the last row.
pub(crate) fn write_cursor(at: DateTime<Utc>, id: Uuid) -> String {
    format!("{}.{}", at.timestamp_micros(), id.simple())
}

pub(crate) fn read_cursor(text: &str) -> Result<(DateTime<Utc>, Uuid), Error> {
    let parsed = text.split_once('.').and_then(|(micros, id)| {
        let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
        Some((at, id.parse().ok()?))
    });
    let problem =
        || Problem::invalid_field("cursor", "This page no longer exists. Begin at the first.");
    parsed.ok_or_else(|| Error::Invalid(problem()))
}
