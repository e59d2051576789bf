//! The words of attendance for people: what a day is, what is to be known of it, how long things
//! take. Every page of attendance takes them from here. Pure, so both sides draw the same.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::attendance::accrual::Part;
use model::attendance::day::{Day, DayStatus, Direction, Disposition, Flag, Presence, Status};
use model::attendance::swap::SwapState;
use model::attendance::views::{CorrectionState, LeaveState};

use crate::format;
use crate::ui::{Chip, Icon, Tone};

/// What a status says: its word, what it means, and its picture.
const fn of_status(status: Status) -> (&'static str, Tone, Icon) {
    match status {
        Status::Pending => ("Not over yet", Tone::Info, Icon::Clock),
        Status::Incomplete => ("Punch missing", Tone::Caution, Icon::Alert),
        Status::OnLeave => ("On leave", Tone::Leave, Icon::Calendar),
        Status::Holiday => ("Holiday", Tone::Neutral, Icon::Calendar),
        Status::DayOff => ("Day off", Tone::Neutral, Icon::Home),
        Status::Present => ("Present", Tone::Positive, Icon::CheckCircle),
        Status::HalfDay => ("Half a day", Tone::Caution, Icon::CheckCircle),
        Status::Short => ("Short", Tone::Caution, Icon::Alert),
        Status::Absent => ("Absent", Tone::Negative, Icon::CrossCircle),
        Status::AbsentProvisional => ("Absent, not certain", Tone::Unknown, Icon::Info),
        Status::Unscheduled => ("Work without a shift", Tone::Info, Icon::Plus),
    }
}

/// A day's status in words, with what comes with it: `Holiday, worked`.
pub fn status_words(status: DayStatus) -> String {
    let (word, ..) = of_status(status.status);
    let mut words = word.to_owned();
    if status.worked {
        words.push_str(", worked");
    }
    if status.half_leave {
        words.push_str(", half leave");
    }
    words
}

/// What a day's status means.
pub const fn status_tone(status: DayStatus) -> Tone {
    of_status(status.status).1
}

/// The picture of a day's status.
pub const fn status_icon(status: DayStatus) -> Icon {
    of_status(status.status).2
}

/// A day's status as a chip.
#[component]
pub fn StatusChip(
    /// The status.
    status: DayStatus,
) -> impl IntoView {
    view! { <Chip tone=status_tone(status) label=status_words(status)/> }
}

/// What is to be known of a day or a punch: its word, what that means for the person, how grave.
pub const fn flag_words(flag: Flag) -> (&'static str, &'static str, Tone) {
    match flag {
        Flag::MissingOut => (
            "Punch out missing",
            "There is a punch in and none out. What has no end does not count until it is added.",
            Tone::Caution,
        ),
        Flag::MissingIn => (
            "Punch in missing",
            "There is a punch out and none in. What has no beginning does not count until it is added.",
            Tone::Caution,
        ),
        Flag::Open => (
            "Still at work",
            "The punch out is still awaited.",
            Tone::Info,
        ),
        Flag::Estimated => (
            "End estimated",
            "The end of the shift stands for the missing punch out until that is added.",
            Tone::Caution,
        ),
        Flag::OddPunches => (
            "Odd number of punches",
            "The punches make no pairs, so the first and the last count. One of them may be missing, or one too many.",
            Tone::Caution,
        ),
        Flag::ThroughWork => (
            "Two shifts in one go",
            "One shift went over into the next without a punch, so the time is divided between them.",
            Tone::Info,
        ),
        Flag::BoundaryMoved => (
            "Punch of the next shift",
            "A punch was taken for the neighbouring shift, since only so both make pairs.",
            Tone::Info,
        ),
        Flag::OutsideWindow => (
            "Outside the shift",
            "A punch lies outside the hours of its shift and was taken for it all the same.",
            Tone::Info,
        ),
        Flag::NonexistentTime => (
            "Skipped time",
            "The clocks were put forward and never showed this time, so it was moved on.",
            Tone::Info,
        ),
        Flag::AmbiguousTime => (
            "Time shown twice",
            "The clocks were put back and showed this time twice; one of the two was taken.",
            Tone::Info,
        ),
        Flag::ClockSkew => (
            "Clock was wrong",
            "The clock of the reader was wrong when this was punched.",
            Tone::Caution,
        ),
        Flag::FutureTime => (
            "Time ahead",
            "The punch came before the time that it tells, so it does not count until somebody has looked at it.",
            Tone::Caution,
        ),
        Flag::OldTime => (
            "Very old",
            "The punch came so long after the time that it tells that somebody has to look at it first.",
            Tone::Caution,
        ),
        Flag::LeaveWorked => (
            "Work during leave",
            "There was work in the time of granted leave: the leave can be given back, or the work paid.",
            Tone::Caution,
        ),
        Flag::PartLeave => (
            "Part of it leave",
            "Some hours of the day are leave.",
            Tone::Leave,
        ),
        Flag::HalfHoliday => (
            "Half a holiday",
            "Half of the day is a public holiday.",
            Tone::Neutral,
        ),
        Flag::ShortRest => (
            "Too little rest",
            "There was too little rest since the shift before.",
            Tone::Caution,
        ),
    }
}

/// Whether a flag stands for a punch that the person can add.
pub const fn wants_punch(flag: Flag) -> bool {
    matches!(
        flag,
        Flag::MissingIn | Flag::MissingOut | Flag::Estimated | Flag::OddPunches
    )
}

/// Which way a punch goes.
pub const fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "In",
        Direction::Out => "Out",
        Direction::BreakOut => "Break begins",
        Direction::BreakIn => "Break ends",
        Direction::Unknown => "Not said",
    }
}

