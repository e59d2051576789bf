//! What could not be read, with its line.

use super::limits;

/// One thing in a file that could not be read as meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The line, counted from 1.
    pub line: u32,
    /// One sentence for a person.
    pub text: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

/// A bounded list of warnings: a hostile file can be wrong a million times.
#[derive(Clone, Debug, Default)]
pub(super) struct Warnings {
    kept: Vec<Warning>,
    dropped: usize,
}

impl Warnings {
    pub(super) fn add(&mut self, line: u32, text: impl Into<String>) {
        if self.kept.len() < limits::WARNINGS {
            let text = text.into();
            self.kept.push(Warning { line, text });
        } else {
            self.dropped += 1;
        }
    }

    pub(super) fn list(&self) -> &[Warning] {
        &self.kept
    }

    /// As sentences, in the order of the lines.
    pub(super) fn sentences(mut self) -> Vec<String> {
        self.kept.sort_by_key(|warning| warning.line);
        let mut all: Vec<String> = self.kept.iter().map(Warning::to_string).collect();
        if self.dropped > 0 {
            all.push(format!("{} more warnings are left out.", self.dropped));
        }
        all
    }
}

/// Text of a file as it may stand in a message: short and on one line.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(60)
        .collect::<String>();
    if text.chars().count() > 60 {
        short.push('…');
    }
    format!("“{}”", short.trim())
}
