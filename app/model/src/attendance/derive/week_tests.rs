use super::*;
use crate::attendance::case::Case;

fn derived(json: &str) -> Derived {
    Case::from_json(json).expect("a case").derive()
}

#[test]
fn the_law_reads_work_without_its_breaks() {
    let derived = derived(
        r#"{"zone":"UTC",
            "schedule":[{"workDate":"2026-11-23","start":"09:00","end":"18:00",
                "breakTiers":[{"afterMinutes":360,"minutes":60}]}],
            "punches":[{"at":"2026-11-23T09:00:00Z"},{"at":"2026-11-23T13:00:00Z"},
                {"at":"2026-11-23T13:40:00Z"},{"at":"2026-11-23T18:00:00Z"}]}"#,
    );
    let days = work_days(&derived);
    let [day] = days.values().collect::<Vec<_>>()[..] else {
        panic!("{days:?}");
    };
    assert_eq!(day.work.iter().count(), 2);
    assert_eq!(day.worked_minutes(), 480);
}

/// Whether the second day is flagged for its rest.
fn is_short(first_out: &str, second_in: &str, trusted: &str) -> bool {
    let punch = |at: &str, direction: &str| {
        format!(r#"{{"at":"{at}:00Z","direction":"{direction}","trusted":{trusted}}}"#)
    };
    let derived = derived(&format!(
        r#"{{"zone":"UTC","schedule":[{{"workDate":"2026-11-23","start":"14:00","end":"22:00"}},
            {{"workDate":"2026-11-24","start":"08:00","end":"16:00"}}],
            "punches":[{},{},{}]}}"#,
        punch("2026-11-23T14:00", "in"),
        punch(first_out, "out"),
        punch(second_in, "in"),
    ));
    derived.days[1].has(Flag::ShortRest)
}

#[test]
fn eleven_hours_are_due_between_days() {
    assert!(is_short("2026-11-23T22:00", "2026-11-24T08:00", "true"));
    assert!(!is_short("2026-11-23T22:00", "2026-11-24T09:00", "true"));
    assert!(is_short("2026-11-23T22:00", "2026-11-24T08:59", "true"));
    assert!(is_short("2026-11-23T22:00", "2026-11-24T08:00", "false"));
}
