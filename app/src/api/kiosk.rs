//! What a kiosk shows. The secrets of its cookies are what allows it; nobody is signed in there, and who
//! is signed in elsewhere in the same browser makes no difference.

use leptos::prelude::*;
use model::attendance::views::KioskPage as Page;

use super::ApiError;

/// The cookie by which a kiosk is known. It goes to the addresses of kiosks alone.
pub const KIOSK_COOKIE: &str = "punctual_kiosk";
/// The cookie of the ticket of whoever stands before it.
pub const TICKET_COOKIE: &str = "punctual_kiosk_ticket";

/// The page of a kiosk at its present step.
///
/// # Errors
/// None but when the database does not answer: a browser that is no kiosk is asked for a set-up code.
#[server(prefix = "/fn")]
pub async fn kiosk_page() -> Result<Page, ApiError> {
    let attendance = crate::ssr::service::<::attendance::Attendance>()?;
    let secret = crate::preferences::cookie(KIOSK_COOKIE);
    let ticket = crate::preferences::cookie(TICKET_COOKIE);
    let from = Some(crate::ssr::address());
    Ok(attendance
        .kiosk_page(secret.as_deref(), ticket.as_deref(), from)
        .await?)
}
