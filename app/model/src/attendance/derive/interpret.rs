//! Rules R0 and R3: from what clocks showed to instants in order. R1 is in `clock`.
//!
//! Nothing here depends on the order in which punches are listed, or on how often one is there: the
//! same punch sent again is recognised first, and counts as received when it came first.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};

use super::clock;
use super::input::{Input, PunchIn, PunchTime};
use super::span::seen;
use crate::attendance::day::{Direction, Disposition, Flag, PunchOut};
use crate::zone::Zone;

/// Of two readings of a local time, the one this close to the delivery is meant.
const NEAR_SECONDS: i64 = 10 * 60;
/// The years in which punches and shifts can be: 1900 to 2199.
pub(super) const YEARS: std::ops::Range<i64> = -2_208_988_800..7_258_118_400;

/// A punch that may count.
#[derive(Clone, Debug)]
pub(super) struct Punch {
    /// The time that counts.
    pub at: DateTime<Utc>,
    /// Its direction, if one may rely on it.
    pub direction: Option<Direction>,
    /// What it says of its direction.
    pub hint: Direction,
    /// Its place in the input.
    pub index: usize,
    /// Its place in the list of what became of punches.
    pub out: usize,
    /// The places there of what is the same to the letter.
    pub copies: Vec<usize>,
    /// The places there of punches that repeat it within seconds.
    pub repeats: Vec<usize>,
}

impl Punch {
    /// Somebody surely comes.
    pub fn comes(&self) -> bool {
        matches!(self.direction, Some(Direction::In | Direction::BreakIn))
    }

    /// Somebody surely goes.
    pub fn goes(&self) -> bool {
        matches!(self.direction, Some(Direction::Out | Direction::BreakOut))
    }
}

/// What the first rules give.
pub(super) struct Read {
    /// One for each punch of the input, by time.
    pub outs: Vec<PunchOut>,
    /// Those that may count, by time; no two are the same to the letter.
    pub punches: Vec<Punch>,
}

/// Whether an instant is in a year in which there can be work.
pub(super) fn is_sane(at: DateTime<Utc>) -> bool {
    YEARS.contains(&at.timestamp())
}

/// A punch with all its copies.
pub(super) struct Distinct {
    pub index: usize,
    pub copies: Vec<usize>,
    pub received: Option<DateTime<Utc>>,
    pub sequence: Option<i64>,
    pub at: DateTime<Utc>,
    /// The second reading of a time that was shown twice.
    pub later: Option<DateTime<Utc>>,
    pub flags: Vec<Flag>,
    pub is_quarantined: bool,
}

/// Reads all punches of an input.
pub(super) fn read(input: &Input) -> Read {
    let mut distinct = without_copies(input);
    let mut from = 0;
    while from < distinct.len() {
        let source = &input.punches[distinct[from].index].source;
        let same = |d: &Distinct| input.punches[d.index].source == *source;
        let count = distinct[from..].iter().take_while(|d| same(d)).count();
        let of_source = &mut distinct[from..from + count];
        choose_readings(of_source);
        clock::check(input, of_source);
        from += count;
    }
    // A stable sort: of two at one instant, the one that is less to the letter comes first.
    distinct.sort_by_key(|punch| punch.at);
    listed(input, distinct)
}

fn zone_of<'a>(input: &'a Input, punch: &'a PunchIn) -> &'a Zone {
    punch.zone.as_ref().unwrap_or(&input.zone)
}

/// Compares what two punches say, without their ids and how they came. The source is first, so that
/// those of one device stand together.
fn to_the_letter(input: &Input, a: &PunchIn, b: &PunchIn) -> Ordering {
    let names = || zone_of(input, a).name().cmp(zone_of(input, b).name());
    a.source
        .cmp(&b.source)
        .then_with(|| a.time.cmp(&b.time))
        .then_with(|| a.direction.cmp(&b.direction))
        .then_with(|| a.trusted.cmp(&b.trusted))
        .then_with(|| a.set_by_hand.cmp(&b.set_by_hand))
        .then_with(|| a.skew_seconds.cmp(&b.skew_seconds))
        .then_with(names)
}

fn without_copies(input: &Input) -> Vec<Distinct> {
    let punches = &input.punches;
    let mut order: Vec<usize> = (0..punches.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&punches[a], &punches[b]);
        let when = |p: &PunchIn| p.received_at.unwrap_or(DateTime::<Utc>::MAX_UTC);
        // Those without an id come last, so that a copy with one gives it its name.
        let named = |p: &PunchIn| p.id.is_none();
        to_the_letter(input, a, b)
            .then_with(|| when(a).cmp(&when(b)))
            .then_with(|| named(a).cmp(&named(b)))
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| a.sequence.cmp(&b.sequence))
    });
    let mut distinct: Vec<Distinct> = Vec::with_capacity(punches.len());
    for index in order {
        let punch = &punches[index];
        if let Some(last) = distinct.last_mut()
            && to_the_letter(input, &punches[last.index], punch).is_eq()
        {
            last.copies.push(index);
            last.sequence = match (last.sequence, punch.sequence) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        } else {
            distinct.push(first_of_its_kind(input, index));
        }
    }
    distinct
}

