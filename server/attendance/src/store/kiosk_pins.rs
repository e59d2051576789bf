//! Number and PIN of `attendance.employee`.

use model::PersonId;
use sqlx::PgConnection;

/// Somebody's number and PIN.
#[derive(Clone, Debug)]
pub struct PinRow {
    pub id: PersonId,
    pub number: Option<String>,
    pub pin_hash: Option<String>,
}

/// Whose number it is; nobody's, if they have left.
pub async fn by_number(
    conn: &mut PgConnection,
    number: &str,
) -> Result<Option<PinRow>, sqlx::Error> {
    sqlx::query_as!(
        PinRow,
        r#"select id as "id: PersonId", number, pin_hash
         from attendance.employee
         where number = $1 and active"#,
        number,
    )
    .fetch_optional(conn)
    .await
}

/// Number and PIN of somebody.
pub async fn of_person(
    conn: &mut PgConnection,
    id: PersonId,
) -> Result<Option<PinRow>, sqlx::Error> {
    sqlx::query_as!(
        PinRow,
        r#"select id as "id: PersonId", number, pin_hash
         from attendance.employee
         where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Whether somebody is still there with the same PIN, and stays so until the transaction ends.
pub async fn is_still(
    conn: &mut PgConnection,
    id: PersonId,
    pin_hash: &str,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select 1 as one
         from attendance.employee
         where id = $1 and active and pin_hash = $2
         for share",
        id.0,
        pin_hash,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Sets a PIN, or takes it away.
pub async fn set_pin(
    conn: &mut PgConnection,
    id: PersonId,
    pin_hash: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.employee set pin_hash = $2 where id = $1",
        id.0,
        pin_hash,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives somebody without a number the next one, from 1001 on, and says which they have. The caller
/// holds the lock under which numbers are given.
pub async fn give_number(
    conn: &mut PgConnection,
    id: PersonId,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "update attendance.employee
         set number = coalesce(number, (
             select (greatest(max(number::bigint), 1000) + 1)::text
             from attendance.employee
             where number ~ '^[0-9]{1,9}$'
         ))
         where id = $1
         returning number",
        id.0,
    )
    .fetch_optional(conn)
    .await
    .map(Option::flatten)
}
