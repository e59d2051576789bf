mod laws;

use chrono::TimeDelta;

use super::super::hours::LocalTime;
use super::*;

/// Thursday, 26 November 2026, as minutes since its midnight.
fn at(minute: i64) -> DateTime<Utc> {
    let midnight: DateTime<Utc> = "2026-11-26T00:00:00Z".parse().expect("an instant");
    midnight + TimeDelta::minutes(minute)
}

fn span(from: i64, to: i64) -> Interval {
    Interval::new(at(from), at(to))
}

fn hour(from: i64, to: i64) -> Interval {
    span(from * 60, to * 60)
}

fn busy(from: i64, to: i64, status: BusyStatus) -> Busy {
    let during = hour(from, to);
    Busy { during, status }
}

/// At work from 9 to 17 on that day, with nothing to do.
fn ana() -> Known {
    Known {
        working: hour(9, 17).into(),
        ..Known::default()
    }
}

const LONG_AGO: i64 = -10_000;

fn of(known: &Known) -> Availability {
    Availability::of(known, hour(0, 24), at(LONG_AGO))
}

fn check_free(known: &Known, expected: &[(i64, i64)]) {
    let expected: IntervalSet = expected.iter().map(|(from, to)| span(*from, *to)).collect();
    assert_eq!(of(known).free, expected);
}

fn check_why(known: &Known, slot: Interval, expected: &[&str]) {
    let why = of(known).why_not(&slot);
    let reader = LocalTime::default();
    let told: Vec<_> = why.iter().map(|why| why.sentence("Ana", &reader)).collect();
    assert_eq!(told, expected);
}

#[test]
fn working_time_without_meetings_is_free() {
    check_free(&ana(), &[(540, 1020)]);
    check_why(&ana(), hour(9, 10), &[]);
    check_why(&ana(), hour(8, 10), &["Ana is not at work then."]);
}

#[test]
fn every_status_blocks_and_says_so() {
    for (status, sentence) in [
        (BusyStatus::Busy, "Ana is on another meeting."),
        (BusyStatus::Tentative, "Ana may be on another meeting."),
        (BusyStatus::Oof, "Ana is out of office."),
    ] {
        let mut known = ana();
        known.busy.push(busy(10, 11, status));
        check_free(&known, &[(540, 600), (660, 1020)]);
        check_why(&known, span(630, 690), &[sentence]);
        check_why(&known, hour(11, 12), &[]);
    }
}

#[test]
fn buffers_lie_on_both_sides_of_a_meeting_but_not_of_an_absence() {
    let mut known = ana();
    known.busy.push(busy(10, 11, BusyStatus::Busy));
    known.busy.push(busy(14, 15, BusyStatus::Oof));
    known.constraints.buffer_before_minutes = 15;
    known.constraints.buffer_after_minutes = 5;
    check_free(&known, &[(540, 585), (675, 840), (900, 1020)]);
    let buffer = ["Ana keeps 15 minutes free between meetings."];
    check_why(&known, span(660, 690), &buffer);
    check_why(&known, span(600, 690), &["Ana is on another meeting."]);
}

#[test]
fn who_is_asked_too_late_says_when_it_would_do() {
    let mut known = ana();
    known.constraints.notice_minutes = 120;
    let availability = Availability::of(&known, hour(0, 24), at(8 * 60 + 30));
    assert_eq!(availability.free, span(630, 1020).into());
    let why = availability.why_not(&hour(10, 11));
    assert_eq!(why, [Why::Notice { earliest: at(630) }]);
    assert_eq!(
        why[0].sentence("Ana", &LocalTime::fixed(60, "Berlin")),
        "Ana wants to be asked earlier; 26 Nov 2026, 11:30 would do."
    );
}

#[test]
fn the_past_is_never_free() {
    let availability = Availability::of(&ana(), hour(0, 24), at(600));
    assert_eq!(availability.free, hour(10, 17).into());
}

