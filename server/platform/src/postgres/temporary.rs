//! A cluster for a test or a benchmark, gone afterwards.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use secrecy::{ExposeSecret, SecretString};
use tokio::signal::unix::{SignalKind, signal};

use super::error::PostgresError;
use super::home::Home;
use super::{Durability, PostgresConfig, PrivatePostgres};

/// How the folders begin; what a killed run left behind is known by it.
const PREFIX: &str = "punctual-temporary-";

/// Runs `work` with the address of a fresh cluster, and removes the cluster afterwards.
///
/// # Errors
/// When the cluster does not start. What `work` returns is given back as it is.
pub async fn with_temporary<T>(
    durability: Durability,
    work: impl AsyncFnOnce(SecretString) -> T,
) -> Result<T, PostgresError> {
    let place = std::env::temp_dir();
    sweep(&place);
    let folder = make_folder(&place)?;
    let started = PrivatePostgres::start_as(&PostgresConfig::at(&folder), durability).await;
    let outcome = match started {
        Ok(postgres) => {
            let home = postgres.home.folder.clone();
            let outcome = work(postgres.url()).await;
            postgres.stop().await;
            // Elsewhere when the place for temporary files is closed to the server's user.
            if !home.starts_with(&folder) {
                remove(&home);
            }
            Ok(outcome)
        }
        Err(error) => Err(error),
    };
    remove(&folder);
    outcome
}

fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        tracing::warn!(error = %error, "a temporary cluster could not be removed");
    }
}

/// Runs a command with `DATABASE_URL` set to a fresh cluster, and gives back its exit code (128
/// and the signal's number if one ended it). A signal to us is passed on to the command.
///
/// # Errors
/// When the cluster does not start or the command cannot be run.
pub async fn run_with_temporary(
    durability: Durability,
    command: &[OsString],
) -> Result<ExitCode, PostgresError> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(PostgresError::folder(
            Path::new("punctual dev postgres"),
            "needs a command",
        ));
    };
    with_temporary(durability, async |url| run(program, arguments, &url).await).await?
}

async fn run(
    program: &OsString,
    arguments: &[OsString],
    url: &SecretString,
) -> Result<ExitCode, PostgresError> {
    let cannot = |error: std::io::Error| PostgresError::file(Path::new(program), "run it", &error);
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
    // A terminal sends its interrupt to the command as well; we only must not die of it before.
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .env("DATABASE_URL", url.expose_secret())
        .kill_on_drop(true)
        .spawn()
        .map_err(cannot)?;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status.map_err(cannot)?,
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {
                if let Some(pid) = child.id() {
                    super::postmaster::send(pid, libc::SIGTERM);
                }
            }
        }
    };
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(1);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// A folder that only its name makes ours; the cluster's own folder inside is closed.
fn make_folder(place: &Path) -> Result<PathBuf, PostgresError> {
    let mut tag = [0_u8; 4];
    getrandom::fill(&mut tag).expect("the operating system gives random bytes");
    let folder = place.join(format!(
        "{PREFIX}{}-{:08x}",
        std::process::id(),
        u32::from_le_bytes(tag)
    ));
    fs::create_dir(&folder)
        .map_err(|error| PostgresError::file(&folder, "make a temporary folder", &error))?;
    Ok(folder)
}

/// Removes what earlier runs left behind when they were killed: their process is gone.
fn sweep(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
            continue;
        };
        let pid = rest.split('-').next().unwrap_or_default();
        // No lock to be had means that a server of somebody else is on it, or is just starting.
        let dead = !Path::new("/proc").join(pid).exists() && Path::new("/proc/self").exists();
        if dead && Home::take(&PostgresConfig::at(entry.path())).is_ok() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
