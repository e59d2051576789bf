//! Takes a file in: all of its punches in one transaction, or none. How far that is is written down
//! outside of it.

use model::PunchImportId;
use model::permission::Actor;
use platform::jobs::{JobError, Registry};
use platform::outbox;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;

use super::{choices, look};
use crate::devices::import::{self, CHUNK};
use crate::punch::Arrived;
use crate::store::imports::{self, Outcome};
use crate::{Attendance, Error};

/// The job that takes a file in.
pub(super) const JOB: &str = "attendance.import_punches";

#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub import: PunchImportId,
}

impl Attendance {
    pub(crate) fn register_files(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |payload| {
            let this = this.clone();
            async move {
                let payload: Payload = serde_json::from_value(payload)?;
                this.run_import(payload.import)
                    .await
                    .map_err(JobError::from)
            }
        });
    }

    /// Takes a file in. It may run twice: the second run waits for the first, and finds it done.
    async fn run_import(&self, id: PunchImportId) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("attendance.import_file").await?;
        imports::lock(&mut tx, id).await?;
        let Some(row) = imports::find(&mut tx, id).await? else {
            return Ok(());
        };
        // Done with, or not decided.
        let Some(bytes) = imports::body(&mut tx, id).await? else {
            return Ok(());
        };
        let choices = choices(&row.reading);
        let punctual = Actor::system("attendance");
        let table = import::read(&bytes, &choices);
        let zone = import::zone_of_file(&punctual, &choices);
        let (table, zone) = match (table, zone) {
            (Ok(table), Ok(zone)) => (table, zone),
            (Err(error), _) | (_, Err(error)) => {
                imports::refuse(&mut tx, id, &error.to_string(), self.deps.now()).await?;
                self.tell_of_import_in_tx(&mut tx, id).await?;
                tx.commit().await?;
                return Ok(());
            }
        };
        drop(bytes);
        let directory = import::look_up(&mut tx, &table.rows).await?;
        let rows = table.rows.iter();
        let punches: Vec<Arrived> = rows
            .filter_map(|row| import::arrived(row, &directory, &zone).ok())
            .collect();
        let mut outcome = Outcome {
            rows: number(table.rows.len()),
            left_out: number(table.rows.len() - punches.len()),
            unreadable: number(table.error_count),
            faults: look::faults(&table.errors),
            ..Outcome::default()
        };
        let mut through = 0;
        for chunk in punches.chunks(CHUNK) {
            let taken = self.take_punches_in_tx(&mut tx, chunk).await?;
            let new = taken.punches.iter().filter(|punch| punch.new.is_some());
            let nobodys = new.clone().filter(|punch| punch.owner.is_none()).count();
            let new = new.count();
            outcome.accepted += number(new);
            outcome.repeated += number(chunk.len() - new);
            outcome.unmatched += number(nobodys);
            through += chunk.len();
            if through < punches.len() {
                let mut conn = self.deps.db.read().await?;
                imports::note_progress(&mut conn, id, number(through)).await?;
            }
        }
        imports::finish(&mut tx, id, &outcome, self.deps.now()).await?;
        self.tell_of_import_in_tx(&mut tx, id).await?;
        tx.commit().await?;
        self.nudge();
        tracing::info!(
            import.id = %id,
            accepted = outcome.accepted,
            repeated = outcome.repeated,
            "a file of punches was taken in"
        );
        Ok(())
    }

    /// Tells open pages that a file is a state further.
    pub(super) async fn tell_of_import_in_tx(
        &self,
        conn: &mut PgConnection,
        id: PunchImportId,
    ) -> Result<(), Error> {
        let (event, now) = (self.deps.new_id(), self.deps.now());
        let payload = json!({ "import": id });
        outbox::publish(conn, event, now, "attendance.import", &payload).await?;
        Ok(())
    }
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
