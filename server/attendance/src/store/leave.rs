//! Rows of leave: its kinds, people as far as it needs them, and the ledger of balances.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::accrual::{Entry, EntryKind, LeaveType};
use model::{LeaveEntryId, LeaveTypeId, PersonId};
use sqlx::PgConnection;
use sqlx::types::Json;

/// A kind of leave as stored.
#[derive(Clone, Debug)]
pub struct TypeRow {
    pub id: LeaveTypeId,
    pub name: String,
    pub paid: bool,
    pub told_as: String,
    /// Its rules. Name and pay are the columns' to say.
    pub rules: Json<LeaveType>,
    /// No longer to be asked for.
    pub retired: bool,
    /// What a change must name.
    pub version: i32,
}

/// All kinds, those out of use as well, by name.
pub async fn types(conn: &mut PgConnection) -> Result<Vec<TypeRow>, sqlx::Error> {
    sqlx::query_as!(
        TypeRow,
        r#"select id as "id: LeaveTypeId", name, paid, told_as,
                accrual as "rules: Json<LeaveType>", retired_at is not null as "retired!", version
         from attendance.leave_type
         order by lower(name), id
         limit 200"#
    )
    .fetch_all(conn)
    .await
}

/// Adds a kind, unless one in use has its name.
pub async fn add_type(conn: &mut PgConnection, row: &TypeRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.leave_type (id, name, paid, told_as, accrual, version)
         values ($1, $2, $3, $4, $5, 1)
         on conflict do nothing",
        row.id.0,
        row.name,
        row.paid,
        row.told_as,
        Json(&row.rules.0) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds a kind; one in use must not have its name.
pub async fn insert_type(conn: &mut PgConnection, row: &TypeRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.leave_type (id, name, paid, told_as, accrual, version)
         values ($1, $2, $3, $4, $5, 1)",
        row.id.0,
        row.name,
        row.paid,
        row.told_as,
        Json(&row.rules.0) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes a kind that is still at its version; false if it is not.
pub async fn update_type(conn: &mut PgConnection, row: &TypeRow) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.leave_type
         set name = $3, paid = $4, told_as = $5, accrual = $6, version = version + 1
         where id = $1 and version = $2",
        row.id.0,
        row.version,
        row.name,
        row.paid,
        row.told_as,
        Json(&row.rules.0) as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a kind that is still at `version` out of use, with an instant, or brings it back; false if it is
/// not at that version.
pub async fn retire_type(
    conn: &mut PgConnection,
    id: LeaveTypeId,
    version: i32,
    retired_at: Option<DateTime<Utc>>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.leave_type
         set retired_at = $3::timestamptz, version = version + 1
         where id = $1 and version = $2",
        id.0,
        version,
        retired_at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Somebody who may ask for leave.
#[derive(Clone, Debug)]
pub struct PersonRow {
    pub id: PersonId,
    pub name: String,
    pub zone: String,
    /// The first day of employment; that of the first terms where nothing is said.
    pub employed_from: Option<NaiveDate>,
    /// The last day, once it is known.
    pub employed_until: Option<NaiveDate>,
}

pub async fn person(
    conn: &mut PgConnection,
    id: PersonId,
) -> Result<Option<PersonRow>, sqlx::Error> {
    sqlx::query_as!(
        PersonRow,
        r#"select e.id as "id: PersonId", e.name, e.zone,
                coalesce(e.employed_from, (
                    select min(f.from_day) from attendance.employment f
                    where f.employee_id = e.id
                )) as employed_from, e.employed_until
         from attendance.employee e
         where e.id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Active people after one, by id.
pub async fn active_people(
    conn: &mut PgConnection,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Vec<PersonId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: PersonId"
         from attendance.employee
         where active and ($1::uuid is null or id > $1)
         order by id
         limit $2"#,
        after.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Whoever moves the leave of one person waits for the others who do.
pub async fn lock_ledger(conn: &mut PgConnection, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('attendance.leave:' || $1::text, 0))",
        person.to_string(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The words of the ledger and those of its rules. What carrying over cuts off is an entry
/// `carry_over`; what HR enters, also as pay, is a `correction`.
const KINDS: [(EntryKind, &str); 6] = [
    (EntryKind::Grant, "grant"),
    (EntryKind::Taken, "taken"),
    (EntryKind::Returned, "given_back"),
    (EntryKind::Lapse, "carry_over"),
    (EntryKind::Expiry, "expiry"),
    (EntryKind::Adjustment, "correction"),
];

fn word(kind: EntryKind) -> &'static str {
    let known = KINDS.iter().find(|(known, _)| *known == kind);
    known.map_or("correction", |(_, word)| word)
}

/// The whole ledger of one person and one kind of leave, by date. `code` is what its rules call the
/// kind.
pub async fn entries(
    conn: &mut PgConnection,
    employee: PersonId,
    kind: LeaveTypeId,
    code: &str,
) -> Result<Vec<Entry>, sqlx::Error> {
    let rows = sqlx::query!(
        "select day, minutes, kind, source_key
         from attendance.leave_entry
         where employee_id = $1 and type_id = $2
         order by day, created_at, id
         limit 20000",
        employee.0,
        kind.0,
    )
    .fetch_all(conn)
    .await?;
    let entry = |day, minutes: i32, kind: &str, source_key| Entry {
        leave_type: code.to_owned(),
        effective_on: day,
        minutes: i64::from(minutes),
        kind: KINDS
            .iter()
            .find(|(_, word)| *word == kind)
            .map_or(EntryKind::Adjustment, |(kind, _)| *kind),
        source_key,
    };
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| entry(row.day, row.minutes, &row.kind, row.source_key))
        .collect())
}

/// Adds an entry to the ledger; false when its source has one already.
#[expect(clippy::too_many_arguments, reason = "each is another column")]
pub async fn add_entry(
    conn: &mut PgConnection,
    id: LeaveEntryId,
    employee: PersonId,
    kind: LeaveTypeId,
    entry: &Entry,
    text: &str,
    created_by: &str,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let minutes = i32::try_from(entry.minutes)
        .map_err(|_| sqlx::Error::Encode("more minutes of leave than a number holds".into()))?;
    let done = sqlx::query!(
        "insert into attendance.leave_entry
             (id, employee_id, type_id, day, minutes, kind, text, source_key, created_by,
              created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict on constraint leave_entry_once do nothing",
        id.0,
        employee.0,
        kind.0,
        entry.effective_on,
        minutes,
        word(entry.kind),
        text,
        entry.source_key,
        created_by,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What somebody worked within a range, day by day, for leave that is earned by work.
pub async fn worked(
    conn: &mut PgConnection,
    employee: PersonId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(NaiveDate, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select work_date, counted_minutes
         from attendance.day
         where employee_id = $1 and work_date between $2 and $3
         order by work_date
         limit 4000",
        employee.0,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.work_date, i64::from(row.counted_minutes)))
        .collect())
}

/// An entry of somebody's ledger, as it is shown.
#[derive(Clone, Debug)]
pub struct LedgerRow {
    pub id: LeaveEntryId,
    pub type_id: LeaveTypeId,
    pub type_name: String,
    pub day: NaiveDate,
    pub minutes: i32,
    pub kind: String,
    pub text: String,
    pub source_key: String,
    pub created_by: String,
    /// What whoever entered it is called, if it was a person.
    pub by_name: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// Everything that moved somebody's leave, by day.
pub async fn ledger(
    conn: &mut PgConnection,
    employee: PersonId,
) -> Result<Vec<LedgerRow>, sqlx::Error> {
    sqlx::query_as!(
        LedgerRow,
        r#"select l.id as "id: LeaveEntryId", l.type_id as "type_id: LeaveTypeId",
                t.name as type_name, l.day, l.minutes, l.kind, l.text, l.source_key,
                l.created_by, e.name as "by_name?", l.created_at
         from attendance.leave_entry l
         join attendance.leave_type t on t.id = l.type_id
         left join attendance.employee e on l.created_by = 'person:' || e.id::text
         where l.employee_id = $1
         order by l.day, l.created_at, l.id
         limit 20000"#,
        employee.0,
    )
    .fetch_all(conn)
    .await
}

/// An entry by id, with whose it is.
#[derive(Clone, Debug)]
pub struct EntryRow {
    pub employee_id: PersonId,
    pub type_id: LeaveTypeId,
    pub day: NaiveDate,
    pub minutes: i32,
    pub kind: String,
    pub text: String,
    pub source_key: String,
}

pub async fn entry(
    conn: &mut PgConnection,
    id: LeaveEntryId,
) -> Result<Option<EntryRow>, sqlx::Error> {
    sqlx::query_as!(
        EntryRow,
        r#"select employee_id as "employee_id: PersonId", type_id as "type_id: LeaveTypeId",
                day, minutes, kind, text, source_key
         from attendance.leave_entry
         where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// What was entered for somebody under a key.
pub async fn entry_by_key(
    conn: &mut PgConnection,
    employee: PersonId,
    source_key: &str,
) -> Result<Option<EntryRow>, sqlx::Error> {
    sqlx::query_as!(
        EntryRow,
        r#"select employee_id as "employee_id: PersonId", type_id as "type_id: LeaveTypeId",
                day, minutes, kind, text, source_key
         from attendance.leave_entry
         where employee_id = $1 and source_key = $2
         limit 1"#,
        employee.0,
        source_key,
    )
    .fetch_optional(conn)
    .await
}
