//! What HR keeps: kinds of leave beside the usual ones, entries by hand, and a file of punches that somebody
//! has brought and nobody has decided about.

use anyhow::Context;
use chrono::{Datelike, Days};
use model::attendance::accrual::{
    Accrual, CarryOver, DAY_MINUTES, Direction, LeaveType, Proration, Rounding,
};
use model::attendance::views::{HandEntry, LeaveEntryForm, ToldAs};
use model::{Actor, LeaveTypeId, Problem};

use super::{Play, unless_there};

/// Who keeps it.
const HR: &str = "Henry Adler";

/// Makes kinds, entries and the file. Keys are fixed, so a second run makes nothing more.
pub(super) async fn keep(play: &Play<'_>) -> anyhow::Result<()> {
    let hr = play.actor_of(HR)?;
    kinds(play, &hr).await?;
    entries(play, &hr).await?;
    file(play, &hr).await
}

async fn kinds(play: &Play<'_>, hr: &Actor) -> anyhow::Result<()> {
    let training = LeaveType {
        code: "training".into(),
        name: "Training".into(),
        paid: true,
        accrual: Accrual::Yearly {
            minutes: 5 * DAY_MINUTES,
        },
        proration: Proration::Months,
        rounding: Rounding {
            unit_minutes: DAY_MINUTES / 2,
            direction: Direction::Up,
        },
        year_start_month: 1,
        cap_minutes: None,
        yearly_cap_minutes: None,
        carry_over: CarryOver {
            most_minutes: Some(0),
            months: None,
        },
        overdraft_minutes: Some(0),
    };
    let parental = LeaveType {
        code: "parental".into(),
        name: "Parental leave".into(),
        paid: false,
        accrual: Accrual::None,
        carry_over: CarryOver::default(),
        overdraft_minutes: None,
        ..training.clone()
    };
    let service = &play.services.attendance;
    for rules in [&training, &parental] {
        let saved = service.save_leave_kind(hr, None, 0, ToldAs::Leave, rules);
        unless_there(saved.await)?;
    }
    let house = LeaveType {
        name: "Move of the office".into(),
        ..parental
    };
    let known = service.leave_kinds(hr).await.map_err(Problem::from)?.kinds;
    if known.iter().all(|kind| kind.rules.name != house.name) {
        let saved = service.save_leave_kind(hr, None, 0, ToldAs::Leave, &house);
        let id = saved.await.map_err(Problem::from)?;
        let retired = service.retire_leave_kind(hr, id, 1, true);
        retired.await.map_err(Problem::from)?;
    }
    Ok(())
}

async fn entries(play: &Play<'_>, hr: &Actor) -> anyhow::Result<()> {
    let service = &play.services.attendance;
    let known = service.leave_kinds(hr).await.map_err(Problem::from)?.kinds;
    let kind = |name: &str| -> anyhow::Result<LeaveTypeId> {
        let found = known.iter().find(|kind| kind.rules.name == name);
        Ok(found
            .with_context(|| format!("no leave is called {name}"))?
            .id)
    };
    let first = play.today() - Days::new(u64::from(play.today().ordinal0().min(20)));
    for (name, of, entry, days, reason) in [
        (
            "Lena Brook",
            "Annual leave",
            HandEntry::Grant,
            2,
            "Five years with us",
        ),
        (
            "Priya Raman",
            "Annual leave",
            HandEntry::Correction,
            -1,
            "A day of March was counted twice",
        ),
        (
            "Tobias Kern",
            "Training",
            HandEntry::Grant,
            3,
            "First-aid course, all of it",
        ),
    ] {
        let form = LeaveEntryForm {
            type_id: kind(of)?,
            entry,
            minutes: days * DAY_MINUTES,
            day: first,
            reason: reason.to_owned(),
        };
        let person = play.person(name)?.id;
        let key = format!("demo {name}");
        let entered = service.enter_leave(hr, person, &form, &key);
        unless_there(entered.await)?;
    }
    Ok(())
}

/// Punches of an old reader in the basement, one of them of a badge that is nobody's.
async fn file(play: &Play<'_>, hr: &Actor) -> anyhow::Result<()> {
    let since = u64::from(play.today().weekday().num_days_from_monday());
    let monday = play.today() - Days::new(since + 7);
    let mut text = String::from("Email;Badge;Date;Time;Door\n");
    for (place, name) in ["Lukas Engel", "Clara Weiss", "Ines Falk"]
        .iter()
        .enumerate()
    {
        let email = &play.person(name)?.email;
        for (time, day) in [("12:4", monday), ("13:2", monday + Days::new(1))] {
            text.push_str(&format!("{email};;{day};{time}{place};Basement\n"));
        }
    }
    text.push_str(&format!(";40411;{monday};12:55;Basement\n"));
    let service = &play.services.attendance;
    let kept = service.keep_import(hr, "basement-reader.csv", text.as_bytes());
    unless_there(kept.await)?;
    Ok(())
}
