//! Rows of `attendance.leave_request`, and the days that were granted.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::accrual::Part;
use model::attendance::views::LeaveState;
use model::{LeaveRequestId, LeaveTypeId, PersonId};
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use uuid::Uuid;

/// A request as stored, with the names that go with it.
#[derive(Clone, Debug)]
pub struct RequestRow {
    pub id: LeaveRequestId,
    pub employee_id: PersonId,
    pub employee_name: String,
    pub zone: String,
    pub manager_id: Option<PersonId>,
    pub team: Option<String>,
    pub type_id: LeaveTypeId,
    pub type_name: String,
    pub told_as: String,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    pub part: Part,
    pub note: String,
    pub state: LeaveState,
    pub minutes: i32,
    pub version: i32,
    pub created_by: String,
    pub created_at: DateTime<Utc>,
    pub decided_by_label: Option<String>,
    pub decision_note: String,
    /// Until when it was granted, if it was ended before.
    pub granted_to_day: Option<NaiveDate>,
    pub ended_by_label: Option<String>,
    pub end_note: String,
}

/// A request that is about to be kept.
#[derive(Clone, Debug)]
pub struct NewRequest<'a> {
    pub id: LeaveRequestId,
    pub employee_id: PersonId,
    pub type_id: LeaveTypeId,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    pub part: Part,
    pub note: &'a str,
    pub minutes: i32,
    pub client_key: &'a str,
    pub created_by: &'a str,
    pub created_at: DateTime<Utc>,
}

/// Keeps a request; false when its key was used before.
pub async fn insert(conn: &mut PgConnection, new: &NewRequest<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.leave_request
             (id, employee_id, type_id, from_day, to_day, part, note, state, minutes, version,
              client_key, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'requested', $8, 1, $9, $10, $11)
         on conflict on constraint leave_request_once do nothing",
        new.id.0,
        new.employee_id.0,
        new.type_id.0,
        new.from_day,
        new.to_day,
        new.part.as_str(),
        new.note,
        new.minutes,
        new.client_key,
        new.created_by,
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
) -> Result<Option<LeaveRequestId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: LeaveRequestId"
         from attendance.leave_request
         where created_by = $1 and client_key = $2"#,
        created_by,
        client_key,
    )
    .fetch_optional(conn)
    .await
}

/// Whose request it is, if there is one; the row is held for the rest of the transaction.
pub async fn lock(
    conn: &mut PgConnection,
    id: LeaveRequestId,
) -> Result<Option<PersonId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select employee_id as "employee_id: PersonId"
         from attendance.leave_request
         where id = $1
         for update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Requests by id, oldest first. Managers and teams as of `today`.
