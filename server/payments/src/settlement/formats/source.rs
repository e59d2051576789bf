//! The way from bytes to text: encodings, line numbers, and a guard for memory.

use std::io::{self, BufRead, Chain, Cursor, Read};

use super::super::parsed::FormatError;
use super::MAX_ITEM_BYTES;
use super::amount::quote;

/// How much is read ahead to learn encoding and layout.
const SAMPLE_BYTES: usize = 4096;

/// A file ready to be read.
pub(super) struct Opened<'r> {
    /// The beginning as text, for the sniffer; a broken last character is left out.
    pub sample: String,
    /// The whole file from its first byte, in UTF-8 without a byte order mark.
    pub source: Source<'r>,
}

/// Reads the beginning and settles the encoding.
///
/// # Errors
/// An unreadable file, an empty one, or an encoding that we do not know.
pub(super) fn open(reader: &mut dyn BufRead) -> Result<Opened<'_>, FormatError> {
    let mut prefix = Vec::with_capacity(SAMPLE_BYTES);
    Read::take(&mut *reader, SAMPLE_BYTES as u64)
        .read_to_end(&mut prefix)
        .map_err(|e| FormatError::of_file(format!("the file cannot be read: {e}")))?;
    let (mark, encoding) = detect(&prefix)?;
    prefix.drain(..mark);
    let mut decoder = Decoder::new(encoding);
    let mut sample = Vec::new();
    match encoding {
        Encoding::Utf8 => sample.extend_from_slice(&prefix),
        // A cut in the middle of a character is no fault of the sample.
        _ => decoder.feed(&prefix, &mut sample).unwrap_or(()),
    }
    let valid = std::str::from_utf8(&sample).map_or_else(|e| e.valid_up_to(), str::len);
    sample.truncate(valid);
    let sample = String::from_utf8(sample).unwrap_or_default();
    if sample.trim().is_empty() && prefix.len() < SAMPLE_BYTES && valid == prefix.len() {
        return Err(FormatError::of_file("the file is empty"));
    }
    let whole = Cursor::new(prefix).chain(reader);
    let input = match encoding {
        Encoding::Utf8 => Input::Plain(whole),
        _ => Input::Coded(Box::new(Transcoder {
            inner: whole,
            decoder: Decoder::new(encoding),
            out: Vec::new(),
            at: 0,
        })),
    };
    Ok(Opened {
        sample,
        source: Source {
            input,
            line: 1,
            since_mark: 0,
            within_line: false,
        },
    })
}

/// How the bytes stand for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Latin1,
    Latin9,
    Windows1252,
}

/// The length of the byte order mark and the encoding.
fn detect(bytes: &[u8]) -> Result<(usize, Encoding), FormatError> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => return Ok((3, Encoding::Utf8)),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            return Err(FormatError::of_file("the encoding UTF-32 is not supported"));
        }
        [0xFF, 0xFE, ..] => return Ok((2, Encoding::Utf16Le)),
        [0xFE, 0xFF, ..] => return Ok((2, Encoding::Utf16Be)),
        [b'<', 0, b'?', 0, ..] => return Ok((0, Encoding::Utf16Le)),
        [0, b'<', 0, b'?', ..] => return Ok((0, Encoding::Utf16Be)),
        _ => {}
    }
    let Some(declared) = declared_encoding(bytes) else {
        return Ok((0, Encoding::Utf8));
    };
    let encoding = match declared.to_ascii_lowercase().as_str() {
        // Some programs declare UTF-16 and write UTF-8. The bytes are in no doubt: the
        // declaration itself was readable one byte a letter.
        "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" => Encoding::Utf8,
        "iso-8859-1" | "latin1" | "latin-1" => Encoding::Latin1,
        "iso-8859-15" | "latin9" | "latin-9" => Encoding::Latin9,
        "windows-1252" | "cp1252" => Encoding::Windows1252,
        _ => {
            let name = quote(&declared);
            let message = format!("the encoding {name} is not supported; save the file as UTF-8");
            return Err(FormatError::new(1, "", message));
        }
    };
    Ok((0, encoding))
}

/// The encoding that an XML declaration names.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(256)];
    let start = head.iter().position(|b| !b.is_ascii_whitespace())?;
    let head = &head[start..];
    if !head.starts_with(b"<?xml") {
        return None;
    }
    let end = head.windows(2).position(|w| w == b"?>")?;
    let declaration = String::from_utf8_lossy(&head[..end]).into_owned();
    let (_, after) = declaration.split_once("encoding")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    after[1..]
        .split_once(quote)
        .map(|(name, _)| name.trim().to_owned())
}

/// Turns other encodings into UTF-8, a piece at a time.
struct Decoder {
    encoding: Encoding,
    /// The first byte of a cut UTF-16 unit.
    byte: Option<u8>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
}

