//! `punctual settlement`

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use model::{Actor, Problem};

use super::{print_json, with_services};

#[derive(Subcommand)]
pub enum Verb {
    /// Read a file and print what is in it. Needs no database.
    Parse {
        /// The file.
        file: PathBuf,
        /// `auto`, `camt` or `stripe`.
        #[arg(long, default_value = "auto")]
        format: String,
    },
    /// Import a file and reconcile it.
    Import {
        /// The file.
        file: PathBuf,
        /// Only say what would happen.
        #[arg(long)]
        dry_run: bool,
    },
}

pub async fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Parse { file, format } => parse(&file, &format),
        Verb::Import { file, dry_run } => import(file, dry_run).await,
    }
}

fn parse(path: &std::path::Path, format: &str) -> anyhow::Result<ExitCode> {
    use payments::settlement::formats;
    let format = format.parse::<model::settlement::FormatChoice>()?;
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let parsed = formats::parse_to_json(BufReader::new(file), format)
        .with_context(|| path.display().to_string())?;
    for warning in &parsed.warnings {
        eprintln!("warning: {warning}");
    }
    print_json(&parsed)?;
    Ok(ExitCode::SUCCESS)
}

async fn import(path: PathBuf, dry_run: bool) -> anyhow::Result<ExitCode> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut bytes = Vec::new();
    File::open(&path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}", path.display()))?;
    with_services(async |services| {
        let actor = Actor::system("cli");
        let summary = services
            .payments
            .import_file(&actor, &name, &bytes, dry_run)
            .await
            .map_err(Problem::from)?;
        print_json(&summary)?;
        match &summary.error {
            Some(error) => {
                eprintln!("punctual: {name}: {error}");
                Ok(ExitCode::FAILURE)
            }
            None => Ok(ExitCode::SUCCESS),
        }
    })
    .await
}
