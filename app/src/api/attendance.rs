//! Attendance, as its pages ask for it.

pub mod badge_form;
pub mod device_form;
pub mod employee_form;
pub mod entry_form;
pub mod forms;
pub mod import_form;
pub mod kind_form;
pub mod kiosk_form;
pub mod leave_form;
pub mod overtime_form;
pub mod roster_form;
pub mod rotation_form;
pub mod set_aside;
pub mod settings_form;
pub mod swaps;

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::attendance::views::{
    AssignForm, AttendanceFigures as Figures, ClockCard, CorrectionForm, CorrectionPreview,
    CorrectionView, DayPage, DevicesPage, ExceptionState, ExceptionsPage, HolidaysView,
    Inbox as InboxPage, LeaveCost as Cost, LeaveForm, LeavePage, LeaveView, MonthPage, PeriodsPage,
    PolicyView, PresencePage, Press as Pressed, RosterPage,
};
use model::{
    AdjustmentId, CorrectionId, DeviceAlarmId, ExceptionId, LeaveRequestId, PeriodId, PersonId,
};

use super::ApiError;

/// The reader's clock.
///
/// # Errors
/// 403 without `attendance:self`.
#[server(prefix = "/fn")]
pub async fn clock() -> Result<ClockCard, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.clock(&actor).await?)
}

/// Clocks in or out. The server's time counts.
///
/// # Errors
/// 403 without `attendance:self`; 422 for an age that cannot be.
#[server(prefix = "/fn", input = Json)]
pub async fn press(
    /// Which way, and the key of this press.
    press: Pressed,
) -> Result<ClockCard, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.press(&actor, &press).await?)
}

/// A month of days; the reader's own without `employee`.
///
/// # Errors
/// 404 for somebody whose days the reader may not see.
#[server(prefix = "/fn")]
pub async fn month(
    /// Whose.
    employee: Option<PersonId>,
    /// Any day of the month; the present one, if absent.
    month: Option<NaiveDate>,
) -> Result<MonthPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.month(&actor, employee, month).await?)
}

/// One day that explains itself; the reader's own without `employee`.
///
/// # Errors
/// 404 for somebody whose days the reader may not see.
#[server(prefix = "/fn")]
pub async fn day(
    /// Whose.
    employee: Option<PersonId>,
    /// Which.
    date: NaiveDate,
) -> Result<DayPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.day_page(&actor, employee, date).await?)
}

/// What a correction would make of a day; the reader's own without `employee`.
///
/// # Errors
/// 422 with the changes that cannot be; 404 for somebody for whom others decide.
#[server(prefix = "/fn", input = Json)]
pub async fn preview_correction(
    /// Whose day.
    employee: Option<PersonId>,
    /// What is asked for.
    form: CorrectionForm,
) -> Result<CorrectionPreview, ApiError> {
    let actor = crate::ssr::actor()?;
    let service = service()?;
    Ok(match employee {
        Some(employee) => {
            service
                .preview_correction_of(&actor, employee, &form)
                .await?
        }
        None => service.preview_correction(&actor, &form).await?,
    })
}

/// Grants or refuses a correction.
///
/// # Errors
/// 409 when it was decided already or changed; 404 for one that is not the reader's to decide.
#[server(prefix = "/fn")]
pub async fn decide_correction(
    /// Which.
    id: CorrectionId,
    /// The version that was seen.
    version: i32,
    /// Whether it is granted.
    approve: bool,
    /// For whoever asked.
    note: String,
) -> Result<CorrectionView, ApiError> {
    let actor = crate::ssr::actor()?;
    let service = service()?;
    Ok(service
        .decide_correction(&actor, id, version, approve, &note)
        .await?)
}

/// Takes one's own request back.
///
/// # Errors
/// 409 when it was decided already.
#[server(prefix = "/fn")]
pub async fn withdraw_correction(
    /// Which.
    id: CorrectionId,
    /// The version that was seen.
    version: i32,
) -> Result<CorrectionView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.withdraw_correction(&actor, id, version).await?)
}

