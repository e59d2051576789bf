//! Who has to be told what, from what was told so far. Pure.

use std::collections::BTreeMap;

use model::scheduling::meeting::MeetingState;

use crate::store::meetings::MeetingRow;
use crate::store::notices::ReaderRow;

/// What a mail says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Come.
    Asked,
    /// Something is new since the last mail.
    Changed,
    /// Of a series, nothing is to come any more.
    Ended,
    /// The meeting does not take place.
    Cancelled,
    /// It takes place, but not with you.
    LetGo,
}

impl Due {
    /// By what the mail is known, so that it goes out once for each version of the meeting.
    pub(super) fn what(self, version: i32) -> String {
        match self {
            Self::Asked | Self::Changed | Self::Ended => format!("request:{version}"),
            Self::Cancelled | Self::LetGo => format!("cancel:{version}"),
        }
    }

    /// Whether it takes an invitation back.
    pub(super) const fn takes_back(self) -> bool {
        matches!(self, Self::Cancelled | Self::LetGo)
    }
}

/// The mails that are owed. `readers` in the order in which they were asked.
///
/// Somebody who was taken off and asked again has two rows. A calendar knows only the address, so
/// the rows of one address are looked at together, and its last one gets the mail.
pub(super) fn due<'a>(row: &MeetingRow, readers: &'a [ReaderRow]) -> Vec<(&'a ReaderRow, Due)> {
    let mut by_address: BTreeMap<String, Vec<&ReaderRow>> = BTreeMap::new();
    let others = readers
        .iter()
        .filter(|reader| reader.person_id != Some(row.organizer_id));
    for reader in others {
        let rows = by_address.entry(reader.email.to_lowercase()).or_default();
        rows.push(reader);
    }
    let owed = by_address.values().filter_map(|rows| {
        let last = rows
            .iter()
            .rev()
            .find(|reader| !reader.removed)
            .or_else(|| rows.last())?;
        if !last.reachable {
            return None;
        }
        // Whether an invitation lies in that calendar which nothing has taken back.
        let knows = rows.iter().fold(false, |knows, reader| {
            (knows || reader.asked) && !reader.let_go
        });
        let due = match (row.state, last.removed) {
            (MeetingState::Confirmed, false) if last.asked_now => return None,
            (MeetingState::Confirmed, false) if knows => Due::Changed,
            (MeetingState::Confirmed, false) => Due::Asked,
            (MeetingState::Cancelled, _) if knows => Due::Cancelled,
            (MeetingState::Confirmed, true) if knows => Due::LetGo,
            _ => return None,
        };
        Some((*last, due))
    });
    owed.collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDateTime, Utc};
    use model::scheduling::meeting::Response;
    use model::{AttendeeId, MeetingId, PersonId};
    use uuid::Uuid;

    use super::*;

    const ORGANIZER: PersonId = PersonId(Uuid::from_u128(1));

    fn meeting(state: MeetingState) -> MeetingRow {
        MeetingRow {
            id: MeetingId(Uuid::nil()),
            uid: "x@example.org".into(),
            title: "Probe set".into(),
            description: String::new(),
            location: String::new(),
            organizer_id: ORGANIZER,
            state,
            local_start: NaiveDateTime::default(),
            zone: "UTC".into(),
            duration_minutes: 30,
            rule: None,
            expanded_until: None,
            split_from: None,
            sequence: 1,
            version: 2,
            client_key: "k".into(),
            hold_until: None,
            created_by: "system:test".into(),
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            updated_at: DateTime::<Utc>::UNIX_EPOCH,
        }
    }

    /// A reader of an address with what went out: `a`sked, asked `n`ow, `l`et go, `r`emoved.
    fn reader(number: u128, email: &str, facts: &str) -> ReaderRow {
        ReaderRow {
            id: AttendeeId(Uuid::from_u128(number)),
            person_id: None,
            email: email.into(),
            name: email.into(),
            required: true,
            response: Response::NeedsAction,
            link_token: String::new(),
            removed: facts.contains('r'),
            zone: None,
            reachable: !facts.contains('x'),
            asked: facts.contains('a') || facts.contains('n'),
            asked_now: facts.contains('n'),
            let_go: facts.contains('l'),
        }
    }

    #[track_caller]
    fn check(state: MeetingState, facts: &[&str], expected: &[(usize, Due)]) {
        let readers: Vec<ReaderRow> = facts
            .iter()
            .enumerate()
            .map(|(place, facts)| reader(place as u128, "Ana@example.org", facts))
            .collect();
        let row = meeting(state);
        let owed: Vec<(usize, Due)> = due(&row, &readers)
            .into_iter()
            .map(|(reader, due)| (reader.id.0.as_u128() as usize, due))
            .collect();
        assert_eq!(owed, expected, "{state} {facts:?}");
    }

    #[test]
    fn a_guest_is_asked_once_and_told_of_each_change() {
        check(MeetingState::Confirmed, &[""], &[(0, Due::Asked)]);
        check(MeetingState::Confirmed, &["a"], &[(0, Due::Changed)]);
        check(MeetingState::Confirmed, &["an"], &[]);
    }

    #[test]
    fn what_was_never_told_is_not_taken_back() {
        check(MeetingState::Held, &[""], &[]);
        check(MeetingState::Cancelled, &[""], &[]);
        check(MeetingState::Confirmed, &["r"], &[]);
    }

    #[test]
    fn an_invitation_is_taken_back_once() {
        check(MeetingState::Cancelled, &["a"], &[(0, Due::Cancelled)]);
        check(MeetingState::Cancelled, &["al"], &[]);
        check(MeetingState::Confirmed, &["ar"], &[(0, Due::LetGo)]);
        check(MeetingState::Confirmed, &["arl"], &[]);
    }

    #[test]
    fn whoever_is_asked_again_is_told_of_a_change_and_let_go_once() {
        // Taken off and asked again before any mail went out.
        check(MeetingState::Confirmed, &["ar", ""], &[(1, Due::Changed)]);
        // Let go by mail in between.
        check(MeetingState::Confirmed, &["arl", ""], &[(1, Due::Asked)]);
        check(MeetingState::Confirmed, &["ar", "r"], &[(1, Due::LetGo)]);
        check(MeetingState::Confirmed, &["ar", "rl"], &[]);
        check(MeetingState::Confirmed, &["arl", "r"], &[]);
    }

    #[test]
    fn nobody_writes_to_the_organizer_or_to_who_has_left() {
        let mut own = reader(0, "own@example.org", "");
        own.person_id = Some(ORGANIZER);
        let gone = reader(1, "gone@example.org", "x");
        assert!(due(&meeting(MeetingState::Confirmed), &[own, gone]).is_empty());
    }
}
