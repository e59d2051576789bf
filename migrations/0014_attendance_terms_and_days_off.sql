-- Goes up with each change of somebody's number or terms; who changes them names the one that was seen.
alter table attendance.employee add column terms_version integer not null default 1
    check (terms_version >= 1);

-- Meetings have not been told of public holidays so far: once for everybody who has some.
insert into platform.outbox (id, topic, payload, occurred_at)
select gen_random_uuid(), 'holidays.changed',
    jsonb_build_object('employees', jsonb_build_array(employee_id)), now()
from (select distinct employee_id from attendance.employment where region is not null) as e;

-- Days that the roster leaves free keep people from meetings as well.
alter table scheduling.absence drop constraint absence_kind_check;
alter table scheduling.absence add constraint absence_kind_known
    check (kind in ('leave', 'sick', 'holiday', 'day_off', 'shift', 'night_shift'));
insert into platform.outbox (id, topic, payload, occurred_at)
select gen_random_uuid(), 'roster.changed', jsonb_build_object(
    'employee', employee_id, 'date', min(work_date), 'until', max(work_date)), now()
from attendance.roster_day
where work_date >= current_date - 1
group by employee_id;
