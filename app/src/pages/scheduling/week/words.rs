//! How the week page says days, times and names. Pure.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use model::scheduling::interval::Interval;
use model::scheduling::meeting::{MeetingState, Response};
use model::scheduling::views::{DayColumn, OwnMeeting, SuggestedTime};
use model::time::Stamp;

use super::geometry::{stamp, whole};

/// `Tue 24 Nov`.
pub fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// The days of a week: `23 – 29 November 2026`, and more where month or year change.
pub fn week(first: NaiveDate, last: NaiveDate) -> String {
    let pattern = match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => "%-d",
        (true, false) => "%-d %B",
        (false, _) => "%-d %B %Y",
    };
    format!("{} – {}", first.format(pattern), last.format("%-d %B %Y"))
}

/// The place that gives a zone its name: `New York`.
pub fn place_of(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

/// By what name people call each other.
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// An instant as the reader's clocks show it; in UTC, if it lies in another week.
pub fn reader_stamp(days: &[DayColumn], at: DateTime<Utc>) -> Stamp {
    // What ends at midnight ends on the day before.
    let day = days.iter().find(|day| whole(day).contains(at));
    let day = day.or_else(|| days.iter().find(|day| day.to == at));
    day.map_or_else(|| Stamp::utc(at), |day| stamp(day, at))
}

/// The local date of an instant.
/// The day of an instant, where its reader is.
pub fn local_date(stamp: &Stamp) -> NaiveDate {
    let local = stamp.at + chrono::TimeDelta::minutes(i64::from(stamp.offset_minutes));
    local.date_naive()
}

/// `Tue 24 Nov, 09:15 to 09:45`.
pub fn span(from: &Stamp, to: &Stamp) -> String {
    let (first, last) = (local_date(from), local_date(to));
    let ends_at_midnight = to.clock() == "00:00" && last.pred_opt() == Some(first);
    if first == last || ends_at_midnight {
        format!("{}, {} to {}", day(first), from.clock(), to.clock())
    } else {
        let (first, last) = (day(first), day(last));
        format!("{first}, {} to {last}, {}", from.clock(), to.clock())
    }
}

/// The same of a slot in a week.
pub fn slot(days: &[DayColumn], slot: &Interval) -> String {
    span(&reader_stamp(days, slot.from), &reader_stamp(days, slot.to))
}

/// `09:15 – 09:45`.
pub fn clocks(from: &Stamp, to: &Stamp) -> String {
    format!("{} – {}", from.clock(), to.clock())
}

/// When a suggested time is.
pub fn suggested(time: &SuggestedTime) -> Interval {
    Interval::new(time.from.at, time.to.at)
}

/// When a meeting is.
pub fn meeting_time(meeting: &OwnMeeting) -> Interval {
    Interval::new(meeting.from.at, meeting.to.at)
}

/// Whether the reader has said no to a meeting, or it does not take place.
pub fn is_off(meeting: &OwnMeeting) -> bool {
    meeting.state == MeetingState::Cancelled || meeting.response == Some(Response::Declined)
}

/// Whether it is not sure yet that the reader comes, or that it takes place.
pub fn is_tentative(meeting: &OwnMeeting) -> bool {
    let unsure = matches!(
        meeting.response,
        Some(Response::NeedsAction | Response::Tentative)
    );
    unsure || matches!(meeting.state, MeetingState::Held | MeetingState::Pending)
}

/// What stands beside a meeting's time for those who do not see how it is drawn.
pub fn standing(meeting: &OwnMeeting) -> Option<&'static str> {
    match (meeting.state, meeting.response) {
        (MeetingState::Confirmed, None | Some(Response::Accepted)) => None,
        (MeetingState::Confirmed, Some(response)) => Some(response.label()),
        (state, _) => Some(state.label()),
    }
}

/// `Tom`, `Tom and Ana`, `Tom, Ana and Lea`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{date, days, during};
    use super::*;

    #[test]
    fn weeks_say_what_changes_within_them() {
        let week = |first, last| week(date(first), date(last));
        assert_eq!(week("2026-11-23", "2026-11-29"), "23 – 29 November 2026");
        assert_eq!(
            week("2026-11-30", "2026-12-06"),
            "30 November – 6 December 2026"
        );
        assert_eq!(
            week("2026-12-28", "2027-01-03"),
            "28 December 2026 – 3 January 2027"
        );
    }

    #[test]
    fn slots_are_said_in_the_reader_s_time() {
        let days = days("2026-11-23");
        let said = |from, to| slot(&days, &during(from, to));
        assert_eq!(
            said("2026-11-24T08:15:00Z", "2026-11-24T08:45:00Z"),
            "Tue 24 Nov, 09:15 to 09:45"
        );
        assert_eq!(
            said("2026-11-24T22:00:00Z", "2026-11-24T23:00:00Z"),
            "Tue 24 Nov, 23:00 to 00:00"
        );
        assert_eq!(
            said("2026-11-24T22:30:00Z", "2026-11-24T23:30:00Z"),
            "Tue 24 Nov, 23:30 to Wed 25 Nov, 00:30"
        );
    }

    #[test]
    fn names_are_listed_as_people_do() {
        let names =
            |list: &[&str]| listed(&list.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["Tom"]), "Tom");
        assert_eq!(names(&["Tom", "Ana"]), "Tom and Ana");
        assert_eq!(names(&["Tom", "Ana", "Lea"]), "Tom, Ana and Lea");
    }

    #[test]
    fn zones_are_called_by_their_place() {
        assert_eq!(place_of("America/New_York"), "New York");
        assert_eq!(place_of("UTC"), "UTC");
    }
}
