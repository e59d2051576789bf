//! One file of punches: what it holds, how far it is, what came of it.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::attendance::views::{ImportPreview, ImportState, PunchImportPage, PunchImportView};
use model::{Problem, PunchImportId};

use super::found::{Faults, First, Found};
use super::reading::Reading;
use super::words;
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::attendance::import_form::{DropImport, ReadImportAs, StartImport, punch_import};
use crate::format::{count, counted};
use crate::pages::attendance::common::LoadAgain;
use crate::pages::ledger::parts::shown;
use crate::pages::scheduling::working_hours::Zones;
use crate::pages::settlement::watch::ask_again;
use crate::paths;
use crate::shell::answer_not_found;
use crate::toast::Toasts;
use crate::ui::*;

/// What can be done with a file. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Doings {
    /// Says how it is to be read.
    pub read: ServerAction<ReadImportAs>,
    /// Takes it in.
    start: ServerAction<StartImport>,
    /// Forgets it.
    forget: ServerAction<DropImport>,
}

/// `/attendance/import/:id`
#[component]
pub fn Import() -> impl IntoView {
    let params = use_params_map();
    let id = move || {
        let id = params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<PunchImportId>().ok());
        id.ok_or_else(|| ApiError(Problem::not_found("import")))
    };
    if untrack(id).is_err() {
        answer_not_found();
    }
    let doings = Doings {
        read: ServerAction::new(),
        start: ServerAction::new(),
        forget: ServerAction::new(),
    };
    let asked = RwSignal::new(0_u32);
    tell(doings);
    // Not by what others change: what is being typed is not drawn anew.
    let file = Resource::new(
        move || (id(), asked.get()),
        |(id, ..)| async move { punch_import(id?).await },
    );
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=10 label="Reading the file"/> }>
                {move || Suspend::new(async move {
                    let answer = file.await;
                    ask_again(asked, &answer, |page| page.file.state == ImportState::Waiting);
                    match answer {
                        Ok(page) => view! { <Shown page doings/> }.into_any(),
                        Err(error) => {
                            view! {
                                <PageHeader title="Import" back=above()/>
                                {shown(Err::<(), _>(error), |()| ().into_any())}
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
            <Zones/>
        </Page>
    }
}

fn load_again() {
    // A browser that cannot do it shows the file as it was, and a reload by hand shows what it is.
    let _ = window().location().reload();
}

/// Says what was done, and has the page loaded again.
fn tell(doings: Doings) {
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    // The page is loaded anew and not drawn anew: its forms still follow what was sent.
    on_done(doings.read, move |()| load_again());
    on_done(doings.start, move |()| load_again());
    on_done(doings.forget, move |()| {
        toasts.show(Tone::Neutral, "File forgotten");
        navigate(paths::PUNCH_IMPORTS, NavigateOptions::default());
    });
}

fn above() -> (String, String) {
    (paths::PUNCH_IMPORTS.to_owned(), "Import punches".to_owned())
}

#[component]
fn Shown(page: PunchImportPage, doings: Doings) -> impl IntoView {
    let file = page.file.clone();
    let (tone, label) = words::state(file.state);
    let chip = view! { <span role="status"><Chip tone label/></span> }.into_any();
    let facts = view! {
        <span>{words::size(file.size_bytes)}</span>
        <span>"By " {file.by.clone()}</span>
        <Time stamp=file.at.clone()/>
    }
    .into_any();
    let content = match page.preview {
        Some(preview) => {
            let before = page.before.clone();
            view! { <Look file=file.clone() preview before doings/> }.into_any()
        }
        None => view! { <Outcome file=file.clone()/> }.into_any(),
    };
    view! {
        <div class="import-title">
            <PageHeader title=file.name chip facts back=above()/>
        </div>
        {content}
    }
}

/// What the file would bring, and how it is read.
#[component]
fn Look(
    file: PunchImportView,
    preview: ImportPreview,
    before: Option<(PunchImportId, model::time::Stamp)>,
    doings: Doings,
) -> impl IntoView {
    let before = before.map(|(id, at)| {
        view! {
            <Notice
                tone=Tone::Info
                title="This file was taken in before"
                text=format!("Its bytes are the same as those of {}.", at.date_time())
            >
                <LinkButton href=paths::punch_import(id) small=true>
                    "What came of it"
                </LinkButton>
            </Notice>
        }
    });
    view! {
        {before}
        <Verdict preview=preview.clone()/>
        <Found preview=preview.clone()/>
        <Decide file=file.clone() preview=preview.clone() doings/>
        <First rows=preview.first.clone()/>
        <Faults faults=preview.faults.clone() all=preview.unreadable/>
        <Section title="How it is read">
            <Reading file preview doings/>
        </Section>
    }
}

/// In a sentence, whether it can be read and brings anything.
#[component]
fn Verdict(preview: ImportPreview) -> impl IntoView {
    match preview.refusal {
        Some(refusal) => view! {
            <div role="alert">
                <Notice
                    tone=Tone::Caution
                    title="It cannot be read like this"
                    text=format!("{refusal} Say below how it is to be read.")
                />
            </div>
        }
        .into_any(),
        None if preview.new > 0 => ().into_any(),
        None if preview.repeated > 0 => view! {
            <Notice
                tone=Tone::Info
                title="Nothing in it is new"
                text=format!("{} kept already.", counted(preview.repeated, "punch is", "punches are"))
            />
        }
        .into_any(),
        None => view! {
            <Notice
                tone=Tone::Caution
                title="Nothing of it can be taken in"
                text="No line has both a time and somebody who is known. Say below how it is to be read."
            />
        }
        .into_any(),
    }
}

/// The buttons: import, forget.
#[component]
fn Decide(file: PunchImportView, preview: ImportPreview, doings: Doings) -> impl IntoView {
    let Doings { start, forget, .. } = doings;
    let problem = problem_of(start);
    let id = file.id.to_string();
    let brings = (preview.refusal.is_none() && preview.new > 0).then(|| {
        let verb = format!("Import {}", counted(preview.new, "punch", "punches"));
        let id = id.clone();
        view! {
            <ActionForm action=start>
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="version" value=file.version.to_string()/>
                <Button look=Look::Primary submit=true icon=Icon::Import busy=start.pending()>
                    {verb}
                </Button>
            </ActionForm>
        }
    });
    view! {
        <div class="stack">
            <ErrorSummary problem/>
            <LoadAgain problem/>
            <div class="button-row">
                {brings}
                <ActionForm action=forget>
                    <input type="hidden" name="id" value=id/>
                    <Button submit=true busy=forget.pending()>"Forget this file"</Button>
                </ActionForm>
            </div>
        </div>
    }
}

/// How far it is, or what came of it.
#[component]
fn Outcome(file: PunchImportView) -> impl IntoView {
    match file.state {
        ImportState::Kept | ImportState::Waiting => view! {
            <Progress
                label="Taking punches in; either all of them are kept or none"
                done=Some(file.rows_done)
                total=file.rows_total
            />
        }
        .into_any(),
        ImportState::Refused => {
            let reason = file
                .refusal
                .unwrap_or_else(|| "The reason is not known.".to_owned());
            view! {
                <div role="alert">
                    <Notice tone=Tone::Negative title="Nothing of this file was taken" text=reason>
                        <LinkButton href=paths::PUNCH_IMPORTS small=true>
                            "Import another file"
                        </LinkButton>
                    </Notice>
                </div>
            }
            .into_any()
        }
        ImportState::Done => view! { <Came file/> }.into_any(),
    }
}

/// What came of it.
#[component]
fn Came(file: PunchImportView) -> impl IntoView {
    let notice = if file.accepted == 0 {
        view! {
            <Notice
                tone=Tone::Info
                title="This file brought nothing new"
                text="Each punch in it was kept already."
            />
        }
        .into_any()
    } else {
        view! {
            <Notice
                tone=Tone::Positive
                title=format!("{} kept", counted(file.accepted, "new punch is", "new punches are"))
                text="The days on which they lie are derived again. A day of a locked period stays, and becomes an adjustment."
            >
                <LinkButton href=paths::EXCEPTIONS small=true>"Exceptions"</LinkButton>
            </Notice>
        }
        .into_any()
    };
    let nobodys = (file.unmatched > 0).then(|| {
        view! {
            <Notice
                tone=Tone::Caution
                title=format!(
                    "{} made with a badge that is nobody’s",
                    counted(file.unmatched, "punch was", "punches were"),
                )
                text="They count once somebody has the badge."
            >
                <LinkButton href=paths::DEVICES small=true>"Give badges"</LinkButton>
            </Notice>
        }
    });
    let out_words = match file.unreadable {
        0 => "Nobody is known by their name".to_owned(),
        n => format!("{} could not be read", counted(n, "line", "lines")),
    };
    view! {
        {notice}
        {nobodys}
        <Figures>
            <FigureCard label="New" value=count(file.accepted)/>
            <FigureCard
                label="Kept already"
                value=count(file.repeated)
                comparison="Before, or twice in the file"
            />
            <FigureCard
                label="Left out"
                value=count(file.left_out + file.unreadable)
                comparison=match file.left_out + file.unreadable {
                    0 => String::new(),
                    _ => out_words,
                }
            />
        </Figures>
        <Faults faults=file.faults all=file.unreadable/>
    }
}
