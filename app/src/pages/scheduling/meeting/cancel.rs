//! The dialog in which a meeting, or times of a series, are cancelled.

use leptos::prelude::*;
use model::scheduling::meeting::{MeetingState, OccurrenceView};
use model::scheduling::views::MeetingPage;

use super::Doings;
use super::parts::LoadAgain;
use super::when::short;
use crate::action::problem_of;
use crate::ui::{
    Button, Choice, Dialog, DialogActions, ErrorSummary, Look, RadioRows, SelectField,
};

/// The dialog's id.
pub const DIALOG: &str = "cancel-meeting";

/// The dialog, which names the meeting.
#[component]
pub fn Cancel(
    /// The page.
    page: MeetingPage,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let Doings {
        call_off, asking, ..
    } = doings;
    let problem = problem_of(call_off);
    let MeetingPage {
        meeting,
        occurrences,
        ..
    } = page;
    let title = format!("Cancel “{}”", meeting.title);
    let upcoming: Vec<OccurrenceView> = occurrences
        .into_iter()
        .filter(|occurrence| occurrence.state != MeetingState::Cancelled)
        .collect();
    let which = if meeting.recurrence.is_some() && !upcoming.is_empty() {
        which_times(&upcoming)
    } else {
        view! {
            <input type="hidden" name="scope" value="all"/>
            <input type="hidden" name="occurrence" value=""/>
        }
        .into_any()
    };
    view! {
        <Dialog id=DIALOG title on:close=move |_| asking.set(false)>
            <p>
                "Everybody who is asked to come gets a mail, and their time and the rooms are free again. This cannot be undone."
            </p>
            <ErrorSummary problem/>
            <LoadAgain problem/>
            <ActionForm action=call_off attr:class="dialog-form">
                <input type="hidden" name="id" value=meeting.id.to_string()/>
                <input type="hidden" name="version" value=meeting.version.to_string()/>
                {which}
                <DialogActions dialog=DIALOG cancel="Keep it">
                    <Button look=Look::Danger submit=true busy=call_off.pending()>
                        "Cancel meeting"
                    </Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
    }
}

fn which_times(upcoming: &[OccurrenceView]) -> AnyView {
    let times = upcoming
        .iter()
        .map(|occurrence| {
            let value = occurrence.original.format("%Y-%m-%dT%H:%M:%S").to_string();
            Choice::new(value, short(&occurrence.from, &occurrence.to))
        })
        .collect();
    view! {
        <SelectField name="occurrence" label="Time" choices=times/>
        <RadioRows
            name="scope"
            legend="What is cancelled"
            choices=vec![
                Choice::new("this", "Only this time"),
                Choice::new("following", "This time and all that follow it"),
                Choice::new("all", "The whole series"),
            ]
            value="this"
        />
    }
    .into_any()
}
