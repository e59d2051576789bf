//! The memory that survives a restart: an append-only file of changed objects.
//!
//! One line is one transaction: `{"seq":n,"changes":[{"kind","id","object"},…]}`; `object` is
//! null where it was removed. The last mention of an id wins. A line cut short by a crash can
//! only be the last one and is as if it had never been.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One object as it is now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) object: Value,
}

/// What one request changed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// How many ids have been given out.
    pub(crate) seq: u64,
    pub(crate) changes: Vec<Change>,
}

/// The open file.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
}

impl Journal {
    /// Reads all whole lines of the file, oldest first; none when there is no file yet.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Entry>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).context("cannot open the sandbox journal"),
        };
        let mut reader = BufReader::new(file);
        let mut entries = Vec::new();
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            match serde_json::from_slice(&line) {
                Ok(entry) => entries.push(entry),
                Err(_) if reader.fill_buf()?.is_empty() => {
                    tracing::warn!(line = number, "the sandbox journal ends in a torn line");
                    break;
                }
                Err(error) => {
                    return Err(error).with_context(|| format!("sandbox journal, line {number}"));
                }
            }
        }
        Ok(entries)
    }

    /// Replaces the file by one line an object and opens it for more.
    pub(crate) fn compact(path: &Path, seq: u64, all: Vec<Change>) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).context("cannot make the folder of the sandbox journal")?;
        }
        let fresh: PathBuf = path.with_extension("new");
        let mut out = BufWriter::new(File::create(&fresh)?);
        for change in all {
            serde_json::to_writer(
                &mut out,
                &Entry {
                    seq,
                    changes: vec![change],
                },
            )?;
            out.write_all(b"\n")?;
        }
        out.into_inner()?.sync_all()?;
        fs::rename(&fresh, path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Self { file })
    }

    /// Appends one transaction with a single write.
    pub(crate) fn append(&mut self, entry: &Entry) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        self.file.write_all(&line)
    }
}
