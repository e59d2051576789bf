//! The week page: one's own time with other people and rooms over it, and what suits best.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use model::scheduling::availability::{AbsenceKind, Standing};
use model::scheduling::interval::Interval;
use model::scheduling::suggest::{Suggestion, Wish};
use model::scheduling::views::{
    DayColumn, Layer, SuggestedTime, Taken, WeekPage, WeekQuery, Whose,
};
use model::zone::Zone;
use model::{Actor, MeetingId, Permission, PersonId};

use crate::availability::{common, local_time, obstacle, suggestions};
use crate::load::{Loaded, PersonTime, RoomTime, busy};
use crate::store::occupancy::TakenRow;
use crate::store::{calendar, people, rooms};
use crate::{Error, Scheduling, turns};

/// The most people and rooms that lie over one's own week.
const MOST: usize = 100;

impl Scheduling {
    /// One week of the reader with the people and rooms of the query over it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `meetings:read`; [`Error::NotAPerson`]; [`Error::Invalid`] for
    /// too many people, or a length that no meeting has.
    pub async fn week(&self, actor: &Actor, query: &WeekQuery) -> Result<WeekPage, Error> {
        actor.require(Permission::MeetingsRead)?;
        let minutes = query.minutes.unwrap_or(30);
        if !(5..=1440).contains(&minutes) {
            let message = "A meeting to look for takes 5 minutes to 24 hours.";
            return Err(Error::field("minutes", message));
        }
        if query.people.len() + query.rooms.len() > MOST {
            let message = format!("Look at no more than {MOST} people and rooms at once.");
            return Err(Error::field("people", message));
        }
        let now = self.deps.now();
        let zone = crate::page::zone_of(actor);
        let (days, range) = days(&zone, query.day, now)?;
        let mut conn = self.deps.db.read().await?;
        let me = self.reader(&mut conn, actor).await?;
        let mut wanted = vec![me.clone()];
        let found = people::by_ids(&mut conn, &query.people).await?;
        for id in query.people.iter().filter(|id| **id != me.id) {
            wanted.extend(found.iter().find(|p| p.id == *id).cloned());
        }
        let ids: Vec<_> = query.rooms.iter().map(|id| id.0).collect();
        let rooms = rooms::by_ids(&mut conn, &ids).await?;
        let mut loaded = self
            .load(&mut conn, &wanted, &rooms, range, now, None)
            .await?;
        turns::count(&mut conn, &mut loaded.people, now).await?;
        let own = calendar::of_person(&mut conn, me.id, range.from, range.to, 1_000).await?;
        let titles: HashMap<MeetingId, String> = own
            .iter()
            .map(|row| (row.meeting_id, row.title.clone()))
            .collect();
        let meetings = crate::agenda::own_meetings(&mut conn, own, me.id, &zone).await?;
        drop(conn);

        let optional: BTreeSet<PersonId> = query.optional.iter().copied().collect();
        let second = loaded
            .people
            .first()
            .and_then(|p| p.preferences.second_zone.clone())
            .and_then(|name| Zone::named(&name).ok());
        let holidays = loaded.people.first().map(holidays).unwrap_or_default();
        let wish = wish(&zone, i64::from(minutes), range, now);
        let suggested: Vec<SuggestedTime> = suggestions(&loaded, &optional, &wish)
            .into_iter()
            .map(|suggestion| suggested(suggestion, &loaded, &zone, &wish))
            .collect();
        let obstacles = match suggested.is_empty() {
            true => obstacles(&loaded, &optional, &wish),
            false => Vec::new(),
        };
        let common = common(&loaded, &optional, range);
        Ok(WeekPage {
            days: days
                .into_iter()
                .map(|(day, from, to)| {
                    column(&zone, second.as_ref(), day, from, to, now, &holidays)
                })
                .collect(),
            zone: zone.name().to_owned(),
            second_zone: second.map(|zone| zone.name().to_owned()),
            now: zone.stamp(now),
            layers: layers(&loaded, &optional, &titles, range),
            meetings,
            minutes,
            common: common.at_least(i64::from(minutes)).as_slice().to_vec(),
            suggestions: suggested,
            obstacles,
            me,
        })
    }
}

type Day = (NaiveDate, DateTime<Utc>, DateTime<Utc>);

