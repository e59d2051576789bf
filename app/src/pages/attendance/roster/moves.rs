//! Where one is in the roster and where keys lead. Pure.

/// A cell by its place: which person from the top, which day from Monday.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The person, from 0.
    pub row: usize,
    /// The day, from 0 for Monday.
    pub day: usize,
}

/// How many days there are.
pub const DAYS: usize = 7;

impl Spot {
    /// The DOM id of the cell.
    pub fn id(self) -> String {
        format!("roster-{}-{}", self.row, self.day)
    }

    /// The cell with a DOM id.
    pub fn of_id(id: &str) -> Option<Self> {
        let (row, day) = id.strip_prefix("roster-")?.split_once('-')?;
        let (row, day) = (row.parse().ok()?, day.parse().ok()?);
        (day < DAYS).then_some(Self { row, day })
    }
}

/// Where a key goes within the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A person or a day further, or back.
    By(isize, isize),
    /// Monday of the same person.
    RowStart,
    /// Sunday of the same person.
    RowEnd,
    /// Monday of the first person.
    First,
    /// Sunday of the last person.
    Last,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Goes to another cell.
    Go(Step),
    /// Turns the page by some weeks.
    Week(i64),
    /// Opens the dialog.
    Open,
    /// Assigns the shift with this number, from 0.
    Assign(usize),
    /// Makes it a day off.
    Off,
}

/// What a key does in the grid, if anything.
pub fn deed(key: &str, control: bool) -> Option<Deed> {
    let step = match (key, control) {
        ("ArrowUp", false) => Step::By(-1, 0),
        ("ArrowDown", false) => Step::By(1, 0),
        ("ArrowLeft", false) => Step::By(0, -1),
        ("ArrowRight", false) => Step::By(0, 1),
        ("Home", false) => Step::RowStart,
        ("End", false) => Step::RowEnd,
        ("Home", true) => Step::First,
        ("End", true) => Step::Last,
        ("PageUp", false) => return Some(Deed::Week(-1)),
        ("PageDown", false) => return Some(Deed::Week(1)),
        ("Enter" | " " | "F2", false) => return Some(Deed::Open),
        ("Delete" | "Backspace" | "0", false) => return Some(Deed::Off),
        (digit, false) => {
            let number: usize = digit.parse().ok()?;
            return (1..=9).contains(&number).then(|| Deed::Assign(number - 1));
        }
        _ => return None,
    };
    Some(Deed::Go(step))
}

/// The cell to which a step leads among so many people; it stays within the grid.
pub fn go(at: Spot, rows: usize, step: Step) -> Spot {
    let last = rows.saturating_sub(1);
    let at = Spot {
        row: at.row.min(last),
        ..at
    };
    match step {
        Step::By(down, right) => Spot {
            row: at.row.saturating_add_signed(down).min(last),
            day: at.day.saturating_add_signed(right).min(DAYS - 1),
        },
        Step::RowStart => Spot { day: 0, ..at },
        Step::RowEnd => Spot {
            day: DAYS - 1,
            ..at
        },
        Step::First => Spot::default(),
        Step::Last => Spot {
            row: last,
            day: DAYS - 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn spot(row: usize, day: usize) -> Spot {
        Spot { row, day }
    }

    #[test]
    fn a_cell_is_known_by_its_id() {
        assert_eq!(spot(12, 6).id(), "roster-12-6");
        assert_eq!(Spot::of_id("roster-12-6"), Some(spot(12, 6)));
        for other in ["roster-1-7", "roster-1", "cell-1-2", "roster--1"] {
            assert_eq!(Spot::of_id(other), None, "{other}");
        }
    }

    #[test]
    fn steps_stay_within_the_grid() {
        let step = |at, key, control| match deed(key, control) {
            Some(Deed::Go(step)) => go(at, 3, step),
            other => panic!("{key} is no step but {other:?}"),
        };
        assert_eq!(step(spot(0, 0), "ArrowUp", false), spot(0, 0));
        assert_eq!(step(spot(0, 0), "ArrowDown", false), spot(1, 0));
        assert_eq!(step(spot(2, 6), "ArrowRight", false), spot(2, 6));
        assert_eq!(step(spot(2, 3), "End", false), spot(2, 6));
        assert_eq!(step(spot(2, 3), "Home", true), spot(0, 0));
        assert_eq!(step(spot(0, 0), "End", true), spot(2, 6));
        // Fewer people than before.
        assert_eq!(step(spot(9, 3), "ArrowUp", false), spot(1, 3));
    }

    #[test]
    fn digits_assign_and_zero_frees() {
        assert_eq!(deed("1", false), Some(Deed::Assign(0)));
        assert_eq!(deed("9", false), Some(Deed::Assign(8)));
        assert_eq!(deed("0", false), Some(Deed::Off));
        assert_eq!(deed("Enter", false), Some(Deed::Open));
        assert_eq!(deed("PageDown", false), Some(Deed::Week(1)));
        for none in ["a", "Tab", "Escape", "10"] {
            assert_eq!(deed(none, false), None, "{none}");
        }
        assert_eq!(deed("1", true), None);
    }
}
