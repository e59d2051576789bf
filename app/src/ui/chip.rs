//! State chips: a dot and a word. The colour never speaks alone.

use leptos::prelude::*;
use model::payments::PaymentStatus;

/// What a thing means, for chips, notices, timelines and toasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// As it should be.
    Positive,
    /// Wants a look.
    Caution,
    /// Went wrong.
    Negative,
    /// Under way.
    Info,
    /// Away, on leave.
    Leave,
    /// Neither good nor bad.
    #[default]
    Neutral,
    /// Not known; a hatch instead of a colour.
    Unknown,
}

impl Tone {
    /// The word in class names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Tone::Positive => "positive",
            Tone::Caution => "caution",
            Tone::Negative => "negative",
            Tone::Info => "info",
            Tone::Leave => "leave",
            Tone::Neutral => "neutral",
            Tone::Unknown => "unknown",
        }
    }
}

/// A state in one word.
#[component]
pub fn Chip(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// The word.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <span class=format!("chip chip-{}", tone.as_str())>{label}</span> }
}

/// The tone of a payment's state; its word is [`PaymentStatus::label`].
pub const fn payment_tone(status: PaymentStatus) -> Tone {
    match status {
        PaymentStatus::Captured | PaymentStatus::Settled => Tone::Positive,
        PaymentStatus::RequiresAction => Tone::Caution,
        PaymentStatus::Declined => Tone::Negative,
        PaymentStatus::Processing | PaymentStatus::Authorised => Tone::Info,
        PaymentStatus::Created | PaymentStatus::Voided | PaymentStatus::Expired => Tone::Neutral,
        PaymentStatus::Unknown => Tone::Unknown,
    }
}

/// A payment's state.
#[component]
pub fn PaymentChip(
    /// The state.
    status: PaymentStatus,
) -> impl IntoView {
    view! { <Chip tone=payment_tone(status) label=status.label()/> }
}
