//! Words and tones of settlement, and sums for people.

use chrono::NaiveDate;
use model::Money;
use model::settlement::{
    FileFormat, ImportStatus, ImportView, ItemRow, ItemSource, ItemStatus, LineKind,
};

use crate::ui::Tone;

/// An import's state.
pub const fn import_status(status: ImportStatus) -> (Tone, &'static str) {
    match status {
        ImportStatus::Received => (Tone::Info, "Waiting"),
        ImportStatus::Parsing => (Tone::Info, "Reading"),
        ImportStatus::Matching => (Tone::Info, "Matching"),
        ImportStatus::Done => (Tone::Positive, "Done"),
        ImportStatus::Refused => (Tone::Negative, "Refused"),
    }
}

/// The layout of a file: the exact message where the file tells it.
pub fn format_of(import: &ImportView) -> String {
    if let Some(version) = &import.version {
        return version.clone();
    }
    let words = match import.format {
        Some(FileFormat::Camt) => "ISO 20022 statement",
        Some(FileFormat::Mt940) => "SWIFT MT940",
        Some(FileFormat::Bai2) => "BAI2",
        Some(FileFormat::Stripe) => "Stripe report",
        Some(FileFormat::Paypal) => "PayPal report",
        Some(FileFormat::Adyen) => "Adyen report",
        None => "–",
    };
    words.to_owned()
}

/// A line's state.
pub const fn item_status(status: ItemStatus) -> (Tone, &'static str) {
    match status {
        ItemStatus::Open => (Tone::Caution, "Open"),
        ItemStatus::Matched => (Tone::Positive, "Matched"),
        ItemStatus::Ignored => (Tone::Neutral, "Set aside"),
    }
}

/// Where a line comes from.
pub const fn source(source: ItemSource) -> &'static str {
    match source {
        ItemSource::Gateway => "Gateway",
        ItemSource::Bank => "Bank",
    }
}

/// What a line is about.
pub const fn kind(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Entry => "Bank line",
        LineKind::Capture => "Payment",
        LineKind::Refund => "Refund",
        LineKind::Fee => "Fee",
        LineKind::Dispute => "Dispute",
        LineKind::Payout => "Payout",
        LineKind::Adjustment => "Adjustment",
        LineKind::Fx => "Conversion",
        LineKind::Hold => "Hold",
        LineKind::Release => "Release",
        LineKind::Other => "Other",
    }
}

/// What a person would call a line: the other side, else its text, else a reference.
pub fn name_of(item: &ItemRow) -> String {
    [&item.counterparty, &item.text, &item.reference]
        .into_iter()
        .flatten()
        .find(|text| !text.trim().is_empty())
        .cloned()
        .unwrap_or_else(|| kind(item.kind).to_owned())
}

/// Why a line is open, or by what it was matched.
pub fn reason_of(item: &ItemRow) -> String {
    let words = match item.status {
        ItemStatus::Matched => item.rule.map(|rule| rule.label()),
        _ => item.reason.map(|reason| reason.label()),
    };
    words.map_or_else(String::new, upper_first)
}

/// With a capital letter in front.
pub fn upper_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// `23 Nov 2026`, or a dash.
pub fn day(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "–".to_owned(), |day| day.format("%-d %b %Y").to_string())
}

/// Amounts in one line: `12.00 EUR and 3.00 USD`.
pub fn amounts(sums: &[Money]) -> String {
    let words: Vec<String> = sums.iter().map(|money| money.display()).collect();
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// One sum for each currency, sorted by code.
pub fn sums(amounts: impl IntoIterator<Item = Money>) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for money in amounts {
        match sums.iter_mut().find(|sum| sum.currency == money.currency) {
            Some(sum) => sum.minor = sum.minor.saturating_add(money.minor),
            None => sums.push(money),
        }
    }
    sums.sort_by_key(|sum| sum.currency);
    sums
}

/// What became of an upload that was not taken, by the code in the address. Never the text of the
/// address itself: anyone can write that.
pub fn upload_problem(code: &str) -> &'static str {
    match code {
        "forbidden" => {
            "Your roles do not allow bringing in files. An administrator can change them."
        }
        "too_large" => {
            "The file is larger than Punctual takes. Split the period and export it again."
        }
        "invalid" | "no_file" | "empty" => {
            "There was no file in it, or the file was empty. Choose a file with content."
        }
        "unauthenticated" => "You were signed out meanwhile. Sign in and try again.",
        _ => "The file did not arrive whole. Nothing was kept; try again.",
    }
}

#[cfg(test)]
mod tests {
    use model::Currency;

    use super::*;

    #[test]
    fn amounts_are_summed_by_currency() {
        let eur = |minor| Money::new(minor, Currency::EUR);
        let sums = sums([eur(1_00), Money::new(5, Currency::USD), eur(2_00)]);
        assert_eq!(sums, [eur(3_00), Money::new(5, Currency::USD)]);
        assert_eq!(amounts(&sums), "3.00\u{a0}EUR and 0.05\u{a0}USD");
        assert_eq!(amounts(&[]), "nothing");
    }

    #[test]
    fn the_address_cannot_put_words_on_the_page() {
        assert!(!upload_problem("call 555 now").contains("555"));
    }
}
