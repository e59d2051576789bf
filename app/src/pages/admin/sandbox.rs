//! The sandbox: settlement cycles, its files, its faults, its test cards.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::operations::{SandboxCycle, SandboxFile, SandboxView};

use super::sandbox_faults::{FaultActions, Faults};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::admin::{RunCycle, read_sandbox};
use crate::format::{count, counted};
use crate::paths::SETTLEMENT;
use crate::ui::{
    Amount, Button, Column, DataTable, EmptyState, ErrorState, ErrorSummary, Icon, LinkButton,
    Look, Notice, Page, PageHeader, Section, Skeleton, TableRow, Time, Tone,
};

/// Cards that the sandbox knows, and what each does.
const CARDS: [(&str, &str); 10] = [
    ("4242 4242 4242 4242", "Pays"),
    ("5555 5555 5555 4444", "Pays, as a Mastercard"),
    (
        "4000 0027 6000 3184",
        "Needs confirmation by the bank, then pays",
    ),
    ("4000 0000 0000 0002", "Declined"),
    ("4000 0000 0000 9995", "Declined: insufficient funds"),
    ("4000 0000 0000 0069", "Declined: expired"),
    ("4000 0084 0000 1629", "Needs confirmation, then declined"),
    ("4000 0000 0000 5126", "Pays; a refund fails later"),
    (
        "4000 0000 0000 7726",
        "Pays; a refund is pending for a while",
    ),
    ("4000 0000 0000 0259", "Pays; the customer disputes it"),
];

/// The page of the sandbox.
#[component]
pub fn SandboxPage() -> impl IntoView {
    let changes = RwSignal::new(0_u32);
    let cycle = ServerAction::<RunCycle>::new();
    on_done(cycle, move |_| changes.update(|n| *n += 1));
    let faults = FaultActions::new(changes);
    let sandbox = Resource::new(move || changes.get(), |_| read_sandbox());
    let content = move || {
        Suspend::new(async move {
            match sandbox.await {
                Ok(Some(sandbox)) => view! {
                    <CycleSection cycle/>
                    {files_view(&sandbox)}
                    <Faults faults=sandbox.faults actions=faults/>
                    {cards_view()}
                }
                .into_any(),
                Ok(None) => real_gateway(),
                Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
            }
        })
    };
    view! {
        <Page>
            <PageHeader
                title="Sandbox"
                facts=view! { <span>"A payment provider and a bank with no real money"</span> }.into_any()
            />
            <Transition fallback=|| view! { <Skeleton lines=10 label="Loading the sandbox"/> }>
                {content}
            </Transition>
        </Page>
    }
}

fn real_gateway() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Flask
            title="Payments go to a real gateway"
            text="This installation does not use the sandbox. Start Punctual in sandbox mode to run settlement cycles and faults."
        />
    }
    .into_any()
}

#[component]
fn CycleSection(cycle: ServerAction<RunCycle>) -> impl IntoView {
    let value = cycle.value();
    let outcome = move || {
        value.with(|value| match value {
            Some(Ok(cycle)) => Some(outcome_view(cycle)),
            _ => None,
        })
    };
    view! {
        <Section title="Settlement">
            <p class="muted">
                "Pays out everything that was captured and not yet paid out, and issues the provider’s report and the bank’s statement of the same money."
            </p>
            <ErrorSummary problem=problem_of(cycle)/>
            <ActionForm action=cycle>
                <Button look=Look::Primary submit=true icon=Icon::Refresh busy=cycle.pending()>
                    "Run a settlement cycle"
                </Button>
            </ActionForm>
            <div role="status" class="cycle-outcome">{outcome}</div>
        </Section>
    }
}

fn outcome_view(cycle: &SandboxCycle) -> AnyView {
    if cycle.payouts.is_empty() {
        let files = i64::try_from(cycle.files.len()).unwrap_or(i64::MAX);
        let text = match files {
            0 => "Take a payment first, and capture it.".to_owned(),
            files => format!(
                "{} issued without a payout.",
                counted(files, "file", "files")
            ),
        };
        return view! { <Notice tone=Tone::Info title="There was nothing to pay out" text/> }
            .into_any();
    }
    let payouts = cycle
        .payouts
        .iter()
        .map(|payout| {
            let movements = counted(payout.movements, "movement", "movements");
            view! {
                <li>
                    <Amount money=payout.money/> " in " {movements} ", on the statement as "
                    <span class="mono break-words">{payout.trace_id.clone()}</span>
                </li>
            }
        })
        .collect_view();
    let files = cycle
        .files
        .iter()
        .map(|file| view! { <li>{file_link(file)}</li> })
        .collect_view();
    view! {
        <Notice tone=Tone::Positive title="Paid out"/>
        <ul class="plain-list">{payouts}</ul>
        <p class="muted">
            "Download the files and import them in " <a href=SETTLEMENT>"Imports"</a> "."
        </p>
        <ul class="plain-list">{files}</ul>
    }
    .into_any()
}

fn file_link(file: &SandboxFile) -> impl IntoView + use<> {
    view! {
        <a class="break-words" href=file.url.clone() rel="external" download=file.name.clone()>
            {file.name.clone()}
        </a>
    }
}

fn files_view(sandbox: &SandboxView) -> AnyView {
    let aside = view! {
        <LinkButton href=sandbox.origin.clone() small=true icon=Icon::External external=true>
            "Open the sandbox"
        </LinkButton>
    }
    .into_any();
    let list = if sandbox.files.is_empty() {
        view! {
            <EmptyState
                icon=Icon::File
                title="No files yet"
                text="A settlement cycle issues the provider’s report and the bank’s statement."
            />
        }
        .into_any()
    } else {
        let rows = sandbox.files.iter().map(file_row).collect();
        view! {
            <DataTable
                caption="Files of the sandbox, newest first"
                compact=true
                columns=vec![
                    Column::text("name", "File"),
                    Column::text("at", "Issued"),
                    Column::number("bytes", "Bytes"),
                ]
                rows
            />
        }
        .into_any()
    };
    view! { <Section title="Settlement files" aside>{list}</Section> }.into_any()
}

fn file_row(file: &SandboxFile) -> TableRow {
    TableRow::plain()
        .cell(file_link(file))
        .cell(view! { <Time stamp=file.at.clone()/> })
        .cell(count(file.bytes))
}

fn cards_view() -> AnyView {
    let rows = CARDS
        .iter()
        .map(|(number, does)| {
            TableRow::plain()
                .cell(view! { <span class="mono nowrap">{*number}</span> })
                .cell(*does)
        })
        .collect();
    view! {
        <Section title="Test cards">
            <p class="muted">"Any expiry date in the future and any security code."</p>
            <DataTable
                caption="Test cards and what each does"
                compact=true
                columns=vec![Column::text("number", "Number"), Column::text("does", "What it does")]
                rows
            />
        </Section>
    }
    .into_any()
}
