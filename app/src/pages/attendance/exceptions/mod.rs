//! What is out of order on days, until somebody has said why or let it pass.

mod settle;
mod words;

use leptos::prelude::*;
use model::ExceptionId;
use model::attendance::day::Flag;
use model::attendance::views::{ExceptionState, ExceptionView, ExceptionsPage};

use self::settle::{Settle, dialog_of};
use super::common::{
    dash, part_of, part_words, severity_words, use_changes_between_dialogs, use_param,
};
use super::words::{duration, short_date};
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::attendance::{SettleException, exceptions};
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Chip, Column, DataTable, DialogButton, EmptyState, ErrorState, FilterChips, FilterOption,
    Filters, Icon, LinkButton, Page, PageHeader, Pager, TableRow, TableSkeleton, Tone,
    close_dialog,
};

/// The parameter of the address that names a kind.
const KIND: &str = "kind";
/// The parameter that names a state; open ones without it.
const STATE: &str = "state";
/// How many stand on a page.
const ROWS: usize = 50;

/// What can be done on the page. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Doings {
    /// Explains an exception, lets it pass, or opens it again.
    settle: ServerAction<SettleException>,
    /// Which one was sent last.
    sent: StoredValue<Option<ExceptionId>>,
}

/// What of the list the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    kind: Option<String>,
    state: Option<String>,
    cursor: Option<String>,
}

