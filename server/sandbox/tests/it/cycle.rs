//! A settlement cycle: the report and the statement are of the same money.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::world::World;

/// Major units of two decimals as cents.
fn cents(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "00"));
    assert_eq!(fraction.len(), 2, "{text}");
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    whole.parse::<i64>().unwrap() * 100 + sign * fraction.parse::<i64>().unwrap()
}

fn rows(csv: &str) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes())
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

/// The texts of all elements of a name, in the part of a document.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let open = format!("<{name}");
    xml.split(&open)
        .skip(1)
        .filter(|rest| rest.starts_with(['>', ' ']))
        .map(|rest| {
            rest.split_once('>')
                .unwrap()
                .1
                .split('<')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
}

fn parts<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open)
        .skip(1)
        .map(|rest| rest.split(&close).next().unwrap())
        .collect()
}

async fn files(world: &World, cycle: &Value) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for file in cycle["files"].as_array().unwrap() {
        let kind = file["contentType"].as_str().unwrap().to_owned();
        files.insert(kind, world.text(file["url"].as_str().unwrap()).await);
    }
    files
}

#[tokio::test]
async fn report_payout_and_statement_agree_to_the_cent() {
    let world = World::new().await;
    for (amount, order) in [(10_000, "A1"), (1_999, "A2"), (50, "A3"), (123_456, "A4")] {
        world
            .pay(
                amount,
                "eur",
                "pm_card_visa",
                &format!("&metadata[order]={order}"),
            )
            .await
            .ok();
    }
    world.pay(2_000, "usd", "pm_card_amex", "").await.ok();
    let held = world
        .pay(5_000, "eur", "pm_card_visa", "&capture_method=manual")
        .await
        .ok();
    let path = format!("payment_intents/{}/capture", held["id"].as_str().unwrap());
    world.post(&path, "amount_to_capture=1234").await.ok();
    let intent = world.get("payment_intents?limit=1").await.ok();
    let id = intent["data"][0]["id"].as_str().unwrap();
    world
        .post("refunds", &format!("payment_intent={id}&amount=234"))
        .await
        .ok();
    let transfer = json!({ "amount": "77.01", "currency": "EUR", "reference": "RF18539007547034",
        "text": "Invoice <7> & more", "counterparty": "Müller & Söhne" });
    world.control("/bank/transfers", transfer).await;

    let cycle = world.control("/sandbox/cycle", json!({})).await;
    let payouts = cycle["payouts"].as_array().unwrap();
    assert_eq!(payouts.len(), 2);
    let files = files(&world, &cycle).await;
    let report = rows(&files["text/csv"]);
    let statement = &files["application/xml"];
    for payout in payouts {
        let currency = payout["currency"].as_str().unwrap();
        let (id, amount) = (
            payout["id"].as_str().unwrap(),
            payout["amount"].as_i64().unwrap(),
        );
        let of: Vec<_> = report
            .iter()
            .filter(|row| row["automatic_payout_id"] == id)
            .collect();
        assert_eq!(of.len() as u64, payout["net_count"].as_u64().unwrap());
        let sum = |name: &str| of.iter().map(|row| cents(&row[name])).sum::<i64>();
        assert_eq!(sum("net"), amount);
        assert_eq!(sum("gross") - sum("fee"), amount);
        assert!(
            of.iter()
                .all(|row| row["trace_id"] == payout["traceId"] && row["currency"] == currency)
        );

        let entry = parts(statement, "Ntry")
            .into_iter()
            .find(|entry| entry.contains(id))
            .unwrap();
        assert_eq!(cents(&texts(entry, "Amt")[0]), amount);
        assert_eq!(texts(entry, "Ustrd"), [format!("STRIPE {id}")]);
        assert_eq!(
            texts(entry, "EndToEndId"),
            [payout["traceId"].as_str().unwrap()]
        );
        let listed = world
            .get(&format!("balance_transactions?payout={id}&limit=100"))
            .await
            .ok();
        let net: i64 = listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["net"].as_i64().unwrap())
            .sum();
        assert_eq!(net, 0, "with the payout itself the rows add up to nothing");
    }
    let orders: Vec<_> = report
        .iter()
        .map(|row| row["payment_metadata[order]"].as_str())
        .collect();
    assert!(
        ["A1", "A2", "A3", "A4"]
            .iter()
            .all(|order| orders.contains(order))
    );

    let statements = parts(statement, "Stmt");
    assert_eq!(statements.len(), 2);
    for part in &statements {
        let balances = parts(part, "Bal");
        let booked: i64 = parts(part, "Ntry")
            .iter()
            .map(|entry| cents(&texts(entry, "Amt")[0]))
            .sum();
        assert_eq!(
            cents(&texts(balances[0], "Amt")[0]) + booked,
            cents(&texts(balances[1], "Amt")[0])
        );
        assert_eq!(texts(part, "ElctrncSeqNb"), ["1"]);
    }
    assert!(statement.contains("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"));
    assert!(
        statement.contains("Müller &amp; Söhne")
            && statement.contains("Invoice &lt;7&gt; &amp; more")
    );
    assert_eq!(texts(statement, "Ref"), ["RF18539007547034"]);

    let empty = world.control("/sandbox/cycle", json!({})).await;
    assert_eq!(empty, json!({ "payouts": [], "files": [] }));
    let balance = world.get("balance").await.ok();
    let all = [&balance["available"], &balance["pending"]];
    assert!(
        all.iter()
            .flat_map(|part| part.as_array().unwrap())
            .all(|row| row["amount"] == 0)
    );
}

