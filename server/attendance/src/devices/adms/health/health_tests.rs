//! When a device is believed.

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-10-05T{text}Z").parse().unwrap()
}

fn after(start: DateTime<Utc>, seconds: i64) -> DateTime<Utc> {
    start + TimeDelta::seconds(seconds)
}

/// A punch every ten minutes, delivered in `latency` seconds, by a clock that is `behind` seconds.
fn live(start: DateTime<Utc>, count: i64, behind: i64, latency: i64) -> Vec<Delivery> {
    let delivery = |n: i64| {
        let received_at = after(start, n * 600);
        let occurred_at = after(received_at, -behind - (latency + n % 3));
        Delivery {
            occurred_at,
            received_at,
        }
    };
    (0..count).map(delivery).collect()
}

/// An hour of punches, delivered together much later, in batches of twenty.
fn late(start: DateTime<Utc>, count: i64, behind: i64) -> Vec<Delivery> {
    let delivery = |n: i64| Delivery {
        occurred_at: after(start, n * 90 - behind),
        received_at: after(start, 20_000 + n / 20),
    };
    (0..count).map(delivery).collect()
}

#[test]
fn a_skew_is_told_from_live_punches() {
    let seconds = |deliveries: &[Delivery]| skew(deliveries).map(|skew| skew.seconds);
    assert_eq!(seconds(&live(at("06:00:00"), 9, 0, 2)), Some(3));
    assert_eq!(seconds(&live(at("06:00:00"), 9, -420, 2)), Some(-417));
    assert_eq!(seconds(&live(at("06:00:00"), 9, 900, 2)), Some(903));
    assert_eq!(seconds(&live(at("06:00:00"), 2, 900, 2)), None);
    assert_eq!(seconds(&[]), None);
}

#[test]
fn punches_that_come_late_do_not_move_it() {
    let mut deliveries = live(at("06:00:00"), 6, -420, 2);
    deliveries.extend(late(at("08:00:00"), 400, -420));
    let found = skew(&deliveries).unwrap();
    assert_eq!((found.seconds, found.samples), (-417, 6));
    // A whole rush hour within a minute, sent three hours later in forty batches.
    deliveries.extend((0..800).map(|n| Delivery {
        occurred_at: after(at("09:00:00"), n / 20 + 420),
        received_at: after(at("12:00:00"), n / 20),
    }));
    assert_eq!(skew(&deliveries).unwrap().seconds, -417);
    // Nothing but late punches tell nothing.
    assert_eq!(skew(&late(at("08:00:00"), 40, 0)), None);
}

#[test]
fn each_epoch_of_a_clock_has_its_own() {
    let mut deliveries = live(at("06:00:00"), 6, -420, 0);
    deliveries.extend(live(at("09:00:00"), 6, 0, 0));
    let epochs = skew_by_epoch(&deliveries, &[at("08:00:00")]);
    let seconds: Vec<_> = epochs
        .iter()
        .map(|epoch| epoch.map(|skew| skew.seconds))
        .collect();
    assert_eq!(seconds, [Some(-419), Some(1)]);
    let epochs = skew_by_epoch(&[], &[at("08:00:00"), at("07:00:00")]);
    assert_eq!(epochs, [None, None, None]);
}

#[test]
fn a_clock_a_minute_off_is_told() {
    let alarm = |seconds| {
        alarm_of_skew(Skew {
            seconds,
            samples: 5,
        })
    };
    assert_eq!(alarm(60), None);
    let ahead = alarm(-420).unwrap();
    assert_eq!(ahead.to_string(), "The clock is 7 minutes ahead.");
    assert_eq!(ahead.severity(), Severity::Warning);
    let behind = alarm(3_700).unwrap();
    assert_eq!(behind.to_string(), "The clock is 1 hour 1 minute behind.");
    assert_eq!(behind.severity(), Severity::Critical);
}

