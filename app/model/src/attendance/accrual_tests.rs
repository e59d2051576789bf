use super::*;

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn range(from: &str, until: &str) -> DateRange {
    DateRange::new(date(from), date(until))
}

/// Thirty days of eight hours a year, granted at its start.
pub(super) fn annual() -> LeaveType {
    LeaveType {
        code: "annual".to_owned(),
        name: "annual leave".to_owned(),
        paid: true,
        accrual: Accrual::Yearly { minutes: 14_400 },
        proration: Proration::Months,
        rounding: Rounding::default(),
        year_start_month: 1,
        cap_minutes: None,
        yearly_cap_minutes: None,
        carry_over: CarryOver::default(),
        overdraft_minutes: Some(0),
    }
}

fn employed(from: &str, until: Option<&str>) -> Employment {
    Employment {
        from: date(from),
        until: until.map(date),
    }
}

pub(super) fn words(entries: &[Entry]) -> Vec<String> {
    let words = |entry: &Entry| {
        format!(
            "{} {} {}",
            entry.effective_on, entry.minutes, entry.source_key
        )
    };
    entries.iter().map(words).collect()
}

fn check_due(
    leave: &LeaveType,
    employment: Employment,
    within: DateRange,
    posted: &[Entry],
    expected: &[&str],
) {
    let found = due(leave, employment, within, &Worked::new(), posted);
    assert_eq!(words(&found), expected);
}

pub(super) fn entry(on: &str, minutes: i64, kind: EntryKind) -> Entry {
    Entry {
        leave_type: "annual".to_owned(),
        effective_on: date(on),
        minutes,
        kind,
        source_key: format!("test:{on}:{kind}"),
    }
}

#[test]
fn a_year_is_granted_at_its_start_or_at_entry() {
    let all = employed("2020-01-01", None);
    let expected = ["2026-01-01 14400 annual:2026-01-01:grant"];
    check_due(
        &annual(),
        all,
        range("2026-01-01", "2026-12-31"),
        &[],
        &expected,
    );
    check_due(&annual(), all, range("2026-01-02", "2026-12-31"), &[], &[]);
    // Four whole months of twelve; from the middle of the month, three.
    let late = employed("2026-09-01", None);
    let expected = ["2026-09-01 4800 annual:2026-01-01:grant"];
    check_due(
        &annual(),
        late,
        range("2026-01-01", "2026-12-31"),
        &[],
        &expected,
    );
    let later = employed("2026-09-02", None);
    let expected = ["2026-09-02 3600 annual:2026-01-01:grant"];
    check_due(
        &annual(),
        later,
        range("2026-01-01", "2026-12-31"),
        &[],
        &expected,
    );
}

#[test]
fn proration_can_be_by_days_or_not_at_all() {
    let late = employed("2026-12-01", None);
    let by_days = LeaveType {
        proration: Proration::Days,
        ..annual()
    };
    // 14400 × 31 / 365 = 1223.01
    let expected = ["2026-12-01 1223 annual:2026-01-01:grant"];
    check_due(
        &by_days,
        late,
        range("2026-01-01", "2026-12-31"),
        &[],
        &expected,
    );
    let half_days_up = Rounding {
        unit_minutes: 240,
        direction: Direction::Up,
    };
    let rounded = LeaveType {
        rounding: half_days_up,
        ..by_days.clone()
    };
    let expected = ["2026-12-01 1440 annual:2026-01-01:grant"];
    check_due(
        &rounded,
        late,
        range("2026-01-01", "2026-12-31"),
        &[],
        &expected,
    );
    let whole = LeaveType {
        proration: Proration::None,
        ..by_days
    };
    let expected = ["2026-12-01 14400 annual:2026-01-01:grant"];
    check_due(
        &whole,
        late,
        range("2026-01-01", "2026-12-31"),
        &[],
        &expected,
    );
}

#[test]
fn an_end_that_becomes_known_later_is_mended_by_an_entry() {
    let within = range("2026-01-01", "2026-12-31");
    let mut posted = due(
        &annual(),
        employed("2020-01-01", None),
        within,
        &Worked::new(),
        &[],
    );
    let leaving = employed("2020-01-01", Some("2026-08-31"));
    let expected = ["2026-01-01 -4800 annual:2026-01-01:grant#1"];
    check_due(&annual(), leaving, within, &posted, &expected);
    posted.extend(due(&annual(), leaving, within, &Worked::new(), &posted));
    check_due(&annual(), leaving, within, &posted, &[]);
    let stays = employed("2020-01-01", None);
    let expected = ["2026-01-01 4800 annual:2026-01-01:grant#2"];
    check_due(&annual(), stays, within, &posted, &expected);
    // Who never came at all earns nothing.
    let never = employed("2027-01-01", None);
    let expected = ["2026-01-01 -9600 annual:2026-01-01:grant#2"];
    check_due(&annual(), never, within, &posted, &expected);
}

