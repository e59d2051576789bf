//! Rows of `scheduling.occupancy`: who and what is taken when. The exclusion constraint
//! `occupancy_no_overlap` is the law; everything here works with it.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::{MeetingId, PersonId};
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use uuid::Uuid;

use super::meetings::OccurrenceRow;

/// One thing that is to be taken: a person or room at one time of one meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub original_local: NaiveDateTime,
    pub who: Uuid,
    pub is_room: bool,
    pub from_at: DateTime<Utc>,
    pub to_at: DateTime<Utc>,
}

/// A stretch that is taken already.
#[derive(Clone, Debug)]
pub struct TakenRow {
    pub meeting_id: MeetingId,
    pub who: Uuid,
    pub is_room: bool,
    pub state: String,
    pub from_at: DateTime<Utc>,
    pub to_at: DateTime<Utc>,
}

/// Takes what is claimed, as far as it is free, and says how many of the claims went in. All or
/// nothing is the caller's: roll back unless every claim did. Sorted by who and time, so that two
/// bookings wait for each other in one direction only and never in a circle.
pub async fn claim(
    conn: &mut PgConnection,
    meeting: MeetingId,
    state: &str,
    claims: &[Claim],
) -> Result<u64, sqlx::Error> {
    let mut sorted: Vec<&Claim> = claims.iter().collect();
    sorted.sort_by_key(|claim| (claim.who, claim.from_at));
    let originals: Vec<NaiveDateTime> = sorted.iter().map(|c| c.original_local).collect();
    let who: Vec<Uuid> = sorted.iter().map(|c| c.who).collect();
    let kinds: Vec<String> = sorted
        .iter()
        .map(|c| if c.is_room { "room" } else { "person" }.to_owned())
        .collect();
    let froms: Vec<DateTime<Utc>> = sorted.iter().map(|c| c.from_at).collect();
    let tos: Vec<DateTime<Utc>> = sorted.iter().map(|c| c.to_at).collect();
    let done = sqlx::query!(
        "insert into scheduling.occupancy (meeting_id, original_local, who, kind, during, state)
         select $1, original_local, who, kind, tstzrange(from_at, to_at, '[)'), $2
         from unnest($3::timestamp[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[])
             with ordinality as claim (original_local, who, kind, from_at, to_at, place)
         order by place
         on conflict do nothing",
        meeting.0,
        state,
        &originals,
        &who,
        &kinds,
        &froms,
        &tos,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// As [`claim`], and says whether every claim went in. If not, the caller rolls back.
pub async fn claim_all(
    conn: &mut PgConnection,
    meeting: MeetingId,
    state: &str,
    claims: &[Claim],
) -> Result<bool, sqlx::Error> {
    let taken = claim(conn, meeting, state, claims).await?;
    Ok(usize::try_from(taken) == Ok(claims.len()))
}

/// Gives back everything that a meeting takes at the given times, or at all times.
pub async fn release(
    conn: &mut PgConnection,
    meeting: MeetingId,
    only: Option<&[NaiveDateTime]>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from scheduling.occupancy
         where meeting_id = $1 and ($2::timestamp[] is null or original_local = any($2))",
        meeting.0,
        only as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Hands what a series takes from a local time on to the one that goes on in its place.
pub async fn hand_over(
    conn: &mut PgConnection,
    meeting: MeetingId,
    next: MeetingId,
    from: NaiveDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.occupancy
         set meeting_id = $2
         where meeting_id = $1 and original_local >= $3",
        meeting.0,
        next.0,
        from
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives back what one person or room takes of a meeting from an instant on.
pub async fn release_person(
    conn: &mut PgConnection,
    meeting: MeetingId,
    who: Uuid,
    from: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from scheduling.occupancy
         where meeting_id = $1 and who = $2 and upper(during) > $3",
        meeting.0,
        who,
        from
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Gives back what a meeting takes from an instant on of whoever and whatever is not, or no longer,
/// among its people and rooms.
pub async fn release_others(
    conn: &mut PgConnection,
    meeting: MeetingId,
    members: &[Uuid],
    from: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from scheduling.occupancy
         where meeting_id = $1 and who <> all($2) and upper(during) > $3",
        meeting.0,
        members,
        from
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Moves all that a meeting takes to another state.
pub async fn set_state(
    conn: &mut PgConnection,
    meeting: MeetingId,
    state: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.occupancy set state = $2 where meeting_id = $1",
        meeting.0,
        state
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What is taken of people and rooms within a range. The lower bound of the start is that of
/// `occupancy_is_short`: it lets the index by start find all of it. For `except`, a meeting that is being moved,
/// nothing.
pub async fn taken(
    conn: &mut PgConnection,
    who: &[Uuid],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    except: Option<MeetingId>,
) -> Result<Vec<TakenRow>, sqlx::Error> {
    sqlx::query_as!(
        TakenRow,
        r#"select meeting_id, who, kind = 'room' as "is_room!", state,
                lower(during) as "from_at!", upper(during) as "to_at!"
         from scheduling.occupancy
         where who = any($1)
           and lower(during) >= $2::timestamptz - interval '15 days' and lower(during) < $3
           and upper(during) > $2
           and state in ('held', 'pending', 'confirmed')
           and ($4::uuid is null or meeting_id <> $4)
         order by who, lower(during)"#,
        who,
        from,
        to,
        except.map(|id| id.0),
    )
    .fetch_all(conn)
    .await
}

/// The times at which confirmed meetings take somebody within a range, by meeting and start.
pub async fn of_person(
    conn: &mut PgConnection,
    person: PersonId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<OccurrenceRow>, sqlx::Error> {
    sqlx::query_as!(
        OccurrenceRow,
        "select t.meeting_id, t.original_local, t.from_at, t.to_at, t.state, t.changed, t.title,
                t.location, t.description
         from scheduling.occupancy o
         join scheduling.occurrence t
           on t.meeting_id = o.meeting_id and t.original_local = o.original_local
         where o.who = $1 and o.during && tstzrange($2, $3, '[)') and o.state = 'confirmed'
         order by t.meeting_id, t.from_at
         limit 1000",
        person.0,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// What stands in the way of the claims: who is taken by another meeting, and when. At most a
/// hundred, the earliest first.
pub async fn conflicts(
    conn: &mut PgConnection,
    claims: &[Claim],
    except: Option<MeetingId>,
) -> Result<Vec<TakenRow>, sqlx::Error> {
    let who: Vec<Uuid> = claims.iter().map(|c| c.who).collect();
    let during: Vec<PgRange<DateTime<Utc>>> = claims
        .iter()
        .map(|c| PgRange::from(c.from_at..c.to_at))
        .collect();
    sqlx::query_as!(
        TakenRow,
        r#"select distinct o.meeting_id, o.who, o.kind = 'room' as "is_room!", o.state,
                lower(o.during) as "from_at!", upper(o.during) as "to_at!"
         from unnest($1::uuid[], $2::tstzrange[]) as claim (who, during)
         join scheduling.occupancy o
           on o.who = claim.who and o.during && claim.during
          and o.state in ('held', 'pending', 'confirmed')
         where $3::uuid is null or o.meeting_id <> $3
         order by 5, 2
         limit 100"#,
        &who,
        &during,
        except.map(|id| id.0),
    )
    .fetch_all(conn)
    .await
}
