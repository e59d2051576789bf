-- Meetings: who and what is taken when. The law of the house is one constraint: a person or a room
-- is taken by at most one meeting at any instant. Everything else here serves it or tells of it.
-- Local time is the truth of a meeting still to come; its instants are computed by the program,
-- whose time-zone database is newer than the server's.

create schema scheduling;

-- Compares ids inside the exclusion constraint. A trusted extension: no superuser is needed.
create extension if not exists btree_gist;

-- People as meetings need them, kept in step with identity by its events.
create table scheduling.person (
    id uuid primary key,
    email text not null,
    name text not null,
    zone text not null,
    active boolean not null
);

create unique index person_email_unique on scheduling.person (lower(email)) where active;
create index person_by_name on scheduling.person (lower(name) collate "C", id) where active;

-- When somebody works and may be booked: `model::scheduling::views::Preferences`. Without a row the
-- defaults of the program hold.
create table scheduling.preferences (
    person_id uuid primary key references scheduling.person (id),
    document jsonb not null,
    version integer not null check (version >= 1),
    updated_at timestamptz not null
);

-- What keeps a person from meetings without being one. Attendance fills it, by its own key.
create table scheduling.absence (
    id uuid primary key,
    person_id uuid not null references scheduling.person (id),
    kind text not null check (kind in ('leave', 'sick', 'holiday', 'shift', 'night_shift')),
    during tstzrange not null
        constraint absence_is_half_open
            check (not isempty(during) and lower_inc(during) and not upper_inc(during)
                and not lower_inf(during) and not upper_inf(during)),
    -- What it comes from, so that a second telling changes nothing.
    source_key text not null,
    constraint absence_source_unique unique (source_key)
);

create index absence_by_time on scheduling.absence using gist (person_id, during);

create table scheduling.room (
    id uuid primary key,
    name text not null constraint room_name_length check (length(name) between 1 and 80),
    place text not null check (length(place) <= 120),
    zone text not null,
    capacity integer not null check (capacity between 1 and 10000),
    equipment text[] not null,
    version integer not null,
    retired_at timestamptz
);

create unique index room_name_unique on scheduling.room (lower(name)) where retired_at is null;

create table scheduling.meeting (
    id uuid primary key,
    -- The UID of its calendar text, for life.
    uid text not null,
    title text not null constraint meeting_title_length check (length(title) between 1 and 200),
    description text not null check (length(description) <= 8000),
    location text not null check (length(location) <= 500),
    organizer_id uuid not null references scheduling.person (id),
    state text not null,
    -- The wall-clock time of the (first) occurrence in the meeting's own zone.
    local_start timestamp not null,
    zone text not null,
    duration_minutes integer not null check (duration_minutes between 5 and 20160),
    -- RRULE text, if it repeats. Occurrences exist as rows up to `expanded_until`.
    rule text check (length(rule) between 1 and 500),
    expanded_until timestamp,
    -- The series that this one was split from by a change of «this and following».
    split_from uuid references scheduling.meeting (id),
    -- iTIP's number: goes up when time, place or people change.
    sequence integer not null check (sequence >= 0),
    -- Goes up with every change; what If-Match compares.
    version integer not null check (version >= 1),
    client_key text not null,
    -- Until when a held meeting keeps its time.
    hold_until timestamptz,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint meeting_uid_unique unique (uid),
    constraint meeting_client_key_unique unique (created_by, client_key),
    constraint meeting_held_has_end check ((state = 'held') = (hold_until is not null)),
    constraint meeting_series_is_expanded check ((rule is null) = (expanded_until is null))
);

create index meeting_by_organizer on scheduling.meeting (organizer_id, created_at desc, id desc);
create index meeting_held on scheduling.meeting (hold_until) where state = 'held';
create index meeting_repeats on scheduling.meeting (expanded_until)
    where rule is not null and state <> 'cancelled';

-- The table of legal moves. It says the same as MeetingState::MOVES; a test holds them together.
create table scheduling.legal_move (
    from_state text not null,
    to_state text not null,
    primary key (from_state, to_state)
);

insert into scheduling.legal_move (from_state, to_state) values
    ('held', 'pending'), ('held', 'confirmed'), ('held', 'cancelled'),
    ('pending', 'confirmed'), ('pending', 'cancelled'),
    ('confirmed', 'cancelled');

create function scheduling.refuse_illegal_move() returns trigger
language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state not in ('held', 'pending', 'confirmed') then
            raise exception 'a meeting does not begin as %', new.state
                using errcode = 'check_violation', constraint = 'meeting_begins_alive';
        end if;
    elsif new.state <> old.state and not exists (
        select 1 from scheduling.legal_move
        where from_state = old.state and to_state = new.state
    ) then
        raise exception 'a meeting cannot go from % to %', old.state, new.state
            using errcode = 'check_violation', constraint = 'meeting_legal_move';
    end if;
    return new;
end
$$;

