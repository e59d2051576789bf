//! The trade of the demo: ten weeks of orders, paid with the sandbox's test cards, paid out every
//! Friday, and reconciled from the sandbox's own reports and statements.

use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, Datelike, DurationRound, TimeDelta, Utc, Weekday};
use model::payments::{CaptureMode, CreateOrder, CreatePayment, Customer, Method};
use model::{Actor, Currency, Money, Problem};
use platform::{ManualClock, SeededEntropy};
use serde_json::{Value, json};

use crate::wiring::Services;

/// How many days of trade there are.
const DAYS: i64 = 70;
/// How many orders a working day has at least, and how many more it may have.
const ORDERS: (u64, u64) = (3, 5);

const GOODS: &[(&str, i64, i64)] = &[
    ("Bench multimeter BM-40, calibration included", 28_900, 0),
    ("Probe set, gold plated, pair", 4_950, 3),
    ("Annual calibration, up to five instruments", 74_000, 0),
    ("Oscilloscope OS-2200, two channels", 119_000, 1),
    ("Repair of a power supply, flat rate", 18_500, 2),
    ("Thermocouple kit type K, ten pieces", 8_990, 4),
    ("Training day: measuring safely", 39_000, 1),
];

const CUSTOMERS: &[(&str, &str)] = &[
    ("Werkstatt Lindenau GmbH", "einkauf@lindenau.example"),
    ("Northgate Labs", "ap@northgate.example"),
    ("Elektro Huber", "buero@huber.example"),
    ("Cascade Robotics", "billing@cascade.example"),
    ("Messtechnik Arndt", "rechnung@arndt.example"),
    ("Harbour Audio Repair", "hello@harbouraudio.example"),
    ("Institut für Sensorik", "bestellung@sensorik.example"),
    ("Bluepoint Energy", "accounts@bluepoint.example"),
    ("Studio Kessler", "office@kessler.example"),
];

/// Test cards with how often of a hundred they are used.
const CARDS: &[(&str, u64)] = &[
    ("pm_card_visa", 88),
    ("pm_card_chargeDeclined", 5),
    ("pm_card_chargeDeclinedInsufficientFunds", 4),
    ("pm_card_chargeDeclinedExpiredCard", 3),
];

/// Seeds of the two sequences: what happens, and ids.
const STORY: u64 = 2026;
const IDS: u64 = 40;

/// Plays the trade day by day. Order numbers that an interrupted run has taken are left out.
pub async fn seed(services: &Services, actor: &Actor) -> anyhow::Result<()> {
    let today = services.deps.now();
    // Trade begins at seven in the morning, UTC, on a day ten weeks ago.
    let first =
        today.duration_trunc(TimeDelta::days(1))? - TimeDelta::days(DAYS) + TimeDelta::hours(7);
    let clock = Arc::new(ManualClock::at(first));
    // Ids must not meet those of an interrupted run, so their sequence depends on when it is.
    let then = super::at_another_time(
        services,
        clock.clone(),
        IDS ^ today.timestamp_micros().unsigned_abs(),
    );
    let story = SeededEntropy::new(STORY);
    let sandbox = Sandbox {
        services,
        base: format!("http://{}", services.config.sandbox_addr),
    };
    sandbox.ready().await?;
    sandbox.silence(true).await?;
    let mut number = 10_000;
    let played = async {
        for day in 0..DAYS {
            let morning = first + TimeDelta::days(day);
            let weekend = matches!(morning.weekday(), Weekday::Sat | Weekday::Sun);
            let orders = if weekend {
                story.below(2)
            } else {
                ORDERS.0 + story.below(ORDERS.1)
            };
            let mut minutes: Vec<u64> = (0..orders).map(|_| story.below(600)).collect();
            minutes.sort_unstable();
            for minute in minutes {
                number += 1 + story.below(3);
                let at = morning + TimeDelta::minutes(i64::try_from(minute)?);
                set(&clock, at);
                sandbox.set_clock(at).await?;
                order(&then, actor, &story, number).await?;
            }
            if morning.weekday() == Weekday::Fri && day + 2 < DAYS {
                let evening = morning + TimeDelta::hours(12);
                set(&clock, evening);
                sandbox.set_clock(evening).await?;
                cycle(&then, actor, &sandbox, &clock).await?;
            }
        }
        anyhow::Ok(())
    }
    .await;
    sandbox.real_clock().await?;
    sandbox.silence(false).await?;
    played
}

fn set(clock: &ManualClock, at: DateTime<Utc>) {
    let by = at - platform::Clock::now(clock);
    if by > TimeDelta::zero() {
        clock.advance(by);
    }
}