#[test]
fn a_leave_year_may_begin_in_april() {
    let leave = LeaveType {
        year_start_month: 4,
        ..annual()
    };
    assert_eq!(
        leave.year_of(date("2026-03-31")),
        range("2025-04-01", "2026-03-31")
    );
    assert_eq!(
        leave.year_of(date("2026-04-01")),
        range("2026-04-01", "2027-03-31")
    );
    let expected = ["2026-04-01 14400 annual:2026-04-01:grant"];
    let within = range("2026-01-01", "2026-12-31");
    check_due(&leave, employed("2020-01-01", None), within, &[], &expected);
}

#[test]
fn months_are_granted_one_by_one() {
    let monthly = |on| LeaveType {
        accrual: Accrual::Monthly { minutes: 1200, on },
        proration: Proration::Days,
        ..annual()
    };
    let late = employed("2026-01-17", Some("2026-03-10"));
    let within = range("2026-01-01", "2026-06-30");
    let first = [
        "2026-01-17 581 annual:2026-01-01:grant",
        "2026-02-01 1200 annual:2026-02-01:grant",
        "2026-03-01 387 annual:2026-03-01:grant",
    ];
    check_due(&monthly(MonthEnd::First), late, within, &[], &first);
    let last = [
        "2026-01-31 581 annual:2026-01-01:grant",
        "2026-02-28 1200 annual:2026-02-01:grant",
        "2026-03-10 387 annual:2026-03-01:grant",
    ];
    check_due(&monthly(MonthEnd::Last), late, within, &[], &last);
    let until = range("2026-01-01", "2026-02-27");
    check_due(&monthly(MonthEnd::Last), late, until, &[], &last[..1]);
}

#[test]
fn work_earns_leave_and_a_late_day_is_made_up_for() {
    let sick = LeaveType {
        code: "sick".to_owned(),
        accrual: Accrual::Worked {
            minutes: 60,
            per_minutes: 1800,
        },
        yearly_cap_minutes: Some(700),
        ..annual()
    };
    let mut worked = Worked::from([
        (date("2026-01-10"), 1000),
        (date("2026-01-31"), 900),
        (date("2026-02-03"), 1715),
    ]);
    let always = employed("2020-01-01", None);
    let within = range("2026-01-01", "2026-02-28");
    let mut posted = due(&sick, always, within, &worked, &[]);
    // 1900 / 30 = 63.3, and 3615 / 30 = 120.5 in all.
    let expected = [
        "2026-01-31 63 sick:2026-01-01:grant",
        "2026-02-28 58 sick:2026-02-01:grant",
    ];
    assert_eq!(words(&posted), expected);
    worked.insert(date("2026-01-12"), 300);
    let more = due(&sick, always, within, &worked, &posted);
    assert_eq!(words(&more), ["2026-01-31 10 sick:2026-01-01:grant#1"]);
    posted.extend(more);
    assert_eq!(due(&sick, always, within, &worked, &posted), []);
    worked.insert(date("2026-03-01"), 30_000);
    let march = due(
        &sick,
        always,
        range("2026-03-01", "2026-03-31"),
        &worked,
        &posted,
    );
    assert_eq!(words(&march), ["2026-03-31 569 sick:2026-03-01:grant"]);
}

#[test]
fn a_cap_stops_what_is_earned_and_takes_nothing() {
    let capped = LeaveType {
        accrual: Accrual::Monthly {
            minutes: 1200,
            on: MonthEnd::First,
        },
        cap_minutes: Some(2000),
        ..annual()
    };
    let posted = [
        entry("2026-01-15", 500, EntryKind::Adjustment),
        entry("2026-02-15", -600, EntryKind::Taken),
        entry("2026-03-15", 900, EntryKind::Adjustment),
    ];
    let expected = [
        "2026-01-01 1200 annual:2026-01-01:grant",
        "2026-02-01 300 annual:2026-02-01:grant",
        "2026-03-01 600 annual:2026-03-01:grant",
    ];
    let always = employed("2026-01-01", None);
    check_due(
        &capped,
        always,
        range("2026-01-01", "2026-04-30"),
        &posted,
        &expected,
    );
}

pub(super) fn carrying(most_minutes: Option<i64>, months: Option<u32>) -> LeaveType {
    LeaveType {
        carry_over: CarryOver {
            most_minutes,
            months,
        },
        ..annual()
    }
}

