//! From the files of gateway and bank to a settled payment, and what must never be taken in.

use chrono::TimeDelta;
use model::payments::PaymentStatus;
use model::settlement::{
    ImportStatus, ItemFilter, ItemSource, ItemStatus, OpenReason, PayoutStatus,
};
use model::{Actor, Permission, TokenId};
use payments::Error;
use sqlx::PgPool;

use crate::world::{World, entry, report, statement};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn report_then_statement_settle_the_payments(pool: PgPool) {
    let world = World::new(&pool).await;
    let first = world.pays("A-1", "49.90").await;
    let second = world.pays("A-2", "1234.50").await;
    let (report, statement) = world.cycle().await;

    let taken = world.imports("report.csv", &report).await;
    assert_eq!(
        (taken.status, taken.lines, taken.matched, taken.open),
        (ImportStatus::Done, 2, 2, 0),
        "{taken:?}"
    );
    assert_eq!(world.status(first).await, PaymentStatus::Captured);
    assert_eq!(world.balance("Assets:PSP:stripe:Pending").await, 0);
    let summary = world
        .payments
        .reconciliation_summary(&world.actor)
        .await
        .unwrap();
    assert_eq!(summary.in_transit.len(), 1);
    assert_eq!(
        world.balance("Assets:PayoutInTransit:stripe").await,
        summary.in_transit[0].money.minor
    );

    let taken = world.imports("statement.xml", &statement).await;
    assert_eq!(
        (taken.status, taken.lines, taken.matched),
        (ImportStatus::Done, 1, 1),
        "{taken:?}"
    );
    for payment in [first, second] {
        assert_eq!(world.status(payment).await, PaymentStatus::Settled);
    }
    world.is_all_at_the_bank().await;

    let way = world
        .payments
        .payment_settlement(&world.actor, first)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(way.gateway_line.gross.minor, 4990);
    assert_eq!(
        way.gateway_line.net.minor + way.gateway_line.fee.minor,
        4990
    );
    assert_eq!(way.payout.unwrap().status, PayoutStatus::Arrived);
    assert_eq!(way.bank_line.unwrap().position, 1);
    let view = world.payments.payment(&world.actor, first).await.unwrap();
    let settled = view
        .events
        .iter()
        .find(|event| event.kind == "settled")
        .unwrap();
    assert!(
        settled.text.contains("statement 1, line 1"),
        "{}",
        settled.text
    );

    // Once more by the timer's job: nothing to do.
    assert_eq!(
        world.payments.reconcile().await.unwrap(),
        payments::settlement::reconcile::Reconciled::default()
    );
    world.runs_jobs().await;
    world.is_all_at_the_bank().await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn statement_then_report_come_to_the_same(pool: PgPool) {
    let world = World::new(&pool).await;
    let payment = world.pays("B-1", "20.00").await;
    let (report, statement) = world.cycle().await;
    let taken = world.imports("statement.xml", &statement).await;
    assert_eq!((taken.matched, taken.open), (0, 1));
    assert_eq!(world.open().await, [(OpenReason::Unidentified, 0)]);
    let summary = world
        .payments
        .reconciliation_summary(&world.actor)
        .await
        .unwrap();
    assert_eq!(
        summary.proof[0].difference.minor, 0,
        "what is open counts as unmatched"
    );
    assert_eq!(summary.ageing.iter().map(|a| a.count).sum::<i64>(), 1);
    world.imports("report.csv", &report).await;
    assert_eq!(world.status(payment).await, PaymentStatus::Settled);
    world.is_all_at_the_bank().await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_file_is_received_once_and_read_by_a_job(pool: PgPool) {
    let world = World::new(&pool).await;
    let bytes = statement("S-1", 1, "0.00", &[entry("12.00", "REF1", "one")]).into_bytes();
    let first = world
        .payments
        .receive_import(&world.actor, "../a.xml", None, bytes.clone())
        .await
        .unwrap();
    assert!(first.fresh);
    assert_eq!(
        (first.import.status, first.import.name.as_str()),
        (ImportStatus::Received, "a.xml")
    );
    let again = world
        .payments
        .receive_import(&world.actor, "b.xml", None, bytes)
        .await
        .unwrap();
    assert_eq!((again.fresh, again.import.id), (false, first.import.id));
    world.runs_jobs().await;
    let done = world
        .payments
        .import(&world.actor, first.import.id)
        .await
        .unwrap();
    assert_eq!(
        (done.status, done.lines, done.lines_seen, done.open),
        (ImportStatus::Done, 1, 1, 1)
    );
    assert_eq!(done.bytes_done, done.bytes_total);
    world.payments.run_import(done.id).await.unwrap();
    assert_eq!(
        world
            .count("select count(*) from payments.settlement_line")
            .await,
        1
    );
    let page = world
        .payments
        .list_imports(&world.actor, None, Some(10))
        .await
        .unwrap();
    assert_eq!(page.items, [done]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn equal_lines_are_two_and_an_overlapping_statement_adds_only_what_is_new(pool: PgPool) {
    let world = World::new(&pool).await;
    let twins = [
        entry("5.00", "", "tea"),
        entry("5.00", "", "tea"),
        entry("7.00", "REF7", "cake"),
    ];
    let taken = world
        .imports("1.xml", &statement("S-1", 1, "0.00", &twins))
        .await;
    assert_eq!((taken.lines, taken.repeated), (3, 0));
    // Other bytes, the same lines, and one more twin.
    let more = [twins.as_slice(), &[entry("5.00", "", "tea")]].concat();
    let taken = world
        .imports("2.xml", &statement("S-2", 2, "0.00", &more))
        .await;
    assert_eq!((taken.lines, taken.repeated), (1, 3));
    let taken = world
        .imports("2 again.xml", &statement("S-2", 2, "0.00", &more))
        .await;
    assert!(taken.known);
    assert_eq!(
        world
            .count("select count(*) from payments.settlement_line")
            .await,
        4
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_damaged_file_applies_nothing_and_says_where(pool: PgPool) {
    let world = World::new(&pool).await;
    let entries: Vec<String> = (0..1200)
        .map(|n| entry("1.00", &format!("R{n}"), "x"))
        .collect();
    let whole = statement("S-1", 1, "0.00", &entries);
    let taken = world.imports("cut.xml", &whole[..whole.len() - 60]).await;
    assert_eq!(
        (taken.status, taken.lines, taken.open),
        (ImportStatus::Refused, 0, 0)
    );
    assert!(
        taken.error.as_ref().is_some_and(|e| e.contains("line")),
        "{taken:?}"
    );
    assert_eq!(
        world
            .count("select count(*) from payments.settlement_line")
            .await,
        0
    );
    assert_eq!(
        world
            .count("select count(*) from payments.settlement_statement")
            .await,
        0
    );
    let page = world
        .payments
        .list_imports(&world.actor, None, None)
        .await
        .unwrap();
    assert_eq!(
        page.items[0].lines_seen, 1199,
        "how far it came stays visible"
    );

    let wrong = whole.replace(
        "<Amt Ccy=\"EUR\">1200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>",
        "<Amt Ccy=\"EUR\">1200.01</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>",
    );
    assert_ne!(wrong, whole);
    let taken = world.imports("wrong.xml", &wrong).await;
    assert_eq!(taken.status, ImportStatus::Refused, "{taken:?}");
    assert_eq!(
        world
            .count("select count(*) from payments.settlement_line")
            .await,
        0
    );

    let fine = statement("S-1", 1, "0.00", &[entry("1.005", "R", "x")]);
    let taken = world.imports("fine.xml", &fine).await;
    assert_eq!(taken.status, ImportStatus::Refused, "{taken:?}");
    let taken = world.imports("empty.xml", "").await;
    assert_eq!(taken.status, ImportStatus::Refused);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn ambiguity_is_refused_and_shown(pool: PgPool) {
    let world = World::new(&pool).await;
    let report = report(&[
        ("po_one001", "txn_1", "pi_x", "9.50"),
        ("po_two002", "txn_2", "pi_y", "9.50"),
    ]);
    let taken = world.imports("report.csv", &report).await;
    assert_eq!((taken.matched, taken.open), (0, 2), "{taken:?}");
    let page = world
        .payments
        .reconciliation_items(
            &world.actor,
            &ItemFilter {
                source: Some(ItemSource::Gateway),
                ..ItemFilter::default()
            },
        )
        .await
        .unwrap();
    assert!(
        page.items
            .iter()
            .all(|item| item.reason == Some(OpenReason::UnknownPayment))
    );
    world
        .imports(
            "statement.xml",
            &statement("S-1", 1, "0.00", &[entry("9.50", "R1", "thanks")]),
        )
        .await;
    let filter = ItemFilter {
        source: Some(ItemSource::Bank),
        limit: Some(1),
        ..ItemFilter::default()
    };
    let page = world
        .payments
        .reconciliation_items(&world.actor, &filter)
        .await
        .unwrap();
    let item = &page.items[0];
    assert_eq!(
        (item.reason, item.candidates.len()),
        (Some(OpenReason::Ambiguous), 2)
    );
    assert_eq!(page.next, None);
    assert_eq!(world.balance("Assets:Bank:013000").await, 0);

    let note = world
        .payments
        .item_note(&world.actor, item.id, " Asked the bank. ")
        .await
        .unwrap();
    assert_eq!(note.text, "Asked the bank.");
    let again = world
        .payments
        .reconciliation_item(&world.actor, item.id)
        .await
        .unwrap();
    assert_eq!(again.notes, [note]);
    assert!(matches!(
        world.payments.item_note(&world.actor, item.id, " ").await,
        Err(Error::Invalid(_))
    ));

    // Named, it is no question any more; the payout is booked though its lines are of nobody.
    let named = statement("S-2", 2, "9.50", &[entry("9.50", "R2", "STRIPE po_two002")]);
    let taken = world.imports("named.xml", &named).await;
    assert_eq!(taken.matched, 1);
    // With that, one payout and one line of its amount are left.
    assert_eq!(world.balance("Assets:Bank:013000").await, 1900);
    assert_eq!(
        world.balance("Assets:PSP:stripe:Pending").await,
        -1900,
        "what is not booked stays visible"
    );
    assert_eq!(world.balance("Assets:PayoutInTransit:stripe").await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_wrong_amount_stays_open_with_its_reason(pool: PgPool) {
    let world = World::new(&pool).await;
    let payment = world.pays("C-1", "30.00").await;
    let (report, statement) = world.cycle().await;
    // The bank brings a cent less than the report says.
    let net: String = statement
        .split("<TtlNetNtry>")
        .nth(1)
        .and_then(|rest| {
            let start = rest.find("<Amt>")? + 5;
            Some(rest[start..start + rest[start..].find('<')?].to_owned())
        })
        .expect("a net sum");
    let less = format!("{:.2}", net.parse::<f64>().unwrap() - 0.01);
    world.imports("report.csv", &report).await;
    world
        .imports(
            "statement.xml",
            &statement.replace(&format!(">{net}<"), &format!(">{less}<")),
        )
        .await;
    assert_eq!(world.open().await, [(OpenReason::AmountDiffers, 1)]);
    assert_eq!(world.status(payment).await, PaymentStatus::Captured);
    assert_eq!(
        world
            .count("select count(*) from payments.payout where status = 'arrived'")
            .await,
        0
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_dry_run_tells_all_and_keeps_nothing(pool: PgPool) {
    let world = World::new(&pool).await;
    let payment = world.pays("D-1", "30.00").await;
    let (report, _) = world.cycle().await;
    let told = world
        .payments
        .import_file(&world.actor, "report.csv", report.as_bytes(), true)
        .await
        .unwrap();
    assert_eq!(
        (told.import, told.dry_run, told.lines, told.matched),
        (None, true, 1, 1),
        "{told:?}"
    );
    for sql in [
        "select count(*) from payments.settlement_import",
        "select count(*) from payments.settlement_line",
        "select count(*) from payments.payout",
    ] {
        assert_eq!(world.count(sql).await, 0);
    }
    assert_eq!(world.status(payment).await, PaymentStatus::Captured);
    assert_eq!(world.balance("Assets:PSP:stripe:Pending").await, 3000);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn lines_that_come_again_are_not_taken(pool: PgPool) {
    let world = World::new(&pool).await;
    let interim = statement("S-1", 1, "0.00", &[entry("1.00", "R1", "x")])
        .replace("camt.053.001.08", "camt.052.001.08")
        .replace("BkToCstmrStmt", "BkToCstmrAcctRpt")
        .replace("<Stmt>", "<Rpt>")
        .replace("</Stmt>", "</Rpt>");
    let taken = world.imports("interim.xml", &interim).await;
    assert_eq!(
        (taken.status, taken.lines),
        (ImportStatus::Done, 0),
        "{taken:?}"
    );
    assert_eq!(taken.warnings.len(), 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn six_imports_at_once_book_once(pool: PgPool) {
    let world = World::new(&pool).await;
    let payment = world.pays("E-1", "15.00").await;
    let (report, statement) = world.cycle().await;
    let mut runs = tokio::task::JoinSet::new();
    for text in [report, statement] {
        for _ in 0..3 {
            let (payments, actor, text) =
                (world.payments.clone(), world.actor.clone(), text.clone());
            runs.spawn(async move {
                payments
                    .import_file(&actor, "file", text.as_bytes(), false)
                    .await
                    .unwrap();
            });
        }
    }
    runs.join_all().await;
    world.test.advance(TimeDelta::minutes(5));
    world.payments.reconcile().await.unwrap();
    assert_eq!(world.status(payment).await, PaymentStatus::Settled);
    world.is_all_at_the_bank().await;
    assert_eq!(
        world
            .count("select count(*) from payments.settlement_line where status = 'matched'")
            .await,
        2
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn who_may_only_read_imports_nothing(pool: PgPool) {
    let world = World::new(&pool).await;
    let id = TokenId(uuid::Uuid::from_u128(1));
    let reader = Actor::token(id, "reader", &[Permission::SettlementRead]);
    for dry_run in [true, false] {
        let outcome = world
            .payments
            .import_file(&reader, "x", b"x", dry_run)
            .await;
        assert!(matches!(outcome, Err(Error::Forbidden(_))));
    }
    let filter = ItemFilter {
        status: Some(ItemStatus::Matched),
        ..ItemFilter::default()
    };
    assert!(
        world
            .payments
            .reconciliation_items(&reader, &filter)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    let stranger = Actor::token(id, "stranger", &[Permission::PaymentsRead]);
    assert!(
        world
            .payments
            .reconciliation_summary(&stranger)
            .await
            .is_err()
    );
}
