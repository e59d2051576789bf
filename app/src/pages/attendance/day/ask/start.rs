//! What stands in the form at first. Pure.

use chrono::NaiveDate;
use model::attendance::day::{Direction, Flag};
use model::attendance::views::DayPage;

use crate::api::attendance::forms::{CorrectionFields, WAS};
use crate::pages::scheduling::agenda::days::local;

/// A row for each punch that stands, as it is, and for each that seems to be missing: at least one.
pub fn start(page: &DayPage) -> CorrectionFields {
    let mut fields = CorrectionFields {
        date: page.date.to_string(),
        person: person_of(page),
        seen: page.corrections.len().to_string(),
        ..CorrectionFields::default()
    };
    for punch in page.punches.iter().filter(|punch| !punch.void) {
        let at = local(&punch.at);
        fields.punch.push(punch.id.to_string());
        fields.was.push(at.format(WAS).to_string());
        fields.had.push(punch.direction.as_str().to_owned());
        fields.day.push(at.date().to_string());
        fields.time.push(at.format("%H:%M").to_string());
        fields.direction.push(punch.direction.as_str().to_owned());
    }
    for direction in missing(page) {
        fields.add(likely_day(page, direction), direction);
    }
    fields
}

/// Who it is for the form; nobody in particular on one's own day.
fn person_of(page: &DayPage) -> String {
    match page.own {
        true => String::new(),
        false => page.employee.id.to_string(),
    }
}

impl CorrectionFields {
    /// Adds a row for a punch that is missing.
    fn add(&mut self, day: NaiveDate, direction: Direction) {
        self.punch.push(String::new());
        self.was.push(String::new());
        self.had.push(String::new());
        self.day.push(day.to_string());
        self.time.push(String::new());
        self.direction.push(direction.as_str().to_owned());
    }
}

/// Which ways the punches go that seem to be missing.
fn missing(page: &DayPage) -> Vec<Direction> {
    let has = |flag: Flag| page.day.as_ref().is_some_and(|day| day.has(flag));
    let is_empty = page.punches.iter().all(|punch| punch.void);
    let mut missing = Vec::new();
    if is_empty || has(Flag::MissingIn) {
        missing.push(Direction::In);
    }
    if is_empty || has(Flag::MissingOut) || has(Flag::Estimated) {
        missing.push(Direction::Out);
    }
    if missing.is_empty() {
        missing.push(Direction::Out);
    }
    missing
}

/// The day on which a shift begins or ends.
fn likely_day(page: &DayPage, direction: Direction) -> NaiveDate {
    let shift = match direction {
        Direction::In => page.shifts.first().map(|shift| &shift.from),
        _ => page.shifts.last().map(|shift| &shift.to),
    };
    shift.map_or(page.date, |stamp| local(stamp).date())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use model::attendance::day::Disposition;
    use model::attendance::views::{Named, PunchLine, ShiftTime};
    use model::time::Stamp;
    use model::{PersonId, PunchId};

    use super::*;

    fn stamp(text: &str) -> Stamp {
        let at = DateTime::parse_from_rfc3339(text).expect("an instant");
        Stamp {
            at: at.to_utc(),
            offset_minutes: at.offset().local_minus_utc() / 60,
        }
    }

    fn punch(at: &str, void: bool) -> PunchLine {
        let at = stamp(at);
        PunchLine {
            id: PunchId::from_parts(at.at, &[1; 10]),
            at,
            elsewhere: None,
            direction: Direction::In,
            source: "Web".into(),
            disposition: Disposition::Counted,
            flags: Vec::new(),
            notes: Vec::new(),
            decisions: Vec::new(),
            void,
        }
    }

    fn page(punches: Vec<PunchLine>) -> DayPage {
        DayPage {
            employee: Named {
                id: PersonId::from_parts(DateTime::UNIX_EPOCH, &[2; 10]),
                name: "Lena Brook".into(),
            },
            own: true,
            date: NaiveDate::from_ymd_opt(2026, 11, 23).expect("a real day"),
            day: None,
            version: 0,
            shifts: vec![ShiftTime {
                name: String::new(),
                from: stamp("2026-11-23T22:00:00+01:00"),
                to: stamp("2026-11-24T06:00:00+01:00"),
            }],
            holiday: None,
            leave: None,
            punches,
            corrections: Vec::new(),
            history: Vec::new(),
            locked: false,
            adjustment: None,
            overtime: None,
            may_request: true,
            may_correct: false,
            decides: false,
            zone: "Europe/Berlin".into(),
        }
    }

    #[test]
    fn a_form_as_it_starts_asks_for_nothing() {
        let fields = start(&page(vec![punch("2026-11-23T21:52:30+01:00", false)]));
        assert_eq!(fields.time, ["21:52", ""]);
        assert_eq!(fields.for_preview(), Ok(None));
    }

    #[test]
    fn the_form_of_somebody_elses_day_says_whose_it_is() {
        let own = page(Vec::new());
        assert_eq!(start(&own).whose(), Ok(None));
        let theirs = DayPage { own: false, ..own };
        assert_eq!(start(&theirs).whose(), Ok(Some(theirs.employee.id)));
    }

    #[test]
    fn a_day_without_punches_lacks_both() {
        let fields = start(&page(vec![punch("2026-11-23T21:52:00+01:00", true)]));
        assert_eq!(fields.direction, ["in", "out"]);
        // The shift of a night ends on the day after.
        assert_eq!(fields.day, ["2026-11-23", "2026-11-24"]);
    }
}
