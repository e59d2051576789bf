//! A device as its plain form sends it. A page has one form for each device, so what is wrong is told
//! under the name of the device's own field.

use leptos::prelude::*;
use model::Problem;
use model::attendance::views::DeviceForm;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the form of a device sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceFields {
    /// Which.
    pub id: String,
    /// The version that was seen.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// The zone of its clock.
    pub zone: String,
    /// Whether it is listened to: `active`, `blocked`.
    pub state: String,
}

/// The name in errors of a field of one device.
pub fn device_field(id: &str, field: &str) -> String {
    format!("{id}.{field}")
}

impl DeviceFields {
    /// What is said of the device.
    ///
    /// # Errors
    /// 422 for a state that is none.
    pub fn read(&self) -> Result<DeviceForm, Problem> {
        let state =
            self.state.trim().parse().map_err(|_| {
                Problem::invalid_field("state", "Choose whether it is listened to.")
            })?;
        Ok(DeviceForm {
            name: self.name.trim().to_owned(),
            zone: self.zone.trim().to_owned(),
            state,
        })
    }
}

/// Names a device, and says whether it is listened to.
///
/// # Errors
/// As [`save_device`](super::save_device), under the names of the device's own fields.
#[server(prefix = "/fn")]
pub async fn keep_device(
    /// What was typed.
    form: DeviceFields,
) -> Result<(), ApiError> {
    crate::ssr::actor()?.require(model::Permission::DevicesManage)?;
    let id = form.id.trim();
    let device = id.parse().map_err(|_| Problem::not_found("device"))?;
    let said = form.read().map_err(|problem| of_device(problem, id))?;
    match super::save_device(device, form.version, said).await {
        Ok(()) => {
            crate::api::scheduling::forms::lead_on(crate::paths::DEVICES);
            Ok(())
        }
        Err(ApiError(problem)) => Err(ApiError(of_device(problem, id))),
    }
}

/// The service knows fields by their name alone; the page has them once a device.
#[cfg(any(feature = "ssr", test))]
fn of_device(mut problem: Problem, id: &str) -> Problem {
    for error in &mut problem.errors {
        error.field = device_field(id, &error.field);
    }
    problem
}

#[cfg(test)]
mod tests {
    use model::attendance::views::DeviceState;

    use super::*;

    #[test]
    fn a_device_is_read() {
        let fields = DeviceFields {
            name: " Front door ".into(),
            zone: "Europe/Berlin".into(),
            state: "active".into(),
            ..DeviceFields::default()
        };
        let form = fields.read().expect("a device");
        assert_eq!(form.name, "Front door");
        assert_eq!(form.state, DeviceState::Active);
        assert!(DeviceFields::default().read().is_err());
    }

    #[test]
    fn what_is_wrong_is_told_of_one_device() {
        let problem = of_device(Problem::invalid_field("name", "Give it a name."), "7");
        assert_eq!(problem.message_for("7.name"), Some("Give it a name."));
    }
}
