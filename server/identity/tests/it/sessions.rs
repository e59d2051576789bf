use chrono::{DateTime, TimeDelta, Utc};
use identity::PERSON_KEY;
use model::identity::ChangePassword;
use model::{PersonId, Role};
use platform::jobs::Registry;
use sqlx::PgPool;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

use crate::world::{PASSWORD, World};

fn offset(at: DateTime<Utc>) -> OffsetDateTime {
    let nanos = i128::from(at.timestamp_micros()) * 1000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).expect("in range")
}

/// A session that lasts an hour, of somebody or nobody.
fn record(world: &World, person: Option<PersonId>) -> Record {
    let mut data = std::collections::HashMap::new();
    if let Some(person) = person {
        data.insert(PERSON_KEY.to_owned(), serde_json::json!(person));
    }
    let expiry_date = offset(world.test.deps.now() + TimeDelta::hours(1));
    Record {
        id: Id::default(),
        data,
        expiry_date,
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_saved_is_loaded_until_it_expires(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    let store = world.identity.session_store();
    let mut session = record(&world, None);
    store.create(&mut session).await.expect("created");
    assert_eq!(
        store.load(&session.id).await.expect("loads"),
        Some(session.clone())
    );
    session
        .data
        .insert(PERSON_KEY.to_owned(), serde_json::json!(ada.id));
    store.save(&session).await.expect("saved");
    assert_eq!(
        store.load(&session.id).await.expect("loads"),
        Some(session.clone())
    );
    assert_eq!(store.load(&Id::default()).await.expect("loads"), None);
    world.wait_minutes(60);
    assert_eq!(store.load(&session.id).await.expect("loads"), None);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_session_that_was_signed_out_is_not_brought_back_by_a_late_save(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    let store = world.identity.session_store();
    let mut session = record(&world, Some(ada.id));
    store.create(&mut session).await.expect("created");
    let mut late = store
        .load(&session.id)
        .await
        .expect("loads")
        .expect("there");
    store.delete(&session.id).await.expect("signed out");
    late.data
        .insert("note".to_owned(), serde_json::json!("written meanwhile"));
    store.save(&late).await.expect("a late save is no failure");
    assert_eq!(store.load(&session.id).await.expect("loads"), None);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_taken_id_is_never_taken_over(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    let store = world.identity.session_store();
    let mut first = record(&world, Some(ada.id));
    store.create(&mut first).await.expect("created");
    let mut second = Record {
        id: first.id,
        ..record(&world, None)
    };
    store
        .create(&mut second)
        .await
        .expect("created under another id");
    assert_ne!(first.id, second.id);
    assert_eq!(store.load(&first.id).await.expect("loads"), Some(first));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_leaked_table_of_sessions_is_no_set_of_keys(pool: PgPool) {
    let world = World::new(pool).await;
    let mut session = record(&world, None);
    world
        .identity
        .session_store()
        .create(&mut session)
        .await
        .expect("created");
    let row: String = sqlx::query_scalar("select t::text from identity.session t")
        .fetch_one(&world.pool)
        .await
        .expect("stored");
    for bytes in [session.id.0.to_be_bytes(), session.id.0.to_le_bytes()] {
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        assert!(!row.contains(&hex));
    }
    assert!(!row.contains(&session.id.to_string()));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn all_sessions_of_a_person_end_with_what_ends_them(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    let bob = world.person("bob", &[Role::Employee]).await;
    let actor = world.actor(ada.id).await;
    let store = world.identity.session_store();
    let mut others = record(&world, Some(bob.id));
    store.create(&mut others).await.expect("created");

    for way in ["sign out", "password", "set password", "disable"] {
        let mut sessions = [record(&world, Some(ada.id)), record(&world, None)];
        for session in &mut sessions {
            store.create(session).await.expect("created");
        }
        // The second browser signs in later, so its session is saved and not created.
        sessions[1]
            .data
            .insert(PERSON_KEY.to_owned(), serde_json::json!(ada.id));
        store.save(&sessions[1]).await.expect("saved");
        match way {
            "sign out" => {
                let ended = world
                    .identity
                    .sign_out_everywhere(&actor, ada.id)
                    .await
                    .expect("ended");
                assert_eq!(ended, 2);
            }
            "password" => {
                let change = ChangePassword {
                    current: PASSWORD.into(),
                    new: "some other words".into(),
                };
                world
                    .identity
                    .change_password(&actor, &change)
                    .await
                    .expect("changed");
            }
            "set password" => {
                world
                    .identity
                    .set_password(&world.operator(), ada.id, PASSWORD)
                    .await
                    .expect("set");
            }
            _ => {
                world
                    .identity
                    .disable_person(&world.operator(), ada.id)
                    .await
                    .expect("disabled");
            }
        }
        for session in &sessions {
            assert_eq!(store.load(&session.id).await.expect("loads"), None, "{way}");
        }
    }
    assert!(
        store.load(&others.id).await.expect("loads").is_some(),
        "others stay signed in"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_cron_job_removes_only_what_has_expired(pool: PgPool) {
    let world = World::new(pool).await;
    let store = world.identity.session_store();
    let mut old = record(&world, None);
    store.create(&mut old).await.expect("created");
    assert!(world.sign_in("nobody", PASSWORD).await.is_err());
    world.wait_minutes(61);
    let mut fresh = record(&world, None);
    store.create(&mut fresh).await.expect("created");
    assert!(world.sign_in("nobody", PASSWORD).await.is_err());

    let mut registry = Registry::new();
    world.identity.register_jobs(&mut registry);
    registry
        .run(identity::tidy::TIDY, serde_json::Value::Null)
        .await
        .expect("tidied");
    let left: (i64, i64) = sqlx::query_as(
        "select (select count(*) from identity.session), (select count(*) from identity.sign_in_attempt)",
    )
    .fetch_one(&world.pool)
    .await
    .expect("countable");
    assert_eq!(left, (1, 1));
    assert!(store.load(&fresh.id).await.expect("loads").is_some());
    assert_eq!(world.identity.tidy().await.expect("again"), (0, 0));
}
