//! One entry: the business event behind it, its lines, and what proves that it was not changed.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::ledger::{EntryView, LineView};
use model::{Currency, EntryId, Money, Problem};

use super::parts::{AccountPathText, amount_cell, payment_of, rule_words, shown};
use crate::api::ApiError;
use crate::api::ledger::ledger_entry;
use crate::paths;
use crate::ui::*;

/// The entry that the address names.
#[component]
pub fn Entry() -> impl IntoView {
    let params = use_params_map();
    let id = move || {
        let id = params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<EntryId>().ok());
        id.ok_or_else(|| ApiError(Problem::not_found("entry")))
    };
    let entry = Resource::new(id, |id| async move { ledger_entry(id?).await });
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=8 label="Loading the entry"/> }>
                {move || Suspend::new(async move {
                    match entry.await {
                        Ok(entry) => view! { <Found entry/> }.into_any(),
                        Err(error) => {
                            view! {
                                <PageHeader title="Entry" back=above()/>
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
    (paths::ENTRIES.to_owned(), "Entries".to_owned())
}

#[component]
fn Found(entry: EntryView) -> impl IntoView {
    let chip = match (entry.reversed_by, entry.reverses) {
        (Some(_), _) => Some(view! { <Chip tone=Tone::Caution label="Reversed"/> }.into_any()),
        (None, Some(_)) => Some(view! { <Chip tone=Tone::Info label="Reversal"/> }.into_any()),
        (None, None) => None,
    };
    let facts = view! {
        <span>{rule_words(&entry.kind)}</span>
        <Time stamp=entry.occurred_at.clone()/>
    }
    .into_any();
    let title = format!("Entry No. {}", entry.seq);
    let header = match chip {
        Some(chip) => view! { <PageHeader title chip facts back=above()/> }.into_any(),
        None => view! { <PageHeader title facts back=above()/> }.into_any(),
    };
    let mut currencies: Vec<Currency> = entry.lines.iter().map(|l| l.amount.currency).collect();
    currencies.sort();
    currencies.dedup();
    let tables = currencies
        .into_iter()
        .map(|currency| {
            let lines = entry
                .lines
                .iter()
                .filter(|l| l.amount.currency == currency)
                .cloned()
                .collect();
            view! { <Lines currency lines/> }
        })
        .collect_view();
    let behind = entry.clone();
    view! {
        {header}
        <p>{entry.text.clone()}</p>
        <Section title="Lines">{tables}</Section>
        <div class="halves">
            <Section title="Business event">
                <Event entry=behind/>
            </Section>
            <Section title="Proof">
                <Proof entry/>
            </Section>
        </div>
    }
}

#[component]
fn Lines(currency: Currency, lines: Vec<LineView>) -> impl IntoView {
    let sum = |side: fn(&LineView) -> Option<Money>| {
        let minor = lines
            .iter()
            .filter_map(side)
            .fold(0_i64, |sum, m| sum.saturating_add(m.minor));
        Some(Money::new(minor, currency))
    };
    let total = TableRow::plain()
        .cell("Total")
        .cell(amount_cell(sum(LineView::debit)))
        .cell(amount_cell(sum(LineView::credit)));
    let rows = lines
        .iter()
        .map(|line| {
            TableRow::link(paths::statement(&line.account))
                .cell(view! { <AccountPathText path=line.account.clone()/> })
                .cell(amount_cell(line.debit()))
                .cell(amount_cell(line.credit()))
        })
        .collect();
    view! {
        <DataTable
            caption=format!("Lines in {currency}")
            compact=true
            columns=vec![
                Column::text("account", "Account"),
                Column::number("debit", "Debit"),
                Column::number("credit", "Credit"),
            ]
            rows
            total
        />
    }
}

#[component]
fn Event(entry: EntryView) -> impl IntoView {
    let payment = payment_of(&entry.source);
    // Everything that the same payment or payout has written begins with the same two parts.
    let subject = entry
        .source
        .splitn(3, ':')
        .take(2)
        .collect::<Vec<_>>()
        .join(":");
    let others = paths::with_query(paths::ENTRIES, "", &[("source", Some(&subject))]);
    let mut facts = vec![
        Fact::new("Posting rule", rule_words(&entry.kind)),
        Fact::new(
            "Event",
            view! { <span class="mono event-source">{entry.source}</span> },
        ),
    ];
    if let Some(id) = payment {
        let link = view! { <a href=paths::payment(id)>"Show the payment"</a> };
        facts.push(Fact::new("Payment", link));
    }
    facts.push(Fact::new(
        "Same subject",
        view! { <a href=others>"Show all its entries"</a> },
    ));
    facts.push(Fact::new(
        "Happened",
        view! { <Time stamp=entry.occurred_at/> },
    ));
    facts.push(Fact::new(
        "Written down",
        view! { <Time stamp=entry.posted_at/> },
    ));
    view! { <Facts facts/> }
}

#[component]
fn Proof(entry: EntryView) -> impl IntoView {
    let seal = match entry.seal {
        Some(no) => view! { <Chip tone=Tone::Positive label=format!("Sealed, seal {no}")/> },
        None => view! { <Chip tone=Tone::Neutral label="Not sealed yet"/> },
    };
    let mut facts = vec![
        Fact::new("Seal", seal),
        Fact::new(
            "Content hash",
            view! { <ShortId id=entry.content_hash label="content hash"/> },
        ),
        Fact::new(
            "Entry id",
            view! { <ShortId id=entry.id.to_string() label="entry id"/> },
        ),
    ];
    let link = |id: EntryId, words: &'static str| view! { <a href=paths::entry(id)>{words}</a> };
    if let Some(id) = entry.reverses {
        facts.push(Fact::new(
            "Reverses",
            link(id, "Show the entry it takes back"),
        ));
    }
    if let Some(id) = entry.reversed_by {
        facts.push(Fact::new(
            "Reversed by",
            link(id, "Show the entry that takes it back"),
        ));
    }
    view! { <Facts facts/> }
}
