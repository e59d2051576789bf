//! Bars for amounts a day or a class. They always stand on zero.

use leptos::prelude::*;

use super::{ChartFrame, HEIGHT, Scale, TOP, WORDS, axis, grid, number, share, shown_words, y_of};

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The word below.
    pub label: String,
    /// How much.
    pub value: f64,
}

impl Bar {
    /// A bar with its word.
    pub fn new(label: impl Into<String>, value: f64) -> Self {
        Self {
            label: label.into(),
            value,
        }
    }
}

/// A bar chart.
#[component]
pub fn BarChart(
    /// An id for the title, unlike any other on the page.
    #[prop(into)]
    id: String,
    /// What is shown.
    #[prop(into)]
    title: String,
    /// What to see in it, in words.
    #[prop(optional, into)]
    note: String,
    /// The word for a bar in the table: `Day`.
    #[prop(into)]
    bar_word: String,
    /// The word for a value in the table: `Payments`.
    #[prop(into)]
    value_word: String,
    /// The bars from left to right.
    bars: Vec<Bar>,
    /// How a value is written.
    format: fn(f64) -> String,
) -> impl IntoView {
    let scale = Scale::over(bars.iter().map(|bar| bar.value));
    let rows = bars
        .iter()
        .map(|bar| vec![bar.label.clone(), format(bar.value)])
        .collect();
    let shown = shown_words(bars.len());
    let count = bars.len();
    let slot = 1.0 / f64::from(u32::try_from(bars.len().max(1)).unwrap_or(u32::MAX));
    let summary = format!("{title}. {note}");
    let mut left = 0.0;
    let shapes = bars
        .into_iter()
        .enumerate()
        .map(|(index, bar)| {
            let (zero, top) = (y_of(&scale, 0.0), y_of(&scale, bar.value));
            let words = format!("{}: {}", bar.label, format(bar.value));
            let below = shown.contains(&index).then(|| {
                // The last word would run out of the drawing.
                let (x, anchor) = if index + 1 == count {
                    (1.0, "end")
                } else {
                    (left + slot / 2.0, "middle")
                };
                view! { <text x=share(x) y=number(WORDS) text-anchor=anchor>{bar.label}</text> }
            });
            let shape = view! {
                <g class="chart-hit">
                    <title>{words}</title>
                    <rect
                        class="chart-room"
                        x=share(left)
                        y=number(TOP)
                        width=share(slot)
                        height=number(HEIGHT)
                    ></rect>
                    <rect
                        class="chart-bar"
                        x=share(left + slot * 0.18)
                        y=number(top.min(zero))
                        width=share(slot * 0.64)
                        height=number((zero - top).abs())
                        rx="1.5"
                    ></rect>
                    {below}
                </g>
            };
            left += slot;
            shape
        })
        .collect_view();
    let lines = grid(&scale);
    let axis = axis(&scale, format);
    view! {
        <ChartFrame id title note head=vec![bar_word, value_word] rows>
            <div class="chart-place">
                {axis}
                <svg class="chart-plot" role="img" aria-label=summary>
                    {lines}
                    {shapes}
                </svg>
            </div>
        </ChartFrame>
    }
}
