//! Charts and tables.

use leptos::prelude::*;

use super::examples::{eur, payments};
use crate::format::count;
use crate::ui::chart::{Bar, BarChart, LineChart, Series};
use crate::ui::{
    Amount, Column, DataTable, FilterChips, FilterOption, Filters, Icon, LinkButton, Pager,
    PaymentChip, SearchField, Section, ShortId, TableRow, Time,
};

#[expect(
    clippy::cast_possible_truncation,
    reason = "example values are small whole numbers"
)]
fn whole(value: f64) -> String {
    count(value.round() as i64)
}

fn percent(value: f64) -> String {
    format!("{value:.1}\u{a0}%")
}

#[component]
pub fn Charts() -> impl IntoView {
    let values = [31, 44, 38, 52, 47, 12, 9, 41, 49, 55, 60, 48, 14, 41];
    let bars = (10..)
        .zip(values)
        .map(|(day, n)| Bar::new(format!("{day} Nov"), f64::from(n)));
    let days: Vec<String> = (17..24).map(|day| format!("{day} Nov")).collect();
    view! {
        <div class="halves">
            <BarChart
                id="chart-daily"
                title="Captured payments a day"
                note="Busiest on Friday 20 November with 60"
                bar_word="Day"
                value_word="Payments"
                bars=bars.collect()
                format=whole
            />
            <LineChart
                id="chart-rate"
                title="Declined payments by gateway"
                note="Stripe rose to 2.9 % on Sunday and is back at 1.6 %"
                point_word="Day"
                labels=days
                series=vec![
                    Series::new("Stripe", vec![1.8, 1.5, 1.7, 1.9, 2.2, 2.9, 1.6]),
                    Series::new("PayPal", vec![3.1, 2.8, 3.3, 3.0, 3.4, 3.2, 3.1]),
                    Series::new("All", vec![2.1, 1.9, 2.1, 2.2, 2.5, 3.0, 2.0]),
                ]
                format=percent
            />
        </div>
    }
}

#[component]
pub fn PaymentsTable() -> impl IntoView {
    let rows = payments()
        .into_iter()
        .map(|payment| {
            TableRow::link(format!("/gallery?payment={}", payment.reference))
                .cell(payment.reference)
                .cell(payment.customer)
                .cell(view! { <PaymentChip status=payment.status/> })
                .cell(view! { <Amount money=payment.money/> })
                .cell(payment.gateway)
                .cell(view! { <Time stamp=payment.created/> })
                .cell(view! { <ShortId id=payment.id label="payment id"/> })
        })
        .collect();
    let bar = view! {
        <span class="num">"10 of 1,204 payments"</span>
        <LinkButton href="/gallery?export=csv" small=true icon=Icon::Export external=true>
            "Export as CSV"
        </LinkButton>
    }
    .into_any();
    view! {
        <Section title="Payments">
            <Filters>
                <SearchField label="Search payments" placeholder="Reference, customer, gateway id"/>
                <FilterChips
                    label="State"
                    param="status"
                    options=vec![
                        FilterOption::all("All").count(1_204),
                        FilterOption::new("captured", "Captured").count(1_011),
                        FilterOption::new("declined", "Declined").count(86),
                        FilterOption::new("requires_action", "Needs confirmation").count(12),
                        FilterOption::new("unknown", "Outcome unknown").count(1),
                    ]
                />
            </Filters>
            <DataTable
                caption="Payments, newest first"
                sorted="-created"
                columns=vec![
                    Column::text("reference", "Order").sortable(),
                    Column::text("customer", "Customer").sortable(),
                    Column::text("status", "State"),
                    Column::number("amount", "Amount").sortable().lead(),
                    Column::text("gateway", "Gateway").spare(),
                    Column::text("created", "Created").sortable(),
                    Column::text("id", "Payment").spare(),
                ]
                rows
                bar
            />
            <Pager shown="10 of 1,204 payments" next=Some("eyJhIjoxfQ".into())/>
        </Section>
    }
}

#[component]
pub fn TrialBalance() -> impl IntoView {
    let lines = [
        ("Assets:PSP:stripe:Pending", 1_842_509_i64, 0_i64),
        ("Assets:Bank:Main", 9_310_044, 0),
        ("Expenses:Fees:stripe", 61_237, 0),
        ("Liabilities:Customers:Prepaid", 0, 214_000),
        ("Income:Sales", 0, 10_999_790),
    ];
    let amount = |minor: i64| match minor {
        0 => view! { <span class="quiet">"–"</span> }.into_any(),
        minor => view! { <Amount money=eur(minor)/> }.into_any(),
    };
    let rows = lines
        .into_iter()
        .map(|(account, debit, credit)| {
            TableRow::plain()
                .cell(view! { <span class="mono">{account}</span> })
                .cell(amount(debit))
                .cell(amount(credit))
        })
        .collect();
    let total = TableRow::plain()
        .cell("Total")
        .cell(amount(11_213_790))
        .cell(amount(11_213_790));
    view! {
        <Section title="Trial balance, compact, with a total">
            <DataTable
                caption="Trial balance at 23 November 2026"
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
