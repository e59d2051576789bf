//! A rule's walk through floating local time, turn by turn.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Timelike};

use super::days::{Days, week_of, week_year};
use super::period::{Period, Times};
use super::rule::{Ending, Freq, Rule};

/// The last year with four digits.
const LAST_YEAR: i32 = 9999;

/// So many turns in a row without an instance mean that none follows, if they cover the four
/// centuries (146,097 days) after which the calendar repeats itself.
const BARREN_TURNS: u32 = 150_000;
const BARREN_SECONDS: i64 = 400 * 366 * 86_400;

/// How many turns in a row may pass with nothing to give before the walk gives up.
const MAX_IDLE: u32 = 300_000;

/// The local times a rule gives, in order, each once.
pub(super) struct Walk<'a> {
    days: Days<'a>,
    times: Times,
    /// The number of the turn that comes next, and what number 0 stands for: a year, a month since
    /// year 0, a day since year 0, or a second since 1970.
    turn: i64,
    origin: i64,
    period: Option<Period>,
    place: usize,
    /// Nothing before this is given, though it is counted.
    floor: NaiveDateTime,
    /// No turn after this is looked at.
    ceiling: NaiveDateTime,
    /// How many are left by COUNT.
    left: Option<u32>,
    /// The earliest that may still come, so that nothing comes twice.
    next: NaiveDateTime,
    /// Turns since the last instance that was given.
    idle: u32,
    /// Turns since the last instance, and the turn that had it.
    barren: u32,
    fertile: i64,
}

impl<'a> Walk<'a> {
    pub(super) fn new(rule: &'a Rule, start: NaiveDateTime, whole_day: bool) -> Self {
        let days = Days {
            rule,
            start: start.date(),
        };
        let mut walk = Self {
            times: times(rule, start, whole_day),
            origin: origin(rule, start),
            days,
            turn: 0,
            period: None,
            place: 0,
            floor: start,
            ceiling: NaiveDateTime::MAX,
            left: match rule.ending {
                Ending::Count(count) => Some(count.get()),
                _ => None,
            },
            next: start,
            idle: 0,
            barren: 0,
            fertile: 0,
        };
        // Early January may belong to the last week of the year before. If the rule gives nothing
        // in the rest of that week, its turns count from the year the calendar shows.
        let shown = i64::from(start.year());
        if rule.freq == Freq::Yearly && walk.origin < shown {
            let period = walk.of_days(walk.days.of_year(start.year() - 1));
            if period.place_of(start) == period.len() {
                walk.origin = shown;
            }
        }
        walk
    }

    /// Gives nothing before `floor`. Without COUNT the turns before it are not even looked at.
    pub(super) fn skip_to(&mut self, floor: NaiveDateTime) {
        self.floor = self.floor.max(floor);
        if self.left.is_some() {
            return;
        }
        let rule = self.days.rule;
        let target = match rule.freq {
            Freq::Yearly => i64::from(self.floor.year()),
            _ => origin(rule, self.floor),
        };
        let turns = (target - self.origin) / self.step();
        // One turn earlier: with week numbers, or days moved forward, a turn reaches into the next.
        self.turn = self.turn.max(turns - 1);
        self.fertile = self.turn;
    }

    /// Looks at no turn that begins after `ceiling`.
    pub(super) fn end_at(&mut self, ceiling: NaiveDateTime) {
        self.ceiling = self.ceiling.min(ceiling);
    }

    /// Whether the walk ended only because it found nothing for too long.
    pub(super) fn gave_up(&self) -> bool {
        self.idle >= MAX_IDLE
    }

    /// Whether no instance can follow.
    fn is_barren(&self) -> bool {
        let turns = self.turn - self.fertile;
        let long = self.days.rule.freq >= Freq::Daily
            || turns.saturating_mul(self.step()) >= BARREN_SECONDS;
        self.barren >= BARREN_TURNS && long
    }

    /// The distance of two turns, in the unit of `origin`.
    fn step(&self) -> i64 {
        let interval = i64::from(self.days.rule.interval.get());
        match self.days.rule.freq {
            Freq::Weekly => 7 * interval,
            Freq::Yearly | Freq::Monthly | Freq::Daily => interval,
            shorter => shorter.seconds() * interval,
        }
    }

    fn of_days(&self, days: Vec<NaiveDate>) -> Period {
        Period::new(days, self.times.clone(), &self.days.rule.by_set_pos)
    }

