-- Orders, payments and everything a payment has been through. The rules that must never break
-- stand here as constraints, and are asserted again in code: one live payment an order, no more
-- captured than asked, no more returned than captured, no move that the table of moves lacks.

create schema payments;

create table payments.orders (
    id uuid primary key,
    reference text not null check (length(reference) between 1 and 64),
    status text not null check (status in ('open', 'paid', 'expired', 'cancelled')),
    amount_minor bigint not null check (amount_minor > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    description text not null check (length(description) <= 500),
    customer_email text not null,
    customer_name text not null,
    capture text not null check (capture in ('automatic', 'manual')),
    -- The secret part of the checkout link. Whoever has it may pay this order and see its receipt.
    link_token text not null,
    expires_at timestamptz,
    created_by text not null,
    created_at timestamptz not null,
    constraint orders_reference_unique unique (reference),
    constraint orders_link_token_unique unique (link_token)
);

create index orders_by_created on payments.orders (created_at desc, id desc);

create table payments.payment (
    id uuid primary key,
    order_id uuid not null references payments.orders (id),
    status text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    captured_minor bigint not null default 0,
    refunded_minor bigint not null default 0,
    disputed_minor bigint not null default 0,
    gateway text not null,
    -- What the gateway calls the payment (Stripe: the PaymentIntent) and the taken money (the charge).
    gateway_reference text,
    gateway_charge text,
    -- The token of the hosted fields; never a card number.
    method_token text not null,
    -- The caller's own key for this payment; the same key finds the same payment, even after a crash.
    client_key text not null,
    decline text,
    next_action jsonb,
    -- What finance asked of a hold: take so much of it, or let it go.
    capture_requested_minor bigint check (capture_requested_minor > 0 and capture_requested_minor <= amount_minor),
    void_requested boolean not null default false,
    version integer not null default 0,
    created_at timestamptz not null,
    authorised_at timestamptz,
    captured_at timestamptz,
    settled_at timestamptz,
    constraint payment_captured_within_amount check (captured_minor between 0 and amount_minor),
    constraint payment_returned_within_captured
        check (refunded_minor >= 0 and disputed_minor >= 0 and refunded_minor + disputed_minor <= captured_minor),
    constraint payment_captured_has_money check (status not in ('captured', 'settled') or captured_minor > 0),
    constraint payment_client_key_unique unique (order_id, client_key)
);

-- An order can never be paid twice: at most one payment that is not dead.
create unique index payment_one_live_per_order on payments.payment (order_id)
    where status not in ('declined', 'voided', 'expired');
create unique index payment_gateway_reference on payments.payment (gateway, gateway_reference)
    where gateway_reference is not null;
create index payment_by_charge on payments.payment (gateway, gateway_charge)
    where gateway_charge is not null;
create index payment_by_created on payments.payment (created_at desc, id desc);
create index payment_by_status on payments.payment (status, created_at desc, id desc);

-- The table of legal moves. It says the same as PaymentStatus::MOVES; a test holds them together.
create table payments.legal_move (
    from_status text not null,
    to_status text not null,
    primary key (from_status, to_status)
);

insert into payments.legal_move (from_status, to_status) values
    ('created', 'processing'), ('created', 'voided'),
    ('processing', 'requires_action'), ('processing', 'authorised'), ('processing', 'captured'),
    ('processing', 'declined'), ('processing', 'voided'), ('processing', 'unknown'),
    ('requires_action', 'processing'), ('requires_action', 'authorised'), ('requires_action', 'captured'),
    ('requires_action', 'declined'), ('requires_action', 'voided'), ('requires_action', 'unknown'),
    ('authorised', 'captured'), ('authorised', 'voided'), ('authorised', 'expired'), ('authorised', 'unknown'),
    ('unknown', 'requires_action'), ('unknown', 'authorised'), ('unknown', 'captured'),
    ('unknown', 'declined'), ('unknown', 'voided'), ('unknown', 'expired'),
    ('captured', 'settled');

create function payments.refuse_illegal_move() returns trigger
language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.status <> 'created' then
            raise exception 'a payment begins as created, not as %', new.status
                using errcode = 'check_violation', constraint = 'payment_begins_created';
        end if;
    elsif new.status <> old.status and not exists (
        select 1 from payments.legal_move
        where from_status = old.status and to_status = new.status
    ) then
        raise exception 'a payment cannot go from % to %', old.status, new.status
            using errcode = 'check_violation', constraint = 'payment_legal_move';
    end if;
    return new;
end
$$;

create trigger payment_legal_move before insert or update of status on payments.payment
    for each row execute function payments.refuse_illegal_move();

-- One row for each call to a gateway, written before the call is sent, so that a crash can never
-- leave a call that nobody knows of. A repeat under the same key counts up `sends`.
create table payments.attempt (
    id uuid primary key,
    payment_id uuid not null references payments.payment (id),
    verb text not null check (verb in ('open', 'authorise', 'capture', 'void', 'look_up')),
    key text not null,
    outcome text not null check (outcome in ('pending', 'succeeded', 'declined', 'unknown', 'refused')),
    decline text,
    gateway_reference text,
    message text,
    sends integer not null default 1,
    started_at timestamptz not null,
    ended_at timestamptz,
    constraint attempt_key_unique unique (key)
);

create index attempt_by_payment on payments.attempt (payment_id, started_at, id);

-- What happened to a payment, in words, with who did it. Only ever added to.
create table payments.event (
    id uuid primary key,
    payment_id uuid not null references payments.payment (id),
    at timestamptz not null,
    kind text not null,
    actor text not null,
    text text not null,
    machine boolean not null,
    detail jsonb not null default '{}'
);

create index event_by_payment on payments.event (payment_id, at desc, id desc);

create function payments.refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception 'rows of % are only ever added', tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

create trigger event_append_only before update or delete on payments.event
    for each row execute function payments.refuse_change();
create trigger event_no_truncate before truncate on payments.event
    for each statement execute function payments.refuse_change();

-- Webhook deliveries as they arrived: raw body and verdict first, meaning later, in a job.
create table payments.webhook (
    id uuid primary key,
    gateway text not null,
    -- The gateway's own id of the event; absent when the signature was wrong or the body no JSON.
    event_id text,
    kind text,
    signature_ok boolean not null,
    body bytea not null,
    received_at timestamptz not null,
    processed_at timestamptz,
    outcome text,
    constraint webhook_event_unique unique (gateway, event_id)
);

create index webhook_unprocessed on payments.webhook (received_at) where processed_at is null and signature_ok;
create index webhook_by_received on payments.webhook (received_at desc, id desc);
