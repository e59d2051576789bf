-- Leave that was ended before its last day, or taken back by whoever decides: until when it was granted,
-- who ended it, and why. `to_day` is the last day that is leave now.
alter table attendance.leave_request
    add column granted_to_day date,
    add column ended_by text,
    add column ended_by_label text,
    add column ended_at timestamptz,
    add column end_note text not null default ''
        constraint leave_request_end_note_length check (length(end_note) <= 1000),
    add constraint leave_request_end_complete check (
        (ended_at is null) = (granted_to_day is null)
        and (ended_at is null) = (ended_by is null)
        and (ended_at is null) = (ended_by_label is null)
    );
