//! Holidays and terms as their plain forms send them.

use leptos::prelude::*;
use model::Problem;
use model::attendance::policy::{Policy, RoundTo, Rounding};
use serde::{Deserialize, Serialize};

use super::roster_form::Wrong;
use crate::api::ApiError;

/// What the form of a region's holidays sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HolidayFields {
    /// Such as `DE-BE`.
    pub region: String,
    /// Such as `Berlin`.
    pub name: String,
    /// One date a line.
    pub text: String,
    /// The version that was seen; 0 for a new region.
    pub version: i32,
}

/// Writes the holidays of a region; days of those who live there are derived again.
///
/// # Errors
/// 422 naming the line that cannot be read; 409 for a change meanwhile.
#[server(prefix = "/fn")]
pub async fn keep_holidays(
    /// What was typed.
    form: HolidayFields,
) -> Result<String, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::AttendanceManage)?;
    let region = form.region.trim().to_uppercase();
    let view = model::attendance::views::HolidaysView {
        region: region.clone(),
        name: form.name,
        text: form.text,
        version: form.version,
    };
    super::service()?.save_holidays(&actor, &view).await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::holidays_of(&region));
    Ok(region)
}

/// What the form of terms sends. Of what is not in it, known terms keep what they say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyFields {
    /// Which; empty for new ones.
    pub id: String,
    /// The version that was seen.
    pub version: i32,
    /// Their name.
    pub name: String,
    /// How many minutes one may come late.
    pub grace_late: String,
    /// How many minutes one may leave early.
    pub grace_early: String,
    /// How many minutes before its start a shift takes punches.
    pub capture_before: String,
    /// How many minutes after its end it still does.
    pub capture_after: String,
    /// Up to how many seconds after another a punch is the same one again.
    pub duplicate_window: String,
    /// Until when in the night work without a shift belongs to the day before.
    pub day_cut: String,
    /// How long somebody can be at work, in hours.
    pub max_session: String,
    /// How much time off makes two pieces of work, in hours.
    pub min_time_off: String,
    /// How much of what is expected makes a day present.
    pub present_percent: String,
    /// How much makes it half a day.
    pub half_day_percent: String,
    /// `on` if work before the start counts.
    pub pay_early: String,
    /// `on` if overtime is paid only once it is approved.
    pub overtime_needs_approval: String,
    /// `on` if a wrong clock is put right.
    pub correct_skew: String,
    /// What a missing punch out means.
    pub missing_out: String,
    /// Which law says what overtime is.
    pub overtime: String,
    /// On which day a workweek begins.
    pub workweek_start: String,
    /// On which date a shift counts.
    pub work_date: String,
    /// How punches become work.
    pub pairing: String,
    /// How long a shift is when the clocks change.
    pub expected: String,
    /// The unit of rounding in minutes; empty for none.
    pub rounding_unit: String,
    /// Which way the beginning of work is rounded.
    pub rounding_begin: String,
    /// Which way its end is.
    pub rounding_end: String,
}

impl PolicyFields {
    /// The terms with what was typed in them.
    ///
    /// # Errors
    /// 422 with each field that cannot be read.
    pub fn over(&self, base: Policy) -> Result<Policy, Problem> {
        let mut wrong = Wrong::default();
        let mut number = |field: &str, text: &str, otherwise: i64| {
            let read = wrong.minutes(field, text);
            if text.trim().is_empty() {
                wrong.add(field, "Write a whole number.");
            }
            read.unwrap_or(otherwise)
        };
        let grace_late_minutes = number(
            "graceLateMinutes",
            &self.grace_late,
            base.grace_late_minutes,
        );
        let grace_early_minutes = number(
            "graceEarlyMinutes",
            &self.grace_early,
            base.grace_early_minutes,
        );
        let capture_before_minutes = number(
            "captureBeforeMinutes",
            &self.capture_before,
            base.capture_before_minutes,
        );
        let capture_after_minutes = number(
            "captureAfterMinutes",
            &self.capture_after,
            base.capture_after_minutes,
        );
        let duplicate_window_seconds = number(
            "duplicateWindowSeconds",
            &self.duplicate_window,
            base.duplicate_window_seconds,
        );
        let max_session_hours =
            number("maxSessionHours", &self.max_session, base.max_session_hours);
        let min_time_off_hours = number(
            "minTimeOffHours",
            &self.min_time_off,
            base.min_time_off_hours,
        );
        let present_percent = number(
            "presentPercent",
            &self.present_percent,
            base.present_percent,
        );
        let half_day_percent = number(
            "halfDayPercent",
            &self.half_day_percent,
            base.half_day_percent,
        );
        let policy = Policy {
            grace_late_minutes,
            grace_early_minutes,
            capture_before_minutes,
            capture_after_minutes,
            duplicate_window_seconds,
            max_session_hours,
            min_time_off_hours,
            present_percent,
            half_day_percent,
            day_cut: wrong.time("dayCut", &self.day_cut),
            pay_early: !self.pay_early.is_empty(),
            overtime_needs_approval: !self.overtime_needs_approval.is_empty(),
            correct_skew: !self.correct_skew.is_empty(),
            missing_out: wrong.word("missingOut", &self.missing_out, base.missing_out),
            overtime: wrong.word("overtime", &self.overtime, base.overtime),
            workweek_start: wrong.word("workweekStart", &self.workweek_start, base.workweek_start),
            work_date: wrong.word("workDate", &self.work_date, base.work_date),
            pairing: wrong.word("pairing", &self.pairing, base.pairing),
            expected: wrong.word("expected", &self.expected, base.expected),
            rounding: self.rounding(&mut wrong),
            ..base
        };
        wrong.unless(policy)
    }

