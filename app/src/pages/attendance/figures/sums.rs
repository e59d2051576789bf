//! What weeks and teams come to. Pure.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use model::attendance::views::{AttendanceFigures, TeamWeek};

/// What some days of some people come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The Monday of the week, where it is one.
    pub week: NaiveDate,
    /// On how many days of all people work was expected.
    pub days: i64,
    /// On how many somebody came late.
    pub late_days: i64,
    /// How late in all, in minutes.
    pub late_minutes: i64,
    /// On how many somebody was absent.
    pub absent_days: i64,
    /// Overtime, in minutes.
    pub overtime_minutes: i64,
}

impl Sum {
    fn add(&mut self, row: &Sum) {
        self.days += row.days;
        self.late_days += row.late_days;
        self.late_minutes += row.late_minutes;
        self.absent_days += row.absent_days;
        self.overtime_minutes += row.overtime_minutes;
    }
}

impl From<&TeamWeek> for Sum {
    fn from(row: &TeamWeek) -> Self {
        Self {
            week: row.week,
            days: row.days,
            late_days: row.late_days,
            late_minutes: row.late_minutes,
            absent_days: row.absent_days,
            overtime_minutes: row.overtime_minutes,
        }
    }
}

/// The teams by name, those who are in none last.
pub fn by_team(figures: &AttendanceFigures) -> Vec<(String, Sum)> {
    let mut teams: BTreeMap<&str, Sum> = BTreeMap::new();
    for row in &figures.weeks {
        teams.entry(&row.team).or_default().add(&row.into());
    }
    let mut teams: Vec<(String, Sum)> = teams
        .into_iter()
        .map(|(team, sum)| (team.to_owned(), sum))
        .collect();
    teams.sort_by_key(|(team, _)| team.is_empty());
    teams
}

/// Every week from the first to the last, of one team or of all.
pub fn by_week(figures: &AttendanceFigures, team: Option<&str>) -> Vec<Sum> {
    let since = u64::from(figures.from.weekday().num_days_from_monday());
    let mut monday = figures.from.checked_sub_days(Days::new(since));
    let mut weeks = Vec::new();
    while let Some(week) = monday.filter(|monday| *monday <= figures.to) {
        let mut sum = Sum {
            week,
            ..Sum::default()
        };
        let rows = figures.weeks.iter().filter(|row| row.week == week);
        for row in rows.filter(|row| team.is_none_or(|team| team == row.team)) {
            sum.add(&row.into());
        }
        weeks.push(sum);
        monday = week.checked_add_days(Days::new(7));
    }
    weeks
}

/// All of it together.
pub fn total(weeks: &[Sum]) -> Sum {
    let mut all = Sum::default();
    for week in weeks {
        all.add(week);
    }
    all
}

/// The later half of the weeks and as many before, and how many that are. A single week has no half.
pub fn halves(weeks: &[Sum]) -> Option<(Sum, Sum, usize)> {
    let number = weeks.len() / 2;
    let last = weeks.len().checked_sub(number)?;
    let first = last.checked_sub(number)?;
    (number > 0).then(|| (total(&weeks[first..last]), total(&weeks[last..]), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn figures() -> AttendanceFigures {
        let row = |week, team: &str, late_days| TeamWeek {
            week: day(week),
            team: team.to_owned(),
            days: 10,
            late_days,
            late_minutes: late_days * 7,
            absent_days: 0,
            overtime_minutes: 30,
        };
        AttendanceFigures {
            from: day("2026-11-02"),
            to: day("2026-11-25"),
            open_exceptions: 0,
            weeks: vec![
                row("2026-11-02", "", 1),
                row("2026-11-02", "Support", 2),
                row("2026-11-16", "Support", 3),
            ],
            hours_from: day("2026-11-02"),
            weekdays: [4; 7],
            hours: Vec::new(),
        }
    }

    #[test]
    fn weeks_without_days_are_there_too() {
        let weeks = by_week(&figures(), None);
        let late: Vec<i64> = weeks.iter().map(|week| week.late_days).collect();
        assert_eq!(late, [3, 0, 3, 0]);
        let weeks = by_week(&figures(), Some("Support"));
        assert_eq!(total(&weeks).late_minutes, 35);
    }

    #[test]
    fn those_in_no_team_come_last() {
        let teams = by_team(&figures());
        let names: Vec<&str> = teams.iter().map(|(team, _)| team.as_str()).collect();
        assert_eq!(names, ["Support", ""]);
        assert_eq!(teams[0].1.days, 20);
    }

    #[test]
    fn halves_have_as_many_weeks() {
        let weeks = by_week(&figures(), None);
        let (before, since, number) = halves(&weeks).expect("four weeks");
        assert_eq!((before.late_days, since.late_days, number), (3, 3, 2));
        let (before, ..) = halves(&weeks[..3]).expect("three weeks");
        assert_eq!(before.late_days, 0);
        assert_eq!(halves(&weeks[..1]), None);
    }
}
