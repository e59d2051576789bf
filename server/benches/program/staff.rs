//! People who clock in: a made-up staff, and each one's punch as their browser, their employer's program
//! or the device at their door sends it.

#![allow(dead_code, reason = "each program uses a part of it")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use reqwest::{Client, RequestBuilder};
use serde_json::json;

const SEED: &str = include_str!("staff.sql");
const DEVICES: u64 = 200;

/// What makes `staff` people of an empty database, numbered from one.
pub fn seed(staff: u64) -> String {
    SEED.replace("STAFF", &staff.to_string())
}

/// How one punch comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Web,
    Rest,
    Device,
}

pub const WAYS: [Way; 3] = [Way::Web, Way::Rest, Way::Device];

impl Way {
    /// Of five people one uses the page, two are told by a program, and two stand at a door.
    pub const fn of(person: u64) -> Self {
        match person % 5 {
            0 => Self::Web,
            1 | 2 => Self::Rest,
            _ => Self::Device,
        }
    }
}

/// Where the punches go.
pub struct Door {
    pub client: Client,
    /// Host and port.
    pub address: String,
    /// A token with `punches:write`.
    pub token: String,
}

impl Door {
    /// Sends somebody's punch, and says whether it was acknowledged. Sent again with the same instant it
    /// is the same punch.
    pub async fn punch(&self, person: u64, at: DateTime<Utc>) -> bool {
        let way = Way::of(person);
        let request = match way {
            Way::Web => self.web(person),
            Way::Rest => self.rest(person, at),
            Way::Device => self.device(person, at),
        };
        let Ok(answer) = request.send().await else {
            return false;
        };
        let good = answer.status().is_success();
        match answer.text().await {
            Ok(text) => good && (way != Way::Device || text.trim_end() == "OK: 1"),
            Err(_) => false,
        }
    }

    fn web(&self, person: u64) -> RequestBuilder {
        let session = URL_SAFE_NO_PAD.encode(i128::from(person).to_le_bytes());
        let url = format!("http://{}/fn/app/api/attendance/press", self.address);
        let body = json!({ "press": { "key": format!("nine-{person}"), "direction": "in" } });
        self.client
            .post(url)
            .header("cookie", format!("punctual={session}"))
            .json(&body)
    }

    fn rest(&self, person: u64, at: DateTime<Utc>) -> RequestBuilder {
        let url = format!("http://{}/api/v1/punches", self.address);
        let body = json!({ "punches": [{
            "clientKey": format!("nine-{person}"),
            "employee": person.to_string(),
            "occurredAt": at.to_rfc3339(),
            "zone": "Europe/Berlin",
            "source": "bench",
        }] });
        self.client
            .post(url)
            .bearer_auth(&self.token)
            .header("idempotency-key", format!("nine-{person}"))
            .json(&body)
    }

    fn device(&self, person: u64, at: DateTime<Utc>) -> RequestBuilder {
        let url = format!(
            "http://{}/iclock/cdata?SN=BENCH{}&table=ATTLOG&Stamp={person}",
            self.address,
            1 + person % DEVICES
        );
        let at = at.format("%Y-%m-%d %H:%M:%S");
        self.client
            .post(url)
            .body(format!("{person}\t{at}\t0\t1\t0\t0\t0\n"))
    }
}
