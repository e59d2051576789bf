//! How meetings of the past lay in the days of those who were there.

use chrono::{DateTime, Utc};
use model::scheduling::suggest::{EARLY, LATE};
use sqlx::PgConnection;
use uuid::Uuid;

/// A stretch of time in which somebody's clock is so many minutes east of UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockSpan {
    pub who: Uuid,
    pub from_at: DateTime<Utc>,
    pub to_at: DateTime<Utc>,
    pub east_minutes: i32,
}

/// How many meetings with others began before [`EARLY`] or ended after [`LATE`] for each, within the
/// stretches. Whoever had none is absent.
pub async fn unsocial(
    conn: &mut PgConnection,
    spans: &[ClockSpan],
) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    let who: Vec<Uuid> = spans.iter().map(|span| span.who).collect();
    let froms: Vec<DateTime<Utc>> = spans.iter().map(|span| span.from_at).collect();
    let tos: Vec<DateTime<Utc>> = spans.iter().map(|span| span.to_at).collect();
    let easts: Vec<i32> = spans.iter().map(|span| span.east_minutes).collect();
    let rows = sqlx::query!(
        r#"select span.who as "who!", count(*) as "turns!"
         from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::integer[])
             as span (who, from_at, to_at, east)
         join scheduling.occupancy o
           on o.who = span.who and lower(o.during) >= span.from_at and lower(o.during) < span.to_at
          and o.state in ('held', 'pending', 'confirmed')
         cross join lateral (
             select mod(floor(extract(epoch from lower(o.during)) / 60)::bigint + span.east, 1440)
                     as begins,
                 ceil(extract(epoch from upper(o.during) - lower(o.during)) / 60)::bigint as takes
         ) clock
         where (clock.begins < $5 or clock.begins + clock.takes > $6)
           and exists (
             select from scheduling.occupancy other
             where other.meeting_id = o.meeting_id and other.original_local = o.original_local
               and other.kind = 'person' and other.who <> o.who
         )
         group by span.who"#,
        &who,
        &froms,
        &tos,
        &easts,
        EARLY,
        LATE,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.who, row.turns)).collect())
}
