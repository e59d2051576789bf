//! The changes of a correction: what is wrong with them, and what they make of a day's inputs and of
//! the database. Both come from the same reading of local times, so a preview and what is granted do
//! not differ.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use model::attendance::day::Direction;
use model::attendance::derive::{self, Annotation, Input, PunchIn, PunchTime};
use model::attendance::views::{Change, CorrectionForm};
use model::problem::FieldError;
use model::zone::Zone;
use model::{CorrectionId, Problem, PunchAnnotationId, PunchId};

use super::view::punch_of;
use crate::Error;
use crate::load::Loaded;
use crate::punch::{Arrived, Owner, SourceKind};
use crate::store::corrections::NewAnnotation;

/// How far from its day a punch may be set, in days.
const REACH_DAYS: i64 = 1;

/// Changes whose times are instants.
pub(super) struct Changes(Vec<Read>);

/// One change, and the instant that it names, if it names one.
struct Read {
    change: Change,
    at: Option<DateTime<Utc>>,
}

impl Changes {
    /// Reads changes as they are kept, in the zone of the employee.
    pub(super) fn read(changes: &[Change], zone: &Zone) -> Result<Self, Error> {
        let read = changes.iter().enumerate().map(|(index, change)| {
            let at = match local(change) {
                Some(local) => Some(zone.instant_of(local).ok_or_else(|| {
                    Error::field(&format!("changes[{index}].at"), "Give a time of this age.")
                })?),
                None => None,
            };
            let change = change.clone();
            Ok(Read { change, at })
        });
        read.collect::<Result<_, Error>>().map(Self)
    }

    /// Reads the changes of a form and holds them against the day.
    pub(super) fn check(
        form: &CorrectionForm,
        now: DateTime<Utc>,
        loaded: &Loaded,
    ) -> Result<Self, Error> {
        let (zone, input) = (&loaded.zone, &loaded.input);
        let read = Self::read(&form.changes, zone)?;
        let mut errors = Vec::new();
        let mut wrong = |index: usize, field: &str, message: &str| {
            errors.push(FieldError {
                field: format!("changes[{index}].{field}"),
                message: message.to_owned(),
            });
        };
        let mut told: BTreeMap<PunchId, Vec<&Change>> = BTreeMap::new();
        for (index, Read { change, at }) in read.0.iter().enumerate() {
            if let Some(local) = local(change) {
                let away = (local.date() - form.work_date).num_days().abs();
                if away > REACH_DAYS {
                    wrong(
                        index,
                        "at",
                        "Give a time of this day, or of the night around it.",
                    );
                } else if at.is_some_and(|at| at > now) {
                    wrong(index, "at", "Give a time that has passed.");
                } else if zone.skips(local) {
                    wrong(
                        index,
                        "at",
                        "The clocks went forward: this time did not exist.",
                    );
                }
            }
            let Some(punch) = punch_of(change) else {
                continue;
            };
            if matches!(change, Change::Restore { .. }) {
                if !is_left_out(loaded, punch, form.work_date) {
                    wrong(index, "punch", "This punch was not left out of this day.");
                }
            } else if !is_near(input, zone, punch, form.work_date) {
                wrong(index, "punch", "This punch does not count for this day.");
            }
            let others = told.entry(punch).or_default();
            if others.iter().any(|other| disagree(other, change)) {
                wrong(index, "punch", "Change a punch one way only.");
            }
            others.push(change);
        }
        if errors.is_empty() {
            Ok(read)
        } else {
            Err(Error::Invalid(Problem::invalid(errors)))
        }
    }

    /// The inputs of a day with the changes laid on them.
    pub(super) fn laid_on(&self, loaded: &Loaded, now: DateTime<Utc>) -> Input {
        let employee = loaded.person.id;
        let back = self.0.iter().filter_map(|read| match read.change {
            Change::Restore { punch } => Some(punch),
            _ => None,
        });
        let back: Vec<PunchId> = back.collect();
        let mut input = loaded.input.clone();
        if !back.is_empty() {
            input.punches = loaded.punches_with(&back, now);
        }
        let decided: Vec<Annotation> = self
            .0
            .iter()
            .filter_map(|read| {
                let punch = punch_of(&read.change)?;
                Some(Annotation {
                    punch: punch.to_string(),
                    decided_at: now,
                    change: read.decided()?,
                })
            })
            .collect();
        let zone = input.zone.clone();
        input.punches = derive::apply(employee, input.punches, &decided);
        for (index, read) in self.0.iter().enumerate() {
            if let (Change::Add { direction, .. }, Some(at)) = (&read.change, read.at) {
                input.punches.push(PunchIn {
                    id: Some(format!("new:{index}")),
                    zone: Some(zone.clone()),
                    direction: *direction,
                    trusted: *direction != Direction::Unknown,
                    received_at: Some(now),
                    skew_seconds: Some(0),
                    set_by_hand: true,
                    ..PunchIn::new(PunchTime::At(with_offset(&zone, at)))
                });
            }
        }
        input
    }

