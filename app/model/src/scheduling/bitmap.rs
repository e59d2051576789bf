//! Busy time in cells of five minutes: what is cached for each person, about 1 KiB for 28 days, and
//! what makes the common time of hundreds of people cheap.
//!
//! A cell is free only if all of it is free, and cells begin on the five-minute marks of UTC, which
//! are those of every zone too. So for a slot whose edges lie on those marks the map gives exactly
//! the answer of the intervals. For any other slot it may say *busy* where there is room, but never
//! *free* where there is none. The intervals remain the truth.

use chrono::{DateTime, Utc};

use super::interval::{Interval, IntervalSet};

#[cfg(test)]
#[path = "bitmap_tests.rs"]
mod tests;

/// The length of a cell.
pub const CELL_MINUTES: i64 = 5;
const CELL_SECONDS: i64 = CELL_MINUTES * 60;
const WORD_BITS: usize = 64;

/// Which cells of a window are busy. What lies outside the window is not known and counts as busy.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    /// The number of the first cell, counted from 1970.
    first: i64,
    /// How many cells it has.
    cells: usize,
    /// A set bit is a busy cell. The bits beyond the last cell are always set.
    words: Vec<u64>,
}

impl Bitmap {
    /// A map of a window without anything in it. Cells that the window only cuts are left out.
    pub fn all_free(window: Interval) -> Self {
        let first = cell_at_or_after(window.from);
        let cells = usize::try_from(cell_of(window.to) - first).unwrap_or(0);
        let mut words = vec![0; cells.div_ceil(WORD_BITS)];
        if let (Some(last), used @ 1..) = (words.last_mut(), cells % WORD_BITS) {
            *last = u64::MAX << used;
        }
        Self {
            first,
            cells,
            words,
        }
    }

