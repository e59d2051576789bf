-- Days of open periods on which more was worked than was decided about: overtime that wants approval,
-- or work before a start. How many minutes before a start are worth asking about is the program's to
-- say. Days that are not over do not wait.
create view attendance.waiting_overtime as
select d.employee_id, d.work_date, d.document, coalesce(o.version, 0) as version,
    jsonb_exists(d.document, 'unapprovedOvertimeMinutes')
        and d.overtime_minutes > coalesce(o.seen_overtime_minutes, 0) as has_overtime,
    case
        when (d.document ->> 'uncountedEarlyMinutes')::bigint > coalesce(o.seen_early_minutes, 0)
            then (d.document ->> 'uncountedEarlyMinutes')::bigint
        else 0
    end as early_minutes
from attendance.day d
left join lateral (
    select version, seen_early_minutes, seen_overtime_minutes
    from attendance.overtime_decision
    where employee_id = d.employee_id and work_date = d.work_date
    order by version desc
    limit 1
) o on true
where jsonb_exists_any(d.document, array['unapprovedOvertimeMinutes', 'uncountedEarlyMinutes'])
  and split_part(d.status, '+', 1) not in ('pending', 'incomplete')
  and not exists (
      select from attendance.period p
      where p.state = 'locked' and p.during @> d.work_date
  );
