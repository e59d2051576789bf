//! Many at once on the same people: never two at one time, never a deadlock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use model::scheduling::meeting::{ChangeMeeting, Invitee};
use scheduling::Error;
use scheduling::book::Attempt;
use sqlx::PgPool;

use crate::world::{World, person, world};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn one_slot_has_one_winner_and_the_others_get_alternatives(pool: PgPool) {
    let world = Arc::new(world(pool).await);
    let request = world.request(&["Tom", "Mia"], "09:00", 30);
    let mut herd = tokio::task::JoinSet::new();
    for client in 0..200 {
        let (world, request) = (Arc::clone(&world), request.clone());
        herd.spawn(async move {
            let key = format!("client {client}");
            world
                .service
                .book(&world.actor("Ana"), &request, &key)
                .await
        });
    }
    let (mut won, mut lost) = (0, 0);
    while let Some(ended) = herd.join_next().await {
        match ended.expect("no task panics") {
            Ok(_) => won += 1,
            Err(Error::SlotTaken(taken)) => {
                assert!(!taken.conflicts.is_empty() && !taken.alternatives.is_empty());
                lost += 1;
            }
            Err(other) => panic!("no defined answer: {other:?}"),
        }
    }
    assert_eq!((won, lost), (1, 199));
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn overlapping_bookings_of_a_hot_pool_never_overlap_or_deadlock(pool: PgPool) {
    let mut world = world(pool).await;
    for index in 0..40 {
        let name = format!("P{index} Pool");
        let one = person(&world.test, &world.service, &name, "Europe/Berlin").await;
        world.people.push(one);
    }
    let world = Arc::new(world);
    let booked = Arc::new(AtomicUsize::new(0));
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..16_u64 {
        let (world, booked) = (Arc::clone(&world), Arc::clone(&booked));
        clients.spawn(async move {
            // A sequence that repeats, different for each client.
            let mut seed = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(client + 1);
            let mut next = move |below: u64| {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                seed % below
            };
            for round in 0..25 {
                attempt(&world, &booked, client, round, &mut next).await;
            }
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended.expect("no client fails");
    }
    assert!(booked.load(Ordering::Relaxed) > 20);
    assert_eq!(world.overlaps().await, 0);
    let deadlocks: i64 = sqlx::query_scalar(
        "select deadlocks from pg_stat_database where datname = current_database()",
    )
    .fetch_one(&world.pool)
    .await
    .expect("a database");
    assert_eq!(deadlocks, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_move_that_waits_in_a_circle_is_tried_again(pool: PgPool) {
    let world = Arc::new(world(pool).await);
    let early = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "early")
        .await;
    let late = world
        .book("Mia", &world.request(&["Tom"], "11:00", 60), "late")
        .await;
    // Another one gives the late time back, and will want the early one.
    let mut other = world.pool.begin().await.expect("a database");
    sqlx::query("delete from scheduling.occupancy where meeting_id = $1")
        .bind(late.id.0)
        .execute(&mut *other)
        .await
        .expect("a database");
    let moving = {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let change = ChangeMeeting {
                slot: Some(late.slot),
                ..ChangeMeeting::default()
            };
            let ana = world.actor("Ana");
            world.service.change(&ana, early.id, Some(1), &change).await
        })
    };
    let waits = "select exists (
                     select 1 from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'
                 )";
    let mut waiting = false;
    for _ in 0..200 {
        waiting = sqlx::query_scalar(waits)
            .fetch_one(&world.pool)
            .await
            .expect("a database");
        if waiting {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(waiting, "the move never waited");
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    // Now each waits for the other, until the database ends one of them.
    let wanted = sqlx::query(
        "insert into scheduling.occupancy (meeting_id, original_local, who, kind, during, state)
         select $1, original_local, who, kind, during, state
         from scheduling.occupancy
         where meeting_id = $2 and who = $3
         on conflict do nothing",
    )
    .bind(late.id.0)
    .bind(early.id.0)
    .bind(world.find("Tom").id.0)
    .execute(&mut *other)
    .await;
    let wanted = wanted.expect("the move has waited for longer, so it is the one that ends");
    assert_eq!(wanted.rows_affected(), 0);
    other.rollback().await.expect("a database");
    let moved = moving.await.expect("no task panics");
    // The late time is Mia's again.
    assert!(matches!(moved, Err(Error::SlotTaken(_))), "{moved:?}");
    assert_eq!(world.overlaps().await, 0);
}

/// One try: four of the pool, starts that overlap each other.
async fn attempt(
    world: &World,
    booked: &AtomicUsize,
    client: u64,
    round: u64,
    next: &mut impl FnMut(u64) -> u64,
) {
    let start = round / 5 * 60 + next(4) * 15;
    let mut request = world.request(&[], "06:00", 30);
    let shift = TimeDelta::minutes(i64::try_from(start).expect("a small number"));
    request.slot.from += shift;
    request.slot.to += shift;
    let mut names: Vec<String> = (0..4).map(|_| format!("P{} ", next(40))).collect();
    names.sort_unstable();
    names.dedup();
    let organizer = world.find(&names[0]);
    request.attendees = names[1..]
        .iter()
        .map(|name| Invitee::Plain(world.find(name).email.clone()))
        .collect();
    let actor = world.actor(&organizer.name);
    let key = format!("{client} {round}");
    match world.service.attempt(&actor, &request, &key, None).await {
        Ok(Attempt::Booked { .. }) => {
            booked.fetch_add(1, Ordering::Relaxed);
        }
        Ok(Attempt::Lost(_)) => {}
        Err(error) => panic!("no defined answer: {error:?}"),
    }
}
