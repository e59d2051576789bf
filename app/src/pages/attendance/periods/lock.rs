//! The question before a period is locked: it names the period and what is still open in it.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::PeriodId;
use model::attendance::views::PeriodView;

use super::Doings;
use crate::action::problem_of;
use crate::format::counted;
use crate::pages::attendance::common::{LoadAgain, period_words};
use crate::paths;
use crate::ui::{
    Button, Dialog, DialogActions, ErrorSummary, Icon, LinkButton, Look, Notice, Tone,
};

/// The id of the dialog of a period.
pub fn dialog_of(id: PeriodId) -> String {
    format!("lock-{id}")
}

/// The dialog.
#[component]
pub fn LockDialog(
    /// The period.
    period: PeriodView,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let lock = doings.lock;
    let problem = problem_of(lock);
    let dialog = dialog_of(period.id);
    let sent = dialog.clone();
    let name = period_words(period.from_day, period.to_day);
    let open = still_open(&period);
    let notice = match open.as_str() {
        "" => view! {
            <Notice
                tone=Tone::Positive
                title="Nothing is open in it"
                text="All days are complete, and nothing waits for a decision."
            />
        }
        .into_any(),
        open => {
            let title = format!("{open} in it");
            let ways = ways(&period);
            view! {
                <Notice tone=Tone::Caution title text=later(&period)>
                    {ways}
                </Notice>
            }
            .into_any()
        }
    };
    view! {
        <Dialog id=dialog.clone() title=format!("Lock {name}")>
            {notice}
            <p>
                "Its days no longer change, and its files give the same figures for ever. What they come to later is an adjustment that you approve for the period that is open then. A lock cannot be taken back."
            </p>
            <ErrorSummary problem/>
            <LoadAgain problem/>
            <ActionForm
                action=lock
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <input type="hidden" name="id" value=period.id.to_string()/>
                <input type="hidden" name="version" value=period.version.to_string()/>
                <DialogActions dialog=dialog cancel="Leave it open">
                    <Button
                        look=Look::Danger
                        icon=Icon::Lock
                        submit=true
                        busy=lock.pending()
                    >
                        {format!("Lock {name}")}
                    </Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
    }
}

/// What becomes of it once the period is locked.
fn later(period: &PeriodView) -> &'static str {
    if period.open_overtime > 0 {
        "What is decided about them later becomes an adjustment. Overtime of a locked period can no longer be approved."
    } else {
        "What is decided about them later becomes an adjustment."
    }
}

/// The ways to where that is decided.
fn ways(period: &PeriodView) -> impl IntoView + use<> {
    let inbox = (period.open_requests + period.open_overtime > 0).then(|| {
        view! { <LinkButton href=paths::INBOX small=true>"Decide in the inbox"</LinkButton> }
    });
    let exceptions = (period.open_exceptions > 0).then(|| {
        view! { <LinkButton href=paths::EXCEPTIONS small=true>"Look at exceptions"</LinkButton> }
    });
    view! {
        {inbox}
        {exceptions}
    }
}

/// What is open in a period, as a sentence begins: `3 days lack a punch and 1 request waits`.
fn still_open(period: &PeriodView) -> String {
    let parts = [
        (
            period.open_days,
            "day is not complete",
            "days are not complete",
        ),
        (
            period.open_exceptions,
            "exception is open",
            "exceptions are open",
        ),
        (period.open_requests, "request waits", "requests wait"),
        (
            period.open_overtime,
            "day of overtime waits for approval",
            "days of overtime wait for approval",
        ),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| counted(number, one, many))
        .collect();
    match parts.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        parts => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use model::attendance::views::PeriodState;

    use super::*;

    fn period(days: i64, exceptions: i64, requests: i64, overtime: i64) -> PeriodView {
        PeriodView {
            id: PeriodId::from_parts(chrono::DateTime::UNIX_EPOCH, &[0; 10]),
            from_day: NaiveDate::MIN,
            to_day: NaiveDate::MAX,
            state: PeriodState::Open,
            locked: None,
            open_days: days,
            open_exceptions: exceptions,
            open_requests: requests,
            open_overtime: overtime,
            version: 1,
        }
    }

    #[test]
    fn what_is_open_is_one_sentence() {
        assert_eq!(still_open(&period(0, 0, 0, 0)), "");
        assert_eq!(still_open(&period(1, 0, 0, 0)), "1 day is not complete");
        assert_eq!(
            still_open(&period(3, 2, 1, 0)),
            "3 days are not complete, 2 exceptions are open and 1 request waits"
        );
        assert_eq!(
            still_open(&period(0, 0, 1, 2)),
            "1 request waits and 2 days of overtime wait for approval"
        );
    }
}
