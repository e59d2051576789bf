//! Which layout a file has, told by its first bytes.

use model::settlement::FileFormat;

use super::super::parsed::FormatError;
use super::stripe;

/// Finds out the layout.
///
/// # Errors
/// None of the known layouts.
pub(super) fn detect(sample: &str) -> Result<FileFormat, FormatError> {
    let start = sample.trim_start();
    let first = start.lines().next().unwrap_or("");
    let bare = first.trim_start_matches('"');
    if start.starts_with('<') {
        // Every XML is taken for camt; its reader says what else it is.
        return Ok(FileFormat::Camt);
    }
    if stripe::is_header(first) {
        return Ok(FileFormat::Stripe);
    }
    if first.contains("Merchant Account") && first.contains("Psp Reference") {
        return Ok(FileFormat::Adyen);
    }
    if ["RH,", "RH\"", "RH\t"]
        .iter()
        .any(|mark| bare.starts_with(mark))
    {
        return Ok(FileFormat::Paypal);
    }
    if start.starts_with("{1:") || start.starts_with(":20:") || sample.contains("\n:20:") {
        return Ok(FileFormat::Mt940);
    }
    if start.starts_with("01,") {
        return Ok(FileFormat::Bai2);
    }
    Err(FormatError::of_file(
        "the format is not known; camt statements and Stripe payout reports are read",
    ))
}
