//! The saga's three checks, and its rules, against the sandbox and a real database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use ledger::Ledger;
use model::payments::{
    CaptureMode, CreateOrder, CreatePayment, Customer, DeclineCode, Method, OrderView,
    PaymentStatus,
};
use model::{Actor, OrderId, PaymentId, SagaId};
use platform::saga::testing::{Subject, check};
use platform::saga::{Progress, Step};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestWorld;

use super::{Context, KIND};
use crate::Payments;
use crate::checkout::saga_of;
use crate::config::Config;
use crate::error::Error;
use crate::gateways::Gateways;
use crate::gateways::stripe::{Settings, Stripe};
use crate::lifecycle::PUNCTUAL;
use crate::store::payments::Payment;
use crate::store::{orders, payments};

/// A world with a sandbox of its own.
struct Shop {
    world: TestWorld,
    payments: Payments,
    base: String,
    orders: AtomicU32,
}

impl Shop {
    async fn open(pool: &PgPool) -> Self {
        let world = testkit::world(pool).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("a bound address"));
        let config = sandbox::Config {
            public_url: base.clone(),
            ..sandbox::Config::default()
        };
        let sandbox = sandbox::Sandbox::open(config).expect("a sandbox without a journal");
        tokio::spawn(sandbox::serve(listener, sandbox, std::future::pending()));
        let settings = Settings {
            api_base: base.clone(),
            secret_key: sandbox::SECRET_KEY.to_owned().into(),
            publishable_key: sandbox::PUBLISHABLE_KEY.to_owned(),
            webhook_secret: sandbox::WEBHOOK_SECRET.to_owned().into(),
            js_url: format!("{base}/stripe/js"),
        };
        let gateways =
            Gateways::default().with(Arc::new(Stripe::new(settings, world.deps.http.clone())));
        let config = Config {
            public_url: "http://127.0.0.1:3000".into(),
            organisation: "Test".into(),
        };
        let ledger = Ledger::new(world.deps.clone());
        let payments = Payments::new(world.deps.clone(), ledger, config, gateways);
        Self {
            world,
            payments,
            base,
            orders: AtomicU32::new(0),
        }
    }

    async fn order(&self, capture: CaptureMode) -> OrderView {
        let number = self.orders.fetch_add(1, Ordering::Relaxed);
        let request = CreateOrder {
            reference: format!("order-{number}"),
            amount: "49.90".into(),
            currency: "EUR".into(),
            description: "Probe set".into(),
            customer: Customer {
                email: "a@b.example".into(),
                name: "Werkstatt Lindenau".into(),
            },
            capture,
            expires_at: None,
        };
        self.payments
            .create_order(&actor(), &request)
            .await
            .expect("an order")
    }

    async fn pay(
        &self,
        order: OrderId,
        card: &str,
        key: &str,
    ) -> Result<model::payments::PaymentView, Error> {
        let request = CreatePayment {
            order_id: order,
            amount: "49.90".into(),
            currency: "EUR".into(),
            method: Method::Card { token: card.into() },
            idempotency_key: None,
        };
        self.payments.create_payment(&actor(), &request, key).await
    }

    async fn fault(&self, operation: &str, kind: &str) {
        let url = format!("{}/sandbox/faults", self.base);
        let body = json!({ "operation": operation, "kind": kind, "times": 1 });
        let answer = self
            .world
            .deps
            .http
            .post(url)
            .json(&body)
            .send()
            .await
            .expect("the sandbox");
        assert!(answer.status().is_success());
    }

    async fn truth(&self, payment: PaymentId) -> Value {
        let reference = self
            .stored(payment)
            .await
            .gateway_reference
            .unwrap_or_default();
        let url = format!("{}/sandbox/truth?payment_intent={reference}", self.base);
        self.world
            .deps
            .http
            .get(url)
            .send()
            .await
            .expect("the sandbox")
            .json()
            .await
            .expect("JSON")
    }

    async fn stored(&self, payment: PaymentId) -> Payment {
        let mut conn = self.world.deps.db.read().await.expect("a connection");
        payments::find(&mut conn, payment)
            .await
            .expect("a query")
            .expect("the payment")
    }

    async fn entries(&self, payment: PaymentId) -> usize {
        let filter = model::ledger::EntryFilter {
            source: Some(format!("payment:{payment}")),
            ..Default::default()
        };
        let ledger = Ledger::new(self.world.deps.clone());
        ledger
            .entries(&Actor::system("test"), &filter)
            .await
            .expect("the books")
            .items
            .len()
    }

    /// Takes a payment on after a pause, as its job would.
    async fn later(&self, payment: PaymentId) {
        self.world.advance(TimeDelta::minutes(10));
        self.payments.run(payment).await.expect("the saga runs");
    }
}

