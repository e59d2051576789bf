//! The terms under which days are derived, and which of them hold for how many people.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::attendance::overtime::Rule;
use model::attendance::views::PolicyView;

use super::terms_form::{FORM, TermsForm};
use super::{Fresh, NEW, SettingsTabs};
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::attendance::policies;
use crate::api::attendance::settings_form::KeepPolicy;
use crate::format::count;
use crate::pages::attendance::common::use_param;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Column, DataTable, EmptyState, ErrorState, FilterChips, FilterOption, Filters, Icon,
    LinkButton, Page, PageHeader, Skeleton, TableRow, Tone,
};

/// The parameter of the address that names terms by id.
const POLICY: &str = "policy";

/// `/attendance/settings/terms`
#[component]
pub fn Terms() -> impl IntoView {
    let chosen = use_param(POLICY);
    let keep = ServerAction::<KeepPolicy>::new();
    let fresh = Fresh::of(FORM);
    // Only what was kept is read again: a refused form keeps what was typed.
    let kept = RwSignal::new(0_u32);
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    on_done(keep, move |id| {
        toasts.show(
            Tone::Positive,
            "Terms kept; open days under them are derived again",
        );
        kept.update(|n| *n += 1);
        navigate(&paths::terms_of(id), NavigateOptions::default());
    });
    let list = Resource::new(move || kept.get(), |_| policies());
    let content = move || {
        let chosen = chosen.get();
        Suspend::new(async move {
            match list.await {
                Ok(all) => view! { <Shown all chosen keep fresh/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| list.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"What makes a day present, late or overtime"</span> };
    view! {
        <Page>
            <PageHeader title="Attendance terms" facts=facts.into_any()/>
            <SettingsTabs/>
            <Transition fallback=|| {
                view! { <Skeleton lines=8 label="Loading terms"/> }
            }>{content}</Transition>
        </Page>
    }
}

#[component]
fn Shown(
    all: Vec<PolicyView>,
    chosen: Option<String>,
    keep: ServerAction<KeepPolicy>,
    fresh: Fresh,
) -> impl IntoView {
    let mut options = vec![FilterOption::all("All terms")];
    let known = all.iter();
    options.extend(known.map(|one| FilterOption::new(one.id.to_string(), one.name.clone())));
    options.push(FilterOption::new(NEW, "New terms"));
    let content = match chosen.as_deref() {
        None => overview(&all),
        Some(NEW) => view! { <TermsForm known=None keep fresh/> }.into_any(),
        Some(id) => match all.iter().find(|one| one.id.to_string() == id) {
            Some(one) => view! { <TermsForm known=Some(one.clone()) keep fresh/> }.into_any(),
            None => unknown(),
        },
    };
    view! {
        <Filters>
            <FilterChips label="Terms" param=POLICY options/>
        </Filters>
        {content}
    }
    .into_any()
}

fn overview(all: &[PolicyView]) -> AnyView {
    let rows = all
        .iter()
        .map(|one| {
            let policy = &one.policy;
            let grace = format!(
                "{} and {} min",
                policy.grace_late_minutes, policy.grace_early_minutes
            );
            let present = format!("{} %", policy.present_percent);
            TableRow::link(paths::terms_of(one.id))
                .cell(one.name.clone())
                .cell(count(one.people))
                .cell(view! { <span class="num">{grace}</span> })
                .cell(present)
                .cell(overtime_words(policy.overtime))
        })
        .collect();
    view! {
        <DataTable
            caption="Terms by name"
            columns=vec![
                Column::text("name", "Terms"),
                Column::number("people", "People today").lead(),
                Column::text("grace", "Grace, late and early"),
                Column::number("present", "Present from"),
                Column::text("overtime", "Overtime"),
            ]
            rows
        />
    }
    .into_any()
}

fn unknown() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Sliders
            title="No such terms"
            text="The address names terms that there are not."
        >
            <LinkButton href=paths::ATTENDANCE_TERMS>"All terms"</LinkButton>
        </EmptyState>
    }
    .into_any()
}

/// Which law says what overtime is.
pub const fn overtime_words(rule: Rule) -> &'static str {
    match rule {
        Rule::None => "None: every minute is straight time",
        Rule::Flsa => "United States: over 40 hours a week",
        Rule::California => "California: also over 8 and 12 hours a day",
    }
}
