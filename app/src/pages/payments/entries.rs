//! What a payment did in the books.

use leptos::prelude::*;
use model::Money;
use model::ledger::{EntryView, LineView};

use crate::paths;
use crate::ui::{Amount, Column, DataTable, EmptyState, Icon, Section, TableRow, Time};

/// The entries of a payment, each with its lines.
#[component]
pub fn Entries(
    /// The entries, newest first.
    entries: Vec<EntryView>,
) -> impl IntoView {
    if entries.is_empty() {
        return view! {
            <Section title="Ledger entries">
                <EmptyState
                    icon=Icon::Book
                    title="Nothing booked yet"
                    text="The first entry is written the moment the gateway says that it has taken the money."
                />
            </Section>
        }
        .into_any();
    }
    let entries = entries
        .into_iter()
        .map(|entry| view! { <Entry entry/> })
        .collect_view();
    view! { <Section title="Ledger entries">{entries}</Section> }.into_any()
}

#[component]
fn Entry(entry: EntryView) -> impl IntoView {
    let caption = format!("Lines of entry {}", entry.seq);
    let rows = entry.lines.iter().map(line).collect();
    view! {
        <article class="payment-entry">
            <div class="spread">
                <h3>
                    <a href=paths::entry(entry.id)>{format!("Entry {}", entry.seq)}</a>
                </h3>
                <span class="quiet small">
                    <Time stamp=entry.occurred_at/>
                </span>
            </div>
            <p class="muted">{entry.text}</p>
            <DataTable
                caption
                compact=true
                columns=vec![
                    Column::text("account", "Account"),
                    Column::number("debit", "Debit"),
                    Column::number("credit", "Credit"),
                ]
                rows
            />
        </article>
    }
}

fn line(line: &LineView) -> TableRow {
    let account = line.account.clone();
    let href = paths::statement(&account);
    TableRow::plain()
        .cell(view! { <a class="mono payment-account" href=href>{account}</a> })
        .cell(side(line.debit()))
        .cell(side(line.credit()))
}

fn side(money: Option<Money>) -> AnyView {
    match money {
        Some(money) => view! { <Amount money/> }.into_any(),
        None => view! { <span class="quiet">"–"</span> }.into_any(),
    }
}