/// The seven days of the week that a day is in, Monday first.
fn days(
    zone: &Zone,
    day: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<(Vec<Day>, Interval), Error> {
    let beyond = || Error::field("day", "There is no such week.");
    let day = day.unwrap_or_else(|| zone.day_of(now));
    let back = u64::from(day.weekday().num_days_from_monday());
    let monday = day.checked_sub_days(Days::new(back)).ok_or_else(beyond)?;
    let mut week = Vec::with_capacity(7);
    for offset in 0..7 {
        let date = monday
            .checked_add_days(Days::new(offset))
            .ok_or_else(beyond)?;
        let next = date.succ_opt().ok_or_else(beyond)?;
        let from = zone.start_of(date).ok_or_else(beyond)?;
        let to = zone.start_of(next).ok_or_else(beyond)?;
        week.push((date, from, to));
    }
    let first = week.first().ok_or_else(beyond)?.1;
    let last = week.last().ok_or_else(beyond)?.2;
    Ok((week, Interval::new(first, last)))
}

fn column(
    zone: &Zone,
    second: Option<&Zone>,
    date: NaiveDate,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
    holidays: &[Interval],
) -> DayColumn {
    let changes = zone.transitions(from, to).into_iter();
    let changes = changes.filter(|change| change.at > from && change.at < to);
    DayColumn {
        date,
        from,
        to,
        changes: changes
            .map(|change| (change.at, zone.offset_minutes(change.at)))
            .collect(),
        offset_minutes: zone.offset_minutes(from),
        second_offset_minutes: second.map(|zone| zone.offset_minutes(from)),
        today: zone.day_of(now) == date,
        holiday: holidays.iter().any(|h| h.contains(from)),
    }
}

fn holidays(time: &PersonTime) -> Vec<Interval> {
    let own = time.absences.iter();
    let own = own.filter(|absence| absence.kind == AbsenceKind::Holiday);
    own.map(|absence| absence.during).collect()
}

/// What is looked for: so many minutes, in what is left of the week.
fn wish(zone: &Zone, minutes: i64, range: Interval, now: DateTime<Utc>) -> Wish {
    let within = Interval::new(range.from.max(now).min(range.to), range.to);
    Wish {
        reader: local_time(zone, range),
        ..Wish::new(minutes, within)
    }
}

fn suggested(found: Suggestion, loaded: &Loaded, zone: &Zone, wish: &Wish) -> SuggestedTime {
    let name = |id: PersonId| {
        let person = loaded.people.iter().find(|p| p.person.id == id);
        person.map_or("Somebody", |p| {
            crate::availability::first_name(&p.person.name)
        })
    };
    let missing = found.missing.iter().filter_map(|missing| {
        let why = missing.why.first()?;
        Some(why.sentence(name(missing.person), &wish.reader))
    });
    SuggestedTime {
        from: zone.stamp(found.slot.from),
        to: zone.stamp(found.slot.to),
        score: found.score,
        reasons: found.reasons,
        missing: missing.collect(),
        room: found.room.and_then(|id| {
            let room = loaded.rooms.iter().find(|r| r.room.id == id)?;
            Some((id, room.room.name.clone()))
        }),
    }
}

/// Why there is no suggestion: for each person, what stands in the way of the first working slot.
fn obstacles(loaded: &Loaded, optional: &BTreeSet<PersonId>, wish: &Wish) -> Vec<String> {
    let needed = loaded
        .people
        .iter()
        .filter(|p| !optional.contains(&p.person.id));
    let working = loaded
        .people
        .first()
        .map(|p| p.availability.working.clone());
    let working = working.unwrap_or_default().clipped(wish.within);
    let Some(first) = working.as_slice().first() else {
        return vec!["None of your working hours are left in this week.".to_owned()];
    };
    let slot = Interval::starting(first.from, wish.minutes);
    needed
        .filter(|p| p.availability.standing(&slot) != Standing::Free)
        .filter_map(|p| obstacle(p, &slot, &wish.reader))
        .collect()
}

fn layers(
    loaded: &Loaded,
    optional: &BTreeSet<PersonId>,
    titles: &HashMap<MeetingId, String>,
    range: Interval,
) -> Vec<Layer> {
    let people = loaded.people.iter().map(|time| Layer {
        whose: Whose::Person {
            id: time.person.id,
            required: !optional.contains(&time.person.id),
            zone: time.person.zone.clone(),
        },
        name: time.person.name.clone(),
        taken: taken(&time.taken, titles, range),
        working: time.availability.working.as_slice().to_vec(),
        away: time
            .absences
            .iter()
            .filter_map(|absence| absence.during.intersection(&range))
            .collect(),
        trust: time.availability.trust,
    });
    let rooms = loaded.rooms.iter().map(|time: &RoomTime| Layer {
        whose: Whose::Room {
            id: time.room.id,
            capacity: time.row.capacity,
        },
        name: time.room.name.clone(),
        taken: taken(&time.taken, titles, range),
        working: Vec::new(),
        away: Vec::new(),
        trust: time.availability.trust,
    });
    people.chain(rooms).collect()
}

/// What is taken; which meeting it is, only for those who take part in it.
fn taken(rows: &[TakenRow], titles: &HashMap<MeetingId, String>, range: Interval) -> Vec<Taken> {
    let seen = rows.iter().filter_map(|row| {
        let busy = busy(row);
        let title = titles.get(&row.meeting_id).cloned();
        Some(Taken {
            during: busy.during.intersection(&range)?,
            status: busy.status,
            meeting: title.is_some().then_some(row.meeting_id),
            title,
        })
    });
    seen.collect()
}