#[tokio::test]
async fn statements_follow_each_other_without_a_gap() {
    let world = World::new().await;
    let mut closing = "0.00".to_owned();
    for day in 1..=3 {
        let now = format!("2026-03-{day:02}T10:00:00Z");
        world.control("/sandbox/clock", json!({ "now": now })).await;
        world.pay(1_000, "eur", "pm_card_visa", "").await.ok();
        let cycle = world
            .control("/sandbox/cycle", json!({ "currency": "EUR" }))
            .await;
        let statement = &files(&world, &cycle).await["application/xml"];
        assert_eq!(texts(statement, "ElctrncSeqNb"), [day.to_string()]);
        assert_eq!(texts(parts(statement, "Bal")[0], "Amt")[0], closing);
        closing = texts(parts(statement, "Bal")[1], "Amt")[0].clone();
        assert_eq!(texts(statement, "BookgDt").len(), 1);
        assert!(statement.contains(&format!("<Dt>2026-03-{day:02}</Dt>")));
    }
    assert_eq!(closing, "28.83");
    let accounts = world.look("/bank/accounts").await;
    assert_eq!(accounts["accounts"][0]["balance"], "28.83");
}

#[tokio::test]
async fn a_cycle_takes_only_what_was_there_by_then() {
    let world = World::new().await;
    for now in ["2026-03-01T10:00:00Z", "2026-03-05T10:00:00Z"] {
        world.control("/sandbox/clock", json!({ "now": now })).await;
        world.pay(1_000, "eur", "pm_card_visa", "").await.ok();
    }
    let first = world
        .control("/sandbox/cycle", json!({ "at": "2026-03-02T06:00:00Z" }))
        .await;
    assert_eq!(first["payouts"][0]["net_count"], 1);
    let second = world.control("/sandbox/cycle", json!({})).await;
    assert_eq!(second["payouts"][0]["net_count"], 1);
    let payouts = world.get("payouts").await.ok();
    assert_eq!(payouts["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn totals_can_be_wrong_and_files_missing_on_demand() {
    let world = World::new().await;
    world.fault("cycle", "wrong_totals", json!({})).await;
    world.fault("cycle", "missing_file", json!({})).await;
    world.pay(1_000, "eur", "pm_card_visa", "").await.ok();
    let cycle = world.control("/sandbox/cycle", json!({})).await;
    let first = files(&world, &cycle).await;
    let net: i64 = rows(&first["text/csv"])
        .iter()
        .map(|row| cents(&row["net"]))
        .sum();
    assert_eq!(net, cycle["payouts"][0]["amount"].as_i64().unwrap() + 1);
    assert!(!first.contains_key("application/xml"));
    world.pay(1_000, "eur", "pm_card_visa", "").await.ok();
    let second = world.control("/sandbox/cycle", json!({})).await;
    let second = files(&world, &second).await;
    assert_eq!(texts(&second["application/xml"], "ElctrncSeqNb"), ["2"]);
}
