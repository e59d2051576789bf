//! Orders and payments: requests, views, and the life of a payment as a table of legal moves.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{AttemptId, EntryId, OrderId, PaymentEventId, PaymentId};
use crate::money::{Currency, Money};
use crate::problem::{FieldError, Problem};
use crate::time::Stamp;

words!(
    /// When the money is taken once it is authorised.
    CaptureMode {
        /// At once.
        Automatic = "automatic",
        /// When somebody says so.
        Manual = "manual",
    }
);

words!(
    /// The states of an order.
    OrderStatus {
        /// Waiting for the customer.
        Open = "open",
        /// A payment covers it.
        Paid = "paid",
        /// Its time ran out before it was paid.
        Expired = "expired",
        /// Taken back before it was paid.
        Cancelled = "cancelled",
    }
);

words!(
    /// The states of a payment. `MOVES` has the legal ways between them.
    PaymentStatus {
        /// Saved; no gateway knows of it yet.
        Created = "created",
        /// The gateway has been asked and has not answered yet.
        Processing = "processing",
        /// The customer has to confirm with the bank.
        RequiresAction = "requires_action",
        /// The money is held, not taken.
        Authorised = "authorised",
        /// The money is taken.
        Captured = "captured",
        /// The money has reached our bank account and its line is matched.
        Settled = "settled",
        /// The bank or the gateway said no.
        Declined = "declined",
        /// The hold was released before capture.
        Voided = "voided",
        /// The hold ran out at the gateway.
        Expired = "expired",
        /// The gateway was asked and its answer never came; it is being asked again.
        Unknown = "unknown",
    }
);

impl PaymentStatus {
    /// Every legal move. Whatever is not here is refused, here and by a trigger in the database.
    pub const MOVES: &'static [(PaymentStatus, PaymentStatus)] = {
        use PaymentStatus::{
            Authorised, Captured, Created, Declined, Expired, Processing, RequiresAction, Settled,
            Unknown, Voided,
        };
        &[
            (Created, Processing),
            (Created, Voided),
            (Processing, RequiresAction),
            (Processing, Authorised),
            (Processing, Captured),
            (Processing, Declined),
            (Processing, Voided),
            (Processing, Unknown),
            (RequiresAction, Processing),
            (RequiresAction, Authorised),
            (RequiresAction, Captured),
            (RequiresAction, Declined),
            (RequiresAction, Voided),
            (RequiresAction, Unknown),
            (Authorised, Captured),
            (Authorised, Voided),
            (Authorised, Expired),
            (Authorised, Unknown),
            (Unknown, RequiresAction),
            (Unknown, Authorised),
            (Unknown, Captured),
            (Unknown, Declined),
            (Unknown, Voided),
            (Unknown, Expired),
            (Captured, Settled),
        ]
    };

    /// Whether the payment may go from here to `next`.
    pub fn may_become(self, next: PaymentStatus) -> bool {
        Self::MOVES.contains(&(self, next))
    }

    /// Whether this payment blocks another one for the same order.
    pub const fn is_live(self) -> bool {
        !matches!(self, Self::Declined | Self::Voided | Self::Expired)
    }

    /// Whether the customer's money is taken.
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Captured | Self::Settled)
    }

    /// Whether nothing will change by itself any more.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Declined | Self::Voided | Self::Expired | Self::Settled
        )
    }

    /// The word that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Processing => "Processing",
            Self::RequiresAction => "Needs confirmation",
            Self::Authorised => "Authorised",
            Self::Captured => "Captured",
            Self::Settled => "Settled",
            Self::Declined => "Declined",
            Self::Voided => "Voided",
            Self::Expired => "Expired",
            Self::Unknown => "Outcome unknown",
        }
    }
}

words!(
    /// Why a payment was declined, in our own short list. Adapters translate into it.
    DeclineCode {
        /// No reason was given.
        Generic = "generic",
        /// Not enough money on the account.
        InsufficientFunds = "insufficient_funds",
        /// The card is out of date.
        ExpiredCard = "expired_card",
        /// The security code is wrong.
        IncorrectCvc = "incorrect_cvc",
        /// The number is wrong.
        IncorrectNumber = "incorrect_number",
        /// The bank wants the customer to confirm and they did not.
        AuthenticationFailed = "authentication_failed",
        /// The card is reported lost or stolen; the customer is told nothing of it.
        LostOrStolen = "lost_or_stolen",
        /// The gateway refuses it as risky.
        Fraud = "fraud",
        /// The gateway failed to process it; the money was not taken.
        ProcessingError = "processing_error",
    }
);

