//! Sums over random books.

use chrono::{NaiveDate, TimeDelta};
use ledger::Draft;
use model::ledger::StatementFilter;
use model::{Currency, Money};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use sqlx::PgPool;

use crate::{World, noon};

const ACCOUNTS: [&str; 6] = [
    "Assets:Bank",
    "Assets:PSP:a:Pending",
    "Liabilities:Orders",
    "Income:Sales",
    "Expenses:Fees",
    "Suspense:Bank",
];

/// Legs of one currency from one account to another, and on which day.
type Legs = (i64, Vec<(usize, usize, i64, bool)>);

fn entries() -> impl Strategy<Value = Vec<Legs>> {
    let leg = (
        0..ACCOUNTS.len(),
        0..ACCOUNTS.len(),
        1..1_000_000_i64,
        any::<bool>(),
    );
    vec((0..5_i64, vec(leg, 1..4)), 1..25)
}

fn draft(n: usize, (day, legs): &Legs) -> Draft {
    let at = noon() + TimeDelta::days(*day);
    let start = Draft::new(format!("random:{n}"), "random", "", at);
    legs.iter()
        .fold(start, |draft, (from, to, minor, dollars)| {
            let currency = if *dollars {
                Currency::USD
            } else {
                Currency::EUR
            };
            let money = Money::new(*minor, currency);
            draft
                .debit(ACCOUNTS[*to], money)
                .credit(ACCOUNTS[*from], money)
        })
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn whatever_is_posted_the_trial_balance_is_zero_on_every_day(pool: PgPool) {
    let world = World::new(&pool);
    // One database for all cases: each case posts on top of the ones before it.
    let mut runner = TestRunner::new(Config::default());
    let mut posted = 0;
    for case in 0..8 {
        let books = entries().new_tree(&mut runner).expect("a case").current();
        for legs in &books {
            world.post(&draft(posted, legs)).await;
            posted += 1;
        }
        if case % 3 == 1 {
            world.ledger.roll_up().await.expect("rolling up works");
        }
        let first: NaiveDate = noon().date_naive();
        let days = (-1..6)
            .map(|d| Some(first + TimeDelta::days(d)))
            .chain([None]);
        let mut last_sum = None;
        for day in days {
            let balance = world
                .ledger
                .trial_balance(&world.actor, day)
                .await
                .expect("a balance");
            for part in &balance.currencies {
                assert_eq!(part.debit, part.credit, "{day:?} {books:?}");
                let sum: i64 = part
                    .rows
                    .iter()
                    .map(|r| r.debit.minor - r.credit.minor)
                    .sum();
                assert_eq!(sum, 0, "{day:?} {books:?}");
            }
            last_sum = Some(balance);
        }
        let all = last_sum.expect("several days were asked");
        assert_eq!(all.as_of, None);
        let last_day = first + TimeDelta::days(5);
        let same = world
            .ledger
            .trial_balance(&world.actor, Some(last_day))
            .await
            .expect("a balance");
        assert_eq!(
            same.currencies, all.currencies,
            "all happened by {last_day}"
        );
    }
    let seen = world
        .ledger
        .verify(&world.actor, None)
        .await
        .expect("verified");
    assert_eq!(seen.findings, []);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_running_balance_is_right_across_pages_and_while_others_post(pool: PgPool) {
    let world = World::new(&pool);
    let mut runner = TestRunner::new(Config::default());
    let mut posted = 0;
    for legs in &entries().new_tree(&mut runner).expect("a case").current() {
        world.post(&draft(posted, legs)).await;
        posted += 1;
    }
    world.ledger.roll_up().await.expect("rolling up works");
    for legs in &entries().new_tree(&mut runner).expect("a case").current() {
        world.post(&draft(posted, legs)).await;
        posted += 1;
    }

    for account in ACCOUNTS {
        for currency in [Currency::EUR, Currency::USD] {
            let truth: Vec<(i64, i16, i64)> = sqlx::query_as(
                "select l.entry_seq, l.ordinal, sum(l.amount_minor) over (order by l.entry_seq, l.ordinal)::bigint \
                from ledger.line l join ledger.account a on a.id = l.account_id \
                where a.path = $1 and l.currency = $2 order by l.entry_seq desc, l.ordinal desc",
            )
            .bind(account)
            .bind(currency.code())
            .fetch_all(&pool)
            .await
            .expect("the truth");
            if truth.is_empty() {
                continue;
            }
            let mut filter = StatementFilter {
                account: account.to_owned(),
                currency: Some(currency),
                limit: Some(3),
                ..StatementFilter::default()
            };
            let mut shown = Vec::new();
            loop {
                let page = world
                    .ledger
                    .statement(&world.actor, &filter)
                    .await
                    .expect("a page");
                shown.extend(
                    page.items
                        .iter()
                        .map(|l| (l.seq, l.ordinal, l.balance.minor)),
                );
                let Some(next) = page.next else { break };
                filter.cursor = Some(next);
                // Somebody posts to the same account between two pages.
                let money = Money::new(77, currency);
                let noise = Draft::new(format!("noise:{posted}"), "noise", "", noon())
                    .debit(account, money)
                    .credit("Equity:Noise", money);
                world.post(&noise).await;
                posted += 1;
            }
            assert_eq!(shown, truth, "{account} {currency}");
        }
    }
}
