//! Sends mail, or keeps it where there is no server to send it.

use std::sync::Arc;

use chrono::SubsecRound;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{MailState, MailView, SEND_JOB, SendPayload, store};
use crate::clock::Clock;
use crate::db::Db;
use crate::jobs::{JobError, JobResult, Registry};

/// Where mail goes.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// `smtps://user:password@host:465` or `smtp://host:587?tls=required`.
    pub url: SecretString,
    /// The sender, with or without a name: `Punctual <noreply@example.org>`.
    pub from: String,
}

/// Why mail cannot be sent with this configuration.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The server's address cannot be read. It is not repeated here: it holds a password.
    #[error("the address of the mail server cannot be read")]
    Url,
    /// The sender is no mail address.
    #[error("the sender of mail is not an address")]
    From,
}

struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Sends mail, or keeps it; cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    db: Db,
    clock: Arc<dyn Clock>,
    smtp: Option<Arc<Smtp>>,
}

impl Mailer {
    /// A mailer; without a configuration it keeps everything. Needs the runtime of tokio.
    ///
    /// # Errors
    /// See [`MailerError`].
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        config: Option<SmtpConfig>,
    ) -> Result<Self, MailerError> {
        let smtp = config.map(|config| {
            let from = config.from.parse().map_err(|_| MailerError::From)?;
            let transport =
                AsyncSmtpTransport::<Tokio1Executor>::from_url(config.url.expose_secret())
                    .map_err(|_| MailerError::Url)?
                    .build();
            Ok(Arc::new(Smtp { transport, from }))
        });
        Ok(Self {
            db,
            clock,
            smtp: smtp.transpose()?,
        })
    }

    /// Registers the job that sends.
    pub fn register(&self, registry: &mut Registry) {
        let mailer = self.clone();
        registry.register(SEND_JOB, move |payload| {
            let mailer = mailer.clone();
            async move { mailer.run(payload).await }
        });
    }

    async fn run(&self, payload: Value) -> JobResult {
        let SendPayload { mail: id } = serde_json::from_value(payload)?;
        let found = store::find(&mut *self.db.read().await?, id).await?;
        // A second run finds the state changed and does nothing.
        let Some(mail) = found.filter(|mail| mail.state == MailState::Queued) else {
            return Ok(());
        };
        let outcome = match &self.smtp {
            Some(smtp) => smtp.send(&mail).await.map(|()| MailState::Sent),
            None => Ok(MailState::Kept),
        };
        let mut conn = self.db.read().await?;
        match outcome {
            Ok(state) => {
                let now = self.clock.now().trunc_subsecs(6);
                let sent_at = (state == MailState::Sent).then_some(now);
                store::set_state(&mut conn, id, state, None, sent_at).await?;
                Ok(())
            }
            Err(error) => {
                let state = if error.retry {
                    MailState::Queued
                } else {
                    MailState::Failed
                };
                store::set_state(&mut conn, id, state, Some(&error.message), None).await?;
                // Servers repeat the address in what they say, and that must not reach the log.
                let message = format!("mail {id} was not sent; its row says why");
                Err(JobError { message, ..error })
            }
        }
    }
}

impl Smtp {
    async fn send(&self, mail: &MailView) -> JobResult {
        let message = self.message(mail)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(JobError::permanent(error.to_string())),
            Err(error) => Err(error.into()),
        }
    }

    fn message(&self, mail: &MailView) -> Result<Message, JobError> {
        let to: Mailbox = mail
            .to_address
            .parse()
            .map_err(|_| JobError::permanent("the recipient is not a mail address"))?;
        let builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&mail.subject)
            .message_id(Some(format!("<{}@punctual>", mail.id)));
        let html = mail.html_body.clone();
        let calendar = mail
            .calendar_method
            .as_deref()
            .zip(mail.calendar_body.as_ref());
        let plain = SinglePart::plain(mail.text_body.clone());
        let message = match (html, calendar) {
            (None, None) => builder.singlepart(plain),
            (html, None) => builder.multipart(alternatives(plain, html)),
            (html, Some((method, text))) => {
                builder.multipart(invitation(alternatives(plain, html), method, text)?)
            }
        };
        message.map_err(|error| JobError::permanent(error.to_string()))
    }
}

fn alternatives(plain: SinglePart, html: Option<String>) -> MultiPart {
    let parts = MultiPart::alternative().singlepart(plain);
    match html {
        Some(html) => parts.singlepart(SinglePart::html(html)),
        None => parts,
    }
}

/// Adds the calendar twice: as the last alternative, which programs that know invitations show, and
/// as a file for those that do not. The file's type is another, so that nobody reads two invitations.
fn invitation(words: MultiPart, method: &str, text: &str) -> Result<MultiPart, JobError> {
    let kind = |text: &str| {
        let parsed = ContentType::parse(text);
        parsed.map_err(|error| JobError::permanent(error.to_string()))
    };
    let part = SinglePart::builder()
        .header(kind(&format!(
            "text/calendar; method={method}; charset=UTF-8"
        ))?)
        .body(text.to_owned());
    let file =
        Attachment::new("invite.ics".to_owned()).body(text.to_owned(), kind("application/ics")?);
    Ok(MultiPart::mixed()
        .multipart(words.singlepart(part))
        .singlepart(file))
}
