//! A kiosk at the door, still to be set up, and PINs of those who can sign in.

use anyhow::Context;
use model::attendance::views::KioskForm;
use model::{Actor, Problem};

use super::Play;
use crate::demo::people::SIGN_INS;

/// The PIN of all of them.
pub const PIN: &str = "507142";
/// Where it stands.
const NAME: &str = "Front door";

/// Makes whatever is missing. Numbers are given in the order of the sign-ins.
pub(super) async fn build(play: &Play<'_>) -> anyhow::Result<()> {
    let service = &play.services.attendance;
    let page = service.devices_page(play.actor).await;
    let page = page.map_err(Problem::from)?;
    if !page.kiosks.iter().any(|kiosk| kiosk.name == NAME) {
        let site = page.sites.iter().find(|site| site.name == "Berlin");
        let form = KioskForm {
            name: NAME.to_owned(),
            site: site.map(|site| site.id),
            zone: "Europe/Berlin".to_owned(),
        };
        // Nobody types its code: whoever tries the demo makes a new one.
        service
            .add_kiosk(play.actor, &form)
            .await
            .map_err(Problem::from)?;
    }
    for (role, email) in SIGN_INS {
        let person = play.by_name.values().find(|person| person.email == *email);
        let person = person.with_context(|| format!("nobody signs in as {role}"))?;
        let actor = Actor::person(person.id, &person.name, &person.zone, &person.roles);
        let access = service.kiosk_access(&actor).await.map_err(Problem::from)?;
        if !access.has_pin {
            let set = service.set_pin(&actor, PIN, PIN);
            set.await.map_err(Problem::from)?;
        }
    }
    Ok(())
}
