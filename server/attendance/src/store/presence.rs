//! Rows of `attendance.presence`, and the board that is made of them.

use chrono::{DateTime, NaiveDate, Utc};
use model::PersonId;
use model::attendance::day::Presence;
use sqlx::PgConnection;
use uuid::Uuid;

/// Where somebody is.
#[derive(Clone, Copy, Debug)]
pub struct NewPresence {
    pub employee: PersonId,
    pub state: Presence,
    pub since: DateTime<Utc>,
}

/// Writes where people are, where that has changed.
pub async fn write(conn: &mut PgConnection, rows: &[NewPresence]) -> Result<u64, sqlx::Error> {
    if rows.is_empty() {
        return Ok(0);
    }
    let people: Vec<Uuid> = rows.iter().map(|row| row.employee.0).collect();
    let states: Vec<&str> = rows.iter().map(|row| row.state.as_str()).collect();
    let since: Vec<DateTime<Utc>> = rows.iter().map(|row| row.since).collect();
    let done = sqlx::query!(
        "insert into attendance.presence as p (employee_id, state, since)
         select employee_id, state, since
         from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as f (employee_id, state, since)
         order by employee_id
         on conflict (employee_id) do update
         set state = excluded.state, since = excluded.since
         where (p.state, p.since) is distinct from (excluded.state, excluded.since)",
        &people,
        &states as _,
        &since,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Somebody on the board.
#[derive(Clone, Debug)]
pub struct BoardRow {
    pub id: PersonId,
    pub name: String,
    pub zone: String,
    pub team: String,
    /// Whether the asker manages them.
    pub managed: bool,
    pub state: Option<Presence>,
    pub since: Option<DateTime<Utc>>,
    /// Whether the first half of today is leave.
    pub away_am: bool,
    /// Whether the second half is.
    pub away_pm: bool,
}

/// Those who work here: everybody, or else the asker, those of the asker's team, and those whom the
/// asker manages. By team and name.
pub async fn board(
    conn: &mut PgConnection,
    asker: Option<PersonId>,
    everybody: bool,
    manages: bool,
    today: NaiveDate,
) -> Result<Vec<BoardRow>, sqlx::Error> {
    sqlx::query_as!(
        BoardRow,
        r#"with terms as (
             select distinct on (employee_id) employee_id, team, manager_id
             from attendance.employment
             where from_day <= $4
             order by employee_id, from_day desc
         ), own as (
             select team from terms where employee_id = $1
         )
         select e.id as "id: PersonId", e.name, e.zone, t.team,
             coalesce($3 and t.manager_id = $1, false) as "managed!",
             p.state as "state?: Presence", p.since as "since?",
             coalesce(l.am, false) as "away_am!", coalesce(l.pm, false) as "away_pm!"
         from attendance.employee e
         join terms t on t.employee_id = e.id
         left join attendance.presence p on p.employee_id = e.id
         left join lateral (
             select bool_or(halves @> 0) as am, bool_or(halves @> 1) as pm
             from attendance.leave_day
             where employee_id = e.id and day = $4
         ) l on true
         where e.active
           and (
               $2
               or e.id = $1
               or ($3 and t.manager_id = $1)
               or (t.team <> '' and t.team = (select team from own))
           )
         order by lower(t.team) collate "C", t.team, lower(e.name) collate "C", e.id
         limit 10000"#,
        asker.map(|id| id.0),
        everybody,
        manages,
        today,
    )
    .fetch_all(conn)
    .await
}