    /// What is kept beside punches.
    pub(super) fn annotations(
        &self,
        mut new_id: impl FnMut() -> PunchAnnotationId,
    ) -> Vec<NewAnnotation> {
        let kept = self.0.iter().filter_map(|read| {
            let (kind, at, direction) = match &read.change {
                Change::Add { .. } => return None,
                Change::SetTime { .. } => ("set_time", read.at, None),
                Change::SetDirection { direction, .. } => ("set_direction", None, Some(*direction)),
                Change::Void { .. } => ("void", None, None),
                Change::Restore { .. } => ("restore", None, None),
            };
            Some(NewAnnotation {
                id: new_id(),
                punch: punch_of(&read.change)?,
                kind,
                at,
                direction,
            })
        });
        kept.collect()
    }

    /// The punches that are added by hand.
    pub(super) fn added(
        &self,
        employee: &Owner,
        correction: CorrectionId,
        zone: &Zone,
    ) -> Vec<Arrived> {
        let added = self.0.iter().enumerate().filter_map(|(index, read)| {
            let Change::Add { at, direction } = &read.change else {
                return None;
            };
            let occurred_at = read.at?;
            Some(Arrived {
                source_kind: SourceKind::Manual,
                source: correction.to_string(),
                key: format!("{correction}:{index}"),
                employee: Some(employee.clone()),
                badge: None,
                occurred_at,
                raw_local: Some(*at),
                // Of a time that the clocks show twice, this says which is meant.
                raw_offset_seconds: Some(zone.offset_seconds(occurred_at)),
                zone: zone.name().to_owned(),
                direction: *direction,
                trusted: *direction != Direction::Unknown,
                verify: None,
                raw_text: None,
                address: None,
                flags: Vec::new(),
            })
        });
        added.collect()
    }
}

impl Read {
    /// The change as the rules know it; none for a punch that is added.
    fn decided(&self) -> Option<derive::Change> {
        match &self.change {
            Change::Add { .. } => None,
            Change::SetTime { .. } => self.at.map(|at| derive::Change::SetTime {
                at: at.fixed_offset(),
            }),
            Change::SetDirection { direction, .. } => Some(derive::Change::SetDirection {
                direction: *direction,
            }),
            Change::Void { .. } => Some(derive::Change::Void),
            Change::Restore { .. } => Some(derive::Change::Restore),
        }
    }
}

fn local(change: &Change) -> Option<NaiveDateTime> {
    match change {
        Change::Add { at, .. } | Change::SetTime { at, .. } => Some(*at),
        Change::SetDirection { .. } | Change::Void { .. } | Change::Restore { .. } => None,
    }
}

/// Whether a punch counts for a day or may: those of other days have corrections of their own.
fn is_near(input: &Input, zone: &Zone, punch: PunchId, date: NaiveDate) -> bool {
    let id = punch.to_string();
    let known = input.punches.iter().find(|p| p.id.as_ref() == Some(&id));
    known.is_some_and(|punch| {
        let at = match punch.time {
            PunchTime::At(at) => zone.day_of(at.to_utc()),
            PunchTime::Local(local) => local.date(),
        };
        (at - date).num_days().abs() <= REACH_DAYS
    })
}

/// Whether a punch of about this day was left out by a decision, and not put back since.
fn is_left_out(loaded: &Loaded, punch: PunchId, date: NaiveDate) -> bool {
    let mut rows = loaded.punches.iter();
    let Some(row) = rows.find(|row| row.id == punch) else {
        return false;
    };
    let decided = loaded.annotations.iter().rev();
    let mut decided = decided.filter(|row| row.punch_id == punch);
    let last = decided.find(|row| matches!(row.kind.as_str(), "void" | "restore"));
    let away = (loaded.zone.day_of(row.occurred_at) - date)
        .num_days()
        .abs();
    away <= REACH_DAYS && last.is_some_and(|row| row.kind == "void")
}

/// Whether two changes of one punch cannot both be meant.
fn disagree(one: &Change, other: &Change) -> bool {
    let whole = |change: &Change| matches!(change, Change::Void { .. } | Change::Restore { .. });
    whole(one) || whole(other) || std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn with_offset(zone: &Zone, at: DateTime<Utc>) -> DateTime<FixedOffset> {
    let offset = FixedOffset::east_opt(zone.offset_seconds(at));
    offset.map_or_else(|| at.fixed_offset(), |offset| at.with_timezone(&offset))
}
