//! Rows of `attendance.correction`, and the annotations that come of them.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::day::{Day, Direction};
use model::attendance::views::{Change, CorrectionState};
use model::{CorrectionId, PersonId, PunchAnnotationId, PunchId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// A request as stored, with the names that go with it.
#[derive(Clone, Debug)]
pub struct CorrectionRow {
    pub id: CorrectionId,
    pub employee_id: PersonId,
    pub employee_name: String,
    /// The clocks where they worked that day.
    pub zone: String,
    /// Who decides on the day that was asked about.
    pub manager_id: Option<PersonId>,
    pub work_date: NaiveDate,
    pub state: CorrectionState,
    pub reason: String,
    pub changes: Json<Vec<Change>>,
    pub before: Json<Option<Day>>,
    pub after: Json<Option<Day>>,
    pub version: i32,
    pub created_by: String,
    pub created_by_label: String,
    pub created_at: DateTime<Utc>,
    pub decided_by_label: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decision_note: String,
}

/// A request that is about to be kept.
#[derive(Clone, Debug)]
pub struct NewCorrection<'a> {
    pub id: CorrectionId,
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    pub reason: &'a str,
    pub changes: &'a [Change],
    pub before: Option<&'a Day>,
    pub after: Option<&'a Day>,
    pub client_key: &'a str,
    pub created_by: &'a str,
    pub created_by_label: &'a str,
    pub created_at: DateTime<Utc>,
}

/// Keeps a request; false when its key was used before.
pub async fn insert(conn: &mut PgConnection, new: &NewCorrection<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.correction
             (id, employee_id, work_date, state, reason, changes, before, after, version,
              client_key, created_by, created_by_label, created_at)
         values ($1, $2, $3, 'requested', $4, $5, $6, $7, 1, $8, $9, $10, $11)
         on conflict on constraint correction_once do nothing",
        new.id.0,
        new.employee_id.0,
        new.work_date,
        new.reason,
        Json(new.changes) as _,
        Json(new.before) as _,
        Json(new.after) as _,
        new.client_key,
        new.created_by,
        new.created_by_label,
        new.created_at,
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
) -> Result<Option<CorrectionId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: CorrectionId"
         from attendance.correction
         where created_by = $1 and client_key = $2"#,
        created_by,
        client_key,
    )
    .fetch_optional(conn)
    .await
}

/// Holds a request for the rest of the transaction; false if there is none.
pub async fn lock(conn: &mut PgConnection, id: CorrectionId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select id from attendance.correction where id = $1 for update",
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
) -> Result<Vec<CorrectionRow>, sqlx::Error> {
    sqlx::query_as!(
        CorrectionRow,
        r#"select c.id as "id: CorrectionId", c.employee_id as "employee_id: PersonId",
                e.name as employee_name,
                coalesce((
                    select s.zone from attendance.employment t
                    left join attendance.site s on s.id = t.site_id
                    where t.employee_id = c.employee_id and t.from_day <= c.work_date
                    order by t.from_day desc
                    limit 1
                ), e.zone) as "zone!",
                (
                    select manager_id from attendance.manager_on(c.employee_id, $2)
                ) as "manager_id: PersonId",
                c.work_date, c.state as "state: CorrectionState", c.reason,
                c.changes as "changes: Json<Vec<Change>>",
                c.before as "before: Json<Option<Day>>", c.after as "after: Json<Option<Day>>",
                c.version, c.created_by, c.created_by_label, c.created_at, c.decided_by_label,
                c.decided_at, c.decision_note
         from attendance.correction c
         join attendance.employee e on e.id = c.employee_id
         where c.id = any($1)
         order by c.created_at, c.id
         limit 1000"#,
        ids,
        today,
    )
    .fetch_all(conn)
    .await
}

/// Open requests that somebody has to decide, oldest first: those of whom `manager` manages as of
/// `today`, or of everybody; never those of `own`.
pub async fn open_ids(
    conn: &mut PgConnection,
    manager: Option<PersonId>,
    own: Option<PersonId>,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select c.id
         from attendance.correction c
         where c.state = 'requested'
           and c.employee_id is distinct from $2::uuid
           and ($1::uuid is null
               or $1 = (select manager_id from attendance.manager_on(c.employee_id, $3)))
         order by c.created_at, c.id
         limit $4",
        manager.map(|id| id.0),
        own.map(|id| id.0),
        today,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The requests about one day, newest first.
pub async fn ids_of_day(
    conn: &mut PgConnection,
    employee: PersonId,
    work_date: NaiveDate,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id
         from attendance.correction
         where employee_id = $1 and work_date = $2
         order by created_at desc, id desc
         limit 100",
        employee.0,
        work_date,
    )
    .fetch_all(conn)
    .await
}

