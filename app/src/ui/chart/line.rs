//! Lines for what moves over time, at most five, each named at its end.

use leptos::prelude::*;

use super::{ChartFrame, HEIGHT, Scale, TOP, WORDS, axis, grid, number, share, shown_words, y_of};

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name.
    pub label: String,
    /// Its values, one for each word below.
    pub values: Vec<f64>,
}

impl Series {
    /// A line with its name.
    pub fn new(label: impl Into<String>, values: Vec<f64>) -> Self {
        Self {
            label: label.into(),
            values,
        }
    }
}

/// How far apart the names at the ends stay, in pixels.
const NAME_HEIGHT: f64 = 16.0;

/// A line chart.
#[component]
pub fn LineChart(
    /// An id for the title, unlike any other on the page.
    #[prop(into)]
    id: String,
    /// What is shown.
    #[prop(into)]
    title: String,
    /// What to see in it, in words.
    #[prop(optional, into)]
    note: String,
    /// The word for a point in the table: `Day`.
    #[prop(into)]
    point_word: String,
    /// The words below, from left to right.
    labels: Vec<String>,
    /// The lines; the sixth and further ones are only in the table.
    series: Vec<Series>,
    /// How a value is written.
    format: fn(f64) -> String,
) -> impl IntoView {
    let scale = Scale::over(series.iter().flat_map(|line| line.values.iter().copied()));
    let head = std::iter::once(point_word)
        .chain(series.iter().map(|s| s.label.clone()))
        .collect();
    let rows = labels
        .iter()
        .enumerate()
        .map(|(index, label)| {
            let values = series.iter().map(|line| line.values.get(index).copied());
            let words = values.map(|value| value.map_or_else(|| "–".to_owned(), format));
            std::iter::once(label.clone()).chain(words).collect()
        })
        .collect();
    let summary = format!("{title}. {note}");
    let steps = labels.len().saturating_sub(1).max(1);
    let x_of = move |index: usize| ratio(index, steps);

    let words = shown_words(labels.len())
        .into_iter()
        .map(|index| {
            let anchor = match index {
                0 => "start",
                last if last == steps => "end",
                _ => "middle",
            };
            let label = labels[index].clone();
            view! {
                <g>
                    <text x=share(x_of(index)) y=number(WORDS) text-anchor=anchor>{label}</text>
                </g>
            }
        })
        .collect_view();
    let drawn: Vec<Series> = series.into_iter().take(5).collect();
    let lines = drawn
        .iter()
        .enumerate()
        .map(|(place, line)| {
            let points: Vec<String> = line
                .values
                .iter()
                .enumerate()
                .map(|(index, value)| {
                    let x = number(x_of(index) * 1_000.0);
                    format!("{x},{}", number(y_of(&scale, *value) - TOP))
                })
                .collect();
            let class = format!("chart-line series-{}", place + 1);
            view! { <polyline class=class points=points.join(" ")></polyline> }
        })
        .collect_view();
    let points = drawn
        .iter()
        .enumerate()
        .flat_map(|(place, line)| {
            let class = format!("chart-point series-{}", place + 1);
            let name = line.label.clone();
            line.values
                .iter()
                .enumerate()
                .map(move |(index, value)| (class.clone(), name.clone(), index, *value))
        })
        .map(|(class, name, index, value)| {
            let label = labels.get(index).cloned().unwrap_or_default();
            let words = format!("{name}, {label}: {}", format(value));
            view! {
                <g class="chart-spot">
                    <title>{words}</title>
                    <circle
                        class=class
                        cx=share(x_of(index))
                        cy=number(y_of(&scale, value))
                        r="3"
                    ></circle>
                </g>
            }
        })
        .collect_view();
    let names = names_at_ends(&scale, &drawn)
        .into_iter()
        .map(|(label, y)| view! { <g><text x="8" y=number(y + 4.0)>{label}</text></g> })
        .collect_view();
    let key = (drawn.len() > 1).then(|| {
        let entries = drawn
            .iter()
            .enumerate()
            .map(|(place, line)| {
                let class = format!("chart-line series-{}", place + 1);
                view! {
                    <li>
                        <svg viewBox="0 0 16 8" aria-hidden="true">
                            <path class=class d="M1 4h14"/>
                        </svg>
                        {line.label.clone()}
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="chart-key">{entries}</ul> }
    });
    let lines_behind = grid(&scale);
    let axis = axis(&scale, format);
    view! {
        <ChartFrame id title note head rows>
            <div class="chart-place chart-place-named">
                {axis}
                <svg class="chart-plot" role="img" aria-label=summary>
                    {lines_behind}
                    {words}
                    <svg
                        x="0"
                        y=number(TOP)
                        width="100%"
                        height=number(HEIGHT)
                        viewBox=format!("0 0 1000 {HEIGHT}")
                        preserveAspectRatio="none"
                        overflow="visible"
                    >
                        {lines}
                    </svg>
                    {points}
                </svg>
                <svg class="chart-names" aria-hidden="true">{names}</svg>
            </div>
            {key}
        </ChartFrame>
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    let float = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    float(part) / float(whole)
}

/// The names beside the last values, pushed apart so that none covers another.
fn names_at_ends(scale: &Scale, series: &[Series]) -> Vec<(String, f64)> {
    let mut names: Vec<(String, f64)> = series
        .iter()
        .filter_map(|line| Some((line.label.clone(), y_of(scale, *line.values.last()?))))
        .collect();
    names.sort_by(|a, b| a.1.total_cmp(&b.1));
    for index in 1..names.len() {
        let above = names[index - 1].1;
        names[index].1 = names[index].1.max(above + NAME_HEIGHT);
    }
    // What was pushed out at the bottom pushes its neighbours up again.
    let mut floor = TOP + HEIGHT;
    for name in names.iter_mut().rev() {
        name.1 = name.1.min(floor);
        floor = name.1 - NAME_HEIGHT;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_cover_each_other_and_stay_inside() {
        let at = |label: &str, last: f64| Series::new(label, vec![10.0, last]);
        let series = [at("a", 0.0), at("b", 0.1), at("c", 0.2), at("d", 10.0)];
        let scale = Scale::over([0.0, 10.0]);
        let names = names_at_ends(&scale, &series);
        for pair in names.windows(2) {
            assert!(pair[1].1 - pair[0].1 >= NAME_HEIGHT - 1e-9, "{pair:?}");
        }
        assert!(names.iter().all(|(_, y)| *y <= TOP + HEIGHT));
    }
}
