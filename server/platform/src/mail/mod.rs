//! Mail is a row and a job, never sent in the request.
//!
//! [`queue_in_tx`] writes both in the caller's transaction. The job sends over SMTP where that is
//! configured; elsewhere the mail is kept, for the admin page to show. A process that dies between
//! sending and writing that down sends twice: mail has no key to prevent it.

mod send;
mod store;

use chrono::{DateTime, Utc};
use model::MailId;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

pub use send::{Mailer, MailerError, SmtpConfig};
pub use store::{find, list};

use crate::jobs::{NewJob, enqueue};

/// The kind of the job that sends.
const SEND_JOB: &str = "mail.send";

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Its id.
    pub id: MailId,
    /// One address, with or without a name: `Ada <ada@example.org>`.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text, which every mail has.
    pub text: String,
    /// The same as HTML, if it has that too.
    pub html: Option<String>,
    /// A calendar's text, from which the reader's program makes an invitation.
    pub calendar: Option<CalendarPart>,
}

/// The calendar part of a mail (RFC 6047).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarPart {
    /// What it asks, as in its METHOD: `REQUEST` or `CANCEL`.
    pub method: String,
    /// The iCalendar text.
    pub text: String,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum MailState {
    /// It is to be sent; with an error, it is tried again.
    Queued,
    /// A server took it.
    Sent,
    /// There is no server; it can be read here.
    Kept,
    /// A server or the address refused for good.
    Failed,
}

/// A mail as the admin page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MailView {
    /// Its id.
    pub id: MailId,
    /// Whom it is for.
    pub to_address: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text_body: String,
    /// Its HTML.
    pub html_body: Option<String>,
    /// The method of its calendar part.
    pub calendar_method: Option<String>,
    /// The text of its calendar part.
    pub calendar_body: Option<String>,
    /// What became of it.
    pub state: MailState,
    /// What went wrong last.
    pub error: Option<String>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When a server took it.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Queues a mail in the caller's transaction.
///
/// # Errors
/// When the database refuses.
pub async fn queue_in_tx(
    conn: &mut PgConnection,
    mail: NewMail,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    store::insert(conn, &mail, now).await?;
    enqueue(conn, NewJob::new(SEND_JOB, &SendPayload { mail: mail.id })).await
}

#[derive(Serialize, Deserialize)]
struct SendPayload {
    mail: MailId,
}
