//! Idempotency keys: the first answer is the answer, whatever it was, for at least a day.

use std::sync::PoisonError;

use chrono::Utc;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::errors::ApiError;
use crate::Sandbox;
use crate::state::State;

const KEPT_SECONDS: i64 = 24 * 3600;

/// The first answer to a key.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredAnswer {
    /// The key.
    pub(crate) id: String,
    /// Of method, path and parameters.
    pub(crate) fingerprint: String,
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// The request that was answered.
    pub(crate) request: String,
    /// Real time, whatever the sandbox's clock says.
    pub(crate) at: i64,
}

/// What to do with a request that carries a key.
pub(crate) enum Claim {
    /// Nobody had it; do the work while holding the guard.
    Fresh(Guard),
    /// Answered before.
    Replay(Box<StoredAnswer>),
}

/// Holds a key while its first request runs.
pub(crate) struct Guard {
    sandbox: Sandbox,
    key: String,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut running = self
            .sandbox
            .inner
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.key);
    }
}

/// What makes two requests the same.
pub(crate) fn fingerprint(method: &str, path: &str, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in [method.as_bytes(), path.as_bytes(), body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Claims a key for a request.
///
/// # Errors
/// 400 for another request under a known key and for keys over 255 characters, 409 while the
/// first request runs.
pub(crate) fn claim(sandbox: &Sandbox, key: &str, fingerprint: &str) -> Result<Claim, ApiError> {
    if key.chars().count() > 255 {
        let text = "The idempotency key is longer than 255 characters.".to_owned();
        return Err(ApiError::idempotency(400, None, text));
    }
    // The set is taken first and the answers are looked at under it: a twin that finds the key
    // gone from the set is certain to find its answer.
    let mut running = sandbox
        .inner
        .in_flight
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if running.contains(key) {
        let text = format!(
            "There is currently another in-progress request using this Idempotent Key: {key}. \
             Please try again later."
        );
        return Err(ApiError::idempotency(
            409,
            Some("idempotency_key_in_use"),
            text,
        ));
    }
    let stored = sandbox.read(|state| state.find::<StoredAnswer>(key).cloned());
    match stored.filter(|answer| !stale(answer)) {
        Some(answer) if answer.fingerprint == fingerprint => Ok(Claim::Replay(Box::new(answer))),
        Some(_) => {
            let text = format!(
                "Keys for idempotent requests can only be used with the same parameters they \
                 were first used with. Try using a key other than '{key}' if you meant to \
                 execute a different request."
            );
            Err(ApiError::idempotency(400, None, text))
        }
        None => {
            running.insert(key.to_owned());
            Ok(Claim::Fresh(Guard {
                sandbox: sandbox.clone(),
                key: key.to_owned(),
            }))
        }
    }
}

fn stale(answer: &StoredAnswer) -> bool {
    answer.at + KEPT_SECONDS < Utc::now().timestamp()
}

/// Forgets the keys of yesterday; a key used again after that is a new one.
pub(crate) fn prune(state: &mut State) {
    state.remove_where::<StoredAnswer>(stale);
}
