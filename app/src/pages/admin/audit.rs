//! Who did what, newest first.

use leptos::prelude::*;
use model::Page as Rows;
use model::identity::AuditRow;
use serde_json::Value;

use super::parts::{shown, use_param};
use crate::api::ApiError;
use crate::api::admin::audit_log;
use crate::live::use_changes;
use crate::paths::{AUDIT, PEOPLE};
use crate::ui::{
    Column, DataTable, EmptyState, ErrorState, FilterChips, FilterOption, Filters, Icon,
    LinkButton, Page, PageHeader, Pager, ShortId, TableRow, TableSkeleton, Time,
};

/// The audit log.
#[component]
pub fn AuditLog() -> impl IntoView {
    let (group, cursor) = (use_param("group"), use_param("cursor"));
    let changes = use_changes("identity.");
    let log = Resource::new(
        move || (group.get(), cursor.get(), changes.get()),
        |(group, cursor, _)| audit_log(group, cursor),
    );
    let list = move || {
        Suspend::new(async move {
            match log.await {
                Ok(page) => list_view(page),
                Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
            }
        })
    };
    view! {
        <Page>
            <PageHeader
                title="Audit log"
                facts=view! { <span>"Who did what; nothing here can be changed or taken out"</span> }.into_any()
            />
            <Filters>
                <FilterChips
                    label="What was done"
                    param="group"
                    options=vec![
                        FilterOption::all("Everything"),
                        FilterOption::new("session", "Signing in"),
                        FilterOption::new("person", "People"),
                        FilterOption::new("token", "Tokens"),
                        FilterOption::new("kiosk", "Kiosks"),
                        FilterOption::new("pin", "PINs"),
                        FilterOption::new("job", "Jobs"),
                    ]
                />
            </Filters>
            <Transition fallback=|| view! { <TableSkeleton columns=5 label="Loading the audit log"/> }>
                {list}
            </Transition>
        </Page>
    }
}

fn list_view(page: Rows<AuditRow>) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Queue
                title="Nothing of this kind"
                text="Signing in, and every change to people and tokens, appears here as it happens."
            >
                <LinkButton href=AUDIT>"Show everything"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let words = shown(page.items.len(), page.next.is_some(), "entry", "entries");
    let rows = page.items.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Audit log, newest first"
            columns=vec![
                Column::text("action", "What"),
                Column::text("actor", "Who"),
                Column::text("subject", "To what"),
                Column::text("detail", "Details"),
                Column::text("at", "When").lead(),
            ]
            rows
        />
        <Pager shown=words next=page.next/>
    }
    .into_any()
}

fn row(row: AuditRow) -> TableRow {
    TableRow::plain()
        .cell(action_words(&row.action))
        .cell(view! { <span title=row.actor>{row.actor_label}</span> })
        .cell(subject_view(&row.subject))
        .cell(view! { <span class="muted small break-words">{detail_words(&row.detail)}</span> })
        .cell(view! { <span class="nowrap"><Time stamp=row.at/></span> })
}

fn subject_view(subject: &str) -> AnyView {
    match subject.split_once(':') {
        Some(("person", id)) => view! { <a href=format!("{PEOPLE}/{id}")>"Person"</a> }.into_any(),
        Some((kind, id)) => {
            let label = format!("{kind} id");
            let kind = capitalised(kind);
            view! {
                <span class="row">
                    {kind} <ShortId id=id.to_owned() label/>
                </span>
            }
            .into_any()
        }
        None => subject.to_owned().into_any(),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// An action in words: `person.roles_set` is *Person: roles set*, where there is no better phrase.
fn action_words(action: &str) -> String {
    let known = match action {
        "session.signed_in" => "Signed in",
        "session.refused" => "Sign-in refused",
        "session.signed_out" => "Signed out",
        "session.signed_out_everywhere" => "Signed out everywhere",
        "person.created" => "Person added",
        "person.roles_set" => "Roles changed",
        "person.disabled" => "Person disabled",
        "person.enabled" => "Person enabled",
        "person.password_changed" => "Own password changed",
        "person.password_set" => "Password set",
        "token.created" => "Token made",
        "token.revoked" => "Token revoked",
        "job.retried" => "Job tried again",
        "job.discarded" => "Job discarded",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let (group, what) = action.split_once('.').unwrap_or((action, ""));
    let what = what.replace(['_', '.'], " ");
    if what.is_empty() {
        capitalised(group)
    } else {
        format!("{}: {what}", capitalised(group))
    }
}

/// The details of an entry in one line: `before: employee; after: employee, admin`.
fn detail_words(detail: &Value) -> String {
    match detail {
        Value::Null => String::new(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{}: {}", name.replace('_', " "), detail_words(value)))
            .collect::<Vec<_>>()
            .join("; "),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items
            .iter()
            .map(detail_words)
            .collect::<Vec<_>>()
            .join(", "),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn details_read_as_a_line() {
        let detail = json!({ "after": ["employee", "admin"], "before": [], "sessions": 2 });
        assert_eq!(
            detail_words(&detail),
            "after: employee, admin; before: none; sessions: 2"
        );
        assert_eq!(detail_words(&json!({})), "");
    }

    #[test]
    fn an_action_that_nobody_named_is_still_readable() {
        assert_eq!(action_words("person.roles_set"), "Roles changed");
        assert_eq!(action_words("order.link_renewed"), "Order: link renewed");
    }
}
