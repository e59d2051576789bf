//! What goes to payroll, as files: totals of each person, and the days that they are made of. A
//! locked period gives the same figures for ever; an open one gives a draft, and its name says so.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::attendance::overtime::without_last;
use model::attendance::payroll::{self, Adjustment, PayDay, Payee, Row};
use model::attendance::rotation::DateRange;
use model::attendance::views::PeriodState;
use model::{Actor, PeriodId, Permission, PersonId, Problem};
use serde_json::json;
use sqlx::PgConnection;

use crate::periods::subject;
use crate::store::payroll::{self as store, LeaveRow, PaidRow, PayDayRow, PayeeRow};
use crate::store::periods::{self, PeriodRow};
use crate::{Attendance, Error};

/// Of how many people days are read at once.
const BATCH: i64 = 500;

/// What of payroll goes into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayrollFile {
    /// One line for each person, as CSV.
    Totals,
    /// One line for each day of each total, as CSV.
    Days,
    /// Both as a workbook.
    Workbook,
}

impl Attendance {
    /// Payroll of a period as a file, with its name.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `payroll:read`; [`Error::NotFound`].
    pub async fn payroll_file(
        &self,
        actor: &Actor,
        id: PeriodId,
        file: PayrollFile,
    ) -> Result<(String, Vec<u8>), Error> {
        actor.require(Permission::PayrollRead)?;
        let (period, rows) = self.payroll_rows(id).await?;
        let name = file_name(&period, file);
        let made = period.to_day;
        // A large workbook takes seconds, and other requests do not wait for it.
        let written = tokio::task::spawn_blocking(move || written(&rows, file, made));
        let written = written.await.map_err(|error| error.to_string());
        let bytes = written.and_then(|bytes| bytes).map_err(|error| {
            tracing::error!(period.id = %id, error, "a payroll file could not be written");
            Error::Invalid(Problem::internal())
        })?;
        self.tell_of_export(actor, id, &name).await?;
        Ok((name, bytes))
    }

    /// The period and everybody's row in it, by name. Whoever has nothing in it has none.
    async fn payroll_rows(&self, id: PeriodId) -> Result<(PeriodRow, Vec<Row>), Error> {
        let mut conn = self.deps.db.read().await?;
        let found = periods::find(&mut conn, id).await?;
        let period = found.ok_or(Error::NotFound("period"))?;
        let leave = match period.state {
            PeriodState::Locked => store::settled_leave(&mut conn, id).await?,
            PeriodState::Open => {
                store::open_leave(&mut conn, period.from_day, period.to_day).await?
            }
        };
        let mut gathered = Gathered::new(&period, leave, store::paid(&mut conn, id).await?);
        let mut rows = Vec::new();
        let mut last: Option<PayeeRow> = None;
        loop {
            let after = last.as_ref().map(|row| (row.name.as_str(), row.id));
            let people = store::payees(&mut conn, after, BATCH).await?;
            let Some(end) = people.last().cloned() else {
                return Ok((period, rows));
            };
            last = Some(end);
            rows.extend(gathered.rows(&mut conn, people).await?);
        }
    }

