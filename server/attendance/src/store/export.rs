//! Everything that is kept of one person, as JSON.

use model::PersonId;
use serde_json::Value;
use sqlx::PgConnection;

/// Who they are, and their terms.
pub async fn person(conn: &mut PgConnection, id: PersonId) -> Result<Option<Value>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select jsonb_build_object(
             'id', e.id, 'name', e.name, 'email', e.email, 'zone', e.zone, 'number', e.number,
             'employedFrom', e.employed_from, 'employedUntil', e.employed_until,
             'terms', (
                 select coalesce(jsonb_agg(jsonb_build_object(
                     'from', t.from_day, 'policy', p.name, 'region', t.region, 'site', s.name,
                     'manager', m.name, 'team', t.team
                 ) order by t.from_day), '[]')
                 from attendance.employment t
                 join attendance.policy p on p.id = t.policy_id
                 left join attendance.site s on s.id = t.site_id
                 left join attendance.employee m on m.id = t.manager_id
                 where t.employee_id = e.id
             ),
             'badges', (
                 select coalesce(jsonb_agg(jsonb_build_object(
                     'badge', b.badge, 'from', lower(b.during), 'to', upper(b.during)
                 ) order by lower(b.during)), '[]')
                 from attendance.badge b
                 where b.employee_id = e.id
             )
         ) as "person!"
         from attendance.employee e
         where e.id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Punches as they came, also those by a badge that was theirs, with what was decided about each.
pub async fn punches(conn: &mut PgConnection, id: PersonId) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with own as (
             select p.*
             from attendance.punch p
             where p.employee_id = $1
             union
             select p.*
             from attendance.badge b
             join attendance.punch p on p.badge = b.badge and b.during @> p.occurred_at
             where b.employee_id = $1 and p.employee_id is null
         )
         select coalesce(jsonb_agg(jsonb_build_object(
             'id', p.id, 'occurredAt', p.occurred_at, 'receivedAt', p.received_at,
             'sourceKind', p.source_kind, 'source', p.source, 'badge', p.badge,
             'local', p.raw_local, 'zone', p.zone, 'direction', p.direction,
             'address', p.address, 'flags', p.flags,
             'decisions', (
                 select coalesce(jsonb_agg(jsonb_build_object(
                     'kind', a.kind, 'at', a.at, 'direction', a.direction, 'reason', a.reason,
                     'by', a.actor_label, 'decidedAt', a.decided_at
                 ) order by a.decided_at, a.id), '[]')
                 from attendance.punch_annotation a
                 where a.punch_id = p.id
             )
         ) order by p.occurred_at, p.id), '[]') as "punches!"
         from own p"#,
        id.0,
    )
    .fetch_one(conn)
    .await
}

/// Days as they stand.
pub async fn days(conn: &mut PgConnection, id: PersonId) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(
             d.document || jsonb_build_object(
                 'version', d.version, 'derivedAt', d.derived_at
             ) order by d.work_date
         ), '[]') as "days!"
         from attendance.day d
         where d.employee_id = $1"#,
        id.0,
    )
    .fetch_one(conn)
    .await
}

/// What days of locked periods have come to since.
pub async fn adjustments(conn: &mut PgConnection, id: PersonId) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object(
             'workDate', a.work_date, 'minutes', a.minutes, 'state', a.state,
             'at', a.created_at, 'decidedBy', a.decided_by_label, 'decidedAt', a.decided_at
         ) order by a.work_date, a.created_at, a.id), '[]') as "adjustments!"
         from attendance.adjustment a
         where a.employee_id = $1"#,
        id.0,
    )
    .fetch_one(conn)
    .await
}

/// Requests for leave, and every entry of the balances.
pub async fn leave(conn: &mut PgConnection, id: PersonId) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select jsonb_build_object(
             'requests', (
                 select coalesce(jsonb_agg(jsonb_build_object(
                     'kind', t.name, 'from', r.from_day, 'to', r.to_day, 'part', r.part,
                     'minutes', r.minutes, 'note', r.note, 'state', r.state,
                     'askedAt', r.created_at, 'decidedBy', r.decided_by_label,
                     'decidedAt', r.decided_at, 'decisionNote', r.decision_note,
                     'grantedTo', r.granted_to_day, 'endedBy', r.ended_by_label,
                     'endedAt', r.ended_at, 'endNote', r.end_note
                 ) order by r.from_day, r.id), '[]')
                 from attendance.leave_request r
                 join attendance.leave_type t on t.id = r.type_id
                 where r.employee_id = $1
             ),
             'entries', (
                 select coalesce(jsonb_agg(jsonb_build_object(
                     'kind', t.name, 'day', l.day, 'minutes', l.minutes, 'entry', l.kind,
                     'text', l.text
                 ) order by l.day, l.id), '[]')
                 from attendance.leave_entry l
                 join attendance.leave_type t on t.id = l.type_id
                 where l.employee_id = $1
             )
         ) as "leave!""#,
        id.0,
    )
    .fetch_one(conn)
    .await
}

/// Wishes to have a day put right.
pub async fn corrections(conn: &mut PgConnection, id: PersonId) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object(
             'workDate', c.work_date, 'state', c.state, 'reason', c.reason, 'changes', c.changes,
             'askedBy', c.created_by_label, 'askedAt', c.created_at,
             'decidedBy', c.decided_by_label, 'decidedAt', c.decided_at,
             'decisionNote', c.decision_note
         ) order by c.created_at, c.id), '[]') as "corrections!"
         from attendance.correction c
         where c.employee_id = $1"#,
        id.0,
    )
    .fetch_one(conn)
    .await
}

/// What was found out of order on their days, and what was said about it.
pub async fn exceptions(conn: &mut PgConnection, id: PersonId) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object(
             'workDate', x.work_date, 'kind', x.kind, 'text', x.text, 'minutes', x.minutes,
             'state', x.state, 'note', x.note, 'decidedBy', x.decided_by_label
         ) order by x.work_date, x.kind), '[]') as "exceptions!"
         from attendance.exception x
         where x.employee_id = $1"#,
        id.0,
    )
    .fetch_one(conn)
    .await
}

/// What was decided about overtime and early arrivals.
pub async fn overtime(conn: &mut PgConnection, id: PersonId) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object(
             'workDate', o.work_date, 'version', o.version, 'early', o.early_approved,
             'minutes', o.overtime_minutes, 'note', o.note,
             'decidedBy', o.decided_by_label, 'decidedAt', o.decided_at
         ) order by o.work_date, o.version), '[]') as "overtime!"
         from attendance.overtime_decision o
         where o.employee_id = $1"#,
        id.0,
    )
    .fetch_one(conn)
    .await
}

/// Swaps that they asked for or were asked for, with what was said.
pub async fn swaps(conn: &mut PgConnection, id: PersonId) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object(
             'askedBy', a.name, 'from', r.from_day, 'colleague', o.name, 'to', r.to_day,
             'state', r.state, 'note', r.note, 'askedAt', r.created_at,
             'history', (
                 select coalesce(jsonb_agg(jsonb_build_object(
                     'state', e.state, 'by', e.actor_label, 'note', e.note, 'at', e.at
                 ) order by e.version), '[]')
                 from attendance.swap_event e
                 where e.swap_id = r.id
             )
         ) order by r.created_at, r.id), '[]') as "swaps!"
         from attendance.swap_request r
         join attendance.employee a on a.id = r.from_employee
         join attendance.employee o on o.id = r.to_employee
         where r.from_employee = $1 or r.to_employee = $1"#,
        id.0,
    )
    .fetch_one(conn)
    .await
}
