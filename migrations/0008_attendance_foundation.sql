-- Attendance. A punch is kept as it came, for ever; a day is derived from punches, shifts, leave and
-- holidays by the program and can always be derived again. What people decide (corrections, leave,
-- explanations) lies beside the punches and never in their place.

create schema attendance;

-- People as attendance needs them, kept in step with identity by its events.
create table attendance.employee (
    id uuid primary key,
    email text not null,
    name text not null,
    zone text not null,
    active boolean not null,
    -- The number that payroll, kiosks and devices know them by.
    number text constraint employee_number_shape check (number ~ '^[A-Za-z0-9._-]{1,24}$'),
    -- A PHC string of the kiosk's PIN.
    pin_hash text,
    constraint employee_number_unique unique (number)
);

create index employee_by_name on attendance.employee (lower(name) collate "C", id);

-- What may be set, as `model::attendance::policy::Policy`; each change is a new version.
create table attendance.policy (
    id uuid primary key,
    name text not null constraint policy_name_length check (length(name) between 1 and 80),
    document jsonb not null,
    version integer not null check (version >= 1),
    updated_at timestamptz not null,
    constraint policy_name_unique unique (name)
);

-- Public holidays and other days off of a region: a JSON object of dates and names.
create table attendance.holiday_calendar (
    region text primary key constraint region_shape check (region ~ '^[A-Z]{2}(-[A-Z0-9]{1,4})?$'),
    name text not null constraint region_name_length check (length(name) between 1 and 80),
    document jsonb not null check (jsonb_typeof(document) = 'object'),
    version integer not null check (version >= 1),
    updated_at timestamptz not null
);

create table attendance.site (
    id uuid primary key,
    name text not null constraint site_name_length check (length(name) between 1 and 80),
    zone text not null,
    constraint site_name_unique unique (name)
);

-- Under which terms somebody works, from a day on until the next row's.
create table attendance.employment (
    employee_id uuid not null references attendance.employee (id),
    from_day date not null,
    policy_id uuid not null references attendance.policy (id),
    region text references attendance.holiday_calendar (region),
    site_id uuid references attendance.site (id),
    -- Who decides their requests.
    manager_id uuid references attendance.employee (id),
    team text not null constraint employment_team_length check (length(team) <= 80),
    primary key (employee_id, from_day),
    constraint employment_manager_is_another check (manager_id <> employee_id)
);

create index employment_by_manager on attendance.employment (manager_id);

-- Wall devices and kiosks.
create table attendance.device (
    id uuid primary key,
    kind text not null constraint device_kind_known check (kind in ('adms', 'kiosk')),
    serial text not null constraint device_serial_shape check (serial ~ '^[A-Za-z0-9_-]{1,32}$'),
    name text not null check (length(name) <= 80),
    site_id uuid references attendance.site (id),
    zone text not null,
    state text not null constraint device_state_known check (state in ('pending', 'active', 'blocked')),
    -- The network its calls come from, if that is to be watched.
    network text check (length(network) <= 60),
    -- SHA-256 of the secret of a kiosk, or of the key that a device is to send.
    secret_hash bytea constraint device_secret_length check (octet_length(secret_hash) = 32),
    installed_at timestamptz,
    attlog_stamp text,
    operlog_stamp text,
    firmware text,
    record_count integer,
    last_seen_at timestamptz,
    last_address text,
    -- Where it is at home: it is told of when it speaks from elsewhere.
    home_address text,
    -- Whether the keys that people press on it are believed.
    trusts_direction boolean not null default false,
    -- How many punches it has sent that are kept, and how many lines could not be read.
    punches bigint not null default 0,
    unreadable bigint not null default 0,
    -- The last day, by its clock, of which it was asked how many punches it holds.
    verified_day date,
    -- Goes up when somebody sets the device's clock.
    clock_epoch integer not null default 1,
    epoch_from timestamptz,
    skew_seconds integer not null default 0,
    version integer not null default 1,
    created_at timestamptz not null,
    constraint device_serial_unique unique (serial)
);

-- How far a device's clock was off before somebody set it, epoch by epoch.
create table attendance.device_epoch (
    device_id uuid not null references attendance.device (id),
    epoch integer not null,
    -- From the beginning, if nobody had set it before.
    from_at timestamptz,
    until_at timestamptz not null,
    skew_seconds integer not null,
    primary key (device_id, epoch)
);

