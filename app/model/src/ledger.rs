//! Requests and views of the ledger domain. Debit is positive and credit is negative throughout;
//! [`AccountKind::natural`] turns an amount round for accounts that normally stand in credit.
//! The ledger's days are days of UTC.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::{AccountId, EntryId};
use crate::money::{Currency, Money};
use crate::time::Stamp;

words!(
    /// What an account is, which is the first segment of its path.
    AccountKind {
        /// What we have.
        Assets = "assets",
        /// What we owe.
        Liabilities = "liabilities",
        /// What belongs to the owners, and clearing between currencies.
        Equity = "equity",
        /// What we earned.
        Income = "income",
        /// What we spent.
        Expenses = "expenses",
        /// What nobody could explain yet.
        Suspense = "suspense",
        /// What is only noted, such as money that is held but not taken.
        Memo = "memo",
    }
);

words!(
    /// The two sides of an account.
    Side {
        /// Left: positive amounts.
        Debit = "debit",
        /// Right: negative amounts.
        Credit = "credit",
    }
);

impl AccountKind {
    /// The first segment of a path of this kind.
    pub const fn segment(self) -> &'static str {
        match self {
            AccountKind::Assets => "Assets",
            AccountKind::Liabilities => "Liabilities",
            AccountKind::Equity => "Equity",
            AccountKind::Income => "Income",
            AccountKind::Expenses => "Expenses",
            AccountKind::Suspense => "Suspense",
            AccountKind::Memo => "Memo",
        }
    }

    /// The side on which such an account normally stands. Suspense counts as owed until explained.
    pub const fn normal_side(self) -> Side {
        match self {
            AccountKind::Assets | AccountKind::Expenses | AccountKind::Memo => Side::Debit,
            AccountKind::Liabilities
            | AccountKind::Equity
            | AccountKind::Income
            | AccountKind::Suspense => Side::Credit,
        }
    }

    /// An amount as people read it on such an account: positive on its normal side.
    pub const fn natural(self, amount: Money) -> Money {
        match self.normal_side() {
            Side::Debit => amount,
            Side::Credit => amount.negated(),
        }
    }
}

/// Why a text is no path of an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountPathError {
    /// The first segment is none of the seven kinds.
    #[error(
        "“{0}” is no account: it must begin with Assets, Liabilities, Equity, Income, Expenses, Suspense or Memo"
    )]
    Kind(String),
    /// A segment is missing, empty, or has other characters than letters, digits and hyphens.
    #[error(
        "“{0}” is no account: write two or more segments of letters, digits and hyphens, with colons between"
    )]
    Segment(String),
    /// More than [`AccountPath::MAX_LENGTH`] characters.
    #[error("“{0}…” is too long for an account")]
    TooLong(String),
}

/// The path of an account, for example `Assets:PSP:stripe:Pending`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountPath(String);

impl AccountPath {
    /// The longest path, in characters.
    pub const MAX_LENGTH: usize = 200;

    /// Reads a path.
    ///
    /// # Errors
    /// [`AccountPathError`] when it does not begin with a kind, has an empty or odd segment, has no
    /// second segment, or is too long.
    pub fn parse(text: &str) -> Result<Self, AccountPathError> {
        if text.len() > Self::MAX_LENGTH {
            return Err(AccountPathError::TooLong(text.chars().take(40).collect()));
        }
        let (first, rest) = text.split_once(':').unwrap_or((text, ""));
        if !AccountKind::ALL.iter().any(|kind| kind.segment() == first) {
            return Err(AccountPathError::Kind(text.to_owned()));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !rest
            .split(':')
            .all(|segment| !segment.is_empty() && segment.chars().all(plain))
        {
            return Err(AccountPathError::Segment(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the account is.
    pub fn kind(&self) -> AccountKind {
        let first = self.0.split(':').next().unwrap_or_default();
        AccountKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.segment() == first)
            .expect("a path is only made after its first segment was found among the kinds")
    }
}

impl std::fmt::Display for AccountPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for AccountPath {
    type Err = AccountPathError;
    fn from_str(text: &str) -> Result<Self, AccountPathError> {
        Self::parse(text)
    }
}

impl Serialize for AccountPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AccountPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// One node of the tree of accounts. Nodes between accounts exist only as sums of what is below.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountNode {
    /// The account's id; nothing for a node that only gathers others.
    pub id: Option<AccountId>,
    /// The whole path, for example `Assets:PSP`.
    pub path: String,
    /// The last segment, for example `PSP`.
    pub name: String,
    /// What it is.
    pub kind: AccountKind,
    /// One balance for each currency, debit positive, with everything below included; sorted by
    /// currency. A balance of zero is listed where there were lines.
    pub balances: Vec<Money>,
    /// The nodes below, sorted by path.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub children: Vec<AccountNode>,
}

/// One line of an entry.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    /// Which account.
    pub account_id: AccountId,
    /// Its path.
    pub account: String,
    /// The amount, debit positive.
    pub amount: Money,
}

impl LineView {
    /// The amount for the debit column, if it stands there.
    pub fn debit(&self) -> Option<Money> {
        (self.amount.minor > 0).then_some(self.amount)
    }

    /// The amount for the credit column as a positive number, if it stands there.
    pub fn credit(&self) -> Option<Money> {
        (self.amount.minor < 0).then(|| self.amount.negated())
    }
}

/// One entry with its lines.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    /// Id.
    pub id: EntryId,
    /// Its place in the books. Numbers rise but may have gaps.
    pub seq: i64,
    /// The business event, for example `payment:<id>:captured`.
    pub source: String,
    /// Which posting rule, for example `captured`.
    pub kind: String,
    /// One sentence.
    pub text: String,
    /// When it happened.
    pub occurred_at: Stamp,
    /// When it was written down.
    pub posted_at: Stamp,
    /// The entry that this one takes back.
    pub reverses: Option<EntryId>,
    /// The entry that takes this one back.
    pub reversed_by: Option<EntryId>,
    /// SHA-256 of its content in hex.
    pub content_hash: String,
    /// The number of the seal that covers it; nothing until the next sealing.
    pub seal: Option<i64>,
    /// Its lines in the order of posting.
    pub lines: Vec<LineView>,
}

/// Which entries to list, newest first.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EntryFilter {
    /// Only entries that touch this account or one below it.
    pub account: Option<String>,
    /// Only entries whose source begins like this.
    pub source: Option<String>,
    /// Only entries of this posting rule.
    pub kind: Option<String>,
    /// Only what happened on this day or later.
    pub from: Option<NaiveDate>,
    /// Only what happened on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<i64>,
}

