//! What the journal keeps.

use std::io::Write;
use std::path::PathBuf;

use sandbox::Config;
use serde_json::json;

use crate::world::World;

struct Journal(PathBuf);

impl Journal {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("sandbox-{name}-{}.jsonl", std::process::id()));
        let _none = std::fs::remove_file(&path);
        Self(path)
    }

    async fn world(&self) -> World {
        World::with(Config {
            seed: 3,
            journal: Some(self.0.clone()),
            ..Config::default()
        })
        .await
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let _gone = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn a_restart_finds_everything_again() {
    let journal = Journal::new("restart");
    let form = "amount=1000&currency=eur&confirm=true&payment_method=pm_card_visa";
    let world = journal.world().await;
    let paid = world.post_as("payment_intents", form, "before").await.ok();
    let held = world
        .pay(5_000, "eur", "pm_card_visa", "&capture_method=manual")
        .await
        .ok();
    world.control("/sandbox/cycle", json!({})).await;
    world
        .control("/sandbox/clock", json!({ "now": "2026-03-01T10:00:00Z" }))
        .await;
    let truth = world.truth().await;
    let events = world.get("events?limit=100").await.ok();
    let files = world.look("/sandbox/files").await["files"]
        .as_array()
        .unwrap()
        .len();
    world.stop().await;

    let world = journal.world().await;
    assert_eq!(world.truth().await, truth);
    assert_eq!(world.get("events?limit=100").await.ok(), events);
    assert_eq!(
        world.look("/sandbox/files").await["files"]
            .as_array()
            .unwrap()
            .len(),
        files
    );
    assert_eq!(
        world.look("/sandbox/clock").await["now"],
        "2026-03-01T10:00:00Z"
    );
    let again = world.post_as("payment_intents", form, "before").await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.ok()["id"], paid["id"]);
    let path = format!("payment_intents/{}/capture", held["id"].as_str().unwrap());
    assert_eq!(world.post(&path, "").await.ok()["amount_received"], 5_000);
    let fresh = world.pay(1_000, "eur", "pm_card_visa", "").await.ok();
    assert_ne!(fresh["id"], paid["id"]);
    assert_ne!(fresh["id"], held["id"]);
    world.stop().await;
}

#[tokio::test]
async fn a_torn_last_line_is_as_if_it_had_never_been() {
    let journal = Journal::new("torn");
    let world = journal.world().await;
    world.pay(1_000, "eur", "pm_card_visa", "").await.ok();
    let truth = world.truth().await;
    world.stop().await;
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&journal.0)
        .unwrap();
    file.write_all(br#"{"seq":99,"changes":[{"kind":"charge","id":"ch_x","obj"#)
        .unwrap();
    drop(file);
    let world = journal.world().await;
    assert_eq!(world.truth().await, truth);
    world.stop().await;

    let text = std::fs::read_to_string(&journal.0).unwrap();
    std::fs::write(&journal.0, text.replacen("changes", "chnges", 1)).unwrap();
    let config = Config {
        journal: Some(journal.0.clone()),
        ..Config::default()
    };
    assert!(
        sandbox::Sandbox::open(config).is_err(),
        "damage elsewhere is told, not skipped"
    );
}
