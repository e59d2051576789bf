-- Swaps of shifts: what was seen when one was asked for, who said what to it, and that a day is offered
-- only once at a time. Nothing has written to `swap_request` so far, so there are no rows to move.

alter table attendance.swap_request
    -- What both worked on each of its days when it was asked for, as the program reads it. Approval
    -- writes only if that still holds.
    add column asked_days jsonb not null
        constraint swap_asked_days_are_a_list check (jsonb_typeof(asked_days) = 'array'),
    add column client_key text not null,
    add column created_by text not null,
    add column decided_by_label text,
    add column decision_note text not null default ''
        constraint swap_decision_note_length check (length(decision_note) <= 1000),
    add constraint swap_version_from_one check (version >= 1),
    add constraint swap_request_once unique (created_by, client_key),
    drop constraint swap_state_known,
    -- Declined by the colleague, refused by whoever decides.
    add constraint swap_state_known
        check (state in ('asked', 'agreed', 'declined', 'approved', 'refused', 'withdrawn'));

-- Nobody offers a day twice at once, and nobody agrees to two swaps of one day.
create unique index swap_one_open_per_day on attendance.swap_request (from_employee, from_day)
    where state in ('asked', 'agreed');
create unique index swap_one_agreed_per_day on attendance.swap_request (to_employee, to_day)
    where state = 'agreed';

create index swap_by_asker on attendance.swap_request (from_employee, created_at desc);
create index swap_by_colleague on attendance.swap_request (to_employee, created_at desc);
create index swap_agreed on attendance.swap_request (created_at) where state = 'agreed';

-- Who asked, agreed, decided, and when; only ever added to.
create table attendance.swap_event (
    id uuid primary key,
    swap_id uuid not null references attendance.swap_request (id),
    -- The version that it made of the request.
    version integer not null check (version >= 1),
    state text not null constraint swap_event_state_known
        check (state in ('asked', 'agreed', 'declined', 'approved', 'refused', 'withdrawn')),
    actor text not null,
    actor_label text not null,
    note text not null check (length(note) <= 1000),
    at timestamptz not null,
    constraint swap_event_once unique (swap_id, version)
);

create trigger swap_event_append_only
    before update or delete or truncate on attendance.swap_event
    for each statement execute function attendance.refuse_change();
