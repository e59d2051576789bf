use identity::Error;
use model::identity::{CreateToken, NewToken, TokenState};
use model::permission::Who;
use model::{Actor, Permission, Problem, Role};
use sqlx::PgPool;

use crate::world::World;

async fn token(world: &World, scopes: &[Permission], days: Option<u16>) -> NewToken {
    let request = CreateToken {
        name: "till".to_owned(),
        scopes: scopes.to_vec(),
        expires_in_days: days,
    };
    world
        .identity
        .create_token(&world.operator(), &request)
        .await
        .expect("a new token")
}

async fn actor(world: &World, secret: &str) -> Option<Actor> {
    world
        .identity
        .actor_of_token(secret)
        .await
        .expect("readable")
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_token_may_do_just_what_its_scopes_say(pool: PgPool) {
    let world = World::new(pool).await;
    let new = token(
        &world,
        &[Permission::PaymentsRead, Permission::LedgerRead],
        None,
    )
    .await;
    let actor = actor(&world, new.secret.expose()).await.expect("it works");
    for permission in Permission::ALL {
        let given = matches!(
            permission,
            Permission::PaymentsRead | Permission::LedgerRead
        );
        assert_eq!(actor.may(*permission), given, "{permission}");
    }
    assert_eq!(
        actor.who,
        Who::Token {
            id: new.token.id,
            name: "till".to_owned()
        }
    );
    assert_eq!(actor.person_id(), None);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_revoked_expired_or_garbled_token_is_refused(pool: PgPool) {
    let world = World::new(pool).await;
    let revoked = token(&world, &[Permission::PaymentsRead], None).await;
    let expiring = token(&world, &[Permission::PaymentsRead], Some(2)).await;
    let lasting = token(&world, &[Permission::PaymentsRead], None).await;
    assert!(actor(&world, revoked.secret.expose()).await.is_some());
    for _ in 0..2 {
        let view = world
            .identity
            .revoke_token(&world.operator(), revoked.token.id)
            .await;
        assert_eq!(view.expect("revoked").state, TokenState::Revoked);
    }
    assert!(actor(&world, revoked.secret.expose()).await.is_none());
    assert_eq!(
        world.audit("token.revoked").await.len(),
        1,
        "the second time changes nothing"
    );

    world.wait_minutes(2 * 24 * 60 - 1);
    assert!(actor(&world, expiring.secret.expose()).await.is_some());
    world.wait_minutes(1);
    assert!(actor(&world, expiring.secret.expose()).await.is_none());
    assert!(actor(&world, lasting.secret.expose()).await.is_some());

    let good = lasting.secret.expose();
    let unknown = token(&world, &[Permission::PaymentsRead], None).await;
    sqlx::query("delete from identity.api_token where id = $1")
        .bind(unknown.token.id.0)
        .execute(&world.pool)
        .await
        .expect("gone");
    let texts = [
        "",
        "pun_",
        good.trim_end_matches(|c: char| c != '_'),
        &good.to_uppercase(),
        unknown.secret.expose(),
    ];
    for text in texts {
        assert!(actor(&world, text).await.is_none(), "{text}");
    }
    let page = world
        .identity
        .list_tokens(&world.operator(), None, 10)
        .await
        .expect("listed");
    let states: Vec<TokenState> = page.items.iter().map(|token| token.state).collect();
    assert_eq!(states.len(), 3);
    assert!(states.contains(&TokenState::Expired) && states.contains(&TokenState::Active));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_secret_is_shown_once_and_not_kept(pool: PgPool) {
    let world = World::new(pool).await;
    let new = token(&world, &[Permission::PaymentsRead], None).await;
    let secret = new.secret.expose();
    assert!(secret.starts_with(&new.token.prefix) && new.token.prefix.len() == 12);
    let tables = ["api_token", "audit"];
    for table in tables {
        let sql = format!("select t::text from identity.{table} t");
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_all(&world.pool)
            .await
            .expect("readable");
        for row in rows {
            assert!(!row.contains(secret), "{table}");
            assert!(!row.contains(&secret[13..68]), "{table}");
        }
    }
    assert!(!format!("{new:?}").contains(&secret[13..68]));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_gives_away_what_they_do_not_have(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Admin]).await;
    let bob = world.person("bob", &[Role::Finance]).await;
    let (admin, finance) = (world.actor(ada.id).await, world.actor(bob.id).await);
    let request = |scope| CreateToken {
        name: "till".to_owned(),
        scopes: vec![scope],
        expires_in_days: None,
    };

    let answer = world
        .identity
        .create_token(&finance, &request(Permission::PaymentsRead))
        .await;
    assert!(matches!(answer, Err(Error::Forbidden(_))));
    let answer = world
        .identity
        .create_token(&admin, &request(Permission::PaymentsWrite))
        .await;
    let problem = Problem::from(answer.expect_err("an administrator has no hand in payments"));
    assert!(
        problem
            .message_for("scopes")
            .is_some_and(|m| m.contains("payments:write"))
    );
    let own = world
        .identity
        .create_token(&admin, &request(Permission::PeopleRead))
        .await;
    assert_eq!(own.expect("what she has").token.created_by, "ada");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_token_needs_a_name_a_scope_and_a_day(pool: PgPool) {
    let world = World::new(pool).await;
    let request = CreateToken {
        name: String::new(),
        scopes: Vec::new(),
        expires_in_days: Some(0),
    };
    let answer = world
        .identity
        .create_token(&world.operator(), &request)
        .await;
    let problem = Problem::from(answer.expect_err("refused"));
    let fields: Vec<&str> = problem
        .errors
        .iter()
        .map(|error| error.field.as_str())
        .collect();
    assert_eq!(fields, ["name", "scopes", "expiresInDays"]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_last_use_is_written_at_most_once_a_minute(pool: PgPool) {
    let world = World::new(pool).await;
    let new = token(&world, &[Permission::PaymentsRead], None).await;
    let mut seen = Vec::new();
    for seconds in [0, 30, 29, 1, 60] {
        world
            .test
            .clock
            .advance(chrono::TimeDelta::seconds(seconds));
        assert!(actor(&world, new.secret.expose()).await.is_some());
        let page = world
            .identity
            .list_tokens(&world.operator(), None, 10)
            .await
            .expect("listed");
        seen.push(page.items[0].last_used_at.clone().expect("used").at);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[1], seen[2]);
    assert_eq!((seen[3] - seen[2]).num_seconds(), 60);
    assert_eq!((seen[4] - seen[3]).num_seconds(), 60);
}
