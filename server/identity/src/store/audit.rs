//! The audit log.

use chrono::{DateTime, Utc};
use model::AuditId;
use model::identity::AuditRow;
use serde_json::Value;
use sqlx::PgConnection;

use crate::Reader;

pub(crate) struct NewRow<'a> {
    pub(crate) id: AuditId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: &'a str,
    pub(crate) actor_label: &'a str,
    pub(crate) action: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) detail: &'a Value,
}

pub(crate) struct Row {
    id: AuditId,
    at: DateTime<Utc>,
    actor: String,
    actor_label: String,
    action: String,
    subject: String,
    detail: Value,
}

impl Row {
    pub(crate) fn view(self, reader: &Reader) -> AuditRow {
        AuditRow {
            id: self.id,
            at: reader.stamp(self.at),
            actor: self.actor,
            actor_label: self.actor_label,
            action: self.action,
            subject: self.subject,
            detail: self.detail,
        }
    }
}

pub(crate) async fn insert(conn: &mut PgConnection, row: &NewRow<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"
        insert into identity.audit (id, at, actor, actor_label, action, subject, detail)
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        row.id.0,
        row.at,
        row.actor,
        row.actor_label,
        row.action,
        row.subject,
        row.detail,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Rows older than the one with id `after`, newest first, whose action begins with `prefix`.
pub(crate) async fn list(
    conn: &mut PgConnection,
    prefix: &str,
    after: Option<AuditId>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"
        select a.id, a.at, a.actor, a.actor_label, a.action, a.subject, a.detail
        from identity.audit a
        where starts_with(a.action, $1)
          and ($2::uuid is null
               or (a.at, a.id) < (select c.at, c.id from identity.audit c where c.id = $2))
        order by a.at desc, a.id desc
        limit $3
        "#,
        prefix,
        after.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}
