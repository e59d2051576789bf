//! Somebody's leave as a ledger, and what HR enters in it by hand. Nothing in it is ever changed: an entry
//! that was wrong is taken back by another one of the same day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use model::attendance::accrual::{Entry, EntryKind};
use model::attendance::views::{HandEntry, LeaveEntered, LeaveEntryForm, LedgerLine, LedgerPage};
use model::zone::Zone;
use model::{Actor, FieldError, LeaveEntryId, LeaveTypeId, Permission, PersonId, Problem};
use serde_json::json;
use sqlx::PgConnection;

use super::{plan, view};
use crate::inbox::not_oneself;
use crate::people::zone_of;
use crate::store::leave::{self as store, EntryRow, LedgerRow, PersonRow};
use crate::{Attendance, Error};

/// The most that one entry can move: ten years.
const MOST_MINUTES: i64 = 10 * 366 * 24 * 60;
/// The longest reason.
const MOST_REASON: usize = 500;
/// The longest key of a form.
const MOST_KEY: usize = 100;
/// With what the key of an entry by hand begins.
const BY_HAND: &str = "hand:";
/// With what the key of an entry begins that takes another one back.
const BACK: &str = "back:";

impl Attendance {
    /// Everything that moved somebody's leave.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`].
    pub async fn leave_ledger(
        &self,
        actor: &Actor,
        employee: PersonId,
    ) -> Result<LedgerPage, Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.leave_ledger").await?;
        let (person, today) = self.person_on_leave(&mut tx, employee).await?;
        let kinds = self.ensure_leave_types_in_tx(&mut tx).await?;
        // What fell due since the last night is entered before anybody reads it.
        self.grant_due_in_tx(&mut tx, &person, &kinds, today, now)
            .await?;
        let balances = self.balances(&mut tx, &person, &kinds, today).await?;
        let rows = store::ledger(&mut tx, employee).await?;
        tx.commit().await?;
        self.tell_viewed(actor, employee, "leave").await?;
        let may_enter = not_oneself(actor, employee).is_ok();
        Ok(LedgerPage {
            employee: view::named(&person),
            balances,
            kinds: kinds.iter().map(view::kind).collect(),
            lines: lines(rows, &zone_of(actor), may_enter),
            may_enter,
            today,
        })
    }

    /// Enters more leave, or less. The same key again enters nothing more.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; 403 for oneself; [`Error::NotFound`];
    /// [`Error::Invalid`]; [`Error::KeyReused`] when the key was used for another entry.
    pub async fn enter_leave(
        &self,
        actor: &Actor,
        employee: PersonId,
        form: &LeaveEntryForm,
        key: &str,
    ) -> Result<LeaveEntered, Error> {
        actor.require(Permission::AttendanceManage)?;
        not_oneself(actor, employee)?;
        let reason = check(form, key)?;
        let source_key = format!("{BY_HAND}{}:{key}", actor.who.reference());
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.enter_leave").await?;
        let (person, today) = self.person_on_leave(&mut tx, employee).await?;
        let kinds = store::types(&mut tx).await?;
        let mut known = kinds.iter();
        let Some(kind) = known.find(|kind| kind.id == form.type_id) else {
            return Err(Error::field("type_id", "Choose a kind of leave."));
        };
        self.grant_due_in_tx(&mut tx, &person, &kinds, today, now)
            .await?;
        store::lock_ledger(&mut tx, employee).await?;
        let entry = Entry {
            leave_type: kind.rules().code,
            effective_on: form.day,
            minutes: form.minutes,
            kind: match form.entry {
                HandEntry::Grant => EntryKind::Grant,
                HandEntry::Correction => EntryKind::Adjustment,
            },
            source_key: source_key.clone(),
        };
        let told = match store::entry_by_key(&mut tx, employee, &source_key).await? {
            Some(before) if is_same(&before, form, reason) => false,
            Some(_) => return Err(Error::KeyReused),
            None => {
                self.enter_in_tx(&mut tx, actor, &person, kind.id, &entry, reason, now)
                    .await?
            }
        };
        let on = form.day.max(today);
        let after = left(&mut tx, &person, kind.id, on).await?;
        let entered = LeaveEntered {
            kind: kind.name.clone(),
            before_minutes: after - form.minutes,
            after_minutes: after,
            day_minutes: plan::usual_day(&mut tx, employee, today).await?,
        };
        tx.commit().await?;
        tracing::debug!(is_new = told, "leave was entered by hand");
        Ok(entered)
    }

    /// Takes an entry by hand back, by another one of the same day. Asked again, it is back already.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; 403 for one's own; [`Error::NotFound`];
    /// [`Error::Invalid`] for an entry that the rules or a request made, or without a reason.
    pub async fn take_back_leave_entry(
        &self,
        actor: &Actor,
        id: LeaveEntryId,
        reason: &str,
    ) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let reason = checked_reason(reason)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.take_back_leave").await?;
        let row = store::entry(&mut tx, id).await?;
        let row = row.ok_or(Error::NotFound("entry"))?;
        not_oneself(actor, row.employee_id)?;
        if !row.source_key.starts_with(BY_HAND) {
            return Err(Error::field(
                "reason",
                "Only what was entered by hand is taken back. Enter a correction instead.",
            ));
        }
        let (person, _) = self.person_on_leave(&mut tx, row.employee_id).await?;
        store::lock_ledger(&mut tx, row.employee_id).await?;
        let source_key = format!("{BACK}{id}");
        if store::entry_by_key(&mut tx, row.employee_id, &source_key)
            .await?
            .is_some()
        {
            return Ok(());
        }
        let entry = Entry {
            leave_type: String::new(),
            effective_on: row.day,
            minutes: -i64::from(row.minutes),
            kind: EntryKind::Adjustment,
            source_key,
        };
        self.enter_in_tx(&mut tx, actor, &person, row.type_id, &entry, reason, now)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds an entry to the ledger, and tells of it.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is another part of the entry"
    )]
    async fn enter_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        person: &PersonRow,
        kind: LeaveTypeId,
        entry: &Entry,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let (id, by) = (self.deps.new_id::<LeaveEntryId>(), actor.who.reference());
        let is_new =
            store::add_entry(&mut *conn, id, person.id, kind, entry, reason, &by, now).await?;
        if is_new {
            let detail = json!({
                "type": kind,
                "day": entry.effective_on,
                "minutes": entry.minutes,
                "entry": id,
            });
            let subject = format!("person:{}", person.id);
            self.audit_in_tx(&mut *conn, actor, "leave.entered", subject, detail)
                .await?;
            self.tell_request_in_tx(conn, "balance", id.0, person.id)
                .await?;
        }
        Ok(is_new)
    }
}

