//! Rows of `scheduling.preferences` and `scheduling.absence`: when people may be booked.

use chrono::{DateTime, Utc};
use model::{AbsenceId, PersonId};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use uuid::Uuid;

/// What a person has said, as stored.
pub struct PreferencesRow {
    pub person_id: PersonId,
    pub document: Value,
    pub version: i32,
}

pub async fn of_people(
    conn: &mut PgConnection,
    people: &[Uuid],
) -> Result<Vec<PreferencesRow>, sqlx::Error> {
    sqlx::query_as!(
        PreferencesRow,
        "select person_id, document, version
         from scheduling.preferences
         where person_id = any($1)",
        people
    )
    .fetch_all(conn)
    .await
}

/// Keeps a document if the stored one is still at `version` (0: there is none); false if not.
pub async fn keep(
    conn: &mut PgConnection,
    person: PersonId,
    document: &Value,
    version: i32,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = if version == 0 {
        sqlx::query!(
            "insert into scheduling.preferences (person_id, document, version, updated_at)
             values ($1, $2, 1, $3)
             on conflict do nothing",
            person.0,
            document,
            now
        )
        .execute(conn)
        .await?
    } else {
        sqlx::query!(
            "update scheduling.preferences
             set document = $2, version = version + 1, updated_at = $4
             where person_id = $1 and version = $3",
            person.0,
            document,
            version,
            now
        )
        .execute(conn)
        .await?
    };
    Ok(done.rows_affected() == 1)
}

/// An absence or shift as stored.
pub struct AbsenceRow {
    pub person_id: PersonId,
    pub kind: String,
    pub from_at: DateTime<Utc>,
    pub to_at: DateTime<Utc>,
}

impl AbsenceRow {
    /// Whether it is somebody's, and lies over some of a stretch.
    pub fn is_over(&self, who: Uuid, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        self.person_id.0 == who && self.from_at < to && from < self.to_at
    }
}

/// Absences and shifts of people that touch a range.
pub async fn absences(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<AbsenceRow>, sqlx::Error> {
    sqlx::query_as!(
        AbsenceRow,
        r#"select person_id, kind, lower(during) as "from_at!", upper(during) as "to_at!"
         from scheduling.absence
         where person_id = any($1) and during && tstzrange($2, $3, '[)')
         order by person_id, lower(during), id"#,
        people,
        from,
        to
    )
    .fetch_all(conn)
    .await
}

/// The absence that is kept under a key.
pub async fn absence(
    conn: &mut PgConnection,
    source_key: &str,
) -> Result<Option<AbsenceRow>, sqlx::Error> {
    sqlx::query_as!(
        AbsenceRow,
        r#"select person_id, kind, lower(during) as "from_at!", upper(during) as "to_at!"
         from scheduling.absence
         where source_key = $1"#,
        source_key
    )
    .fetch_optional(conn)
    .await
}

/// Keeps an absence under the key of what it comes from; a second telling replaces the first.
pub async fn keep_absence(
    conn: &mut PgConnection,
    id: AbsenceId,
    person: PersonId,
    kind: &str,
    during: PgRange<DateTime<Utc>>,
    source_key: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into scheduling.absence (id, person_id, kind, during, source_key)
         values ($1, $2, $3, $4, $5)
         on conflict (source_key) do update
         set person_id = excluded.person_id, kind = excluded.kind, during = excluded.during
         where (absence.person_id, absence.kind, absence.during)
             is distinct from (excluded.person_id, excluded.kind, excluded.during)",
        id.0,
        person.0,
        kind,
        during,
        source_key
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes absences back; nothing happens for those that there are not.
pub async fn drop_absences(
    conn: &mut PgConnection,
    source_keys: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from scheduling.absence where source_key = any($1)",
        source_keys
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back all absences of a kind that somebody has but those under some keys.
pub async fn drop_other_absences(
    conn: &mut PgConnection,
    person: PersonId,
    kind: &str,
    kept: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from scheduling.absence
         where person_id = $1 and kind = $2 and source_key <> all($3)",
        person.0,
        kind,
        kept
    )
    .execute(conn)
    .await?;
    Ok(())
}
