//! A day explains itself: each rule that did something says so, in words for the person whose day
//! it is. The minutes of R6 to R10 add up to what counts.

use super::assign::Group;
use super::count::Breaks;
use super::input::{Input, PunchTime};
use super::interpret::is_sane;
use super::outcome::Outcome;
use super::pair::Paired;
use super::shifts::{Off, Shift};
use super::span::{Span, clock, clock_of, spell, total};
use crate::attendance::day::{Explanation, Flag, PunchOut, Rule, Status};
use crate::zone::Zone;

/// What an explanation is made from.
pub(super) struct Told<'a> {
    pub input: &'a Input,
    pub group: &'a Group,
    pub paired: &'a Paired,
    pub breaks: &'a Breaks,
    pub outs: &'a [PunchOut],
    pub zone: &'a Zone,
}

/// One line of an explanation.
pub(super) fn line(rule: Rule, minutes: i64, text: String) -> Explanation {
    Explanation {
        rule,
        text,
        minutes,
        punches: Vec::new(),
    }
}

fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Why a shift is as it is.
pub(super) fn of_shift(
    told: &Told<'_>,
    shift: &Shift<'_>,
    outcome: &Outcome<'_>,
) -> Vec<Explanation> {
    let mut lines = Vec::with_capacity(8);
    told.punches(&mut lines);
    told.pairing(&mut lines);
    told.night(shift, &mut lines);
    told.missing(&mut lines);
    told.counting(outcome, &mut lines);
    told.breaks(outcome, &mut lines);
    lines.push(expected(told, shift));
    late(told, shift, outcome, &mut lines);
    if outcome.flags.contains(&Flag::LeaveWorked) {
        let text = "You worked during your leave: it can be given back, or the work paid.";
        lines.push(line(Rule::Status, 0, text.to_owned()));
    }
    lines.extend(standing(told, shift, outcome));
    lines
}

/// Why work without a shift is as it is.
pub(super) fn of_loose(told: &Told<'_>, outcome: &Outcome<'_>) -> Vec<Explanation> {
    let mut lines = Vec::with_capacity(4);
    told.punches(&mut lines);
    told.pairing(&mut lines);
    if let Some(first) = told.group.punches.first()
        && told.zone.day_of(first.at) != outcome.date
    {
        let text = format!(
            "Work that begins before {} in the night belongs to the day before.",
            told.input.policy.day_cut,
        );
        lines.push(line(Rule::WorkDate, 0, text));
    }
    told.missing(&mut lines);
    told.counting(outcome, &mut lines);
    told.breaks(outcome, &mut lines);
    let text = "No shift was planned at this time.".to_owned();
    lines.push(line(Rule::Status, 0, text));
    lines
}

