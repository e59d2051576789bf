//! What the pages of attendance share beside their words: when they are read again, how days stand
//! beside each other, what is offered when somebody else was faster.

use std::time::Duration;

use chrono::{Datelike, Days, Months, NaiveDate};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::Problem;
use model::attendance::views::Severity;
use wasm_bindgen::JsCast;

use super::changes::use_calm_changes;
use crate::format;
use crate::pages::ledger::parts::text;
use crate::paths::use_here;
use crate::ui::{Icon, LinkButton, Tone};

/// How long a change waits for a dialog to be closed before it looks again.
const LOOKS_AGAIN: Duration = Duration::from_secs(1);
/// How often what is told as an age is told anew.
const MINUTE: Duration = Duration::from_secs(60);

/// A parameter of the address; an empty one is none.
pub fn use_param(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| text(query, name)))
}

/// A number that goes up when something of a topic has changed, but not under somebody's hands.
pub fn use_changes_between_dialogs(topic_prefix: &'static str) -> Signal<u32> {
    between_dialogs(use_calm_changes(topic_prefix))
}

/// Counts changes on, but not while a dialog is open: what is drawn anew would close it, so the change
/// waits.
pub fn between_dialogs(changes: Signal<u32>) -> Signal<u32> {
    let (told, looks) = (RwSignal::new(0_u32), RwSignal::new(0_u32));
    Effect::new(move |_| {
        let now = changes.get();
        looks.track();
        if told.get_untracked() == now {
            return;
        }
        if !dialog_is_open() {
            told.set(now);
        } else if let Ok(timer) =
            set_timeout_with_handle(move || looks.update(|n| *n += 1), LOOKS_AGAIN)
        {
            on_cleanup(move || timer.clear());
        }
    });
    told.into()
}

fn dialog_is_open() -> bool {
    let open = document().query_selector("dialog[open]");
    open.is_ok_and(|dialog| dialog.is_some())
}

/// A number that goes up each minute, for the key of a resource whose ages are told by the server.
pub fn use_minutes() -> Signal<u32> {
    let minutes = RwSignal::new(0_u32);
    Effect::new(move |_| {
        // A browser without timers shows the ages of when the page was opened.
        if let Ok(timer) = set_interval_with_handle(move || minutes.update(|n| *n += 1), MINUTE) {
            on_cleanup(move || timer.clear());
        }
    });
    minutes.into()
}

/// Whether somebody else has changed what was to be changed.
pub fn was_changed(problem: &Problem) -> bool {
    problem.code == "changed_meanwhile"
}

/// Offers to load the page again when somebody else has changed what it shows.
#[component]
pub fn LoadAgain(
    /// The problem of the last try.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    let here = use_here();
    move || {
        let changed = problem.with(|problem| problem.as_ref().is_some_and(was_changed));
        changed.then(|| {
            view! {
                <p>
                    <LinkButton href=here.full() icon=Icon::Refresh external=true>
                        "Load it again"
                    </LinkButton>
                </p>
            }
        })
    }
}

/// The id of the form in a dialog.
pub fn form_of(dialog: &str) -> String {
    format!("{dialog}-form")
}

/// Gives the fields of a form what the server wrote into them. A dialog does so when it is closed: what
/// was typed would otherwise stand in the dialog of another thing, once the list is drawn anew. In the
/// browser.
pub fn reset_form(id: &str) {
    if let Some(form) = form(id) {
        form.reset();
    }
}

/// Empties a form once it is done with. In the browser.
pub fn empty_form(id: &str) {
    let Some(form) = form(id) else {
        return;
    };
    // A text that came back after a refusal without scripts would stand in it again.
    if let Ok(Some(text)) = form.query_selector("textarea") {
        // Every textarea has it.
        let _set = js_sys::Reflect::set(&text, &"defaultValue".into(), &"".into());
    }
    form.reset();
}

fn form(id: &str) -> Option<web_sys::HtmlFormElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Gives the focus to the first element that a selector finds, once the page has been drawn. In the
/// browser.
pub fn focus_on(selector: impl Into<String>) {
    let selector = selector.into();
    request_animation_frame(move || {
        let element = document().query_selector(&selector).ok().flatten();
        let element = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            // An element that cannot take the focus leaves it where it is.
            let _ = element.focus();
        }
    });
}

/// Some days in words: `Mon 23 Nov 2026`, `23–27 Nov 2026`, `28 Nov – 3 Dec 2026`.
pub fn range_words(from: NaiveDate, to: NaiveDate) -> String {
    let last = to.format("%-d %b %Y");
    if from == to {
        from.format("%a %-d %b %Y").to_string()
    } else if (from.year(), from.month()) == (to.year(), to.month()) {
        format!("{}–{last}", from.day())
    } else if from.year() == to.year() {
        format!("{} – {last}", from.format("%-d %b"))
    } else {
        format!("{} – {last}", from.format("%-d %b %Y"))
    }
}

