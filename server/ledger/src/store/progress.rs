//! How far numbers are settled and balances rolled up.

use sqlx::PgConnection;

/// The row of `ledger.progress` without its waiting part.
pub(crate) struct Progress {
    pub settled_seq: i64,
    pub rolled_seq: i64,
}

/// Reads it.
pub(crate) async fn read(conn: &mut PgConnection) -> Result<Progress, sqlx::Error> {
    sqlx::query_as!(
        Progress,
        "select settled_seq, rolled_seq from ledger.progress"
    )
    .fetch_one(conn)
    .await
}

/// Reads it and keeps other workers out until the transaction ends.
pub(crate) async fn lock(conn: &mut PgConnection) -> Result<Progress, sqlx::Error> {
    sqlx::query_as!(
        Progress,
        "select settled_seq, rolled_seq from ledger.progress for update"
    )
    .fetch_one(conn)
    .await
}

/// The highest entry number that was ever given out, also to transactions that are still open or
/// were rolled back; 0 before the first.
pub(crate) async fn last_given_out(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        select case when is_called then last_value else last_value - 1 end as "seq!"
        from ledger.entry_seq_seq
        "#
    )
    .fetch_one(conn)
    .await
}

/// Notes a candidate, unless one is waiting. The transaction must not have written before: its id
/// has to be younger than the reading of `seq`.
pub(crate) async fn wait_for(conn: &mut PgConnection, seq: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"
        update ledger.progress
        set waiting_seq = $1, waiting_xid = pg_current_xact_id()
        where waiting_xid is null and settled_seq < $1
        "#,
        seq,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Settles the candidate if every transaction that is older than it is over. A candidate that was
/// dumped in another cluster may lie in the future of this one; it is dropped.
pub(crate) async fn settle(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"
        update ledger.progress
        set settled_seq = case
                when waiting_xid < pg_snapshot_xmin(pg_current_snapshot())
                then greatest(settled_seq, waiting_seq)
                else settled_seq
            end,
            waiting_seq = null,
            waiting_xid = null
        where waiting_xid < pg_snapshot_xmin(pg_current_snapshot())
            or waiting_xid >= pg_snapshot_xmax(pg_current_snapshot())
        "#
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds the lines after `from_seq` up to `to_seq` to the rolled-up balances.
pub(crate) async fn roll_up(
    conn: &mut PgConnection,
    from_seq: i64,
    to_seq: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"
        insert into ledger.rollup (account_id, currency, debit_minor, credit_minor)
        select account_id, currency,
            coalesce(sum(amount_minor) filter (where amount_minor > 0), 0)::bigint,
            coalesce(-sum(amount_minor) filter (where amount_minor < 0), 0)::bigint
        from ledger.line
        where entry_seq > $1 and entry_seq <= $2
        group by account_id, currency
        on conflict (account_id, currency) do update
        set debit_minor = rollup.debit_minor + excluded.debit_minor,
            credit_minor = rollup.credit_minor + excluded.credit_minor
        "#,
        from_seq,
        to_seq,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("update ledger.progress set rolled_seq = $1", to_seq)
        .execute(conn)
        .await?;
    Ok(())
}