    fn rounding(&self, wrong: &mut Wrong) -> Option<Rounding> {
        let unit_minutes = wrong.minutes("rounding.unitMinutes", &self.rounding_unit)?;
        Some(Rounding {
            unit_minutes,
            begin: wrong.word("rounding.begin", &self.rounding_begin, RoundTo::Nearest),
            end: wrong.word("rounding.end", &self.rounding_end, RoundTo::Nearest),
        })
    }
}

/// Makes or changes terms; days of open periods under them are derived again.
///
/// # Errors
/// 422 with the fields that are wrong; 409 for a name that is taken, or a change meanwhile; 404 for terms
/// that there are not.
#[server(prefix = "/fn")]
pub async fn keep_policy(
    /// What was typed.
    form: PolicyFields,
) -> Result<model::PolicyId, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::AttendanceManage)?;
    let service = super::service()?;
    let (id, base) = match form.id.trim() {
        "" => (None, Policy::default()),
        text => {
            let mut known = service.policies(&actor).await?.into_iter();
            let found = known.find(|known| known.id.to_string() == text);
            let found = found.ok_or_else(|| Problem::not_found("policy"))?;
            (Some(found.id), found.policy)
        }
    };
    let policy = form.over(base)?;
    let id = service
        .save_policy(&actor, id, form.version, &form.name, &policy)
        .await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::terms_of(id));
    Ok(id)
}

#[cfg(test)]
mod tests {
    use model::attendance::shift::BreakTier;

    use super::*;

    fn usual() -> PolicyFields {
        PolicyFields {
            grace_late: "5".into(),
            grace_early: "5".into(),
            capture_before: "240".into(),
            capture_after: "360".into(),
            duplicate_window: "60".into(),
            day_cut: "04:00".into(),
            max_session: "16".into(),
            min_time_off: "4".into(),
            present_percent: "75".into(),
            half_day_percent: "40".into(),
            overtime_needs_approval: "on".into(),
            ..PolicyFields::default()
        }
    }

    #[test]
    fn the_usual_numbers_are_the_usual_terms() {
        assert_eq!(usual().over(Policy::default()), Ok(Policy::default()));
    }

    #[test]
    fn what_is_not_in_the_form_stays() {
        let tier = BreakTier {
            after_minutes: 360,
            minutes: 30,
        };
        let base = Policy {
            unscheduled_break_tiers: vec![tier],
            ..Policy::default()
        };
        let fields = PolicyFields {
            pay_early: "on".into(),
            rounding_unit: "15".into(),
            rounding_begin: "up".into(),
            ..usual()
        };
        let policy = fields.over(base).expect("terms");
        assert_eq!(policy.unscheduled_break_tiers, [tier]);
        assert!(policy.pay_early);
        let rounding = policy.rounding.expect("a rounding");
        assert_eq!(
            (rounding.begin, rounding.end),
            (RoundTo::Up, RoundTo::Nearest)
        );
    }

    #[test]
    fn what_cannot_be_read_is_told_field_by_field() {
        let fields = PolicyFields {
            grace_late: String::new(),
            present_percent: "most".into(),
            day_cut: "night".into(),
            overtime: "always".into(),
            ..usual()
        };
        let problem = fields
            .over(Policy::default())
            .expect_err("four things are wrong");
        let names: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(
            names,
            ["graceLateMinutes", "presentPercent", "dayCut", "overtime"]
        );
    }
}
