use proptest::prelude::*;

use super::super::tests::{annual, date, words};
use super::super::{Standing, standing};
use super::*;

fn roster(days: &[(&str, [i64; 2], Option<Part>)]) -> BTreeMap<NaiveDate, PlannedDay> {
    let days = days.iter().map(|(on, half_minutes, holiday)| {
        let day = PlannedDay {
            half_minutes: *half_minutes,
            holiday: *holiday,
        };
        (date(on), day)
    });
    days.collect()
}

fn request(from: &str, first_part: Part, until: &str, last_part: Part) -> LeaveRequest {
    LeaveRequest {
        from: date(from),
        until: date(until),
        first_part,
        last_part,
    }
}

#[test]
fn leave_costs_what_the_roster_says() {
    let full = [240, 240];
    let christmas = roster(&[
        ("2026-12-22", full, None),
        ("2026-12-23", [180, 300], None),
        ("2026-12-24", full, Some(Part::Pm)),
        ("2026-12-25", full, Some(Part::Full)),
        ("2026-12-26", [0, 0], Some(Part::Full)),
        ("2026-12-28", full, None),
        ("2026-12-29", full, None),
    ]);
    let check = |request: LeaveRequest, expected: &[(&str, Part, i64)]| {
        let days = cost(&request, &christmas);
        let days: Vec<_> = days.iter().map(|d| (d.date, d.part, d.minutes)).collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(on, part, m)| (date(on), *part, *m))
            .collect();
        assert_eq!(days, expected);
        assert_eq!(request_errors(&request, &[]), []);
    };
    check(
        request("2026-12-23", Part::Pm, "2026-12-28", Part::Am),
        &[
            ("2026-12-23", Part::Pm, 300),
            ("2026-12-24", Part::Full, 240),
            ("2026-12-28", Part::Am, 240),
        ],
    );
    let single = |on, part| request(on, part, on, part);
    check(
        single("2026-12-23", Part::Am),
        &[("2026-12-23", Part::Am, 180)],
    );
    check(single("2026-12-24", Part::Pm), &[]);
    check(single("2026-12-25", Part::Full), &[]);
    check(single("2026-12-27", Part::Full), &[]);
}

#[test]
fn requests_of_one_time_do_not_go_together() {
    let (am, pm, full) = (Part::Am, Part::Pm, Part::Full);
    let week = request("2026-11-23", pm, "2026-11-27", am);
    let fields = |asked: LeaveRequest| -> Vec<String> {
        let errors = request_errors(&asked, &[week]);
        errors.into_iter().map(|e| e.field).collect()
    };
    let none: [&str; 0] = [];
    assert_eq!(fields(request("2026-11-23", am, "2026-11-23", am)), none);
    assert_eq!(fields(request("2026-11-27", pm, "2026-11-30", full)), none);
    assert_eq!(fields(request("2026-11-20", full, "2026-11-23", am)), none);
    assert_eq!(
        fields(request("2026-11-23", pm, "2026-11-23", pm)),
        ["from"]
    );
    assert_eq!(
        fields(request("2026-11-20", full, "2026-11-23", full)),
        ["from"]
    );
    assert_eq!(
        fields(request("2026-11-25", am, "2026-11-25", am)),
        ["from"]
    );
    let message = &request_errors(&week, &[week])[0].message;
    assert_eq!(
        message,
        "There is leave from 23 Nov 2026 to 27 Nov 2026 already."
    );
}

#[test]
fn a_request_has_an_order_and_parts_that_fit() {
    let (am, pm, full) = (Part::Am, Part::Pm, Part::Full);
    let cases = [
        (request("2026-11-24", full, "2026-11-23", full), "until"),
        (request("2026-11-24", full, "2028-11-23", full), "until"),
        (request("2026-11-24", am, "2026-11-24", pm), "lastPart"),
        (request("2026-11-24", am, "2026-11-25", full), "firstPart"),
        (request("2026-11-24", full, "2026-11-25", pm), "lastPart"),
    ];
    for (asked, field) in cases {
        assert_eq!(request_errors(&asked, &[])[0].field, field);
    }
}

#[test]
fn a_balance_can_be_overdrawn_only_as_far_as_allowed() {
    let days = [LeaveDay {
        date: date("2026-11-23"),
        part: Part::Full,
        minutes: 480,
    }];
    let mut leave = annual();
    assert_eq!(balance_errors(&leave, &days, 480), []);
    let errors = balance_errors(&leave, &days, 450);
    let message = "This needs 8 h of annual leave, and 7 h 30 min are left: 30 min too few.";
    assert_eq!(errors[0].message, message);
    leave.overdraft_minutes = Some(30);
    assert_eq!(balance_errors(&leave, &days, 450), []);
    assert_eq!(balance_errors(&leave, &days, 449).len(), 1);
    leave.overdraft_minutes = None;
    assert_eq!(balance_errors(&leave, &days, -9999), []);
    assert_eq!(balance_errors(&leave, &[], 9999)[0].field, "from");
}

#[test]
fn taken_leave_can_be_given_back_once() {
    let days = [LeaveDay {
        date: date("2026-11-23"),
        part: Part::Am,
        minutes: 240,
    }];
    let taken = take(&annual(), "r1", &days);
    assert_eq!(
        words(&taken),
        ["2026-11-23 -240 annual:taken:r1:2026-11-23"]
    );
    let back = give_back(&taken[0]);
    let expected = ["2026-11-23 240 annual:taken:r1:2026-11-23:returned"];
    assert_eq!(words(std::slice::from_ref(&back)), expected);
    let both = [taken[0].clone(), back];
    assert_eq!(
        standing(&both, &[], date("2026-12-31")),
        Standing::default()
    );
}

proptest! {
    #[test]
    fn halves_cost_together_what_the_day_costs(am in 0i64..400, pm in 0i64..400) {
        let roster = roster(&[("2026-11-23", [am, pm], None)]);
        let minutes = |part| -> i64 {
            let asked = request("2026-11-23", part, "2026-11-23", part);
            cost(&asked, &roster).iter().map(|day| day.minutes).sum()
        };
        prop_assert_eq!(minutes(Part::Am) + minutes(Part::Pm), minutes(Part::Full));
    }
}