/// The dates within a range about which a request is open.
pub async fn open_dates(
    conn: &mut PgConnection,
    employee: PersonId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!(
        "select distinct work_date
         from attendance.correction
         where employee_id = $1 and work_date between $2 and $3 and state = 'requested'
         order by work_date
         limit 1000",
        employee.0,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// Who decided, when and how.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    pub state: &'static str,
    pub by: Option<&'a str>,
    pub by_label: Option<&'a str>,
    pub at: Option<DateTime<Utc>>,
    pub note: &'a str,
}

/// Settles an open request that is still at `version`; false if it is not.
pub async fn settle(
    conn: &mut PgConnection,
    id: CorrectionId,
    version: i32,
    decision: &Decision<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.correction
         set state = $3, decided_by = $4, decided_by_label = $5, decided_at = $6,
             decision_note = $7, version = version + 1
         where id = $1 and version = $2 and state = 'requested'",
        id.0,
        version,
        decision.state,
        decision.by,
        decision.by_label,
        decision.at,
        decision.note,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An annotation that is about to be kept.
#[derive(Clone, Debug)]
pub struct NewAnnotation {
    pub id: PunchAnnotationId,
    pub punch: PunchId,
    pub kind: &'static str,
    pub at: Option<DateTime<Utc>>,
    pub direction: Option<Direction>,
}

/// Keeps what a granted request says about punches.
pub async fn annotate(
    conn: &mut PgConnection,
    annotations: &[NewAnnotation],
    correction: CorrectionId,
    reason: &str,
    actor: &str,
    actor_label: &str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    for new in annotations {
        sqlx::query!(
            "insert into attendance.punch_annotation
                 (id, punch_id, kind, at, direction, reason, correction_id, actor, actor_label,
                  decided_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            new.id.0,
            new.punch.0,
            new.kind,
            new.at,
            new.direction.map(Direction::as_str),
            reason,
            correction.0,
            actor,
            actor_label,
            at,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The instants of punches, for the words of a request. Only months about the days in question are
/// looked at.
pub async fn punch_times(
    conn: &mut PgConnection,
    punches: &[Uuid],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(PunchId, DateTime<Utc>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id as "id: PunchId", occurred_at
         from attendance.punch
         where id = any($1) and occurred_at >= $2 and occurred_at < $3
         limit 10000"#,
        punches,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.occurred_at))
        .collect())
}

/// What was decided last: whose day, which, how and by whom.
#[derive(Clone, Debug)]
pub struct DecidedRow {
    pub employee_name: String,
    pub what: String,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    pub state: String,
    pub decided_by: String,
    pub decided_at: DateTime<Utc>,
}

/// The last decisions since an instant about days, leave and swaps of those whom `manager` manages as
/// of `today`, or of everybody; newest first.
pub async fn decided(
    conn: &mut PgConnection,
    manager: Option<PersonId>,
    today: NaiveDate,
    since: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<DecidedRow>, sqlx::Error> {
    sqlx::query_as!(
        DecidedRow,
        r#"select concat_ws(' and ', e.name, o.name) as "employee_name!", d.what as "what!", d.from_day as "from_day!",
                d.to_day as "to_day!", d.state as "state!", d.decided_by as "decided_by!",
                d.decided_at as "decided_at!"
         from (
             select id, employee_id, null::uuid as other_id, 'correction' as what,
                 work_date as from_day, work_date as to_day, state,
                 decided_by_label as decided_by, decided_at
             from attendance.correction
             where state in ('approved', 'refused') and decided_at >= $3
             union all
             select r.id, r.employee_id, null, t.name, r.from_day, r.to_day, r.state,
                 r.decided_by_label, r.decided_at
             from attendance.leave_request r
             join attendance.leave_type t on t.id = r.type_id
             where r.state in ('approved', 'refused') and r.decided_at >= $3
             union all
             select id, from_employee, to_employee, 'swap', least(from_day, to_day),
                 greatest(from_day, to_day), state, decided_by_label, decided_at
             from attendance.swap_request
             where state in ('approved', 'refused') and decided_at >= $3
         ) d
         join attendance.employee e on e.id = d.employee_id
         left join attendance.employee o on o.id = d.other_id
         where $1::uuid is null or $1 in (
             select m.manager_id
             from unnest(array[d.employee_id, d.other_id]) as p (id)
             cross join lateral attendance.manager_on(p.id, $2) m
         )
         order by d.decided_at desc, d.id
         limit $4"#,
        manager.map(|id| id.0),
        today,
        since,
        limit,
    )
    .fetch_all(conn)
    .await
}