/// What is left of a kind on a day: what is granted for a day after it is not there yet.
async fn left(
    conn: &mut PgConnection,
    person: &PersonRow,
    kind: LeaveTypeId,
    on: NaiveDate,
) -> Result<i64, sqlx::Error> {
    let entries = store::entries(conn, person.id, kind, "").await?.into_iter();
    let counts = |entry: &Entry| {
        let is_taking = matches!(entry.kind, EntryKind::Taken | EntryKind::Returned);
        entry.effective_on <= on || is_taking
    };
    Ok(entries.filter(counts).map(|entry| entry.minutes).sum())
}

/// The reason of a form, if nothing is wrong with the form.
fn check<'a>(form: &'a LeaveEntryForm, key: &str) -> Result<&'a str, Error> {
    let mut errors = Vec::new();
    let mut check = |holds: bool, field: &str, message: &str| {
        if !holds {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        }
    };
    check(
        form.minutes != 0 && form.minutes.abs() <= MOST_MINUTES,
        "amount",
        "Write how much more or less it is.",
    );
    check(
        form.minutes >= 0 || form.entry == HandEntry::Correction,
        "amount",
        "A grant gives leave. Enter a correction to take some away.",
    );
    check(
        (2000..2100).contains(&form.day.year()),
        "day",
        "Choose a day from 2000 to 2099.",
    );
    check(
        (1..=MOST_KEY).contains(&key.len()),
        "key",
        "Give the form a key.",
    );
    let reason = checked_reason(&form.reason);
    if errors.is_empty() {
        return reason;
    }
    if let Err(Error::Invalid(problem)) = reason {
        errors.extend(problem.errors);
    }
    Err(Error::Invalid(Problem::invalid(errors)))
}

fn checked_reason(reason: &str) -> Result<&str, Error> {
    let reason = reason.trim();
    if (1..=MOST_REASON).contains(&reason.chars().count()) {
        Ok(reason)
    } else {
        Err(Error::field(
            "reason",
            "Say why, in 1 to 500 characters; whose leave it is reads it.",
        ))
    }
}

fn is_same(before: &EntryRow, form: &LeaveEntryForm, reason: &str) -> bool {
    before.type_id == form.type_id
        && before.day == form.day
        && i64::from(before.minutes) == form.minutes
        && before.text == reason
        && (before.kind == "grant") == (form.entry == HandEntry::Grant)
}

/// The ledger as it is read, newest first, with what was left after each entry.
fn lines(rows: Vec<LedgerRow>, zone: &Zone, may_enter: bool) -> Vec<LedgerLine> {
    let back = rows.iter();
    let back = back.filter_map(|row| row.source_key.strip_prefix(BACK)?.parse().ok());
    let back: BTreeSet<LeaveEntryId> = back.collect();
    let mut left: BTreeMap<LeaveTypeId, i64> = BTreeMap::new();
    let lines = rows.into_iter().map(|row| {
        let minutes = i64::from(row.minutes);
        let balance = left.entry(row.type_id).or_default();
        *balance += minutes;
        let taken_back = back.contains(&row.id);
        let is_back = row.source_key.starts_with(BACK);
        let by_rule = row.created_by.starts_with("system:");
        LedgerLine {
            id: row.id,
            type_id: row.type_id,
            kind: row.type_name,
            day: row.day,
            what: match (row.kind.as_str(), is_back) {
                (_, true) => "Taken back",
                ("grant", _) => "Granted",
                ("carry_over", _) => "Not carried over",
                ("expiry", _) => "Expired",
                ("taken", _) => "Leave taken",
                ("given_back", _) => "Leave given back",
                _ => "Correction",
            }
            .to_owned(),
            text: row.text,
            minutes,
            balance_minutes: *balance,
            by: match (by_rule, row.by_name) {
                (true, _) => "By rule".to_owned(),
                (false, Some(name)) => name,
                (false, None) => "A program".to_owned(),
            },
            at: zone.stamp(row.created_at),
            may_take_back: may_enter && row.source_key.starts_with(BY_HAND) && !taken_back,
            taken_back,
        }
    });
    let mut lines: Vec<LedgerLine> = lines.collect();
    lines.reverse();
    lines
}
