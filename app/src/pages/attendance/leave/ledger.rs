//! Somebody's leave as HR sees it: what is left, every entry with what was left after it, and the form of
//! an entry by hand. Made to be printed.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::attendance::views::{LedgerLine, LedgerPage};
use model::{PersonId, Problem};

use super::balances::cards;
use super::cost::amount;
use super::entry::{ENTRY, EntryForm, Typed, fixed};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::attendance::entry_form::{EnterLeave, TakeBackEntry, ledger_of};
use crate::pages::attendance::common::{
    dash, empty_form, form_of, part_of, part_words, reset_form,
};
use crate::pages::attendance::words::signed;
use crate::pages::ledger::parts::text;
use crate::paths;
use crate::shell::answer_not_found;
use crate::toast::Toasts;
use crate::ui::{
    Button, Column, DataTable, Dialog, DialogActions, DialogButton, EmptyState, ErrorState,
    FilterChips, FilterOption, Filters, FormProblems, Icon, LinkButton, Look, Page, PageHeader,
    Pager, Section, Skeleton, TableRow, TextField, Time, Tone, close_dialog, field_id,
};

/// The parameter of the address that names a kind by id.
const KIND: &str = "kind";
/// How many entries are drawn at once.
const LINES: usize = 100;

/// What can be done on the page. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Doings {
    /// Enters more leave, or less.
    pub enter: ServerAction<EnterLeave>,
    /// Takes an entry back.
    take_back: ServerAction<TakeBackEntry>,
    /// What stands in the form.
    pub typed: Typed,
    /// The dialog from which something was sent last.
    sent: StoredValue<Option<String>>,
}

