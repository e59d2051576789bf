//! What is on its way, and the proof that books and bank agree.

use leptos::prelude::*;
use model::settlement::{BankProof, PayoutView};

use super::words;
use crate::format;
use crate::ui::*;

/// Payouts that have not reached the bank.
#[component]
pub fn InTransit(
    /// The oldest first.
    payouts: Vec<PayoutView>,
) -> impl IntoView {
    if payouts.is_empty() {
        return ().into_any();
    }
    let count = i64::try_from(payouts.len()).unwrap_or(i64::MAX);
    let rows = payouts
        .into_iter()
        .map(|payout| {
            let trace = payout
                .trace
                .map(|id| view! { <ShortId id label="trace id"/> }.into_any());
            TableRow::plain()
                .cell(view! { <ShortId id=payout.reference label="payout id"/> })
                .cell(words::upper_first(&payout.gateway))
                .cell(words::day(payout.effective_on))
                .cell(trace.unwrap_or_else(|| "–".into_any()))
                .cell(view! { <Amount money=payout.money/> })
        })
        .collect();
    view! {
        <Section title="In transit">
            <Disclosure summary=format!(
                "{} on the way to the bank",
                format::counted(count, "payout", "payouts"),
            )>
                <DataTable
                    caption="Payouts on the way to the bank, the oldest first"
                    compact=true
                    columns=vec![
                        Column::text("payout", "Payout"),
                        Column::text("gateway", "Gateway"),
                        Column::text("day", "Takes effect"),
                        Column::text("trace", "The bank should name"),
                        Column::number("amount", "Amount").lead(),
                    ]
                    rows
                />
            </Disclosure>
        </Section>
    }
    .into_any()
}

/// Ledger and unmatched lines together make what the bank says, to the cent: a line for each bank
/// account.
#[component]
pub fn Proof(
    /// One for each bank account.
    proofs: Vec<BankProof>,
) -> impl IntoView {
    let lines = proofs.iter().map(line).collect_view();
    view! {
        <Section title="Proof">
            {if proofs.is_empty() {
                view! {
                    <p class="muted">
                        "With the first bank statement stands here whether ledger and unmatched lines make what the bank says."
                    </p>
                }
                    .into_any()
            } else {
                view! { <div class="stack-tight">{lines}</div> }.into_any()
            }}
        </Section>
    }
}

fn line(proof: &BankProof) -> impl IntoView + use<> {
    let sum = equation(proof);
    let day = proof
        .as_of
        .map_or_else(String::new, |day| format!(" on {}", words::day(Some(day))));
    let account = words::upper_first(&proof.account);
    let (tone, title) = if proof.difference.minor == 0 {
        (
            Tone::Positive,
            format!("{account}: proven to the cent{day}"),
        )
    } else {
        let difference = proof.difference.display();
        (
            Tone::Negative,
            format!("{account}: {difference} are left over{day}"),
        )
    };
    let text = match proof.difference.minor {
        0 => sum,
        _ => format!("{sum}. A statement is missing, or something was booked by hand."),
    };
    view! { <Notice tone title text/> }
}

/// `Ledger 90.00 + unmatched 3.00 = bank 93.00 EUR`, with what stood there before if anything did.
fn equation(proof: &BankProof) -> String {
    let figure = |money: model::Money| {
        let text = money.display();
        text.split('\u{a0}').next().unwrap_or_default().to_owned()
    };
    let mut parts = Vec::new();
    if proof.brought_forward.minor != 0 {
        parts.push(format!("brought forward {}", figure(proof.brought_forward)));
    }
    parts.push(format!("ledger {}", figure(proof.ledger)));
    parts.push(format!("unmatched {}", figure(proof.unmatched)));
    if proof.difference.minor != 0 {
        parts.push(format!("difference {}", figure(proof.difference)));
    }
    words::upper_first(&format!(
        "{} = bank {}",
        parts.join(" + "),
        proof.bank.display()
    ))
}

#[cfg(test)]
mod tests {
    use model::{Currency, Money};

    use super::*;

    #[test]
    fn the_proof_reads_as_a_sum() {
        let eur = |minor| Money::new(minor, Currency::EUR);
        let mut proof = BankProof {
            account: "DE00".to_owned(),
            brought_forward: eur(0),
            ledger: eur(90_00),
            unmatched: eur(3_00),
            bank: eur(93_00),
            as_of: None,
            difference: eur(0),
        };
        assert_eq!(
            equation(&proof),
            "Ledger 90.00 + unmatched 3.00 = bank 93.00\u{a0}EUR"
        );
        proof.brought_forward = eur(10_00);
        proof.bank = eur(10_400);
        proof.difference = eur(1_00);
        assert_eq!(
            equation(&proof),
            "Brought forward 10.00 + ledger 90.00 + unmatched 3.00 + difference 1.00 = bank 104.00\u{a0}EUR",
        );
    }
}
