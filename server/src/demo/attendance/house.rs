//! The house: sites, holidays, policies, shifts, rotations, and who works where, for whom, and when.

use std::collections::HashMap;

use anyhow::Context;
use attendance::employment::Terms;
use chrono::{Datelike, Days, NaiveDate};
use model::attendance::compliance::Limits;
use model::attendance::overtime;
use model::attendance::policy::{Policy, WeekStart};
use model::attendance::rotation::Rotation;
use model::attendance::shift::{BreakTier, Pairing, ShiftTemplate, Tone};
use model::attendance::views::{AssignForm, HolidaysView};
use model::{PolicyId, Problem, RotationId, ShiftTemplateId, SiteId};

use super::regions::REGIONS;
use super::{Play, unless_there};

/// Sites: name, zone, region, policy of those who work there.
const SITES: &[(&str, &str, &str, &str)] = &[
    ("Berlin", "Europe/Berlin", "DE-BE", "Germany"),
    ("New York", "America/New_York", "US-NY", "New York"),
    ("Bengaluru", "Asia/Kolkata", "IN-KA", "Standard"),
];

/// Rotations: name, a Monday on which a cycle begins plus so many days, shifts of each day.
const ROTATIONS: &[(&str, u64, &str)] = &[
    ("Days, Monday to Friday", 0, "DDDDD.."),
    ("Early weeks and late weeks", 0, "EEEEE..LLLLL.."),
    ("Late weeks and early weeks", 7, "EEEEE..LLLLL.."),
    ("Nights, Monday to Friday", 0, "NNNNN.."),
    ("Round the clock, crew 1", 0, "EELLNN.."),
    ("Round the clock, crew 2", 2, "EELLNN.."),
    ("Round the clock, crew 3", 4, "EELLNN.."),
    ("Round the clock, crew 4", 6, "EELLNN.."),
];

const DAYS: &str = "Days, Monday to Friday";
const EARLY_FIRST: &str = "Early weeks and late weeks";
const LATE_FIRST: &str = "Late weeks and early weeks";
const NIGHTS: &str = "Nights, Monday to Friday";

/// Where somebody stands: name, team, manager, rotation.
type Post = (&'static str, &'static str, &'static str, &'static str);

/// Those who are not simply in the engineering of their place. The managers come from there as well.
#[rustfmt::skip]
const POSTS: &[Post] = &[
    ("Miriam Vogt", "Leadership", "", DAYS),
    ("Marta Klein", "Operations", "Miriam Vogt", DAYS),
    ("Tobias Kern", "Operations", "Marta Klein", "Round the clock, crew 1"),
    ("Emre Yildiz", "Operations", "Marta Klein", "Round the clock, crew 1"),
    ("Annika Sommer", "Operations", "Marta Klein", "Round the clock, crew 2"),
    ("Paula Lindner", "Operations", "Marta Klein", "Round the clock, crew 2"),
    ("Felix Brandt", "Operations", "Marta Klein", "Round the clock, crew 3"),
    ("Katharina Roth", "Operations", "Marta Klein", "Round the clock, crew 4"),
    ("Sebastian Ott", "Night desk", "Marta Klein", NIGHTS),
    ("Nora Hoffmann", "Night desk", "Marta Klein", NIGHTS),
    ("Leyla Demir", "Design", "Miriam Vogt", DAYS),
    ("Lukas Engel", "Design", "Miriam Vogt", DAYS),
    ("Clara Weiss", "Design", "Miriam Vogt", DAYS),
    ("Ines Falk", "Finance", "Miriam Vogt", DAYS),
    ("Robert Auer", "Systems", "Miriam Vogt", DAYS),
    ("Henry Adler", "People", "Miriam Vogt", DAYS),
    ("Jonas Albrecht", "People", "Miriam Vogt", DAYS),
    ("Grace Whitfield", "Leadership", "Miriam Vogt", DAYS),
    ("Lena Brook", "Support", "Marta Klein", DAYS),
    ("Elena Ruiz", "Support", "Grace Whitfield", EARLY_FIRST),
    ("Noah Feldman", "Support", "Grace Whitfield", LATE_FIRST),
    ("Priya Raman", "Support", "Grace Whitfield", EARLY_FIRST),
    ("Anjali Menon", "Leadership", "Miriam Vogt", DAYS),
    ("Rohan Iyer", "Support", "Anjali Menon", EARLY_FIRST),
    ("Kavya Shetty", "Support", "Anjali Menon", LATE_FIRST),
    ("Arjun Nair", "Support", "Anjali Menon", EARLY_FIRST),
    ("Meera Pillai", "Support", "Anjali Menon", LATE_FIRST),
];