/// Which part of an account's statement to show, newest first.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatementFilter {
    /// Which account.
    pub account: String,
    /// Which currency; the first one by code when left out.
    pub currency: Option<Currency>,
    /// Only what happened on this day or later.
    pub from: Option<NaiveDate>,
    /// Only what happened on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// How many, 1 to 200; 50 when left out.
    pub limit: Option<i64>,
}

/// One line of an account's statement.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementLine {
    /// The entry.
    pub entry_id: EntryId,
    /// The entry's place in the books.
    pub seq: i64,
    /// Which line of the entry, from 0.
    pub ordinal: i16,
    /// The business event.
    pub source: String,
    /// Which posting rule.
    pub kind: String,
    /// One sentence.
    pub text: String,
    /// When it happened.
    pub occurred_at: Stamp,
    /// What it changed, debit positive.
    pub amount: Money,
    /// The account's balance after this line in the order of posting, debit positive. It counts all
    /// lines before, also those that the filter leaves out.
    pub balance: Money,
}

/// A page of an account's statement.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementPage {
    /// Which account.
    pub account_id: AccountId,
    /// Its path.
    pub account: String,
    /// What it is.
    pub kind: AccountKind,
    /// Which currency this page is in.
    pub currency: Currency,
    /// Every currency that the account has lines in, sorted.
    pub currencies: Vec<Currency>,
    /// The present balance, debit positive.
    pub balance: Money,
    /// The lines.
    pub items: Vec<StatementLine>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

/// One account in a trial balance.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrialBalanceRow {
    /// Which account.
    pub account_id: AccountId,
    /// Its path.
    pub account: String,
    /// What it is.
    pub kind: AccountKind,
    /// The balance if it stands on the debit side, else zero.
    pub debit: Money,
    /// The balance if it stands on the credit side, as a positive number, else zero.
    pub credit: Money,
}

/// A currency's part of a trial balance.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrialBalanceCurrency {
    /// Which currency.
    pub currency: Currency,
    /// The accounts that do not stand at zero, sorted by path.
    pub rows: Vec<TrialBalanceRow>,
    /// The sum of the debit column.
    pub debit: Money,
    /// The sum of the credit column; the same as `debit`, or the books are broken.
    pub credit: Money,
}

/// All balances at the end of a day.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrialBalance {
    /// The last day that counts; nothing when everything counts.
    pub as_of: Option<NaiveDate>,
    /// One part for each currency, sorted by code.
    pub currencies: Vec<TrialBalanceCurrency>,
}

/// The end of the chain of seals: who keeps it elsewhere can later prove that nothing before it was
/// changed.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SealHead {
    /// The number of the last seal.
    pub no: i64,
    /// The last entry that it covers.
    pub last_seq: i64,
    /// Its hash in hex.
    pub hash: String,
    /// When it was made.
    pub sealed_at: Stamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_its_kind() {
        let path = AccountPath::parse("Assets:PSP:stripe:Pending").expect("a good path");
        assert_eq!(path.kind(), AccountKind::Assets);
        assert_eq!(path.as_str(), "Assets:PSP:stripe:Pending");
    }

    #[test]
    fn odd_paths_are_refused() {
        for odd in [
            "",
            "Assets",
            "Assets:",
            "assets:Bank",
            "Bank:A",
            "Assets::A",
            "Assets:a b",
            "Income:ü",
            "Memo:A;B",
        ] {
            assert!(AccountPath::parse(odd).is_err(), "{odd} went through");
        }
        assert!(AccountPath::parse(&format!("Assets:{}", "x".repeat(200))).is_err());
    }

    #[test]
    fn natural_amounts_are_positive_on_the_normal_side() {
        let credit = Money::new(-500, Currency::EUR);
        assert_eq!(AccountKind::Income.natural(credit).minor, 500);
        assert_eq!(AccountKind::Assets.natural(credit).minor, -500);
    }
}
