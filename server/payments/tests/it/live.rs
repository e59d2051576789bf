//! Which payments block their order is said in four places: by the model, by the index that allows
//! one such payment an order, and by two queries. Each of them is asked here about every state.

use chrono::TimeDelta;
use ledger::Ledger;
use model::payments::{
    CaptureMode, CreateOrder, CreatePayment, Customer, Method, OrderStatus, PaymentStatus,
};
use model::{Actor, OrderId, PaymentId};
use payments::gateways::Gateways;
use payments::{Config, Error, Payments};
use sqlx::{AssertSqlSafe, PgPool};
use testkit::TestWorld;

const AMOUNT: &str = "5.00";

/// The domain without a gateway: who may pay an order gets as far as that.
fn without_gateway(test: &TestWorld) -> Payments {
    let config = Config {
        public_url: "http://127.0.0.1:3000".into(),
        organisation: "Test GmbH".into(),
    };
    let ledger = Ledger::new(test.deps.clone());
    Payments::new(test.deps.clone(), ledger, config, Gateways::default())
}

/// An order that can be paid for an hour, with one payment in this state.
async fn order_with(
    pool: &PgPool,
    test: &TestWorld,
    payments: &Payments,
    status: PaymentStatus,
) -> OrderId {
    let request = CreateOrder {
        reference: status.as_str().into(),
        amount: AMOUNT.into(),
        currency: "EUR".into(),
        description: "Tea".into(),
        customer: Customer {
            email: "ann@example.org".into(),
            name: "Ann".into(),
        },
        capture: CaptureMode::Automatic,
        expires_at: Some(test.now() + TimeDelta::hours(1)),
    };
    let order = payments
        .create_order(&Actor::system("test"), &request)
        .await
        .unwrap();
    sqlx::query(
        "insert into payments.payment
            (id, order_id, status, amount_minor, captured_minor, currency, gateway, method_token,
             client_key, created_at)
         values ($1, $2, $3, 500, 500, 'EUR', 'stripe', 'pm_card_visa', 'first', $4)",
    )
    .bind(test.deps.new_id::<PaymentId>().0)
    .bind(order.id.0)
    .bind(status.as_str())
    .bind(test.now())
    .execute(pool)
    .await
    .unwrap();
    order.id
}

/// Whether an order refuses another payment because of the one that it has.
async fn refuses_another(payments: &Payments, order: OrderId) -> bool {
    let request = CreatePayment {
        order_id: order,
        amount: AMOUNT.into(),
        currency: "EUR".into(),
        method: Method::Card {
            token: "pm_card_visa".into(),
        },
        idempotency_key: None,
    };
    match payments
        .create_payment(&Actor::system("test"), &request, "second")
        .await
    {
        Err(Error::OrderHasLivePayment) => true,
        Err(Error::Invalid(problem)) if problem.code == "no_gateway" => false,
        other => panic!("neither blocked nor free: {other:?}"),
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn model_index_and_queries_agree_on_what_blocks_an_order(pool: PgPool) {
    let test = testkit::world(&pool).await;
    let payments = without_gateway(&test);
    // No payment begins in most of these states.
    sqlx::query("alter table payments.payment disable trigger payment_legal_move")
        .execute(&pool)
        .await
        .unwrap();
    let mut orders = Vec::new();
    for status in PaymentStatus::ALL {
        let order = order_with(&pool, &test, &payments, *status).await;
        orders.push((*status, order));
    }

    let (index, predicate): (String, String) = sqlx::query_as(
        "select pg_get_indexdef(indexrelid), pg_get_expr(indpred, indrelid)
         from pg_index
         where indexrelid = 'payments.payment_one_live_per_order'::regclass",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert!(
        index.starts_with("CREATE UNIQUE INDEX") && index.contains(" (order_id) WHERE "),
        "{index}"
    );
    let asked = format!("select status, {predicate} from payments.payment");
    let indexed: Vec<(String, bool)> = sqlx::query_as(AssertSqlSafe(asked))
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(indexed.len(), PaymentStatus::ALL.len());
    for (status, is_indexed) in indexed {
        let status: PaymentStatus = status.parse().unwrap();
        assert_eq!(is_indexed, status.is_live(), "the index, of {status}");
    }

    for (status, order) in &orders {
        let refused = refuses_another(&payments, *order).await;
        assert_eq!(refused, status.is_live(), "order_has_live, of {status}");
    }

    test.advance(TimeDelta::hours(2));
    payments.expire_orders().await.unwrap();
    for (status, order) in &orders {
        let order = payments
            .order(&Actor::system("test"), *order)
            .await
            .unwrap();
        let expected = match status.is_live() {
            true => OrderStatus::Open,
            false => OrderStatus::Expired,
        };
        assert_eq!(order.status, expected, "expire_due, of {status}");
    }
}