    /// A map of a window in which every cell that one of the intervals touches is busy.
    pub fn of_busy<'a>(window: Interval, busy: impl IntoIterator<Item = &'a Interval>) -> Self {
        let mut map = Self::all_free(window);
        for interval in busy {
            map.mark_busy(interval);
        }
        map
    }

    /// A map of a window in which every cell that is not wholly in the set is busy.
    pub fn of_free(window: Interval, free: &IntervalSet) -> Self {
        Self::of_busy(window, &free.complement(window))
    }

    /// Busy wherever one of the maps is. Their windows need not be the same.
    pub fn any_busy<'a>(window: Interval, maps: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut any = Self::all_free(window);
        for map in maps {
            any.merge(map);
        }
        any
    }

    /// Its window, on whole cells.
    pub fn window(&self) -> Interval {
        self.interval(0, self.cells)
    }

    /// Makes every cell busy that the interval touches.
    pub fn mark_busy(&mut self, interval: &Interval) {
        if interval.is_empty() {
            return;
        }
        let from = self.index(cell_of(interval.from));
        let to = self.index(cell_at_or_after(interval.to));
        if from >= to {
            return;
        }
        let (first, last) = (from / WORD_BITS, (to - 1) / WORD_BITS);
        let head = u64::MAX << (from % WORD_BITS);
        let tail = u64::MAX >> (WORD_BITS - 1 - (to - 1) % WORD_BITS);
        if first == last {
            self.words[first] |= head & tail;
        } else {
            self.words[first] |= head;
            self.words[first + 1..last].fill(u64::MAX);
            self.words[last] |= tail;
        }
    }

    /// Makes every cell busy that is busy in another map, or outside of its window.
    pub fn merge(&mut self, other: &Self) {
        if self.first == other.first && self.cells <= other.cells {
            for (here, there) in self.words.iter_mut().zip(&other.words) {
                *here |= there;
            }
            return;
        }
        let shift = self.first - other.first;
        for (number, here) in self.words.iter_mut().enumerate() {
            *here |= other.word_from(shift.saturating_add_unsigned((number * WORD_BITS) as u64));
        }
    }

    /// Whether no cell that the interval touches is busy.
    pub fn is_free(&self, interval: &Interval) -> bool {
        if interval.is_empty() || !self.window().covers(interval) {
            return interval.is_empty();
        }
        let from = self.index(cell_of(interval.from));
        let to = self.index(cell_at_or_after(interval.to));
        self.next_busy(from) >= to
    }

    /// The stretches of free time that hold so many minutes, each as long as it is.
    pub fn free_runs(&self, minutes: i64) -> impl Iterator<Item = Interval> + '_ {
        let needed = cells_for(minutes);
        self.runs()
            .filter(move |(from, to)| to - from >= needed)
            .map(|(from, to)| self.interval(from, to))
    }

    /// Every five-minute mark at which so many free minutes begin.
    pub fn free_starts(&self, minutes: i64) -> impl Iterator<Item = DateTime<Utc>> + '_ {
        let needed = cells_for(minutes);
        self.runs()
            .flat_map(move |(from, to)| from..(to + 1).saturating_sub(needed).max(from))
            .map(|cell| self.interval(cell, cell).from)
    }

    /// Its cells for the cache, eight to a byte.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.words.iter().flat_map(|w| w.to_le_bytes()).collect()
    }

    /// The map of a window from the cache; `None` if the bytes are not of such a window.
    pub fn from_bytes(window: Interval, bytes: &[u8]) -> Option<Self> {
        let mut map = Self::all_free(window);
        let (words, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() || words.len() != map.words.len() {
            return None;
        }
        for (here, there) in map.words.iter_mut().zip(words) {
            *here |= u64::from_le_bytes(*there);
        }
        Some(map)
    }

    /// The maximal runs of free cells, as positions.
    fn runs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let mut next = 0;
        std::iter::from_fn(move || {
            let from = self.next_free(next);
            if from >= self.cells {
                return None;
            }
            next = self.next_busy(from);
            Some((from, next))
        })
    }

    fn next_free(&self, from: usize) -> usize {
        self.next(from, |word| !word)
    }

    fn next_busy(&self, from: usize) -> usize {
        self.next(from, |word| word)
    }

    /// The first position from `from` on whose bit is set in the word as `view` shows it, or the
    /// number of cells.
    fn next(&self, from: usize, view: impl Fn(u64) -> u64) -> usize {
        let mut mask = u64::MAX << (from % WORD_BITS);
        for number in from / WORD_BITS..self.words.len() {
            let word = view(self.words[number]) & mask;
            if word != 0 {
                let at = number * WORD_BITS + word.trailing_zeros() as usize;
                return at.min(self.cells);
            }
            mask = u64::MAX;
        }
        self.cells
    }

    /// The 64 cells from a position on, which may lie before or after the window.
    fn word_from(&self, position: i64) -> u64 {
        let bits = WORD_BITS as i64;
        let (word, shift) = (position.div_euclid(bits), position.rem_euclid(bits) as u32);
        let at = |number: i64| {
            let number = usize::try_from(number).ok();
            let known = number.and_then(|number| self.words.get(number));
            known.copied().unwrap_or(u64::MAX)
        };
        match shift {
            0 => at(word),
            _ => at(word) >> shift | at(word.saturating_add(1)) << (u64::BITS - shift),
        }
    }

    /// The position of a cell, brought into the window.
    fn index(&self, cell: i64) -> usize {
        usize::try_from(cell - self.first)
            .unwrap_or(0)
            .min(self.cells)
    }

    fn interval(&self, from: usize, to: usize) -> Interval {
        let at = |position: usize| {
            let cell = self.first.saturating_add_unsigned(position as u64);
            DateTime::from_timestamp(cell.saturating_mul(CELL_SECONDS), 0)
                .unwrap_or(DateTime::<Utc>::MAX_UTC)
        };
        Interval::new(at(from), at(to))
    }
}

impl std::fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let free: IntervalSet = self.free_runs(0).collect();
        write!(f, "Bitmap({:?}, free {free:?})", self.window())
    }
}

/// The cell in which an instant lies.
fn cell_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(CELL_SECONDS)
}

/// The first cell that does not begin before an instant.
fn cell_at_or_after(at: DateTime<Utc>) -> i64 {
    let cell = cell_of(at);
    let on_its_mark = at.timestamp() == cell * CELL_SECONDS && at.timestamp_subsec_nanos() == 0;
    if on_its_mark { cell } else { cell + 1 }
}

fn cells_for(minutes: i64) -> usize {
    usize::try_from(minutes.max(1).unsigned_abs().div_ceil(CELL_MINUTES as u64))
        .unwrap_or(usize::MAX)
}
