//! The form of a room.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the form of a room sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoomFields {
    /// The room; empty for a new one.
    pub id: String,
    /// The version that was seen.
    pub version: i32,
    /// The name.
    pub name: String,
    /// Where it is.
    pub place: String,
    /// Its zone.
    pub zone: String,
    /// How many it holds, as a number.
    pub capacity: String,
    /// What is in it, parted by commas.
    pub equipment: String,
}

/// Makes a room, or changes one that is still at its version.
///
/// # Errors
/// As [`save_room`](super::super::save_room).
#[server(prefix = "/fn")]
pub async fn keep_room(
    /// What was typed.
    form: RoomFields,
) -> Result<(), ApiError> {
    crate::ssr::actor()?.require(model::Permission::RoomsWrite)?;
    let room = form.read()?;
    let id = Some(form.id.clone()).filter(|id| !id.is_empty());
    super::super::save_room(id, form.version, room).await?;
    super::lead_on(crate::paths::ROOMS);
    Ok(())
}

/// Takes a room out of use.
///
/// # Errors
/// As [`retire_room`](super::super::retire_room).
#[server(prefix = "/fn")]
pub async fn take_out_room(
    /// The room.
    id: String,
    /// The version that was seen.
    version: i32,
) -> Result<(), ApiError> {
    super::super::retire_room(id, version).await?;
    super::lead_on(crate::paths::ROOMS);
    Ok(())
}

#[cfg(feature = "ssr")]
impl RoomFields {
    /// What the service takes.
    fn read(&self) -> Result<model::scheduling::views::RoomForm, model::Problem> {
        let capacity = self.capacity.trim().parse().map_err(|_| {
            model::Problem::invalid_field("capacity", "Say how many people it holds, as a number.")
        })?;
        Ok(model::scheduling::views::RoomForm {
            name: self.name.trim().to_owned(),
            place: self.place.trim().to_owned(),
            zone: self.zone.trim().to_owned(),
            capacity,
            equipment: words(&self.equipment),
        })
    }
}

/// The words between commas, each once.
#[cfg(feature = "ssr")]
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split([',', '\n']).map(str::trim) {
        let known = words.iter().any(|known| known.eq_ignore_ascii_case(word));
        if !word.is_empty() && !known {
            words.push(word.to_owned());
        }
    }
    words
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn equipment_is_a_list_of_words() {
        let form = RoomFields {
            name: " Fjord ".into(),
            zone: "Europe/Berlin".into(),
            capacity: "8".into(),
            equipment: "Screen, camera,, screen".into(),
            ..RoomFields::default()
        };
        let room = form.read().expect("a room");
        assert_eq!(room.name, "Fjord");
        assert_eq!(room.equipment, ["Screen", "camera"]);
    }

    #[test]
    fn a_room_holds_a_number() {
        let form = RoomFields {
            capacity: "many".into(),
            ..RoomFields::default()
        };
        let problem = form.read().expect_err("no number");
        assert_eq!(problem.errors[0].field, "capacity");
    }
}
