//! What is drawn of a day, and where.

use chrono::DateTime;

use super::*;

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a real day")
}

fn stamp(text: &str) -> Stamp {
    let at = DateTime::parse_from_rfc3339(text).expect("an instant");
    Stamp {
        at: at.to_utc(),
        offset_minutes: at.offset().local_minus_utc() / 60,
    }
}

fn shift(from: &str, to: &str) -> ShiftTime {
    ShiftTime {
        name: String::new(),
        from: stamp(from),
        to: stamp(to),
    }
}

#[test]
fn a_day_goes_from_midnight_to_midnight() {
    let office = shift("2026-11-23T09:00:00+01:00", "2026-11-23T18:00:00+01:00");
    let drawn = Drawn::of(date(), &[office], None, &[], None, &None);
    assert_eq!(drawn.shifts, [(540, 1_080)]);
    let axis = Axis::over(&drawn);
    assert_eq!((axis.from, axis.to), (0, DAY));
    assert_eq!(axis.x(540), "37.50%");
    assert_eq!(axis.width(540, 1_080), "37.50%");
    let words: Vec<String> = axis
        .ticks()
        .into_iter()
        .filter_map(|(_, word)| word)
        .collect();
    assert_eq!(words, ["00:00", "06:00", "12:00", "18:00", "24:00"]);
    assert_eq!((axis.anchor(0), axis.anchor(DAY)), ("start", "end"));
}

#[test]
fn a_night_goes_on_beyond_midnight() {
    let night = shift("2026-11-23T22:00:00+01:00", "2026-11-24T06:10:00+01:00");
    let drawn = Drawn::of(date(), &[night], None, &[], None, &None);
    let axis = Axis::over(&drawn);
    assert_eq!((axis.from, axis.to), (0, 31 * 60));
    assert_eq!(drawn.words(), "Shift 22:00–06:10, no work yet");
}

#[test]
fn what_goes_on_reaches_to_the_present() {
    let now = stamp("2026-11-23T12:30:00+01:00");
    let since = stamp("2026-11-23T08:56:00+01:00");
    let running = Some((Presence::In, since));
    let drawn = Drawn::of(date(), &[], None, &[], Some(&now), &running);
    let piece = Piece {
        from: 536,
        to: 750,
        kind: Kind::Working,
    };
    assert_eq!(drawn.pieces, [piece]);
    assert_eq!(drawn.words(), "No shift, at work since 08:56, now 12:30");
}

#[test]
fn instants_are_read_by_the_clocks_of_the_page() {
    let clocks = Clocks(vec![(stamp("2026-11-23T09:00:00+01:00").at, 60)]);
    let kolkata = DateTime::parse_from_rfc3339("2026-11-23T13:30:00+05:30").expect("an instant");
    assert_eq!(
        clocks.local(kolkata),
        date().and_hms_opt(9, 0, 0).expect("a time")
    );
    assert_eq!(
        Clocks(Vec::new()).local(kolkata),
        date().and_hms_opt(13, 30, 0).expect("a time")
    );
}
