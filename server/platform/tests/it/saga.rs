//! Sagas, shown on a small one: a traveller books a train and a hotel, and the money moves last.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use model::SagaId;
use platform::jobs::Registry;
use platform::saga::testing::{self, Subject};
use platform::saga::{
    ActError, Call, Engine, Next, Progress, Status, Step, find, list, start_in_tx, steps,
    wake_in_tx,
};
use platform::{Clock, Db};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use testkit::TestWorld;
use tokio::sync::Semaphore;

/// How many advisory locks are held in this test's own database; other tests have theirs beside it.
const LOCKS_HERE: &str = "select count(*)
    from pg_locks l
    join pg_database d on d.oid = l.database
    where l.locktype = 'advisory' and d.datname = current_database()";

/// The other side: it keeps what was asked of it by key, as a good provider does.
#[derive(Default)]
struct Provider {
    done: BTreeMap<String, Value>,
    calls: usize,
    /// How many calls are still answered with silence.
    silent: usize,
    /// The same for calls that undo.
    silent_undos: usize,
}

#[derive(Clone)]
struct Ctx {
    provider: Arc<Mutex<Provider>>,
    /// When there, each act waits for a permit.
    gate: Option<Arc<Semaphore>>,
}

impl Ctx {
    fn new() -> Self {
        Self {
            provider: Arc::default(),
            gate: None,
        }
    }

    async fn call(&self, key: &str) -> Result<Value, ActError> {
        if let Some(gate) = &self.gate {
            gate.acquire().await.unwrap().forget();
        }
        let mut provider = self.provider.lock().unwrap();
        provider.calls += 1;
        let number = provider.done.len();
        // It happens even when the answer is lost.
        let answer = provider
            .done
            .entry(key.to_owned())
            .or_insert(json!(number))
            .clone();
        let Provider {
            silent,
            silent_undos,
            ..
        } = &mut *provider;
        let silent = if key.ends_with(":undo") {
            silent_undos
        } else {
            silent
        };
        if *silent > 0 {
            *silent -= 1;
            return Err(ActError::Unknown("no answer".to_owned()));
        }
        Ok(answer)
    }

    /// How many bookings are done and not undone, for one saga.
    fn standing(&self, id: SagaId) -> usize {
        let provider = self.provider.lock().unwrap();
        let of_saga = |key: &&String| key.starts_with(&id.to_string());
        let (undone, done): (Vec<_>, Vec<_>) = provider
            .done
            .keys()
            .filter(of_saga)
            .partition(|key| key.ends_with(":undo"));
        done.len() - undone.len()
    }
}

