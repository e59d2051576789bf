//! What those who run an installation see of it: jobs, mail, and the sandbox with its faults.

use serde::{Deserialize, Serialize};

use crate::ids::MailId;
use crate::money::Money;
use crate::time::Stamp;

words!(
    /// Where a job is in its life.
    JobState {
        /// Due, and waiting for a worker.
        Ready = "ready",
        /// Due later.
        Scheduled = "scheduled",
        /// Taken by a worker.
        Running = "running",
        /// Its tries are used up; it waits for a person.
        Failed = "failed",
    }
);

impl JobState {
    /// The word on the page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ready => "Ready",
            Self::Scheduled => "Scheduled",
            Self::Running => "Running",
            Self::Failed => "Failed",
        }
    }
}

/// How the queue stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobFigures {
    /// Jobs that are due and wait for a worker.
    pub ready: i64,
    /// How long the oldest of them has been due, in seconds.
    pub oldest_ready_seconds: i64,
    /// Jobs that are due later.
    pub scheduled: i64,
    /// Jobs that a worker has taken.
    pub locked: i64,
    /// Those among them whose worker gives no sign of life.
    pub locked_without_worker: i64,
    /// Jobs whose tries are used up.
    pub failed: i64,
}

/// A job in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobRow {
    /// The queue's number for it.
    pub id: i64,
    /// Its kind, such as `mail.send`.
    pub kind: String,
    /// What it was given, as JSON text; ids only.
    pub payload: String,
    /// Where it is in its life.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: i16,
    /// How often it may be tried.
    pub max_attempts: i16,
    /// When it is due.
    pub run_at: Stamp,
    /// What went wrong last.
    pub last_error: Option<String>,
}

words!(
    /// What became of a mail.
    MailState {
        /// It is to be sent; with an error, it is tried again.
        Queued = "queued",
        /// A server took it.
        Sent = "sent",
        /// There is no server; it can be read here.
        Kept = "kept",
        /// A server or the address refused for good.
        Failed = "failed",
    }
);

impl MailState {
    /// The word on the page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Sent => "Sent",
            Self::Kept => "Kept",
            Self::Failed => "Failed",
        }
    }
}

/// A mail in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailRow {
    /// Id.
    pub id: MailId,
    /// Whom it is for.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// What became of it.
    pub state: MailState,
    /// When it was queued.
    pub created_at: Stamp,
}

/// One mail with its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailDetail {
    /// As in the list.
    pub row: MailRow,
    /// Its text.
    pub text: String,
    /// Whether it has an HTML part too, which is not shown.
    pub has_html: bool,
    /// The text of its calendar part, if it has one.
    pub calendar: Option<String>,
    /// What went wrong last.
    pub error: Option<String>,
    /// When a server took it.
    pub sent_at: Option<Stamp>,
}

/// A settlement file that the sandbox issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SandboxFile {
    /// Its name, which also tells reports from statements.
    pub name: String,
    /// Where it can be had.
    pub url: String,
    /// When it was issued.
    pub at: Stamp,
    /// Its size in bytes.
    pub bytes: i64,
}

/// A sum that the sandbox sent to the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SandboxPayout {
    /// The provider's id.
    pub id: String,
    /// How much.
    pub money: Money,
    /// What the bank's statement calls it.
    pub trace_id: String,
    /// How many movements are in it.
    pub movements: i64,
}

/// What a settlement cycle brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SandboxCycle {
    /// What was paid out, one sum a currency. Empty when nothing was waiting.
    pub payouts: Vec<SandboxPayout>,
    /// The files that tell of it.
    pub files: Vec<SandboxFile>,
}

/// The sandbox as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SandboxView {
    /// Its address.
    pub origin: String,
    /// What it issued, newest first.
    pub files: Vec<SandboxFile>,
    /// What will go wrong, oldest first.
    pub faults: Vec<SandboxFault>,
}

/// Something that will go wrong in the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxFault {
    /// With which operation, such as `payment_intents.capture`; other words than those of
    /// [`FaultPlace`] come from tests.
    pub operation: String,
    /// What goes wrong, a word of [`FaultKind`].
    pub kind: String,
    /// How often; −1 until cleared.
    pub times: i64,
    /// How long it takes, in milliseconds, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
}

