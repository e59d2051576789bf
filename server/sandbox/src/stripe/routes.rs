//! The list of operations: method and path, name, function. The names are what faults refer to.

use axum::http::Method;

use super::{
    Operation, balance, capture, charges, confirm, customers, disputes, endpoints, events, intents,
    methods, payouts, refunds,
};

/// What a browser may call with the publishable key.
pub(super) const OPEN_TO_BROWSERS: &[&str] = &[
    "payment_methods.create",
    "payment_intents.retrieve",
    "payment_intents.confirm",
];

/// The operation of a request: its name, the id in the path, and the function.
pub(super) fn find<'a>(
    method: &Method,
    path: &[&'a str],
) -> Option<(&'static str, &'a str, Operation)> {
    let found: (&'static str, &'a str, Operation) = match (method.as_str(), path) {
        ("POST", ["payment_intents"]) => ("payment_intents.create", "", intents::create),
        ("GET", ["payment_intents"]) => ("payment_intents.list", "", intents::list),
        ("GET", ["payment_intents", "search"]) => ("payment_intents.search", "", intents::search),
        ("GET", ["payment_intents", id]) => ("payment_intents.retrieve", id, intents::retrieve),
        ("POST", ["payment_intents", id]) => ("payment_intents.update", id, intents::update),
        ("POST", ["payment_intents", id, "confirm"]) => {
            ("payment_intents.confirm", id, confirm::confirm)
        }
        ("POST", ["payment_intents", id, "capture"]) => {
            ("payment_intents.capture", id, capture::capture)
        }
        ("POST", ["payment_intents", id, "cancel"]) => {
            ("payment_intents.cancel", id, capture::cancel)
        }

        ("POST", ["payment_methods"]) => ("payment_methods.create", "", methods::create),
        ("GET", ["payment_methods"]) => ("payment_methods.list", "", methods::list),
        ("GET", ["payment_methods", id]) => ("payment_methods.retrieve", id, methods::retrieve),
        ("POST", ["payment_methods", id, "attach"]) => {
            ("payment_methods.attach", id, methods::attach)
        }
        ("POST", ["payment_methods", id, "detach"]) => {
            ("payment_methods.detach", id, methods::detach)
        }

        ("POST", ["customers"]) => ("customers.create", "", customers::create),
        ("GET", ["customers"]) => ("customers.list", "", customers::list),
        ("GET", ["customers", id]) => ("customers.retrieve", id, customers::retrieve),
        ("POST", ["customers", id]) => ("customers.update", id, customers::update),

        ("GET", ["charges"]) => ("charges.list", "", charges::list),
        ("GET", ["charges", id]) => ("charges.retrieve", id, charges::retrieve),

        ("POST", ["refunds"]) => ("refunds.create", "", refunds::create),
        ("GET", ["refunds"]) => ("refunds.list", "", refunds::list),
        ("GET", ["refunds", id]) => ("refunds.retrieve", id, refunds::retrieve),

        ("GET", ["disputes"]) => ("disputes.list", "", disputes::list),
        ("GET", ["disputes", id]) => ("disputes.retrieve", id, disputes::retrieve),
        ("POST", ["disputes", id]) => ("disputes.update", id, disputes::update),
        ("POST", ["disputes", id, "close"]) => ("disputes.close", id, disputes::close),

        ("GET", ["balance"]) => ("balance.retrieve", "", balance::retrieve),
        ("GET", ["balance_transactions"] | ["balance", "history"]) => {
            ("balance_transactions.list", "", balance::list)
        }
        ("GET", ["balance_transactions", id] | ["balance", "history", id]) => (
            "balance_transactions.retrieve",
            id,
            balance::retrieve_transaction,
        ),

        ("GET", ["payouts"]) => ("payouts.list", "", payouts::list),
        ("GET", ["payouts", id]) => ("payouts.retrieve", id, payouts::retrieve),

        ("GET", ["events"]) => ("events.list", "", events::list),
        ("GET", ["events", id]) => ("events.retrieve", id, events::retrieve),

        ("POST", ["webhook_endpoints"]) => ("webhook_endpoints.create", "", endpoints::create),
        ("GET", ["webhook_endpoints"]) => ("webhook_endpoints.list", "", endpoints::list),
        ("GET", ["webhook_endpoints", id]) => {
            ("webhook_endpoints.retrieve", id, endpoints::retrieve)
        }
        ("DELETE", ["webhook_endpoints", id]) => {
            ("webhook_endpoints.delete", id, endpoints::delete)
        }

        ("GET", ["account"]) => ("account.retrieve", "", payouts::account),
        _ => return None,
    };
    Some(found)
}
