//! The figures above the list of payments.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::payments::PaymentFigures;

use crate::format;
use crate::ui::chart::{Bar, BarChart};
use crate::ui::{Amount, Disclosure, FigureCard, Figures};

/// The cards of the last thirty days, and the captures a day.
#[component]
pub fn PaymentFigureCards(
    /// What the server counted.
    figures: PaymentFigures,
) -> impl IntoView {
    let PaymentFigures {
        ended,
        paid,
        volume,
        settle_median_s,
        daily,
    } = figures;
    let daily = every_day(&daily);
    let captured: i64 = daily.iter().map(|(_, count)| count).sum();
    let spark: Vec<f64> = daily.iter().map(|(_, count)| height(*count)).collect();
    let of_ended = match ended {
        0 => "None has ended in 30 days".to_owned(),
        _ => format!(
            "{} of {} paid in 30 days",
            format::count(paid),
            format::counted(ended, "payment", "payments")
        ),
    };
    let amounts = match volume.as_slice() {
        [] => "–".into_any(),
        _ => {
            let amounts = volume
                .into_iter()
                .map(|money| view! { <Amount money/> })
                .collect_view();
            view! { <span class="payment-volume">{amounts}</span> }.into_any()
        }
    };
    let settle = settle_median_s.map_or_else(|| "–".to_owned(), format::duration);
    view! {
        <Figures>
            <FigureCard label="Success rate" value=format::percent(paid, ended) comparison=of_ended/>
            <FigureCard label="Volume" face=amounts comparison="Captured in 30 days"/>
            <FigureCard
                label="Median time to settle"
                value=settle
                comparison="From capture to the bank line"
            />
            <FigureCard
                label="Captured payments"
                value=format::count(captured)
                comparison="In 30 days"
                spark
            />
        </Figures>
        {(daily.len() > 1).then(|| view! { <DailyChart daily/> })}
    }
}

#[component]
fn DailyChart(daily: Vec<(NaiveDate, i64)>) -> impl IntoView {
    let busiest = daily.iter().max_by_key(|(_, count)| *count);
    let note = busiest.map_or_else(String::new, |(day, count)| {
        format!("Most on {} with {}", short(*day), format::count(*count))
    });
    let bars = daily
        .into_iter()
        .map(|(day, count)| Bar::new(short(day), height(count)))
        .collect();
    view! {
        <Disclosure summary="Captured payments a day">
            <BarChart
                id="payments-daily"
                title="Captured payments a day"
                note
                bar_word="Day"
                value_word="Payments"
                bars
                format=whole
            />
        </Disclosure>
    }
}

/// `23 Nov`.
fn short(day: NaiveDate) -> String {
    day.format("%-d %b").to_string()
}

fn height(count: i64) -> f64 {
    i32::try_from(count).map_or(f64::from(i32::MAX), f64::from)
}

/// A number of payments; there are no halves, so a line of the grid between two stays without a word.
fn whole(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        String::new()
    }
}

/// The days between the first and the last, with those on which nothing was captured.
fn every_day(counted: &[(NaiveDate, i64)]) -> Vec<(NaiveDate, i64)> {
    let (Some((first, _)), Some((last, _))) = (counted.first(), counted.last()) else {
        return Vec::new();
    };
    let days = first.iter_days().take_while(|day| day <= last);
    days.map(|day| {
        let found = counted.iter().find(|(there, _)| *there == day);
        (day, found.map_or(0, |(_, count)| *count))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a real day")
    }

    #[test]
    fn days_without_a_capture_are_zero_not_missing() {
        let filled = every_day(&[(day(20), 3), (day(23), 1)]);
        assert_eq!(
            filled,
            [(day(20), 3), (day(21), 0), (day(22), 0), (day(23), 1)]
        );
        assert!(every_day(&[]).is_empty());
    }

    #[test]
    fn the_axis_speaks_of_whole_payments() {
        assert_eq!((whole(2.0), whole(0.5)), ("2".to_owned(), String::new()));
    }
}
