use proptest::prelude::*;

use super::*;

const DAY_SECONDS: i64 = 86_400;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_793_491_200 + second, 0).expect("a real instant")
}

fn span(from: i64, to: i64) -> Interval {
    Interval::new(at(from), at(to))
}

/// Busy times of a day and a bit on both sides, on whole seconds.
fn busy() -> impl Strategy<Value = Vec<Interval>> {
    let one = (-3_600..DAY_SECONDS, 1i64..7_200).prop_map(|(from, len)| span(from, from + len));
    prop::collection::vec(one, 0..12)
}

fn on_marks(busy: Vec<Interval>) -> Vec<Interval> {
    let mark = |at: DateTime<Utc>| at.timestamp() / CELL_SECONDS * CELL_SECONDS;
    let moved = busy.into_iter().map(|interval| {
        let moved = Interval::new(
            DateTime::from_timestamp(mark(interval.from), 0).expect("a real instant"),
            DateTime::from_timestamp(mark(interval.to), 0).expect("a real instant"),
        );
        moved.widened(0, 5)
    });
    moved.collect()
}

fn free_of(window: Interval, busy: &[Interval]) -> IntervalSet {
    IntervalSet::from(busy.to_vec()).complement(window)
}

#[test]
fn a_month_takes_a_kibibyte() {
    let map = Bitmap::all_free(span(0, 28 * DAY_SECONDS));
    assert_eq!(map.to_bytes().len(), 1_008);
}

#[test]
fn a_touched_cell_is_busy_and_a_cut_window_is_smaller() {
    let map = Bitmap::of_busy(span(60, 3_600 + 60), &[span(1_201, 1_202)]);
    assert_eq!(map.window(), span(300, 3_600));
    let free: Vec<_> = map.free_runs(5).collect();
    assert_eq!(free, [span(300, 1_200), span(1_500, 3_600)]);
    assert!(map.is_free(&span(900, 1_200)));
    assert!(!map.is_free(&span(900, 1_201)));
    assert!(!map.is_free(&span(3_300, 3_601)), "beyond the window");
}

proptest! {
    #[test]
    fn free_cells_are_free_in_the_intervals(busy in busy(), minutes in 1i64..200) {
        let window = span(0, DAY_SECONDS);
        let (map, free) = (Bitmap::of_busy(window, &busy), free_of(window, &busy));
        for run in map.free_runs(minutes) {
            prop_assert!(free.covers(&run));
            prop_assert!(run.minutes() >= minutes);
        }
        prop_assert_eq!(&map, &Bitmap::of_free(window, &free));
    }

    #[test]
    fn a_slot_on_the_marks_gets_the_exact_answer(busy in busy(), cell in 0i64..288, cells in 1i64..30) {
        let window = span(0, DAY_SECONDS);
        let (map, free) = (Bitmap::of_busy(window, &busy), free_of(window, &busy));
        let slot = span(cell * 300, (cell + cells) * 300);
        prop_assert_eq!(map.is_free(&slot), free.covers(&slot));
        let starts: Vec<_> = map.free_starts(cells * 5).collect();
        prop_assert_eq!(starts.contains(&slot.from), free.covers(&slot));
    }

    #[test]
    fn any_slot_gets_an_answer_that_is_not_more_optimistic(busy in busy(), from in 0i64..DAY_SECONDS, len in 1i64..9_000) {
        let window = span(0, DAY_SECONDS);
        let (map, free) = (Bitmap::of_busy(window, &busy), free_of(window, &busy));
        let slot = span(from, from + len);
        prop_assert!(!map.is_free(&slot) || free.covers(&slot));
    }

    #[test]
    fn on_the_marks_the_runs_are_those_of_the_intervals(busy in busy(), minutes in 1i64..200) {
        let (window, busy) = (span(0, DAY_SECONDS), on_marks(busy));
        let map = Bitmap::of_busy(window, &busy);
        let runs: IntervalSet = map.free_runs(minutes).collect();
        let in_cells = (minutes + 4) / 5 * 5;
        prop_assert_eq!(runs, free_of(window, &busy).at_least(in_cells));
    }

    #[test]
    fn many_maps_make_the_map_of_all(people in prop::collection::vec(busy(), 1..6)) {
        let window = span(0, DAY_SECONDS);
        let maps: Vec<_> = people.iter().map(|busy| Bitmap::of_busy(window, busy)).collect();
        let all: Vec<_> = people.concat();
        prop_assert_eq!(Bitmap::any_busy(window, &maps), Bitmap::of_busy(window, &all));
    }

    #[test]
    fn windows_may_differ_and_what_is_not_known_is_busy(
        busy in busy(),
        (ours, theirs) in (0i64..100, 0i64..100),
        (our_cells, their_cells) in (1i64..300, 1i64..300),
    ) {
        let window = span(ours * 300, (ours + our_cells) * 300);
        let known = span(theirs * 300, (theirs + their_cells) * 300);
        let merged = Bitmap::any_busy(window, [&Bitmap::of_busy(known, &busy)]);
        let mut expected = Bitmap::of_busy(window, &busy);
        for outside in &IntervalSet::from(known).complement(window) {
            expected.mark_busy(outside);
        }
        prop_assert_eq!(merged, expected);
    }

    #[test]
    fn the_cache_gives_back_what_it_got(busy in busy(), cells in 1i64..400) {
        let window = span(0, cells * 300);
        let map = Bitmap::of_busy(window, &busy);
        prop_assert_eq!(Bitmap::from_bytes(window, &map.to_bytes()), Some(map.clone()));
        prop_assert_eq!(Bitmap::from_bytes(span(0, 400 * 300 + 64 * 300), &map.to_bytes()), None);
    }
}
