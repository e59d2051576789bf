-- The books: double entry, append-only. Whatever the programs above it do, the database itself
-- refuses an entry that does not balance, a line added to an entry of the past, and any change or
-- removal of what was once written; and it does so for the owner of the tables too.
--
-- Posting takes no lock on an account. That is why lines carry no foreign key (its check would
-- lock the account's row, and one busy account would slow everybody down); the trigger
-- `line_is_sound` looks for account and entry without locking, which is enough because neither
-- can ever disappear.

create schema ledger;

-- Accounts: made on first use, never changed.
create table ledger.account (
    id         uuid        constraint account_pkey primary key,
    path       text        collate "C" not null
        constraint account_path_unique unique
        constraint account_path_form check (
            path ~ '^(Assets|Liabilities|Equity|Income|Expenses|Suspense|Memo)(:[A-Za-z0-9-]+)+$'
            and length(path) <= 200
        ),
    kind       text        not null generated always as (lower(split_part(path, ':', 1))) stored,
    created_at timestamptz not null
);

-- Entries: one business event each.
create table ledger.entry (
    seq          bigint      generated always as identity constraint entry_pkey primary key,
    id           uuid        not null constraint entry_id_unique unique,
    -- The business event; posting it again finds this row instead of booking twice.
    source       text        collate "C" not null
        constraint entry_source_unique unique
        constraint entry_source_form check (length(source) between 1 and 200),
    kind         text        not null
        constraint entry_kind_form check (length(kind) between 1 and 60),
    text         text        not null
        constraint entry_text_length check (length(text) <= 1000),
    occurred_at  timestamptz not null,
    posted_at    timestamptz not null,
    -- The entry that this one takes back; an entry is taken back once at most.
    reverses     uuid,
    -- SHA-256 over the entry and its lines, calculated by the program that posted it.
    content_hash bytea       not null
        constraint entry_content_hash_length check (length(content_hash) = 32),
    -- The transaction that wrote it: only this one may add its lines.
    xid          xid8        not null default pg_current_xact_id()
);

create unique index entry_reversed_once on ledger.entry (reverses) where reverses is not null;
create index entry_kind_seq on ledger.entry (kind, seq);
-- Entries arrive nearly in the order of their dates, so a few pages of summary do for an index.
create index entry_occurred_at on ledger.entry using brin (occurred_at) with (pages_per_range = 16);

-- Lines: what an entry does to its accounts. Debit is positive, credit is negative.
create table ledger.line (
    entry_seq    bigint   not null,
    ordinal      smallint not null,
    account_id   uuid     not null,
    amount_minor bigint   not null constraint line_amount_not_zero check (amount_minor <> 0),
    currency     text     collate "C" not null
        constraint line_currency_form check (currency ~ '^[A-Z]{3}$'),
    constraint line_pkey primary key (entry_seq, ordinal)
);

create index line_account on ledger.line (account_id, currency, entry_seq, ordinal)
    include (amount_minor);

-- Seals: each covers the entries since the one before it and carries its hash on.
create table ledger.seal (
    no        bigint      constraint seal_pkey primary key constraint seal_no_positive check (no > 0),
    first_seq bigint      not null,
    last_seq  bigint      not null constraint seal_last_seq_unique unique,
    entries   bigint      not null constraint seal_not_empty check (entries > 0),
    -- Unique, so that the chain cannot fork.
    prev_hash bytea       not null constraint seal_chain_has_no_fork unique,
    hash      bytea       not null,
    sealed_at timestamptz not null,
    constraint seal_range check (first_seq <= last_seq)
);

-- Balances rolled up so far. Derived: what is not in here yet is added from the lines on reading.
create table ledger.rollup (
    account_id   uuid   not null,
    currency     text   collate "C" not null,
    debit_minor  bigint not null,
    credit_minor bigint not null,
    constraint rollup_pkey primary key (account_id, currency)
);

-- How far the workers are; one row. Up to settled_seq no entry can appear any more: every
-- transaction that might have held such a number is over. The waiting pair is the next candidate:
-- waiting_seq was the highest number given out before transaction waiting_xid began to write, so
-- once all transactions up to waiting_xid are over, all numbers up to waiting_seq are settled.
create table ledger.progress (
    one         boolean constraint progress_pkey primary key default true
        constraint progress_one_row check (one),
    settled_seq bigint  not null default 0,
    rolled_seq  bigint  not null default 0,
    waiting_seq bigint,
    waiting_xid xid8
);

insert into ledger.progress default values;

-- Append only ---------------------------------------------------------------------------------

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'ledger.% is append-only: % is refused; post a reversal instead',
        tg_table_name, lower(tg_op)
        using errcode = 'LG001', constraint = 'ledger_append_only',
              schema = tg_table_schema, table = tg_table_name;
end
$$;

create trigger account_append_only before update or delete or truncate on ledger.account
    for each statement execute function ledger.refuse_change();
create trigger entry_append_only before update or delete or truncate on ledger.entry
    for each statement execute function ledger.refuse_change();
create trigger line_append_only before update or delete or truncate on ledger.line
    for each statement execute function ledger.refuse_change();
create trigger seal_append_only before update or delete or truncate on ledger.seal
    for each statement execute function ledger.refuse_change();

-- Numbers in the order that the seal needs ----------------------------------------------------

-- A transaction must own its id before it draws an entry number; otherwise there would be an
-- instant in which a number is out and no running transaction shows for it, and the settling of
-- numbers (see ledger.progress) could step over it.
create function ledger.take_transaction_id() returns trigger language plpgsql as $$
begin
    perform pg_current_xact_id();
    return null;
end
$$;

create trigger entry_takes_transaction_id before insert on ledger.entry
    for each statement execute function ledger.take_transaction_id();

-- Soundness -----------------------------------------------------------------------------------

-- Every statement that adds lines: known accounts, an entry of this very transaction, and nothing
-- left over in any currency of any entry. The look-ups are scalar subqueries, so that they stay
-- look-ups by key whatever the planner thinks of the sizes of the tables.
create function ledger.check_lines() returns trigger language plpgsql as $$
declare
    bad record;
begin
    select a.entry_seq into bad
    from added a
    where (select e.xid from ledger.entry e where e.seq = a.entry_seq)
        is distinct from pg_current_xact_id()
    limit 1;
    if found then
        raise exception 'entry % is not of this transaction, so it takes no more lines', bad.entry_seq
            using errcode = 'LG003', constraint = 'ledger_entry_closed',
                  schema = 'ledger', table = 'line';
    end if;

    select a.account_id into bad
    from added a
    where (select c.id from ledger.account c where c.id = a.account_id) is null
    limit 1;
    if found then
        raise exception 'there is no account %', bad.account_id
            using errcode = 'LG004', constraint = 'ledger_account_exists',
                  schema = 'ledger', table = 'line';
    end if;

    select a.entry_seq, a.currency, sum(a.amount_minor) as off into bad
    from added a
    group by a.entry_seq, a.currency
    having sum(a.amount_minor) <> 0
    limit 1;
    if found then
        raise exception 'the lines for entry % are off by % minor units of %',
            bad.entry_seq, bad.off, bad.currency
            using errcode = 'LG002', constraint = 'ledger_entry_balances',
                  schema = 'ledger', table = 'line';
    end if;
    return null;
end
$$;

create trigger line_is_sound after insert on ledger.line
    referencing new table as added
    for each statement execute function ledger.check_lines();

-- At commit, each new entry as a whole: two lines or more, balanced in every currency, and marked
-- with the transaction that really wrote it.
create function ledger.check_entry() returns trigger language plpgsql as $$
declare
    lines_found bigint;
    off bigint;
begin
    if new.xid <> pg_current_xact_id() then
        raise exception 'entry % names a transaction that is not its own', new.seq
            using errcode = 'LG003', constraint = 'ledger_entry_closed',
                  schema = 'ledger', table = 'entry';
    end if;

    select coalesce(sum(n), 0), count(*) filter (where total <> 0) into lines_found, off
    from (
        select count(*) as n, sum(amount_minor) as total
        from ledger.line
        where entry_seq = new.seq
        group by currency
    ) per_currency;
    if lines_found < 2 or off > 0 then
        raise exception 'entry % has % lines and % currencies that do not balance',
            new.seq, lines_found, off
            using errcode = 'LG002', constraint = 'ledger_entry_balances',
                  schema = 'ledger', table = 'entry';
    end if;
    return null;
end
$$;

create constraint trigger entry_is_sound after insert on ledger.entry
    deferrable initially deferred
    for each row execute function ledger.check_entry();

-- Rights --------------------------------------------------------------------------------------

revoke update, delete, truncate on ledger.account, ledger.entry, ledger.line, ledger.seal from public;

-- The role under which an installation may run the application, so that it could not change the
-- books even without the triggers. Roles belong to the whole cluster: another database may be
-- making it at this moment, or we may not be allowed to; then the installation goes on without.
do $$
begin
    if not exists (select from pg_roles where rolname = 'punctual_app') then
        create role punctual_app nologin;
    end if;
exception
    when duplicate_object or unique_violation or insufficient_privilege then null;
end
$$;

do $$
begin
    if exists (select from pg_roles where rolname = 'punctual_app') then
        grant usage on schema ledger to punctual_app;
        grant select, insert on ledger.account, ledger.entry, ledger.line, ledger.seal to punctual_app;
        grant select, insert, update on ledger.rollup, ledger.progress to punctual_app;
        grant select on sequence ledger.entry_seq_seq to punctual_app;
    end if;
end
$$;
