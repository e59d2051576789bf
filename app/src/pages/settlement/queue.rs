//! The queue of lines.

use leptos::prelude::*;
use model::settlement::ItemRow;
use model::{ItemId, Page as Rows};

use super::words;
use crate::format;
use crate::paths::{self, use_here};
use crate::ui::*;

/// One page of lines; a press on one shows it beside the queue.
#[component]
pub fn Queue(
    /// The lines.
    page: Rows<ItemRow>,
    /// Which is shown.
    chosen: Option<ItemId>,
    /// The state that is filtered by; open where there is none.
    status: Option<String>,
) -> impl IntoView {
    if page.items.is_empty() {
        return empty(status.as_deref());
    }
    let here = use_here();
    let count = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
    let rows = page
        .items
        .iter()
        .map(|item| {
            let href = format!(
                "{}#item",
                here.with(&[("item", Some(&item.id.to_string()))])
            );
            row(item, href, chosen == Some(item.id))
        })
        .collect();
    view! {
        <DataTable
            caption="Lines of statements and reports"
            columns=vec![
                Column::text("line", "Line"),
                Column::text("date", "Value date"),
                Column::text("state", "State"),
                Column::number("amount", "Amount").lead(),
            ]
            rows
        />
        <Pager shown=format::counted(count, "line", "lines") next=page.next/>
    }
    .into_any()
}

fn row(item: &ItemRow, href: String, current: bool) -> TableRow {
    let (tone, label) = words::item_status(item.status);
    let class = if current {
        "item-name item-current"
    } else {
        "item-name"
    };
    let origin = format!(
        "{} {} · {}",
        words::source(item.source),
        item.party,
        words::kind(item.kind)
    );
    TableRow::link(href)
        .cell(view! {
            <span class=class>
                <span class="item-words">{words::name_of(item)}</span>
                <span class="item-origin">{origin}</span>
                {current.then(|| view! { <span class="sr-only">" (shown)"</span> })}
            </span>
        })
        .cell(view! { <span class="nowrap">{words::day(item.value_date.or(item.booking_date))}</span> })
        .cell(view! {
            <span class="item-state">
                <Chip tone label/>
                <span class="item-origin">{words::reason_of(item)}</span>
            </span>
        })
        .cell(view! { <Amount money=item.money/> })
}

fn empty(status: Option<&str>) -> AnyView {
    match status {
        Some("matched") => view! {
            <EmptyState
                title="Nothing is matched yet"
                text="A line stands here once something explains it. Import a statement and a gateway report to begin."
                icon=Icon::Scales
            >
                <LinkButton href=paths::SETTLEMENT icon=Icon::Import>"Import a file"</LinkButton>
            </EmptyState>
        }
        .into_any(),
        Some("ignored") => view! {
            <EmptyState
                title="Nothing is set aside"
                text="Lines that need no explanation stand here."
                icon=Icon::Scales
            />
        }
        .into_any(),
        _ => view! {
            <EmptyState
                title="No open lines"
                text="Every line that was imported is explained. Lines of the next file that nothing explains stand here."
                icon=Icon::CheckCircle
            >
                <LinkButton href=paths::SETTLEMENT icon=Icon::Import>"Import a file"</LinkButton>
            </EmptyState>
        }
        .into_any(),
    }
}
