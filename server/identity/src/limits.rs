//! How often anybody may try a password. A try is counted before the password is looked at and
//! taken back when it succeeds, so a hundred tries at the same moment are not a hundred guesses.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;

use crate::Identity;
use crate::email::Email;
use crate::error::Error;
use crate::store::attempts;

/// How far back tries count.
pub(crate) const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Tries for one e-mail address in the window.
const PER_EMAIL: i64 = 10;
/// Tries from one network address in the window.
const PER_ADDRESS: i64 = 50;

/// Under what the vault seals the key of the hashes.
const KEY_CONTEXT: &str = "identity.sign_in_attempt";

/// The hashes under which a try is counted.
pub(crate) struct Counted {
    pub(crate) email: [u8; 32],
    pub(crate) address: Option<[u8; 32]>,
}

impl Identity {
    /// Counts a try, or refuses it.
    pub(crate) async fn count_attempt(
        &self,
        email: &str,
        from: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Counted, Error> {
        let counted = self.counted(email, from).await?;
        let mut tx = self.deps.db.begin("identity.count_attempt").await?;
        attempts::lock(&mut tx, &counted).await?;
        let since = now - WINDOW;
        let email_full =
            attempts::newest_of_email(&mut tx, &counted.email, since, PER_EMAIL).await?;
        let address_full = match &counted.address {
            Some(address) => {
                attempts::newest_of_address(&mut tx, address, since, PER_ADDRESS).await?
            }
            None => None,
        };
        if let Some(oldest) = email_full.max(address_full) {
            tx.rollback().await?;
            let wait = (oldest + WINDOW - now).num_seconds().max(0) + 1;
            let retry_after_s = u32::try_from(wait).unwrap_or(u32::MAX);
            tracing::info!(
                retry_after_s,
                "a try to sign in was refused unseen: too many"
            );
            return Err(Error::TooManyAttempts { retry_after_s });
        }
        attempts::insert(&mut tx, &counted, now).await?;
        tx.commit().await?;
        Ok(counted)
    }

    async fn counted(&self, email: &str, from: Option<IpAddr>) -> Result<Counted, Error> {
        let key = self.hash_key().await?;
        // A text that cannot be an address is counted as it is: it belongs to nobody, and trying it
        // must look just like trying one that could belong to somebody.
        let email = Email::parse(email).map_or_else(|| email.trim().to_lowercase(), |e| e.key());
        Ok(Counted {
            email: keyed_hash(key, "email", email.as_bytes()),
            address: from.map(|from| keyed_hash(key, "address", &network_of(from))),
        })
    }

    /// The key of the hashes: made by the first node that needs it, sealed in the database.
    async fn hash_key(&self) -> Result<&[u8; 32], Error> {
        self.hash_key
            .get_or_try_init(|| self.load_or_make_hash_key())
            .await
    }

    async fn load_or_make_hash_key(&self) -> Result<[u8; 32], Error> {
        let mut fresh = [0_u8; 32];
        self.deps.entropy.fill(&mut fresh);
        let sealed = self
            .deps
            .vault
            .seal(self.deps.entropy.as_ref(), KEY_CONTEXT, &fresh);
        let mut tx = self.deps.db.begin("identity.hash_key").await?;
        let stored = attempts::keep_hash_key(&mut tx, KEY_CONTEXT, &sealed).await?;
        let opened = self.deps.vault.open_bytes(KEY_CONTEXT, &stored);
        let key = match opened.map(|key| <[u8; 32]>::try_from(key.expose_secret())) {
            Ok(Ok(key)) => key,
            Ok(Err(_)) => return Err(Error::Defect("the key of the limits is no key".to_owned())),
            // Another master key must not keep everybody out: all that is lost with the old key is
            // the count of the last quarter of an hour.
            Err(cause) => {
                tracing::warn!(error = %cause, "the key of the sign-in limits is made anew");
                attempts::replace_hash_key(&mut tx, KEY_CONTEXT, &sealed).await?;
                fresh
            }
        };
        tx.commit().await?;
        Ok(key)
    }
}

fn keyed_hash(key: &[u8; 32], kind: &str, bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(kind.as_bytes());
    mac.update(&[0]);
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// What counts as one network address: an IPv4 address, or the /56 that a household gets in IPv6.
fn network_of(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets()[..7].to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_household_count_together() {
        let network = |text: &str| network_of(text.parse().expect("an address"));
        assert_eq!(network("2001:db8:0:1::1"), network("2001:db8:0:ff:2::9"));
        assert_ne!(network("2001:db8:0:100::1"), network("2001:db8:0:200::1"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
    }
}
