//! Readers of settlement files: streaming, in constant memory, without a database.
//!
//! [`parse`] reads a file into a [`Sink`]; [`parse_to_json`] collects it into the value that
//! `punctual settlement parse` prints. Both take any reader; the layout is found out from the
//! content, never from a name.
//!
//! * [`source`]: encodings, line numbers and the guard against endless elements.
//! * [`sniff`]: which layout it is. [`amount`]: exact decimals. [`collect`]: the JSON sink.
//! * [`camt`]: ISO 20022 statements on [`xml`]. [`stripe`]: the itemised payout report.
//!
//! To add a layout: write a module with `parse(source, sink)`, teach [`sniff`] its first bytes,
//! add a line to the `match` in [`parse`], and a test file of your own making.
//!
//! Files may be damaged, huge or hostile. Every limit is a constant below; what exceeds one is an
//! error that names the line, never a panic and never a silent cut.

mod amount;
mod camt;
mod collect;
mod sniff;
mod source;
mod stripe;
mod xml;

use std::io::BufRead;

use model::settlement::{FileFormat, FormatChoice, ParsedFile};

pub use self::amount::amount_text;
pub use self::collect::Collector;
use super::parsed::{FormatError, Sink};

/// How deep XML elements may nest.
pub const MAX_DEPTH: usize = 64;
/// How many bytes the text of one element or one field of a table may have.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;
/// How many bytes a tag, a comment or a row may have. The guard works on whole buffers of the
/// reader, so it may let one buffer more pass.
pub const MAX_ITEM_BYTES: usize = 1024 * 1024;
/// How many lines a file may have.
pub const MAX_LINES: u64 = 2_000_000;
/// How many transactions one entry may have.
pub const MAX_DETAILS: usize = 100_000;
/// How many bytes of a file one entry may take with all its transactions: it is held in memory.
pub const MAX_ENTRY_BYTES: u64 = 128 * 1024 * 1024;
/// How many payouts a report is followed through to hold each against its rows.
pub const MAX_PAYOUTS: usize = 100_000;
/// How many columns a table may have.
pub const MAX_COLUMNS: usize = 256;
/// How many failed control totals a statement reports.
pub const MAX_FAULTS: usize = 100;
/// How many warnings [`Collector`] keeps.
pub const MAX_WARNINGS: usize = 1_000;

/// Reads a whole file into a sink.
///
/// # Errors
/// [`FormatError`] with the line for what cannot be read: another layout, damage, a cut-off end,
/// an exceeded limit; and whatever error the sink returns.
pub fn parse(
    reader: &mut dyn BufRead,
    choice: FormatChoice,
    sink: &mut dyn Sink,
) -> Result<FileFormat, FormatError> {
    let opened = source::open(reader)?;
    let format = match choice.format() {
        Some(format) => format,
        None => sniff::detect(&opened.sample)?,
    };
    match format {
        FileFormat::Camt => camt::parse(opened.source, sink)?,
        FileFormat::Stripe => stripe::parse(opened.source, sink)?,
        FileFormat::Mt940 | FileFormat::Bai2 | FileFormat::Paypal | FileFormat::Adyen => {
            return Err(FormatError::of_file(format!(
                "the format {format} is not supported yet; camt and stripe are"
            )));
        }
    }
    Ok(format)
}

/// Reads a whole file into memory, in the shape that is printed and shown.
///
/// # Errors
/// As [`parse`].
pub fn parse_to_json(
    mut reader: impl BufRead,
    choice: FormatChoice,
) -> Result<ParsedFile, FormatError> {
    let mut collector = Collector::default();
    let format = parse(&mut reader, choice, &mut collector)?;
    Ok(collector.finish(format))
}
