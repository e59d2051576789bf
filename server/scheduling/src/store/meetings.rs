//! Rows of `scheduling.meeting`, its occurrences and its rooms.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::scheduling::meeting::MeetingState;
use model::{MeetingId, PersonId, RoomId};
use sqlx::PgConnection;
use uuid::Uuid;

/// A meeting as stored.
#[derive(Clone, Debug)]
pub struct MeetingRow {
    pub id: MeetingId,
    pub uid: String,
    pub title: String,
    pub description: String,
    pub location: String,
    pub organizer_id: PersonId,
    pub state: MeetingState,
    pub local_start: NaiveDateTime,
    pub zone: String,
    pub duration_minutes: i32,
    pub rule: Option<String>,
    pub expanded_until: Option<NaiveDateTime>,
    pub split_from: Option<MeetingId>,
    pub sequence: i32,
    pub version: i32,
    pub client_key: String,
    pub hold_until: Option<DateTime<Utc>>,
    pub created_by: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl MeetingRow {
    /// Whether it takes place at another time than before, or for longer.
    pub fn moved_from(&self, before: &Self) -> bool {
        (self.local_start, self.duration_minutes) != (before.local_start, before.duration_minutes)
    }

    /// Counts a change that those who take part are told of.
    pub fn changed(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    /// Counts a change of time, place, recurrence or state: an answer to what was before is none to
    /// what is now (RFC 5546, 2.1.4).
    pub fn revised(&mut self, now: DateTime<Utc>) {
        self.sequence += 1;
        self.changed(now);
    }
}

/// One time at which a meeting takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OccurrenceRow {
    pub meeting_id: MeetingId,
    pub original_local: NaiveDateTime,
    pub from_at: DateTime<Utc>,
    pub to_at: DateTime<Utc>,
    pub state: MeetingState,
    pub changed: bool,
    /// What it has of its own; the series' where it has none.
    pub title: Option<String>,
    pub location: Option<String>,
    pub description: Option<String>,
}

pub async fn insert(conn: &mut PgConnection, row: &MeetingRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into scheduling.meeting
            (id, uid, title, description, location, organizer_id, state, local_start, zone,
             duration_minutes, rule, expanded_until, split_from, sequence, version, client_key,
             hold_until, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                 $19, $20)",
        row.id.0,
        row.uid,
        row.title,
        row.description,
        row.location,
        row.organizer_id.0,
        row.state.as_str(),
        row.local_start,
        row.zone,
        row.duration_minutes,
        row.rule,
        row.expanded_until,
        row.split_from.map(|id| id.0),
        row.sequence,
        row.version,
        row.client_key,
        row.hold_until,
        row.created_by,
        row.created_at,
        row.updated_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what may change of a meeting that its caller has locked.
pub async fn update(conn: &mut PgConnection, row: &MeetingRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.meeting
         set title = $2, description = $3, location = $4, state = $5, local_start = $6, zone = $7,
             duration_minutes = $8, rule = $9, expanded_until = $10, sequence = $11, version = $12,
             hold_until = $13, updated_at = $14
         where id = $1",
        row.id.0,
        row.title,
        row.description,
        row.location,
        row.state.as_str(),
        row.local_start,
        row.zone,
        row.duration_minutes,
        row.rule,
        row.expanded_until,
        row.sequence,
        row.version,
        row.hold_until,
        row.updated_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(
    conn: &mut PgConnection,
    id: MeetingId,
) -> Result<Option<MeetingRow>, sqlx::Error> {
    sqlx::query_as!(
        MeetingRow,
        "select id, uid, title, description, location, organizer_id, state, local_start, zone,
                duration_minutes, rule, expanded_until, split_from, sequence, version, client_key,
                hold_until, created_by, created_at, updated_at
         from scheduling.meeting
         where id = $1",
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// Finds a meeting and locks it, so that two changes of it queue up behind each other.
pub async fn find_locked(
    conn: &mut PgConnection,
    id: MeetingId,
) -> Result<Option<MeetingRow>, sqlx::Error> {
    sqlx::query_as!(
        MeetingRow,
        "select id, uid, title, description, location, organizer_id, state, local_start, zone,
                duration_minutes, rule, expanded_until, split_from, sequence, version, client_key,
                hold_until, created_by, created_at, updated_at
         from scheduling.meeting
         where id = $1
         for update",
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// The meeting that a caller made under a key, if there is one.
pub async fn find_by_client_key(
    conn: &mut PgConnection,
    created_by: &str,
    key: &str,
) -> Result<Option<MeetingRow>, sqlx::Error> {
    sqlx::query_as!(
        MeetingRow,
        "select id, uid, title, description, location, organizer_id, state, local_start, zone,
                duration_minutes, rule, expanded_until, split_from, sequence, version, client_key,
                hold_until, created_by, created_at, updated_at
         from scheduling.meeting
         where created_by = $1 and client_key = $2",
        created_by,
        key
    )
    .fetch_optional(conn)
    .await
}

/// The meeting that a UID of calendar text names.
pub async fn find_by_uid(
    conn: &mut PgConnection,
    uid: &str,
) -> Result<Option<MeetingRow>, sqlx::Error> {
    sqlx::query_as!(
        MeetingRow,
        "select id, uid, title, description, location, organizer_id, state, local_start, zone,
                duration_minutes, rule, expanded_until, split_from, sequence, version, client_key,
                hold_until, created_by, created_at, updated_at
         from scheduling.meeting
         where uid = $1",
        uid
    )
    .fetch_optional(conn)
    .await
}

/// Series whose times are not all there up to a local time, the one that has the fewest first.
pub async fn to_extend(
    conn: &mut PgConnection,
    until: NaiveDateTime,
    limit: i64,
) -> Result<Vec<MeetingId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: MeetingId"
         from scheduling.meeting
         where rule is not null and state <> 'cancelled' and expanded_until < $1
         order by expanded_until, id
         limit $2"#,
        until,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Held meetings whose time to be confirmed is over.
pub async fn overdue(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<MeetingId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: MeetingId"
         from scheduling.meeting
         where state = 'held' and hold_until <= $1
         order by hold_until, id
         limit $2"#,
        now,
        limit
    )
    .fetch_all(conn)
    .await
}

pub async fn insert_occurrences(
    conn: &mut PgConnection,
    rows: &[OccurrenceRow],
) -> Result<(), sqlx::Error> {
    let meetings: Vec<Uuid> = rows.iter().map(|r| r.meeting_id.0).collect();
    let originals: Vec<NaiveDateTime> = rows.iter().map(|r| r.original_local).collect();
    let froms: Vec<DateTime<Utc>> = rows.iter().map(|r| r.from_at).collect();
    let tos: Vec<DateTime<Utc>> = rows.iter().map(|r| r.to_at).collect();
    let states: Vec<String> = rows.iter().map(|r| r.state.as_str().to_owned()).collect();
    let changed: Vec<bool> = rows.iter().map(|r| r.changed).collect();
    let titles: Vec<Option<String>> = rows.iter().map(|r| r.title.clone()).collect();
    let places: Vec<Option<String>> = rows.iter().map(|r| r.location.clone()).collect();
    let texts: Vec<Option<String>> = rows.iter().map(|r| r.description.clone()).collect();
    sqlx::query!(
        "insert into scheduling.occurrence
            (meeting_id, original_local, from_at, to_at, state, changed, title, location,
             description)
         select * from unnest($1::uuid[], $2::timestamp[], $3::timestamptz[], $4::timestamptz[],
                              $5::text[], $6::bool[], $7::text[], $8::text[], $9::text[])",
        &meetings,
        &originals,
        &froms,
        &tos,
        &states,
        &changed,
        &titles as _,
        &places as _,
        &texts as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what may change of one time of a meeting.
pub async fn update_occurrence(
    conn: &mut PgConnection,
    row: &OccurrenceRow,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.occurrence
         set from_at = $3, to_at = $4, state = $5, changed = $6, title = $7, location = $8,
             description = $9
         where meeting_id = $1 and original_local = $2",
        row.meeting_id.0,
        row.original_local,
        row.from_at,
        row.to_at,
        row.state.as_str(),
        row.changed,
        row.title,
        row.location,
        row.description,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the times of a meeting away, from a local time on if one is given; their claims must be
/// released before.
pub async fn delete_occurrences(
    conn: &mut PgConnection,
    meeting: MeetingId,
    from: Option<NaiveDateTime>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from scheduling.occurrence
         where meeting_id = $1 and ($2::timestamp is null or original_local >= $2)",
        meeting.0,
        from
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves all times of a meeting that are not cancelled to another state.
pub async fn set_occurrence_states(
    conn: &mut PgConnection,
    meeting: MeetingId,
    state: MeetingState,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.occurrence
         set state = $2
         where meeting_id = $1 and state <> 'cancelled'",
        meeting.0,
        state.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The times of a meeting, in order of their original start.
pub async fn occurrences(
    conn: &mut PgConnection,
    meeting: MeetingId,
) -> Result<Vec<OccurrenceRow>, sqlx::Error> {
    sqlx::query_as!(
        OccurrenceRow,
        "select meeting_id, original_local, from_at, to_at, state, changed, title, location,
                description
         from scheduling.occurrence
         where meeting_id = $1
         order by original_local
         limit 5000",
        meeting.0
    )
    .fetch_all(conn)
    .await
}

/// The next time at which a meeting takes place. If none is to come, its first, and if all are
/// cancelled, the one at which it would have taken place.
pub async fn next_occurrence(
    conn: &mut PgConnection,
    meeting: MeetingId,
    now: DateTime<Utc>,
) -> Result<Option<OccurrenceRow>, sqlx::Error> {
    sqlx::query_as!(
        OccurrenceRow,
        "select meeting_id, original_local, from_at, to_at, state, changed, title, location,
                description
         from scheduling.occurrence
         where meeting_id = $1
         order by (state = 'cancelled'), (from_at <= $2), original_local
         limit 1",
        meeting.0,
        now
    )
    .fetch_optional(conn)
    .await
}

pub async fn insert_rooms(
    conn: &mut PgConnection,
    meeting: MeetingId,
    rooms: &[RoomId],
) -> Result<(), sqlx::Error> {
    let rooms: Vec<Uuid> = rooms.iter().map(|id| id.0).collect();
    sqlx::query!(
        "insert into scheduling.meeting_room (meeting_id, room_id)
         select $1, room from unnest($2::uuid[]) as room",
        meeting.0,
        &rooms
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn delete_rooms(conn: &mut PgConnection, meeting: MeetingId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from scheduling.meeting_room where meeting_id = $1",
        meeting.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The rooms of meetings with their names, by meeting and name.
pub async fn rooms_of(
    conn: &mut PgConnection,
    meetings: &[Uuid],
) -> Result<Vec<(MeetingId, RoomId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select mr.meeting_id as "meeting_id: MeetingId", mr.room_id as "room_id: RoomId", r.name
         from scheduling.meeting_room mr
         join scheduling.room r on r.id = mr.room_id
         where mr.meeting_id = any($1)
         order by mr.meeting_id, lower(r.name)"#,
        meetings
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.meeting_id, row.room_id, row.name))
        .collect())
}
