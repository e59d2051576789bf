//! What a kind of leave means for somebody, in sentences: worked out by the rules themselves for people
//! who never were, so that whoever edits the rules reads what they do.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{
    Accrual, DAY_MINUTES, Employment, Entry, EntryKind, LeaveType, MonthEnd, Worked, before, due,
    plus_months,
};
use crate::attendance::rotation::DateRange;

/// Minutes as days of eight hours, where they are whole or half ones.
pub fn days_told(minutes: i64) -> String {
    match (minutes / DAY_MINUTES, minutes % DAY_MINUTES) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) => format!("{days} days"),
        (days, rest) if rest * 2 == DAY_MINUTES => format!("{days}.5 days"),
        _ => time_told(minutes),
    }
}

/// Minutes as people say them: `8 h 30 min`.
pub fn time_told(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

impl LeaveType {
    /// What these rules mean in the leave year of a date, a sentence each. A day is one of eight hours.
    pub fn told(&self, on: NaiveDate) -> Vec<String> {
        let mut told = self.granted_told(self.year_of(on));
        if self.accrual != Accrual::None {
            told.extend(self.caps_told());
            told.push(self.rest_told(self.year_of(on)));
        }
        told.push(match self.overdraft_minutes {
            Some(0) => "Nobody can take more than they have.".to_owned(),
            Some(more) => format!("Up to {} more than there is can be taken.", days_told(more)),
            None => "What can be taken has no limit.".to_owned(),
        });
        told
    }

    fn granted_told(&self, year: DateRange) -> Vec<String> {
        let all = self.granted_in(year, year.from);
        let whole = match self.accrual {
            Accrual::None if self.overdraft_minutes.is_some() => {
                return vec!["Nothing is granted by itself: what there is, HR enters.".to_owned()];
            }
            Accrual::None => return vec!["It is not counted, and nothing is granted.".to_owned()],
            Accrual::Yearly { .. } => format!(
                "Whoever is there all year gets {}, on {}.",
                days_told(all),
                day_told(year.from)
            ),
            Accrual::Monthly { minutes, on } => format!(
                "Whoever is there all year gets {} on the {} day of each month: {} in the year.",
                days_told(minutes),
                match on {
                    MonthEnd::First => "first",
                    MonthEnd::Last => "last",
                },
                days_told(all)
            ),
            Accrual::Worked { .. } => format!(
                "Whoever works eight hours from Monday to Friday all year gets {}, at the end of each month for what was worked in it.",
                days_told(all)
            ),
        };
        let later = plus_months(year.from, 6);
        let half = self.granted_in(year, later);
        let begins = format!(
            "Whoever begins on {} gets {} in that year.",
            day_told(later),
            days_told(half)
        );
        vec![whole, begins]
    }

    fn caps_told(&self) -> Vec<String> {
        let cap = self.cap_minutes.map(|cap| {
            format!(
                "Nothing is granted that takes what is left above {}.",
                days_told(cap)
            )
        });
        let yearly = self
            .yearly_cap_minutes
            .map(|cap| format!("No more than {} is granted in one year.", days_told(cap)));
        cap.into_iter().chain(yearly).collect()
    }

    /// What becomes of what is left at the end of a leave year.
    fn rest_told(&self, year: DateRange) -> String {
        let carry = self.carry_over;
        let until = carry
            .months
            .map(|months| before(plus_months(year.from, 12 + months)))
            .map(day_told);
        match (carry.most_minutes, until) {
            (Some(0), _) => format!("What is left on {} is lost.", day_told(year.until)),
            (Some(most), until) => {
                let until = until
                    .map(|day| format!(" and can be taken until {day}"))
                    .unwrap_or_default();
                format!(
                    "Of what is left on {}, up to {} pass into the next year{until}.",
                    day_told(year.until),
                    days_told(most)
                )
            }
            (None, Some(day)) => format!(
                "What is left on {} can be taken until {day}.",
                day_told(year.until)
            ),
            (None, None) => "What is left passes into the next year and stays.".to_owned(),
        }
    }

    /// What somebody is granted in a leave year who is there from a day on and works all weekdays.
    fn granted_in(&self, year: DateRange, from: NaiveDate) -> i64 {
        let works = |date: &NaiveDate| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let dates = DateRange::new(from, year.until).dates().filter(works);
        let worked: Worked = dates.map(|date| (date, DAY_MINUTES)).collect();
        let employment = Employment { from, until: None };
        let granted = due(self, employment, year, &worked, &[]);
        let granted = granted.iter().filter(|entry| is_grant(entry));
        granted.map(|entry| entry.minutes).sum()
    }
}

fn is_grant(entry: &Entry) -> bool {
    entry.kind == EntryKind::Grant
}

/// `1 January`.
fn day_told(date: NaiveDate) -> String {
    date.format("%-d %B").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::{CarryOver, Direction, Proration, Rounding};
    use super::*;

    fn annual() -> LeaveType {
        LeaveType {
            code: "annual".into(),
            name: "Annual leave".into(),
            paid: true,
            accrual: Accrual::Yearly {
                minutes: 30 * DAY_MINUTES,
            },
            proration: Proration::Months,
            rounding: Rounding {
                unit_minutes: DAY_MINUTES / 2,
                direction: Direction::Up,
            },
            year_start_month: 1,
            cap_minutes: None,
            yearly_cap_minutes: None,
            carry_over: CarryOver {
                most_minutes: None,
                months: Some(3),
            },
            overdraft_minutes: Some(0),
        }
    }

    fn told(rules: &LeaveType) -> String {
        let on = NaiveDate::from_ymd_opt(2026, 11, 25).expect("a date");
        rules.told(on).join(" ")
    }

    #[test]
    fn annual_leave_is_told_in_sentences() {
        assert_eq!(
            told(&annual()),
            "Whoever is there all year gets 30 days, on 1 January. \
             Whoever begins on 1 July gets 15 days in that year. \
             What is left on 31 December can be taken until 31 March. \
             Nobody can take more than they have."
        );
    }

    #[test]
    fn months_add_up_and_caps_hold() {
        let rules = LeaveType {
            accrual: Accrual::Monthly {
                minutes: DAY_MINUTES,
                on: MonthEnd::Last,
            },
            year_start_month: 4,
            yearly_cap_minutes: Some(10 * DAY_MINUTES),
            carry_over: CarryOver {
                most_minutes: Some(5 * DAY_MINUTES),
                months: None,
            },
            ..annual()
        };
        let told = told(&rules);
        assert!(
            told.contains("1 day on the last day of each month: 10 days in the year"),
            "{told}"
        );
        assert!(told.contains("begins on 1 October gets 6 days"), "{told}");
        assert!(told.contains("left on 31 March, up to 5 days"), "{told}");
    }

    #[test]
    fn what_is_not_counted_is_told_shortly() {
        let rules = LeaveType {
            accrual: Accrual::None,
            overdraft_minutes: None,
            ..annual()
        };
        assert_eq!(
            told(&rules),
            "It is not counted, and nothing is granted. What can be taken has no limit."
        );
    }

    #[test]
    fn minutes_are_told_in_days() {
        assert_eq!(days_told(30 * DAY_MINUTES), "30 days");
        assert_eq!(days_told(1200), "2.5 days");
        assert_eq!(days_told(100), "1 h 40 min");
    }
}