/// Somebody's leave; the reader's own without `employee`.
///
/// # Errors
/// 403 without a permission to see it; 404 for somebody whose leave the reader may not see.
#[server(prefix = "/fn")]
pub async fn leave(
    /// Whose.
    employee: Option<PersonId>,
) -> Result<LeavePage, ApiError> {
    let actor = crate::ssr::actor()?;
    let service = service()?;
    Ok(match employee {
        Some(employee) => service.leave_page_of(&actor, employee).await?,
        None => service.leave_page(&actor).await?,
    })
}

/// What leave would cost, and what is in its way.
///
/// # Errors
/// 422 with the fields that are wrong.
#[server(prefix = "/fn", input = Json)]
pub async fn leave_cost(
    /// Whose; the reader's own, if absent.
    employee: Option<PersonId>,
    /// What is asked for.
    form: LeaveForm,
) -> Result<Cost, ApiError> {
    let actor = crate::ssr::actor()?;
    let service = service()?;
    Ok(match employee {
        Some(employee) => service.leave_cost_of(&actor, employee, &form).await?,
        None => service.leave_cost(&actor, &form).await?,
    })
}

/// Grants or refuses leave.
///
/// # Errors
/// 409 when it was decided already or changed; 404 for a request that is not the reader's to decide.
#[server(prefix = "/fn")]
pub async fn decide_leave(
    /// Which.
    id: LeaveRequestId,
    /// The version that was seen.
    version: i32,
    /// Whether it is granted.
    approve: bool,
    /// For whoever asked.
    note: String,
) -> Result<LeaveView, ApiError> {
    let actor = crate::ssr::actor()?;
    let service = service()?;
    Ok(service
        .decide_leave(&actor, id, version, approve, &note)
        .await?)
}

/// Takes one's own request back, or gives granted leave back that has not begun.
///
/// # Errors
/// 409 when it is too late for that.
#[server(prefix = "/fn")]
pub async fn withdraw_leave(
    /// Which.
    id: LeaveRequestId,
    /// The version that was seen.
    version: i32,
) -> Result<LeaveView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.withdraw_leave(&actor, id, version).await?)
}

/// What waits for the reader to decide.
///
/// # Errors
/// 403 without `attendance:approve` or `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn inbox() -> Result<InboxPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.inbox(&actor).await?)
}

/// Who is in.
///
/// # Errors
/// 403 without `attendance:self`.
#[server(prefix = "/fn")]
pub async fn presence() -> Result<PresencePage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.presence(&actor).await?)
}

/// The roster of a week.
///
/// # Errors
/// 403 without `attendance:approve` or `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn roster(
    /// Any day of the week; the present one, if absent.
    day: Option<NaiveDate>,
    /// Which team; all, if absent.
    team: Option<String>,
) -> Result<RosterPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.roster(&actor, day, team.as_deref()).await?)
}

/// Writes what somebody works on one day.
///
/// # Errors
/// 409 when it was changed meanwhile or the period is locked.
#[server(prefix = "/fn", input = Json)]
pub async fn assign_shift(
    /// Who, when, what.
    form: AssignForm,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.assign(&actor, &form).await?)
}

/// Writes the week after like this one, where nothing was decided by hand; says how many days.
///
/// # Errors
/// 403 without `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn copy_week(
    /// The Monday of the week to copy.
    monday: NaiveDate,
    /// Which team; all, if absent.
    team: Option<String>,
) -> Result<i64, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?
        .copy_week(&actor, monday, team.as_deref())
        .await?)
}

/// The holidays of every region.
///
/// # Errors
/// 403 without `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn holidays() -> Result<Vec<HolidaysView>, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.holidays(&actor).await?)
}

/// The terms under which days are derived.
///
/// # Errors
/// 403 without `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn policies() -> Result<Vec<PolicyView>, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.policies(&actor).await?)
}

/// Wall devices, their health, badges that are nobody's and, for those who may see that, who has which.
///
/// # Errors
/// 403 without `devices:manage`; 422 for a cursor that is none.
#[server(prefix = "/fn")]
pub async fn devices(
    /// A badge, a number, or part of the name or address of an owner.
    search: Option<String>,
    /// Where the page of badges begins.
    cursor: Option<String>,
) -> Result<DevicesPage, ApiError> {
    let actor = crate::ssr::actor()?;
    let mut page = service()?.devices_page(&actor).await?;
    if page.keeps_people {
        let badges = service()?
            .badges_page(&actor, search.as_deref(), cursor.as_deref())
            .await?;
        page.badges = Some(badges);
    }
    Ok(page)
}

