//! `punctual migrate`

use std::process::ExitCode;

pub async fn run() -> anyhow::Result<ExitCode> {
    super::with_services(async |_services| {
        eprintln!("The database is up to date.");
        Ok(ExitCode::SUCCESS)
    })
    .await
}
