//! What is hashed, byte for byte. Every field is written as its length and its text, so that no two
//! different entries share one canonical text. The layout is part of the books: to change it, add a
//! second version beside this one and never touch the first.

use chrono::{DateTime, Utc};
use model::ids::Id;
use model::{AccountId, EntryId, Money};
use sha2::{Digest, Sha256};

/// A SHA-256.
pub(crate) type Hash = [u8; 32];

/// What the chain begins with.
pub(crate) const GENESIS: Hash = [0; 32];

/// An account's id is made from its path, so that posting needs no look-up and two processes that
/// use an account for the first time agree on its id.
pub(crate) fn account_id(path: &str) -> AccountId {
    let digest = Sha256::new()
        .chain_update("punctual account\n")
        .chain_update(path)
        .finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    AccountId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// The parts of an entry that its hash covers, lines apart.
#[derive(Clone, Copy)]
pub(crate) struct Header<'a> {
    pub id: EntryId,
    pub source: &'a str,
    pub kind: &'a str,
    pub text: &'a str,
    pub occurred_at: DateTime<Utc>,
    pub posted_at: DateTime<Utc>,
    pub reverses: Option<EntryId>,
}

/// The hash of an entry: its header, then its lines in order.
pub(crate) fn entry_hash<'a>(
    header: Header<'_>,
    lines: impl IntoIterator<Item = (&'a str, Money)>,
) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"punctual entry 1\n");
    field(&mut hasher, "id", &header.id.to_string());
    field(&mut hasher, "source", header.source);
    field(&mut hasher, "kind", header.kind);
    field(&mut hasher, "text", header.text);
    field(
        &mut hasher,
        "occurred",
        &header.occurred_at.timestamp_micros().to_string(),
    );
    field(
        &mut hasher,
        "posted",
        &header.posted_at.timestamp_micros().to_string(),
    );
    field(
        &mut hasher,
        "reverses",
        &header
            .reverses
            .map_or_else(String::new, |id| id.to_string()),
    );
    for (account, money) in lines {
        field(&mut hasher, "account", account);
        field(&mut hasher, "minor", &money.minor.to_string());
        field(&mut hasher, "currency", money.currency.code());
    }
    hasher.finalize().into()
}

fn field(hasher: &mut Sha256, name: &str, value: &str) {
    hasher.update(name);
    hasher.update(b" ");
    hasher.update(value.len().to_string());
    hasher.update(b" ");
    hasher.update(value);
    hasher.update(b"\n");
}

/// Calculates the hash of one seal while its entries pass by.
pub(crate) struct SealHasher {
    inner: Sha256,
}

impl SealHasher {
    /// Begins seal number `no` after the one whose hash is `previous`.
    pub fn new(no: i64, previous: &[u8]) -> Self {
        let mut inner = Sha256::new();
        inner.update(b"punctual seal 1\n");
        inner.update(no.to_be_bytes());
        inner.update(previous);
        Self { inner }
    }

    /// Takes the next entry, by rising number.
    pub fn entry(&mut self, seq: i64, content_hash: &[u8]) {
        self.inner.update(seq.to_be_bytes());
        self.inner.update(content_hash);
    }

    /// The seal's hash.
    pub fn finish(self) -> Hash {
        self.inner.finalize().into()
    }
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a String takes all that is written to it");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Currency;

    fn header() -> Header<'static> {
        Header {
            id: EntryId::from_uuid(uuid::Uuid::nil()),
            source: "payment:1:captured",
            kind: "captured",
            text: "Captured",
            occurred_at: DateTime::UNIX_EPOCH,
            posted_at: DateTime::UNIX_EPOCH,
            reverses: None,
        }
    }

    /// Guards the layout: entries that are in somebody's books were hashed with it.
    #[test]
    fn the_layout_is_what_it_always_was() {
        let five = Money::new(500, Currency::EUR);
        let lines = [("Assets:A", five), ("Income:B", five.negated())];
        assert_eq!(
            hex(&entry_hash(header(), lines)),
            "b8e7bd06083b6af0fff74198b5f9aefc0e7d95fce48ba40ebefe8a2446456455"
        );
        assert_eq!(
            account_id("Assets:PSP:stripe:Pending").to_string(),
            "458673aa-aadc-8b11-8d06-3819bf150e5d"
        );
    }

    #[test]
    fn moving_a_letter_between_fields_changes_the_hash() {
        let lines = || [("Assets:A", Money::new(1, Currency::EUR))];
        let one = entry_hash(
            Header {
                kind: "ab",
                text: "c",
                ..header()
            },
            lines(),
        );
        let two = entry_hash(
            Header {
                kind: "a",
                text: "bc",
                ..header()
            },
            lines(),
        );
        assert_ne!(one, two);
    }
}
