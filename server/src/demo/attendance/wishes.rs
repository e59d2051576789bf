//! What people ask for: leave, days to be put right, and swaps. And the periods of payroll.

use std::collections::HashMap;

use anyhow::Context;
use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};
use model::attendance::accrual::Part;
use model::attendance::day::Direction;
use model::attendance::views::{
    Change, CorrectionForm, LeaveForm, LeaveState, OvertimeChoice, PeriodState, SwapForm,
};
use model::zone::Zone;
use model::{PersonId, Problem};

use super::punches::Forgotten;
use super::{Play, unless_there};

/// Leave: who, what kind, from which day to which as seen from today, how much of it, who grants it
/// (nobody yet if empty), and how many days ago it was asked for.
type Wish = (
    &'static str,
    &'static str,
    i64,
    i64,
    Part,
    &'static str,
    i64,
);

/// Since how many days nobody has looked at overtime.
const WAITS: i64 = 11;

#[rustfmt::skip]
const LEAVE: &[Wish] = &[
    ("Annika Sommer", "Annual leave", -24, -18, Part::Full, "Marta Klein", 45),
    ("Grace Whitfield", "Annual leave", -32, -30, Part::Full, "Miriam Vogt", 50),
    ("Leyla Demir", "Annual leave", 1, 4, Part::Full, "Miriam Vogt", 20),
    ("Marcus Boyd", "Sick leave", 0, 1, Part::Full, "Grace Whitfield", 0),
    ("Kavya Shetty", "Annual leave", 6, 9, Part::Full, "Anjali Menon", 14),
    ("Lena Brook", "Annual leave", -15, -15, Part::Pm, "Marta Klein", 21),
    ("Lena Brook", "Annual leave", 19, 25, Part::Full, "", 1),
    ("Paula Lindner", "Annual leave", 26, 33, Part::Full, "", 2),
    ("Noah Feldman", "Unpaid leave", 12, 13, Part::Full, "", 3),
];

/// Swaps: who asks, whom, with which words, and whether the colleague agrees.
const SWAPS: &[(&str, &str, &str, bool)] = &[
    (
        "Elena Ruiz",
        "Lena Brook",
        "My daughter has a concert that day.",
        false,
    ),
    (
        "Tobias Kern",
        "Paula Lindner",
        "I see the dentist that day.",
        true,
    ),
];

/// Who is away on which day, and for how much of it.
pub(super) type Away = HashMap<(PersonId, NaiveDate), Part>;

/// Asks for leave, and grants what is granted. Says who is away.
pub(super) async fn leave(play: &Play<'_>) -> anyhow::Result<Away> {
    let mut away = Away::new();
    for (name, kind, from, to, part, granted_by, days_ago) in LEAVE {
        let then = play.hours_ago(days_ago * 24).attendance;
        let asks = play.actor_of(name)?;
        let page = then.leave_page(&asks).await.map_err(Problem::from)?;
        let kind = page.types.iter().find(|known| known.name == *kind);
        let (from_day, to_day) = match part {
            Part::Full => (play.in_days(*from), play.in_days(*to)),
            // Half of a day on which there is work.
            _ => (weekday(play.in_days(*from)), weekday(play.in_days(*to))),
        };
        let form = LeaveForm {
            type_id: kind.context("the usual kinds of leave")?.id,
            from_day,
            to_day,
            part: *part,
            note: String::new(),
        };
        let key = format!("demo:leave:{name}:{from_day}");
        let asked = match then.request_leave(&asks, &form, &key).await {
            // A rotation may have these days off.
            Err(attendance::Error::Invalid(problem)) if problem.status == 422 => {
                tracing::debug!(%problem, "leave of the demo that has no day of work");
                continue;
            }
            asked => unless_there(asked)?,
        };
        if granted_by.is_empty() {
            continue;
        }
        if let Some(asked) = asked.filter(|asked| asked.state == LeaveState::Requested) {
            let grants = play.actor_of(granted_by)?;
            let done = then.decide_leave(&grants, asked.id, asked.version, true, "");
            unless_there(done.await)?;
        }
        let person = play.person(name)?.id;
        let days = from_day.iter_days().take_while(|day| *day <= to_day);
        away.extend(days.map(|day| ((person, day), *part)));
    }
    Ok(away)
}

