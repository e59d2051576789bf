//! Three checks that every saga must pass, whatever it does:
//!
//! * [`each_step_may_run_twice`]: a crash after any act, or in the middle of writing it down, does
//!   no harm.
//! * [`a_failure_at_any_step_unwinds`]: what was done before is undone.
//! * [`each_undo_may_run_twice`]: a crash in the middle of undoing does no harm either.
//!
//! A saga's test implements [`Subject`] and calls [`check`].

use std::sync::Arc;

use async_trait::async_trait;
use model::SagaId;
use serde_json::Value;
use sqlx::{Connection, PgConnection};

use super::{ActError, Call, Engine, Next, Progress, Status, Step};
use crate::clock::Clock;
use crate::db::Db;

/// More resumes than any saga needs to end.
const LIMIT: usize = 100;

/// A saga under test, and the world around it.
#[async_trait]
pub trait Subject: Send + Sync {
    /// What its steps work with.
    type Ctx: Send + Sync + 'static;

    /// Its kind.
    fn kind(&self) -> &'static str;

    /// Its steps, fresh.
    fn steps(&self) -> Vec<Box<dyn Step<Self::Ctx>>>;

    /// What its steps work with; each call gives a handle on the same world.
    fn ctx(&self) -> Self::Ctx;

    /// The database.
    fn db(&self) -> Db;

    /// The clock.
    fn clock(&self) -> Arc<dyn Clock>;

    /// Prepares whatever a new saga needs, starts it and commits.
    async fn start(&self) -> SagaId;

    /// Lets happen what the saga waits for: moves the clock, delivers the webhook, wakes it.
    async fn nudge(&self, id: SagaId, progress: &Progress);

    /// Asserts that the world is as it should be once the saga has finished: each effect once.
    async fn assert_finished(&self, id: SagaId);

    /// Asserts that the world is as it should be once the saga has unwound: as if nothing had been.
    async fn assert_unwound(&self, id: SagaId);

    /// Whether a failure at this step still unwinds. A step behind the point of no return answers
    /// no, and the checks spare it.
    fn unwinds_from(&self, _step: &str) -> bool {
        true
    }
}

/// All three checks.
///
/// # Panics
/// When one of them fails.
pub async fn check<S: Subject>(subject: &S) {
    each_step_may_run_twice(subject).await;
    a_failure_at_any_step_unwinds(subject).await;
    each_undo_may_run_twice(subject).await;
}

/// Takes every step twice, the first time as if the process had died before the commit.
///
/// # Panics
/// When a step does not succeed again, or the saga ends otherwise than it should.
pub async fn each_step_may_run_twice<S: Subject>(subject: &S) {
    let steps = subject
        .steps()
        .into_iter()
        .map(|step| -> Box<dyn Step<S::Ctx>> {
            Box::new(Twisted {
                step,
                twist: Twist::DoTwice,
            })
        });
    let id = subject.start().await;
    let status = run_to_end(subject, steps.collect(), id).await;
    assert_eq!(status, Status::Finished, "with every step taken twice");
    subject.assert_finished(id).await;
}

/// Lets each step in turn fail, in a saga of its own.
///
/// # Panics
/// When such a saga does not unwind.
pub async fn a_failure_at_any_step_unwinds<S: Subject>(subject: &S) {
    for (failing, name) in unwinding_steps(subject) {
        let steps = subject.steps().into_iter().enumerate();
        let steps = steps.map(|(number, step)| match number {
            n if n == failing => Box::new(Twisted {
                step,
                twist: Twist::Fail,
            }) as Box<_>,
            _ => step,
        });
        let id = subject.start().await;
        let status = run_to_end(subject, steps.collect(), id).await;
        assert_eq!(status, Status::Unwound, "with a failure at {name}");
        subject.assert_unwound(id).await;
    }
}