/// `/attendance/people/:person/leave`
#[component]
pub fn LedgerOf() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let person = Memo::new(move |_| {
        let person = params.with(|params| params.get("person"));
        person.and_then(|person| person.parse::<PersonId>().ok())
    });
    if person.get_untracked().is_none() {
        answer_not_found();
    }
    let doings = Doings {
        enter: ServerAction::new(),
        take_back: ServerAction::new(),
        typed: Typed::new(),
        sent: StoredValue::new(None),
    };
    let done = RwSignal::new(0_u32);
    tell(doings, done);
    // It is not read again by itself: whoever types an entry would lose it.
    let read = Resource::new(
        move || (person.get(), done.get()),
        |(person, _)| async move {
            let person = person.ok_or_else(|| ApiError(Problem::not_found("person")))?;
            ledger_of(person).await
        },
    );
    let content = move || {
        let (kind, cursor) = query.with(|query| (text(query, KIND), text(query, "cursor")));
        Suspend::new(async move {
            match read.await {
                Ok(page) => view! { <Shown page kind cursor doings/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| read.refetch());
                    view! {
                        <PageHeader title="Leave"/>
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
                view! { <Skeleton lines=10 label="Loading the leave"/> }
            }>{content}</Transition>
        </Page>
    }
}

/// Says what was done, and has the page read again.
fn tell(doings: Doings, done: RwSignal<u32>) {
    let toasts = expect_context::<Toasts>();
    on_done(doings.enter, move |entered| {
        let day = entered.day_minutes;
        let words = format!(
            "{}: {} before, {} now",
            entered.kind,
            amount(entered.before_minutes, day),
            amount(entered.after_minutes, day)
        );
        toasts.show(Tone::Positive, words);
        empty_form(ENTRY);
        doings.typed.forget();
        done.update(|n| *n += 1);
    });
    on_done(doings.take_back, move |()| {
        if let Some(dialog) = doings.sent.get_value() {
            close_dialog(&dialog);
        }
        toasts.show(Tone::Positive, "Taken back by another entry");
        done.update(|n| *n += 1);
    });
}

#[component]
fn Shown(
    page: LedgerPage,
    kind: Option<String>,
    cursor: Option<String>,
    doings: Doings,
) -> impl IntoView {
    let title = format!("Leave of {}", page.employee.name);
    let facts = view! {
        <span>"All that moved it; nothing is ever changed"</span>
        <span>"As of " {page.today.format("%-d %b %Y").to_string()}</span>
    }
    .into_any();
    let month = format!("{}/people/{}", paths::ATTENDANCE, page.employee.id);
    let print = move |_| {
        // A browser that refuses to print leaves its own menu for it.
        let _refused = window().print();
    };
    let balances = cards(&page.balances);
    let entries = entries(&page, kind.as_deref(), cursor.as_deref(), doings);
    let days = paths::leave_days(Some(page.employee.id));
    let form = match page.may_enter {
        true => view! { <EntryForm page=page.clone() doings/> }.into_any(),
        false => view! {
            <p class="muted">"This is your own leave. Another person in HR enters what changes it."</p>
        }
        .into_any(),
    };
    view! {
        <PageHeader title facts>
            <LinkButton href=month icon=Icon::Calendar>"Month"</LinkButton>
            <LinkButton href=days icon=Icon::Calendar>"Days of leave"</LinkButton>
            <span class="when-awake">
                <Button on:click=print icon=Icon::Receipt>"Print"</Button>
            </span>
        </PageHeader>
        <Section title="What is left">{balances}</Section>
        <div class="no-print">
            <Section title="Change the balance">{form}</Section>
        </div>
        <Section title="Entries">{entries}</Section>
    }
}

/// The entries of a kind, or of all.
fn entries(page: &LedgerPage, kind: Option<&str>, cursor: Option<&str>, doings: Doings) -> AnyView {
    let fits = |line: &&LedgerLine| kind.is_none_or(|kind| line.type_id.to_string() == kind);
    let lines: Vec<LedgerLine> = page.lines.iter().filter(fits).cloned().collect();
    let mut options = vec![FilterOption::all("All kinds")];
    let known = page.kinds.iter();
    options.extend(known.map(|kind| FilterOption::new(kind.id.to_string(), kind.name.clone())));
    let chips = view! {
        <Filters>
            <FilterChips label="Kind of leave" param=KIND options/>
        </Filters>
    };
    if lines.is_empty() {
        return view! {
            {chips}
            <EmptyState
                icon=Icon::Calendar
                title="No entries"
                text="Grants, leave that was taken and what HR enters stand here, each with what was left after it."
            />
        }
        .into_any();
    }
    let all = lines.len();
    let (lines, first, next) = part_of(lines, cursor, LINES);
    let shown = part_words(first, lines.len(), all, "entry", "entries");
    let dialogs = lines
        .iter()
        .filter(|line| line.may_take_back)
        .map(|line| dialog(line, doings))
        .collect_view();
    let day_of = |line: &LedgerLine| {
        let known = page.balances.iter();
        let mut known = known.filter(|balance| balance.type_id == line.type_id);
        known.next().map_or(0, |balance| balance.day_minutes)
    };
    let rows = lines
        .iter()
        .map(|line| row(line, day_of(line), doings))
        .collect();
    view! {
        {chips}
        <DataTable
            caption="Entries, the latest day first"
            columns=vec![
                Column::text("day", "Day"),
                Column::text("kind", "Kind"),
                Column::text("what", "Entry"),
                Column::number("minutes", "Change").lead(),
                Column::number("balance", "Left after it"),
                Column::text("by", "By"),
                Column::text("at", "Entered").spare(),
                Column::text("action", "Action"),
            ]
            rows
        />
        <Pager shown next/>
        {dialogs}
    }
    .into_any()
}

fn dialog_of(line: &LedgerLine) -> String {
    format!("back-{}", line.id)
}

fn row(line: &LedgerLine, day: i64, doings: Doings) -> TableRow {
    let take_back = doings.take_back;
    let action = if line.may_take_back {
        let spoken = format!(" the entry of {}", line.day.format("%-d %b %Y"));
        view! {
            <DialogButton
                opens=dialog_of(line)
                small=true
                on:click=move |_| take_back.clear()
            >
                "Take back…"
                <span class="sr-only">{spoken}</span>
            </DialogButton>
        }
        .into_any()
    } else if line.taken_back {
        view! { <span class="quiet small">"Taken back"</span> }.into_any()
    } else {
        dash()
    };
    TableRow::plain()
        .cell(view! { <span class="num nowrap">{line.day.format("%-d %b %Y").to_string()}</span> })
        .cell(line.kind.clone())
        .cell(view! {
            <span class="cell-stack">
                <span>{line.what.clone()}</span>
                <span class="quiet small break-words">{line.text.clone()}</span>
            </span>
        })
        .cell(signed(line.minutes))
        .cell(amount(line.balance_minutes, day))
        .cell(line.by.clone())
        .cell(view! { <Time stamp=line.at.clone()/> })
        .cell(action)
}

/// Takes an entry back, with a reason.
fn dialog(line: &LedgerLine, doings: Doings) -> impl IntoView + use<> {
    let action = doings.take_back;
    let problem = problem_of(action);
    let dialog = dialog_of(line);
    let (form, sent) = (form_of(&dialog), dialog.clone());
    let closed = form.clone();
    let title = format!(
        "Take back {} of {}",
        signed(line.minutes),
        line.day.format("%-d %b %Y")
    );
    let id = line.id.to_string();
    let words = fixed(line);
    view! {
        <Dialog id=dialog.clone() title on:close=move |_| reset_form(&closed)>
            <p>{words}</p>
            <ActionForm
                action
                attr:id=form
                attr:class="dialog-form"
                attr:novalidate=true
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <FormProblems problem>
                    <input type="hidden" name="id" value=id.clone()/>
                    <TextField
                        name="reason"
                        id=field_id(&format!("{id}.reason"))
                        label="Why"
                        help="Whose leave it is reads it"
                        required=true
                        maxlength=500
                        autocomplete="off"
                    />
                    <DialogActions dialog=dialog>
                        <Button look=Look::Primary submit=true busy=action.pending()>
                            "Take back"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}
