//! The sandbox that payments go to where no real gateway is set up.

use leptos::prelude::*;
use model::operations::{FaultKind, FaultPlace, SandboxCycle, SandboxView};

use super::super::ApiError;

/// The sandbox's files and faults; `None` where payments go to a real gateway.
///
/// # Errors
/// 401; 403 without `sandbox:run`; 503 when the sandbox does not answer.
#[server(prefix = "/fn")]
pub async fn read_sandbox() -> Result<Option<SandboxView>, ApiError> {
    match server::Sandbox::reach()? {
        Some(sandbox) => Ok(Some(sandbox.view().await?)),
        None => Ok(None),
    }
}

/// Pays out what was captured, and has both settlement files issued.
///
/// # Errors
/// 401; 403 without `sandbox:run`; 404 without a sandbox; 503 when it does not answer.
#[server(prefix = "/fn")]
pub async fn run_cycle() -> Result<SandboxCycle, ApiError> {
    Ok(server::Sandbox::here()?.run_cycle().await?)
}

/// Has something go wrong the next `times` times.
///
/// # Errors
/// 401; 403 without `sandbox:run`; 404 without a sandbox; 422 on `kind` or `times`; 503 when it
/// does not answer.
#[server(prefix = "/fn")]
pub async fn add_fault(place: FaultPlace, kind: FaultKind, times: String) -> Result<(), ApiError> {
    Ok(server::Sandbox::here()?
        .add_fault(place, kind, &times)
        .await?)
}

/// Takes all faults away.
///
/// # Errors
/// 401; 403 without `sandbox:run`; 404 without a sandbox; 503 when it does not answer.
#[server(prefix = "/fn")]
pub async fn clear_faults() -> Result<(), ApiError> {
    Ok(server::Sandbox::here()?.clear_faults().await?)
}

/// Speaks with the sandbox over HTTP.
#[cfg(feature = "ssr")]
mod server {
    use std::time::Duration;

    use chrono::{DateTime, Utc};
    use model::operations::{
        FaultKind, FaultPlace, SandboxCycle, SandboxFault, SandboxFile, SandboxPayout, SandboxView,
    };
    use model::zone::Zone;
    use model::{FieldError, Money, Permission, Problem};
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use crate::ssr::{Site, actor, service, zone_of};

    pub(super) struct Sandbox {
        origin: String,
        http: reqwest::Client,
        zone: Zone,
    }

    #[derive(Deserialize)]
    struct File {
        name: String,
        url: String,
        at: DateTime<Utc>,
        bytes: i64,
    }

    #[derive(Deserialize)]
    struct Payout {
        id: String,
        currency: String,
        amount: i64,
        #[serde(rename = "traceId")]
        trace_id: String,
        net_count: i64,
    }

    #[derive(Deserialize)]
    struct Files {
        files: Vec<File>,
    }

    #[derive(Deserialize)]
    struct Faults {
        faults: Vec<SandboxFault>,
    }

    #[derive(Deserialize)]
    struct Cycle {
        payouts: Vec<Payout>,
        files: Vec<File>,
    }

    impl Sandbox {
        /// The sandbox of this installation, if payments go to one.
        pub(super) fn reach() -> Result<Option<Self>, Problem> {
            let actor = actor()?;
            actor.require(Permission::SandboxRun)?;
            let Some(origin) = service::<Site>()?.sandbox else {
                return Ok(None);
            };
            let http = service::<platform::Deps>()?.http;
            let origin = origin.trim_end_matches('/').to_owned();
            Ok(Some(Self {
                origin,
                http,
                zone: zone_of(&actor),
            }))
        }

        /// The sandbox, or 404.
        pub(super) fn here() -> Result<Self, Problem> {
            Self::reach()?.ok_or_else(|| Problem::not_found("sandbox"))
        }

        pub(super) async fn view(&self) -> Result<SandboxView, Problem> {
            let Files { files } = read(self.call(reqwest::Method::GET, "/sandbox/files")).await?;
            let Faults { faults } =
                read(self.call(reqwest::Method::GET, "/sandbox/faults")).await?;
            Ok(SandboxView {
                origin: self.origin.clone(),
                files: self.files(files),
                faults,
            })
        }

