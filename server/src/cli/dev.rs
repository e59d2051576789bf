//! `punctual dev`: for those who build Punctual.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Subcommand;

#[derive(Subcommand)]
pub enum Verb {
    /// Run a command with `DATABASE_URL` set to a throw-away database server.
    Postgres {
        /// The command and its arguments.
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
}

pub async fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Postgres { command } => Ok(platform::postgres::run_with_temporary(&command).await?),
    }
}
