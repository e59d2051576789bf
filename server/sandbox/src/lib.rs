//! The sandbox: a payment provider and a bank that exist only on this machine.
//!
//! One process, one shared state, ordinary axum routers:
//!
//! | part | where | what it does |
//! |---|---|---|
//! | [`stripe`] | `/v1/…`, `/stripe/v1/…` | speaks Stripe's API well enough for Stripe's own clients |
//! | [`stripe::pages`] | `/stripe/js`, `/v3/`, `/stripe/fields/…`, `/stripe/challenge/…` | the script, the hosted card field, the bank's challenge |
//! | [`webhooks`] | out | signs, sends and repeats events |
//! | [`bank`], [`camt`] | `/bank/…` | an account per currency, transfers, statements |
//! | [`cycle`], [`report`] | `/sandbox/cycle`, `/sandbox/files` | pays out what was captured, writes the provider's report and the bank's statement of the same money |
//! | [`faults`] | `/sandbox/faults` | latency, answers that never come, errors before and after the deed |
//! | [`clock`], [`control`] | `/sandbox/…` | the sandbox's idea of now; the truth, to compare with |
//!
//! Every change goes through [`state::State::put`] and reaches the journal before the answer
//! leaves, so a restart finds everything again. What is deliberately absent: card numbers. They
//! are judged when they arrive and only brand, last four digits and behaviour are kept.
//!
//! To add an endpoint: one function beside its object in `stripe/`, one line in
//! `stripe/mod.rs::route`.

// The provider's objects are long, and `json!` recurses over their fields.
#![recursion_limit = "256"]

use std::collections::HashSet;
use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

mod bank;
mod camt;
mod clock;
mod control;
mod cycle;
mod faults;
mod journal;
mod money;
mod report;
mod state;
mod stripe;
mod webhooks;

pub use webhooks::signature_header;

/// The secret key that the sandbox accepts unless told otherwise.
pub const SECRET_KEY: &str = "sk_test_punctual_sandbox_secret";
/// The publishable key that the sandbox accepts unless told otherwise.
pub const PUBLISHABLE_KEY: &str = "pk_test_punctual_sandbox_public";
/// The secret that signs webhooks unless told otherwise.
pub const WEBHOOK_SECRET: &str = "whsec_punctual_sandbox_signing";
/// Where the sandbox listens unless told otherwise.
pub const PUBLIC_URL: &str = "http://127.0.0.1:4010";

/// What a sandbox needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address under which browsers and clients reach the sandbox, without a trailing slash.
    pub public_url: String,
    /// The file that keeps the state over a restart. Without it the state lives in memory alone.
    pub journal: Option<PathBuf>,
    /// Where events are sent; without it only endpoints created over the API receive any.
    pub webhook_url: Option<String>,
    /// Signs the deliveries to `webhook_url`.
    pub webhook_secret: String,
    /// The key of servers (`sk_test_…`).
    pub secret_key: String,
    /// The key of browsers (`pk_test_…`).
    pub publishable_key: String,
    /// Origins that may embed the hosted card field, such as `http://127.0.0.1:3000`.
    pub allowed_frame_parents: Vec<String>,
    /// Same seed and same requests give the same ids. 0 draws a fresh seed, which is what a
    /// sandbox beside a database with a longer memory needs.
    pub seed: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: PUBLIC_URL.to_owned(),
            journal: None,
            webhook_url: None,
            webhook_secret: WEBHOOK_SECRET.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            publishable_key: PUBLISHABLE_KEY.to_owned(),
            allowed_frame_parents: vec![
                "http://127.0.0.1:3000".to_owned(),
                "http://localhost:3000".to_owned(),
            ],
            seed: 0,
        }
    }
}

/// A running sandbox. Clones share one state.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    state: Mutex<state::State>,
    faults: Mutex<faults::Faults>,
    /// Idempotency keys whose first request is still being answered.
    in_flight: Mutex<HashSet<String>>,
    /// Rung when there may be something to deliver.
    bell: Arc<Notify>,
    /// Becomes true when the process is asked to end; held requests let go then.
    stopping: watch::Sender<bool>,
    http: reqwest::Client,
    courier_started: AtomicBool,
}

impl Sandbox {
    /// Opens the state, replaying and compacting the journal if there is one.
    ///
    /// # Errors
    /// When the journal cannot be read or written, or holds something other than a sandbox's
    /// objects anywhere but in its last, torn line.
    pub fn open(config: Config) -> anyhow::Result<Self> {
        // The HTTP client asks for a TLS provider even if every address is plain http.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let _raced = rustls::crypto::ring::default_provider().install_default();
        }
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(10))
            .user_agent("Stripe/1.0 (+https://stripe.com/docs/webhooks) sandbox")
            .build()?;
        let state = state::State::open(&config)?;
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                state: Mutex::new(state),
                faults: Mutex::default(),
                in_flight: Mutex::default(),
                bell: Arc::default(),
                stopping: watch::channel(false).0,
                http,
                courier_started: AtomicBool::new(false),
            }),
        })
    }

    /// The configuration it was opened with.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&state::State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the state and writes what changed to the journal as one line, so that a crash
    /// leaves either all of it or nothing.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut state::State) -> T) -> T {
        let mut state = self.lock();
        let outcome = change(&mut state);
        if let Err(error) = state.flush() {
            tracing::error!(%error, "the sandbox cannot write its journal");
        }
        drop(state);
        self.inner.bell.notify_one();
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, state::State> {
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the background task once; needs a running tokio runtime.
    fn start_courier(&self) {
        if tokio::runtime::Handle::try_current().is_ok()
            && !self.inner.courier_started.swap(true, Ordering::SeqCst)
        {
            let bell = Arc::clone(&self.inner.bell);
            tokio::spawn(webhooks::courier(Arc::downgrade(&self.inner), bell));
        }
    }

    /// Resolves when the sandbox is asked to end.
    pub(crate) async fn stopped(&self) {
        let mut stopping = self.inner.stopping.subscribe();
        let _closed = stopping.wait_for(|stop| *stop).await;
    }
}

/// All routes of the sandbox. Starts the webhook courier when called inside a tokio runtime.
pub fn router(sandbox: Sandbox) -> Router {
    sandbox.start_courier();
    Router::new()
        .merge(stripe::router())
        .merge(stripe::pages::router())
        .merge(bank::router())
        .merge(cycle::router())
        .merge(faults::router())
        .merge(clock::router())
        .merge(webhooks::router())
        .merge(control::router())
        .with_state(sandbox)
}

/// Serves the sandbox until `shutdown` resolves. Requests that a fault holds open are let go
/// then, and the rest has five seconds.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    sandbox: Sandbox,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let app = router(sandbox.clone());
    let signal = {
        let sandbox = sandbox.clone();
        async move {
            shutdown.await;
            sandbox.inner.stopping.send_replace(true);
        }
    };
    let deadline = async {
        sandbox.stopped().await;
        tokio::time::sleep(Duration::from_secs(5)).await;
    };
    tokio::select! {
        served = async { axum::serve(listener, app).with_graceful_shutdown(signal).await } => served,
        () = deadline => Ok(()),
    }
}
