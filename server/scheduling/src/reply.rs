//! Answers that come as mail: REPLY (RFC 5546), as calendar programs send it.
//!
//! A mail may come twice, late, or from somebody else. So an answer counts only if it is to the
//! meeting as it is now, newer than the last one, and sent from the address that was asked; and
//! whatever does not count is said in the outcome or in the meeting's history.

use chrono::{DateTime, Utc};
use model::scheduling::meeting::{MeetingState, Response};
use model::{Actor, Permission};

use crate::answer::{guest_actor, time_of};
use crate::ical::reply::{Reply, replies};
use crate::news::News;
use crate::organizer::Letter;
use crate::store::attendees::AttendeeRow;
use crate::store::meetings::{self, MeetingRow, OccurrenceRow};
use crate::store::upkeep;
use crate::{Error, Scheduling, times};

/// What became of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It counts.
    Taken,
    /// It answers an earlier state of the meeting, or a later answer is there already.
    Outdated,
    /// No meeting of ours has this UID, or nobody is asked under this address.
    Unknown,
    /// The mail is from another address than that of the attendee.
    WrongSender,
    /// It says neither yes nor no, or is the organizer's.
    NoAnswer,
    /// A yes, but the person is taken then. The meeting's history says so.
    TimeTaken,
}

impl Outcome {
    /// The word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Outdated => "outdated",
            Self::Unknown => "unknown",
            Self::WrongSender => "wrong_sender",
            Self::NoAnswer => "no_answer",
            Self::TimeTaken => "time_taken",
        }
    }
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What became of each answer in it.
    pub answers: Vec<Outcome>,
    /// Why there is no answer in it, if there is none.
    pub note: Option<String>,
}

impl Scheduling {
    /// Takes a raw mail. One that answers nothing is no error: a mailbox gets all sorts.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `mail:receive`; [`Error::Database`].
    pub async fn take_reply(&self, actor: &Actor, raw: &[u8]) -> Result<Received, Error> {
        actor.require(Permission::MailReceive)?;
        let found = match replies(raw) {
            Ok(found) => found,
            Err(why) => {
                return Ok(Received {
                    answers: Vec::new(),
                    note: Some(why.to_string()),
                });
            }
        };
        let mut answers = Vec::with_capacity(found.len());
        for reply in &found {
            let outcome = self.take_one(reply).await?;
            metrics::counter!("meeting_replies_total", "outcome" => outcome.as_str()).increment(1);
            answers.push(outcome);
        }
        Ok(Received {
            answers,
            note: None,
        })
    }

