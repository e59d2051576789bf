-- When somebody is employed, where HR has said so: leave is granted for these days alone. Where nothing
-- is said, it is from the first terms on, and without an end.
alter table attendance.employee
    add column employed_from date,
    add column employed_until date,
    add constraint employee_employed_in_order check (employed_until >= employed_from);
