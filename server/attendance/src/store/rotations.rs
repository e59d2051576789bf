//! Rows of `attendance.rotation` and `attendance.rotation_assignment`.

use chrono::NaiveDate;
use model::attendance::rotation::Rotation;
use model::{PersonId, RotationId, ShiftTemplateId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// A rotation as stored.
pub struct RotationRow {
    pub id: RotationId,
    pub rotation: Json<Rotation>,
    pub version: i32,
}

/// Every rotation, by name.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<RotationRow>, sqlx::Error> {
    sqlx::query_as!(
        RotationRow,
        r#"select id as "id: RotationId", document as "rotation: Json<Rotation>", version
         from attendance.rotation
         order by lower(name), id
         limit 1000"#
    )
    .fetch_all(conn)
    .await
}

pub async fn insert(
    conn: &mut PgConnection,
    id: RotationId,
    rotation: &Rotation,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.rotation (id, name, document, version)
         values ($1, $2, $3, 1)",
        id.0,
        rotation.name,
        Json(rotation) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes a rotation that is still at `version`; false if it is not.
pub async fn update(
    conn: &mut PgConnection,
    id: RotationId,
    version: i32,
    rotation: &Rotation,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.rotation
         set name = $3, document = $4, version = version + 1
         where id = $1 and version = $2",
        id.0,
        version,
        rotation.name,
        Json(rotation) as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends what somebody follows before a day, and takes back what they would have followed later.
pub async fn end(
    conn: &mut PgConnection,
    employee: PersonId,
    from: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from attendance.rotation_assignment
         where employee_id = $1 and lower(during) >= $2",
        employee.0,
        from,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update attendance.rotation_assignment
         set during = daterange(lower(during), $2)
         where employee_id = $1 and during @> $2::date",
        employee.0,
        from,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has somebody follow a rotation from a day on; nothing else may reach beyond that day.
pub async fn assign(
    conn: &mut PgConnection,
    id: Uuid,
    employee: PersonId,
    rotation: RotationId,
    from: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.rotation_assignment (id, employee_id, rotation_id, during)
         values ($1, $2, $3, daterange($4, null))",
        id,
        employee.0,
        rotation.0,
        from,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Somebody who follows a rotation.
pub struct AssignmentRow {
    pub employee_id: PersonId,
    pub zone: String,
    pub rotation_id: RotationId,
    pub from_day: NaiveDate,
    /// The first day on which they no longer do.
    pub until: Option<NaiveDate>,
}

/// Which of those who follow rotations are meant.
pub enum Which {
    /// One person.
    Person(PersonId),
    /// Whoever follows a rotation.
    Rotation(RotationId),
    /// Whoever follows a rotation that has a shift.
    Template(ShiftTemplateId),
    /// Everybody.
    All,
}

/// Assignments that hold on some day since `since`, of people after another, by person and day.
pub async fn assignments(
    conn: &mut PgConnection,
    which: &Which,
    since: NaiveDate,
    after: Uuid,
    people: i64,
) -> Result<Vec<AssignmentRow>, sqlx::Error> {
    let (person, rotation, template) = match which {
        Which::Person(id) => (Some(id.0), None, None),
        Which::Rotation(id) => (None, Some(id.0), None),
        Which::Template(id) => (None, None, Some(id.to_string())),
        Which::All => (None, None, None),
    };
    sqlx::query_as!(
        AssignmentRow,
        r#"with meant as (
             select distinct a.employee_id
             from attendance.rotation_assignment a
             join attendance.rotation r on r.id = a.rotation_id
             join attendance.employee e on e.id = a.employee_id
             where a.employee_id > $5 and e.active
               and (upper_inf(a.during) or upper(a.during) > $4)
               and ($1::uuid is null or a.employee_id = $1)
               and ($2::uuid is null or a.rotation_id = $2)
               and ($3::text is null
                   or r.document->'days' @> jsonb_build_array(jsonb_build_array($3::text)))
             order by a.employee_id
             limit $6
         )
         select a.employee_id as "employee_id: PersonId", e.zone,
             a.rotation_id as "rotation_id: RotationId", lower(a.during) as "from_day!",
             upper(a.during) as until
         from meant
         join attendance.rotation_assignment a using (employee_id)
         join attendance.employee e on e.id = a.employee_id
         where upper_inf(a.during) or upper(a.during) > $4
         order by a.employee_id, lower(a.during)"#,
        person,
        rotation,
        template,
        since,
        after,
        people,
    )
    .fetch_all(conn)
    .await
}

/// Somebody who follows a rotation, by name.
pub struct FollowerRow {
    pub rotation_id: RotationId,
    pub employee_id: PersonId,
    pub name: String,
    pub from_day: NaiveDate,
    /// The first day on which they no longer do.
    pub until: Option<NaiveDate>,
}

/// Who follows a rotation on some day from `since` on, by name and day.
pub async fn followers(
    conn: &mut PgConnection,
    since: NaiveDate,
) -> Result<Vec<FollowerRow>, sqlx::Error> {
    sqlx::query_as!(
        FollowerRow,
        r#"select a.rotation_id as "rotation_id: RotationId",
                a.employee_id as "employee_id: PersonId", e.name,
                lower(a.during) as "from_day!", upper(a.during) as until
         from attendance.rotation_assignment a
         join attendance.employee e on e.id = a.employee_id
         where e.active and not isempty(a.during)
           and (upper_inf(a.during) or upper(a.during) > $1)
         order by lower(e.name), e.id, lower(a.during)
         limit 100000"#,
        since,
    )
    .fetch_all(conn)
    .await
}
