//! A shift as its plain form sends it, and who may plan.

use std::str::FromStr;

use leptos::prelude::*;
use model::attendance::shift::{BreakTier, Pairing, ShiftTemplate, TimeOfDay, Tone};
use model::{FieldError, Problem, ShiftTemplateId};
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the form of a shift sends. Fields that come together have one entry a row each; a row that is
/// empty counts for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateFields {
    /// The shift; empty for a new one.
    pub id: String,
    /// The version that was seen.
    pub version: i32,
    /// What people call it.
    pub name: String,
    /// A few letters.
    pub code: String,
    /// Its colour.
    pub tone: String,
    /// When it begins, as `22:00`.
    pub start: String,
    /// When it ends.
    pub end: String,
    /// After how many minutes of work each break is due.
    pub after: Vec<String>,
    /// How long each break is, in minutes.
    pub breaks: Vec<String>,
    /// When the first half ends; empty for equal halves.
    pub first_ends: String,
    /// When the second half begins.
    pub second_begins: String,
    /// How many minutes one may come late; empty as the terms say.
    pub grace_late: String,
    /// How many minutes one may leave early.
    pub grace_early: String,
    /// How many minutes before the start a punch belongs to it.
    pub capture_before: String,
    /// How many minutes after the end one still does.
    pub capture_after: String,
    /// From how many minutes on a hole between punches is a break.
    pub min_break: String,
    /// Up to how many minutes it is one.
    pub max_break: String,
    /// How punches become work.
    pub pairing: String,
    /// The zone whose clocks it follows; empty for that of the person's site.
    pub zone: String,
}

impl TemplateFields {
    /// What is to be kept.
    ///
    /// # Errors
    /// 422 with each field that cannot be read.
    pub fn read(&self) -> Result<ShiftTemplate, Problem> {
        let mut wrong = Wrong::default();
        let start = wrong.time("start", &self.start);
        let end = wrong.time("end", &self.end);
        let halves = self.halves(&mut wrong, start, end);
        let break_tiers = self.tiers(&mut wrong);
        let tone = wrong.word("tone", &self.tone, Tone::Slate);
        let pairing = wrong.word("pairing", &self.pairing, Pairing::Auto);
        let template = ShiftTemplate {
            name: self.name.trim().to_owned(),
            code: self.code.trim().to_owned(),
            tone,
            start,
            end,
            halves,
            break_tiers,
            min_break_piece_minutes: wrong
                .minutes("minBreakPieceMinutes", &self.min_break)
                .unwrap_or(0),
            max_break_minutes: wrong
                .minutes("maxBreakMinutes", &self.max_break)
                .unwrap_or(MAX_BREAK),
            grace_late_minutes: wrong.minutes("graceLateMinutes", &self.grace_late),
            grace_early_minutes: wrong.minutes("graceEarlyMinutes", &self.grace_early),
            capture_before_minutes: wrong.minutes("captureBeforeMinutes", &self.capture_before),
            capture_after_minutes: wrong.minutes("captureAfterMinutes", &self.capture_after),
            pairing,
            zone: Some(self.zone.trim().to_owned()).filter(|zone| !zone.is_empty()),
        };
        wrong.unless(template)
    }

    fn halves(
        &self,
        wrong: &mut Wrong,
        start: TimeOfDay,
        end: TimeOfDay,
    ) -> Option<[[TimeOfDay; 2]; 2]> {
        let texts = [self.first_ends.trim(), self.second_begins.trim()];
        if texts.iter().all(|text| text.is_empty()) {
            return None;
        }
        let times = texts.map(|text| text.parse::<TimeOfDay>().ok());
        if let [Some(first_ends), Some(second_begins)] = times {
            return Some([[start, first_ends], [second_begins, end]]);
        }
        wrong.add(
            "halves",
            "Give both: when the first half ends and when the second begins.",
        );
        None
    }

    fn tiers(&self, wrong: &mut Wrong) -> Vec<BreakTier> {
        let rows = self.after.len().max(self.breaks.len());
        let mut tiers = Vec::new();
        for row in 0..rows {
            let text =
                |column: &[String]| column.get(row).map_or("", |text| text.trim()).to_owned();
            let (after, minutes) = (text(&self.after), text(&self.breaks));
            if after.is_empty() && minutes.is_empty() {
                continue;
            }
            match (after.parse(), minutes.parse()) {
                (Ok(after_minutes), Ok(minutes)) => tiers.push(BreakTier {
                    after_minutes,
                    minutes,
                }),
                _ => wrong.add("breakTiers", "Give both numbers of a break, in minutes."),
            }
        }
        tiers
    }
}

/// Up to how many minutes a hole is a break, where nobody says.
const MAX_BREAK: i64 = 120;

/// Reads fields, and gathers what is wrong with them.
#[derive(Default)]
pub(super) struct Wrong(Vec<FieldError>);

