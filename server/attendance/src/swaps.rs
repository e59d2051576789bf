//! Swaps of shifts: somebody asks a colleague of the same team, the colleague agrees, and the manager
//! of one of them or HR decides. `model::attendance::swap` has the moves and what both work afterwards.
//!
//! A request keeps what both worked on its days when it was asked for. Approval writes both rosters only
//! if that still holds, each day at the version that was read in the same transaction: of two swaps that
//! share a day, one wins. Deliberately absent: anything that a colleague may know of another beyond the
//! roster that hangs on the wall of a team.
//!
//! One file each: [`look`] (both rosters before and after, and what speaks against it), [`ask`],
//! [`decide`], [`told`] (mails and events), [`view`].

mod ask;
mod decide;
mod look;
mod told;
mod view;

use model::PersonId;
use model::attendance::views::SwapView;
use model::{Actor, Permission};

use crate::roster::today_of;
use crate::store::swaps as store;
use crate::{Attendance, Error};

/// How many swaps a page shows.
pub(crate) const SHOWN: i64 = 20;
/// How many can wait for one person.
const WAITING: i64 = 50;

impl Attendance {
    /// The swaps that wait for the reader's answer, oldest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:self`; [`Error::NotAPerson`] for a program.
    pub async fn waiting_swaps(&self, actor: &Actor) -> Result<Vec<SwapView>, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let own = actor.person_id().ok_or(Error::NotAPerson)?;
        let today = today_of(actor, self.deps.now());
        let mut conn = self.deps.db.read().await?;
        let ids = store::waiting_for(&mut conn, own, today, WAITING).await?;
        self.swap_views(&mut conn, actor, &ids, today).await
    }
}

/// Whether an actor may decide about a swap of two people: the manager of one of them, or HR; never one
/// of the two.
fn may_decide(actor: &Actor, row: &store::SwapRow) -> bool {
    let reader: Option<PersonId> = actor.person_id();
    let is_one_of_them = reader.is_some_and(|reader| row.is_of(reader));
    let manages = reader.is_some()
        && (reader == row.asker_manager || reader == row.other_manager)
        && actor.may(Permission::AttendanceApprove);
    !is_one_of_them && (manages || actor.may(Permission::AttendanceManage))
}
