//! Secrets at rest, sealed under the master key.
//!
//! A sealed secret is `key id (4 bytes) ‖ nonce (24) ‖ ciphertext and tag`, XChaCha20-Poly1305. It
//! opens only in the context it was sealed for (`gateway:stripe:webhook_secret`, say), so a row
//! copied to another place is worthless there. The key id says which key sealed it: after a change
//! of the master key the old one goes on opening what it sealed.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretBox, SecretSlice, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::clock::Entropy;

const KEY_ID: usize = 4;
const NONCE: usize = 24;
const TAG: usize = 16;

/// Why a sealed secret did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Too short to be a sealed secret.
    #[error("this is not a sealed secret")]
    Malformed,
    /// Sealed under a master key that this process does not have.
    #[error("the secret was sealed under another master key")]
    UnknownKey,
    /// Changed, or sealed for another context.
    #[error("the secret was changed or belongs to another place")]
    Refused,
    /// Opened as text, but it is none.
    #[error("the secret is not text")]
    NotText,
}

struct SealingKey {
    id: [u8; KEY_ID],
    bytes: SecretBox<[u8; 32]>,
}

impl SealingKey {
    fn new(bytes: SecretBox<[u8; 32]>) -> Self {
        let digest = Sha256::new()
            .chain_update(b"punctual vault key id")
            .chain_update(bytes.expose_secret())
            .finalize();
        let mut id = [0_u8; KEY_ID];
        id.copy_from_slice(&digest[..KEY_ID]);
        Self { id, bytes }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes.expose_secret().into())
    }
}

/// Seals and opens secrets; cheap to clone.
#[derive(Clone)]
pub struct Vault {
    /// The first one seals; all of them open.
    keys: Arc<[SealingKey]>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("keys", &self.keys.len())
            .finish()
    }
}

impl Vault {
    /// A vault under one master key.
    pub fn new(master_key: SecretBox<[u8; 32]>) -> Self {
        Self::with_old_keys(master_key, Vec::new())
    }

    /// A vault that seals under the master key and also opens what older keys sealed.
    pub fn with_old_keys(master_key: SecretBox<[u8; 32]>, old: Vec<SecretBox<[u8; 32]>>) -> Self {
        Self {
            keys: std::iter::once(master_key)
                .chain(old)
                .map(SealingKey::new)
                .collect(),
        }
    }

    /// Seals a secret for a context.
    ///
    /// # Panics
    /// Never in practice: only a secret of more than 256 GiB is refused.
    pub fn seal(&self, entropy: &dyn Entropy, context: &str, plain: &[u8]) -> Vec<u8> {
        let key = &self.keys[0];
        let mut nonce = [0_u8; NONCE];
        entropy.fill(&mut nonce);
        let sealed = key
            .cipher()
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: context.as_bytes(),
                },
            )
            .expect("a secret is far shorter than the cipher's limit");
        let mut out = Vec::with_capacity(KEY_ID + NONCE + sealed.len());
        out.extend_from_slice(&key.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens a sealed text.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<SecretString, VaultError> {
        let bytes = self.open_bytes(context, sealed)?;
        let text = std::str::from_utf8(bytes.expose_secret()).map_err(|_| VaultError::NotText)?;
        Ok(SecretString::from(text))
    }

    /// Opens sealed bytes.
    ///
    /// # Errors
    /// See [`VaultError`]; never [`VaultError::NotText`].
    pub fn open_bytes(&self, context: &str, sealed: &[u8]) -> Result<SecretSlice<u8>, VaultError> {
        if sealed.len() < KEY_ID + NONCE + TAG {
            return Err(VaultError::Malformed);
        }
        let (id, rest) = sealed.split_at(KEY_ID);
        let (nonce, body) = rest.split_at(NONCE);
        let key = self
            .keys
            .iter()
            .find(|key| key.id == id)
            .ok_or(VaultError::UnknownKey)?;
        let mut nonce_bytes = [0_u8; NONCE];
        nonce_bytes.copy_from_slice(nonce);
        let plain = key
            .cipher()
            .decrypt(
                &XNonce::from(nonce_bytes),
                Payload {
                    msg: body,
                    aad: context.as_bytes(),
                },
            )
            .map_err(|_| VaultError::Refused)?;
        let plain = Zeroizing::new(plain);
        Ok(SecretSlice::from(plain.to_vec()))
    }

    /// Whether a secret was sealed under an older key and should be sealed again.
    pub fn is_stale(&self, sealed: &[u8]) -> bool {
        !sealed.starts_with(&self.keys[0].id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::SeededEntropy;

    fn key(byte: u8) -> SecretBox<[u8; 32]> {
        SecretBox::new(Box::new([byte; 32]))
    }

    #[test]
    fn a_secret_opens_only_in_its_own_context() {
        let vault = Vault::new(key(7));
        let sealed = vault.seal(&SeededEntropy::new(1), "gateway:stripe", b"sk_test");
        let opened = vault.open("gateway:stripe", &sealed).expect("same context");
        assert_eq!(opened.expose_secret(), "sk_test");
        assert_eq!(
            vault.open("gateway:paypal", &sealed).err(),
            Some(VaultError::Refused)
        );
    }

    #[test]
    fn an_older_key_still_opens_and_shows_as_stale() {
        let sealed = Vault::new(key(1)).seal(&SeededEntropy::new(1), "a", b"s");
        let vault = Vault::with_old_keys(key(2), vec![key(1)]);
        assert_eq!(
            vault.open("a", &sealed).expect("old key").expose_secret(),
            "s"
        );
        assert!(vault.is_stale(&sealed));
        assert!(!vault.is_stale(&vault.seal(&SeededEntropy::new(1), "a", b"s")));
        assert_eq!(
            Vault::new(key(2)).open("a", &sealed).err(),
            Some(VaultError::UnknownKey)
        );
    }

    #[test]
    fn no_key_shows_in_debug_output() {
        assert_eq!(format!("{:?}", Vault::new(key(1))), "Vault { keys: 1 }");
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens(secret: Vec<u8>, context: String, seed: u64) {
            let vault = Vault::new(key(3));
            let sealed = vault.seal(&SeededEntropy::new(seed), &context, &secret);
            prop_assert_eq!(sealed.len(), KEY_ID + NONCE + TAG + secret.len());
            let opened = vault.open_bytes(&context, &sealed).expect("it was sealed here");
            prop_assert_eq!(opened.expose_secret(), secret.as_slice());
        }

        #[test]
        fn any_flipped_bit_is_noticed(secret: Vec<u8>, at: prop::sample::Index, bit in 0_u8..8) {
            let vault = Vault::new(key(3));
            let mut sealed = vault.seal(&SeededEntropy::new(5), "c", &secret);
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert!(vault.open_bytes("c", &sealed).is_err());
        }

        #[test]
        fn noise_is_refused_without_a_panic(noise: Vec<u8>) {
            prop_assert!(Vault::new(key(3)).open("c", &noise).is_err());
        }
    }
}
