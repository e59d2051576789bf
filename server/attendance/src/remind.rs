//! Reminders of missing punches: one mail to the employee for each day and kind, once.
//!
//! A day has the flag of a missing punch only when its window is over, so whoever is still at work
//! hears nothing. What was told is noted in the transaction that queues the mail, and a second run
//! finds nothing to do.

use chrono::TimeDelta;
use model::MailId;
use platform::jobs::Registry;
use platform::mail::{self, NewMail};

use crate::store::reminders::{self, MissingRow};
use crate::{Attendance, Error};

/// The timer.
const JOB: &str = "attendance.remind";
/// How many reminders one transaction queues.
const BATCH: i64 = 500;
/// Nobody is reminded of what lies longer back: it was settled by other means, or the installation
/// is new.
const DAYS: i64 = 14;

impl Attendance {
    pub(crate) fn register_remind(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |_| {
            let this = this.clone();
            async move {
                this.remind().await?;
                Ok(())
            }
        });
        // A minute after the window has closed it may still reach somebody on the way home.
        registry.cron(JOB, "* * * * *");
    }

    /// Queues every reminder that is due.
    async fn remind(&self) -> Result<(), Error> {
        loop {
            let now = self.deps.now();
            let since = (now - TimeDelta::days(DAYS)).date_naive();
            let mut tx = self.deps.db.begin("attendance.remind").await?;
            let due = reminders::missing(&mut tx, since, BATCH).await?;
            for missing in &due {
                let id: MailId = self.deps.new_id();
                // The second guard: whoever else notes it at the same time sends it.
                if reminders::note(&mut tx, missing, id, now).await? {
                    mail::queue_in_tx(&mut tx, self.reminder(id, missing), now).await?;
                }
            }
            tx.commit().await?;
            // What was noted is not found again, so this comes to an end.
            if i64::try_from(due.len()).is_ok_and(|found| found < BATCH) {
                return Ok(());
            }
        }
    }

    fn reminder(&self, id: MailId, row: &MissingRow) -> NewMail {
        let which = match row.kind.as_str() {
            "missing_in" => "punch in",
            _ => "punch out",
        };
        let day = row.work_date.format("%A, %-d %B");
        let text = format!(
            "Hello {},\n\nyour {which} of {day} is missing, so nothing of that time counts yet. \
             Say when it was, and whoever decides about your days can put it right:\n\n\
             {}/attendance/days/{}?correct=1\n\n{}\n",
            one_line(&row.name),
            self.config.public_url,
            row.work_date,
            self.config.organisation,
        );
        NewMail {
            id,
            to: row.email.clone(),
            subject: format!("Your {which} of {day} is missing"),
            text,
            html: None,
            calendar: None,
        }
    }
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
