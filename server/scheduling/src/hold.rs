//! Held meetings that nobody has confirmed in time give their people's time back.
//!
//! [`Scheduling::confirm`] locks the meeting as well, so of the two only one finds it held.

use chrono::{DateTime, Utc};
use model::scheduling::meeting::MeetingState;
use model::{Actor, MeetingId};
use platform::jobs::{JobError, JobResult, Registry};

use crate::news::News;
use crate::store::meetings;
use crate::{Error, Scheduling};

/// The timer.
const JOB: &str = "scheduling.hold";

/// How many meetings are looked for at once.
const BATCH: i64 = 100;

impl Scheduling {
    pub(crate) fn register_hold(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |_| {
            let this = this.clone();
            async move { this.let_go().await }
        });
        registry.cron(JOB, "* * * * *");
        registry.at_start(JOB);
    }

    /// Lets go of every held meeting whose time is over, each in a transaction of its own: one that
    /// fails does not keep the others.
    async fn let_go(&self) -> JobResult {
        loop {
            let now = self.deps.now();
            let overdue = meetings::overdue(&mut *self.deps.db.read().await?, now, BATCH).await?;
            let mut failed = 0_usize;
            for id in &overdue {
                if let Err(error) = self.let_one_go(*id, now).await {
                    failed += 1;
                    tracing::error!(meeting.id = %id, %error, "a held meeting was not let go");
                }
            }
            if failed > 0 {
                return Err(JobError::retry(format!(
                    "{failed} held meetings were not let go"
                )));
            }
            if i64::try_from(overdue.len()).is_ok_and(|found| found < BATCH) {
                return Ok(());
            }
        }
    }

    async fn let_one_go(&self, id: MeetingId, now: DateTime<Utc>) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("scheduling.let_go").await?;
        let found = meetings::find_locked(&mut tx, id).await?;
        // Confirmed or cancelled in the meantime.
        let held = found.filter(|row| {
            row.state == MeetingState::Held && row.hold_until.is_some_and(|until| until <= now)
        });
        let Some(mut row) = held else {
            return Ok(());
        };
        crate::cancel::end(&mut tx, &mut row, now).await?;
        let news = News::new(
            "released",
            "Nobody confirmed it in time, so the time is free again",
        );
        let actor = Actor::system("scheduling");
        self.tell_in_tx(&mut tx, &actor, &row, news, now).await?;
        tx.commit().await?;
        metrics::counter!("meeting_holds_released_total").increment(1);
        Ok(())
    }
}
