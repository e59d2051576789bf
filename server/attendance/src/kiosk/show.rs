//! What the page of a kiosk shows. Of people it shows the one who is known by the ticket, and of them the
//! own state, today's hours and whether a punch is missing.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use model::PersonId;
use model::attendance::views::{KioskCard, KioskDone, KioskPage, KioskStep};
use model::zone::Zone;

use super::{DONE_SECONDS, Refusal, digest};
use crate::people::zone_named;
use crate::store::kiosk_tickets as tickets;
use crate::store::kiosks::SignedIn;
use crate::{Attendance, Error};

impl Attendance {
    /// The page, for a browser with or without the secret of a kiosk, and with or without a ticket.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn kiosk_page(
        &self,
        secret: Option<&str>,
        ticket: Option<&str>,
        from: Option<IpAddr>,
    ) -> Result<KioskPage, Error> {
        let now = self.deps.now();
        let kiosk = match secret {
            Some(secret) => {
                let mut conn = self.deps.db.read().await?;
                match self.kiosk_of(&mut conn, secret, from).await {
                    Ok(kiosk) => Some(kiosk),
                    Err(Error::Kiosk(Refusal::SignedOut)) => None,
                    Err(error) => return Err(error),
                }
            }
            None => None,
        };
        let zone = kiosk
            .as_ref()
            .map_or_else(Zone::utc, |kiosk| zone_named(&kiosk.zone));
        let step = match &kiosk {
            Some(kiosk) => self.kiosk_step(kiosk, &zone, ticket, now).await?,
            None => KioskStep::SetUp,
        };
        Ok(KioskPage {
            organisation: self.config.organisation.clone(),
            name: kiosk.map(|kiosk| kiosk.name),
            now: zone.stamp(now),
            step,
        })
    }

    async fn kiosk_step(
        &self,
        kiosk: &SignedIn,
        zone: &Zone,
        ticket: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<KioskStep, Error> {
        let Some(ticket) = ticket else {
            return Ok(KioskStep::Start);
        };
        let (row, first_name) = {
            let mut conn = self.deps.db.read().await?;
            let hash = digest("ticket", ticket);
            let Some(row) = tickets::find(&mut conn, &hash, kiosk.id).await? else {
                return Ok(KioskStep::Start);
            };
            let person = self.employee(&mut conn, row.employee_id).await?;
            (row, first_name(&person.name))
        };
        match (row.used_at, row.direction) {
            (Some(at), Some(direction)) if now - at < TimeDelta::seconds(DONE_SECONDS) => {
                Ok(KioskStep::Done(KioskDone {
                    first_name,
                    direction,
                    at: zone.stamp(at),
                }))
            }
            (None, _) if now < row.until => {
                let card = self.kiosk_card(row.employee_id, first_name, zone);
                Ok(KioskStep::Card(card.await?))
            }
            _ => Ok(KioskStep::Start),
        }
    }

    /// The same clock as on the own page, by the clock on the wall.
    async fn kiosk_card(
        &self,
        id: PersonId,
        first_name: String,
        zone: &Zone,
    ) -> Result<KioskCard, Error> {
        let mut conn = self.deps.db.read().await?;
        let person = self.employee(&mut conn, id).await?;
        let card = self.card(&mut conn, person).await?;
        Ok(KioskCard {
            first_name,
            state: card.state,
            since: card.since.map(|since| zone.stamp(since.at)),
            counted_minutes: card.day.map_or(0, |day| day.counted_minutes),
            incomplete: i64::try_from(card.incomplete.len()).unwrap_or(i64::MAX),
        })
    }
}

/// What others in the queue may read.
fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_owned()
}
