//! Paying an order: saves the payment and its saga in one transaction, then takes the saga as far
//! as it goes while the customer waits. If the process dies in between, a job does the rest.

use model::payments::{CreatePayment, Method, OrderStatus, PaymentStatus, PaymentView};
use model::{Actor, PaymentId, Permission, Problem, SagaId};
use platform::saga::{self, Progress};
use sqlx::PgConnection;

use crate::Payments;
use crate::error::Error;
use crate::lifecycle::{self, Voice};
use crate::sagas::checkout::{Input, KIND};
use crate::store::orders::Order;
use crate::store::payments::Payment;
use crate::store::{orders, payments};

/// How often a request looks again while another process runs its saga, and for how long.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(50);
const LOOKS: usize = 400;

impl Payments {
    /// `POST /payments`: pays an order with a token of the hosted fields.
    ///
    /// `key` is the caller's idempotency key: the same key for the same order finds the same
    /// payment, whatever crashed in between.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the amount is not the order's, [`Error::OrderHasLivePayment`],
    /// [`Error::OrderClosed`], [`Error::NotFound`].
    pub async fn create_payment(
        &self,
        actor: &Actor,
        request: &CreatePayment,
        key: &str,
    ) -> Result<PaymentView, Error> {
        actor.require(Permission::PaymentsWrite)?;
        let mut tx = self.deps.db.begin("payments.create").await?;
        let order = orders::find_locked(&mut tx, request.order_id).await?;
        let order = order.ok_or(Error::NotFound("order"))?;
        check_amount(&order, request)?;
        let Method::Card { token } = &request.method;
        let voice = Voice {
            actor: actor.who.label(),
            machine: false,
        };
        let payment = self.begin_in_tx(&mut tx, &order, token, key, voice).await?;
        tx.commit().await?;
        self.run(payment).await?;
        self.view(&actor.zone, payment).await
    }

    /// The customer pays on the checkout page of an order.
    ///
    /// # Errors
    /// As [`Payments::create_payment`].
    pub async fn pay_by_link(
        &self,
        link: &str,
        token: &str,
        key: &str,
    ) -> Result<PaymentId, Error> {
        if !token.starts_with("pm_") || token.len() > 255 {
            let problem = Problem::invalid_field("token", "Fill in the card fields and try again.");
            return Err(Error::Invalid(problem));
        }
        let found = {
            let mut conn = self.deps.db.read().await?;
            orders::find_by_link(&mut conn, link)
                .await?
                .ok_or(Error::NotFound("order"))?
        };
        let mut tx = self.deps.db.begin("payments.pay_by_link").await?;
        let order = orders::find_locked(&mut tx, found.id)
            .await?
            .ok_or(Error::NotFound("order"))?;
        let voice = Voice {
            actor: "Customer",
            machine: false,
        };
        let payment = self.begin_in_tx(&mut tx, &order, token, key, voice).await?;
        tx.commit().await?;
        self.run(payment).await?;
        Ok(payment)
    }

    /// Saves a payment of a locked order, with its saga, unless this key has done so already.
    pub(crate) async fn begin_in_tx(
        &self,
        conn: &mut PgConnection,
        order: &Order,
        method_token: &str,
        key: &str,
        voice: Voice<'_>,
    ) -> Result<PaymentId, Error> {
        if let Some(before) = payments::find_by_client_key(conn, order.id, key).await? {
            return Ok(before.id);
        }
        // Asked before the insert: the unique index would say the same, but an insert that meets an
        // entry of a transaction under way waits for it, while that one may wait for our lock on
        // the order.
        if payments::order_has_live(conn, order.id).await? {
            return Err(Error::OrderHasLivePayment);
        }
        let now = self.deps.now();
        match order.status {
            OrderStatus::Open if order.expires_at.is_none_or(|at| at > now) => {}
            OrderStatus::Paid => return Err(Error::OrderHasLivePayment),
            _ => return Err(Error::OrderClosed),
        }
        let gateway = self.gateways.for_card().ok_or_else(|| {
            Error::Invalid(Problem::new(
                503,
                "no_gateway",
                "Card payments are not set up here.",
            ))
        })?;
        let payment = new_payment(
            self.deps.new_id(),
            order,
            gateway.name(),
            method_token,
            key,
            now,
        );
        platform::on_constraint(
            payments::insert(conn, &payment).await,
            "payment_one_live_per_order",
            || Error::OrderHasLivePayment,
        )?;
        let text = format!("{} asked for", payment.money().display());
        lifecycle::note_in_tx(
            &self.world,
            conn,
            payment.id,
            "created",
            text,
            voice,
            &serde_json::json!({}),
        )
        .await?;
        saga::start_in_tx(
            conn,
            saga_of(payment.id),
            KIND,
            &Input {
                payment: payment.id,
            },
            now,
        )
        .await?;
        Ok(payment.id)
    }

    /// Takes a payment's saga as far as it goes. When a worker is at it already, waits for it.
    pub(crate) async fn run(&self, payment: PaymentId) -> Result<(), Error> {
        let _turn = self
            .inline
            .acquire()
            .await
            .map_err(|e| Error::Saga(e.to_string()))?;
        for _ in 0..LOOKS {
            match self.checkout.resume(saga_of(payment)).await {
                Ok(Progress::Busy) => tokio::time::sleep(LOOK_AGAIN).await,
                Ok(_) => return Ok(()),
                Err(error) => {
                    // The payment is saved and its job will try again; the caller sees its state.
                    tracing::warn!(payment.id = %payment, error = %error, "a saga stopped short");
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The customer is back from the bank's page, or a webhook has news: looks again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look_again(&self, payment: PaymentId) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("payments.look_again").await?;
        saga::wake_in_tx(&mut tx, saga_of(payment), self.deps.now()).await?;
        tx.commit().await?;
        self.run(payment).await
    }
}

/// A payment and its saga have the same id, so that each is found from the other.
pub(crate) const fn saga_of(payment: PaymentId) -> SagaId {
    SagaId(payment.0)
}

fn check_amount(order: &Order, request: &CreatePayment) -> Result<(), Error> {
    let asked = model::payments::parse_amount(&request.amount, &request.currency);
    let asked = asked.map_err(|error| Error::Invalid(Problem::invalid(vec![error])))?;
    if asked == order.total() {
        return Ok(());
    }
    let message = format!(
        "This order is over {}; it is paid in full or not at all.",
        order.total()
    );
    Err(Error::Invalid(Problem::invalid_field("amount", message)))
}

fn new_payment(
    id: PaymentId,
    order: &Order,
    gateway: &str,
    method_token: &str,
    key: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Payment {
    Payment {
        id,
        order_id: order.id,
        status: PaymentStatus::Created,
        amount_minor: order.amount_minor,
        currency: order.currency,
        captured_minor: 0,
        refunded_minor: 0,
        disputed_minor: 0,
        gateway: gateway.to_owned(),
        gateway_reference: None,
        gateway_charge: None,
        method_token: method_token.to_owned(),
        client_key: key.to_owned(),
        decline: None,
        next_action: None,
        capture_requested_minor: None,
        void_requested: false,
        version: 0,
        created_at: now,
        authorised_at: None,
        captured_at: None,
        settled_at: None,
    }
}
