//! `punctual doctor`: looks at everything that an operator can get wrong, and says so.

use std::process::ExitCode;
use std::time::Duration;

use chrono::{Datelike, Utc};
use serde::Serialize;

use crate::config::Config;
use crate::wiring::{self, Database};

#[derive(Serialize)]
struct Finding {
    check: &'static str,
    ok: bool,
    detail: String,
}

/// The greatest difference between our clock and the database's that nothing notices, in seconds.
const CLOCK_TOLERANCE_S: i64 = 5;

pub async fn run() -> anyhow::Result<ExitCode> {
    let mut findings = Vec::new();
    let mut note = |check, outcome: Result<String, String>| {
        let ok = outcome.is_ok();
        let detail = outcome.unwrap_or_else(|fault| fault);
        eprintln!("{} {check}: {detail}", if ok { "ok   " } else { "FAULT" });
        findings.push(Finding { check, ok, detail });
    };
    match Config::load(false) {
        Err(error) => note("configuration", Err(format!("{error:#}"))),
        Ok(config) => {
            note("configuration", Ok("read".into()));
            note("time zones", time_zones());
            note("browser part", browser_part(&config));
            note(
                "mail",
                Ok(if config.smtp_url.is_some() {
                    "by SMTP".into()
                } else {
                    "kept and shown".to_owned()
                }),
            );
            note("stripe", stripe(&config).await);
            match Database::open_beside(&config).await {
                Err(error) => note("database", Err(format!("{error:#}"))),
                Ok(database) => {
                    match wiring::build(config, &database.url).await {
                        Err(error) => note("database", Err(format!("{error:#}"))),
                        Ok(services) => {
                            note("database", Ok("reachable".into()));
                            let ready = services.deps.db.is_ready().await;
                            note(
                                "migrations",
                                if ready {
                                    Ok("complete".into())
                                } else {
                                    Err("missing: run `punctual migrate`".into())
                                },
                            );
                            note("clocks", clocks(&services).await);
                        }
                    }
                    database.close().await;
                }
            }
        }
    }
    super::print_json(&findings)?;
    Ok(if findings.iter().all(|f| f.ok) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn time_zones() -> Result<String, String> {
    let version = model::zone::database_version().ok_or("the bundled database has no version")?;
    let year: i32 = version
        .get(..4)
        .and_then(|y| y.parse().ok())
        .ok_or("the bundled database has no year")?;
    if Utc::now().year() - year > 1 {
        return Err(format!(
            "the bundled database is of {year}: update Punctual"
        ));
    }
    Ok(format!("IANA {version}"))
}

fn browser_part(config: &Config) -> Result<String, String> {
    let wasm = config.site_root.join("pkg/punctual_bg.wasm");
    if wasm.exists() {
        Ok("built".into())
    } else {
        Err(format!("{} is missing: build it first", wasm.display()))
    }
}

async fn stripe(config: &Config) -> Result<String, String> {
    let Some(settings) = &config.stripe else {
        return Ok("not set up: no card can be taken".into());
    };
    let client = platform::http::client().map_err(|e| e.to_string())?;
    let asked = client
        .get(&settings.api_base)
        .timeout(Duration::from_secs(5))
        .send()
        .await;
    asked
        .map(|_| "reachable".to_owned())
        .map_err(|_| format!("{} does not answer", settings.api_base))
}

async fn clocks(services: &wiring::Services) -> Result<String, String> {
    let theirs = services
        .deps
        .db
        .database_time()
        .await
        .map_err(|e| e.to_string())?;
    let apart = (services.deps.now() - theirs).num_seconds().abs();
    if apart > CLOCK_TOLERANCE_S {
        return Err(format!("our clock and the database's are {apart} s apart"));
    }
    Ok("agree".into())
}
