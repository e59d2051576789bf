-- Goes up with each change of somebody's number or terms; who changes them names the one that was seen.
alter table attendance.employee add column terms_version integer not null default 1
    check (terms_version >= 1);
