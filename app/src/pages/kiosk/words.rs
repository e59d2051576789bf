//! What a kiosk says. Pure.

use model::attendance::day::{Direction, Presence};
use model::attendance::views::KioskCard;
use model::time::Stamp;

use crate::pages::attendance::words::presence_word;
use crate::ui::Icon;

/// Why a form was refused, by the code of its problem: what happened, and what to do.
pub fn refusal(code: &str) -> (&'static str, &'static str) {
    match code {
        "kiosk_refused" => (
            "Number and PIN do not match",
            "Check both and try again. You set your PIN on your own page, under My month.",
        ),
        "kiosk_qr_refused" => (
            "This code has run out or was used",
            "Scan the one that your page shows now.",
        ),
        "kiosk_number_locked" => (
            "Too many wrong PINs for this number",
            "Wait a quarter of an hour, or scan the code of your own page.",
        ),
        "kiosk_slowed" => (
            "Too many wrong tries at this kiosk",
            "Wait a few minutes and try again.",
        ),
        "kiosk_too_late" => (
            "That took longer than a minute",
            "Nothing was pressed. Begin again.",
        ),
        "kiosk_code_refused" => (
            "This set-up code does not work",
            "It can be used once and within 30 minutes. Make a new one on the page of devices.",
        ),
        "kiosk_setup_slowed" => (
            "Too many set-up codes were tried",
            "Wait a quarter of an hour and try again.",
        ),
        "kiosk_signed_out" => (
            "This tablet is no longer a kiosk",
            "It was blocked, or a new set-up code was made for it.",
        ),
        _ => ("That did not work", "Nothing was pressed. Try again."),
    }
}

/// What a button does.
pub const fn verb(direction: Direction) -> (&'static str, Icon) {
    match direction {
        Direction::In => ("Clock in", Icon::ArrowRight),
        Direction::Out => ("Clock out", Icon::SignOut),
        Direction::BreakOut => ("Start break", Icon::Clock),
        Direction::BreakIn => ("End break", Icon::ArrowRight),
        Direction::Unknown => ("Clock", Icon::Clock),
    }
}

/// What was done.
pub const fn done(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "Clocked in",
        Direction::Out => "Clocked out",
        Direction::BreakOut => "Break started",
        Direction::BreakIn => "Break ended",
        Direction::Unknown => "Clocked",
    }
}

/// How somebody stands: `Clocked in since 09:02`; of another day with its date.
pub fn standing(card: &KioskCard, now: &Stamp) -> String {
    let word = presence_word(card.state);
    match &card.since {
        Some(since) if card.state != Presence::Out || since.date() == now.date() => {
            let at = match since.date() == now.date() {
                true => since.clock(),
                false => since.date_time(),
            };
            format!("{word} since {at}")
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn standing_has_a_date_when_it_is_another_days() {
        let now = Stamp::utc(DateTime::UNIX_EPOCH + TimeDelta::hours(30));
        let card = |state, hours: i64| KioskCard {
            first_name: "Ana".to_owned(),
            state,
            since: Some(Stamp::utc(DateTime::UNIX_EPOCH + TimeDelta::hours(hours))),
            counted_minutes: 0,
            incomplete: 0,
        };
        let said = |state, hours| standing(&card(state, hours), &now);
        assert_eq!(said(Presence::In, 25), "Clocked in since 01:00");
        assert_eq!(said(Presence::In, 22), "Clocked in since 1 Jan 1970, 22:00");
        assert_eq!(said(Presence::Out, 22), "Clocked out");
        assert_eq!(said(Presence::Break, 29), "On a break since 05:00");
    }
}
