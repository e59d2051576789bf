use model::Role;
use sqlx::PgPool;

use crate::world::World;

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_row_of_the_audit_log_cannot_be_changed_or_removed(pool: PgPool) {
    let world = World::new(pool).await;
    world.person("ada", &[Role::Employee]).await;
    let attacks = [
        "update identity.audit set action = 'nothing.happened'",
        "delete from identity.audit",
        "truncate identity.audit",
        "delete from identity.audit where false",
    ];
    for attack in attacks {
        let error = sqlx::query(attack)
            .execute(&world.pool)
            .await
            .expect_err(attack);
        let constraint = error
            .as_database_error()
            .and_then(|e| e.constraint())
            .map(str::to_owned);
        assert_eq!(constraint.as_deref(), Some("audit_append_only"), "{attack}");
    }
    assert_eq!(world.audit("person.created").await.len(), 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_action_and_its_trace_stand_or_fall_together(pool: PgPool) {
    let world = World::new(pool).await;
    let deps = &world.test.deps;
    let mut tx = deps.db.begin("test.undone").await.expect("begun");
    let written = world
        .identity
        .record_in_tx(
            &mut tx,
            &world.operator(),
            "test.undone",
            "test:1",
            serde_json::json!({}),
        )
        .await;
    written.expect("written");
    tx.rollback().await.expect("undone");
    assert!(world.audit("test").await.is_empty());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_log_is_read_page_by_page_from_the_newest(pool: PgPool) {
    let world = World::new(pool).await;
    for n in 0..5 {
        // Two rows at one instant: the order must hold all the same.
        world.wait_minutes(n % 2);
        world.person(&format!("person{n}"), &[Role::Employee]).await;
    }
    let all = world.audit("").await;
    assert_eq!(all.len(), 5);
    assert!(
        all.windows(2)
            .all(|pair| (pair[0].at.at, pair[0].id) > (pair[1].at.at, pair[1].id))
    );
    assert!(
        all.iter()
            .all(|row| row.actor == "system:cli" && row.actor_label == "Punctual")
    );

    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = world
            .identity
            .list_audit(&world.operator(), Some("person."), after.as_deref(), 2)
            .await;
        let page = page.expect("a page");
        ids.extend(page.items.iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(ids, all.iter().map(|row| row.id).collect::<Vec<_>>());
    assert!(world.audit("token.").await.is_empty());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn times_are_shown_in_the_zone_of_the_reader(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.person("ada", &[Role::Admin]).await;
    let reader = world.actor(ada.id).await;
    let page = world
        .identity
        .list_audit(&reader, None, None, 1)
        .await
        .expect("a page");
    let at = page.items[0].at.clone();
    let zone = model::zone::Zone::named("Europe/Berlin").expect("a zone");
    assert_eq!(at, zone.stamp(at.at));
}
