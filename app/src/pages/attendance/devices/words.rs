//! What is said of devices. Pure.

use model::attendance::views::{CommandState, CommandView, DeviceState, DeviceView, KioskView};
use model::time::Stamp;

use crate::format::duration;
use crate::ui::Tone;

/// A clock that is behind by no more than this is right, in seconds.
const SLOW: i32 = 5;
/// One that is ahead by no more than this is right as well.
const FAST: i32 = -5;

/// Whether a device is listened to.
pub const fn state_words(state: DeviceState) -> (&'static str, Tone) {
    match state {
        DeviceState::Pending => ("Waits to be accepted", Tone::Caution),
        DeviceState::Active => ("Listened to", Tone::Positive),
        DeviceState::Blocked => ("Blocked", Tone::Neutral),
    }
}

/// How a kiosk stands.
pub const fn kiosk_words(kiosk: &KioskView) -> (&'static str, Tone) {
    match kiosk.state {
        DeviceState::Blocked => ("Blocked", Tone::Neutral),
        _ if kiosk.signed_in => ("Signed in", Tone::Positive),
        _ if kiosk.setup_until.is_some() => ("Waits to be set up", Tone::Caution),
        _ => ("Signed out", Tone::Caution),
    }
}

/// The name of a device; its serial number as long as it has none.
pub fn name_of(device: &DeviceView) -> String {
    match device.name.as_str() {
        "" => device.serial.clone(),
        name => name.to_owned(),
    }
}

/// What a device was asked last, and how far that is.
pub fn asked(command: &CommandView) -> String {
    let state = match command.state {
        CommandState::Queued => "waits for its next poll since",
        CommandState::Sent => "sent and not answered yet,",
        CommandState::Done => "answered",
        CommandState::Failed => "failed",
    };
    let mut words = format!("{}: {state} {}", command.text, command.at.date_time());
    if let (CommandState::Failed, Some(result)) = (command.state, &command.result) {
        words.push_str(", ");
        words.push_str(result);
    }
    words
}

/// How long ago something was: `2 min ago`.
pub fn ago(at: &Stamp, now: &Stamp) -> String {
    match (now.at - at.at).num_seconds() {
        ..=9 => "just now".to_owned(),
        seconds => format!("{} ago", duration(seconds)),
    }
}

/// How wrong a clock is, by the seconds that it is behind: `4 min fast`, `20 s slow`, `right`.
pub fn clock(behind: i32) -> String {
    let by = duration(i64::from(behind.unsigned_abs()));
    if (FAST..=SLOW).contains(&behind) {
        "right".to_owned()
    } else if behind > 0 {
        format!("{by} slow")
    } else {
        format!("{by} fast")
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn clocks_are_slow_or_fast() {
        assert_eq!(clock(0), "right");
        assert_eq!(clock(-5), "right");
        assert_eq!(clock(20), "20 s slow");
        assert_eq!(clock(-250), "4 min fast");
    }

    #[test]
    fn what_was_asked_says_how_far_it_is() {
        let said = |state, result: Option<&str>| {
            asked(&CommandView {
                text: "Send everything again".to_owned(),
                state,
                at: Stamp::utc(DateTime::UNIX_EPOCH),
                result: result.map(str::to_owned),
            })
        };
        let since = "Send everything again: waits for its next poll since ";
        assert!(said(CommandState::Queued, None).starts_with(since));
        assert!(!said(CommandState::Done, Some("done")).contains(", done"));
        let failed = said(CommandState::Failed, Some("this device cannot do that"));
        assert!(failed.ends_with(", this device cannot do that"));
    }

    #[test]
    fn ages_are_short() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let ago = |seconds| {
            let at = now - TimeDelta::seconds(seconds);
            super::ago(&Stamp::utc(at), &Stamp::utc(now))
        };
        assert_eq!(ago(3), "just now");
        assert_eq!(ago(-3), "just now");
        assert_eq!(ago(40), "40 s ago");
        assert_eq!(ago(150), "2 min ago");
    }
}
