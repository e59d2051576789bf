//! Takes sagas through their steps.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use model::SagaId;
use sqlx::{Connection, PgConnection};

use super::lock::Lock;
use super::store::{Change, Line, View};
use super::{ActError, Call, Next, Status, Step, resume_job, store};
use crate::clock::Clock;
use crate::db::Db;
use crate::faults;
use crate::jobs::enqueue;

/// The longest pause between two tries of a step whose outcome is not known, in seconds.
const LONGEST_PAUSE_SECONDS: i64 = 300;

/// How far a call of [`Engine::resume`] came.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// It goes on at this instant, by a job that is enqueued: it waits, or an outcome is not known.
    Later(DateTime<Utc>),
    /// It goes on when it is woken.
    Parked,
    /// It has ended so: finished, unwound or failed.
    Ended(Status),
    /// Another process is running it right now.
    Busy,
}

/// Why a saga could not be taken further; it stays where it was.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no such saga, or it is of another kind.
    #[error("there is no saga {0} of this kind")]
    NotFound(SagaId),
    /// The saga stands at a step that this program does not have.
    #[error("the saga {id} stands at step {step}, which does not exist")]
    NoSuchStep {
        /// The saga.
        id: SagaId,
        /// The number of the step.
        step: i32,
    },
    /// The database refused or did not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

struct Inner<C> {
    kind: &'static str,
    steps: Vec<Box<dyn Step<C>>>,
    ctx: C,
    db: Db,
    clock: Arc<dyn Clock>,
}

/// Runs the sagas of one kind; cheap to clone.
///
/// Each saga that runs takes one connection of the pool for itself, and what its steps take
/// besides; so there must be more connections than workers.
pub struct Engine<C> {
    inner: Arc<Inner<C>>,
}

