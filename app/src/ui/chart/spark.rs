//! A word-sized line that shows the way a figure came.

use leptos::prelude::*;

use super::number;

/// A sparkline, decorative: the words beside it say the same.
#[component]
pub fn Sparkline(
    /// The values, oldest first.
    values: Vec<f64>,
) -> impl IntoView {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let steps = f64::from(u32::try_from(values.len().saturating_sub(1).max(1)).unwrap_or(1));
    let mut x = 0.0;
    let points: Vec<String> = values
        .iter()
        .map(|value| {
            let point = format!(
                "{},{}",
                number(x),
                number(26.0 - 24.0 * (value - low) / span)
            );
            x += 100.0 / steps;
            point
        })
        .collect();
    view! {
        <svg class="spark" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">
            <polyline points=points.join(" ")></polyline>
        </svg>
    }
}
