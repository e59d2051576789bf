//! What is said of a chosen slot, and of a week that has changed: one sentence, which is shown and
//! announced alike. Pure.

use model::scheduling::availability::Freshness;
use model::scheduling::interval::{Interval, IntervalSet};
use model::scheduling::views::{Layer, WeekPage, Whose};

use super::words;
use crate::format::counted;

/// What a layer is during a slot, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Free,
    /// Not to be read, so not known.
    Unknown,
    /// Not at work then.
    Off,
    /// On leave or a holiday.
    Away,
    /// Taken.
    Busy,
}

/// A slot in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `Tue 24 Nov, 09:15 to 09:45, free for all 4`.
    pub text: String,
    /// Whether nothing stands in its way.
    pub free: bool,
}

/// What is said of a slot.
pub fn verdict(page: &WeekPage, slot: &Interval) -> Verdict {
    let when = words::slot(&page.days, slot);
    let mut obstacles = Vec::new();
    let mut remarks = Vec::new();
    let (mut people, mut rooms) = (0_usize, Vec::new());
    for (index, layer) in page.layers.iter().enumerate() {
        match (standing(layer, slot), &layer.whose) {
            (Standing::Free, Whose::Person { .. }) => people += 1,
            (Standing::Free, Whose::Room { .. }) => rooms.push(layer.name.clone()),
            (
                other,
                Whose::Person {
                    required: false, ..
                },
            ) => {
                remarks.push(format!("{} but need not come", said(layer, index, other)));
            }
            (other, _) => obstacles.push(said(layer, index, other)),
        }
    }
    let past = slot.from < page.now.at;
    if past {
        obstacles.insert(0, "in the past".to_owned());
    }
    let free = obstacles.is_empty();
    let mut parts = if free {
        vec![free_for(people, &rooms, page)]
    } else {
        shortened(obstacles)
    };
    if free && !IntervalSet::from(page.common.clone()).covers(slot) {
        parts.push("though too soon, or too close to another meeting, for somebody".to_owned());
    }
    parts.extend(remarks);
    parts.extend(too_small(page));
    Verdict {
        text: format!("{when}, {}", parts.join(", ")),
        free,
    }
}

/// How many are free, in words, and which rooms.
fn free_for(people: usize, rooms: &[String], page: &WeekPage) -> String {
    let all = page.layers.iter();
    let all = all.filter(|layer| matches!(layer.whose, Whose::Person { .. }));
    let everybody = match (people, all.count()) {
        (_, 0 | 1) if rooms.is_empty() => return "you are free".to_owned(),
        (_, 0 | 1) => return format!("you and {} are free", words::listed(rooms)),
        (2, 2) => "free for both".to_owned(),
        (people, all) if people == all => format!("free for all {all}"),
        (people, all) => format!("free for {people} of {all}"),
    };
    if rooms.is_empty() {
        everybody
    } else {
        format!("{everybody} and {}", words::listed(rooms))
    }
}

/// That the rooms have fewer seats than there are people, if it is so.
fn too_small(page: &WeekPage) -> Option<String> {
    let people = page.layers.iter();
    let people = people.filter(|layer| matches!(layer.whose, Whose::Person { .. }));
    let people = i32::try_from(people.count()).unwrap_or(i32::MAX);
    let rooms = page.layers.iter().filter_map(|layer| match layer.whose {
        Whose::Room { capacity, .. } => Some((layer.name.clone(), capacity)),
        Whose::Person { .. } => None,
    });
    let (names, seats): (Vec<String>, Vec<i32>) = rooms.unzip();
    let has = match names.len() {
        0 => return None,
        1 => "has",
        _ => "have",
    };
    let seats: i32 = seats.into_iter().sum();
    let names = words::listed(&names);
    (seats < people).then(|| {
        let seats = counted(i64::from(seats), "seat", "seats");
        format!("but {names} {has} {seats} for {people}")
    })
}

/// Three obstacles are said; of more, how many there are.
fn shortened(mut obstacles: Vec<String>) -> Vec<String> {
    if obstacles.len() > 3 {
        let more = obstacles.len() - 2;
        obstacles.truncate(2);
        obstacles.push(format!("{more} more are not free"));
    }
    obstacles
}

/// What somebody or a room is, in words.
fn said(layer: &Layer, index: usize, standing: Standing) -> String {
    let (name, is) = match (&layer.whose, index) {
        (_, 0) => ("you", "are"),
        (Whose::Person { .. }, _) => (words::first_name(&layer.name), "is"),
        (Whose::Room { .. }, _) => (layer.name.as_str(), "is"),
    };
    match standing {
        Standing::Free => format!("{name} {is} free"),
        Standing::Unknown if index == 0 => "your calendar is not known".to_owned(),
        Standing::Unknown => format!("{name}’s calendar is not known"),
        Standing::Off => format!("{name} {is} not at work"),
        Standing::Away => format!("{name} {is} away"),
        Standing::Busy => format!("{name} {is} busy"),
    }
}

fn standing(layer: &Layer, slot: &Interval) -> Standing {
    let is_person = matches!(layer.whose, Whose::Person { .. });
    let at_work = || IntervalSet::from(layer.working.clone()).covers(slot);
    if layer.taken.iter().any(|taken| taken.during.overlaps(slot)) {
        Standing::Busy
    } else if layer.away.iter().any(|away| away.overlaps(slot)) {
        Standing::Away
    } else if is_person && !at_work() {
        Standing::Off
    } else if layer.trust.freshness == Freshness::Unknown {
        Standing::Unknown
    } else {
        Standing::Free
    }
}

/// What is said when a week that is shown has changed elsewhere; nothing, if another week or other
/// people are shown now, or nothing that is drawn is different.
pub fn change(before: &WeekPage, after: &WeekPage) -> Option<String> {
    let dates = |page: &WeekPage| page.days.iter().map(|day| day.date).collect::<Vec<_>>();
    let who = |page: &WeekPage| {
        let layers = page.layers.iter();
        layers.map(|l| l.whose.clone()).collect::<Vec<_>>()
    };
    if dates(before) != dates(after) || who(before) != who(after) {
        return None;
    }
    if before.meetings != after.meetings {
        return Some("Your week has changed".to_owned());
    }
    let pairs = before.layers.iter().zip(&after.layers).skip(1);
    let changed = pairs.filter(|(b, a)| b.taken != a.taken || b.away != a.away);
    let names: Vec<String> = changed
        .map(|(_, after)| format!("{}’s", after.name))
        .collect();
    (!names.is_empty()).then(|| format!("{} week has changed", words::listed(&names)))
}

#[cfg(test)]
#[path = "announce_tests.rs"]
mod tests;
