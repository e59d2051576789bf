//! Where the punches that are read begin. What a punch is taken for can depend on all those before it,
//! since who comes and who goes is told apart by turns. So a derivation begins with a punch before
//! which nothing matters ([`begin`]): after a pause longer than anybody can be at work, at the start of
//! a shift, or with a trusted punch in after a rest. Then it is the same whatever else was read.

use chrono::{DateTime, TimeDelta, Utc};
use model::attendance::day::Direction;
use model::attendance::derive::{Input, PunchIn, PunchTime, ShiftInstance};
use model::zone::Zone;

/// So early before its start, and no earlier, a punch surely begins a shift.
const NEAR: TimeDelta = TimeDelta::minutes(60);
/// With this much between them, two shifts have nothing to do with each other.
const APART: TimeDelta = TimeDelta::hours(2);

/// A shift as far as it decides what a punch is.
struct Planned {
    /// No punch before this is of it.
    opens: DateTime<Utc>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// A punch as far as it matters here.
struct Moment {
    at: DateTime<Utc>,
    comes: bool,
    goes: bool,
}

/// From when on punches have to be looked at so that all from `limit` on are taken for what they are;
/// nothing if more of them have to be read than those since `since`.
pub(super) fn begin(
    input: &Input,
    since: DateTime<Utc>,
    limit: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let moments = moments(input);
    let shifts: Vec<Planned> = input
        .schedule
        .iter()
        .filter_map(|shift| planned(input, shift))
        .collect();
    let before = std::iter::once(since).chain(moments.iter().map(|m| m.at));
    let pairs = before
        .zip(&moments)
        .take_while(|(before, _)| *before < limit);
    let sure = pairs.filter(|(before, moment)| is_sure(input, &shifts, *before, moment));
    let begins = sure.last().map(|(_, moment)| moment.at);
    begins.or(moments.is_empty().then_some(since))
}

/// The same where there is no such punch: the longest pause will have been a rest.
pub(super) fn begin_after_longest_pause(
    input: &Input,
    since: DateTime<Utc>,
    limit: DateTime<Utc>,
) -> DateTime<Utc> {
    let moments = moments(input);
    let before = std::iter::once(since).chain(moments.iter().map(|m| m.at));
    let pauses = before
        .zip(&moments)
        .take_while(|(before, _)| *before < limit);
    let pauses = pauses.filter(|(_, moment)| !moment.goes);
    let longest = pauses
        .map(|(before, moment)| (moment.at - before, moment.at))
        .max();
    longest.map_or(since, |(_, begins)| begins)
}

/// A time that the clocks showed twice stands for both of its instants, so that no pause is taken for
/// longer than it can be.
fn moments(input: &Input) -> Vec<Moment> {
    let mut moments = Vec::with_capacity(input.punches.len());
    for punch in &input.punches {
        let first = instant(punch, &input.zone);
        let last = last_instant(punch, &input.zone);
        let moment = |at| Moment {
            at,
            comes: punch.trusted && matches!(punch.direction, Direction::In | Direction::BreakIn),
            goes: punch.trusted && matches!(punch.direction, Direction::Out | Direction::BreakOut),
        };
        moments.push(moment(first));
        if last != first {
            moments.push(moment(last));
        }
    }
    moments.sort_by_key(|moment| moment.at);
    moments
}

fn planned(input: &Input, shift: &ShiftInstance) -> Option<Planned> {
    let zone = shift.zone.as_ref().unwrap_or(&input.zone);
    let ends = match shift.end <= shift.start {
        true => shift.work_date.succ_opt()?,
        false => shift.work_date,
    };
    let start = zone.first_reading(shift.work_date.and_time(shift.start.time()))?;
    let end = zone.first_reading(ends.and_time(shift.end.time()))?;
    let capture = shift
        .capture_before_minutes
        .unwrap_or(input.policy.capture_before_minutes);
    let capture = TimeDelta::minutes(capture.clamp(0, 24 * 60)).max(NEAR);
    Some(Planned {
        opens: start - capture,
        start,
        end,
    })
}

/// Whether nothing before a punch can say what it is; `before` is when the one before it was, at the
/// latest.
fn is_sure(input: &Input, shifts: &[Planned], before: DateTime<Utc>, moment: &Moment) -> bool {
    let policy = &input.policy;
    let pause = moment.at - before;
    let rest = TimeDelta::hours(policy.min_time_off_hours.clamp(0, 24));
    let session = TimeDelta::hours(policy.max_session_hours.clamp(1, 48));
    if pause > session.max(rest) {
        return true;
    }
    if moment.goes {
        return false;
    }
    let begins_shift = shifts.iter().any(|shift| {
        let is_alone = !shifts
            .iter()
            .any(|other| other.start < shift.start && shift.start - APART < other.end);
        let is_near = shift.start - NEAR <= moment.at && moment.at <= shift.end;
        is_alone && is_near && before < shift.opens
    });
    let is_in_between = shifts
        .iter()
        .any(|shift| shift.opens <= moment.at && moment.at < shift.start - NEAR);
    begins_shift || (moment.comes && pause >= rest && !is_in_between)
}

/// When it was, of two possible instants the first.
pub(crate) fn instant(punch: &PunchIn, zone: &Zone) -> DateTime<Utc> {
    match punch.time {
        PunchTime::At(at) => at.to_utc(),
        PunchTime::Local(local) => {
            let zone = punch.zone.as_ref().unwrap_or(zone);
            zone.instant_of(local).unwrap_or_else(|| local.and_utc())
        }
    }
}

/// When it was, of two possible instants the last.
pub(super) fn last_instant(punch: &PunchIn, zone: &Zone) -> DateTime<Utc> {
    let first = instant(punch, zone);
    match punch.time {
        PunchTime::At(_) => first,
        PunchTime::Local(_) => {
            let zone = punch.zone.as_ref().unwrap_or(zone);
            zone.second_reading(first).unwrap_or(first)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        format!("2026-11-{text}:00Z").parse().expect("an instant")
    }

    /// Somebody who was punched at these times; `in` behind one is trusted.
    fn input(times: &[&str]) -> Input {
        let mut input = Input::new(Zone::utc());
        for text in times {
            let at = utc(&text[..8]).fixed_offset();
            let mut punch = PunchIn::new(PunchTime::At(at));
            if text.ends_with("in") {
                punch.trusted = true;
                punch.direction = Direction::In;
            }
            input.punches.push(punch);
        }
        input
    }

    fn begins(input: &Input, limit: &str) -> Option<String> {
        let begins = begin(input, utc("02T00:00"), utc(limit));
        begins.map(|at| at.format("%dT%H:%M").to_string())
    }

    #[test]
    fn after_a_pause_longer_than_anybody_works_nothing_before_matters() {
        let days = input(&["02T09:00", "02T18:00", "03T09:00", "03T18:00", "04T12:00"]);
        assert_eq!(begins(&days, "04T00:00").as_deref(), Some("04T12:00"));
        // Fifteen hours could be a session.
        assert_eq!(begins(&days, "03T12:00"), None);
        assert_eq!(begins(&input(&[]), "03T12:00").as_deref(), Some("02T00:00"));
        let late = input(&["03T20:00", "04T06:00", "04T20:00"]);
        assert_eq!(begins(&late, "04T00:00").as_deref(), Some("03T20:00"));
    }

    #[test]
    fn a_shift_or_a_trusted_punch_begins_afresh() {
        let mut days = input(&["02T09:00", "02T18:00", "03T08:50", "03T18:00"]);
        assert_eq!(begins(&days, "03T00:00"), None);
        let day = "2026-11-03".parse().expect("a date");
        let time = |text: &str| text.parse().expect("a time");
        days.schedule
            .push(ShiftInstance::new(day, time("09:00"), time("17:00")));
        assert_eq!(begins(&days, "03T00:00").as_deref(), Some("03T08:50"));
        // Whoever was at work in a shift that ends as this one begins may be leaving: then that
        // shift's own beginning is what is sure.
        let before = "2026-11-02".parse().expect("a date");
        days.schedule
            .push(ShiftInstance::new(before, time("17:00"), time("09:00")));
        assert_eq!(begins(&days, "03T00:00").as_deref(), Some("02T18:00"));
        let days = input(&["02T09:00", "02T18:00", "03T08:50 in", "03T18:00"]);
        assert_eq!(begins(&days, "03T00:00").as_deref(), Some("03T08:50"));
    }

    #[test]
    fn where_nothing_is_sure_the_longest_pause_was_a_rest() {
        let nights = ["02T06:00", "02T20:00", "03T06:00", "03T20:00", "04T06:00"];
        let nights = input(&nights);
        assert_eq!(begins(&nights, "04T00:00"), None);
        let at = begin_after_longest_pause(&nights, utc("02T00:00"), utc("04T00:00"));
        assert_eq!(at, utc("03T20:00"));
    }

    #[test]
    fn a_time_that_was_shown_twice_may_be_either() {
        let berlin = Zone::named("Europe/Berlin").expect("a zone");
        let mut input = Input::new(berlin.clone());
        for local in ["2026-10-25T02:40:00", "2026-10-25T02:20:00"] {
            let local = local.parse().expect("a local time");
            input.punches.push(PunchIn::new(PunchTime::Local(local)));
        }
        let at = |text: &str| -> DateTime<Utc> { text.parse().expect("an instant") };
        let begins = begin(
            &input,
            at("2026-10-20T00:00:00Z"),
            at("2026-10-26T00:00:00Z"),
        );
        let begins = begins.expect("a long pause was before");
        for punch in &input.punches {
            assert!(
                begins <= last_instant(punch, &berlin),
                "{punch:?} is left out"
            );
        }
    }
}
