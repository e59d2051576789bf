-- People are found by their address on every punch that a program tells.
create index employee_by_email on attendance.employee (lower(email));

-- The first day, by its own clock, of which punches of a device count. Those from before, of its last
-- place or of its maker, are set aside. Nothing for as far back as it goes.
alter table attendance.device add column in_use_from date;

-- Marks that came by the thousand, as with a change of policy, wait for those that somebody waits for.
alter table attendance.stale_day add column bulk boolean not null default false;
create index stale_day_in_turn on attendance.stale_day (bulk, id);
