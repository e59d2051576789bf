-- The ground under every domain: events that leave with the transaction that caused them, sagas
-- that survive a crash, one answer for one idempotency key, and mail that waits to be sent.
-- The job queue keeps its own schema, which its library migrates by itself.

create schema platform;

-- An event is inserted by whoever causes it; the relay hands it to subscribers and then closes it.
create table platform.outbox (
    id uuid not null,
    seq bigint generated always as identity,
    topic text not null,
    payload jsonb not null,
    occurred_at timestamptz not null,
    broadcast_at timestamptz,
    relayed_at timestamptz,
    constraint outbox_pkey primary key (id),
    constraint outbox_topic_named check (topic <> '')
);

-- Only open events are ever searched, and they are few.
create unique index outbox_open on platform.outbox (topic, seq) where relayed_at is null;
create index outbox_relayed on platform.outbox (relayed_at) where relayed_at is not null;

-- A row here is the proof that a consumer has had an event: it commits with the consumer's work.
create table platform.inbox (
    consumer text not null,
    event_id uuid not null references platform.outbox (id) on delete cascade,
    handled_at timestamptz not null,
    constraint inbox_pkey primary key (consumer, event_id)
);

create index inbox_by_event on platform.inbox (event_id);

-- What went wrong so far with a delivery that is still owed.
create table platform.inbox_failure (
    consumer text not null,
    event_id uuid not null references platform.outbox (id) on delete cascade,
    attempts integer not null,
    next_at timestamptz not null,
    error text not null,
    constraint inbox_failure_pkey primary key (consumer, event_id),
    constraint inbox_failure_counted check (attempts > 0)
);

create index inbox_failure_by_event on platform.inbox_failure (event_id);

create table platform.saga (
    id uuid not null,
    kind text not null,
    input jsonb not null,
    state jsonb not null,
    status text not null,
    step integer not null,
    attempts integer not null,
    -- Counts the events that asked the saga to look again, so that one that arrives in the middle
    -- of a step is not lost when that step decides to park.
    wakes integer not null,
    reason text,
    next_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint saga_pkey primary key (id),
    constraint saga_status_known check (
        status in ('running', 'waiting', 'parked', 'unwinding', 'finished', 'unwound', 'failed')
    ),
    constraint saga_step_counted check (step >= 0)
);

create index saga_open on platform.saga (kind, next_at)
where status in ('running', 'waiting', 'unwinding');
create index saga_newest on platform.saga (created_at desc, id desc);

-- What each step of a saga did, in order; only ever inserted.
create table platform.saga_step (
    saga_id uuid not null references platform.saga (id) on delete cascade,
    seq bigint generated always as identity,
    step integer not null,
    name text not null,
    what text not null,
    outcome jsonb,
    reason text,
    at timestamptz not null,
    constraint saga_step_pkey primary key (saga_id, seq),
    constraint saga_step_what_known check (
        what in ('done', 'undone', 'wait', 'park', 'retry', 'fail', 'stop')
    )
);

-- A step is done once. A second worker that believed otherwise fails here.
create unique index saga_step_done_once on platform.saga_step (saga_id, step) where what = 'done';
create unique index saga_step_undone_once on platform.saga_step (saga_id, step)
where what = 'undone';

create table platform.idempotency (
    scope text not null,
    key text not null,
    body_hash bytea not null,
    state text not null,
    status smallint,
    body jsonb,
    locked_until timestamptz not null,
    created_at timestamptz not null,
    constraint idempotency_pkey primary key (scope, key),
    constraint idempotency_key_length check (length(key) between 1 and 255),
    constraint idempotency_hash_length check (length(body_hash) = 32),
    constraint idempotency_state_known check (state in ('running', 'done')),
    constraint idempotency_answer_complete check (
        (state = 'done') = (status is not null and body is not null)
    )
);

create index idempotency_age on platform.idempotency (created_at);

create table platform.mail (
    id uuid not null,
    to_address text not null,
    subject text not null,
    text_body text not null,
    html_body text,
    state text not null,
    error text,
    created_at timestamptz not null,
    sent_at timestamptz,
    constraint mail_pkey primary key (id),
    constraint mail_state_known check (state in ('queued', 'sent', 'kept', 'failed')),
    constraint mail_sent_when_sent check ((state = 'sent') = (sent_at is not null))
);

create index mail_newest on platform.mail (created_at desc, id desc);
