//! Reading, and who may.

use chrono::{NaiveDate, TimeDelta};
use ledger::{Draft, Error, ExportFormat};
use model::ledger::{AccountKind, EntryFilter, StatementFilter};
use model::{Actor, Currency, PersonId, Role};
use sqlx::PgPool;

use crate::{World, eur, noon, sale};

fn today() -> NaiveDate {
    noon().date_naive()
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nothing_is_read_without_the_permission(pool: PgPool) {
    let world = World::new(&pool);
    let entry = world.post(&sale(1, 500)).await.entry;
    let id = PersonId::from(uuid::Uuid::nil());
    for role in Role::ALL.iter().filter(|role| **role != Role::Finance) {
        let actor = Actor::person(id, "Somebody", "Europe/Berlin", &[*role]);
        let books = &world.ledger;
        let statement = StatementFilter {
            account: "Assets:Bank".into(),
            ..Default::default()
        };
        let answers = [
            books.accounts(&actor).await.err(),
            books.entries(&actor, &EntryFilter::default()).await.err(),
            books.entry(&actor, entry).await.err(),
            books.statement(&actor, &statement).await.err(),
            books.trial_balance(&actor, None).await.err(),
            books.head(&actor).await.err(),
            books.verify(&actor, None).await.err(),
            books
                .export(&actor, ExportFormat::Csv, None, None, std::io::sink())
                .await
                .err(),
        ];
        for answer in answers {
            assert!(
                matches!(answer, Some(Error::Forbidden(_))),
                "{role}: {answer:?}"
            );
        }
    }
    let finance = Actor::person(id, "Finance", "Europe/Berlin", &[Role::Finance]);
    let view = world
        .ledger
        .entry(&finance, entry)
        .await
        .expect("finance may");
    assert_eq!(view.occurred_at.offset_minutes, 60);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_tree_adds_up_what_is_below(pool: PgPool) {
    let world = World::new(&pool);
    let draft = Draft::new("a", "a", "", noon())
        .debit("Assets:PSP:stripe:Pending", eur(500))
        .debit("Assets:PSP:stripe:Available", eur(300))
        .debit("Assets:Bank:main", eur(200))
        .credit("Liabilities:Orders", eur(1_000));
    world.post(&draft).await;
    let tree = world.ledger.accounts(&world.actor).await.expect("a tree");
    assert_eq!(
        tree.iter().map(|n| n.path.as_str()).collect::<Vec<_>>(),
        ["Assets", "Liabilities"]
    );
    let assets = &tree[0];
    assert_eq!(
        (assets.balances.as_slice(), assets.id),
        ([eur(1_000)].as_slice(), None)
    );
    let stripe = &assets.children[1].children[0];
    assert_eq!(stripe.path, "Assets:PSP:stripe");
    assert_eq!(stripe.balances, [eur(800)]);
    assert_eq!(stripe.children[0].name, "Available");
    assert!(stripe.children[0].id.is_some());
    assert_eq!(
        AccountKind::Liabilities.natural(tree[1].balances[0]),
        eur(1_000)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn rolling_up_changes_no_balance(pool: PgPool) {
    let world = World::new(&pool);
    for n in 0..10 {
        world.post(&sale(n, 100)).await;
    }
    let before = world.ledger.accounts(&world.actor).await.expect("a tree");
    world.roll_up_all().await;
    assert!(world.number("select count(*) from ledger.rollup").await > 0);
    assert_eq!(
        world.ledger.accounts(&world.actor).await.expect("a tree"),
        before
    );
    world.post(&sale(10, 1)).await;
    let after = world.ledger.accounts(&world.actor).await.expect("a tree");
    assert_eq!(after[0].balances, [eur(1_001)]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn entries_are_paged_and_filtered(pool: PgPool) {
    let world = World::new(&pool);
    for n in 0..7 {
        let mut draft = sale(n, 100);
        draft.occurred_at += TimeDelta::days(i64::from(n));
        world.post(&draft).await;
    }
    let fee = Draft::new("fee:100%_1", "fee", "", noon())
        .debit("Expenses:Fees:card", eur(5))
        .credit("Assets:Bank", eur(5));
    world.post(&fee).await;

    let sources = async |filter: EntryFilter| {
        let page = world
            .ledger
            .entries(&world.actor, &filter)
            .await
            .expect("a page");
        page.items.into_iter().map(|e| e.source).collect::<Vec<_>>()
    };
    let mut seen = Vec::new();
    let mut filter = EntryFilter {
        limit: Some(3),
        ..Default::default()
    };
    loop {
        let page = world
            .ledger
            .entries(&world.actor, &filter)
            .await
            .expect("a page");
        assert!(page.items.iter().all(|e| e.lines.len() == 2));
        seen.extend(page.items.into_iter().map(|e| e.source));
        let Some(next) = page.next else { break };
        filter.cursor = Some(next);
    }
    assert_eq!(seen.len(), 8);
    assert_eq!(seen[0], "fee:100%_1");
    assert_eq!(seen[7], "sale:0");

    let by = EntryFilter::default;
    assert_eq!(
        sources(EntryFilter {
            kind: Some("fee".into()),
            ..by()
        })
        .await
        .len(),
        1
    );
    assert_eq!(
        sources(EntryFilter {
            source: Some("sale:".into()),
            ..by()
        })
        .await
        .len(),
        7
    );
    assert_eq!(
        sources(EntryFilter {
            source: Some("fee:100%_".into()),
            ..by()
        })
        .await
        .len(),
        1
    );
    assert_eq!(
        sources(EntryFilter {
            source: Some("fee_".into()),
            ..by()
        })
        .await
        .len(),
        0
    );
    assert_eq!(
        sources(EntryFilter {
            account: Some("Expenses".into()),
            ..by()
        })
        .await
        .len(),
        1
    );
    assert_eq!(
        sources(EntryFilter {
            account: Some("Expenses:Fees".into()),
            ..by()
        })
        .await
        .len(),
        1
    );
    assert_eq!(
        sources(EntryFilter {
            account: Some("Expenses:Fee".into()),
            ..by()
        })
        .await
        .len(),
        0
    );
    let day = today() + TimeDelta::days(2);
    let one_day = EntryFilter {
        from: Some(day),
        to: Some(day),
        ..by()
    };
    assert_eq!(sources(one_day).await, ["sale:2"]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn odd_filters_are_refused_with_the_name_of_the_field(pool: PgPool) {
    let world = World::new(&pool);
    let by = EntryFilter::default;
    let far = NaiveDate::from_ymd_opt(40_000, 1, 1);
    let odd = [
        (
            "cursor",
            EntryFilter {
                cursor: Some("x".into()),
                ..by()
            },
        ),
        (
            "limit",
            EntryFilter {
                limit: Some(0),
                ..by()
            },
        ),
        (
            "limit",
            EntryFilter {
                limit: Some(201),
                ..by()
            },
        ),
        (
            "account",
            EntryFilter {
                account: Some("Bank".into()),
                ..by()
            },
        ),
        ("to", EntryFilter { to: far, ..by() }),
    ];
    for (name, filter) in odd {
        match world.ledger.entries(&world.actor, &filter).await {
            Err(Error::Invalid { field, .. }) => assert_eq!(field, name),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_statement_knows_its_currencies_and_skips_days_without_losing_the_balance(pool: PgPool) {
    let world = World::new(&pool);
    for n in 0..5 {
        let mut draft = sale(n, 100);
        draft.occurred_at += TimeDelta::days(i64::from(n));
        world.post(&draft).await;
    }
    let day = today() + TimeDelta::days(2);
    let filter = StatementFilter {
        account: "Assets:Bank".into(),
        from: Some(day),
        to: Some(day),
        ..Default::default()
    };
    let page = world
        .ledger
        .statement(&world.actor, &filter)
        .await
        .expect("a page");
    assert_eq!(
        (page.currency, page.currencies),
        (Currency::EUR, vec![Currency::EUR])
    );
    assert_eq!(page.balance, eur(500));
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].balance, eur(300));
    let nobody = StatementFilter {
        account: "Assets:Nobody".into(),
        ..Default::default()
    };
    assert!(matches!(
        world.ledger.statement(&world.actor, &nobody).await,
        Err(Error::NotFound("account"))
    ));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_entry_shows_its_seal_once_it_has_one(pool: PgPool) {
    let world = World::new(&pool);
    let entry = world.post(&sale(1, 500)).await.entry;
    assert_eq!(
        world.ledger.head(&world.actor).await.expect("readable"),
        None
    );
    assert_eq!(
        world
            .ledger
            .entry(&world.actor, entry)
            .await
            .expect("there")
            .seal,
        None
    );
    world.seal_all().await;
    assert_eq!(
        world
            .ledger
            .entry(&world.actor, entry)
            .await
            .expect("there")
            .seal,
        Some(1)
    );
    let head = world
        .ledger
        .head(&world.actor)
        .await
        .expect("readable")
        .expect("sealed");
    assert_eq!(head.no, 1);
    assert_eq!(head.hash.len(), 64);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_jobs_seal_and_roll_up(pool: PgPool) {
    let world = World::new(&pool);
    world.post(&sale(1, 500)).await;
    let mut registry = platform::jobs::Registry::new();
    world.ledger.register_jobs(&mut registry);
    for kind in [ledger::SEAL, ledger::ROLL_UP] {
        registry
            .run(kind, serde_json::Value::Null)
            .await
            .expect("the job runs");
    }
}