    async fn take_one(&self, reply: &Reply) -> Result<Outcome, Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("scheduling.take_reply").await?;
        let Some(known) = meetings::find_by_uid(&mut tx, &reply.uid).await? else {
            return Ok(Outcome::Unknown);
        };
        // The meeting is locked before its attendee, everywhere, so that no two wait in a circle.
        let row = meetings::find_locked(&mut tx, known.id).await?;
        let row = row.ok_or(Error::NotFound("meeting"))?;
        let guest = upkeep::find_by_address_locked(&mut tx, row.id, &reply.attendee).await?;
        let Some(guest) = guest else {
            return Ok(Outcome::Unknown);
        };
        let same = |sender: &String| sender.eq_ignore_ascii_case(&guest.email);
        if !reply.sender.as_ref().is_some_and(same) {
            return Ok(Outcome::WrongSender);
        }
        if reply.answer == Response::NeedsAction || guest.person_id == Some(row.organizer_id) {
            return Ok(Outcome::NoAnswer);
        }
        // A stamp of tomorrow or a number that was never given out would shut out later answers.
        let sequence = i32::try_from(reply.sequence.clamp(0, i64::from(row.sequence)));
        let sequence = sequence.unwrap_or(row.sequence);
        let stamp = reply.stamp.unwrap_or(now).min(now);
        if row.state == MeetingState::Cancelled || !is_newer(&guest, sequence, stamp) {
            return Ok(Outcome::Outdated);
        }
        let actor = guest_actor(&guest);
        let mark = (sequence, stamp);
        if sequence < row.sequence {
            let said = reply.answer.label().to_lowercase();
            let text = format!("{}: {said}, to the meeting as it was before", guest.name);
            let news = News::new("answered_late", text);
            self.tell_in_tx(&mut tx, &actor, &row, news, now).await?;
            upkeep::mark_reply(&mut tx, guest.id, mark).await?;
            tx.commit().await?;
            return Ok(Outcome::Outdated);
        }
        let zone = times::zone("zone", &row.zone)?;
        let one = reply.original_in(&zone).filter(|_| row.rule.is_some());
        let mut meant = None;
        let applied = match one {
            Some(original) => {
                let Some(time) = time_of(&mut tx, &row, original).await? else {
                    return Ok(Outcome::Unknown);
                };
                if time.to_at <= now {
                    return Ok(Outcome::Outdated);
                }
                meant = Some(time.clone());
                upkeep::mark_reply(&mut tx, guest.id, mark).await?;
                self.apply_once_in_tx(&mut tx, &actor, &row, &guest, &time, reply.answer, now)
                    .await
            }
            None => {
                let mark = Some(mark);
                self.apply_in_tx(&mut tx, &actor, &row, &guest, reply.answer, mark, now)
                    .await
            }
        };
        match applied {
            Ok(()) => {
                tx.commit().await?;
                Ok(Outcome::Taken)
            }
            Err(Error::SlotTaken(_)) => {
                tx.rollback().await?;
                self.say_taken(&row, &guest, meant.as_ref(), mark, now)
                    .await?;
                Ok(Outcome::TimeTaken)
            }
            Err(error) => Err(error),
        }
    }

    /// A mail has nobody to be answered, so the meeting's people read it in its history. It is marked,
    /// and so it is said once, however often it comes.
    async fn say_taken(
        &self,
        row: &MeetingRow,
        guest: &AttendeeRow,
        meant: Option<&OccurrenceRow>,
        mark: (i32, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let actor = &guest_actor(guest);
        let text = format!("{}: said yes by mail, but is taken then", guest.name);
        let mut tx = self.deps.db.begin("scheduling.say_taken").await?;
        let letter = Letter::new("Taken", format!("{text}.")).at(meant);
        upkeep::mark_reply(&mut tx, guest.id, mark).await?;
        self.tell_in_tx(&mut tx, actor, row, News::new("answered_late", text), now)
            .await?;
        self.write_to_organizer_in_tx(&mut tx, actor, row, letter, now)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether an answer by mail is newer than the last that counted.
fn is_newer(guest: &AttendeeRow, sequence: i32, stamp: DateTime<Utc>) -> bool {
    match guest.reply_stamp {
        Some(last) => (sequence, stamp) > (guest.reply_sequence, last),
        // The last one, if any, came by link or page, at the time that is noted.
        None => guest.responded_at.is_none_or(|at| at <= stamp),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use model::{AttendeeId, MeetingId};
    use uuid::Uuid;

    use super::*;

    fn guest(last: Option<(i32, i64)>, responded: Option<i64>) -> AttendeeRow {
        AttendeeRow {
            id: AttendeeId(Uuid::nil()),
            meeting_id: MeetingId(Uuid::nil()),
            person_id: None,
            email: "ana@example.org".into(),
            name: "Ana".into(),
            required: true,
            response: Response::NeedsAction,
            responded_at: responded.map(at),
            reply_sequence: last.map_or(-1, |(sequence, _)| sequence),
            reply_stamp: last.map(|(_, minute)| at(minute)),
            link_token: String::new(),
            removed_at: None,
        }
    }

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn only_a_newer_answer_counts() {
        assert!(is_newer(&guest(None, None), 0, at(1)), "the first");
        let once = guest(Some((1, 5)), Some(9));
        assert!(!is_newer(&once, 1, at(5)), "the same mail again");
        assert!(!is_newer(&once, 1, at(4)), "overtaken");
        assert!(!is_newer(&once, 0, at(8)), "to an older state");
        assert!(is_newer(&once, 1, at(6)), "sent before the last came in");
        assert!(is_newer(&once, 2, at(4)));
    }

    #[test]
    fn an_answer_on_the_page_is_not_undone_by_an_older_mail() {
        let clicked = guest(None, Some(5));
        assert!(!is_newer(&clicked, 0, at(4)));
        assert!(is_newer(&clicked, 0, at(6)));
    }
}
