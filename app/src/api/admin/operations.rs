//! Jobs and mail.

use leptos::prelude::*;
use model::Page;
use model::operations::{JobFigures, JobRow, JobState, MailDetail, MailRow};

use super::super::ApiError;

/// How the queue stands.
///
/// # Errors
/// 401; 403 without `operations:read`.
#[server(prefix = "/fn")]
pub async fn read_job_figures() -> Result<JobFigures, ApiError> {
    let deps = server::allowed()?.1;
    let mut conn = deps.db.read().await.map_err(super::broken)?;
    let figures = platform::jobs::figures(&mut conn)
        .await
        .map_err(super::broken)?;
    Ok(server::figures(figures))
}

/// Jobs, newest first, all or those in one state.
///
/// # Errors
/// 401; 403 without `operations:read`.
#[server(prefix = "/fn")]
pub async fn list_jobs(
    state: Option<JobState>,
    cursor: Option<String>,
) -> Result<Page<JobRow>, ApiError> {
    let (actor, deps) = server::allowed()?;
    let zone = crate::ssr::zone_of(&actor);
    let state = state.map(server::state_in_queue);
    let mut conn = deps.db.read().await.map_err(super::broken)?;
    let page = platform::jobs::list(&mut conn, state, cursor.as_deref(), super::ROWS)
        .await
        .map_err(super::broken)?;
    let items = page
        .items
        .into_iter()
        .map(|job| server::job(job, &zone))
        .collect();
    Ok(Page {
        items,
        next: page.next,
    })
}

/// Gives a failed job all its tries back and makes it due at once. Returns its number.
///
/// # Errors
/// 401; 403 without `operations:read`; 409 when it runs or is gone.
#[server(prefix = "/fn")]
pub async fn retry_job(id: i64) -> Result<i64, ApiError> {
    let (actor, deps) = server::allowed()?;
    let identity = crate::ssr::service::<::identity::Identity>()?;
    let mut tx = deps
        .db
        .begin("operations.retry_job")
        .await
        .map_err(super::broken)?;
    let found = platform::jobs::retry(&mut tx, id)
        .await
        .map_err(super::broken)?;
    server::found(found)?;
    server::record(&identity, &mut tx, &actor, "job.retried", id).await?;
    tx.commit().await.map_err(super::broken)?;
    Ok(id)
}

/// Takes a failed job out of the queue. Returns its number.
///
/// # Errors
/// 401; 403 without `operations:read`; 409 when it runs or is gone.
#[server(prefix = "/fn")]
pub async fn discard_job(id: i64) -> Result<i64, ApiError> {
    let (actor, deps) = server::allowed()?;
    let identity = crate::ssr::service::<::identity::Identity>()?;
    let mut tx = deps
        .db
        .begin("operations.discard_job")
        .await
        .map_err(super::broken)?;
    let found = platform::jobs::discard(&mut tx, id)
        .await
        .map_err(super::broken)?;
    server::found(found)?;
    server::record(&identity, &mut tx, &actor, "job.discarded", id).await?;
    tx.commit().await.map_err(super::broken)?;
    Ok(id)
}

/// Mail, newest first.
///
/// # Errors
/// 401; 403 without `operations:read`.
#[server(prefix = "/fn")]
pub async fn list_mail(cursor: Option<String>) -> Result<Page<MailRow>, ApiError> {
    let (actor, deps) = server::allowed()?;
    let zone = crate::ssr::zone_of(&actor);
    let mut conn = deps.db.read().await.map_err(super::broken)?;
    let page = platform::mail::list(&mut conn, cursor.as_deref(), super::ROWS)
        .await
        .map_err(super::broken)?;
    let items = page
        .items
        .iter()
        .map(|mail| server::mail(mail, &zone))
        .collect();
    Ok(Page {
        items,
        next: page.next,
    })
}