/// Puts an alarm away.
///
/// # Errors
/// 404 when there is none.
#[server(prefix = "/fn")]
pub async fn close_alarm(
    /// Which.
    id: DeviceAlarmId,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.close_alarm(&actor, id).await?)
}

/// Gives a badge to somebody from a day on, until the next owner has it; what was punched with it since
/// becomes theirs.
///
/// # Errors
/// 409 for a badge that is another's on that day.
#[server(prefix = "/fn")]
pub async fn assign_badge(
    /// Which badge.
    badge: String,
    /// Whose, by id, address or number.
    employee: String,
    /// From which day on.
    from: NaiveDate,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?
        .assign_badge(&actor, &badge, &employee, from)
        .await?)
}

/// Periods, and what days of locked ones have come to.
///
/// # Errors
/// 403 without `payroll:read`.
#[server(prefix = "/fn")]
pub async fn periods() -> Result<PeriodsPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.periods_page(&actor).await?)
}

/// Makes a period.
///
/// # Errors
/// 422 for days in the wrong order; 409 for days that another period has.
#[server(prefix = "/fn")]
pub async fn make_period(
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
) -> Result<PeriodId, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.make_period(&actor, from, to).await?)
}

/// Locks a period: its days no longer change.
///
/// # Errors
/// 409 when it is locked already, changed, or not over.
#[server(prefix = "/fn")]
pub async fn lock_period(
    /// Which.
    id: PeriodId,
    /// The version that was seen.
    version: i32,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.lock_period(&actor, id, version).await?)
}

/// Grants or refuses an adjustment; granted, it belongs to the open period.
///
/// # Errors
/// 409 when it was decided already, or no period is open.
#[server(prefix = "/fn")]
pub async fn decide_adjustment(
    /// Which.
    id: AdjustmentId,
    /// Whether it is granted.
    approve: bool,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.decide_adjustment(&actor, id, approve).await?)
}

/// What is out of order.
///
/// # Errors
/// 403 without `attendance:approve` or `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn exceptions() -> Result<ExceptionsPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.exceptions_page(&actor).await?)
}

/// Explains an exception, lets it pass, or opens it again.
///
/// # Errors
/// 422 without a note; 404 for one that is not the reader's to settle.
#[server(prefix = "/fn")]
pub async fn settle_exception(
    /// Which.
    id: ExceptionId,
    /// How.
    state: ExceptionState,
    /// Why.
    note: String,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?
        .settle_exception(&actor, id, state, &note)
        .await?)
}

/// Late, absent and overtime by week and team, and when people are there: of whole weeks up to today.
///
/// # Errors
/// 403 without `attendance:approve` or `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn attendance_figures(
    /// Of how many weeks, 26 at most; 12, if absent.
    weeks: Option<u16>,
) -> Result<Figures, ApiError> {
    use platform::Clock;

    let actor = crate::ssr::actor()?;
    let today = crate::ssr::zone_of(&actor).day_of(platform::SystemClock.now());
    let from = first_day(today, weeks.unwrap_or(12));
    Ok(service()?.figures(&actor, from, today).await?)
}

/// The Monday with which so many weeks begin, of which today's is the last.
#[cfg(any(feature = "ssr", test))]
fn first_day(today: NaiveDate, weeks: u16) -> NaiveDate {
    use chrono::{Datelike, Days};

    let weeks = u64::from(weeks.clamp(1, 26) - 1);
    let since = u64::from(today.weekday().num_days_from_monday());
    let days = Days::new(weeks * 7 + since);
    today.checked_sub_days(days).unwrap_or(today)
}

#[cfg(feature = "ssr")]
fn service() -> Result<::attendance::Attendance, model::Problem> {
    crate::ssr::service()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_mondays() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(first_day(day("2026-11-25"), 1), day("2026-11-23"));
        assert_eq!(first_day(day("2026-11-23"), 2), day("2026-11-16"));
        assert_eq!(first_day(day("2026-11-29"), 900), day("2026-06-01"));
    }
}
