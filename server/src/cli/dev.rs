//! `punctual dev`: for those who build Punctual.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Subcommand;
use platform::postgres::{Durability, run_with_temporary};

#[derive(Subcommand)]
pub enum Verb {
    /// Run a command with `DATABASE_URL` set to a throw-away database server.
    Postgres {
        /// Wait for the disk at each commit, as a server that is kept does; for benchmarks.
        #[arg(long)]
        durable: bool,
        /// The command and its arguments.
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
}

pub async fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Postgres { durable, command } => {
            let durability = match durable {
                true => Durability::Kept,
                false => Durability::Throwaway,
            };
            Ok(run_with_temporary(durability, &command).await?)
        }
    }
}
