//! Where in a JSON text something stands, so that a refusal can name the field. It runs only when
//! something was refused, and reads any text without failing.

/// One value of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Value {
    /// Its path, for example `punches[2].at`.
    path: String,
    /// Where its key begins, or the value itself if it has none; then again where a list or an object
    /// ends.
    offset: usize,
    is_end: bool,
}

/// What a walk is inside of.
enum Inside {
    Object { path: String },
    Array { path: String, number: usize },
}

/// All values that can be told apart, in the order of the text. It stops where the text is no JSON.
fn values(text: &str) -> Vec<Value> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut inside: Vec<Inside> = Vec::new();
    // A key whose value has not come yet, with its offset.
    let mut key: Option<(String, usize)> = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b':' => at += 1,
            b',' => {
                if let Some(Inside::Array { number, .. }) = inside.last_mut() {
                    *number += 1;
                }
                key = None;
                at += 1;
            }
            b'}' | b']' => {
                // What is missing from a list or an object is noticed at its end.
                if let Some(Inside::Object { path } | Inside::Array { path, .. }) = inside.pop() {
                    found.push(Value {
                        path,
                        offset: at,
                        is_end: true,
                    });
                }
                key = None;
                at += 1;
            }
            b'"' if key.is_none() && matches!(inside.last(), Some(Inside::Object { .. })) => {
                let end = end_of_string(bytes, at);
                let name = text.get(at + 1..end.saturating_sub(1)).unwrap_or_default();
                key = Some((name.to_owned(), at));
                // A key that is not known has no value that is read, but it has a place.
                found.push(here(&inside, &key, at));
                at = end;
            }
            _ => {
                let value = here(&inside, &key, at);
                let path = value.path.clone();
                if key.is_none() {
                    found.push(value);
                }
                at = match byte {
                    b'{' => {
                        inside.push(Inside::Object { path });
                        at + 1
                    }
                    b'[' => {
                        inside.push(Inside::Array { path, number: 0 });
                        at + 1
                    }
                    b'"' => end_of_string(bytes, at),
                    _ => end_of_word(bytes, at),
                };
                key = None;
            }
        }
    }
    found
}

fn here(inside: &[Inside], key: &Option<(String, usize)>, at: usize) -> Value {
    let path = match (inside.last(), key) {
        (Some(Inside::Object { path }), Some((name, _))) if path.is_empty() => name.clone(),
        (Some(Inside::Object { path }), Some((name, _))) => format!("{path}.{name}"),
        (Some(Inside::Object { path }), None) => path.clone(),
        (Some(Inside::Array { path, number }), _) => format!("{path}[{number}]"),
        (None, _) => String::new(),
    };
    let offset = key.as_ref().map_or(at, |(_, offset)| *offset);
    Value {
        path,
        offset,
        is_end: false,
    }
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn end_of_word(bytes: &[u8], start: usize) -> usize {
    let is_over = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
    let rest = bytes.get(start + 1..).unwrap_or_default();
    let more = rest.iter().position(is_over).unwrap_or(rest.len());
    start + 1 + more
}

/// The path of the value at a line and column, both counted from one; empty for the whole. What is
/// wrong with a list or an object as a whole is noticed at its end, and `of_whole` says so.
pub(super) fn path_at(text: &str, line: usize, column: usize, of_whole: bool) -> String {
    let lines = text.split_inclusive('\n');
    let before: usize = lines.take(line.saturating_sub(1)).map(str::len).sum();
    // serde_json names the last byte that it has read.
    let offset = before + column.max(1) - 1;
    let values = values(text).into_iter();
    let until = values.take_while(|value| value.offset <= offset);
    let last = until.filter(|value| of_whole || !value.is_end).last();
    last.map_or_else(String::new, |value| value.path)
}

/// The line and column of a path, or of the nearest place above it that the text has.
pub(super) fn locate(text: &str, path: &str) -> (usize, usize) {
    let values = values(text);
    let mut wanted = path;
    let offset = loop {
        if let Some(value) = values.iter().find(|value| value.path == wanted) {
            break value.offset;
        }
        match wanted.rfind(['.', '[']) {
            Some(cut) => wanted = &wanted[..cut],
            None => break 0,
        }
    };
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count();
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    (line + 1, offset - start + 1)
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
