//! What a device is to do: commands wait in the database and are fetched with a poll. A poll of a device
//! for which none waits does not touch the database.

use std::sync::atomic::Ordering;

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::views::{CommandView, DeviceState};
use model::zone::Zone;
use model::{Actor, DeviceId, Permission};
use serde_json::json;

use super::adms::answer;
use super::adms::command::Period;
use super::adms::{Command, CommandId};
use super::known::{Known, LOST};
use crate::roster::sane_day;
use crate::store::devices_commands::{self, LastRow};
use crate::{Attendance, Error};

/// How many commands are fetched with one poll.
const AT_ONCE: i64 = 20;

impl Attendance {
    /// Asks a device for all punches that it holds. Those that are kept already are known again.
    ///
    /// # Errors
    /// As [`Attendance::ask_device`].
    pub async fn ask_for_all(&self, actor: &Actor, device: DeviceId) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let all = everything().ok_or_else(|| Error::Defect("all time is no period".to_owned()))?;
        self.ask_device(actor, device, &Command::QueryPunches(all))
            .await
    }

    /// Asks a device for its punches from the first to the last of some days, by its clock.
    ///
    /// # Errors
    /// As [`Attendance::ask_device`]; [`Error::Invalid`] for days in the wrong order.
    pub async fn ask_for_days(
        &self,
        actor: &Actor,
        device: DeviceId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let from = sane_day("from", from)?;
        let to = sane_day("to", to)?;
        let period = period(from, to);
        let period = period.ok_or_else(|| {
            Error::field(
                "to",
                "The last day comes before the first. Choose a later one.",
            )
        })?;
        self.ask_device(actor, device, &Command::QueryPunches(period))
            .await
    }

    /// Asks a device for something, which it does at its next poll. What it is to be asked already is not
    /// asked twice.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::NotFound`]; [`Error::Invalid`] for one
    /// that is not listened to.
    pub async fn ask_device(
        &self,
        actor: &Actor,
        device: DeviceId,
        command: &Command,
    ) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let known = self.device_known(device).await?;
        let known = known.ok_or(Error::NotFound("device"))?;
        if known.state != DeviceState::Active {
            let message = "Nothing can be asked of a device that is not listened to.";
            return Err(Error::field("id", message));
        }
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.ask_device").await?;
        let by = actor.who.reference();
        let is_new =
            devices_commands::queue(&mut tx, device, &command.to_string(), &by, now).await?;
        if is_new {
            let subject = format!("device:{device}");
            let detail = json!({ "command": words(Some(command)) });
            self.audit_in_tx(&mut tx, actor, "device.asked", subject, detail)
                .await?;
            self.tell_of_device_in_tx(&mut tx, device, now).await?;
        }
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

/// All that a device can hold: its clock knows no other years.
fn everything() -> Option<Period> {
    period(
        NaiveDate::from_ymd_opt(2000, 1, 1)?,
        NaiveDate::from_ymd_opt(2099, 12, 31)?,
    )
}

/// From the first second of a day to the last of another.
fn period(from: NaiveDate, to: NaiveDate) -> Option<Period> {
    Period::new(from.and_hms_opt(0, 0, 0)?, to.and_hms_opt(23, 59, 59)?).ok()
}

/// What a device was asked last, as its page shows it.
pub(super) fn last_view(row: LastRow, zone: &Zone) -> CommandView {
    CommandView {
        text: words(Command::parse(&row.text).as_ref()),
        state: row.state,
        at: zone.stamp(row.at),
        result: row.result.filter(|words| !words.is_empty()),
    }
}

/// What a command asks for, in words and without names.
fn words(command: Option<&Command>) -> String {
    let days = |period: &Period| {
        let day = |at: chrono::NaiveDateTime| at.format("%-d %b %Y").to_string();
        let (from, to) = (day(period.from()), day(period.to()));
        match from == to {
            true => from,
            false => format!("{from} – {to}"),
        }
    };
    match command {
        Some(Command::QueryPunches(period)) if Some(*period) == everything() => {
            "Send everything again".to_owned()
        }
        Some(Command::QueryPunches(period)) => format!("Send again: {}", days(period)),
        Some(Command::VerifySum(period)) => format!("Count its punches: {}", days(period)),
        Some(Command::Check) => "Read its options again".to_owned(),
        Some(Command::Log) => "Send what is new".to_owned(),
        Some(Command::Info) => "Tell how it is set up".to_owned(),
        Some(Command::Reboot) => "Start again".to_owned(),
        Some(Command::UpdateUser { .. }) => "Know a person".to_owned(),
        Some(Command::DeleteUser { .. }) => "Forget a person".to_owned(),
        None => "Something that it cannot be asked".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_in_words() {
        let day = |text: &str| text.parse().expect("a day");
        let said = |from, to| {
            let period = period(day(from), day(to)).expect("a period");
            words(Some(&Command::QueryPunches(period)))
        };
        assert_eq!(said("2026-11-23", "2026-11-23"), "Send again: 23 Nov 2026");
        assert_eq!(
            said("2026-10-01", "2026-10-31"),
            "Send again: 1 Oct 2026 – 31 Oct 2026"
        );
        assert_eq!(said("2000-01-01", "2099-12-31"), "Send everything again");
        assert_eq!(period(day("2026-11-02"), day("2026-11-01")), None);
    }
}
