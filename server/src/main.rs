//! Punctual: attendance, meetings and payments in one self-hosted application.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
