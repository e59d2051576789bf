//! Offering a day: what the colleagues of the team work, what a swap would make of both rosters, and
//! the request.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::swap::SwapState;
use model::attendance::views::{
    Named, Peer, PeerDay, RosterRow, SwapForm, SwapPage, SwapPreview, SwapView,
};
use model::problem::FieldError;
use model::{Actor, Permission, PersonId, Problem, SwapId};
use platform::db::on_constraint;
use sqlx::PgConnection;

use super::look::{Look, span_of};
use super::view::Loaded;
use crate::duty::Zones;
use crate::inbox::{check_key, check_text};
use crate::people::zone_of;
use crate::planned::Known;
use crate::privacy::{Data, Relation, may_see};
use crate::roster::{Week, sane_day, today_of};
use crate::store::roster::{self, PersonRow};
use crate::store::stale;
use crate::store::swaps::{self as store, NewSwap};
use crate::{Attendance, Error};

/// The longest note, in characters.
const NOTE: usize = 500;

impl Attendance {
    /// The page on which the reader offers a day: what the colleagues of the team work on it and in a
    /// week, and what a swap with one of them would make of both.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a day that is far away; [`Error::NotFound`] for somebody who is not in
    /// the reader's team.
    pub async fn swap_page(
        &self,
        actor: &Actor,
        date: NaiveDate,
        week: Option<NaiveDate>,
        chosen: Option<(PersonId, NaiveDate)>,
    ) -> Result<SwapPage, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let own = actor.person_id().ok_or(Error::NotAPerson)?;
        let date = sane_day("date", date)?;
        let now = self.deps.now();
        let today = today_of(actor, now);
        let week = Week::of(week.or(chosen.map(|(_, day)| day)).unwrap_or(date))?;
        let mut conn = self.deps.db.read().await?;
        let (day, team) = self.own_day(&mut conn, actor, own, date).await?;
        let peers = match team.as_str() {
            team if !team.is_empty() && may_see(Relation::TeamPeer, Data::PlannedShifts) => {
                store::peers(&mut conn, team, own, today).await?
            }
            _ => Vec::new(),
        };
        let ids: Vec<PersonId> = peers.iter().map(|peer| peer.id).collect();
        let span = (week.monday, week.sunday());
        let that_day = Loaded::load(&mut conn, zone_of(actor), &ids, (date, date))
            .await?
            .known;
        let that_week = Loaded::load(&mut conn, zone_of(actor), &ids, span)
            .await?
            .known;
        let of_week = |peer: &PersonRow, span, known: &Known| {
            let row = known.row(team.clone(), peer.clone(), span, &mut Zones::default());
            peer_days(peer, row, known, now)
        };
        let shown = peers.iter().map(|peer| {
            let mut that = of_week(peer, (date, date), &that_day).into_iter();
            let mut that = that.next().unwrap_or(PeerDay {
                date,
                shifts: Vec::new(),
                away: false,
                may_ask: false,
            });
            // Whoever is free can take it; whoever works the same has nothing to exchange.
            that.may_ask = !that.away && that.shifts != day.cell.shifts;
            let mut days = of_week(peer, span, &that_week);
            for day in &mut days {
                day.may_ask &= day.date != date && !day.away && !day.shifts.is_empty();
            }
            Peer {
                person: Named {
                    id: peer.id,
                    name: peer.name.clone(),
                },
                that_day: that,
                days,
            }
        });
        let shown = shown.collect();
        let chosen = match chosen {
            Some((colleague, to_day)) => {
                if !ids.contains(&colleague) {
                    return Err(Error::NotFound("colleague"));
                }
                let to_day = sane_day("day", to_day)?;
                let preview = self.preview(&mut conn, actor, own, colleague, date, to_day);
                Some(preview.await?)
            }
            None => None,
        };
        let newest = store::ids_of(&mut conn, own, today, super::SHOWN).await?;
        Ok(SwapPage {
            day,
            zone: actor.zone.clone(),
            team,
            monday: week.monday,
            today,
            peers: shown,
            chosen,
            newest: newest.into_iter().max().map(SwapId),
        })
    }

    async fn preview(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        own: PersonId,
        colleague: PersonId,
        from_day: NaiveDate,
        to_day: NaiveDate,
    ) -> Result<SwapPreview, Error> {
        let span = span_of(from_day, to_day);
        let loaded = Loaded::load(conn, zone_of(actor), &[own, colleague], span).await?;
        let look = loaded.look(self, actor, [own, colleague], [from_day, to_day])?;
        let before = look.before();
        let offered = store::offered(conn, own, from_day, from_day).await?;
        let mut obstacles: Vec<String> = look
            .obstacles(&before)
            .into_iter()
            .map(|obstacle| obstacle.text)
            .collect();
        if !offered.is_empty() {
            obstacles.push(OFFERED.to_owned());
        }
        Ok(SwapPreview {
            colleague: Named {
                id: colleague,
                name: look.other.name.clone(),
            },
            to_day,
            days: look.shown(&before),
            warnings: look.warnings(&before),
            obstacles,
        })
    }

    /// Asks a colleague of the reader's team to swap.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody who is not in the reader's team; 422 with what stands in its
    /// way; 409 for a day that is offered already.
    pub async fn request_swap(
        &self,
        actor: &Actor,
        form: &SwapForm,
        key: &str,
    ) -> Result<SwapView, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let own = actor.person_id().ok_or(Error::NotAPerson)?;
        check_key(key)?;
        check_swap_note(&form.note)?;
        let from_day = sane_day("from_day", form.from_day)?;
        let to_day = sane_day("to_day", form.to_day)?;
        let (by, now) = (actor.who.reference(), self.deps.now());
        let today = today_of(actor, now);
        let mut tx = self.deps.db.begin("attendance.request_swap").await?;
        if let Some(known) = store::id_by_key(&mut tx, &by, key).await? {
            return self.known_swap(&mut tx, actor, known, form, today).await;
        }
        let colleague = self
            .colleague(&mut tx, actor, form.colleague, today)
            .await?;
        stale::share_periods(&mut tx).await?;
        let span = span_of(from_day, to_day);
        let loaded = Loaded::load(&mut tx, zone_of(actor), &[own, colleague], span).await?;
        let look = loaded.look(self, actor, [own, colleague], [from_day, to_day])?;
        let before = look.before();
        refuse(&look, &before)?;
        let id: SwapId = self.deps.new_id();
        let new = NewSwap {
            id,
            asker: own,
            from_day,
            other: colleague,
            to_day,
            note: form.note.trim(),
            asked_days: &before,
            client_key: key,
            created_by: &by,
            created_at: now,
        };
        let kept = store::insert(&mut tx, &new).await;
        if !on_constraint(kept, "swap_one_open_per_day", || {
            conflict("day_offered", OFFERED)
        })? {
            return Err(Error::KeyReused);
        }
        let asked = SwapState::Asked;
        self.say_swap_in_tx(&mut tx, actor, (id, 1), asked, new.note)
            .await?;
        self.tell_request_in_tx(&mut tx, "swap", id.0, own).await?;
        self.mail_swap_in_tx(&mut tx, &loaded, &look, &before, asked, actor, new.note)
            .await?;
        let view = self.one_swap_view(&mut tx, actor, id, today).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The request that was made under the same key, if it is the same.
    async fn known_swap(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        id: SwapId,
        form: &SwapForm,
        today: NaiveDate,
    ) -> Result<SwapView, Error> {
        let rows = store::by_ids(conn, &[id.0], today).await?;
        let row = rows.first().ok_or(Error::NotFound("swap"))?;
        let is_same = row.from_day == form.from_day
            && row.to_day == form.to_day
            && row.other == form.colleague
            && row.note == form.note.trim();
        if !is_same {
            return Err(Error::KeyReused);
        }
        self.one_swap_view(conn, actor, id, today).await
    }

    /// Somebody of the reader's team who works here.
    async fn colleague(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        colleague: PersonId,
        today: NaiveDate,
    ) -> Result<PersonId, Error> {
        let sees = self.sees(conn, actor, colleague).await?;
        let works_here = roster::person(conn, colleague, None, today)
            .await?
            .is_some();
        match works_here && sees.relations().contains(&Relation::TeamPeer) {
            true => Ok(colleague),
            false => Err(Error::NotFound("colleague")),
        }
    }
}

