//! Meetings sorted by the reader's days, and the words for days. Pure, so both sides draw the same.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use model::scheduling::views::{AgendaPage, OwnMeeting};
use model::time::Stamp;

/// One day and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: NaiveDate,
    /// The meetings that take place on it, in order.
    pub meetings: Vec<Entry>,
}

/// A meeting on one of its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The meeting.
    pub meeting: OwnMeeting,
    /// When on this day: `09:00–09:30`, `from 22:00`, `until 12:00`, `all day`.
    pub times: String,
}

/// What the reader's clock shows at an instant.
pub fn local(stamp: &Stamp) -> NaiveDateTime {
    (stamp.at + TimeDelta::minutes(i64::from(stamp.offset_minutes))).naive_utc()
}

/// Every day from the page's first to its last. A meeting over midnight is on each of its days.
pub fn days_of(page: &AgendaPage) -> Vec<Day> {
    let days = page.first.iter_days().take_while(|date| *date <= page.last);
    days.map(|date| Day {
        date,
        meetings: page
            .meetings
            .iter()
            .filter_map(|(_, meeting)| on(date, meeting))
            .collect(),
    })
    .collect()
}

/// A meeting on a day, if it takes place on it.
fn on(date: NaiveDate, meeting: &OwnMeeting) -> Option<Entry> {
    let first = local(&meeting.from).date();
    // What ends at midnight does not reach into the next day.
    let last = (local(&meeting.to) - TimeDelta::seconds(1)).date();
    if date < first || date > last {
        return None;
    }
    let (from, to) = (meeting.from.clock(), meeting.to.clock());
    let times = match (date == first, date == last) {
        (true, true) => format!("{from}–{to}"),
        (true, false) => format!("from {from}"),
        (false, true) => format!("until {to}"),
        (false, false) => "all day".to_owned(),
    };
    Some(Entry {
        meeting: meeting.clone(),
        times,
    })
}

/// A day as people say it: `Today, Thursday 26 November`. The year stands where it is another one.
pub fn day_words(date: NaiveDate, today: NaiveDate) -> String {
    let form = if date.year() == today.year() {
        "%A %-d %B"
    } else {
        "%A %-d %B %Y"
    };
    let words = date.format(form);
    match (date - today).num_days() {
        0 => format!("Today, {words}"),
        1 => format!("Tomorrow, {words}"),
        -1 => format!("Yesterday, {words}"),
        _ => words.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use model::MeetingId;
    use model::scheduling::meeting::MeetingState;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a real day")
    }

    fn stamp(text: &str) -> Stamp {
        let at = DateTime::parse_from_rfc3339(text).expect("an instant");
        Stamp {
            at: at.to_utc(),
            offset_minutes: at.offset().local_minus_utc() / 60,
        }
    }

    fn meeting(from: &str, to: &str) -> (NaiveDate, OwnMeeting) {
        let (from, to) = (stamp(from), stamp(to));
        let meeting = OwnMeeting {
            id: MeetingId::from_parts(from.at, &[1; 10]),
            original: local(&from),
            title: "Probe set".into(),
            place: String::new(),
            state: MeetingState::Confirmed,
            response: None,
            people: 2,
            repeats: false,
            from: from.clone(),
            to,
        };
        (local(&from).date(), meeting)
    }

    fn page(meetings: Vec<(NaiveDate, OwnMeeting)>) -> AgendaPage {
        AgendaPage {
            first: day(26),
            last: day(28),
            today: day(26),
            zone: "Europe/Berlin".into(),
            now: stamp("2026-11-26T12:00:00+01:00"),
            meetings,
        }
    }

    #[test]
    fn a_meeting_over_midnight_is_on_each_of_its_days() {
        let long = meeting("2026-11-25T22:00:00+01:00", "2026-11-27T12:00:00+01:00");
        let days = days_of(&page(vec![long]));
        let times: Vec<Vec<&str>> = days
            .iter()
            .map(|day| day.meetings.iter().map(|m| m.times.as_str()).collect())
            .collect();
        assert_eq!(times, [vec!["all day"], vec!["until 12:00"], vec![]]);
    }

    #[test]
    fn what_ends_at_midnight_ends_on_its_day() {
        let late = meeting("2026-11-26T22:00:00+01:00", "2026-11-27T00:00:00+01:00");
        let days = days_of(&page(vec![late]));
        assert_eq!(days[0].meetings[0].times, "22:00–00:00");
        assert!(days[1].meetings.is_empty());
    }

    #[test]
    fn days_near_today_are_named() {
        assert_eq!(day_words(day(26), day(26)), "Today, Thursday 26 November");
        assert_eq!(day_words(day(27), day(26)), "Tomorrow, Friday 27 November");
        let later = NaiveDate::from_ymd_opt(2027, 1, 4).expect("a real day");
        assert_eq!(day_words(later, day(26)), "Monday 4 January 2027");
    }
}
