//! The kinds of leave and their rules.

pub(crate) use model::attendance::accrual::DAY_MINUTES;
use model::attendance::accrual::{
    Accrual, CarryOver, Direction, LeaveType, MonthEnd, Proration, Rounding,
};
use model::attendance::accrual::{days_told as days, time_told as time};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::store::leave::{self as store, TypeRow};
use crate::{Attendance, Error};

/// As what meetings are told of leave whose note is for HR alone.
pub(crate) const SICK: &str = "sick";

impl TypeRow {
    /// The rules under the kind's own name.
    pub(crate) fn rules(&self) -> LeaveType {
        LeaveType {
            name: self.name.clone(),
            paid: self.paid,
            ..self.rules.0.clone()
        }
    }

    /// Whether there can be too little of it: something is granted, or what is taken has a limit.
    pub(crate) fn is_counted(&self) -> bool {
        self.rules.accrual != Accrual::None || self.rules.overdraft_minutes.is_some()
    }
}

impl Attendance {
    /// All kinds of leave. Where there are none at all, the three that every house has are made.
    pub(crate) async fn ensure_leave_types_in_tx(
        &self,
        conn: &mut PgConnection,
    ) -> Result<Vec<TypeRow>, Error> {
        let known = store::types(conn).await?;
        if !known.is_empty() {
            return Ok(known);
        }
        for (rules, told_as) in standard() {
            let row = TypeRow {
                id: self.deps.new_id(),
                name: rules.name.clone(),
                paid: rules.paid,
                told_as: told_as.to_owned(),
                rules: Json(rules),
                retired: false,
                version: 1,
            };
            // Whoever does the same at this moment has added the same names.
            store::add_type(conn, &row).await?;
        }
        Ok(store::types(conn).await?)
    }
}

/// Thirty days a year, of which the rest can be taken until the end of March; and what is not
/// counted.
fn standard() -> [(LeaveType, &'static str); 3] {
    let uncounted = |code: &str, name: &str, paid| LeaveType {
        code: code.to_owned(),
        name: name.to_owned(),
        paid,
        accrual: Accrual::None,
        proration: Proration::None,
        rounding: Rounding::default(),
        year_start_month: 1,
        cap_minutes: None,
        yearly_cap_minutes: None,
        carry_over: CarryOver::default(),
        overdraft_minutes: None,
    };
    let annual = LeaveType {
        accrual: Accrual::Yearly {
            minutes: 30 * DAY_MINUTES,
        },
        // A twelfth for each full month, in half days.
        proration: Proration::Months,
        rounding: Rounding {
            unit_minutes: DAY_MINUTES / 2,
            direction: Direction::Up,
        },
        carry_over: CarryOver {
            most_minutes: None,
            months: Some(3),
        },
        overdraft_minutes: Some(0),
        ..uncounted("annual", "Annual leave", true)
    };
    [
        (annual, "leave"),
        (uncounted("sick", "Sick leave", true), SICK),
        (uncounted("unpaid", "Unpaid leave", false), "leave"),
    ]
}

/// How a kind is granted, in words.
pub(super) fn in_words(row: &TypeRow) -> String {
    match row.rules.accrual {
        Accrual::None if row.is_counted() => "Granted by hand".to_owned(),
        Accrual::None => "Not counted".to_owned(),
        Accrual::Yearly { minutes } => format!("{} a year", days(minutes)),
        Accrual::Monthly { minutes, on } => {
            let when = match on {
                MonthEnd::First => "on its first day",
                MonthEnd::Last => "on its last day",
            };
            format!("{} a month, {when}", days(minutes))
        }
        Accrual::Worked {
            minutes,
            per_minutes,
        } => format!("{} for each {} of work", time(minutes), time(per_minutes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_to_start_with_have_good_rules() {
        for (rules, told_as) in standard() {
            assert_eq!(rules.errors(), [], "{}", rules.code);
            assert!(["leave", SICK].contains(&told_as));
        }
    }
}
