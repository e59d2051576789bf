-- STAFF people who can clock in in every way: a number and a badge, a day shift today, and a session for
-- every fifth, whose cookie is the person's number in sixteen bytes. What the program makes by itself
-- for a new person stands here as well; so do two hundred wall devices.

insert into identity.person (id, email, name, zone, created_at)
select ('00000000-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid,
       'p' || p || '@example.org', 'Person ' || p, 'Europe/Berlin', now()
from generate_series(1, STAFF) p;
insert into identity.person_role (person_id, role)
select id, 'employee' from identity.person where email like 'p%@example.org';
insert into attendance.policy (id, name, document, version, updated_at)
values ('00000000-0000-7000-9000-000000000001', 'Bench', '{}', 1, now());
insert into attendance.employee (id, email, name, zone, active, number)
select id, email, name, zone, true, substr(split_part(email, '@', 1), 2)
from identity.person where email like 'p%@example.org';
insert into attendance.employment (employee_id, from_day, policy_id, team)
select id, '2000-01-01', '00000000-0000-7000-9000-000000000001', 'Bench' from attendance.employee
where number is not null;
insert into attendance.badge (id, badge, employee_id, during)
select gen_random_uuid(), number, id, tstzrange('2020-01-01', null, '[)')
from attendance.employee where number is not null;
insert into attendance.roster_day (employee_id, work_date, source, shifts, version, updated_by, updated_at)
select id, current_date, 'manual',
       '[{"template":null,"shift":{"name":"Day","code":"D","tone":"teal","start":"09:00","end":"18:00","breakTiers":[{"afterMinutes":360,"minutes":60}]}}]',
       1, 'bench', now()
from attendance.employee where number is not null;
insert into identity.session (id_hash, person_id, data, expires_at)
select sha256(decode(lpad(to_hex(p), 32, '0'), 'hex')),
       ('00000000-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid,
       jsonb_build_object('person', '00000000-0000-7000-8000-' || lpad(to_hex(p), 12, '0')),
       now() + interval '1 day'
from generate_series(1, STAFF) p where p % 5 = 0;
insert into attendance.device (id, kind, serial, name, zone, state, installed_at, created_at)
select gen_random_uuid(), 'adms', 'BENCH' || d, 'Door ' || d, 'UTC', 'active',
       now() - interval '1 year', now()
from generate_series(1, 200) d;
analyze;
