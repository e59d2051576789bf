-- Who manages somebody, in one place. It gives rows, at most one, since only a function in `from` is
-- made part of the query that calls it.
create function attendance.manager_on(employee uuid, day date) returns table (manager_id uuid)
language sql stable parallel safe rows 1 as $$
    select m.manager_id
    from attendance.employment m
    where m.employee_id = employee and m.from_day <= day
    order by m.from_day desc
    limit 1
$$;

-- What was decided about overtime and early arrivals of a day. Rows are only ever added: the one with
-- the highest version is in force, and those before are what was decided before.
create table attendance.overtime_decision (
    employee_id uuid not null references attendance.employee (id),
    work_date date not null,
    version integer not null check (version >= 1),
    early_approved boolean not null,
    overtime_minutes integer not null check (overtime_minutes >= 0),
    -- What there was to decide about. A day that comes to more waits again.
    seen_early_minutes integer not null check (seen_early_minutes >= 0),
    seen_overtime_minutes integer not null check (seen_overtime_minutes >= 0),
    note text not null default '' check (length(note) <= 1000),
    decided_by text not null,
    decided_by_label text not null,
    decided_at timestamptz not null,
    constraint overtime_decision_once primary key (employee_id, work_date, version)
);

create trigger overtime_decision_append_only
    before update or delete or truncate on attendance.overtime_decision
    for each statement execute function attendance.refuse_change();

-- Days that have something to approve: what is nothing is not written in their documents.
create index day_to_approve on attendance.day (work_date, employee_id)
    where jsonb_exists_any(document, array['unapprovedOvertimeMinutes', 'uncountedEarlyMinutes']);
