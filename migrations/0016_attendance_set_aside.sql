-- What devices sent and nobody can use stays until somebody has looked, and badges are listed with
-- whoever has them.

-- Lines outlive the batch that they came in: they have an id and a time of their own, and go by it.
alter table attendance.device_line
    drop constraint device_line_pkey,
    drop constraint device_line_batch_id_fkey,
    alter column batch_id drop not null,
    add column id bigint generated always as identity,
    add column received_at timestamptz,
    -- Who has looked at it, and when.
    add column seen_at timestamptz,
    add column seen_by text;

update attendance.device_line l
set received_at = b.received_at
from attendance.device_batch b
where b.id = l.batch_id;

alter table attendance.device_line
    alter column received_at set not null,
    add constraint device_line_pkey primary key (id),
    add constraint device_line_batch_id_fkey
        foreign key (batch_id) references attendance.device_batch (id) on delete set null,
    add constraint device_line_seen_by_somebody check ((seen_at is null) = (seen_by is null));

-- For batches that go, for the list, and for retention.
create index device_line_by_batch on attendance.device_line (batch_id);
create index device_line_by_arrival on attendance.device_line (received_at, id);

-- Punches of devices whose time may not be true when they come, to be looked at. The rules decide; this
-- is where they look.
create index punch_of_doubtful_time on attendance.punch (received_at, id)
    where source_kind = 'device'
      and (occurred_at - received_at > interval '5 minutes'
          or received_at - occurred_at > interval '88 days');

-- The list of badges: as numbers are read, the last owner first.
create index badge_listed on attendance.badge (length(badge), badge collate "C", lower(during) desc);

-- The last command of each device.
create index device_command_by_device on attendance.device_command (device_id, id desc);
