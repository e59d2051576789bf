//! Places of work, whose clocks shifts follow.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::attendance::views::Site;

use super::{Fresh, NEW, SettingsTabs};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::attendance::employee_form::{KeepSite, sites};
use crate::pages::attendance::common::use_param;
use crate::pages::attendance::words::zone_words;
use crate::pages::scheduling::meeting::parts::said_of;
use crate::pages::scheduling::working_hours::ZoneField;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Button, Column, DataTable, EmptyState, ErrorState, FormProblems, Icon, LinkButton, Look, Page,
    PageHeader, Section, Skeleton, TableRow, TextField, Tone, field_id,
};

/// The id of the form.
const FORM: &str = "site-form";

/// `/attendance/settings/sites`
#[component]
pub fn Sites() -> impl IntoView {
    let chosen = use_param("site");
    let keep = ServerAction::<KeepSite>::new();
    let fresh = Fresh::of(FORM);
    // Only what was kept is read again: a refused form keeps what was typed.
    let kept = RwSignal::new(0_u32);
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    on_done(keep, move |_| {
        toasts.show(Tone::Positive, "Site kept; shifts there follow its clocks");
        kept.update(|n| *n += 1);
        navigate(paths::SITES, NavigateOptions::default());
    });
    let list = Resource::new(move || kept.get(), |_| sites());
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
    let facts =
        view! { <span>"Where people work; shifts there follow the clocks of the site"</span> };
    view! {
        <Page>
            <PageHeader title="Sites" facts=facts.into_any()>
                <LinkButton href=paths::site(NEW) icon=Icon::Plus>
                    "New site"
                </LinkButton>
            </PageHeader>
            <SettingsTabs/>
            <Transition fallback=|| {
                view! { <Skeleton lines=6 label="Loading sites"/> }
            }>{content}</Transition>
        </Page>
    }
}

#[component]
fn Shown(
    all: Vec<Site>,
    chosen: Option<String>,
    keep: ServerAction<KeepSite>,
    fresh: Fresh,
) -> impl IntoView {
    match chosen.as_deref() {
        None if all.is_empty() => view! {
            <EmptyState
                title="No sites yet"
                text="People without a site work by the clocks of their own time zone."
            >
                <LinkButton href=paths::site(NEW)>"Add the first site"</LinkButton>
            </EmptyState>
        }
        .into_any(),
        None => overview(&all),
        Some(NEW) => view! { <Form known=None keep fresh/> }.into_any(),
        Some(id) => match all.into_iter().find(|one| one.id.to_string() == id) {
            Some(one) => view! { <Form known=Some(one) keep fresh/> }.into_any(),
            None => view! {
                <EmptyState title="No such site" text="The address names a site that there is not.">
                    <LinkButton href=paths::SITES>"All sites"</LinkButton>
                </EmptyState>
            }
            .into_any(),
        },
    }
}

fn overview(all: &[Site]) -> AnyView {
    let rows = all.iter().map(|site| {
        TableRow::link(paths::site(site.id))
            .cell(site.name.clone())
            .cell(zone_words(&site.zone))
    });
    let rows: Vec<TableRow> = rows.collect();
    view! {
        <DataTable
            caption="Sites by name"
            columns=vec![Column::text("name", "Site"), Column::text("zone", "Time zone").lead()]
            rows
        />
    }
    .into_any()
}

#[component]
fn Form(known: Option<Site>, keep: ServerAction<KeepSite>, fresh: Fresh) -> impl IntoView {
    fresh.drawn();
    let problem = problem_of(keep);
    let said = move |field: &str| said_of(problem, field.to_owned());
    let (title, id, name, zone) = match known {
        Some(site) => (site.name.clone(), site.id.to_string(), site.name, site.zone),
        None => (
            "New site".to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ),
    };
    view! {
        <Section title>
            <ActionForm action=keep attr:id=FORM attr:class="form settings-form" attr:novalidate=true>
                <input type="hidden" name="form[id]" value=id/>
                <FormProblems problem>
                    <TextField
                        name="form[name]"
                        id=field_id("name")
                        error=said("name")
                        label="Name"
                        value=name
                        maxlength=80
                        required=true
                        autocomplete="off"
                    />
                    <ZoneField
                        name="form[zone]"
                        id=field_id("zone")
                        label="Time zone"
                        help="A name such as Europe/Berlin"
                        value=zone
                        error=said("zone")
                    />
                    <div class="form-actions">
                        <Button look=Look::Primary submit=true busy=keep.pending()>
                            "Save site"
                        </Button>
                        <LinkButton href=paths::SITES look=Look::Quiet>
                            "Cancel"
                        </LinkButton>
                    </div>
                </FormProblems>
            </ActionForm>
        </Section>
    }
}
