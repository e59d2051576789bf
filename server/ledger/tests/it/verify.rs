//! Tampering is found.

use ledger::{Finding, Verified};
use sqlx::PgPool;

use crate::{World, sale};

async fn books(pool: &PgPool) -> World {
    let world = World::new(pool);
    for n in 1..=5 {
        world.post(&sale(n, i64::from(n) * 100)).await;
    }
    world
}

async fn verify(world: &World) -> Verified {
    world
        .ledger
        .verify(&world.actor, None)
        .await
        .expect("verification runs")
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn sound_books_have_no_findings(pool: PgPool) {
    let world = books(&pool).await;
    assert_eq!(
        verify(&world).await,
        Verified {
            entries: 5,
            sealed: 0,
            seals: 0,
            findings: vec![]
        }
    );
    world.seal_all().await;
    world.roll_up_all().await;
    world.post(&sale(6, 600)).await;
    let seen = verify(&world).await;
    assert_eq!((seen.entries, seen.sealed, seen.findings), (6, 5, vec![]));
    world.seal_all().await;
    assert!(verify(&world).await.seals >= 2);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_amount_changed_so_that_it_still_balances_is_found(pool: PgPool) {
    let world = books(&pool).await;
    if !world
        .tamper(&["update ledger.line set amount_minor = amount_minor * 2 where entry_seq = 3"])
        .await
    {
        return;
    }
    let findings = verify(&world).await.findings;
    assert!(
        matches!(findings.as_slice(), [Finding::EntryChanged { seq: 3, .. }]),
        "{findings:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_amount_changed_so_that_it_does_not_balance_is_found_three_times(pool: PgPool) {
    let world = books(&pool).await;
    if !world
        .tamper(&["update ledger.line set amount_minor = amount_minor + 1 where entry_seq = 3 and ordinal = 0"])
        .await
    {
        return;
    }
    let findings = verify(&world).await.findings;
    assert!(
        matches!(
            findings.as_slice(),
            [
                Finding::EntryChanged { seq: 3, .. },
                Finding::EntryUnbalanced { seq: 3, .. },
                Finding::TotalOff { off_minor: 1, .. }
            ]
        ),
        "{findings:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_changed_text_is_found(pool: PgPool) {
    let world = books(&pool).await;
    if !world
        .tamper(&["update ledger.entry set text = 'Nothing to see' where seq = 2"])
        .await
    {
        return;
    }
    let findings = verify(&world).await.findings;
    assert!(
        matches!(findings.as_slice(), [Finding::EntryChanged { seq: 2, .. }]),
        "{findings:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_renamed_account_is_found_in_every_entry_that_used_it(pool: PgPool) {
    let world = books(&pool).await;
    if !world
        .tamper(&["update ledger.account set path = 'Assets:Mine' where path = 'Assets:Bank'"])
        .await
    {
        return;
    }
    assert_eq!(verify(&world).await.findings.len(), 5);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_entry_deleted_after_sealing_is_found(pool: PgPool) {
    let world = books(&pool).await;
    world.seal_all().await;
    if !world
        .tamper(&[
            "delete from ledger.line where entry_seq = 3",
            "delete from ledger.entry where seq = 3",
        ])
        .await
    {
        return;
    }
    let findings = verify(&world).await.findings;
    assert!(
        matches!(findings.as_slice(), [Finding::SealBroken { .. }]),
        "{findings:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_last_entries_deleted_after_sealing_are_found(pool: PgPool) {
    let world = books(&pool).await;
    world.seal_all().await;
    if !world
        .tamper(&["delete from ledger.line", "delete from ledger.entry"])
        .await
    {
        return;
    }
    let findings = verify(&world).await.findings;
    assert!(
        matches!(findings.first(), Some(Finding::SealBroken { found: 0, .. })),
        "{findings:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_sealed_entry_rewritten_with_a_fitting_hash_is_found(pool: PgPool) {
    let world = books(&pool).await;
    world.seal_all().await;
    if !world
        .tamper(&["update ledger.entry set content_hash = sha256('forged') where seq = 3"])
        .await
    {
        return;
    }
    let findings = verify(&world).await.findings;
    assert!(
        findings
            .iter()
            .any(|f| matches!(f, Finding::SealBroken { .. })),
        "{findings:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_seal_cut_out_of_the_chain_is_found(pool: PgPool) {
    let world = books(&pool).await;
    for n in 10..=12 {
        world.seal_all().await;
        world.post(&sale(n, 100)).await;
    }
    world.seal_all().await;
    if !world
        .tamper(&["delete from ledger.seal where no = 2"])
        .await
    {
        return;
    }
    let findings = verify(&world).await.findings;
    assert!(
        findings.contains(&Finding::ChainBroken { no: 3 }),
        "{findings:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_chain_cut_short_or_rewritten_contradicts_a_kept_head(pool: PgPool) {
    let world = books(&pool).await;
    world.seal_all().await;
    let kept = world
        .ledger
        .head(&world.actor)
        .await
        .expect("readable")
        .expect("sealed");
    let seen = world
        .ledger
        .verify(&world.actor, Some(&kept))
        .await
        .expect("verified");
    assert_eq!(seen.findings, []);
    if !world.tamper(&["delete from ledger.seal"]).await {
        return;
    }
    let seen = world
        .ledger
        .verify(&world.actor, Some(&kept))
        .await
        .expect("verified");
    assert_eq!(seen.findings, [Finding::HeadMissing { no: kept.no }]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_rolled_up_balance_that_lies_is_found(pool: PgPool) {
    let world = books(&pool).await;
    world.roll_up_all().await;
    let lie = "update ledger.rollup set debit_minor = debit_minor + 1, credit_minor = credit_minor + 1 \
        where account_id = (select id from ledger.account where path = 'Assets:Bank')";
    sqlx::query(lie)
        .execute(&pool)
        .await
        .expect("the roll-up is no part of the books");
    let findings = verify(&world).await.findings;
    assert!(
        matches!(findings.as_slice(), [Finding::RollupOff { account, .. }] if account == "Assets:Bank"),
        "{findings:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn lines_without_an_entry_are_found(pool: PgPool) {
    let world = books(&pool).await;
    if !world
        .tamper(&["delete from ledger.entry where seq = 3"])
        .await
    {
        return;
    }
    let findings = verify(&world).await.findings;
    assert_eq!(findings, [Finding::StrayLines { count: 2 }]);
}
