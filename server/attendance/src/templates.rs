//! Shifts that can be assigned.

use model::attendance::shift::ShiftTemplate;
use model::{Actor, Permission, ShiftTemplateId};
use platform::db::on_constraint;
use serde_json::json;

use crate::store::rotations::Which;
use crate::store::templates;
use crate::{Attendance, Error};

impl Attendance {
    /// Makes or changes a shift that can be assigned. Days that are written keep theirs, except for
    /// those to come that a rotation has written.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`]; [`Error::Taken`] for
    /// its name; [`Error::Changed`].
    pub async fn save_template(
        &self,
        actor: &Actor,
        id: Option<ShiftTemplateId>,
        version: i32,
        template: &ShiftTemplate,
    ) -> Result<ShiftTemplateId, Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let trimmed = ShiftTemplate {
            name: template.name.trim().to_owned(),
            code: template.code.trim().to_owned(),
            ..template.clone()
        };
        let template = trimmed.validated().map_err(Error::Invalid)?;
        let taken = || Error::Taken("name");
        let mut tx = self.deps.db.begin("attendance.save_template").await?;
        let id = match id {
            None => {
                let id = self.deps.new_id();
                let made = templates::insert(&mut tx, id, &template).await;
                on_constraint(made, "shift_template_name_unique", taken)?;
                id
            }
            Some(id) => {
                let changed = templates::update(&mut tx, id, version, &template).await;
                if !on_constraint(changed, "shift_template_name_unique", taken)? {
                    return Err(Error::Changed);
                }
                self.rotate_in_tx(&mut tx, &Which::Template(id), now)
                    .await?;
                id
            }
        };
        let (subject, detail) = (format!("shift:{id}"), json!({ "shift": template }));
        self.audit_in_tx(&mut tx, actor, "shift.saved", subject, detail)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(id)
    }
}
