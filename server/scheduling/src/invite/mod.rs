//! Invitations: one mail for each change and attendee, with the meeting as calendar text in it.
//!
//! The job is told which meeting, and nothing else. It looks for itself who has not heard of the
//! present state (`due.rs`), so several changes in a row become one mail, and a second run finds
//! nothing to do: what was told is noted in the transaction that queues the mail.
//!
//! Organizers get none of these: they made the change. What others do is told to them by
//! `organizer.rs`.

mod calendar;
mod due;
pub(crate) mod text;

use chrono::{DateTime, Utc};
use model::scheduling::meeting::Colleague;
use model::zone::Zone;
use model::{MailId, MeetingId};
use platform::jobs::{self, NewJob, Registry};
use platform::mail::{self, NewMail};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::store::answers::{self, AnswerRow};
use crate::store::meetings::{self, MeetingRow, OccurrenceRow};
use crate::store::notices::{self, ReaderRow};
use crate::store::{history, people};
use crate::{Error, Scheduling, times};
use due::{Due, due};

/// The job that sends.
const JOB: &str = "scheduling.invite";

#[derive(Serialize, Deserialize)]
struct Payload {
    meeting: MeetingId,
}

/// Has everybody told of a meeting's new state, in the transaction that changes it. Changes that
/// come before the mails are made share them.
pub(crate) async fn enqueue(
    conn: &mut PgConnection,
    meeting: MeetingId,
) -> Result<(), sqlx::Error> {
    let job = NewJob::new(JOB, &Payload { meeting }).key(format!("{JOB}:{meeting}"));
    jobs::enqueue(conn, job).await
}

/// A meeting with all that its mails tell.
struct Told {
    row: MeetingRow,
    zone: Zone,
    organizer: Colleague,
    /// In order of their original start.
    occurrences: Vec<OccurrenceRow>,
    /// What was answered to single ones of them.
    answers: Vec<AnswerRow>,
    /// The names of its rooms.
    rooms: Vec<String>,
    /// Everybody who was ever asked, the organizer included.
    readers: Vec<ReaderRow>,
}

impl Told {
    async fn read(conn: &mut PgConnection, row: MeetingRow) -> Result<Self, Error> {
        let organizer = people::by_ids(conn, &[row.organizer_id]).await?;
        let organizer = organizer.into_iter().next();
        let rooms = meetings::rooms_of(conn, &[row.id.0]).await?;
        let now = Due::Asked.what(row.version);
        Ok(Self {
            zone: times::zone("zone", &row.zone)?,
            organizer: organizer.ok_or(Error::NotFound("person"))?,
            occurrences: meetings::occurrences(conn, row.id).await?,
            answers: answers::of_meeting(conn, row.id).await?,
            rooms: rooms.into_iter().map(|(_, _, name)| name).collect(),
            readers: notices::readers(conn, row.id, &now).await?,
            row,
        })
    }

    /// Those who are asked to come now.
    fn guests(&self) -> impl Iterator<Item = &ReaderRow> {
        self.readers.iter().filter(|reader| !reader.removed)
    }

    /// Whether none of its times is to come.
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        let times = &self.occurrences;
        !times.is_empty() && times.iter().all(|time| time.to_at <= now)
    }

    fn is_organizer(&self, reader: &ReaderRow) -> bool {
        reader.person_id == Some(self.row.organizer_id)
    }
}

impl Scheduling {
    pub(crate) fn register_invite(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |payload| {
            let this = this.clone();
            async move {
                let Payload { meeting } = serde_json::from_value(payload)?;
                this.send_invitations(meeting).await?;
                Ok(())
            }
        });
    }

    /// Queues the mails that a meeting still owes.
    async fn send_invitations(&self, id: MeetingId) -> Result<(), Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("scheduling.invite").await?;
        // Locked, so that no change comes between what is read and what is noted as told.
        let Some(row) = meetings::find_locked(&mut tx, id).await? else {
            return Ok(());
        };
        let told = Told::read(&mut tx, row).await?;
        let cut = notices::take_cut(&mut tx, id).await?;
        // Mails that waited for long, or demo data: nobody is asked to come to what is over. But
        // whoever waits for times that were taken away is told that they are.
        let over = told.is_over(now);
        if over && !cut {
            return Ok(());
        }
        let mut queued = 0_usize;
        for (reader, due) in due(&told.row, &told.readers) {
            let due = match (over, due) {
                (true, Due::Asked) => continue,
                (true, Due::Changed) if told.row.rule.is_some() => Due::Ended,
                (_, due) => due,
            };
            let mail: MailId = self.deps.new_id();
            let what = due.what(told.row.version);
            if !history::note_mail(&mut tx, id, reader.id, &what, mail, now).await? {
                continue;
            }
            let new = NewMail {
                id: mail,
                to: reader.email.clone(),
                subject: text::subject(due, &told.row.title),
                text: text::body(&told, reader, due, &self.config, now),
                html: None,
                calendar: Some(calendar::part(&told, reader, due, &self.config)?),
            };
            mail::queue_in_tx(&mut tx, new, now).await?;
            queued += 1;
        }
        tx.commit().await?;
        metrics::counter!("meeting_mails_total").increment(queued as u64);
        Ok(())
    }
}
