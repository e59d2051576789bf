//! From rows to the input of the rules.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use model::attendance::accrual::Part;
use model::attendance::derive::{
    Annotation, Change, Half, Holiday, Input, Leave, PunchIn, PunchTime, ShiftInstance, apply,
};
use model::attendance::holidays;
use model::attendance::shift::Pairing;
use model::zone::Zone;
use model::{PersonId, PunchId};

use super::approved::Approved;
use super::plan::Window;
use super::{Common, Loaded, Read, Rows, rest};
use crate::people::zone_named;
use crate::store::calendars::{LeaveRow, RosterInstance};
use crate::store::punches::{AnnotationRow, PunchRow, SourceRow};

/// What became of a window.
pub(super) enum Converted {
    /// Everything is known.
    Loaded(Box<Loaded>),
    /// Punches from longer ago are needed.
    TooShort(Box<Window>),
    /// Something of it cannot be read.
    Broken(String),
}

/// Puts everything together that is known of a window. In the `last` try it does with what there is.
pub(super) fn loaded(window: Window, rows: Rows, common: &Common, last: bool) -> Converted {
    let mut loaded = match all_of(&window, rows, common) {
        Ok(loaded) => loaded,
        Err(error) => return Converted::Broken(error),
    };
    let input = &mut loaded.input;
    let Some(limit) = window.zone.start_of(window.sure.0) else {
        return Converted::Broken(format!("{} is no day of the calendar", window.sure.0));
    };
    let since = window.instants.0;
    let begins = match rest::begin(input, since, limit) {
        Some(begins) => begins,
        None if last => rest::begin_after_longest_pause(input, since, limit),
        None => return Converted::TooShort(Box::new(window)),
    };
    let zone = &loaded.zone;
    input
        .punches
        .retain(|punch| begins <= rest::last_instant(punch, zone));
    Converted::Loaded(Box::new(loaded))
}

/// The same with all punches that were read.
fn all_of(window: &Window, rows: Rows, common: &Common) -> Read<Loaded> {
    let mut input = Input::new(window.zone.clone());
    input.now = Some(common.now);
    input.devices_reported_until = window
        .site
        .and_then(|site| common.reported_until.get(&site).copied());

    let holidays = holidays_of(window, common)?;
    input.holidays = holidays.iter().map(|(date, h)| holiday(*date, h)).collect();
    let leave: BTreeMap<NaiveDate, LeaveRow> =
        rows.leave.into_iter().map(|row| (row.day, row)).collect();
    let mut roster: BTreeMap<NaiveDate, Vec<RosterInstance>> = BTreeMap::new();
    let mut approved: BTreeMap<NaiveDate, Approved> = BTreeMap::new();
    for row in rows.roster {
        if let (Some(early), Some(minutes)) = (row.early_approved, row.approved_minutes) {
            let decided = Approved {
                early,
                minutes: i64::from(minutes),
                by: row.decided_by.unwrap_or_default(),
            };
            approved.insert(row.work_date, decided);
        }
        let Some(shifts) = row.shifts else {
            continue;
        };
        let shifts = serde_json::from_value(shifts);
        let shifts = shifts.map_err(|error| format!("roster of {}: {error}", row.work_date))?;
        roster.insert(row.work_date, shifts);
    }
    for (date, shifts) in &roster {
        for planned in shifts {
            let leave = leave.get(date).and_then(leave_of);
            let mut instance = instance(*date, planned, leave)?;
            instance.approved_early = approved.get(date).is_some_and(|decided| decided.early);
            input.schedule.push(instance);
        }
    }
    let has_shift = |date: &NaiveDate| roster.get(date).is_some_and(|shifts| !shifts.is_empty());
    let free = roster.iter().filter(|(_, shifts)| shifts.is_empty());
    let mut days_off: Vec<NaiveDate> = free.map(|(date, _)| *date).collect();
    let full = holidays.iter().filter(|(_, h)| h.part == Part::Full);
    days_off.extend(full.map(|(date, _)| *date).filter(|date| !has_shift(date)));
    days_off.extend(leave.keys().copied().filter(|date| !has_shift(date)));
    days_off.sort_unstable();
    days_off.dedup();
    input.days_off = days_off;

    let mut annotations = Vec::new();
    for punch in &rows.punches {
        annotations.extend(
            common
                .annotations
                .get(&punch.id)
                .into_iter()
                .flatten()
                .cloned(),
        );
    }
    input.punches = punches_of(
        window.person.id,
        &rows.punches,
        &annotations,
        &common.devices,
    );
    input.policy = window.policy.clone();
    Ok(Loaded {
        person: window.person.clone(),
        zone: window.zone.clone(),
        from: window.from,
        to: window.to,
        sure: window.sure,
        known: window.known,
        policy: (window.policy_id, window.policy_version),
        input,
        punches: rows.punches,
        annotations,
        devices: common.devices.clone(),
        roster,
        approved,
        leave,
        holidays,
    })
}

fn holidays_of(window: &Window, common: &Common) -> Read<BTreeMap<NaiveDate, holidays::Holiday>> {
    let calendar = window
        .region
        .as_ref()
        .and_then(|region| common.calendars.get(region));
    let calendar = match calendar {
        Some(Ok(calendar)) => calendar,
        Some(Err(error)) => return Err(error.clone()),
        None => return Ok(BTreeMap::new()),
    };
    let (from, to) = window.known;
    let days = calendar.0.range(from..=to);
    Ok(days
        .map(|(date, holiday)| (*date, holiday.clone()))
        .collect())
}

fn holiday(date: NaiveDate, holiday: &holidays::Holiday) -> Holiday {
    let half = match holiday.part {
        Part::Full => None,
        Part::Am => Some(Half::Am),
        Part::Pm => Some(Half::Pm),
    };
    Holiday { date, half }
}

