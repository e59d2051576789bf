//! What a device is to do: commands wait in the database and are fetched with a poll. A poll of a device
//! for which none waits does not touch the database.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use model::{Actor, DeviceId, Permission};

use super::adms::answer;
use super::adms::{Command, CommandId};
use super::known::{Known, LOST};
use crate::store::devices_commands;
use crate::{Attendance, Error};

/// How many commands are fetched with one poll.
const AT_ONCE: i64 = 20;

impl Attendance {
    /// Asks a device for something. What it is to be asked already is not asked twice.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::NotFound`].
    pub async fn ask_device(
        &self,
        actor: &Actor,
        device: DeviceId,
        command: &Command,
    ) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        self.device_known(device)
            .await?
            .ok_or(Error::NotFound("device"))?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.ask_device").await?;
        let by = actor.who.reference();
        devices_commands::queue(&mut tx, device, &command.to_string(), &by, now).await?;
        tx.commit().await?;
        self.command_waits(device).await;
        Ok(())
    }

    /// Lets the next poll of a device find its command.
    pub(super) async fn command_waits(&self, device: DeviceId) {
        // Whoever cannot be found now is found with the next reading.
        if let Ok(Some(known)) = self.device_known(device).await {
            known.live.waiting.store(true, Ordering::Relaxed);
        }
    }

    /// The answer to a poll.
    pub(super) async fn commands_for(
        &self,
        known: &Known,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        // Taken down first: a command that comes meanwhile puts it up again.
        if !known.live.waiting.swap(false, Ordering::Relaxed) {
            return Ok(answer::OK.to_owned());
        }
        let fetched = self.fetch_commands(known, now).await;
        if fetched.is_err() {
            known.live.waiting.store(true, Ordering::Relaxed);
        }
        fetched
    }

    async fn fetch_commands(&self, known: &Known, now: DateTime<Utc>) -> Result<String, Error> {
        let mut tx = self.deps.db.begin("attendance.fetch_commands").await?;
        let rows = devices_commands::waiting(&mut tx, known.id, now - LOST, AT_ONCE).await?;
        let (mut ids, mut commands) = (Vec::new(), Vec::new());
        for row in &rows {
            // Nothing that is no command of ours ever leaves.
            let command = Command::parse(&row.text);
            let Some(command) = command.zip(CommandId::parse(&row.id.to_string())) else {
                tracing::error!(
                    command.id = row.id,
                    "a stored command is none and is not sent"
                );
                devices_commands::answered(
                    &mut tx,
                    known.id,
                    row.id,
                    false,
                    None,
                    "this is no command that may be sent",
                    now,
                )
                .await?;
                continue;
            };
            ids.push(row.id);
            commands.push(command);
        }
        let (text, sent) = answer::poll(commands.iter().map(|(command, id)| (id, command)));
        devices_commands::sent(&mut tx, &ids[..sent], now).await?;
        tx.commit().await?;
        if sent < ids.len() || i64::try_from(rows.len()).is_ok_and(|found| found == AT_ONCE) {
            known.live.waiting.store(true, Ordering::Relaxed);
        }
        Ok(text)
    }
}
