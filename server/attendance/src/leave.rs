//! Leave: what somebody has, asks for, is granted and gives back.
//!
//! A balance is the sum of ledger entries (`model::attendance::accrual`), never a number of its own.
//! What a request costs is the work that falls away by the roster ([`plan`]); it is counted again
//! when it is decided. Granted days are rows under one constraint: nobody is away twice.
//!
//! Whoever decides may give leave unasked ([`unasked`]), and end what is granted ([`end`]).
//!
//! HR keeps the kinds ([`keep`]), and enters by hand what the rules do not know ([`hand`]); an entry that
//! was wrong is taken back by another.
//!
//! Whoever moves the leave of one person holds that person's ledger (`store::leave::lock_ledger`), so
//! two decisions at once do not both spend what is there only once.

mod balance;
mod decide;
mod end;
mod hand;
mod keep;
mod kinds;
mod plan;
mod request;
mod told;
mod unasked;
mod view;

pub(crate) use view::request as view;

pub use told::Absence;

use model::attendance::views::{LeavePage, LeaveState};
use model::{Actor, Permission};
use platform::outbox;
use serde::Serialize;
use sqlx::PgConnection;

use crate::people::zone_named;
use crate::store::leave as store;
use crate::store::leave_requests as requests;
use crate::{Attendance, Error};

/// The topic of leave that was granted or taken back: whoever keeps absences reads
/// [`Attendance::absence_of`].
pub const LEAVE_CHANGED: &str = "leave.changed";

/// What an event of [`LEAVE_CHANGED`] says.
#[derive(Clone, Copy, Debug, Serialize, serde::Deserialize)]
pub struct LeaveChanged {
    /// Which request.
    pub request: model::LeaveRequestId,
}

/// How many requests the page shows.
const REQUESTS: i64 = 100;

impl Attendance {
    /// The reader's leave.
    ///
    /// # Errors
    /// [`Error::NotAPerson`] for a program; [`Error::NotFound`] for somebody of whom attendance was
    /// not told yet.
    pub async fn leave_page(&self, actor: &Actor) -> Result<LeavePage, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let id = actor.person_id().ok_or(Error::NotAPerson)?;
        let mut tx = self.deps.db.begin("attendance.leave_page").await?;
        let page = self.leave_page_in_tx(&mut tx, actor, id).await?;
        tx.commit().await?;
        Ok(page)
    }

    /// The leave of somebody as one reader sees it, who may see it.
    async fn leave_page_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        id: model::PersonId,
    ) -> Result<LeavePage, Error> {
        let now = self.deps.now();
        let (person, today) = self.person_on_leave(conn, id).await?;
        let kinds = self.ensure_leave_types_in_tx(conn).await?;
        // What fell due since the nightly run, or before somebody's first one.
        self.grant_due_in_tx(conn, &person, &kinds, today, now)
            .await?;
        let balances = self.balances(conn, &person, &kinds, today).await?;
        let ids = requests::ids_of(conn, id, REQUESTS).await?;
        let mut rows = requests::by_ids(conn, &ids, today).await?;
        // Those to come first, by date; then what is over, the latest first.
        rows.sort_by_key(|row| {
            let is_over = row.to_day < today;
            let days = (row.from_day - today).num_days();
            (is_over, if is_over { -days } else { days }, row.id)
        });
        let mut views = Vec::with_capacity(rows.len());
        for row in &rows {
            let with_team = row.to_day >= today
                && matches!(row.state, LeaveState::Requested | LeaveState::Approved);
            views.push(view::request(conn, actor, row, today, with_team).await?);
        }
        let decides = self.decides_for(conn, actor, id).await?;
        Ok(LeavePage {
            employee: view::named(&person),
            balances,
            requests: views,
            types: kinds
                .iter()
                .filter(|kind| !kind.retired)
                .map(view::kind)
                .collect(),
            today,
            own: actor.person_id() == Some(id),
            may_give: decides,
        })
    }

    /// Somebody by id, and the present day where they are.
    pub(crate) async fn person_on_leave(
        &self,
        conn: &mut PgConnection,
        id: model::PersonId,
    ) -> Result<(store::PersonRow, chrono::NaiveDate), Error> {
        let now = self.deps.now();
        let person = store::person(conn, id).await?;
        let person = person.ok_or(Error::NotFound("employee"))?;
        let today = zone_named(&person.zone).day_of(now);
        Ok((person, today))
    }

    /// Tells whoever listens that leave was granted or taken back.
    async fn tell_leave_changed_in_tx(
        &self,
        conn: &mut PgConnection,
        request: model::LeaveRequestId,
    ) -> Result<(), Error> {
        let (id, now) = (self.deps.new_id(), self.deps.now());
        outbox::publish(conn, id, now, LEAVE_CHANGED, &LeaveChanged { request }).await?;
        Ok(())
    }
}