const OFFERED: &str =
    "You have offered this day already. Take that back first, or wait for the answer.";

/// A swap that cannot be asked for, by field.
fn refuse(look: &Look<'_>, before: &store::AskedDays) -> Result<(), Error> {
    let obstacles = look.obstacles(before).into_iter();
    let errors = obstacles.map(|obstacle| FieldError {
        field: obstacle.field.to_owned(),
        message: obstacle.text,
    });
    let errors: Vec<FieldError> = errors.collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(Problem::invalid(errors))),
    }
}

/// Something that cannot be done as things are.
pub(super) fn conflict(code: &str, detail: impl Into<String>) -> Error {
    Error::Invalid(Problem::new(409, code, detail))
}

fn check_swap_note(note: &str) -> Result<(), Error> {
    match note.trim().chars().count() {
        0..=NOTE => check_text("note", note),
        _ => Err(Error::field("note", "Say it in five hundred characters.")),
    }
}

/// The planned days of a colleague, with no more than a peer may see. Those that have not begun can be
/// asked for, as far as that goes.
fn peer_days(peer: &PersonRow, row: RosterRow, known: &Known, now: DateTime<Utc>) -> Vec<PeerDay> {
    let cells = row.cells.into_iter();
    let days = cells.map(|cell| {
        let shifts = known.day(peer.id, cell.date);
        let shifts = shifts.map_or(&[][..], |day| day.shifts.as_slice());
        PeerDay {
            date: cell.date,
            away: cell.leave,
            may_ask: !cell.locked && !known.has_begun(peer, cell.date, shifts, now),
            shifts: cell.shifts,
        }
    });
    days.collect()
}
