//! The entries of the books, newest first.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::ledger::{EntryFilter, EntryView};
use model::{Money, Page as Rows};

use super::parts::{AccountPathText, QueryField, QueryForm, day, rule_words, shown, text};
use crate::api::ApiError;
use crate::api::ledger::ledger_entries;
use crate::format;
use crate::live::use_changes;
use crate::paths;
use crate::ui::*;

/// The posting rules that a chip filters by.
const RULES: &[&str] = &["captured", "fee", "paid_out", "bank_credited", "reversal"];

fn filter_of(query: &ParamsMap) -> Result<EntryFilter, ApiError> {
    Ok(EntryFilter {
        account: text(query, "account"),
        source: text(query, "source"),
        kind: text(query, "kind"),
        from: day(query, "from")?,
        to: day(query, "to")?,
        cursor: text(query, "cursor"),
        limit: None,
    })
}

/// All entries, or those that the address asks for.
#[component]
pub fn Entries() -> impl IntoView {
    let query = use_query_map();
    let (paid, settled) = (use_changes("payment."), use_changes("settlement."));
    let entries = Resource::new(
        move || (query.with(filter_of), paid.get(), settled.get()),
        |(filter, ..)| async move { ledger_entries(filter?).await },
    );
    let rules = std::iter::once(FilterOption::all("All"))
        .chain(
            RULES
                .iter()
                .map(|rule| FilterOption::new(*rule, rule_words(rule))),
        )
        .collect::<Vec<_>>();
    let facts = view! {
        <span>"Newest first"</span>
        <span>"Never changed: a correction is a reversal"</span>
    }
    .into_any();
    view! {
        <Page>
            <PageHeader title="Entries" facts>
                <LinkButton href=paths::LEDGER icon=Icon::Book>
                    "Accounts"
                </LinkButton>
                <LinkButton href=paths::TRIAL_BALANCE icon=Icon::Scales>
                    "Trial balance"
                </LinkButton>
            </PageHeader>
            <Filters>
                <QueryForm label="Search entries" params=&["account", "source", "from", "to"]>
                    <QueryField param="account" label="Account" placeholder="Assets:PSP"/>
                    <QueryField param="source" label="Business event" placeholder="payment:…"/>
                    <QueryField param="from" label="From (UTC)" input=Input::Date/>
                    <QueryField param="to" label="To (UTC)" input=Input::Date/>
                </QueryForm>
                <FilterChips label="Posting rule" param="kind" options=rules/>
            </Filters>
            <h2 class="sr-only">"List of entries"</h2>
            <Transition fallback=|| {
                view! { <TableSkeleton rows=10 columns=6 label="Loading entries"/> }
            }>
                {move || Suspend::new(async move {
                    let filtered = query.with_untracked(|query| {
                        ["account", "source", "kind", "from", "to"]
                            .iter()
                            .any(|key| text(query, key).is_some())
                    });
                    shown(
                        entries.await,
                        |page| view! { <List page filtered/> }.into_any(),
                    )
                })}
            </Transition>
        </Page>
    }
}

#[component]
fn List(page: Rows<EntryView>, filtered: bool) -> impl IntoView {
    if page.items.is_empty() {
        return match filtered {
            true => view! {
                <EmptyState
                    title="No entries fit"
                    text="Nothing in the books fits these filters. Take one away to see more."
                    icon=Icon::Filter
                >
                    <LinkButton href=paths::ENTRIES>"Show all entries"</LinkButton>
                </EmptyState>
            }
            .into_any(),
            false => view! {
                <EmptyState
                    title="No entries yet"
                    text="The first captured payment writes the first entry."
                    icon=Icon::Book
                >
                    <LinkButton href=paths::PAYMENTS>"Payments"</LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let count = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
    let rows = page.items.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Entries, newest first"
            columns=vec![
                Column::text("entry", "Entry"),
                Column::text("date", "Date"),
                Column::text("text", "What happened"),
                Column::text("kind", "Rule"),
                Column::text("accounts", "Debit and credit").spare(),
                Column::number("amount", "Amount").lead(),
            ]
            rows
        />
        <Pager shown=format::counted(count, "entry", "entries") next=page.next/>
    }
    .into_any()
}

/// How much an entry moves: the sum of its debits in each currency.
fn moved(entry: &EntryView) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for debit in entry.lines.iter().filter_map(|line| line.debit()) {
        match sums.iter_mut().find(|sum| sum.currency == debit.currency) {
            Some(sum) => sum.minor = sum.minor.saturating_add(debit.minor),
            None => sums.push(debit),
        }
    }
    sums
}

fn row(entry: EntryView) -> TableRow {
    let amounts = moved(&entry)
        .into_iter()
        .map(|money| view! { <Amount money/> })
        .collect_view();
    // Debits first, as they are said.
    let (debits, credits): (Vec<_>, Vec<_>) =
        entry.lines.iter().partition(|line| line.amount.minor > 0);
    let accounts = debits
        .into_iter()
        .chain(credits)
        .map(|line| view! { <AccountPathText path=line.account.clone()/> })
        .collect_view();
    let reversed = entry.reversed_by.is_some();
    TableRow::link(paths::entry(entry.id))
        .cell(format!("No. {}", entry.seq))
        .cell(view! { <Time stamp=entry.occurred_at/> })
        .cell(view! {
            <span class="entry-text">
                {entry.text}
                {reversed.then(|| view! { " " <Chip tone=Tone::Caution label="Reversed"/> })}
            </span>
        })
        .cell(rule_words(&entry.kind))
        .cell(view! { <span class="account-stack">{accounts}</span> })
        .cell(view! { <span class="amount-stack">{amounts}</span> })
}