fn actor() -> Actor {
    Actor::system("test")
}

#[async_trait]
impl Subject for Shop {
    type Ctx = Context;

    fn kind(&self) -> &'static str {
        KIND
    }

    fn steps(&self) -> Vec<Box<dyn Step<Context>>> {
        super::steps()
    }

    fn ctx(&self) -> Context {
        self.payments.checkout.ctx().clone()
    }

    fn db(&self) -> platform::Db {
        self.world.deps.db.clone()
    }

    fn clock(&self) -> Arc<dyn platform::Clock> {
        self.world.deps.clock.clone()
    }

    async fn start(&self) -> SagaId {
        let order = self.order(CaptureMode::Automatic).await;
        let mut tx = self
            .world
            .deps
            .db
            .begin("test.start")
            .await
            .expect("a transaction");
        let stored = orders::find_locked(&mut tx, order.id)
            .await
            .expect("a query")
            .expect("the order");
        let payment = self
            .payments
            .begin_in_tx(&mut tx, &stored, "pm_card_visa", "key", PUNCTUAL)
            .await
            .expect("a payment");
        tx.commit().await.expect("a commit");
        saga_of(payment)
    }

    async fn nudge(&self, _id: SagaId, _progress: &Progress) {
        self.world.advance(TimeDelta::minutes(10));
    }

    async fn assert_finished(&self, id: SagaId) {
        let payment = PaymentId(id.0);
        assert_eq!(self.stored(payment).await.status, PaymentStatus::Captured);
        assert_eq!(self.entries(payment).await, 1, "booked once");
        let truth = self.truth(payment).await;
        assert_eq!(
            truth["charges"].as_array().map(Vec::len),
            Some(1),
            "charged once: {truth}"
        );
        assert_eq!(truth["charges"][0]["captured"], 4990);
    }

    async fn assert_unwound(&self, id: SagaId) {
        let payment = PaymentId(id.0);
        let stored = self.stored(payment).await;
        assert!(
            !stored.status.is_live(),
            "{} blocks the order",
            stored.status
        );
        assert_eq!(self.entries(payment).await, 0, "nothing booked");
        let truth = self.truth(payment).await;
        assert_eq!(
            truth["charges"].as_array().map(Vec::len),
            Some(0),
            "nothing taken: {truth}"
        );
    }

    /// Before *begin* there is nothing to take back; after *capture* the money is taken, and only
    /// a refund gives it back.
    fn unwinds_from(&self, step: &str) -> bool {
        !matches!(step, "begin" | "receipt")
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_saga_passes_the_three_checks(pool: PgPool) {
    check(&Shop::open(&pool).await).await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_declined_card_says_why_and_the_order_can_be_paid_again(pool: PgPool) {
    let shop = Shop::open(&pool).await;
    let order = shop.order(CaptureMode::Automatic).await;
    let declined = shop
        .pay(order.id, "pm_card_chargeDeclined", "first")
        .await
        .expect("an answer");
    assert_eq!(
        (declined.status, declined.decline),
        (PaymentStatus::Declined, Some(DeclineCode::Generic))
    );
    let paid = shop
        .pay(order.id, "pm_card_visa", "second")
        .await
        .expect("an answer");
    assert_eq!(paid.status, PaymentStatus::Captured);
    let twice = shop.pay(order.id, "pm_card_visa", "third").await;
    assert!(
        matches!(twice, Err(Error::OrderHasLivePayment)),
        "{twice:?}"
    );
    let again = shop
        .pay(order.id, "pm_card_visa", "second")
        .await
        .expect("the same answer");
    assert_eq!(again.id, paid.id);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_answer_that_never_came_is_unknown_until_the_gateway_tells(pool: PgPool) {
    let shop = Shop::open(&pool).await;
    for (operation, kind) in [
        ("payment_intents.confirm", "drop_after"),
        ("payment_intents.capture", "drop_after"),
        ("payment_intents.confirm", "drop"),
    ] {
        let order = shop.order(CaptureMode::Automatic).await;
        shop.fault(operation, kind).await;
        let asked = shop
            .pay(order.id, "pm_card_visa", "key")
            .await
            .expect("an answer");
        assert_eq!(asked.status, PaymentStatus::Unknown, "{operation} {kind}");
        let twice = shop.pay(order.id, "pm_card_visa", "other").await;
        assert!(
            matches!(twice, Err(Error::OrderHasLivePayment)),
            "nobody pays while it is unknown"
        );
        shop.later(asked.id).await;
        assert_eq!(
            shop.stored(asked.id).await.status,
            PaymentStatus::Captured,
            "{operation} {kind}"
        );
        let truth = shop.truth(asked.id).await;
        assert_eq!(
            truth["charges"].as_array().map(Vec::len),
            Some(1),
            "{operation} {kind}"
        );
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_hold_is_taken_in_part_or_let_go_as_finance_decides(pool: PgPool) {
    let shop = Shop::open(&pool).await;
    let order = shop.order(CaptureMode::Manual).await;
    let held = shop
        .pay(order.id, "pm_card_visa", "key")
        .await
        .expect("an answer");
    assert_eq!(held.status, PaymentStatus::Authorised);
    let too_much = shop
        .payments
        .capture(&actor(), held.id, Some("50.00"))
        .await;
    assert!(matches!(too_much, Err(Error::Invalid(_))));
    let taken = shop
        .payments
        .capture(&actor(), held.id, Some("20.00"))
        .await
        .expect("an answer");
    assert_eq!(
        (taken.status, taken.captured.as_str()),
        (PaymentStatus::Captured, "20.00")
    );
    assert!(matches!(
        shop.payments.void(&actor(), held.id).await,
        Err(Error::WrongState { .. })
    ));

    let order = shop.order(CaptureMode::Manual).await;
    let held = shop
        .pay(order.id, "pm_card_visa", "key")
        .await
        .expect("an answer");
    let gone = shop
        .payments
        .void(&actor(), held.id)
        .await
        .expect("an answer");
    assert_eq!(gone.status, PaymentStatus::Voided);
    assert_eq!(shop.entries(held.id).await, 0);
    let paid = shop
        .pay(order.id, "pm_card_visa", "again")
        .await
        .expect("the order is free again");
    assert_eq!(paid.status, PaymentStatus::Authorised);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_database_refuses_what_the_table_of_moves_lacks(pool: PgPool) {
    let moves: Vec<(String, String)> =
        sqlx::query_as("select from_status, to_status from payments.legal_move")
            .fetch_all(&pool)
            .await
            .expect("the table of moves");
    let ours: std::collections::BTreeSet<(String, String)> = PaymentStatus::MOVES
        .iter()
        .map(|(from, to)| (from.as_str().to_owned(), to.as_str().to_owned()))
        .collect();
    assert_eq!(
        moves.into_iter().collect::<std::collections::BTreeSet<_>>(),
        ours
    );

    let shop = Shop::open(&pool).await;
    let order = shop.order(CaptureMode::Automatic).await;
    let paid = shop
        .pay(order.id, "pm_card_visa", "key")
        .await
        .expect("an answer");
    for (query, constraint) in [
        (
            "update payments.payment set status = 'declined' where id = $1",
            "payment_legal_move",
        ),
        (
            "update payments.payment set captured_minor = amount_minor + 1 where id = $1",
            "payment_captured_within_amount",
        ),
        (
            "update payments.payment set refunded_minor = captured_minor + 1 where id = $1",
            "payment_returned_within_captured",
        ),
    ] {
        let refused = sqlx::query(query)
            .bind(paid.id.0)
            .execute(&pool)
            .await
            .expect_err("a constraint");
        let refused = refused
            .into_database_error()
            .expect("the database's own word");
        assert_eq!(refused.constraint(), Some(constraint));
    }
    let changed = sqlx::query("update payments.event set text = 'x'")
        .execute(&pool)
        .await;
    assert!(changed.is_err(), "history is only ever added to");
}