/// Last month is locked, and the present one open.
pub(super) async fn periods(play: &Play<'_>) -> anyhow::Result<()> {
    let service = &play.services.attendance;
    let hr = play.actor_of("Henry Adler")?;
    let last_month = play.first_of_last_month();
    for from in [last_month, last_month + Months::new(1)] {
        let to = from + Months::new(1) - Days::new(1);
        unless_there(service.make_period(&hr, from, to).await)?;
    }
    let page = service.periods_page(&hr).await.map_err(Problem::from)?;
    let period = page
        .periods
        .iter()
        .find(|period| period.from_day == last_month);
    if let Some(period) = period.filter(|period| period.state == PeriodState::Open) {
        let locked = service.lock_period(&hr, period.id, period.version);
        locked.await.map_err(Problem::from)?;
    }
    Ok(())
}

/// Those who forgot to punch out have noticed, and ask.
pub(super) async fn corrections(play: &Play<'_>, forgotten: &[Forgotten]) -> anyhow::Result<()> {
    let then = play.hours_ago(3).attendance;
    for day in forgotten {
        let zone = Zone::named(&play.person(day.name)?.zone)?;
        let left = zone.local_of(day.left + TimeDelta::minutes(4));
        let form = CorrectionForm {
            work_date: day.date,
            changes: vec![Change::Add {
                at: left,
                direction: Direction::Out,
            }],
            reason: "I left with my hands full and forgot to punch out.".to_owned(),
        };
        let asks = play.actor_of(day.name)?;
        let key = format!("demo:correction:{}:{}", day.name, day.date);
        unless_there(then.request_correction(&asks, &form, &key).await)?;
    }
    Ok(())
}

/// Two colleagues are asked to swap the next day on which both work something else; one has agreed.
pub(super) async fn swaps(play: &Play<'_>) -> anyhow::Result<()> {
    let then = play.hours_ago(5).attendance;
    for (asker, colleague, note, agrees) in SWAPS {
        let (asks, other) = (play.actor_of(asker)?, play.actor_of(colleague)?);
        for ahead in 2..=21 {
            let date = play.in_days(ahead);
            let form = SwapForm {
                from_day: date,
                colleague: play.person(colleague)?.id,
                to_day: date,
                note: (*note).to_owned(),
            };
            let key = format!("demo:swap:{asker}");
            let asked = match then.request_swap(&asks, &form, &key).await {
                // Somebody is off or away on this day.
                Err(attendance::Error::Invalid(problem)) if problem.status == 422 => continue,
                asked => unless_there(asked)?,
            };
            if let Some(asked) = asked.filter(|_| *agrees) {
                let done = then.answer_swap(&other, asked.id, asked.version, true, "");
                unless_there(done.await)?;
            }
            break;
        }
    }
    Ok(())
}

/// Overtime was approved until a few days ago; what came since waits.
pub(super) async fn overtime(play: &Play<'_>) -> anyhow::Result<()> {
    let service = &play.services.attendance;
    let hr = play.actor_of("Henry Adler")?;
    let since = play.in_days(-WAITS);
    loop {
        let inbox = service.inbox(&hr).await.map_err(Problem::from)?;
        let old = inbox.overtime.iter().filter(|day| day.work_date < since);
        let choices: Vec<OvertimeChoice> = old
            .map(|day| OvertimeChoice {
                employee: day.employee.id,
                work_date: day.work_date,
                version: day.version,
                early: false,
                minutes: day.overtime_minutes,
                seen_early: day.early_minutes,
                seen_overtime: day.overtime_minutes,
            })
            .collect();
        if choices.is_empty() {
            return Ok(());
        }
        let decided = service.decide_overtime(&hr, &choices, "");
        decided.await.map_err(Problem::from)?;
    }
}

impl Play<'_> {
    fn in_days(&self, days: i64) -> NaiveDate {
        self.today() + TimeDelta::days(days)
    }
}

/// The day itself, or the Friday before a weekend.
fn weekday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(
        day.weekday().number_from_monday().saturating_sub(5),
    ))
}
