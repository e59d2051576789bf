//! What keeps a private server from running, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private server does not run.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// No usable programs on this machine.
    #[error(
        "no Postgres programs (15 or newer) found; looked in {searched}. Install the package \
         `postgresql`, or name the folder of `postgres` and `initdb` in PUNCTUAL_PG_BIN, or name \
         a database of your own in DATABASE_URL"
    )]
    NoPrograms {
        /// The places that were searched, for people.
        searched: String,
    },
    /// The folder cannot hold a cluster.
    #[error("{}: {why}", path.display())]
    Folder {
        /// The folder or file at fault.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// Another Punctual has the folder.
    #[error("{} is in use by another Punctual{}. Stop that one, or give this one a \
             PUNCTUAL_DATA_DIR of its own", path.display(), holder.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Busy {
        /// The folder.
        path: PathBuf,
        /// The process that holds it, if it wrote its id.
        holder: Option<u32>,
    },
    /// The data belong to another major version than the programs.
    #[error(
        "{} was made by Postgres {cluster}, and the programs here are {found}. Install Postgres \
         {cluster}, or dump the data with it and restore them into a new folder; Punctual does \
         not upgrade a cluster by itself", path.display()
    )]
    Version {
        /// The cluster.
        path: PathBuf,
        /// The major version that made it.
        cluster: u32,
        /// The versions that are to be had.
        found: String,
    },
    /// There is no user to run the server as.
    #[error("Postgres does not run as root, and {0}")]
    Account(String),
    /// One of the programs failed.
    #[error("{program} failed: {summary}{}", quoted(tail))]
    Program {
        /// `initdb` or `postgres`.
        program: &'static str,
        /// One line: how it ended, or what it most probably means.
        summary: String,
        /// The last lines that it wrote.
        tail: String,
    },
    /// The server runs but does not let us in.
    #[error("the private database does not answer: {0}")]
    Database(#[from] sqlx::Error),
}

impl PostgresError {
    /// Explains a failed file operation.
    pub(super) fn file(path: &Path, doing: &str, error: &io::Error) -> Self {
        let why = match error.kind() {
            io::ErrorKind::PermissionDenied => {
                format!(
                    "no permission to {doing}; give this user the folder, or choose another PUNCTUAL_DATA_DIR"
                )
            }
            io::ErrorKind::ReadOnlyFilesystem => {
                format!(
                    "cannot {doing}: the file system is read-only; choose another PUNCTUAL_DATA_DIR"
                )
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                format!("cannot {doing}: the disk is full")
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                format!("cannot {doing}: there is a file where a folder must be")
            }
            _ => format!("cannot {doing}: {error}"),
        };
        Self::Folder {
            path: path.to_owned(),
            why,
        }
    }

    pub(super) fn folder(path: &Path, why: impl Into<String>) -> Self {
        Self::Folder {
            path: path.to_owned(),
            why: why.into(),
        }
    }

    /// A program's failure, with the commonest causes named before its own words.
    pub(super) fn program(program: &'static str, status: &str, output: &str) -> Self {
        let summary = if output.contains("No space left on device") {
            "the disk is full".to_owned()
        } else if output.contains("Read-only file system") {
            "the file system is read-only".to_owned()
        } else if output.contains("could not map anonymous shared memory")
            || output.contains("could not create shared memory segment")
        {
            "there is not enough memory".to_owned()
        } else {
            status.to_owned()
        };
        Self::Program {
            program,
            summary,
            tail: last_lines(output, 12),
        }
    }
}

/// The last lines of a text.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

fn quoted(tail: &str) -> String {
    if tail.is_empty() {
        String::new()
    } else {
        format!(". Its last words:\n{tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_before_the_programs_own_words() {
        let error = PostgresError::program(
            "initdb",
            "exit status: 1",
            "creating files ... \ninitdb: error: could not write: No space left on device\n",
        );
        let text = error.to_string();
        assert!(
            text.starts_with("initdb failed: the disk is full. Its last words:"),
            "{text}"
        );
    }

    #[test]
    fn file_errors_say_what_to_do() {
        let path = Path::new("/data/postgres");
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        let text = PostgresError::file(path, "make the folder", &denied).to_string();
        assert!(
            text.contains("/data/postgres: no permission to make the folder"),
            "{text}"
        );
        let read_only = io::Error::from(io::ErrorKind::ReadOnlyFilesystem);
        assert!(
            PostgresError::file(path, "write", &read_only)
                .to_string()
                .contains("read-only")
        );
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(
            PostgresError::file(path, "write", &full)
                .to_string()
                .contains("disk is full")
        );
    }

    #[test]
    fn only_the_last_lines_are_quoted() {
        let text: String = (0..40).map(|n| format!("line {n}\n")).collect();
        assert_eq!(last_lines(&text, 2), "line 38\nline 39");
    }
}
