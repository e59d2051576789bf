//! Content lines: unfolded, with the number of the line on which each begins.

use std::borrow::Cow;

use crate::ical::limits;

/// One unfolded content line.
pub(super) struct Line<'a> {
    /// Where it begins, counted from 1.
    pub number: u32,
    /// The line without its breaks; `None` when it is longer than allowed.
    pub text: Option<Cow<'a, str>>,
}

/// Splits a text into content lines. A line that begins with a space or tab continues the one
/// before it (RFC 5545, 3.1), even across empty lines, which some programs scatter. A file of old
/// Mac line ends alone is split at those.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let ending = if text.contains('\n') { '\n' } else { '\r' };
    let physical = (1u32..).zip(text.split(ending));
    let mut physical = physical
        .filter(|(_, line)| !line.trim_end_matches('\r').is_empty())
        .peekable();
    std::iter::from_fn(move || {
        let (number, first) = physical.next()?;
        let mut whole = Cow::Borrowed(first.trim_end_matches('\r'));
        let mut too_long = whole.len() > limits::LINE_BYTES;
        while let Some((_, next)) = physical.next_if(|(_, next)| next.starts_with([' ', '\t'])) {
            let more = next[1..].trim_end_matches('\r');
            too_long = too_long || whole.len() + more.len() > limits::LINE_BYTES;
            if !too_long {
                whole.to_mut().push_str(more);
            }
        }
        let text = (!too_long).then_some(whole);
        Some(Line { number, text })
    })
}

/// The name of a content line: what stands before its parameters or its value.
pub(super) fn name(line: &str) -> Option<&str> {
    let end = line.find([':', ';'])?;
    let name = line[..end].trim();
    (!name.is_empty()).then_some(name)
}

/// The raw value of a content line: what stands after the first colon outside of quotes.
pub(super) fn value(line: &str) -> Option<&str> {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ':' if !quoted => return Some(line[at + 1..].trim()),
            _ => {}
        }
    }
    // An odd quote hides every colon; the first one is then the best guess.
    line.split_once(':').map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_are_one_and_keep_their_number() {
        let text = "A:1\r\nB\r\n\r\n :2\r\n 3\r\n\t4\r\n\r\nC:5";
        let all: Vec<(u32, String)> = lines(text)
            .map(|line| (line.number, line.text.unwrap_or_default().into_owned()))
            .collect();
        let expected = [(1, "A:1"), (2, "B:234"), (8, "C:5")];
        assert_eq!(all, expected.map(|(n, t)| (n, t.to_owned())));
    }

    #[test]
    fn the_value_begins_after_a_colon_outside_of_quotes() {
        assert_eq!(value("X;TZID=\"a:b\":c"), Some("c"));
        assert_eq!(value("RRULE;X=T:FREQ=DAILY"), Some("FREQ=DAILY"));
        assert_eq!(name("dtstart;TZID=x:1"), Some("dtstart"));
        assert_eq!(name("nothing here"), None);
    }
}
