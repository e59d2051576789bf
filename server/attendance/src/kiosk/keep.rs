//! Kiosks, as those keep them who keep devices.

use std::collections::HashMap;

use chrono::TimeDelta;
use model::attendance::views::{
    DeviceAlarmView, DeviceState, KioskForm, KioskSetup, KioskView, Site,
};
use model::problem::FieldError;
use model::zone::Zone;
use model::{Actor, DeviceId, Permission, Problem};
use serde_json::json;
use sqlx::PgConnection;

use super::SETUP_MINUTES;
use super::sign_in::{SetupCode, code_digest};
use crate::devices::adms::health;
use crate::devices::watch::SILENT_MINUTES;
use crate::people::zone_of;
use crate::store::kiosks::{self, KioskRow, NewKiosk};
use crate::store::terms;
use crate::{Attendance, Error};

impl Attendance {
    /// Adds a kiosk and gives the code that sets it up. The code is kept as a digest: it is shown now
    /// or never.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::Invalid`].
    pub async fn add_kiosk(&self, actor: &Actor, form: &KioskForm) -> Result<KioskSetup, Error> {
        actor.require(Permission::DevicesManage)?;
        let now = self.deps.now();
        let code = SetupCode::new(&*self.deps.entropy);
        let id: DeviceId = self.deps.new_id();
        let until = now + TimeDelta::minutes(SETUP_MINUTES);
        let mut tx = self.deps.db.begin("attendance.add_kiosk").await?;
        check(form, &terms::sites(&mut tx).await?)?;
        let new = NewKiosk {
            id,
            serial: &format!("kiosk-{}", self.deps.secret_hex::<8>()),
            name: form.name.trim(),
            site: form.site,
            zone: form.zone.trim(),
            setup_hash: &code_digest(code.as_str()),
            setup_until: until,
            now,
        };
        kiosks::insert(&mut tx, &new).await?;
        self.note_kiosk_in_tx(&mut tx, actor, id, "kiosk.added")
            .await?;
        tx.commit().await?;
        Ok(KioskSetup {
            id,
            name: new.name.to_owned(),
            code: code.shown(),
            until: zone_of(actor).stamp(until),
        })
    }

    /// Gives a kiosk that is still at `version` a new set-up code. The tablet that was signed in as it
    /// no longer is.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::NotFound`]; [`Error::Changed`].
    pub async fn renew_kiosk(
        &self,
        actor: &Actor,
        id: DeviceId,
        version: i32,
    ) -> Result<KioskSetup, Error> {
        actor.require(Permission::DevicesManage)?;
        let code = SetupCode::new(&*self.deps.entropy);
        let until = self.deps.now() + TimeDelta::minutes(SETUP_MINUTES);
        let mut tx = self.deps.db.begin("attendance.renew_kiosk").await?;
        let row = kiosks::find_locked(&mut tx, id).await?;
        let row = row.ok_or(Error::NotFound("kiosk"))?;
        if row.version != version {
            return Err(Error::Changed);
        }
        kiosks::renew(&mut tx, id, &code_digest(code.as_str()), until).await?;
        self.note_kiosk_in_tx(&mut tx, actor, id, "kiosk.renewed")
            .await?;
        tx.commit().await?;
        Ok(KioskSetup {
            id,
            name: row.name,
            code: code.shown(),
            until: zone_of(actor).stamp(until),
        })
    }

    /// Blocks a kiosk that is still at `version`, at once, or listens to it again.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::NotFound`]; [`Error::Changed`].
    pub async fn block_kiosk(
        &self,
        actor: &Actor,
        id: DeviceId,
        version: i32,
        blocked: bool,
    ) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let (state, action) = match blocked {
            true => (DeviceState::Blocked, "kiosk.blocked"),
            false => (DeviceState::Active, "kiosk.unblocked"),
        };
        let mut tx = self.deps.db.begin("attendance.block_kiosk").await?;
        let row = kiosks::find_locked(&mut tx, id).await?;
        let row = row.ok_or(Error::NotFound("kiosk"))?;
        if row.version != version {
            return Err(Error::Changed);
        }
        if row.state == state {
            return Ok(());
        }
        kiosks::set_state(&mut tx, id, state).await?;
        self.note_kiosk_in_tx(&mut tx, actor, id, action).await?;
        tx.commit().await?;
        Ok(())
    }

    /// All kiosks, for the page of devices.
    pub(crate) async fn kiosk_views(
        &self,
        conn: &mut PgConnection,
        zone: &Zone,
        alarms: &mut HashMap<DeviceId, Vec<DeviceAlarmView>>,
    ) -> Result<Vec<KioskView>, sqlx::Error> {
        let now = self.deps.now();
        let rows = kiosks::listed(conn).await?.into_iter();
        let view = |row: KioskRow| {
            // What this process has heard may not be written down yet.
            let last_seen = row.last_seen_at.max(self.kiosks.seen(row.id));
            let listens = row.state == DeviceState::Active && row.signed_in;
            KioskView {
                id: row.id,
                name: row.name,
                site: row.site,
                zone: row.zone,
                state: row.state,
                signed_in: row.signed_in,
                setup_until: row
                    .setup_until
                    .filter(|until| *until > now)
                    .map(|until| zone.stamp(until)),
                last_seen: last_seen.map(|at| zone.stamp(at)),
                silent: listens && health::silent(last_seen, now, SILENT_MINUTES).is_some(),
                punches: row.punches,
                alarms: alarms.remove(&row.id).unwrap_or_default(),
                version: row.version,
            }
        };
        Ok(rows.map(view).collect())
    }

    async fn note_kiosk_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        id: DeviceId,
        action: &str,
    ) -> Result<(), sqlx::Error> {
        let subject = format!("device:{id}");
        self.audit_as_in_tx(conn, &actor.who, action.to_owned(), subject, json!({}))
            .await?;
        self.tell_of_device_in_tx(conn, id, self.deps.now()).await
    }
}

fn check(form: &KioskForm, sites: &[Site]) -> Result<(), Error> {
    let mut errors = Vec::new();
    let mut check = |holds: bool, field: &str, message: &str| {
        if !holds {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        }
    };
    let length = form.name.trim().chars().count();
    check(
        (1..=80).contains(&length) && !form.name.chars().any(char::is_control),
        "name",
        "Give the kiosk a name of 1 to 80 characters.",
    );
    check(
        form.site
            .is_none_or(|site| sites.iter().any(|known| known.id == site)),
        "site",
        "There is no such site.",
    );
    check(
        Zone::named(form.zone.trim()).is_ok(),
        "zone",
        "That is no time zone: use a name such as Europe/Berlin.",
    );
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}
