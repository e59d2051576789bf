use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;

fn clock(text: &str) -> TimeOfDay {
    text.parse().expect("a time of day")
}

fn tier(after_minutes: i64, minutes: i64) -> BreakTier {
    BreakTier {
        after_minutes,
        minutes,
    }
}

fn shift(start: &str, end: &str, tiers: &[BreakTier]) -> ShiftTemplate {
    ShiftTemplate {
        name: "Day".to_owned(),
        code: "D1".to_owned(),
        tone: Tone::Teal,
        start: clock(start),
        end: clock(end),
        halves: None,
        break_tiers: tiers.to_vec(),
        min_break_piece_minutes: 0,
        max_break_minutes: 120,
        grace_late_minutes: None,
        grace_early_minutes: None,
        capture_before_minutes: None,
        capture_after_minutes: None,
        pairing: Pairing::Auto,
        zone: None,
    }
}

fn halves(texts: [&str; 4]) -> Option<[[TimeOfDay; 2]; 2]> {
    let [a, b, c, d] = texts.map(clock);
    Some([[a, b], [c, d]])
}

/// The office day with the hour of break between its halves.
fn office() -> ShiftTemplate {
    ShiftTemplate {
        halves: halves(["09:00", "13:00", "14:00", "18:00"]),
        ..shift("09:00", "18:00", &[tier(360, 60)])
    }
}

#[test]
fn a_shift_is_as_long_as_its_clocks_say() {
    let de = [tier(360, 30), tier(540, 45)];
    let cases = [
        (office(), 540, 480),
        (shift("08:00", "16:30", &de), 510, 480),
        (shift("08:00", "18:00", &de), 600, 555),
        (shift("22:00", "06:00", &de[..1]), 480, 450),
        (shift("06:00", "12:00", &de), 360, 360),
        (shift("06:00", "12:10", &de), 370, 360),
        (shift("06:00", "15:10", &de), 550, 520),
        (shift("08:00", "08:00", &[]), 1440, 1440),
    ];
    for (shift, length, work) in cases {
        assert_eq!(
            (shift.length_minutes(), shift.work_minutes()),
            (length, work)
        );
        assert_eq!(shift.errors(), []);
    }
}

#[test]
fn halves_add_up_to_the_whole() {
    assert_eq!(office().half_minutes(), [240, 240]);
    let uneven = ShiftTemplate {
        halves: halves(["09:00", "12:00", "13:00", "18:00"]),
        ..office()
    };
    assert_eq!(uneven.half_minutes(), [180, 300]);
    let odd = shift("09:00", "16:01", &[]);
    assert_eq!(odd.half_minutes(), [211, 210]);
    // The break is not what lies between the halves.
    let other = ShiftTemplate {
        break_tiers: vec![tier(360, 30)],
        ..uneven
    };
    assert_eq!(other.half_minutes(), [255, 255]);
}

#[test]
fn a_night_has_halves_too() {
    let night = ShiftTemplate {
        halves: halves(["22:00", "01:45", "02:15", "06:00"]),
        ..shift("22:00", "06:00", &[tier(360, 30)])
    };
    assert_eq!(night.errors(), []);
    assert_eq!(night.half_minutes(), [225, 225]);
}

#[test]
fn each_field_says_what_is_wrong_with_it() {
    type Change = fn(&mut ShiftTemplate);
    let cases: [(&str, Change); 17] = [
        ("name", |s| s.name = "  ".to_owned()),
        ("name", |s| s.name = "x".repeat(81)),
        ("code", |s| s.code = String::new()),
        ("code", |s| s.code = "D 1".to_owned()),
        ("code", |s| s.code = "LONGEST".to_owned()),
        ("halves", |s| {
            s.halves = halves(["08:00", "13:00", "14:00", "18:00"])
        }),
        ("halves", |s| {
            s.halves = halves(["09:00", "14:00", "13:00", "18:00"])
        }),
        ("halves", |s| {
            s.halves = halves(["09:00", "09:00", "13:00", "18:00"])
        }),
        ("halves", |s| {
            s.halves = halves(["09:00", "19:00", "20:00", "18:00"])
        }),
        ("breakTiers", |s| s.break_tiers = vec![tier(360, 0)]),
        ("breakTiers", |s| s.break_tiers = vec![tier(0, 540)]),
        ("breakTiers", |s| {
            s.break_tiers = vec![tier(540, 45), tier(360, 30)]
        }),
        ("minBreakPieceMinutes", |s| s.min_break_piece_minutes = -1),
        ("maxBreakMinutes", |s| s.min_break_piece_minutes = 200),
        ("graceLateMinutes", |s| s.grace_late_minutes = Some(241)),
        ("captureAfterMinutes", |s| {
            s.capture_after_minutes = Some(-5)
        }),
        ("zone", |s| s.zone = Some("Berlin, please".to_owned())),
    ];
    for (field, change) in cases {
        let mut template = office();
        change(&mut template);
        let problem = template.validated().expect_err(field);
        assert_eq!(problem.status, 422);
        let fields: Vec<_> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, [field]);
    }
    assert_eq!(office().validated(), Ok(office()));
}

