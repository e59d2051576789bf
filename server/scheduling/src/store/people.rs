//! Rows of `scheduling.person`: people as meetings need them.

use model::PersonId;
use model::scheduling::meeting::Colleague;
use sqlx::PgConnection;
use uuid::Uuid;

/// Makes or changes a person; one who is the same already is left alone. Another active person with the same address would be a fault of
/// identity's, which refuses that itself.
pub async fn keep(
    conn: &mut PgConnection,
    person: &Colleague,
    active: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into scheduling.person (id, email, name, zone, active)
         values ($1, $2, $3, $4, $5)
         on conflict (id) do update
         set email = excluded.email, name = excluded.name, zone = excluded.zone,
             active = excluded.active
         where (person.email, person.name, person.zone, person.active)
            is distinct from (excluded.email, excluded.name, excluded.zone, excluded.active)",
        person.id.0,
        person.email,
        person.name,
        person.zone,
        active,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// People by id, in no order; those who left are found as well.
pub async fn by_ids(
    conn: &mut PgConnection,
    ids: &[PersonId],
) -> Result<Vec<Colleague>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Colleague,
        "select id, name, email, zone
         from scheduling.person
         where id = any($1)",
        &ids
    )
    .fetch_all(conn)
    .await
}

/// Active people by id or address (in lower case), in no order.
pub async fn by_ids_or_emails(
    conn: &mut PgConnection,
    ids: &[Uuid],
    emails: &[String],
) -> Result<Vec<Colleague>, sqlx::Error> {
    sqlx::query_as!(
        Colleague,
        "select id, name, email, zone
         from scheduling.person
         where active and (id = any($1) or lower(email) = any($2))",
        ids,
        emails
    )
    .fetch_all(conn)
    .await
}

/// Active people whose name or address has the words in it, by name; `pattern` is for `like` and in
/// lower case.
pub async fn search(
    conn: &mut PgConnection,
    pattern: &str,
    limit: i64,
) -> Result<Vec<Colleague>, sqlx::Error> {
    sqlx::query_as!(
        Colleague,
        r#"select id, name, email, zone
         from scheduling.person
         where active and (lower(name) like $1 or lower(email) like $1)
         order by lower(name) collate "C", id
         limit $2"#,
        pattern,
        limit
    )
    .fetch_all(conn)
    .await
}
