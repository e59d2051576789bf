//! Punches, from wherever they come: one path, [`Attendance::take_punches_in_tx`]. Nothing that was told
//! is lost: what is new is kept, and what cannot count yet is kept as well. [`told`]: punches that programs
//! tell.

mod told;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use model::attendance::day::Direction;
use model::zone::Zone;
use model::{PersonId, PunchId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Attendance;
use crate::people::zone_named;
use crate::store::devices_badges;
use crate::store::punches::{self, NewRow};

/// Through what a punch came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Our own pages.
    Web,
    /// Our own pages on a phone.
    Mobile,
    /// A tablet at the door.
    Kiosk,
    /// A wall device.
    Device,
    /// A program with a token.
    Api,
    /// A file.
    Import,
    /// A person who put a day right.
    Manual,
}

impl SourceKind {
    /// The word as it stands in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Mobile => "mobile",
            Self::Kiosk => "kiosk",
            Self::Device => "device",
            Self::Api => "api",
            Self::Import => "import",
            Self::Manual => "manual",
        }
    }
}

/// A punch as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Through what.
    pub source_kind: SourceKind,
    /// From whom: a device's id, or what `Who::reference` says. Keys are told apart by it.
    pub source: String,
    /// The same for every telling of this punch.
    pub key: String,
    /// Whose it is, if that is known.
    pub employee: Option<PersonId>,
    /// Whose badge it was made with. One of the two there must be.
    pub badge: Option<String>,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What the clock showed.
    pub raw_local: Option<NaiveDateTime>,
    /// How far the clock said to be from UTC. Without it, and with what the clock showed, a time that
    /// is shown twice is decided when days are derived.
    pub raw_offset_seconds: Option<i32>,
    /// Where the clock stands.
    pub zone: String,
    /// What it says of its direction.
    pub direction: Direction,
    /// Whether one may rely on that.
    pub trusted: bool,
    /// How the device knew the person.
    pub verify: Option<i32>,
    /// The line as it came.
    pub raw_text: Option<String>,
    /// The network address it came from.
    pub address: Option<String>,
    /// What is to be known of it: words without commas.
    pub flags: Vec<String>,
}

/// What became of one punch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenPunch {
    /// Its id, if it is new. One that was told before is kept already, under another id.
    pub new: Option<PunchId>,
    /// Whose it is; nobody's as long as the badge is nobody's.
    pub owner: Option<PersonId>,
}

/// What became of many punches, in the order in which they were told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// One for each.
    pub punches: Vec<TakenPunch>,
}

impl Taken {
    /// How many are new.
    pub fn new_count(&self) -> usize {
        self.punches.iter().filter(|p| p.new.is_some()).count()
    }
}

impl Attendance {
    /// Keeps what is new of many punches, in the caller's transaction, and marks the days that they
    /// make stale. After the commit the caller does well to call [`Attendance::nudge`].
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn take_punches_in_tx(
        &self,
        conn: &mut PgConnection,
        arrived: &[Arrived],
    ) -> Result<Taken, sqlx::Error> {
        if arrived.is_empty() {
            return Ok(Taken::default());
        }
        let now = self.deps.now();
        // In the order of arrival, so that the order of ids is that of the device.
        let mut ids: Vec<PunchId> = arrived.iter().map(|_| self.deps.new_id()).collect();
        ids.sort_unstable();
        let rows: Vec<NewRow<'_>> = arrived.iter().zip(&ids).map(row).collect();
        if arrived.iter().any(|punch| punch.employee.is_none()) {
            punches::share_badges(conn).await?;
        }
        let fresh = punches::insert(conn, &rows, now).await?;
        let fresh: HashSet<PunchId> = fresh.into_iter().collect();
        // After the insert, so that a badge given meanwhile either is seen here or finds the punch.
        let owners = owners(conn, arrived).await?;
        let mut stale: HashSet<(PersonId, NaiveDate)> = HashSet::new();
        let mut taken = Taken::default();
        for (place, (punch, id)) in arrived.iter().zip(ids).enumerate() {
            let owner = owners.get(&place);
            let new = fresh.contains(&id).then_some(id);
            if let (Some(_), Some((person, zone))) = (new, owner) {
                stale.insert((*person, zone.day_of(punch.occurred_at)));
            }
            taken.punches.push(TakenPunch {
                new,
                owner: owner.map(|(person, _)| *person),
            });
        }
        let mut wanted: Vec<&str> = arrived
            .iter()
            .zip(&taken.punches)
            .filter(|(_, became)| became.new.is_some() && became.owner.is_none())
            .filter_map(|(punch, _)| punch.badge.as_deref())
            .collect();
        if !wanted.is_empty() {
            wanted.sort_unstable();
            wanted.dedup();
            devices_badges::want(conn, &wanted).await?;
        }
        let mut stale: Vec<_> = stale
            .into_iter()
            .map(|(who, day)| (who, day, day))
            .collect();
        stale.sort_unstable();
        self.mark_stale_in_tx(conn, &stale).await?;
        Ok(taken)
    }
}

fn row<'a>((punch, id): (&'a Arrived, &PunchId)) -> NewRow<'a> {
    NewRow {
        id: *id,
        source_kind: punch.source_kind.as_str(),
        source: &punch.source,
        key: &punch.key,
        employee: punch.employee,
        badge: punch.badge.as_deref(),
        occurred_at: punch.occurred_at,
        raw_local: punch.raw_local,
        raw_offset_seconds: punch.raw_offset_seconds,
        zone: &punch.zone,
        direction: punch.direction,
        trusted: punch.trusted,
        verify: punch.verify,
        raw_text: punch.raw_text.as_deref(),
        address: punch.address.as_deref(),
        flags: punch.flags.join(","),
    }
}

/// Whose each punch is, by its place, and in which zone their dates are.
async fn owners(
    conn: &mut PgConnection,
    arrived: &[Arrived],
) -> Result<HashMap<usize, (PersonId, Zone)>, sqlx::Error> {
    let people: Vec<Option<Uuid>> = arrived.iter().map(|p| p.employee.map(|id| id.0)).collect();
    let badges: Vec<Option<&str>> = arrived.iter().map(|p| p.badge.as_deref()).collect();
    let at: Vec<DateTime<Utc>> = arrived.iter().map(|p| p.occurred_at).collect();
    let mut zones: HashMap<String, Zone> = HashMap::new();
    let mut owners = HashMap::new();
    for owner in punches::owners(conn, &people, &badges, &at).await? {
        let zone = match zones.get(&owner.zone) {
            Some(zone) => zone.clone(),
            None => {
                let zone = zone_named(&owner.zone);
                zones.insert(owner.zone.clone(), zone.clone());
                zone
            }
        };
        if let Ok(place) = usize::try_from(owner.place - 1) {
            owners.insert(place, (owner.employee_id, zone));
        }
    }
    Ok(owners)
}
