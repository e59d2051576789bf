//! What every service is built from.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use model::ids::Id;

use crate::clock::{Clock, Entropy};
use crate::db::Db;
use crate::hasher::Hasher;
use crate::vault::Vault;

/// Database, clock, randomness, HTTP, vault and hasher; cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The client for every call out.
    pub http: reqwest::Client,
    /// Seals and opens secrets.
    pub vault: Vault,
    /// Hashes and compares what people type.
    pub hasher: Hasher,
}

impl Deps {
    /// The present instant in whole microseconds, which is what Postgres keeps.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    /// A fresh id.
    pub fn new_id<T: Id>(&self) -> T {
        let mut random = [0_u8; 10];
        self.entropy.fill(&mut random);
        let millis = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0);
        T::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// A secret text of `N` random bytes in hex, for links and tokens.
    pub fn secret_hex<const N: usize>(&self) -> String {
        let mut random = [0_u8; N];
        self.entropy.fill(&mut random);
        random.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
