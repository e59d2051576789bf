//! One imported file: how far it is, what it brought, and why it was refused.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::settlement::{ImportStatus, ImportView};
use model::{ImportId, Problem};

use super::watch::{ask_again, under_way};
use super::words;
use crate::api::ApiError;
use crate::api::settlement::settlement_import;
use crate::format;
use crate::live::use_changes;
use crate::pages::ledger::parts::shown;
use crate::paths;
use crate::ui::*;

/// The import that the address names.
#[component]
pub fn Import() -> impl IntoView {
    let params = use_params_map();
    let changes = use_changes("settlement.");
    let asked = RwSignal::new(0_u32);
    let id = move || {
        let id = params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<ImportId>().ok());
        id.ok_or_else(|| ApiError(Problem::not_found("import")))
    };
    let import = Resource::new(
        move || (id(), changes.get(), asked.get()),
        |(id, ..)| async move { settlement_import(id?).await },
    );
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=8 label="Loading the import"/> }>
                {move || Suspend::new(async move {
                    let answer = import.await;
                    ask_again(asked, &answer, |import| under_way(import.status));
                    match answer {
                        Ok(import) => view! { <Found import/> }.into_any(),
                        Err(error) => {
                            view! {
                                <PageHeader title="Import" back=above()/>
                                <h2 class="sr-only">"What happened"</h2>
                                {shown(Err::<(), _>(error), |()| ().into_any())}
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

fn above() -> (String, String) {
    (paths::SETTLEMENT.to_owned(), "Imports".to_owned())
}

#[component]
fn Found(import: ImportView) -> impl IntoView {
    let (tone, label) = words::import_status(import.status);
    let chip = view! { <span role="status"><Chip tone label/></span> }.into_any();
    let facts = view! {
        <span>{words::format_of(&import)}</span>
        <span>"By " {import.by.clone()}</span>
        <Time stamp=import.received_at.clone()/>
    }
    .into_any();
    view! {
        <div class="import-title">
            <PageHeader title=import.name.clone() chip facts back=above()>
                <LinkButton href=paths::RECONCILIATION icon=Icon::Scales>
                    "Open lines"
                </LinkButton>
            </PageHeader>
        </div>
        {outcome(&import)}
        <Counts import=import.clone()/>
        <Warnings warnings=import.warnings.clone()/>
        <Section title="File">
            <About import/>
        </Section>
    }
}

/// Where it stands, in a sentence; with a bar while it goes on.
fn outcome(import: &ImportView) -> AnyView {
    match import.status {
        ImportStatus::Refused => {
            let place = import.error.clone().unwrap_or_else(|| "The reason is not known.".to_owned());
            view! {
                <div role="alert">
                    <Notice tone=Tone::Negative title="Nothing of this file was taken" text=place>
                        <LinkButton href=paths::SETTLEMENT small=true>
                            "Import another file"
                        </LinkButton>
                    </Notice>
                </div>
            }
            .into_any()
        }
        ImportStatus::Done if import.lines == 0 => view! {
            <Notice
                tone=Tone::Info
                title="This file brought nothing new"
                text="Every line of it had come with an earlier file."
            />
        }
        .into_any(),
        ImportStatus::Done if import.open == 0 => view! {
            <Notice tone=Tone::Positive title="Every new line is matched"/>
        }
        .into_any(),
        ImportStatus::Done => view! {
            <Notice
                tone=Tone::Caution
                title=format!(
                    "{} open",
                    format::counted(import.open, "line is", "lines are"),
                )
                text="They stay open until what they belong to arrives, or somebody looks into them."
            >
                <LinkButton href=paths::RECONCILIATION small=true>
                    "Show open lines"
                </LinkButton>
            </Notice>
        }
        .into_any(),
        ImportStatus::Received => {
            let not_begun: Option<i64> = None;
            view! { <Progress label="Waiting for its turn" done=not_begun total=1_i64/> }.into_any()
        }
        ImportStatus::Parsing => {
            let label = format!("Reading, {} so far; in KB", format::counted(import.lines_seen, "line", "lines"));
            view! {
                <Progress
                    label
                    done=Some(import.bytes_done / 1024)
                    total=import.bytes_total / 1024
                />
            }
            .into_any()
        }
        ImportStatus::Matching => view! {
            <Progress
                label="Matching new lines"
                done=Some(import.lines - import.open)
                total=import.lines
            />
        }
        .into_any(),
    }
}

#[component]
fn Counts(import: ImportView) -> impl IntoView {
    if import.status == ImportStatus::Refused {
        return ().into_any();
    }
    let (tone, open_words) = match import.open {
        0 => (Tone::Neutral, ""),
        _ => (Tone::Caution, "Nothing explains them yet"),
    };
    let repeated = match import.repeated {
        0 => "None had come before".to_owned(),
        n => format!("{} more had come with an earlier file", format::count(n)),
    };
    view! {
        <Figures>
            <FigureCard
                label="New lines"
                value=format::count(import.lines)
                comparison=repeated
            />
            <FigureCard
                label="Matched"
                value=format::count(import.matched)
                comparison=format!("{} of the new lines", format::percent(import.matched, import.lines))
            />
            <FigureCard
                label="Open"
                value=format::count(import.open)
                comparison=open_words
                tone
                href=paths::RECONCILIATION.to_owned()
            />
            <FigureCard
                label="Statements"
                value=format::count(i64::from(import.statements))
                comparison=totals(import.status)
            />
        </Figures>
    }
    .into_any()
}

/// What can be said of the control totals: a file in which one does not hold is refused whole.
const fn totals(status: ImportStatus) -> &'static str {
    match status {
        ImportStatus::Matching | ImportStatus::Done => "Their control totals hold",
        _ => "Control totals are checked while reading",
    }
}

#[component]
fn Warnings(warnings: Vec<String>) -> impl IntoView {
    if warnings.is_empty() {
        return ().into_any();
    }
    let count = i64::try_from(warnings.len()).unwrap_or(i64::MAX);
    let list = warnings
        .into_iter()
        .map(|text| view! { <li>{text}</li> })
        .collect_view();
    view! {
        <Section title="Remarks">
            <Notice
                tone=Tone::Caution
                title=format!("{} worth a look", format::counted(count, "remark is", "remarks are"))
                text="The file was read all the same."
            />
            <ul class="import-warnings">{list}</ul>
        </Section>
    }
    .into_any()
}

#[component]
fn About(import: ImportView) -> impl IntoView {
    let format = words::format_of(&import);
    let mut facts = vec![
        Fact::new("Layout", format),
        Fact::new(
            "Size",
            format!("{} bytes", format::count(import.bytes_total)),
        ),
        Fact::new("Lines read", format::count(import.lines_seen)),
        Fact::new("Received", view! { <Time stamp=import.received_at/> }),
    ];
    if let Some(stamp) = import.finished_at {
        facts.push(Fact::new("Finished", view! { <Time stamp/> }));
    }
    facts.push(Fact::new("Brought by", import.by));
    facts.push(Fact::new(
        "Import",
        view! { <ShortId id=import.id.to_string() label="import id"/> },
    ));
    view! { <Facts facts columns=true/> }
}
