//! What is left of each kind of leave, and what falls due.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use model::PersonId;
use model::attendance::accrual::{
    Accrual, Employment, Entry, EntryKind, LeaveDay, Worked, available, due,
};
use model::attendance::rotation::DateRange;
use model::attendance::views::LeaveBalance;
use sqlx::PgConnection;

use super::kinds::DAY_MINUTES;
use super::plan::{self, Plan};
use crate::store::leave::{self as store, PersonRow, TypeRow};
use crate::store::leave_requests::{self as requests, LiveRow};
use crate::{Attendance, Error};

/// How long after the turn of a leave year the one before is still mended: work of its last days may
/// become known late.
const MENDED_DAYS: i64 = 31;
/// How far ahead the end of what is carried over is looked for.
const AHEAD_DAYS: u64 = 550;

/// The ledger of one person and one kind, with what will fall due.
pub(super) struct Ledger {
    entries: Vec<Entry>,
    pending: Vec<LeaveDay>,
}

impl Ledger {
    /// How much may be asked for on a day, so that nothing that is granted or asked for already goes
    /// short.
    pub(super) fn available(&self, on: NaiveDate) -> i64 {
        available(&self.entries, &self.pending, on)
    }

    /// The same, whatever else is asked for: for whoever decides.
    pub(super) fn available_beside_requests(&self, on: NaiveDate) -> i64 {
        available(&self.entries, &[], on)
    }
}

