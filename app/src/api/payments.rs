//! Payments and orders, as their pages ask for them.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::ledger::EntryView;
use model::payments::{
    CaptureMode, OrderView, PaymentFigures, PaymentFilter, PaymentRow, PaymentStatus, PaymentView,
};
use model::settlement::PaymentSettlement;
use model::time::Stamp;
use serde::{Deserialize, Serialize};

use super::ApiError;

/// A page of payments, and what the reader may do beside reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentList {
    /// The rows.
    pub page: Page<PaymentRow>,
    /// Whether the reader may make orders.
    pub may_create: bool,
}

/// An order with its times as the reader sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRow {
    /// The order.
    pub order: OrderView,
    /// When it was made.
    pub created: Stamp,
    /// Until when it can be paid.
    pub expires: Option<Stamp>,
}

#[cfg(feature = "ssr")]
impl OrderRow {
    fn seen_in(zone: &model::zone::Zone, order: OrderView) -> Self {
        let (created, expires) = (
            zone.stamp(order.created_at),
            order.expires_at.map(|at| zone.stamp(at)),
        );
        Self {
            order,
            created,
            expires,
        }
    }
}

/// A page of orders, and what the reader may do beside reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderList {
    /// The rows.
    pub page: Page<OrderRow>,
    /// Whether the reader may make orders.
    pub may_create: bool,
}

/// Everything on the page of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentPage {
    /// The payment with its attempts and events.
    pub payment: PaymentView,
    /// The order that it pays.
    pub order: OrderRow,
    /// What it did in the books, newest first; nothing for those who may not read them.
    pub entries: Option<Vec<EntryView>>,
    /// The way of its money to the bank, once the gateway's report is in.
    pub settlement: Option<PaymentSettlement>,
    /// Whether the reader may capture or void it.
    pub may_decide: bool,
}

/// Everything on the page of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPage {
    /// The order.
    pub order: OrderRow,
    /// Its payments, newest first.
    pub payments: Vec<PaymentView>,
}

/// Payments, newest first, narrowed by a filter.
///
/// # Errors
/// 403 without `payments:read`; 422 for a cursor that is none of ours.
#[server(prefix = "/fn", input = Json)]
pub async fn payments_list(
    /// Which ones.
    filter: PaymentFilter,
) -> Result<PaymentList, ApiError> {
    let actor = crate::ssr::actor()?;
    let page = service()?.list_payments(&actor, &filter).await?;
    Ok(PaymentList {
        page,
        may_create: may_write(&actor),
    })
}

/// The figures of the last thirty days.
///
/// # Errors
/// 403 without `payments:read`.
#[server(name = ReadPaymentFigures, prefix = "/fn")]
pub async fn payment_figures() -> Result<PaymentFigures, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.payment_figures(&actor).await?)
}

/// One payment with its order and its entries. `id` as it stands in the address.
///
/// # Errors
/// 404 when there is none; 403 without `payments:read`.
#[server(prefix = "/fn")]
pub async fn payment(
    /// The payment.
    id: String,
) -> Result<PaymentPage, ApiError> {
    let actor = crate::ssr::actor()?;
    let id = id
        .parse()
        .map_err(|_| ::payments::Error::NotFound("payment"))?;
    let payment = service()?.payment(&actor, id).await?;
    let order = service()?.order(&actor, payment.order_id).await?;
    Ok(PaymentPage {
        order: OrderRow::seen_in(&crate::ssr::zone_of(&actor), order),
        entries: entries_of(&actor, id).await?,
        settlement: service()?.payment_settlement(&actor, id).await?,
        may_decide: may_write(&actor),
        payment,
    })
}

/// Takes the money that a payment holds. Answers with the state the payment is then in.
///
/// # Errors
/// 409 when nothing is held; 403 without `payments:write`.
#[server(prefix = "/fn")]
pub async fn capture_payment(
    /// The payment.
    id: model::PaymentId,
) -> Result<PaymentStatus, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.capture(&actor, id, None).await?.status)
}

/// Lets go of the money that a payment holds. Answers with the state the payment is then in.
///
/// # Errors
/// 409 when nothing is held; 403 without `payments:write`.
#[server(prefix = "/fn")]
pub async fn void_payment(
    /// The payment.
    id: model::PaymentId,
) -> Result<PaymentStatus, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.void(&actor, id).await?.status)
}

/// Orders, newest first, fifty a page.
///
/// # Errors
/// 403 without `payments:read`; 422 for a cursor that is none of ours.
#[server(prefix = "/fn")]
pub async fn orders_list(
    /// Where the page begins.
    cursor: Option<String>,
) -> Result<OrderList, ApiError> {
    let actor = crate::ssr::actor()?;
    let Page { items, next } = service()?
        .list_orders(&actor, cursor.as_deref(), 50)
        .await?;
    let zone = crate::ssr::zone_of(&actor);
    let items = items
        .into_iter()
        .map(|order| OrderRow::seen_in(&zone, order))
        .collect();
    Ok(OrderList {
        page: Page { items, next },
        may_create: may_write(&actor),
    })
}

