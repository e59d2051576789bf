//! API tokens, under the hash of their text.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use model::{Permission, TokenId};
use sqlx::PgConnection;

use crate::tokens::Token;

/// A row as it comes; scopes are still words.
struct Row {
    id: TokenId,
    name: String,
    prefix: String,
    scopes: Vec<String>,
    created_by: String,
    created_by_label: String,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl From<Row> for Token {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            prefix: row.prefix,
            // A word that this version does not know grants nothing, and must not lock out a token
            // that was made by a newer or older version for what it still may do.
            scopes: row
                .scopes
                .iter()
                .filter_map(|word| word.parse::<Permission>().ok())
                .collect(),
            created_by: row.created_by,
            created_by_label: row.created_by_label,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        }
    }
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    token: &Token,
    secret_hash: &[u8; 32],
) -> Result<(), sqlx::Error> {
    let words: Vec<String> = token
        .scopes
        .iter()
        .map(|scope| scope.as_str().to_owned())
        .collect();
    sqlx::query!(
        r#"
        insert into identity.api_token
            (id, name, prefix, secret_hash, scopes, created_by, created_by_label, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        "#,
        token.id.0,
        token.name,
        token.prefix,
        &secret_hash[..],
        &words,
        token.created_by,
        token.created_by_label,
        token.created_at,
        token.expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Tokens by the hashes of their texts.
pub(crate) async fn find_by_secret_hashes(
    conn: &mut PgConnection,
    secret_hashes: &[[u8; 32]],
) -> Result<HashMap<[u8; 32], Token>, sqlx::Error> {
    let mut hashes: Vec<&[u8]> = secret_hashes.iter().map(<[u8; 32]>::as_slice).collect();
    hashes.sort_unstable();
    hashes.dedup();
    let rows = sqlx::query!(
        r#"
        select id as "id: TokenId", name, prefix, scopes, created_by, created_by_label, created_at,
               expires_at, last_used_at, revoked_at, secret_hash
        from identity.api_token
        where secret_hash = any($1)
        "#,
        &hashes as _,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().filter_map(|row| {
        let hash = row.secret_hash.try_into().ok()?;
        let token = Token::from(Row {
            id: row.id,
            name: row.name,
            prefix: row.prefix,
            scopes: row.scopes,
            created_by: row.created_by,
            created_by_label: row.created_by_label,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        });
        Some((hash, token))
    });
    Ok(rows.collect())
}

pub(crate) async fn find_by_id(
    conn: &mut PgConnection,
    id: TokenId,
) -> Result<Option<Token>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, name, prefix, scopes, created_by, created_by_label, created_at, expires_at,
               last_used_at, revoked_at
        from identity.api_token
        where id = $1
        "#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Token::from))
}

/// Tokens older than the one with id `after`, newest first.
pub(crate) async fn list(
    conn: &mut PgConnection,
    after: Option<TokenId>,
    limit: i64,
) -> Result<Vec<Token>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select t.id, t.name, t.prefix, t.scopes, t.created_by, t.created_by_label, t.created_at,
               t.expires_at, t.last_used_at, t.revoked_at
        from identity.api_token t
        where $1::uuid is null
           or (t.created_at, t.id) <
              (select a.created_at, a.id from identity.api_token a where a.id = $1)
        order by t.created_at desc, t.id desc
        limit $2
        "#,
        after.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Token::from).collect())
}

/// Keeps that a token is used now, unless that is known of a time after `before`.
pub(crate) async fn mark_used(
    conn: &mut PgConnection,
    id: TokenId,
    now: DateTime<Utc>,
    before: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"
        update identity.api_token
        set last_used_at = $2
        where id = $1 and (last_used_at is null or last_used_at <= $3)
        "#,
        id.0,
        now,
        before,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Revokes; `false` when it was revoked before or is not there.
pub(crate) async fn revoke(
    conn: &mut PgConnection,
    id: TokenId,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update identity.api_token set revoked_at = $2 where id = $1 and revoked_at is null",
        id.0,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