impl Attendance {
    /// Enters what is due to somebody until today. Deterministic keys make a second run find nothing;
    /// two runs at once make the same entries, and the database keeps one of each.
    pub(crate) async fn grant_due_in_tx(
        &self,
        conn: &mut PgConnection,
        person: &PersonRow,
        kinds: &[TypeRow],
        today: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<usize, Error> {
        let Some(employment) = employment(person) else {
            return Ok(0);
        };
        let mut entered = 0;
        let mut has_ledger = false;
        for kind in kinds.iter().filter(|kind| !kind.retired) {
            if kind.rules.accrual == Accrual::None {
                continue;
            }
            let code = kind.rules().code;
            let posted = store::entries(conn, person.id, kind.id, &code).await?;
            let first = owed(conn, person, kind, employment, &posted, today).await?;
            if first.is_empty() {
                continue;
            }
            if !has_ledger {
                store::lock_ledger(conn, person.id).await?;
                has_ledger = true;
            }
            // Somebody else may have entered it while we waited.
            let posted = store::entries(conn, person.id, kind.id, &code).await?;
            for entry in owed(conn, person, kind, employment, &posted, today).await? {
                let id = self.deps.new_id();
                let (text, by) = (says(&entry), "system:attendance");
                let is_new =
                    store::add_entry(conn, id, person.id, kind.id, &entry, &text, by, now).await?;
                entered += usize::from(is_new);
            }
        }
        Ok(entered)
    }

    /// What is left of each kind of leave, as pages show it.
    pub(crate) async fn leave_balances(
        &self,
        conn: &mut PgConnection,
        employee: PersonId,
    ) -> Result<Vec<LeaveBalance>, Error> {
        let (person, today) = self.person_on_leave(conn, employee).await?;
        let kinds = store::types(conn).await?;
        self.balances(conn, &person, &kinds, today).await
    }

    pub(super) async fn balances(
        &self,
        conn: &mut PgConnection,
        person: &PersonRow,
        kinds: &[TypeRow],
        today: NaiveDate,
    ) -> Result<Vec<LeaveBalance>, Error> {
        let waiting = requests::waiting(conn, person.id).await?;
        let plan = Plan::of_requests(conn, person.id, &waiting).await?;
        let day_minutes = plan::usual_day(conn, person.id, today).await?;
        let mut balances = Vec::new();
        for kind in kinds {
            let rules = kind.rules();
            let mut entries = store::entries(conn, person.id, kind.id, &rules.code).await?;
            if kind.retired && entries.is_empty() {
                continue;
            }
            if let Some(employment) = employment(person).filter(|_| !kind.retired) {
                // What fell due since the last night is there, entered or not.
                let owed = owed(conn, person, kind, employment, &entries, today).await?;
                entries.extend(owed);
            }
            let own = waiting.iter().filter(|row| row.type_id == kind.id);
            let pending: Vec<LeaveDay> = own.flat_map(|row| plan.cost(row)).collect();
            let year = rules.year_of(today);
            let taken: i64 = entries
                .iter()
                .filter(|entry| year.contains(entry.effective_on) && is_taking(entry.kind))
                .map(|entry| -entry.minutes)
                .sum();
            let requested = pending.iter().map(|day| day.minutes).sum();
            let left = kind.is_counted().then(|| {
                // Leave that is granted for a day to come is no longer there to be taken.
                let entered = entries
                    .iter()
                    .filter(|entry| entry.effective_on <= today || is_taking(entry.kind));
                entered.map(|entry| entry.minutes).sum()
            });
            let expires = employment(person).and_then(|employment| {
                let until = today.checked_add_days(Days::new(AHEAD_DAYS))?;
                let tomorrow = today.succ_opt()?;
                let range = DateRange::new(tomorrow, until);
                let coming = due(&rules, employment, range, &Worked::new(), &entries);
                let lost = coming.iter().filter(|entry| {
                    matches!(entry.kind, EntryKind::Lapse | EntryKind::Expiry) && entry.minutes < 0
                });
                let first = lost.min_by_key(|entry| entry.effective_on)?;
                Some((-first.minutes, first.effective_on.pred_opt()?))
            });
            balances.push(LeaveBalance {
                type_id: kind.id,
                name: kind.name.clone(),
                paid: kind.paid,
                left_minutes: left,
                requested_minutes: requested,
                taken_minutes: taken,
                day_minutes,
                expires,
            });
        }
        Ok(balances)
    }
}

/// The ledger of a kind as it will stand when a request ends.
pub(super) async fn ledger(
    conn: &mut PgConnection,
    person: &PersonRow,
    kind: &TypeRow,
    until: NaiveDate,
    today: NaiveDate,
) -> Result<Ledger, Error> {
    let rules = kind.rules();
    let mut entries = store::entries(conn, person.id, kind.id, &rules.code).await?;
    let waiting = requests::waiting(conn, person.id).await?.into_iter();
    let waiting: Vec<LiveRow> = waiting.filter(|row| row.type_id == kind.id).collect();
    let plan = Plan::of_requests(conn, person.id, &waiting).await?;
    let pending: Vec<LeaveDay> = waiting.iter().flat_map(|row| plan.cost(row)).collect();
    if let Some(employment) = employment(person) {
        // As far as anything is entered or asked for, so that leave of next year meets its grant.
        let dates = entries.iter().map(|entry| entry.effective_on);
        let last = dates.chain(pending.iter().map(|day| day.date)).max();
        let until = last.map_or(until, |last| last.max(until)).max(today);
        let range = DateRange::new(mended_from(&entries, &rules, employment, today), until);
        let worked = worked(conn, person, kind, range).await?;
        let coming = due(&rules, employment, range, &worked, &entries);
        entries.extend(coming);
    }
    Ok(Ledger { entries, pending })
}

/// What should stand in the ledger by today, and does not.
async fn owed(
    conn: &mut PgConnection,
    person: &PersonRow,
    kind: &TypeRow,
    employment: Employment,
    posted: &[Entry],
    today: NaiveDate,
) -> Result<Vec<Entry>, Error> {
    let rules = kind.rules();
    let range = DateRange::new(mended_from(posted, &rules, employment, today), today);
    let worked = worked(conn, person, kind, range).await?;
    Ok(due(&rules, employment, range, &worked, posted))
}

/// From which day on the ledger is held against its rules: from the beginning of the leave year, so
/// that a change of the rules leaves earlier years as they were, and in its first weeks from the
/// beginning of the one before, if that is in the ledger. Of somebody who has come since, all is: what
/// was granted for years before was never theirs.
fn mended_from(
    posted: &[Entry],
    rules: &model::attendance::accrual::LeaveType,
    employment: Employment,
    today: NaiveDate,
) -> NaiveDate {
    let begins = rules.year_of(today).from;
    if employment.from > begins {
        let first = posted.iter().map(|entry| entry.effective_on).min();
        return first.map_or(begins, |first| rules.year_of(first).from.min(begins));
    }
    let is_young = (today - begins).num_days() < MENDED_DAYS;
    let has_last_year = posted.iter().any(|entry| entry.effective_on < begins);
    match begins.pred_opt() {
        Some(last) if is_young && has_last_year => rules.year_of(last).from,
        _ => begins,
    }
}

async fn worked(
    conn: &mut PgConnection,
    person: &PersonRow,
    kind: &TypeRow,
    range: DateRange,
) -> Result<Worked, Error> {
    let Accrual::Worked { .. } = kind.rules.accrual else {
        return Ok(Worked::new());
    };
    // A grant by work looks back to the beginning of its leave year.
    let from = kind.rules().year_of(range.from).from;
    let days = store::worked(conn, person.id, from, range.until).await?;
    Ok(days.into_iter().collect())
}

fn employment(person: &PersonRow) -> Option<Employment> {
    let from = person.employed_from?;
    let until = person.employed_until;
    Some(Employment { from, until })
}

fn is_taking(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Taken | EntryKind::Returned)
}

/// What an entry is, in words.
pub(super) fn says(entry: &Entry) -> String {
    let day = entry.effective_on;
    match entry.kind {
        EntryKind::Grant if entry.source_key.contains('#') => "Granted, put right".to_owned(),
        EntryKind::Grant => "Granted".to_owned(),
        EntryKind::Taken => "Taken".to_owned(),
        EntryKind::Returned => "Given back".to_owned(),
        EntryKind::Lapse => format!("Not carried over into {}", day.year()),
        EntryKind::Expiry => "Not taken in time after it was carried over".to_owned(),
        EntryKind::Adjustment => "Entered".to_owned(),
        EntryKind::Payout => "Paid out".to_owned(),
    }
}

/// A working day where nobody has a roster.
pub(super) const USUAL_DAY: i64 = DAY_MINUTES;
