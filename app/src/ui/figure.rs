//! The main numbers of a page, each compared with the time before in words.

use leptos::prelude::*;

use super::chart::Sparkline;
use super::chip::Tone;

/// The row of figure cards.
#[component]
pub fn Figures(
    /// [`FigureCard`]s, two to five.
    children: Children,
) -> impl IntoView {
    view! { <div class="figures">{children()}</div> }
}

/// One number.
#[component]
pub fn FigureCard(
    /// What it counts.
    #[prop(into)]
    label: String,
    /// The number, as text; for money use `face`.
    #[prop(optional, into)]
    value: String,
    /// The number as a view, such as an [`super::Amount`].
    #[prop(optional)]
    face: Option<AnyView>,
    /// The comparison in words: `Up 1.2 points on last week`.
    #[prop(optional, into)]
    comparison: String,
    /// Whether the comparison is good or bad.
    #[prop(optional)]
    tone: Tone,
    /// The last values, oldest first.
    #[prop(optional)]
    spark: Vec<f64>,
    /// Where the details are; the whole card is then one link.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let class = match tone {
        Tone::Positive => "figure-comparison figure-positive",
        Tone::Negative => "figure-comparison figure-negative",
        Tone::Caution => "figure-comparison figure-caution",
        _ => "figure-comparison",
    };
    let label = match href {
        Some(href) => view! { <a href=href>{label}</a> }.into_any(),
        None => label.into_any(),
    };
    let value = face.unwrap_or_else(|| value.into_any());
    view! {
        <div class="figure">
            <div class="figure-label">{label}</div>
            <div class="figure-main">
                <span class="figure-value">{value}</span>
                {(spark.len() > 1).then(|| view! { <Sparkline values=spark/> })}
            </div>
            {(!comparison.is_empty()).then(|| view! { <div class=class>{comparison}</div> })}
        </div>
    }
}
