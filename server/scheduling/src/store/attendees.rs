//! Rows of `scheduling.attendee`: who is asked to come, and what they answer.

use chrono::{DateTime, Utc};
use model::scheduling::meeting::Response;
use model::{AttendeeId, MeetingId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

/// An attendee as stored.
#[derive(Clone, Debug)]
pub struct AttendeeRow {
    pub id: AttendeeId,
    pub meeting_id: MeetingId,
    pub person_id: Option<PersonId>,
    pub email: String,
    pub name: String,
    pub required: bool,
    pub response: Response,
    pub responded_at: Option<DateTime<Utc>>,
    pub reply_sequence: i32,
    pub reply_stamp: Option<DateTime<Utc>>,
    pub link_token: String,
    pub removed_at: Option<DateTime<Utc>>,
}

impl AttendeeRow {
    /// Whether the meeting takes their time.
    pub const fn takes_time(&self) -> bool {
        crate::guests::takes_time(self.response, self.required)
    }
}

/// Those who are asked to come, by name.
pub async fn of_meeting(
    conn: &mut PgConnection,
    meeting: MeetingId,
) -> Result<Vec<AttendeeRow>, sqlx::Error> {
    sqlx::query_as!(
        AttendeeRow,
        r#"select id, meeting_id, person_id as "person_id: PersonId", email, name, required, response,
                responded_at, reply_sequence, reply_stamp, link_token, removed_at
         from scheduling.attendee
         where meeting_id = $1 and removed_at is null
         order by lower(name), id"#,
        meeting.0
    )
    .fetch_all(conn)
    .await
}

/// Finds an attendee by the secret of the link; those who were taken off as well.
pub async fn find_by_link(
    conn: &mut PgConnection,
    token: &str,
) -> Result<Option<AttendeeRow>, sqlx::Error> {
    sqlx::query_as!(
        AttendeeRow,
        r#"select id, meeting_id, person_id as "person_id: PersonId", email, name, required, response,
                responded_at, reply_sequence, reply_stamp, link_token, removed_at
         from scheduling.attendee
         where link_token = $1"#,
        token
    )
    .fetch_optional(conn)
    .await
}

/// Writes an answer and what it came with.
pub async fn answer(
    conn: &mut PgConnection,
    id: AttendeeId,
    response: Response,
    reply: Option<(i32, DateTime<Utc>)>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (sequence, stamp) = reply.unzip();
    sqlx::query!(
        "update scheduling.attendee
         set response = $2, responded_at = $3, reply_sequence = coalesce($4, reply_sequence),
             reply_stamp = coalesce($5, reply_stamp)
         where id = $1",
        id.0,
        response.as_str(),
        now,
        sequence,
        stamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has everybody asked again, whatever they have said, since the time has changed.
pub async fn ask_again(
    conn: &mut PgConnection,
    meeting: MeetingId,
    organizer: PersonId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.attendee
         set response = 'needs_action', responded_at = null
         where meeting_id = $1 and removed_at is null and person_id is distinct from $2",
        meeting.0,
        organizer.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether an attendee is needed.
pub async fn set_required(
    conn: &mut PgConnection,
    id: AttendeeId,
    required: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.attendee set required = $2 where id = $1",
        id.0,
        required
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn remove(
    conn: &mut PgConnection,
    id: AttendeeId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.attendee set removed_at = $2 where id = $1 and removed_at is null",
        id.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a person is asked to come to a meeting.
pub async fn is_asked(
    conn: &mut PgConnection,
    meeting: MeetingId,
    person: PersonId,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select 1 from scheduling.attendee
             where meeting_id = $1 and person_id = $2 and removed_at is null
         ) as "asked!""#,
        meeting.0,
        person.0
    )
    .fetch_one(conn)
    .await
}

/// How many are asked to come to each of some meetings, the organizer not counted.
pub async fn counts(
    conn: &mut PgConnection,
    meetings: &[Uuid],
) -> Result<Vec<(MeetingId, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select meeting_id as "meeting_id: MeetingId", count(*) as "count!"
         from scheduling.attendee
         where meeting_id = any($1) and removed_at is null
         group by meeting_id
         order by meeting_id"#,
        meetings
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|r| (r.meeting_id, r.count)).collect())
}

/// Asks several people to come.
pub async fn insert_all(conn: &mut PgConnection, rows: &[AttendeeRow]) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id.0).collect();
    let meetings: Vec<Uuid> = rows.iter().map(|r| r.meeting_id.0).collect();
    let people: Vec<Option<Uuid>> = rows.iter().map(|r| r.person_id.map(|id| id.0)).collect();
    let emails: Vec<String> = rows.iter().map(|r| r.email.clone()).collect();
    let names: Vec<String> = rows.iter().map(|r| r.name.clone()).collect();
    let required: Vec<bool> = rows.iter().map(|r| r.required).collect();
    let responses: Vec<String> = rows
        .iter()
        .map(|r| r.response.as_str().to_owned())
        .collect();
    let links: Vec<String> = rows.iter().map(|r| r.link_token.clone()).collect();
    sqlx::query!(
        "insert into scheduling.attendee
            (id, meeting_id, person_id, email, name, required, response, link_token)
         select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[],
                              $6::bool[], $7::text[], $8::text[])",
        &ids,
        &meetings,
        &people as _,
        &emails,
        &names,
        &required,
        &responses,
        &links,
    )
    .execute(conn)
    .await?;
    Ok(())
}
