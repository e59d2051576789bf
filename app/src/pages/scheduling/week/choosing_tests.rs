use super::super::geometry::Row;
use super::super::samples::{days, during, utc};
use super::*;

fn spot(day: usize, hour: u16, minute: u16) -> Spot {
    Spot {
        day,
        row: Row::once(hour * 60 + minute),
    }
}

fn shown(days: &[DayColumn]) -> Axis {
    Axis::of(days, &(420..1200))
}

#[test]
fn arrows_move_by_quarter_and_day_and_stop_at_the_edge() {
    let days = days("2026-11-23");
    let axis = shown(&days);
    let go = |from, step| go(&days, &axis, from, step);
    let nine = spot(1, 9, 0);
    assert_eq!(go(nine, Step::Down), Some(spot(1, 9, 15)));
    assert_eq!(go(nine, Step::Up), Some(spot(1, 8, 45)));
    assert_eq!(go(nine, Step::Left), Some(spot(0, 9, 0)));
    assert_eq!(go(nine, Step::Right), Some(spot(2, 9, 0)));
    assert_eq!(go(nine, Step::FirstDay), Some(spot(0, 9, 0)));
    assert_eq!(go(nine, Step::LastDay), Some(spot(6, 9, 0)));
    assert_eq!(go(nine, Step::FirstRow), Some(spot(1, 7, 0)));
    assert_eq!(go(nine, Step::LastRow), Some(spot(1, 19, 45)));
    assert_eq!(go(spot(0, 7, 0), Step::Up), None);
    assert_eq!(go(spot(0, 7, 0), Step::Left), None);
    assert_eq!(go(spot(6, 19, 45), Step::Down), None);
    assert_eq!(go(spot(6, 19, 45), Step::Right), None);
}

#[test]
fn times_that_a_day_lacks_are_stepped_over() {
    // The clocks go forward on the Sunday, from 02:00 to 03:00.
    let days = days("2026-03-23");
    let axis = Axis::of(&days, &(0..1440));
    let go = |from, step| go(&days, &axis, from, step);
    assert_eq!(go(spot(6, 1, 45), Step::Down), Some(spot(6, 3, 0)));
    assert_eq!(go(spot(6, 3, 0), Step::Up), Some(spot(6, 1, 45)));
    assert_eq!(go(spot(5, 2, 30), Step::Right), Some(spot(6, 3, 0)));
}

#[test]
fn the_hour_that_comes_twice_is_passed_twice() {
    let days = days("2026-10-19");
    let axis = Axis::of(&days, &(0..1440));
    let again = |minute| Spot {
        day: 6,
        row: Row {
            minute,
            again: true,
        },
    };
    let go = |from, step| go(&days, &axis, from, step);
    assert_eq!(go(spot(6, 2, 45), Step::Down), Some(again(120)));
    assert_eq!(go(again(165), Step::Down), Some(spot(6, 3, 0)));
    // Saturday has it once.
    assert_eq!(go(spot(5, 2, 45), Step::Down), Some(spot(5, 3, 0)));
    assert_eq!(go(again(120), Step::Left), Some(spot(5, 3, 0)));
}

#[test]
fn a_slot_grows_and_shrinks_by_quarters() {
    let from = utc("2026-11-24T08:00:00Z");
    let of = |minutes| Choice { from, minutes };
    assert_eq!(of(30).longer(), of(45));
    assert_eq!(of(20).longer(), of(30));
    assert_eq!(of(45).shorter(), of(30));
    assert_eq!(of(20).shorter(), of(15));
    assert_eq!(of(15).shorter(), of(15));
    assert_eq!(of(5).shorter(), of(5));
    assert_eq!(of(720).longer(), of(720));
}

#[test]
fn dragging_goes_down_and_up_within_the_day() {
    let days = days("2026-11-23");
    let axis = shown(&days);
    let drag = |rows| drag(&days, &axis, spot(1, 9, 0), rows).map(|choice| choice.slot());
    let slot = |from, to| Some(during(from, to));
    assert_eq!(
        drag(0),
        slot("2026-11-24T08:00:00Z", "2026-11-24T08:15:00Z")
    );
    assert_eq!(
        drag(3),
        slot("2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z")
    );
    assert_eq!(
        drag(-2),
        slot("2026-11-24T07:30:00Z", "2026-11-24T08:15:00Z")
    );
    // Down to the end of what is shown, 20:00 in Berlin.
    assert_eq!(
        drag(900),
        slot("2026-11-24T08:00:00Z", "2026-11-24T19:00:00Z")
    );
}

#[test]
fn keys_have_their_meaning() {
    assert_eq!(deed("ArrowDown", false, false), Some(Deed::Go(Step::Down)));
    assert_eq!(deed("ArrowDown", true, false), Some(Deed::Longer));
    assert_eq!(deed("ArrowUp", true, false), Some(Deed::Shorter));
    assert_eq!(deed("Home", false, true), Some(Deed::Go(Step::FirstRow)));
    assert_eq!(deed("Home", false, false), Some(Deed::Go(Step::FirstDay)));
    assert_eq!(deed("PageDown", false, false), Some(Deed::Week(1)));
    assert_eq!(deed("Enter", false, false), Some(Deed::Propose));
    assert_eq!(deed("Escape", false, false), Some(Deed::Clear));
    for other in ["?", "/", "Tab", "a", "1"] {
        assert_eq!(deed(other, false, false), None);
    }
}

#[test]
fn the_tab_stop_begins_where_a_while_is_free() {
    let days = days("2026-11-23");
    let axis = shown(&days);
    assert_eq!(first_spot(&days, &axis, 1, &[]), spot(1, 9, 0));
    // Taken from 08:00 to 10:00 in Berlin.
    let taken = [during("2026-11-24T07:00:00Z", "2026-11-24T09:00:00Z")];
    assert_eq!(first_spot(&days, &axis, 1, &taken), spot(1, 10, 30));
    let all = [during("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z")];
    assert_eq!(first_spot(&days, &axis, 1, &all), spot(1, 9, 0));
}
