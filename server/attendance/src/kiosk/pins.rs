//! PINs: what is accepted, and argon2id under a limit, away from the async threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::Error;

/// How many digits a PIN has.
pub(crate) const DIGITS: usize = 6;

/// How many hashes are computed at once; each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// What is verified against when there is nobody or no PIN, so that it takes as long as for somebody.
/// Its parameters are those of new hashes (a test holds them together); nobody knows its PIN.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IHNpdHMgaGVyZQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a PIN is not accepted, as a sentence for the person, or `None` if it is.
pub(crate) fn objection(pin: &str, number: Option<&str>) -> Option<&'static str> {
    let digits = pin.as_bytes();
    if digits.len() != DIGITS || !digits.iter().all(u8::is_ascii_digit) {
        return Some("Use six digits.");
    }
    if number == Some(pin) {
        return Some("Do not use your number as the PIN.");
    }
    let steps = |step: i16| {
        digits
            .windows(2)
            .all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step)
    };
    let repeats = |piece: usize| digits.iter().zip(&digits[piece..]).all(|(a, b)| a == b);
    let obvious = steps(1) || steps(-1) || (1..=DIGITS / 2).any(repeats);
    obvious.then_some("This is one of the first PINs that others would try. Use another.")
}

/// Hashes and verifies, at most [`AT_ONCE`] at a time.
pub(crate) struct Pins {
    permits: Arc<Semaphore>,
    verifications: AtomicU64,
}

impl Pins {
    pub(crate) fn new() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            verifications: AtomicU64::new(0),
        }
    }

    /// How many PINs were compared since the start.
    pub(crate) fn verifications(&self) -> u64 {
        self.verifications.load(Ordering::Relaxed)
    }

    /// The PHC string of a PIN under a fresh salt.
    pub(crate) async fn hash(&self, pin: &str, salt: [u8; 16]) -> Result<String, Error> {
        let pin = SecretString::from(pin);
        self.compute(move || {
            let hash: PasswordHash = Argon2::default()
                .hash_password_with_salt(pin.expose_secret().as_bytes(), &salt)
                .map_err(|cause| Error::Defect(format!("a PIN was not hashed: {cause}")))?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Whether the PIN belongs to the stored PHC string. Without one it takes just as long and is
    /// never right.
    pub(crate) async fn verify(&self, pin: &str, stored: Option<&str>) -> Result<bool, Error> {
        let pin = SecretString::from(pin);
        let stored = stored.unwrap_or(NOBODY).to_owned();
        self.verifications.fetch_add(1, Ordering::Relaxed);
        self.compute(move || {
            let stored = PasswordHash::new(&stored)
                .map_err(|cause| Error::Defect(format!("a stored PIN is no hash: {cause}")))?;
            let pin = pin.expose_secret().as_bytes();
            Ok(Argon2::default().verify_password(pin, &stored).is_ok())
        })
        .await?
    }

    /// Runs on a thread for blocking work. The permit goes with the work: a caller who goes away does
    /// not make room for another while the first still computes.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.expect("the semaphore is never closed");
        let task = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        });
        task.await
            .map_err(|cause| Error::Defect(format!("hashing was interrupted: {cause}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(phc: &str) -> String {
        phc.split('$').take(4).collect::<Vec<_>>().join("$")
    }

    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody_and_is_never_right() {
        let pins = Pins::new();
        let hash = pins.hash("507142", [7; 16]).await.expect("hashes");
        assert_eq!(parameters(&hash), parameters(NOBODY));
        assert_eq!(hash.len(), NOBODY.len());
        assert!(pins.verify("507142", Some(&hash)).await.expect("verifies"));
        assert!(!pins.verify("507143", Some(&hash)).await.expect("verifies"));
        assert!(!pins.verify("", None).await.expect("the stand-in is a hash"));
        assert_eq!(pins.verifications(), 3);
    }

    #[test]
    fn obvious_pins_are_refused() {
        for bad in [
            "",
            "12345",
            "1234567",
            "12345a",
            "١٢٣٤٥٦",
            "000000",
            "123456",
            "234567",
            "654321",
            "121212",
            "123123",
        ] {
            assert!(objection(bad, None).is_some(), "{bad}");
        }
        assert!(objection("507142", Some("507142")).is_some());
        for good in ["507142", "112233", "100000", "135790"] {
            assert_eq!(objection(good, Some("1001")), None, "{good}");
        }
    }
}
