//! The queue: how it stands, and the jobs in it.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Page as Rows;
use model::operations::{JobFigures, JobRow, JobState};

use super::parts::{shown, use_param};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::admin::{DiscardJob, RetryJob, list_jobs, read_job_figures};
use crate::format::{count, counted, duration};
use crate::paths::JOBS;
use crate::toast::Toasts;
use crate::ui::{
    Button, Chip, CodeBlock, Column, DataTable, Dialog, DialogActions, DialogButton, EmptyState,
    ErrorState, ErrorSummary, FigureCard, Figures, FiguresSkeleton, FilterChips, FilterOption,
    Filters, Icon, LinkButton, Look, Page, PageHeader, Pager, TableRow, TableSkeleton, Time, Tone,
    close_dialog,
};

/// What can be done to a failed job.
#[derive(Clone, Copy)]
struct Actions {
    retry: ServerAction<RetryJob>,
    discard: ServerAction<DiscardJob>,
}

/// Figures and jobs.
#[component]
pub fn Jobs() -> impl IntoView {
    let (state, cursor) = (use_param("state"), use_param("cursor"));
    let changes = RwSignal::new(0_u32);
    let actions = Actions {
        retry: ServerAction::new(),
        discard: ServerAction::new(),
    };
    let toasts = expect_context::<Toasts>();
    on_done(actions.retry, move |id| {
        close_dialog(&dialog_of(*id));
        toasts.show(Tone::Positive, format!("Job {id} is due again"));
        changes.update(|n| *n += 1);
    });
    on_done(actions.discard, move |id| {
        close_dialog(&dialog_of(*id));
        toasts.show(Tone::Neutral, format!("Job {id} discarded"));
        changes.update(|n| *n += 1);
    });
    let figures = Resource::new(move || changes.get(), |_| read_job_figures());
    let jobs = Resource::new(
        move || {
            (
                state.get().and_then(|state| state.parse().ok()),
                cursor.get(),
                changes.get(),
            )
        },
        |(state, cursor, _)| list_jobs(state, cursor),
    );
    let cards = move || {
        Suspend::new(async move {
            match figures.await {
                Ok(figures) => figures_view(figures),
                Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
            }
        })
    };
    let list = move || {
        Suspend::new(async move {
            match jobs.await {
                Ok(page) => list_view(page, actions),
                Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
            }
        })
    };
    view! {
        <Page>
            <PageHeader title="Jobs" facts=view! { <span>"Work that goes on behind the pages"</span> }.into_any()>
                <Button icon=Icon::Refresh on:click=move |_| changes.update(|n| *n += 1)>
                    "Refresh"
                </Button>
            </PageHeader>
            <Transition fallback=|| view! { <FiguresSkeleton cards=4/> }>{cards}</Transition>
            <Filters>
                <FilterChips label="State" param="state" options=state_options()/>
            </Filters>
            <Transition fallback=|| view! { <TableSkeleton columns=6 label="Loading jobs"/> }>
                {list}
            </Transition>
        </Page>
    }
}

fn state_options() -> Vec<FilterOption> {
    let states = JobState::ALL
        .iter()
        .map(|state| FilterOption::new(state.as_str(), state.label()));
    std::iter::once(FilterOption::all("All"))
        .chain(states)
        .collect()
}

fn figures_view(figures: JobFigures) -> AnyView {
    let (locked, locked_tone) = match figures.locked_without_worker {
        0 => ("Taken by a worker".to_owned(), Tone::Neutral),
        lost => (
            format!(
                "{} no sign of life",
                counted(lost, "worker gives", "workers give")
            ),
            Tone::Negative,
        ),
    };
    let (failed, failed_tone) = match figures.failed {
        0 => ("None waits for a person", Tone::Neutral),
        _ => ("Tries used up; look at each", Tone::Negative),
    };
    let oldest = if figures.ready == 0 {
        "–".to_owned()
    } else {
        duration(figures.oldest_ready_seconds)
    };
    let (late, late_tone) = if figures.oldest_ready_seconds > 120 {
        ("Workers are behind or have stopped", Tone::Caution)
    } else {
        ("Workers keep up", Tone::Neutral)
    };
    let scheduled = format!("{} later", counted(figures.scheduled, "is due", "are due"));
    view! {
        <Figures>
            <FigureCard label="Ready" value=count(figures.ready) comparison=scheduled/>
            <FigureCard label="Oldest ready" value=oldest comparison=late tone=late_tone/>
            <FigureCard label="Running" value=count(figures.locked) comparison=locked tone=locked_tone/>
            <FigureCard
                label="Failed"
                value=count(figures.failed)
                comparison=failed
                tone=failed_tone
                href=format!("{JOBS}?state=failed")
            />
        </Figures>
    }
    .into_any()
}

