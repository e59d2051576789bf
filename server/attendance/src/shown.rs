//! How shifts, punches and changes of days are shown.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use model::PersonId;
use model::attendance::day::{Day, Derived, Direction, Disposition, Flag, PunchOut};
use model::attendance::shift::ShiftTemplate;
use model::attendance::views::{DayChange, PunchLine, ShiftTime};
use model::zone::Zone;

use crate::clock::OFFLINE;
use crate::devices::work_off::FLAG_AWAY;
use crate::load::Loaded;
use crate::people::zone_named;
use crate::store::calendars::RosterInstance;
use crate::store::days::VersionRow;
use crate::store::punches::{AnnotationRow, PunchRow, SourceRow};

/// The shifts of a date, as the roster has them.
pub(crate) fn shifts(loaded: &Loaded, date: NaiveDate) -> Vec<ShiftTime> {
    let planned = loaded.roster.get(&date).into_iter().flatten();
    planned
        .filter_map(|planned| shift(&loaded.zone, date, planned))
        .collect()
}

fn shift(zone: &Zone, date: NaiveDate, planned: &RosterInstance) -> Option<ShiftTime> {
    let shift = &planned.shift;
    let clocks = shift.zone.as_deref().map(zone_named);
    let clocks = clocks.as_ref().unwrap_or(zone);
    let ends = match shift.end <= shift.start {
        true => date.succ_opt()?,
        false => date,
    };
    Some(ShiftTime {
        name: match planned.template {
            Some(_) => shift.name.clone(),
            None => String::new(),
        },
        from: zone.stamp(clocks.first_reading(date.and_time(shift.start.time()))?),
        to: zone.stamp(clocks.first_reading(ends.and_time(shift.end.time()))?),
    })
}

/// A shift in a cell of the month: `09:00–18:00`.
pub(crate) fn shift_text(shift: &ShiftTemplate) -> String {
    format!("{}–{}", shift.start, shift.end)
}

/// The punches of a date, by time: those that count on it, and those of its hours that do not count.
pub(crate) fn punches(
    loaded: &Loaded,
    derived: &Derived,
    date: NaiveDate,
    names: &HashMap<PersonId, String>,
) -> Vec<PunchLine> {
    let outs: BTreeMap<&str, &PunchOut> = derived
        .punches
        .iter()
        .map(|out| (out.id.as_str(), out))
        .collect();
    let mut lines: Vec<PunchLine> = Vec::new();
    for row in &loaded.punches {
        let id = row.id.to_string();
        let decided: Vec<&AnnotationRow> = loaded
            .annotations
            .iter()
            .filter(|a| a.punch_id == row.id)
            .collect();
        match outs.get(id.as_str()) {
            Some(out) => {
                let at = out.effective_at.to_utc();
                let counts_on = out.work_date.unwrap_or_else(|| loaded.zone.day_of(at));
                if counts_on == date {
                    lines.push(line(loaded, row, at, Some(out), &decided, names));
                }
            }
            None => {
                // Taken out by a decision, or too far back to matter.
                let at = moved(&decided).unwrap_or(row.occurred_at);
                if loaded.zone.day_of(at) == date && !decided.is_empty() {
                    lines.push(line(loaded, row, at, None, &decided, names));
                }
            }
        }
    }
    lines.sort_by_key(|line| (line.at.at, line.id));
    lines
}

/// The time that was set last.
fn moved(decided: &[&AnnotationRow]) -> Option<DateTime<Utc>> {
    decided.iter().rev().find_map(|row| row.at)
}

fn line(
    loaded: &Loaded,
    row: &PunchRow,
    at: DateTime<Utc>,
    out: Option<&&PunchOut>,
    decided: &[&AnnotationRow],
    names: &HashMap<PersonId, String>,
) -> PunchLine {
    let there = zone_named(&row.zone);
    let is_elsewhere = there.offset_seconds(at) != loaded.zone.offset_seconds(at);
    let direction = decided.iter().rev().find_map(|row| row.direction);
    PunchLine {
        id: row.id,
        at: loaded.zone.stamp(at),
        elsewhere: is_elsewhere
            .then(|| format!("{} in {}", there.stamp(at).clock(), there.place())),
        direction: direction.unwrap_or(row.direction),
        source: source(row, &loaded.devices),
        disposition: out.map_or(Disposition::Unmatched, |out| out.disposition),
        flags: out.map(|out| out.flags.clone()).unwrap_or_default(),
        notes: notes(row),
        decisions: decided
            .iter()
            .map(|row| decision(row, &loaded.zone, names))
            .collect(),
        void: out.is_none(),
    }
}

