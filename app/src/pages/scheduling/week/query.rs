//! What the address of the week page says, and lists of ids within it. Pure.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use leptos_router::params::ParamsMap;
use model::scheduling::views::{WeekPage, WeekQuery};

use super::choosing::Choice;
use super::geometry::whole;
use super::words::{is_off, meeting_time, suggested};

/// The parameters that the page knows.
pub const WEEK: &str = "week";
/// Whose time lies over one's own.
pub const WITH: &str = "with";
/// Which of them need not come.
pub const OPTIONAL: &str = "optional";
/// Which rooms.
pub const ROOMS: &str = "rooms";
/// How long.
pub const MINUTES: &str = "minutes";
/// Which day is shown where there is room for one.
pub const DAY: &str = "day";
/// All hours of the day, or the usual ones.
pub const HOURS: &str = "hours";
/// What is chosen at first: an instant.
pub const AT: &str = "at";
/// Whom to find.
pub const FIND: &str = "find";

/// How long a meeting takes unless told.
pub const USUAL_MINUTES: u16 = 30;
/// The hours that are shown unless told, in minutes since midnight.
const USUAL_HOURS: Range<u16> = 7 * 60..20 * 60;
/// Something longer does not widen the hours that are shown.
const LONG_MINUTES: i64 = 8 * 60;

/// Which week is asked for. What cannot be read narrows nothing.
pub fn asked(query: &ParamsMap) -> WeekQuery {
    let minutes = query.get(MINUTES).and_then(|text| text.parse().ok());
    WeekQuery {
        day: date(query, WEEK),
        people: ids(query, WITH),
        optional: ids(query, OPTIONAL),
        rooms: ids(query, ROOMS),
        minutes: minutes.filter(|minutes| (5..=480).contains(minutes)),
    }
}

/// A day in the address.
pub fn date(query: &ParamsMap, key: &str) -> Option<NaiveDate> {
    query.get(key)?.trim().parse().ok()
}

/// The slot that the address chooses.
pub fn chosen(query: &ParamsMap) -> Option<Choice> {
    let from: DateTime<Utc> = query.get(AT)?.trim().parse().ok()?;
    let minutes = asked(query).minutes.unwrap_or(USUAL_MINUTES);
    Some(Choice {
        from,
        minutes: i64::from(minutes),
    })
}

/// Ids in one parameter, parted by commas, or in several of that name, as plain forms send them.
fn ids<T: FromStr + PartialEq>(query: &ParamsMap, key: &str) -> Vec<T> {
    let mut ids: Vec<T> = Vec::new();
    for text in query.get_all(key).unwrap_or_default() {
        for id in text.split(',').filter_map(|id| id.trim().parse().ok()) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}

/// A list for the address; nothing, if it is empty.
pub fn joined<T: Display>(ids: &[T]) -> Option<String> {
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

/// A list with an id put in, or taken out if it is there, for the address.
pub fn toggled<T: Display + PartialEq + Copy>(ids: &[T], id: T) -> Option<String> {
    let mut kept: Vec<T> = ids.iter().copied().filter(|other| *other != id).collect();
    if kept.len() == ids.len() {
        kept.push(id);
    }
    joined(&kept)
}

/// The minutes of the day that are shown: the usual ones, and as many more as the reader's meetings
/// and the suggestions need; or the whole day.
pub fn hours(page: &WeekPage, all: bool) -> Range<u16> {
    if all {
        return 0..24 * 60;
    }
    let meetings = page.meetings.iter().filter(|m| !is_off(m));
    let slots = meetings
        .map(meeting_time)
        .chain(page.suggestions.iter().map(suggested))
        .filter(|slot| slot.minutes() < LONG_MINUTES);
    let mut hours = USUAL_HOURS;
    for slot in slots {
        for day in &page.days {
            let Some(part) = whole(day).intersection(&slot) else {
                continue;
            };
            let last = part.to - chrono::TimeDelta::seconds(1);
            let first = super::geometry::row_at(day, part.from).minute / 60 * 60;
            let end = (super::geometry::row_at(day, last).minute / 60 + 1) * 60;
            hours = hours.start.min(first)..hours.end.max(end);
        }
    }
    hours
}

/// Which day is shown first where there is room for one: that of the address, else today, else the
/// first.
pub fn first_day(page: &WeekPage, wanted: Option<NaiveDate>) -> usize {
    let mut days = page.days.iter();
    let wanted = days.position(|day| Some(day.date) == wanted);
    wanted
        .or_else(|| page.days.iter().position(|day| day.today))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use model::PersonId;
    use model::scheduling::views::SuggestedTime;
    use model::time::Stamp;

    use super::super::samples::{date as day, page, person, utc};
    use super::*;

    fn map(pairs: &[(&'static str, &str)]) -> ParamsMap {
        let pairs = pairs.iter().map(|(key, value)| (*key, (*value).to_owned()));
        pairs.collect()
    }

    #[test]
    fn the_address_is_the_question() {
        let with = format!("{},{},nobody", person(2), person(3));
        let third = person(3).to_string();
        let query = asked(&map(&[
            (WEEK, "2026-11-23"),
            (WITH, &with),
            (OPTIONAL, &third),
            (MINUTES, "45"),
        ]));
        assert_eq!(query.day, Some(day("2026-11-23")));
        assert_eq!(query.people, [person(2), person(3)]);
        assert_eq!(query.optional, [person(3)]);
        assert_eq!(query.minutes, Some(45));
        assert_eq!(
            asked(&map(&[(WEEK, "soon"), (MINUTES, "0")])),
            WeekQuery::default()
        );
    }

    #[test]
    fn a_plain_form_may_send_ids_one_by_one() {
        let (two, three) = (person(2).to_string(), person(3).to_string());
        let query = asked(&map(&[(WITH, &two), (WITH, &three), (WITH, &two)]));
        assert_eq!(query.people, [person(2), person(3)]);
    }

    #[test]
    fn lists_are_toggled() {
        let (two, three) = (person(2), person(3));
        assert_eq!(toggled(&[two], three), Some(format!("{two},{three}")));
        assert_eq!(toggled(&[two, three], three), Some(two.to_string()));
        assert_eq!(toggled(&[two], two), None);
        assert_eq!(joined::<PersonId>(&[]), None);
    }

    #[test]
    fn the_address_may_choose_a_slot() {
        let query = map(&[(AT, "2026-11-24T08:15:00Z"), (MINUTES, "45")]);
        let choice = chosen(&query).expect("it is chosen");
        assert_eq!(choice.from, utc("2026-11-24T08:15:00Z"));
        assert_eq!(choice.minutes, 45);
        assert_eq!(chosen(&map(&[(AT, "nine")])), None);
    }

    #[test]
    fn what_lies_early_or_late_widens_the_hours() {
        let mut page = page("2026-11-23", &[]);
        assert_eq!(hours(&page, false), 420..1200);
        assert_eq!(hours(&page, true), 0..1440);
        page.suggestions.push(SuggestedTime {
            from: Stamp::utc(utc("2026-11-24T20:30:00Z")),
            to: Stamp::utc(utc("2026-11-24T21:00:00Z")),
            score: 50,
            reasons: Vec::new(),
            missing: Vec::new(),
            room: None,
        });
        assert_eq!(hours(&page, false), 420..1320);
    }
}
