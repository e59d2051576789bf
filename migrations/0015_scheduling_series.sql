-- One time of a series may have a place and a description of its own, as it may have a title; null
-- is what the series says.
alter table scheduling.occurrence
    add column location text check (length(location) <= 500),
    add column description text check (length(description) <= 8000);

-- Times that were still to come were taken away, and the mails that say so have not gone out: what
-- is left may be over, and nobody is told of that otherwise.
alter table scheduling.meeting
    add column cut_untold boolean not null default false;
