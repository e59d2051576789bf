//! What open pages hear while files are taken in.

use sqlx::PgPool;

use crate::world::{World, entry, statement};

/// What was told of settlement so far, oldest first.
async fn told(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select topic || coalesce(' ' || (payload ->> 'status'), '')
         from platform.outbox
         where topic like 'settlement.%'
         order by seq",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn each_state_of_an_import_is_told_once(pool: PgPool) {
    let world = World::new(&pool).await;
    let text = statement("S-1", 1, "0.00", &[entry("12.00", "REF1", "one")]);
    let first = world
        .payments
        .receive_import(&world.actor, "a.xml", None, text.clone().into_bytes())
        .await
        .unwrap();
    assert_eq!(told(&pool).await, ["settlement.import received"]);
    world.runs_jobs().await;
    let all = [
        "settlement.import received",
        "settlement.import parsing",
        "settlement.import matching",
        "settlement.reconciled",
        "settlement.import done",
    ];
    assert_eq!(told(&pool).await, all);

    // The same bytes again, and the job once more: nothing becomes of it.
    world.imports("b.xml", &text).await;
    world.payments.run_import(first.import.id).await.unwrap();
    assert_eq!(told(&pool).await, all);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_refused_file_is_told_and_a_dry_run_is_not(pool: PgPool) {
    let world = World::new(&pool).await;
    world.payments.reconcile().await.unwrap();
    let text = statement("S-1", 1, "0.00", &[entry("12.00", "REF1", "one")]);
    world
        .payments
        .import_file(&world.actor, "try.xml", text.as_bytes(), true)
        .await
        .unwrap();
    assert!(told(&pool).await.is_empty(), "nothing has changed");
    world.imports("cut.xml", &text[..text.len() - 60]).await;
    assert_eq!(
        told(&pool).await,
        [
            "settlement.import received",
            "settlement.import parsing",
            "settlement.import refused",
        ]
    );
}
