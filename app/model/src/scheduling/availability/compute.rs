//! From what is known to what is free.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::super::interval::{Interval, IntervalSet};
use super::known::{AbsenceKind, DutyKind, Freshness, Known, Source};
use super::why::Why;
use super::{Availability, Block, Trust};

impl Availability {
    /// What is free within a range, as seen now.
    pub fn of(known: &Known, range: Interval, now: DateTime<Utc>) -> Self {
        let duties = known.duties.iter().map(|duty| duty.during);
        let working = known.working.iter().copied().chain(duties);
        let working = working.collect::<IntervalSet>().clipped(range);

        let mut blocks = blocks(known, range, now);
        blocks.retain(|block| block.during.overlaps(&range));
        blocks.sort_by_key(|block| (block.during, block.why.weight()));

        let mut busy = known.busy.clone();
        busy.retain(|busy| busy.during.overlaps(&range));
        busy.sort_by_key(|busy| (busy.during, busy.status));

        let taken = busy.iter().map(|busy| busy.during);
        let out = taken.chain(blocks.iter().map(|block| block.during));
        let open = working.subtract(&out.collect());
        let unread = unread(known, range);
        Self {
            range,
            free: open.subtract(&unread),
            unknown: open.intersect(&unread),
            busy,
            blocks,
            working,
            trust: trust(&known.sources),
        }
    }
}

fn blocks(known: &Known, range: Interval, now: DateTime<Utc>) -> Vec<Block> {
    let constraints = &known.constraints;
    let block = |during, why| Block { during, why };

    let absences = known.absences.iter().map(|absence| {
        let why = match absence.kind {
            AbsenceKind::Leave | AbsenceKind::Sick => Why::Leave,
            AbsenceKind::Holiday => Why::Holiday,
            AbsenceKind::DayOff => Why::DayOff,
        };
        block(absence.during, why)
    });

    let nights = known
        .duties
        .iter()
        .filter(|d| d.kind == DutyKind::NightShift);
    let rests = nights.map(|night| {
        let minutes = i64::from(constraints.rest_after_night_minutes);
        let rest = Interval::starting(night.during.to, minutes);
        block(rest, Why::RestAfterNightShift { until: rest.to })
    });

    let minutes = constraints.between_minutes();
    let meetings = known.busy.iter().filter(|busy| busy.is_meeting());
    let buffers = meetings.flat_map(|meeting| {
        let between = TimeDelta::minutes(i64::from(minutes));
        let Interval { from, to } = meeting.during;
        let sides = [
            Interval::new(from - between, from),
            Interval::new(to, to + between),
        ];
        sides.map(|side| block(side, Why::Buffer { minutes }))
    });

    let earliest = now + TimeDelta::minutes(i64::from(constraints.notice_minutes));
    let notice = block(
        Interval::new(range.from, earliest),
        Why::Notice { earliest },
    );

    absences
        .chain(rests)
        .chain(buffers)
        .chain(full_days(known))
        .chain([notice])
        .collect()
}

/// The local days on which no further meeting may begin.
fn full_days(known: &Known) -> impl Iterator<Item = Block> + '_ {
    let limit = known.constraints.meetings_per_day;
    let mut counts: BTreeMap<NaiveDate, u16> = BTreeMap::new();
    if limit.is_some() {
        for meeting in known.busy.iter().filter(|busy| busy.is_meeting()) {
            let count = counts.entry(known.local.day(meeting.during.from));
            *count.or_default() += 1;
        }
    }
    counts.into_iter().flat_map(move |(day, count)| {
        let full = limit.filter(|limit| count >= *limit);
        let hours = full.map(|limit| (limit, known.local.hours_of(day)));
        hours.into_iter().flat_map(move |(limit, hours)| {
            let why = Why::DailyLimit { limit, day };
            let during = hours.as_slice().to_vec().into_iter();
            during.map(move |during| Block { during, why })
        })
    })
}

/// The time of which at least one calendar could not tell us anything.
fn unread(known: &Known, range: Interval) -> IntervalSet {
    let pieces = known.sources.iter().flat_map(|source| {
        let read = match (source.freshness, source.covers) {
            (Freshness::Unknown, _) => IntervalSet::empty(),
            (Freshness::Fresh | Freshness::Stale, None) => range.into(),
            (Freshness::Fresh | Freshness::Stale, Some(covers)) => covers.into(),
        };
        read.complement(range).as_slice().to_vec()
    });
    pieces.collect()
}

/// The worst of the calendars. One that was not read for all of the range counts as it is, since
/// the time beyond already counts as not known.
fn trust(sources: &[Source]) -> Trust {
    let freshness = sources.iter().map(|source| source.freshness).max();
    let freshness = freshness.unwrap_or(Freshness::Fresh);
    let worst = sources.iter().filter(|s| s.freshness == freshness);
    Trust {
        freshness,
        as_of: worst.map(|source| source.as_of).min().flatten(),
    }
}
