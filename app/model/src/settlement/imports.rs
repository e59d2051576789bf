//! Imported files, and how far they have come.

use serde::{Deserialize, Serialize};

use super::FileFormat;
use crate::ids::ImportId;
use crate::time::Stamp;

words! {
    /// How far an imported file has come.
    ImportStatus {
        /// Stored; not read yet.
        Received = "received",
        /// Being read. Nothing of it counts yet.
        Parsing = "parsing",
        /// Its lines are in; they are being held against what is expected.
        Matching = "matching",
        /// Read and matched as far as that goes.
        Done = "done",
        /// Not taken: damaged, or a control total does not hold. Nothing of it counts.
        Refused = "refused",
    }
}

/// An imported file and how far it has come.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// The import.
    pub id: ImportId,
    /// The file's name as it was given.
    pub name: String,
    /// The layout, once it is known.
    pub format: Option<FileFormat>,
    /// The message and its version, for example `camt.053.001.08`.
    pub version: Option<String>,
    /// How far it has come.
    pub status: ImportStatus,
    /// Lines read so far, whether or not they are new.
    pub lines_seen: i64,
    /// Bytes read so far.
    pub bytes_done: i64,
    /// Bytes of the file.
    pub bytes_total: i64,
    /// Lines that were new.
    pub lines: i64,
    /// Lines that an earlier file had brought.
    pub repeated: i64,
    /// How many of the new lines are matched by now.
    pub matched: i64,
    /// How many of the new lines are open.
    pub open: i64,
    /// Why it was refused: one line that names the place.
    pub error: Option<String>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// How many statements the file has.
    pub statements: i32,
    /// When it came.
    pub received_at: Stamp,
    /// When it was done or refused.
    pub finished_at: Option<Stamp>,
    /// Who brought it, by name.
    pub by: String,
}

/// What an import did, or would do.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportSummary {
    /// The import; absent on a dry run.
    pub import: Option<ImportId>,
    /// The file's name.
    pub name: String,
    /// Whether nothing was kept.
    pub dry_run: bool,
    /// Whether these bytes had been imported before; then this is what the first import did.
    pub known: bool,
    /// `done`, or `refused` with `error`.
    pub status: ImportStatus,
    /// The layout, if it was read.
    pub format: Option<FileFormat>,
    /// How many statements the file has.
    pub statements: i32,
    /// Lines that were new.
    pub lines: i64,
    /// Lines that an earlier file had brought.
    pub repeated: i64,
    /// New lines that are matched.
    pub matched: i64,
    /// New lines that are open.
    pub open: i64,
    /// Why it was refused.
    pub error: Option<String>,
    /// What a person should know.
    pub warnings: Vec<String>,
}
