-- What somebody answers to one time of a series, where that is not what they answer to all of it.
-- A time that is taken away, as when the series moves, takes the answers to it along.
create table scheduling.occurrence_answer (
    meeting_id uuid not null,
    original_local timestamp not null,
    attendee_id uuid not null references scheduling.attendee (id),
    response text not null
        constraint occurrence_answer_known check (response in ('accepted', 'tentative', 'declined')),
    responded_at timestamptz not null,
    primary key (meeting_id, original_local, attendee_id),
    foreign key (meeting_id, original_local)
        references scheduling.occurrence (meeting_id, original_local) on delete cascade
);

create index occurrence_answer_by_attendee on scheduling.occurrence_answer (attendee_id);