/// Rule R0 without a choice: skipped times move forward by what is skipped, and of a time that was
/// shown twice both readings are kept.
fn first_of_its_kind(input: &Input, index: usize) -> Distinct {
    let punch = &input.punches[index];
    let mut flags = Vec::new();
    let mut later = None;
    let at = match punch.time {
        PunchTime::At(at) => at.to_utc(),
        PunchTime::Local(local) => {
            let zone = zone_of(input, punch);
            let first = zone.instant_of(local).unwrap_or(local.and_utc());
            if is_sane(first) {
                if zone.skips(local) {
                    flags.push(Flag::NonexistentTime);
                }
                later = zone.second_reading(first);
            }
            first
        }
    };
    if later.is_some() {
        flags.push(Flag::AmbiguousTime);
    }
    Distinct {
        index,
        copies: Vec::new(),
        received: punch.received_at,
        sequence: punch.sequence,
        at,
        later,
        flags,
        is_quarantined: false,
    }
}

/// Rule R0, where a device showed a time that was shown twice: the reading that keeps the order of
/// the device, else the one near the delivery, else the first.
fn choose_readings(punches: &mut [Distinct]) {
    if punches.iter().all(|punch| punch.later.is_none()) {
        return;
    }
    let mut order: Vec<usize> = (0..punches.len()).collect();
    order.retain(|&at| punches[at].sequence.is_some());
    order.sort_by_key(|&at| punches[at].sequence);
    let mut keeps_order = vec![[true, true]; punches.len()];
    let mut before: Option<DateTime<Utc>> = None;
    for (number, &at) in order.iter().enumerate() {
        let next = order.get(number + 1).map(|&next| &punches[next]);
        let after = next.map(|next| next.later.unwrap_or(next.at));
        let punch = &punches[at];
        let fits = |reading: DateTime<Utc>| {
            before.is_none_or(|before| before <= reading)
                && after.is_none_or(|after| reading <= after)
        };
        if let Some(later) = punch.later {
            keeps_order[at] = [fits(punch.at), fits(later)];
            choose(&mut punches[at], keeps_order[at]);
        }
        before = Some(punches[at].at);
    }
    for (punch, keeps_order) in punches.iter_mut().zip(keeps_order) {
        choose(punch, keeps_order);
    }
}

fn choose(punch: &mut Distinct, keeps_order: [bool; 2]) {
    let Some(later) = punch.later.take() else {
        return;
    };
    let is_near = |reading: DateTime<Utc>| {
        let delay = punch.received.map(|at| (at - reading).num_seconds());
        delay.is_some_and(|seconds| seconds.abs() <= NEAR_SECONDS)
    };
    let is_later = match keeps_order {
        [false, true] => true,
        [true, false] => false,
        _ => is_near(later) && !is_near(punch.at),
    };
    if is_later {
        punch.at = later;
    }
}

/// Gives every punch its id and its line in the list of what became of it.
fn listed(input: &Input, distinct: Vec<Distinct>) -> Read {
    let mut names = Names::new(input);
    let mut read = Read {
        outs: Vec::with_capacity(input.punches.len()),
        punches: Vec::with_capacity(distinct.len()),
    };
    for punch in distinct {
        let sent = &input.punches[punch.index];
        let id = names.next(sent);
        let zone = zone_of(input, sent);
        let effective_at = seen(&input.zone, punch.at);
        let local_at = match &sent.zone {
            Some(zone) => seen(zone, punch.at),
            None => effective_at,
        };
        let line = |id: String| PunchOut {
            id,
            effective_at,
            local_at,
            zone: zone.name().to_owned(),
            disposition: Disposition::Counted,
            duplicate_of: None,
            flags: punch.flags.clone(),
            work_date: None,
            taken_as: None,
        };
        let out = read.outs.len();
        let mut first = line(id.clone());
        if punch.is_quarantined {
            first.disposition = Disposition::Quarantined;
        }
        read.outs.push(first);
        for &copy in &punch.copies {
            let own = input.punches[copy].id.clone();
            let mut again = line(own.unwrap_or_else(|| id.clone()));
            again.disposition = Disposition::Duplicate;
            again.duplicate_of = Some(id.clone());
            read.outs.push(again);
        }
        if punch.is_quarantined {
            continue;
        }
        let direction =
            (sent.trusted && sent.direction != Direction::Unknown).then_some(sent.direction);
        read.punches.push(Punch {
            at: punch.at,
            direction,
            hint: sent.direction,
            index: punch.index,
            out,
            copies: (out + 1..read.outs.len()).collect(),
            repeats: Vec::new(),
        });
    }
    read
}

/// Names for punches that came without: `p1`, `p2` in order of time, but for names in use.
struct Names<'a> {
    taken: Vec<&'a str>,
    number: usize,
}

impl<'a> Names<'a> {
    fn new(input: &'a Input) -> Self {
        let ids = input.punches.iter().filter_map(|p| p.id.as_deref());
        let mut taken: Vec<&str> = ids.filter(|id| id.starts_with('p')).collect();
        taken.sort_unstable();
        Self { taken, number: 0 }
    }

    fn next(&mut self, punch: &PunchIn) -> String {
        self.number += 1;
        if let Some(id) = &punch.id {
            return id.clone();
        }
        loop {
            let name = format!("p{}", self.number);
            if self.taken.binary_search(&name.as_str()).is_err() {
                return name;
            }
            self.number += 1;
        }
    }
}

#[cfg(test)]
#[path = "interpret_tests.rs"]
mod tests;
