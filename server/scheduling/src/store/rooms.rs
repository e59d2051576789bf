//! Rows of `scheduling.room`.

use chrono::{DateTime, Utc};
use model::RoomId;
use sqlx::PgConnection;
use uuid::Uuid;

/// A room as stored.
#[derive(Clone, Debug)]
pub struct RoomRow {
    pub id: RoomId,
    pub name: String,
    pub place: String,
    pub zone: String,
    pub capacity: i32,
    pub equipment: Vec<String>,
    pub version: i32,
    pub retired_at: Option<DateTime<Utc>>,
}

pub async fn insert(conn: &mut PgConnection, room: &RoomRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into scheduling.room (id, name, place, zone, capacity, equipment, version)
         values ($1, $2, $3, $4, $5, $6, $7)",
        room.id.0,
        room.name,
        room.place,
        room.zone,
        room.capacity,
        &room.equipment,
        room.version,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes a room that is still at `version`; false if it is not.
pub async fn update(
    conn: &mut PgConnection,
    room: &RoomRow,
    version: i32,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update scheduling.room
         set name = $2, place = $3, zone = $4, capacity = $5, equipment = $6, retired_at = $7,
             version = version + 1
         where id = $1 and version = $8",
        room.id.0,
        room.name,
        room.place,
        room.zone,
        room.capacity,
        &room.equipment,
        room.retired_at,
        version,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn find(conn: &mut PgConnection, id: RoomId) -> Result<Option<RoomRow>, sqlx::Error> {
    sqlx::query_as!(
        RoomRow,
        "select id, name, place, zone, capacity, equipment, version, retired_at
         from scheduling.room
         where id = $1",
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// Every room that is to be had, by name.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<RoomRow>, sqlx::Error> {
    sqlx::query_as!(
        RoomRow,
        "select id, name, place, zone, capacity, equipment, version, retired_at
         from scheduling.room
         where retired_at is null
         order by lower(name), id
         limit 1000"
    )
    .fetch_all(conn)
    .await
}

/// Rooms that are to be had, by id or name (in lower case), in no order.
pub async fn by_ids_or_names(
    conn: &mut PgConnection,
    ids: &[Uuid],
    names: &[String],
) -> Result<Vec<RoomRow>, sqlx::Error> {
    sqlx::query_as!(
        RoomRow,
        "select id, name, place, zone, capacity, equipment, version, retired_at
         from scheduling.room
         where retired_at is null and (id = any($1) or lower(name) = any($2))",
        ids,
        names
    )
    .fetch_all(conn)
    .await
}

/// Rooms by id, in no order; those out of use are found as well.
pub async fn by_ids(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<RoomRow>, sqlx::Error> {
    sqlx::query_as!(
        RoomRow,
        "select id, name, place, zone, capacity, equipment, version, retired_at
         from scheduling.room
         where id = any($1)",
        ids
    )
    .fetch_all(conn)
    .await
}
