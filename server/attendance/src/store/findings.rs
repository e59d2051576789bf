//! What derivation writes to `attendance.exception`. What people decide about it is written elsewhere,
//! and never overwritten here.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::severity::Severity;
use model::{ExceptionId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Something that is out of order.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: ExceptionId,
    pub employee: PersonId,
    pub work_date: NaiveDate,
    pub kind: &'static str,
    pub severity: Severity,
    pub minutes: i64,
    pub text: String,
}

/// Days that were looked at for some kinds of findings.
#[derive(Clone, Debug)]
pub struct Looked {
    pub employee: PersonId,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub kinds: &'static [&'static str],
}

/// Writes what was found, and takes back what was looked for and not found. What somebody has
/// explained or waived stays decided, whatever it has become.
pub async fn write(
    conn: &mut PgConnection,
    looked: &[Looked],
    found: &[Found],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let mut people: Vec<Uuid> = Vec::new();
    let (mut from, mut to, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for look in looked {
        for kind in look.kinds {
            people.push(look.employee.0);
            from.push(look.from);
            to.push(look.to);
            kinds.push((*kind).to_owned());
        }
    }
    let found_people: Vec<Uuid> = found.iter().map(|f| f.employee.0).collect();
    let found_dates: Vec<NaiveDate> = found.iter().map(|f| f.work_date).collect();
    let found_kinds: Vec<String> = found.iter().map(|f| f.kind.to_owned()).collect();
    sqlx::query!(
        "update attendance.exception e
         set state = 'gone'
         from unnest($1::uuid[], $2::date[], $3::date[], $4::text[])
             as looked (employee_id, from_day, to_day, kind)
         where e.state = 'open' and e.employee_id = looked.employee_id and e.kind = looked.kind
           and e.work_date between looked.from_day and looked.to_day
           and not exists (
               select
               from unnest($5::uuid[], $6::date[], $7::text[]) as f (employee_id, work_date, kind)
               where f.employee_id = e.employee_id and f.work_date = e.work_date and f.kind = e.kind
           )",
        &people,
        &from,
        &to,
        &kinds,
        &found_people,
        &found_dates,
        &found_kinds,
    )
    .execute(&mut *conn)
    .await?;
    if found.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = found.iter().map(|f| f.id.0).collect();
    let severities: Vec<&str> = found.iter().map(|f| f.severity.as_str()).collect();
    let minutes: Vec<i32> = found
        .iter()
        .map(|f| i32::try_from(f.minutes).unwrap_or(i32::MAX))
        .collect();
    let texts: Vec<String> = found.iter().map(|f| f.text.clone()).collect();
    sqlx::query!(
        "insert into attendance.exception as e
             (id, employee_id, work_date, kind, severity, minutes, text, state, found_at)
         select id, employee_id, work_date, kind, severity, minutes, text, 'open', $8
         from unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[], $5::text[], $6::int4[], $7::text[])
             as f (id, employee_id, work_date, kind, severity, minutes, text)
         order by employee_id, work_date, kind
         on conflict on constraint exception_once do update
         set severity = excluded.severity, minutes = excluded.minutes, text = excluded.text,
             found_at = case when e.state = 'gone' then excluded.found_at else e.found_at end,
             state = 'open'
         where e.state in ('open', 'gone')
           and (e.state, e.severity, e.minutes, e.text)
               is distinct from ('open', excluded.severity, excluded.minutes, excluded.text)",
        &ids,
        &found_people,
        &found_dates,
        &found_kinds,
        &severities as _,
        &minutes,
        &texts,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