/// Who leads the engineering of each place.
const LEADS: &[(&str, &str)] = &[
    ("Europe/Berlin", "Miriam Vogt"),
    ("America/New_York", "Grace Whitfield"),
    ("Asia/Kolkata", "Anjali Menon"),
];

/// Makes whatever is missing, and gives everybody terms and a rotation.
pub(super) async fn build(play: &Play<'_>) -> anyhow::Result<()> {
    let sites = sites(play).await?;
    holidays(play).await?;
    let policies = policies(play).await?;
    let shifts = shifts(play).await?;
    let rotations = rotations(play, &shifts).await?;
    let service = &play.services.attendance;
    let long_ago = NaiveDate::from_ymd_opt(2000, 1, 1).context("a date")?;
    for person in play.by_name.values() {
        let site = SITES.iter().find(|(_, zone, ..)| *zone == person.zone);
        let Some((site, _, region, policy)) = site else {
            continue;
        };
        let post = POSTS.iter().find(|(name, ..)| *name == person.name);
        let lead = LEADS.iter().find(|(zone, _)| *zone == person.zone);
        let (team, manager, rotation) = match post {
            Some((_, team, manager, rotation)) => (*team, *manager, *rotation),
            None => ("Engineering", lead.map_or("", |(_, name)| *name), DAYS),
        };
        let manager = match manager {
            "" => None,
            name => Some(play.person(name)?.id),
        };
        let terms = Terms {
            policy: *policies.get(*policy).context("a policy")?,
            region: Some((*region).to_owned()),
            site: sites.get(*site).copied(),
            manager,
            team: team.to_owned(),
        };
        let set = service.set_employment(play.actor, person.id, long_ago, &terms);
        set.await.map_err(Problem::from)?;
        let rotation = rotations.get(rotation).copied();
        let follows = service.assign_rotation(play.actor, person.id, rotation, play.begins());
        follows.await.map_err(Problem::from)?;
    }
    by_hand(play, &shifts).await
}

