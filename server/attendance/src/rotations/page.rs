//! Rotations as HR sees them: what they say, and who follows them; several people at once are put onto
//! one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use model::attendance::views::{Follower, Named, RotationView, RotationsPage, TemplateView};
use model::{Actor, Permission, RotationId};

use crate::people::Directory;
use crate::roster::{sane_day, today_of};
use crate::store::{employees, rotations, templates};
use crate::{Attendance, Error};

/// How many people are offered.
const OFFERED: i64 = 500;
/// How many people are put onto a rotation at once.
const AT_ONCE: usize = 200;

impl Attendance {
    /// Every rotation, with those who follow it today or later.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`.
    pub async fn rotations_page(&self, actor: &Actor) -> Result<RotationsPage, Error> {
        actor.require(Permission::AttendanceManage)?;
        let today = today_of(actor, self.deps.now());
        let mut conn = self.deps.db.read().await?;
        let mut followers: BTreeMap<RotationId, Vec<Follower>> = BTreeMap::new();
        for row in rotations::followers(&mut conn, today).await? {
            followers
                .entry(row.rotation_id)
                .or_default()
                .push(Follower {
                    person: Named {
                        id: row.employee_id,
                        name: row.name,
                    },
                    from: row.from_day,
                    until: row.until.and_then(|until| until.pred_opt()),
                });
        }
        let known = rotations::all(&mut conn).await?.into_iter();
        let shifts = templates::all(&mut conn).await?.into_iter();
        Ok(RotationsPage {
            rotations: known
                .map(|row| RotationView {
                    followers: followers.remove(&row.id).unwrap_or_default(),
                    id: row.id,
                    rotation: row.rotation.0,
                    version: row.version,
                })
                .collect(),
            templates: shifts
                .map(|row| TemplateView {
                    id: row.id,
                    version: row.version,
                    template: row.template.0,
                })
                .collect(),
            people: employees::to_offer(&mut conn, OFFERED).await?,
            today,
        })
    }

    /// Has people, named by id, address or number, follow a rotation from a day on, or none: all of them,
    /// or nobody. Says how many they are. Asked again, it changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`] naming those who are not
    /// known, or for a day that is far away; [`Error::NotFound`] for the rotation.
    pub async fn follow_rotation(
        &self,
        actor: &Actor,
        people: &[String],
        rotation: Option<RotationId>,
        from: NaiveDate,
    ) -> Result<i64, Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let from = sane_day("from", from)?;
        let names = people.iter().map(|name| name.trim());
        let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
        if names.is_empty() || names.len() > AT_ONCE {
            let message = format!("Name 1 to {AT_ONCE} people, by address or number.");
            return Err(Error::field("people", message));
        }
        let mut tx = self.deps.db.begin("attendance.follow_rotation").await?;
        let directory = Directory::look_up(&mut tx, names.iter().copied()).await?;
        let (mut ids, mut unknown) = (BTreeSet::new(), Vec::new());
        for name in names {
            match directory.find(name) {
                Some(person) => {
                    ids.insert(person.id);
                }
                None => unknown.push(name),
            }
        }
        if !unknown.is_empty() {
            let message = format!(
                "Nobody is known by {}. Use an e-mail address or an employee number.",
                unknown.join(", ")
            );
            return Err(Error::field("people", message));
        }
        for id in &ids {
            self.follow_in_tx(&mut tx, actor, *id, rotation, from, now)
                .await?;
        }
        tx.commit().await?;
        self.nudge();
        Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
    }
}