-- What a device has sent, byte for byte, before anything was made of it.
create table attendance.device_batch (
    id bigint generated always as identity primary key,
    device_id uuid not null references attendance.device (id),
    kind text not null,
    stamp text,
    body bytea not null check (octet_length(body) <= 1048576),
    address text,
    received_at timestamptz not null,
    -- How many lines it has, and how many of them were new, repeated and unreadable.
    lines integer,
    accepted integer,
    repeated integer,
    unreadable integer,
    -- The latest punch in it: what its clock showed when the batch left, if it left at once.
    newest_at timestamptz,
    done_at timestamptz
);

create index device_batch_open on attendance.device_batch (id) where done_at is null;
create index device_batch_by_device on attendance.device_batch (device_id, id desc);
-- For retention, which looks for the oldest each night.
create index device_batch_done on attendance.device_batch (done_at) where done_at is not null;

-- Lines that are no punches, for people to look at.
create table attendance.device_line (
    batch_id bigint not null references attendance.device_batch (id) on delete cascade,
    line integer not null,
    device_id uuid not null references attendance.device (id),
    text text not null,
    reason text not null,
    primary key (batch_id, line)
);

-- A line that is sent again is not another one.
create unique index device_line_once on attendance.device_line (device_id, md5(text));

-- How many punches that are kept a device has sent, by the hour that its clock showed.
create table attendance.device_hour (
    device_id uuid not null references attendance.device (id),
    hour timestamp not null,
    punches integer not null,
    changed_at timestamptz not null,
    primary key (device_id, hour)
);

create table attendance.device_command (
    id bigint generated always as identity primary key,
    device_id uuid not null references attendance.device (id),
    text text not null,
    state text not null
        constraint device_command_state_known check (state in ('queued', 'sent', 'done', 'failed')),
    -- What the device answered, as a number and in words.
    code bigint,
    result text,
    created_by text not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    done_at timestamptz
);

-- The same thing is not asked twice while the first waits.
create unique index device_command_once on attendance.device_command (device_id, text)
    where state = 'queued';
create index device_command_open on attendance.device_command (device_id, id)
    where state in ('queued', 'sent');

create table attendance.device_alarm (
    id uuid primary key,
    device_id uuid not null references attendance.device (id),
    kind text not null,
    -- What it is about: told again, it is no second alarm.
    key text not null,
    severity text not null
        constraint device_alarm_severity_known check (severity in ('info', 'warning', 'serious')),
    text text not null,
    at timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    constraint device_alarm_once unique (device_id, key)
);

create index device_alarm_open on attendance.device_alarm (device_id, at desc) where closed_at is null;

-- Whose badge it is, and when.
create table attendance.badge (
    id uuid primary key,
    badge text not null constraint badge_shape check (length(badge) between 1 and 40),
    employee_id uuid not null references attendance.employee (id),
    during tstzrange not null
        constraint badge_is_half_open
            check (not isempty(during) and lower_inc(during) and not upper_inc(during)
                and not lower_inf(during)),
    constraint badge_has_one_owner exclude using gist (badge with =, during with &&)
);

create index badge_by_employee on attendance.badge (employee_id);

-- Badges with which somebody punched while they were nobody's: to be given to somebody.
create table attendance.badge_wanted (
    badge text primary key
);

-- One row for each punch that was ever told, so that a second telling is known for what it is.
create table attendance.punch_key (
    source text not null,
    key text not null,
    punch_id uuid not null,
    occurred_at timestamptz not null,
    primary key (source, key)
);

create index punch_key_by_time on attendance.punch_key using brin (occurred_at);

create table attendance.punch (
    id uuid not null,
    -- The instant as the source tells it; server time for punches on our own pages.
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    source_kind text not null
        constraint punch_source_known
            check (source_kind in ('web', 'mobile', 'kiosk', 'device', 'api', 'import', 'manual')),
    -- Which device, token or import.
    source text not null,
    -- Known at once, or found by the badge whenever days are derived.
    employee_id uuid references attendance.employee (id),
    badge text,
    raw_local timestamp,
    raw_offset_seconds integer,
    zone text not null,
    direction text not null
        constraint punch_direction_known
            check (direction in ('in', 'out', 'break_out', 'break_in', 'unknown')),
    trusted boolean not null,
    verify integer,
    raw_text text,
    address text,
    flags text[] not null,
    primary key (id, occurred_at),
    constraint punch_has_an_owner check (num_nonnulls(employee_id, badge) >= 1)
) partition by range (occurred_at);

