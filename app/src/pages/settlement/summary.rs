//! The figures above the queue, and the age of what is open.

use leptos::prelude::*;
use model::settlement::{Ageing, ReconciliationSummary};
use model::{Currency, Money};

use super::words;
use crate::format;
use crate::paths;
use crate::ui::chart::{Bar, BarChart};
use crate::ui::*;

/// Five figures, and bars by age.
#[component]
pub fn Summary(
    /// What they are made of.
    summary: ReconciliationSummary,
) -> impl IntoView {
    let (matched, open) = (summary.matched_count, summary.open_count);
    let in_transit = words::sums(summary.in_transit.iter().map(|payout| payout.money));
    let payouts = i64::try_from(summary.in_transit.len()).unwrap_or(i64::MAX);
    let (lag, lag_note) = match (summary.lag_p50_s, summary.lag_p95_s) {
        (Some(half), Some(most)) => (
            format::duration(half),
            format!("95 % within {}", format::duration(most)),
        ),
        _ => (
            "–".to_owned(),
            "Nothing was matched in the last 30 days".to_owned(),
        ),
    };
    let last_import = match summary.last_import_at.clone() {
        Some(stamp) => view! { <span class="figure-words"><Time stamp/></span> }.into_any(),
        None => view! { <span class="figure-words">"Never"</span> }.into_any(),
    };
    let open_tone = if open > 0 {
        Tone::Caution
    } else {
        Tone::Positive
    };
    view! {
        <Figures>
            <FigureCard
                label="Match rate"
                value=format::percent(matched, matched.saturating_add(open))
                comparison=format!(
                    "{} of {}",
                    format::count(matched),
                    format::counted(matched.saturating_add(open), "line", "lines"),
                )
            />
            <FigureCard
                label="Open lines"
                value=format::count(open)
                comparison=format!("Value open: {}", words::amounts(&summary.open_value))
                tone=open_tone
            />
            <FigureCard
                label="In transit"
                value=format::counted(payouts, "payout", "payouts")
                comparison=format!("On the way: {}", words::amounts(&in_transit))
            />
            <FigureCard label="Lag, median" value=lag comparison=lag_note/>
            <FigureCard
                label="Last import"
                face=last_import
                comparison="All imports are one press away"
                href=paths::SETTLEMENT.to_owned()
            />
        </Figures>
        <AgeChart ageing=summary.ageing/>
    }
}

#[component]
fn AgeChart(ageing: Vec<Ageing>) -> impl IntoView {
    let total: i64 = ageing.iter().map(|band| band.count).sum();
    if total == 0 {
        return view! {
            <Notice
                tone=Tone::Positive
                title="Nothing is open"
                text="Every line that wants an explanation has one."
            />
        }
        .into_any();
    }
    let note = ageing
        .iter()
        .rev()
        .find(|band| band.count > 0)
        .map_or_else(String::new, |band| {
            format!(
                "The oldest: {}, {}",
                band.band.label(),
                format::counted(band.count, "line", "lines")
            )
        });
    let counts = ageing
        .iter()
        .map(|band| Bar::new(band.band.label(), band.count as f64))
        .collect();
    let currencies: Vec<Currency> = words::sums(ageing.iter().flat_map(|band| band.value.clone()))
        .into_iter()
        .map(|sum| sum.currency)
        .collect();
    let values = currencies
        .into_iter()
        .map(|currency| value_chart(currency, &ageing))
        .collect_view();
    view! {
        <div class="halves">
            <BarChart
                id="age-count"
                title="Open lines by age"
                note
                bar_word="Age"
                value_word="Lines"
                bars=counts
                format=whole
            />
            {values}
        </div>
    }
    .into_any()
}

fn value_chart(currency: Currency, ageing: &[Ageing]) -> impl IntoView + use<> {
    let of = |band: &Ageing| {
        band.value
            .iter()
            .find(|m| m.currency == currency)
            .map_or(0, |m| m.minor)
    };
    let sum = Money::new(ageing.iter().map(of).fold(0, i64::saturating_add), currency);
    // A bar needs no cents; the exact sum is in the note.
    let unit = 10_f64.powi(i32::try_from(currency.exponent()).unwrap_or(0));
    let bars = ageing
        .iter()
        .map(|band| Bar::new(band.band.label(), of(band) as f64 / unit))
        .collect();
    view! {
        <BarChart
            id=format!("age-value-{}", currency.code().to_lowercase())
            title=format!("Value open by age, in {currency}")
            note=format!("Together {}", sum.display())
            bar_word="Age"
            value_word=currency.code().to_owned()
            bars
            format=whole
        />
    }
}

fn whole(value: f64) -> String {
    format::count(value.round() as i64)
}
