//! A week that is written like the one that is shown.

use std::sync::Arc;

use chrono::Days;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::attendance::views::RosterPage;

use super::desk::Desk;
use super::words;
use crate::action::{on_done, problem_of};
use crate::api::attendance::CopyWeek;
use crate::format::counted;
use crate::toast::{Toasts, at_root};
use crate::ui::{
    Button, Dialog, DialogActions, DialogButton, ErrorSummary, Icon, Look, Tone, close_dialog,
};

/// The dialog's id.
const COPY: &str = "copy-week";

/// Copies weeks.
#[derive(Clone, Copy)]
pub struct Copying {
    action: ServerAction<CopyWeek>,
}

impl Copying {
    /// Makes it, once, at the top of the page. What was copied is told, with the way there.
    pub fn provide(desk: Desk) -> Self {
        let action = ServerAction::<CopyWeek>::new();
        let toasts = expect_context::<Toasts>();
        let navigate = use_navigate();
        on_done(action, move |days| {
            close_dialog(COPY);
            let text = match *days {
                0 => "The week after is like this one already".to_owned(),
                days => format!("{} written", counted(days, "day", "days")),
            };
            let monday = desk
                .seen
                .with_untracked(|page| page.as_ref().map(|page| page.monday));
            let next = monday.and_then(|monday| monday.checked_add_days(Days::new(7)));
            match next {
                Some(next) => {
                    let (navigate, href) = (navigate.clone(), desk.week_href(next));
                    let open = at_root(move || navigate(&href, NavigateOptions::default()));
                    toasts.show_with_action(Tone::Positive, text, "Show it", open);
                }
                None => toasts.show(Tone::Positive, text),
            }
            desk.done.update(|n| *n += 1);
        });
        Self { action }
    }
}

/// The button that opens the dialog.
#[component]
pub fn CopyButton() -> impl IntoView {
    view! {
        <DialogButton opens=COPY icon=Icon::Copy>
            "Copy week…"
        </DialogButton>
    }
}

/// The dialog, which names both weeks.
#[component]
pub fn CopyDialog(
    /// The week.
    page: Arc<RosterPage>,
    /// Copies it.
    copying: Copying,
) -> impl IntoView {
    let action = copying.action;
    let monday = page.monday;
    let next = monday.checked_add_days(Days::new(7)).unwrap_or(monday);
    let title = format!("Copy {} to the week after", words::week(monday));
    let whom = match &page.team {
        Some(team) => format!("everybody in {team}"),
        None => "everybody".to_owned(),
    };
    let meaning = format!(
        "{} becomes like this week, for {whom}. Days that somebody has decided by hand stay, and so do those of a locked period.",
        words::week(next),
    );
    let team = page
        .team
        .clone()
        .map(|team| view! { <input type="hidden" name="team" value=team/> });
    view! {
        <Dialog id=COPY title>
            <p>{meaning}</p>
            <ErrorSummary problem=problem_of(action)/>
            <ActionForm action>
                <input type="hidden" name="monday" value=monday.to_string()/>
                {team}
                <DialogActions dialog=COPY>
                    <Button look=Look::Primary submit=true busy=action.pending()>
                        "Copy week"
                    </Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
    }
}
