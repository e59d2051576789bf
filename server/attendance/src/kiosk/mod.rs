//! Kiosks: tablets at the door on which people clock in with number and PIN, or with a code that their own
//! page shows.
//!
//! * [`keep`]: what those do who keep devices: add, block, hand out set-up codes. [`sign_in`]: a tablet
//!   becomes a kiosk with such a code, and is known by a secret from then on.
//! * [`enter`]: who is there, under limits. It gives a *ticket*, good for one press at that kiosk within a
//!   minute; [`press`] takes it. [`show`]: what the page shows at each step, of that person alone.
//! * [`pin`]: a person's own number and PIN. [`code`]: the code of the own page.
//! * [`heard`]: when kiosks were last heard. [`refusal`]: how a kiosk says no.
//!
//! A kiosk is nobody: nothing here takes an actor but what people do on pages of their own. Secrets,
//! set-up codes, tickets and codes are kept as digests only, PINs as PHC strings of argon2id.

pub mod code;
pub mod enter;
pub(crate) mod heard;
pub mod keep;
pub mod pin;
pub(crate) mod pins;
pub mod press;
pub mod refusal;
pub mod show;
pub mod sign_in;

pub use refusal::Refusal;

use std::net::IpAddr;

use chrono::TimeDelta;
use model::permission::Who;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use crate::store::kiosks::{self, SignedIn};
use crate::{Attendance, Error};

/// For how long a set-up code can be used.
pub const SETUP_MINUTES: i64 = 30;
/// For how long a ticket is good.
pub const TICKET_SECONDS: i64 = 60;
/// For how long a kiosk says what was pressed.
pub const DONE_SECONDS: i64 = 8;
/// For how long the code of the own page is good.
pub const CODE_SECONDS: u32 = 60;

/// So many wrong PINs within [`NUMBER_WINDOW`] lock a number for [`NUMBER_LOCK`].
pub const WRONG_OF_NUMBER: i64 = 5;
pub(crate) const NUMBER_WINDOW: TimeDelta = TimeDelta::minutes(15);
pub(crate) const NUMBER_LOCK: TimeDelta = TimeDelta::minutes(15);
/// So many wrong tries within [`KIOSK_WINDOW`], with whatever numbers, slow a kiosk down.
pub const WRONG_OF_KIOSK: i64 = 30;
pub(crate) const KIOSK_WINDOW: TimeDelta = TimeDelta::minutes(10);
/// So many tries to set a kiosk up are taken from one network, and from everywhere, within
/// [`SETUP_WINDOW`].
pub const SETUPS_OF_NETWORK: i64 = 10;
/// From everywhere.
pub const SETUPS_OF_ALL: i64 = 50;
pub(crate) const SETUP_WINDOW: TimeDelta = TimeDelta::minutes(15);

impl Attendance {
    /// The kiosk of a secret; it is now heard.
    pub(crate) async fn kiosk_of(
        &self,
        conn: &mut PgConnection,
        secret: &str,
        address: Option<IpAddr>,
    ) -> Result<SignedIn, Error> {
        let found = kiosks::signed_in(conn, &digest("secret", secret)).await?;
        let kiosk = found.ok_or(Refusal::SignedOut)?;
        self.kiosks.hear(kiosk.id, self.deps.now(), address);
        Ok(kiosk)
    }
}

/// The audit log's words for a kiosk itself.
pub(crate) fn kiosk_itself() -> Who {
    Who::System {
        part: "kiosk".to_owned(),
    }
}

/// As what something secret is kept. `what` keeps digests of one kind from being those of another.
pub(crate) fn digest(what: &str, secret: &str) -> [u8; 32] {
    let hash = Sha256::new()
        .chain_update("punctual kiosk ")
        .chain_update(what)
        .chain_update([0])
        .chain_update(secret);
    hash.finalize().into()
}