impl Told<'_> {
    fn id(&self, out: usize) -> Vec<String> {
        vec![self.outs[out].id.clone()]
    }

    fn clock(&self, at: chrono::DateTime<chrono::Utc>) -> String {
        clock(self.zone, at)
    }

    fn spans(&self, spans: &[Span]) -> String {
        let words: Vec<String> = spans.iter().map(|span| span.text(self.zone)).collect();
        list(&words)
    }

    /// Rules R0 to R5, where they did more than read a punch.
    fn punches(&self, lines: &mut Vec<Explanation>) {
        for punch in &self.group.punches {
            let out = &self.outs[punch.out];
            for flag in &out.flags {
                let text = self.flag(*flag, punch.index, self.clock(punch.at));
                lines.extend(text.map(|(rule, text)| Explanation {
                    punches: self.id(punch.out),
                    ..line(rule, 0, text)
                }));
            }
            if punch.repeats.is_empty() {
                continue;
            }
            let ids: Vec<String> = punch
                .repeats
                .iter()
                .map(|&at| self.outs[at].id.clone())
                .collect();
            let what = match ids.len() {
                1 => "One more punch repeats".to_owned(),
                count => format!("{count} more punches repeat"),
            };
            let text = format!(
                "{what} the one at {} and is left out.",
                self.clock(punch.at)
            );
            lines.push(Explanation {
                punches: ids,
                ..line(Rule::NearRepeat, 0, text)
            });
        }
    }

    fn flag(&self, flag: Flag, index: usize, clock: String) -> Option<(Rule, String)> {
        let sent = &self.input.punches[index];
        let shown = match sent.time {
            PunchTime::At(at) => at.format("%H:%M"),
            PunchTime::Local(local) => local.format("%H:%M"),
        };
        let told = match flag {
            Flag::NonexistentTime => (
                Rule::Interpret,
                format!("The clocks skipped {shown} on that day, so {clock} is taken."),
            ),
            Flag::AmbiguousTime => (
                Rule::Interpret,
                format!("The clocks showed {shown} twice on that day; one of the two was chosen."),
            ),
            Flag::ClockSkew if self.input.policy.correct_skew && !sent.set_by_hand => (
                Rule::Clock,
                format!("The clock of the device is wrong: it showed {shown} when it was {clock}."),
            ),
            Flag::ClockSkew => (
                Rule::Clock,
                "The clock of the device seems to be wrong.".to_owned(),
            ),
            Flag::OutsideWindow => (
                Rule::Assign,
                format!("{clock} is outside the hours of the shift, but you were still at work."),
            ),
            Flag::BoundaryMoved => (
                Rule::Assign,
                format!("{clock} was taken for this shift, since only so both shifts make pairs."),
            ),
            _ => return None,
        };
        Some(told)
    }

    fn pairing(&self, lines: &mut Vec<Explanation>) {
        let paired = self.paired;
        let taken = &paired.taken;
        if taken.is_empty() {
            return;
        }
        let known = paired.pieces.len() - usize::from(paired.estimated.is_some());
        let pieces = &paired.pieces[..known];
        if !pieces.is_empty() {
            lines.push(Explanation {
                punches: taken
                    .iter()
                    .map(|(out, _)| self.outs[*out].id.clone())
                    .collect(),
                ..line(
                    Rule::Pair,
                    total(pieces),
                    format!("You were at work {}.", self.spans(pieces)),
                )
            });
        }
        let has = |flag: Flag| paired.flags.contains(&flag);
        if has(Flag::OddPunches) {
            let text = "An odd number of punches: the first and the last count, to be looked at.";
            lines.push(line(Rule::Pair, 0, text.to_owned()));
        }
        if has(Flag::ThroughWork) {
            let boundary = self.group.came_through.or(self.group.went_through);
            let boundary = boundary.map_or_else(String::new, |at| self.clock(at));
            let text =
                format!("You worked on from one shift into the next, divided at {boundary}.");
            lines.push(line(Rule::Assign, 0, text));
        }
        if has(Flag::Open) {
            let text = "The punch out is still awaited.".to_owned();
            lines.push(line(Rule::Pair, 0, text));
        }
    }

    fn night(&self, shift: &Shift<'_>, lines: &mut Vec<Explanation>) {
        let last = shift.end - chrono::TimeDelta::seconds(1);
        if self.group.punches.is_empty() || self.zone.day_of(last) == shift.given.work_date {
            return;
        }
        let text = format!(
            "The shift passes midnight and counts on {}.",
            shift.date.format("%-d %b %Y"),
        );
        lines.push(line(Rule::WorkDate, 0, text));
    }

    fn missing(&self, lines: &mut Vec<Explanation>) {
        let paired = self.paired;
        let has = |flag: Flag| paired.flags.contains(&flag);
        if has(Flag::MissingIn) {
            let text = "The punch in is missing.".to_owned();
            lines.push(line(Rule::Pair, 0, text));
        }
        if let Some(estimated) = paired.estimated {
            let text = format!(
                "The punch out is missing: until it is corrected, {} is assumed.",
                clock_of(self.zone, estimated.to),
            );
            lines.push(line(Rule::MissingOut, estimated.minutes(), text));
        } else if has(Flag::MissingOut) {
            let text = "The punch out is missing: what has no end does not count yet.".to_owned();
            lines.push(line(Rule::MissingOut, 0, text));
        }
    }

    fn counting(&self, outcome: &Outcome<'_>, lines: &mut Vec<Explanation>) {
        let pieces = &self.paired.pieces;
        let changed = total(&outcome.work) - total(pieces);
        let start = outcome.part.map_or(i64::MIN, |part| part.from);
        let clipped = outcome.clipped;
        if clipped > 0 {
            let text = format!(
                "{} before the start at {} was not approved and does not count.",
                spell(clipped),
                clock_of(self.zone, start),
            );
            lines.push(line(Rule::Count, -clipped, text));
        }
        let rounded = changed + clipped;
        if rounded != 0 {
            let unit = self.input.policy.rounding.map_or(1, |r| r.unit_minutes);
            let text = format!("Counted time is rounded to {unit} min.");
            lines.push(line(Rule::Count, rounded, text));
        }
    }

    fn breaks(&self, outcome: &Outcome<'_>, lines: &mut Vec<Explanation>) {
        let recorded = total(&outcome.breaks);
        if recorded > 0 {
            let text = format!(
                "You took {} of break: {}.",
                spell(recorded),
                self.spans(&outcome.breaks),
            );
            lines.push(line(Rule::Breaks, 0, text));
        }
        let Some(tier) = self.breaks.tier else {
            return;
        };
        let (minutes, over) = (spell(self.breaks.deducted), spell(tier.after_minutes));
        let why = if recorded > 0 {
            format!(
                " and took {} of the {} that are due",
                spell(recorded),
                spell(tier.minutes),
            )
        } else if self.breaks.deducted < tier.minutes {
            // The tier stops at its own threshold.
            format!(", down to {over}")
        } else {
            String::new()
        };
        let text = format!("{minutes} break deducted because you worked over {over}{why}.");
        lines.push(line(Rule::Breaks, -self.breaks.deducted, text));
    }
}

