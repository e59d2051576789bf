//! Which missing punches people were reminded of: rows of `attendance.reminder`.

use chrono::{DateTime, NaiveDate, Utc};
use model::{MailId, PersonId};
use sqlx::PgConnection;

/// A punch that is missing and of which nobody was reminded yet.
#[derive(Clone, Debug)]
pub struct MissingRow {
    pub employee_id: PersonId,
    pub name: String,
    pub email: String,
    pub work_date: NaiveDate,
    /// `missing_out` or `missing_in`.
    pub kind: String,
}

/// Missing punches of days since one, of people who are still there. A day that is under way has no
/// such flag, and one that somebody asks to be put right, or has explained, needs no reminder.
pub async fn missing(
    conn: &mut PgConnection,
    since: NaiveDate,
    limit: i64,
) -> Result<Vec<MissingRow>, sqlx::Error> {
    sqlx::query_as!(
        MissingRow,
        r#"select e.id as "employee_id: PersonId", e.name, e.email, d.work_date,
                f.flag as "kind!"
         from attendance.day d
         join attendance.employee e on e.id = d.employee_id and e.active
         cross join lateral unnest(d.flags) as f (flag)
         where d.work_date >= $1
           and d.flags && array['missing_out', 'missing_in']
           and f.flag in ('missing_out', 'missing_in')
           and d.status <> 'pending'
           and not exists (
               select 1 from attendance.reminder r
               where r.employee_id = d.employee_id and r.work_date = d.work_date
                 and r.kind = f.flag
           )
           and not exists (
               select 1 from attendance.correction c
               where c.employee_id = d.employee_id and c.work_date = d.work_date
                 and c.state = 'requested'
           )
           and not exists (
               select 1 from attendance.exception x
               where x.employee_id = d.employee_id and x.work_date = d.work_date
                 and x.kind = f.flag and x.state in ('explained', 'waived')
           )
         order by d.work_date, e.id, f.flag
         limit $2"#,
        since,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Notes that somebody is reminded; false if somebody else has done so at the same time.
pub async fn note(
    conn: &mut PgConnection,
    row: &MissingRow,
    mail: MailId,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.reminder (employee_id, work_date, kind, mail_id, sent_at)
         values ($1, $2, $3, $4, $5)
         on conflict (employee_id, work_date, kind) do nothing",
        row.employee_id.0,
        row.work_date,
        row.kind,
        mail.0,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
