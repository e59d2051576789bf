//! What is typed into the form of a booking, and the request that it becomes. Pure.

use chrono::{NaiveDate, TimeDelta};
use model::scheduling::interval::Interval;
use model::scheduling::meeting::{CreateMeeting, Invitee, Slot};
use model::scheduling::views::{DayColumn, WeekPage, Whose};
use model::{Problem, RoomId};

use super::geometry::instant;
use super::repeat::{Ends, Repeat, rule};
use super::words::reader_stamp;

/// The most times of a series that may be asked for by number.
const MOST_TIMES: u32 = 400;

/// The form as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// What it is about.
    pub title: String,
    /// The day, such as `2026-11-24`.
    pub date: String,
    /// When it begins, such as `09:15`.
    pub from: String,
    /// When it ends.
    pub to: String,
    /// E-mail addresses of others, parted by commas or spaces.
    pub guests: String,
    /// A room that came with a suggestion, beside those of the page.
    pub room: Option<(RoomId, String)>,
    /// How it repeats.
    pub repeat: Repeat,
    /// When a series ends: `never`, `on`, `after`; never, if empty.
    pub ends: String,
    /// The last day of a series.
    pub until: String,
    /// How often a series takes place.
    pub times: String,
    /// Where, in words.
    pub place: String,
    /// More about it.
    pub description: String,
    /// The slot that day and times were filled in from. It tells the two apart where the clocks
    /// show a time twice.
    pub meant: Option<Interval>,
}

impl Draft {
    /// Fills in when it is.
    pub fn set_slot(&mut self, days: &[DayColumn], slot: &Interval) {
        let (from, to) = (reader_stamp(days, slot.from), reader_stamp(days, slot.to));
        let local = from.at + TimeDelta::minutes(i64::from(from.offset_minutes));
        self.date = local.date_naive().to_string();
        self.from = from.clock();
        self.to = to.clock();
        self.meant = Some(*slot);
    }

    /// The day, if one is filled in.
    pub fn day(&self) -> Option<NaiveDate> {
        self.date.parse().ok()
    }

    /// When it is, among the days that are shown.
    ///
    /// # Errors
    /// 422 when there is no such time.
    pub fn slot(&self, days: &[DayColumn]) -> Result<Interval, Problem> {
        let wrong = |message: &str| Problem::invalid_field("slot", message);
        let date = self.day().ok_or_else(|| wrong("Choose a day."))?;
        let day = days.iter().find(|day| day.date == date);
        let day = day.ok_or_else(|| wrong("Go to the week of that day first."))?;
        let (Some(first), Some(last)) = (minutes(&self.from), minutes(&self.to)) else {
            return Err(wrong("Say from when to when, such as 09:15 and 09:45."));
        };
        if let Some(meant) = self.meant.filter(|meant| self.is_still(days, meant)) {
            return Ok(meant);
        }
        let skipped = || wrong("The clocks skip that time on that day.");
        let read = |minute| instant(day, minute, false).or_else(|| instant(day, minute, true));
        let from = read(first).ok_or_else(skipped)?;
        let to = match last {
            // Midnight at its end.
            0 => day.to,
            last => read(last).ok_or_else(skipped)?,
        };
        // Where the clocks show the end twice, it may be the second that is meant.
        let to = match instant(day, last, true) {
            Some(later) if to <= from => later,
            _ => to,
        };
        if to <= from {
            return Err(wrong("The end must come after the beginning."));
        }
        Ok(Interval::new(from, to))
    }

    /// Whether day and times still are those of a slot.
    fn is_still(&self, days: &[DayColumn], slot: &Interval) -> bool {
        let mut filled = Self::default();
        filled.set_slot(days, slot);
        (&filled.date, &filled.from, &filled.to) == (&self.date, &self.from, &self.to)
    }

    /// The request of the booking, with the people and rooms of the page.
    ///
    /// # Errors
    /// 422 with each field that is wrong.
    pub fn request(&self, page: &WeekPage) -> Result<CreateMeeting, Problem> {
        let slot = self.slot(&page.days)?;
        let ends = self.ends()?;
        let request = CreateMeeting {
            title: self.title.trim().to_owned(),
            organizer: None,
            attendees: self.attendees(page),
            slot: Slot {
                from: slot.from,
                to: slot.to,
            },
            rooms: self.rooms(page),
            zone: Some(page.zone.clone()),
            recurrence: rule(self.repeat, ends),
            location: self.place.trim().to_owned(),
            description: self.description.trim().to_owned(),
        };
        request.validate()?;
        Ok(request)
    }

    fn attendees(&self, page: &WeekPage) -> Vec<Invitee> {
        let people = page.layers.iter().filter_map(|layer| match &layer.whose {
            Whose::Person { id, required, .. } if *id != page.me.id => Some(Invitee::Full {
                user: id.to_string(),
                required: *required,
            }),
            _ => None,
        });
        let guests = self.guests.split([',', ';', ' ', '\n']);
        let guests = guests.map(str::trim).filter(|guest| !guest.is_empty());
        let guests = guests.map(|guest| Invitee::Plain(guest.to_owned()));
        people.chain(guests).collect()
    }

    fn rooms(&self, page: &WeekPage) -> Vec<String> {
        let mut rooms: Vec<String> = Vec::new();
        let chosen = page.layers.iter().filter_map(|layer| match &layer.whose {
            Whose::Room { id, .. } => Some(id),
            Whose::Person { .. } => None,
        });
        for id in chosen.chain(self.room.as_ref().map(|(id, _)| id)) {
            let id = id.to_string();
            if !rooms.contains(&id) {
                rooms.push(id);
            }
        }
        rooms
    }

    fn ends(&self) -> Result<Ends, Problem> {
        let wrong = |field: &str, message: &str| Err(Problem::invalid_field(field, message));
        if self.repeat == Repeat::Never {
            return Ok(Ends::Never);
        }
        match self.ends.as_str() {
            "on" => match self.until.parse::<NaiveDate>() {
                Ok(until) if self.day().is_none_or(|day| day <= until) => Ok(Ends::On(until)),
                Ok(_) => wrong("until", "A series ends no earlier than it begins."),
                Err(_) => wrong("until", "Choose the last day."),
            },
            "after" => match self.times.trim().parse::<u32>() {
                Ok(times) if (1..=MOST_TIMES).contains(&times) => Ok(Ends::After(times)),
                _ => wrong("times", "Say how many times, 1 to 400."),
            },
            _ => Ok(Ends::Never),
        }
    }
}

/// The minutes of `09:15` since midnight.
fn minutes(clock: &str) -> Option<u16> {
    let mut parts = clock.trim().split(':');
    let hour: u16 = parts.next()?.parse().ok()?;
    let minute: u16 = parts.next()?.parse().ok()?;
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
