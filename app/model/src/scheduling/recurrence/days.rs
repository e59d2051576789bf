//! Which days of a year, a month or a week a rule names. What it leaves open comes from the start.

use chrono::{Datelike, Duration, NaiveDate, Weekday};

use super::rule::{Freq, Rule, Skip};

/// The days of a rule from a start.
pub(super) struct Days<'a> {
    pub(super) rule: &'a Rule,
    pub(super) start: NaiveDate,
}

impl Days<'_> {
    /// The days of a year, in order. With week numbers the year is the one that weeks make, which
    /// may begin in December or end in January.
    pub(super) fn of_year(&self, year: i32) -> Vec<NaiveDate> {
        let rule = self.rule;
        let open = rule.by_day.is_empty();
        let mut days: Vec<NaiveDate> = if !rule.by_week_no.is_empty() {
            let own = open && rule.by_month_day.is_empty() && rule.by_year_day.is_empty();
            let weekday = self.start.weekday();
            self.of_weeks(year)
                .filter(|day| self.allows(*day) && (!own || day.weekday() == weekday))
                .collect()
        } else if !rule.by_year_day.is_empty() {
            let numbers = rule.by_year_day.iter();
            let days = numbers.filter_map(|number| year_day(year, *number));
            days.filter(|day| self.allows(*day)).collect()
        } else if !rule.by_month_day.is_empty() || open {
            // A month day without a month means the start's month, as in a birthday; but “Friday
            // the 13th” names no month by intention.
            let months = match rule.by_month.as_slice() {
                [] if open => vec![self.start.month()],
                [] => (1..=12).collect(),
                months => months.iter().map(|m| u32::from(*m)).collect(),
            };
            let days = months
                .into_iter()
                .flat_map(|month| self.month_days(year, month));
            days.filter(|day| self.on_weekday(*day)).collect()
        } else if rule.by_month.is_empty() {
            self.weekdays_within(year_span(year))
        } else {
            let months = rule.by_month.iter().map(|m| u32::from(*m));
            let spans = months.map(|month| month_span(year, month));
            spans.flat_map(|span| self.weekdays_within(span)).collect()
        };
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The days of a month, in order.
    pub(super) fn of_month(&self, year: i32, month: u32) -> Vec<NaiveDate> {
        let rule = self.rule;
        if !self.in_month(month) {
            return Vec::new();
        }
        let mut days: Vec<NaiveDate> = if rule.by_month_day.is_empty() && !rule.by_day.is_empty() {
            self.weekdays_within(month_span(year, month))
        } else {
            let days = self.month_days(year, month).into_iter();
            days.filter(|day| self.on_weekday(*day)).collect()
        };
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The days of the week that begins with a day.
    pub(super) fn of_week(&self, first: NaiveDate) -> Vec<NaiveDate> {
        let open = self.rule.by_day.is_empty();
        let week = first.iter_days().take(7);
        week.filter(|day| {
            let weekday = if open {
                day.weekday() == self.start.weekday()
            } else {
                self.on_weekday(*day)
            };
            weekday && self.in_month(day.month())
        })
        .collect()
    }

    /// Whether every limit on days holds, for a rule that counts in days or less and for the days
    /// that week numbers and year days name.
    pub(super) fn allows(&self, day: NaiveDate) -> bool {
        let rule = self.rule;
        let fits = |list: &[i16], number: u32, of: u32| {
            let from_start = i16::try_from(number).unwrap_or(0);
            let from_end = from_start - i16::try_from(of).unwrap_or(0) - 1;
            list.is_empty() || list.contains(&from_start) || list.contains(&from_end)
        };
        let (_, year_end) = year_span(day.year());
        let (_, month_end) = month_span(day.year(), day.month());
        self.in_month(day.month())
            && fits(&rule.by_month_day, day.day(), month_end.day())
            && fits(&rule.by_year_day, day.ordinal(), year_end.ordinal())
            && self.on_weekday(day)
    }

    fn in_month(&self, month: u32) -> bool {
        let months = &self.rule.by_month;
        months.is_empty() || months.iter().any(|m| u32::from(*m) == month)
    }

    /// Whether BYDAY, if given, names the day.
    fn on_weekday(&self, day: NaiveDate) -> bool {
        let monthly = self.rule.freq == Freq::Monthly || !self.rule.by_month.is_empty();
        let span = || match monthly {
            true => month_span(day.year(), day.month()),
            false => year_span(day.year()),
        };
        let named = &self.rule.by_day;
        named.is_empty()
            || named.iter().any(|n| {
                n.day == day.weekday()
                    && (n.nth == 0 || nth_within(span(), n.nth, n.day) == Some(day))
            })
    }

    /// The days that BYMONTHDAY, or else the start, names in a month.
    fn month_days(&self, year: i32, month: u32) -> Vec<NaiveDate> {
        let (first, last) = month_span(year, month);
        let own = [i16::try_from(self.start.day()).unwrap_or(1)];
        let numbers = match self.rule.by_month_day.as_slice() {
            [] => own.as_slice(),
            given => given,
        };
        let length = i64::from(last.day());
        let day = |number: &i16| {
            let number = i64::from(*number);
            let index = if number > 0 {
                number - 1
            } else {
                length + number
            };
            match self.rule.skip {
                _ if (0..length).contains(&index) => Some(first + Duration::days(index)),
                Skip::Backward if number > 0 => Some(last),
                Skip::Forward if number > 0 => last.succ_opt(),
                _ => None,
            }
        };
        numbers.iter().filter_map(day).collect()
    }

    fn weekdays_within(&self, span: (NaiveDate, NaiveDate)) -> Vec<NaiveDate> {
        let mut days = Vec::new();
        for named in &self.rule.by_day {
            match named.nth {
                0 => {
                    let mut day = nth_within(span, 1, named.day);
                    while let Some(found) = day.filter(|d| *d <= span.1) {
                        days.push(found);
                        day = found.checked_add_signed(Duration::days(7));
                    }
                }
                nth => days.extend(nth_within(span, nth, named.day)),
            }
        }
        days
    }

    /// Every day of the weeks that BYWEEKNO names.
    fn of_weeks(&self, year: i32) -> impl Iterator<Item = NaiveDate> {
        let first = first_week(year, self.rule.week_start);
        let weeks = (first_week(year + 1, self.rule.week_start) - first).num_days() / 7;
        let numbers = self.rule.by_week_no.iter().map(|n| i64::from(*n));
        let indexes = numbers.map(move |n| if n > 0 { n - 1 } else { weeks + n });
        indexes
            .filter(move |index| (0..weeks).contains(index))
            .flat_map(move |index| (first + Duration::days(7 * index)).iter_days().take(7))
    }
}

/// The year to which weeks count a day.
pub(super) fn week_year(day: NaiveDate, week_start: Weekday) -> i32 {
    let year = day.year();
    if day < first_week(year, week_start) {
        year - 1
    } else if day >= first_week(year + 1, week_start) {
        year + 1
    } else {
        year
    }
}

/// The first day of the week in which a day lies.
pub(super) fn week_of(day: NaiveDate, week_start: Weekday) -> NaiveDate {
    day - Duration::days(i64::from(day.weekday().days_since(week_start)))
}

/// The first day of week 1: the first week with at least four days in the year, hence the one
/// with 4 January.
fn first_week(year: i32, week_start: Weekday) -> NaiveDate {
    week_of(date(year, 1, 1) + Duration::days(3), week_start)
}

/// The first and the last day of a year.
fn year_span(year: i32) -> (NaiveDate, NaiveDate) {
    (date(year, 1, 1), date(year, 12, 31))
}

/// The first and the last day of a month.
fn month_span(year: i32, month: u32) -> (NaiveDate, NaiveDate) {
    let next = if month == 12 {
        date(year + 1, 1, 1)
    } else {
        date(year, month + 1, 1)
    };
    (date(year, month, 1), next - Duration::days(1))
}

fn year_day(year: i32, number: i16) -> Option<NaiveDate> {
    let (first, last) = year_span(year);
    let from_end = |n: i16| last + Duration::days(i64::from(n) + 1);
    let day = if number > 0 {
        first + Duration::days(i64::from(number) - 1)
    } else {
        from_end(number)
    };
    Some(day).filter(|day| day.year() == year)
}

/// The nth such weekday of a span of days, from its end if negative.
fn nth_within(span: (NaiveDate, NaiveDate), nth: i8, weekday: Weekday) -> Option<NaiveDate> {
    let (first, last) = span;
    let weeks = Duration::days(7 * (i64::from(nth.unsigned_abs()) - 1));
    let day = if nth > 0 {
        first + Duration::days(i64::from(weekday.days_since(first.weekday()))) + weeks
    } else {
        last - Duration::days(i64::from(last.weekday().days_since(weekday))) - weeks
    };
    Some(day).filter(|day| (first..=last).contains(day))
}

/// A date that exists: our years have at most five digits, and our days are first or last ones.
fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}
