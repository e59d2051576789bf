//! Kinds of leave, as their page asks for them, and one as its plain form sends it. The browser reads the
//! same fields to say what somebody would get.

use leptos::prelude::*;
use model::attendance::accrual::{
    Accrual, CarryOver, Direction, LeaveType, MonthEnd, Proration, Rounding,
};
use model::attendance::views::{LeaveKindsPage, ToldAs};
use model::{LeaveTypeId, Problem};
use serde::{Deserialize, Serialize};

use super::roster_form::Wrong;
use crate::api::ApiError;

/// What the form of a kind sends. Amounts are days of eight hours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KindFields {
    /// Which; empty for a new one.
    pub id: String,
    /// The version that was seen.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// `on` if it is paid.
    pub paid: String,
    /// What meetings are told of it.
    pub told_as: String,
    /// How it is granted: `none`, `by_hand`, `yearly`, `monthly_first`, `monthly_last`, `worked`.
    pub accrual: String,
    /// How much, for a year or a month.
    pub amount: String,
    /// How many minutes of leave work earns.
    pub earned: String,
    /// For how many hours of work.
    pub per_hours: String,
    /// How a grant shrinks for whoever was not there all the time.
    pub proration: String,
    /// To what a grant is rounded, in minutes.
    pub rounding_unit: String,
    /// Which way.
    pub rounding: String,
    /// In which month the leave year begins.
    pub year_start: String,
    /// Above what balance nothing is granted.
    pub cap: String,
    /// How much is granted in a year at most.
    pub yearly_cap: String,
    /// How much passes into the next year at most.
    pub carry_most: String,
    /// For how many months.
    pub carry_months: String,
    /// How much more than there is can be taken; empty for no limit.
    pub overdraft: String,
}

impl KindFields {
    /// The rules.
    ///
    /// # Errors
    /// 422 with each field that cannot be read.
    pub fn read(&self) -> Result<(ToldAs, LeaveType), Problem> {
        let mut wrong = Wrong::default();
        let accrual = self.accrual(&mut wrong);
        let overdraft = wrong.days("overdraftMinutes", &self.overdraft);
        let year_start = wrong.minutes("yearStartMonth", &self.year_start);
        let carry_months = wrong.minutes("carryOver.months", &self.carry_months);
        let rules = LeaveType {
            // The service gives it one, or keeps the one that it has.
            code: "leave".to_owned(),
            name: self.name.trim().to_owned(),
            paid: !self.paid.is_empty(),
            accrual,
            proration: wrong.word("proration", &self.proration, Proration::Months),
            rounding: Rounding {
                unit_minutes: wrong
                    .minutes("rounding.unitMinutes", &self.rounding_unit)
                    .unwrap_or(1),
                direction: wrong.word("rounding.direction", &self.rounding, Direction::Nearest),
            },
            year_start_month: u32::try_from(year_start.unwrap_or(1)).unwrap_or(0),
            cap_minutes: wrong.days("capMinutes", &self.cap),
            yearly_cap_minutes: wrong.days("yearlyCapMinutes", &self.yearly_cap),
            carry_over: CarryOver {
                most_minutes: wrong.days("carryOver.mostMinutes", &self.carry_most),
                months: carry_months.map(|months| u32::try_from(months).unwrap_or(u32::MAX)),
            },
            // By hand, what there is is all there is.
            overdraft_minutes: match self.accrual.trim() {
                "none" => None,
                "by_hand" => overdraft.or(Some(0)),
                _ => overdraft,
            },
        };
        let told_as = wrong.word("told_as", &self.told_as, ToldAs::Leave);
        wrong.unless((told_as, rules))
    }

