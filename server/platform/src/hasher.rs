//! Argon2id for what people type, passwords and PINs: under one limit for the whole program, away from the
//! async threads.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// How many hashes are computed at once; each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// What is compared with when there is nobody or no secret, so that it takes as long as for somebody. Its
/// parameters are those of new hashes (a test holds them together); its output is all zeros, of which
/// nobody knows the secret.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IHNpdHMgaGVyZQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and compares, at most two at a time; cheap to clone.
#[derive(Clone)]
pub struct Hasher {
    permits: Arc<Semaphore>,
    comparisons: Arc<AtomicU64>,
}

/// A secret was not hashed or compared; the secret is not told.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct HashFailed(String);

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            comparisons: Arc::default(),
        }
    }
}

impl Hasher {
    /// How many secrets were compared since the start.
    pub fn comparisons(&self) -> u64 {
        self.comparisons.load(Ordering::Relaxed)
    }

    /// The PHC string of a secret under a fresh salt.
    ///
    /// # Errors
    /// When it cannot be computed.
    pub async fn hash(&self, secret: &str, salt: [u8; 16]) -> Result<String, HashFailed> {
        let secret = SecretString::from(secret);
        self.compute(move || {
            let hash: PasswordHash = Argon2::default()
                .hash_password_with_salt(secret.expose_secret().as_bytes(), &salt)
                .map_err(|cause| HashFailed(format!("a secret was not hashed: {cause}")))?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Whether a secret belongs to the stored PHC string. Without one it takes just as long and is never
    /// right.
    ///
    /// # Errors
    /// When what is stored is no PHC string.
    pub async fn verify(&self, secret: &str, stored: Option<&str>) -> Result<bool, HashFailed> {
        let secret = SecretString::from(secret);
        let stored = stored.unwrap_or(NOBODY).to_owned();
        self.comparisons.fetch_add(1, Ordering::Relaxed);
        self.compute(move || {
            let stored = PasswordHash::new(&stored)
                .map_err(|cause| HashFailed(format!("what is stored is no hash: {cause}")))?;
            let secret = secret.expose_secret().as_bytes();
            Ok(Argon2::default().verify_password(secret, &stored).is_ok())
        })
        .await?
    }

    /// Runs on a thread for blocking work. The permit goes with the work: a caller who goes away does
    /// not make room for another while the first still computes.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashFailed> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.expect("the semaphore is never closed");
        let task = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        });
        task.await
            .map_err(|cause| HashFailed(format!("hashing was interrupted: {cause}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(phc: &str) -> String {
        phc.split('$').take(4).collect::<Vec<_>>().join("$")
    }

    #[tokio::test]
    async fn a_hash_is_that_of_its_own_secret_only() {
        let hasher = Hasher::default();
        let hash = hasher.hash("a few plain words", [7; 16]).await;
        let hash = hash.expect("hashes");
        let verify = async |secret| hasher.verify(secret, Some(&hash)).await.expect("compares");
        assert!(verify("a few plain words").await);
        assert!(!verify("a few other words").await);
        assert_eq!(hasher.comparisons(), 2);
    }

    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody_and_is_never_right() {
        let hasher = Hasher::default();
        let hash = hasher.hash("507142", [7; 16]).await.expect("hashes");
        assert_eq!(parameters(&hash), parameters(NOBODY));
        assert_eq!(hash.len(), NOBODY.len());
        assert!(
            !hasher
                .verify("", None)
                .await
                .expect("the stand-in is a hash")
        );
    }
}
