use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn span(from: &str, offset_minutes: i32, place: &str) -> LocalSpan {
    LocalSpan {
        from: at(from),
        offset_minutes,
        place: place.into(),
    }
}

#[test]
fn the_first_span_holds_before_and_the_last_for_ever() {
    let local = LocalTime::from(vec![
        span("2026-10-25T01:00:00Z", 60, "Berlin"),
        span("2026-10-01T00:00:00Z", 120, "Berlin"),
    ]);
    assert_eq!(local.offset_minutes(at("2020-01-01T00:00:00Z")), 120);
    assert_eq!(local.offset_minutes(at("2026-10-25T00:59:59Z")), 120);
    assert_eq!(local.offset_minutes(at("2030-01-01T00:00:00Z")), 60);
    assert_eq!(local.place(at("2030-01-01T00:00:00Z")), "Berlin");
    assert_eq!(
        LocalTime::default().place(at("2030-01-01T00:00:00Z")),
        "UTC"
    );
}

#[test]
fn a_journey_west_makes_a_day_longer() {
    let local = LocalTime::from(vec![
        span("2026-11-01T00:00:00Z", 60, "Berlin"),
        span("2026-11-10T05:00:00Z", -300, "New York"),
    ]);
    let ninth = NaiveDate::from_ymd_opt(2026, 11, 9).expect("a real day");
    let tenth = ninth.succ_opt().expect("a real day");
    // From midnight in Berlin until midnight in New York it is the tenth as long as one is in
    // Berlin, and then the tenth begins again.
    assert_eq!(local.hours_of(ninth).duration().num_hours(), 24);
    assert_eq!(local.hours_of(tenth).duration().num_hours(), 30);
}

proptest! {
    #[test]
    fn an_instant_lies_in_the_hours_of_its_day(
        offsets in prop::collection::vec(-12i32..=14, 1..5),
        hour in 0i64..240,
    ) {
        let start = at("2026-11-01T00:00:00Z");
        let spans = offsets.iter().enumerate().map(|(number, offset)| LocalSpan {
            from: start + chrono::TimeDelta::hours(number as i64 * 50),
            offset_minutes: offset * 60,
            place: String::new(),
        });
        let local = LocalTime::from(spans.collect::<Vec<_>>());
        let now = start + chrono::TimeDelta::hours(hour);
        let day = local.day(now);
        prop_assert!(local.hours_of(day).contains(now));
        for other in [day.pred_opt(), day.succ_opt()].into_iter().flatten() {
            prop_assert!(!local.hours_of(other).contains(now));
        }
    }
}
