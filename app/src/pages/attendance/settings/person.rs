//! One employee: the number, the terms that hold, and from when on others will.

use chrono::NaiveDate;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::attendance::views::EmployeePage;
use model::{PersonId, Problem};

use super::Fresh;
use super::history::{history, in_force};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::attendance::employee_form::{KeepEmployee, TakeBackTerms, employee};
use crate::pages::attendance::common::LoadAgain;
use crate::pages::scheduling::meeting::parts::said_of;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Button, Choice, ErrorState, FormProblems, Input, LinkButton, Look, Page, PageHeader, Section,
    SelectField, Skeleton, TextField, Tone, field_id,
};

/// The id of the form.
const FORM: &str = "employee-form";

/// `/attendance/settings/people/{id}`
#[component]
pub fn EmployeeOf() -> impl IntoView {
    let params = use_params_map();
    let person = Memo::new(move |_| {
        let person = params.with(|params| params.get("person"));
        person.and_then(|person| person.parse::<PersonId>().ok())
    });
    let keep = ServerAction::<KeepEmployee>::new();
    let take_back = ServerAction::<TakeBackTerms>::new();
    let fresh = Fresh::of(FORM);
    // Only what was kept is read again: a refused form keeps what was typed.
    let kept = RwSignal::new(0_u32);
    let toasts = expect_context::<Toasts>();
    on_done(keep, move |()| {
        toasts.show(
            Tone::Positive,
            "Kept; open days from then on are derived again",
        );
        kept.update(|n| *n += 1);
    });
    on_done(take_back, move |()| {
        toasts.show(
            Tone::Positive,
            "Taken back; the days that it reaches are derived again",
        );
        kept.update(|n| *n += 1);
    });
    let read = Resource::new(
        move || (person.get(), kept.get()),
        |(person, _)| async move {
            let person = person.ok_or_else(|| ApiError(Problem::not_found("person")))?;
            employee(person).await
        },
    );
    let content = move || {
        Suspend::new(async move {
            match read.await {
                Ok(page) => view! { <Shown page keep take_back fresh/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| read.refetch());
                    view! {
                        <PageHeader title="Employee"/>
                        <ErrorState problem retry/>
                    }
                    .into_any()
                }
            }
        })
    };
    view! {
        <Page>
            <Transition fallback=|| {
                view! { <Skeleton lines=10 label="Loading the employee"/> }
            }>{content}</Transition>
        </Page>
    }
}

#[component]
fn Shown(
    page: EmployeePage,
    keep: ServerAction<KeepEmployee>,
    take_back: ServerAction<TakeBackTerms>,
    fresh: Fresh,
) -> impl IntoView {
    let facts = view! { <span class="break-words">{page.email.clone()}</span> };
    let history = history(&page, take_back);
    view! {
        <PageHeader
            title=page.name.clone()
            facts=facts.into_any()
            back=(paths::EMPLOYEES.to_owned(), "Employees".to_owned())
        >
            <LinkButton href=paths::attendance_month(page.today, Some(page.id))>"Days"</LinkButton>
        </PageHeader>
        <Form page keep fresh/>
        {history}
    }
}

/// A day as a field wants it.
fn day_or_empty(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

#[component]
fn Form(page: EmployeePage, keep: ServerAction<KeepEmployee>, fresh: Fresh) -> impl IntoView {
    fresh.drawn();
    let problem = problem_of(keep);
    let said = move |field: &str| said_of(problem, field.to_owned());
    let now = in_force(&page).cloned();
    let chosen = |id: Option<String>| id.unwrap_or_default();
    let policy = chosen(now.as_ref().map(|terms| terms.policy.to_string()));
    let site = chosen(
        now.as_ref()
            .and_then(|terms| terms.site)
            .map(|id| id.to_string()),
    );
    let region = chosen(now.as_ref().and_then(|terms| terms.region.clone()));
    let manager = chosen(now.as_ref().and_then(|terms| terms.manager_email.clone()));
    let team = chosen(now.map(|terms| terms.team));
    let policies = page.policies.iter();
    let policies: Vec<Choice> = policies
        .map(|(id, name)| Choice::new(id.to_string(), name.clone()))
        .collect();
    let mut sites = vec![Choice::new("", "No site")];
    let known = page.sites.iter();
    sites.extend(known.map(|site| Choice::new(site.id.to_string(), site.name.clone())));
    let mut regions = vec![Choice::new("", "No holidays")];
    let known = page.regions.iter();
    regions.extend(known.map(|(region, name)| Choice::new(region.clone(), name.clone())));
    view! {
        <Section title="Employment">
            <ActionForm action=keep attr:id=FORM attr:class="form settings-form" attr:novalidate=true>
                <input type="hidden" name="form[id]" value=page.id.to_string()/>
                <input type="hidden" name="form[version]" value=page.version.to_string()/>
                <FormProblems problem>
                    <LoadAgain problem/>
                    <TextField
                        name="form[number]"
                        id=field_id("number")
                        error=said("number")
                        label="Employee number"
                        help="Programs, wall devices and kiosks know people by it"
                        value=page.number.clone().unwrap_or_default()
                        optional=true
                        maxlength=24
                        autocomplete="off"
                    />
                    <div class="form-pair">
                        <TextField
                            name="form[employed_from]"
                            id=field_id("employedFrom")
                            error=said("employedFrom")
                            label="Employed from"
                            help="Leave is granted from then on; without a day, from the first terms on"
                            input=Input::Date
                            value=day_or_empty(page.employed_from)
                            optional=true
                        />
                        <TextField
                            name="form[employed_until]"
                            id=field_id("employedUntil")
                            error=said("employedUntil")
                            label="Employed until"
                            help="The last day, once it is known; leave is granted for the days until then"
                            input=Input::Date
                            value=day_or_empty(page.employed_until)
                            optional=true
                        />
                    </div>
                    <SelectField
                        name="form[policy]"
                        id=field_id("policy")
                        error=said("policy")
                        label="Terms"
                        choices=policies
                        value=policy
                    />
                    <div class="form-pair">
                        <TextField
                            name="form[team]"
                            id=field_id("team")
                            error=said("team")
                            label="Team"
                            value=team
                            optional=true
                            maxlength=80
                            autocomplete="off"
                        />
                        <TextField
                            name="form[manager]"
                            id=field_id("manager")
                            error=said("manager")
                            label="Manager"
                            help="E-mail address or employee number of who decides requests"
                            value=manager
                            optional=true
                            maxlength=200
                            autocomplete="off"
                        />
                    </div>
                    <div class="form-pair">
                        <SelectField
                            name="form[site]"
                            id=field_id("site")
                            error=said("site")
                            label="Site"
                            choices=sites
                            value=site
                        />
                        <SelectField
                            name="form[region]"
                            id=field_id("region")
                            error=said("region")
                            label="Holidays"
                            choices=regions
                            value=region
                        />
                    </div>
                    <TextField
                        name="form[from]"
                        id=field_id("fromDay")
                        error=said("fromDay")
                        label="All this holds from"
                        help="Until the next day on which other terms begin; what was before stays"
                        input=Input::Date
                        value=page.today.to_string()
                        required=true
                    />
                    <div class="form-actions">
                        <Button look=Look::Primary submit=true busy=keep.pending()>
                            "Save"
                        </Button>
                        <LinkButton href=paths::EMPLOYEES look=Look::Quiet>
                            "Cancel"
                        </LinkButton>
                    </div>
                </FormProblems>
            </ActionForm>
        </Section>
    }
}
