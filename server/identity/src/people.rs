//! People: create, find, list.

use chrono::{DateTime, Utc};
use model::identity::{CreatePerson, PersonView};
use model::zone::Zone;
use model::{Actor, FieldError, Page, Permission, PersonId, Role};
use platform::on_constraint;
use serde_json::json;

use crate::email::Email;
use crate::error::Error;
use crate::store::people;
use crate::{Identity, Reader, cursor, page_size, passwords};

/// A person as stored, with roles.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) zone: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) password_hash: Option<String>,
    pub(crate) disabled_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
}

impl Person {
    pub(crate) fn actor(&self) -> Actor {
        Actor::person(self.id, &self.name, &self.zone, &self.roles)
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.roles.contains(&Role::Admin)
    }

    pub(crate) fn view(&self, reader: &Reader) -> PersonView {
        PersonView {
            id: self.id,
            email: self.email.clone(),
            name: self.name.clone(),
            zone: self.zone.clone(),
            roles: self.roles.clone(),
            has_password: self.password_hash.is_some(),
            disabled_at: self.disabled_at.map(|at| reader.stamp(at)),
            created_at: reader.stamp(self.created_at),
        }
    }
}

impl Identity {
    /// Adds a person.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `people:write`, or when somebody who is not an administrator
    /// wants to make one; [`Error::Invalid`] with a message for each field; [`Error::EmailTaken`].
    pub async fn create_person(
        &self,
        actor: &Actor,
        request: &CreatePerson,
    ) -> Result<PersonView, Error> {
        actor.require(Permission::PeopleWrite)?;
        let now = self.deps.now();
        let mut person = accepted(request, self.deps.new_id(), now)?;
        if person.is_admin() {
            crate::roles::require_admin(actor)?;
        }
        if let Some(password) = &request.password {
            person.password_hash = Some(self.hash_password(password.expose()).await?);
        }

        let mut tx = self.deps.db.begin("identity.create_person").await?;
        let inserted = people::insert(&mut tx, &person).await;
        on_constraint(inserted, "person_email_unique", || Error::EmailTaken)?;
        people::replace_roles(&mut tx, person.id, &person.roles).await?;
        let subject = format!("person:{}", person.id);
        let detail = json!({ "roles": person.roles });
        self.record_in_tx(&mut tx, actor, "person.created", &subject, detail)
            .await?;
        self.tell_in_tx(&mut tx, person.id).await?;
        tx.commit().await?;
        Ok(person.view(&Reader::actor(actor)))
    }

    /// One person: oneself, or anybody with `people:read`.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn get_person(&self, actor: &Actor, id: PersonId) -> Result<PersonView, Error> {
        actor.require(needed_for(actor, id, Permission::PeopleRead))?;
        let mut conn = self.deps.db.read().await?;
        let person = people::get(&mut conn, id).await?;
        Ok(person.view(&Reader::actor(actor)))
    }

    /// The person with an e-mail address, in any case.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `people:read`.
    pub async fn find_person_by_email(
        &self,
        actor: &Actor,
        email: &str,
    ) -> Result<Option<PersonView>, Error> {
        actor.require(Permission::PeopleRead)?;
        let Some(email) = Email::parse(email) else {
            return Ok(None);
        };
        let mut conn = self.deps.db.read().await?;
        let person = people::find_by_email(&mut conn, &email.key()).await?;
        Ok(person.map(|person| person.view(&Reader::actor(actor))))
    }

    /// People by name, those first whose name begins the alphabet; with `search`, only those whose
    /// name or e-mail has that text in it, in any case. `limit` is 1 to 200.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `people:read`; [`Error::Invalid`] for a cursor that is none.
    pub async fn list_people(
        &self,
        actor: &Actor,
        search: Option<&str>,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Page<PersonView>, Error> {
        actor.require(Permission::PeopleRead)?;
        let after = cursor::<PersonId>(after)?;
        let limit = page_size(limit);
        let search = search.map(str::trim).filter(|text| !text.is_empty());
        let mut conn = self.deps.db.read().await?;
        let rows = people::list(&mut conn, search, after, limit + 1).await?;
        let reader = Reader::actor(actor);
        let views = rows.iter().map(|person| person.view(&reader)).collect();
        Ok(Page::from_overfetch(
            views,
            limit as usize,
            |view: &PersonView| view.id.to_string(),
        ))
    }

    pub(crate) async fn hash_password(&self, password: &str) -> Result<String, Error> {
        let mut salt = [0_u8; 16];
        self.deps.entropy.fill(&mut salt);
        Ok(self.deps.hasher.hash(password, salt).await?)
    }
}

/// What it takes to do something to a person: little for oneself, `otherwise` for others.
pub(crate) fn needed_for(actor: &Actor, id: PersonId, otherwise: Permission) -> Permission {
    if actor.person_id() == Some(id) {
        Permission::SelfRead
    } else {
        otherwise
    }
}

/// The request as a person without password, or what is wrong with its fields.
fn accepted(request: &CreatePerson, id: PersonId, now: DateTime<Utc>) -> Result<Person, Error> {
    let mut errors = Vec::new();
    let mut object = |field: &str, message: &str| {
        errors.push(FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    };
    let email = Email::parse(&request.email);
    if email.is_none() {
        object("email", "Enter an e-mail address such as ada@example.org.");
    }
    if let Err(message) = accepted_name(&request.name) {
        object("name", message);
    }
    if let Err(unknown) = Zone::named(&request.zone) {
        object("zone", &unknown.to_string());
    }
    if request.roles.is_empty() {
        object("roles", "Choose at least one role.");
    }
    if let Some(password) = &request.password
        && let Some(message) = passwords::objection(password.expose(), request.email.trim())
    {
        object("password", message);
    }
    match email {
        Some(email) if errors.is_empty() => Ok(Person {
            id,
            email: email.as_str().to_owned(),
            name: request.name.trim().to_owned(),
            zone: request.zone.clone(),
            roles: crate::roles::in_order(&request.roles),
            password_hash: None,
            disabled_at: None,
            created_at: now,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Checks a name of a person or token: 1 to 120 characters that can be printed.
pub(crate) fn accepted_name(name: &str) -> Result<&str, &'static str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err("Enter a name of 1 to 120 characters.");
    }
    Ok(name)
}
