//! What an event does to its owner's time, and who the owner is.
//!
//! A declined meeting is not busy, but only the owner's own answer counts, and a file seldom says
//! whose it is. The owner is taken to be, in this order: the address that the calendar is named
//! after (Google's exports), else the one address that takes part in every event that has people,
//! when there are several such events. Where neither tells, an event counts as declined only when
//! all its guests declined it, whoever of them the owner is.

use std::collections::HashSet;

use calcard::icalendar::{
    ICalendarParticipationStatus as Participation, ICalendarProperty as P, ICalendarStatus,
    ICalendarTransparency, ICalendarValue,
};

use crate::ical::limits;

use super::property::Property;

/// What an event does to its owner's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showing {
    /// Nothing: transparent, cancelled or declined.
    Free,
    /// Taken.
    Busy,
    /// Perhaps taken.
    Tentative,
    /// Away.
    OutOfOffice,
}

/// Someone who was asked to an event.
#[derive(Clone, Debug)]
pub struct Guest {
    address: String,
    answer: Option<Participation>,
    is_resource: bool,
}

/// Everything in an event that says how it is shown.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// STATUS:CANCELLED, or METHOD:CANCEL around it.
    pub cancelled: bool,
    tentative: bool,
    transparent: bool,
    /// Outlook's own word, which says more than TRANSP.
    outlook: Option<Showing>,
    organizer: Option<String>,
    guests: Vec<Guest>,
}

impl Marks {
    /// Takes in one property of an event.
    pub(super) fn note(&mut self, property: &Property, content: &str) {
        match property.name() {
            P::Status => match property.value() {
                Some(ICalendarValue::Status(ICalendarStatus::Cancelled)) => self.cancelled = true,
                Some(ICalendarValue::Status(ICalendarStatus::Tentative)) => self.tentative = true,
                // The American spelling is not in the standard but in many files.
                Some(ICalendarValue::Text(other)) if other.eq_ignore_ascii_case("CANCELED") => {
                    self.cancelled = true;
                }
                _ => {}
            },
            P::Transp => {
                self.transparent = matches!(
                    property.value(),
                    Some(ICalendarValue::Transparency(
                        ICalendarTransparency::Transparent
                    ))
                );
            }
            P::Organizer => self.organizer = property.address(),
            P::Attendee if self.guests.len() >= limits::GUESTS => {}
            P::Attendee => self.guests.extend(property.address().map(|address| Guest {
                address,
                answer: property.participation().cloned(),
                is_resource: property.is_resource(),
            })),
            P::Other(name) if name.eq_ignore_ascii_case("X-MICROSOFT-CDO-BUSYSTATUS") => {
                let word = super::lines::value(content)
                    .unwrap_or_default()
                    .to_ascii_uppercase();
                self.outlook = match word.as_str() {
                    "FREE" | "WORKINGELSEWHERE" => Some(Showing::Free),
                    "TENTATIVE" => Some(Showing::Tentative),
                    "OOF" => Some(Showing::OutOfOffice),
                    "BUSY" => Some(Showing::Busy),
                    _ => None,
                };
            }
            _ => {}
        }
    }

    /// How the event is shown in its owner's calendar.
    pub fn showing(&self, owner: Option<&str>) -> Showing {
        let own = owner.and_then(|owner| self.guests.iter().find(|guest| guest.address == owner));
        let declined = match own {
            Some(own) => own.answer == Some(Participation::Declined),
            None => self.all_declined(),
        };
        let unsure = own.is_some_and(|own| own.answer == Some(Participation::Tentative));
        if self.cancelled || self.transparent || declined {
            return Showing::Free;
        }
        match self.outlook {
            Some(Showing::Free) => Showing::Free,
            Some(Showing::OutOfOffice) => Showing::OutOfOffice,
            Some(Showing::Tentative) => Showing::Tentative,
            _ if self.tentative || unsure => Showing::Tentative,
            _ => Showing::Busy,
        }
    }

    fn all_declined(&self) -> bool {
        let mut guests = self
            .guests
            .iter()
            .filter(|guest| !guest.is_resource && Some(&guest.address) != self.organizer.as_ref())
            .peekable();
        guests.peek().is_some() && guests.all(|guest| guest.answer == Some(Participation::Declined))
    }

    fn people(&self) -> impl Iterator<Item = &str> {
        let guests = self.guests.iter().filter(|guest| !guest.is_resource);
        guests
            .map(|guest| guest.address.as_str())
            .chain(self.organizer.as_deref())
    }
}

/// The one address that takes part in every event that has people, if there are several of them.
pub(super) fn common_address<'a>(events: impl Iterator<Item = &'a Marks>) -> Option<String> {
    let mut with_people = events.filter(|marks| marks.people().next().is_some());
    let mut common: Vec<&str> = with_people.next()?.people().collect();
    common.sort_unstable();
    common.dedup();
    let mut events = 1;
    for marks in with_people {
        events += 1;
        let there: HashSet<&str> = marks.people().collect();
        common.retain(|address| there.contains(address));
    }
    match common[..] {
        [only] if events > 1 => Some(only.to_owned()),
        _ => None,
    }
}
