//! The settlement domain: what a bank statement or a provider's report says once it is read, and
//! what explains its lines.
//!
//! [`ParsedFile`] is the normalised content of one file. It is what `punctual settlement parse`
//! prints and what the browser shows as a preview before an import. Amounts in it are decimal texts
//! in major units, signed from the account owner's side: money that comes in is positive.
//!
//! An [`ImportView`] is what is kept of a file, an [`ItemRow`] one of its lines. A [`MatchRule`]
//! says what a line was explained by, an [`OpenReason`] why it is not. A [`ReconciliationSummary`]
//! is all of it in figures, and a [`PaymentSettlement`] the way of one payment.

mod formats;
mod imports;
mod items;
mod matches;
mod parsed;
mod summary;
mod way;

pub use formats::{FileFormat, FormatChoice};
pub use imports::{ImportStatus, ImportSummary, ImportView};
pub use items::{ItemFilter, ItemPayment, ItemRow, ItemSource, ItemStatus, NoteView, OpenReason};
pub use matches::{MatchRule, PayoutStatus, PayoutView};
pub use parsed::{
    EntryStatus, LineKind, ParsedDetail, ParsedFile, ParsedLine, ParsedStatement, ParsedTransaction,
};
pub use summary::{AgeBand, Ageing, BankProof, ReconciliationSummary};
pub use way::{PaymentSettlement, SettledBankLine, SettledGatewayLine};