/// Lets each step in turn fail, and undoes everything before it twice, the first time as if the
/// process had died before the commit.
///
/// # Panics
/// When an undo does not succeed again.
pub async fn each_undo_may_run_twice<S: Subject>(subject: &S) {
    for (failing, name) in unwinding_steps(subject) {
        let steps = subject.steps().into_iter().enumerate();
        let steps = steps.map(|(number, step)| -> Box<dyn Step<S::Ctx>> {
            let twist = if number == failing {
                Twist::Fail
            } else {
                Twist::UndoTwice
            };
            Box::new(Twisted { step, twist })
        });
        let id = subject.start().await;
        let status = run_to_end(subject, steps.collect(), id).await;
        assert_eq!(
            status,
            Status::Unwound,
            "with a failure at {name} and every undo twice"
        );
        subject.assert_unwound(id).await;
    }
}

fn unwinding_steps<S: Subject>(subject: &S) -> Vec<(usize, &'static str)> {
    let names = subject
        .steps()
        .iter()
        .map(|step| step.name())
        .collect::<Vec<_>>();
    names
        .into_iter()
        .enumerate()
        .filter(|(_, name)| subject.unwinds_from(name))
        .collect()
}

/// Resumes a saga, nudging the world whenever it waits, until it ends; returns how.
///
/// # Panics
/// When it does not come to an end, or someone else runs it.
pub async fn run_to_end<S: Subject>(
    subject: &S,
    steps: Vec<Box<dyn Step<S::Ctx>>>,
    id: SagaId,
) -> Status {
    let engine = Engine::new(
        subject.kind(),
        steps,
        subject.ctx(),
        subject.db(),
        subject.clock(),
    );
    for _ in 0..LIMIT {
        match engine.resume(id).await.expect("the saga can be resumed") {
            Progress::Ended(status) => return status,
            Progress::Busy => panic!("nobody else runs the saga in this test"),
            progress => subject.nudge(id, &progress).await,
        }
    }
    panic!("the saga did not come to an end in {LIMIT} resumes");
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Twist {
    DoTwice,
    Fail,
    UndoTwice,
}

/// A step with something unusual about it.
struct Twisted<C> {
    step: Box<dyn Step<C>>,
    twist: Twist,
}

#[async_trait]
impl<C: Send + Sync + 'static> Step<C> for Twisted<C> {
    fn name(&self) -> &'static str {
        self.step.name()
    }

    async fn act(&self, ctx: &C, call: &Call) -> Result<Value, ActError> {
        match self.twist {
            Twist::Fail => Err(ActError::Failed("injected by the test".to_owned())),
            Twist::DoTwice => {
                // Whatever the first one said is lost with the process.
                let _ = self.step.act(ctx, call).await;
                self.step.act(ctx, call).await
            }
            Twist::UndoTwice => self.step.act(ctx, call).await,
        }
    }

    async fn apply(
        &self,
        ctx: &C,
        conn: &mut PgConnection,
        call: &Call,
        outcome: &Value,
    ) -> Result<Next, sqlx::Error> {
        if self.twist == Twist::DoTwice {
            let mut lost = conn.begin().await?;
            self.step.apply(ctx, &mut lost, call, outcome).await?;
            lost.rollback().await?;
        }
        self.step.apply(ctx, conn, call, outcome).await
    }

    async fn undo_act(&self, ctx: &C, call: &Call) -> Result<Value, ActError> {
        if self.twist == Twist::UndoTwice {
            let _ = self.step.undo_act(ctx, call).await;
        }
        self.step.undo_act(ctx, call).await
    }

    async fn undo_apply(
        &self,
        ctx: &C,
        conn: &mut PgConnection,
        call: &Call,
        outcome: &Value,
    ) -> Result<(), sqlx::Error> {
        if self.twist == Twist::UndoTwice {
            let mut lost = conn.begin().await?;
            self.step.undo_apply(ctx, &mut lost, call, outcome).await?;
            lost.rollback().await?;
        }
        self.step.undo_apply(ctx, conn, call, outcome).await
    }
}
