//! From the words of a request to people and rooms.

use std::collections::BTreeSet;

use model::payments::plausible_email;
use model::scheduling::meeting::{Colleague, Invitee, Response};
use model::{FieldError, Problem};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Error;
use crate::store::people;
use crate::store::rooms::{self, RoomRow};

/// Somebody who is asked to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guest {
    /// The person, if it is one of the organisation.
    pub person: Option<Colleague>,
    pub email: String,
    pub name: String,
    pub required: bool,
    /// What they have said to the meeting so far.
    pub response: Response,
}

impl Guest {
    /// The organizer, who comes.
    pub(crate) fn organizer(person: &Colleague) -> Self {
        Self {
            person: Some(person.clone()),
            email: person.email.clone(),
            name: person.name.clone(),
            required: true,
            response: Response::Accepted,
        }
    }

    /// Whether the meeting takes their time.
    pub(crate) const fn takes_time(&self) -> bool {
        takes_time(self.response, self.required)
    }
}

/// Whether a meeting takes somebody's time: of those it needs until they say no, of the others once
/// they say yes.
pub(crate) const fn takes_time(response: Response, required: bool) -> bool {
    match response {
        Response::Declined => false,
        Response::Accepted => true,
        Response::NeedsAction | Response::Tentative => required,
    }
}

/// Finds the people that a request names by id or address, in its order, each once.
///
/// # Errors
/// 422 naming each that is nobody's.
pub(crate) async fn colleagues(
    conn: &mut PgConnection,
    field: &str,
    users: &[String],
) -> Result<Vec<Colleague>, Error> {
    let known = lookup(conn, users).await?;
    let mut found: Vec<Colleague> = Vec::with_capacity(users.len());
    let mut errors = Vec::new();
    for (index, user) in users.iter().enumerate() {
        match find(&known, user) {
            Some(person) if found.iter().any(|f| f.id == person.id) => {}
            Some(person) => found.push(person.clone()),
            None => errors.push(FieldError {
                field: format!("{field}[{index}]"),
                message: format!("There is nobody called “{}” here.", shorten(user)),
            }),
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}

/// Finds those who are asked to come. An address that is nobody's is a guest from outside.
///
/// # Errors
/// 422 naming each text that is neither an id of ours nor an address.
pub(crate) async fn guests(
    conn: &mut PgConnection,
    invitees: &[Invitee],
) -> Result<Vec<Guest>, Error> {
    let known = lookup(conn, &users(invitees)).await?;
    among(&known, invitees)
}

/// The words by which invitees are named.
pub(crate) fn users(invitees: &[Invitee]) -> Vec<String> {
    invitees.iter().map(|i| i.user().to_owned()).collect()
}

/// As [`guests`], among those who were looked up already.
///
/// # Errors
/// As [`guests`].
pub(crate) fn among(known: &[Colleague], invitees: &[Invitee]) -> Result<Vec<Guest>, Error> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::with_capacity(invitees.len());
    let mut errors = Vec::new();
    for (index, invitee) in invitees.iter().enumerate() {
        let user = invitee.user().trim();
        let guest = match find(known, user) {
            Some(person) => Guest {
                person: Some(person.clone()),
                email: person.email.clone(),
                name: person.name.clone(),
                required: invitee.required(),
                response: Response::NeedsAction,
            },
            None if plausible_email(user) && user.is_ascii() => Guest {
                person: None,
                email: user.to_owned(),
                name: user.to_owned(),
                required: invitee.required(),
                response: Response::NeedsAction,
            },
            None => {
                errors.push(FieldError {
                    field: format!("attendees[{index}]"),
                    message: format!(
                        "“{}” is neither somebody here nor an e-mail address.",
                        shorten(user)
                    ),
                });
                continue;
            }
        };
        if seen.insert(guest.email.to_lowercase()) {
            found.push(guest);
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}

/// Finds the rooms that a request names by id or name, in its order, each once.
///
/// # Errors
/// 422 naming each that is not there.
pub(crate) async fn named_rooms(
    conn: &mut PgConnection,
    names: &[String],
) -> Result<Vec<RoomRow>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = names.iter().filter_map(|n| n.trim().parse().ok()).collect();
    let lower: Vec<String> = names.iter().map(|n| n.trim().to_lowercase()).collect();
    let known = rooms::by_ids_or_names(conn, &ids, &lower).await?;
    let mut found: Vec<RoomRow> = Vec::with_capacity(names.len());
    let mut errors = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let name = name.trim();
        let room = known
            .iter()
            .find(|r| r.id.to_string() == name || r.name.eq_ignore_ascii_case(name))
            .or_else(|| {
                let lower = name.to_lowercase();
                known.iter().find(|r| r.name.to_lowercase() == lower)
            });
        match room {
            Some(room) if found.iter().any(|f| f.id == room.id) => {}
            Some(room) => found.push(room.clone()),
            None => errors.push(FieldError {
                field: format!("rooms[{index}]"),
                message: format!("There is no room “{}”.", shorten(name)),
            }),
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}

/// Active people among those who are named by id or address.
pub(crate) async fn lookup(
    conn: &mut PgConnection,
    users: &[String],
) -> Result<Vec<Colleague>, sqlx::Error> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = users.iter().filter_map(|u| u.trim().parse().ok()).collect();
    let emails: Vec<String> = users
        .iter()
        .filter(|u| u.contains('@'))
        .map(|u| u.trim().to_lowercase())
        .collect();
    people::by_ids_or_emails(conn, &ids, &emails).await
}

/// The one of those that a word names.
pub(crate) fn find<'a>(known: &'a [Colleague], user: &str) -> Option<&'a Colleague> {
    let user = user.trim();
    let id = crate::people::person_id(user);
    known
        .iter()
        .find(|p| Some(p.id) == id || p.email.eq_ignore_ascii_case(user))
}

/// What was typed, short enough to be said again.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}
