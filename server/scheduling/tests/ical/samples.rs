//! Where other people's files lie, if they are here.

use std::path::PathBuf;

/// A folder of samples; `None`, with a notice, where they are absent.
pub fn folder(name: &str) -> Option<PathBuf> {
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = std::env::var_os("PUNCTUAL_SAMPLES")
        .map_or_else(|| workspace.join("../shared/samples"), PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no samples at {}", folder.display());
    None
}

/// The text of a sample file.
pub fn text(path: &std::path::Path) -> String {
    let bytes = std::fs::read(path).expect("a readable sample");
    scheduling::ical::decode(&bytes).into_owned()
}
