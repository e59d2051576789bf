//! When the reader works and may be booked: the hours of a week, dates that differ, journeys, and
//! what is kept free. One plain form; once the page is awake, rows can be added.

mod dates;
pub(in crate::pages) mod growing;
mod limits;
mod week;
mod zones;

use leptos::prelude::*;
use model::scheduling::views::{Preferences, PreferencesPage};

use self::dates::{Journeys, OtherDays};
use self::limits::Limits;
use self::week::Week;
use super::meeting::parts::{LoadAgain, said_of, typed_or};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::scheduling::forms::KeepHours;
use crate::api::scheduling::preferences;
use crate::toast::Toasts;
use crate::ui::{
    Button, ErrorState, FormProblems, Look, Page, PageHeader, Section, Skeleton, Tone, field_id,
};

pub use zones::{ZoneField, Zones};

/// `/meetings/working-hours`
#[component]
pub fn WorkingHoursPage() -> impl IntoView {
    let keep = ServerAction::<KeepHours>::new();
    // Only what was kept is read again: a refused form keeps what was typed.
    let kept = RwSignal::new(0_u32);
    let toasts = expect_context::<Toasts>();
    on_done(keep, move |()| {
        toasts.show(Tone::Positive, "Your hours are kept");
        kept.update(|n| *n += 1);
    });
    let page = Resource::new(move || kept.get(), |_| preferences());
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=12 label="Loading your hours"/> }>
                {move || Suspend::new(async move {
                    match page.await {
                        Ok(page) => view! { <Form page keep/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| page.refetch());
                            view! {
                                <PageHeader title="Working hours"/>
                                <ErrorState problem retry/>
                            }
                            .into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

#[component]
fn Form(page: PreferencesPage, keep: ServerAction<KeepHours>) -> impl IntoView {
    let PreferencesPage {
        preferences,
        version,
        zone,
    } = page;
    let Preferences {
        hours,
        travel,
        second_zone,
        constraints,
        remind_minutes,
    } = preferences;
    let problem = problem_of(keep);
    let second = "form[second_zone]";
    let second_zone = typed_or(problem, second, second_zone.unwrap_or_default());
    let facts = view! {
        <span>"When meetings may be put into your calendar"</span>
        <span>{format!("Times in {}", zone.replace('_', " "))}</span>
    }
    .into_any();
    view! {
        <PageHeader title="Working hours" facts/>
        <ActionForm action=keep attr:class="hours-form" attr:novalidate=true>
            <input type="hidden" name="form[version]" value=version.to_string()/>
            <FormProblems problem>
                <LoadAgain problem/>
                <Section title="Every week">
                    <p class="muted">
                        "Two ranges make a day with a break. A day without times is free. A range that ends before it begins goes over midnight."
                    </p>
                    <Week weekly=hours.weekly problem/>
                </Section>
                <Section title="Dates that differ">
                    <p class="muted">
                        "A date without times is a day off. Empty a date to take it away."
                    </p>
                    <OtherDays days=hours.overrides problem/>
                </Section>
                <Section title="Journeys">
                    <p class="muted">"On these days your hours count in the other zone."</p>
                    <Journeys travel problem/>
                </Section>
                <Section title="What is kept free">
                    <Limits constraints remind=remind_minutes problem/>
                </Section>
                <Section title="Second time zone">
                    <div class="form">
                        <ZoneField
                            name=second
                            id=field_id("secondZone")
                            label="Shown beside your own in the week"
                            help="A name such as America/New_York; leave it empty for none"
                            value=second_zone
                            error=said_of(problem, "secondZone".to_owned())
                        />
                    </div>
                </Section>
                <div class="form-actions">
                    <Button look=Look::Primary submit=true busy=keep.pending()>
                        "Save hours"
                    </Button>
                </div>
            </FormProblems>
            <Zones/>
        </ActionForm>
    }
}