/// Where a punch comes from, in words.
fn source(row: &PunchRow, devices: &[SourceRow]) -> String {
    let device = crate::load::device(row, devices).map(|device| device.name.trim());
    let device = device.filter(|name| !name.is_empty());
    match row.source_kind.as_str() {
        "web" if has(row, OFFLINE) => "Web, sent later".to_owned(),
        "web" => "Web".to_owned(),
        "mobile" => "Phone".to_owned(),
        "kiosk" => device.unwrap_or("Kiosk").to_owned(),
        "device" => device.unwrap_or("Wall device").to_owned(),
        "import" => "Imported".to_owned(),
        "manual" => "Entered by hand".to_owned(),
        _ => match row.source.split_once('/') {
            Some((_, name)) => name.to_owned(),
            None => "Program".to_owned(),
        },
    }
}

fn has(row: &PunchRow, flag: &str) -> bool {
    row.flags.iter().any(|known| known == flag)
}

/// How a punch came, where that is to be known, in words.
fn notes(row: &PunchRow) -> Vec<String> {
    let mut notes = Vec::new();
    if has(row, OFFLINE) {
        let late = spell((row.received_at - row.occurred_at).num_minutes());
        notes.push(format!(
            "Pressed without a network and told {late} later: the time is that of the browser"
        ));
    }
    if has(row, FLAG_AWAY) {
        notes.push("Came while the reader spoke from another network than before".to_owned());
    }
    notes
}

/// Minutes as people say them: `45 min`, `7 h 45`.
pub(crate) fn spell(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02}"),
    }
}

/// What was decided about a punch, in words.
fn decision(row: &AnnotationRow, zone: &Zone, names: &HashMap<PersonId, String>) -> String {
    let what = match row.kind.as_str() {
        "void" => "Taken out".to_owned(),
        "restore" => "Put back".to_owned(),
        "set_time" => match row.at {
            Some(at) => format!("Set to {}", zone.stamp(at).date_time()),
            None => "Set to another time".to_owned(),
        },
        "set_direction" => format!("Set to {}", row.direction.map_or("unknown", direction)),
        _ => match row.employee_id.and_then(|id| names.get(&id)) {
            Some(name) => format!("Given to {name}"),
            None => "Given to somebody else".to_owned(),
        },
    };
    let when = zone.stamp(row.decided_at).date_time();
    format!("{what} by {}, {when}: {}", row.actor_label, row.reason)
}

const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::BreakOut => "break out",
        Direction::BreakIn => "break in",
        Direction::Unknown => "unknown",
    }
}

/// Whoever a punch was given to by a decision.
pub(crate) fn receivers(loaded: &Loaded) -> Vec<uuid::Uuid> {
    let given = loaded.annotations.iter().filter_map(|row| row.employee_id);
    given.map(|id| id.0).collect()
}

/// What a day was before and what changed, newest first: `current` is what it is now.
pub(crate) fn history(
    zone: &Zone,
    current: (&Day, i32, DateTime<Utc>),
    versions: &[VersionRow],
) -> Vec<DayChange> {
    let mut changes = Vec::new();
    let (mut after, mut version, mut at) = current;
    for before in versions {
        changes.push(DayChange {
            version,
            at: zone.stamp(at),
            text: change(&before.document.0, after),
        });
        (after, version, at) = (&before.document.0, before.version, before.derived_at);
    }
    changes
}

/// What changed from one version of a day to the next, in words.
pub(crate) fn change(before: &Day, after: &Day) -> String {
    let mut parts = Vec::new();
    let mut minutes = |name: &str, from: i64, to: i64| {
        if from != to {
            parts.push(format!("{name} {from} → {to}"));
        }
    };
    minutes("counted", before.counted_minutes, after.counted_minutes);
    minutes("expected", before.expected_minutes, after.expected_minutes);
    minutes("late", before.late_minutes, after.late_minutes);
    minutes("left early", before.early_minutes, after.early_minutes);
    if before.status != after.status {
        parts.push(format!("{} → {}", before.status, after.status));
    }
    if parts.is_empty() {
        let added: Vec<&str> = news(&after.flags, &before.flags);
        let gone: Vec<&str> = news(&before.flags, &after.flags);
        parts.extend(added.into_iter().map(|flag| format!("now {flag}")));
        parts.extend(gone.into_iter().map(|flag| format!("no longer {flag}")));
    }
    if parts.is_empty() {
        parts.push("punches or explanations".to_owned());
    }
    let mut text = parts.join(", ");
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    text
}

/// The flags that only the first list has.
fn news(some: &[Flag], others: &[Flag]) -> Vec<&'static str> {
    let only = some.iter().filter(|flag| !others.contains(flag));
    only.map(|flag| flag.as_str()).collect()
}
