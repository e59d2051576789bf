//! A tablet becomes a kiosk: somebody who keeps devices types a set-up code into it, once.

use std::net::IpAddr;

use platform::clock::Entropy;
use serde_json::json;

use super::enter::seconds_until;
use super::{Refusal, SETUP_WINDOW, SETUPS_OF_ALL, SETUPS_OF_NETWORK, digest, kiosk_itself};
use crate::store::{kiosk_tries as tries, kiosks};
use crate::{Attendance, Error};

/// Letters and digits that are not taken for one another: 32, so that each is five bits.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many of them make a code: forty bits, which last for half an hour under a limit.
const LENGTH: usize = 8;

/// A set-up code before it is a digest.
pub(super) struct SetupCode(String);

impl SetupCode {
    /// A fresh one.
    pub(super) fn new(entropy: &dyn Entropy) -> Self {
        let mut random = [0_u8; LENGTH];
        entropy.fill(&mut random);
        let letters = random.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        Self(letters.iter().collect())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// In two halves, for people.
    pub(super) fn shown(&self) -> String {
        let (first, second) = self.0.split_at(LENGTH / 2);
        format!("{first}-{second}")
    }
}

/// As what a code is kept, however it was typed.
pub(super) fn code_digest(typed: &str) -> [u8; 32] {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    let letters = letters.map(|letter| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    digest("set-up code", &letters.take(64).collect::<String>())
}

impl Attendance {
    /// Signs a tablet in as the kiosk whose set-up code it has, and gives the secret that it is known
    /// by from then on. The code is used up.
    ///
    /// # Errors
    /// [`Refusal::SetupCode`] for a code that is wrong, used or has run out; [`Refusal::SetupSlowed`]
    /// after too many tries, even with a right one.
    pub async fn set_kiosk_up(&self, code: &str, from: IpAddr) -> Result<String, Error> {
        let now = self.deps.now();
        self.count_setup(from).await?;
        let secret = self.deps.secret_hex::<32>();
        let mut tx = self.deps.db.begin("attendance.set_kiosk_up").await?;
        let known_by = digest("secret", &secret);
        let found = kiosks::set_up(&mut tx, &code_digest(code), &known_by, now).await?;
        let kiosk = found.ok_or(Refusal::SetupCode)?;
        let subject = format!("device:{}", kiosk.id);
        self.audit_as_in_tx(
            &mut tx,
            &kiosk_itself(),
            "kiosk.set_up".to_owned(),
            subject,
            json!({}),
        )
        .await?;
        self.tell_of_device_in_tx(&mut tx, kiosk.id, now).await?;
        tx.commit().await?;
        self.kiosks.hear(kiosk.id, now, Some(from));
        tracing::info!(device.id = %kiosk.id, "a kiosk was set up");
        Ok(secret)
    }

    /// Whether a tablet is still signed in as a kiosk; it is heard by that.
    ///
    /// # Errors
    /// [`Refusal::SignedOut`].
    pub async fn kiosk_is_there(&self, secret: &str, from: Option<IpAddr>) -> Result<(), Error> {
        let mut conn = self.deps.db.read().await?;
        self.kiosk_of(&mut conn, secret, from).await?;
        Ok(())
    }

    /// Counts a try before anything is compared. Codes are short, so everybody together has a limit.
    async fn count_setup(&self, from: IpAddr) -> Result<(), Error> {
        let now = self.deps.now();
        let network = network_of(from);
        let mut tx = self.deps.db.begin("attendance.count_setup").await?;
        tries::wait_for(&mut tx, "set-up").await?;
        let since = now - SETUP_WINDOW;
        let near =
            tries::newest_of_network(&mut tx, Some(&network), since, SETUPS_OF_NETWORK).await?;
        let all = tries::newest_of_network(&mut tx, None, since, SETUPS_OF_ALL).await?;
        if let Some(oldest) = near.max(all) {
            let retry_after_s = seconds_until(oldest + SETUP_WINDOW, now);
            return Err(Refusal::SetupSlowed { retry_after_s }.into());
        }
        tries::insert_setup(&mut tx, &network, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What an address counts for: a household or a company gets a whole network of IPv6.
fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(four) => four.to_string(),
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = code_digest("01AB-XYZ9");
        for typed in ["01abxyz9", " O1AB XYZ9 ", "oiab-xyz9", "0LAB-XYZ9"] {
            assert_eq!(code_digest(typed), code, "{typed}");
        }
        assert_ne!(code_digest("01AB-XYZ8"), code);
    }

    #[test]
    fn a_network_of_the_new_protocol_counts_as_one() {
        let network = |text: &str| network_of(text.parse().expect("an address"));
        assert_eq!(network("2001:db8:1:2::5"), network("2001:db8:1:2:3::"));
        assert_ne!(network("2001:db8:1:2::5"), network("2001:db8:1:3::5"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
