//! Money: a whole number of minor units of one currency. Never a float, never without a currency.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A currency of ISO 4217, held as its three letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, examples("EUR")))]
pub struct Currency([u8; 3]);

/// Why a text is no amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The three letters are not in ISO 4217.
    #[error("“{0}” is not an ISO 4217 currency code")]
    Currency(String),
    /// Not a plain decimal number.
    #[error("“{0}” is not an amount: write digits with a point, as in 12.50")]
    Syntax(String),
    /// More decimals than the currency has.
    #[error("{currency} has {exponent} decimals, and “{text}” has more")]
    TooPrecise {
        /// The currency.
        currency: Currency,
        /// How many decimals it has.
        exponent: u32,
        /// The text as it was given.
        text: String,
    },
    /// Beyond what a 64-bit count of minor units holds.
    #[error("the amount is too large")]
    TooLarge,
    /// Two currencies in one sum.
    #[error("cannot add {0} and {1}")]
    Mixed(Currency, Currency),
}

impl Currency {
    /// Euro.
    pub const EUR: Currency = Currency(*b"EUR");
    /// US dollar.
    pub const USD: Currency = Currency(*b"USD");
    /// Pound sterling.
    pub const GBP: Currency = Currency(*b"GBP");

    /// The three upper-case letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimals the minor unit has by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD.
    /// Currencies without a minor unit (gold, testing codes) count as 0.
    pub fn exponent(&self) -> u32 {
        iso_currency::Currency::from_code(self.code())
            .and_then(|c| c.exponent())
            .map_or(0, u32::from)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;
    /// Reads three letters of either case.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let upper = text.to_ascii_uppercase();
        let known = iso_currency::Currency::from_code(&upper).is_some();
        match (known, <[u8; 3]>::try_from(upper.as_bytes())) {
            (true, Ok(bytes)) => Ok(Currency(bytes)),
            _ => Err(MoneyError::Currency(text.to_owned())),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "sqlx")]
mod postgres {
    use super::Currency;
    use sqlx::encode::IsNull;
    use sqlx::error::BoxDynError;
    use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef, Postgres};

    impl sqlx::Type<Postgres> for Currency {
        fn type_info() -> PgTypeInfo {
            <str as sqlx::Type<Postgres>>::type_info()
        }
        fn compatible(ty: &PgTypeInfo) -> bool {
            <str as sqlx::Type<Postgres>>::compatible(ty)
        }
    }

    impl<'r> sqlx::Decode<'r, Postgres> for Currency {
        fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
            Ok(<&str as sqlx::Decode<Postgres>>::decode(value)?.parse()?)
        }
    }

    impl sqlx::Encode<'_, Postgres> for Currency {
        fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            <&str as sqlx::Encode<Postgres>>::encode(self.code(), buffer)
        }
    }
}

/// An amount of one currency in minor units (cents for EUR, yen for JPY). In JSON it is
/// `{"amount": "12.50", "currency": "EUR"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// The count of minor units; negative for money that goes the other way.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount from minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads a decimal text such as `12.5`, `-3` or `0.05`.
    ///
    /// # Errors
    /// [`MoneyError`] for anything but sign, digits and a point, for more decimals than the
    /// currency has, and for what 64 bits do not hold.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty()
            && digits.len() <= 28
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && digits.bytes().filter(|b| *b == b'.').count() <= 1
            && digits.bytes().any(|b| b.is_ascii_digit());
        if !plain {
            return Err(MoneyError::Syntax(text.to_owned()));
        }
        let value: Decimal = text
            .parse()
            .map_err(|_| MoneyError::Syntax(text.to_owned()))?;
        Self::from_decimal(value, currency)
    }

    /// Takes a decimal number of major units.
    ///
    /// # Errors
    /// As [`Money::parse`].
    pub fn from_decimal(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let exponent = currency.exponent();
        let value = value.normalize();
        if value.scale() > exponent {
            return Err(MoneyError::TooPrecise {
                currency,
                exponent,
                text: value.to_string(),
            });
        }
        let factor = Decimal::from(10_i64.pow(exponent));
        let minor = value.checked_mul(factor).ok_or(MoneyError::TooLarge)?;
        let minor = i64::try_from(minor).map_err(|_| MoneyError::TooLarge)?;
        Ok(Self::new(minor, currency))
    }

    /// The amount in major units, with exactly the currency's decimals.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// The plain decimal text that JSON and exports carry, for example `-1234.50`.
    pub fn amount_text(self) -> String {
        self.to_decimal().to_string()
    }

    /// The sum.
    ///
    /// # Errors
    /// Mixed currencies, or too large.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed(self.currency, other.currency));
        }
        let minor = self
            .minor
            .checked_add(other.minor)
            .ok_or(MoneyError::TooLarge)?;
        Ok(Money::new(minor, self.currency))
    }

    /// The difference.
    ///
    /// # Errors
    /// Mixed currencies, or too large.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.checked_add(other.negated())
    }

    /// The same amount the other way.
    #[must_use]
    pub const fn negated(self) -> Money {
        Money {
            minor: self.minor.saturating_neg(),
            currency: self.currency,
        }
    }

    /// For people: grouped digits, a real minus and the code, for example `−1,234.50 EUR`.
    pub fn display(self) -> String {
        let plain = Money::new(self.minor.saturating_abs(), self.currency).amount_text();
        let (whole, fraction) = plain
            .split_once('.')
            .map_or((plain.as_str(), ""), |(w, f)| (w, f));
        let mut grouped = String::with_capacity(plain.len() + plain.len() / 3 + 6);
        if self.minor < 0 {
            grouped.push('−');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if !fraction.is_empty() {
            grouped.push('.');
            grouped.push_str(fraction);
        }
        grouped.push('\u{a0}');
        grouped.push_str(self.currency.code());
        grouped
    }
}

impl fmt::Display for Money {
    /// The plain form of logs and errors: `12.50 EUR`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount_text(), self.currency)
    }
}

/// The form of [`Money`] in JSON.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(crate) struct Wire {
    /// A decimal number in major units, for example `12.50`.
    amount: String,
    /// ISO 4217 code.
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire {
            amount: self.amount_text(),
            currency: self.currency,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Money::parse(&wire.amount, wire.currency).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
mod schema {
    use utoipa::openapi::{RefOr, schema::Schema};

    impl utoipa::PartialSchema for super::Money {
        fn schema() -> RefOr<Schema> {
            <super::Wire as utoipa::PartialSchema>::schema()
        }
    }

    impl utoipa::ToSchema for super::Money {}
}
