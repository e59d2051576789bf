//! Cards that say no, ask first, or think again later.

use serde_json::{Value, json};

use crate::world::{SHOP, World};

#[tokio::test]
async fn a_decline_leaves_the_intent_open_for_another_card() {
    let world = World::new().await;
    for (card, code, decline) in [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000000069", "expired_card", "expired_card"),
        ("4000000000000127", "incorrect_cvc", "incorrect_cvc"),
        ("4000000000000119", "processing_error", "processing_error"),
    ] {
        let form = format!(
            "amount=1500&currency=eur&confirm=true&payment_method_data[type]=card&payment_method_data[card][number]={card}&payment_method_data[card][exp_month]=1&payment_method_data[card][exp_year]=40&payment_method_data[card][cvc]=123"
        );
        let error = world.post("payment_intents", &form).await.error(402, code);
        assert_eq!(
            (&error["type"], &error["decline_code"]),
            (&"card_error".into(), &decline.into())
        );
        let intent = &error["payment_intent"];
        assert_eq!(intent["status"], "requires_payment_method");
        assert_eq!(intent["last_payment_error"]["decline_code"], decline);
        assert_eq!(
            intent["last_payment_error"]["payment_method"]["card"]["last4"],
            card[12..]
        );
        let id = intent["id"].as_str().unwrap();
        let path = format!("payment_intents/{id}/confirm");
        let paid = world.post(&path, "payment_method=pm_card_visa").await.ok();
        assert_eq!(
            (&paid["status"], &paid["last_payment_error"]),
            (&"succeeded".into(), &Value::Null)
        );
        let charges = world
            .get(&format!("charges?payment_intent={id}"))
            .await
            .ok();
        let states: Vec<_> = charges["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["status"].clone())
            .collect();
        assert_eq!(states, ["succeeded", "failed"]);
    }
}

#[tokio::test]
async fn a_card_that_cannot_be_is_refused_by_its_number() {
    let world = World::new().await;
    let form = "type=card&card[number]=4242424242424241&card[exp_month]=1&card[exp_year]=2040";
    let error = world
        .post("payment_methods", form)
        .await
        .error(402, "incorrect_number");
    assert_eq!(error["param"], "number");
}

async fn decide(world: &World, intent: &Value, outcome: &str) -> String {
    let url = intent["next_action"]["redirect_to_url"]["url"]
        .as_str()
        .unwrap();
    let page = world.http.get(url).send().await.unwrap();
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains(&format!("form-action 'self' {SHOP}")),
        "{policy}"
    );
    let html = page.text().await.unwrap();
    assert!(html.contains("25.00 EUR") && html.contains("Complete") && html.contains("Fail"));
    let secret = intent["client_secret"].as_str().unwrap();
    let form = format!("client_secret={secret}&outcome={outcome}");
    let request = world
        .http
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body(form).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_challenge_is_passed_or_failed_on_the_banks_page() {
    let world = World::new().await;
    let asked = world
        .pay(
            2_500,
            "eur",
            "pm_card_authenticationRequired",
            "&capture_method=manual",
        )
        .await
        .ok();
    let id = asked["id"].as_str().unwrap();
    assert_eq!(asked["status"], "requires_action");
    let back = decide(&world, &asked, "complete").await;
    assert!(
        back.starts_with(&format!("{SHOP}/back?payment_intent={id}&")),
        "{back}"
    );
    assert!(back.ends_with("redirect_status=succeeded"));
    let path = format!("payment_intents/{id}?expand[]=latest_charge");
    let intent = world.get(&path).await.ok();
    assert_eq!(intent["status"], "requires_capture");
    let card = &intent["latest_charge"]["payment_method_details"]["card"];
    assert_eq!(card["three_d_secure"]["result"], "authenticated");

    let asked = world
        .pay(2_500, "eur", "pm_card_authenticationRequired", "")
        .await
        .ok();
    let back = decide(&world, &asked, "fail").await;
    assert!(back.ends_with("redirect_status=failed"));
    let intent = world
        .get(&format!(
            "payment_intents/{}",
            asked["id"].as_str().unwrap()
        ))
        .await
        .ok();
    assert_eq!(intent["status"], "requires_payment_method");
    assert_eq!(
        intent["last_payment_error"]["code"],
        "payment_intent_authentication_failure"
    );

    let alone = "&off_session=true";
    let error = world
        .pay(2_500, "eur", "pm_card_authenticationRequired", alone)
        .await
        .error(402, "authentication_required");
    assert_eq!(error["decline_code"], "authentication_required");
}

#[tokio::test]
async fn some_refunds_come_back_and_some_charges_are_disputed() {
    let world = World::new().await;
    let paid = world.pay(2_000, "eur", "pm_card_refundFail", "").await.ok();
    let id = paid["id"].as_str().unwrap();
    let refund = world
        .post("refunds", &format!("payment_intent={id}"))
        .await
        .ok();
    assert_eq!(refund["status"], "succeeded");
    world.control("/sandbox/refunds/settle", json!({})).await;
    let path = format!(
        "refunds/{}?expand[]=failure_balance_transaction",
        refund["id"].as_str().unwrap()
    );
    let refund = world.get(&path).await.ok();
    assert_eq!(refund["status"], "failed");
    assert_eq!(refund["failure_balance_transaction"]["amount"], 2_000);
    assert_eq!(world.truth().await["charges"][0]["refunded"], 0);

    let paid = world
        .pay(3_000, "eur", "pm_card_createDispute", "")
        .await
        .ok();
    let id = paid["id"].as_str().unwrap();
    world
        .post("refunds", &format!("payment_intent={id}"))
        .await
        .error(400, "charge_disputed");
    let dispute = &world
        .get(&format!("disputes?payment_intent={id}"))
        .await
        .ok()["data"][0];
    assert_eq!(dispute["status"], "needs_response");
    assert_eq!(dispute["balance_transactions"][0]["net"], -4_500);
    let evidence = "evidence[uncategorized_text]=winning_evidence";
    let path = format!("disputes/{}", dispute["id"].as_str().unwrap());
    assert_eq!(world.post(&path, evidence).await.ok()["status"], "won");
}
