//! Rows of `attendance.shift_template`.

use model::ShiftTemplateId;
use model::attendance::shift::ShiftTemplate;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// A template as stored.
pub struct TemplateRow {
    pub id: ShiftTemplateId,
    pub template: Json<ShiftTemplate>,
    pub version: i32,
}

/// Every template that can be assigned, by when it begins.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<TemplateRow>, sqlx::Error> {
    sqlx::query_as!(
        TemplateRow,
        r#"select id as "id: ShiftTemplateId", document as "template: Json<ShiftTemplate>", version
         from attendance.shift_template
         where retired_at is null
         order by document->>'start', lower(name), id
         limit 1000"#
    )
    .fetch_all(conn)
    .await
}

/// Templates by id, in no order; those out of use are found as well.
pub async fn by_ids(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<TemplateRow>, sqlx::Error> {
    sqlx::query_as!(
        TemplateRow,
        r#"select id as "id: ShiftTemplateId", document as "template: Json<ShiftTemplate>", version
         from attendance.shift_template
         where id = any($1)"#,
        ids
    )
    .fetch_all(conn)
    .await
}

pub async fn insert(
    conn: &mut PgConnection,
    id: ShiftTemplateId,
    template: &ShiftTemplate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.shift_template (id, name, document, version)
         values ($1, $2, $3, 1)",
        id.0,
        template.name,
        Json(template) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes a template that is still at `version`; false if it is not.
pub async fn update(
    conn: &mut PgConnection,
    id: ShiftTemplateId,
    version: i32,
    template: &ShiftTemplate,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.shift_template
         set name = $3, document = $4, version = version + 1
         where id = $1 and version = $2 and retired_at is null",
        id.0,
        version,
        template.name,
        Json(template) as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
