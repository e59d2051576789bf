-- Who may use this installation, how they prove it, and who did what. Secrets are kept only as
-- hashes: a leaked copy of these tables signs nobody in. The audit log can grow but not change.

create schema identity;

create table identity.person (
    id uuid primary key,
    -- Only ASCII, so that the database and the program agree on what its lower case is.
    email text not null
        constraint person_email_is_plain
            check (octet_length(email) = length(email) and length(email) between 3 and 254 and email = btrim(email)),
    name text not null constraint person_name_length check (length(name) between 1 and 120),
    -- The IANA name of the zone in which this person reads times.
    zone text not null,
    -- A PHC string of argon2id; null for people who have no password.
    password_hash text,
    disabled_at timestamptz,
    created_at timestamptz not null
);

create unique index person_email_unique on identity.person (lower(email));
create index person_by_name on identity.person (lower(name) collate "C", id);

create table identity.person_role (
    person_id uuid not null references identity.person (id),
    role text not null
        constraint person_role_is_known check (role in ('employee', 'manager', 'hr', 'finance', 'admin')),
    primary key (person_id, role)
);

create index person_role_by_role on identity.person_role (role, person_id);

create table identity.session (
    -- SHA-256 of the id in the cookie.
    id_hash bytea primary key constraint session_id_hash_length check (octet_length(id_hash) = 32),
    person_id uuid references identity.person (id),
    data jsonb not null,
    expires_at timestamptz not null
);

create index session_by_person on identity.session (person_id) where person_id is not null;
create index session_by_expiry on identity.session (expires_at);

create table identity.api_token (
    id uuid primary key,
    name text not null constraint api_token_name_length check (length(name) between 1 and 120),
    -- The first characters of the secret, enough to tell tokens apart in a list.
    prefix text not null,
    secret_hash bytea not null
        constraint api_token_secret_unique unique
        constraint api_token_secret_hash_length check (octet_length(secret_hash) = 32),
    scopes text[] not null constraint api_token_has_scopes check (cardinality(scopes) > 0),
    created_by text not null,
    created_by_label text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);

create index api_token_by_age on identity.api_token (created_at desc, id desc);

-- One row for each try to sign in that has not succeeded. E-mail and address are hashed under a
-- key (below), so the table says how often, never who.
create table identity.sign_in_attempt (
    id bigint generated always as identity primary key,
    email_hash bytea not null,
    -- Null where no network address is counted, such as a change of password.
    address_hash bytea,
    at timestamptz not null
);

create index sign_in_attempt_by_email on identity.sign_in_attempt (email_hash, at desc);
create index sign_in_attempt_by_address on identity.sign_in_attempt (address_hash, at desc);
create index sign_in_attempt_by_age on identity.sign_in_attempt (at);

-- The key of those hashes, sealed by the vault and shared by all nodes: one row.
create table identity.hash_key (
    name text primary key,
    sealed bytea not null
);

create table identity.audit (
    id uuid primary key,
    at timestamptz not null,
    -- `person:<id>`, `token:<id>`, `system:<part>`; the label is the name at that time.
    actor text not null,
    actor_label text not null,
    action text not null constraint audit_action_shape check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
    subject text not null,
    detail jsonb not null
);

create index audit_by_time on identity.audit (at desc, id desc);

create function identity.refuse_audit_change() returns trigger
language plpgsql as $$
begin
    raise exception 'the audit log is append-only: % is refused', tg_op
        using errcode = 'restrict_violation', constraint = 'audit_append_only';
end
$$;

create trigger audit_append_only
    before update or delete or truncate on identity.audit
    for each statement execute function identity.refuse_audit_change();

-- Also where triggers are otherwise skipped, as while a copy is restored into a replica.
alter table identity.audit enable always trigger audit_append_only;
