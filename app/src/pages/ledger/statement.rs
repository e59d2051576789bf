//! The statement of one account with its running balance.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::Problem;
use model::ledger::{StatementFilter, StatementLine, StatementPage};

use super::parts::{
    QueryField, QueryForm, amount_cell, day, rule_words, shown, side_words, text, two_columns,
};
use crate::api::ApiError;
use crate::api::ledger::ledger_statement;
use crate::format;
use crate::live::use_changes;
use crate::paths;
use crate::ui::*;

fn filter_of(query: &ParamsMap) -> Result<StatementFilter, ApiError> {
    let currency = text(query, "currency").map(|code| code.parse()).transpose();
    let currency = currency.map_err(|error: model::money::MoneyError| {
        ApiError(Problem::invalid_field("currency", error.to_string()))
    })?;
    Ok(StatementFilter {
        account: text(query, "account").ok_or_else(|| ApiError(Problem::not_found("account")))?,
        currency,
        from: day(query, "from")?,
        to: day(query, "to")?,
        cursor: text(query, "cursor"),
        limit: None,
    })
}

/// One account, newest line first.
#[component]
pub fn Statement() -> impl IntoView {
    let query = use_query_map();
    let (paid, settled) = (use_changes("payment."), use_changes("settlement."));
    let lines = Resource::new(
        move || (query.with(filter_of), paid.get(), settled.get()),
        |(filter, ..)| async move { ledger_statement(filter?).await },
    );
    let title = Signal::derive(move || {
        query
            .with(|query| text(query, "account"))
            .unwrap_or_else(|| "Statement".to_owned())
    });
    let facts = view! {
        <span>"Account statement, newest first"</span>
        <span>"Days are days of UTC"</span>
    }
    .into_any();
    view! {
        <Page>
            <div class="ledger-title">
                <PageHeader title facts back=(paths::LEDGER.to_owned(), "Accounts".to_owned())/>
            </div>
            <Filters>
                <QueryForm label="Period of the statement" params=&["from", "to"]>
                    <QueryField param="from" label="From" input=Input::Date/>
                    <QueryField param="to" label="To" input=Input::Date/>
                </QueryForm>
            </Filters>
            <h2 class="sr-only">"Balance and lines"</h2>
            <Transition fallback=|| {
                view! { <TableSkeleton rows=10 columns=6 label="Loading the statement"/> }
            }>
                {move || Suspend::new(async move {
                    shown(lines.await, |page| view! { <Lines page/> }.into_any())
                })}
            </Transition>
        </Page>
    }
}

#[component]
fn Lines(page: StatementPage) -> impl IntoView {
    let kind = page.kind;
    let balance = kind.natural(page.balance);
    let currencies = page
        .currencies
        .iter()
        .enumerate()
        .map(|(index, currency)| match index {
            // The first one is what the address without a currency shows.
            0 => FilterOption::all(currency.code()),
            _ => FilterOption::new(currency.code(), currency.code()),
        })
        .collect::<Vec<_>>();
    let several = currencies.len() > 1;
    let shown = format::counted(
        i64::try_from(page.items.len()).unwrap_or(i64::MAX),
        "line",
        "lines",
    );
    let bar = view! {
        <span>{side_words(kind)}</span>
        <a href=entries_of(&page.account)>"Entries of this account"</a>
    }
    .into_any();
    let empty = page.items.is_empty();
    let rows = page.items.into_iter().map(|line| row(line, kind)).collect();
    view! {
        <div class="section">
            <div class="spread">
                <p class="statement-balance">
                    <span class="muted">"Balance now"</span>
                    " "
                    <Amount money=balance size=AmountSize::Large/>
                </p>
                {several
                    .then(|| {
                        view! {
                            <FilterChips label="Currency" param="currency" options=currencies/>
                        }
                    })}
            </div>
            {if empty {
                view! {
                    <EmptyState
                        title="No lines here"
                        text="Nothing was posted to this account in this period. Choose another one above."
                        icon=Icon::Book
                    />
                }
                    .into_any()
            } else {
                view! {
                    <DataTable
                        caption="Lines of the account, newest first, with the balance after each"
                        compact=true
                        columns=vec![
                            Column::text("entry", "Entry"),
                            Column::text("date", "Date"),
                            Column::text("text", "What happened"),
                            Column::number("debit", "Debit"),
                            Column::number("credit", "Credit"),
                            Column::number("balance", "Balance").lead(),
                        ]
                        rows
                        bar
                    />
                    <Pager shown next=page.next/>
                }
                    .into_any()
            }}
        </div>
    }
}

fn entries_of(account: &str) -> String {
    paths::with_query(paths::ENTRIES, "", &[("account", Some(account))])
}

fn row(line: StatementLine, kind: model::ledger::AccountKind) -> TableRow {
    let (debit, credit) = two_columns(line.amount);
    TableRow::link(paths::entry(line.entry_id))
        .cell(format!("No. {}", line.seq))
        .cell(view! { <Time stamp=line.occurred_at/> })
        .cell(view! { <span title=rule_words(&line.kind)>{line.text}</span> })
        .cell(amount_cell(debit))
        .cell(amount_cell(credit))
        .cell(view! { <Amount money=kind.natural(line.balance)/> })
}
