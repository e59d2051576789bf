//! Bytes of a device as text: lines, fields, and pieces that may be kept.

use std::borrow::Cow;

/// The longest line that is read, in bytes. A punch is below 400 with a place; what is longer holds
/// a template or a photograph.
pub(super) const LINE_BYTES: usize = 4_096;
/// The most of a line that is kept beside what was read from it, in characters.
const KEPT: usize = 1_024;

/// A line with its number, counted from 1 over all lines, empty ones too.
#[derive(Clone, Copy)]
pub(super) struct RawLine<'a> {
    pub number: usize,
    pub bytes: &'a [u8],
}

/// The lines of a body that hold anything. GB2312 never uses the bytes of a line end or a tab as a
/// second byte, so they can be cut before decoding.
pub(super) fn lines(body: &[u8]) -> impl Iterator<Item = RawLine<'_>> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    (1..)
        .zip(body.split(|byte| *byte == b'\n'))
        .map(|(number, bytes)| RawLine { number, bytes })
        .filter(|line| {
            line.bytes
                .iter()
                .any(|b| !b.is_ascii_whitespace() && *b != 0)
        })
}

/// Text from bytes: UTF-8, and what is not becomes a replacement mark. Pins and times are ASCII in
/// every encoding that devices use; only names suffer.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// What is kept of a line for people to look at: no control characters but tabs, and not endless.
pub(super) fn kept(bytes: &[u8]) -> String {
    // Four bytes make at most one character, so nothing that is kept is cut off here.
    let start = &bytes[..bytes.len().min(KEPT * 4)];
    let text = decode(start);
    let text = text.trim_end_matches(['\r', '\n']);
    text.chars().take(KEPT).map(shown).collect()
}

/// A value as it may be stored: trimmed, without control characters, no longer than `limit`
/// characters. `None` when nothing is left.
pub(super) fn bounded(text: &str, limit: usize) -> Option<String> {
    let text: String = text.trim().chars().take(limit).map(shown).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn shown(c: char) -> char {
    if c.is_control() && c != '\t' {
        char::REPLACEMENT_CHARACTER
    } else {
        c
    }
}

/// The pairs of a record such as `PIN=3⇥Name=Ann`, in their order.
pub(super) fn pairs(record: &str) -> impl Iterator<Item = (&str, &str)> {
    record.split('\t').filter_map(|field| {
        let (name, value) = field.split_once('=')?;
        Some((name.trim(), value.trim()))
    })
}

/// The first value of that name, whatever its case.
pub(super) fn value_of<'a>(record: &'a str, wanted: &str) -> Option<&'a str> {
    pairs(record)
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value)
}

/// Undoes percent-encoding. A lone percent sign stays what it is.
pub(super) fn percent_decoded(text: &[u8], plus_is_space: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let pair = text
            .get(at + 1)
            .copied()
            .and_then(hex)
            .zip(text.get(at + 2).copied().and_then(hex));
        match (byte, pair) {
            (b'%', Some((high, low))) => {
                out.push(high << 4 | low);
                at += 2;
            }
            (b'+', _) if plus_is_space => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    out
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// Settings a device tells of itself, as `name=value` with commas or line ends between them.
pub(super) fn settings(body: &[u8]) -> Vec<(String, String)> {
    const MOST: usize = 300;
    let text = decode(body);
    text.split(['\n', ','])
        .filter_map(setting)
        .take(MOST)
        .collect()
}

/// One `name=value`. What looks like a secret is left out.
pub(super) fn setting(field: &str) -> Option<(String, String)> {
    const SECRET: [&str; 5] = ["pass", "pwd", "key", "secret", "token"];
    let (name, value) = field.split_once('=')?;
    let name = bounded(name.trim().trim_start_matches('~'), 64)?;
    let low = name.to_ascii_lowercase();
    let secret = SECRET.iter().any(|word| low.contains(word));
    (!secret).then(|| (name, bounded(value, 200).unwrap_or_default()))
}
