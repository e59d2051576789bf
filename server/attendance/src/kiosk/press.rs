//! The press at a kiosk: a ticket becomes one punch, by the server's time.

use std::net::IpAddr;

use model::attendance::day::Direction;

use super::{Refusal, digest};
use crate::people::zone_named;
use crate::punch::{Arrived, Owner, SourceKind};
use crate::store::{kiosk_tickets as tickets, kiosks};
use crate::{Attendance, Error};

impl Attendance {
    /// Clocks the owner of a ticket in or out. Said again, the same ticket is the same press.
    ///
    /// # Errors
    /// [`Refusal::SignedOut`]; [`Refusal::TicketOver`] for a ticket that has run out or is another
    /// kiosk's; [`Error::Invalid`] for a direction that is none.
    pub async fn kiosk_press(
        &self,
        secret: &str,
        ticket: &str,
        direction: Direction,
        from: Option<IpAddr>,
    ) -> Result<(), Error> {
        if direction == Direction::Unknown {
            return Err(Error::field("direction", "Press one of the buttons."));
        }
        let now = self.deps.now();
        let hash = digest("ticket", ticket);
        let mut tx = self.deps.db.begin("attendance.kiosk_press").await?;
        let kiosk = self.kiosk_of(&mut tx, secret, from).await?;
        let row = tickets::find_locked(&mut tx, &hash, kiosk.id).await?;
        let row = row.ok_or(Refusal::TicketOver)?;
        if row.used_at.is_some() {
            return Ok(());
        }
        if row.until <= now {
            return Err(Refusal::TicketOver.into());
        }
        let zone = zone_named(&kiosk.zone);
        let owner = Owner::from(&self.employee(&mut tx, row.employee_id).await?);
        let arrived = Arrived {
            source_kind: SourceKind::Kiosk,
            source: kiosk.id.to_string(),
            key: key_of(&hash),
            employee: Some(owner),
            badge: None,
            occurred_at: now,
            raw_local: Some(zone.local_of(now)),
            raw_offset_seconds: Some(zone.offset_seconds(now)),
            zone: zone.name().to_owned(),
            direction,
            trusted: true,
            verify: None,
            raw_text: None,
            address: None,
            flags: Vec::new(),
        };
        self.take_punches_in_tx(&mut tx, &[arrived]).await?;
        tickets::use_up(&mut tx, &hash, now, direction).await?;
        if !kiosks::count_punch(&mut tx, kiosk.id, &digest("secret", secret)).await? {
            return Err(Refusal::SignedOut.into());
        }
        tx.commit().await?;
        self.nudge();
        Ok(())
    }

    /// Takes a ticket back: it was not me, or I have changed my mind.
    ///
    /// # Errors
    /// [`Refusal::SignedOut`].
    pub async fn kiosk_leave(&self, secret: &str, ticket: &str) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("attendance.kiosk_leave").await?;
        let kiosk = self.kiosk_of(&mut tx, secret, None).await?;
        tickets::delete(&mut tx, &digest("ticket", ticket), kiosk.id).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Under which key the punch of a ticket is kept.
fn key_of(hash: &[u8; 32]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
