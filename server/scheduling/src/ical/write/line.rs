//! Content lines: escaped, folded, ended as RFC 5545 wants them.

/// The longest line in octets, its break not counted (RFC 5545, 3.1).
const OCTETS: usize = 75;

/// iCalendar text that grows line by line.
#[derive(Default)]
pub(super) struct Lines(String);

impl Lines {
    /// Adds one content line, folded where it is too long and never inside a character.
    pub(super) fn add(&mut self, line: &str) {
        let mut room = OCTETS;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = OCTETS - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// Adds a property whose value is text.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.add(&format!("{name}:{}", escaped(value)));
        }
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// A TEXT value (RFC 5545, 3.3.11). Control characters but line breaks are dropped: they are in no
/// text that a person wrote, and a bare carriage return would break the line.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A parameter value in quotes. It cannot hold quotes or breaks; RFC 6868 would encode them, which
/// too many programs show as they stand.
pub(super) fn quoted(text: &str) -> String {
    let clean = text
        .chars()
        .map(|c| if c == '"' { '\'' } else { c })
        .filter(|c| !c.is_control());
    format!("\"{}\"", clean.collect::<String>())
}

/// A value that is copied as it is, such as a UID: whatever could end the line is dropped.
pub(super) fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut lines = Lines::default();
        lines.text("SUMMARY", &"Größe ".repeat(40));
        let text = lines.finish();
        assert!(
            text.split("\r\n").all(|line| line.len() <= OCTETS),
            "{text}"
        );
        assert_eq!(
            text.replace("\r\n ", ""),
            format!("SUMMARY:{}\r\n", "Größe ".repeat(40))
        );
    }

    #[test]
    fn text_cannot_break_out_of_its_line() {
        assert_eq!(
            escaped("a;b,c\\d\r\nEND:VEVENT\r\u{7}"),
            "a\\;b\\,c\\\\d\\nEND:VEVENT\\n"
        );
        assert_eq!(quoted("A \"B\"\r\nX:y"), "\"A 'B'X:y\"");
        assert_eq!(bare("a b\r\nc"), "abc");
    }
}
