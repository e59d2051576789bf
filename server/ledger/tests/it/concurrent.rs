//! Many at once.

use futures::future::join_all;
use ledger::{Draft, Error};
use model::Currency;
use sqlx::PgPool;

use crate::{World, eur, noon, sale};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn posting_one_event_from_many_sides_gives_one_entry(pool: PgPool) {
    let world = World::new(&pool);
    let draft = sale(1, 500);
    let posted = join_all((0..8).map(|_| world.try_post(&draft))).await;
    let posted: Vec<_> = posted
        .into_iter()
        .map(|p| p.expect("posted or found"))
        .collect();
    assert_eq!(posted.iter().filter(|p| p.fresh).count(), 1);
    assert!(posted.iter().all(|p| p.entry == posted[0].entry));
    assert_eq!(world.number("select count(*) from ledger.line").await, 2);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn sixteen_posters_leave_sums_of_zero_and_no_deadlock(pool: PgPool) {
    let world = World::new(&pool);
    let poster = |who: u32| {
        let world = &world;
        async move {
            for n in 0..10_u32 {
                let source = format!("storm:{who}:{n}");
                let minor = i64::from(who * 31 + n * 7 + 1);
                // Accounts come into use in opposite orders on purpose.
                let (a, b) = if who.is_multiple_of(2) {
                    (n, n + 1)
                } else {
                    (n + 1, n)
                };
                let draft = Draft::new(source, "storm", "", noon())
                    .debit(format!("Assets:Hot-{a}"), eur(minor))
                    .credit(format!("Income:Hot-{b}"), eur(minor));
                assert!(world.post(&draft).await.fresh);
            }
        }
    };
    join_all((0..16).map(poster)).await;
    assert_eq!(world.number("select count(*) from ledger.entry").await, 160);
    assert_eq!(
        world
            .number("select sum(amount_minor)::bigint from ledger.line")
            .await,
        0
    );
    let verified = world
        .ledger
        .verify(&world.actor, None)
        .await
        .expect("verified");
    assert_eq!(verified.findings, []);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn callers_that_share_a_commit_get_each_their_own_answer(pool: PgPool) {
    let world = World::new(&pool);
    world.post(&sale(7, 700)).await;
    let mut drafts: Vec<Draft> = (0..40).map(|n| sale(n, i64::from(n) + 1)).collect();
    drafts[7] = sale(7, 700);
    drafts[8] = sale(7, 701);
    let posted = join_all(drafts.iter().map(|draft| world.ledger.post(draft))).await;
    for (n, outcome) in posted.iter().enumerate() {
        match (n, outcome) {
            (7, Ok(posted)) => assert!(!posted.fresh),
            (8, Err(Error::SourceReused(source))) => assert_eq!(source, "sale:7"),
            (_, Ok(posted)) => assert!(posted.fresh),
            (_, Err(other)) => panic!("{n}: {other}"),
        }
    }
    assert_eq!(world.number("select count(*) from ledger.entry").await, 39);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_still_on_its_way_is_neither_sealed_nor_rolled_up_over(pool: PgPool) {
    let world = World::new(&pool);
    // The accounts are there already, so nobody waits for them to come into being.
    world.post(&sale(0, 50)).await;
    world.seal_all().await;
    world.roll_up_all().await;
    let rolled = world.ledger.roll_up().await.expect("rolling up works");

    let mut slow = world
        .deps
        .db
        .begin("test.slow")
        .await
        .expect("a transaction");
    world
        .ledger
        .post_in_tx(&mut slow, &sale(1, 100))
        .await
        .expect("posted");
    world.post(&sale(2, 200)).await;

    // The slow one has the lower number; nothing may step over it.
    assert_eq!(world.ledger.seal().await.expect("sealing works"), 0);
    assert_eq!(
        world.ledger.roll_up().await.expect("rolling up works"),
        rolled
    );
    slow.commit().await.expect("committed");

    world.seal_all().await;
    world.roll_up_all().await;
    let verified = world
        .ledger
        .verify(&world.actor, None)
        .await
        .expect("verified");
    assert_eq!(verified.findings, []);
    assert_eq!(verified.sealed, 3);
    let mut conn = world.deps.db.read().await.expect("a connection");
    let balance = world
        .ledger
        .balance_in_tx(&mut conn, "Assets:Bank", Currency::EUR)
        .await;
    assert_eq!(balance.expect("a balance"), eur(350));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn two_sealers_and_two_rollers_at_once_make_one_chain_and_one_sum(pool: PgPool) {
    let world = World::new(&pool);
    for n in 0..20 {
        world.post(&sale(n, 100)).await;
    }
    let seals = join_all((0..4).map(|_| world.ledger.seal())).await;
    assert!(seals.iter().all(Result::is_ok));
    let rolls = join_all((0..4).map(|_| world.ledger.roll_up())).await;
    assert!(rolls.iter().all(Result::is_ok));
    world.seal_all().await;
    world.roll_up_all().await;
    let verified = world
        .ledger
        .verify(&world.actor, None)
        .await
        .expect("verified");
    assert_eq!((verified.findings, verified.sealed), (vec![], 20));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_candidate_from_a_dumped_cluster_does_not_block_settling(pool: PgPool) {
    let world = World::new(&pool);
    world.post(&sale(1, 100)).await;
    sqlx::query("update ledger.progress set waiting_seq = 1, waiting_xid = '99999999999999'")
        .execute(&pool)
        .await
        .expect("the position is no part of the books");
    world.seal_all().await;
}