fn expected(told: &Told<'_>, shift: &Shift<'_>) -> Explanation {
    let text = match shift.off {
        Some(Off::Holiday) => "Nothing is expected on a public holiday.".to_owned(),
        Some(Off::Leave) => "Nothing is expected during leave.".to_owned(),
        None => {
            let break_due = shift.duty - shift.expected;
            let less = if break_due > 0 {
                format!(", less {} of break", spell(break_due))
            } else {
                String::new()
            };
            let part = shift.part.text(told.zone);
            format!(
                "Expected: {} for a shift of {} ({part}){less}.",
                spell(shift.expected),
                spell(shift.duty),
            )
        }
    };
    line(Rule::Expected, shift.expected, text)
}

fn late(told: &Told<'_>, shift: &Shift<'_>, outcome: &Outcome<'_>, lines: &mut Vec<Explanation>) {
    let zone = told.zone;
    if outcome.late > 0 {
        let start = clock_of(zone, shift.part.from);
        let text = format!("You came {} after {start}.", spell(outcome.late));
        lines.push(line(Rule::Late, outcome.late, text));
    }
    if outcome.early > 0 {
        let end = clock_of(zone, shift.part.to);
        let text = format!("You left {} before {end}.", spell(outcome.early));
        lines.push(line(Rule::Late, outcome.early, text));
    }
}

/// The status, where the numbers do not say it already.
fn standing(told: &Told<'_>, shift: &Shift<'_>, outcome: &Outcome<'_>) -> Option<Explanation> {
    let policy = &told.input.policy;
    let share = |word: &str, percent: i64| {
        format!(
            "{word}: {} of {} is less than {percent} %.",
            spell(outcome.counted),
            spell(outcome.expected),
        )
    };
    let text = match outcome.status.status {
        Status::Pending if !outcome.was_punched => "The shift is not over yet.".to_owned(),
        Status::Absent => "Nothing was punched.".to_owned(),
        Status::AbsentProvisional => format!(
            "Nothing was punched that we know of, but {}, so it is not certain.",
            silence(told, shift)?,
        ),
        Status::Incomplete => format!("It may still come: {}.", silence(told, shift)?),
        Status::HalfDay => share("Half a day", policy.present_percent),
        Status::Short => share("Short", policy.half_day_percent),
        _ => return None,
    };
    Some(line(Rule::Status, 0, text))
}

/// Since when a reader is silent, if one has not reported since the end of the shift.
fn silence(told: &Told<'_>, shift: &Shift<'_>) -> Option<String> {
    let until = told.input.devices_reported_until?;
    if until >= shift.end {
        return None;
    }
    if !is_sane(until) {
        return Some("a reader has never reported".to_owned());
    }
    let since = shift.zone.local_of(until).format("%-d %b, %H:%M");
    Some(format!("a reader has not reported since {since}"))
}
