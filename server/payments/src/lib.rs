//! Payments: what a customer owes, how it is collected, and how every cent of it is accounted for.
//!
//! Words. An *order* is what a customer is asked to pay. A *payment* is one try to pay it with one
//! *gateway*. An *attempt* is one call to a gateway under one idempotency key. An *event* is a line
//! of a payment's history. *Settlement* is the way from the captured money to the bank line.
//!
//! Use cases, one file each: [`orders`] (create, find, expire), [`checkout`] (pay an order),
//! [`decide`] (capture or void a hold), [`lifecycle`] (every change of a payment's state, from
//! whichever side it comes), [`webhook`] (what gateways tell us), [`read`] (lists and pages),
//! [`settlement`] (files, matching, reconciliation).
//!
//! [`gateways`] are adapters: translation only. [`bookkeeping`] has one file for each event that
//! moves money. [`sagas`] tell the steps of a payment as a story. SQL stands in `store` alone.
//!
//! To add a gateway: one file in [`gateways`], one line in its registry.

pub mod bookkeeping;
pub mod checkout;
pub mod config;
pub mod decide;
pub mod error;
pub mod gateways;
pub mod jobs;
pub mod lifecycle;
pub mod orders;
pub mod read;
pub mod sagas;
pub mod settlement;
mod store;
pub mod webhook;

use std::sync::Arc;

use ledger::Ledger;
use platform::Deps;
use platform::saga::Engine;
use tokio::sync::Semaphore;

pub use config::Config;
pub use error::Error;

/// The service; cheap to clone.
#[derive(Clone)]
pub struct Payments {
    deps: Deps,
    world: lifecycle::World,
    config: Arc<Config>,
    gateways: Arc<gateways::Gateways>,
    checkout: Engine<sagas::checkout::Context>,
    inline: Arc<Semaphore>,
    imports: Arc<Semaphore>,
}

/// How many sagas may run inside requests at one time. Each holds a connection and wants a second
/// one, so this must stay well below half of the pool; the others wait for their turn.
const INLINE_SAGAS: usize = 10;

impl Payments {
    /// Builds the service over its gateways.
    pub fn new(deps: Deps, ledger: Ledger, config: Config, gateways: gateways::Gateways) -> Self {
        let gateways = Arc::new(gateways);
        let world = lifecycle::World {
            deps: deps.clone(),
            ledger,
        };
        let config = Arc::new(config);
        let context = sagas::checkout::Context {
            world: world.clone(),
            gateways: gateways.clone(),
            config: config.clone(),
        };
        let checkout = sagas::checkout::engine(context);
        let inline = Arc::new(Semaphore::new(INLINE_SAGAS));
        let imports = Arc::new(Semaphore::new(settlement::import::AT_ONCE));
        Self {
            deps,
            world,
            config,
            gateways,
            checkout,
            inline,
            imports,
        }
    }

    /// What the service was configured with.
    pub fn config(&self) -> &Config {
        &self.config
    }
}
