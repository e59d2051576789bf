//! The user that the server runs as. Postgres refuses root, so a Punctual that runs as root hands
//! the cluster to an unprivileged user.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::PostgresError;

/// An unprivileged user, taken on because we are root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
}

impl Account {
    /// Makes a command run as this user with no other groups.
    pub fn apply(&self, command: &mut Command) {
        use std::os::unix::process::CommandExt;
        command.gid(self.gid).uid(self.uid);
    }
}

/// The effective user id of this process.
pub(super) fn own_uid() -> u32 {
    // SAFETY: takes nothing, touches no memory, cannot fail.
    #[allow(unsafe_code)]
    unsafe {
        libc::geteuid()
    }
}

/// The user to hand the cluster to, or nothing when we are not root ourselves. A cluster that
/// exists already stays with its owner.
pub(super) fn choose(
    wanted: Option<&str>,
    owner_of_existing: Option<u32>,
) -> Result<Option<Account>, PostgresError> {
    if own_uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    choose_among(&users, wanted, owner_of_existing).map(Some)
}

fn choose_among(
    users: &str,
    wanted: Option<&str>,
    owner_of_existing: Option<u32>,
) -> Result<Account, PostgresError> {
    if let Some(uid) = owner_of_existing.filter(|uid| *uid != 0) {
        return parse(users).find(|account| account.uid == uid).map_or_else(
            || {
                Ok(Account {
                    name: format!("user {uid}"),
                    uid,
                    gid: uid,
                })
            },
            Ok,
        );
    }
    let names = wanted.map_or_else(|| vec!["postgres", "nobody"], |name| vec![name]);
    names
        .iter()
        .find_map(|name| parse(users).find(|account| account.name == *name && account.uid != 0))
        .ok_or_else(|| {
            PostgresError::Account(format!(
                "there is no user {} to run it as",
                names.join(" or ")
            ))
        })
}

fn parse(users: &str) -> impl Iterator<Item = Account> + '_ {
    users.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { name, uid, gid })
    })
}

/// The first folder on the way to `path` that the user may not pass, if any.
pub(super) fn first_closed_folder(path: &Path, account: &Account) -> Option<PathBuf> {
    let mut folders: Vec<&Path> = path.ancestors().skip(1).collect();
    folders.reverse();
    folders
        .into_iter()
        .find(|folder| {
            fs::metadata(folder).is_ok_and(|meta| {
                !may_pass(
                    meta.mode(),
                    meta.uid(),
                    meta.gid(),
                    account.uid,
                    account.gid,
                )
            })
        })
        .map(Path::to_owned)
}

/// Whether the permission bits of a folder let a user through. Only the first class that fits
/// counts, as in the kernel.
const fn may_pass(mode: u32, owner: u32, group: u32, uid: u32, gid: u32) -> bool {
    let bit = if owner == uid {
        0o100
    } else if group == gid {
        0o010
    } else {
        0o001
    };
    mode & bit != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n\
                         postgres:x:104:110:Postgres,,,:/var/lib/postgresql:/bin/bash\n\
                         damaged line\nanna:x:1000:1000::/home/anna:/bin/bash\n";

    #[test]
    fn postgres_comes_before_nobody_and_a_wish_before_both() {
        assert_eq!(
            choose_among(USERS, None, None).expect("found").name,
            "postgres"
        );
        let without = USERS.replace("postgres:", "pg:");
        assert_eq!(
            choose_among(&without, None, None).expect("found").name,
            "nobody"
        );
        assert_eq!(
            choose_among(USERS, Some("anna"), None).expect("found").uid,
            1000
        );
        let text = choose_among(USERS, Some("bert"), None)
            .expect_err("no such user")
            .to_string();
        assert!(text.contains("no user bert"), "{text}");
        assert!(choose_among(USERS, Some("root"), None).is_err());
    }

    #[test]
    fn an_existing_cluster_stays_with_its_owner() {
        assert_eq!(
            choose_among(USERS, None, Some(1000)).expect("found").name,
            "anna"
        );
        assert_eq!(
            choose_among(USERS, None, Some(4711)).expect("found").uid,
            4711
        );
        assert_eq!(
            choose_among(USERS, None, Some(0)).expect("found").name,
            "postgres"
        );
    }

    #[test]
    fn only_the_first_class_that_fits_counts() {
        assert!(may_pass(0o755, 0, 0, 104, 110));
        assert!(!may_pass(0o700, 0, 0, 104, 110));
        assert!(may_pass(0o700, 104, 0, 104, 110));
        assert!(
            !may_pass(0o701, 0, 110, 104, 110),
            "the group's bits count for a member"
        );
        assert!(may_pass(0o710, 0, 110, 104, 110));
    }
}
