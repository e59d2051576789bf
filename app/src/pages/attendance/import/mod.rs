//! Bringing in punches that another program exported: the files, and the form that starts with one.
//!
//! [`one`]: a file, from the look at it to what came of it; [`reading`] and [`found`] are parts of the
//! look.

mod found;
mod one;
mod reading;
mod words;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::attendance::views::{ImportState, PunchImportView};

use super::common::number;
use crate::api::attendance::import_form::punch_imports;
use crate::format;
use crate::live::use_changes;
use crate::pages::ledger::parts::{shown, text};
use crate::pages::settlement::watch::ask_again;
use crate::paths;
use crate::ui::*;

pub use one::Import;

/// `/attendance/import`
#[component]
pub fn Imports() -> impl IntoView {
    let query = use_query_map();
    let changes = use_changes("attendance.import");
    let asked = RwSignal::new(0_u32);
    let files = Resource::new(
        move || (changes.get(), asked.get()),
        |_| async move { punch_imports().await },
    );
    let problem = move || {
        query.with(|query| text(query, "problem")).map(|code| {
            view! {
                <div role="alert">
                    <Notice
                        tone=Tone::Negative
                        title="The file was not taken"
                        text=words::upload_problem(&code)
                    />
                </div>
            }
        })
    };
    let facts = view! {
        <span>"From tables that another program exported"</span>
        <span>"The same file twice changes nothing"</span>
    }
    .into_any();
    view! {
        <Page>
            <PageHeader title="Import punches" facts/>
            {problem}
            <Upload/>
            <Section title="Files">
                <Transition fallback=|| {
                    view! { <TableSkeleton rows=5 columns=6 label="Loading files"/> }
                }>
                    {move || Suspend::new(async move {
                        let answer = files.await;
                        ask_again(asked, &answer, |files| {
                            files.iter().any(|file| file.state == ImportState::Waiting)
                        });
                        shown(answer, |files| view! { <List files/> }.into_any())
                    })}
                </Transition>
            </Section>
        </Page>
    }
}

/// A plain form: it needs no script, and the browser shows how the sending goes.
#[component]
fn Upload() -> impl IntoView {
    view! {
        <form
            class="form upload"
            method="post"
            enctype="multipart/form-data"
            action=paths::PUNCH_UPLOAD
        >
            <FileDrop
                name="file"
                label="Table of punches"
                accept=".csv,.txt,.tsv,text/csv,text/plain"
                help="CSV with a header, up to 16 MB and 200,000 lines. Nothing counts before you have looked at it."
                required=true
            />
            <div class="form-actions">
                <Button look=Look::Primary submit=true icon=Icon::Import>
                    "Look at it"
                </Button>
            </div>
        </form>
    }
}

#[component]
fn List(files: Vec<PunchImportView>) -> impl IntoView {
    if files.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Import
                title="No files yet"
                text="Each file stands here with what it brought. Choose one above to look at what it holds."
            />
        }
        .into_any();
    }
    let bar = view! { <span class="num">{format::counted(number(&files), "file", "files")}</span> }
        .into_any();
    let rows = files.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Files of punches, newest first"
            columns=vec![
                Column::text("file", "File"),
                Column::text("state", "State").lead(),
                Column::number("new", "New"),
                Column::number("repeated", "Repeated"),
                Column::number("out", "Left out"),
                Column::text("at", "Brought"),
                Column::text("by", "By").spare(),
            ]
            rows
            bar
        />
    }
    .into_any()
}

fn row(file: PunchImportView) -> TableRow {
    let (tone, label) = words::state(file.state);
    let is_done = file.state == ImportState::Done;
    let figure = |count: i64| match is_done {
        true => format::count(count).into_any(),
        false => super::common::dash(),
    };
    TableRow::link(paths::punch_import(file.id))
        .cell(view! { <span class="file-name-cell">{file.name.clone()}</span> })
        .cell(view! { <Chip tone label/> })
        .cell(figure(file.accepted))
        .cell(figure(file.repeated))
        .cell(figure(file.left_out + file.unreadable))
        .cell(view! { <Time stamp=file.at/> })
        .cell(file.by)
}
