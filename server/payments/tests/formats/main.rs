//! The readers of settlement files: what they make of good files, and how they refuse bad ones.
//!
//! The fixtures are our own. `samples` reads public files from the folder that
//! `PUNCTUAL_SAMPLES` names, and says so when there is none.

mod camt;
mod hostile;
mod samples;
mod stripe;

use std::io::Cursor;

use model::settlement::{FormatChoice, ParsedFile};
use payments::settlement::formats;
use payments::settlement::parsed::{
    FileHead, FormatError, Line, Sink, StatementEnd, StatementHead, Warning,
};

/// The file as it is printed.
fn read(content: &str) -> ParsedFile {
    match try_read(content.as_bytes()) {
        Ok(file) => file,
        Err(error) => panic!("refused: {error}"),
    }
}

/// The message with which the file is refused.
fn refused(content: impl AsRef<[u8]>) -> String {
    match try_read(content.as_ref()) {
        Ok(file) => panic!("accepted: {file:?}"),
        Err(error) => error.to_string(),
    }
}

fn try_read(content: &[u8]) -> Result<ParsedFile, FormatError> {
    formats::parse_to_json(Cursor::new(content), FormatChoice::Auto)
}

/// Line number, amount and currency of every line, in order.
fn amounts(file: &ParsedFile) -> Vec<(u64, String, String)> {
    let lines = file
        .statements
        .iter()
        .flat_map(|statement| &statement.lines);
    lines
        .map(|l| (l.line, l.amount.clone(), l.currency.to_string()))
        .collect()
}

/// Keeps everything that a reader hands out.
#[derive(Default)]
struct Recorder {
    heads: Vec<FileHead>,
    begun: Vec<StatementHead>,
    lines: Vec<Line>,
    ends: Vec<StatementEnd>,
    warnings: Vec<String>,
}

impl Recorder {
    fn of(content: &str) -> Self {
        let mut recorder = Self::default();
        let mut reader = Cursor::new(content.as_bytes());
        formats::parse(&mut reader, FormatChoice::Auto, &mut recorder).expect("a readable file");
        recorder
    }
}

impl Sink for Recorder {
    fn file(&mut self, head: &FileHead) -> Result<(), FormatError> {
        self.heads.push(head.clone());
        Ok(())
    }

    fn statement(&mut self, head: &StatementHead) -> Result<(), FormatError> {
        assert_eq!(
            self.begun.len(),
            self.ends.len(),
            "a statement begins within another"
        );
        self.begun.push(head.clone());
        Ok(())
    }

    fn line(&mut self, line: Line) -> Result<(), FormatError> {
        assert_eq!(
            self.begun.len(),
            self.ends.len() + 1,
            "a line outside a statement"
        );
        self.lines.push(line);
        Ok(())
    }

    fn end(&mut self, end: StatementEnd) -> Result<(), FormatError> {
        self.ends.push(end);
        Ok(())
    }

    fn warning(&mut self, warning: Warning) -> Result<(), FormatError> {
        self.warnings.push(warning.to_string());
        Ok(())
    }
}
