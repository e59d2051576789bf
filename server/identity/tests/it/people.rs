use identity::Error;
use model::identity::CreatePerson;
use model::{Actor, Permission, Problem, Role, TokenId};
use sqlx::PgPool;

use crate::world::{World, request};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn one_address_belongs_to_one_person(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", &[Role::Employee]).await;
    let mut twin = request("ada", &[Role::Employee]);
    twin.email = "ADA@Example.org".to_owned();
    let answer = world.identity.create_person(&world.operator(), &twin).await;
    let problem = Problem::from(answer.expect_err("taken"));
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (409, "email_taken")
    );
    assert!(problem.message_for("email").is_some());
    assert_eq!(
        world.audit("person.created").await.len(),
        1,
        "the failure left no trace"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn each_wrong_field_is_named(pool: PgPool) {
    let world = World::new(pool).await;
    let wrong = CreatePerson {
        email: "nowhere".to_owned(),
        name: "  ".to_owned(),
        zone: "Mars/Base".to_owned(),
        roles: Vec::new(),
        password: Some("password1234".into()),
    };
    let answer = world
        .identity
        .create_person(&world.operator(), &wrong)
        .await;
    let problem = Problem::from(answer.expect_err("refused"));
    let fields: Vec<&str> = problem
        .errors
        .iter()
        .map(|error| error.field.as_str())
        .collect();
    assert_eq!(fields, ["email", "name", "zone", "roles", "password"]);
    assert_eq!(problem.status, 422);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_a_role_gives_counts_from_the_next_request_on(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    assert!(!world.actor(ada.id).await.may(Permission::PaymentsRead));
    world
        .identity
        .set_roles(&world.operator(), ada.id, &[Role::Finance])
        .await
        .expect("set");
    let actor = world.actor(ada.id).await;
    assert!(actor.may(Permission::PaymentsRead) && !actor.may(Permission::PeopleRead));
    assert_eq!(actor.zone, "Europe/Berlin");

    let row = &world.audit("person.roles_set").await[0];
    assert_eq!(
        row.detail,
        serde_json::json!({ "before": ["employee"], "after": ["finance"] })
    );
    world
        .identity
        .disable_person(&world.operator(), ada.id)
        .await
        .expect("disabled");
    assert_eq!(
        world
            .identity
            .actor_of_person(ada.id)
            .await
            .expect("readable"),
        None
    );
    world
        .identity
        .enable_person(&world.operator(), ada.id)
        .await
        .expect("enabled");
    assert!(
        world
            .identity
            .actor_of_person(ada.id)
            .await
            .expect("readable")
            .is_some()
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn without_the_permission_nothing_is_done(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    let bob = world.person("bob", &[Role::Hr]).await;
    let (employee, hr) = (world.actor(ada.id).await, world.actor(bob.id).await);
    let identity = &world.identity;

    assert!(matches!(
        identity.list_people(&employee, None, None, 10).await,
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        identity.get_person(&employee, bob.id).await,
        Err(Error::Forbidden(_))
    ));
    assert_eq!(
        identity
            .get_person(&employee, ada.id)
            .await
            .expect("oneself")
            .id,
        ada.id
    );
    assert_eq!(
        identity
            .list_people(&hr, None, None, 10)
            .await
            .expect("hr reads")
            .items
            .len(),
        2
    );
    let request = request("eve", &[Role::Employee]);
    assert!(matches!(
        identity.create_person(&hr, &request).await,
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        identity.set_roles(&hr, bob.id, &[Role::Admin]).await,
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        identity.disable_person(&hr, ada.id).await,
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        identity.enable_person(&hr, ada.id).await,
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        identity.set_password(&hr, ada.id, "x").await,
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        identity.sign_out_everywhere(&hr, ada.id).await,
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        identity.list_audit(&hr, None, None, 10).await,
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        identity.find_person_by_email(&employee, "a@b.c").await,
        Err(Error::Forbidden(_))
    ));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn only_an_administrator_makes_or_unmakes_one(pool: PgPool) {
    let world = World::new(pool).await;
    let root = world.person("root", &[Role::Admin]).await;
    world.person("other", &[Role::Admin]).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    let script = Actor::token(TokenId(root.id.0), "script", &[Permission::PeopleWrite]);
    let identity = &world.identity;

    identity
        .set_roles(&script, ada.id, &[Role::Manager])
        .await
        .expect("an ordinary role");
    assert!(
        identity
            .set_roles(&script, ada.id, &[Role::Admin])
            .await
            .is_err()
    );
    assert!(
        identity
            .set_roles(&script, root.id, &[Role::Employee])
            .await
            .is_err()
    );
    assert!(identity.disable_person(&script, root.id).await.is_err());
    assert!(
        identity
            .set_password(&script, root.id, "some other words")
            .await
            .is_err()
    );
    assert!(
        identity
            .create_person(&script, &request("eve", &[Role::Admin]))
            .await
            .is_err()
    );

    let admin = world.actor(root.id).await;
    identity
        .set_roles(&admin, ada.id, &[Role::Admin])
        .await
        .expect("by an administrator");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_last_administrator_cannot_be_removed(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Admin]).await;
    let gone = world.person("gone", &[Role::Admin]).await;
    world
        .identity
        .disable_person(&world.operator(), gone.id)
        .await
        .expect("one is left");
    let actor = world.actor(ada.id).await;
    let refused = world
        .identity
        .disable_person(&actor, ada.id)
        .await
        .expect_err("the last");
    assert_eq!(Problem::from(refused).code, "last_admin");
    let refused = world
        .identity
        .set_roles(&actor, ada.id, &[Role::Finance])
        .await;
    assert!(
        matches!(refused, Err(Error::LastAdmin)),
        "a disabled one does not count"
    );
    world
        .identity
        .set_roles(&actor, ada.id, &[Role::Finance, Role::Admin])
        .await
        .expect("still one");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn two_administrators_cannot_remove_each_other_at_once(pool: PgPool) {
    let world = World::new(pool).await;
    let mut pair = [
        world.person("ada", &[Role::Admin]).await.id,
        world.person("bob", &[Role::Admin]).await.id,
    ];
    for round in 0..5 {
        let (ada, bob) = (pair[0], pair[1]);
        let (by_ada, by_bob) = (world.actor(ada).await, world.actor(bob).await);
        let (first, second) = (world.identity.clone(), world.identity.clone());
        let one =
            tokio::spawn(async move { first.set_roles(&by_ada, bob, &[Role::Employee]).await });
        let two = tokio::spawn(async move { second.disable_person(&by_bob, ada).await });
        let (one, two) = (one.await.expect("no panic"), two.await.expect("no panic"));
        assert!(one.is_ok() != two.is_ok(), "round {round}: {one:?} {two:?}");
        assert!(matches!(one.err().or(two.err()), Some(Error::LastAdmin)));
        world
            .identity
            .enable_person(&world.operator(), ada)
            .await
            .expect("enabled");
        world
            .identity
            .set_roles(&world.operator(), bob, &[Role::Admin])
            .await
            .expect("an admin again");
        pair.swap(0, 1);
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn pages_show_everybody_once_in_order_of_names(pool: PgPool) {
    let world = World::new(pool).await;
    for name in ["eve", "Bob", "ada", "dan", "Cem"] {
        world.person(name, &[Role::Employee]).await;
    }
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = world
            .identity
            .list_people(&world.operator(), None, after.as_deref(), 2)
            .await;
        let page = page.expect("a page");
        names.extend(page.items.into_iter().map(|person| person.name));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(names, ["ada", "Bob", "Cem", "dan", "eve"]);

    let found = world
        .identity
        .list_people(&world.operator(), Some(" BOB@ex "), None, 10)
        .await;
    assert_eq!(found.expect("found").items.len(), 1);
    let nothing = world
        .identity
        .list_people(&world.operator(), Some("%"), None, 10)
        .await;
    assert_eq!(nothing.expect("a sign is just a sign").items.len(), 0);
    let lost = world
        .identity
        .list_people(&world.operator(), None, Some("page2"), 10)
        .await;
    assert!(matches!(lost, Err(Error::Invalid(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_database_knows_the_same_roles(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", Role::ALL).await;
    let bogus = sqlx::query(
        "insert into identity.person_role (person_id, role) select id, 'owner' from identity.person",
    );
    let error = bogus.execute(&world.pool).await.expect_err("not a role");
    let constraint = error
        .as_database_error()
        .and_then(|e| e.constraint())
        .map(str::to_owned);
    assert_eq!(constraint.as_deref(), Some("person_role_is_known"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_password_is_stored_as_a_hash_only(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", &[Role::Employee]).await;
    let stored: String = sqlx::query_scalar("select password_hash from identity.person")
        .fetch_one(&world.pool)
        .await
        .expect("stored");
    assert!(stored.starts_with("$argon2id$v=19$") && !stored.contains(crate::world::PASSWORD));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn each_change_of_a_person_is_an_event_and_what_changes_nothing_is_none(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let events = async || -> i64 {
        sqlx::query_scalar("select count(*) from platform.outbox where topic = 'person.changed'")
            .fetch_one(&pool)
            .await
            .expect("readable")
    };
    world.person("root", &[Role::Admin]).await;
    let ada = world.person("ada", &[Role::Employee]).await;
    assert_eq!(events().await, 2);
    let operator = world.operator();
    for _ in 0..2 {
        let changed = world.identity.set_roles(&operator, ada.id, &[Role::Hr]);
        changed.await.expect("changed once");
    }
    assert_eq!(events().await, 3);
    for _ in 0..2 {
        let disabled = world.identity.disable_person(&operator, ada.id);
        disabled.await.expect("disabled once");
    }
    for _ in 0..2 {
        let enabled = world.identity.enable_person(&operator, ada.id);
        enabled.await.expect("enabled once");
    }
    assert_eq!(events().await, 5);
}
