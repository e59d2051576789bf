//! A person's own number and PIN. The PIN is set by its owner and never shown; HR can take it away.

use model::attendance::views::KioskAccess;
use model::{Actor, Permission, PersonId};
use serde_json::json;
use sqlx::PgConnection;

use super::{digest, pins};
use crate::store::{kiosk_pins, kiosk_tries as tries};
use crate::{Attendance, Error};

impl Attendance {
    /// The reader's own way in at kiosks.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:self`; [`Error::NotAPerson`] for a program.
    pub async fn kiosk_access(&self, actor: &Actor) -> Result<KioskAccess, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let id = actor.person_id().ok_or(Error::NotAPerson)?;
        let mut conn = self.deps.db.read().await?;
        let row = kiosk_pins::of_person(&mut conn, id).await?;
        let row = row.ok_or(Error::NotFound("person"))?;
        Ok(KioskAccess {
            number: row.number,
            has_pin: row.pin_hash.is_some(),
        })
    }

    /// Sets the reader's own PIN; whoever has no number gets one with it. The number is no longer
    /// locked then: it is its owner who is there.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:self`; [`Error::NotAPerson`] for a program;
    /// [`Error::Invalid`] for a PIN that is too easy, or was not typed twice alike.
    pub async fn set_pin(
        &self,
        actor: &Actor,
        pin: &str,
        again: &str,
    ) -> Result<KioskAccess, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let id = actor.person_id().ok_or(Error::NotAPerson)?;
        let access = self.kiosk_access(actor).await?;
        let pin = pin.trim();
        if let Some(objection) = pins::objection(pin, access.number.as_deref()) {
            return Err(Error::field("secret_pin", objection));
        }
        if pin != again.trim() {
            let message = "The two are not the same. Type the PIN again.";
            return Err(Error::field("secret_again", message));
        }
        let mut salt = [0_u8; 16];
        self.deps.entropy.fill(&mut salt);
        let hash = self.deps.hasher.hash(pin, salt).await?;
        let mut tx = self.deps.db.begin("attendance.set_pin").await?;
        tries::wait_for(&mut tx, "numbers").await?;
        let number = kiosk_pins::give_number(&mut tx, id).await?;
        kiosk_pins::set_pin(&mut tx, id, Some(&hash)).await?;
        if let Some(number) = &number {
            tries::forgive(&mut tx, &digest("number", number)).await?;
        }
        self.note_pin_in_tx(&mut tx, actor, id, "pin.set").await?;
        tx.commit().await?;
        Ok(KioskAccess {
            number,
            has_pin: true,
        })
    }

    /// Takes away the PIN of somebody, named by id, address or number. Taken away before, nothing
    /// changes.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`] for somebody who is not
    /// known.
    pub async fn clear_pin(&self, actor: &Actor, employee: &str) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let mut tx = self.deps.db.begin("attendance.clear_pin").await?;
        let found = self.employee_named(&mut tx, employee).await;
        let person = found.map_err(|error| match error {
            Error::NotFound(_) => Error::field(
                "employee",
                "Nobody is known by this. Use an e-mail address or an employee number.",
            ),
            other => other,
        })?;
        kiosk_pins::set_pin(&mut tx, person.id, None).await?;
        self.note_pin_in_tx(&mut tx, actor, person.id, "pin.cleared")
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// How many PINs this process has compared; tests hold the limit against it.
    pub fn pin_verifications(&self) -> u64 {
        self.deps.hasher.comparisons()
    }

    async fn note_pin_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        person: PersonId,
        action: &str,
    ) -> Result<(), sqlx::Error> {
        let subject = format!("person:{person}");
        self.audit_as_in_tx(conn, &actor.who, action.to_owned(), subject, json!({}))
            .await
    }
}
