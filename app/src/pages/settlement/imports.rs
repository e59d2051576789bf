//! Bringing in files, and the list of those that came.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::Page as Rows;
use model::settlement::ImportView;

use super::watch::{ask_again, under_way};
use super::words;
use crate::api::settlement::{settlement_imports, settlement_may_import};
use crate::format;
use crate::live::use_changes;
use crate::pages::ledger::parts::{shown, text};
use crate::paths;
use crate::ui::*;

/// Takes the files: field `file`, as often as there are files.
const UPLOAD: &str = "/settlement/upload";

/// All imports, newest first, under the form that starts one.
#[component]
pub fn Imports() -> impl IntoView {
    let query = use_query_map();
    let changes = use_changes("settlement.");
    let asked = RwSignal::new(0_u32);
    let may_import = Resource::new(|| (), |()| settlement_may_import());
    let imports = Resource::new(
        move || {
            (
                query.with(|query| text(query, "cursor")),
                changes.get(),
                asked.get(),
            )
        },
        |(cursor, ..)| settlement_imports(cursor),
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
        <span>"Bank statements and gateway reports"</span>
        <span>"The same file twice changes nothing"</span>
    }
    .into_any();
    view! {
        <Page>
            <PageHeader title="Imports" facts>
                <LinkButton href=paths::RECONCILIATION icon=Icon::Scales>
                    "Reconciliation"
                </LinkButton>
            </PageHeader>
            {problem}
            <Suspense>
                {move || Suspend::new(async move {
                    matches!(may_import.await, Ok(true)).then(|| view! { <Upload/> })
                })}
            </Suspense>
            <Section title="Files">
                <Transition fallback=|| {
                    view! { <TableSkeleton rows=6 columns=7 label="Loading imports"/> }
                }>
                    {move || Suspend::new(async move {
                        let answer = imports.await;
                        ask_again(asked, &answer, |page| {
                            page.items.iter().any(|import| under_way(import.status))
                        });
                        shown(answer, |page| view! { <List page/> }.into_any())
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
        <form class="form upload" method="post" enctype="multipart/form-data" action=UPLOAD>
            <FileDrop
                name="file"
                label="Statements or reports"
                accept=".xml,.csv,.txt,.sta,.940,.mt940,.053,.054,.camt,.zip"
                help="camt.052, camt.053, camt.054 and Stripe’s itemised payout report. The layout is found out from the file."
                required=true
                multiple=true
            />
            <div class="form-actions">
                <Button look=Look::Primary submit=true icon=Icon::Import>
                    "Import"
                </Button>
            </div>
        </form>
    }
}

#[component]
fn List(page: Rows<ImportView>) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                title="No files yet"
                text="Each bank statement and gateway report stands here with how far it is and what it brought. Choose a file above to import the first one."
                icon=Icon::Import
            />
        }
        .into_any();
    }
    let count = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
    let rows = page.items.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Imported files, newest first"
            columns=vec![
                Column::text("file", "File"),
                Column::text("format", "Format").spare(),
                Column::text("state", "State").lead(),
                Column::number("lines", "New lines"),
                Column::number("matched", "Matched"),
                Column::number("open", "Open"),
                Column::text("received", "Received"),
                Column::text("by", "By").spare(),
            ]
            rows
        />
        <Pager shown=format::counted(count, "file", "files") next=page.next/>
    }
    .into_any()
}

fn row(import: ImportView) -> TableRow {
    let format = words::format_of(&import);
    TableRow::link(paths::import(import.id))
        .cell(view! { <span class="file-name-cell">{import.name.clone()}</span> })
        .cell(format)
        .cell(state(&import))
        .cell(format::count(import.lines))
        .cell(format::count(import.matched))
        .cell(format::count(import.open))
        .cell(view! { <Time stamp=import.received_at/> })
        .cell(import.by)
}

/// The state; with a bar while it is under way.
fn state(import: &ImportView) -> AnyView {
    let (tone, label) = words::import_status(import.status);
    let chip = view! { <Chip tone label/> };
    if !under_way(import.status) {
        return chip.into_any();
    }
    let spoken = format!("How much of {} is read", import.name);
    let (done, total) = (
        import.bytes_done.to_string(),
        import.bytes_total.max(1).to_string(),
    );
    let lines = format::counted(import.lines_seen, "line", "lines");
    view! {
        <span class="import-state">
            {chip}
            <progress aria-label=spoken value=done max=total></progress>
            <span class="small muted num">{lines}</span>
        </span>
    }
    .into_any()
}