impl Decoder {
    fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            byte: None,
            high: None,
        }
    }

    fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
        if !matches!(self.encoding, Encoding::Utf16Le | Encoding::Utf16Be) {
            for byte in bytes {
                push(out, single(self.encoding, *byte));
            }
            return Ok(());
        }
        for byte in bytes {
            let Some(first) = self.byte.take() else {
                self.byte = Some(*byte);
                continue;
            };
            let unit = match self.encoding {
                Encoding::Utf16Le => u16::from_le_bytes([first, *byte]),
                _ => u16::from_be_bytes([first, *byte]),
            };
            self.unit(unit, out)?;
        }
        Ok(())
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) -> Result<(), &'static str> {
        const BROKEN: &str = "the file is not valid UTF-16";
        match (self.high.take(), unit) {
            (None, 0xD800..=0xDBFF) => self.high = Some(unit),
            (Some(high), 0xDC00..=0xDFFF) => {
                let code =
                    0x10000 + ((u32::from(high) - 0xD800) << 10) + (u32::from(unit) - 0xDC00);
                push(out, char::from_u32(code).ok_or(BROKEN)?);
            }
            (None, _) => push(out, char::from_u32(u32::from(unit)).ok_or(BROKEN)?),
            (Some(_), _) => return Err(BROKEN),
        }
        Ok(())
    }

    fn finish(&self) -> Result<(), &'static str> {
        match (self.byte, self.high) {
            (None, None) => Ok(()),
            _ => Err("the file ends within a character"),
        }
    }
}

fn push(out: &mut Vec<u8>, character: char) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// The character of one byte in the eight-bit encodings.
fn single(encoding: Encoding, byte: u8) -> char {
    /// 0x80 to 0x9F of Windows-1252; the five unassigned ones stay control characters.
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match (encoding, byte) {
        (Encoding::Windows1252, 0x80..=0x9F) => WINDOWS[usize::from(byte - 0x80)],
        (Encoding::Latin9, 0xA4) => '€',
        (Encoding::Latin9, 0xA6) => 'Š',
        (Encoding::Latin9, 0xA8) => 'š',
        (Encoding::Latin9, 0xB4) => 'Ž',
        (Encoding::Latin9, 0xB8) => 'ž',
        (Encoding::Latin9, 0xBC) => 'Œ',
        (Encoding::Latin9, 0xBD) => 'œ',
        (Encoding::Latin9, 0xBE) => 'Ÿ',
        _ => char::from(byte),
    }
}

type Whole<'r> = Chain<Cursor<Vec<u8>>, &'r mut dyn BufRead>;

enum Input<'r> {
    Plain(Whole<'r>),
    Coded(Box<Transcoder<'r>>),
}

struct Transcoder<'r> {
    inner: Whole<'r>,
    decoder: Decoder,
    out: Vec<u8>,
    at: usize,
}

impl Transcoder<'_> {
    fn fill(&mut self) -> io::Result<&[u8]> {
        let invalid = |what: &'static str| io::Error::new(io::ErrorKind::InvalidData, what);
        while self.at == self.out.len() {
            self.out.clear();
            self.at = 0;
            let bytes = self.inner.fill_buf()?;
            let length = bytes.len().min(64 * 1024);
            if length == 0 {
                self.decoder.finish().map_err(invalid)?;
                break;
            }
            self.decoder
                .feed(&bytes[..length], &mut self.out)
                .map_err(invalid)?;
            self.inner.consume(length);
        }
        Ok(&self.out[self.at..])
    }
}

/// The text of a file as UTF-8 bytes. It counts lines, and it stops whoever takes too much
/// without coming to an end.
pub(super) struct Source<'r> {
    input: Input<'r>,
    line: u64,
    since_mark: usize,
    /// Whether what was read as a plain stream ends in the middle of a line.
    within_line: bool,
}

impl Source<'_> {
    /// Says that an item begins here, and on which line that is.
    pub fn mark(&mut self) -> u64 {
        self.since_mark = 0;
        self.line
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since_mark > MAX_ITEM_BYTES {
            let message = format!("more than {MAX_ITEM_BYTES} bytes in one piece");
            return Err(io::Error::other(message));
        }
        match &mut self.input {
            Input::Plain(reader) => reader.fill_buf(),
            Input::Coded(coder) => coder.fill(),
        }
    }

    fn consume(&mut self, amount: usize) {
        // The bytes are in the buffer still, so this asks nothing of the file.
        let taken = match &mut self.input {
            Input::Plain(reader) => reader.fill_buf().unwrap_or_default(),
            Input::Coded(coder) => &coder.out[coder.at..],
        };
        let taken = &taken[..amount.min(taken.len())];
        self.line += taken.iter().filter(|b| **b == b'\n').count() as u64;
        self.since_mark += amount;
        match &mut self.input {
            Input::Plain(reader) => reader.consume(amount),
            Input::Coded(coder) => coder.at = (coder.at + amount).min(coder.out.len()),
        }
    }
}

impl Read for Source<'_> {
    /// As the file, but a missing line end at its end is made good: a reader of tables then ends
    /// every row with a line and can count them.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(out.len());
        out[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        if let Some(last) = out[..length].last() {
            self.within_line = *last != b'\n';
        } else if let (true, Some(first)) = (self.within_line, out.first_mut()) {
            *first = b'\n';
            self.within_line = false;
            return Ok(1);
        }
        Ok(length)
    }
}
