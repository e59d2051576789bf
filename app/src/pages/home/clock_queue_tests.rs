//! How old a press is, and what becomes of one that was not taken.

use super::*;

#[test]
fn an_age_is_counted_and_never_less_than_none() {
    let pressed = Reading {
        boot: 1_000_000.0,
        at: 5_000.0,
    };
    let later = |boot: f64, at: f64| Reading { boot, at }.seconds_since(pressed);
    assert_eq!(later(1_000_000.0, 65_900.0), 60);
    // After a reload the clock counts from another beginning.
    assert_eq!(later(1_060_000.0, 1_000.0), 56);
    assert_eq!(later(1_000_000.0, 0.0), 0);
    assert_eq!(later(f64::NAN, 0.0), 0);
}

#[test]
fn what_waits_comes_back_as_it_was_kept() {
    let waiting = Waiting {
        key: "k".into(),
        owner: PersonId::from_parts(chrono::DateTime::UNIX_EPOCH, &[1; 10]),
        direction: Direction::BreakOut,
        pressed: Reading {
            boot: 1.5,
            at: 2.25,
        },
        tried: true,
    };
    let text = serde_json::to_string(&vec![waiting.clone()]).expect("JSON");
    let back: Vec<Waiting> = serde_json::from_str(&text).expect("what was kept");
    assert_eq!(back, [waiting]);
}

#[test]
fn only_what_can_still_arrive_waits() {
    let problem = |status| Problem::new(status, "some_code", "Something");
    assert!(is_for_later(&Problem::new(503, UNREACHABLE, "No network")));
    for status in [401, 429, 500, 503] {
        assert!(is_for_later(&problem(status)), "{status}");
    }
    for status in [400, 403, 422] {
        assert!(!is_for_later(&problem(status)), "{status}");
    }
}

#[test]
fn presses_lead_on_from_each_other() {
    assert_eq!(after(Direction::In, Presence::Out), Presence::In);
    assert_eq!(after(Direction::BreakOut, Presence::In), Presence::Break);
    assert_eq!(after(Direction::BreakIn, Presence::Break), Presence::In);
    assert_eq!(after(Direction::Unknown, Presence::In), Presence::In);
}
