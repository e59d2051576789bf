//! When kiosks were last heard: in memory, and written down with the wall devices every few seconds, so
//! that no press waits for it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use model::DeviceId;

use crate::store::devices::Heard;

/// Kiosks that this process has heard.
#[derive(Debug, Default)]
pub(crate) struct HeardKiosks(Mutex<HashMap<DeviceId, Last>>);

#[derive(Debug)]
struct Last {
    at: DateTime<Utc>,
    address: Option<IpAddr>,
    is_written: bool,
}

impl HeardKiosks {
    fn lock(&self) -> MutexGuard<'_, HashMap<DeviceId, Last>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a kiosk was heard.
    pub fn hear(&self, id: DeviceId, at: DateTime<Utc>, address: Option<IpAddr>) {
        let last = Last {
            at,
            address,
            is_written: false,
        };
        self.lock().insert(id, last);
    }

    /// When a kiosk was last heard here.
    pub fn seen(&self, id: DeviceId) -> Option<DateTime<Utc>> {
        self.lock().get(&id).map(|last| last.at)
    }

    /// What is to be written down; from now on it counts as written.
    pub fn take(&self) -> Vec<Heard> {
        let mut all = self.lock();
        let new = all.iter_mut().filter(|(_, last)| !last.is_written);
        new.map(|(id, last)| {
            last.is_written = true;
            Heard {
                id: *id,
                seen_at: last.at,
                address: last.address.map(|address| address.to_string()),
                firmware: None,
                record_count: None,
            }
        })
        .collect()
    }

    /// Takes back that some were written down.
    pub fn put_back(&self, heard: &[Heard]) {
        let mut all = self.lock();
        for one in heard {
            if let Some(last) = all.get_mut(&one.id) {
                last.is_written = false;
            }
        }
    }
}
