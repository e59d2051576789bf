//! The customer's view of an order. The secret of the link is what allows it.

use leptos::prelude::*;
use model::payments::CustomerOrderView;
use model::time::Stamp;
use serde::{Deserialize, Serialize};

use super::ApiError;

/// What the checkout page is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The secret of the link.
    pub link: String,
    /// The order.
    pub order: CustomerOrderView,
    /// When it was paid, in UTC: the customer's zone is not known.
    pub paid_at: Option<Stamp>,
    /// The gateway's script, if cards can be taken.
    pub script: Option<Script>,
    /// The key under which this page pays: a page that is posted twice pays once.
    pub key: String,
}

/// The gateway's own script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Where it is.
    pub script: String,
    /// The publishable key.
    pub key: String,
}

/// Reads an order by its link.
///
/// # Errors
/// 404 for a link that leads nowhere.
#[server(prefix = "/fn")]
pub async fn checkout_page(link: String) -> Result<Checkout, ApiError> {
    let payments = crate::ssr::service::<::payments::Payments>()?;
    let site = crate::ssr::service::<crate::ssr::Site>()?;
    let deps = crate::ssr::service::<platform::Deps>()?;
    let order = payments.order_by_link(&link).await?;
    let script = site.stripe.map(|stripe| Script {
        script: stripe.script,
        key: stripe.key,
    });
    Ok(Checkout {
        paid_at: order.paid_at.map(Stamp::utc),
        key: deps.secret_hex::<16>(),
        link,
        order,
        script,
    })
}
