//! `punctual sandbox`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args as ClapArgs, Subcommand};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::config::Config;

#[derive(ClapArgs)]
pub struct Args {
    /// Where to listen, or where the sandbox listens.
    #[arg(long, default_value = "127.0.0.1:4010", global = true)]
    addr: SocketAddr,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Pay out what was captured, and write the provider's report and the bank's statement of it.
    Cycle {
        /// The folder for the files.
        #[arg(long, default_value = ".")]
        out: PathBuf,
    },
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.verb {
        None => listen(args.addr).await,
        Some(Verb::Cycle { out }) => cycle(args.addr, out).await,
    }
}

async fn listen(addr: SocketAddr) -> anyhow::Result<ExitCode> {
    let mut config = Config::load(true)?;
    config.sandbox_addr = addr;
    let sandbox = crate::demo::open_sandbox(&config)?;
    let listener = TcpListener::bind(addr)
        .await
        .with_context(|| format!("cannot listen on {addr}"))?;
    eprintln!("The sandbox answers on http://{addr}");
    let stop = async {
        // Without Ctrl-C there is nothing left to wait for but the end of the process.
        let _ = tokio::signal::ctrl_c().await;
    };
    sandbox::serve(listener, sandbox, stop).await?;
    Ok(ExitCode::SUCCESS)
}

async fn cycle(addr: SocketAddr, out: PathBuf) -> anyhow::Result<ExitCode> {
    let client = platform::http::client()?;
    let base = format!("http://{addr}");
    let asked = client
        .post(format!("{base}/sandbox/cycle"))
        .json(&serde_json::json!({}))
        .send()
        .await;
    let answer = asked.with_context(|| format!("no sandbox answers on {addr}"))?;
    if !answer.status().is_success() {
        bail!("the sandbox refused the cycle: HTTP {}", answer.status());
    }
    let summary: Value = answer.json().await?;
    for file in summary["files"].as_array().into_iter().flatten() {
        let name = file["name"].as_str().context("a file without a name")?;
        // A name is a name and not a path, whatever the other side says.
        if name.contains(['/', '\\']) || name.starts_with('.') {
            bail!("the sandbox names a file “{name}”");
        }
        let body = client
            .get(format!("{base}/sandbox/files/{name}"))
            .send()
            .await?
            .bytes()
            .await?;
        let path = out.join(name);
        std::fs::write(&path, &body).with_context(|| format!("cannot write {}", path.display()))?;
        eprintln!("{}", path.display());
    }
    super::print_json(&summary)?;
    Ok(ExitCode::SUCCESS)
}
