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
