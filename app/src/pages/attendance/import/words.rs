//! What is said of files of punches.

use model::attendance::views::{ImportFate, ImportState, PunchColumn};

use crate::ui::Tone;

/// How far a file is.
pub const fn state(state: ImportState) -> (Tone, &'static str) {
    match state {
        ImportState::Kept => (Tone::Info, "To be looked at"),
        ImportState::Waiting => (Tone::Info, "Is taken in"),
        ImportState::Done => (Tone::Positive, "Taken in"),
        ImportState::Refused => (Tone::Negative, "Refused"),
    }
}

/// What becomes of a line.
pub const fn fate(fate: ImportFate) -> (Tone, &'static str) {
    match fate {
        ImportFate::New => (Tone::Positive, "New"),
        ImportFate::Repeated => (Tone::Neutral, "Kept already"),
        ImportFate::Unmatched => (Tone::Caution, "Badge is nobody’s"),
        ImportFate::LeftOut => (Tone::Negative, "Left out"),
    }
}

/// What a column is.
pub const fn column(column: PunchColumn) -> &'static str {
    match column {
        PunchColumn::DateTime => "Date and time",
        PunchColumn::Date => "Date",
        PunchColumn::Time => "Time of day",
        PunchColumn::Badge => "Badge",
        PunchColumn::EmployeeNumber => "Employee number",
        PunchColumn::Email => "E-mail address",
        PunchColumn::Direction => "In or out",
        PunchColumn::Zone => "Time zone",
        PunchColumn::Device => "Reader",
    }
}

/// Why a file was not taken, by the word in the address.
pub fn upload_problem(code: &str) -> &'static str {
    match code {
        "forbidden" => {
            "Your roles do not allow bringing in punches. An administrator can change them."
        }
        "too_large" => {
            "The file has more than 16 MB or 200,000 lines. Export a shorter time, and import one after the other."
        }
        "workbook" => "This is a workbook. Save it as CSV and choose that file.",
        "unreadable" => "The file has no lines below a header. Export it with its header.",
        "no_file" => "There was no file in it. Choose one first.",
        "unauthenticated" => "You were signed out meanwhile. Sign in and try again.",
        _ => "The file did not arrive whole. Nothing was kept; try again.",
    }
}

/// A size in bytes: `840 KB`.
pub fn size(bytes: i64) -> String {
    match bytes {
        0..=1_023 => format!("{bytes} bytes"),
        1_024..=1_048_575 => format!("{} KB", bytes / 1_024),
        _ => format!(
            "{}.{} MB",
            bytes / 1_048_576,
            bytes % 1_048_576 * 10 / 1_048_576
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(12), "12 bytes");
        assert_eq!(size(860_160), "840 KB");
        assert_eq!(size(3_670_016), "3.5 MB");
    }

    #[test]
    fn a_word_that_is_none_says_nothing_of_itself() {
        assert!(!upload_problem("call 555 now").contains("555"));
    }
}
