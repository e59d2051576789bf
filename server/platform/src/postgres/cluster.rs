//! The cluster in its folder: made on first use, checked afterwards, asked until it answers.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, lchown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use super::Durability;
use super::account::own_uid;
use super::binaries::Programs;
use super::error::PostgresError;
use super::home::{Home, short_hash};
use super::postmaster::Postmaster;

/// Role and database, both of one name.
const NAME: &str = "punctual";
/// Only part of the socket's file name; no port is opened.
pub(super) const PORT: u16 = 5432;
/// The longest path that fits a socket address, without the closing zero.
const LONGEST_SOCKET_PATH: usize = 107;
/// How long a server may take to answer; after a crash it first repairs itself.
const PATIENCE: Duration = Duration::from_secs(300);

/// A cluster on disk and how to reach it.
#[derive(Debug)]
pub(super) struct Cluster {
    pub folder: PathBuf,
    pub socket_folder: PathBuf,
    password: SecretString,
}

/// The major version of the cluster in a folder; nothing when there is none yet.
pub(super) fn major(folder: &Path) -> Result<Option<(PathBuf, u32)>, PostgresError> {
    match fs::read_to_string(folder.join("PG_VERSION")) {
        Ok(text) => match text.trim().parse() {
            Ok(major) => Ok(Some((folder.to_owned(), major))),
            Err(_) => Err(PostgresError::folder(folder, "its PG_VERSION is damaged")),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
                Ok(true) => Err(PostgresError::folder(
                    folder,
                    "is not empty and holds no database. Move it away, or choose another \
                     PUNCTUAL_DATA_DIR",
                )),
                Ok(false) => Ok(None),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(PostgresError::file(folder, "read the folder", &error)),
            }
        }
        Err(error) => Err(PostgresError::file(folder, "read the folder", &error)),
    }
}

impl Cluster {
    /// Opens the cluster of a home, or makes one.
    pub fn open_or_create(
        home: &Home,
        programs: &Programs,
        durability: Durability,
    ) -> Result<Self, PostgresError> {
        let folder = home.folder.join("cluster");
        let password = if major(&folder)?.is_some() {
            let path = home.folder.join("password");
            fs::read_to_string(&path)
                .map(|text| SecretString::from(text.trim().to_owned()))
                .map_err(|error| {
                    PostgresError::file(&path, "read the password of the database", &error)
                })?
        } else {
            create(home, &folder, programs, durability)?
        };
        let socket_folder = socket_folder(home)?;
        Ok(Self {
            folder,
            socket_folder,
            password,
        })
    }

    /// The address of the database in it.
    pub fn url(&self) -> SecretString {
        SecretString::from(format!(
            "postgres://{NAME}:{}@localhost:{PORT}/{NAME}?host={}&sslmode=disable",
            self.password.expose_secret(),
            percent_encoded(&self.socket_folder)
        ))
    }

    /// Waits until the server answers, and makes the database if it is not there yet.
    pub async fn await_ready(&self, postmaster: &Postmaster) -> Result<(), PostgresError> {
        let began = Instant::now();
        let mut connection = loop {
            match self.connect().await {
                Ok(connection) => break connection,
                Err(error) if postmaster.has_ended() => {
                    return Err(postmaster.failure(&error.to_string()));
                }
                Err(error) if !is_starting(&error) || began.elapsed() > PATIENCE => {
                    return Err(error.into());
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(25)).await,
            }
        };
        let exists: bool =
            sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
                .bind(NAME)
                .fetch_one(&mut connection)
                .await?;
        if !exists {
            // A database's name cannot be a parameter; this one is a constant of ours.
            sqlx::query(AssertSqlSafe(format!("create database {NAME}")))
                .execute(&mut connection)
                .await?;
        }
        Ok(connection.close().await?)
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.socket_folder)
            .port(PORT)
            .username(NAME)
            .password(self.password.expose_secret())
            .database("postgres")
            .ssl_mode(PgSslMode::Disable)
            .connect()
            .await
    }

    /// Removes the folder of the socket if it lies outside our own.
    pub fn clean_up(&self) {
        if !self
            .folder
            .parent()
            .is_some_and(|home| self.socket_folder.starts_with(home))
        {
            // Whatever cannot be removed is an empty folder in /tmp, taken again next time.
            let _ = fs::remove_dir(&self.socket_folder);
        }
    }
}

/// Whether the error only says that the server is not there yet.
fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // cannot_connect_now: starting up, or repairing after a crash.
        sqlx::Error::Database(db) => db.code().as_deref() == Some("57P03"),
        _ => false,
    }
}