impl DeclineCode {
    /// What the customer reads on the checkout page.
    pub const fn customer_message(self) -> &'static str {
        match self {
            Self::InsufficientFunds => {
                "There is not enough money on this card. Nothing was charged. Try another card."
            }
            Self::ExpiredCard => "This card has expired. Nothing was charged. Try another card.",
            Self::IncorrectCvc => {
                "The security code is not right. Nothing was charged. Check the three digits on the back and try again."
            }
            Self::IncorrectNumber => {
                "The card number is not right. Nothing was charged. Check it and try again."
            }
            Self::AuthenticationFailed => {
                "Your bank could not confirm that it was you. Nothing was charged. Try again or use another card."
            }
            Self::ProcessingError => {
                "The payment could not be processed. Nothing was charged. Try again in a moment."
            }
            Self::Generic | Self::LostOrStolen | Self::Fraud => {
                "Your bank declined this card. Nothing was charged. Try another card or ask your bank."
            }
        }
    }
}

/// Who is asked to pay.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// E-mail address for the receipt.
    pub email: String,
    /// The name on the receipt.
    pub name: String,
}

/// `POST /orders`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateOrder {
    /// The caller's own reference, at most 64 characters; unique among orders.
    pub reference: String,
    /// Decimal text in major units, for example `49.90`.
    pub amount: String,
    /// ISO 4217 code.
    pub currency: String,
    /// What is paid for, at most 500 characters.
    #[serde(default)]
    pub description: String,
    /// Who pays.
    pub customer: Customer,
    /// When the money is taken.
    #[serde(default = "automatic")]
    pub capture: CaptureMode,
    /// Until when it may be paid.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
}

const fn automatic() -> CaptureMode {
    CaptureMode::Automatic
}

/// Reads an amount of a request: positive, in a known currency, not more precise than it.
///
/// # Errors
/// One field error for each of `amount` and `currency` that is wrong.
pub fn parse_amount(amount: &str, currency: &str) -> Result<Money, FieldError> {
    let currency: Currency = currency.trim().parse().map_err(|e| FieldError {
        field: "currency".into(),
        message: sentence(&e),
    })?;
    let money = Money::parse(amount.trim(), currency).map_err(|e| FieldError {
        field: "amount".into(),
        message: sentence(&e),
    })?;
    if money.minor <= 0 {
        let message = "The amount must be more than zero.".to_owned();
        return Err(FieldError {
            field: "amount".into(),
            message,
        });
    }
    Ok(money)
}

fn sentence(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => text,
    }
}

impl CreateOrder {
    /// Checks every field.
    ///
    /// # Errors
    /// A 422 problem that names each field that is wrong.
    pub fn validated_amount(&self) -> Result<Money, Problem> {
        let mut errors = Vec::new();
        let mut check = |ok: bool, field: &str, message: &str| {
            if !ok {
                errors.push(FieldError {
                    field: field.into(),
                    message: message.into(),
                });
            }
        };
        let reference = self.reference.trim();
        check(
            !reference.is_empty(),
            "reference",
            "Give the order a reference.",
        );
        check(
            reference.chars().count() <= 64,
            "reference",
            "Keep the reference to 64 characters.",
        );
        check(
            self.description.chars().count() <= 500,
            "description",
            "Keep the description to 500 characters.",
        );
        check(
            !self.customer.name.trim().is_empty(),
            "customer.name",
            "Say who pays.",
        );
        check(
            self.customer.name.chars().count() <= 200,
            "customer.name",
            "Keep the name to 200 characters.",
        );
        check(
            plausible_email(&self.customer.email),
            "customer.email",
            "That is not an e-mail address.",
        );
        match parse_amount(&self.amount, &self.currency) {
            Ok(money) if errors.is_empty() => Ok(money),
            Ok(_) => Err(Problem::invalid(errors)),
            Err(error) => {
                errors.push(error);
                Err(Problem::invalid(errors))
            }
        }
    }
}

/// Whether a text can be an e-mail address: one `@` with something on both sides and no blanks.
/// Whether it really is one only a mail can tell.
pub fn plausible_email(text: &str) -> bool {
    let text = text.trim();
    let parts: Vec<&str> = text.split('@').collect();
    text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && matches!(parts.as_slice(), [local, domain] if !local.is_empty() && !domain.is_empty())
}

/// An order as finance and the API see it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    /// Id.
    pub id: OrderId,
    /// The caller's reference.
    pub reference: String,
    /// State.
    pub status: OrderStatus,
    /// What is asked for.
    #[serde(flatten)]
    pub total: Money,
    /// What it is for.
    pub description: String,
    /// Who pays.
    pub customer: Customer,
    /// When the money is taken.
    pub capture: CaptureMode,
    /// Where the customer pays.
    pub checkout_url: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it may be paid.
    pub expires_at: Option<DateTime<Utc>>,
}

/// How a customer pays.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Method {
    /// A card, as the token that the gateway's hosted fields gave (never a number).
    Card {
        /// For example `pm_…`.
        token: String,
    },
}

