//! Starts of recurring things, as the property tests draw them.

use chrono::{Duration, NaiveDate};
use proptest::prelude::*;
use proptest::sample::select;

const ZONES: [&str; 7] = [
    "",
    "Z",
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Apia",
    "Africa/Casablanca",
    "DATE",
];

/// A start in one of the four notations, between 1995 and 2035.
pub fn start() -> impl Strategy<Value = String> {
    (0..14_600_i64, 0..86_400_i64, select(&ZONES[..])).prop_map(|(day, second, zone)| {
        let first = NaiveDate::from_ymd_opt(1995, 1, 1)
            .expect("a date")
            .and_hms_opt(0, 0, 0);
        let local = first.expect("midnight") + Duration::days(day) + Duration::seconds(second);
        let text = local.format("%Y%m%dT%H%M%S");
        match zone {
            "" | "Z" => format!("{text}{zone}"),
            "DATE" => local.format("%Y%m%d").to_string(),
            zone => format!("TZID={zone}:{text}"),
        }
    })
}