-- Whatever a clock gone mad tells; months have partitions of their own.
create table attendance.punch_elsewhen partition of attendance.punch default;

create index punch_by_employee on attendance.punch (employee_id, occurred_at) where employee_id is not null;
create index punch_by_badge on attendance.punch (badge, occurred_at) where badge is not null;
create index punch_by_arrival on attendance.punch using brin (received_at);
-- Addresses are kept for a short time only: retention finds the oldest and clears them.
create index punch_with_address on attendance.punch (received_at) where address is not null;

-- Makes the partition of a month, if it is missing. A month of which punches lie elsewhere already
-- stays there: slower, and right.
create function attendance.keep_month(day date) returns void
language plpgsql as $$
declare
    begins date := date_trunc('month', day);
    ends date := date_trunc('month', day) + interval '1 month';
    name text := 'punch_' || to_char(day, 'YYYY_MM');
begin
    if to_regclass('attendance.' || name) is null and not exists (
        select 1 from attendance.punch_elsewhen
        where occurred_at >= begins::timestamp at time zone 'UTC'
          and occurred_at < ends::timestamp at time zone 'UTC'
    ) then
        execute format(
            'create table attendance.%I partition of attendance.punch for values from (%L) to (%L)',
            name, begins::timestamp at time zone 'UTC', ends::timestamp at time zone 'UTC'
        );
    end if;
end
$$;

select attendance.keep_month((date '2025-01-01' + n * interval '1 month')::date)
from generate_series(0, 47) n;

-- What was decided about a punch. The punch itself stays.
create table attendance.punch_annotation (
    id uuid primary key,
    punch_id uuid not null,
    kind text not null
        constraint punch_annotation_kind_known
            check (kind in ('void', 'restore', 'set_time', 'set_direction', 'reassign')),
    at timestamptz,
    direction text
        constraint punch_annotation_direction_known
            check (direction in ('in', 'out', 'break_out', 'break_in', 'unknown')),
    employee_id uuid references attendance.employee (id),
    reason text not null,
    correction_id uuid,
    actor text not null,
    actor_label text not null,
    decided_at timestamptz not null,
    constraint punch_annotation_complete check (
        (kind = 'set_time') = (at is not null)
        and (kind = 'set_direction') = (direction is not null)
        and (kind = 'reassign') = (employee_id is not null)
    )
);

create index punch_annotation_by_punch on attendance.punch_annotation (punch_id, decided_at);
create index punch_annotation_by_receiver on attendance.punch_annotation (employee_id)
    where employee_id is not null;
create index punch_annotation_by_time on attendance.punch_annotation (at) where at is not null;

create function attendance.refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception 'attendance.% is append-only: % is refused', tg_table_name, tg_op
        using errcode = 'restrict_violation', constraint = 'attendance_append_only';
end
$$;

-- What retention may do to a punch, and nobody anything else: take its address away, and delete one
-- of a clock gone mad, which lies in no month, once it has been here for five years.
create function attendance.refuse_punch_change() returns trigger
language plpgsql as $$
declare
    without attendance.punch;
begin
    if tg_op = 'UPDATE' and new.address is null then
        without := old;
        without.address := null;
        if row(without.*) is not distinct from row(new.*) then
            return new;
        end if;
    end if;
    if tg_op = 'DELETE' and tg_table_name = 'punch_elsewhen'
        and old.received_at < now() - interval '5 years' then
        return old;
    end if;
    raise exception 'attendance.% is append-only: % is refused', tg_table_name, tg_op
        using errcode = 'restrict_violation', constraint = 'attendance_append_only';
end
$$;

-- Row by row, and not on truncate of the months: retention drops whole months.
create trigger punch_append_only before update or delete on attendance.punch
    for each row execute function attendance.refuse_punch_change();

-- Drops the months that ended before a day, oldest first, and says how many those were.
create function attendance.drop_months_before(day date) returns integer
language plpgsql as $$
declare
    month name;
    dropped integer := 0;