/// `POST /payments`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePayment {
    /// The order to pay.
    pub order_id: OrderId,
    /// Must be the order's amount.
    pub amount: String,
    /// Must be the order's currency.
    pub currency: String,
    /// How.
    pub method: Method,
    /// The caller's key for this one payment; the header of the same name does as well.
    #[serde(default)]
    pub idempotency_key: Option<String>,
}

/// What the customer has to do next, if anything.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NextAction {
    /// Go to a page of the bank.
    Redirect {
        /// Where.
        url: String,
    },
}

/// One line of a payment's history.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentEventView {
    /// Id.
    pub id: PaymentEventId,
    /// When.
    pub at: Stamp,
    /// What, as a stable word: `created`, `authorised`, `captured`, `webhook`, …
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// One sentence.
    pub text: String,
    /// Whether it is a step of the machine that may be folded away.
    pub machine: bool,
}

/// One call, or group of repeated calls under one key, to a gateway.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptView {
    /// Id.
    pub id: AttemptId,
    /// Which verb: `authorise`, `capture`, `void`, `lookup`.
    pub verb: String,
    /// `pending`, `succeeded`, `declined`, `unknown`, `failed`.
    pub outcome: String,
    /// Our code of a decline.
    pub decline: Option<DeclineCode>,
    /// The gateway's own id of what it made.
    pub gateway_reference: Option<String>,
    /// What the gateway said, or what came instead of an answer.
    pub message: Option<String>,
    /// How many times the call was sent under its one key.
    pub sends: i32,
    /// When it was first sent.
    pub started_at: Stamp,
    /// From the first send to the last answer.
    pub duration_ms: Option<i32>,
}

/// A payment in full, as `GET /payments/{id}` answers.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentView {
    /// Id.
    pub id: PaymentId,
    /// The order it pays.
    pub order_id: OrderId,
    /// State.
    pub status: PaymentStatus,
    /// Amount in major units.
    pub amount: String,
    /// Currency.
    pub currency: Currency,
    /// How much is captured.
    pub captured: String,
    /// How much is refunded.
    pub refunded: String,
    /// How much is in dispute.
    pub disputed: String,
    /// Which gateway, for example `stripe`.
    pub gateway: String,
    /// What the gateway calls it.
    pub gateway_reference: Option<String>,
    /// What the customer has to do.
    pub next_action: Option<NextAction>,
    /// Why it was declined.
    pub decline: Option<DeclineCode>,
    /// Every call to the gateway.
    pub attempts: Vec<AttemptView>,
    /// The history, newest first.
    pub events: Vec<PaymentEventView>,
    /// When it was made.
    pub created_at: Stamp,
    /// When the money was held.
    pub authorised_at: Option<Stamp>,
    /// When the money was taken.
    pub captured_at: Option<Stamp>,
    /// When the bank line was matched.
    pub settled_at: Option<Stamp>,
}

/// A payment as a row of the list.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRow {
    /// Id.
    pub id: PaymentId,
    /// The order's reference.
    pub reference: String,
    /// Who pays.
    pub customer: String,
    /// State.
    pub status: PaymentStatus,
    /// Amount.
    #[serde(flatten)]
    pub money: Money,
    /// Which gateway.
    pub gateway: String,
    /// When it was made.
    pub created_at: Stamp,
}

/// The filter of a payments list, as it stands in the address line.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentFilter {
    /// Only this state.
    pub status: Option<PaymentStatus>,
    /// Text in reference, customer or gateway reference.
    pub search: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200.
    pub limit: Option<u32>,
}

/// What the customer sees of an order on the checkout page and the receipt.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerOrderView {
    /// Who is paid.
    pub organisation: String,
    /// The order's reference.
    pub reference: String,
    /// What for.
    pub description: String,
    /// How much.
    pub total: Money,
    /// Who pays.
    pub customer: Customer,
    /// The order's state.
    pub status: OrderStatus,
    /// The state of the payment that counts: the live one, or else the last.
    pub payment: Option<PaymentStatus>,
    /// Which payment that is.
    pub payment_id: Option<PaymentId>,
    /// Why the last try was declined.
    pub decline: Option<DeclineCode>,
    /// What the customer has to do.
    pub next_action: Option<NextAction>,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
    /// Until when it can be paid.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A ledger entry that a payment caused, as its page shows it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentEntryLink {
    /// Which entry.
    pub entry: EntryId,
    /// What it says.
    pub text: String,
    /// When.
    pub at: Stamp,
}

/// The figures above the payments list, over a period.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentFigures {
    /// Payments that ended, paid or not.
    pub ended: i64,
    /// Of these, how many were paid.
    pub paid: i64,
    /// What was captured, for each currency.
    pub volume: Vec<Money>,
    /// Median time from capture to the matched bank line, in seconds.
    pub settle_median_s: Option<i64>,
    /// Captured payments a day, oldest first.
    pub daily: Vec<(chrono::NaiveDate, i64)>,
}