    /// Who has taken which file stands in the audit log.
    async fn tell_of_export(&self, actor: &Actor, id: PeriodId, file: &str) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("attendance.payroll").await?;
        let (subject, detail) = (subject(id), json!({ "file": file }));
        self.audit_in_tx(&mut tx, actor, "payroll.exported", subject, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

fn written(rows: &[Row], file: PayrollFile, made: NaiveDate) -> Result<Vec<u8>, String> {
    let (totals, days) = (payroll::totals_sheet, payroll::days_sheet);
    match file {
        PayrollFile::Totals => Ok(payroll::csv(&totals(rows)).into_bytes()),
        PayrollFile::Days => Ok(payroll::csv(&days(rows)).into_bytes()),
        PayrollFile::Workbook => crate::xlsx::workbook(&[totals(rows), days(rows)], made)
            .map_err(|error| error.to_string()),
    }
}

/// `payroll-2026-11-01-2026-11-30.csv`; what can still change is a draft.
fn file_name(period: &PeriodRow, file: PayrollFile) -> String {
    let (part, kind) = match file {
        PayrollFile::Totals => ("", "csv"),
        PayrollFile::Days => ("-days", "csv"),
        PayrollFile::Workbook => ("", "xlsx"),
    };
    let (from, to) = (period.from_day, period.to_day);
    let draft = match period.state {
        PeriodState::Locked => "",
        PeriodState::Open => "-draft",
    };
    format!("payroll-{from}-{to}{part}{draft}.{kind}")
}

/// What there is beside days, by person.
struct Gathered {
    range: DateRange,
    leave: BTreeMap<PersonId, Vec<LeaveRow>>,
    paid: BTreeMap<PersonId, Vec<PaidRow>>,
}

impl Gathered {
    fn new(period: &PeriodRow, leave: Vec<LeaveRow>, paid: Vec<PaidRow>) -> Self {
        let mut gathered = Self {
            range: DateRange::new(period.from_day, period.to_day),
            leave: BTreeMap::new(),
            paid: BTreeMap::new(),
        };
        for row in leave {
            let own = gathered.leave.entry(row.employee_id).or_default();
            own.push(row);
        }
        for row in paid {
            let own = gathered.paid.entry(row.employee_id).or_default();
            own.push(row);
        }
        gathered
    }

    /// The rows of some people.
    async fn rows(
        &mut self,
        conn: &mut PgConnection,
        people: Vec<PayeeRow>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let ids: Vec<_> = people.iter().map(|person| person.id.0).collect();
        let (from, until) = (self.range.from, self.range.until);
        let mut days: BTreeMap<PersonId, Vec<PayDayRow>> = BTreeMap::new();
        for row in store::days(conn, &ids, from, until).await? {
            days.entry(row.employee_id).or_default().push(row);
        }
        let rows = people.into_iter().filter_map(|person| {
            let days = days.remove(&person.id).unwrap_or_default();
            self.row(person, days)
        });
        Ok(rows.collect())
    }

    /// One person's row; none for somebody who has nothing in the period.
    fn row(&mut self, person: PayeeRow, days: Vec<PayDayRow>) -> Option<Row> {
        let leave = self.leave.remove(&person.id).unwrap_or_default();
        let paid = self.paid.remove(&person.id).unwrap_or_default();
        if days.is_empty() && leave.is_empty() && paid.is_empty() {
            return None;
        }
        let mut by_date: BTreeMap<NaiveDate, PayDay> = BTreeMap::new();
        for row in days {
            by_date.insert(row.work_date, pay_day(row));
        }
        let mut adjustments: Vec<_> = paid
            .into_iter()
            .map(|row| Adjustment {
                work_date: row.work_date,
                minutes: i64::from(row.minutes),
            })
            .collect();
        let mut unpaid_before = Vec::new();
        for row in leave {
            if self.range.contains(row.day) {
                let day = by_date
                    .entry(row.day)
                    .or_insert_with(|| PayDay::empty(row.day));
                if row.paid {
                    day.leave_paid_minutes += row.minutes;
                } else {
                    day.leave_unpaid_minutes += row.minutes;
                }
            } else if row.paid {
                // Paid leave that came or went after its own period was locked.
                adjustments.push(Adjustment {
                    work_date: row.day,
                    minutes: row.minutes,
                });
            } else {
                // So did this, and it is taken from the pay of this period, or given back.
                unpaid_before.push((row.day, row.minutes));
            }
        }
        let payee = Payee {
            id: person.id,
            number: person.number.unwrap_or_default(),
            name: person.name,
        };
        let days: Vec<_> = by_date.into_values().collect();
        let mut row = payroll::row(payee, self.range, &days, &adjustments);
        row.add_unpaid_before(unpaid_before);
        Some(row)
    }
}

fn pay_day(row: PayDayRow) -> PayDay {
    let overtime = row.overtime.map(|buckets| buckets.0).unwrap_or_default();
    PayDay {
        worked_minutes: i64::from(row.counted_minutes),
        expected_minutes: i64::from(row.expected_minutes),
        balance_minutes: i64::from(row.balance_minutes),
        overtime: without_last(&overtime, row.unapproved_minutes),
        unapproved_minutes: row.unapproved_minutes,
        holiday_work_minutes: row.holiday_minutes,
        ..PayDay::empty(row.work_date)
    }
}
