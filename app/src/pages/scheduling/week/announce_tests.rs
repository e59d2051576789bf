use super::super::samples::{during, page, taken, utc, with_room};
use super::*;

const MONDAY: &str = "2026-11-23";

/// Tuesday from 09:15 to 09:45 in Berlin.
fn slot() -> Interval {
    during("2026-11-24T08:15:00Z", "2026-11-24T08:45:00Z")
}

fn said(page: &WeekPage) -> String {
    let text = verdict(page, &slot()).text;
    let when = "Tue 24 Nov, 09:15 to 09:45, ";
    text.strip_prefix(when).map_or(text.clone(), str::to_owned)
}

#[test]
fn a_free_slot_says_for_how_many() {
    assert_eq!(said(&page(MONDAY, &[])), "you are free");
    assert_eq!(said(&page(MONDAY, &["Tom Kern"])), "free for both");
    let four = page(MONDAY, &["Tom Kern", "Ana Ruiz", "Lea Brook"]);
    assert_eq!(said(&four), "free for all 4");
    assert!(verdict(&four, &slot()).free);
    let room = with_room(four, "Aspen");
    assert_eq!(said(&room), "free for all 4 and Aspen");
    let alone = with_room(page(MONDAY, &[]), "Aspen");
    assert_eq!(said(&alone), "you and Aspen are free");
}

#[test]
fn a_room_that_is_too_small_is_named() {
    let mut page = with_room(page(MONDAY, &["Tom Kern", "Ana Ruiz"]), "Aspen");
    let seats = |page: &mut WeekPage, number: i32| {
        if let Some(Whose::Room { capacity, .. }) = page.layers.last_mut().map(|l| &mut l.whose) {
            *capacity = number;
        }
    };
    seats(&mut page, 3);
    assert_eq!(said(&page), "free for all 3 and Aspen");
    seats(&mut page, 2);
    let small = "free for all 3 and Aspen, but Aspen has 2 seats for 3";
    assert_eq!(said(&page), small);
    assert!(verdict(&page, &slot()).free, "it is for people to decide");
    // A second room may be for the others.
    let page = with_room(page, "Oak");
    assert_eq!(said(&page), "free for all 3 and Aspen and Oak");
}

#[test]
fn who_is_taken_is_named() {
    let both = page(MONDAY, &["Tom Kern", "Ana Ruiz"]);
    let tom = taken(both, 1, slot());
    assert_eq!(said(&tom), "Tom is busy");
    assert!(!verdict(&tom, &slot()).free);
    let me = taken(tom, 0, slot());
    assert_eq!(said(&me), "you are busy, Tom is busy");
    let mut away = page(MONDAY, &["Tom Kern"]);
    away.layers[1].away.push(slot());
    assert_eq!(said(&away), "Tom is away");
    let room = taken(with_room(page(MONDAY, &[]), "Aspen"), 1, slot());
    assert_eq!(said(&room), "Aspen is busy");
}

#[test]
fn a_touching_meeting_does_not_make_busy() {
    let before = during("2026-11-24T08:00:00Z", "2026-11-24T08:15:00Z");
    let mut page = page(MONDAY, &["Tom Kern"]);
    page.layers[1].taken.clear();
    let common = page.common.clone();
    let mut touching = taken(page, 1, before);
    touching.common = common;
    assert_eq!(said(&touching), "free for both");
}

#[test]
fn who_need_not_come_does_not_stand_in_the_way() {
    let mut page = page(MONDAY, &["Tom Kern", "Ana Ruiz"]);
    let common = page.common.clone();
    if let Whose::Person { required, .. } = &mut page.layers[2].whose {
        *required = false;
    }
    let mut page = taken(page, 2, slot());
    page.common = common;
    assert_eq!(
        said(&page),
        "free for 2 of 3, Ana is busy but need not come"
    );
    assert!(verdict(&page, &slot()).free);
}

#[test]
fn what_is_not_known_is_not_free() {
    let mut page = page(MONDAY, &["Tom Kern"]);
    page.layers[1].trust.freshness = Freshness::Unknown;
    assert_eq!(said(&page), "Tom’s calendar is not known");
}

#[test]
fn many_obstacles_are_counted_and_the_past_is_said() {
    let mut all = page(MONDAY, &["Tom Kern", "Ana Ruiz", "Lea Brook"]);
    for index in 0..4 {
        all = taken(all, index, slot());
    }
    assert_eq!(said(&all), "you are busy, Tom is busy, 2 more are not free");
    let mut past = page(MONDAY, &[]);
    past.now = model::time::Stamp::utc(utc("2026-11-25T00:00:00Z"));
    assert_eq!(said(&past), "in the past");
}

#[test]
fn buffers_and_notice_are_told_apart_from_being_busy() {
    let mut page = page(MONDAY, &["Tom Kern"]);
    page.common.clear();
    assert_eq!(
        said(&page),
        "free for both, though too soon, or too close to another meeting, for somebody"
    );
}

#[test]
fn a_change_elsewhere_is_told_and_another_week_is_none() {
    let before = page(MONDAY, &["Tom Kern"]);
    assert_eq!(change(&before, &before), None);
    let after = taken(before.clone(), 1, slot());
    assert_eq!(
        change(&before, &after).as_deref(),
        Some("Tom Kern’s week has changed")
    );
    assert_eq!(change(&before, &page("2026-11-30", &["Tom Kern"])), None);
    assert_eq!(change(&before, &page(MONDAY, &[])), None);
}