/// One mail with its text. `id` comes from the address, so it may be anything.
///
/// # Errors
/// 401; 403 without `operations:read`; 404.
#[server(prefix = "/fn")]
pub async fn read_mail(id: String) -> Result<MailDetail, ApiError> {
    let (actor, deps) = server::allowed()?;
    let zone = crate::ssr::zone_of(&actor);
    let id = id.parse().map_err(|_| model::Problem::not_found("mail"))?;
    let mut conn = deps.db.read().await.map_err(super::broken)?;
    let mail = platform::mail::find(&mut conn, id)
        .await
        .map_err(super::broken)?;
    let mail = mail.ok_or_else(|| model::Problem::not_found("mail"))?;
    Ok(MailDetail {
        row: server::mail(&mail, &zone),
        text: mail.text_body,
        has_html: mail.html_body.is_some(),
        calendar: mail.calendar_body,
        error: mail.error,
        sent_at: mail.sent_at.map(|at| zone.stamp(at)),
    })
}

/// From what the platform keeps to what the page shows.
#[cfg(feature = "ssr")]
mod server {
    use model::operations::{JobFigures, JobRow, JobState, MailRow, MailState};
    use model::zone::Zone;
    use model::{Actor, Permission, Problem};
    use platform::jobs::JobState as InQueue;
    use platform::mail::MailState as InBox;

    /// Who asks and what the platform is reached by, for those who may see operations.
    pub(super) fn allowed() -> Result<(Actor, platform::Deps), Problem> {
        let actor = crate::ssr::actor()?;
        actor.require(Permission::OperationsRead)?;
        Ok((actor, crate::ssr::service()?))
    }

    /// Refuses to have done something to a job that was not there for it.
    pub(super) fn found(found: bool) -> Result<(), Problem> {
        let gone = "The job is running or gone. Refresh the list to see where it is.";
        if found {
            Ok(())
        } else {
            Err(Problem::new(409, "job_not_waiting", gone))
        }
    }

    pub(super) async fn record(
        identity: &::identity::Identity,
        tx: &mut platform::Tx,
        actor: &Actor,
        action: &str,
        job: i64,
    ) -> Result<(), Problem> {
        let subject = format!("job:{job}");
        identity
            .record_in_tx(tx, actor, action, &subject, serde_json::json!({}))
            .await
            .map_err(super::super::broken)
    }

    #[expect(clippy::cast_possible_truncation, reason = "an age in seconds fits")]
    pub(super) fn figures(figures: platform::jobs::JobFigures) -> JobFigures {
        JobFigures {
            ready: figures.ready,
            oldest_ready_seconds: figures.oldest_ready_seconds as i64,
            scheduled: figures.scheduled,
            locked: figures.locked,
            locked_without_worker: figures.locked_without_worker,
            failed: figures.failed,
        }
    }

    pub(super) const fn state_in_queue(state: JobState) -> InQueue {
        match state {
            JobState::Ready => InQueue::Ready,
            JobState::Scheduled => InQueue::Scheduled,
            JobState::Running => InQueue::Running,
            JobState::Failed => InQueue::Failed,
        }
    }

    pub(super) fn job(job: platform::jobs::JobView, zone: &Zone) -> JobRow {
        JobRow {
            id: job.id,
            kind: job.kind,
            payload: format!("{:#}", job.payload),
            state: match job.state {
                InQueue::Ready => JobState::Ready,
                InQueue::Scheduled => JobState::Scheduled,
                InQueue::Running => JobState::Running,
                InQueue::Failed => JobState::Failed,
            },
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            run_at: zone.stamp(job.run_at),
            last_error: job.last_error,
        }
    }

    pub(super) fn mail(mail: &platform::mail::MailView, zone: &Zone) -> MailRow {
        MailRow {
            id: mail.id,
            to: mail.to_address.clone(),
            subject: mail.subject.clone(),
            state: match mail.state {
                InBox::Queued => MailState::Queued,
                InBox::Sent => MailState::Sent,
                InBox::Kept => MailState::Kept,
                InBox::Failed => MailState::Failed,
            },
            created_at: zone.stamp(mail.created_at),
        }
    }
}
