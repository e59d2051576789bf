//! The folder that the private server has for itself: where it is, whose it is, and the lock on it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, lchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::PostgresConfig;
use super::account::{self, Account, first_closed_folder};
use super::error::PostgresError;

/// Where clusters go whose data folder the server's user cannot reach.
const OPEN_PLACE: &str = "/var/lib/punctual";

/// The folder, taken for this process until it is dropped.
#[derive(Debug)]
pub(super) struct Home {
    /// Holds `cluster/`, `run/`, `password` and `lock`; open to the server's user alone.
    pub folder: PathBuf,
    /// What the server writes, beside our other data.
    pub log: PathBuf,
    /// The user to run as, when we are root.
    pub account: Option<Account>,
    _lock: File,
}

impl Home {
    /// Finds or makes the folder and locks it.
    pub fn take(config: &PostgresConfig) -> Result<Self, PostgresError> {
        let data_dir = make_data_dir(&config.data_dir)?;
        let (folder, account) = locate(&data_dir, config.account.as_deref())?;
        make_private(&folder, account.as_ref())?;
        let lock = lock(&folder)?;
        Ok(Self {
            folder,
            log: data_dir.join("postgres.log"),
            account,
            _lock: lock,
        })
    }

    /// Makes a folder inside that only the server's user may enter.
    pub fn make_inside(&self, name: &str) -> Result<PathBuf, PostgresError> {
        let folder = self.folder.join(name);
        make_private(&folder, self.account.as_ref())?;
        Ok(folder)
    }

    /// Writes a file inside that only the server's user (and root) may read.
    pub fn write_inside(&self, name: &str, text: &str) -> Result<PathBuf, PostgresError> {
        let path = self.folder.join(name);
        let partial = self.folder.join(format!("{name}.new"));
        let doing = |error: std::io::Error| PostgresError::file(&path, "write it", &error);
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&partial)
            .map_err(doing)?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(doing)?;
        if let Some(account) = &self.account {
            lchown(&partial, Some(account.uid), Some(account.gid)).map_err(doing)?;
        }
        fs::rename(&partial, &path).map_err(doing)?;
        Ok(path)
    }
}