impl<C> Clone for Engine<C> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<C: Send + Sync + 'static> Engine<C> {
    /// An engine for a kind of saga. Steps are only ever added at the end, or sagas under way
    /// would take the wrong ones.
    ///
    /// # Panics
    /// When two steps have the same name, since they would share a key.
    pub fn new(
        kind: &'static str,
        steps: Vec<Box<dyn Step<C>>>,
        ctx: C,
        db: Db,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let mut names: Vec<_> = steps.iter().map(|step| step.name()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert!(
            names.len() == count,
            "two steps of the saga {kind} have the same name"
        );
        Self {
            inner: Arc::new(Inner {
                kind,
                steps,
                ctx,
                db,
                clock,
            }),
        }
    }

    /// The kind of saga.
    pub fn kind(&self) -> &'static str {
        self.inner.kind
    }

    /// What the steps work with.
    pub fn ctx(&self) -> &C {
        &self.inner.ctx
    }

    /// The names of the steps, in order.
    pub fn step_names(&self) -> Vec<&'static str> {
        self.inner.steps.iter().map(|step| step.name()).collect()
    }

    pub(super) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now().trunc_subsecs(6)
    }

    /// Takes a saga as far as it goes: step by step, until it ends or has to wait. Takes nothing
    /// for one that has ended or is not due, so it may be called at any time and by anyone.
    ///
    /// # Errors
    /// See [`EngineError`]. The saga stays where it was, and its job is tried again.
    pub async fn resume(&self, id: SagaId) -> Result<Progress, EngineError> {
        let Some(mut lock) = Lock::take(&self.inner.db, id).await? else {
            return Ok(Progress::Busy);
        };
        // On an error the lock's connection may be the very thing that is broken, so it is closed
        // rather than unlocked.
        let progress = self.run(lock.conn(), id).await?;
        lock.release().await?;
        Ok(progress)
    }

    async fn run(&self, conn: &mut PgConnection, id: SagaId) -> Result<Progress, EngineError> {
        loop {
            let saga = store::find(conn, id)
                .await?
                .filter(|saga| saga.kind == self.kind());
            let saga = saga.ok_or(EngineError::NotFound(id))?;
            let now = self.now();
            let going = match saga.status {
                Status::Finished | Status::Unwound | Status::Failed => {
                    return Ok(Progress::Ended(saga.status));
                }
                Status::Parked => return Ok(Progress::Parked),
                // The job for that instant exists already.
                Status::Running | Status::Waiting | Status::Unwinding if saga.next_at > now => {
                    return Ok(Progress::Later(saga.next_at));
                }
                Status::Running | Status::Waiting => self.forward(conn, &saga, now).await?,
                Status::Unwinding => self.backward(conn, &saga, now).await?,
            };
            if let Some(progress) = going {
                return Ok(progress);
            }
        }
    }

    fn step(&self, saga: &View, number: i32) -> Result<&dyn Step<C>, EngineError> {
        usize::try_from(number)
            .ok()
            .and_then(|index| self.inner.steps.get(index))
            .map(|step| &**step)
            .ok_or(EngineError::NoSuchStep {
                id: saga.id,
                step: number,
            })
    }

    fn point(&self, step: &str, place: &str) {
        faults::point(&format!("saga.{}.{step}.{place}", self.kind()));
    }

    /// Takes the step at which the saga stands. Nothing means: go on.
    async fn forward(
        &self,
        conn: &mut PgConnection,
        saga: &View,
        now: DateTime<Utc>,
    ) -> Result<Option<Progress>, EngineError> {
        let step = self.step(saga, saga.step)?;
        let name = step.name();
        let call = Call {
            saga_id: saga.id,
            key: format!("{}:{name}", saga.id),
            input: saga.input.clone(),
            state: saga.state.clone(),
            outcome: None,
            attempt: saga.attempts,
            now,
        };
        self.point(name, "acting");
        let acted = step.act(&self.inner.ctx, &call).await;
        self.point(name, "acted");
        // The act may have taken a while, but the clock of its call is what its rows carry.
        let mut tx = conn.begin().await?;
        let line = |what, outcome, reason| Line {
            step: saga.step,
            name,
            what,
            outcome,
            reason,
        };
        let stay = Change {
            state: &saga.state,
            status: Status::Running,
            step: saga.step,
            attempts: 0,
            reason: None,
            next_at: now,
        };
        let progress = match &acted {
            Err(ActError::Unknown(reason)) => {
                let at = self.now() + pause(saga.attempts);
                let attempts = saga.attempts.saturating_add(1);
                let later = Change {
                    attempts,
                    reason: Some(reason),
                    next_at: at,
                    ..stay
                };
                store::log(&mut tx, saga.id, &line("retry", None, Some(reason)), now).await?;
                let woken = store::change(&mut tx, saga, &later, now).await?;
                if !woken {
                    enqueue(&mut tx, resume_job(self.kind(), saga.id).run_at(at)).await?;
                }
                (!woken).then_some(Progress::Later(at))
            }
            Err(ActError::Failed(reason)) => {
                store::log(&mut tx, saga.id, &line("fail", None, Some(reason)), now).await?;
                let unwind = Change {
                    status: Status::Unwinding,
                    reason: Some(reason),
                    ..stay
                };
                store::change(&mut tx, saga, &unwind, now).await?;
                None
            }
            Ok(outcome) => {
                let next = step.apply(&self.inner.ctx, &mut tx, &call, outcome).await?;
                match &next {
                    Next::Continue(state) => {
                        let step = saga.step + 1;
                        let last = usize::try_from(step).is_ok_and(|s| s >= self.inner.steps.len());
                        let status = if last {
                            Status::Finished
                        } else {
                            Status::Running
                        };
                        store::log(&mut tx, saga.id, &line("done", Some(outcome), None), now)
                            .await?;
                        let on = Change {
                            state,
                            status,
                            step,
                            ..stay
                        };
                        store::change(&mut tx, saga, &on, now).await?;
                        None
                    }
                    Next::Finish => {
                        store::log(&mut tx, saga.id, &line("done", Some(outcome), None), now)
                            .await?;
                        let end = Change {
                            status: Status::Finished,
                            step: saga.step + 1,
                            ..stay
                        };
                        store::change(&mut tx, saga, &end, now).await?;
                        None
                    }
                    Next::Stop { reason } => {
                        let line = line("stop", Some(outcome), Some(reason));
                        store::log(&mut tx, saga.id, &line, now).await?;
                        let unwind = Change {
                            status: Status::Unwinding,
                            reason: Some(reason),
                            ..stay
                        };
                        store::change(&mut tx, saga, &unwind, now).await?;
                        None
                    }
                    Next::Wait { until, reason } => {
                        let until = until.trunc_subsecs(6);
                        let line = line("wait", Some(outcome), Some(reason));
                        store::log(&mut tx, saga.id, &line, now).await?;
                        let wait = Change {
                            status: Status::Waiting,
                            reason: Some(reason),
                            next_at: until,
                            ..stay
                        };
                        let woken = store::change(&mut tx, saga, &wait, now).await?;
                        if !woken {
                            let job = resume_job(self.kind(), saga.id).run_at(until);
                            enqueue(&mut tx, job).await?;
                        }
                        // A time that has come already is no reason to go round and round here.
                        (!woken).then_some(Progress::Later(until))
                    }
                    Next::Park { reason } => {
                        let line = line("park", Some(outcome), Some(reason));
                        store::log(&mut tx, saga.id, &line, now).await?;
                        let park = Change {
                            status: Status::Parked,
                            reason: Some(reason),
                            ..stay
                        };
                        let woken = store::change(&mut tx, saga, &park, now).await?;
                        (!woken).then_some(Progress::Parked)
                    }
                }
            }
        };
        tx.commit().await?;
        self.point(name, "applied");
        Ok(progress)
    }

    /// Undoes the last step that is still done. Nothing means: go on.
    async fn backward(
        &self,
        conn: &mut PgConnection,
        saga: &View,
        now: DateTime<Utc>,
    ) -> Result<Option<Progress>, EngineError> {
        let reason = saga.reason.as_deref();
        let stay = Change {
            state: &saga.state,
            status: Status::Unwinding,
            step: saga.step,
            attempts: 0,
            reason,
            next_at: now,
        };
        let number = saga.step - 1;
        if number < 0 {
            store::change(
                conn,
                saga,
                &Change {
                    status: Status::Unwound,
                    ..stay
                },
                now,
            )
            .await?;
            return Ok(None);
        }
        let step = self.step(saga, number)?;
        let name = step.name();
        let call = Call {
            saga_id: saga.id,
            key: format!("{}:{name}:undo", saga.id),
            input: saga.input.clone(),
            state: saga.state.clone(),
            outcome: store::outcome_of(conn, saga.id, number).await?,
            attempt: saga.attempts,
            now,
        };
        self.point(name, "undoing");
        let acted = step.undo_act(&self.inner.ctx, &call).await;
        self.point(name, "undo_acted");
        let mut tx = conn.begin().await?;
        let line = |what, outcome, why| Line {
            step: number,
            name,
            what,
            outcome,
            reason: why,
        };
        let progress = match &acted {
            Err(ActError::Unknown(why)) => {
                let at = self.now() + pause(saga.attempts);
                let attempts = saga.attempts.saturating_add(1);
                store::log(&mut tx, saga.id, &line("retry", None, Some(why)), now).await?;
                let later = Change {
                    attempts,
                    next_at: at,
                    ..stay
                };
                let woken = store::change(&mut tx, saga, &later, now).await?;
                if !woken {
                    enqueue(&mut tx, resume_job(self.kind(), saga.id).run_at(at)).await?;
                }
                (!woken).then_some(Progress::Later(at))
            }
            Err(ActError::Failed(why)) => {
                tracing::error!(
                    saga.id = %saga.id,
                    saga.kind = self.kind(),
                    saga.step = name,
                    error = why,
                    "a step could not be undone; a person must look"
                );
                store::log(&mut tx, saga.id, &line("fail", None, Some(why)), now).await?;
                let failed = Change {
                    status: Status::Failed,
                    reason: Some(why),
                    ..stay
                };
                store::change(&mut tx, saga, &failed, now).await?;
                None
            }
            Ok(outcome) => {
                step.undo_apply(&self.inner.ctx, &mut tx, &call, outcome)
                    .await?;
                store::log(&mut tx, saga.id, &line("undone", Some(outcome), None), now).await?;
                store::change(
                    &mut tx,
                    saga,
                    &Change {
                        step: number,
                        ..stay
                    },
                    now,
                )
                .await?;
                None
            }
        };
        tx.commit().await?;
        self.point(name, "undone");
        Ok(progress)
    }
}

/// The pause after a number of tries without an answer: 1 s, doubling, at most five minutes.
fn pause(attempts: i32) -> TimeDelta {
    let exponent = u32::try_from(attempts).unwrap_or(0).min(16);
    TimeDelta::seconds(2_i64.pow(exponent).min(LONGEST_PAUSE_SECONDS))
}
