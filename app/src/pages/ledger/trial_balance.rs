//! The trial balance: every account that does not stand at zero, in two columns that must come to
//! the same sum. Made to be printed.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::ledger::{TrialBalance, TrialBalanceCurrency};

use super::parts::{AccountPathText, QueryField, QueryForm, amount_cell, day, day_words, shown};
use crate::api::ledger::ledger_trial_balance;
use crate::live::use_changes;
use crate::paths;
use crate::ui::*;

/// The balance of everything, or at the end of the day that the address names.
#[component]
pub fn TrialBalancePage() -> impl IntoView {
    let query = use_query_map();
    let (paid, settled) = (use_changes("payment."), use_changes("settlement."));
    let as_of = move || query.with(|query| day(query, "asOf"));
    let balance = Resource::new(
        move || (as_of(), paid.get(), settled.get()),
        |(as_of, ..)| async move { ledger_trial_balance(as_of?).await },
    );
    let facts = view! {
        <span>
            {move || match as_of() {
                Ok(Some(day)) => format!("At the end of {}, UTC", day_words(day)),
                _ => "Everything posted until now".to_owned(),
            }}
        </span>
    }
    .into_any();
    let print = move |_| {
        // A browser that refuses to print leaves its own menu for it.
        let _refused = window().print();
    };
    view! {
        <Page>
            <PageHeader title="Trial balance" facts>
                <LinkButton href=paths::LEDGER icon=Icon::Book>
                    "Accounts"
                </LinkButton>
                <Button on:click=print icon=Icon::Receipt>
                    "Print"
                </Button>
            </PageHeader>
            <Filters>
                <QueryForm label="Day of the trial balance" params=&["asOf"]>
                    <QueryField param="asOf" label="At the end of (UTC)" input=Input::Date/>
                </QueryForm>
            </Filters>
            <Transition fallback=|| {
                view! { <TableSkeleton rows=10 columns=3 label="Loading the trial balance"/> }
            }>
                {move || Suspend::new(async move {
                    shown(balance.await, |balance| view! { <Parts balance/> }.into_any())
                })}
            </Transition>
        </Page>
    }
}

#[component]
fn Parts(balance: TrialBalance) -> impl IntoView {
    if balance.currencies.is_empty() {
        return view! {
            <h2 class="sr-only">"Balances"</h2>
            <EmptyState
                title="Nothing to balance"
                text="No account stood away from zero then. Choose a later day, or capture a first payment."
                icon=Icon::Scales
            >
                <LinkButton href=paths::TRIAL_BALANCE>"Show everything"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let parts = balance
        .currencies
        .into_iter()
        .map(|part| view! { <Part part/> })
        .collect_view();
    view! { <div class="trial-balance">{parts}</div> }.into_any()
}

#[component]
fn Part(part: TrialBalanceCurrency) -> impl IntoView {
    let currency = part.currency;
    let total = TableRow::plain()
        .cell("Total")
        .cell(view! { <Amount money=part.debit/> })
        .cell(view! { <Amount money=part.credit/> });
    let proof = proof(&part);
    let rows = part
        .rows
        .into_iter()
        .map(|row| {
            TableRow::link(paths::statement(&row.account))
                .cell(view! { <AccountPathText path=row.account/> })
                .cell(amount_cell(Some(row.debit)))
                .cell(amount_cell(Some(row.credit)))
        })
        .collect();
    view! {
        <Section title=currency.code()>
            {proof}
            <DataTable
                caption=format!("Trial balance in {currency}")
                compact=true
                columns=vec![
                    Column::text("account", "Account"),
                    Column::number("debit", "Debit"),
                    Column::number("credit", "Credit"),
                ]
                rows
                total
            />
        </Section>
    }
}

/// Whether the two columns come to the same sum, in words.
fn proof(part: &TrialBalanceCurrency) -> AnyView {
    match part.debit.checked_sub(part.credit) {
        Ok(difference) if difference.minor == 0 => view! {
            <p>
                <Chip
                    tone=Tone::Positive
                    label=format!("Balanced: the difference is {}", difference.display())
                />
            </p>
        }
        .into_any(),
        Ok(difference) => alarm(format!(
            "Not balanced: the difference is {}",
            difference.display()
        )),
        Err(error) => alarm(format!("Not balanced: {error}")),
    }
}

fn alarm(title: String) -> AnyView {
    view! {
        <div role="alert">
            <Notice
                tone=Tone::Negative
                title
                text="The books are damaged. Post nothing by hand, and have the ledger verified."
            />
        </div>
    }
    .into_any()
}