#[test]
fn json_has_the_names_of_the_contract() {
    let json = serde_json::json!({
        "name": "Office", "code": "D1", "tone": "teal", "start": "09:00", "end": "18:00:00",
        "halves": [["09:00", "13:00"], ["14:00", "18:00"]],
        "breakTiers": [{"afterMinutes": 360, "minutes": 60}],
        "zone": "Europe/Berlin",
    });
    let read: ShiftTemplate = serde_json::from_value(json).expect("a template");
    let expected = ShiftTemplate {
        name: "Office".to_owned(),
        zone: Some("Europe/Berlin".to_owned()),
        ..office()
    };
    assert_eq!(read, expected);
    let written = serde_json::to_value(&read).expect("JSON");
    assert_eq!(written["end"], "18:00");
    assert_eq!(written["halves"][1], serde_json::json!(["14:00", "18:00"]));
    assert_eq!(written["maxBreakMinutes"], 120);
    for bad in ["24:00", "9", "", "09:00:30", "09:60"] {
        assert!(bad.parse::<TimeOfDay>().is_err(), "{bad}");
    }
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00Z").parse().expect("an instant")
}

fn placed(on: &str, from: &str, to: &str) -> (NaiveDate, Interval) {
    (on.parse().expect("a date"), Interval::new(at(from), at(to)))
}

#[test]
fn a_roster_marks_short_rests_between_dates() {
    let early = placed("2026-11-24", "2026-11-24T06:00", "2026-11-24T14:00");
    let late = placed("2026-11-23", "2026-11-23T14:00", "2026-11-23T22:00");
    let split = placed("2026-11-24", "2026-11-24T18:00", "2026-11-24T20:00");
    let next = placed("2026-11-25", "2026-11-25T06:59", "2026-11-25T14:00");
    let marks = short_rest_marks(&[early, split, next, late], 660);
    let marks: Vec<_> = marks
        .iter()
        .map(|mark| {
            (
                mark.work_date.to_string(),
                mark.rest.minutes(),
                mark.short_minutes,
            )
        })
        .collect();
    let expected = [
        ("2026-11-24".to_owned(), 480, 180),
        ("2026-11-25".to_owned(), 659, 1),
    ];
    assert_eq!(marks, expected);
}

proptest! {
    #[test]
    fn a_break_never_takes_work_below_the_threshold(
        after in 0i64..720,
        minutes in 1i64..90,
        attended in 0i64..1440,
    ) {
        let tiers = [tier(after, minutes)];
        let left = attended - break_minutes(&tiers, attended);
        prop_assert!(left <= attended);
        prop_assert!(left >= attended.min(after));
        // Whoever stays longer has not worked less.
        let more = attended + 1 - break_minutes(&tiers, attended + 1);
        prop_assert!(more >= left);
    }

    #[test]
    fn times_of_day_are_read_as_written(minutes in 0i64..1440, other in 0i64..1440) {
        let time = |minutes: i64| clock(&format!("{:02}:{:02}", minutes / 60, minutes % 60));
        prop_assert_eq!(time(minutes).minutes(), minutes);
        prop_assert_eq!(time(minutes).to_string().parse(), Ok(time(minutes)));
        prop_assert_eq!((minutes + time(minutes).until(time(other))) % 1440, other);
    }
}
