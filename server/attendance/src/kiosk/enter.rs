//! Who is there: number and PIN, or a code of the own page. What is right gives a ticket.
//!
//! A try is counted before anything is compared, under a lock, and taken back if it was right: so guesses
//! that come together are counted like those that come one after the other. Numbers that there are not
//! count and lock like others.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use model::attendance::views::Severity;
use model::{DeviceAlarmId, PersonId};
use serde_json::json;
use sqlx::PgConnection;

use super::code::{is_code, take_digest};
use super::{
    KIOSK_WINDOW, NUMBER_LOCK, NUMBER_WINDOW, Refusal, TICKET_SECONDS, WRONG_OF_KIOSK,
    WRONG_OF_NUMBER, digest, kiosk_itself,
};
use crate::people::zone_named;
use crate::store::devices_alarms::{self, NewAlarm};
use crate::store::kiosk_pins::{self as pins, PinRow};
use crate::store::kiosks::SignedIn;
use crate::store::{kiosk_tickets as tickets, kiosk_tries as tries};
use crate::{Attendance, Error};

/// What somebody typed or scanned. It cannot be printed: it would print the PIN.
#[derive(Clone, Default)]
pub struct Entry {
    /// The number, or a code that was scanned.
    pub number: String,
    /// The PIN; nothing beside a code.
    pub pin: String,
}

impl Attendance {
    /// Finds out who is there, and gives the ticket for one press.
    ///
    /// # Errors
    /// [`Refusal::SignedOut`]; [`Refusal::Pin`] for an unknown number, a wrong PIN, no PIN and somebody
    /// who has left alike; [`Refusal::Code`]; [`Refusal::NumberLocked`] and [`Refusal::KioskSlowed`]
    /// after too many wrong tries, even with the right PIN.
    pub async fn kiosk_enter(
        &self,
        secret: &str,
        entry: &Entry,
        from: Option<IpAddr>,
    ) -> Result<String, Error> {
        let kiosk = {
            let mut conn = self.deps.db.read().await?;
            self.kiosk_of(&mut conn, secret, from).await?
        };
        let number = entry.number.trim();
        if is_code(number) {
            return self.enter_with_code(&kiosk, number).await;
        }
        let hash = digest("number", number);
        self.count_entry(&kiosk, Some(&hash)).await?;
        let person = match is_number(number) {
            true => {
                let mut conn = self.deps.db.read().await?;
                pins::by_number(&mut conn, number).await?
            }
            false => None,
        };
        let stored = person.as_ref().and_then(|row| row.pin_hash.as_deref());
        // No connection is held here: comparing may have to wait for its turn.
        let right = self.deps.hasher.verify(entry.pin.trim(), stored).await?;
        let mut tx = self.deps.db.begin("attendance.kiosk_enter").await?;
        tries::wait_for(&mut tx, &key_of_number(&hash)).await?;
        let known = match (&person, stored) {
            (Some(person), Some(stored)) if right => pins::is_still(&mut tx, person.id, stored)
                .await?
                .then_some(person.id),
            _ => None,
        };
        let Some(id) = known else {
            self.lock_if_full_in_tx(&mut tx, &kiosk, &hash, person.as_ref())
                .await?;
            tx.commit().await?;
            return Err(Refusal::Pin.into());
        };
        tries::forgive(&mut tx, &hash).await?;
        let ticket = self.ticket_in_tx(&mut tx, &kiosk, id).await?;
        tx.commit().await?;
        Ok(ticket)
    }

    async fn enter_with_code(&self, kiosk: &SignedIn, code: &str) -> Result<String, Error> {
        let now = self.deps.now();
        let counted = self.count_entry(kiosk, None).await?;
        let mut tx = self.deps.db.begin("attendance.kiosk_code").await?;
        let taken = tickets::take_code(&mut tx, &take_digest(code), now).await?;
        let id = taken.ok_or(Refusal::Code)?;
        tries::delete(&mut tx, counted).await?;
        let ticket = self.ticket_in_tx(&mut tx, kiosk, id).await?;
        tx.commit().await?;
        Ok(ticket)
    }

    async fn ticket_in_tx(
        &self,
        conn: &mut PgConnection,
        kiosk: &SignedIn,
        id: PersonId,
    ) -> Result<String, sqlx::Error> {
        let ticket = self.deps.secret_hex::<32>();
        let until = self.deps.now() + TimeDelta::seconds(TICKET_SECONDS);
        tickets::insert(conn, &digest("ticket", &ticket), kiosk.id, id, until).await?;
        Ok(ticket)
    }

