//! An organisation to look at: some forty people in three zones, and months of orders that were
//! paid, declined, paid out and reconciled, so that no page is empty. Everything is made through
//! the same services and the same sandbox as in real life, with the clock turned back.

mod attendance;
mod meetings;
mod people;
mod trade;

use std::sync::Arc;

use anyhow::Context;
use model::Actor;
use sandbox::Sandbox;

use crate::config::Config;
use crate::wiring::Services;

/// The password of every demo sign-in; it is printed at the start and is no secret.
pub const PASSWORD: &str = "punctual demo 2026";

/// The audit action that says that the demo data is complete.
const DONE: &str = "demo.seeded";

/// Opens the sandbox that payments of the demo go to, with its memory in the data folder.
///
/// # Errors
/// When its journal cannot be read.
pub fn open_sandbox(config: &Config) -> anyhow::Result<Sandbox> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make {}", config.data_dir.display()))?;
    let defaults = sandbox::Config::default();
    Sandbox::open(sandbox::Config {
        public_url: format!("http://{}", config.sandbox_addr),
        journal: Some(config.data_dir.join("sandbox.jsonl")),
        webhook_url: Some(format!("http://{}/webhooks/stripe", config.site_addr)),
        allowed_frame_parents: parents(config),
        ..defaults
    })
    .context("the sandbox cannot be opened")
}

/// The origins whose checkout pages may frame the hosted fields.
fn parents(config: &Config) -> Vec<String> {
    let port = config.site_addr.port();
    let mut parents = vec![
        config.public_url.clone(),
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
    ];
    parents.dedup();
    parents
}

/// Says where to go and how to sign in.
pub fn announce(services: &Services) {
    eprintln!();
    eprintln!("  Demo sign-ins (password for all: {PASSWORD})");
    for (role, email) in people::SIGN_INS {
        eprintln!("    {role:<9} {email}");
    }
    eprintln!(
        "  At a kiosk ({}/kiosk): numbers from 1001 in this order, PIN {}",
        services.config.public_url,
        attendance::KIOSK_PIN
    );
    eprintln!("  Sandbox: http://{}", services.config.sandbox_addr);
    eprintln!();
}

/// Makes the demo data, once. What an earlier, interrupted run left is kept and completed.
///
/// # Errors
/// When a service or the sandbox refuses.
pub async fn seed(services: &Services) -> anyhow::Result<()> {
    let actor = Actor::system("demo");
    people::seed(services, &actor).await?;
    let done = services
        .identity
        .list_audit(&actor, Some(DONE), None, 1)
        .await?;
    let is_done = !done.items.is_empty();
    if !is_done {
        meetings::seed(services, &actor).await?;
    }
    // It has a mark of its own, so that demo data that were made before it was there get it too.
    attendance::seed(services, &actor).await?;
    meetings::hand_leave_over(services).await?;
    if is_done {
        return Ok(());
    }
    if !services.config.runs_sandbox() {
        tracing::info!("payments go to a real gateway, so no demo payments are made");
        return Ok(());
    }
    trade::seed(services, &actor).await?;
    let mut tx = services.deps.db.begin("demo.done").await?;
    services
        .identity
        .record_in_tx(&mut tx, &actor, DONE, "demo", serde_json::json!({}))
        .await?;
    tx.commit().await?;
    tracing::info!("the demo data is complete");
    Ok(())
}

/// The same services under another clock and repeatable randomness.
fn at_another_time(services: &Services, clock: Arc<platform::ManualClock>, seed: u64) -> Services {
    let mut deps = services.deps.clone();
    deps.clock = clock;
    deps.entropy = Arc::new(platform::SeededEntropy::new(seed));
    crate::wiring::assemble(services.config.clone(), deps)
}
