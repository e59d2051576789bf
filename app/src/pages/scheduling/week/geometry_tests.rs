use super::super::samples::{date, day, during, utc};
use super::*;

fn berlin(text: &str) -> DayColumn {
    day(date(text))
}

fn all_day(days: &[DayColumn]) -> Axis {
    Axis::of(days, &(0..DAY))
}

#[test]
fn an_ordinary_day_has_ninety_six_rows_and_some_are_shown() {
    let days = [berlin("2026-11-24")];
    assert_eq!(all_day(&days).rows().len(), 96);
    let axis = Axis::of(&days, &(420..1200));
    assert_eq!(axis.rows().len(), 52);
    assert_eq!(axis.rows()[0], Row::once(420));
    // 09:05 to 09:40 in Berlin touches the quarters from 09:00 to 09:45.
    let slot = during("2026-11-24T08:05:00Z", "2026-11-24T08:40:00Z");
    assert_eq!(axis.place(&days[0], &slot), Some(Place { at: 8, rows: 3 }));
}

#[test]
fn what_is_not_shown_is_cut_off() {
    let days = [berlin("2026-11-24")];
    let axis = Axis::of(&days, &(420..1200));
    let early = during("2026-11-24T05:00:00Z", "2026-11-24T06:30:00Z");
    assert_eq!(axis.place(&days[0], &early), Some(Place { at: 0, rows: 2 }));
    let night = during("2026-11-24T02:00:00Z", "2026-11-24T04:00:00Z");
    assert_eq!(axis.place(&days[0], &night), None);
    let yesterday = during("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z");
    assert_eq!(axis.place(&days[0], &yesterday), None);
}

#[test]
fn a_stretch_over_midnight_is_in_both_days() {
    let days = [berlin("2026-11-24"), berlin("2026-11-25")];
    let axis = all_day(&days);
    let night = during("2026-11-24T22:30:00Z", "2026-11-24T23:30:00Z");
    assert_eq!(
        axis.place(&days[0], &night),
        Some(Place { at: 94, rows: 2 })
    );
    assert_eq!(axis.place(&days[1], &night), Some(Place { at: 0, rows: 2 }));
}

#[test]
fn a_day_of_23_hours_lacks_an_hour() {
    let days = [berlin("2026-03-28"), berlin("2026-03-29")];
    let axis = all_day(&days);
    assert_eq!(axis.rows().len(), 96);
    assert_eq!((days[1].to - days[1].from).num_hours(), 23);
    let at = |day, minute| {
        let row = Row::once(minute);
        instant_of(&days, Spot { day, row })
    };
    assert_eq!(at(1, 105), Some(utc("2026-03-29T00:45:00Z")));
    assert_eq!(at(1, 120), None);
    assert_eq!(at(1, 165), None);
    assert_eq!(at(1, 180), Some(utc("2026-03-29T01:00:00Z")));
    assert!(at(0, 120).is_some());
    // 01:30 to 03:30 is an hour long and is drawn over the rows that do not exist.
    let over = during("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
    assert_eq!(axis.place(&days[1], &over), Some(Place { at: 6, rows: 8 }));
}

#[test]
fn a_day_of_25_hours_has_an_hour_twice() {
    let days = [berlin("2026-10-24"), berlin("2026-10-25")];
    let axis = all_day(&days);
    assert_eq!(axis.rows().len(), 100);
    assert_eq!((days[1].to - days[1].from).num_hours(), 25);
    let again = Row {
        minute: 120,
        again: true,
    };
    // Twelve rows up to 03:00, the hour from 02:00 on among them; then that hour once more.
    assert_eq!(axis.index(again), Some(12));
    assert_eq!(axis.index(Row::once(180)), Some(16));
    let first = Spot {
        day: 1,
        row: Row::once(120),
    };
    let second = Spot { day: 1, row: again };
    assert_eq!(instant_of(&days, first), Some(utc("2026-10-25T00:00:00Z")));
    assert_eq!(instant_of(&days, second), Some(utc("2026-10-25T01:00:00Z")));
    assert_eq!(instant_of(&days, Spot { day: 0, row: again }), None);
    let twice = during("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
    assert_eq!(
        axis.place(&days[1], &twice),
        Some(Place { at: 10, rows: 4 })
    );
}

#[test]
fn each_cell_and_its_instant_belong_together() {
    let week = [
        "2026-03-28",
        "2026-03-29",
        "2026-10-24",
        "2026-10-25",
        "2026-11-24",
    ];
    let days: Vec<DayColumn> = week.iter().map(|day| berlin(day)).collect();
    let axis = all_day(&days);
    let mut cells = 0;
    for day in 0..days.len() {
        for row in axis.rows() {
            let spot = Spot { day, row: *row };
            assert_eq!(Spot::of_id(&spot.id()), Some(spot));
            if let Some(at) = instant_of(&days, spot) {
                assert_eq!(axis.spot(&days, at), Some(spot));
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 5 * 96);
}

#[test]
fn nine_o_clock_stays_nine_o_clock_when_the_clocks_change() {
    for (day, nine) in [
        ("2026-03-22", "2026-03-22T08:00:00Z"),
        ("2026-03-29", "2026-03-29T07:00:00Z"),
        ("2026-10-25", "2026-10-25T08:00:00Z"),
    ] {
        let days = [berlin(day)];
        let axis = Axis::of(&days, &(420..1200));
        let slot = Interval::starting(utc(nine), 30);
        assert_eq!(axis.place(&days[0], &slot), Some(Place { at: 8, rows: 2 }));
        assert_eq!(stamp(&days[0], utc(nine)).clock(), "09:00");
        assert_eq!(instant(&days[0], 540, false), Some(utc(nine)));
    }
}

#[test]
fn blocks_that_overlap_share_the_width() {
    let place = |at, rows| Place { at, rows };
    let found = lanes(&[place(0, 4), place(2, 4), place(8, 2), place(4, 2)]);
    let lane = |index, of| Lane { index, of };
    // The last one follows the first in its lane; the third stands alone.
    assert_eq!(found, [lane(0, 2), lane(1, 2), lane(0, 1), lane(0, 2)]);
    // A quarter of an hour is drawn half an hour high.
    assert_eq!(lanes(&[place(0, 1), place(1, 1)]), [lane(0, 2), lane(1, 2)]);
    assert_eq!(lane(1, 2).classes(), "lane-6 wide-6");
    assert_eq!(lane(30, 40).classes(), "lane-11 wide-1");
    assert!(lanes(&[]).is_empty());
}
