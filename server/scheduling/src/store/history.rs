//! Rows of `scheduling.meeting_event`, `scheduling.notice` and `scheduling.booking_try`: what
//! happened, which mails went out, and how bookings ended.

use chrono::{DateTime, NaiveDate, Utc};
use model::{AttendeeId, MailId, MeetingEventId, MeetingId};
use sqlx::PgConnection;

/// A line of a meeting's history as stored.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub id: MeetingEventId,
    pub meeting_id: MeetingId,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub actor_label: String,
    pub kind: String,
    pub text: String,
    pub machine: bool,
}

pub async fn insert_event(conn: &mut PgConnection, row: &EventRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into scheduling.meeting_event
            (id, meeting_id, at, actor, actor_label, kind, text, machine)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        row.id.0,
        row.meeting_id.0,
        row.at,
        row.actor,
        row.actor_label,
        row.kind,
        row.text,
        row.machine,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The history of a meeting, newest first.
pub async fn events(
    conn: &mut PgConnection,
    meeting: MeetingId,
) -> Result<Vec<EventRow>, sqlx::Error> {
    sqlx::query_as!(
        EventRow,
        "select id, meeting_id, at, actor, actor_label, kind, text, machine
         from scheduling.meeting_event
         where meeting_id = $1
         order by at desc, id desc
         limit 200",
        meeting.0
    )
    .fetch_all(conn)
    .await
}

/// Notes that a mail stands for a change; false if there is one already, and then none must go out.
pub async fn note_mail(
    conn: &mut PgConnection,
    meeting: MeetingId,
    attendee: AttendeeId,
    what: &str,
    mail: MailId,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into scheduling.notice (meeting_id, attendee_id, what, mail_id, at)
         values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        meeting.0,
        attendee.0,
        what,
        mail.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How one try to book ended.
#[derive(Clone, Debug)]
pub struct Try {
    pub at: DateTime<Utc>,
    pub outcome: &'static str,
    pub people: i32,
    pub rooms: i32,
    pub took_ms: i32,
}

pub async fn insert_try(conn: &mut PgConnection, attempt: &Try) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into scheduling.booking_try (at, outcome, people, rooms, took_ms)
         values ($1, $2, $3, $4, $5)",
        attempt.at,
        attempt.outcome,
        attempt.people,
        attempt.rooms,
        attempt.took_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How often each outcome was within a range.
pub async fn outcomes(
    conn: &mut PgConnection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select outcome, count(*) as "count!"
         from scheduling.booking_try
         where at >= $1 and at < $2
         group by outcome
         order by count(*) desc, outcome"#,
        from,
        to
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|r| (r.outcome, r.count)).collect())
}

/// The median and the 95th percentile of how long a booking took, in milliseconds.
pub async fn took(
    conn: &mut PgConnection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Option<(i64, i64)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select percentile_disc(0.5) within group (order by took_ms)::bigint as median,
                percentile_disc(0.95) within group (order by took_ms)::bigint as high
         from scheduling.booking_try
         where at >= $1 and at < $2 and outcome = 'booked'"#,
        from,
        to
    )
    .fetch_one(conn)
    .await?;
    Ok(row.median.zip(row.high))
}

/// Tries and bookings by day (UTC), oldest first; days without any are absent.
pub async fn daily(
    conn: &mut PgConnection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(NaiveDate, i64, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select (at at time zone 'UTC')::date as "day!", count(*) as "tried!",
                count(*) filter (where outcome = 'booked') as "booked!"
         from scheduling.booking_try
         where at >= $1 and at < $2
         group by 1
         order by 1"#,
        from,
        to
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.day, r.tried, r.booked))
        .collect())
}
