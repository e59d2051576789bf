//! People and their roles.

use chrono::{DateTime, Utc};
use model::{PersonId, Role};
use sqlx::PgConnection;

use crate::error::Error;
use crate::people::Person;

/// A row as it comes; roles are still words.
struct Row {
    id: PersonId,
    email: String,
    name: String,
    zone: String,
    password_hash: Option<String>,
    disabled_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    roles: Vec<String>,
}

impl TryFrom<Row> for Person {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let mut roles = Vec::with_capacity(row.roles.len());
        for word in &row.roles {
            roles.push(
                word.parse::<Role>()
                    .map_err(|e| sqlx::Error::Decode(e.into()))?,
            );
        }
        Ok(Self {
            id: row.id,
            email: row.email,
            name: row.name,
            zone: row.zone,
            roles: crate::roles::in_order(&roles),
            password_hash: row.password_hash,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
        })
    }
}

pub(crate) async fn find_by_id(
    conn: &mut PgConnection,
    id: PersonId,
) -> Result<Option<Person>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select p.id, p.email, p.name, p.zone, p.password_hash, p.disabled_at, p.created_at,
               array(select r.role from identity.person_role r where r.person_id = p.id) as "roles!"
        from identity.person p
        where p.id = $1
        "#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Person::try_from).transpose()
}

pub(crate) async fn find_by_ids(
    conn: &mut PgConnection,
    ids: &[PersonId],
) -> Result<Vec<Person>, sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select p.id, p.email, p.name, p.zone, p.password_hash, p.disabled_at, p.created_at,
               array(select r.role from identity.person_role r where r.person_id = p.id) as "roles!"
        from identity.person p
        where p.id = any($1)
        "#,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Person::try_from).collect()
}

pub(crate) async fn get(conn: &mut PgConnection, id: PersonId) -> Result<Person, Error> {
    find_by_id(conn, id).await?.ok_or(Error::NotFound("person"))
}

/// Looks up by the address in lower case.
pub(crate) async fn find_by_email(
    conn: &mut PgConnection,
    email_key: &str,
) -> Result<Option<Person>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select p.id, p.email, p.name, p.zone, p.password_hash, p.disabled_at, p.created_at,
               array(select r.role from identity.person_role r where r.person_id = p.id) as "roles!"
        from identity.person p
        where lower(p.email) = $1
        "#,
        email_key,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Person::try_from).transpose()
}

/// People after the one with id `after`, in the order of their names.
pub(crate) async fn list(
    conn: &mut PgConnection,
    search: Option<&str>,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Vec<Person>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select p.id, p.email, p.name, p.zone, p.password_hash, p.disabled_at, p.created_at,
               array(select r.role from identity.person_role r where r.person_id = p.id) as "roles!"
        from identity.person p
        where ($1::text is null
               or strpos(lower(p.name), lower($1)) > 0
               or strpos(lower(p.email), lower($1)) > 0)
          and ($2::uuid is null
               or (lower(p.name) collate "C", p.id) >
                  (select lower(a.name) collate "C", a.id from identity.person a where a.id = $2))
        order by lower(p.name) collate "C", p.id
        limit $3
        "#,
        search,
        after.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Person::try_from).collect()
}

pub(crate) async fn insert(conn: &mut PgConnection, person: &Person) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"
        insert into identity.person (id, email, name, zone, password_hash, disabled_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        person.id.0,
        person.email,
        person.name,
        person.zone,
        person.password_hash,
        person.disabled_at,
        person.created_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the lock under which alone roles change and administrators come and go. Readers do not
/// wait for it. It is taken before any row is locked.
pub(crate) async fn lock_roles(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("lock table identity.person_role in share row exclusive mode")
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn replace_roles(
    conn: &mut PgConnection,
    id: PersonId,
    roles: &[Role],
) -> Result<(), sqlx::Error> {
    let words: Vec<String> = roles.iter().map(|role| role.as_str().to_owned()).collect();
    sqlx::query!(
        "delete from identity.person_role where person_id = $1",
        id.0
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        r#"
        insert into identity.person_role (person_id, role)
        select $1, word
        from unnest($2::text[]) as word
        "#,
        id.0,
        &words,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many people besides this one are administrators and may sign in.
pub(crate) async fn count_other_admins(
    conn: &mut PgConnection,
    id: PersonId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from identity.person p
        join identity.person_role r on r.person_id = p.id
        where r.role = 'admin' and p.disabled_at is null and p.id <> $1
        "#,
        id.0,
    )
    .fetch_one(conn)
    .await
}

pub(crate) async fn set_disabled(
    conn: &mut PgConnection,
    id: PersonId,
    at: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update identity.person set disabled_at = $2 where id = $1",
        id.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn set_password_hash(
    conn: &mut PgConnection,
    id: PersonId,
    hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update identity.person set password_hash = $2 where id = $1",
        id.0,
        hash
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether password and access are still what was read before the long hashing; keeps them so until
/// the transaction ends.
pub(crate) async fn still_as_read(
    conn: &mut PgConnection,
    person: &Person,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"
        select p.id
        from identity.person p
        where p.id = $1
          and p.password_hash is not distinct from $2
          and (p.disabled_at is null) = $3
        for no key update
        "#,
        person.id.0,
        person.password_hash,
        person.disabled_at.is_none(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}
