//! What a leave type grants and lets lapse.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    Accrual, Employment, Entry, EntryKind, LeaveType, MonthEnd, Proration, Worked, before, count,
    months, plus_months,
};
use crate::attendance::rotation::DateRange;

/// What the ledger of one person and one leave type should have and has not, for all that falls due
/// within a range of dates.
///
/// `posted` is all of that ledger. Each cause, such as the grant of a year, should stand there with
/// a certain sum on a certain date. If it stands otherwise, because an end of employment or a day
/// of work became known later, the difference is due under the next number:
/// `annual:2026-01-01:grant#1`. So a run after the entries were added finds nothing, and two runs
/// at once make the same keys. A range that begins with the employment mends everything; one that
/// begins later leaves what came before.
pub fn due(
    leave: &LeaveType,
    employment: Employment,
    range: DateRange,
    worked: &Worked,
    posted: &[Entry],
) -> Vec<Entry> {
    let mut causes = causes(leave, employment, range);
    let mut ledger = Ledger {
        leave,
        entries: posted.to_vec(),
    };
    // First away with what stands on a wrong date, since balances of other dates depend on it.
    for cause in &causes {
        for on in ledger.dates_of(cause) {
            if on != cause.on && range.contains(on) {
                ledger.set(cause, on, 0);
            }
        }
    }
    causes.retain(|cause| range.contains(cause.on));
    // What lapses on a date makes room under the cap for what is granted on it.
    causes.sort_by_key(|cause| (cause.on, cause.what));
    for cause in causes {
        let wanted = target(leave, employment, worked, &ledger.entries, &cause);
        ledger.set(&cause, cause.on, wanted);
    }
    ledger.entries.split_off(posted.len())
}

/// What is posted and, after it, what is due.
struct Ledger<'a> {
    leave: &'a LeaveType,
    entries: Vec<Entry>,
}

impl Ledger<'_> {
    fn dates_of(&self, cause: &Cause) -> BTreeSet<NaiveDate> {
        let key = cause.key(self.leave);
        let own = self.entries.iter().filter(|entry| belongs(entry, &key));
        own.map(|entry| entry.effective_on).collect()
    }

    /// Enters what a cause is short of on a date.
    fn set(&mut self, cause: &Cause, on: NaiveDate, wanted: i64) {
        let key = cause.key(self.leave);
        let own = self.entries.iter().filter(|entry| belongs(entry, &key));
        let times = own.clone().count();
        let stands = own.filter(|entry| entry.effective_on == on);
        let minutes = wanted - stands.map(|entry| entry.minutes).sum::<i64>();
        if minutes != 0 {
            self.entries.push(Entry {
                leave_type: self.leave.code.clone(),
                effective_on: on,
                minutes,
                kind: cause.what.kind(),
                source_key: match times {
                    0 => key,
                    times => format!("{key}#{times}"),
                },
            });
        }
    }
}

/// Why a balance moves by rule. The order is that in which it happens on one date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Lapse,
    Expiry,
    Grant,
}

impl What {
    fn kind(self) -> EntryKind {
        match self {
            Self::Lapse => EntryKind::Lapse,
            Self::Expiry => EntryKind::Expiry,
            Self::Grant => EntryKind::Grant,
        }
    }
}

struct Cause {
    what: What,
    /// The leave year that ended, or the year or month for which leave is granted.
    period: DateRange,
    /// When it counts.
    on: NaiveDate,
}

impl Cause {
    fn key(&self, leave: &LeaveType) -> String {
        self.key_of(leave, self.what)
    }

    fn key_of(&self, leave: &LeaveType, what: What) -> String {
        format!("{}:{}:{}", leave.code, self.period.from, what.kind())
    }
}

fn belongs(entry: &Entry, key: &str) -> bool {
    let rest = entry.source_key.strip_prefix(key);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}

/// Everything that could fall due about a range.
fn causes(leave: &LeaveType, employment: Employment, range: DateRange) -> Vec<Cause> {
    if range.until < range.from {
        return Vec::new();
    }
    let mut causes = Vec::new();
    // What was carried over may expire as late as in the year after the next.
    let expires_after = leave.carry_over.months.unwrap_or(0);
    let mut year = leave.year_of(range.from);
    for _ in 0..=(expires_after / 12 + 1) {
        year = leave.year_of(before(year.from));
    }
    while year.from <= range.until {
        let next = leave.year_of(plus_months(year.from, 12));
        let mut add = |what, on| {
            let period = year;
            causes.push(Cause { what, period, on });
        };
        add(What::Lapse, next.from);
        if let Some(months) = leave.carry_over.months {
            add(What::Expiry, plus_months(next.from, months));
        }
        if let Accrual::Yearly { .. } = leave.accrual {
            let begun = employment.within(year).map_or(year.from, |days| days.from);
            add(What::Grant, begun);
        }
        if next.from <= year.from {
            break;
        }
        year = next;
    }
    let at_start = matches!(
        leave.accrual,
        Accrual::Monthly {
            on: MonthEnd::First,
            ..
        }
    );
    if let Accrual::Monthly { .. } | Accrual::Worked { .. } = leave.accrual {
        causes.extend(months(range).map(|month| {
            let days = employment.within(month).unwrap_or(month);
            Cause {
                what: What::Grant,
                period: month,
                on: if at_start { days.from } else { days.until },
            }
        }));
    }
    causes
}