#[test]
fn a_full_day_is_full_where_the_person_is() {
    let mut known = ana();
    known.working = hour(0, 48).into();
    known.busy.push(busy(1, 2, BusyStatus::Busy));
    known.constraints.meetings_per_day = Some(1);
    // In New York it is still the day before.
    known.local = LocalTime::fixed(-300, "New York");
    let availability = Availability::of(&known, hour(0, 24), at(LONG_AGO));
    assert_eq!(availability.free, hour(5, 24).into());
    check_why(
        &known,
        hour(3, 4),
        &["Ana has 1 meeting on 25 Nov already."],
    );
}

#[test]
fn leave_is_shown_without_its_reason() {
    for (kind, sentence) in [
        (AbsenceKind::Leave, "Ana is on leave."),
        (AbsenceKind::Sick, "Ana is on leave."),
        (AbsenceKind::Holiday, "Ana has a public holiday."),
        (AbsenceKind::DayOff, "Ana has a day off."),
    ] {
        let mut known = ana();
        let during = hour(0, 24);
        known.absences.push(Absence { during, kind });
        check_free(&known, &[]);
        check_why(&known, hour(10, 11), &[sentence]);
        let json = serde_json::to_string(&of(&known)).expect("it is plain data");
        assert!(!json.contains("sick"));
    }
}

#[test]
fn a_shift_is_working_time_and_a_rest_follows_the_night() {
    let mut known = Known::default();
    let duty = |during, kind| Duty { during, kind };
    known.duties.push(duty(hour(-2, 6), DutyKind::NightShift));
    known.duties.push(duty(hour(10, 20), DutyKind::Shift));
    check_free(&known, &[(0, 360), (17 * 60, 20 * 60)]);
    let rest = ["Ana rests after a night shift until 17:00."];
    check_why(&known, hour(16, 18), &rest);
}

fn source(freshness: Freshness) -> Source {
    Source {
        freshness,
        as_of: Some(at(300)),
        covers: None,
    }
}

#[test]
fn a_calendar_that_cannot_be_read_is_neither_free_nor_busy() {
    let mut known = ana();
    known.busy.push(busy(10, 11, BusyStatus::Busy));
    known.sources = vec![source(Freshness::Fresh), source(Freshness::Unknown)];
    let availability = of(&known);
    assert!(availability.free.is_empty());
    let open: IntervalSet = [hour(9, 10), hour(11, 17)].into_iter().collect();
    assert_eq!(availability.unknown, open);
    assert_eq!(availability.standing(&hour(9, 10)), Standing::Unknown);
    assert_eq!(availability.standing(&hour(10, 11)), Standing::Out);
    assert_eq!(availability.standing(&hour(20, 21)), Standing::Out);
    let unread = "Ana’s calendar could not be read since 26 Nov 2026, 05:00.";
    check_why(&known, hour(9, 10), &[unread]);
    check_why(&known, hour(10, 11), &["Ana is on another meeting."]);
}

#[test]
fn a_stale_calendar_stands_with_its_age() {
    let mut known = ana();
    known.sources = vec![source(Freshness::Fresh), source(Freshness::Stale)];
    let availability = of(&known);
    assert_eq!(availability.free, hour(9, 17).into());
    assert_eq!(availability.trust.freshness, Freshness::Stale);
    assert_eq!(availability.trust.as_of, Some(at(300)));
}

#[test]
fn beyond_what_was_read_nothing_is_known() {
    let mut known = ana();
    let covers = Some(hour(0, 12));
    known.sources = vec![Source {
        covers,
        ..source(Freshness::Fresh)
    }];
    let availability = of(&known);
    assert_eq!(availability.free, hour(9, 12).into());
    assert_eq!(availability.unknown, hour(12, 17).into());
    assert_eq!(availability.standing(&hour(11, 13)), Standing::Unknown);
    let beyond = of(&ana()).why_not(&hour(30, 31));
    assert_eq!(beyond.last(), Some(&Why::UnknownSource { as_of: None }));
}

#[test]
fn common_time_is_free_for_everyone() {
    let mut tom = ana();
    tom.busy.push(busy(9, 12, BusyStatus::Busy));
    let (ana, tom) = (of(&ana()), of(&tom));
    assert_eq!(common_free([&ana, &tom], hour(0, 24)), hour(12, 17).into());
    assert_eq!(common_free([], hour(0, 24)), hour(0, 24).into());
}