/// A period in words: `November 2026` where it is a month, else its days.
pub fn period_words(from: NaiveDate, to: NaiveDate) -> String {
    if is_month(from, to) {
        from.format("%B %Y").to_string()
    } else {
        range_words(from, to)
    }
}

fn is_month(from: NaiveDate, to: NaiveDate) -> bool {
    let last = from
        .checked_add_months(Months::new(1))
        .and_then(|next| next.checked_sub_days(Days::new(1)));
    from.day() == 1 && last == Some(to)
}

/// Minutes as hours: `96 h`, `77 h 30`, `45 min`.
pub fn hours(minutes: i64) -> String {
    if minutes != 0 && minutes % 60 == 0 {
        format!("{} h", format::count(minutes / 60))
    } else {
        super::words::duration(minutes)
    }
}

/// How grave something is.
pub const fn severity_words(severity: Severity) -> (&'static str, Tone) {
    match severity {
        Severity::Info => ("To be known", Tone::Info),
        Severity::Warning => ("To be looked at", Tone::Caution),
        Severity::Serious => ("Serious", Tone::Negative),
    }
}

/// What is not there.
pub fn dash() -> AnyView {
    view! { <span class="quiet">"–"</span> }.into_any()
}

/// A text, or a dash where there is none.
pub fn or_dash(text: Option<String>) -> AnyView {
    match text.filter(|text| !text.is_empty()) {
        Some(text) => text.into_any(),
        None => dash(),
    }
}

/// The part of a list that the address asks for, the number of its first, and where the next part is. A
/// part that is not there is the first one.
pub fn part_of<T>(
    list: Vec<T>,
    cursor: Option<&str>,
    most: usize,
) -> (Vec<T>, usize, Option<String>) {
    let first: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let first = if first < list.len() { first } else { 0 };
    let end = first + most;
    let next = (end < list.len()).then(|| end.to_string());
    (
        list.into_iter().skip(first).take(most).collect(),
        first,
        next,
    )
}

/// What of a list is shown: `12 people`, or `101–200 of 1,340 people`.
pub fn part_words(first: usize, shown: usize, all: usize, one: &str, many: &str) -> String {
    let total = i64::try_from(all).unwrap_or(i64::MAX);
    if shown == all {
        return format::counted(total, one, many);
    }
    format!(
        "{}–{} of {} {many}",
        first + 1,
        first + shown,
        format::count(total)
    )
}

/// How many there are of a list, as the words of pages take it.
pub fn number<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn days_are_told_as_shortly_as_they_can() {
        let said = |from, to| range_words(day(from), day(to));
        assert_eq!(said("2026-11-23", "2026-11-23"), "Mon 23 Nov 2026");
        assert_eq!(said("2026-11-23", "2026-11-27"), "23–27 Nov 2026");
        assert_eq!(said("2026-11-28", "2026-12-03"), "28 Nov – 3 Dec 2026");
        assert_eq!(said("2026-12-28", "2027-01-03"), "28 Dec 2026 – 3 Jan 2027");
    }

    #[test]
    fn a_whole_month_has_its_name() {
        assert_eq!(
            period_words(day("2026-11-01"), day("2026-11-30")),
            "November 2026"
        );
        assert_eq!(
            period_words(day("2028-02-01"), day("2028-02-29")),
            "February 2028"
        );
        assert_eq!(
            period_words(day("2026-11-02"), day("2026-11-30")),
            "2–30 Nov 2026"
        );
    }

    #[test]
    fn a_long_list_has_parts() {
        let list: Vec<u8> = (0..120).collect();
        let (part, first, next) = part_of(list.clone(), Some("50"), 50);
        assert_eq!((part.len(), first, next.as_deref()), (50, 50, Some("100")));
        let (part, first, next) = part_of(list, Some("500"), 50);
        assert_eq!((part.len(), first, next.as_deref()), (50, 0, Some("50")));
    }

    #[test]
    fn what_is_shown_is_told_honestly() {
        let said = |first, shown, all| part_words(first, shown, all, "person", "people");
        assert_eq!(said(0, 1, 1), "1 person");
        assert_eq!(said(0, 12, 12), "12 people");
        assert_eq!(said(100, 100, 1_340), "101–200 of 1,340 people");
    }

    #[test]
    fn whole_hours_stay_short() {
        assert_eq!(hours(5_760), "96 h");
        assert_eq!(hours(4_650), "77 h 30");
        assert_eq!(hours(45), "45 min");
        assert_eq!(hours(0), "0 min");
    }
}