begin
    for month in
        select c.relname
        from pg_catalog.pg_inherits i
        join pg_catalog.pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'attendance.punch'::regclass
          and c.relname ~ '^punch_[0-9]{4}_[0-9]{2}$'
          and c.relname < 'punch_' || to_char(day, 'YYYY_MM')
        order by c.relname
    loop
        execute format('drop table attendance.%I', month);
        dropped := dropped + 1;
    end loop;
    return dropped;
end
$$;

create trigger punch_annotation_append_only
    before update or delete or truncate on attendance.punch_annotation
    for each statement execute function attendance.refuse_change();

create table attendance.shift_template (
    id uuid primary key,
    name text not null constraint shift_template_name_length check (length(name) between 1 and 80),
    -- `model::attendance::shift::ShiftTemplate`.
    document jsonb not null,
    version integer not null check (version >= 1),
    retired_at timestamptz
);

create unique index shift_template_name_unique on attendance.shift_template (lower(name))
    where retired_at is null;

create table attendance.rotation (
    id uuid primary key,
    name text not null constraint rotation_name_length check (length(name) between 1 and 80),
    -- `model::attendance::rotation::Rotation`.
    document jsonb not null,
    version integer not null check (version >= 1),
    constraint rotation_name_unique unique (name)
);

create table attendance.rotation_assignment (
    id uuid primary key,
    employee_id uuid not null references attendance.employee (id),
    rotation_id uuid not null references attendance.rotation (id),
    during daterange not null,
    constraint rotation_assignment_is_one exclude using gist (employee_id with =, during with &&)
);

-- What somebody works on one day: the shifts as they stood when it was written, none for a day off.
create table attendance.roster_day (
    employee_id uuid not null references attendance.employee (id),
    work_date date not null,
    source text not null
        constraint roster_day_source_known check (source in ('rotation', 'manual', 'swap')),
    -- A list of `model::attendance::shift::Shift`.
    shifts jsonb not null check (jsonb_typeof(shifts) = 'array'),
    version integer not null check (version >= 1),
    updated_by text not null,
    updated_at timestamptz not null,
    primary key (employee_id, work_date)
);

create index roster_day_by_date on attendance.roster_day (work_date, employee_id);

create table attendance.swap_request (
    id uuid primary key,
    from_employee uuid not null references attendance.employee (id),
    from_day date not null,
    to_employee uuid not null references attendance.employee (id),
    to_day date not null,
    note text not null check (length(note) <= 500),
    state text not null constraint swap_state_known
        check (state in ('asked', 'agreed', 'approved', 'refused', 'withdrawn')),
    version integer not null,
    created_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    constraint swap_is_between_two check (from_employee <> to_employee)
);

create table attendance.leave_type (
    id uuid primary key,
    name text not null constraint leave_type_name_length check (length(name) between 1 and 80),
    paid boolean not null,
    -- What meetings are told of it: leave or sick. Never more.
    told_as text not null constraint leave_type_told_known check (told_as in ('leave', 'sick')),
    -- Whether a balance is kept; `model::attendance::accrual::Rule`.
    accrual jsonb not null,
    version integer not null check (version >= 1),
    retired_at timestamptz
);

create unique index leave_type_name_unique on attendance.leave_type (lower(name)) where retired_at is null;

create table attendance.leave_request (
    id uuid primary key,
    employee_id uuid not null references attendance.employee (id),
    type_id uuid not null references attendance.leave_type (id),
    from_day date not null,
    to_day date not null,
    part text not null constraint leave_part_known check (part in ('full', 'am', 'pm')),
    note text not null check (length(note) <= 1000),
    state text not null constraint leave_state_known
        check (state in ('requested', 'approved', 'refused', 'withdrawn', 'cancelled')),
    -- What it costs, as counted when it was decided.
    minutes integer not null check (minutes >= 0),
    version integer not null check (version >= 1),
    client_key text not null,
    created_by text not null,
    created_at timestamptz not null,
    decided_by text,
    decided_by_label text,
    decided_at timestamptz,
    decision_note text not null default '' check (length(decision_note) <= 1000),
    constraint leave_request_in_order check (from_day <= to_day),
    constraint leave_request_half_is_one_day check (part = 'full' or from_day = to_day),
    constraint leave_request_once unique (created_by, client_key)
);

