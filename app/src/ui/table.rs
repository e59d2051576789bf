//! Tables for comparing: sticky head, figures to the right, the whole row one link, sorting by
//! links in the head, and cards instead of scrollbars where there is no room.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::icon::{Glyph, Icon};
use crate::paths::{Here, use_here};

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The key in the address when it is sorted by.
    pub key: &'static str,
    /// The word in the head.
    pub label: String,
    /// Figures: to the right, tabular.
    pub numeric: bool,
    /// Whether the head is a link that sorts.
    pub sortable: bool,
    /// What becomes of it on a card.
    pub card: OnCard,
}

/// What becomes of a column where rows are cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnCard {
    /// A line with its word.
    #[default]
    Line,
    /// At the right of the row's name, without its word.
    Lead,
    /// Left out.
    Spare,
}

impl Column {
    /// A column of words.
    pub fn text(key: &'static str, label: impl Into<String>) -> Self {
        Self {
            key,
            label: label.into(),
            numeric: false,
            sortable: false,
            card: OnCard::Line,
        }
    }

    /// A column of figures.
    pub fn number(key: &'static str, label: impl Into<String>) -> Self {
        Self {
            numeric: true,
            ..Self::text(key, label)
        }
    }

    /// Lets people sort by it: `?sort=key`, and `?sort=-key` from large to small.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// Puts it beside the row's name on a card: the amount, the state.
    #[must_use]
    pub fn lead(mut self) -> Self {
        self.card = OnCard::Lead;
        self
    }

    /// Leaves it out on a card: what can be read on the row's own page.
    #[must_use]
    pub fn spare(mut self) -> Self {
        self.card = OnCard::Spare;
        self
    }

    /// The class of its cells.
    const fn class(&self) -> Option<&'static str> {
        match (self.numeric, self.card) {
            (false, OnCard::Line) => None,
            (true, OnCard::Line) => Some("numeric"),
            (false, OnCard::Lead) => Some("card-lead"),
            (true, OnCard::Lead) => Some("numeric card-lead"),
            (false, OnCard::Spare) => Some("card-spare"),
            (true, OnCard::Spare) => Some("numeric card-spare"),
        }
    }
}

/// One row: a cell for each column. The first cell names the row.
pub struct TableRow {
    href: Option<String>,
    cells: Vec<AnyView>,
}

impl TableRow {
    /// A row that leads nowhere.
    pub fn plain() -> Self {
        Self {
            href: None,
            cells: Vec::new(),
        }
    }

    /// A row that is one link; its first cell is the link's text.
    pub fn link(href: impl Into<String>) -> Self {
        Self {
            href: Some(href.into()),
            cells: Vec::new(),
        }
    }

    /// Adds the next cell.
    #[must_use]
    pub fn cell(mut self, content: impl IntoAny) -> Self {
        self.cells.push(content.into_any());
        self
    }
}

/// A table. Put [`super::Pager`] below it and [`super::Filters`] above.
#[component]
pub fn DataTable(
    /// What the table holds; hidden, read first by those who listen.
    #[prop(into)]
    caption: String,
    /// The columns.
    columns: Vec<Column>,
    /// The rows.
    rows: Vec<TableRow>,
    /// A last row with sums; one cell for each column.
    #[prop(optional)]
    total: Option<TableRow>,
    /// How the list is sorted while the address says nothing, for example `-created`.
    #[prop(optional)]
    sorted: &'static str,
    /// 32-px rows instead of 40.
    #[prop(optional)]
    compact: bool,
    /// The line above: a count at the left, an export link at the right.
    #[prop(optional)]
    bar: Option<AnyView>,
) -> impl IntoView {
    let here = use_here();
    let query = use_query_map();
    let sort = Memo::new(move |_| {
        query
            .with(|query| query.get("sort"))
            .unwrap_or_else(|| sorted.to_owned())
    });
    let head = columns
        .iter()
        .map(|column| head_cell(column.clone(), sort, here))
        .collect_view();
    let body = rows
        .into_iter()
        .map(|row| body_row(row, &columns))
        .collect_view();
    let foot = total.map(|row| {
        view! { <tfoot role="rowgroup">{body_row(row, &columns)}</tfoot> }
    });
    let class = if compact {
        "table table-cards table-compact"
    } else {
        "table table-cards"
    };
    view! {
        <div class="table-frame">
            {bar.map(|bar| view! { <div class="table-bar">{bar}</div> })}
            <table class=class role="table">
                <caption class="sr-only">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{head}</tr>
                </thead>
                <tbody role="rowgroup">{body}</tbody>
                {foot}
            </table>
        </div>
    }
}

fn head_cell(column: Column, sort: Memo<String>, here: Here) -> AnyView {
    let Column {
        key,
        label,
        numeric,
        sortable,
        ..
    } = column;
    let class = numeric.then_some("numeric");
    if !sortable {
        return view! { <th scope="col" role="columnheader" class=class>{label}</th> }.into_any();
    }
    let rising = move || sort.with(|sort| sort == key);
    let falling = move || sort.with(|sort| sort.strip_prefix('-') == Some(key));
    let direction = move || match (rising(), falling()) {
        (true, _) => Some("ascending"),
        (_, true) => Some("descending"),
        _ => None,
    };
    // Figures and dates are most often wanted from the top.
    let descending = format!("-{key}");
    let href = move || {
        let next = match (rising(), falling(), numeric) {
            (true, _, _) | (false, false, true) => descending.as_str(),
            _ => key,
        };
        here.with(&[("sort", Some(next)), ("cursor", None)])
    };
    let arrow = move || {
        let icon = if rising() {
            Icon::ArrowUp
        } else {
            Icon::ArrowDown
        };
        view! { <Glyph icon/> }
    };
    view! {
        <th scope="col" role="columnheader" class=class aria-sort=direction>
            <a class="table-sort" href=href data-noscroll="true">
                {label}
                {arrow}
            </a>
        </th>
    }
    .into_any()
}

fn body_row(row: TableRow, columns: &[Column]) -> AnyView {
    let class = row.href.is_some().then_some("table-linked");
    let mut href = row.href;
    let cells = row
        .cells
        .into_iter()
        .zip(columns)
        .enumerate()
        .map(|(index, (content, column))| {
            let class = column.class();
            if index == 0 {
                let content = match href.take() {
                    Some(href) => {
                        view! { <a class="table-link" href=href>{content}</a> }.into_any()
                    }
                    None => content,
                };
                view! { <th scope="row" role="rowheader" class=class>{content}</th> }.into_any()
            } else {
                let label = column.label.clone();
                view! { <td role="cell" class=class data-label=label>{content}</td> }.into_any()
            }
        })
        .collect_view();
    view! { <tr role="row" class=class>{cells}</tr> }.into_any()
}