pub async fn by_ids(
    conn: &mut PgConnection,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<RequestRow>, sqlx::Error> {
    sqlx::query_as!(
        RequestRow,
        r#"select r.id as "id: LeaveRequestId", r.employee_id as "employee_id: PersonId",
                e.name as employee_name, e.zone, m.manager_id as "manager_id?: PersonId",
                m.team as "team?", r.type_id as "type_id: LeaveTypeId", t.name as type_name,
                t.told_as, r.from_day, r.to_day, r.part as "part: Part", r.note,
                r.state as "state: LeaveState", r.minutes, r.version, r.created_by, r.created_at,
                r.decided_by_label, r.decision_note, r.granted_to_day, r.ended_by_label,
                r.end_note
         from attendance.leave_request r
         join attendance.employee e on e.id = r.employee_id
         join attendance.leave_type t on t.id = r.type_id
         left join lateral (
             select manager_id, team from attendance.employment
             where employee_id = r.employee_id and from_day <= $2
             order by from_day desc
             limit 1
         ) m on true
         where r.id = any($1)
         order by r.created_at, r.id
         limit 1000"#,
        ids,
        today,
    )
    .fetch_all(conn)
    .await
}

/// Somebody's requests, the latest first.
pub async fn ids_of(
    conn: &mut PgConnection,
    employee: PersonId,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id
         from attendance.leave_request
         where employee_id = $1
         order by from_day desc, id desc
         limit $2",
        employee.0,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Requests of one person that wait or are granted and touch a range of days.
pub async fn live_between(
    conn: &mut PgConnection,
    employee: PersonId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<LiveRow>, sqlx::Error> {
    sqlx::query_as!(
        LiveRow,
        r#"select type_id as "type_id: LeaveTypeId", from_day, to_day, part as "part: Part"
         from attendance.leave_request
         where employee_id = $1 and state in ('requested', 'approved')
           and from_day <= $3 and to_day >= $2
         order by from_day, id
         limit 1000"#,
        employee.0,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// Requests of one person that wait to be decided, by date.
pub async fn waiting(
    conn: &mut PgConnection,
    employee: PersonId,
) -> Result<Vec<LiveRow>, sqlx::Error> {
    sqlx::query_as!(
        LiveRow,
        r#"select type_id as "type_id: LeaveTypeId", from_day, to_day, part as "part: Part"
         from attendance.leave_request
         where employee_id = $1 and state = 'requested'
         order by from_day, id
         limit 1000"#,
        employee.0,
    )
    .fetch_all(conn)
    .await
}

/// A request that waits or is granted.
#[derive(Clone, Debug)]
pub struct LiveRow {
    pub type_id: LeaveTypeId,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    pub part: Part,
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
        "select r.id
         from attendance.leave_request r
         where r.state = 'requested'
           and r.employee_id is distinct from $2::uuid
           and ($1::uuid is null
               or $1 = (select manager_id from attendance.manager_on(r.employee_id, $3)))
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

/// What a decision writes.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    pub from: LeaveState,
    pub state: LeaveState,
    pub minutes: i32,
    pub by: Option<&'a str>,
    pub by_label: Option<&'a str>,
    pub at: Option<DateTime<Utc>>,
    pub note: &'a str,
}

/// Moves a request that is still in a state and at `version`; false if it is not.
pub async fn settle(
    conn: &mut PgConnection,
    id: LeaveRequestId,
    version: i32,
    decision: &Decision<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.leave_request
         set state = $4, minutes = $5, decided_by = coalesce($6, decided_by),
             decided_by_label = coalesce($7, decided_by_label),
             decided_at = coalesce($8, decided_at), decision_note = $9, version = version + 1
         where id = $1 and version = $2 and state = $3",
        id.0,
        version,
        decision.from.as_str(),
        decision.state.as_str(),
        decision.minutes,
        decision.by,
        decision.by_label,
        decision.at,
        decision.note,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What the end of granted leave writes.
#[derive(Clone, Debug)]
pub struct End<'a> {
    pub state: LeaveState,
    /// The last day that is leave.
    pub to_day: NaiveDate,
    pub minutes: i32,
    pub by: &'a str,
    pub by_label: &'a str,
    pub at: DateTime<Utc>,
    pub note: &'a str,
}

/// Ends granted leave that is still at `version`; false if it is not.
pub async fn end(
    conn: &mut PgConnection,
    id: LeaveRequestId,
    version: i32,
    end: &End<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.leave_request
         set state = $3, granted_to_day = coalesce(granted_to_day, to_day), to_day = $4,
             minutes = $5, ended_by = $6, ended_by_label = $7, ended_at = $8, end_note = $9,
             version = version + 1
         where id = $1 and version = $2 and state = 'approved'",
        id.0,
        version,
        end.state.as_str(),
        end.to_day,
        end.minutes,
        end.by,
        end.by_label,
        end.at,
        end.note,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A day of leave that is about to be granted.
#[derive(Clone, Copy, Debug)]
pub struct GrantedDay {
    pub day: NaiveDate,
    pub part: Part,
    pub minutes: i32,
}

/// Which halves a part of a day is: [0,1), [1,2) or both.
fn halves(part: Part) -> PgRange<i32> {
    match part {
        Part::Full => PgRange::from(0..2),
        Part::Am => PgRange::from(0..1),
        Part::Pm => PgRange::from(1..2),
    }
}

/// Grants the days of a request. The constraint `leave_day_no_overlap` refuses what is granted
/// already.
pub async fn grant_days(
    conn: &mut PgConnection,
    employee: PersonId,
    request: LeaveRequestId,
    kind: LeaveTypeId,
    days: &[GrantedDay],
) -> Result<(), sqlx::Error> {
    for granted in days {
        sqlx::query!(
            "insert into attendance.leave_day
                 (employee_id, day, halves, request_id, type_id, minutes)
             values ($1, $2, $3, $4, $5, $6)",
            employee.0,
            granted.day,
            halves(granted.part),
            request.0,
            kind.0,
            granted.minutes,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Takes the days of a request back, from one on.
pub async fn take_days_back(
    conn: &mut PgConnection,
    request: LeaveRequestId,
    from: NaiveDate,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from attendance.leave_day where request_id = $1 and day >= $2",
        request.0,
        from,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// What the days of a request cost that are granted.
pub async fn granted_minutes(
    conn: &mut PgConnection,
    request: LeaveRequestId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(minutes), 0) as "minutes!"
         from attendance.leave_day
         where request_id = $1"#,
        request.0,
    )
    .fetch_one(conn)
    .await
}

/// Who of a team is on leave within a range of days, by name, without one person.
pub async fn also_away(
    conn: &mut PgConnection,
    team: &str,
    except: PersonId,
    from: NaiveDate,
    to: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select e.name
         from attendance.employee e
         where e.id <> $2 and e.active
           and exists (
               select 1 from attendance.leave_day d
               where d.employee_id = e.id and d.day between $3 and $4
           )
           and $1 = (
               select m.team from attendance.employment m
               where m.employee_id = e.id and m.from_day <= $5
               order by m.from_day desc
               limit 1
           )
         order by lower(e.name), e.id
         limit 50",
        team,
        except.0,
        from,
        to,
        today,
    )
    .fetch_all(conn)
    .await
}
