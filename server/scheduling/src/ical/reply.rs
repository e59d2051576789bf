//! What a guest answered: a mail with `text/calendar; method=REPLY` (RFC 5546, 3.2.3).
//!
//! A mail proves nothing about who sent it. So the sender's address comes with the answer, and the
//! service decides whether it may answer for the attendee.

use chrono::{DateTime, NaiveDateTime, Utc};
use mail_parser::{MessageParser, MessagePart, MimeHeaders};
use model::scheduling::meeting::Response;
use model::zone::Zone;

use super::read::{self, Moment};

/// The largest mail that is looked at, in bytes.
const MAIL_BYTES: usize = 8 << 20;
/// The largest calendar part, in bytes; an answer is a few hundred.
const PART_BYTES: usize = 1 << 20;
/// The most answers taken from one mail.
const ANSWERS: usize = 100;
/// The longest comment kept, in characters.
const COMMENT: usize = 2_000;

/// One answer of one guest.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The meeting.
    pub uid: String,
    /// The revision that was answered; an answer to an older one is out of date.
    pub sequence: i64,
    /// When the answer was made; a later one wins.
    pub stamp: Option<DateTime<Utc>>,
    /// The original start of the instance that is meant, if it is only one.
    pub recurrence_id: Option<Moment>,
    /// The address of who answers, in lower case.
    pub attendee: String,
    /// The address the mail says it is from, in lower case.
    pub sender: Option<String>,
    /// The answer.
    pub answer: Response,
    /// What the guest added.
    pub comment: Option<String>,
}

impl Reply {
    /// The original start of the instance that is meant, as the clocks of the meeting's zone show
    /// it.
    pub fn original_in(&self, zone: &Zone) -> Option<NaiveDateTime> {
        let moment = self.recurrence_id.as_ref()?;
        if moment.date_only {
            return Some(moment.local);
        }
        let at = moment.instant(&std::sync::Arc::new(zone.clone()))?;
        Some(zone.local_of(at))
    }
}

/// Why a mail holds no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReply {
    /// Larger than any answer.
    #[error("the mail is too large to be an answer")]
    TooLarge,
    /// Not a mail, or one without a calendar part that answers.
    #[error("the mail has no calendar part with METHOD:REPLY")]
    NoCalendar,
    /// The calendar part does not say who answers what.
    #[error("the calendar part of the mail has no attendee with an answer")]
    NoAnswer,
}

/// Reads the answers in a raw mail.
///
/// # Errors
/// [`NoReply`] when there are none.
pub fn replies(mail: &[u8]) -> Result<Vec<Reply>, NoReply> {
    if mail.len() > MAIL_BYTES {
        return Err(NoReply::TooLarge);
    }
    let message = MessageParser::default()
        .parse(mail)
        .ok_or(NoReply::NoCalendar)?;
    let sender = message
        .from()
        .and_then(|from| from.first())
        .and_then(|address| address.address())
        .map(|address| address.trim().to_lowercase());
    let mut answers = Vec::new();
    let mut asked = false;
    for part in message.parts.iter().filter(|part| is_calendar(part)) {
        let bytes = part.contents();
        if bytes.len() > PART_BYTES {
            continue;
        }
        let Some(texts) = read::answers(&read::decode(bytes)) else {
            continue;
        };
        asked = true;
        answers.extend(texts.into_iter().take(ANSWERS).map(|text| {
            Reply {
                uid: text.uid,
                sequence: text.sequence,
                stamp: text.stamp,
                recurrence_id: text.recurrence_id,
                attendee: text.attendee,
                sender: sender.clone(),
                answer: text.answer,
                comment: text
                    .comment
                    .map(|comment| comment.chars().take(COMMENT).collect()),
            }
        }));
        // Outlook sends the same part twice, as an alternative and as an attachment.
        if !answers.is_empty() {
            return Ok(answers);
        }
    }
    Err(if asked {
        NoReply::NoAnswer
    } else {
        NoReply::NoCalendar
    })
}

fn is_calendar(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| {
        let sub = kind.subtype().unwrap_or_default();
        sub.eq_ignore_ascii_case("calendar") || sub.eq_ignore_ascii_case("ics")
    }) || part
        .attachment_name()
        .is_some_and(|name| name.to_ascii_lowercase().ends_with(".ics"))
}
