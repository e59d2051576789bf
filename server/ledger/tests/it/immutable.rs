//! What the database refuses when the code is bypassed.

use sqlx::{Executor, PgConnection, PgPool};

use crate::{World, sale};

/// The name of the constraint on which a statement failed.
async fn refused_by(conn: &mut PgConnection, sql: &'static str) -> Option<String> {
    match conn.execute(sql).await {
        Ok(_) => None,
        Err(sqlx::Error::Database(error)) => Some(
            error
                .constraint()
                .map_or_else(|| error.code().unwrap_or_default().into(), String::from),
        ),
        Err(other) => panic!("{sql}: {other}"),
    }
}

const CHANGES: [&str; 12] = [
    "update ledger.entry set text = 'other'",
    "update ledger.line set amount_minor = amount_minor + 1",
    "update ledger.account set path = 'Assets:Other'",
    "update ledger.seal set hash = prev_hash",
    "delete from ledger.entry",
    "delete from ledger.line",
    "delete from ledger.account",
    "delete from ledger.seal",
    "truncate ledger.entry",
    "truncate ledger.line",
    "truncate ledger.account",
    "truncate ledger.seal",
];

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_owner_can_neither_change_nor_remove_anything(pool: PgPool) {
    let world = World::new(&pool);
    world.post(&sale(1, 500)).await;
    let mut conn = pool.acquire().await.expect("a connection");
    for sql in CHANGES {
        assert_eq!(
            refused_by(&mut conn, sql).await.as_deref(),
            Some("ledger_append_only"),
            "{sql}"
        );
    }
    let upsert = "insert into ledger.account (id, path, created_at) \
        select id, path, created_at from ledger.account \
        on conflict (id) do update set path = 'Assets:Other'";
    assert_eq!(
        refused_by(&mut conn, upsert).await.as_deref(),
        Some("ledger_append_only")
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_application_role_has_no_right_to_try(pool: PgPool) {
    let world = World::new(&pool);
    world.post(&sale(1, 500)).await;
    let mut conn = pool.acquire().await.expect("a connection");
    if conn.execute("set role punctual_app").await.is_err() {
        eprintln!("notice: skipped, since this cluster has no role punctual_app for us");
        return;
    }
    for sql in CHANGES {
        assert_eq!(
            refused_by(&mut conn, sql).await.as_deref(),
            Some("42501"),
            "{sql}"
        );
    }
    // It can do its work, though.
    let posted = world
        .ledger
        .post_in_tx(&mut conn, &sale(2, 700))
        .await
        .expect("posted");
    assert!(posted.fresh);
    conn.execute("reset role").await.expect("the role is reset");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn no_line_joins_an_entry_of_the_past(pool: PgPool) {
    let world = World::new(&pool);
    world.post(&sale(1, 500)).await;
    let mut conn = pool.acquire().await.expect("a connection");
    let pair = "insert into ledger.line (entry_seq, ordinal, account_id, amount_minor, currency) \
        select entry_seq, ordinal + 2, account_id, amount_minor, currency from ledger.line";
    assert_eq!(
        refused_by(&mut conn, pair).await.as_deref(),
        Some("ledger_entry_closed")
    );
    let stray = "insert into ledger.line (entry_seq, ordinal, account_id, amount_minor, currency) \
        select entry_seq + 1000, ordinal, account_id, amount_minor, currency from ledger.line";
    assert_eq!(
        refused_by(&mut conn, stray).await.as_deref(),
        Some("ledger_entry_closed")
    );
}

const ENTRY: &str = "insert into ledger.entry \
    (id, source, kind, text, occurred_at, posted_at, content_hash) \
    values (gen_random_uuid(), 'bypass', 'test', '', now(), now(), sha256(''))";

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_unbalanced_entry_is_refused_when_the_code_is_bypassed(pool: PgPool) {
    let world = World::new(&pool);
    world.post(&sale(1, 500)).await;
    let mut tx = pool.begin().await.expect("a transaction");
    tx.execute(ENTRY)
        .await
        .expect("an entry alone may wait for its lines");
    let lines = "insert into ledger.line (entry_seq, ordinal, account_id, amount_minor, currency) \
        select e.seq, 0, a.id, 500, 'EUR' from ledger.entry e, ledger.account a \
        where e.source = 'bypass' and a.path = 'Assets:Bank'";
    assert_eq!(
        refused_by(&mut tx, lines).await.as_deref(),
        Some("ledger_entry_balances")
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_entry_without_lines_does_not_commit(pool: PgPool) {
    let _world = World::new(&pool);
    let mut tx = pool.begin().await.expect("a transaction");
    tx.execute(ENTRY)
        .await
        .expect("an entry alone may wait for its lines");
    let refused = tx.commit().await.expect_err("refused at commit");
    let constraint = refused
        .as_database_error()
        .and_then(|e| e.constraint().map(String::from));
    assert_eq!(constraint.as_deref(), Some("ledger_entry_balances"));
    let left: i64 = sqlx::query_scalar("select count(*) from ledger.entry")
        .fetch_one(&pool)
        .await
        .expect("a number");
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn checking_early_does_not_open_a_way_around_the_balance(pool: PgPool) {
    let world = World::new(&pool);
    let mut tx = pool.begin().await.expect("a transaction");
    world
        .ledger
        .post_in_tx(&mut tx, &sale(1, 500))
        .await
        .expect("posted");
    tx.execute("set constraints all immediate")
        .await
        .expect("sound so far");
    let one_more = "insert into ledger.line (entry_seq, ordinal, account_id, amount_minor, currency) \
        select entry_seq, 2, account_id, 1, currency from ledger.line where ordinal = 0";
    assert_eq!(
        refused_by(&mut tx, one_more).await.as_deref(),
        Some("ledger_entry_balances")
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_entry_cannot_claim_another_transaction(pool: PgPool) {
    let _world = World::new(&pool);
    let mut tx = pool.begin().await.expect("a transaction");
    tx.execute(
        "insert into ledger.entry \
            (id, source, kind, text, occurred_at, posted_at, content_hash, xid) \
        values (gen_random_uuid(), 'bypass', 'test', '', now(), now(), sha256(''), '9999999999')",
    )
    .await
    .expect("noticed at commit");
    let refused = tx.commit().await.expect_err("refused at commit");
    let constraint = refused
        .as_database_error()
        .and_then(|e| e.constraint().map(String::from));
    assert_eq!(constraint.as_deref(), Some("ledger_entry_closed"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_line_needs_an_account_that_is_there(pool: PgPool) {
    let world = World::new(&pool);
    let mut tx = pool.begin().await.expect("a transaction");
    world
        .ledger
        .post_in_tx(&mut tx, &sale(1, 500))
        .await
        .expect("posted");
    let stray = "insert into ledger.line (entry_seq, ordinal, account_id, amount_minor, currency) \
        select entry_seq, ordinal + 2, gen_random_uuid(), amount_minor, currency from ledger.line";
    assert_eq!(
        refused_by(&mut tx, stray).await.as_deref(),
        Some("ledger_account_exists")
    );
}
