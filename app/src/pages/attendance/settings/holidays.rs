//! Public holidays and other days off, by region, as a text that HR edits.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::Problem;
use model::attendance::holidays::Calendar;
use model::attendance::views::HolidaysView;

use super::{Fresh, NEW, SettingsTabs};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::attendance::holidays;
use crate::api::attendance::settings_form::KeepHolidays;
use crate::format::count;
use crate::pages::attendance::common::{LoadAgain, dash, number, use_param};
use crate::pages::scheduling::meeting::parts::said_of;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Button, Column, DataTable, EmptyState, ErrorState, FilterChips, FilterOption, Filters,
    FormProblems, Icon, LinkButton, Look, Page, PageHeader, Section, Skeleton, TableRow, TextField,
    TextareaField, Tone, field_id,
};

/// The parameter of the address that names a region.
const REGION: &str = "region";
/// The id of the form.
const FORM: &str = "holidays-form";

/// `/attendance/settings`
#[component]
pub fn Holidays() -> impl IntoView {
    let region = use_param(REGION);
    let keep = ServerAction::<KeepHolidays>::new();
    let fresh = Fresh::of(FORM);
    // Only what was kept is read again: a refused form keeps what was typed.
    let kept = RwSignal::new(0_u32);
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    on_done(keep, move |region| {
        toasts.show(
            Tone::Positive,
            "Holidays kept; days on which they differ are derived again",
        );
        kept.update(|n| *n += 1);
        navigate(&paths::holidays_of(region), NavigateOptions::default());
    });
    let list = Resource::new(move || kept.get(), |_| holidays());
    let content = move || {
        let region = region.get();
        Suspend::new(async move {
            match list.await {
                Ok(regions) => view! { <Shown regions region keep fresh/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| list.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"Days on which nobody is expected, by where people work"</span> };
    view! {
        <Page>
            <PageHeader title="Attendance settings" facts=facts.into_any()/>
            <SettingsTabs/>
            <Transition fallback=|| {
                view! { <Skeleton lines=8 label="Loading holidays"/> }
            }>{content}</Transition>
        </Page>
    }
}

#[component]
fn Shown(
    regions: Vec<HolidaysView>,
    region: Option<String>,
    keep: ServerAction<KeepHolidays>,
    fresh: Fresh,
) -> impl IntoView {
    let mut options = vec![FilterOption::all("All regions")];
    let known = regions.iter();
    options.extend(known.map(|one| FilterOption::new(one.region.clone(), one.name.clone())));
    options.push(FilterOption::new(NEW, "New region"));
    let content = match region.as_deref() {
        None => overview(&regions),
        Some(NEW) => view! { <Form region=None keep fresh/> }.into_any(),
        Some(name) => match regions.iter().find(|one| one.region == name) {
            Some(one) => view! { <Form region=Some(one.clone()) keep fresh/> }.into_any(),
            None => unknown(name),
        },
    };
    view! {
        <Filters>
            <FilterChips label="Region" param=REGION options/>
        </Filters>
        {content}
    }
    .into_any()
}

fn overview(regions: &[HolidaysView]) -> AnyView {
    if regions.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Calendar
                title="No holidays yet"
                text="Write down the holidays of the places where people work. On them nothing is expected, and work counts as work on a holiday."
            >
                <LinkButton href=paths::holidays_of(NEW) icon=Icon::Plus look=Look::Primary>
                    "New region"
                </LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let rows = regions
        .iter()
        .map(|one| {
            // What is kept can be read.
            let days = Calendar::from_text(&one.text)
                .map(|known| known.0)
                .unwrap_or_default();
            let days: Vec<_> = days.into_keys().collect();
            let last = match days.last() {
                Some(last) => last.format("%-d %b %Y").to_string().into_any(),
                None => dash(),
            };
            TableRow::link(paths::holidays_of(&one.region))
                .cell(one.name.clone())
                .cell(view! { <span class="mono">{one.region.clone()}</span> })
                .cell(count(number(&days)))
                .cell(last)
        })
        .collect();
    view! {
        <DataTable
            caption="Regions and their holidays"
            columns=vec![
                Column::text("region", "Region"),
                Column::text("code", "Code"),
                Column::number("days", "Holidays"),
                Column::text("last", "The last one").lead(),
            ]
            rows
        />
    }
    .into_any()
}

fn unknown(name: &str) -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Calendar
            title="No such region"
            text=format!("There are no holidays under “{name}”.")
        >
            <LinkButton href=paths::ATTENDANCE_SETTINGS>"All regions"</LinkButton>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Form(
    region: Option<HolidaysView>,
    keep: ServerAction<KeepHolidays>,
    fresh: Fresh,
) -> impl IntoView {
    fresh.drawn();
    let problem = problem_of(keep);
    let said = move |field: &str| said_of(problem, field.to_owned());
    let title = match &region {
        Some(known) => format!("Holidays of {}", known.name),
        None => "New region".to_owned(),
    };
    let is_new = region.is_none();
    let HolidaysView {
        region,
        name,
        text,
        version,
    } = region.unwrap_or_else(|| HolidaysView {
        region: String::new(),
        name: String::new(),
        text: String::new(),
        version: 0,
    });
    view! {
        <Section title>
            <ActionForm action=keep attr:id=FORM attr:class="form settings-form" attr:novalidate=true>
                <input type="hidden" name="form[version]" value=version.to_string()/>
                <FormProblems problem>
                    <LoadAgain problem/>
                    <Code region is_new problem/>
                    <TextField
                        name="form[name]"
                        id=field_id("name")
                        error=said("name")
                        label="Name"
                        help="Such as Berlin"
                        value=name
                        maxlength=80
                        required=true
                        autocomplete="off"
                    />
                    <TextareaField
                        name="form[text]"
                        id=field_id("text")
                        error=lines(problem)
                        label="Holidays"
                        help="One a line: 2026-12-25 Christmas Day. With “half” before the name it is the second half of the day, with “half-am” the first. A line that begins with # is a remark."
                        value=text
                    />
                    <div class="form-actions">
                        <Button look=Look::Primary submit=true busy=keep.pending()>
                            "Save holidays"
                        </Button>
                        <LinkButton href=paths::ATTENDANCE_SETTINGS look=Look::Quiet>
                            "Cancel"
                        </LinkButton>
                    </div>
                </FormProblems>
            </ActionForm>
        </Section>
    }
}

/// The code of a region: it is given once.
#[component]
fn Code(region: String, is_new: bool, problem: Signal<Option<Problem>>) -> impl IntoView {
    if !is_new {
        return view! { <input type="hidden" name="form[region]" value=region/> }.into_any();
    }
    view! {
        <TextField
            name="form[region]"
            id=field_id("region")
            error=said_of(problem, "region".to_owned())
            label="Code"
            help="Such as DE or DE-BE; where somebody works names it"
            value=region
            maxlength=7
            required=true
            autocomplete="off"
        />
    }
    .into_any()
}

/// All that was said of the text: each error names its line.
fn lines(problem: Signal<Option<Problem>>) -> Signal<Option<String>> {
    Signal::derive(move || {
        problem.with(|problem| {
            let errors = problem.as_ref()?.errors.iter();
            let texts = errors.filter(|error| error.field == "text");
            let texts: Vec<&str> = texts.map(|error| error.message.as_str()).collect();
            (!texts.is_empty()).then(|| texts.join(" "))
        })
    })
}