create trigger meeting_legal_move before insert or update of state on scheduling.meeting
    for each row execute function scheduling.refuse_illegal_move();

-- One row for each time a meeting takes place. Known by its original local start for ever, however
-- often it is moved: the RECURRENCE-ID of its calendar text.
create table scheduling.occurrence (
    meeting_id uuid not null references scheduling.meeting (id),
    original_local timestamp not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    state text not null
        constraint occurrence_state_known check (state in ('held', 'pending', 'confirmed', 'cancelled')),
    -- Differs from what the series says: moved, or renamed.
    changed boolean not null,
    title text check (length(title) between 1 and 200),
    primary key (meeting_id, original_local),
    constraint occurrence_has_length check (from_at < to_at)
);

create index occurrence_by_time on scheduling.occurrence (from_at, meeting_id) where state <> 'cancelled';

create table scheduling.attendee (
    id uuid primary key,
    meeting_id uuid not null references scheduling.meeting (id),
    -- Null for people from outside.
    person_id uuid references scheduling.person (id),
    email text not null,
    name text not null,
    required boolean not null,
    response text not null
        constraint attendee_response_known
            check (response in ('needs_action', 'accepted', 'tentative', 'declined')),
    responded_at timestamptz,
    -- Sequence and stamp of the last REPLY that counted; an older one does not.
    reply_sequence integer not null default -1,
    reply_stamp timestamptz,
    -- The secret part of the link on which this attendee answers.
    link_token text not null,
    removed_at timestamptz,
    constraint attendee_link_unique unique (link_token)
);

create unique index attendee_once on scheduling.attendee (meeting_id, lower(email)) where removed_at is null;
create index attendee_by_person on scheduling.attendee (person_id, meeting_id) where removed_at is null;

create table scheduling.meeting_room (
    meeting_id uuid not null references scheduling.meeting (id),
    room_id uuid not null references scheduling.room (id),
    primary key (meeting_id, room_id)
);

-- Who or what a meeting takes, and when. `who` is a person's or a room's id.
create table scheduling.occupancy (
    meeting_id uuid not null,
    original_local timestamp not null,
    who uuid not null,
    kind text not null check (kind in ('person', 'room')),
    during tstzrange not null
        constraint occupancy_is_half_open
            check (not isempty(during) and lower_inc(during) and not upper_inc(during)
                and not lower_inf(during) and not upper_inf(during)),
    state text not null
        constraint occupancy_state_known check (state in ('held', 'pending', 'confirmed', 'released')),
    primary key (meeting_id, original_local, who),
    -- Deferred: the claim is the first statement of a booking, so that whoever loses has cost only it.
    foreign key (meeting_id, original_local) references scheduling.occurrence (meeting_id, original_local)
        deferrable initially deferred,
    -- The law.
    constraint occupancy_no_overlap exclude using gist (who with =, during with &&)
        where (state in ('held', 'pending', 'confirmed'))
);

-- What happened to a meeting, for its page; only ever inserted.
create table scheduling.meeting_event (
    id uuid primary key,
    meeting_id uuid not null references scheduling.meeting (id),
    at timestamptz not null,
    actor text not null,
    actor_label text not null,
    kind text not null,
    text text not null,
    machine boolean not null
);

create index meeting_event_by_meeting on scheduling.meeting_event (meeting_id, at desc, id desc);

create function scheduling.refuse_event_change() returns trigger
language plpgsql as $$
begin
    raise exception 'the history of a meeting is append-only: % is refused', tg_op
        using errcode = 'restrict_violation', constraint = 'meeting_event_append_only';
end
$$;

create trigger meeting_event_append_only
    before update or delete or truncate on scheduling.meeting_event
    for each statement execute function scheduling.refuse_event_change();

-- One mail for each change and attendee: the row commits with the mail it stands for.
create table scheduling.notice (
    meeting_id uuid not null references scheduling.meeting (id),
    attendee_id uuid not null references scheduling.attendee (id),
    -- 'request:3', 'cancel:4', 'remind:2026-11-27T09:00'.
    what text not null,
    mail_id uuid not null,
    at timestamptz not null,
    primary key (attendee_id, what)
);

create index notice_by_meeting on scheduling.notice (meeting_id);

-- Each try to book and how it ended, for the booking success rate. No names, no titles.
create table scheduling.booking_try (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    outcome text not null
        constraint booking_try_outcome_known
            check (outcome in ('booked', 'person_taken', 'room_taken', 'invalid', 'forbidden', 'failed')),
    people integer not null,
    rooms integer not null,
    took_ms integer not null check (took_ms >= 0)
);

create index booking_try_by_time on scheduling.booking_try (at);

-- Mail may carry the text of a calendar, which clients turn into an invitation.
alter table platform.mail add column calendar_method text;
alter table platform.mail add column calendar_body text;
alter table platform.mail add constraint mail_calendar_complete
    check ((calendar_method is null) = (calendar_body is null));
