//! Kiosks as those keep them who keep devices, and a person's own way in at them.

use leptos::prelude::*;
use model::attendance::views::{KioskAccess as Access, KioskCode as Code, KioskForm, KioskSetup};
use model::{DeviceId, Problem};
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the form of a new kiosk sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KioskFields {
    /// Its name.
    pub name: String,
    /// Its site, by id; empty for none.
    pub site: String,
    /// The zone in which it shows times.
    pub zone: String,
}

impl KioskFields {
    /// What is said of the kiosk.
    ///
    /// # Errors
    /// 422 for a site that is none.
    pub fn read(&self) -> Result<KioskForm, Problem> {
        let site = match self.site.trim() {
            "" => None,
            site => Some(
                site.parse()
                    .map_err(|_| Problem::invalid_field("site", "Choose one of the sites."))?,
            ),
        };
        Ok(KioskForm {
            name: self.name.trim().to_owned(),
            site,
            zone: self.zone.trim().to_owned(),
        })
    }
}

/// Adds a kiosk; its set-up code is shown once.
///
/// # Errors
/// 422 with the fields that are wrong.
#[server(prefix = "/fn")]
pub async fn add_kiosk(
    /// What was typed.
    form: KioskFields,
) -> Result<KioskSetup, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::DevicesManage)?;
    Ok(super::service()?.add_kiosk(&actor, &form.read()?).await?)
}

/// Gives a kiosk a new set-up code, and ends its sign-in.
///
/// # Errors
/// 409 for a change meanwhile.
#[server(prefix = "/fn")]
pub async fn renew_kiosk(
    /// Which.
    id: DeviceId,
    /// The version that was seen.
    version: i32,
) -> Result<KioskSetup, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.renew_kiosk(&actor, id, version).await?)
}

/// Blocks a kiosk, or listens to it again.
///
/// # Errors
/// 409 for a change meanwhile.
#[server(prefix = "/fn")]
pub async fn block_kiosk(
    /// Which.
    id: DeviceId,
    /// The version that was seen.
    version: i32,
    /// Whether it is to be blocked.
    blocked: bool,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?
        .block_kiosk(&actor, id, version, blocked)
        .await?;
    crate::api::scheduling::forms::lead_on(crate::paths::DEVICES);
    Ok(())
}

/// Takes away the PIN of somebody who has forgotten it.
///
/// # Errors
/// 403 without `attendance:manage`; 422 for somebody who is not known.
#[server(prefix = "/fn")]
pub async fn clear_pin(
    /// Whose, by id, address or number.
    employee: String,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?.clear_pin(&actor, &employee).await?;
    crate::api::scheduling::forms::lead_on(crate::paths::DEVICES);
    Ok(())
}

/// The reader's own number, and whether there is a PIN.
///
/// # Errors
/// 403 without `attendance:self`.
#[server(prefix = "/fn")]
pub async fn kiosk_access() -> Result<Access, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.kiosk_access(&actor).await?)
}

/// Sets the reader's own PIN.
///
/// # Errors
/// 422 for a PIN that is too easy, or was not typed twice alike.
#[server(prefix = "/fn")]
pub async fn set_pin(
    /// The PIN.
    secret_pin: String,
    /// The same again.
    secret_again: String,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    let service = super::service()?;
    service.set_pin(&actor, &secret_pin, &secret_again).await?;
    crate::api::scheduling::forms::lead_on(crate::paths::KIOSK_ACCESS);
    Ok(())
}

/// A fresh code of the reader that a kiosk scans.
///
/// # Errors
/// 403 without `attendance:self`.
#[server(prefix = "/fn")]
pub async fn kiosk_code() -> Result<Code, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.kiosk_code(&actor).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kiosk_need_not_stand_at_a_site() {
        let fields = KioskFields {
            name: " Front door ".into(),
            zone: "Europe/Berlin".into(),
            ..KioskFields::default()
        };
        let form = fields.read().expect("a kiosk");
        assert_eq!((form.name.as_str(), form.site), ("Front door", None));
        let site = KioskFields {
            site: "Berlin".into(),
            ..fields
        };
        assert!(site.read().is_err());
    }
}
