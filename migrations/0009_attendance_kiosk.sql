-- Kiosks: tablets at the door on which employees clock in with number and PIN, or with a code that their
-- own page shows. A kiosk is a device that is set up once with a short code and then known by a secret.
-- Tries are rows, counted under a lock before anything is compared, so that guesses that come together
-- cannot outrun the limit.

alter table attendance.device
    -- SHA-256 of the code that sets a kiosk up, as long as it is of use.
    add column setup_hash bytea constraint device_setup_length check (octet_length(setup_hash) = 32),
    add column setup_until timestamptz,
    add constraint device_setup_has_end check ((setup_hash is null) = (setup_until is null)),
    add constraint device_setup_of_kiosks check (setup_hash is null or kind = 'kiosk');

create unique index device_setup_once on attendance.device (setup_hash) where setup_hash is not null;
create unique index device_kiosk_secret on attendance.device (secret_hash)
    where kind = 'kiosk' and secret_hash is not null;

-- A try to set a kiosk up, or to be known at one. Those of a number go when its owner is known.
create table attendance.kiosk_try (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    -- Where a kiosk was to be set up from: the network.
    network text check (length(network) <= 60),
    -- At which kiosk somebody was to be known, and by a digest of which number; a code has none.
    device_id uuid references attendance.device (id),
    number_hash bytea constraint kiosk_try_number_length check (octet_length(number_hash) = 32),
    constraint kiosk_try_is_one_of_two check (num_nonnulls(network, device_id) = 1),
    constraint kiosk_try_number_at_kiosk check (number_hash is null or device_id is not null)
);

create index kiosk_try_by_number on attendance.kiosk_try (number_hash, at) where number_hash is not null;
create index kiosk_try_by_device on attendance.kiosk_try (device_id, at) where device_id is not null;
create index kiosk_try_by_network on attendance.kiosk_try (at) where network is not null;
create index kiosk_try_by_age on attendance.kiosk_try (at);

-- Numbers that no kiosk takes for the time being.
create table attendance.kiosk_lock (
    number_hash bytea primary key
        constraint kiosk_lock_number_length check (octet_length(number_hash) = 32),
    until timestamptz not null
);

-- Between being known and the press: good for one press, at one kiosk, for a minute.
create table attendance.kiosk_ticket (
    hash bytea primary key constraint kiosk_ticket_length check (octet_length(hash) = 32),
    device_id uuid not null references attendance.device (id),
    employee_id uuid not null references attendance.employee (id),
    until timestamptz not null,
    used_at timestamptz,
    direction text
        constraint kiosk_ticket_direction_known
            check (direction in ('in', 'out', 'break_out', 'break_in')),
    constraint kiosk_ticket_used_with_direction check ((used_at is null) = (direction is null))
);

create index kiosk_ticket_by_age on attendance.kiosk_ticket (until);

-- A code that a person's own page shows. Whoever takes it takes the row away.
create table attendance.kiosk_code (
    hash bytea primary key constraint kiosk_code_length check (octet_length(hash) = 32),
    employee_id uuid not null references attendance.employee (id),
    until timestamptz not null
);

create index kiosk_code_by_employee on attendance.kiosk_code (employee_id);
create index kiosk_code_by_age on attendance.kiosk_code (until);
