//! Charts drawn on the server as SVG: no script, no inline style, a table behind each.
//!
//! Widths are percentages and heights pixels, so the letters keep their size at any width.

mod bar;
mod line;
mod scale;
mod spark;

use leptos::prelude::*;

pub use bar::{Bar, BarChart};
pub use line::{LineChart, Series};
pub use scale::Scale;
pub use spark::Sparkline;

use super::disclosure::Disclosure;

/// Where the plot begins below the top edge, in pixels.
const TOP: f64 = 12.0;
/// How high the plot is, in pixels.
const HEIGHT: f64 = 176.0;
/// Where the words of the horizontal axis stand, in pixels.
const WORDS: f64 = TOP + HEIGHT + 20.0;

fn number(value: f64) -> String {
    format!("{value:.2}")
}

fn share(part: f64) -> String {
    format!("{:.3}%", part * 100.0)
}

fn y_of(scale: &Scale, value: f64) -> f64 {
    TOP + HEIGHT * (1.0 - scale.position(value))
}

/// The words of the vertical axis, in a drawing of their own beside the plot.
fn axis(scale: &Scale, format: fn(f64) -> String) -> impl IntoView + use<> {
    let words = scale
        .ticks()
        .into_iter()
        .map(|tick| {
            let y = number(y_of(scale, tick) + 4.0);
            view! {
                <g>
                    <text x="100%" dx="-10" y=y text-anchor="end">{format(tick)}</text>
                </g>
            }
        })
        .collect_view();
    view! { <svg class="chart-axis" aria-hidden="true">{words}</svg> }
}

/// The horizontal lines of the plot; the one at zero is stronger.
fn grid(scale: &Scale) -> impl IntoView + use<> {
    scale
        .ticks()
        .into_iter()
        .map(|tick| {
            let y = number(y_of(scale, tick).round() + 0.5);
            let class = if tick == 0.0 {
                "chart-zero"
            } else {
                "chart-grid"
            };
            view! { <line class=class x1="0" x2="100%" y1=y.clone() y2=y></line> }
        })
        .collect_view()
}

/// Which of the words below fit: at most five, evenly spaced back from the last.
fn shown_words(count: usize) -> Vec<usize> {
    let step = count.saturating_sub(1).div_ceil(4).max(1);
    (0..count).rev().step_by(step).collect()
}

/// The frame of a chart: title, plot, and the same values as a table under a disclosure.
#[component]
fn ChartFrame(
    /// Ties the title to the plot.
    id: String,
    /// What is shown.
    title: String,
    /// What to see in it, in words.
    note: String,
    /// Head of the table: the word for a row, then one for each series.
    head: Vec<String>,
    /// Rows of the table: label and values.
    rows: Vec<Vec<String>>,
    /// The drawings.
    children: Children,
) -> impl IntoView {
    let heads = head
        .into_iter()
        .enumerate()
        .map(|(index, word)| {
            view! { <th scope="col" class=(index > 0).then_some("numeric")>{word}</th> }
        })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|row| {
            let cells = row
                .into_iter()
                .enumerate()
                .map(|(index, cell)| match index {
                    0 => view! { <th scope="row">{cell}</th> }.into_any(),
                    _ => view! { <td class="numeric">{cell}</td> }.into_any(),
                })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let summary = format!("{title} as a table");
    view! {
        <figure class="chart" aria-labelledby=format!("{id}-title")>
            <figcaption>
                <span class="chart-title" id=format!("{id}-title")>{title}</span>
                {(!note.is_empty()).then(|| view! { <span class="chart-note">{note}</span> })}
            </figcaption>
            {children()}
            <Disclosure summary="Show as a table">
                <table class="table table-compact">
                    <caption class="sr-only">{summary}</caption>
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </Disclosure>
        </figure>
    }
}
