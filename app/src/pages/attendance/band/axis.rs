//! Where things stand in the band of a day: local minutes since the midnight with which it begins. The
//! clock on the wall is what counts, so a day on which the clocks change is drawn as that shows it.
//! Pure.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use model::attendance::day::{Day, Presence, SegmentKind};
use model::attendance::views::ShiftTime;
use model::time::Stamp;

use crate::pages::scheduling::agenda::days::local;

/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Nothing of a day lies farther away than this from its midnight.
const FARTHEST: i64 = 2 * DAY;

/// What a stretch of the band is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Work that counts.
    Work,
    /// A break that was punched.
    Break,
    /// Work on a public holiday.
    Holiday,
    /// Work that goes on.
    Working,
    /// A break that goes on.
    Resting,
}

impl Kind {
    /// The class of its drawing.
    pub const fn class(self) -> &'static str {
        match self {
            Kind::Work => "band-work",
            Kind::Break => "band-break",
            Kind::Holiday => "band-holiday",
            Kind::Working => "band-work is-running",
            Kind::Resting => "band-break is-running",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Kind::Work => "work",
            Kind::Break => "break",
            Kind::Holiday => "work on a holiday",
            Kind::Working => "at work since",
            Kind::Resting => "on a break since",
        }
    }
}

/// A stretch of the band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins, in minutes since midnight.
    pub from: i64,
    /// Where it ends.
    pub to: i64,
    /// What it is.
    pub kind: Kind,
}

/// Everything that is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// The shifts, from and to.
    pub shifts: Vec<(i64, i64)>,
    /// What was done, in order.
    pub pieces: Vec<Piece>,
    /// When something was punched.
    pub punches: Vec<i64>,
    /// The present, if it belongs to the day.
    pub now: Option<i64>,
}

/// What goes on at present, and since when.
pub type Running = Option<(Presence, Stamp)>;

/// The clocks that a page knows: those of its own stamps. Each instant is read by the nearest.
struct Clocks(Vec<(DateTime<Utc>, i32)>);

impl Clocks {
    fn local(&self, at: DateTime<FixedOffset>) -> NaiveDateTime {
        let utc = at.to_utc();
        let nearest = self.0.iter().min_by_key(|(known, _)| (*known - utc).abs());
        match nearest {
            Some((_, offset)) => utc.naive_utc() + TimeDelta::minutes(i64::from(*offset)),
            None => at.naive_local(),
        }
    }
}

impl Drawn {
    /// What is to be drawn of a day.
    pub fn of(
        date: NaiveDate,
        shifts: &[ShiftTime],
        day: Option<&Day>,
        punches: &[Stamp],
        now: Option<&Stamp>,
        running: &Running,
    ) -> Self {
        let minute = |time: NaiveDateTime| {
            let minutes = (time - date.and_time(NaiveTime::MIN)).num_minutes();
            minutes.clamp(-FARTHEST, FARTHEST)
        };
        let read = |stamp: &Stamp| minute(local(stamp));
        let stamps = shifts.iter().flat_map(|shift| [&shift.from, &shift.to]);
        let known = stamps.chain(punches).chain(now);
        let clocks = Clocks(known.map(|s| (s.at, s.offset_minutes)).collect());
        let segments = day.map(|day| day.segments.as_slice()).unwrap_or_default();
        let mut pieces: Vec<Piece> = Vec::new();
        for segment in segments {
            let piece = Piece {
                from: minute(clocks.local(segment.from)),
                to: minute(clocks.local(segment.to)),
                kind: match segment.kind {
                    SegmentKind::Work => Kind::Work,
                    SegmentKind::Break => Kind::Break,
                    SegmentKind::HolidayWork => Kind::Holiday,
                },
            };
            // A stretch over midnight comes in two.
            match pieces.last_mut() {
                Some(last) if last.kind == piece.kind && last.to == piece.from => {
                    last.to = piece.to;
                }
                _ => pieces.push(piece),
            }
        }
        let now = now.map(read);
        if let (Some((presence, since)), Some(now)) = (running, now) {
            let kind = match presence {
                Presence::In => Some(Kind::Working),
                Presence::Break => Some(Kind::Resting),
                Presence::Out => None,
            };
            let from = read(since);
            pieces.extend(kind.filter(|_| from <= now).map(|kind| Piece {
                from,
                to: now,
                kind,
            }));
        }
        Self {
            shifts: shifts
                .iter()
                .map(|s| (read(&s.from), read(&s.to)))
                .collect(),
            pieces,
            punches: punches.iter().map(read).collect(),
            now,
        }
    }

