//! The stage of these tests: one installation with a clock that stands until it is moved.

use std::net::{IpAddr, Ipv4Addr};

use chrono::TimeDelta;
use identity::{Error, Identity};
use model::identity::{AuditRow, CreatePerson, PersonView};
use model::{Actor, PersonId, Role};
use sqlx::PgPool;
use testkit::TestWorld;

/// A password that is accepted.
pub const PASSWORD: &str = "a few plain words";
/// Where everybody sits who does not care where.
pub const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

pub struct World {
    pub identity: Identity,
    pub pool: PgPool,
    pub test: TestWorld,
}

impl World {
    pub async fn new(pool: PgPool) -> Self {
        let test = testkit::world(&pool).await;
        Self {
            identity: Identity::new(test.deps.clone()),
            pool,
            test,
        }
    }

    /// The operator at the command line.
    pub fn operator(&self) -> Actor {
        Actor::system("cli")
    }

    pub fn wait_minutes(&self, minutes: i64) {
        self.test.clock.advance(TimeDelta::minutes(minutes));
    }

    /// A person `<name>@example.org` with [`PASSWORD`].
    pub async fn person(&self, name: &str, roles: &[Role]) -> PersonView {
        let request = request(name, roles);
        self.identity
            .create_person(&self.operator(), &request)
            .await
            .expect("a new person")
    }

    /// Signs in from [`HOME`].
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<PersonView, Error> {
        self.sign_in_from(HOME, name, password).await
    }

    pub async fn sign_in_from(
        &self,
        from: IpAddr,
        name: &str,
        password: &str,
    ) -> Result<PersonView, Error> {
        self.identity
            .sign_in(&format!("{name}@example.org"), password, from)
            .await
    }

    /// The actor of somebody who may sign in.
    pub async fn actor(&self, id: PersonId) -> Actor {
        self.identity
            .actor_of_person(id)
            .await
            .expect("readable")
            .expect("not disabled")
    }

    /// The audit log, newest first.
    pub async fn audit(&self, action: &str) -> Vec<AuditRow> {
        let page = self
            .identity
            .list_audit(&self.operator(), Some(action), None, 200)
            .await;
        page.expect("the operator may read it").items
    }
}

pub fn request(name: &str, roles: &[Role]) -> CreatePerson {
    CreatePerson {
        email: format!("{name}@example.org"),
        name: name.to_owned(),
        zone: "Europe/Berlin".to_owned(),
        roles: roles.to_vec(),
        password: Some(PASSWORD.into()),
    }
}
