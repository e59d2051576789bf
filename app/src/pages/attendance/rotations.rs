//! Rotations: the cycles that write the roster, and who follows them.

mod followers;
mod form;
mod weeks;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::attendance::views::{RotationView, RotationsPage};

use self::followers::Followers;
use self::form::{FORM, RotationForm};
use self::weeks::Weeks;
use super::common::{number, use_param};
use super::settings::Fresh;
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::attendance::rotation_form::{FollowRotation, KeepRotation, rotations};
use crate::format::counted;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Column, DataTable, EmptyState, ErrorState, FilterChips, FilterOption, Filters, Icon,
    LinkButton, Look, Page, PageHeader, Skeleton, TableRow, Tone, close_dialog,
};

/// The parameter of the address that names a rotation by id.
const ROTATION: &str = "rotation";
/// The value of the address for what is not there yet.
const NEW: &str = "new";

/// What can be done on the page. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Doings {
    /// Keeps a rotation.
    keep: ServerAction<KeepRotation>,
    /// Puts people onto one, or takes them off.
    follow: ServerAction<FollowRotation>,
    /// Is told that the form was drawn.
    fresh: Fresh,
    /// The dialog from which something was sent last.
    sent: StoredValue<Option<String>>,
    /// How many weeks more than it has the form of a cycle offers.
    more: RwSignal<usize>,
}

/// `/attendance/roster/rotations`
#[component]
pub fn Rotations() -> impl IntoView {
    let chosen = use_param(ROTATION);
    let doings = Doings {
        keep: ServerAction::new(),
        follow: ServerAction::new(),
        fresh: Fresh::of(FORM),
        sent: StoredValue::new(None),
        more: RwSignal::new(1),
    };
    // Only what was kept is read again: a refused form keeps what was typed.
    let kept = RwSignal::new(0_u32);
    tell(doings, kept);
    let list = Resource::new(move || kept.get(), |_| rotations());
    let content = move || {
        let chosen = chosen.get();
        Suspend::new(async move {
            match list.await {
                Ok(page) => view! { <Shown page chosen doings/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| list.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! {
        <span>"Cycles of shifts that write the roster, eight weeks ahead"</span>
        <span>"What is decided by hand stays"</span>
    };
    let back = (paths::ROSTER.to_owned(), "Roster".to_owned());
    view! {
        <Page>
            <PageHeader title="Rotations" facts=facts.into_any() back>
                <LinkButton href=paths::rotation(NEW) icon=Icon::Plus>
                    "New rotation"
                </LinkButton>
            </PageHeader>
            <Transition fallback=|| {
                view! { <Skeleton lines=8 label="Loading rotations"/> }
            }>{content}</Transition>
        </Page>
    }
}

/// Says what was done, and has the page read again.
fn tell(doings: Doings, kept: RwSignal<u32>) {
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    on_done(doings.keep, move |id| {
        toasts.show(
            Tone::Positive,
            "Rotation kept; days to come of those who follow it are written anew",
        );
        doings.more.set(1);
        kept.update(|n| *n += 1);
        navigate(&paths::rotation(id), NavigateOptions::default());
    });
    on_done(doings.follow, move |people| {
        if let Some(dialog) = doings.sent.get_value() {
            close_dialog(&dialog);
        }
        let words = format!(
            "The roster of {} is written",
            counted(*people, "person", "people")
        );
        toasts.show(Tone::Positive, words);
        kept.update(|n| *n += 1);
    });
}

#[component]
fn Shown(page: RotationsPage, chosen: Option<String>, doings: Doings) -> impl IntoView {
    let mut options = vec![FilterOption::all("All rotations")];
    let known = page.rotations.iter();
    options
        .extend(known.map(|one| FilterOption::new(one.id.to_string(), one.rotation.name.clone())));
    options.push(FilterOption::new(NEW, "New rotation"));
    let content = match chosen.as_deref() {
        None => overview(&page.rotations),
        Some(NEW) => view! { <RotationForm known=None page=page.clone() doings/> }.into_any(),
        Some(id) => match page.rotations.iter().find(|one| one.id.to_string() == id) {
            Some(one) => one_of(one.clone(), page.clone(), doings),
            None => unknown(),
        },
    };
    view! {
        <Filters>
            <FilterChips label="Rotation" param=ROTATION options/>
        </Filters>
        {content}
    }
    .into_any()
}

fn one_of(known: RotationView, page: RotationsPage, doings: Doings) -> AnyView {
    view! {
        <Weeks rotation=known.rotation.clone() templates=page.templates.clone() today=page.today/>
        <Followers known=known.clone() people=page.people.clone() today=page.today doings/>
        <RotationForm known=Some(known) page doings/>
    }
    .into_any()
}

fn overview(rotations: &[RotationView]) -> AnyView {
    if rotations.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Refresh
                title="No rotations yet"
                text="A rotation repeats a few weeks of shifts for whoever follows it, so that nobody has to write them."
            >
                <LinkButton href=paths::rotation(NEW) icon=Icon::Plus look=Look::Primary>
                    "New rotation"
                </LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let rows = rotations
        .iter()
        .map(|one| {
            let days = number(&one.rotation.days);
            TableRow::link(paths::rotation(one.id))
                .cell(one.rotation.name.clone())
                .cell(counted(number(&one.followers), "person", "people"))
                .cell(length_words(days))
                .cell(one.rotation.anchor.format("%a %-d %b %Y").to_string())
        })
        .collect();
    view! {
        <DataTable
            caption="Rotations by name"
            columns=vec![
                Column::text("name", "Rotation"),
                Column::text("people", "Followed by").lead(),
                Column::text("length", "Cycle"),
                Column::text("anchor", "A cycle begins on"),
            ]
            rows
        />
    }
    .into_any()
}

/// How long a cycle is: `2 weeks`, `8 days`.
fn length_words(days: i64) -> String {
    if days > 0 && days % 7 == 0 {
        counted(days / 7, "week", "weeks")
    } else {
        counted(days, "day", "days")
    }
}

fn unknown() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Refresh
            title="No such rotation"
            text="The address names a rotation that there is not."
        >
            <LinkButton href=paths::ROTATIONS>"All rotations"</LinkButton>
        </EmptyState>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::length_words;

    #[test]
    fn whole_weeks_are_told_as_such() {
        assert_eq!(length_words(7), "1 week");
        assert_eq!(length_words(14), "2 weeks");
        assert_eq!(length_words(8), "8 days");
    }
}
