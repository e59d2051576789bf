//! What a browser loads.

use crate::world::{SHOP, World};

#[tokio::test]
async fn the_card_field_is_for_allowed_parents_only() {
    let world = World::new().await;
    let url = |parent: &str| {
        format!(
            "{}/stripe/fields/card?parent={parent}&key={}",
            world.url,
            sandbox::PUBLISHABLE_KEY
        )
    };
    let page = world.http.get(url(SHOP)).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("default-src 'none'")
            && policy.contains("frame-ancestors http://127.0.0.1:3000")
    );
    assert!(!policy.contains("unsafe"));
    let html = page.text().await.unwrap();
    assert!(!html.contains("{{"), "every place is filled");
    for name in ["cardnumber", "exp-date", "cvc"] {
        assert!(html.contains(&format!("name=\"{name}\"")));
    }
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap();
    assert_eq!(html.matches(&format!("nonce=\"{nonce}\"")).count(), 2);
    let stranger = world
        .http
        .get(url("https://evil.example"))
        .send()
        .await
        .unwrap();
    assert_eq!(stranger.status(), 403);
}

#[tokio::test]
async fn the_script_is_served_at_both_addresses() {
    let world = World::new().await;
    for path in ["/stripe/js", "/v3/"] {
        let answer = world
            .http
            .get(format!("{}{path}", world.url))
            .send()
            .await
            .unwrap();
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("application/javascript")
        );
        assert!(
            answer
                .text()
                .await
                .unwrap()
                .contains("window.Stripe = function Stripe")
        );
    }
    assert!(world.text(&world.url).await.contains("Punctual sandbox"));
    assert_eq!(world.look("/sandbox/health").await["status"], "ok");
}
