//! The whole life of an intent.

use serde_json::Value;

use crate::world::World;

#[tokio::test]
async fn an_intent_is_made_confirmed_captured_and_refunded() {
    let world = World::new().await;
    let customer = world
        .post("customers", "email=ada%40example.com&name=Ada")
        .await
        .ok();
    let customer = customer["id"].as_str().unwrap().to_owned();
    let form = format!(
        "amount=10000&currency=EUR&capture_method=manual&customer={customer}&metadata[order]=A1&automatic_payment_methods[enabled]=true"
    );
    let intent = world.post("payment_intents", &form).await.ok();
    let id = intent["id"].as_str().unwrap().to_owned();
    assert_eq!(intent["status"], "requires_payment_method");
    assert_eq!(intent["currency"], "eur");
    assert_eq!(intent["metadata"]["order"], "A1");

    let card = "type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2040&card[cvc]=123&billing_details[name]=Ada";
    let method = world.post("payment_methods", card).await.ok();
    assert_eq!(method["card"]["last4"], "4242");
    assert!(!method.to_string().contains("4242424242424242"));
    let method = method["id"].as_str().unwrap();
    world
        .post(
            &format!("payment_intents/{id}"),
            "description=Chair&metadata[note]=x",
        )
        .await
        .ok();
    let confirm = format!("payment_method={method}&expand[]=latest_charge");
    let intent = world
        .post(&format!("payment_intents/{id}/confirm"), &confirm)
        .await
        .ok();
    assert_eq!(intent["status"], "requires_capture");
    assert_eq!(intent["amount_capturable"], 10_000);
    let charge = &intent["latest_charge"];
    assert_eq!(charge["captured"], false);
    assert_eq!(charge["balance_transaction"], Value::Null);
    let before = charge["payment_method_details"]["card"]["capture_before"]
        .as_i64()
        .unwrap();
    assert_eq!(before - charge["created"].as_i64().unwrap(), 7 * 24 * 3600);

    let captured = world
        .post(
            &format!("payment_intents/{id}/capture"),
            "expand[0]=latest_charge.balance_transaction",
        )
        .await
        .ok();
    assert_eq!(captured["status"], "succeeded");
    assert_eq!(captured["amount_received"], 10_000);
    let transaction = &captured["latest_charge"]["balance_transaction"];
    assert_eq!(
        (
            &transaction["amount"],
            &transaction["fee"],
            &transaction["net"]
        ),
        (&10_000.into(), &165.into(), &9_835.into())
    );

    let refund = format!("payment_intent={id}&amount=2500&reason=requested_by_customer");
    let refund = world.post("refunds", &refund).await.ok();
    assert_eq!(refund["status"], "succeeded");
    let too_much = format!("payment_intent={id}&amount=7501");
    world
        .post("refunds", &too_much)
        .await
        .error(400, "amount_too_large");
    world
        .post("refunds", &format!("payment_intent={id}"))
        .await
        .ok();
    world
        .post("refunds", &format!("payment_intent={id}"))
        .await
        .error(400, "charge_already_refunded");
    let charge = world
        .get(&format!(
            "charges?payment_intent={id}&expand[]=data.refunds"
        ))
        .await
        .ok();
    assert_eq!(charge["data"][0]["refunded"], true);
    assert_eq!(
        charge["data"][0]["refunds"]["data"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    let error = world
        .post(&format!("payment_intents/{id}/cancel"), "")
        .await
        .error(400, "payment_intent_unexpected_state");
    assert_eq!(error["payment_intent"]["status"], "succeeded");
}

#[tokio::test]
async fn a_partial_capture_makes_two_balance_transactions_that_add_up() {
    let world = World::new().await;
    let intent = world
        .pay(10_000, "eur", "pm_card_visa", "&capture_method=manual")
        .await
        .ok();
    let id = intent["id"].as_str().unwrap();
    let path = format!("payment_intents/{id}/capture");
    world
        .post(&path, "amount_to_capture=10001")
        .await
        .error(400, "amount_too_large");
    let captured = world.post(&path, "amount_to_capture=3000").await.ok();
    assert_eq!(captured["status"], "succeeded");
    assert_eq!(captured["amount_received"], 3_000);
    assert_eq!(captured["amount_capturable"], 0);
    let charge = captured["latest_charge"].as_str().unwrap();
    let rows = world
        .get(&format!("balance_transactions?source={charge}"))
        .await
        .ok();
    let rows = rows["data"].as_array().unwrap();
    let kinds: Vec<_> = rows
        .iter()
        .map(|row| row["reporting_category"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["partial_capture_reversal", "charge"]);
    let sum = |name: &str| {
        rows.iter()
            .map(|row| row[name].as_i64().unwrap())
            .sum::<i64>()
    };
    // 1.4 % of 30.00 and 0.25.
    assert_eq!((sum("amount"), sum("fee"), sum("net")), (3_000, 67, 2_933));
    world
        .post(&path, "")
        .await
        .error(400, "payment_intent_unexpected_state");
    let over = format!("payment_intent={id}&amount=3001");
    world
        .post("refunds", &over)
        .await
        .error(400, "amount_too_large");
}

#[tokio::test]
async fn an_authorisation_can_be_cancelled_or_runs_out() {
    let world = World::new().await;
    let intent = world
        .pay(900, "usd", "pm_card_visa", "&capture_method=manual")
        .await
        .ok();
    let id = intent["id"].as_str().unwrap();
    let path = format!("payment_intents/{id}/cancel");
    let canceled = world
        .post(&path, "cancellation_reason=abandoned")
        .await
        .ok();
    assert_eq!(
        (&canceled["status"], &canceled["amount_capturable"]),
        (&"canceled".into(), &0.into())
    );

    let intent = world
        .pay(900, "usd", "pm_card_visa", "&capture_method=manual")
        .await
        .ok();
    let id = intent["id"].as_str().unwrap();
    world
        .control(
            "/sandbox/clock",
            serde_json::json!({ "now": "2090-01-01T00:00:00Z" }),
        )
        .await;
    let error = world
        .post(&format!("payment_intents/{id}/capture"), "")
        .await
        .error(400, "payment_intent_unexpected_state");
    assert_eq!(error["payment_intent"]["cancellation_reason"], "automatic");
    assert_eq!(world.truth().await["charges"], serde_json::json!([]));
}

#[tokio::test]
async fn what_is_not_right_is_refused_in_stripes_words() {
    let world = World::new().await;
    for (form, code, param) in [
        ("currency=eur", "parameter_missing", "amount"),
        ("amount=1000", "parameter_missing", "currency"),
        (
            "amount=ten&currency=eur",
            "parameter_invalid_integer",
            "amount",
        ),
        ("amount=49&currency=eur", "amount_too_small", "amount"),
        ("amount=10005&currency=kwd", "invalid_amount", "amount"),
        ("amount=150&currency=isk", "invalid_amount", "amount"),
        (
            "amount=1000&currency=eur&colour=red",
            "parameter_unknown",
            "colour",
        ),
        (
            "amount=1000&currency=eur&customer=cus_none",
            "resource_missing",
            "customer",
        ),
    ] {
        let answer = world.post("payment_intents", form).await;
        let error = answer.error(400, code);
        assert_eq!(
            (&error["type"], &error["param"]),
            (&"invalid_request_error".into(), &param.into())
        );
    }
    world
        .get("payment_intents/pi_none")
        .await
        .error(404, "resource_missing");
    assert_eq!(world.get("unicorns").await.status, 404);

    let anonymous = world
        .http
        .get(format!("{}/v1/balance", world.url))
        .send()
        .await
        .unwrap();
    assert_eq!(anonymous.status(), 401);
    let request = world
        .http
        .get(format!("{}/v1/balance", world.url))
        .bearer_auth("sk_test_wrong");
    let stranger: Value = request.send().await.unwrap().json().await.unwrap();
    assert!(
        stranger["error"]["message"]
            .as_str()
            .unwrap()
            .starts_with("Invalid API Key")
    );
    let request = world.http.post(format!("{}/v1/refunds", world.url));
    let browser = request
        .bearer_auth(sandbox::PUBLISHABLE_KEY)
        .send()
        .await
        .unwrap();
    assert_eq!(browser.status(), 403);
}

#[tokio::test]
async fn lists_have_pages_and_search_finds_metadata() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for order in 0..5 {
        let form = format!("amount=1000&currency=eur&metadata[order]=A{order}");
        let intent = world.post("payment_intents", &form).await.ok();
        ids.push(intent["id"].as_str().unwrap().to_owned());
    }
    ids.reverse();
    let of = |list: &Value| -> Vec<String> {
        let rows = list["data"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = world.get("payment_intents?limit=2").await.ok();
    assert_eq!(
        (of(&first), &first["has_more"]),
        (ids[..2].to_vec(), &true.into())
    );
    let path = format!("payment_intents?limit=3&starting_after={}", ids[1]);
    let second = world.get(&path).await.ok();
    assert_eq!(
        (of(&second), &second["has_more"]),
        (ids[2..].to_vec(), &false.into())
    );
    let path = format!("payment_intents?limit=1&ending_before={}", ids[2]);
    assert_eq!(of(&world.get(&path).await.ok()), [ids[1].clone()]);
    let path = "payment_intents/search?query=metadata%5B%27order%27%5D%3A%27A3%27";
    assert_eq!(of(&world.get(path).await.ok()), [ids[1].clone()]);
}

#[tokio::test]
async fn both_prefixes_lead_to_the_same_place() {
    let world = World::new().await;
    world.pay(1_000, "jpy", "pm_card_mastercard", "").await.ok();
    let url = format!("{}/stripe/v1/balance", world.url);
    let request = world.http.get(url).bearer_auth(sandbox::SECRET_KEY);
    let balance: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(balance["pending"][0]["currency"], "jpy");
    assert_eq!(balance["pending"][0]["amount"], 964);
}
