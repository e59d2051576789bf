//! `punctual ledger`

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Subcommand;
use ledger::ExportFormat;
use model::Actor;
use serde_json::json;

use super::{print_json, with_services};

#[derive(Subcommand)]
pub enum Verb {
    /// Check double entry, the chain of seals and all balances.
    Verify,
    /// Write the journal to standard output.
    Export {
        /// `hledger` or `csv`.
        #[arg(long, default_value = "hledger")]
        format: String,
        /// From this day on.
        #[arg(long)]
        from: Option<NaiveDate>,
        /// Up to and with this day.
        #[arg(long)]
        to: Option<NaiveDate>,
    },
}

pub async fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    let actor = Actor::system("cli");
    match verb {
        Verb::Verify => {
            with_services(async |services| {
                let verified = services.ledger.verify(&actor, None).await?;
                let head = services.ledger.head(&actor).await?;
                let findings: Vec<String> =
                    verified.findings.iter().map(ToString::to_string).collect();
                print_json(&json!({
                    "entries": verified.entries,
                    "sealed": verified.sealed,
                    "seals": verified.seals,
                    "head": head,
                    "findings": findings,
                }))?;
                for finding in &findings {
                    eprintln!("punctual: {finding}");
                }
                Ok(if findings.is_empty() {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                })
            })
            .await
        }
        Verb::Export { format, from, to } => {
            let format: ExportFormat = format.parse()?;
            with_services(async |services| {
                // Not the lock of standard output: it may not be held across a wait.
                let mut out = BufWriter::new(std::io::stdout());
                let written = services
                    .ledger
                    .export(&actor, format, from, to, &mut out)
                    .await?;
                out.flush()?;
                eprintln!("{written} entries");
                Ok(ExitCode::SUCCESS)
            })
            .await
        }
    }
}
