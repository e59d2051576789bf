use std::net::{IpAddr, Ipv4Addr};

use identity::Error;
use model::identity::ChangePassword;
use model::{Problem, Role};
use sqlx::PgPool;

use crate::world::{PASSWORD, World};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_right_password_signs_in_whatever_the_case_of_the_address(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    let view = world.sign_in("Ada", PASSWORD).await.expect("signed in");
    assert_eq!((view.id, view.name.as_str()), (ada.id, "ada"));
    assert_eq!(
        world.audit("session.signed_in").await[0].subject,
        format!("person:{}", ada.id)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn every_refusal_looks_alike_and_takes_one_verification(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", &[Role::Employee]).await;
    let gone = world.person("gone", &[Role::Employee]).await;
    world
        .identity
        .disable_person(&world.operator(), gone.id)
        .await
        .expect("disabled");
    let mut bare = crate::world::request("bare", &[Role::Employee]);
    bare.password = None;
    world
        .identity
        .create_person(&world.operator(), &bare)
        .await
        .expect("without a password");

    let mut answers = Vec::new();
    let tries = [
        ("ada", "a few wrong words"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("bare", PASSWORD),
        ("no address@@", PASSWORD),
    ];
    for (name, password) in tries {
        let before = world.identity.password_verifications();
        let error = world.sign_in(name, password).await.expect_err("refused");
        assert!(matches!(error, Error::SignInRefused), "{name}: {error:?}");
        assert_eq!(
            world.identity.password_verifications() - before,
            1,
            "{name}"
        );
        answers.push(Problem::from(error));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(
        (answers[0].status, answers[0].code.as_str()),
        (401, "sign_in_refused")
    );
    assert_eq!(world.audit("session.refused").await.len(), tries.len());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_eleventh_try_is_refused_even_with_the_right_password(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", &[Role::Employee]).await;
    world.person("bob", &[Role::Employee]).await;
    for _ in 0..10 {
        let error = world
            .sign_in("ada", "a few wrong words")
            .await
            .expect_err("refused");
        assert!(matches!(error, Error::SignInRefused));
    }
    let verified = world.identity.password_verifications();
    let error = world.sign_in("ADA", PASSWORD).await.expect_err("refused");
    let Error::TooManyAttempts { retry_after_s } = error else {
        panic!("{error:?}")
    };
    assert!((895..=901).contains(&retry_after_s), "{retry_after_s}");
    let problem = Problem::from(Error::TooManyAttempts { retry_after_s });
    assert_eq!(
        (problem.status, problem.retry_after),
        (429, Some(retry_after_s))
    );
    assert_eq!(
        world.identity.password_verifications(),
        verified,
        "nothing was looked at"
    );

    world
        .sign_in("bob", PASSWORD)
        .await
        .expect("others are not affected");
    world.wait_minutes(14);
    assert!(
        world.sign_in("ada", PASSWORD).await.is_err(),
        "the window is still open"
    );
    world.wait_minutes(2);
    world
        .sign_in("ada", PASSWORD)
        .await
        .expect("the window has passed");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn somebody_unknown_is_limited_like_somebody_known(pool: PgPool) {
    let world = World::new(pool).await;
    for _ in 0..10 {
        let error = world
            .sign_in("nobody", PASSWORD)
            .await
            .expect_err("refused");
        assert!(matches!(error, Error::SignInRefused));
    }
    let error = world
        .sign_in("nobody", PASSWORD)
        .await
        .expect_err("refused");
    assert!(matches!(error, Error::TooManyAttempts { .. }));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_success_clears_the_count_of_the_address(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", &[Role::Employee]).await;
    for _ in 0..3 {
        for _ in 0..9 {
            assert!(world.sign_in("ada", "a few wrong words").await.is_err());
        }
        world
            .sign_in("ada", PASSWORD)
            .await
            .expect("the tenth try is right");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn one_network_address_cannot_try_many_people(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", &[Role::Employee]).await;
    let there = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 9));
    for n in 0..50 {
        let error = world
            .sign_in_from(there, &format!("guess{n}"), PASSWORD)
            .await;
        assert!(matches!(error, Err(Error::SignInRefused)));
    }
    let error = world.sign_in_from(there, "ada", PASSWORD).await;
    assert!(matches!(error, Err(Error::TooManyAttempts { .. })));
    world
        .sign_in("ada", PASSWORD)
        .await
        .expect("from elsewhere it goes");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn many_tries_at_once_are_not_many_guesses(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", &[Role::Employee]).await;
    let before = world.identity.password_verifications();
    let tries: Vec<_> = (0..16)
        .map(|_| {
            let identity = world.identity.clone();
            tokio::spawn(async move {
                identity
                    .sign_in("ada@example.org", "a few wrong words", crate::world::HOME)
                    .await
            })
        })
        .collect();
    let mut unseen = 0;
    for attempt in tries {
        if let Err(Error::TooManyAttempts { .. }) = attempt.await.expect("no panic") {
            unseen += 1;
        }
    }
    assert_eq!(
        (world.identity.password_verifications() - before, unseen),
        (10, 6)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_table_of_tries_names_nobody(pool: PgPool) {
    let world = World::new(pool).await;
    assert!(world.sign_in("ada", PASSWORD).await.is_err());
    let rows: Vec<String> = sqlx::query_scalar("select t::text from identity.sign_in_attempt t")
        .fetch_all(&world.pool)
        .await
        .expect("readable");
    assert_eq!(rows.len(), 1);
    let hex: String = "ada@example.org"
        .bytes()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert!(!rows[0].contains("ada") && !rows[0].contains(&hex));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nodes_count_together_and_another_master_key_locks_nobody_out(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", &[Role::Employee]).await;
    for _ in 0..10 {
        assert!(world.sign_in("ada", "a few wrong words").await.is_err());
    }
    let twin = identity::Identity::new(world.test.deps.clone());
    let answer = twin
        .sign_in("ada@example.org", PASSWORD, crate::world::HOME)
        .await;
    assert!(
        matches!(answer, Err(Error::TooManyAttempts { .. })),
        "the twin has the same count"
    );

    sqlx::query("update identity.hash_key set sealed = '\\x00'")
        .execute(&world.pool)
        .await
        .expect("broken");
    let restarted = identity::Identity::new(world.test.deps.clone());
    restarted
        .sign_in("ada@example.org", PASSWORD, crate::world::HOME)
        .await
        .expect("signed in");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_changed_password_replaces_the_old_one(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    let actor = world.actor(ada.id).await;
    let change = |current: &str, new: &str| ChangePassword {
        current: current.into(),
        new: new.into(),
    };

    let wrong = world
        .identity
        .change_password(&actor, &change("not that one at all", "some other words"))
        .await;
    let problem = Problem::from(wrong.expect_err("the present password is wrong"));
    assert!(problem.message_for("current").is_some());
    let weak = world
        .identity
        .change_password(&actor, &change(PASSWORD, "short"))
        .await;
    assert!(
        Problem::from(weak.expect_err("too short"))
            .message_for("new")
            .is_some()
    );

    world
        .identity
        .change_password(&actor, &change(PASSWORD, "some other words"))
        .await
        .expect("changed");
    assert!(world.sign_in("ada", PASSWORD).await.is_err());
    world
        .sign_in("ada", "some other words")
        .await
        .expect("the new one counts");
    assert_eq!(world.audit("person.password_changed").await.len(), 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_open_browser_is_no_place_to_guess_from(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    let actor = world.actor(ada.id).await;
    let guess = ChangePassword {
        current: "a few wrong words".into(),
        new: "some other words".into(),
    };
    for _ in 0..10 {
        assert!(
            world
                .identity
                .change_password(&actor, &guess)
                .await
                .is_err()
        );
    }
    let right = ChangePassword {
        current: PASSWORD.into(),
        ..guess
    };
    let answer = world.identity.change_password(&actor, &right).await;
    assert!(matches!(answer, Err(Error::TooManyAttempts { .. })));
}
