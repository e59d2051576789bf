//! Keep first, read later: what a device delivers is committed before anything is made of it, and before
//! the device hears that it may forget it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use platform::faults;

use super::adms::Stamp;
use super::adms::attlog::{self, Line};
use super::adms::operlog::{self, Entry};
use super::known::Known;
use crate::store::devices_batches;
pub(crate) use crate::store::devices_batches::NewBatch as Kept;
use crate::{Attendance, Error};

/// No larger batch than this, in bytes, is kept together with others.
const SMALL_BODY: usize = 64 << 10;

/// What is about to be kept.
pub(super) struct Batch<'a> {
    /// Which lines it has.
    pub kind: &'static str,
    pub stamp: Option<Stamp>,
    pub body: Cow<'a, [u8]>,
    /// How many lines it has, as they are acknowledged.
    pub lines: usize,
}

impl<'a> Batch<'a> {
    /// Punches, byte for byte but for temperatures.
    pub fn punches(kind: &'static str, stamp: Option<Stamp>, body: &'a [u8]) -> Self {
        Self {
            kind,
            stamp,
            lines: attlog::count(body),
            body: without_temperatures(body),
        }
    }

    /// Operations, without what is never kept: templates, photographs, passwords and names.
    pub fn operations(stamp: Option<Stamp>, body: &[u8]) -> Self {
        let (body, lines) = reduced(body);
        Self {
            kind: "operlog",
            stamp,
            body: Cow::Owned(body.into_bytes()),
            lines,
        }
    }
}

/// Punches without the temperatures of those who made them: that is about somebody's health.
fn without_temperatures(body: &[u8]) -> Cow<'_, [u8]> {
    let with_one: HashSet<usize> = attlog::lines(body)
        .filter_map(|line| match line {
            Line::Punch(record) if record.temperature_tenths.is_some() => Some(record.number),
            _ => None,
        })
        .collect();
    if with_one.is_empty() {
        return Cow::Borrowed(body);
    }
    let lines = body.split(|byte| *byte == b'\n');
    let lines = (1..)
        .zip(lines)
        .map(|(number, line)| match with_one.contains(&number) {
            true => without_temperature(line),
            false => line.to_vec(),
        });
    Cow::Owned(lines.collect::<Vec<_>>().join(&b'\n'))
}

fn without_temperature(line: &[u8]) -> Vec<u8> {
    const NAMED: &[u8] = b"temperature=";
    let is_named = |field: &[u8]| {
        field
            .windows(NAMED.len())
            .any(|part| part.eq_ignore_ascii_case(NAMED))
    };
    let has_names = line.split(|byte| *byte == b'\t').any(is_named);
    let fields = line.split(|byte| *byte == b'\t').enumerate();
    let fields = fields.map(|(at, field)| match has_names {
        true if is_named(field) => NAMED,
        // As it was measured, and as it was converted.
        false if matches!(at, 8 | 9) => b"",
        _ => field,
    });
    fields.collect::<Vec<_>>().join(&b'\t')
}

/// The lines of operations with only what is kept of each, and how many there are.
fn reduced(body: &[u8]) -> (String, usize) {
    let mut text = String::new();
    let mut lines = 0;
    for entry in operlog::lines(body) {
        lines += 1;
        // Writing to a string does not fail.
        let _ = match entry {
            Entry::Operation(operation) => writeln!(text, "{}", operation.raw),
            Entry::User(user) => match user.privilege {
                Some(privilege) => writeln!(text, "USER PIN={}\tPri={privilege}", user.pin),
                None => writeln!(text, "USER PIN={}", user.pin),
            },
            Entry::NotKept { .. } => writeln!(text, "BIODATA"),
            Entry::Garbage { raw, .. } => {
                writeln!(text, "{}", if raw.is_empty() { "?" } else { &raw })
            }
        };
    }
    (text, lines)
}

impl Attendance {
    /// Keeps a batch and reads it. The number of its lines, which comes back, may be acknowledged.
    ///
    /// # Errors
    /// When it could not be kept. That it could not be read is no error: it is read later.
    pub(super) async fn receive(
        &self,
        known: &Arc<Known>,
        batch: Batch<'_>,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<usize, Error> {
        let lines = batch.lines;
        if lines == 0 {
            return Ok(0);
        }
        let kept = Kept {
            device: known.id,
            kind: batch.kind,
            stamp: batch.stamp.as_ref().map(|stamp| stamp.as_str().to_owned()),
            body: batch.body.into_owned(),
            address: address.map(|address| address.to_string()),
            received_at: now,
            lines: i32::try_from(lines).unwrap_or(i32::MAX),
        };
        let kind = kept.kind;
        if kept.body.len() <= SMALL_BODY {
            self.shared.batches.ask(self, kept).await?;
        } else {
            keep_all(self.clone(), vec![kept]).await?;
        }
        metrics::counter!("device_batches_total", "kind" => kind).increment(1);
        known.live.stamp(kind, batch.stamp);
        Ok(lines)
    }
}

/// Keeps batches, and then reads them.
pub(crate) async fn keep_all(this: Attendance, kept: Vec<Kept>) -> Result<Vec<()>, sqlx::Error> {
    // One statement, so it commits by itself.
    let ids = devices_batches::insert(&mut *this.deps.db.read().await?, &kept).await?;
    faults::point("devices.kept");
    this.work_off(&ids).await;
    Ok(kept.iter().map(|_| ()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperatures_are_not_kept_and_all_else_is() {
        let plain = b"31\t2026-10-05 06:58:10\t0\t1\t0\t0\t0\n";
        assert_eq!(*without_temperatures(plain), *plain);
        let body = b"31\t2026-10-05 06:58:10\t0\t1\t0\t0\t0\t1\t36.6\t36.6\t+7200\t\r\n\
            32\t2026-10-05 06:59:10\t0\t1\n\
            time=2026-10-05 07:00:00\tpin=33\tevent=0\tmaskflag=0\ttemperature=37.1\n";
        let kept = without_temperatures(body);
        let expected = b"31\t2026-10-05 06:58:10\t0\t1\t0\t0\t0\t1\t\t\t+7200\t\r\n\
            32\t2026-10-05 06:59:10\t0\t1\n\
            time=2026-10-05 07:00:00\tpin=33\tevent=0\tmaskflag=0\ttemperature=\n";
        assert_eq!(
            String::from_utf8_lossy(&kept),
            String::from_utf8_lossy(expected)
        );
        let keys = |body: &[u8]| -> Vec<_> {
            attlog::lines(body)
                .filter_map(|line| match line {
                    Line::Punch(record) => {
                        Some((record.pin, record.time, record.utc_offset_seconds))
                    }
                    _ => None,
                })
                .collect()
        };
        assert_eq!(keys(&kept), keys(body));
    }

    #[test]
    fn what_is_kept_of_operations_has_as_many_lines_and_nothing_of_a_body() {
        let body = b"OPLOG 21\t1\t2026-10-05 11:30:00\t0\n\
            USER PIN=38\tName=Ann Lee\tPri=14\tPasswd=1234\n\
            FP PIN=38\tTMP=template\n\
            FUTURE PIN=38\tTMP=template\n\
            USER Name=Ann Lee\n";
        let (text, lines) = reduced(body);
        assert_eq!(lines, 5);
        assert_eq!(operlog::lines(text.as_bytes()).count(), 5);
        assert!(text.contains("OPLOG 21\t1\t2026-10-05 11:30:00"));
        for gone in ["Ann", "1234", "template"] {
            assert!(!text.contains(gone), "{text}");
        }
    }
}
