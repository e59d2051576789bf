//! Posting and reversing.

use chrono::TimeDelta;
use ledger::{Draft, DraftError, Error, REVERSAL};
use model::{Currency, Money, Problem};
use sqlx::PgPool;

use crate::{World, eur, noon, sale};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_unbalanced_draft_never_reaches_the_database(pool: PgPool) {
    let world = World::new(&pool);
    let mut draft = sale(1, 500);
    draft.lines[1].money = eur(-499);
    let refused = world.try_post(&draft).await;
    assert!(matches!(
        refused,
        Err(Error::Draft(DraftError::Unbalanced {
            currency: Currency::EUR,
            off_minor: 1
        }))
    ));
    assert_eq!(world.number("select count(*) from ledger.entry").await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_same_event_twice_is_one_entry(pool: PgPool) {
    let world = World::new(&pool);
    let first = world.post(&sale(1, 500)).await;
    let mut again = sale(1, 500);
    again.occurred_at += TimeDelta::seconds(5);
    let second = world.post(&again).await;
    assert!(first.fresh);
    assert!(!second.fresh);
    assert_eq!(first.entry, second.entry);
    assert_eq!(world.number("select count(*) from ledger.line").await, 2);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_same_event_with_another_content_is_refused(pool: PgPool) {
    let world = World::new(&pool);
    world.post(&sale(1, 500)).await;
    let mut other_text = sale(1, 500);
    other_text.text = "Another".into();
    for other in [sale(1, 501), other_text] {
        let refused = world.try_post(&other).await;
        assert!(matches!(&refused, Err(Error::SourceReused(source)) if source == "sale:1"));
        assert_eq!(Problem::from(refused.expect_err("refused")).status, 409);
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_rolled_back_posting_leaves_nothing_and_may_be_repeated(pool: PgPool) {
    let world = World::new(&pool);
    let mut tx = world
        .deps
        .db
        .begin("test.post")
        .await
        .expect("a transaction");
    world
        .ledger
        .post_in_tx(&mut tx, &sale(1, 500))
        .await
        .expect("posted");
    tx.rollback().await.expect("rolled back");
    assert_eq!(world.number("select count(*) from ledger.account").await, 0);
    assert!(world.post(&sale(1, 500)).await.fresh);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_posting_within_a_savepoint_is_a_posting(pool: PgPool) {
    use sqlx::Connection;
    let world = World::new(&pool);
    let mut tx = world
        .deps
        .db
        .begin("test.post")
        .await
        .expect("a transaction");
    let mut inner = (*tx).begin().await.expect("a savepoint");
    world
        .ledger
        .post_in_tx(&mut inner, &sale(1, 500))
        .await
        .expect("posted");
    inner.commit().await.expect("released");
    tx.commit().await.expect("committed");
    assert_eq!(world.number("select count(*) from ledger.entry").await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn many_entries_go_in_at_once_and_are_answered_in_order(pool: PgPool) {
    let world = World::new(&pool);
    let known = world.post(&sale(3, 3)).await;
    let drafts = [5, 3, 4, 5].map(|n| sale(n, i64::from(n)).balance().expect("balanced"));
    let mut tx = world
        .deps
        .db
        .begin("test.post")
        .await
        .expect("a transaction");
    let posted = world
        .ledger
        .post_many_in_tx(&mut tx, &drafts)
        .await
        .expect("posted");
    tx.commit().await.expect("committed");
    assert_eq!(
        posted.iter().map(|p| p.fresh).collect::<Vec<_>>(),
        [true, false, true, false]
    );
    assert_eq!(posted[1].entry, known.entry);
    assert_eq!(posted[3].entry, posted[0].entry);
    let view = world
        .ledger
        .entry(&world.actor, posted[2].entry)
        .await
        .expect("there");
    assert_eq!(view.source, "sale:4");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_entry_may_carry_several_currencies_that_balance_each_for_itself(pool: PgPool) {
    let world = World::new(&pool);
    let usd = |minor| Money::new(minor, Currency::USD);
    let draft = Draft::new("fx:1", "fx", "Exchange", noon())
        .debit("Assets:Bank-USD", usd(1_080))
        .credit("Equity:FX-Clearing", usd(1_080))
        .debit("Equity:FX-Clearing", eur(1_000))
        .credit("Assets:Bank", eur(1_000));
    let posted = world.post(&draft).await;
    let view = world
        .ledger
        .entry(&world.actor, posted.entry)
        .await
        .expect("there");
    assert_eq!(view.lines.len(), 4);
    assert_eq!(view.lines[0].debit(), Some(usd(1_080)));
    assert_eq!(view.lines[3].credit(), Some(eur(1_000)));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_reversal_mirrors_its_entry_and_happens_once(pool: PgPool) {
    let world = World::new(&pool);
    let entry = world.post(&sale(1, 500)).await.entry;
    let reversal = world
        .reverse(entry, "correction:1")
        .await
        .expect("reversed");
    assert!(reversal.fresh);
    let again = world
        .reverse(entry, "correction:1")
        .await
        .expect("the same one");
    assert_eq!((again.entry, again.fresh), (reversal.entry, false));
    assert!(matches!(
        world.reverse(entry, "correction:2").await,
        Err(Error::AlreadyReversed)
    ));

    let view = world
        .ledger
        .entry(&world.actor, reversal.entry)
        .await
        .expect("there");
    assert_eq!(view.kind, REVERSAL);
    assert_eq!(view.reverses, Some(entry));
    assert_eq!(view.lines[0].amount, eur(-500));
    let original = world
        .ledger
        .entry(&world.actor, entry)
        .await
        .expect("there");
    assert_eq!(original.reversed_by, Some(reversal.entry));
    let balance = {
        let mut conn = world.deps.db.read().await.expect("a connection");
        world
            .ledger
            .balance_in_tx(&mut conn, "Assets:Bank", Currency::EUR)
            .await
    };
    assert_eq!(balance.expect("a balance"), eur(0));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_not_there_cannot_be_reversed(pool: PgPool) {
    let world = World::new(&pool);
    let nobody = world.deps.new_id();
    assert!(matches!(
        world.reverse(nobody, "correction:1").await,
        Err(Error::NotFound("entry"))
    ));
}
