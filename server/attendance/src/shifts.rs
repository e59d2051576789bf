//! One's own coming shifts, a few weeks of them, with what can be swapped and the swaps there are.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use model::attendance::swap::SwapState;
use model::attendance::views::{Named, RosterCell, ShiftDay, ShiftWeek, ShiftsPage, SwapView};
use model::{Actor, Permission, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::duty::Zones;
use crate::people::{in_force, zone_of};
use crate::planned::{Known, Span, by_person};
use crate::roster::{Week, today_of};
use crate::store::roster::PersonRow;
use crate::store::{employees, swaps};
use crate::swaps::SHOWN;
use crate::{Attendance, Error};

/// How many weeks are shown at once.
const WEEKS: u64 = 4;

impl Attendance {
    /// The reader's own shifts of some weeks from that of a day on, the present one if none is given.
    ///
    /// # Errors
    /// [`Error::NotAPerson`] for a program; [`Error::Invalid`] for a day that is far away.
    pub async fn own_shifts(
        &self,
        actor: &Actor,
        day: Option<NaiveDate>,
    ) -> Result<ShiftsPage, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let own = actor.person_id().ok_or(Error::NotAPerson)?;
        let today = today_of(actor, self.deps.now());
        let monday = Week::of(day.unwrap_or(today))?.monday;
        let last = monday + Days::new(WEEKS * 7 - 1);
        let mut conn = self.deps.db.read().await?;
        let mut read = self.own_days(&mut conn, actor, own, (monday, last)).await?;
        let has_team = !read.team.is_empty()
            && !swaps::peers(&mut conn, &read.team, own, today)
                .await?
                .is_empty();
        if !has_team {
            read.days.iter_mut().for_each(|day| day.may_swap = false);
        }
        let weeks = read.days.chunks(7).map(|days| ShiftWeek {
            days: days.to_vec(),
            minutes: days.iter().map(minutes).sum(),
        });
        let ids = swaps::ids_of(&mut conn, own, today, SHOWN).await?;
        let mut swaps = self.swap_views(&mut conn, actor, &ids, today).await?;
        swaps.sort_by_key(|swap| !waits(swap));
        Ok(ShiftsPage {
            person: Named {
                id: own,
                name: read.person.name,
            },
            monday,
            today,
            zone: actor.zone.clone(),
            weeks: weeks.collect(),
            swaps,
            has_team,
        })
    }

    /// One of the reader's own days, and the reader's team.
    pub(crate) async fn own_day(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        own: PersonId,
        date: NaiveDate,
    ) -> Result<(ShiftDay, String), Error> {
        let read = self.own_days(conn, actor, own, (date, date)).await?;
        let day = read.days.into_iter().next();
        Ok((day.ok_or(Error::NotFound("day"))?, read.team))
    }

    async fn own_days(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        own: PersonId,
        span: Span,
    ) -> Result<OwnDays, Error> {
        let now = self.deps.now();
        let person = self.employee(conn, own).await?;
        let person = PersonRow {
            id: person.id,
            name: person.name,
            zone: person.zone,
        };
        let ids: [Uuid; 1] = [own.0];
        let terms = employees::employments(conn, &ids).await?;
        let team = in_force(&terms, today_of(actor, now));
        let team = team.map_or_else(String::new, |terms| terms.team.clone());
        let terms = by_person(terms, |row| row.employee_id);
        let known = Known::load(conn, &ids, terms, span, zone_of(actor)).await?;
        let offered = swaps::offered(conn, own, span.0, span.1).await?;
        let offered: HashMap<NaiveDate, SwapState> = offered.into_iter().collect();
        let row = known.row(team.clone(), person.clone(), span, &mut Zones::default());
        let days = row.cells.into_iter().map(|cell| {
            let shifts = known.day(own, cell.date);
            let shifts = shifts.map_or(&[][..], |day| day.shifts.as_slice());
            let open = offered.get(&cell.date).copied();
            let has_begun = known.has_begun(&person, cell.date, shifts, now);
            ShiftDay {
                may_swap: can_be_offered(&cell) && !has_begun && open.is_none(),
                open,
                cell,
            }
        });
        Ok(OwnDays {
            days: days.collect(),
            person,
            team,
        })
    }
}

/// Days of somebody, with who they are.
struct OwnDays {
    person: PersonRow,
    team: String,
    days: Vec<ShiftDay>,
}

fn can_be_offered(cell: &RosterCell) -> bool {
    !cell.shifts.is_empty() && !cell.leave && !cell.locked
}

/// How much work is planned for a day.
fn minutes(day: &ShiftDay) -> i64 {
    let shifts = day.cell.shifts.iter();
    shifts.map(|shift| shift.minutes).sum()
}

/// Whether a swap waits for whoever reads.
fn waits(swap: &SwapView) -> bool {
    swap.may_answer && swap.state == SwapState::Asked
}
