//! The list: which event wakes which domain. Domains do not call each other; what one has to do
//! because of another is here, and has its effect exactly once an event.

use attendance::Attendance;
use attendance::audited::{AUDITED, Audited};
use attendance::days_off::{HOLIDAYS_CHANGED, HolidaysChanged, free_key};
use attendance::duty::{MOST_SHIFTS, ROSTER_CHANGED, RosterChanged, shift_key};
use attendance::leave::{Absence, LEAVE_CHANGED, LeaveChanged};
use attendance::privacy::{VIEWED, Viewed, named};
use identity::Identity;
use identity::news::{PERSON_CHANGED, PersonChanged};
use model::identity::PersonView;
use model::scheduling::interval::Interval;
use model::scheduling::meeting::Colleague;
use model::{Actor, Page, Problem};
use platform::db::Tx;
use platform::jobs::{JobError, JobResult};
use platform::outbox::{Event, Subscribers};
use scheduling::Scheduling;
use scheduling::absences::Away;

use crate::wiring::Services;

/// What meetings call a public holiday.
const HOLIDAY: &str = "holiday";

/// Every durable subscriber. The way of the money from capture to the bank line is inside one
/// domain, and pages that stay open listen to the broadcast instead.
pub fn all(identity: &Identity, scheduling: &Scheduling, attendance: &Attendance) -> Subscribers {
    let mut subscribers = Subscribers::new();
    let domains = (identity.clone(), scheduling.clone(), attendance.clone());
    subscribers.on(PERSON_CHANGED, "scheduling.people", {
        let (identity, scheduling, _) = domains.clone();
        move |tx, event| {
            let (identity, scheduling) = (identity.clone(), scheduling.clone());
            Box::pin(async move {
                let person = who_changed(&identity, event).await?;
                keep_colleague(&scheduling, tx, &person).await
            })
        }
    });
    subscribers.on(PERSON_CHANGED, "attendance.people", {
        let (identity, _, attendance) = domains.clone();
        move |tx, event| {
            let (identity, attendance) = (identity.clone(), attendance.clone());
            Box::pin(async move {
                let person = who_changed(&identity, event).await?;
                keep_employee(&attendance, tx, &person).await
            })
        }
    });
    subscribers.on(LEAVE_CHANGED, "scheduling.leave", {
        let (_, scheduling, attendance) = domains.clone();
        move |tx, event| {
            let (scheduling, attendance) = (scheduling.clone(), attendance.clone());
            Box::pin(async move { keep_leave(&scheduling, &attendance, tx, event).await })
        }
    });
    subscribers.on(ROSTER_CHANGED, "scheduling.shifts", {
        let (_, scheduling, attendance) = domains.clone();
        move |tx, event| {
            let (scheduling, attendance) = (scheduling.clone(), attendance.clone());
            Box::pin(async move { keep_shifts(&scheduling, &attendance, tx, event).await })
        }
    });
    subscribers.on(HOLIDAYS_CHANGED, "scheduling.holidays", {
        let (_, scheduling, attendance) = domains.clone();
        move |tx, event| {
            let (scheduling, attendance) = (scheduling.clone(), attendance.clone());
            Box::pin(async move { keep_holidays(&scheduling, &attendance, tx, event).await })
        }
    });
    subscribers.on(AUDITED, "identity.changes", {
        let (identity, ..) = domains.clone();
        move |tx, event| {
            let identity = identity.clone();
            Box::pin(async move { audit_change(&identity, tx, event).await })
        }
    });
    subscribers.on(VIEWED, "identity.audit", {
        let (identity, ..) = domains;
        move |tx, event| {
            let identity = identity.clone();
            Box::pin(async move { audit_view(&identity, tx, event).await })
        }
    });
    subscribers
}

/// The event names who has changed; the rest is read as it is now, so that events that come late or
/// together do no harm.
async fn who_changed(identity: &Identity, event: &Event) -> Result<PersonView, JobError> {
    let PersonChanged { person } = serde_json::from_value(event.payload.clone())?;
    Ok(identity
        .get_person(&Actor::system("subscribers"), person)
        .await?)
}

/// Meetings keep people of their own.
async fn keep_colleague(scheduling: &Scheduling, tx: &mut Tx, person: &PersonView) -> JobResult {
    let (colleague, active) = colleague(person);
    scheduling.keep_person_in_tx(tx, &colleague, active).await?;
    Ok(())
}

/// So does attendance.
async fn keep_employee(attendance: &Attendance, tx: &mut Tx, person: &PersonView) -> JobResult {
    let (colleague, active) = colleague(person);
    attendance.keep_person_in_tx(tx, &colleague, active).await?;
    Ok(())
}

