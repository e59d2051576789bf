//! Rooms: what there is, and whether it is free.

use chrono::TimeDelta;
use model::scheduling::interval::Interval;
use model::scheduling::views::{RoomForm, RoomView, RoomsPage};
use model::zone::Zone;
use model::{Actor, FieldError, Permission, Problem, RoomId};
use platform::db::on_constraint;

use crate::store::occupancy::{self, TakenRow};
use crate::store::rooms::{self, RoomRow};
use crate::{Error, Scheduling};

/// How far ahead the page says when a room is taken next.
const AHEAD: TimeDelta = TimeDelta::days(1);

impl Scheduling {
    /// Every room, whether it is free now, and what the reader may do.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `meetings:read`.
    pub async fn rooms_page(&self, actor: &Actor) -> Result<RoomsPage, Error> {
        actor.require(Permission::MeetingsRead)?;
        let now = self.deps.now();
        let zone = crate::page::zone_of(actor);
        let mut conn = self.deps.db.read().await?;
        let rows = rooms::all(&mut conn).await?;
        let ids: Vec<_> = rows.iter().map(|room| room.id.0).collect();
        let taken = occupancy::taken(&mut conn, &ids, now, now + AHEAD, None).await?;
        let view = |room: RoomRow| {
            let own: Vec<&TakenRow> = taken.iter().filter(|t| t.who == room.id.0).collect();
            view(room, &own, Interval::new(now, now + AHEAD), &zone)
        };
        Ok(RoomsPage {
            rooms: rows.into_iter().map(view).collect(),
            may_change: actor.may(Permission::RoomsWrite),
            zone: actor.zone.clone(),
        })
    }

    /// Makes a room, or changes one that is still at `version`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `rooms:write`; [`Error::Invalid`]; [`Error::RoomNameTaken`];
    /// [`Error::Changed`].
    pub async fn save_room(
        &self,
        actor: &Actor,
        id: Option<&str>,
        version: i32,
        form: &RoomForm,
    ) -> Result<(), Error> {
        actor.require(Permission::RoomsWrite)?;
        let id = id.filter(|id| !id.is_empty()).map(room_id).transpose()?;
        let room = accepted(form, id.unwrap_or_else(|| self.deps.new_id()))?;
        let mut tx = self.deps.db.begin("scheduling.save_room").await?;
        let taken = || Error::RoomNameTaken;
        match id {
            None => {
                let made = rooms::insert(&mut tx, &room).await;
                on_constraint(made, "room_name_unique", taken)?;
            }
            Some(_) => {
                let changed = rooms::update(&mut tx, &room, version).await;
                if !on_constraint(changed, "room_name_unique", taken)? {
                    return Err(Error::Changed);
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes a room out of use. Meetings that have it keep it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `rooms:write`; [`Error::NotFound`]; [`Error::Changed`].
    pub async fn retire_room(&self, actor: &Actor, id: &str, version: i32) -> Result<(), Error> {
        actor.require(Permission::RoomsWrite)?;
        let id = room_id(id)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("scheduling.retire_room").await?;
        let found = rooms::find(&mut tx, id).await?;
        let mut room = found.ok_or(Error::NotFound("room"))?;
        room.retired_at = Some(now);
        if !rooms::update(&mut tx, &room, version).await? {
            return Err(Error::Changed);
        }
        tx.commit().await?;
        Ok(())
    }
}

fn room_id(text: &str) -> Result<RoomId, Error> {
    text.parse().map_err(|_| Error::NotFound("room"))
}

fn view(room: RoomRow, taken: &[&TakenRow], seen: Interval, zone: &Zone) -> RoomView {
    // Bookings that follow each other without a gap are one stretch to whoever stands at the door.
    let mut until = None;
    let mut next = None;
    for row in taken {
        if row.from_at <= until.unwrap_or(seen.from) {
            until = Some(until.map_or(row.to_at, |at| row.to_at.max(at)));
        } else if next.is_none() {
            next = Some(row.from_at);
        }
    }
    RoomView {
        id: room.id,
        name: room.name,
        place: room.place,
        zone: room.zone,
        capacity: room.capacity,
        equipment: room.equipment,
        version: room.version,
        retired: room.retired_at.is_some(),
        taken_until: until.map(|at| zone.stamp(at)),
        next_taken: next.filter(|_| until.is_none()).map(|at| zone.stamp(at)),
    }
}

/// Checks what is said of a room.
fn accepted(form: &RoomForm, id: RoomId) -> Result<RoomRow, Error> {
    let mut errors = Vec::new();
    let mut check = |holds: bool, field: &str, message: &str| {
        if !holds {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        }
    };
    let name = form.name.trim();
    check(
        (1..=80).contains(&name.chars().count()),
        "name",
        "Give the room a name of 1 to 80 characters.",
    );
    check(
        form.place.trim().chars().count() <= 120,
        "place",
        "Keep the place to 120 characters.",
    );
    check(
        (1..=10_000).contains(&form.capacity),
        "capacity",
        "Say how many it holds, 1 to 10,000.",
    );
    check(
        Zone::named(&form.zone).is_ok(),
        "zone",
        "That is no time zone: use a name such as Europe/Berlin.",
    );
    let mut equipment: Vec<String> = form
        .equipment
        .iter()
        .map(|word| word.trim().to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    equipment.sort();
    equipment.dedup();
    check(
        equipment.len() <= 30 && equipment.iter().all(|word| word.chars().count() <= 40),
        "equipment",
        "Name at most thirty things, of 40 characters each.",
    );
    if !errors.is_empty() {
        return Err(Error::Invalid(Problem::invalid(errors)));
    }
    Ok(RoomRow {
        id,
        name: name.to_owned(),
        place: form.place.trim().to_owned(),
        zone: form.zone.clone(),
        capacity: form.capacity,
        equipment,
        version: 1,
        retired_at: None,
    })
}
