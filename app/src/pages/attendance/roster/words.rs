//! What the roster says in words, for the eye and for those who listen. Pure.

use chrono::{Days, NaiveDate};
use model::ShiftTemplateId;
use model::attendance::shift::ShiftTemplate;
use model::attendance::views::{RosterCell, RosterPage, RosterShift};

use crate::pages::attendance::common::range_words;
use crate::pages::attendance::words::{duration, short_date};

/// The days of a week: `23–29 Nov 2026`.
pub fn week(monday: NaiveDate) -> String {
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    range_words(monday, sunday)
}

/// `Ana Ruiz, Tue 24 Nov`.
pub fn day_of(name: &str, date: NaiveDate) -> String {
    format!("{name}, {}", short_date(date))
}

/// `22:00–06:00`.
pub fn times(template: &ShiftTemplate) -> String {
    format!("{}–{}", template.start, template.end)
}

/// The name of a shift, as far as the page knows it.
pub fn name_of(page: &RosterPage, id: ShiftTemplateId) -> Option<&str> {
    let known = page.templates.iter().find(|known| known.id == id);
    known.map(|known| known.template.name.as_str())
}

/// Shifts by name: `Early and Late`; none is a day off.
pub fn named(page: Option<&RosterPage>, templates: &[ShiftTemplateId]) -> String {
    let names: Vec<&str> = templates
        .iter()
        .map(|id| {
            page.and_then(|page| name_of(page, *id))
                .unwrap_or("a shift")
        })
        .collect();
    match names.as_slice() {
        [] => "day off".to_owned(),
        names => names.join(" and "),
    }
}

/// What a cell says to those who listen: whose, when, and all that is in it.
pub fn cell(page: &RosterPage, person: &str, cell: &RosterCell) -> String {
    let mut parts: Vec<String> = cell
        .shifts
        .iter()
        .map(|shift| one_shift(page, shift))
        .collect();
    if parts.is_empty() {
        parts.push(
            if cell.version > 0 {
                "day off"
            } else {
                "nothing planned"
            }
            .to_owned(),
        );
    }
    if cell.leave {
        parts.push("away".to_owned());
    }
    parts.extend(cell.holiday.clone());
    if cell.rest_short_minutes > 0 {
        parts.push(rest(cell.rest_short_minutes));
    }
    if let Some(with) = &cell.swapped_with {
        parts.push(format!("swapped with {with}"));
    }
    if cell.locked {
        parts.push("locked".to_owned());
    }
    format!("{}: {}", day_of(person, cell.date), parts.join(", "))
}

fn one_shift(page: &RosterPage, shift: &RosterShift) -> String {
    let name = shift.template.and_then(|id| name_of(page, id));
    format!("{} {}", name.unwrap_or(&shift.code), shift.time)
}

/// How much rest is missing: `2 h 30 too little rest`.
pub fn rest(minutes: i64) -> String {
    format!("{} too little rest", duration(minutes))
}

/// The holidays of a day of the week, each once, over all who are shown.
pub fn holidays(page: &RosterPage, day: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let cells = page.rows.iter().filter_map(|row| row.cells.get(day));
    for name in cells.filter_map(|cell| cell.holiday.as_ref()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use model::PersonId;
    use model::attendance::shift::Tone;
    use model::attendance::views::{Named, RosterRow, TemplateView};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn id(number: u8) -> ShiftTemplateId {
        ShiftTemplateId::from_parts(chrono::DateTime::UNIX_EPOCH, &[number; 10])
    }

    fn page() -> RosterPage {
        let night = ShiftTemplate {
            name: "Night".to_owned(),
            code: "N".to_owned(),
            tone: Tone::Violet,
            start: "22:00".parse().expect("a time"),
            end: "06:00".parse().expect("a time"),
            halves: None,
            break_tiers: Vec::new(),
            min_break_piece_minutes: 0,
            max_break_minutes: 120,
            grace_late_minutes: None,
            grace_early_minutes: None,
            capture_before_minutes: None,
            capture_after_minutes: None,
            pairing: model::attendance::shift::Pairing::Auto,
            zone: None,
        };
        let monday = day("2026-11-23");
        let shift = RosterShift {
            template: Some(id(1)),
            name: "Night".to_owned(),
            code: "N".to_owned(),
            tone: "violet".to_owned(),
            time: times(&night),
            zone: "Europe/Berlin".to_owned(),
            minutes: 450,
        };
        RosterPage {
            monday,
            today: monday,
            rows: vec![RosterRow {
                person: Named {
                    id: PersonId::from_parts(chrono::DateTime::UNIX_EPOCH, &[2; 10]),
                    name: "Ana Ruiz".to_owned(),
                },
                team: "Assembly".to_owned(),
                cells: vec![RosterCell {
                    date: monday,
                    shifts: vec![shift],
                    by_hand: true,
                    leave: true,
                    holiday: Some("Feast".to_owned()),
                    rest_short_minutes: 150,
                    version: 1,
                    locked: true,
                    swapped_with: Some("Tom Becker".to_owned()),
                    swaps: Vec::new(),
                }],
                minutes: 450,
            }],
            templates: vec![TemplateView {
                id: id(1),
                version: 1,
                template: night,
            }],
            teams: vec!["Assembly".to_owned()],
            team: None,
            may_change: true,
        }
    }

    #[test]
    fn a_cell_says_all_that_is_in_it() {
        let page = page();
        let row = &page.rows[0];
        assert_eq!(
            cell(&page, &row.person.name, &row.cells[0]),
            "Ana Ruiz, Mon 23 Nov: Night 22:00–06:00, away, Feast, 2 h 30 too little rest, \
             swapped with Tom Becker, locked"
        );
        let empty = RosterCell {
            shifts: Vec::new(),
            leave: false,
            holiday: None,
            rest_short_minutes: 0,
            locked: false,
            swapped_with: None,
            version: 0,
            ..row.cells[0].clone()
        };
        assert_eq!(
            cell(&page, "Ana Ruiz", &empty),
            "Ana Ruiz, Mon 23 Nov: nothing planned"
        );
    }

    #[test]
    fn shifts_are_told_by_name() {
        let page = page();
        assert_eq!(named(Some(&page), &[]), "day off");
        assert_eq!(named(Some(&page), &[id(1)]), "Night");
        assert_eq!(named(Some(&page), &[id(1), id(9)]), "Night and a shift");
    }

    #[test]
    fn a_holiday_is_told_once() {
        let mut page = page();
        let again = page.rows[0].clone();
        page.rows.push(again);
        assert_eq!(holidays(&page, 0), ["Feast"]);
        assert!(holidays(&page, 1).is_empty());
    }
}
