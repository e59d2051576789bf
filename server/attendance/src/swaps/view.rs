//! Swaps as people see them.

use std::collections::HashMap;

use chrono::NaiveDate;
use model::attendance::swap::SwapState;
use model::attendance::views::{Named, SwapEventView, SwapView};
use model::zone::Zone;
use model::{Actor, PersonId, SwapId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::look::{Look, span_of};
use super::may_decide;
use crate::people::zone_of;
use crate::planned::{Known, Span, by_person};
use crate::store::employees;
use crate::store::roster::PersonRow;
use crate::store::swaps::{self as store, AskedDays, EventRow, SwapRow};
use crate::{Attendance, Error};

/// People and what is planned for them, as far as some swaps need it.
pub(super) struct Loaded {
    people: HashMap<PersonId, Person>,
    pub known: Known,
}

/// Somebody as a swap needs them.
struct Person {
    row: PersonRow,
    email: String,
    is_active: bool,
}

impl Loaded {
    /// Reads all of it at once, for somebody who reads times in a zone.
    pub async fn load(
        conn: &mut PgConnection,
        reader: Zone,
        people: &[PersonId],
        span: Span,
    ) -> Result<Self, sqlx::Error> {
        let ids: Vec<Uuid> = people.iter().map(|id| id.0).collect();
        let terms = employees::employments(conn, &ids).await?;
        let terms = by_person(terms, |row| row.employee_id);
        let rows = employees::by_ids(conn, &ids).await?.into_iter();
        let people = rows.map(|row| {
            let person = PersonRow {
                id: row.id,
                name: row.name,
                zone: row.zone,
            };
            let person = Person {
                row: person,
                email: row.email,
                is_active: row.active,
            };
            (row.id, person)
        });
        Ok(Self {
            people: people.collect(),
            known: Known::load(conn, &ids, terms, span, reader).await?,
        })
    }

    /// Somebody of them.
    pub fn person(&self, id: PersonId) -> Result<&PersonRow, Error> {
        let person = self.people.get(&id);
        Ok(&person.ok_or(Error::NotFound("person"))?.row)
    }

    /// The address of somebody who still works here.
    pub fn address(&self, id: PersonId) -> Option<&str> {
        let person = self.people.get(&id).filter(|person| person.is_active);
        person.map(|person| person.email.as_str())
    }

    /// A swap between two of them.
    pub fn look(
        &self,
        service: &Attendance,
        actor: &Actor,
        [asker, other]: [PersonId; 2],
        [from_day, to_day]: [NaiveDate; 2],
    ) -> Result<Look<'_>, Error> {
        Ok(Look {
            known: &self.known,
            asker: self.person(asker)?,
            other: self.person(other)?,
            from_day,
            to_day,
            reader: actor.person_id(),
            now: service.deps.now(),
        })
    }
}

impl Attendance {
    /// Swaps as a reader sees them, in the order of the ids.
    pub(crate) async fn swap_views(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        ids: &[Uuid],
        today: NaiveDate,
    ) -> Result<Vec<SwapView>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows = store::by_ids(conn, ids, today).await?;
        let place: HashMap<Uuid, usize> = ids.iter().copied().zip(0..).collect();
        rows.sort_by_key(|row| place.get(&row.id.0).copied());
        let people: Vec<PersonId> = rows.iter().flat_map(|row| [row.asker, row.other]).collect();
        // Of what is decided only its own record is shown, so the rosters about it are not read.
        let open = rows.iter().filter(|row| row.state.is_open());
        let spans = open.map(|row| span_of(row.from_day, row.to_day));
        let span = spans.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        let loaded = Loaded::load(
            conn,
            zone_of(actor),
            &people,
            span.unwrap_or((today, today)),
        )
        .await?;
        let mut histories: HashMap<SwapId, Vec<EventRow>> = HashMap::new();
        for event in store::events(conn, ids).await? {
            histories.entry(event.swap_id).or_default().push(event);
        }
        let rows = rows.into_iter();
        rows.map(|row| {
            let history = histories.remove(&row.id).unwrap_or_default();
            self.swap_view(actor, row, history, &loaded)
        })
        .collect()
    }

    /// One swap as a reader sees it.
    pub(super) async fn one_swap_view(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        id: SwapId,
        today: NaiveDate,
    ) -> Result<SwapView, Error> {
        let views = self.swap_views(conn, actor, &[id.0], today).await?;
        views.into_iter().next().ok_or(Error::NotFound("swap"))
    }

    fn swap_view(
        &self,
        actor: &Actor,
        row: SwapRow,
        history: Vec<EventRow>,
        loaded: &Loaded,
    ) -> Result<SwapView, Error> {
        let zone = zone_of(actor);
        let look = loaded.look(
            self,
            actor,
            [row.asker, row.other],
            [row.from_day, row.to_day],
        )?;
        let is_open = row.state.is_open();
        let (mut warnings, mut obstacles) = (Vec::new(), Vec::new());
        if is_open {
            warnings = look.warnings(&row.asked_days);
            let found = look.obstacles(&row.asked_days).into_iter();
            obstacles = found.map(|obstacle| obstacle.text).collect();
            if !is_as_asked(&look, &row.asked_days) {
                obstacles.push(STALE.to_owned());
            }
        }
        let reader = actor.person_id();
        let is_colleague = reader == Some(row.other);
        let named = |person: &PersonRow| Named {
            id: person.id,
            name: person.name.clone(),
        };
        let history = history.into_iter().map(|event| SwapEventView {
            state: event.state,
            by: event.actor_label,
            note: event.note,
            at: zone.stamp(event.at),
        });
        Ok(SwapView {
            id: row.id,
            asker: named(look.asker),
            other: named(look.other),
            from_day: row.from_day,
            to_day: row.to_day,
            state: row.state,
            asked_at: zone.stamp(row.created_at),
            days: look.shown(&row.asked_days),
            warnings,
            obstacles,
            history: history.collect(),
            version: row.version,
            may_answer: is_open && is_colleague,
            may_decide: row.state == SwapState::Agreed && may_decide(actor, &row),
            may_withdraw: is_open && reader == Some(row.asker),
            note: row.note,
        })
    }
}

/// What is said of a swap whose days have become other ones.
pub(super) const STALE: &str = "The roster of these days has changed since the swap was asked for, so \
     it has to be asked for again.";

/// Whether both still work what they worked when it was asked for.
pub(super) fn is_as_asked(look: &Look<'_>, asked: &AskedDays) -> bool {
    look.before() == *asked
}