/// The sum with which a cause should stand in the ledger.
fn target(
    leave: &LeaveType,
    employment: Employment,
    worked: &Worked,
    ledger: &[Entry],
    cause: &Cause,
) -> i64 {
    let employed = |date| {
        let day = DateRange::new(date, date);
        employment.within(day).is_some()
    };
    match cause.what {
        What::Grant => grant(leave, employment, worked, ledger, cause),
        What::Lapse | What::Expiry if !employed(cause.on) => 0,
        What::Lapse => {
            let left = left_at_end(ledger, cause.period);
            let most = leave.carry_over.most_minutes.unwrap_or(i64::MAX);
            -left.saturating_sub(most).max(0)
        }
        What::Expiry => {
            let most = leave.carry_over.most_minutes.unwrap_or(i64::MAX);
            let carried = left_at_end(ledger, cause.period).min(most);
            // What was carried over is used first, also by what lapses a year later, if it lives
            // that long. What lapsed before it was carried over is no part of it.
            let lapsed = cause.key_of(leave, What::Lapse);
            let used = ledger.iter().filter(|entry| {
                let kind = !matches!(entry.kind, EntryKind::Grant | EntryKind::Adjustment);
                let since = cause.period.until < entry.effective_on;
                kind && since && entry.effective_on < cause.on && !belongs(entry, &lapsed)
            });
            let used: i64 = used.map(|entry| -entry.minutes).sum();
            -(carried - used).max(0)
        }
    }
}

/// The balance at the end of a leave year.
fn left_at_end(ledger: &[Entry], year: DateRange) -> i64 {
    let until = ledger
        .iter()
        .filter(|entry| entry.effective_on <= year.until);
    until.map(|entry| entry.minutes).sum()
}

fn grant(
    leave: &LeaveType,
    employment: Employment,
    worked: &Worked,
    ledger: &[Entry],
    cause: &Cause,
) -> i64 {
    let Some(employed) = employment.within(cause.period) else {
        return 0;
    };
    let year = leave.year_of(cause.period.from);
    let earned = match leave.accrual {
        Accrual::None => 0,
        Accrual::Yearly { minutes } | Accrual::Monthly { minutes, .. } => {
            let (part, whole) = share(leave.proration, employed, cause.period);
            leave.rounding.apply(minutes * part, whole)
        }
        Accrual::Worked {
            minutes,
            per_minutes,
        } => {
            // Rounding the sum of the year, and not each month, loses nothing on the way.
            let until = |last: NaiveDate| {
                let days = (year.from <= last).then(|| worked.range(year.from..=last));
                let sum: i64 = days.into_iter().flatten().map(|(_, m)| (*m).max(0)).sum();
                leave.rounding.apply(sum * minutes, per_minutes)
            };
            until(cause.period.until) - until(before(cause.period.from))
        }
    };
    let key = cause.key(leave);
    let others = ledger.iter().filter(|entry| !belongs(entry, &key));
    let until = others.filter(|entry| entry.effective_on <= cause.on);
    let mut room = i64::MAX;
    if let Some(cap) = leave.cap_minutes {
        let balance: i64 = until.clone().map(|entry| entry.minutes).sum();
        room = room.min(cap - balance);
    }
    if let Some(cap) = leave.yearly_cap_minutes {
        let granted =
            until.filter(|entry| entry.kind == EntryKind::Grant && entry.effective_on >= year.from);
        room = room.min(cap - granted.map(|entry| entry.minutes).sum::<i64>());
    }
    // A cap takes nothing away that was there before.
    earned.min(room.max(0))
}

/// The share of a period on which somebody is employed, as a fraction.
fn share(proration: Proration, employed: DateRange, period: DateRange) -> (i64, i64) {
    match proration {
        Proration::None => (1, 1),
        Proration::Days => (count(employed), count(period)),
        Proration::Months => {
            let (mut whole, mut all) = (0, 0);
            for month in months(period) {
                all += 1;
                let covered = employed.from <= month.from && month.until <= employed.until;
                whole += i64::from(covered);
            }
            (whole, all)
        }
    }
}