fn leave_of(row: &LeaveRow) -> Option<Leave> {
    match (row.am, row.pm) {
        (true, true) => Some(Leave::Full),
        (true, false) => Some(Leave::Half(Half::Am)),
        (false, true) => Some(Leave::Half(Half::Pm)),
        (false, false) => None,
    }
}

/// A shift of the roster on a date.
fn instance(
    date: NaiveDate,
    planned: &RosterInstance,
    leave: Option<Leave>,
) -> Read<ShiftInstance> {
    let shift = &planned.shift;
    let zone = shift.zone.as_deref().map(Zone::named).transpose();
    let zone = zone.map_err(|error| format!("roster of {date}: {error}"))?;
    Ok(ShiftInstance {
        work_date: date,
        start: shift.start,
        end: shift.end,
        zone,
        break_tiers: shift.break_tiers.clone(),
        min_break_piece_minutes: shift.min_break_piece_minutes,
        max_break_minutes: shift.max_break_minutes,
        halves: shift.halves,
        leave,
        approved_early: false,
        grace_late_minutes: shift.grace_late_minutes,
        grace_early_minutes: shift.grace_early_minutes,
        capture_before_minutes: shift.capture_before_minutes,
        capture_after_minutes: shift.capture_after_minutes,
        // A shift that leaves it open has it as the policy says.
        pairing: (shift.pairing != Pairing::Auto).then_some(shift.pairing),
    })
}

impl Loaded {
    /// The punches as the rules want them, as if some that were left out had been put back.
    pub(crate) fn punches_with(&self, back: &[PunchId], now: DateTime<Utc>) -> Vec<PunchIn> {
        let mut annotations = self.annotations.clone();
        annotations.extend(back.iter().map(|punch| AnnotationRow {
            punch_id: *punch,
            kind: "restore".to_owned(),
            at: None,
            direction: None,
            employee_id: None,
            reason: String::new(),
            actor_label: String::new(),
            decided_at: now,
        }));
        punches_of(self.person.id, &self.punches, &annotations, &self.devices)
    }
}

fn punches_of(
    person: PersonId,
    rows: &[PunchRow],
    annotations: &[AnnotationRow],
    devices: &[SourceRow],
) -> Vec<PunchIn> {
    let mut order: Vec<_> = rows.iter().map(|row| row.id).collect();
    order.sort_unstable();
    let punches = rows.iter().map(|row| {
        let mut punch = punch(row, devices);
        let place = order.binary_search(&row.id).ok();
        punch.sequence = place.and_then(|place| i64::try_from(place).ok());
        punch
    });
    let annotations: Vec<Annotation> = annotations.iter().filter_map(annotation).collect();
    apply(person, punches.collect(), &annotations)
}

fn punch(row: &PunchRow, devices: &[SourceRow]) -> PunchIn {
    let time = match (row.raw_local, row.raw_offset_seconds) {
        // The clock said nothing of its offset, so that a time that was shown twice is still open.
        (Some(local), None) => PunchTime::Local(local),
        (_, offset) => {
            let offset = offset.and_then(FixedOffset::east_opt);
            PunchTime::At(match offset {
                Some(offset) => row.occurred_at.with_timezone(&offset),
                None => row.occurred_at.fixed_offset(),
            })
        }
    };
    PunchIn {
        id: Some(row.id.to_string()),
        zone: Some(zone_named(&row.zone)),
        direction: row.direction,
        trusted: row.trusted,
        source: Some(row.source.clone()),
        received_at: Some(row.received_at),
        device_since: device(row, devices).and_then(in_use_since),
        skew_seconds: skew(row, devices),
        set_by_hand: row.source_kind == "manual",
        ..PunchIn::new(time)
    }
}

/// By how much the clock is behind, where that is known. Times of our own pages and kiosks are the
/// server's. What programs tell may be hours late and says nothing, unless it comes too early.
fn skew(row: &PunchRow, devices: &[SourceRow]) -> Option<i64> {
    match row.source_kind.as_str() {
        "device" => skew_then(device(row, devices)?, row.received_at),
        "api" => (row.occurred_at <= row.received_at).then_some(0),
        _ => Some(0),
    }
}

/// By how much the clock of a device was behind when it delivered something.
pub(crate) fn skew_then(device: &SourceRow, received_at: DateTime<Utc>) -> Option<i64> {
    let since = device.epoch_from.unwrap_or(DateTime::<Utc>::MIN_UTC);
    if received_at >= since {
        return Some(i64::from(device.skew_seconds));
    }
    let epoch = device
        .ended_at
        .partition_point(|until| *until <= received_at);
    device.ended_skews.get(epoch).copied().map(i64::from)
}

/// The device that a punch came from.
pub(crate) fn device<'a>(row: &PunchRow, devices: &'a [SourceRow]) -> Option<&'a SourceRow> {
    let mut known = devices.iter();
    known.find(|device| device.id == row.source || device.serial == row.source)
}

/// Since when punches of a device count.
pub(crate) fn in_use_since(device: &SourceRow) -> Option<DateTime<Utc>> {
    zone_named(&device.zone).start_of(device.in_use_from?)
}

fn annotation(row: &AnnotationRow) -> Option<Annotation> {
    let change = match row.kind.as_str() {
        "void" => Change::Void,
        "restore" => Change::Restore,
        "set_time" => Change::SetTime {
            at: row.at?.fixed_offset(),
        },
        "set_direction" => Change::SetDirection {
            direction: row.direction?,
        },
        _ => Change::Reassign {
            person: row.employee_id?,
        },
    };
    Some(Annotation {
        punch: row.punch_id.to_string(),
        decided_at: row.decided_at,
        change,
    })
}
