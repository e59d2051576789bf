//! The commands. Machine-readable output goes to standard output, words for people to standard
//! error. Exit code 0: done; 1: a finding, or input that was refused; 2: wrong usage.

mod attendance;
mod calendar;
mod dev;
mod doctor;
mod ledger;
mod migrate;
mod sandbox;
mod serve;
mod settlement;
mod token;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use platform::telemetry::Telemetry;

use crate::config::Config;
use crate::wiring::{self, Database, Services};

#[derive(Parser)]
#[command(
    name = "punctual",
    version,
    about = "Hours that explain themselves, meetings that cannot be booked twice, and payments down to the bank line"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the application.
    Serve(serve::Args),
    /// Bring the database up to date, and stop.
    Migrate,
    /// Run the sandbox providers, or have them run a settlement cycle.
    Sandbox(sandbox::Args),
    /// API tokens.
    #[command(subcommand)]
    Token(token::Verb),
    /// People.
    #[command(subcommand)]
    User(user::Verb),
    /// Check configuration, database, providers, clocks and time zones.
    Doctor,
    /// The books.
    #[command(subcommand)]
    Ledger(ledger::Verb),
    /// Settlement files.
    #[command(subcommand)]
    Settlement(settlement::Verb),
    /// Days from punches. Needs no database.
    #[command(subcommand)]
    Attendance(attendance::Verb),
    /// Calendar files and recurrences. Needs no database.
    #[command(subcommand)]
    Calendar(calendar::Verb),
    /// For those who build Punctual.
    #[command(subcommand, hide = true)]
    Dev(dev::Verb),
}

/// Runs the command line and gives the exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    // Every TLS client of this process shares one provider.
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        eprintln!("punctual: a TLS provider was installed already");
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("punctual: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("punctual: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    // `serve` may send traces, and begins when it has read where to.
    if !matches!(command, Command::Serve(_)) {
        Telemetry::init(None)?;
    }
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Migrate => migrate::run().await,
        Command::Sandbox(args) => sandbox::run(args).await,
        Command::Token(verb) => token::run(verb).await,
        Command::User(verb) => user::run(verb).await,
        Command::Doctor => doctor::run().await,
        Command::Ledger(verb) => ledger::run(verb).await,
        Command::Settlement(verb) => settlement::run(verb).await,
        Command::Attendance(verb) => attendance::run(verb),
        Command::Calendar(verb) => calendar::run(verb),
        Command::Dev(verb) => dev::run(verb).await,
    }
}

/// Opens the database, migrates it, builds the services, runs `work`, and closes again whatever
/// came of it. When a server of ours is running on the private database, its own address is used.
async fn with_services<F, R>(work: F) -> anyhow::Result<R>
where
    F: AsyncFnOnce(Services) -> anyhow::Result<R>,
{
    let config = Config::load(false)?;
    let database = Database::open_beside(&config).await?;
    let outcome = async {
        let services = wiring::build(config, &database.url).await?;
        services.deps.db.migrate().await?;
        work(services).await
    }
    .await;
    database.close().await;
    outcome
}

/// Prints a value as JSON on standard output.
fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}
