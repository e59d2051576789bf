//! Alarms of devices: raised once for each thing, whoever tells of it and how often.

use chrono::{DateTime, Utc};
use model::attendance::views::Severity;
use model::{DeviceAlarmId, DeviceId, EventId};
use platform::outbox;
use serde_json::json;
use sqlx::PgConnection;

use super::adms::{self, Alarm};
use crate::Attendance;
use crate::store::devices_alarms::{self, NewAlarm};

impl Attendance {
    /// Raises an alarm, if it was not raised before; `about` tells it from others of its kind.
    pub(super) async fn raise_in_tx(
        &self,
        conn: &mut PgConnection,
        device: DeviceId,
        alarm: &Alarm,
        about: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, sqlx::Error> {
        let severity = severity(alarm.severity());
        let id: DeviceAlarmId = self.deps.new_id();
        let new = NewAlarm {
            id,
            device,
            kind: alarm.code(),
            key: &key(alarm, about),
            severity,
            text: &alarm.to_string(),
            at,
            // That a device was switched on is history at once.
            closed: severity == Severity::Info,
        };
        let is_new = devices_alarms::insert(conn, new).await?;
        if is_new {
            metrics::counter!("device_alarms_total", "kind" => alarm.code()).increment(1);
            self.tell_of_device_in_tx(conn, device, at).await?;
        }
        Ok(is_new)
    }

    /// Lets open pages know that a device has changed.
    pub(crate) async fn tell_of_device_in_tx(
        &self,
        conn: &mut PgConnection,
        device: DeviceId,
        at: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let event: EventId = self.deps.new_id();
        let payload = json!({ "device": device });
        outbox::publish(conn, event, at, "attendance.device", &payload).await
    }
}

/// By what an alarm is known.
pub(super) fn key(alarm: &Alarm, about: &str) -> String {
    format!("{} {about}", alarm.code())
}

fn severity(severity: adms::Severity) -> Severity {
    match severity {
        adms::Severity::Notice => Severity::Info,
        adms::Severity::Warning => Severity::Warning,
        adms::Severity::Critical => Severity::Serious,
    }
}