    /// Counts a try, unless there were too many already.
    async fn count_entry(&self, kiosk: &SignedIn, number: Option<&[u8]>) -> Result<i64, Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.kiosk_count").await?;
        // Always in this order: first the number, then the kiosk.
        if let Some(number) = number {
            tries::wait_for(&mut tx, &key_of_number(number)).await?;
            let locked = tries::locked_until(&mut tx, number, now).await?;
            let since = now - NUMBER_WINDOW;
            let full = tries::newest_of_number(&mut tx, number, since, WRONG_OF_NUMBER).await?;
            if let Some(until) = locked.or(full.map(|oldest| oldest + NUMBER_WINDOW)) {
                let retry_after_s = seconds_until(until, now);
                return Err(Refusal::NumberLocked { retry_after_s }.into());
            }
        }
        tries::wait_for(&mut tx, &format!("kiosk {}", kiosk.id)).await?;
        let since = now - KIOSK_WINDOW;
        let full = tries::newest_of_device(&mut tx, kiosk.id, since, WRONG_OF_KIOSK).await?;
        if let Some(oldest) = full {
            let retry_after_s = seconds_until(oldest + KIOSK_WINDOW, now);
            tracing::info!(device.id = %kiosk.id, retry_after_s, "a kiosk is slowed: too many wrong tries");
            return Err(Refusal::KioskSlowed { retry_after_s }.into());
        }
        let counted = tries::insert_entry(&mut tx, kiosk.id, number, now).await?;
        tx.commit().await?;
        Ok(counted)
    }

    /// Locks a number with whose last try there were too many, and lets those know of it who keep
    /// devices.
    async fn lock_if_full_in_tx(
        &self,
        conn: &mut PgConnection,
        kiosk: &SignedIn,
        hash: &[u8],
        person: Option<&PinRow>,
    ) -> Result<(), Error> {
        let now = self.deps.now();
        let since = now - NUMBER_WINDOW;
        let full = tries::newest_of_number(conn, hash, since, WRONG_OF_NUMBER).await?;
        let until = now + NUMBER_LOCK;
        if full.is_none() || !tries::lock(conn, hash, until, now).await? {
            return Ok(());
        }
        // What is nobody's number may be a PIN in the wrong field, and is not repeated.
        let whose = person.and_then(|row| row.number.as_deref());
        let whose = whose.map_or_else(
            || "a number that is nobody's".to_owned(),
            |number| format!("number {number}"),
        );
        let clock = zone_named(&kiosk.zone).stamp(until).clock();
        let text = format!(
            "{WRONG_OF_NUMBER} wrong PINs for {whose} within a quarter of an hour: no kiosk takes it before {clock}"
        );
        let id: DeviceAlarmId = self.deps.new_id();
        let alarm = NewAlarm {
            id,
            device: kiosk.id,
            kind: "wrong_pins",
            key: &format!("wrong_pins {id}"),
            severity: Severity::Warning,
            text: &text,
            at: now,
            closed: false,
        };
        devices_alarms::insert(conn, alarm).await?;
        self.tell_of_device_in_tx(conn, kiosk.id, now).await?;
        let device = format!("device:{}", kiosk.id);
        let subject = person.map_or_else(|| device.clone(), |row| format!("person:{}", row.id));
        self.audit_as_in_tx(
            conn,
            &kiosk_itself(),
            "kiosk.number_locked".to_owned(),
            subject,
            json!({ "device": kiosk.id }),
        )
        .await?;
        metrics::counter!("kiosk_numbers_locked_total").increment(1);
        tracing::warn!(device.id = %kiosk.id, "a number is locked at kiosks: too many wrong PINs");
        Ok(())
    }
}

/// Whether a text can be a number at all; what cannot is tried like one, and is nobody's.
fn is_number(text: &str) -> bool {
    let is_in = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=24).contains(&text.len()) && text.chars().all(is_in)
}

/// Under what everybody waits who tries a number.
fn key_of_number(hash: &[u8]) -> String {
    let hex: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("number {hex}")
}

/// How long it is until an instant, rounded up.
pub(super) fn seconds_until(until: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
    let wait = (until - now).num_seconds().max(0) + 1;
    u32::try_from(wait).unwrap_or(u32::MAX)
}
