//! The SQL of sagas.

use chrono::{DateTime, Utc};
use model::{Page, SagaId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Status;

/// A saga's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Its id.
    pub id: SagaId,
    /// Its kind, such as `payment`.
    pub kind: String,
    /// What it was asked to do.
    pub input: Value,
    /// What its steps have learned.
    pub state: Value,
    /// Where it is.
    pub status: Status,
    /// The number of the step to take, or while unwinding the number of steps still done.
    pub step: i32,
    /// How often this step was tried without an answer.
    pub attempts: i32,
    /// How often it was woken.
    pub wakes: i32,
    /// What it waits for, or why it unwinds.
    pub reason: Option<String>,
    /// When it goes on.
    pub next_at: DateTime<Utc>,
    /// When it was started.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// One line of a saga's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    /// The number of the step.
    pub step: i32,
    /// Its name.
    pub name: String,
    /// `done`, `undone`, `wait`, `park`, `retry`, `fail` or `stop`.
    pub what: String,
    /// What its act gave.
    pub outcome: Option<Value>,
    /// Why, where there is a why.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    id: SagaId,
    kind: &str,
    input: &Value,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into platform.saga
             (id, kind, input, state, status, step, attempts, wakes, next_at, created_at, updated_at)
         values ($1, $2, $3, 'null', 'running', 0, 0, 0, $4, $4, $4)",
        id.0,
        kind,
        input,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Looks a saga up.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut PgConnection, id: SagaId) -> Result<Option<View>, sqlx::Error> {
    sqlx::query_as!(
        View,
        "select
             id, kind, input, state, status, step, attempts, wakes, reason,
             next_at, created_at, updated_at
         from platform.saga
         where id = $1",
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Lists sagas, newest first, all or those in one state. `after` is the cursor of the page before;
/// one that cannot be read gives the first page.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    conn: &mut PgConnection,
    status: Option<Status>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<View>, sqlx::Error> {
    let limit = limit.clamp(1, Page::<View>::MAX);
    let (before_at, before_id) = crate::cursor::read(after).unzip();
    let rows = sqlx::query_as!(
        View,
        "select
             id, kind, input, state, status, step, attempts, wakes, reason,
             next_at, created_at, updated_at
         from platform.saga
         where ($1::text is null or status = $1)
           and ($2::timestamptz is null or (created_at, id) < ($2, $3))
         order by created_at desc, id desc
         limit $4",
        status.map(Status::as_str),
        before_at,
        before_id,
        limit + 1,
    )
    .fetch_all(conn)
    .await?;
    let limit = usize::try_from(limit).unwrap_or(1);
    Ok(Page::from_overfetch(rows, limit, |row| {
        crate::cursor::write(row.created_at, row.id.0)
    }))
}

/// A saga's log, oldest line first.
///
/// # Errors
/// When the database does not answer.
pub async fn steps(conn: &mut PgConnection, id: SagaId) -> Result<Vec<StepView>, sqlx::Error> {
    sqlx::query_as!(
        StepView,
        "select step, name, what, outcome, reason, at
         from platform.saga_step
         where saga_id = $1
         order by seq",
        id.0,
    )
    .fetch_all(conn)
    .await
}

/// Counts a wake, and gives the kind of a saga that is still open. What is unwinding is counted
/// too, but neither hastened nor turned round.
pub(super) async fn wake(
    conn: &mut PgConnection,
    id: SagaId,
    now: DateTime<Utc>,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "update platform.saga
         set wakes = wakes + 1,
             status = case when status in ('waiting', 'parked') then 'running' else status end,
             attempts = case when status in ('waiting', 'parked') then 0 else attempts end,
             next_at = case when status = 'unwinding' then next_at else $2 end,
             updated_at = $2
         where id = $1
           and status in ('running', 'waiting', 'parked', 'unwinding')
         returning kind",
        id.0,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// What changes in a saga's row when a step has been taken.
pub(super) struct Change<'a> {
    pub(super) state: &'a Value,
    pub(super) status: Status,
    pub(super) step: i32,
    pub(super) attempts: i32,
    pub(super) reason: Option<&'a str>,
    pub(super) next_at: DateTime<Utc>,
}

/// Stores a change. If it would put the saga to sleep although the saga was woken since it was read
/// (`wakes`), the step is taken again at once instead. Returns whether that is so.
pub(super) async fn change(
    conn: &mut PgConnection,
    before: &View,
    change: &Change<'_>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let sleeps = change.status == Status::Parked || change.next_at > now;
    sqlx::query_scalar!(
        r#"update platform.saga
         set state = $3,
             status = case
                 when $4 and wakes <> $2 and $5 in ('waiting', 'parked') then 'running'
                 else $5
             end,
             step = $6,
             attempts = $7,
             reason = $8,
             next_at = case when $4 and wakes <> $2 then $10::timestamptz else $9::timestamptz end,
             updated_at = $10
         where id = $1
         returning ($4 and wakes <> $2) as "woken!""#,
        before.id.0,
        before.wakes,
        change.state,
        sleeps,
        change.status.as_str(),
        change.step,
        change.attempts,
        change.reason,
        change.next_at,
        now,
    )
    .fetch_one(conn)
    .await
}

/// A line for the log.
pub(super) struct Line<'a> {
    pub(super) step: i32,
    pub(super) name: &'a str,
    pub(super) what: &'a str,
    pub(super) outcome: Option<&'a Value>,
    pub(super) reason: Option<&'a str>,
}

pub(super) async fn log(
    conn: &mut PgConnection,
    id: SagaId,
    line: &Line<'_>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into platform.saga_step (saga_id, step, name, what, outcome, reason, at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id.0,
        line.step,
        line.name,
        line.what,
        line.outcome,
        line.reason,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a step's act gave when it was done.
pub(super) async fn outcome_of(
    conn: &mut PgConnection,
    id: SagaId,
    step: i32,
) -> Result<Option<Value>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select outcome
         from platform.saga_step
         where saga_id = $1
           and step = $2
           and what = 'done'",
        id.0,
        step,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.flatten())
}

/// The open sagas of a kind that are due, for the sweep.
pub(super) async fn list_due(
    conn: &mut PgConnection,
    kind: &str,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<SagaId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: SagaId"
         from platform.saga
         where kind = $1
           and status in ('running', 'waiting', 'unwinding')
           and next_at <= $2
         order by next_at, id
         limit $3"#,
        kind,
        now,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Tries to become the one who runs a saga, for as long as this connection lives.
pub(super) async fn try_lock(conn: &mut PgConnection, id: SagaId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select pg_try_advisory_lock($1) as "locked!""#,
        lock_number(id)
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn unlock(conn: &mut PgConnection, id: SagaId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select pg_advisory_unlock($1) as "unlocked!""#,
        lock_number(id)
    )
    .fetch_one(conn)
    .await
}

/// Folds an id into the 64 bits of a lock's number. Should two sagas ever share one, they wait for
/// each other, no more.
fn lock_number(id: SagaId) -> i64 {
    let (high, low) = Uuid::as_u64_pair(&id.0);
    i64::from_ne_bytes((high.rotate_left(32) ^ low ^ 0x5341_4741).to_ne_bytes())
}