async fn order(
    then: &Services,
    actor: &Actor,
    story: &SeededEntropy,
    number: u64,
) -> anyhow::Result<()> {
    let (goods, minor, spread) = GOODS[pick(story, GOODS.len())];
    let (name, email) = CUSTOMERS[pick(story, CUSTOMERS.len())];
    let currency = if story.below(4) == 0 {
        Currency::USD
    } else {
        Currency::EUR
    };
    let quantity = 1 + i64::try_from(story.below(u64::try_from(spread)? + 1))?;
    let total = Money::new(minor * quantity, currency);
    let manual = story.below(25) == 0;
    let request = CreateOrder {
        reference: format!("AI-{number}"),
        amount: total.amount_text(),
        currency: currency.code().to_owned(),
        description: if quantity > 1 {
            format!("{quantity} × {goods}")
        } else {
            goods.to_owned()
        },
        customer: Customer {
            email: email.to_owned(),
            name: name.to_owned(),
        },
        capture: if manual {
            CaptureMode::Manual
        } else {
            CaptureMode::Automatic
        },
        expires_at: None,
    };
    let order = match then.payments.create_order(actor, &request).await {
        Ok(order) => order,
        Err(payments::Error::ReferenceTaken) => return Ok(()),
        Err(error) => bail!(Problem::from(error)),
    };
    // One in thirty never comes to pay.
    if story.below(30) == 0 {
        return Ok(());
    }
    let mut card = card(story);
    for attempt in 0..2 {
        let payment = CreatePayment {
            order_id: order.id,
            amount: order.total.amount_text(),
            currency: currency.code().to_owned(),
            method: Method::Card {
                token: card.to_owned(),
            },
            idempotency_key: None,
        };
        let key = format!("demo-{number}-{attempt}");
        let paid = then
            .payments
            .create_payment(actor, &payment, &key)
            .await
            .map_err(Problem::from)?;
        // Two in three of those whose card was declined try another one.
        if paid.decline.is_none() || story.below(3) == 0 {
            break;
        }
        card = CARDS[0].0;
    }
    Ok(())
}

fn pick(story: &SeededEntropy, length: usize) -> usize {
    usize::try_from(story.below(u64::try_from(length).unwrap_or(1))).unwrap_or(0)
}

fn card(story: &SeededEntropy) -> &'static str {
    let mut throw = story.below(100);
    for (card, share) in CARDS {
        if throw < *share {
            return card;
        }
        throw -= share;
    }
    CARDS[0].0
}

/// Runs a cycle at the sandbox and imports what it wrote, the bank's statement a day later.
async fn cycle(
    then: &Services,
    actor: &Actor,
    sandbox: &Sandbox<'_>,
    clock: &ManualClock,
) -> anyhow::Result<()> {
    let mut files = sandbox.cycle().await?;
    // The provider's report is there the next morning, the bank's statement after it.
    files.sort_by_key(|(name, _)| !name.ends_with(".csv"));
    for (name, bytes) in files {
        clock.advance(TimeDelta::hours(9));
        then.payments
            .import_file(actor, &name, &bytes, false)
            .await
            .map_err(Problem::from)?;
    }
    Ok(())
}

/// The sandbox's control, over HTTP like everything else.
struct Sandbox<'s> {
    services: &'s Services,
    base: String,
}

impl Sandbox<'_> {
    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.base);
        let answer = self.services.deps.http.post(&url).json(body).send().await?;
        if !answer.status().is_success() {
            bail!("the sandbox answered {} to {path}", answer.status());
        }
        Ok(answer.json().await.unwrap_or(Value::Null))
    }

    async fn ready(&self) -> anyhow::Result<()> {
        let url = format!("{}/sandbox/health", self.base);
        self.services
            .deps
            .http
            .get(&url)
            .send()
            .await
            .context("the sandbox does not answer")?;
        Ok(())
    }

    async fn set_clock(&self, at: DateTime<Utc>) -> anyhow::Result<()> {
        self.post("/sandbox/clock", &json!({ "now": at }))
            .await
            .map(drop)
    }

    async fn real_clock(&self) -> anyhow::Result<()> {
        self.services
            .deps
            .http
            .delete(format!("{}/sandbox/clock", self.base))
            .send()
            .await?;
        Ok(())
    }

    /// What happened weeks ago is not announced today.
    async fn silence(&self, on: bool) -> anyhow::Result<()> {
        if on {
            let drop_all = json!({ "operation": "webhooks", "kind": "drop", "times": -1 });
            return self.post("/sandbox/faults", &drop_all).await.map(drop);
        }
        self.services
            .deps
            .http
            .delete(format!("{}/sandbox/faults", self.base))
            .send()
            .await?;
        Ok(())
    }

    async fn cycle(&self) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let summary = self.post("/sandbox/cycle", &json!({})).await?;
        let mut files = Vec::new();
        for file in summary["files"].as_array().into_iter().flatten() {
            let name = file["name"]
                .as_str()
                .context("a file without a name")?
                .to_owned();
            let url = format!("{}/sandbox/files/{name}", self.base);
            let bytes = self
                .services
                .deps
                .http
                .get(url)
                .send()
                .await?
                .bytes()
                .await?;
            files.push((name, bytes.to_vec()));
        }
        Ok(files)
    }
}
