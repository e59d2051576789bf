//! A decision about overtime as the form of the inbox sends it: one form for all days that wait, of which
//! some are ticked.

use leptos::prelude::*;
use model::attendance::views::{OvertimeChoice, OvertimeDay};
use model::{PersonId, Problem};
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the form sends. Fields that come together have one entry a day each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OvertimeFields {
    /// The day of each row, and what was seen of it, as [`day_of`] writes it.
    pub day: Vec<String>,
    /// How much overtime would be approved, in minutes.
    pub minutes: Vec<String>,
    /// The rows whose work before the start would count, by number from 0.
    pub early: Vec<String>,
    /// The rows that are decided about.
    pub pick: Vec<String>,
    /// `true` to approve what the rows say, else nothing of it is.
    pub approve: String,
    /// Why.
    pub note: String,
}

/// A day that waits, and what is seen of it.
pub fn day_of(day: &OvertimeDay) -> String {
    format!(
        "{} {} {} {} {}",
        day.employee.id, day.work_date, day.version, day.early_minutes, day.overtime_minutes
    )
}

impl OvertimeFields {
    /// What is decided.
    ///
    /// # Errors
    /// 422 with each field that cannot be read.
    pub fn read(&self) -> Result<Vec<OvertimeChoice>, Problem> {
        let rows = self.pick.iter().map(|row| self.row(row.trim()));
        let choices: Vec<OvertimeChoice> = rows.collect::<Result<_, _>>()?;
        if choices.is_empty() {
            return Err(wrong("pick", "Choose at least one day."));
        }
        Ok(choices)
    }

    fn row(&self, number: &str) -> Result<OvertimeChoice, Problem> {
        let place = number.parse::<usize>().ok();
        let day = place.and_then(|place| self.day.get(place));
        let known = day.and_then(|day| known(day));
        let known = known.ok_or_else(|| wrong("pick", "Load the page again."))?;
        if self.approve != "true" {
            return Ok(known);
        }
        let minutes = place.and_then(|place| self.minutes.get(place));
        let minutes = match minutes.map_or("", |text| text.trim()) {
            "" => known.seen_overtime,
            text => text
                .parse()
                .map_err(|_| wrong("minutes", "Write whole minutes."))?,
        };
        let early = known.seen_early > 0 && self.early.iter().any(|row| row.trim() == number);
        Ok(OvertimeChoice {
            early,
            minutes,
            ..known
        })
    }
}

fn wrong(field: &str, message: &str) -> Problem {
    Problem::invalid_field(field, message)
}

/// A day of the form, of which nothing is approved.
fn known(text: &str) -> Option<OvertimeChoice> {
    let mut words = text.split(' ');
    Some(OvertimeChoice {
        employee: words.next()?.parse().ok()?,
        work_date: words.next()?.parse().ok()?,
        version: words.next()?.parse().ok()?,
        early: false,
        minutes: 0,
        seen_early: words.next()?.parse().ok()?,
        seen_overtime: words.next()?.parse().ok()?,
    })
}

/// Approves or refuses overtime and early arrivals; says of how many days.
///
/// # Errors
/// 422 with the fields that are wrong; 409 for a day that was decided meanwhile or whose period is locked;
/// 404 for one that is not the reader's to decide about.
#[server(prefix = "/fn")]
pub async fn decide_overtime(
    /// What was chosen.
    form: OvertimeFields,
) -> Result<usize, ApiError> {
    let actor = crate::ssr::actor()?;
    if !actor.may(model::Permission::AttendanceManage) {
        actor.require(model::Permission::AttendanceApprove)?;
    }
    let choices = form.read()?;
    let decided = super::service()?
        .decide_overtime(&actor, &choices, &form.note)
        .await?;
    crate::api::scheduling::forms::lead_on(crate::paths::INBOX);
    Ok(decided)
}

/// Takes back what was decided about the overtime of a day: it waits again.
///
/// # Errors
/// As [`decide_overtime`].
#[server(prefix = "/fn")]
pub async fn undo_overtime(
    /// Whose day.
    employee: PersonId,
    /// Which.
    date: chrono::NaiveDate,
    /// The version that was seen.
    version: i32,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?
        .undo_overtime(&actor, employee, date, version)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> OvertimeFields {
        let who = "019a2b3c-4d5e-7f60-8123-456789abcdef";
        OvertimeFields {
            day: vec![
                format!("{who} 2026-11-23 0 0 60"),
                format!("{who} 2026-11-24 2 30 90"),
            ],
            minutes: vec!["60".into(), " 45 ".into()],
            early: vec!["1".into()],
            pick: vec!["1".into()],
            approve: "true".into(),
            note: String::new(),
        }
    }

    #[test]
    fn what_is_ticked_is_approved_as_its_row_says() {
        let [one] = typed().read().expect("a decision")[..] else {
            panic!("one row is ticked");
        };
        assert_eq!((one.version, one.early, one.minutes), (2, true, 45));
        assert_eq!((one.seen_early, one.seen_overtime), (30, 90));
    }

    #[test]
    fn whoever_refuses_approves_nothing() {
        let refused = OvertimeFields {
            approve: "false".into(),
            ..typed()
        };
        let one = refused.read().expect("a decision")[0];
        assert_eq!((one.early, one.minutes, one.seen_overtime), (false, 0, 90));
    }

    #[test]
    fn nothing_ticked_is_nothing_decided() {
        let field = |fields: OvertimeFields| {
            let problem = fields.read().expect_err("something is wrong");
            problem.errors[0].field.clone()
        };
        let none = OvertimeFields {
            pick: Vec::new(),
            ..typed()
        };
        assert_eq!(field(none), "pick");
        let strange = OvertimeFields {
            pick: vec!["7".into()],
            ..typed()
        };
        assert_eq!(field(strange), "pick");
        let words = OvertimeFields {
            minutes: vec!["60".into(), "most".into()],
            ..typed()
        };
        assert_eq!(field(words), "minutes");
    }
}
