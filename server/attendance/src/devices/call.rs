//! One request of a device, and the answer to it. The edge only carries bytes: which paths and methods
//! there are, and who may speak, is decided here.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::attendance::views::DeviceState;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::adms::answer::{self, Options, RegistryCode};
use super::adms::health;
use super::adms::{DeviceKind, Handshake, RawRequest, Received, Request, Serial, Version};
use super::known::Known;
use super::receive::Batch;
use crate::{Attendance, Error};

/// The largest body of a device, in bytes; the listener holds to it.
pub const LARGEST_BODY: usize = 1 << 20;

/// A request as it came over the wire.
#[derive(Clone, Copy, Debug)]
pub struct DeviceCall<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// The query as it was sent, without the question mark.
    pub query: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// Who is at the other end of the connection.
    pub address: Option<IpAddr>,
}

/// What goes back, as plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub text: String,
    /// What our clock shows: devices set theirs by it.
    pub date: DateTime<Utc>,
}

impl Attendance {
    /// Answers a device. What it delivers is committed before it hears so.
    ///
    /// # Errors
    /// When the database does not answer: then nothing was acknowledged, and the device tries again.
    pub async fn device_call(&self, call: &DeviceCall<'_>) -> Result<DeviceAnswer, Error> {
        let now = self.deps.now();
        let answer = |status: u16, text: String| DeviceAnswer {
            status,
            text,
            date: now,
        };
        let raw = RawRequest {
            method: call.method,
            path: call.path,
            query: call.query,
            body: call.body,
        };
        let received = match Received::read(&raw) {
            Ok(received) => received,
            Err(refusal) => return Ok(answer(refusal.status(), format!("{refusal}\n"))),
        };
        let address = call.address.map(|address| address.to_canonical());
        let known = self.device_heard(&received.serial, address, now).await?;
        // Whoever is not listened to keeps what it has.
        let active = known.filter(|known| known.state == DeviceState::Active);
        let Some(known) = active else {
            return Ok(answer(403, "this device is not listened to\n".to_owned()));
        };
        if let Request::Hello(hello) = &received.request {
            check_key(&known, hello);
        }
        if known.live.told_now().is_impostor {
            return Ok(answer(
                403,
                "the key of this device is another one\n".to_owned(),
            ));
        }
        if brings_something(&received.request) && !known.live.may_bring(now) {
            metrics::counter!("device_calls_refused_total").increment(1);
            return Ok(answer(429, "too many calls; try later\n".to_owned()));
        }
        if let Some(address) = address {
            self.look_where_from(&known, address, now).await?;
        }
        let text = self.answer_device(&known, &received, address, now).await?;
        Ok(answer(200, text))
    }

    async fn answer_device(
        &self,
        known: &Arc<Known>,
        received: &Received<'_>,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        let serial = &received.serial;
        Ok(match &received.request {
            Request::Hello(hello) => {
                known.live.tell(|told| told.version = hello.version);
                hello_answer(known, serial, hello.kind, now)
            }
            Request::Punches { stamp, body } => {
                let batch = Batch::punches("attlog", stamp.clone(), body);
                let lines = self.receive(known, batch, address, now).await?;
                answer::accepted(lines)
            }
            Request::Operations { stamp, body } => {
                let batch = Batch::operations(stamp.clone(), body);
                let lines = self.receive(known, batch, address, now).await?;
                answer::accepted(lines)
            }
            Request::AccessEvents { body } => {
                let batch = Batch::punches("rtlog", None, body);
                let lines = self.receive(known, batch, address, now).await?;
                answer::accepted(lines)
            }
            Request::AccessTable { name, count, body } => {
                let batch = Batch::punches("table", None, body);
                self.receive(known, batch, address, now).await?;
                answer::table_received(name, *count)
            }
            Request::Poll { info } => {
                if let Some(info) = info {
                    known.live.hear_info(info.clone());
                }
                self.commands_for(known, now).await?
            }
            Request::Results(results) => {
                self.take_results(known, results, now).await?;
                answer::OK.to_owned()
            }
            Request::AccessRegistry { .. } => answer::registered(&registry_code(known)),
            Request::AccessPush => with_options(
                known,
                serial,
                Version::OURS_ACCESS,
                now,
                answer::access_push,
            ),
            Request::Settings(_) | Request::Other { .. } | Request::Ping => answer::OK.to_owned(),
        })
    }

    /// Raises an alarm when a device speaks from elsewhere. While it stays there, nothing more is
    /// written.
    async fn look_where_from(
        &self,
        known: &Known,
        address: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let Some(alarm) = health::source_changed(&known.networks, known.home, address) else {
            if known.live.told_now().away.is_some() {
                known.live.tell(|told| told.away = None);
            }
            return Ok(());
        };
        if known.live.told_now().away == Some(address) {
            return Ok(());
        }
        let mut tx = self.deps.db.begin("attendance.device_moved").await?;
        let about = format!("{address} {}", known.zone.day_of(now));
        self.raise_in_tx(&mut tx, known.id, &alarm, &about, now)
            .await?;
        tx.commit().await?;
        known.live.tell(|told| told.away = Some(address));
        Ok(())
    }
}

/// Whether a punch that came from there came from where the device is at home.
pub(super) fn is_away(known: &Known, address: Option<IpAddr>) -> bool {
    address.is_some_and(|address| {
        health::source_changed(&known.networks, known.home, address).is_some()
    })
}

/// A device that is to send a key and sends another one is not listened to until it sends the right one.
/// Only the first call after it was switched on has the key.
fn check_key(known: &Known, hello: &Handshake) {
    let Some(expected) = &known.secret_hash else {
        return;
    };
    let sent = hello
        .comm_key
        .as_ref()
        .map(|key| Sha256::digest(key.expose()));
    let is_right = sent.is_some_and(|sent| bool::from(sent.as_slice().ct_eq(expected.as_slice())));
    if !is_right {
        tracing::warn!(device.id = %known.id, "a device sent a wrong key");
    }
    known.live.tell(|told| told.is_impostor = !is_right);
}

/// Whether a request leaves rows behind.
const fn brings_something(request: &Request<'_>) -> bool {
    matches!(
        request,
        Request::Punches { .. }
            | Request::Operations { .. }
            | Request::AccessEvents { .. }
            | Request::AccessTable { .. }
            | Request::Results(_)
    )
}

fn hello_answer(known: &Known, serial: &Serial, kind: DeviceKind, now: DateTime<Utc>) -> String {
    if kind == DeviceKind::Access {
        let code = registry_code(known);
        with_options(known, serial, Version::OURS_ACCESS, now, |options| {
            answer::access_options(&code, options)
        })
    } else {
        with_options(known, serial, Version::OURS, now, answer::options)
    }
}

fn with_options(
    known: &Known,
    serial: &Serial,
    server_version: Version,
    now: DateTime<Utc>,
    write: impl FnOnce(&Options<'_>) -> String,
) -> String {
    let told = known.live.told_now();
    write(&Options {
        punches: told.punches.as_ref(),
        operations: told.operations.as_ref(),
        utc_offset_seconds: known.zone.offset_seconds(now),
        server_version,
        ..Options::new(serial, told.version)
    })
}

/// What a door controller is known by: the same for ever, so that it need not be kept.
fn registry_code(known: &Known) -> RegistryCode {
    RegistryCode::parse(&known.id.0.simple().to_string()).expect("32 hexadecimal digits are a code")
}
