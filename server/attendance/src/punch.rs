//! Punches, from wherever they come: one path, [`Attendance::take_punches_in_tx`]. Nothing that was told
//! is lost: what is new is kept, and what cannot count yet is kept as well. [`told`]: punches that programs
//! tell.

pub(crate) mod told;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use model::attendance::day::Direction;
use model::zone::Zone;
use model::{PersonId, PunchId};
use sqlx::PgConnection;

use crate::Attendance;
use crate::people::zone_named;
use crate::store::devices_badges;
use crate::store::employees::EmployeeRow;
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

/// Somebody, and where the days of their punches begin and end.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Who.
    pub id: PersonId,
    /// Their clocks.
    pub zone: Zone,
}

impl From<&EmployeeRow> for Owner {
    fn from(person: &EmployeeRow) -> Self {
        Self {
            id: person.id,
            zone: zone_named(&person.zone),
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
    pub employee: Option<Owner>,
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
        let owners = owners(conn, arrived).await?;
        let taken = self.keep_punches(conn, arrived, &owners).await?;
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
        Ok(taken)
    }

    /// Keeps what is new of punches and marks the days that they make of their owners stale. It is one
    /// statement, so whose punches are known needs no transaction.
    pub(crate) async fn keep_punches(
        &self,
        conn: &mut PgConnection,
        arrived: &[Arrived],
        owners: &[Option<Owner>],
    ) -> Result<Taken, sqlx::Error> {
        // In the order of arrival, so that the order of ids is that of the device.
        let mut ids: Vec<PunchId> = arrived.iter().map(|_| self.deps.new_id()).collect();
        ids.sort_unstable();
        let told = arrived.iter().zip(owners).zip(&ids);
        let rows: Vec<NewRow<'_>> = told.map(row).collect();
        let fresh = punches::insert(conn, &rows, self.deps.now()).await?;
        let fresh: HashSet<PunchId> = fresh.into_iter().collect();
        let punches = ids.into_iter().zip(owners).map(|(id, owner)| TakenPunch {
            new: fresh.contains(&id).then_some(id),
            owner: owner.as_ref().map(|owner| owner.id),
        });
        Ok(Taken {
            punches: punches.collect(),
        })
    }
}

fn row<'a>(((punch, owner), id): ((&'a Arrived, &Option<Owner>), &PunchId)) -> NewRow<'a> {
    NewRow {
        id: *id,
        source_kind: punch.source_kind.as_str(),
        source: &punch.source,
        key: &punch.key,
        employee: punch.employee.as_ref().map(|owner| owner.id),
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
        stale: owner
            .as_ref()
            .map(|owner| (owner.id, owner.zone.day_of(punch.occurred_at))),
    }
}

/// Whose each punch is. A change of badges waits for the transaction from here on, so that it finds the
/// punches that did not see it.
async fn owners(
    conn: &mut PgConnection,
    arrived: &[Arrived],
) -> Result<Vec<Option<Owner>>, sqlx::Error> {
    let mut owners: Vec<Option<Owner>> = arrived.iter().map(|p| p.employee.clone()).collect();
    if owners.iter().all(Option::is_some) {
        return Ok(owners);
    }
    punches::share_badges(conn).await?;
    let open = arrived.iter().map(|p| match p.employee {
        Some(_) => None,
        None => p.badge.as_deref(),
    });
    let badges: Vec<Option<&str>> = open.collect();
    let at: Vec<DateTime<Utc>> = arrived.iter().map(|p| p.occurred_at).collect();
    let mut zones: HashMap<String, Zone> = HashMap::new();
    for row in punches::owners(conn, &badges, &at).await? {
        let place = usize::try_from(row.place - 1).ok();
        if let Some(owner) = place.and_then(|place| owners.get_mut(place)) {
            let zone = zones.entry(row.zone);
            let zone = zone.or_insert_with_key(|name| zone_named(name)).clone();
            *owner = Some(Owner {
                id: row.employee_id,
                zone,
            });
        }
    }
    Ok(owners)
}