fn list_view(page: Rows<JobRow>, actions: Actions) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Queue
                title="No jobs here"
                text="Jobs appear while they wait and run, and leave when they are done. Failed ones stay until somebody looks."
            >
                <LinkButton href=JOBS>"Show all jobs"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let words = shown(page.items.len(), page.next.is_some(), "job", "jobs");
    let dialogs = page
        .items
        .iter()
        .filter(|job| job.state == JobState::Failed)
        .map(|job| job_dialog(job.clone(), actions))
        .collect_view();
    let rows = page.items.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Jobs, newest first"
            columns=vec![
                Column::text("kind", "Kind"),
                Column::text("state", "State").lead(),
                Column::number("attempts", "Tries"),
                Column::text("run_at", "Due"),
                Column::text("error", "Last error"),
                Column::text("actions", "Action"),
            ]
            rows
        />
        <Pager shown=words next=page.next/>
        {dialogs}
    }
    .into_any()
}

/// The id of the dialog of a job.
fn dialog_of(id: i64) -> String {
    format!("job-{id}")
}

fn row(job: JobRow) -> TableRow {
    let tone = match job.state {
        JobState::Ready | JobState::Running => Tone::Info,
        JobState::Scheduled => Tone::Neutral,
        JobState::Failed => Tone::Negative,
    };
    let error = match job.last_error {
        Some(error) => view! { <span class="job-error small">{error}</span> }.into_any(),
        None => view! { <span class="quiet">"–"</span> }.into_any(),
    };
    let action = if job.state == JobState::Failed {
        let spoken = format!(" job {}", job.id);
        view! {
            <DialogButton opens=dialog_of(job.id) small=true>
                "Look at"<span class="sr-only">{spoken}</span>"…"
            </DialogButton>
        }
        .into_any()
    } else {
        view! { <span class="quiet">"–"</span> }.into_any()
    };
    TableRow::plain()
        .cell(view! {
            <span class="cell-stack">
                <span class="mono">{job.kind}</span>
                <span class="quiet small num">"No. " {job.id}</span>
            </span>
        })
        .cell(view! { <Chip tone label=job.state.label()/> })
        .cell(format!("{} of {}", job.attempts, job.max_attempts))
        .cell(view! { <span class="nowrap"><Time stamp=job.run_at/></span> })
        .cell(error)
        .cell(action)
}

fn job_dialog(job: JobRow, actions: Actions) -> impl IntoView {
    let Actions { retry, discard } = actions;
    let dialog = dialog_of(job.id);
    let tries = counted(i64::from(job.attempts), "try", "tries");
    let error = job
        .last_error
        .unwrap_or_else(|| "Nothing was written down.".to_owned());
    view! {
        <Dialog id=dialog.clone() title=format!("Job {}: {}", job.id, job.kind)>
            <p>
                "It failed after " {tries}
                ". Try it again once the cause is gone. A discarded job is not done any more."
            </p>
            <CodeBlock label="Last error" text=error/>
            <CodeBlock label="What it was given" text=job.payload/>
            <ErrorSummary problem=problem_of(retry)/>
            <ErrorSummary problem=problem_of(discard)/>
            <DialogActions dialog>
                <ActionForm action=discard>
                    <input type="hidden" name="id" value=job.id.to_string()/>
                    <Button look=Look::Danger submit=true busy=discard.pending()>"Discard job"</Button>
                </ActionForm>
                <ActionForm action=retry>
                    <input type="hidden" name="id" value=job.id.to_string()/>
                    <Button look=Look::Primary submit=true busy=retry.pending()>"Try again"</Button>
                </ActionForm>
            </DialogActions>
        </Dialog>
    }
}