        pub(super) async fn run_cycle(&self) -> Result<SandboxCycle, Problem> {
            let cycle: Cycle = read(self.call(reqwest::Method::POST, "/sandbox/cycle")).await?;
            let payouts = cycle
                .payouts
                .into_iter()
                .map(payout)
                .collect::<Result<_, _>>()?;
            Ok(SandboxCycle {
                payouts,
                files: self.files(cycle.files),
            })
        }

        pub(super) async fn add_fault(
            &self,
            place: FaultPlace,
            kind: FaultKind,
            times: &str,
        ) -> Result<(), Problem> {
            let fault = accepted(place, kind, times)?;
            send(
                self.call(reqwest::Method::POST, "/sandbox/faults")
                    .json(&fault),
            )
            .await?;
            Ok(())
        }

        pub(super) async fn clear_faults(&self) -> Result<(), Problem> {
            send(self.call(reqwest::Method::DELETE, "/sandbox/faults")).await?;
            Ok(())
        }

        fn call(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
            let url = format!("{}{path}", self.origin);
            self.http
                .request(method, url)
                .timeout(Duration::from_secs(5))
        }

        /// Newest first.
        fn files(&self, mut files: Vec<File>) -> Vec<SandboxFile> {
            files.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.name.cmp(&b.name)));
            let view = |file: File| SandboxFile {
                name: file.name,
                url: file.url,
                at: self.zone.stamp(file.at),
                bytes: file.bytes,
            };
            files.into_iter().map(view).collect()
        }
    }

    /// A fault as it was asked for, or what is wrong with its fields.
    fn accepted(place: FaultPlace, kind: FaultKind, times: &str) -> Result<SandboxFault, Problem> {
        let mut errors = Vec::new();
        let mut object = |field: &str, message: &str| {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        };
        if !kind.happens_at(place) {
            object(
                "kind",
                "This cannot happen there. Choose another fault or another place.",
            );
        }
        let times = times
            .trim()
            .parse::<i64>()
            .ok()
            .filter(|times| (1..=1_000).contains(times));
        if times.is_none() {
            object("times", "Enter a number from 1 to 1,000.");
        }
        match times {
            Some(times) if errors.is_empty() => Ok(SandboxFault {
                operation: place.to_string(),
                kind: kind.to_string(),
                times,
                ms: None,
            }),
            _ => Err(Problem::invalid(errors)),
        }
    }

    fn payout(payout: Payout) -> Result<SandboxPayout, Problem> {
        let currency = payout
            .currency
            .to_uppercase()
            .parse()
            .map_err(not_understood)?;
        Ok(SandboxPayout {
            id: payout.id,
            money: Money::new(payout.amount, currency),
            trace_id: payout.trace_id,
            movements: payout.net_count,
        })
    }

    async fn send(request: reqwest::RequestBuilder) -> Result<reqwest::Response, Problem> {
        let answer = request.send().await.map_err(silent)?;
        answer.error_for_status().map_err(not_understood)
    }

    async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, Problem> {
        send(request).await?.json().await.map_err(not_understood)
    }

    fn silent(cause: reqwest::Error) -> Problem {
        leptos::logging::error!("the sandbox does not answer: {cause}");
        Problem::new(
            503,
            "sandbox_unreachable",
            "The sandbox does not answer. Check that it is running and try again.",
        )
    }

    fn not_understood(cause: impl std::fmt::Display) -> Problem {
        leptos::logging::error!("the sandbox gave an answer that is not understood: {cause}");
        Problem::new(
            503,
            "sandbox_not_understood",
            "The sandbox gave an answer that Punctual does not understand. The log says more.",
        )
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_fault_that_could_never_strike_is_refused_at_its_field() {
            let problem = accepted(FaultPlace::Cycle, FaultKind::Latency, "0")
                .expect_err("a cycle has no answer to wait for");
            assert!(problem.message_for("kind").is_some());
            assert!(problem.message_for("times").is_some());
            let fault =
                accepted(FaultPlace::Capture, FaultKind::TimeoutAfter, " 2 ").expect("fine");
            assert_eq!(
                (fault.operation.as_str(), fault.times),
                ("payment_intents.capture", 2)
            );
        }

        #[test]
        fn a_payout_has_the_exponent_of_its_currency() {
            let view = payout(Payout {
                id: "po_1".into(),
                currency: "eur".into(),
                amount: 4_990,
                trace_id: "ST1".into(),
                net_count: 1,
            });
            assert_eq!(view.expect("a known currency").money.amount_text(), "49.90");
        }
    }
}
