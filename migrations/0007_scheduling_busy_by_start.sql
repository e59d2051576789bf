-- Who is taken within a range of days, of many people at once. The exclusion constraint's index
-- answers that with some hundred pages for each person; in order of its start it is one short walk.
-- For that a claim must not reach back further than the walk: the longest meeting takes fourteen
-- days, and an hour more where the clocks go back.

alter table scheduling.occupancy add constraint occupancy_is_short
    check (upper(during) - lower(during) <= interval '15 days');

create index occupancy_by_start on scheduling.occupancy (who, lower(during))
    where state in ('held', 'pending', 'confirmed');
