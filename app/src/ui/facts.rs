//! Facts about one thing: a name and a value a line.

use leptos::prelude::*;

/// One fact.
pub struct Fact {
    name: String,
    value: AnyView,
}

impl Fact {
    /// A name with its value.
    pub fn new(name: impl Into<String>, value: impl IntoAny) -> Self {
        Self {
            name: name.into(),
            value: value.into_any(),
        }
    }
}

/// A list of facts.
#[component]
pub fn Facts(
    /// The facts.
    facts: Vec<Fact>,
    /// In two columns where there is room.
    #[prop(optional)]
    columns: bool,
) -> impl IntoView {
    let facts = facts
        .into_iter()
        .map(|fact| {
            view! {
                <div class="fact">
                    <dt>{fact.name}</dt>
                    <dd>{fact.value}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class=if columns { "facts facts-columns" } else { "facts" }>{facts}</dl> }
}
