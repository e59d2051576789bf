//! What many ask for at once, done in one go.
//!
//! A statement costs about as much for thirty rows as for one, so under load the many requests that
//! each want one row share a statement. Nobody waits for company: whoever comes while nothing is under
//! way is served alone and at once; those who come meanwhile are the next go. So goes grow with the
//! load and no further, and every answer was made after its question was asked.
//!
//! Too many who wait are turned away at once ([`sqlx::Error::PoolTimedOut`], which callers tell as
//! "busy"): an early no is worth more than a late one.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::BoxFuture;
use tokio::sync::oneshot;

/// One for each question, in their order; or why there is none for any.
type Answers<B> = Result<Vec<B>, sqlx::Error>;
type Work<C, A, B> = dyn Fn(C, Vec<A>) -> BoxFuture<'static, Answers<B>> + Send + Sync;

/// Work that is done for many at once; cheap to clone. `C` is what it is done with, `A` a question and
/// `B` its answer.
pub struct Together<C, A, B>(Arc<Inner<C, A, B>>);

struct Inner<C, A, B> {
    name: &'static str,
    limits: Limits,
    work: Box<Work<C, A, B>>,
    queue: Mutex<Queue<A, B>>,
}

struct Queue<A, B> {
    waiting: std::collections::VecDeque<Waiting<A, B>>,
    is_running: bool,
}

struct Waiting<A, B> {
    question: A,
    answer: oneshot::Sender<Result<B, sqlx::Error>>,
}

/// How much is done in one go, and how much may wait for it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most questions of one go.
    pub most: usize,
    /// The most questions that wait.
    pub longest: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            most: 100,
            longest: 1_000,
        }
    }
}

impl<C, A, B> Clone for Together<C, A, B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C, A, B> fmt::Debug for Together<C, A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Together").field(&self.0.name).finish()
    }
}

impl<C, A, B> Together<C, A, B>
where
    C: Clone + Send + Sync + 'static,
    A: Clone + Send + 'static,
    B: Send + 'static,
{
    /// `work` gets questions and gives one answer for each, in their order. `name` feeds a metric. If
    /// the database refuses a go of several, each of them is done alone, so that the defect of one is
    /// not told to the others; `work` has to bear that it is done twice.
    pub fn new<F>(
        name: &'static str,
        limits: Limits,
        work: impl Fn(C, Vec<A>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Answers<B>> + Send + 'static,
    {
        Self(Arc::new(Inner {
            name,
            limits,
            work: Box::new(move |with, questions| Box::pin(work(with, questions))),
            queue: Mutex::new(Queue {
                waiting: std::collections::VecDeque::new(),
                is_running: false,
            }),
        }))
    }

    /// Asks, and waits for the go that answers. Whoever stops waiting before it begins has not asked.
    /// A go is done with what the one who began brought.
    ///
    /// # Errors
    /// What the work says; [`sqlx::Error::PoolTimedOut`] when too many wait already;
    /// [`sqlx::Error::WorkerCrashed`] when the work has panicked.
    pub async fn ask(&self, with: &C, question: A) -> Result<B, sqlx::Error> {
        let (answer, told) = oneshot::channel();
        let begins = {
            let mut queue = self.0.queue();
            if queue.waiting.len() >= self.0.limits.longest {
                metrics::counter!("together_refused_total", "name" => self.0.name).increment(1);
                return Err(sqlx::Error::PoolTimedOut);
            }
            queue.waiting.push_back(Waiting { question, answer });
            !std::mem::replace(&mut queue.is_running, true)
        };
        if begins {
            // Not in the caller's own task: it may go away, and others wait.
            let runner = Runner(Arc::clone(&self.0));
            tokio::spawn(runner.run(with.clone()));
        }
        told.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
    }
}

impl<C, A, B> Inner<C, A, B> {
    fn queue(&self) -> MutexGuard<'_, Queue<A, B>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next go; nothing when nobody waits, and then nothing is running.
    fn next(&self) -> Option<Vec<Waiting<A, B>>> {
        let mut queue = self.queue();
        queue.waiting.retain(|waiting| !waiting.answer.is_closed());
        let count = queue.waiting.len().min(self.limits.most);
        if count == 0 {
            queue.is_running = false;
            return None;
        }
        Some(queue.waiting.drain(..count).collect())
    }
}

/// Serves until nobody waits.
struct Runner<C, A, B>(Arc<Inner<C, A, B>>);

impl<C, A, B> Drop for Runner<C, A, B> {
    /// After a panic those who still wait hear of it, and the next one begins anew.
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut queue = self.0.queue();
            queue.waiting.clear();
            queue.is_running = false;
        }
    }
}

