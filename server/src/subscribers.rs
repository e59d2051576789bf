//! The list: which event wakes which domain. Domains do not call each other; what one has to do
//! because of another is here, and has its effect exactly once an event.

use identity::Identity;
use identity::news::{PERSON_CHANGED, PersonChanged};
use model::identity::PersonView;
use model::scheduling::meeting::Colleague;
use model::{Actor, Page, Problem};
use platform::db::Tx;
use platform::jobs::JobResult;
use platform::outbox::{Event, Subscribers};
use scheduling::Scheduling;

use crate::wiring::Services;

/// Every durable subscriber. The way of the money from capture to the bank line is inside one
/// domain, and pages that stay open listen to the broadcast instead.
pub fn all(identity: &Identity, scheduling: &Scheduling) -> Subscribers {
    let mut subscribers = Subscribers::new();
    let (identity, scheduling) = (identity.clone(), scheduling.clone());
    subscribers.on(PERSON_CHANGED, "scheduling.people", move |tx, event| {
        let (identity, scheduling) = (identity.clone(), scheduling.clone());
        Box::pin(async move { keep_person(&identity, &scheduling, tx, event).await })
    });
    subscribers
}

/// Meetings keep people of their own. The event names who has changed; the rest is read as it is
/// now, so that events that come late or together do no harm.
async fn keep_person(
    identity: &Identity,
    scheduling: &Scheduling,
    tx: &mut Tx,
    event: &Event,
) -> JobResult {
    let PersonChanged { person } = serde_json::from_value(event.payload.clone())?;
    let person = identity
        .get_person(&Actor::system("scheduling"), person)
        .await?;
    let (colleague, active) = colleague(&person);
    scheduling.keep_person_in_tx(tx, &colleague, active).await?;
    Ok(())
}

/// Has the domains that keep people of their own know everybody: those who were there before such a
/// domain was, and those of demo data, whose events are delivered only when all of it is made.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_everybody(services: &Services) -> anyhow::Result<()> {
    let actor = Actor::system("scheduling");
    let mut after: Option<String> = None;
    loop {
        let page = services
            .identity
            .list_people(&actor, None, after.as_deref(), Page::<()>::MAX)
            .await
            .map_err(Problem::from)?;
        let mut tx = services.deps.db.begin("scheduling.keep_everybody").await?;
        for person in &page.items {
            let (colleague, active) = colleague(person);
            services
                .scheduling
                .keep_person_in_tx(&mut tx, &colleague, active)
                .await?;
        }
        tx.commit().await?;
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// A person as meetings need them, and whether they can be invited.
fn colleague(person: &PersonView) -> (Colleague, bool) {
    let colleague = Colleague {
        id: person.id,
        name: person.name.clone(),
        email: person.email.clone(),
        zone: person.zone.clone(),
    };
    (colleague, person.disabled_at.is_none())
}
