//! Who has to hear of a change, and whom to remind: attendees with the mails that went out to them.

use chrono::{DateTime, Utc};
use model::scheduling::meeting::Response;
use model::{AttendeeId, MeetingId, PersonId};
use sqlx::PgConnection;

/// Somebody who was ever asked to come, with what the mails need to know.
#[derive(Clone, Debug)]
pub struct ReaderRow {
    pub id: AttendeeId,
    pub person_id: Option<PersonId>,
    pub email: String,
    pub name: String,
    pub required: bool,
    pub response: Response,
    pub link_token: String,
    /// Taken off again.
    pub removed: bool,
    /// The person's own zone; none for guests from outside.
    pub zone: Option<String>,
    /// Not somebody who has left the organisation.
    pub reachable: bool,
    /// Some invitation went out.
    pub asked: bool,
    /// The invitation to the present state of the meeting went out.
    pub asked_now: bool,
    /// The mail that takes it back went out.
    pub let_go: bool,
}

/// Everybody who was ever asked to come to a meeting, in the order in which they were asked. `now`
/// names the mail that tells of its present state.
pub async fn readers(
    conn: &mut PgConnection,
    meeting: MeetingId,
    now: &str,
) -> Result<Vec<ReaderRow>, sqlx::Error> {
    sqlx::query_as!(
        ReaderRow,
        r#"select a.id as "id: AttendeeId", a.person_id as "person_id: PersonId", a.email, a.name,
                a.required, a.response as "response: Response", a.link_token,
                a.removed_at is not null as "removed!", p.zone as "zone?",
                coalesce(p.active, true) as "reachable!",
                exists (
                    select 1 from scheduling.notice n
                    where n.attendee_id = a.id and n.what like 'request:%'
                ) as "asked!",
                exists (
                    select 1 from scheduling.notice n
                    where n.attendee_id = a.id and n.what = $2
                ) as "asked_now!",
                exists (
                    select 1 from scheduling.notice n
                    where n.attendee_id = a.id and n.what like 'cancel:%'
                ) as "let_go!"
         from scheduling.attendee a
         left join scheduling.person p on p.id = a.person_id
         where a.meeting_id = $1
         order by a.id
         limit 5000"#,
        meeting.0,
        now,
    )
    .fetch_all(conn)
    .await
}

/// Notes that times were taken away which were still to come, until the mails say so.
pub async fn mark_cut(conn: &mut PgConnection, meeting: MeetingId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.meeting set cut_untold = true where id = $1",
        meeting.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether times were taken away of which no mail has told yet; from now on one has.
pub async fn take_cut(conn: &mut PgConnection, meeting: MeetingId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update scheduling.meeting set cut_untold = false where id = $1 and cut_untold",
        meeting.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A reminder that is due.
#[derive(Clone, Debug)]
pub struct ReminderRow {
    pub meeting_id: MeetingId,
    pub attendee_id: AttendeeId,
    /// By which the reminder is known. It names the instant at which the meeting begins, so that
    /// one that is moved is reminded of again.
    pub what: String,
    pub email: String,
    pub name: String,
    pub zone: String,
    pub title: String,
    pub location: String,
    pub rooms: Vec<String>,
    pub from_at: DateTime<Utc>,
    pub to_at: DateTime<Utc>,
}

/// People of the organisation whose meeting begins within the minutes that they want to be reminded
/// before it (`default_minutes` for those who have not said; nobody is reminded more than a week
/// ahead), and who were not reminded yet. What has begun is over for this.
pub async fn reminders(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    default_minutes: Option<i32>,
    limit: i64,
) -> Result<Vec<ReminderRow>, sqlx::Error> {
    sqlx::query_as!(
        ReminderRow,
        r#"select due.meeting_id as "meeting_id!: MeetingId",
                due.attendee_id as "attendee_id!: AttendeeId", due.what as "what!",
                due.email as "email!", due.name as "name!", due.zone as "zone!",
                due.title as "title!", due.location as "location!", due.rooms as "rooms!",
                due.from_at as "from_at!", due.to_at as "to_at!"
         from (
             select o.meeting_id, a.id as attendee_id, p.email, p.name, p.zone,
                 coalesce(o.title, m.title) as title, coalesce(o.location, m.location) as location,
                 o.from_at, o.to_at,
                 'remind:' || to_char(o.from_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') || 'Z'
                     as what,
                 array(
                     select r.name
                     from scheduling.meeting_room mr
                     join scheduling.room r on r.id = mr.room_id
                     where mr.meeting_id = m.id
                     order by lower(r.name), r.id
                 ) as rooms,
                 case jsonb_typeof(w.document -> 'remindMinutes')
                     when 'number' then (w.document ->> 'remindMinutes')::numeric::integer
                     when 'null' then null
                     else $2::integer
                 end as minutes
             from scheduling.occurrence o
             join scheduling.meeting m on m.id = o.meeting_id
             join scheduling.attendee a
               on a.meeting_id = o.meeting_id and a.removed_at is null
             left join scheduling.occurrence_answer x
               on x.meeting_id = o.meeting_id and x.original_local = o.original_local
              and x.attendee_id = a.id
             join scheduling.person p on p.id = a.person_id and p.active
             left join scheduling.preferences w on w.person_id = p.id
             where o.state = 'confirmed' and coalesce(x.response, a.response) <> 'declined'
               and o.from_at > $1::timestamptz
               and o.from_at <= $1::timestamptz + interval '7 days'
         ) as due
         where due.from_at <= $1::timestamptz + make_interval(mins => due.minutes)
           and not exists (
               select 1 from scheduling.notice n
               where n.attendee_id = due.attendee_id and n.what = due.what
           )
         order by due.from_at, due.attendee_id
         limit $3"#,
        now,
        default_minutes,
        limit,
    )
    .fetch_all(conn)
    .await
}
