//! What stands in the way of a booking, and what to take instead.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use model::scheduling::interval::Interval;
use model::scheduling::meeting::{Alternative, Conflict};
use model::scheduling::suggest::Wish;
use model::{MeetingId, PersonId, RoomId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::availability::{alternative, local_time, suggestions};
use crate::plan::Plan;
use crate::store::occupancy::{self, Claim};
use crate::{Error, Scheduling};

/// How far ahead alternatives are looked for.
const AHEAD: TimeDelta = TimeDelta::days(14);
/// How many alternatives are offered.
const OFFERED: usize = 5;

impl Scheduling {
    /// Who and what is taken, and when, by name.
    pub(crate) async fn conflicts(
        &self,
        conn: &mut PgConnection,
        plan: &Plan,
        except: Option<MeetingId>,
    ) -> Result<Vec<Conflict>, Error> {
        let claims = plan.claims();
        let names: HashMap<Uuid, &str> = plan
            .guests
            .iter()
            .filter_map(|g| g.person.as_ref())
            .map(|p| (p.id.0, p.name.as_str()))
            .chain(plan.rooms.iter().map(|r| (r.id.0, r.name.as_str())))
            .collect();
        let conflict = |who: Uuid, is_room: bool, from, to| Conflict {
            user: (!is_room).then_some(PersonId(who)),
            room: is_room.then_some(RoomId(who)),
            name: names.get(&who).copied().unwrap_or("Somebody").to_owned(),
            from,
            to,
        };
        let taken = occupancy::conflicts(conn, &claims, except).await?;
        let away = crate::absences::on_leave(conn, &claims).await?;
        let taken = taken
            .into_iter()
            .map(|row| conflict(row.who, row.is_room, row.from_at, row.to_at));
        let away = away
            .into_iter()
            .map(|row| conflict(row.person_id.0, false, row.from_at, row.to_at));
        Ok(taken.chain(away).collect())
    }

    /// The next best times at which everybody who is needed and every room is free; for a series,
    /// at all of its times, and measured from the first that is to come.
    pub(crate) async fn alternatives(
        &self,
        conn: &mut PgConnection,
        plan: &Plan,
        except: Option<MeetingId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Alternative>, Error> {
        let mut times = plan.occurrences.iter();
        let next = times.find(|time| time.state.is_active() && time.from_at > now);
        let Some(first) = next.or(plan.occurrences.first()) else {
            return Ok(Vec::new());
        };
        // From the morning of that day, so that an hour earlier is offered as well.
        let morning = plan.zone.start_of(plan.zone.day_of(first.from_at));
        let from = morning.unwrap_or(first.from_at).max(now);
        let within = Interval::new(from, from + AHEAD);
        let people: Vec<_> = plan
            .guests
            .iter()
            .filter_map(|g| g.person.clone())
            .collect();
        let optional: BTreeSet<PersonId> = plan
            .guests
            .iter()
            .filter(|g| !g.takes_time())
            .filter_map(|g| g.person.as_ref().map(|p| p.id))
            .collect();
        let loaded = self
            .load(conn, &people, &plan.rooms, within, now, except)
            .await?;
        let repeats = plan.occurrences.len() > 1;
        let wish = Wish {
            reader: local_time(&plan.zone, within),
            limit: if repeats { 4 * OFFERED } else { OFFERED },
            per_day: 3,
            apart_minutes: 30,
            ..Wish::new((first.to_at - first.from_at).num_minutes(), within)
        };
        let found = suggestions(&loaded, &optional, &wish);
        let mut offered = Vec::with_capacity(OFFERED);
        for suggestion in found {
            if offered.len() == OFFERED {
                break;
            }
            let shifted = shifted(plan, suggestion.slot.from - first.from_at);
            if !repeats
                || occupancy::conflicts(conn, &shifted, except)
                    .await?
                    .is_empty()
            {
                offered.push(alternative(suggestion));
            }
        }
        Ok(offered)
    }
}

/// The claims of a series that is moved as a whole.
fn shifted(plan: &Plan, by: TimeDelta) -> Vec<Claim> {
    let claims = plan.all_claims().into_iter().map(|claim| Claim {
        from_at: claim.from_at + by,
        to_at: claim.to_at + by,
        ..claim
    });
    claims.collect()
}