/// Twelve hex digits that stand for a path.
pub(super) fn short_hash(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let digest = Sha256::digest(path.as_os_str().as_bytes());
    digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn make_data_dir(data_dir: &Path) -> Result<PathBuf, PostgresError> {
    fs::create_dir_all(data_dir)
        .map_err(|error| PostgresError::file(data_dir, "make the folder", &error))?;
    fs::canonicalize(data_dir).map_err(|error| PostgresError::file(data_dir, "enter it", &error))
}

/// Decides where the folder is and who owns it: `postgres/` in the data folder; or, when we are
/// root and the server's user cannot get there (a closed home such as /root), a folder under
/// /var/lib/punctual, which a file in the data folder then points to.
fn locate(
    data_dir: &Path,
    wanted: Option<&str>,
) -> Result<(PathBuf, Option<Account>), PostgresError> {
    let inside = data_dir.join("postgres");
    let pointer = data_dir.join("postgres.location");
    let elsewhere = fs::read_to_string(&pointer)
        .ok()
        .map(|text| PathBuf::from(text.trim()));
    let folder = elsewhere.clone().unwrap_or_else(|| inside.clone());
    let owner = fs::metadata(&folder).ok().map(|meta| meta.uid());
    let Some(account) = account::choose(wanted, owner)? else {
        return match owner {
            Some(uid) if uid != account::own_uid() => Err(PostgresError::folder(
                &folder,
                format!(
                    "belongs to user {uid}, not to the user that runs Punctual ({}). Start it as \
                     that user or as root, or choose another PUNCTUAL_DATA_DIR",
                    account::own_uid()
                ),
            )),
            _ => Ok((folder, None)),
        };
    };
    let Some(closed) = first_closed_folder(&folder, &account) else {
        return Ok((folder, Some(account)));
    };
    if elsewhere.is_some() || owner.is_some() {
        return Err(PostgresError::folder(
            &folder,
            format!(
                "the user {} may not pass {}",
                account.name,
                closed.display()
            ),
        ));
    }
    let open_place = Path::new(OPEN_PLACE);
    if let Some(closed) = first_closed_folder(&open_place.join("any"), &account) {
        return Err(PostgresError::folder(
            open_place,
            format!(
                "the user {} may not pass {}",
                account.name,
                closed.display()
            ),
        ));
    }
    // Who removes the data folder wants to begin anew, so the name is never one that was used
    // before for the same path.
    let mut tag = [0_u8; 4];
    getrandom::fill(&mut tag).expect("the operating system gives random bytes");
    let fresh = open_place.join(format!(
        "{}-{:08x}",
        short_hash(data_dir),
        u32::from_le_bytes(tag)
    ));
    fs::create_dir_all(open_place)
        .map_err(|error| PostgresError::file(open_place, "make the folder", &error))?;
    fs::write(&pointer, format!("{}\n", fresh.display()))
        .map_err(|error| PostgresError::file(&pointer, "write it", &error))?;
    tracing::warn!(
        postgres.folder = %fresh.display(),
        "the database goes to {}, since the user {} may not pass {}",
        fresh.display(), account.name, closed.display()
    );
    Ok((fresh, Some(account)))
}

/// Makes a folder that only one user may enter, or checks the one that is there.
fn make_private(folder: &Path, account: Option<&Account>) -> Result<(), PostgresError> {
    let made = DirBuilder::new().mode(0o700).create(folder);
    let meta = match made {
        Ok(()) => fs::metadata(folder),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => fs::metadata(folder),
        Err(error) => return Err(PostgresError::file(folder, "make the folder", &error)),
    }
    .map_err(|error| PostgresError::file(folder, "look at it", &error))?;
    if !meta.is_dir() {
        return Err(PostgresError::folder(
            folder,
            "is a file, but must be a folder",
        ));
    }
    match account {
        Some(account) if meta.uid() != account.uid => give_to(folder, account)
            .map_err(|error| PostgresError::file(folder, "give it to another user", &error)),
        _ => Ok(()),
    }
}

/// Hands a folder and all in it to a user.
fn give_to(path: &Path, account: &Account) -> std::io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        for entry in fs::read_dir(path)? {
            give_to(&entry?.path(), account)?;
        }
    }
    lchown(path, Some(account.uid), Some(account.gid))
}

/// How often a lock that is held is tried again, and after what time.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(25);

/// Tries to lock a file. One that was just let go may still be held for an instant by a process that is
/// being started: until its own program runs, it holds all that we had open.
fn try_for_a_moment(file: &File) -> Result<(), TryLockError> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN),
            done => return done,
        }
    }
    file.try_lock()
}

/// Takes the lock, and leaves our process id in the file for whoever comes second.
fn lock(folder: &Path) -> Result<File, PostgresError> {
    let path = folder.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(|error| PostgresError::file(&path, "open the lock file", &error))?;
    match try_for_a_moment(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let holder = file
                .read_to_string(&mut holder)
                .ok()
                .and(holder.trim().parse().ok());
            return Err(PostgresError::Busy {
                path: folder.to_owned(),
                holder,
            });
        }
        Err(TryLockError::Error(error)) => {
            return Err(PostgresError::file(&path, "lock it", &error));
        }
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(|error| PostgresError::file(&path, "write the lock file", &error))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_lock_names_the_first() {
        let folder = std::env::temp_dir().join(format!("punctual-lock-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let first = lock(&folder).expect("free");
        let second = lock(&folder);
        drop(first);
        fs::remove_dir_all(&folder).expect("removed");
        match second {
            Err(PostgresError::Busy { holder, .. }) => assert_eq!(holder, Some(std::process::id())),
            other => panic!("not busy: {other:?}"),
        }
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_named() {
        let path = std::env::temp_dir().join(format!("punctual-file-{}", std::process::id()));
        fs::write(&path, "not a folder").expect("written");
        let text = make_private(&path, None).expect_err("a file").to_string();
        fs::remove_file(&path).expect("removed");
        assert!(text.contains("is a file"), "{text}");
    }
}
