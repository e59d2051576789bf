-- Files of punches that HR brings in: looked at first, then read by a job that says how far it is. The
-- bytes go once that is done, or after a week in which nobody has decided; what came of them stays.

create table attendance.punch_import (
    id uuid primary key,
    name text not null constraint punch_import_name_length check (length(name) between 1 and 200),
    sha256 bytea not null constraint punch_import_hash_length check (octet_length(sha256) = 32),
    size_bytes integer not null check (size_bytes >= 0),
    body bytea,
    -- `model::attendance::views::ImportReading`: what the file is taken for.
    reading jsonb not null,
    state text not null constraint punch_import_state_known
        check (state in ('kept', 'waiting', 'done', 'refused')),
    -- How many rows there are, and how many of them are through.
    rows_total integer not null default 0,
    rows_done integer not null default 0,
    accepted integer not null default 0,
    repeated integer not null default 0,
    -- Of those that were kept, how many are of a badge that is nobody's.
    unmatched integer not null default 0,
    left_out integer not null default 0,
    unreadable integer not null default 0,
    -- The first lines that could not be read: line, column, reason.
    faults jsonb not null default '[]',
    -- Why nothing of it was taken.
    refusal text,
    version integer not null check (version >= 1),
    created_by text not null,
    created_by_label text not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint punch_import_open_has_body check (state in ('done', 'refused') or body is not null),
    constraint punch_import_done_has_end check ((state in ('done', 'refused')) = (finished_at is not null))
);

create index punch_import_by_time on attendance.punch_import (created_at desc, id);
create index punch_import_by_hash on attendance.punch_import (sha256);
