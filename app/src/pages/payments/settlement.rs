//! The way of a payment's money from the gateway's report to the bank line.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::settlement::{
    PaymentSettlement, PayoutStatus, PayoutView, SettledBankLine, SettledGatewayLine,
};

use super::words;
use crate::paths;
use crate::ui::{Amount, Chip, EmptyState, Fact, Facts, Icon, LinkButton, Section, ShortId, Tone};

/// What the gateway reported, the payout that carries it, and the line by which it arrived.
#[component]
pub fn Settlement(
    /// As far as it is known; nothing until the gateway's report is in.
    settlement: Option<PaymentSettlement>,
) -> impl IntoView {
    let Some(PaymentSettlement {
        gateway_line,
        payout,
        bank_line,
    }) = settlement
    else {
        return view! {
            <Section title="Settlement">
                <EmptyState
                    icon=Icon::Import
                    title="In no report yet"
                    text="Once the gateway's report and the bank's statement are imported, the way of this money to the bank stands here."
                >
                    <LinkButton href=paths::SETTLEMENT>"Look at imports"</LinkButton>
                </EmptyState>
            </Section>
        }
        .into_any();
    };
    let waiting = |text: &'static str| view! { <p class="muted">{text}</p> }.into_any();
    let payout = match payout {
        Some(payout) => view! { <Facts facts=payout_facts(payout)/> }.into_any(),
        None => waiting("The report names no payout for it yet."),
    };
    let bank = match bank_line {
        Some(line) => view! { <Facts facts=bank_facts(line)/> }.into_any(),
        None => waiting("No bank line is matched to the payout yet."),
    };
    view! {
        <Section title="Settlement">
            <div class="payment-way">
                <article>
                    <h3>"Gateway's report"</h3>
                    <Facts facts=report_facts(gateway_line)/>
                </article>
                <article>
                    <h3>"Payout"</h3>
                    {payout}
                </article>
                <article>
                    <h3>"Bank line"</h3>
                    {bank}
                </article>
            </div>
        </Section>
    }
    .into_any()
}

fn report_facts(line: SettledGatewayLine) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("Gross", view! { <Amount money=line.gross/> }),
        Fact::new("Fee", view! { <Amount money=line.fee/> }),
        Fact::new("Net", view! { <Amount money=line.net/> }),
    ];
    facts.extend(booked(line.booking_date));
    facts.push(Fact::new("File", place(&line.file, line.line)));
    facts
}

fn payout_facts(payout: PayoutView) -> Vec<Fact> {
    let (word, tone) = match payout.status {
        PayoutStatus::Expected => ("On its way", Tone::Info),
        PayoutStatus::Arrived => ("Arrived", Tone::Positive),
    };
    let mut facts = vec![
        Fact::new("State", view! { <Chip tone label=word/> }),
        Fact::new("Whole payout", view! { <Amount money=payout.money/> }),
        Fact::new("Gateway", words::gateway(&payout.gateway)),
    ];
    facts.extend(
        payout
            .effective_on
            .map(|day| Fact::new("Takes effect", view! { <Day day/> })),
    );
    facts.push(Fact::new(
        "Payout id",
        view! { <ShortId id=payout.reference label="payout id"/> },
    ));
    facts.extend(
        payout
            .trace
            .map(|id| Fact::new("Trace id", view! { <ShortId id label="trace id"/> })),
    );
    facts
}

fn bank_facts(line: SettledBankLine) -> Vec<Fact> {
    let mut facts = vec![Fact::new("Came in", view! { <Amount money=line.money/> })];
    facts.extend(booked(line.booking_date));
    facts.push(Fact::new(
        "Account",
        view! { <span class="mono payment-account">{line.account}</span> },
    ));
    facts.extend(line.statement.map(|number| Fact::new("Statement", number)));
    facts.push(Fact::new("File", place(&line.file, line.position)));
    facts
}

fn booked(day: Option<NaiveDate>) -> Option<Fact> {
    day.map(|day| Fact::new("Booked", view! { <Day day/> }))
}

/// A file and a line in it.
fn place(file: &str, line: i64) -> AnyView {
    let text = format!("{file}, line {line}");
    view! { <span class="payment-account">{text}</span> }.into_any()
}

#[component]
fn Day(day: NaiveDate) -> impl IntoView {
    view! { <time class="time" datetime=day.to_string()>{words::day(day)}</time> }
}