    /// The day in words, for those who do not see the drawing.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        if self.shifts.is_empty() {
            words.push("No shift".to_owned());
        }
        let shifts = self.shifts.iter();
        words.extend(shifts.map(|(from, to)| format!("Shift {}–{}", clock(*from), clock(*to))));
        words.extend(self.pieces.iter().map(|piece| {
            let from = clock(piece.from);
            match piece.kind {
                Kind::Working | Kind::Resting => format!("{} {from}", piece.kind.word()),
                kind => format!("{} {from}–{}", kind.word(), clock(piece.to)),
            }
        }));
        if self.pieces.is_empty() {
            words.push("no work yet".to_owned());
        }
        words.extend(self.now.map(|now| format!("now {}", clock(now))));
        words.join(", ")
    }
}

/// The part of the clock that a band shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    from: i64,
    to: i64,
}

impl Axis {
    /// From midnight to midnight, and to whole hours beyond where something lies beyond.
    pub fn over(drawn: &Drawn) -> Self {
        let shifts = drawn.shifts.iter().flat_map(|(from, to)| [*from, *to]);
        let pieces = drawn.pieces.iter().flat_map(|piece| [piece.from, piece.to]);
        let others = drawn.punches.iter().copied().chain(drawn.now);
        let mut axis = Self { from: 0, to: DAY };
        for minute in shifts.chain(pieces).chain(others) {
            axis.from = axis.from.min(minute.div_euclid(60) * 60);
            axis.to = axis.to.max((minute + 59).div_euclid(60) * 60);
        }
        axis
    }

    /// Where a minute stands, as a share of the width.
    pub fn x(&self, minute: i64) -> String {
        let minute = minute.clamp(self.from, self.to);
        share(minute - self.from, self.to - self.from)
    }

    /// How wide a stretch is, as a share of the width.
    pub fn width(&self, from: i64, to: i64) -> String {
        let (from, to) = (from.max(self.from), to.min(self.to));
        share((to - from).max(0), self.to - self.from)
    }

    /// The hours with a line: the minute, and its word where there is room for one.
    pub fn ticks(&self) -> Vec<(i64, Option<String>)> {
        let hours = (self.to - self.from) / 60;
        let (step, worded) = if hours > 30 { (6, 12) } else { (3, 6) };
        let first = self.from.div_euclid(step * 60) * step * 60;
        let minutes = (0..).map(|n| first + n * step * 60);
        minutes
            .take_while(|minute| *minute <= self.to)
            .filter(|minute| *minute >= self.from)
            .map(|minute| {
                let word = (minute.rem_euclid(worded * 60) == 0).then(|| match minute {
                    DAY if self.to == DAY => "24:00".to_owned(),
                    minute => clock(minute),
                });
                (minute, word)
            })
            .collect()
    }

    /// How a word at a minute is anchored, so that none runs out of the drawing.
    pub fn anchor(&self, minute: i64) -> &'static str {
        if minute == self.from {
            "start"
        } else if minute == self.to {
            "end"
        } else {
            "middle"
        }
    }
}

fn share(part: i64, whole: i64) -> String {
    let hundredths = part * 10_000 / whole.max(1);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// What the clock shows at a minute: `22:00`, also for one of the day before or after.
pub fn clock(minute: i64) -> String {
    let minute = minute.rem_euclid(DAY);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
#[path = "axis_tests.rs"]
mod tests;
