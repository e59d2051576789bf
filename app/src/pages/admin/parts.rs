//! What the pages of administration share: lists of boxes, what an action did, words for roles.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{Problem, Role};

use crate::ui::{Glyph, Icon, field_id, ticked};

/// One box of a [`CheckGroup`].
pub(super) struct Tick {
    /// What is sent.
    pub(super) value: &'static str,
    /// The words beside it.
    pub(super) label: String,
    /// One line below.
    pub(super) help: &'static str,
    /// Whether it is ticked at first.
    pub(super) checked: bool,
}

/// Several boxes under one name, with one error for all of them. Sends `name[]` for each tick.
#[component]
pub(super) fn CheckGroup(
    /// The name in the form and in the problem.
    name: &'static str,
    /// The words above.
    #[prop(into)]
    legend: String,
    /// One line below the words above.
    #[prop(optional, into)]
    help: String,
    /// The boxes.
    ticks: Vec<Tick>,
    /// The form's problem.
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    let id = field_id(name);
    let (error_id, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let described_by = format!("{help_id} {error_id}");
    let error = Signal::derive(move || {
        problem.with(|problem| problem.as_ref()?.message_for(name).map(str::to_owned))
    });
    let message = move || {
        error
            .get()
            .map(|text| view! { <Glyph icon=Icon::Alert/> <span>{text}</span> })
    };
    let boxes = ticks
        .into_iter()
        .map(|tick| {
            let id = format!("{id}-{}", tick.value.replace(':', "-"));
            let name = format!("{name}[]");
            let checked = ticked(&name, tick.value, tick.checked);
            let help_id = (!tick.help.is_empty()).then(|| format!("{id}-help"));
            let help = help_id.clone().map(|help_id| {
                view! { <p class="field-help" id=help_id>{tick.help}</p> }
            });
            view! {
                <div class="check">
                    <input
                        type="checkbox"
                        id=id.clone()
                        name=name
                        value=tick.value
                        checked=checked
                        aria-describedby=help_id
                    />
                    <label for=id>{tick.label}</label>
                    {help}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset
            class="check-group"
            id=id
            tabindex="-1"
            aria-describedby=described_by
        >
            <legend class="choices-legend">{legend}</legend>
            <p class="field-help" id=help_id>{help}</p>
            <div class="check-list">{boxes}</div>
            <p class="field-error" id=error_id>{message}</p>
        </fieldset>
    }
}

/// All roles as boxes, some of them ticked.
pub(super) fn role_ticks(held: &[Role]) -> Vec<Tick> {
    let tick = |role: &Role| Tick {
        value: role.as_str(),
        label: role_name(*role).to_owned(),
        help: role_help(*role),
        checked: held.contains(role),
    };
    Role::ALL.iter().map(tick).collect()
}

/// The name of a role on the page.
pub(super) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Employee => "Employee",
        Role::Manager => "Manager",
        Role::Hr => "HR",
        Role::Finance => "Finance",
        Role::Admin => "Admin",
    }
}

const fn role_help(role: Role) -> &'static str {
    match role {
        Role::Employee => "Sees the own pages",
        Role::Manager => "Leads a team",
        Role::Hr => "Sees people and their roles",
        Role::Finance => "Payments, ledger, settlement and reconciliation",
        Role::Admin => "People, API tokens, audit log, jobs, mail and sandbox; no payments",
    }
}

/// A parameter of the address; an empty one is none.
pub(super) fn use_param(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(name).filter(|value| !value.is_empty())))
}

/// The number of rows in words, honest about there being more.
pub(super) fn shown(rows: usize, more: bool, one: &str, many: &str) -> String {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    let counted = crate::format::counted(rows, one, many);
    if more {
        format!("{counted} on this page, more on the next")
    } else {
        counted
    }
}