words!(
    /// Where a fault can be put from the page.
    FaultPlace {
        /// The customer's card is charged or reserved.
        Confirm = "payment_intents.confirm",
        /// A reserved amount is taken.
        Capture = "payment_intents.capture",
        /// Money is given back.
        Refund = "refunds.create",
        /// The provider tells of events.
        Webhooks = "webhooks",
        /// Payout and settlement files.
        Cycle = "cycle",
    }
);

impl FaultPlace {
    /// The words on the page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Confirm => "Confirming a payment",
            Self::Capture => "Capturing a payment",
            Self::Refund => "Creating a refund",
            Self::Webhooks => "Webhooks",
            Self::Cycle => "Settlement cycle",
        }
    }
}

words!(
    /// What can go wrong in the sandbox.
    FaultKind {
        /// The answer is late.
        Latency = "latency",
        /// Nothing is done and no answer comes.
        TimeoutBefore = "timeout_before",
        /// It is done and no answer comes.
        TimeoutAfter = "timeout_after",
        /// Nothing is done and the answer is 500.
        ErrorBefore = "error_before",
        /// It is done and the answer is 500.
        ErrorAfter = "error_after",
        /// Nothing is done and the connection closes; of a webhook: it is never sent.
        Drop = "drop",
        /// It is done and the connection closes.
        DropAfter = "drop_after",
        /// The answer is 429.
        RateLimit = "rate_limit",
        /// A webhook is sent twice.
        Duplicate = "duplicate",
        /// Webhooks come in reverse.
        Reorder = "reorder",
        /// A webhook comes late.
        Delay = "delay",
        /// A line of the provider's report is wrong.
        WrongTotals = "wrong_totals",
        /// The bank's statement does not appear.
        MissingFile = "missing_file",
    }
);

impl FaultKind {
    /// The words on the page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Latency => "API: answers late",
            Self::TimeoutBefore => "API: does nothing, never answers",
            Self::TimeoutAfter => "API: does it, never answers",
            Self::ErrorBefore => "API: does nothing, answers 500",
            Self::ErrorAfter => "API: does it, answers 500",
            Self::Drop => "API: closes the connection; webhook: is lost",
            Self::DropAfter => "API: does it, closes the connection",
            Self::RateLimit => "API: too many requests",
            Self::Duplicate => "Webhook: sent twice",
            Self::Reorder => "Webhook: sent in reverse",
            Self::Delay => "Webhook: sent late",
            Self::WrongTotals => "Cycle: one line a cent off",
            Self::MissingFile => "Cycle: bank statement missing",
        }
    }

    /// Whether it can happen there at all; elsewhere it would wait for ever.
    pub const fn happens_at(self, place: FaultPlace) -> bool {
        match self {
            Self::Duplicate | Self::Reorder | Self::Delay => matches!(place, FaultPlace::Webhooks),
            Self::WrongTotals | Self::MissingFile => matches!(place, FaultPlace::Cycle),
            Self::Drop => !matches!(place, FaultPlace::Cycle),
            _ => !matches!(place, FaultPlace::Webhooks | FaultPlace::Cycle),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_a_fault_and_every_fault_a_place() {
        for kind in FaultKind::ALL {
            assert!(
                FaultPlace::ALL.iter().any(|place| kind.happens_at(*place)),
                "{kind}"
            );
        }
        for place in FaultPlace::ALL {
            assert!(
                FaultKind::ALL.iter().any(|kind| kind.happens_at(*place)),
                "{place}"
            );
        }
        assert!(FaultKind::Drop.happens_at(FaultPlace::Webhooks));
        assert!(!FaultKind::MissingFile.happens_at(FaultPlace::Capture));
    }

    #[test]
    fn a_fault_is_written_as_the_sandbox_reads_it() {
        let fault = SandboxFault {
            operation: FaultPlace::Capture.to_string(),
            kind: FaultKind::TimeoutAfter.to_string(),
            times: 1,
            ms: None,
        };
        let json = serde_json::to_value(&fault).expect("a fault is JSON");
        assert_eq!(
            json,
            serde_json::json!({
                "operation": "payment_intents.capture",
                "kind": "timeout_after",
                "times": 1,
            })
        );
    }
}
