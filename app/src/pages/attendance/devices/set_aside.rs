//! What devices sent and does not count: punches whose time cannot be true, with the way to their day, and
//! lines that could not be read, until somebody has looked at them.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::{SetAside, SetAsidePage, SetAsidePunch, UnreadableLine};

use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::attendance::set_aside::{SeeLine, set_aside};
use crate::format::counted;
use crate::pages::attendance::common::{number, use_changes_between_dialogs, use_param};
use crate::pages::attendance::words::short_date;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Button, Column, DataTable, EmptyState, ErrorState, ErrorSummary, FilterChips, FilterOption,
    Filters, Icon, Page, PageHeader, Pager, TableRow, TableSkeleton, Time, Tone,
};

/// The parameter of the address that says what is shown; punches without it.
const SHOW: &str = "show";

/// `/attendance/devices/set-aside`
#[component]
pub fn SetAsideOf() -> impl IntoView {
    let (show, cursor) = (use_param(SHOW), use_param("cursor"));
    let see = ServerAction::<SeeLine>::new();
    let done = RwSignal::new(0_u32);
    let toasts = expect_context::<Toasts>();
    on_done(see, move |()| {
        toasts.show(Tone::Neutral, "The line is marked as looked at");
        done.update(|n| *n += 1);
    });
    let changes = use_changes_between_dialogs("attendance.day");
    let page = Resource::new(
        move || (show.get(), cursor.get(), done.get(), changes.get()),
        |(show, cursor, ..)| set_aside(show, cursor),
    );
    let content = move || {
        Suspend::new(async move {
            match page.await {
                Ok(page) => view! { <Shown page see/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| page.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts =
        view! { <span>"What devices sent and does not count. Nothing of it is lost"</span> };
    let back = (paths::DEVICES.to_owned(), "Devices".to_owned());
    view! {
        <Page>
            <PageHeader title="Set aside" facts=facts.into_any() back/>
            <Transition fallback=|| {
                view! { <TableSkeleton columns=5 label="Loading what was set aside"/> }
            }>{content}</Transition>
        </Page>
    }
}

#[component]
fn Shown(page: SetAsidePage, see: ServerAction<SeeLine>) -> impl IntoView {
    let options = vec![
        FilterOption::all("Punches"),
        FilterOption::new(SetAside::Lines.as_str(), "Lines").count(page.open_lines),
        FilterOption::new(SetAside::Seen.as_str(), "Lines looked at"),
    ];
    let list = match page.shown {
        SetAside::Punches => punches(page.punches, page.next),
        shown => lines(shown, page.lines, page.next, see),
    };
    view! {
        <Filters>
            <FilterChips label="What" param=SHOW options/>
        </Filters>
        {list}
    }
    .into_any()
}

/// What of a list is shown.
fn words(number: i64, one: &str, many: &str, has_more: bool) -> String {
    let mut words = counted(number, one, many);
    if has_more {
        words.push_str(" on this page, more on the next");
    }
    words
}

fn punches(punches: Vec<SetAsidePunch>, next: Option<String>) -> AnyView {
    if punches.is_empty() && next.is_none() {
        return view! {
            <EmptyState
                icon=Icon::CheckCircle
                title="No punch is set aside"
                text="A punch that tells a time ahead of its arrival, or one long before it, or from before its device was in use, stands here and counts nowhere."
            />
        }
        .into_any();
    }
    let shown = words(number(&punches), "punch", "punches", next.is_some());
    let rows = punches.into_iter().map(punch_row).collect();
    view! {
        <p class="muted">
            "Put it right on the person’s day: set it to its true time, add the punch to the day on which it was made, or take it out. Then it stands here no more."
        </p>
        <DataTable
            caption="Punches whose time cannot be true, the latest to come first"
            columns=vec![
                Column::text("device", "Device"),
                Column::text("person", "Person").lead(),
                Column::text("told", "Time on the device"),
                Column::text("came", "Came"),
                Column::text("why", "Why"),
                Column::text("day", "Day"),
            ]
            rows
        />
        <Pager shown next/>
    }
    .into_any()
}

fn punch_row(punch: SetAsidePunch) -> TableRow {
    let badge = format!("Badge {}", punch.badge);
    let (person, days) = match punch.person {
        Some(person) => {
            let day = |date: chrono::NaiveDate| {
                let href = paths::attendance_day(date, Some(person.id));
                let words = format!("{} {}", short_date(date), date.format("%Y"));
                let spoken = format!(" of {}", person.name);
                view! {
                    <a class="num" href=href>{words}<span class="sr-only">{spoken}</span></a>
                }
            };
            let told = day(punch.date);
            let came = (punch.date != punch.received_date).then(|| {
                view! { <span class="quiet small">"came on " {day(punch.received_date)}</span> }
            });
            let days = view! { <span class="cell-stack"><span>{told}</span> {came}</span> };
            (person.name.into_any(), days.into_any())
        }
        None => (
            view! { <span class="quiet">"Nobody yet"</span> }.into_any(),
            view! { <a href=paths::DEVICES>"Give the badge to somebody"</a> }.into_any(),
        ),
    };
    TableRow::plain()
        .cell(punch.device)
        .cell(view! {
            <span class="cell-stack">
                <span>{person}</span>
                <span class="quiet small break-words">{badge}</span>
            </span>
        })
        .cell(view! { <span class="num">{punch.told}</span> })
        .cell(view! { <Time stamp=punch.received/> })
        .cell(punch.why)
        .cell(days)
}

fn lines(
    shown: SetAside,
    lines: Vec<UnreadableLine>,
    next: Option<String>,
    see: ServerAction<SeeLine>,
) -> AnyView {
    if lines.is_empty() {
        let (title, text) = match shown {
            SetAside::Seen => (
                "Nobody has looked at a line yet",
                "Lines stay here for a year after they came.",
            ),
            _ => (
                "No line waits for anybody",
                "A line that a device sends and that is neither a punch nor anything else that is known stands here until somebody has looked at it.",
            ),
        };
        return view! { <EmptyState icon=Icon::CheckCircle title text/> }.into_any();
    }
    let problem = problem_of(see);
    let words = words(number(&lines), "line", "lines", next.is_some());
    let rows = lines.into_iter().map(|line| line_row(line, see)).collect();
    view! {
        <ErrorSummary problem/>
        <DataTable
            caption="Lines that could not be read, the latest to come first"
            columns=vec![
                Column::text("device", "Device"),
                Column::text("came", "Came"),
                Column::text("why", "Why"),
                Column::text("text", "What it says"),
                Column::text("action", "Looked at").lead(),
            ]
            rows
        />
        <Pager shown=words next/>
    }
    .into_any()
}

fn line_row(line: UnreadableLine, see: ServerAction<SeeLine>) -> TableRow {
    let spoken = format!(": {}, {}", line.device, line.received.date_time());
    let seen = match line.seen {
        Some((by, at)) => view! {
            <span class="cell-stack">
                <span>{by}</span>
                <span class="quiet small"><Time stamp=at/></span>
            </span>
        }
        .into_any(),
        None => view! {
            <ActionForm action=see>
                <input type="hidden" name="id" value=line.id.to_string()/>
                <Button small=true submit=true busy=see.pending()>
                    "Mark as looked at"
                    <span class="sr-only">{spoken}</span>
                </Button>
            </ActionForm>
        }
        .into_any(),
    };
    TableRow::plain()
        .cell(line.device)
        .cell(view! { <Time stamp=line.received/> })
        .cell(line.reason)
        .cell(view! { <code class="break-words">{line.text}</code> })
        .cell(seen)
}
