//! How a kiosk says no. Whoever tries to get in learns nothing of who there is: an unknown number, a wrong
//! PIN, no PIN and somebody who has left are one refusal.

use model::Problem;

/// Why a kiosk refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The browser is no kiosk, no longer, or blocked.
    #[error("the kiosk is not signed in")]
    SignedOut,
    /// The set-up code is wrong, used or has run out.
    #[error("the set-up code does not work")]
    SetupCode,
    /// Too many tries to set a kiosk up.
    #[error("too many tries to set a kiosk up; the next is allowed in {retry_after_s} s")]
    SetupSlowed {
        /// When the next is allowed.
        retry_after_s: u32,
    },
    /// Number and PIN do not belong together.
    #[error("number and PIN do not match")]
    Pin,
    /// The code of the own page is wrong, used or has run out.
    #[error("the code does not work")]
    Code,
    /// Too many wrong PINs for a number.
    #[error("the number is locked for {retry_after_s} s")]
    NumberLocked {
        /// When the next try is allowed.
        retry_after_s: u32,
    },
    /// Too many wrong tries at the kiosk.
    #[error("too many wrong tries at the kiosk; the next is allowed in {retry_after_s} s")]
    KioskSlowed {
        /// When the next is allowed.
        retry_after_s: u32,
    },
    /// It is too late to press, or the ticket is another kiosk's.
    #[error("the time to press is over")]
    TicketOver,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::SignedOut => Self::new(
                401,
                "kiosk_signed_out",
                "This tablet is not signed in as a kiosk. Ask whoever keeps the devices for a set-up code.",
            ),
            Refusal::SetupCode => Self::new(
                403,
                "kiosk_code_refused",
                "This set-up code does not work. It can be used once and within 30 minutes; make a new one on the page of devices.",
            ),
            Refusal::SetupSlowed { retry_after_s } => slowed(
                "kiosk_setup_slowed",
                "Too many set-up codes were tried. Wait a quarter of an hour and try again.",
                retry_after_s,
            ),
            Refusal::Pin => Self::new(
                403,
                "kiosk_refused",
                "Number and PIN do not match. Check both and try again.",
            ),
            Refusal::Code => Self::new(
                403,
                "kiosk_qr_refused",
                "This code has run out or was used. Scan the one that your page shows now.",
            ),
            Refusal::NumberLocked { retry_after_s } => slowed(
                "kiosk_number_locked",
                "Too many wrong PINs for this number. Wait a quarter of an hour, or scan the code of your own page.",
                retry_after_s,
            ),
            Refusal::KioskSlowed { retry_after_s } => slowed(
                "kiosk_slowed",
                "Too many wrong tries at this kiosk. Wait a few minutes and try again.",
                retry_after_s,
            ),
            Refusal::TicketOver => Self::new(
                409,
                "kiosk_too_late",
                "That took longer than a minute, and nothing was pressed. Begin again.",
            ),
        }
    }
}

fn slowed(code: &str, detail: &str, retry_after_s: u32) -> Problem {
    Problem {
        retry_after: Some(retry_after_s),
        ..Problem::new(429, code, detail)
    }
}
