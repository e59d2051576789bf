//! The form of a new period. The one after the last is offered.

use chrono::{Days, Months, NaiveDate};
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::Doings;
use crate::action::problem_of;
use crate::ui::{Button, FormProblems, Input, Section, TextField};

/// The id of the form.
pub const FORM: &str = "make-period";

/// The form.
#[component]
pub fn MakePeriod(
    /// The last day that a period has.
    last: Option<NaiveDate>,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let make = doings.make;
    let problem = problem_of(make);
    let (from, to) = match last.and_then(next) {
        Some((from, to)) => (from.to_string(), to.to_string()),
        None => (String::new(), String::new()),
    };
    view! {
        <Section title="Make a period">
            <ActionForm action=make attr:id=FORM attr:class="form">
                <FormProblems problem>
                    <div class="form-pair">
                        <TextField
                            name="from"
                            label="First day"
                            input=Input::Date
                            value=from
                            required=true
                        />
                        <TextField
                            name="to"
                            label="Last day"
                            help="A month has its name in the list"
                            input=Input::Date
                            value=to
                            required=true
                        />
                    </div>
                    <div class="form-actions">
                        <Button submit=true busy=make.pending()>
                            "Make period"
                        </Button>
                    </div>
                </FormProblems>
            </ActionForm>
        </Section>
    }
}

/// The month after a day: from the next day on, to the day before the same day of the next month.
fn next(last: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let from = last.checked_add_days(Days::new(1))?;
    let after = from.checked_add_months(Months::new(1))?;
    Some((from, after.checked_sub_days(Days::new(1))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_month_is_offered() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(
            next(day("2026-11-30")),
            Some((day("2026-12-01"), day("2026-12-31")))
        );
        assert_eq!(
            next(day("2027-01-31")),
            Some((day("2027-02-01"), day("2027-02-28")))
        );
        // Periods may be from the middle of a month to that of the next.
        assert_eq!(
            next(day("2026-11-15")),
            Some((day("2026-11-16"), day("2026-12-15")))
        );
    }
}
