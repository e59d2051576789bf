//! Places of work, whose clocks shifts follow.

use model::attendance::views::Site;
use model::zone::Zone;
use model::{Actor, FieldError, Permission, Problem, SiteId};
use platform::db::on_constraint;
use serde_json::json;

use crate::reach;
use crate::store::terms::{self, By};
use crate::{Attendance, Error};

impl Attendance {
    /// Every site, by name.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`.
    pub async fn sites(&self, actor: &Actor) -> Result<Vec<Site>, Error> {
        actor.require(Permission::AttendanceManage)?;
        let mut conn = self.deps.db.read().await?;
        Ok(terms::sites(&mut conn).await?)
    }

    /// Makes or changes a site; open days of those who work there are derived again.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`]; [`Error::Taken`] for
    /// its name; [`Error::NotFound`].
    pub async fn save_site(
        &self,
        actor: &Actor,
        id: Option<SiteId>,
        name: &str,
        zone: &str,
    ) -> Result<SiteId, Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let site = Site {
            id: id.unwrap_or_else(|| self.deps.new_id()),
            name: name.trim().to_owned(),
            zone: zone.trim().to_owned(),
        };
        check(&site)?;
        let taken = || Error::Taken("name");
        let mut tx = self.deps.db.begin("attendance.save_site").await?;
        if id.is_none() {
            let made = terms::insert_site(&mut tx, &site).await;
            on_constraint(made, "site_name_unique", taken)?;
        } else {
            let changed = terms::update_site(&mut tx, &site).await;
            if !on_constraint(changed, "site_name_unique", taken)? {
                return Err(Error::NotFound("site"));
            }
            let stale = reach::open_days(&mut tx, &By::Site(site.id)).await?;
            self.clocks_changed_in_tx(&mut tx, &stale, now).await?;
        }
        let detail = json!({ "name": site.name, "zone": site.zone });
        let subject = format!("site:{}", site.id);
        self.audit_in_tx(&mut tx, actor, "site.saved", subject, detail)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(site.id)
    }
}

fn check(site: &Site) -> Result<(), Error> {
    let mut errors = Vec::new();
    let mut check = |holds: bool, field: &str, message: &str| {
        if !holds {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        }
    };
    check(
        (1..=80).contains(&site.name.chars().count()),
        "name",
        "Give the site a name of 1 to 80 characters.",
    );
    check(
        Zone::named(&site.zone).is_ok(),
        "zone",
        "That is no time zone: use a name such as Europe/Berlin.",
    );
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}
