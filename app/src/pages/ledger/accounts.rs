//! The tree of accounts with their balances.

use leptos::prelude::*;
use model::Currency;
use model::ledger::AccountNode;

use super::parts::{amount_cell, shown};
use crate::api::ledger::ledger_accounts;
use crate::live::use_changes;
use crate::paths;
use crate::ui::*;

/// More currencies than this stand below each other instead of in columns.
const MOST_COLUMNS: usize = 4;

/// All accounts.
#[component]
pub fn Accounts() -> impl IntoView {
    let (paid, settled) = (use_changes("payment."), use_changes("settlement."));
    let tree = Resource::new(move || (paid.get(), settled.get()), |_| ledger_accounts());
    let facts = view! {
        <span>"Balances of everything posted until now"</span>
        <span>"Each positive on its own side"</span>
    }
    .into_any();
    view! {
        <Page>
            <PageHeader title="Accounts" facts>
                <LinkButton href=paths::ENTRIES icon=Icon::Queue>
                    "Entries"
                </LinkButton>
                <LinkButton href=paths::TRIAL_BALANCE icon=Icon::Scales>
                    "Trial balance"
                </LinkButton>
            </PageHeader>
            <h2 class="sr-only">"All accounts"</h2>
            <Transition fallback=|| {
                view! { <TableSkeleton rows=12 columns=3 label="Loading accounts"/> }
            }>
                {move || Suspend::new(async move {
                    shown(tree.await, |tree| view! { <Tree tree/> }.into_any())
                })}
            </Transition>
        </Page>
    }
}

#[component]
fn Tree(tree: Vec<AccountNode>) -> impl IntoView {
    if tree.is_empty() {
        return view! {
            <EmptyState
                title="No accounts yet"
                text="An account opens with its first entry, for example when the first payment is captured."
                icon=Icon::Book
            >
                <LinkButton href=paths::PAYMENTS>"Payments"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let mut currencies: Vec<Currency> = tree
        .iter()
        .flat_map(|root| root.balances.iter().map(|money| money.currency))
        .collect();
    currencies.sort();
    currencies.dedup();
    let mut columns = vec![Column::text("account", "Account")];
    if currencies.len() > MOST_COLUMNS {
        columns.push(Column::number("balance", "Balance"));
    } else {
        columns.extend(
            currencies
                .iter()
                .map(|c| Column::number("balance", c.code())),
        );
    }
    let mut rows = Vec::new();
    for root in &tree {
        add_rows(root, 0, &currencies, &mut rows);
    }
    view! {
        <div class="account-tree">
            <DataTable caption="Accounts as a tree, with their balances" columns rows compact=true/>
        </div>
    }
    .into_any()
}

/// A node's row, then those of all below it. Only an account has a statement to lead to.
fn add_rows(node: &AccountNode, depth: usize, currencies: &[Currency], rows: &mut Vec<TableRow>) {
    let row = match node.id {
        Some(_) => TableRow::link(paths::statement(&node.path)),
        None => TableRow::plain(),
    };
    let row = row.cell(name(node, depth));
    let balance = |currency: &Currency| {
        let found = node
            .balances
            .iter()
            .find(|money| money.currency == *currency);
        found.map(|money| node.kind.natural(*money))
    };
    let row = if currencies.len() > MOST_COLUMNS {
        let amounts: Vec<AnyView> = currencies
            .iter()
            .filter_map(balance)
            .map(|money| view! { <Amount money/> }.into_any())
            .collect();
        row.cell(view! { <span class="amount-stack">{amounts}</span> })
    } else {
        currencies.iter().fold(row, |row, currency| {
            row.cell(amount_cell(balance(currency)))
        })
    };
    rows.push(row);
    for child in &node.children {
        add_rows(child, depth + 1, currencies, rows);
    }
}

/// The last segment, indented; who listens hears the whole path.
fn name(node: &AccountNode, depth: usize) -> AnyView {
    let above = node
        .path
        .strip_suffix(&node.name)
        .unwrap_or_default()
        .to_owned();
    let class = format!("tree-name tree-{}", depth.min(6));
    view! {
        <span class=class title=node.path.clone()>
            <span class="sr-only">{above}</span>
            {node.name.clone()}
        </span>
    }
    .into_any()
}