impl<C, A, B> Runner<C, A, B>
where
    C: Clone + Send + Sync + 'static,
    A: Clone + Send + 'static,
    B: Send + 'static,
{
    async fn run(self, with: C) {
        while let Some(waiting) = self.0.next() {
            metrics::histogram!("together_size", "name" => self.0.name)
                .record(u32::try_from(waiting.len()).unwrap_or(u32::MAX));
            self.serve(&with, waiting).await;
        }
    }

    async fn serve(&self, with: &C, waiting: Vec<Waiting<A, B>>) {
        let questions: Vec<A> = waiting.iter().map(|w| w.question.clone()).collect();
        match (self.0.work)(with.clone(), questions).await {
            Ok(answers) if answers.len() == waiting.len() => {
                for (waiting, answer) in waiting.into_iter().zip(answers) {
                    // Whoever has gone away has no need of it.
                    let _ = waiting.answer.send(Ok(answer));
                }
            }
            Ok(answers) => {
                let (name, asked, told) = (self.0.name, waiting.len(), answers.len());
                tracing::error!(name, asked, told, "not as many answers as questions");
            }
            Err(sqlx::Error::Database(_)) if waiting.len() > 1 => {
                for waiting in waiting {
                    let answer = (self.0.work)(with.clone(), vec![waiting.question]).await;
                    let answer = answer
                        .and_then(|mut answers| answers.pop().ok_or(sqlx::Error::WorkerCrashed));
                    let _ = waiting.answer.send(answer);
                }
            }
            Err(error) => {
                let rest = waiting.len().saturating_sub(1);
                let copies: Vec<_> = (0..rest).map(|_| like(&error)).collect();
                let errors = copies.into_iter().chain([error]);
                for (waiting, error) in waiting.into_iter().zip(errors) {
                    let _ = waiting.answer.send(Err(error));
                }
            }
        }
    }
}

/// The same error for somebody else.
fn like(error: &sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::PoolTimedOut => sqlx::Error::PoolTimedOut,
        sqlx::Error::PoolClosed => sqlx::Error::PoolClosed,
        other => sqlx::Error::Io(std::io::Error::other(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;
    use tokio::sync::Semaphore;

    use super::*;

    const LIMITS: Limits = Limits {
        most: 4,
        longest: 6,
    };

    /// Doubles numbers; each go waits for a permit. `goes` has the size of each.
    fn doubling(gate: &Arc<Semaphore>, goes: &Arc<Mutex<Vec<usize>>>) -> Together<(), u32, u32> {
        let (gate, goes) = (Arc::clone(gate), Arc::clone(goes));
        Together::new("double", LIMITS, move |(), numbers: Vec<u32>| {
            let (gate, goes) = (Arc::clone(&gate), Arc::clone(&goes));
            async move {
                goes.lock().expect("nobody panics").push(numbers.len());
                gate.acquire().await.expect("it stays open").forget();
                Ok(numbers.into_iter().map(|n| n * 2).collect())
            }
        })
    }

    #[tokio::test]
    async fn those_who_come_meanwhile_are_the_next_go() {
        let (gate, goes) = (Arc::new(Semaphore::new(0)), Arc::default());
        let double = doubling(&gate, &goes);
        let first = tokio::spawn({
            let double = double.clone();
            async move { double.ask(&(), 1).await }
        });
        while goes.lock().expect("nobody panics").is_empty() {
            tokio::task::yield_now().await;
        }
        let rest = tokio::spawn({
            let double = double.clone();
            async move { join_all((2..=7).map(|n| double.ask(&(), n))).await }
        });
        // All six wait, and there is no place for a seventh.
        while double.0.queue().waiting.len() < 6 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(
            double.ask(&(), 8).await,
            Err(sqlx::Error::PoolTimedOut)
        ));
        gate.add_permits(9);
        assert_eq!(first.await.expect("no panic").expect("an answer"), 2);
        let rest: Result<Vec<u32>, _> = rest.await.expect("no panic").into_iter().collect();
        assert_eq!(rest.expect("answers"), [4, 6, 8, 10, 12, 14]);
        assert_eq!(*goes.lock().expect("nobody panics"), [1, 4, 2]);
        // Nothing is left running, and the next one begins anew.
        assert_eq!(double.ask(&(), 9).await.expect("an answer"), 18);
    }

    #[tokio::test]
    async fn whoever_stops_waiting_has_not_asked() {
        let (gate, goes) = (Arc::new(Semaphore::new(0)), Arc::default());
        let double = doubling(&gate, &goes);
        let ask = |n| {
            let double = double.clone();
            tokio::spawn(async move { double.ask(&(), n).await })
        };
        let first = ask(1);
        while goes.lock().expect("nobody panics").is_empty() {
            tokio::task::yield_now().await;
        }
        let (second, third) = (ask(2), ask(3));
        while double.0.queue().waiting.len() < 2 {
            tokio::task::yield_now().await;
        }
        second.abort();
        assert!(second.await.is_err());
        gate.add_permits(9);
        assert_eq!(first.await.expect("no panic").expect("an answer"), 2);
        assert_eq!(third.await.expect("no panic").expect("an answer"), 6);
        assert_eq!(*goes.lock().expect("nobody panics"), [1, 1]);
    }

    #[tokio::test]
    async fn a_lost_connection_is_told_to_all_and_a_panic_too() {
        let tries = Arc::new(AtomicUsize::new(0));
        let failing: Together<(), u32, u32> = Together::new("fail", LIMITS, {
            let tries = Arc::clone(&tries);
            move |(), _| {
                let attempt = tries.fetch_add(1, Ordering::Relaxed);
                async move {
                    tokio::task::yield_now().await;
                    assert!(attempt == 0, "the second go is a defect");
                    Err(sqlx::Error::PoolClosed)
                }
            }
        });
        let told = join_all((0..3).map(|n| failing.ask(&(), n))).await;
        let closed = |e: &Result<u32, _>| matches!(e, Err(sqlx::Error::PoolClosed));
        assert!(told.iter().all(closed), "{told:?}");
        assert_eq!(tries.load(Ordering::Relaxed), 1);
        let crashed = failing.ask(&(), 8).await;
        assert!(matches!(crashed, Err(sqlx::Error::WorkerCrashed)));
        let again = failing.ask(&(), 9).await;
        assert!(matches!(again, Err(sqlx::Error::WorkerCrashed)));
    }
}
