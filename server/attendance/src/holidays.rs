//! Public holidays and other days off, by region, as HR writes them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use model::attendance::holidays::Calendar;
use model::attendance::views::HolidaysView;
use model::{Actor, FieldError, Permission, Problem};
use serde_json::json;
use sqlx::types::Json;

use crate::duty::runs;
use crate::reach;
use crate::store::holidays::{self, CalendarRow};
use crate::store::stale;
use crate::store::terms::By;
use crate::{Attendance, Error};

/// The most characters of a region's holidays.
const MOST: usize = 100_000;

impl Attendance {
    /// The holidays of every region.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`.
    pub async fn holidays(&self, actor: &Actor) -> Result<Vec<HolidaysView>, Error> {
        actor.require(Permission::AttendanceManage)?;
        let mut conn = self.deps.db.read().await?;
        let rows = holidays::all(&mut conn).await?.into_iter();
        let rows = rows.map(|row| HolidaysView {
            region: row.region,
            name: row.name,
            text: row.calendar.to_text(),
            version: row.version,
        });
        Ok(rows.collect())
    }

    /// Writes the holidays of a region; version 0 makes a new one. Open days on which they differ
    /// are derived again for everybody who works there.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`], which names each line
    /// that cannot be read; [`Error::Taken`] for a new region that is there; [`Error::Changed`].
    pub async fn save_holidays(&self, actor: &Actor, view: &HolidaysView) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let mut row = accepted(view)?;
        let mut tx = self.deps.db.begin("attendance.save_holidays").await?;
        stale::share_periods(&mut tx).await?;
        let before = holidays::find_locked(&mut tx, &row.region).await?;
        match &before {
            Some(_) if view.version == 0 => return Err(Error::Taken("region")),
            Some(before) if before.version == view.version => {}
            None if view.version == 0 => {}
            _ => return Err(Error::Changed),
        }
        row.version = view.version + 1;
        if !holidays::keep(&mut tx, &row, now).await? {
            return Err(Error::Taken("region"));
        }
        let old = before.as_ref().map(|before| before.calendar.0.clone());
        let dates = differing(&old.unwrap_or_default(), &row.calendar);
        let detail = json!({ "name": row.name, "days": dates });
        let subject = format!("holidays:{}", row.region);
        self.audit_in_tx(&mut tx, actor, "holidays.saved", subject, detail)
            .await?;
        if before.is_some() {
            let open = reach::open_days(&mut tx, &By::Region(&row.region)).await?;
            let stale: Vec<_> = open
                .iter()
                .flat_map(|(person, from, to)| {
                    dates.range(*from..=*to).map(|date| (*person, *date))
                })
                .collect();
            self.mark_stale_in_tx(&mut tx, &runs(&stale)).await?;
            let people = holidays::people_of(&mut tx, &row.region).await?;
            self.tell_holidays_in_tx(&mut tx, &people, now).await?;
        }
        tx.commit().await?;
        self.nudge();
        Ok(())
    }
}

/// The dates on which two calendars differ.
fn differing(one: &Calendar, other: &Calendar) -> BTreeSet<NaiveDate> {
    let dates: BTreeSet<_> = one.0.keys().chain(other.0.keys()).copied().collect();
    dates
        .into_iter()
        .filter(|date| one.on(*date) != other.on(*date))
        .collect()
}

fn accepted(view: &HolidaysView) -> Result<CalendarRow, Error> {
    let region = view.region.trim().to_uppercase();
    let name = view.name.trim();
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: &str| {
        errors.push(FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    };
    if !is_region(&region) {
        wrong("region", "Write a region such as DE or DE-BE.");
    }
    if !(1..=80).contains(&name.chars().count()) {
        wrong("name", "Give the region a name of 1 to 80 characters.");
    }
    if view.text.chars().count() > MOST {
        wrong("text", "Keep it to 100,000 characters.");
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(Problem::invalid(errors)));
    }
    let calendar = Calendar::from_text(&view.text);
    let calendar = calendar.map_err(|errors| Error::Invalid(errors.problem("text")))?;
    Ok(CalendarRow {
        region,
        name: name.to_owned(),
        calendar: Json(calendar),
        version: 1,
    })
}

/// Two letters of a country, and up to four letters or digits of a part of it.
fn is_region(region: &str) -> bool {
    let (country, part) = match region.split_once('-') {
        Some((country, part)) => (country, Some(part)),
        None => (region, None),
    };
    let is_country = country.len() == 2 && country.bytes().all(|c| c.is_ascii_uppercase());
    let is_part = part.is_none_or(|part| {
        (1..=4).contains(&part.len())
            && part
                .bytes()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
    });
    is_country && is_part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_look_as_the_database_wants_them() {
        for good in ["DE", "DE-BE", "US-NY", "IN-KA", "GB-1"] {
            assert!(is_region(good), "{good}");
        }
        for bad in ["", "D", "DEU", "DE-", "DE-BERLIN", "DE BE", "D1", "DE-B_"] {
            assert!(!is_region(bad), "{bad}");
        }
    }

    #[test]
    fn only_dates_that_differ_are_told() {
        let read = |text| Calendar::from_text(text).expect("good text");
        let one =
            read("2026-12-24 half Christmas Eve\n2026-12-25 Christmas Day\n2026-12-26 Boxing");
        let other = read("2026-12-24 Christmas Eve\n2026-12-25 Christmas Day\n2027-01-01 New Year");
        let differ: Vec<String> = differing(&one, &other)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(differ, ["2026-12-24", "2026-12-26", "2027-01-01"]);
    }
}
