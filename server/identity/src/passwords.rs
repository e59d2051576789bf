//! Passwords: what is accepted, and argon2id under a limit, away from the async threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::error::Error;

/// The fewest and most characters of a password.
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// How many hashes are computed at once; each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// What is verified against when there is nobody or no password, so that it takes as long as for
/// somebody. Its parameters are those of new hashes (a test holds them together); its output is all
/// zeros, of which nobody knows the password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IHNpdHMgaGVyZQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Long enough to be accepted, and still among the first that anyone would try.
const OBVIOUS: &[&str] = &[
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abc123456789",
    "administrator",
    "changeme1234",
    "changemenow1",
    "correcthorsebatterystaple",
    "iloveyou1234",
    "letmein12345",
    "password1234",
    "password12345",
    "password123456",
    "passw0rd1234",
    "p@ssw0rd1234",
    "qwerty123456",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdf",
    "qwertzuiop12",
    "secret123456",
    "trustno1trustno1",
    "welcome12345",
    "welcome123456",
];

/// Runs of neighbours, in which a password must not lie as a whole.
const RUNS: &[&str] = &[
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
];

/// Why a password is not accepted, as a sentence for the person, or `None` if it is.
pub fn objection(password: &str, email: &str) -> Option<&'static str> {
    if !LENGTH.contains(&password.chars().count()) {
        return Some("Use 12 to 128 characters. A few words are easier to remember than signs.");
    }
    let lower = password.to_lowercase();
    if lower == email.to_lowercase() {
        return Some("Do not use your e-mail address as the password.");
    }
    let obvious = OBVIOUS.contains(&lower.as_str())
        || RUNS.iter().any(|run| run.contains(&lower))
        || repeats_a_short_piece(&lower);
    obvious.then_some("This is one of the first passwords that others would try. Use another.")
}

/// Whether the text is one piece of up to eight characters over and over, such as `punctualpunctual`.
fn repeats_a_short_piece(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (1..=8).any(|piece| {
        letters.len() >= piece * 2
            && letters
                .iter()
                .zip(letters.iter().skip(piece))
                .all(|(a, b)| a == b)
    })
}

/// Hashes and verifies, at most [`AT_ONCE`] at a time.
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    verifications: AtomicU64,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            verifications: AtomicU64::new(0),
        }
    }

    pub(crate) fn verifications(&self) -> u64 {
        self.verifications.load(Ordering::Relaxed)
    }

    /// The PHC string of a password under a fresh salt.
    pub(crate) async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, Error> {
        let password = SecretString::from(password);
        self.compute(move || {
            let hash: PasswordHash = Argon2::default()
                .hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
                .map_err(|cause| Error::Defect(format!("a password was not hashed: {cause}")))?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Whether the password belongs to the stored PHC string. Without one it takes just as long and
    /// is never right.
    pub(crate) async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Error> {
        let password = SecretString::from(password);
        let stored = stored.unwrap_or(NOBODY).to_owned();
        self.verifications.fetch_add(1, Ordering::Relaxed);
        self.compute(move || {
            let stored = PasswordHash::new(&stored)
                .map_err(|cause| Error::Defect(format!("a stored password is no hash: {cause}")))?;
            let password = password.expose_secret().as_bytes();
            Ok(Argon2::default().verify_password(password, &stored).is_ok())
        })
        .await?
    }

    /// Runs on a thread for blocking work. The permit goes with the work: a caller who goes away
    /// does not make room for another while the first still computes.
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
    async fn a_hash_verifies_its_own_password_only() {
        let passwords = Passwords::new();
        let hash = passwords
            .hash("a few plain words", [7; 16])
            .await
            .expect("hashes");
        assert!(
            passwords
                .verify("a few plain words", Some(&hash))
                .await
                .expect("verifies")
        );
        assert!(
            !passwords
                .verify("a few other words", Some(&hash))
                .await
                .expect("verifies")
        );
        assert_eq!(passwords.verifications(), 2);
    }

    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody_and_is_never_right() {
        let passwords = Passwords::new();
        let hash = passwords
            .hash("a few plain words", [7; 16])
            .await
            .expect("hashes");
        assert_eq!(parameters(&hash), parameters(NOBODY));
        assert_eq!(hash.len(), NOBODY.len());
        assert!(
            !passwords
                .verify("", None)
                .await
                .expect("the stand-in is a hash")
        );
    }

    #[test]
    fn obvious_passwords_are_refused() {
        let bad = [
            "short",
            "ADA@example.org",
            "Password1234",
            "aaaaaaaaaaaa",
            "punctualpunctual",
            "123456789012",
            "abcdefghijkl",
        ];
        for bad in bad {
            assert!(objection(bad, "ada@example.org").is_some(), "{bad}");
        }
        assert!(objection(&"ö".repeat(129), "ada@example.org").is_some());
        for good in [
            "a few plain words",
            "zwölf Zeichen!",
            "Tr0ub4dor&3-and-more",
        ] {
            assert_eq!(objection(good, "ada@example.org"), None, "{good}");
        }
    }
}
