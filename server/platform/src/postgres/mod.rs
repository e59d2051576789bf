//! A Postgres server of our own, for whoever has no database yet.
//!
//! [`PrivatePostgres::start`] finds the programs ([`binaries`]), takes the folder for itself
//! ([`home`]), makes a cluster on first use ([`cluster`]), starts the server as an unprivileged user
//! ([`account`]) and restarts it if it dies ([`postmaster`]). The server listens on a socket in a
//! closed folder, never on the network, and ends with us, even when we are killed.
//! [`with_temporary`] is the same for tests and benchmarks: gone afterwards.

mod account;
mod binaries;
mod cluster;
mod error;
mod home;
mod postmaster;
mod temporary;

use std::path::PathBuf;

use secrecy::SecretString;

pub use error::PostgresError;
pub use temporary::{run_with_temporary, with_temporary};

use cluster::Cluster;
use home::Home;
use postmaster::{Launch, Postmaster};

/// Where the private server keeps its data and where its programs are.
#[derive(Clone, Debug)]
pub struct PostgresConfig {
    /// The folder of Punctual's data. The cluster lies in `postgres/` in it, the server's log in
    /// `postgres.log`. Both are made when missing.
    pub data_dir: PathBuf,
    /// The folder with `postgres` and `initdb`; searched for when absent.
    pub binaries: Option<PathBuf>,
    /// The user to run as when Punctual itself runs as root; `postgres` or `nobody` when absent.
    pub account: Option<String>,
}

impl PostgresConfig {
    /// Everything by default but the folder. The programs are those of `PUNCTUAL_PG_BIN` if set.
    pub fn at(data_dir: impl Into<PathBuf>) -> Self {
        let binaries = std::env::var_os("PUNCTUAL_PG_BIN").filter(|v| !v.is_empty());
        Self {
            data_dir: data_dir.into(),
            binaries: binaries.map(PathBuf::from),
            account: None,
        }
    }
}

/// What a power cut may do to the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing that was committed is lost: each commit waits for the disk.
    Kept,
    /// All may be lost, which is fine for a test and several times as fast.
    Throwaway,
}

/// A running server of our own. Stop it with [`PrivatePostgres::stop`]; dropped, it is told to stop
/// but not waited for.
#[derive(Debug)]
pub struct PrivatePostgres {
    postmaster: Postmaster,
    cluster: Cluster,
    /// Holds the lock on the folder as long as the server runs.
    home: Home,
}

impl PrivatePostgres {
    /// Starts the server and gives it back once it answers and has a database `punctual`.
    ///
    /// # Errors
    /// When there are no programs, when the folder cannot be used or is in use, or when the server
    /// does not start. Each message says what to do.
    pub async fn start(config: &PostgresConfig) -> Result<Self, PostgresError> {
        Self::start_as(config, Durability::Kept).await
    }

    async fn start_as(
        config: &PostgresConfig,
        durability: Durability,
    ) -> Result<Self, PostgresError> {
        let wanted = config.clone();
        // Files, locks and initdb: blocking work, off the threads that serve requests.
        let (home, cluster, programs) = tokio::task::spawn_blocking(move || {
            let home = Home::take(&wanted)?;
            let cluster_folder = home.folder.join("cluster");
            let programs = binaries::find(
                &wanted,
                home.account.as_ref(),
                cluster::major(&cluster_folder)?,
            )?;
            let cluster = Cluster::open_or_create(&home, &programs, durability)?;
            Ok::<_, PostgresError>((home, cluster, programs))
        })
        .await
        .expect("preparing the folder does not panic")?;

        let postmaster = Postmaster::start(Launch::new(&home, &cluster, &programs, durability))?;
        cluster.await_ready(&postmaster).await?;
        postmaster.keep_alive();
        tracing::info!(
            postgres.version = programs.version,
            postgres.folder = %cluster.folder.display(),
            "the private database runs"
        );
        Ok(Self {
            postmaster,
            cluster,
            home,
        })
    }

    /// The address of the database, password included.
    pub fn url(&self) -> SecretString {
        self.cluster.url()
    }

    /// The process id of the server, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.postmaster.pid()
    }

    /// Stops the server: open transactions are rolled back, everything committed is on disk.
    pub async fn stop(self) {
        self.postmaster.stop().await;
        self.cluster.clean_up();
    }
}
