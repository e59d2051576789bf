//! Everything that attendance keeps of whoever asks, as one JSON document.

use model::permission::Who;
use model::{Actor, Permission};
use serde_json::{Value, json};

use crate::store::export;
use crate::{Attendance, Error};

impl Attendance {
    /// The actor's own record: terms, badges, punches as they came, days, leave, swaps, corrections,
    /// overtime that was decided about, adjustments and exceptions.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:self`; [`Error::NotAPerson`].
    pub async fn export_own(&self, actor: &Actor) -> Result<Value, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let Who::Person { id, .. } = actor.who else {
            return Err(Error::NotAPerson);
        };
        let now = self.deps.now();
        let mut conn = self.deps.db.read().await?;
        Ok(json!({
            "exportedAt": now,
            "person": export::person(&mut conn, id).await?,
            "punches": export::punches(&mut conn, id).await?,
            "days": export::days(&mut conn, id).await?,
            "leave": export::leave(&mut conn, id).await?,
            "swaps": export::swaps(&mut conn, id).await?,
            "corrections": export::corrections(&mut conn, id).await?,
            "overtime": export::overtime(&mut conn, id).await?,
            "adjustments": export::adjustments(&mut conn, id).await?,
            "exceptions": export::exceptions(&mut conn, id).await?,
        }))
    }
}