/// Granted leave keeps its person from meetings, and says no more than that.
async fn keep_leave(
    scheduling: &Scheduling,
    attendance: &Attendance,
    tx: &mut Tx,
    event: &Event,
) -> JobResult {
    let LeaveChanged { request } = serde_json::from_value(event.payload.clone())?;
    let absence = attendance.absence_of(request).await?;
    let leave = absence.map(|absence| Away {
        person: absence.person,
        kind: absence.kind,
        during: Interval::new(absence.from, absence.to),
        source_key: absence.source_key,
    });
    let key = Absence::key_of(request);
    scheduling.set_leave_in_tx(tx, &key, leave.as_ref()).await?;
    Ok(())
}

/// Shifts of the roster, nights among them, whose rest meetings respect; and days that it leaves free.
async fn keep_shifts(
    scheduling: &Scheduling,
    attendance: &Attendance,
    tx: &mut Tx,
    event: &Event,
) -> JobResult {
    let changed: RosterChanged = serde_json::from_value(event.payload.clone())?;
    let dates = changed.date.iter_days().take_while(|d| *d <= changed.until);
    let keys = dates.flat_map(|date| {
        let shifts = (0..MOST_SHIFTS).map(move |place| shift_key(changed.employee, date, place));
        shifts.chain([free_key(changed.employee, date)])
    });
    let keys: Vec<String> = keys.collect();
    scheduling.drop_absences_in_tx(tx, &keys).await?;
    let duties = attendance
        .duties_in_tx(tx, changed.employee, changed.date, changed.until)
        .await?;
    for duty in duties {
        let kind = if duty.is_night {
            "night_shift"
        } else {
            "shift"
        };
        let away = Away {
            person: changed.employee,
            kind: kind.to_owned(),
            during: duty.during,
            source_key: duty.source_key,
        };
        scheduling.keep_absence_in_tx(tx, &away).await?;
    }
    let free = attendance
        .free_days_in_tx(tx, changed.employee, changed.date, changed.until)
        .await?;
    for day in free {
        let away = Away {
            person: changed.employee,
            kind: "day_off".to_owned(),
            during: day.during,
            source_key: day.source_key,
        };
        scheduling.keep_absence_in_tx(tx, &away).await?;
    }
    Ok(())
}

/// Public holidays, by the region of each person's terms.
async fn keep_holidays(
    scheduling: &Scheduling,
    attendance: &Attendance,
    tx: &mut Tx,
    event: &Event,
) -> JobResult {
    let HolidaysChanged { employees } = serde_json::from_value(event.payload.clone())?;
    for person in employees {
        let days = attendance.days_off_in_tx(tx, person).await?.into_iter();
        let all = days.map(|day| Away {
            person,
            kind: HOLIDAY.to_owned(),
            during: day.during,
            source_key: day.source_key,
        });
        let all: Vec<Away> = all.collect();
        scheduling
            .set_absences_in_tx(tx, person, HOLIDAY, &all)
            .await?;
    }
    Ok(())
}

/// Who has looked at whose days stands in the audit log.
async fn audit_view(identity: &Identity, tx: &mut Tx, event: &Event) -> JobResult {
    let viewed: Viewed = serde_json::from_value(event.payload.clone())?;
    let subject = format!("person:{}", viewed.employee);
    let detail = serde_json::json!({ "what": viewed.what });
    identity
        .record_in_tx(tx, &viewed.actor(), "attendance.viewed", &subject, detail)
        .await?;
    Ok(())
}

/// So do changes and decisions.
async fn audit_change(identity: &Identity, tx: &mut Tx, event: &Event) -> JobResult {
    let Audited {
        by,
        action,
        subject,
        detail,
    } = serde_json::from_value(event.payload.clone())?;
    identity
        .record_in_tx(tx, &named(&by), &action, &subject, detail)
        .await?;
    Ok(())
}

/// Has the domains that keep people of their own know everybody: those who were there before such a
/// domain was, and those of demo data, whose events are delivered only when all of it is made.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_everybody(services: &Services) -> anyhow::Result<()> {
    let actor = Actor::system("subscribers");
    let mut after: Option<String> = None;
    loop {
        let page = services
            .identity
            .list_people(&actor, None, after.as_deref(), Page::<()>::MAX)
            .await
            .map_err(Problem::from)?;
        let mut tx = services.deps.db.begin("people.keep_everybody").await?;
        for person in &page.items {
            let (colleague, active) = colleague(person);
            services
                .scheduling
                .keep_person_in_tx(&mut tx, &colleague, active)
                .await?;
            services
                .attendance
                .keep_person_in_tx(&mut tx, &colleague, active)
                .await?;
        }
        tx.commit().await?;
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// A person as meetings and attendance need them, and whether they still take part.
fn colleague(person: &PersonView) -> (Colleague, bool) {
    let colleague = Colleague {
        id: person.id,
        name: person.name.clone(),
        email: person.email.clone(),
        zone: person.zone.clone(),
    };
    (colleague, person.disabled_at.is_none())
}
