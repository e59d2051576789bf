//! Who is in. Colleagues see where somebody is and no more; times are for managers and HR.

use chrono::{DateTime, Timelike, Utc};
use model::attendance::day::Presence;
use model::attendance::views::{Named, PersonPresence, PresencePage, TeamPresence, Whereabouts};
use model::{Actor, Permission, PersonId};

use crate::people::{zone_named, zone_of};
use crate::privacy::{Data, Relation, may_see};
use crate::store::presence::{self, BoardRow};
use crate::{Attendance, Error};

/// From this hour on the second half of a day is meant by “now”.
const NOON: u32 = 13;

impl Attendance {
    /// The board: the reader's team, whom the reader manages, or everybody for HR.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:self`, `attendance:approve` or `attendance:manage`.
    pub async fn presence(&self, actor: &Actor) -> Result<PresencePage, Error> {
        let everybody = actor.may(Permission::AttendanceManage);
        let manages = actor.may(Permission::AttendanceApprove);
        if !everybody && !manages {
            actor.require(Permission::AttendanceSelf)?;
        }
        let (now, zone) = (self.deps.now(), zone_of(actor));
        let asker = actor.person_id();
        let today = zone.day_of(now);
        let mut conn = self.deps.db.read().await?;
        let rows = presence::board(&mut conn, asker, everybody, manages, today).await?;
        drop(conn);
        let mut teams: Vec<TeamPresence> = Vec::new();
        let mut with_times = false;
        for row in rows {
            let relation = relation(&row, asker, everybody);
            if !may_see(relation, Data::Presence) {
                continue;
            }
            let may_see_times = may_see(relation, Data::PresenceTimes);
            with_times |= may_see_times && relation != Relation::Own;
            let since = row.since.filter(|_| may_see_times);
            let person = PersonPresence {
                state: state(&row, now),
                since: since.map(|at| zone.stamp(at)),
                person: Named {
                    id: row.id,
                    name: row.name,
                },
            };
            match teams.last_mut() {
                Some(team) if team.team == row.team => team.people.push(person),
                _ => teams.push(TeamPresence {
                    team: row.team,
                    people: vec![person],
                }),
            }
        }
        Ok(PresencePage {
            teams,
            now: zone.stamp(now),
            with_times,
        })
    }
}

fn relation(row: &BoardRow, asker: Option<PersonId>, everybody: bool) -> Relation {
    if asker == Some(row.id) {
        Relation::Own
    } else if everybody {
        Relation::Hr
    } else if row.managed {
        Relation::LineManager
    } else {
        Relation::TeamPeer
    }
}

/// Where somebody is. Whoever has come in although there is leave is in.
fn state(row: &BoardRow, now: DateTime<Utc>) -> Whereabouts {
    let is_morning = zone_named(&row.zone).local_of(now).hour() < NOON;
    let is_away = if is_morning { row.away_am } else { row.away_pm };
    match row.state {
        Some(Presence::In) => Whereabouts::In,
        Some(Presence::Break) => Whereabouts::Break,
        Some(Presence::Out) | None if is_away => Whereabouts::Away,
        Some(Presence::Out) | None => Whereabouts::Out,
    }
}