async fn sites(play: &Play<'_>) -> anyhow::Result<HashMap<&'static str, SiteId>> {
    let service = &play.services.attendance;
    let known = service.sites(play.actor).await.map_err(Problem::from)?;
    let mut ids = HashMap::new();
    for (name, zone, ..) in SITES {
        let id = match known.iter().find(|site| site.name == *name) {
            Some(site) => site.id,
            None => {
                let made = service.save_site(play.actor, None, name, zone);
                made.await.map_err(Problem::from)?
            }
        };
        ids.insert(*name, id);
    }
    Ok(ids)
}

async fn holidays(play: &Play<'_>) -> anyhow::Result<()> {
    for (region, name, text) in REGIONS {
        let view = HolidaysView {
            region: (*region).to_owned(),
            name: (*name).to_owned(),
            text: (*text).to_owned(),
            version: 0,
        };
        let saved = play.services.attendance.save_holidays(play.actor, &view);
        unless_there(saved.await)?;
    }
    Ok(())
}

async fn policies(play: &Play<'_>) -> anyhow::Result<HashMap<String, PolicyId>> {
    let tier = |after_minutes, minutes| BreakTier {
        after_minutes,
        minutes,
    };
    let germany = Policy {
        unscheduled_break_tiers: vec![tier(360, 30), tier(540, 45)],
        limits: Some(Limits {
            daily_maximum_minutes: Some(600),
            average_weeks: 24,
            ..Limits::european()
        }),
        ..Policy::default()
    };
    let california = Policy {
        overtime: overtime::Rule::California,
        workweek_start: WeekStart::Sunday,
        ..Policy::default()
    };
    let new_york = Policy {
        overtime: overtime::Rule::Flsa,
        workweek_start: WeekStart::Sunday,
        ..Policy::default()
    };
    let service = &play.services.attendance;
    for (name, policy) in [
        ("Standard", Policy::default()),
        ("Germany", germany),
        ("California", california),
        ("New York", new_york),
    ] {
        let saved = service.save_policy(play.actor, None, 0, name, &policy);
        unless_there(saved.await)?;
    }
    let known = service.policies(play.actor).await.map_err(Problem::from)?;
    Ok(known
        .into_iter()
        .map(|policy| (policy.name, policy.id))
        .collect())
}

async fn shifts(play: &Play<'_>) -> anyhow::Result<HashMap<char, ShiftTemplateId>> {
    let service = &play.services.attendance;
    for (name, code, tone, start, end) in [
        ("Early", "E", Tone::Amber, "06:00", "14:00"),
        ("Day", "D", Tone::Teal, "09:00", "18:00"),
        ("Late", "L", Tone::Violet, "14:00", "22:00"),
        ("Night", "N", Tone::Slate, "22:00", "06:00"),
    ] {
        let is_day = code == "D";
        let tiers: &[(i64, i64)] = match is_day {
            true => &[(360, 60)],
            false => &[(360, 30), (540, 45)],
        };
        let tiers = tiers.iter().map(|(after_minutes, minutes)| BreakTier {
            after_minutes: *after_minutes,
            minutes: *minutes,
        });
        let template = ShiftTemplate {
            name: name.to_owned(),
            code: code.to_owned(),
            tone,
            start: start.parse()?,
            end: end.parse()?,
            halves: match is_day {
                true => Some([
                    ["09:00".parse()?, "13:00".parse()?],
                    ["14:00".parse()?, "18:00".parse()?],
                ]),
                false => None,
            },
            break_tiers: tiers.collect(),
            min_break_piece_minutes: 15,
            max_break_minutes: 120,
            grace_late_minutes: None,
            grace_early_minutes: None,
            capture_before_minutes: None,
            capture_after_minutes: None,
            pairing: Pairing::Auto,
            zone: None,
        };
        unless_there(service.save_template(play.actor, None, 0, &template).await)?;
    }
    let page = service.roster(play.actor, None, None).await;
    let templates = page.map_err(Problem::from)?.templates.into_iter();
    let by_code = templates.filter_map(|view| Some((view.template.code.chars().next()?, view.id)));
    Ok(by_code.collect())
}

async fn rotations(
    play: &Play<'_>,
    shifts: &HashMap<char, ShiftTemplateId>,
) -> anyhow::Result<HashMap<String, RotationId>> {
    let service = &play.services.attendance;
    let monday = NaiveDate::from_ymd_opt(2026, 1, 5).context("a Monday")?;
    for (name, later, days) in ROTATIONS {
        let shifts = |code: char| shifts.get(&code).copied().into_iter().collect();
        let rotation = Rotation {
            name: (*name).to_owned(),
            anchor: monday + Days::new(*later),
            days: days.chars().map(shifts).collect(),
        };
        unless_there(service.save_rotation(play.actor, None, 0, &rotation).await)?;
    }
    let known = service.rotations(play.actor).await.map_err(Problem::from)?;
    Ok(known
        .into_iter()
        .map(|(id, _, rotation)| (rotation.name, id))
        .collect())
}

/// Some days of next week that were decided by hand; two of them leave too little rest.
async fn by_hand(play: &Play<'_>, shifts: &HashMap<char, ShiftTemplateId>) -> anyhow::Result<()> {
    let since_monday = u64::from(play.today().weekday().num_days_from_monday());
    let monday = play.today() - Days::new(since_monday) + Days::new(7);
    for (name, day, code) in [
        ("Katharina Roth", 1, "L"),
        ("Katharina Roth", 2, "E"),
        ("Nora Hoffmann", 4, ""),
        ("Lena Brook", 0, "E"),
    ] {
        let (person, date) = (play.person(name)?.id, monday + Days::new(day));
        let service = &play.services.attendance;
        let page = service.roster(play.actor, Some(date), None).await;
        let rows = page.map_err(Problem::from)?.rows;
        let row = rows.into_iter().find(|row| row.person.id == person);
        let cell = row.and_then(|row| row.cells.into_iter().find(|cell| cell.date == date));
        let form = AssignForm {
            person,
            date,
            templates: code
                .chars()
                .filter_map(|code| shifts.get(&code).copied())
                .collect(),
            version: cell.map_or(0, |cell| cell.version),
        };
        unless_there(service.assign(play.actor, &form).await)?;
    }
    Ok(())
}
