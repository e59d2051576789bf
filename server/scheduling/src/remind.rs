//! Reminders: one mail to each person before a meeting begins, as early as the person wants it.
//!
//! It looks every minute for meetings that begin within that time and were not reminded of. So a
//! worker that was down catches up, but never with what has begun: nobody needs that any more.

use model::MailId;
use model::scheduling::views::Preferences;
use model::zone::Zone;
use platform::jobs::Registry;
use platform::mail::{self, NewMail};

use crate::invite::text::{greeting, one_line, place, span};
use crate::store::history;
use crate::store::notices::{self, ReminderRow};
use crate::{Error, Scheduling};

/// The timer.
const JOB: &str = "scheduling.remind";

/// How many reminders one transaction queues.
const BATCH: i64 = 500;

impl Scheduling {
    pub(crate) fn register_remind(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |_| {
            let this = this.clone();
            async move {
                this.remind().await?;
                Ok(())
            }
        });
        registry.cron(JOB, "* * * * *");
    }

    /// Queues every reminder that is due.
    async fn remind(&self) -> Result<(), Error> {
        let default_minutes = Preferences::default().remind_minutes.map(i32::from);
        loop {
            let now = self.deps.now();
            let mut tx = self.deps.db.begin("scheduling.remind").await?;
            let due = notices::reminders(&mut tx, now, default_minutes, BATCH).await?;
            for reminder in &due {
                let id: MailId = self.deps.new_id();
                let (meeting, attendee) = (reminder.meeting_id, reminder.attendee_id);
                // The second guard: whoever else notes it at the same time sends it.
                if history::note_mail(&mut tx, meeting, attendee, &reminder.what, id, now).await? {
                    let mail = self.reminder(id, reminder);
                    mail::queue_in_tx(&mut tx, mail, now).await?;
                }
            }
            tx.commit().await?;
            // What was noted is not found again, so this comes to an end.
            if i64::try_from(due.len()).is_ok_and(|found| found < BATCH) {
                return Ok(());
            }
        }
    }

    fn reminder(&self, id: MailId, row: &ReminderRow) -> NewMail {
        let zone = Zone::named(&row.zone).unwrap_or_else(|_| Zone::utc());
        let begins = zone.stamp(row.from_at).clock();
        let title = one_line(&row.title);
        let place = place(&row.rooms, &row.location);
        let wherever = match place.is_empty() {
            true => String::new(),
            false => format!("\nWhere:   {}", one_line(&place)),
        };
        let text = format!(
            "{}\n\n“{title}” begins at {begins}.\n\nWhen:    {}{wherever}\n\n{}/meetings/{}\n\n{}\n",
            greeting(&row.name),
            span(row.from_at, row.to_at, &zone),
            self.config.public_url,
            row.meeting_id,
            self.config.organisation,
        );
        NewMail {
            id,
            to: row.email.clone(),
            subject: format!("Reminder: {title}, {begins}"),
            text,
            html: None,
            calendar: None,
        }
    }
}