impl Wrong {
    /// Something is wrong with a field.
    pub(super) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError {
            field: field.to_owned(),
            message: message.into(),
        });
    }

    /// A time of day.
    pub(super) fn time(&mut self, field: &str, text: &str) -> TimeOfDay {
        text.trim().parse().unwrap_or_else(|_| {
            self.add(field, "Write the time as 09:00.");
            TimeOfDay::from(chrono::NaiveTime::MIN)
        })
    }

    /// A whole number; none where nothing is written.
    pub(super) fn minutes(&mut self, field: &str, text: &str) -> Option<i64> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() {
            self.add(field, "Write a whole number.");
        }
        number
    }

    /// A word of a vocabulary; `otherwise` where none is chosen.
    pub(super) fn word<T: FromStr>(&mut self, field: &str, text: &str, otherwise: T) -> T {
        let text = text.trim();
        if text.is_empty() {
            return otherwise;
        }
        text.parse().unwrap_or_else(|_| {
            self.add(field, "Choose one of the list.");
            otherwise
        })
    }

    /// A word of a vocabulary; none where none is chosen.
    pub(super) fn choice<T: FromStr>(&mut self, field: &str, text: &str) -> Option<T> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let chosen = text.parse().ok();
        if chosen.is_none() {
            self.add(field, "Choose one of the list.");
        }
        chosen
    }

    /// Days of eight hours, such as `2.5`, in minutes; none where nothing is written.
    pub(super) fn days(&mut self, field: &str, text: &str) -> Option<i64> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let minutes = scaled(text, model::attendance::accrual::DAY_MINUTES);
        if minutes.is_none() {
            self.add(field, "Write days, such as 2 or 2.5.");
        }
        minutes
    }

    /// What was read, unless something was wrong.
    ///
    /// # Errors
    /// 422 with all that was wrong.
    pub(super) fn unless<T>(self, read: T) -> Result<T, Problem> {
        if self.0.is_empty() {
            Ok(read)
        } else {
            Err(Problem::invalid(self.0))
        }
    }
}

/// A decimal number of at most four places times a whole one, rounded: `2.5` times 480 is 1200.
pub(super) fn scaled(text: &str, unit: i64) -> Option<i64> {
    let text = text.trim().replace(',', ".").replace('−', "-");
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = !(whole.is_empty() && places.is_empty()) && digits(whole) && digits(places);
    if !is_number || whole.len() > 6 || places.len() > 4 {
        return None;
    }
    let all: i64 = format!("{whole}{places:0<4}").parse().ok()?;
    Some(sign * ((all * unit + 5_000) / 10_000))
}

/// Makes or changes a shift that can be assigned. Days that are written already keep theirs.
///
/// # Errors
/// 422 with the fields that are wrong; 409 for a name that is taken, or a change meanwhile.
#[server(prefix = "/fn")]
pub async fn keep_template(
    /// What was typed.
    form: TemplateFields,
) -> Result<ShiftTemplateId, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::AttendanceManage)?;
    let template = form.read()?;
    let id = match form.id.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::not_found("shift"))?),
    };
    let id = super::service()?
        .save_template(&actor, id, form.version, &template)
        .await?;
    crate::api::scheduling::forms::lead_on(crate::paths::ROSTER);
    Ok(id)
}

/// Whether the reader plans for everybody: copies weeks, and makes shifts. Managers assign only.
///
/// # Errors
/// 403 without `attendance:approve` or `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn plans_for_all() -> Result<bool, ApiError> {
    let actor = crate::ssr::actor()?;
    if actor.may(model::Permission::AttendanceManage) {
        return Ok(true);
    }
    actor.require(model::Permission::AttendanceApprove)?;
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night() -> TemplateFields {
        TemplateFields {
            name: "Night".into(),
            code: "N".into(),
            tone: "violet".into(),
            start: "22:00".into(),
            end: "06:00".into(),
            after: vec!["360".into(), String::new()],
            breaks: vec!["30".into(), String::new()],
            ..TemplateFields::default()
        }
    }

    #[test]
    fn a_shift_is_read() {
        let template = night().read().expect("a shift");
        assert_eq!(template.tone, Tone::Violet);
        assert_eq!(template.work_minutes(), 450);
        assert_eq!(template.break_tiers.len(), 1);
        assert_eq!((template.halves, template.grace_late_minutes), (None, None));
        assert_eq!(template.max_break_minutes, 120);
        assert!(template.errors().is_empty());
    }

    #[test]
    fn days_are_read_as_minutes() {
        assert_eq!(scaled("2.5", 480), Some(1_200));
        assert_eq!(scaled("−0,5", 480), Some(-240));
        assert_eq!(scaled("0.2083", 480), Some(100));
        assert_eq!(scaled("30", 480), Some(14_400));
        for text in ["", ".", "two", "1.2.3", "1e3", "--1", "1.00001"] {
            assert_eq!(scaled(text, 480), None, "{text}");
        }
    }

    #[test]
    fn halves_take_their_ends_from_the_shift() {
        let fields = TemplateFields {
            first_ends: "02:00".into(),
            second_begins: "02:30".into(),
            ..night()
        };
        let halves = fields.read().expect("a shift").halves.expect("halves");
        assert_eq!(halves.map(|[from, _]| from.to_string()), ["22:00", "02:30"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_field_by_field() {
        let fields = TemplateFields {
            end: "late".into(),
            first_ends: "02:00".into(),
            breaks: vec!["half an hour".into()],
            grace_late: "five".into(),
            tone: "gold".into(),
            ..night()
        };
        let problem = fields.read().expect_err("five things are wrong");
        let names: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(
            names,
            ["end", "halves", "breakTiers", "tone", "graceLateMinutes"]
        );
    }
}
