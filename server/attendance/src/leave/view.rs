//! Leave as people see it.

use chrono::NaiveDate;
use model::attendance::views::{LeaveEnded, LeaveState, LeaveTypeView, LeaveView, Named};
use model::{Actor, Permission};
use sqlx::PgConnection;

use super::kinds;
use crate::Error;
use crate::inbox::may_decide;
use crate::people::zone_of;
use crate::privacy::{Data, Relation, may_see};
use crate::store::leave::{PersonRow, TypeRow};
use crate::store::leave_requests::{self as store, RequestRow};

pub(super) fn named(person: &PersonRow) -> Named {
    Named {
        id: person.id,
        name: person.name.clone(),
    }
}

pub(super) fn kind(row: &TypeRow) -> LeaveTypeView {
    LeaveTypeView {
        id: row.id,
        name: row.name.clone(),
        paid: row.paid,
        accrual: kinds::in_words(row),
    }
}

/// A request as one reader sees it. `with_team`: who else of the team is away then.
pub(crate) async fn request(
    conn: &mut PgConnection,
    actor: &Actor,
    row: &RequestRow,
    today: NaiveDate,
    with_team: bool,
) -> Result<LeaveView, Error> {
    let team = row
        .team
        .as_deref()
        .filter(|team| !team.is_empty() && with_team);
    let also_away = match team {
        Some(team) => {
            let (from, to) = (row.from_day, row.to_day);
            store::also_away(conn, team, row.employee_id, from, to, today).await?
        }
        None => Vec::new(),
    };
    let is_own = actor.person_id() == Some(row.employee_id);
    let note = match sees_reason(actor, row) {
        true => row.note.clone(),
        false => String::new(),
    };
    let is_open = row.state == LeaveState::Requested;
    let decides = may_decide(actor, row.employee_id, row.manager_id);
    let can_return = row.state == LeaveState::Approved && today < row.from_day;
    Ok(LeaveView {
        id: row.id,
        employee: Named {
            id: row.employee_id,
            name: row.employee_name.clone(),
        },
        kind: row.type_name.clone(),
        from_day: row.from_day,
        to_day: row.to_day,
        part: row.part,
        minutes: i64::from(row.minutes),
        state: row.state,
        note,
        asked_at: zone_of(actor).stamp(row.created_at),
        decided_by: row.decided_by_label.clone(),
        decision_note: row.decision_note.clone(),
        also_away,
        version: row.version,
        on_behalf: row.created_by != format!("person:{}", row.employee_id),
        ended: ended(row),
        may_decide: is_open && decides,
        may_withdraw: is_own && (is_open || can_return),
        may_end: row.state == LeaveState::Approved && decides,
    })
}

/// Who ended leave, if somebody did.
fn ended(row: &RequestRow) -> Option<LeaveEnded> {
    let (by, granted_to_day) = row.ended_by_label.clone().zip(row.granted_to_day)?;
    Some(LeaveEnded {
        by,
        granted_to_day,
        note: row.end_note.clone(),
    })
}

/// Whether a reader may know why somebody is on leave, by the table of who sees what.
fn sees_reason(actor: &Actor, row: &RequestRow) -> bool {
    let reader = actor.person_id();
    let is_own = reader == Some(row.employee_id);
    let manages = reader.is_some() && reader == row.manager_id;
    let relations = [
        (is_own, Relation::Own),
        (actor.may(Permission::AttendanceManage), Relation::Hr),
        (
            manages && actor.may(Permission::AttendanceApprove),
            Relation::LineManager,
        ),
    ];
    relations
        .into_iter()
        .any(|(is, relation)| is && may_see(relation, Data::LeaveReason))
}