/// A step that books something, and notes it in the table `booking`.
struct Book(&'static str);

#[async_trait]
impl Step<Ctx> for Book {
    fn name(&self) -> &'static str {
        self.0
    }

    async fn act(&self, ctx: &Ctx, call: &Call) -> Result<Value, ActError> {
        ctx.call(&call.key).await
    }

    async fn apply(
        &self,
        _: &Ctx,
        conn: &mut PgConnection,
        call: &Call,
        outcome: &Value,
    ) -> Result<Next, sqlx::Error> {
        sqlx::query("insert into booking (saga, what, number) values ($1, $2, $3)")
            .bind(call.saga_id.0)
            .bind(self.0)
            .bind(outcome)
            .execute(conn)
            .await?;
        Ok(Next::Continue(json!({ "last": self.0 })))
    }

    async fn undo_act(&self, ctx: &Ctx, call: &Call) -> Result<Value, ActError> {
        assert!(call.outcome.is_some(), "an undo is told what the act gave");
        ctx.call(&call.key).await
    }

    async fn undo_apply(
        &self,
        _: &Ctx,
        conn: &mut PgConnection,
        call: &Call,
        _: &Value,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("delete from booking where saga = $1 and what = $2")
            .bind(call.saga_id.0)
            .bind(self.0)
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// A step that does whatever its function says when it writes down.
struct Decide(fn(&Call) -> Next);

#[async_trait]
impl Step<Ctx> for Decide {
    fn name(&self) -> &'static str {
        "decide"
    }

    async fn apply(
        &self,
        _: &Ctx,
        conn: &mut PgConnection,
        call: &Call,
        _: &Value,
    ) -> Result<Next, sqlx::Error> {
        let paid: bool = sqlx::query_scalar("select exists (select from paid where saga = $1)")
            .bind(call.saga_id.0)
            .fetch_one(conn)
            .await?;
        Ok(if paid {
            Next::Continue(call.state.clone())
        } else {
            (self.0)(call)
        })
    }
}

fn trip(decide: fn(&Call) -> Next) -> Vec<Box<dyn Step<Ctx>>> {
    vec![
        Box::new(Book("train")),
        Box::new(Decide(decide)),
        Box::new(Book("hotel")),
    ]
}

fn park(_: &Call) -> Next {
    Next::Park {
        reason: "the traveller has not paid".to_owned(),
    }
}

async fn tables(pool: &PgPool) {
    for table in [
        "create table booking (saga uuid not null, what text not null, number jsonb not null)",
        "create table paid (saga uuid not null)",
    ] {
        sqlx::query(table).execute(pool).await.unwrap();
    }
}

async fn bookings(pool: &PgPool, id: SagaId) -> Vec<String> {
    sqlx::query_scalar("select what from booking where saga = $1 order by ctid")
        .bind(id.0)
        .fetch_all(pool)
        .await
        .unwrap()
}

async fn start(world: &TestWorld, kind: &str) -> SagaId {
    let id: SagaId = world.deps.new_id();
    let mut tx = world.db().begin("test.start").await.unwrap();
    start_in_tx(&mut tx, id, kind, &json!({"to": "Graz"}), world.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn pay(world: &TestWorld, id: SagaId) {
    let mut tx = world.db().begin("test.pay").await.unwrap();
    sqlx::query("insert into paid (saga) values ($1)")
        .bind(id.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    assert!(wake_in_tx(&mut tx, id, world.now()).await.unwrap());
    tx.commit().await.unwrap();
}

fn engine(world: &TestWorld, ctx: &Ctx, steps: Vec<Box<dyn Step<Ctx>>>) -> (Engine<Ctx>, Registry) {
    let clock = world.deps.clock.clone();
    let engine = Engine::new("trip", steps, ctx.clone(), world.db().clone(), clock);
    let mut registry = Registry::new();
    engine.register(&mut registry);
    (engine, registry)
}

async fn status(world: &TestWorld, id: SagaId) -> Status {
    find(&mut world.db().read().await.unwrap(), id)
        .await
        .unwrap()
        .unwrap()
        .status
}

struct Trip {
    world: TestWorld,
    ctx: Ctx,
    pool: PgPool,
}

#[async_trait]
impl Subject for Trip {
    type Ctx = Ctx;

    fn kind(&self) -> &'static str {
        "trip"
    }

    fn steps(&self) -> Vec<Box<dyn Step<Ctx>>> {
        trip(park)
    }

    fn ctx(&self) -> Ctx {
        self.ctx.clone()
    }

    fn db(&self) -> Db {
        self.world.db().clone()
    }

    fn clock(&self) -> Arc<dyn Clock> {
        self.world.deps.clock.clone()
    }

    async fn start(&self) -> SagaId {
        start(&self.world, "trip").await
    }

    async fn nudge(&self, id: SagaId, progress: &Progress) {
        assert_eq!(*progress, Progress::Parked);
        pay(&self.world, id).await;
    }

    async fn assert_finished(&self, id: SagaId) {
        assert_eq!(bookings(&self.pool, id).await, ["train", "hotel"]);
        assert_eq!(self.ctx.standing(id), 2);
    }

    async fn assert_unwound(&self, id: SagaId) {
        assert_eq!(bookings(&self.pool, id).await, [] as [String; 0]);
        assert_eq!(self.ctx.standing(id), 0);
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_trip_passes_the_kit(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    testing::check(&Trip {
        world,
        ctx: Ctx::new(),
        pool,
    })
    .await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_parked_saga_goes_on_when_it_is_woken(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    let ctx = Ctx::new();
    let (_, registry) = engine(&world, &ctx, trip(park));
    let id = start(&world, "trip").await;
    world.drain(&registry).await;
    assert_eq!(status(&world, id).await, Status::Parked);
    pay(&world, id).await;
    world.drain(&registry).await;
    assert_eq!(status(&world, id).await, Status::Finished);
    assert_eq!(bookings(&pool, id).await, ["train", "hotel"]);

    let mut conn = world.db().read().await.unwrap();
    let log = steps(&mut conn, id).await.unwrap();
    let log: Vec<_> = log.iter().map(|line| (&*line.name, &*line.what)).collect();
    let story = [
        ("train", "done"),
        ("decide", "park"),
        ("decide", "done"),
        ("hotel", "done"),
    ];
    assert_eq!(log, story);
    assert!(
        !wake_in_tx(&mut conn, id, world.now()).await.unwrap(),
        "it has ended"
    );
    let found = list(&mut conn, Some(Status::Finished), None, 10)
        .await
        .unwrap();
    assert_eq!(
        found.items.iter().map(|saga| saga.id).collect::<Vec<_>>(),
        [id]
    );
    assert_eq!(
        list(&mut conn, Some(Status::Parked), None, 10)
            .await
            .unwrap()
            .items,
        []
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_wake_in_the_middle_of_a_step_is_not_lost(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    /// Is paid while it looks, just too late to see it.
    struct PaidMeanwhile(TestWorld);

    #[async_trait]
    impl Step<Ctx> for PaidMeanwhile {
        fn name(&self) -> &'static str {
            "decide"
        }

        async fn act(&self, _: &Ctx, call: &Call) -> Result<Value, ActError> {
            let mut conn = self.0.db().read().await.unwrap();
            let paid: bool = sqlx::query_scalar("select exists (select from paid where saga = $1)")
                .bind(call.saga_id.0)
                .fetch_one(&mut *conn)
                .await
                .unwrap();
            if !paid {
                pay(&self.0, call.saga_id).await;
            }
            Ok(json!(paid))
        }

        async fn apply(
            &self,
            _: &Ctx,
            _: &mut PgConnection,
            call: &Call,
            outcome: &Value,
        ) -> Result<Next, sqlx::Error> {
            let paid = outcome.as_bool() == Some(true);
            Ok(if paid {
                Next::Continue(Value::Null)
            } else {
                park(call)
            })
        }
    }
    let (engine, _) = engine(
        &world,
        &Ctx::new(),
        vec![Box::new(PaidMeanwhile(world.clone()))],
    );
    let id = start(&world, "trip").await;
    assert_eq!(
        engine.resume(id).await.unwrap(),
        Progress::Ended(Status::Finished)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_waiting_saga_looks_again_at_its_time(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    let (_, registry) = engine(
        &world,
        &Ctx::new(),
        trip(|call| match call.now - testkit::START {
            since if since < TimeDelta::hours(2) => {
                let until = call.now + TimeDelta::hours(1);
                Next::Wait {
                    until,
                    reason: "the desk is closed".to_owned(),
                }
            }
            _ => Next::Finish,
        }),
    );
    let id = start(&world, "trip").await;
    assert_eq!(world.drain(&registry).await, 1);
    assert_eq!(status(&world, id).await, Status::Waiting);
    assert_eq!(world.drain(&registry).await, 0);
    world.advance(TimeDelta::hours(1));
    assert_eq!(world.drain(&registry).await, 1);
    world.advance(TimeDelta::hours(1));
    assert_eq!(world.drain(&registry).await, 1);
    assert_eq!(status(&world, id).await, Status::Finished);
    assert_eq!(
        bookings(&pool, id).await,
        ["train"],
        "it finished before the hotel"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn silence_is_not_failure(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    let ctx = Ctx::new();
    ctx.provider.lock().unwrap().silent = 3;
    let (_, registry) = engine(&world, &ctx, vec![Box::new(Book("train"))]);
    let id = start(&world, "trip").await;
    for pause in [1, 2, 4] {
        assert_eq!(world.drain(&registry).await, 1);
        assert_eq!(status(&world, id).await, Status::Running);
        world.advance(TimeDelta::seconds(pause) - TimeDelta::microseconds(1));
        assert_eq!(world.drain(&registry).await, 0);
        world.advance(TimeDelta::microseconds(1));
    }
    assert_eq!(world.drain(&registry).await, 1);
    assert_eq!(status(&world, id).await, Status::Finished);
    assert_eq!(
        ctx.standing(id),
        1,
        "four calls under one key are one booking"
    );
    assert_eq!(ctx.provider.lock().unwrap().calls, 4);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_stop_unwinds_and_an_undo_may_take_its_time(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    let ctx = Ctx::new();
    let (_, registry) = engine(
        &world,
        &ctx,
        trip(|_| Next::Stop {
            reason: "no passport".to_owned(),
        }),
    );
    let id = start(&world, "trip").await;
    ctx.provider.lock().unwrap().silent_undos = 2;
    for pause in [1, 2] {
        assert_eq!(world.drain(&registry).await, 1);
        assert_eq!(status(&world, id).await, Status::Unwinding);
        world.advance(TimeDelta::seconds(pause));
    }
    assert_eq!(world.drain(&registry).await, 1);
    assert_eq!(status(&world, id).await, Status::Unwound);
    assert_eq!(bookings(&pool, id).await, [] as [String; 0]);
    assert_eq!(ctx.standing(id), 0);
    let saga = find(&mut world.db().read().await.unwrap(), id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(saga.reason.as_deref(), Some("no passport"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_undo_that_fails_for_good_is_left_to_a_person(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    struct NoWayBack;

    #[async_trait]
    impl Step<Ctx> for NoWayBack {
        fn name(&self) -> &'static str {
            "ferry"
        }

        async fn apply(
            &self,
            _: &Ctx,
            _: &mut PgConnection,
            _: &Call,
            _: &Value,
        ) -> Result<Next, sqlx::Error> {
            Ok(Next::Continue(Value::Null))
        }

        async fn undo_act(&self, _: &Ctx, _: &Call) -> Result<Value, ActError> {
            Err(ActError::Failed("the ferry has sailed".to_owned()))
        }
    }
    let stop = Decide(|_| Next::Stop {
        reason: "no passport".to_owned(),
    });
    let (engine, _) = engine(
        &world,
        &Ctx::new(),
        vec![Box::new(NoWayBack), Box::new(stop)],
    );
    let id = start(&world, "trip").await;
    assert_eq!(
        engine.resume(id).await.unwrap(),
        Progress::Ended(Status::Failed)
    );
    let saga = find(&mut world.db().read().await.unwrap(), id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(saga.reason.as_deref(), Some("the ferry has sailed"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn of_two_who_resume_at_once_one_takes_the_steps(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    let gate = Arc::new(Semaphore::new(0));
    let ctx = Ctx {
        gate: Some(Arc::clone(&gate)),
        ..Ctx::new()
    };
    let (engine, registry) = engine(&world, &ctx, vec![Box::new(Book("train"))]);
    let id = start(&world, "trip").await;
    let twin = engine.clone();
    // One of the two stands at the gate inside its act, so the other can only find it busy.
    let both = tokio::spawn(async move { tokio::join!(engine.resume(id), twin.resume(id)) });
    while gate.available_permits() == 0 {
        let locked: i64 = sqlx::query_scalar(LOCKS_HERE)
            .fetch_one(&pool)
            .await
            .unwrap();
        if locked > 0 {
            // The job finds it busy too, and comes back later instead of failing.
            let job = registry.run("saga.trip", json!({"saga": id})).await;
            job.unwrap();
            gate.add_permits(10);
        }
    }
    let (one, two) = both.await.unwrap();
    let outcomes = [one.unwrap(), two.unwrap()];
    assert!(
        outcomes.contains(&Progress::Ended(Status::Finished)),
        "{outcomes:?}"
    );
    assert_eq!(ctx.provider.lock().unwrap().calls, 1);
    assert_eq!(bookings(&pool, id).await, ["train"]);
    world.advance(TimeDelta::seconds(1));
    world.drain(&registry).await;
    assert_eq!(ctx.provider.lock().unwrap().calls, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_crash_lets_go_of_the_saga_at_once(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    let gate = Arc::new(Semaphore::new(0));
    let ctx = Ctx {
        gate: Some(Arc::clone(&gate)),
        ..Ctx::new()
    };
    let (engine, registry) = engine(&world, &ctx, vec![Box::new(Book("train"))]);
    let id = start(&world, "trip").await;
    // A resume that is dropped in the middle of its act closes its connection, as a crash would.
    {
        let resume = engine.resume(id);
        tokio::pin!(resume);
        loop {
            let standing = tokio::select! {
                outcome = &mut resume => panic!("it stands at the gate: {outcome:?}"),
                locked = sqlx::query_scalar::<_, i64>(
                    LOCKS_HERE,
                ).fetch_one(&pool) => locked.unwrap() > 0,
            };
            if standing {
                break;
            }
        }
    }
    gate.add_permits(10);
    loop {
        match engine.resume(id).await.unwrap() {
            // Postgres takes a moment to see that the connection is closed.
            Progress::Busy => tokio::task::yield_now().await,
            progress => break assert_eq!(progress, Progress::Ended(Status::Finished)),
        }
    }
    // What the start of workers and the sweep enqueue finds nothing left to do.
    registry
        .run("saga.trip.recover", Value::Null)
        .await
        .unwrap();
    registry.run("saga.trip.sweep", Value::Null).await.unwrap();
    world.drain(&registry).await;
    assert_eq!(bookings(&pool, id).await, ["train"]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_sweep_finds_a_saga_whose_job_was_lost(pool: PgPool) {
    let world = testkit::world(&pool).await;
    tables(&pool).await;
    let (_, registry) = engine(&world, &Ctx::new(), vec![Box::new(Book("train"))]);
    let id = start(&world, "trip").await;
    sqlx::query("delete from graphile_worker._private_jobs")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(world.drain(&registry).await, 0);
    registry.run("saga.trip.sweep", Value::Null).await.unwrap();
    assert_eq!(world.drain(&registry).await, 1);
    assert_eq!(status(&world, id).await, Status::Finished);
}
