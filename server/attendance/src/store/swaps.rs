//! Rows of `attendance.swap_request` and `attendance.swap_event`.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::swap::{SwapDay, SwapState};
use model::{PersonId, SwapEventId, SwapId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::calendars::RosterInstance;

/// What both worked on the days of a swap, when it was asked for.
pub type AskedDays = Vec<SwapDay<RosterInstance>>;

/// A request as stored, with the managers of both.
#[derive(Clone, Debug)]
pub struct SwapRow {
    pub id: SwapId,
    pub asker: PersonId,
    pub asker_manager: Option<PersonId>,
    pub from_day: NaiveDate,
    pub other: PersonId,
    pub other_manager: Option<PersonId>,
    pub to_day: NaiveDate,
    pub note: String,
    pub state: SwapState,
    pub asked_days: Json<AskedDays>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl SwapRow {
    /// Whether somebody is one of the two.
    pub fn is_of(&self, person: PersonId) -> bool {
        self.asker == person || self.other == person
    }
}

/// A request that is about to be kept.
#[derive(Clone, Debug)]
pub struct NewSwap<'a> {
    pub id: SwapId,
    pub asker: PersonId,
    pub from_day: NaiveDate,
    pub other: PersonId,
    pub to_day: NaiveDate,
    pub note: &'a str,
    pub asked_days: &'a AskedDays,
    pub client_key: &'a str,
    pub created_by: &'a str,
    pub created_at: DateTime<Utc>,
}

/// Keeps a request; false when its key was used before. The index `swap_one_open_per_day` refuses a
/// day that is offered already.
pub async fn insert(conn: &mut PgConnection, new: &NewSwap<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.swap_request
             (id, from_employee, from_day, to_employee, to_day, note, state, version, created_at,
              asked_days, client_key, created_by)
         values ($1, $2, $3, $4, $5, $6, 'asked', 1, $7, $8, $9, $10)
         on conflict on constraint swap_request_once do nothing",
        new.id.0,
        new.asker.0,
        new.from_day,
        new.other.0,
        new.to_day,
        new.note,
        new.created_at,
        Json(new.asked_days) as _,
        new.client_key,
        new.created_by,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The request that somebody made under a key.
pub async fn id_by_key(
    conn: &mut PgConnection,
    created_by: &str,
    client_key: &str,
) -> Result<Option<SwapId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: SwapId"
         from attendance.swap_request
         where created_by = $1 and client_key = $2"#,
        created_by,
        client_key,
    )
    .fetch_optional(conn)
    .await
}

