//! Leave that falls due: granted, not carried over, or lapsed, for everybody and every kind that is
//! granted by rule.
//!
//! It looks each night. Each entry has a key made of what it comes from, so a second run finds
//! nothing to do, and a night that was missed is made up for by the next.

use model::PersonId;
use platform::db::Tx;
use platform::jobs::Registry;

use crate::store::leave as store;
use crate::{Attendance, Error};

/// The timer.
pub(crate) const JOB: &str = "attendance.accrue";
/// How many people are read at once.
const BATCH: i64 = 500;

impl Attendance {
    pub(crate) fn register_accrue(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |_| {
            let this = this.clone();
            async move {
                this.accrue().await?;
                Ok(())
            }
        });
        // After midnight in every zone but those that are behind; theirs is due a night later.
        registry.cron(JOB, "10 2 * * *");
    }

    /// Enters what is due to everybody, a transaction each.
    async fn accrue(&self) -> Result<(), Error> {
        let mut after: Option<PersonId> = None;
        let mut entered = 0;
        loop {
            let people = {
                let mut conn = self.deps.db.read().await?;
                store::active_people(&mut conn, after, BATCH).await?
            };
            let Some(last) = people.last() else {
                break;
            };
            after = Some(*last);
            for id in people {
                let mut tx = self.deps.db.begin("attendance.accrue").await?;
                entered += match self.accrue_in_tx(&mut tx, id).await {
                    // Taken out of the books meanwhile.
                    Err(Error::NotFound(_)) => continue,
                    entered => entered?,
                };
                tx.commit().await?;
            }
        }
        if entered > 0 {
            tracing::info!(entries = entered, "leave fell due");
        }
        Ok(())
    }

    /// Enters what is due to one person, and says how many entries that are.
    pub(crate) async fn accrue_in_tx(&self, tx: &mut Tx, id: PersonId) -> Result<usize, Error> {
        let now = self.deps.now();
        let (person, today) = self.person_on_leave(tx, id).await?;
        let kinds = self.ensure_leave_types_in_tx(tx).await?;
        self.grant_due_in_tx(tx, &person, &kinds, today, now).await
    }
}
