//! Finding people: type, choose with arrows and Enter. Without scripts it is a plain form whose
//! results are links.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use model::PersonId;
use model::scheduling::meeting::Colleague;

use super::desk::{Desk, use_desk};
use super::query::{self, joined};
use crate::api::ApiError;
use crate::api::scheduling::search_people;
use crate::paths;
use crate::ui::{Button, Glyph, Icon, Look};

/// How long after the last letter the search begins.
const PAUSE: Duration = Duration::from_millis(180);
/// The id of the list of people that were found.
const LIST: &str = "people-found";

/// What the field and its list share.
#[derive(Clone, Copy)]
struct Finder {
    desk: Desk,
    /// What stands in the field.
    typed: RwSignal<String>,
    /// What is looked for: what stood there when nothing was typed for a moment.
    words: RwSignal<String>,
    /// Who was found, in the order of the list.
    found: RwSignal<Vec<Colleague>>,
    /// Which of them the arrows have come to.
    active: RwSignal<Option<usize>>,
}

impl Finder {
    fn is_open(self) -> bool {
        self.found.with(|found| !found.is_empty())
    }

    fn close(self) {
        self.typed.set(String::new());
        self.words.set(String::new());
        self.active.set(None);
    }

    /// The address with a person more.
    fn with_also(self, id: PersonId) -> String {
        let people = self.desk.asked.with(|asked| {
            let mut people = asked.people.clone();
            if !people.contains(&id) {
                people.push(id);
            }
            joined(&people)
        });
        self.desk
            .href(&[(query::WITH, people.as_deref()), (query::FIND, None)])
    }

    fn move_by(self, step: i64) {
        let count = self.found.with_untracked(Vec::len);
        let Ok(count) = i64::try_from(count) else {
            return;
        };
        if count == 0 {
            return;
        }
        let at = self
            .active
            .get_untracked()
            .and_then(|at| i64::try_from(at).ok());
        let next = match at {
            Some(at) => (at + step).rem_euclid(count),
            None if step > 0 => 0,
            None => count - 1,
        };
        self.active.set(usize::try_from(next).ok());
        if let Some(line) = document().get_element_by_id(&line_id(next)) {
            line.scroll_into_view_with_bool(false);
        }
    }

    /// Takes the person that the arrows have come to.
    fn take(self) -> bool {
        let taken = self.found.with_untracked(|found| {
            let at = self.active.get_untracked()?;
            found.get(at).map(|person| person.id)
        });
        if let Some(id) = taken {
            self.desk.leave(self.with_also(id));
            self.close();
        }
        taken.is_some()
    }
}

fn line_id(index: impl std::fmt::Display) -> String {
    format!("people-found-{index}")
}

/// The field with its list.
#[component]
pub fn PeoplePicker() -> impl IntoView {
    let query = use_query_map();
    let wanted = query.with_untracked(|query| query.get(query::FIND).unwrap_or_default());
    let finder = Finder {
        desk: use_desk(),
        typed: RwSignal::new(wanted.clone()),
        words: RwSignal::new(wanted),
        found: RwSignal::new(Vec::new()),
        active: RwSignal::new(None),
    };
    let people = Resource::new(
        move || finder.words.get(),
        |words| async move {
            if words.trim().is_empty() {
                Ok(Vec::new())
            } else {
                search_people(words).await
            }
        },
    );
    let list = move || {
        Suspend::new(async move {
            let found = people.await;
            view! { <Found finder found/> }
        })
    };
    view! {
        <div class="week-picker">
            <Field finder/>
            <Transition fallback=|| ()>{list}</Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Field(finder: Finder) -> impl IntoView {
    let query = use_query_map();
    // The other parameters stay when the plain form is sent.
    let kept = move || {
        query.with(|query| {
            let pairs = query.clone().into_iter();
            pairs
                .filter(|(key, _)| key != query::FIND)
                .map(|(key, value)| {
                    view! { <input type="hidden" name=key.to_string() value=value/> }
                })
                .collect_view()
        })
    };
    let mut look = debounce(PAUSE, move |text: String| finder.words.set(text));
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let open = finder.found.with_untracked(|found| !found.is_empty());
        match event.key().as_str() {
            "ArrowDown" => finder.move_by(1),
            "ArrowUp" => finder.move_by(-1),
            "Enter" if finder.take() => {}
            "Escape" if open => finder.close(),
            _ => return,
        }
        event.prevent_default();
    };
    let active = move || finder.active.get().map(line_id);
    let expanded = move || if finder.is_open() { "true" } else { "false" };
    let typed = finder.typed.get_untracked();
    view! {
        <Form method="GET" action=paths::MEETINGS>
            {kept}
            <div class="week-find">
                <Glyph icon=Icon::People/>
                <input
                    class="input"
                    type="text"
                    name=query::FIND
                    value=typed
                    prop:value=move || finder.typed.get()
                    placeholder="Add people"
                    aria-label="Add people"
                    autocomplete="off"
                    spellcheck="false"
                    role="combobox"
                    aria-autocomplete="list"
                    aria-controls=LIST
                    aria-expanded=expanded
                    aria-activedescendant=active
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        finder.typed.set(text.clone());
                        look(text);
                    }
                    on:keydown=on_key
                />
                <span class="week-plain">
                    <Button small=true submit=true look=Look::Quiet>
                        "Find"
                    </Button>
                </span>
            </div>
        </Form>
    }
}

/// Who was found and is not in the week yet.
#[component]
fn Found(finder: Finder, found: Result<Vec<Colleague>, ApiError>) -> impl IntoView {
    let (people, problem) = match found {
        Ok(people) => (people, None),
        Err(ApiError(problem)) => (Vec::new(), Some(problem.detail)),
    };
    let chosen = finder
        .desk
        .asked
        .with_untracked(|asked| asked.people.clone());
    let people: Vec<Colleague> = people
        .into_iter()
        .filter(|person| !chosen.contains(&person.id))
        .collect();
    let looked_for = finder
        .words
        .with_untracked(|words| !words.trim().is_empty());
    let nobody = looked_for && people.is_empty();
    let lines = people
        .iter()
        .enumerate()
        .map(|(index, person)| line(finder, index, person))
        .collect_view();
    let hidden = people.is_empty();
    let known = people.clone();
    Effect::new(move |_| {
        finder.active.set((!known.is_empty()).then_some(0));
        finder.found.set(known.clone());
    });
    let note = match (problem, nobody) {
        (Some(problem), _) => Some(problem),
        (None, true) => Some("Nobody of that name is left to add.".to_owned()),
        (None, false) => None,
    };
    view! {
        <div class="week-found" id=LIST role="listbox" aria-label="People" hidden=hidden>
            {lines}
        </div>
        <p class="week-found-none" role="status">{note}</p>
    }
}

fn line(finder: Finder, index: usize, person: &Colleague) -> impl IntoView + use<> {
    let id = person.id;
    let selected = move || {
        if finder.active.get() == Some(index) {
            "true"
        } else {
            "false"
        }
    };
    let place = super::words::place_of(&person.zone);
    view! {
        <a
            class="week-found-line"
            role="option"
            id=line_id(index)
            tabindex="-1"
            href=move || finder.with_also(id)
            aria-selected=selected
            data-noscroll="true"
            on:click=move |_| finder.close()
        >
            <span>{person.name.clone()}</span>
            <span class="quiet small">{person.email.clone()} " · " {place}</span>
        </a>
    }
}