/// One order with its payments. `id` as it stands in the address.
///
/// # Errors
/// 404 when there is none; 403 without `payments:read`.
#[server(prefix = "/fn")]
pub async fn order(
    /// The order.
    id: String,
) -> Result<OrderPage, ApiError> {
    let actor = crate::ssr::actor()?;
    let id = id
        .parse()
        .map_err(|_| ::payments::Error::NotFound("order"))?;
    let order = service()?.order(&actor, id).await?;
    let payments = service()?.payments_of_order(&actor, id).await?;
    Ok(OrderPage {
        order: OrderRow::seen_in(&crate::ssr::zone_of(&actor), order),
        payments,
    })
}

/// What the form of a new order sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderForm {
    /// Our own reference.
    pub reference: String,
    /// Decimal text in major units.
    pub amount: String,
    /// ISO 4217 code.
    pub currency: String,
    /// What is paid for.
    pub description: String,
    /// Who pays.
    pub customer_name: String,
    /// Where the receipt goes.
    pub customer_email: String,
    /// When the money is taken; at once unless told.
    pub capture: Option<CaptureMode>,
    /// The last day on which it can be paid, as `2026-11-30`; empty for no end.
    pub expires_on: String,
}

/// Makes an order and goes to its page.
///
/// # Errors
/// 422 with each field that is wrong; 409 when the reference is taken; 403 without
/// `payments:write`.
#[server(prefix = "/fn")]
pub async fn create_order(
    /// What was typed.
    form: OrderForm,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    let order = service()?
        .create_order(&actor, &form.into_request(&actor)?)
        .await?;
    leptos_axum::redirect(&crate::paths::order(order.id));
    Ok(())
}

#[cfg(feature = "ssr")]
impl OrderForm {
    /// The request that the service takes. The chosen day counts to its end in the actor's zone.
    fn into_request(
        self,
        actor: &model::Actor,
    ) -> Result<model::payments::CreateOrder, model::Problem> {
        let wrong_day = || {
            model::Problem::invalid_field("expiresAt", "That is not a day. Write it as 2026-11-30.")
        };
        let last_day = self.expires_on.trim();
        let expires_at = if last_day.is_empty() {
            None
        } else {
            let day: chrono::NaiveDate = last_day.parse().map_err(|_| wrong_day())?;
            let end = day
                .succ_opt()
                .and_then(|next| crate::ssr::zone_of(actor).start_of(next));
            Some(end.ok_or_else(wrong_day)?)
        };
        Ok(model::payments::CreateOrder {
            reference: self.reference,
            amount: self.amount,
            currency: self.currency,
            description: self.description,
            customer: model::payments::Customer {
                email: self.customer_email,
                name: self.customer_name,
            },
            capture: self.capture.unwrap_or(CaptureMode::Automatic),
            expires_at,
        })
    }
}

#[cfg(feature = "ssr")]
fn service() -> Result<::payments::Payments, model::Problem> {
    crate::ssr::service::<::payments::Payments>()
}

#[cfg(feature = "ssr")]
fn may_write(actor: &model::Actor) -> bool {
    actor.may(model::Permission::PaymentsWrite)
}

/// The entries whose business event is one of this payment.
#[cfg(feature = "ssr")]
async fn entries_of(
    actor: &model::Actor,
    id: model::PaymentId,
) -> Result<Option<Vec<EntryView>>, ApiError> {
    if !actor.may(model::Permission::LedgerRead) {
        return Ok(None);
    }
    let ledger = crate::ssr::service::<::ledger::Ledger>()?;
    let source = Some(format!("payment:{id}"));
    let filter = model::ledger::EntryFilter {
        source,
        ..Default::default()
    };
    Ok(Some(ledger.entries(actor, &filter).await?.items))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use model::{Actor, PersonId, Role};

    fn finance() -> Actor {
        let id = PersonId::from_parts(chrono::DateTime::UNIX_EPOCH, &[7; 10]);
        Actor::person(id, "Ana", "Europe/Berlin", &[Role::Finance])
    }

    #[test]
    fn the_last_day_counts_to_its_end_where_the_reader_is() {
        let form = OrderForm {
            expires_on: "2026-11-30".into(),
            ..OrderForm::default()
        };
        let request = form.into_request(&finance()).expect("a real day");
        let end = request.expires_at.expect("an end").to_rfc3339();
        assert_eq!(end, "2026-11-30T23:00:00+00:00");
    }

    #[test]
    fn no_day_means_no_end_and_nonsense_is_told_at_its_field() {
        let request = OrderForm::default()
            .into_request(&finance())
            .expect("an empty day is fine");
        assert_eq!(
            (request.expires_at, request.capture),
            (None, CaptureMode::Automatic)
        );
        let form = OrderForm {
            expires_on: "tomorrow".into(),
            ..OrderForm::default()
        };
        let problem = form.into_request(&finance()).expect_err("that is no day");
        assert!(problem.message_for("expiresAt").is_some());
    }
}
