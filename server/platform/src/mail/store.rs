//! The SQL of mail.

use chrono::{DateTime, Utc};
use model::{MailId, Page};
use sqlx::PgConnection;

use super::{MailState, MailView, NewMail};

pub(super) async fn insert(
    conn: &mut PgConnection,
    mail: &NewMail,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let calendar = mail.calendar.as_ref();
    sqlx::query!(
        "insert into platform.mail
             (id, to_address, subject, text_body, html_body, calendar_method, calendar_body, state,
              created_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'queued', $8)",
        mail.id.0,
        mail.to,
        mail.subject,
        mail.text,
        mail.html,
        calendar.map(|part| part.method.as_str()),
        calendar.map(|part| part.text.as_str()),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Looks a mail up.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut PgConnection, id: MailId) -> Result<Option<MailView>, sqlx::Error> {
    sqlx::query_as!(
        MailView,
        "select
             id, to_address, subject, text_body, html_body, calendar_method, calendar_body,
             state, error, created_at, sent_at
         from platform.mail
         where id = $1",
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Lists mail, newest first. `after` is the cursor of the page before; one that cannot be read
/// gives the first page.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    conn: &mut PgConnection,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<MailView>, sqlx::Error> {
    let limit = limit.clamp(1, Page::<MailView>::MAX);
    let (before_at, before_id) = crate::cursor::read(after).unzip();
    let rows = sqlx::query_as!(
        MailView,
        "select
             id, to_address, subject, text_body, html_body, calendar_method, calendar_body,
             state, error, created_at, sent_at
         from platform.mail
         where $1::timestamptz is null
            or (created_at, id) < ($1, $2)
         order by created_at desc, id desc
         limit $3",
        before_at,
        before_id,
        limit + 1,
    )
    .fetch_all(conn)
    .await?;
    let limit = usize::try_from(limit).unwrap_or(1);
    Ok(Page::from_overfetch(rows, limit, |row| {
        crate::cursor::write(row.created_at, row.id.0)
    }))
}

pub(super) async fn set_state(
    conn: &mut PgConnection,
    id: MailId,
    state: MailState,
    error: Option<&str>,
    sent_at: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update platform.mail
         set state = $2,
             error = $3,
             sent_at = $4
         where id = $1",
        id.0,
        state as _,
        error,
        sent_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