/// Makes a cluster beside its place and moves it there when complete, so that one interrupted
/// half-way is never taken for a whole one.
fn create(
    home: &Home,
    folder: &Path,
    programs: &Programs,
    durability: Durability,
) -> Result<SecretString, PostgresError> {
    let mut random = [0_u8; 24];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    let password: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let password_file = home.write_inside("password", &password)?;

    let half_made = home.folder.join("cluster.new");
    if half_made.exists() {
        fs::remove_dir_all(&half_made).map_err(|error| {
            PostgresError::file(&half_made, "remove a half-made cluster", &error)
        })?;
    }
    let mut command = Command::new(programs.folder.join("initdb"));
    command
        .args([
            "--username",
            NAME,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ])
        .arg("--no-instructions")
        .arg("--pwfile")
        .arg(&password_file)
        .arg("--pgdata")
        .arg(&half_made);
    match durability {
        Durability::Kept => command.arg("--data-checksums"),
        Durability::Throwaway => command.arg("--no-sync"),
    };
    bare_surroundings(&mut command, &home.folder);
    if let Some(account) = &home.account {
        account.apply(&mut command);
    }
    let output = command
        .output()
        .map_err(|error| PostgresError::file(&programs.folder.join("initdb"), "run it", &error))?;
    if !output.status.success() {
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        return Err(PostgresError::program(
            "initdb",
            &output.status.to_string(),
            &text,
        ));
    }
    if folder.exists() {
        fs::remove_dir(folder)
            .map_err(|error| PostgresError::file(folder, "replace the empty folder", &error))?;
    }
    fs::rename(&half_made, folder)
        .and_then(|()| fs::File::open(&home.folder)?.sync_all())
        .map_err(|error| PostgresError::file(folder, "put the new cluster there", &error))?;
    Ok(SecretString::from(password))
}

/// Runs a program of Postgres in its own folder and without our environment: `PG…` variables would
/// change what it does, and our secrets are not its business.
pub(super) fn bare_surroundings(command: &mut Command, folder: &Path) {
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(folder)
        .stdin(std::process::Stdio::null());
}

/// The folder of the socket: `run/` in the home, or one in /tmp when that path is too long.
fn socket_folder(home: &Home) -> Result<PathBuf, PostgresError> {
    let inside = home.folder.join("run");
    if fits_socket(&inside) {
        return home.make_inside("run");
    }
    let owner = home
        .account
        .as_ref()
        .map_or_else(own_uid, |account| account.uid);
    let short = PathBuf::from("/tmp").join(format!("punctual-{}", short_hash(&home.folder)));
    match DirBuilder::new().mode(0o700).create(&short) {
        Ok(()) => {
            if let Some(account) = &home.account {
                lchown(&short, Some(account.uid), Some(account.gid))
                    .map_err(|error| PostgresError::file(&short, "give it away", &error))?;
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(PostgresError::file(&short, "make the folder", &error)),
    }
    // Anyone may write to /tmp: never put the socket into somebody else's folder.
    let meta = fs::symlink_metadata(&short)
        .map_err(|error| PostgresError::file(&short, "look at it", &error))?;
    if !meta.is_dir() || meta.uid() != owner || meta.mode() & 0o077 != 0 {
        return Err(PostgresError::folder(
            &short,
            "belongs to somebody else; remove it, or choose a shorter PUNCTUAL_DATA_DIR",
        ));
    }
    Ok(short)
}

fn fits_socket(folder: &Path) -> bool {
    let name = format!("/.s.PGSQL.{PORT}.lock");
    folder.as_os_str().len() + name.len() <= LONGEST_SOCKET_PATH
}

/// A path as part of an address.
fn percent_encoded(path: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str()
        .as_bytes()
        .iter()
        .fold(String::new(), |mut text, byte| {
            if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
                text.push(char::from(*byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_any_path() {
        let cluster = Cluster {
            folder: "/srv/ä b/postgres/cluster".into(),
            socket_folder: "/srv/ä b&c?/run".into(),
            password: SecretString::from("secret"),
        };
        let url = cluster.url();
        let options: PgConnectOptions = url.expose_secret().parse().expect("an address");
        assert_eq!(
            options.get_socket().map(PathBuf::as_path),
            Some(Path::new("/srv/ä b&c?/run"))
        );
        assert_eq!(options.get_database(), Some("punctual"));
    }

    #[test]
    fn long_paths_do_not_fit_a_socket() {
        assert!(fits_socket(Path::new("/srv/punctual/data/postgres/run")));
        assert!(!fits_socket(Path::new(&format!(
            "/srv/{}",
            "x".repeat(100)
        ))));
    }

    #[test]
    fn a_folder_with_other_things_in_it_is_refused() {
        let folder = std::env::temp_dir().join(format!("punctual-other-{}", std::process::id()));
        assert!(major(&folder).expect("nothing there").is_none());
        fs::create_dir_all(&folder).expect("a folder");
        assert!(major(&folder).expect("empty").is_none());
        fs::write(folder.join("holiday.jpg"), "x").expect("written");
        let refused = major(&folder).expect_err("not ours").to_string();
        fs::write(folder.join("PG_VERSION"), "15\n").expect("written");
        let fifteen = major(&folder).expect("a version");
        fs::write(folder.join("PG_VERSION"), "fifteen\n").expect("written");
        let damaged = major(&folder).expect_err("damaged").to_string();
        fs::remove_dir_all(&folder).expect("removed");
        assert!(
            refused.contains("is not empty and holds no database"),
            "{refused}"
        );
        assert_eq!(fifteen.map(|(_, major)| major), Some(15));
        assert!(damaged.contains("damaged"), "{damaged}");
    }
}