#[test]
fn counts_that_differ_say_which_way() {
    let day = NaiveDate::from_ymd_opt(2026, 10, 5).unwrap();
    let period = Period::new(
        day.and_hms_opt(0, 0, 0).unwrap(),
        day.and_hms_opt(23, 59, 59).unwrap(),
    )
    .unwrap();
    assert_eq!(completeness(period, 412, 412), None);
    let missing = completeness(period, 412, 400).unwrap();
    assert_eq!(missing.code(), "punches_missing");
    let words = "From 2026-10-05 00:00:00 to 2026-10-05 23:59:59 the device holds 412 punches, but only 400 have arrived.";
    assert_eq!(missing.to_string(), words);
    assert_eq!(completeness(period, 0, 400).unwrap().code(), "punches_gone");
}

#[test]
fn a_flood_of_punches_is_unusual() {
    let usual = [100, 104, 96, 99, 120, 0];
    assert_eq!(volume(250, &usual), None);
    let alarm = volume(900, &usual).unwrap();
    assert_eq!(alarm.to_string(), "900 punches arrived where 99 are usual.");
    // A quiet reader may have a lively morning, and a new one has no past.
    assert_eq!(volume(25, &[0, 0, 1, 0, 2]), None);
    assert_eq!(volume(10_000, &[1, 2]), None);
}

#[test]
fn silence_is_counted_from_the_last_word() {
    let now = at("12:00:00");
    assert_eq!(silent(None, now, 15), None);
    assert_eq!(silent(Some(at("11:46:00")), now, 15), None);
    let alarm = silent(Some(at("10:00:00")), now, 15).unwrap();
    assert!(
        alarm
            .to_string()
            .starts_with("The device has said nothing for 2 hours, since 2026-10-05 10:00:00 UTC."),
        "{alarm}"
    );
    assert_eq!(silent(Some(at("12:30:00")), now, 0), None);
}

#[test]
fn a_device_speaks_from_its_own_network() {
    let ip = |text: &str| text.parse::<std::net::IpAddr>().unwrap();
    let site: Vec<Network> = ["10.1.0.0/16", "2001:db8::/32"]
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
    for inside in ["10.1.200.3", "::ffff:10.1.0.9", "2001:db8:1::1"] {
        assert_eq!(source_changed(&site, None, ip(inside)), None, "{inside}");
    }
    let alarm = source_changed(&site, Some(ip("10.1.0.9")), ip("10.2.0.9")).unwrap();
    assert_eq!(
        alarm.to_string(),
        "The device speaks from 10.2.0.9, outside of its network."
    );

    assert_eq!(source_changed(&[], None, ip("10.2.0.9")), None);
    assert_eq!(
        source_changed(&[], Some(ip("10.2.0.1")), ip("10.2.0.9")),
        None
    );
    assert!(source_changed(&[], Some(ip("10.2.0.1")), ip("10.2.1.9")).is_some());
    assert!(source_changed(&[], Some(ip("2001:db8::1")), ip("10.2.1.9")).is_some());
    for wrong in [
        "",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0/8",
        "x/8",
        "::/129",
    ] {
        assert_eq!(wrong.parse::<Network>(), Err(BadNetwork), "{wrong}");
    }
    assert!(
        "0.0.0.0/0"
            .parse::<Network>()
            .unwrap()
            .contains(ip("203.0.113.9"))
    );
    assert!(
        !"0.0.0.0/0"
            .parse::<Network>()
            .unwrap()
            .contains(ip("2001:db8::1"))
    );
}

proptest! {
    #[test]
    fn a_skew_does_not_hang_on_order(mut deliveries in Just(live(at("06:00:00"), 12, -77, 4)).prop_shuffle(), twice in 0_usize..12) {
        let found = skew(&deliveries);
        deliveries.push(deliveries[twice]);
        prop_assert_eq!(skew(&deliveries), found);
        prop_assert_eq!(found.map(|skew| skew.samples), Some(12));
    }
}