create index leave_request_by_employee on attendance.leave_request (employee_id, from_day desc);
create index leave_request_open on attendance.leave_request (created_at) where state = 'requested';

-- Leave that is granted, day by day. Nobody is away twice.
create table attendance.leave_day (
    employee_id uuid not null references attendance.employee (id),
    day date not null,
    -- [0,2) the whole day, [0,1) its first half, [1,2) its second.
    halves int4range not null constraint leave_day_halves check (halves <@ int4range(0, 2) and not isempty(halves)),
    request_id uuid not null references attendance.leave_request (id),
    type_id uuid not null references attendance.leave_type (id),
    minutes integer not null,
    constraint leave_day_no_overlap exclude using gist (employee_id with =, day with =, halves with &&)
);

create index leave_day_by_request on attendance.leave_day (request_id);

-- Balances of leave: entries, never a number that is changed.
create table attendance.leave_entry (
    id uuid primary key,
    employee_id uuid not null references attendance.employee (id),
    type_id uuid not null references attendance.leave_type (id),
    day date not null,
    minutes integer not null,
    kind text not null constraint leave_entry_kind_known
        check (kind in ('grant', 'carry_over', 'expiry', 'taken', 'given_back', 'correction')),
    text text not null,
    -- What it comes from, so that a job that runs twice grants once.
    source_key text not null,
    created_by text not null,
    created_at timestamptz not null,
    constraint leave_entry_once unique (employee_id, type_id, source_key)
);

create index leave_entry_by_employee on attendance.leave_entry (employee_id, type_id, day);

create trigger leave_entry_append_only
    before update or delete or truncate on attendance.leave_entry
    for each statement execute function attendance.refuse_change();

-- A wish to have a day put right.
create table attendance.correction (
    id uuid primary key,
    employee_id uuid not null references attendance.employee (id),
    work_date date not null,
    state text not null constraint correction_state_known
        check (state in ('requested', 'approved', 'refused', 'withdrawn')),
    reason text not null constraint correction_reason_length check (length(reason) between 1 and 1000),
    -- A list of `model::attendance::correction::Change`.
    changes jsonb not null check (jsonb_typeof(changes) = 'array' and jsonb_array_length(changes) > 0),
    -- The day as it was and as it would be, when it was asked for.
    before jsonb not null,
    after jsonb not null,
    version integer not null check (version >= 1),
    client_key text not null,
    created_by text not null,
    created_by_label text not null,
    created_at timestamptz not null,
    decided_by text,
    decided_by_label text,
    decided_at timestamptz,
    decision_note text not null default '' check (length(decision_note) <= 1000),
    constraint correction_once unique (created_by, client_key)
);

create index correction_by_employee on attendance.correction (employee_id, work_date);
create index correction_open on attendance.correction (created_at) where state = 'requested';

alter table attendance.punch_annotation
    add foreign key (correction_id) references attendance.correction (id);

-- Days that may have become other ones. Only ever added to and taken from, so that nobody who punches
-- waits for a day that is being derived.
create table attendance.stale_day (
    id bigint generated always as identity primary key,
    employee_id uuid not null,
    work_date date not null,
    since timestamptz not null
);

create index stale_day_by_employee on attendance.stale_day (employee_id);

create table attendance.day (
    employee_id uuid not null references attendance.employee (id),
    work_date date not null,
    status text not null,
    counted_minutes integer not null,
    actual_minutes integer not null,
    expected_minutes integer not null,
    balance_minutes integer not null,
    late_minutes integer not null,
    early_minutes integer not null,
    overtime_minutes integer not null,
    flags text[] not null,
    -- `model::attendance::day::Day`, with its punches.
    document jsonb not null,
    version integer not null check (version >= 1),
    policy_version integer not null,
    inputs_hash bytea not null constraint day_inputs_hash_length check (octet_length(inputs_hash) = 32),
    derived_at timestamptz not null,
    primary key (employee_id, work_date),
    constraint day_balances check (balance_minutes = counted_minutes - expected_minutes)
);

create index day_by_date on attendance.day (work_date, employee_id);
create index day_unfinished on attendance.day (work_date, employee_id)
    where status in ('pending', 'absent_provisional');
-- Days that somebody has to look at before their period is locked.
create index day_unsettled on attendance.day (work_date)
    where split_part(status, '+', 1) in ('pending', 'incomplete');

