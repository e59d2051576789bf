//! What is matched and what is open: figures, the queue with the chosen line beside it, and the
//! proof to the cent.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::settlement::ItemFilter;
use model::{ItemId, Problem};

use super::item::Chosen;
use super::proof::{InTransit, Proof};
use super::queue::Queue;
use super::summary::Summary;
use crate::api::ApiError;
use crate::api::settlement::{
    AddItemNote, reconciliation_figures, reconciliation_item, reconciliation_items,
};
use crate::live::use_changes;
use crate::pages::ledger::parts::{shown, text};
use crate::paths;
use crate::ui::*;

fn word<T: std::str::FromStr<Err: std::fmt::Display>>(
    query: &ParamsMap,
    key: &str,
) -> Result<Option<T>, ApiError> {
    let read = text(query, key).map(|word| word.parse::<T>()).transpose();
    read.map_err(|error| ApiError(Problem::invalid_field(key, format!("{error}."))))
}

fn filter_of(query: &ParamsMap) -> Result<ItemFilter, ApiError> {
    Ok(ItemFilter {
        status: word(query, "status")?,
        source: word(query, "source")?,
        cursor: text(query, "cursor"),
        limit: None,
    })
}

/// The reconciliation workspace.
#[component]
pub fn Reconciliation() -> impl IntoView {
    let query = use_query_map();
    let (settled, paid) = (use_changes("settlement."), use_changes("payment."));
    let noting = ServerAction::<AddItemNote>::new();
    let summary = Resource::new(
        move || (settled.get(), paid.get()),
        |_| reconciliation_figures(),
    );
    let items = Resource::new(
        move || (query.with(filter_of), settled.get(), paid.get()),
        |(filter, ..)| async move { reconciliation_items(filter?).await },
    );
    let chosen = Memo::new(move |_| {
        query
            .with(|query| text(query, "item"))
            .and_then(|id| id.parse::<ItemId>().ok())
    });
    let item = Resource::new(
        move || (chosen.get(), settled.get(), noting.version().get()),
        |(chosen, ..)| async move {
            match chosen {
                Some(id) => reconciliation_item(id).await.map(Some),
                None => Ok(None),
            }
        },
    );
    clear_after(noting, chosen);
    let facts = view! {
        <span>"Lines of banks and gateways against what is expected"</span>
        <span>"Age counts from the value date"</span>
    }
    .into_any();
    view! {
        <Page>
            <PageHeader title="Reconciliation" facts>
                <LinkButton href=paths::SETTLEMENT icon=Icon::Import>
                    "Import a file"
                </LinkButton>
            </PageHeader>
            <Transition fallback=|| view! { <FiguresSkeleton cards=5/> }>
                {move || Suspend::new(async move {
                    shown(summary.await, |summary| view! { <Summary summary/> }.into_any())
                })}
            </Transition>
            <Section title="Lines">
                <Filters>
                    <FilterChips
                        label="State"
                        param="status"
                        options=vec![
                            FilterOption::all("Open"),
                            FilterOption::new("matched", "Matched"),
                            FilterOption::new("ignored", "Set aside"),
                        ]
                    />
                    <FilterChips
                        label="Source"
                        param="source"
                        options=vec![
                            FilterOption::all("Gateway and bank"),
                            FilterOption::new("gateway", "Gateway"),
                            FilterOption::new("bank", "Bank"),
                        ]
                    />
                </Filters>
                <div class="columns">
                    <div class="section">
                        <Transition fallback=|| {
                            view! { <TableSkeleton rows=8 columns=4 label="Loading lines"/> }
                        }>
                            {move || {
                                let chosen = chosen.get();
                                let status = query.with_untracked(|query| text(query, "status"));
                                Suspend::new(async move {
                                    shown(
                                        items.await,
                                        |page| view! { <Queue page chosen status/> }.into_any(),
                                    )
                                })
                            }}
                        </Transition>
                    </div>
                    <div id="item" class="item-place">
                        <Transition fallback=|| {
                            view! { <Skeleton lines=6 label="Loading the line"/> }
                        }>
                            {move || Suspend::new(async move {
                                shown(
                                    item.await,
                                    |item| view! { <Chosen item noting/> }.into_any(),
                                )
                            })}
                        </Transition>
                    </div>
                </div>
            </Section>
            <Transition fallback=|| view! { <Skeleton lines=4 label="Loading the proof"/> }>
                {move || Suspend::new(async move {
                    // What failed is told above, where the figures would be.
                    summary
                        .await
                        .ok()
                        .map(|summary| {
                            view! {
                                <InTransit payouts=summary.in_transit/>
                                <Proof proofs=summary.proof/>
                            }
                        })
                })}
            </Transition>
        </Page>
    }
}

/// Empties the note's form once a note is kept or another line is chosen. What was typed stays
/// when it was refused.
fn clear_after(noting: ServerAction<AddItemNote>, chosen: Memo<Option<ItemId>>) {
    Effect::new(move |before: Option<Option<ItemId>>| {
        let now = chosen.get();
        let kept = noting.value().with(|value| matches!(value, Some(Ok(_))));
        if before.is_some_and(|before| before != now) || kept {
            super::item::reset_form();
        }
        now
    });
}
