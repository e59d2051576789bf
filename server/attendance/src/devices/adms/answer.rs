//! What goes back to a device. Always `text/plain`, with a `Date` header: devices set their clocks by
//! it.

use std::fmt::Write as _;

use super::command::{Command, CommandId};
use super::serial::{Serial, Stamp};
use super::version::Version;

/// The answer when nothing else is to be said.
pub const OK: &str = "OK";

/// How a device is to behave.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// Whom it is for.
    pub serial: &'a Serial,
    /// The last stamp of its punches; none asks for all of them.
    pub punches: Option<&'a Stamp>,
    /// The last stamp of its operations; none asks for all of them.
    pub operations: Option<&'a Stamp>,
    /// Seconds until it tries again after an error.
    pub error_delay_seconds: u16,
    /// Seconds between two polls for commands.
    pub delay_seconds: u16,
    /// How far its zone is from UTC now. Devices know no rules of summer time.
    pub utc_offset_seconds: i32,
    /// What the device said it speaks.
    pub device_version: Option<Version>,
    /// What we say we speak.
    pub server_version: Version,
}

impl<'a> Options<'a> {
    /// The usual: a minute after errors, a poll every half minute, all that it has.
    pub fn new(serial: &'a Serial, device_version: Option<Version>) -> Self {
        Self {
            serial,
            punches: None,
            operations: None,
            error_delay_seconds: 60,
            delay_seconds: 30,
            utc_offset_seconds: 0,
            device_version,
            server_version: Version::OURS,
        }
    }

    /// Firmware from before the protocol had versions.
    fn is_old(&self) -> bool {
        self.device_version
            .is_none_or(|version| version < Version::LEAST)
    }
}

/// The answer to a handshake: the options, one a line.
///
/// Only punches and operations are asked for. Photographs, people and templates stay where they are.
pub fn options(options: &Options<'_>) -> String {
    let all = Stamp::everything();
    let punches = options.punches.unwrap_or(&all);
    let operations = options.operations.unwrap_or(&all);
    let mut lines = vec![
        format!("GET OPTION FROM: {}", options.serial),
        format!("ATTLOGStamp={punches}"),
        format!("OPERLOGStamp={operations}"),
        "ATTPHOTOStamp=None".to_owned(),
    ];
    if options.is_old() {
        // The names of these before each kind of data had one of its own.
        lines.push(format!("Stamp={punches}"));
        lines.push(format!("OpStamp={operations}"));
    }
    lines.extend([
        format!("ErrorDelay={}", options.error_delay_seconds.clamp(30, 300)),
        format!("Delay={}", options.delay_seconds.clamp(2, 60)),
        "TransTimes=00:00;14:05".to_owned(),
        "TransInterval=1".to_owned(),
        format!("TransFlag={}", data_wanted(options.is_old())),
        format!("TimeZone={}", time_zone(options.utc_offset_seconds)),
        "Realtime=1".to_owned(),
        "Encrypt=None".to_owned(),
        format!("ServerVer={}", options.server_version),
        format!(
            "PushProtVer={}",
            Version::agreed(options.device_version, options.server_version)
        ),
    ]);
    joined(lines)
}

/// Punches and operations: by name, or as the first two of the places that old firmware knows.
fn data_wanted(old: bool) -> &'static str {
    if old {
        "1100000000"
    } else {
        "TransData AttLog\tOpLog"
    }
}

/// Whole hours, or minutes where the zone is no whole number of hours away. A device tells them apart
/// by size.
fn time_zone(utc_offset_seconds: i32) -> i32 {
    let minutes = utc_offset_seconds.clamp(-14 * 3_600, 14 * 3_600) / 60;
    if minutes % 60 == 0 {
        minutes / 60
    } else {
        minutes
    }
}

/// The acknowledgement of that many lines, those that could not be read included.
pub fn accepted(lines: usize) -> String {
    format!("OK: {lines}")
}

/// The answer to a poll: the commands, or `OK` when there are none. What does not fit is left for
/// the next poll; the number of commands that are in it is given back.
pub fn poll<'c>(
    commands: impl IntoIterator<Item = (&'c CommandId, &'c Command)>,
) -> (String, usize) {
    /// Devices take 900 kB at once; far less is quickly on its way.
    const BYTES: usize = 64 * 1_024;
    let (mut text, mut count) = (String::new(), 0);
    for (id, command) in commands {
        let before = text.len();
        // Writing to a string does not fail.
        let _ = writeln!(text, "C:{id}:{command}");
        if text.len() > BYTES && count > 0 {
            text.truncate(before);
            break;
        }
        count += 1;
    }
    if count == 0 {
        (OK.to_owned(), 0)
    } else {
        (text, count)
    }
}

/// The answer to the handshake of a door controller.
pub fn access_options(code: &RegistryCode, options: &Options<'_>) -> String {
    let mut lines = vec!["registry=ok".to_owned(), format!("RegistryCode={code}")];
    lines.extend(access_lines(options));
    joined(lines)
}

/// The answer to a door controller that registers itself.
pub fn registered(code: &RegistryCode) -> String {
    format!("RegistryCode={code}")
}

/// The answer to a door controller that asks for its options.
pub fn access_push(options: &Options<'_>) -> String {
    joined(access_lines(options))
}

fn access_lines(options: &Options<'_>) -> Vec<String> {
    let version = Version::agreed(options.device_version, options.server_version);
    vec![
        format!("ServerVersion={}", options.server_version),
        "ServerName=Punctual".to_owned(),
        format!("PushProtVer={version}"),
        format!("ErrorDelay={}", options.error_delay_seconds.clamp(30, 300)),
        format!("RequestDelay={}", options.delay_seconds.clamp(2, 60)),
        "TransTimes=00:00;14:05".to_owned(),
        "TransInterval=1".to_owned(),
        // Not `User`: it holds passwords and cards.
        "TransTables=Transaction".to_owned(),
        "Realtime=1".to_owned(),
        "TimeoutSec=10".to_owned(),
    ]
}

/// The answer to a table of a door controller: anything but its name and count is taken for a loss.
pub fn table_received(name: &str, count: u32) -> String {
    format!("{name}={count}")
}

/// What a door controller was given when it registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryCode(String);

impl RegistryCode {
    /// Takes 1 to 32 letters and digits.
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        fits.then(|| Self(text.to_owned()))
    }
}

impl std::fmt::Display for RegistryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn joined(lines: Vec<String>) -> String {
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
