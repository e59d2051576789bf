use proptest::prelude::*;

use super::*;

fn any_span() -> impl Strategy<Value = Interval> {
    (-1_500i64..3_000, 1i64..400).prop_map(|(from, len)| span(from, from + len))
}

fn any_known() -> impl Strategy<Value = Known> {
    let spans = || prop::collection::vec(any_span(), 0..6);
    let statuses = prop::sample::select(BusyStatus::ALL);
    let busy = (any_span(), statuses).prop_map(|(during, status)| Busy { during, status });
    let absence = any_span().prop_map(|during| Absence {
        during,
        kind: AbsenceKind::Leave,
    });
    let kinds = prop::sample::select(DutyKind::ALL);
    let duty = (any_span(), kinds).prop_map(|(during, kind)| Duty { during, kind });
    let freshness = prop::sample::select(Freshness::ALL);
    let covers = prop::option::of(any_span());
    let source = (freshness, covers).prop_map(|(freshness, covers)| Source {
        freshness,
        as_of: None,
        covers,
    });
    let constraints = (0u16..30, 0u16..30, 0u32..3_000, prop::option::of(1u16..3)).prop_map(
        |(before, after, notice, limit)| Constraints {
            buffer_before_minutes: before,
            buffer_after_minutes: after,
            notice_minutes: notice,
            meetings_per_day: limit,
            rest_after_night_minutes: 100,
        },
    );
    (
        spans(),
        prop::collection::vec(busy, 0..8),
        prop::collection::vec(absence, 0..2),
        prop::collection::vec(duty, 0..3),
        prop::collection::vec(source, 0..2),
        constraints,
        -720i32..840,
    )
        .prop_map(
            |(working, busy, absences, duties, sources, constraints, offset)| Known {
                working: working.into(),
                busy,
                absences,
                duties,
                sources,
                constraints,
                local: LocalTime::fixed(offset, "Somewhere"),
            },
        )
}

proptest! {
    #[test]
    fn nothing_is_two_things_at_once(known in any_known()) {
        let it = Availability::of(&known, hour(0, 24), at(0));
        let busy: IntervalSet = it.busy.iter().map(|busy| busy.during).collect();
        let out: IntervalSet = it.blocks.iter().map(|block| block.during).collect();
        prop_assert!(it.free.intersect(&busy).is_empty());
        prop_assert!(it.free.intersect(&out).is_empty());
        prop_assert!(it.unknown.intersect(&busy.union(&out)).is_empty());
        prop_assert!(it.free.intersect(&it.unknown).is_empty());
        prop_assert_eq!(it.free.subtract(&it.working), IntervalSet::empty());
        prop_assert_eq!(
            it.free.union(&it.unknown).union(&busy).union(&out).union(&it.working.complement(it.range)).clipped(it.range),
            IntervalSet::from(it.range)
        );
    }

    #[test]
    fn a_slot_is_out_exactly_if_there_is_a_reason(known in any_known(), slot in any_span()) {
        let it = Availability::of(&known, hour(0, 24), at(0));
        let why = it.why_not(&slot);
        prop_assert_eq!(why.is_empty(), it.standing(&slot) == Standing::Free);
        if it.standing(&slot) == Standing::Unknown {
            let only_unknown = matches!(why.as_slice(), [Why::UnknownSource { .. }]);
            prop_assert!(only_unknown, "{why:?}");
        }
    }

    #[test]
    fn the_maps_are_never_more_optimistic(known in any_known(), slot in any_span()) {
        let it = Availability::of(&known, hour(0, 24), at(0));
        prop_assert!(!it.map().is_free(&slot) || it.standing(&slot) == Standing::Free);
        prop_assert!(!it.hopeful_map().is_free(&slot) || it.standing(&slot) != Standing::Out);
    }

    #[test]
    fn what_is_known_may_come_in_any_order(known in any_known()) {
        let mut turned = known.clone();
        turned.busy.reverse();
        turned.duties.reverse();
        turned.sources.reverse();
        let (a, b) = (Availability::of(&known, hour(0, 24), at(0)), Availability::of(&turned, hour(0, 24), at(0)));
        prop_assert_eq!(a, b);
    }

    #[test]
    fn everyone_is_free_in_the_common_time(people in prop::collection::vec(any_known(), 1..5)) {
        let people: Vec<_> = people.iter().map(|known| Availability::of(known, hour(0, 24), at(0))).collect();
        let common = common_free(&people, hour(0, 24));
        let mut one_by_one = IntervalSet::from(hour(0, 24));
        for person in &people {
            one_by_one = one_by_one.intersect(&person.free);
        }
        prop_assert_eq!(&common, &one_by_one);
        let maps: Vec<_> = people.iter().map(Availability::map).collect();
        let cells = Bitmap::any_busy(hour(0, 24), &maps);
        for run in cells.free_runs(1) {
            prop_assert!(common.covers(&run));
        }
    }
}
