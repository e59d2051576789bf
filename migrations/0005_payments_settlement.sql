-- Settlement: the files of banks and providers, their lines, and what explains them. A file is kept
-- as it came; its lines are taken all or none; a line is known again by its fingerprint, so the same
-- file or an overlapping one adds nothing. A line is explained at most once.

create table payments.settlement_import (
    id uuid primary key,
    name text not null check (length(name) between 1 and 255),
    content_type text,
    sha256 bytea not null check (length(sha256) = 32),
    bytes_total bigint not null check (bytes_total >= 0),
    status text not null check (status in ('received', 'parsing', 'matching', 'done', 'refused')),
    format text,
    version text,
    -- How far the reading has come; written from outside the transaction that reads.
    lines_seen bigint not null default 0,
    bytes_done bigint not null default 0,
    statements integer not null default 0,
    -- Lines that were new, and lines that an earlier file had brought.
    lines bigint not null default 0,
    repeated bigint not null default 0,
    error text,
    warnings text[] not null default '{}',
    received_by text not null,
    received_by_name text not null,
    received_at timestamptz not null,
    finished_at timestamptz,
    constraint settlement_import_sha256_unique unique (sha256),
    constraint settlement_import_refused_says_why check ((status = 'refused') = (error is not null))
);

create index settlement_import_by_received on payments.settlement_import (received_at desc, id desc);

-- The file's bytes in pieces, so that nobody has to hold a large one at once.
create table payments.settlement_chunk (
    import_id uuid not null references payments.settlement_import (id),
    number integer not null,
    bytes bytea not null,
    primary key (import_id, number)
);

create table payments.settlement_statement (
    id uuid primary key,
    import_id uuid not null references payments.settlement_import (id),
    source text not null check (source in ('gateway', 'bank')),
    -- The bank account, or the gateway's name.
    party text not null,
    currency text check (currency ~ '^[A-Z]{3}$'),
    statement_reference text,
    sequence text,
    from_date date,
    to_date date,
    opening_minor bigint,
    closing_minor bigint,
    lines bigint not null default 0
);

create index settlement_statement_by_import on payments.settlement_statement (import_id);
create index settlement_statement_by_party on payments.settlement_statement (source, party, currency, to_date);

-- What a run, or later a person, found to belong together, and by which rule.
create table payments.settlement_match (
    id uuid primary key,
    rule text not null check (rule in ('provider_id', 'fee', 'payout_total', 'payout_named', 'payout_only_one')),
    matched_by text not null,
    matched_at timestamptz not null
);

create table payments.settlement_line (
    id uuid primary key,
    import_id uuid not null references payments.settlement_import (id),
    statement_id uuid not null references payments.settlement_statement (id),
    source text not null check (source in ('gateway', 'bank')),
    party text not null,
    -- Where it stands: the line of the file, and which line of the statement it is.
    line_no bigint not null,
    position bigint not null,
    kind text not null,
    booking_date date,
    value_date date,
    -- What it does to the account; of a gateway's line the net amount.
    amount_minor bigint not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    gross_minor bigint,
    fee_minor bigint,
    payment_intent text,
    charge text,
    balance_transaction text,
    payout text,
    payout_date date,
    trace text,
    end_to_end_id text,
    bank_reference text,
    batch text,
    reference text,
    counterparty text,
    text text,
    fingerprint bytea not null check (length(fingerprint) = 32),
    status text not null default 'open' check (status in ('open', 'matched', 'ignored')),
    -- Why it is open: a word for programs and a sentence for people.
    reason text,
    explanation text,
    -- The payment that it is of, or seems to be of.
    payment_id uuid references payments.payment (id),
    match_id uuid references payments.settlement_match (id),
    matched_at timestamptz,
    received_at timestamptz not null,
    constraint settlement_line_once unique (fingerprint),
    constraint settlement_line_matched_has_match
        check ((status = 'matched') = (match_id is not null and matched_at is not null)),
    constraint settlement_line_gateway_has_parts
        check (source = 'bank' or (gross_minor is not null and fee_minor is not null and gross_minor - fee_minor = amount_minor))
);

create index settlement_line_by_import on payments.settlement_line (import_id, status);
create index settlement_line_by_status on payments.settlement_line (status, received_at desc, id desc);
create index settlement_line_open on payments.settlement_line (source, kind) where status = 'open';
create index settlement_line_by_payment on payments.settlement_line (payment_id) where payment_id is not null;
create index settlement_line_by_payout on payments.settlement_line (party, payout) where payout is not null;
create index settlement_line_unmatched on payments.settlement_line (party, currency) include (amount_minor)
    where source = 'bank' and status <> 'matched';
create index settlement_line_by_matched on payments.settlement_line (matched_at) where matched_at is not null;

-- What a gateway sends to the bank in one sum. `paid_out_minor` is what the books have of it.
create table payments.payout (
    id uuid primary key,
    gateway text not null,
    gateway_reference text not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    net_minor bigint not null,
    trace text,
    effective_on date,
    status text not null check (status in ('expected', 'arrived')),
    bank_line_id uuid references payments.settlement_line (id),
    paid_out_minor bigint not null default 0,
    paid_out_entries integer not null default 0,
    first_seen_at timestamptz not null,
    arrived_at timestamptz,
    constraint payout_reference_unique unique (gateway, gateway_reference),
    constraint payout_one_bank_line unique (bank_line_id),
    constraint payout_arrived_has_line check ((status = 'arrived') = (bank_line_id is not null))
);

create index payout_by_status on payments.payout (status, effective_on);
create index payout_by_trace on payments.payout (trace) where trace is not null;

-- The payouts that a line might be, where more than one fits or none fits quite.
create table payments.settlement_candidate (
    line_id uuid not null references payments.settlement_line (id),
    payout_id uuid not null references payments.payout (id),
    primary key (line_id, payout_id)
);

create table payments.settlement_note (
    id uuid primary key,
    line_id uuid not null references payments.settlement_line (id),
    at timestamptz not null,
    actor text not null,
    actor_name text not null,
    text text not null check (length(text) between 1 and 2000)
);

create index settlement_note_by_line on payments.settlement_note (line_id, at, id);

create trigger settlement_note_append_only before update or delete on payments.settlement_note
    for each row execute function payments.refuse_change();
create trigger settlement_match_append_only before update or delete on payments.settlement_match
    for each row execute function payments.refuse_change();