-- Each version that a day had before; only ever added to.
create table attendance.day_version (
    employee_id uuid not null,
    work_date date not null,
    version integer not null,
    document jsonb not null,
    derived_at timestamptz not null,
    primary key (employee_id, work_date, version)
);

create trigger day_version_append_only
    before update or delete or truncate on attendance.day_version
    for each statement execute function attendance.refuse_change();

-- Where somebody is now, as far as the last punch tells.
create table attendance.presence (
    employee_id uuid primary key references attendance.employee (id),
    state text not null constraint presence_state_known check (state in ('in', 'break', 'out')),
    since timestamptz not null
);

create table attendance.exception (
    id uuid primary key,
    employee_id uuid not null references attendance.employee (id),
    work_date date not null,
    kind text not null,
    severity text not null
        constraint exception_severity_known check (severity in ('info', 'warning', 'serious')),
    minutes integer not null,
    text text not null,
    state text not null constraint exception_state_known
        check (state in ('open', 'explained', 'waived', 'gone')),
    note text not null default '' check (length(note) <= 1000),
    decided_by_label text,
    decided_at timestamptz,
    found_at timestamptz not null,
    constraint exception_once unique (employee_id, work_date, kind)
);

create index exception_open on attendance.exception (work_date desc, employee_id) where state = 'open';

create table attendance.period (
    id uuid primary key,
    during daterange not null,
    state text not null constraint period_state_known check (state in ('open', 'locked')),
    version integer not null check (version >= 1),
    locked_by_label text,
    locked_at timestamptz,
    constraint period_no_overlap exclude using gist (during with &&),
    constraint period_lock_is_signed
        check ((state = 'locked') = (locked_at is not null and locked_by_label is not null))
);

-- What a day of a locked period has come to since: paid or taken in an open one.
create table attendance.adjustment (
    id uuid primary key,
    employee_id uuid not null references attendance.employee (id),
    work_date date not null,
    period_id uuid not null references attendance.period (id),
    minutes integer not null,
    -- The day as it is now.
    document jsonb not null,
    state text not null constraint adjustment_state_known
        check (state in ('pending', 'approved', 'refused', 'overtaken')),
    payable_period_id uuid references attendance.period (id),
    created_at timestamptz not null,
    decided_by_label text,
    decided_at timestamptz
);

create unique index adjustment_pending_once on attendance.adjustment (employee_id, work_date)
    where state = 'pending';
create index adjustment_by_day on attendance.adjustment (employee_id, work_date);
create index adjustment_by_payable on attendance.adjustment (payable_period_id);

-- Leave as it went to payroll with the lock of a period: what a period has is told once, and what
-- changes later in a locked one is told by difference with the next that is locked.
create table attendance.settled_leave (
    period_id uuid not null references attendance.period (id),
    employee_id uuid not null references attendance.employee (id),
    day date not null,
    paid boolean not null,
    minutes integer not null constraint settled_leave_is_something check (minutes <> 0),
    primary key (period_id, employee_id, day, paid)
);

create index settled_leave_by_day on attendance.settled_leave (employee_id, day);

create trigger settled_leave_append_only
    before update or delete or truncate on attendance.settled_leave
    for each statement execute function attendance.refuse_change();

-- A day of a locked period is not rewritten.
create function attendance.refuse_locked_day() returns trigger
language plpgsql as $$
declare
    day date := case tg_op when 'DELETE' then old.work_date else new.work_date end;
begin
    if exists (select 1 from attendance.period where state = 'locked' and during @> day) then
        raise exception 'the period of % is locked', day
            using errcode = 'check_violation', constraint = 'day_not_locked';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end
$$;

create trigger day_not_locked before insert or update or delete on attendance.day
    for each row execute function attendance.refuse_locked_day();

-- Of which missing punches somebody was told by mail, so that each is told of once.
create table attendance.reminder (
    employee_id uuid not null references attendance.employee (id),
    work_date date not null,
    kind text not null constraint reminder_kind_known check (kind in ('missing_out', 'missing_in')),
    mail_id uuid not null,
    sent_at timestamptz not null,
    primary key (employee_id, work_date, kind)
);

create index day_with_missing_punch on attendance.day (work_date)
    where flags && array['missing_out', 'missing_in'];
