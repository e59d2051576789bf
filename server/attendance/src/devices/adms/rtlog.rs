//! What happens at doors: `rtlog`, the punches of the access-control dialect. Fields have names:
//! `time=…⇥pin=…⇥cardno=…⇥eventaddr=…⇥event=…⇥inoutstatus=…⇥verifytype=…⇥index=…`.

use super::attlog::{self, AttRecord, Line, Reason};
use super::text::{self, RawLine};
use super::time::DeviceTime;

/// Reads a body: one [`Line`] for every line that is not empty, in order.
pub fn lines(body: &[u8]) -> impl Iterator<Item = Line> + '_ {
    attlog::lines(body)
}

/// Whether a line has named fields and not columns.
pub(super) fn is_named(content: &str) -> bool {
    ["time", "pin"]
        .iter()
        .all(|name| text::value_of(content, name).is_some())
}

/// An event of a door, as a punch if somebody was let through.
pub(super) fn event(line: RawLine<'_>, content: &str) -> Result<Line, Reason> {
    let field = |name: &str| text::value_of(content, name).filter(|value| !value.is_empty());
    let event = field("event")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    // Doors write 0 for "nobody".
    let nobody = field("pin").is_none_or(|pin| pin == "0");
    if nobody || !lets_through(event) {
        return Ok(Line::Event {
            number: line.number,
            event,
            raw: text::kept(line.bytes),
        });
    }
    let time_text = field("time").ok_or(Reason::NoTime)?;
    Ok(Line::Punch(AttRecord {
        number: line.number,
        pin: attlog::pin(field("pin"))?,
        time: DeviceTime::parse(time_text).ok_or(Reason::BadTime)?,
        time_text: time_text.to_owned(),
        // Only 0 and 1 are a way; 2 says that the reader has none.
        status: attlog::status(field("inoutstatus")).filter(|status| *status < 2),
        verify: field("verifytype").and_then(|text| text.parse().ok()),
        work_code: None,
        reserved: [None, None],
        mask: field("maskflag").and_then(attlog::mask),
        temperature_tenths: field("temperature").and_then(attlog::temperature),
        utc_offset_seconds: field("timeoffset").and_then(attlog::utc_offset),
        place: None,
        raw: text::kept(line.bytes),
    }))
}

/// Events in which a person was known and a door opened for them: an ordinary one, one while the
/// door stands open anyway, one that begins such a time, one together with others, and the same
/// with fingers. All others are buttons, alarms and refusals.
fn lets_through(event: u32) -> bool {
    matches!(event, 0..=3 | 14..=19)
}

#[cfg(test)]
#[path = "rtlog_tests.rs"]
mod tests;