#[test]
fn what_is_not_carried_over_lapses_and_the_rest_expires() {
    let leave = carrying(Some(2400), Some(3));
    let posted = [
        entry("2026-07-01", -10_000, EntryKind::Taken),
        entry("2027-02-10", -960, EntryKind::Taken),
        entry("2027-04-10", -480, EntryKind::Taken),
    ];
    // 4400 are left at the end of 2026: 2000 lapse, and of the 2400 only 960 are taken in time.
    let expected = [
        "2026-01-01 14400 annual:2026-01-01:grant",
        "2027-01-01 -2000 annual:2026-01-01:lapse",
        "2027-01-01 14400 annual:2027-01-01:grant",
        "2027-04-01 -1440 annual:2026-01-01:expiry",
    ];
    let always = employed("2026-01-01", None);
    let until = |last| range("2026-01-01", last);
    check_due(&leave, always, until("2027-04-01"), &posted, &expected);
    check_due(&leave, always, until("2027-03-31"), &posted, &expected[..3]);
    let mut all = posted.to_vec();
    all.extend(due(
        &leave,
        always,
        until("2027-12-31"),
        &Worked::new(),
        &posted,
    ));
    let standing = standing(&all, &[], date("2027-03-31"));
    assert_eq!(standing.balance_minutes, 2400 - 960 + 14_400);
    // Leave of January that is given back in May had lived on, and expires after all.
    let back = give_back(&posted[1]);
    all.push(back);
    let expected = ["2027-04-01 -960 annual:2026-01-01:expiry#1"];
    check_due(&leave, always, until("2027-12-31"), &all, &expected);
}

#[test]
fn what_lives_longer_than_a_year_is_lost_only_once() {
    let leave = carrying(Some(1000), Some(15));
    let always = employed("2026-01-01", Some("2028-12-31"));
    let within = range("2026-01-01", "2028-12-31");
    let entries = due(&leave, always, within, &Worked::new(), &[]);
    let expected = [
        "2026-01-01 14400 annual:2026-01-01:grant",
        "2027-01-01 -13400 annual:2026-01-01:lapse",
        "2027-01-01 14400 annual:2027-01-01:grant",
        "2028-01-01 -14400 annual:2027-01-01:lapse",
        "2028-01-01 14400 annual:2028-01-01:grant",
    ];
    assert_eq!(words(&entries), expected);
}

#[test]
fn nothing_lapses_after_the_last_day() {
    let leaver = employed("2026-01-01", Some("2026-12-31"));
    let within = range("2026-01-01", "2027-12-31");
    let expected = ["2026-01-01 14400 annual:2026-01-01:grant"];
    check_due(&carrying(Some(0), None), leaver, within, &[], &expected);
}

#[test]
fn later_leave_and_waiting_requests_are_spoken_for() {
    let entries = [
        entry("2026-01-01", 4800, EntryKind::Grant),
        entry("2026-12-01", -2400, EntryKind::Taken),
        entry("2027-01-01", 4800, EntryKind::Grant),
    ];
    let waiting = [LeaveDay {
        date: date("2026-08-01"),
        part: Part::Full,
        minutes: 480,
    }];
    assert_eq!(available(&entries, &waiting, date("2026-06-01")), 1920);
    assert_eq!(available(&entries, &waiting, date("2027-06-01")), 6720);
    assert_eq!(available(&[], &[], date("2026-06-01")), 0);
    let june = standing(&entries, &waiting, date("2026-06-01"));
    assert_eq!((june.balance_minutes, june.pending_minutes), (4800, 0));
    let december = standing(&entries, &waiting, date("2026-12-31"));
    let expected = Standing {
        granted_minutes: 4800,
        taken_minutes: 2400,
        lost_minutes: 0,
        balance_minutes: 2400,
        pending_minutes: 480,
    };
    assert_eq!(december, expected);
}

#[test]
fn a_leave_type_is_checked_and_read_as_written() {
    assert_eq!(annual().errors(), []);
    let wrong = LeaveType {
        code: "Annual leave".to_owned(),
        accrual: Accrual::Worked {
            minutes: 60,
            per_minutes: 0,
        },
        year_start_month: 13,
        cap_minutes: Some(-1),
        ..annual()
    };
    let fields: Vec<_> = wrong.errors().into_iter().map(|e| e.field).collect();
    assert_eq!(fields, ["code", "accrual", "yearStartMonth", "capMinutes"]);
    let json = serde_json::json!({
        "code": "sick", "name": "Sick leave", "paid": true, "proration": "none",
        "accrual": {"kind": "worked", "minutes": 60, "perMinutes": 1800},
        "carryOver": {"mostMinutes": 4800},
    });
    let read: LeaveType = serde_json::from_value(json).expect("a leave type");
    assert_eq!(read.errors(), []);
    assert_eq!(read.year_start_month, 1);
    let again = serde_json::to_value(&read).expect("JSON");
    assert_eq!(
        serde_json::from_value::<LeaveType>(again).expect("a leave type"),
        read
    );
}