    /// The next turn; `None` when none is left.
    fn next_period(&mut self) -> Option<Period> {
        let at = self
            .turn
            .checked_mul(self.step())?
            .checked_add(self.origin)?;
        self.turn += 1;
        let rule = self.days.rule;
        let day = |number: i64| {
            let day = NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?);
            day.filter(|day| day.year() <= LAST_YEAR && *day <= self.ceiling.date())
        };
        let month = |number: i64| {
            let year = i32::try_from(number.div_euclid(12))
                .ok()
                .filter(|y| *y <= LAST_YEAR)?;
            let month = u32::try_from(number.rem_euclid(12)).ok()? + 1;
            NaiveDate::from_ymd_opt(year, month, 1).filter(|first| *first <= self.ceiling.date())
        };
        match rule.freq {
            Freq::Yearly => {
                // With week numbers a year may begin some days before its first of January.
                let early = self.ceiling.date().checked_add_signed(Duration::days(7));
                let year = i32::try_from(at).ok().filter(|year| *year <= LAST_YEAR)?;
                early
                    .is_none_or(|early| year <= early.year())
                    .then_some(())?;
                Some(self.of_days(self.days.of_year(year)))
            }
            Freq::Monthly => {
                let first = month(at)?;
                Some(self.of_days(self.days.of_month(first.year(), first.month())))
            }
            Freq::Weekly => Some(self.of_days(self.days.of_week(day(at)?))),
            Freq::Daily => {
                let day = Some(day(at)?).filter(|day| self.days.allows(*day));
                Some(self.of_days(day.into_iter().collect()))
            }
            _ => self.next_short_period(at),
        }
    }

    /// The turn of an hour, a minute or a second that begins at `at`. If a limit rules it out, the
    /// result is empty and the walk goes on with the first turn the limit allows, so that even
    /// seconds are not looked at one by one.
    fn next_short_period(&mut self, at: i64) -> Option<Period> {
        let rule = self.days.rule;
        let time = DateTime::from_timestamp(at, 0)?.naive_utc();
        if time.year() > LAST_YEAR || time > self.ceiling {
            return None;
        }
        let outside = |list: &[u8], value: u32| {
            !list.is_empty() && !list.iter().any(|v| u32::from(*v) == value)
        };
        let shut = if !self.days.allows(time.date()) {
            Some(86_400)
        } else if outside(&rule.by_hour, time.hour()) {
            Some(3600)
        } else if rule.freq <= Freq::Minutely && outside(&rule.by_minute, time.minute()) {
            Some(60)
        } else if rule.freq == Freq::Secondly && outside(&rule.by_second, time.second()) {
            Some(1)
        } else {
            None
        };
        if let Some(unit) = shut {
            let resume = (at.div_euclid(unit) + 1) * unit;
            let turns = (resume - self.origin + self.step() - 1).div_euclid(self.step());
            self.turn = self.turn.max(turns);
            return Some(self.of_days(Vec::new()));
        }
        let one = |value: u32| vec![u8::try_from(value).unwrap_or(0)];
        let mut times = self.times.clone();
        times.hours = one(time.hour());
        if rule.freq <= Freq::Minutely {
            times.minutes = one(time.minute());
        }
        if rule.freq == Freq::Secondly {
            times.seconds = one(time.second());
        }
        Some(Period::new(vec![time.date()], times, &rule.by_set_pos))
    }
}

impl Iterator for Walk<'_> {
    type Item = NaiveDateTime;

    fn next(&mut self) -> Option<NaiveDateTime> {
        while self.left != Some(0) && !self.gave_up() && !self.is_barren() {
            let found = self
                .period
                .as_ref()
                .and_then(|period| period.get(self.place));
            if let Some(found) = found {
                if found.year() > LAST_YEAR {
                    return None;
                }
                self.place += 1;
                self.left = self.left.map(|left| left - 1);
                self.next = found + Duration::seconds(1);
                self.idle = 0;
                return Some(found);
            }
            self.idle += 1;
            let period = self.next_period()?;
            self.barren += 1;
            if period.len() > 0 {
                (self.barren, self.fertile) = (0, self.turn);
            }
            let (counted, given) = (
                period.place_of(self.next),
                period.place_of(self.floor.max(self.next)),
            );
            let passed = u32::try_from(given - counted).unwrap_or(u32::MAX);
            self.left = self.left.map(|left| left.saturating_sub(passed));
            self.place = given;
            if let Some(last) = given.checked_sub(1).and_then(|place| period.get(place)) {
                self.next = self.next.max(last + Duration::seconds(1));
            }
            self.period = Some(period);
        }
        None
    }
}

/// What turn number 0 is.
fn origin(rule: &Rule, start: NaiveDateTime) -> i64 {
    let day = start.date();
    match rule.freq {
        Freq::Yearly if rule.by_week_no.is_empty() => i64::from(day.year()),
        Freq::Yearly => i64::from(week_year(day, rule.week_start)),
        Freq::Monthly => i64::from(day.year()) * 12 + i64::from(day.month0()),
        Freq::Weekly => i64::from(week_of(day, rule.week_start).num_days_from_ce()),
        Freq::Daily => i64::from(day.num_days_from_ce()),
        shorter => {
            let second = start.and_utc().timestamp();
            second - second.rem_euclid(shorter.seconds())
        }
    }
}

/// The times of a day: those the rule names, or else the start's. A whole day has none to name.
fn times(rule: &Rule, start: NaiveDateTime, whole_day: bool) -> Times {
    let or_own = |list: &[u8], own: u32| match list {
        list if list.is_empty() || whole_day => vec![u8::try_from(own).unwrap_or(0)],
        list => list.to_vec(),
    };
    Times {
        hours: or_own(&rule.by_hour, start.hour()),
        minutes: or_own(&rule.by_minute, start.minute()),
        seconds: or_own(&rule.by_second, start.second()),
    }
}