/// `/attendance/exceptions`
#[component]
pub fn Exceptions() -> impl IntoView {
    let (kind, state, cursor) = (use_param(KIND), use_param(STATE), use_param("cursor"));
    let doings = Doings {
        settle: ServerAction::new(),
        sent: StoredValue::new(None),
    };
    let done = RwSignal::new(0_u32);
    let toasts = expect_context::<Toasts>();
    on_done(doings.settle, move |()| {
        if let Some(id) = doings.sent.get_value() {
            close_dialog(&dialog_of(id));
        }
        toasts.show(Tone::Positive, "Your note is kept");
        done.update(|n| *n += 1);
    });
    let settled = use_changes_between_dialogs("attendance.exception");
    let days = use_changes_between_dialogs("attendance.day");
    let page = Resource::new(
        move || (settled.get(), days.get(), done.get()),
        |_| exceptions(),
    );
    let content = move || {
        // The list is filtered here: other chips need no new reading.
        let asked = Asked {
            kind: kind.get(),
            state: state.get(),
            cursor: cursor.get(),
        };
        Suspend::new(async move {
            match page.await {
                Ok(page) => view! { <Shown page asked doings/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| page.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"What is out of order on days, and what was said about it"</span> };
    view! {
        <Page>
            <PageHeader title="Exceptions" facts=facts.into_any()/>
            <Transition fallback=|| {
                view! { <TableSkeleton columns=6 label="Loading exceptions"/> }
            }>{content}</Transition>
        </Page>
    }
}

#[component]
fn Shown(page: ExceptionsPage, asked: Asked, doings: Doings) -> impl IntoView {
    let ExceptionsPage { exceptions, counts } = page;
    let is_filtered = asked.kind.is_some() || asked.state.is_some();
    let kinds = kinds(&exceptions, &counts);
    let open: i64 = counts.iter().map(|(_, number)| *number).sum();
    let found = filtered(exceptions, &asked);
    let all = found.len();
    let (rows, first, next) = part_of(found, asked.cursor.as_deref(), ROWS);
    let list = if rows.is_empty() {
        nothing(is_filtered)
    } else {
        let shown = part_words(first, rows.len(), all, "exception", "exceptions");
        let dialogs = rows
            .iter()
            .map(|one| view! { <Settle exception=one.clone() doings/> })
            .collect_view();
        let rows = rows.iter().map(|one| row(one, doings)).collect();
        view! {
            <DataTable
                caption="Exceptions, newest first"
                columns=vec![
                    Column::text("person", "Person"),
                    Column::text("what", "What"),
                    Column::text("day", "Day"),
                    Column::number("minutes", "By"),
                    Column::text("state", "State").lead(),
                    Column::text("action", "Action"),
                ]
                rows
            />
            <Pager shown next/>
            {dialogs}
        }
        .into_any()
    };
    view! {
        <Filters>
            <FilterChips label="State" param=STATE options=states(open)/>
            <FilterChips label="Kind" param=KIND options=kinds/>
        </Filters>
        {list}
    }
    .into_any()
}

fn states(open: i64) -> Vec<FilterOption> {
    let settled = [ExceptionState::Explained, ExceptionState::Waived];
    let settled = settled.map(|state| {
        let (word, _) = words::state(state);
        FilterOption::new(state.as_str(), word)
    });
    std::iter::once(FilterOption::all("Open").count(open))
        .chain(settled)
        .collect()
}

/// The kinds that there are, with how many of each are open.
fn kinds(exceptions: &[ExceptionView], counts: &[(String, i64)]) -> Vec<FilterOption> {
    let mut kinds: Vec<&str> = counts.iter().map(|(kind, _)| kind.as_str()).collect();
    for exception in exceptions {
        if !kinds.contains(&exception.kind.as_str()) {
            kinds.push(&exception.kind);
        }
    }
    let options = kinds.into_iter().map(|kind| {
        let open = counts.iter().find(|(known, _)| known == kind);
        FilterOption::new(kind, words::kind(kind)).count(open.map_or(0, |(_, number)| *number))
    });
    std::iter::once(FilterOption::all("All kinds"))
        .chain(options)
        .collect()
}

fn filtered(exceptions: Vec<ExceptionView>, asked: &Asked) -> Vec<ExceptionView> {
    let state = asked
        .state
        .as_deref()
        .unwrap_or(ExceptionState::Open.as_str());
    exceptions
        .into_iter()
        .filter(|one| one.state.as_str() == state)
        .filter(|one| asked.kind.as_ref().is_none_or(|kind| *kind == one.kind))
        .collect()
}

fn nothing(is_filtered: bool) -> AnyView {
    if is_filtered {
        return view! {
            <EmptyState
                icon=Icon::Filter
                title="None of these"
                text="No exception of this kind is in this state."
            >
                <LinkButton href=paths::EXCEPTIONS>"Show all that are open"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::CheckCircle
            title="Nothing is out of order"
            text="Days that lack a punch, break a rule of rest or have work during leave stand here until somebody has said why."
        />
    }
    .into_any()
}

fn row(one: &ExceptionView, doings: Doings) -> TableRow {
    let (severity, severity_tone) = severity_words(one.severity);
    let (state, tone) = words::state(one.state);
    let minutes = match one.minutes {
        0 => dash(),
        minutes => view! { <span class="num">{duration(minutes)}</span> }.into_any(),
    };
    let note = (!one.note.is_empty())
        .then(|| view! { <span class="quiet small break-words">{one.note.clone()}</span> });
    let href = paths::attendance_day(one.work_date, Some(one.employee.id));
    let date = format!(
        "{} {}",
        short_date(one.work_date),
        one.work_date.format("%Y")
    );
    let verb = match one.state {
        ExceptionState::Open => "Explain",
        _ => "Change",
    };
    let spoken = format!(
        " {} of {}, {}",
        words::kind(&one.kind),
        one.employee.name,
        short_date(one.work_date)
    );
    let settle = doings.settle;
    // Leave that was worked on is ended where it stands.
    let leave = (one.kind == Flag::LeaveWorked.as_str()).then(|| {
        let href = paths::leave_days(Some(one.employee.id));
        let spoken = format!(" of {}", one.employee.name);
        view! {
            <a class="small" href=href>
                "Leave" <span class="sr-only">{spoken}</span>
            </a>
        }
    });
    TableRow::plain()
        .cell(one.employee.name.clone())
        .cell(view! {
            <span class="cell-stack">
                <span class="exception-kind">
                    <b>{words::kind(&one.kind)}</b>
                    " "
                    <Chip tone=severity_tone label=severity/>
                </span>
                <span class="muted small break-words">{one.text.clone()}</span>
                {leave}
            </span>
        })
        .cell(view! { <a class="num" href=href>{date}</a> })
        .cell(minutes)
        .cell(view! {
            <span class="cell-stack">
                <span><Chip tone label=state/></span>
                {note}
            </span>
        })
        .cell(view! {
            <DialogButton
                opens=dialog_of(one.id)
                small=true
                on:click=move |_| settle.clear()
            >
                {verb}
                "…"
                <span class="sr-only">{spoken}</span>
            </DialogButton>
        })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use model::PersonId;
    use model::attendance::views::{Named, Severity};

    use super::*;

    fn one(kind: &str, state: ExceptionState) -> ExceptionView {
        let at = chrono::DateTime::UNIX_EPOCH;
        ExceptionView {
            id: ExceptionId::from_parts(at, &[1; 10]),
            employee: Named {
                id: PersonId::from_parts(at, &[2; 10]),
                name: "Ana Ruiz".to_owned(),
            },
            work_date: NaiveDate::MIN,
            kind: kind.to_owned(),
            severity: Severity::Warning,
            text: String::new(),
            minutes: 0,
            state,
            note: String::new(),
        }
    }

    #[test]
    fn open_ones_stand_first_and_others_on_demand() {
        let all = vec![
            one("short_rest", ExceptionState::Open),
            one("missing_out", ExceptionState::Open),
            one("short_rest", ExceptionState::Waived),
        ];
        let count = |asked: Asked| filtered(all.clone(), &asked).len();
        assert_eq!(count(Asked::default()), 2);
        let kind = Some("short_rest".to_owned());
        assert_eq!(
            count(Asked {
                kind: kind.clone(),
                ..Asked::default()
            }),
            1
        );
        let state = Some("waived".to_owned());
        assert_eq!(
            count(Asked {
                kind,
                state,
                cursor: None
            }),
            1
        );
    }

    #[test]
    fn kinds_are_counted_by_what_is_open() {
        let all = [one("short_rest", ExceptionState::Waived)];
        let options = kinds(&all, &[("missing_out".to_owned(), 3)]);
        let counts: Vec<_> = options.iter().map(|option| option.count).collect();
        assert_eq!(counts, [None, Some(3), Some(0)]);
    }
}
