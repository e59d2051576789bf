//! People and what they may do.

use leptos::prelude::*;
use model::identity::PersonView;
use model::{Page, PersonId, Role};
use serde::{Deserialize, Serialize};

use super::super::ApiError;

/// A page of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    /// By name.
    pub people: Page<PersonView>,
    /// Whether the reader may add somebody.
    pub may_add: bool,
}

/// One person, and what the reader may do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPage {
    /// The person.
    pub person: PersonView,
    /// Whether the reader may change roles, access and password.
    pub may_change: bool,
    /// Whether it is the reader.
    pub is_reader: bool,
}

/// People by name; with `search`, those whose name or e-mail has that text in it.
///
/// # Errors
/// 401; 403 without `people:read`; 422 for a cursor that is none.
#[server(prefix = "/fn")]
pub async fn list_people(
    search: Option<String>,
    cursor: Option<String>,
) -> Result<PeoplePage, ApiError> {
    let actor = crate::ssr::actor()?;
    let identity = crate::ssr::service::<::identity::Identity>()?;
    let people = identity
        .list_people(&actor, search.as_deref(), cursor.as_deref(), super::ROWS)
        .await?;
    Ok(PeoplePage {
        people,
        may_add: actor.may(model::Permission::PeopleWrite),
    })
}

/// One person. `id` comes from the address, so it may be anything.
///
/// # Errors
/// 401; 403 without `people:read`; 404.
#[server(prefix = "/fn")]
pub async fn read_person(id: String) -> Result<PersonPage, ApiError> {
    let actor = crate::ssr::actor()?;
    let identity = crate::ssr::service::<::identity::Identity>()?;
    let id: PersonId = id
        .parse()
        .map_err(|_| model::Problem::not_found("person"))?;
    let person = identity.get_person(&actor, id).await?;
    let may_change = actor.may(model::Permission::PeopleWrite);
    Ok(PersonPage {
        person,
        may_change,
        is_reader: actor.person_id() == Some(id),
    })
}

/// Adds a person and goes to its page. A typed `other_zone` goes before the chosen `zone`.
///
/// # Errors
/// 401; 403 without `people:write`; 409 for an e-mail that is taken; 422 with what is wrong in
/// `name`, `email`, `zone` or `other_zone`, `roles`, `password`.
#[server(prefix = "/fn")]
pub async fn create_person(
    name: String,
    email: String,
    zone: String,
    #[server(default)] other_zone: String,
    #[server(default)] roles: Vec<Role>,
    #[server(default)] password: String,
) -> Result<PersonView, ApiError> {
    let actor = crate::ssr::actor()?;
    let identity = crate::ssr::service::<::identity::Identity>()?;
    let typed = other_zone.trim();
    let request = model::identity::CreatePerson {
        email,
        name,
        zone: if typed.is_empty() {
            zone
        } else {
            typed.to_owned()
        },
        roles,
        password: (!password.is_empty()).then(|| password.into()),
    };
    let person = identity
        .create_person(&actor, &request)
        .await
        .map_err(|error| {
            let mut problem = model::Problem::from(error);
            // The message stands at the field that the zone was given in.
            for error in problem
                .errors
                .iter_mut()
                .filter(|e| e.field == "zone" && !typed.is_empty())
            {
                error.field = "other_zone".to_owned();
            }
            problem
        })?;
    leptos_axum::redirect(&format!("{}/{}", crate::paths::PEOPLE, person.id));
    Ok(person)
}

/// Gives a person these roles and no others.
///
/// # Errors
/// 401; 403 without `people:write`; 404; 409 for the last administrator; 422 on `roles`.
#[server(prefix = "/fn")]
pub async fn set_roles(
    id: PersonId,
    #[server(default)] roles: Vec<Role>,
) -> Result<PersonView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::identity::Identity>()?
        .set_roles(&actor, id, &roles)
        .await?)
}

/// Keeps a person from signing in and ends the person's sessions.
///
/// # Errors
/// 401; 403 without `people:write`; 404; 409 for the last administrator.
#[server(prefix = "/fn")]
pub async fn disable_person(id: PersonId) -> Result<PersonView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::identity::Identity>()?
        .disable_person(&actor, id)
        .await?)
}

/// Lets a person sign in again.
///
/// # Errors
/// 401; 403 without `people:write`; 404.
#[server(prefix = "/fn")]
pub async fn enable_person(id: PersonId) -> Result<PersonView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::identity::Identity>()?
        .enable_person(&actor, id)
        .await?)
}

/// Ends all sessions of a person and gives their number.
///
/// # Errors
/// 401; 403 for others without `people:write`; 404.
#[server(prefix = "/fn")]
pub async fn sign_out_everywhere(id: PersonId) -> Result<u64, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::identity::Identity>()?
        .sign_out_everywhere(&actor, id)
        .await?)
}

/// Gives a person a new password and ends the person's sessions.
///
/// # Errors
/// 401; 403 without `people:write`; 404; 422 on `password`.
#[server(prefix = "/fn")]
pub async fn set_password(id: PersonId, password: String) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::identity::Identity>()?
        .set_password(&actor, id, &password)
        .await?)
}