    fn accrual(&self, wrong: &mut Wrong) -> Accrual {
        let word = self.accrual.trim();
        let amount = match word {
            "yearly" | "monthly_first" | "monthly_last" => {
                let amount = wrong.days("amount", &self.amount);
                if self.amount.trim().is_empty() {
                    wrong.add("amount", "Write how many days it is.");
                }
                amount.unwrap_or(0)
            }
            _ => 0,
        };
        match word {
            "" | "none" | "by_hand" => Accrual::None,
            "yearly" => Accrual::Yearly { minutes: amount },
            "monthly_first" => Accrual::Monthly {
                minutes: amount,
                on: MonthEnd::First,
            },
            "monthly_last" => Accrual::Monthly {
                minutes: amount,
                on: MonthEnd::Last,
            },
            "worked" => {
                let minutes = wrong.minutes("earned", &self.earned);
                let hours = wrong.minutes("per_hours", &self.per_hours);
                if minutes.is_none() || hours.is_none_or(|hours| hours < 1) {
                    wrong.add(
                        "earned",
                        "Write how many minutes, and for how many hours of work.",
                    );
                }
                Accrual::Worked {
                    minutes: minutes.unwrap_or(0),
                    per_minutes: hours.unwrap_or(1).saturating_mul(60),
                }
            }
            _ => {
                wrong.add("accrual", "Choose how it is granted.");
                Accrual::None
            }
        }
    }
}

/// Every kind of leave.
///
/// # Errors
/// 403 without `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn leave_kinds() -> Result<LeaveKindsPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.leave_kinds(&actor).await?)
}

/// Makes or changes a kind of leave.
///
/// # Errors
/// 422 with the fields that are wrong; 409 for a name that is taken, or a change meanwhile.
#[server(prefix = "/fn")]
pub async fn keep_kind(
    /// What was typed.
    form: KindFields,
) -> Result<LeaveTypeId, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::AttendanceManage)?;
    let (told_as, rules) = form.read()?;
    let id = match form.id.trim() {
        "" => None,
        id => Some(
            id.parse()
                .map_err(|_| Problem::not_found("kind of leave"))?,
        ),
    };
    let id = super::service()?
        .save_leave_kind(&actor, id, form.version, told_as, &rules)
        .await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::leave_kind(id));
    Ok(id)
}

/// Takes a kind of leave out of use, or brings it back.
///
/// # Errors
/// 409 for a change meanwhile, or a name that another one has by now.
#[server(prefix = "/fn")]
pub async fn retire_kind(
    /// Which.
    id: LeaveTypeId,
    /// The version that was seen.
    version: i32,
    /// Whether it is out of use then.
    retired: bool,
) -> Result<bool, ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?
        .retire_leave_kind(&actor, id, version, retired)
        .await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::leave_kind(id));
    Ok(retired)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annual() -> KindFields {
        KindFields {
            name: "Annual leave".into(),
            paid: "on".into(),
            accrual: "yearly".into(),
            amount: "30".into(),
            rounding_unit: "240".into(),
            rounding: "up".into(),
            carry_months: "3".into(),
            overdraft: "0".into(),
            ..KindFields::default()
        }
    }

    #[test]
    fn days_of_eight_hours_are_read() {
        let (told_as, rules) = annual().read().expect("rules");
        assert_eq!(told_as, ToldAs::Leave);
        assert_eq!(rules.accrual, Accrual::Yearly { minutes: 14_400 });
        assert_eq!(rules.overdraft_minutes, Some(0));
        assert_eq!(rules.errors(), []);
    }

    #[test]
    fn what_is_entered_by_hand_has_a_limit_and_what_is_not_counted_none() {
        let rules = |accrual: &str| {
            let fields = KindFields {
                accrual: accrual.into(),
                overdraft: String::new(),
                ..annual()
            };
            fields.read().expect("rules").1.overdraft_minutes
        };
        assert_eq!((rules("by_hand"), rules("none")), (Some(0), None));
    }

    #[test]
    fn each_field_has_its_error() {
        let fields = KindFields {
            amount: "many".into(),
            cap: "a lot".into(),
            told_as: "secret".into(),
            year_start: "May".into(),
            ..annual()
        };
        let problem = fields.read().expect_err("four things are wrong");
        let names: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(names, ["amount", "yearStartMonth", "capMinutes", "told_as"]);
        let fields = KindFields {
            accrual: "worked".into(),
            ..annual()
        };
        let problem = fields.read().expect_err("for how much work");
        assert!(problem.message_for("earned").is_some());
    }
}