/// What somebody is doing.
pub const fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::In => "Clocked in",
        Presence::Out => "Clocked out",
        Presence::Break => "On a break",
    }
}

/// What became of a punch.
pub const fn disposition_words(disposition: Disposition) -> (&'static str, Tone) {
    match disposition {
        Disposition::Counted => ("Counts", Tone::Positive),
        Disposition::Duplicate => ("Repeat, left out", Tone::Neutral),
        Disposition::Quarantined => ("Kept apart", Tone::Caution),
        Disposition::Unmatched => ("Nobody's", Tone::Unknown),
    }
}

/// How far a correction is.
pub const fn correction_words(state: CorrectionState) -> (&'static str, Tone) {
    match state {
        CorrectionState::Requested => ("Waits for a decision", Tone::Info),
        CorrectionState::Approved => ("Approved", Tone::Positive),
        CorrectionState::Refused => ("Refused", Tone::Negative),
        CorrectionState::Withdrawn => ("Taken back", Tone::Neutral),
    }
}

/// How far a request for leave is.
pub const fn leave_words(state: LeaveState) -> (&'static str, Tone) {
    match state {
        LeaveState::Requested => ("Waits for a decision", Tone::Info),
        LeaveState::Approved => ("Approved", Tone::Positive),
        LeaveState::Refused => ("Refused", Tone::Negative),
        LeaveState::Withdrawn => ("Taken back", Tone::Neutral),
        LeaveState::Cancelled => ("Given back", Tone::Neutral),
    }
}

/// How far a swap is.
pub const fn swap_words(state: SwapState) -> (&'static str, Tone) {
    match state {
        SwapState::Asked => ("Waits for an answer", Tone::Info),
        SwapState::Agreed => ("Agreed, waits for a decision", Tone::Info),
        SwapState::Declined => ("Declined", Tone::Neutral),
        SwapState::Approved => ("Approved", Tone::Positive),
        SwapState::Refused => ("Refused", Tone::Negative),
        SwapState::Withdrawn => ("Taken back", Tone::Neutral),
    }
}

/// How much of a day: `morning`.
pub const fn part_word(part: Part) -> &'static str {
    match part {
        Part::Full => "all day",
        Part::Am => "morning",
        Part::Pm => "afternoon",
    }
}

/// Minutes as people say them: `45 min`, `7 h 45`; less than none with a real minus.
pub fn duration(minutes: i64) -> String {
    let sign = if minutes < 0 { "−" } else { "" };
    let all = minutes.unsigned_abs();
    match (all / 60, all % 60) {
        (0, minutes) => format!("{sign}{minutes} min"),
        (hours, minutes) => format!("{sign}{hours} h {minutes:02}"),
    }
}

/// A difference: `+15 min`, `−1 h 05`, `0 min`.
pub fn signed(minutes: i64) -> String {
    let plus = if minutes > 0 { "+" } else { "" };
    format!("{plus}{}", duration(minutes))
}

/// Minutes of leave as days of one's own length, to a tenth: `18.5 days`, `1 day`. Without such
/// a length they stay hours.
pub fn days(minutes: i64, day_minutes: i64) -> String {
    if day_minutes <= 0 {
        return duration(minutes);
    }
    let sign = if minutes < 0 { "−" } else { "" };
    let tenths = (minutes.abs() * 20 + day_minutes) / (day_minutes * 2);
    match (tenths / 10, tenths % 10) {
        (1, 0) => format!("{sign}1 day"),
        (whole, 0) => format!("{sign}{} days", format::count(whole)),
        (whole, part) => format!("{sign}{}.{part} days", format::count(whole)),
    }
}

/// What of a day is paid above the straight rate, in minutes.
pub fn overtime_minutes(day: &Day) -> i64 {
    let above = day
        .overtime
        .iter()
        .filter(|bucket| bucket.multiplier.is_overtime());
    above.map(|bucket| bucket.minutes).sum()
}

/// `Monday 23 November 2026`.
pub fn date_words(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// `Mon 23 Nov`.
pub fn short_date(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// A zone as people say it: `Europe/Berlin`.
pub fn zone_words(zone: &str) -> String {
    zone.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_read_like_speech() {
        assert_eq!(duration(465), "7 h 45");
        assert_eq!(duration(0), "0 min");
        assert_eq!(duration(-65), "−1 h 05");
        // A month stays in hours.
        assert_eq!(duration(168 * 60 + 30), "168 h 30");
        assert_eq!(signed(15), "+15 min");
        assert_eq!(signed(-15), "−15 min");
        assert_eq!(signed(0), "0 min");
    }

    #[test]
    fn leave_is_told_in_days() {
        assert_eq!(days(480, 480), "1 day");
        assert_eq!(days(8_880, 480), "18.5 days");
        assert_eq!(days(-240, 480), "−0.5 days");
        assert_eq!(days(480, 0), "8 h 00");
    }

    #[test]
    fn a_status_has_its_additions() {
        let mut status = DayStatus::from(Status::Holiday);
        status.worked = true;
        assert_eq!(status_words(status), "Holiday, worked");
        let mut status = DayStatus::from(Status::Present);
        status.half_leave = true;
        assert_eq!(status_words(status), "Present, half leave");
    }

    #[test]
    fn no_two_words_are_the_same() {
        let mut words: Vec<&str> = Status::ALL.iter().map(|s| of_status(*s).0).collect();
        words.extend(Flag::ALL.iter().map(|flag| flag_words(*flag).0));
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
    }
}
