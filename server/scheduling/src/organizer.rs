//! Mails to whoever organizes: what others did to the meeting, and what it cannot see to by itself.
//!
//! A mail is queued in the transaction of what it tells of, so it goes out once, and only if that
//! holds. Nobody is written to about what they did themselves.

use chrono::{DateTime, Utc};
use model::scheduling::meeting::Response;
use model::zone::Zone;
use model::{Actor, MailId};
use platform::mail::{self, NewMail};
use sqlx::PgConnection;

use crate::Scheduling;
use crate::invite::text::{greeting, one_line, span};
use crate::store::attendees::AttendeeRow;
use crate::store::meetings::{self, MeetingRow, OccurrenceRow};
use crate::store::people;

/// What a mail says.
pub(crate) struct Letter {
    /// The first word of the subject.
    word: &'static str,
    /// Sentences, a line each.
    text: String,
    /// The time that it is about; the next one, if it is about none.
    time: Option<OccurrenceRow>,
}

impl Letter {
    pub(crate) fn new(word: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            word,
            text,
            time: None,
        }
    }

    /// What somebody else has done: `has cancelled this meeting`.
    pub(crate) fn done(actor: &Actor, word: &'static str, what: &str) -> Self {
        Self::new(word, format!("{} {what}.", actor.who.label()))
    }

    /// That somebody does not come, or does after all; nothing of any other answer: those stand on the
    /// page, and nobody has to do anything about them.
    pub(crate) fn answer(
        guest: &AttendeeRow,
        was: Response,
        is: Response,
        time: Option<&OccurrenceRow>,
    ) -> Option<Self> {
        let (word, what) = match (was, is) {
            (Response::Declined, Response::Declined) => return None,
            (_, Response::Declined) => ("Declined", "is not coming"),
            (Response::Declined, Response::Accepted) => ("Accepted", "is coming after all"),
            (Response::Declined, Response::Tentative) => ("Perhaps", "may come after all"),
            (Response::Declined, Response::NeedsAction) => ("No answer", "has taken the no back"),
            _ => return None,
        };
        Some(Self::new(word, format!("{} {what}.", guest.name)).at(time))
    }

    /// About one time, if it is about one.
    pub(crate) fn at<'a>(self, time: impl Into<Option<&'a OccurrenceRow>>) -> Self {
        Self {
            time: time.into().cloned(),
            ..self
        }
    }

    /// With one more sentence.
    pub(crate) fn and(self, sentence: &str) -> Self {
        let text = format!("{}\n{sentence}.", self.text);
        Self { text, ..self }
    }
}

impl Scheduling {
    /// Writes to whoever organizes a meeting, unless it is the actor, or there is nothing to say.
    pub(crate) async fn write_to_organizer_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        row: &MeetingRow,
        letter: impl Into<Option<Letter>>,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let Some(letter) = letter.into() else {
            return Ok(());
        };
        if actor.person_id() == Some(row.organizer_id) {
            return Ok(());
        }
        let ids = [row.organizer_id.0];
        let organizer = people::by_ids_or_emails(conn, &ids, &[]).await?;
        // Whoever has left reads nothing any more.
        let Some(organizer) = organizer.into_iter().next() else {
            return Ok(());
        };
        let next = match letter.time {
            Some(time) => Some(time),
            None => meetings::next_occurrence(conn, row.id, now).await?,
        };
        let zone = Zone::named(&organizer.zone).unwrap_or_else(|_| Zone::utc());
        let own = next.as_ref().and_then(|time| time.title.clone());
        let title = one_line(&own.unwrap_or_else(|| row.title.clone()));
        let when = next.map(|time| span(time.from_at, time.to_at, &zone));
        let blocks = [
            greeting(&organizer.name),
            letter.text,
            format!("What:    {title}\nWhen:    {}", when.unwrap_or_default()),
            format!("{}/meetings/{}", self.config.public_url, row.id),
            format!("{}\n", self.config.organisation),
        ];
        let id: MailId = self.deps.new_id();
        let mail = NewMail {
            id,
            to: organizer.email,
            subject: format!("{}: {title}", letter.word),
            text: blocks.join("\n\n"),
            html: None,
            calendar: None,
        };
        mail::queue_in_tx(conn, mail, now).await
    }
}
