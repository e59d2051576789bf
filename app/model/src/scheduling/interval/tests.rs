use chrono::DateTime;
use proptest::prelude::*;

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_100 + minute * 60, 0).expect("a real instant")
}

fn span(from: i64, to: i64) -> Interval {
    Interval::new(at(from), at(to))
}

fn set(pieces: &[(i64, i64)]) -> IntervalSet {
    pieces.iter().map(|(from, to)| span(*from, *to)).collect()
}

/// Any list of intervals, also empty and backward ones, between minute 0 and 200.
fn any_set() -> impl Strategy<Value = IntervalSet> {
    prop::collection::vec((0i64..200, -5i64..40), 0..12).prop_map(|pieces| {
        let pieces = pieces.into_iter().map(|(from, len)| span(from, from + len));
        pieces.collect()
    })
}

#[test]
fn touching_is_not_overlapping() {
    assert!(!span(0, 30).overlaps(&span(30, 60)));
    assert!(span(0, 31).overlaps(&span(30, 60)));
    assert!(!span(10, 10).overlaps(&span(0, 60)));
    assert!(!set(&[(0, 30)]).overlaps(&span(30, 60)));
}

#[test]
fn merging_joins_what_touches_and_drops_what_is_empty() {
    let merged = set(&[
        (30, 60),
        (0, 30),
        (80, 80),
        (90, 70),
        (100, 120),
        (110, 115),
    ]);
    assert_eq!(merged, set(&[(0, 60), (100, 120)]));
    assert_eq!(merged.gaps(), set(&[(60, 100)]));
    assert_eq!(merged.at_least(30), set(&[(0, 60)]));
}

#[test]
fn json_is_a_list_and_is_merged_when_read() {
    let halves = serde_json::to_string(&[span(30, 60), span(0, 30)]).expect("it is plain data");
    let read: IntervalSet = serde_json::from_str(&halves).expect("it is a list");
    assert_eq!(read, set(&[(0, 60)]));
    let text = serde_json::to_value(read).expect("it is plain data");
    assert_eq!(text, serde_json::json!([{"from": at(0), "to": at(60)}]));
}

proptest! {
    #[test]
    fn operations_say_of_each_instant_what_logic_says(a in any_set(), b in any_set()) {
        let within = span(20, 180);
        let (union, both) = (a.union(&b), a.intersect(&b));
        let (without, complement) = (a.subtract(&b), a.complement(within));
        for minute in -10..260 {
            let now = at(minute);
            let (in_a, in_b) = (a.contains(now), b.contains(now));
            prop_assert_eq!(union.contains(now), in_a || in_b);
            prop_assert_eq!(both.contains(now), in_a && in_b);
            prop_assert_eq!(without.contains(now), in_a && !in_b);
            prop_assert_eq!(complement.contains(now), within.contains(now) && !in_a);
            prop_assert_eq!(a.clipped(within).contains(now), within.contains(now) && in_a);
        }
    }

    #[test]
    fn results_are_in_normal_form(a in any_set(), b in any_set()) {
        let within = span(20, 180);
        for result in [
            a.union(&b), a.intersect(&b), a.subtract(&b),
            a.complement(within), a.clipped(within), a.gaps(),
        ] {
            prop_assert_eq!(&result, &IntervalSet::from(result.as_slice().to_vec()));
        }
    }

    #[test]
    fn the_laws_of_sets_hold(a in any_set(), b in any_set(), c in any_set()) {
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.intersect(&b), b.intersect(&a));
        prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(a.intersect(&b).intersect(&c), a.intersect(&b.intersect(&c)));
        prop_assert_eq!(
            a.intersect(&b.union(&c)),
            a.intersect(&b).union(&a.intersect(&c))
        );
        prop_assert_eq!(a.union(&a.intersect(&b)), a.clone());
        prop_assert_eq!(a.subtract(&b).union(&a.intersect(&b)), a.clone());
        let within = span(-10, 260);
        prop_assert_eq!(
            a.union(&b).complement(within),
            a.complement(within).intersect(&b.complement(within))
        );
        prop_assert_eq!(a.complement(within).complement(within), a.clone());
        prop_assert_eq!(
            a.union(&b).duration() + a.intersect(&b).duration(),
            a.duration() + b.duration()
        );
    }

    #[test]
    fn covering_and_overlapping_agree_with_the_operations(a in any_set(), from in 0i64..200, len in 1i64..50) {
        let slot = span(from, from + len);
        let whole = IntervalSet::from(slot);
        prop_assert_eq!(a.covers(&slot), whole.subtract(&a).is_empty());
        prop_assert_eq!(a.overlaps(&slot), !whole.intersect(&a).is_empty());
    }
}
