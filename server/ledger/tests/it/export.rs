//! What accountants' programs say to the exports.

use std::io::Write;
use std::process::{Command, Stdio};

use chrono::TimeDelta;
use ledger::{Draft, ExportFormat};
use model::{Currency, Money};
use sqlx::PgPool;

use crate::{World, eur, noon, sale};

async fn books(pool: &PgPool) -> World {
    let world = World::new(pool);
    for n in 0..3 {
        let mut draft = sale(n, 123_450 + i64::from(n));
        draft.occurred_at += TimeDelta::days(i64::from(n));
        world.post(&draft).await;
    }
    let nasty = Draft::new(
        "evil) ; x",
        "date:1999",
        "=cmd()\n2026-01-01 x ; date:2000 \"q\", é",
        noon(),
    )
    .debit("Memo:Authorised", eur(1))
    .credit("Memo:AuthorisedContra", eur(1));
    world.post(&nasty).await;
    for (code, minor) in [("JPY", 1_500), ("KWD", 1_500)] {
        let currency: Currency = code.parse().expect("a currency");
        let draft = Draft::new(format!("fx:{code}"), "fx", "", noon())
            .debit(format!("Assets:Bank-{code}"), Money::new(minor, currency))
            .credit(
                format!("Equity:FX-Clearing:{code}"),
                Money::new(minor, currency),
            );
        world.post(&draft).await;
    }
    world
}

fn hledger(journal: &[u8], arguments: &[&str]) -> Option<String> {
    let child = Command::new("hledger")
        .args(["-f", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("notice: skipped, since hledger is not installed");
        return None;
    };
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(journal)
        .expect("hledger reads");
    let output = child.wait_with_output().expect("hledger ends");
    assert!(
        output.status.success(),
        "hledger {arguments:?}: {}\n{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(journal)
    );
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn hledger_accepts_the_journal_even_strictly_and_comes_to_the_same_sums(pool: PgPool) {
    let world = books(&pool).await;
    let mut journal = Vec::new();
    let written = world
        .ledger
        .export(
            &world.actor,
            ExportFormat::Hledger,
            None,
            None,
            &mut journal,
        )
        .await
        .expect("an export");
    assert_eq!(written, 6);
    if hledger(&journal, &["check"]).is_none() {
        return;
    }
    hledger(&journal, &["check", "--strict"]);
    let balances =
        hledger(&journal, &["balance", "--flat", "-O", "csv", "Assets"]).unwrap_or_default();
    assert!(
        balances.contains("\"Assets:Bank\",\"3703.53 EUR\""),
        "{balances}"
    );
    assert!(
        balances.contains("\"Assets:Bank-KWD\",\"1.500 KWD\""),
        "{balances}"
    );
    assert!(
        balances.contains("\"Assets:Bank-JPY\",\"1500"),
        "{balances}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_empty_ledger_is_a_good_journal_too(pool: PgPool) {
    let world = World::new(&pool);
    let mut journal = Vec::new();
    let empty = world.ledger.export(
        &world.actor,
        ExportFormat::Hledger,
        None,
        None,
        &mut journal,
    );
    assert_eq!(empty.await.expect("an export"), 0);
    hledger(&journal, &["check", "--strict"]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_export_has_only_the_days_that_were_asked_for(pool: PgPool) {
    let world = books(&pool).await;
    let day = noon().date_naive() + TimeDelta::days(1);
    let mut table = Vec::new();
    let written = world
        .ledger
        .export(
            &world.actor,
            ExportFormat::Csv,
            Some(day),
            Some(day),
            &mut table,
        )
        .await
        .expect("an export");
    assert_eq!(written, 1);
    let table = String::from_utf8(table).expect("text");
    assert_eq!(table.lines().count(), 3);
    assert!(table.contains("sale:1"));
    assert!(table.contains("1234.51"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_spreadsheet_runs_no_formula_of_ours(pool: PgPool) {
    let world = books(&pool).await;
    let mut table = Vec::new();
    world
        .ledger
        .export(&world.actor, ExportFormat::Csv, None, None, &mut table)
        .await
        .expect("an export");
    let mut reader = csv::Reader::from_reader(table.as_slice());
    let mut rows = 0;
    for row in reader.records() {
        for cell in &row.expect("a row") {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
        rows += 1;
    }
    assert_eq!(rows, 12);
}
