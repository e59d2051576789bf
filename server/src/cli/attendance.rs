//! `punctual attendance`: the rules of attendance without a database, for checking what they make
//! of a case.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Subcommand;
use model::attendance::case::{Case, to_json};

/// A case is of one person and some days; a year of one has less than a tenth of this.
const MOST_BYTES: usize = 16 * 1024 * 1024;

#[derive(Subcommand)]
pub enum Verb {
    /// Print the days that follow from the punches and shifts of a case.
    ///
    /// The case is JSON: zone, policy, schedule, holidays and punches of one person. Exit code 1
    /// if it is refused, with the place and the reason.
    Derive {
        /// The file; `-` is standard input.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
}

pub fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Derive { file } => derive(&file),
    }
}

fn derive(path: &Path) -> anyhow::Result<ExitCode> {
    let name = if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    let bytes = read(path).with_context(|| format!("cannot read {name}"))?;
    let text = text_of(&bytes).with_context(|| name.clone())?;
    let case = Case::from_json(text).with_context(|| name)?;
    print(&to_json(&case.derive()))?;
    Ok(ExitCode::SUCCESS)
}

fn text_of(bytes: &[u8]) -> anyhow::Result<&str> {
    if bytes.len() > MOST_BYTES {
        bail!("the case is larger than the {MOST_BYTES} bytes allowed");
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| anyhow!("byte {}: the text is not UTF-8", error.valid_up_to() + 1))?;
    // Some editors begin a file with a mark.
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The bytes of a file, or of standard input; of one that is too large, a little more than is
/// allowed.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let most = MOST_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Prints a text and ends its line. A reader that has seen enough, such as `head`, is no fault.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_before_the_text_is_no_part_of_it() {
        assert_eq!(text_of(b"\xef\xbb\xbf{}").expect("a text"), "{}");
        let refused = text_of(b"{\"zone\":\"\xff\"}").expect_err("not UTF-8");
        assert_eq!(refused.to_string(), "byte 10: the text is not UTF-8");
    }

    #[test]
    fn a_refusal_is_one_line() {
        let refused = Case::from_json("{\"zone\":\n\"Mars/Olympus\"}").expect_err("no such zone");
        let told = format!(
            "{:#}",
            anyhow::Error::new(refused).context("standard input")
        );
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(
            told.starts_with("standard input: line 2, column "),
            "{told}"
        );
    }
}
