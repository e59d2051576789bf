//! Daily, weekly and monthly rules against a plain walk over the days, and series cut in two.
#![cfg(feature = "zone")]

mod common;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Utc, Weekday};
use common::start;
use model::scheduling::recurrence::{Change, Length, Moment, Override, Rule, Series};
use model::zone::Zone;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
fn list(name: &str, items: &[String]) -> String {
    if items.is_empty() {
        String::new()
    } else {
        format!(";{name}={}", items.join(","))
    }
}

/// A daily, weekly or monthly rule that a walk over the days can check.
#[derive(Clone, Debug)]
struct Simple {
    freq: &'static str,
    interval: i64,
    days: Vec<usize>,
    months: Vec<u32>,
    month_day: Option<u32>,
    count: Option<usize>,
}

fn simple() -> impl Strategy<Value = Simple> {
    let freq = select(&["DAILY", "WEEKLY", "MONTHLY"][..]);
    let days = subsequence((0..7).collect::<Vec<usize>>(), 0..=4);
    let months = subsequence((1..=12).collect::<Vec<u32>>(), 0..=5);
    let rest = (prop::option::of(1..=31_u32), prop::option::of(1..40_usize));
    (freq, 1..5_i64, days, months, rest).prop_map(|(freq, interval, days, months, (day, count))| {
        let month_day = day.filter(|_| freq != "WEEKLY");
        Simple {
            freq,
            interval,
            days,
            months,
            month_day,
            count,
        }
    })
}

impl Simple {
    fn text(&self) -> String {
        let days: Vec<String> = self.days.iter().map(|d| DAYS[*d].to_owned()).collect();
        let months: Vec<String> = self.months.iter().map(u32::to_string).collect();
        let month_day: Vec<String> = self.month_day.iter().map(u32::to_string).collect();
        let count = self.count.map_or(String::new(), |n| format!(";COUNT={n}"));
        format!("FREQ={};INTERVAL={}{count}", self.freq, self.interval)
            + &list("BYDAY", &days)
            + &list("BYMONTH", &months)
            + &list("BYMONTHDAY", &month_day)
    }

    /// Whether the rule names a day, from its wording alone.
    fn names(&self, start: NaiveDate, day: NaiveDate) -> bool {
        let monday =
            |d: NaiveDate| d - Duration::days(i64::from(d.weekday().num_days_from_monday()));
        let month = |d: NaiveDate| i64::from(d.year()) * 12 + i64::from(d.month());
        let turns = match self.freq {
            "DAILY" => (day - start).num_days(),
            "WEEKLY" => (monday(day) - monday(start)).num_days() / 7,
            _ => month(day) - month(start),
        };
        let weekday = |d: Weekday| usize::try_from(d.num_days_from_monday()).expect("below seven");
        let named = |d: NaiveDate| self.days.contains(&weekday(d.weekday()));
        let day_fits = match (self.freq, self.days.is_empty(), self.month_day) {
            ("WEEKLY", true, _) => day.weekday() == start.weekday(),
            ("MONTHLY", true, None) => day.day() == start.day(),
            (_, open, month_day) => {
                (open || named(day)) && month_day.is_none_or(|wanted| wanted == day.day())
            }
        };
        let month_fits = self.months.is_empty() || self.months.contains(&day.month());
        turns % self.interval == 0 && month_fits && day_fits
    }
}

fn key(moment: &Moment) -> NaiveDateTime {
    moment.key_in(&moment.notation)
}

fn at(year: i32) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(year, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0));
    day.expect("midnight").and_utc()
}

proptest! {
    #[test]
    fn a_walk_over_the_days_finds_the_same(rule in simple(), day in 0..14_600_i64) {
        let start = NaiveDate::from_ymd_opt(1995, 1, 1).expect("a date") + Duration::days(day);
        let walked = start.iter_days().take(2500).filter(|d| rule.names(start, *d));
        let walked: Vec<NaiveDate> = walked.take(rule.count.unwrap_or(usize::MAX)).collect();
        let moment = Moment::date(start);
        let parsed: Rule = rule.text().parse().expect("a rule");
        let mut found = parsed.instances(&moment).expect("days");
        found.end_at(moment.local + Duration::days(2499));
        let found: Vec<NaiveDate> = found.map(|i| i.local.date()).collect();
        prop_assert_eq!(found, walked, "{}", rule.text());
    }

    #[test]
    fn a_series_cut_anywhere_loses_and_doubles_nothing(
        start in start(), rule in simple(), until in prop::option::of(1..600_i64),
        place in 0..30_usize, changes in prop::collection::vec((0..30_usize, 0..4_u8), 0..6),
    ) {
        let start: Moment = start.parse().expect("a start");
        let mut text = rule.text();
        if let (None, Some(days)) = (rule.count, until) {
            text += &format!(";UNTIL={}", (start.local + Duration::days(days)).format("%Y%m%d"));
        }
        let rule = text.parse::<Rule>().expect("a rule");
        let mut series = Series::new(start.clone(), Length::seconds(3600), Some(rule));
        let whole = |series: &Series| series.occurrences(at(1994), at(2045), &Zone::utc()).expect("bounded");
        let plain = whole(&series);
        prop_assume!(!plain.is_empty());
        for (index, kind) in changes {
            let original = plain[index % plain.len()].original.clone();
            let later = original.at(original.local + Duration::days(100));
            match kind {
                0 => series.left_out.push(original),
                1 => series.added.push(later),
                2 => series.overrides.push(Override { original, change: Change::Cancelled }),
                _ => {
                    let change = Change::Moved { start: later, length: Length::seconds(60) };
                    series.overrides.push(Override { original, change });
                }
            }
        }
        let all = whole(&series);
        let cut = plain[place % plain.len()].original.clone();
        let split = series.split_at(&cut).expect("an occurrence");
        let before = split.before.as_ref().map(whole).unwrap_or_default();
        let following = whole(&split.following);
        prop_assert!(before.iter().all(|o| key(&o.original) < key(&cut)));
        prop_assert!(following.iter().all(|o| key(&o.original) >= key(&cut)));
        let mut both = [before, following].concat();
        let mut all = all;
        both.sort_by_key(|o| (o.begins, key(&o.original)));
        all.sort_by_key(|o| (o.begins, key(&o.original)));
        prop_assert_eq!(both, all, "{} cut at {}", text, cut);
    }
}
