//! Rows of `attendance.kiosk_ticket` and `attendance.kiosk_code`: who is known at a kiosk for a minute, and
//! with what they can be known.

use chrono::{DateTime, Utc};
use model::attendance::day::Direction;
use model::{DeviceId, PersonId};
use sqlx::PgConnection;

/// Makes a ticket.
pub async fn insert(
    conn: &mut PgConnection,
    hash: &[u8],
    device: DeviceId,
    employee: PersonId,
    until: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.kiosk_ticket (hash, device_id, employee_id, until)
         values ($1, $2, $3, $4)",
        hash,
        device.0,
        employee.0,
        until,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A ticket.
#[derive(Clone, Debug)]
pub struct TicketRow {
    pub employee_id: PersonId,
    pub until: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    pub direction: Option<Direction>,
}

/// A ticket of a kiosk, by its digest; none of somebody who has left.
pub async fn find(
    conn: &mut PgConnection,
    hash: &[u8],
    device: DeviceId,
) -> Result<Option<TicketRow>, sqlx::Error> {
    sqlx::query_as!(
        TicketRow,
        r#"select t.employee_id as "employee_id: PersonId", t.until, t.used_at,
                t.direction as "direction: Direction"
         from attendance.kiosk_ticket t
         join attendance.employee e on e.id = t.employee_id and e.active
         where t.hash = $1 and t.device_id = $2"#,
        hash,
        device.0,
    )
    .fetch_optional(conn)
    .await
}

/// The same, locked.
pub async fn find_locked(
    conn: &mut PgConnection,
    hash: &[u8],
    device: DeviceId,
) -> Result<Option<TicketRow>, sqlx::Error> {
    sqlx::query_as!(
        TicketRow,
        r#"select t.employee_id as "employee_id: PersonId", t.until, t.used_at,
                t.direction as "direction: Direction"
         from attendance.kiosk_ticket t
         join attendance.employee e on e.id = t.employee_id and e.active
         where t.hash = $1 and t.device_id = $2
         for no key update of t"#,
        hash,
        device.0,
    )
    .fetch_optional(conn)
    .await
}

/// Notes the one press that a ticket is good for.
pub async fn use_up(
    conn: &mut PgConnection,
    hash: &[u8],
    at: DateTime<Utc>,
    direction: Direction,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.kiosk_ticket
         set used_at = $2, direction = $3
         where hash = $1 and used_at is null",
        hash,
        at,
        direction.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a ticket back with which nothing was pressed.
pub async fn delete(
    conn: &mut PgConnection,
    hash: &[u8],
    device: DeviceId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from attendance.kiosk_ticket
         where hash = $1 and device_id = $2 and used_at is null",
        hash,
        device.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes a code of somebody; those of theirs that have run out go.
pub async fn insert_code(
    conn: &mut PgConnection,
    hash: &[u8],
    employee: PersonId,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with gone as (
             delete from attendance.kiosk_code where employee_id = $2 and until <= $4
         )
         insert into attendance.kiosk_code (hash, employee_id, until)
         values ($1, $2, $3)",
        hash,
        employee.0,
        until,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a code away and says whose it was: nobody's, if it was taken before, has run out, or belongs to
/// somebody who has left.
pub async fn take_code(
    conn: &mut PgConnection,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<PersonId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"delete from attendance.kiosk_code c
         using attendance.employee e
         where c.hash = $1 and c.until > $2 and e.id = c.employee_id and e.active
         returning c.employee_id as "employee_id: PersonId""#,
        hash,
        now,
    )
    .fetch_optional(conn)
    .await
}