/// Holds a request for the rest of the transaction; false if there is none.
pub async fn lock(conn: &mut PgConnection, id: SwapId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select version from attendance.swap_request where id = $1 for update",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Requests by id, oldest first. Managers as of `today`.
pub async fn by_ids(
    conn: &mut PgConnection,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<SwapRow>, sqlx::Error> {
    sqlx::query_as!(
        SwapRow,
        r#"select r.id as "id: SwapId", r.from_employee as "asker: PersonId", r.from_day,
                a.manager_id as "asker_manager?: PersonId", r.to_employee as "other: PersonId",
                r.to_day, o.manager_id as "other_manager?: PersonId", r.note,
                r.state as "state: SwapState", r.asked_days as "asked_days: Json<AskedDays>",
                r.version, r.created_at
         from attendance.swap_request r
         left join lateral (
             select manager_id from attendance.employment
             where employee_id = r.from_employee and from_day <= $2
             order by from_day desc
             limit 1
         ) a on true
         left join lateral (
             select manager_id from attendance.employment
             where employee_id = r.to_employee and from_day <= $2
             order by from_day desc
             limit 1
         ) o on true
         where r.id = any($1)
         order by r.created_at, r.id
         limit 1000"#,
        ids,
        today,
    )
    .fetch_all(conn)
    .await
}

/// Requests that concern somebody: those that are open and not over, and some that are not, the newest
/// first.
pub async fn ids_of(
    conn: &mut PgConnection,
    person: PersonId,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id
         from attendance.swap_request
         where from_employee = $1 or to_employee = $1
         order by state in ('asked', 'agreed') and greatest(from_day, to_day) >= $2 desc,
             created_at desc, id desc
         limit $3",
        person.0,
        today,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Requests that wait for somebody's answer and whose days are not over, oldest first.
pub async fn waiting_for(
    conn: &mut PgConnection,
    person: PersonId,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id
         from attendance.swap_request
         where to_employee = $1 and state = 'asked' and least(from_day, to_day) >= $2
         order by created_at, id
         limit $3",
        person.0,
        today,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Requests that somebody has to decide, oldest first: those of whom `manager` manages one as of
/// `today`, or all; never those of `own`.
pub async fn open_ids(
    conn: &mut PgConnection,
    manager: Option<PersonId>,
    own: Option<PersonId>,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select r.id
         from attendance.swap_request r
         where r.state = 'agreed'
           and r.from_employee is distinct from $2::uuid
           and r.to_employee is distinct from $2
           and ($1::uuid is null or $1 in (
               select m.manager_id
               from unnest(array[r.from_employee, r.to_employee]) as p (id)
               cross join lateral (
                   select manager_id from attendance.employment
                   where employee_id = p.id and from_day <= $3
                   order by from_day desc
                   limit 1
               ) m
           ))
         order by r.created_at, r.id
         limit $4",
        manager.map(|id| id.0),
        own.map(|id| id.0),
        today,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The open requests in which somebody offers days of a range: which day, and how far each is.
pub async fn offered(
    conn: &mut PgConnection,
    person: PersonId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(NaiveDate, SwapState)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select from_day, state as "state: SwapState"
         from attendance.swap_request
         where from_employee = $1 and from_day between $2 and $3 and state in ('asked', 'agreed')
         order by from_day"#,
        person.0,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.from_day, row.state)).collect())
}

/// Moves a request that is still in a state and at `version`; false if it is not. Who has decided is
/// kept with it; what the two say of it is in its history alone.
pub async fn settle(
    conn: &mut PgConnection,
    row: &SwapRow,
    state: SwapState,
    decided: Option<&Decided<'_>>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.swap_request
         set state = $4, decided_by = $5, decided_by_label = $6, decided_at = $7,
             decision_note = coalesce($8, ''), version = version + 1
         where id = $1 and version = $2 and state = $3",
        row.id.0,
        row.version,
        row.state.as_str(),
        state.as_str(),
        decided.map(|decided| decided.by),
        decided.map(|decided| decided.label),
        decided.map(|decided| decided.at),
        decided.map(|decided| decided.note),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Who decides, when, and with which words.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    pub by: &'a str,
    pub label: &'a str,
    pub at: DateTime<Utc>,
    pub note: &'a str,
}

/// A line of a swap's history.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub swap_id: SwapId,
    pub state: SwapState,
    pub actor_label: String,
    pub note: String,
    pub at: DateTime<Utc>,
}

/// Adds a line to a swap's history: what it became with which version.
pub async fn add_event(
    conn: &mut PgConnection,
    id: SwapEventId,
    (swap, version): (SwapId, i32),
    state: SwapState,
    said: &Decided<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.swap_event (id, swap_id, version, state, actor, actor_label, note, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        swap.0,
        version,
        state.as_str(),
        said.by,
        said.label,
        said.note,
        said.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The histories of swaps, each oldest first.
pub async fn events(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<EventRow>, sqlx::Error> {
    sqlx::query_as!(
        EventRow,
        r#"select swap_id as "swap_id: SwapId", state as "state: SwapState", actor_label, note, at
         from attendance.swap_event
         where swap_id = any($1)
         order by swap_id, version
         limit 10000"#,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// A swap that was approved, as one of its days shows it.
#[derive(Clone, Debug)]
pub struct DoneRow {
    pub employee_id: PersonId,
    pub day: NaiveDate,
    pub with_name: String,
    pub decided_by: String,
    pub decided_at: DateTime<Utc>,
}

/// Approved swaps of people within a range of days, for each day that they have changed, oldest first.
pub async fn done(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DoneRow>, sqlx::Error> {
    sqlx::query_as!(
        DoneRow,
        r#"select p.id as "employee_id!: PersonId", d.day as "day!", w.name as with_name,
                r.decided_by_label as "decided_by!", r.decided_at as "decided_at!"
         from attendance.swap_request r
         cross join lateral (
             values (r.from_employee, r.to_employee), (r.to_employee, r.from_employee)
         ) as p (id, with_id)
         cross join lateral (select r.from_day as day union select r.to_day) d
         join attendance.employee w on w.id = p.with_id
         where r.state = 'approved' and p.id = any($1) and d.day between $2 and $3
           and (r.from_employee = any($1) or r.to_employee = any($1))
         order by r.decided_at, r.id, p.id, d.day
         limit 10000"#,
        people,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// The members of a team today who work here, but for one person, by name.
pub async fn peers(
    conn: &mut PgConnection,
    team: &str,
    except: PersonId,
    today: NaiveDate,
) -> Result<Vec<super::roster::PersonRow>, sqlx::Error> {
    sqlx::query_as!(
        super::roster::PersonRow,
        r#"select e.id as "id: PersonId", e.name, e.zone
         from attendance.employee e
         where e.active and e.id <> $2
           and $1 = (
               select m.team from attendance.employment m
               where m.employee_id = e.id and m.from_day <= $3
               order by m.from_day desc
               limit 1
           )
         order by lower(e.name) collate "C", e.id
         limit 200"#,
        team,
        except.0,
        today,
    )
    .fetch_all(conn)
    .await
}
