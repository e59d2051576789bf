//! Periods of payroll: what is open in each, locking one, its files, and what days of locked ones have
//! come to since.

mod adjustments;
mod lock;
mod make;

use leptos::prelude::*;
use model::attendance::views::{PeriodState, PeriodView, PeriodsPage};

use self::adjustments::Adjustments;
use self::lock::{LockDialog, dialog_of};
use self::make::{FORM, MakePeriod as MakeForm};
use super::common::{dash, empty_form, number, period_words, use_changes_between_dialogs};
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::attendance::{DecideAdjustment, LockPeriod, MakePeriod, periods};
use crate::format::{count, counted};
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Chip, Column, DataTable, DialogButton, EmptyState, ErrorState, Icon, LinkButton, Page,
    PageHeader, TableRow, TableSkeleton, Time, Tone, close_dialog,
};

/// What can be done on the page. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Doings {
    /// Makes a period.
    make: ServerAction<MakePeriod>,
    /// Locks one.
    lock: ServerAction<LockPeriod>,
    /// Grants or refuses an adjustment.
    decide: ServerAction<DecideAdjustment>,
    /// The dialog from which something was sent last.
    sent: StoredValue<Option<String>>,
}

/// `/attendance/periods`
#[component]
pub fn Periods() -> impl IntoView {
    let doings = Doings {
        make: ServerAction::new(),
        lock: ServerAction::new(),
        decide: ServerAction::new(),
        sent: StoredValue::new(None),
    };
    let done = RwSignal::new(0_u32);
    tell(doings, done);
    let changes = use_changes_between_dialogs("attendance.period");
    // With each decision fewer requests wait.
    let requests = use_changes_between_dialogs("attendance.request");
    let page = Resource::new(
        move || (changes.get(), requests.get(), done.get()),
        |_| periods(),
    );
    let content = move || {
        Suspend::new(async move {
            match page.await {
                Ok(page) => view! { <Shown page doings/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| page.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"What goes to payroll, and when it is fixed"</span> }.into_any();
    view! {
        <Page>
            <PageHeader title="Periods" facts/>
            <Transition fallback=|| {
                view! { <TableSkeleton columns=8 label="Loading periods"/> }
            }>{content}</Transition>
        </Page>
    }
}

/// Says what was done, and has the page read again.
fn tell(doings: Doings, done: RwSignal<u32>) {
    let toasts = expect_context::<Toasts>();
    let close_sent = move || {
        if let Some(dialog) = doings.sent.get_value() {
            close_dialog(&dialog);
        }
    };
    on_done(doings.make, move |_| {
        empty_form(FORM);
        toasts.show(Tone::Positive, "Period made");
        done.update(|n| *n += 1);
    });
    on_done(doings.lock, move |()| {
        close_sent();
        toasts.show(Tone::Positive, "Locked: its days no longer change");
        done.update(|n| *n += 1);
    });
    on_done(doings.decide, move |()| {
        close_sent();
        toasts.show(Tone::Positive, "Your decision is kept");
        done.update(|n| *n += 1);
    });
}

#[component]
fn Shown(page: PeriodsPage, doings: Doings) -> impl IntoView {
    let PeriodsPage {
        periods,
        adjustments,
        may_change,
    } = page;
    let make = may_change.then(|| {
        let last = periods.iter().map(|period| period.to_day).max();
        view! { <MakeForm last doings/> }
    });
    let dialogs = periods
        .iter()
        .filter(|period| may_change && period.state == PeriodState::Open)
        .map(|period| view! { <LockDialog period=period.clone() doings/> })
        .collect_view();
    let table = if periods.is_empty() {
        nothing(may_change)
    } else {
        listed(&periods, may_change, doings)
    };
    view! {
        {table}
        {make}
        <Adjustments adjustments may_change doings/>
        {dialogs}
    }
    .into_any()
}

fn nothing(may_change: bool) -> AnyView {
    let text = if may_change {
        "Make the first one below. Its days can change until it is locked; then they stay, and its files give the same figures for ever."
    } else {
        "HR makes and locks them. Then their files stand here."
    };
    view! { <EmptyState icon=Icon::Calendar title="No periods yet" text/> }.into_any()
}

fn listed(periods: &[PeriodView], may_change: bool, doings: Doings) -> AnyView {
    let open = periods
        .iter()
        .filter(|p| p.state == PeriodState::Open)
        .count();
    let words = format!(
        "{}, {open} open",
        counted(number(periods), "period", "periods")
    );
    let bar = view! { <span class="num">{words}</span> }.into_any();
    let rows = periods
        .iter()
        .map(|period| row(period, may_change, doings))
        .collect();
    view! {
        <DataTable
            caption="Periods, newest first"
            columns=vec![
                Column::text("period", "Period"),
                Column::text("state", "State").lead(),
                Column::number("days", "Open days"),
                Column::number("exceptions", "Open exceptions"),
                Column::number("requests", "Waiting requests"),
                Column::number("overtime", "Waiting overtime"),
                Column::text("files", "Files"),
                Column::text("action", "Action"),
            ]
            rows
            bar
        />
    }
    .into_any()
}

fn row(period: &PeriodView, may_change: bool, doings: Doings) -> TableRow {
    let name = period_words(period.from_day, period.to_day);
    let is_open = period.state == PeriodState::Open;
    let state = match (is_open, period.locked.clone()) {
        (true, _) => view! { <Chip tone=Tone::Info label="Open"/> }.into_any(),
        (false, None) => view! { <Chip tone=Tone::Positive label="Locked"/> }.into_any(),
        (false, Some((by, at))) => view! {
            <span class="cell-stack">
                <span><Chip tone=Tone::Positive label="Locked"/></span>
                <span class="quiet small">"by " {by} ", " <Time stamp=at/></span>
            </span>
        }
        .into_any(),
    };
    let action = if may_change && is_open {
        let (dialog, spoken, lock) = (dialog_of(period.id), format!(" {name}"), doings.lock);
        view! {
            <DialogButton
                opens=dialog
                icon=Icon::Lock
                small=true
                on:click=move |_| lock.clear()
            >
                "Lock…"
                <span class="sr-only">{spoken}</span>
            </DialogButton>
        }
        .into_any()
    } else {
        dash()
    };
    let days = period_days(period, &name);
    TableRow::plain()
        .cell(view! {
            <span class="cell-stack">
                <span class="num">{name.clone()}</span>
                {days}
            </span>
        })
        .cell(state)
        .cell(count(period.open_days))
        .cell(open_count(
            period.open_exceptions,
            may_change,
            paths::EXCEPTIONS,
        ))
        .cell(open_count(period.open_requests, may_change, paths::INBOX))
        .cell(open_count(period.open_overtime, may_change, paths::INBOX))
        .cell(view! { <Files period=period.clone()/> })
        .cell(action)
}

/// The days of a period that has a name of its own.
fn period_days(period: &PeriodView, name: &str) -> Option<AnyView> {
    let days = super::common::range_words(period.from_day, period.to_day);
    (days != name).then(|| view! { <span class="quiet small num">{days}</span> }.into_any())
}

/// How many of something are open, with the way to where they are dealt with for those who may go it.
fn open_count(number: i64, may_change: bool, href: &'static str) -> AnyView {
    let words = count(number);
    if may_change && number > 0 {
        view! { <a href=href>{words}</a> }.into_any()
    } else {
        words.into_any()
    }
}

/// The files for payroll. As long as the period is open they are drafts, and their names say so.
#[component]
fn Files(period: PeriodView) -> impl IntoView {
    let name = period_words(period.from_day, period.to_day);
    let draft = match period.state {
        PeriodState::Open => ", draft",
        PeriodState::Locked => "",
    };
    let links = [
        ("payroll.csv", "CSV", "totals as CSV"),
        ("payroll.csv?table=days", "Days", "days as CSV"),
        ("payroll.xlsx", "XLSX", "workbook"),
    ];
    let links = links
        .into_iter()
        .map(|(file, word, spoken)| {
            let href = format!("{}/{}/{file}", paths::PERIODS, period.id);
            let spoken = format!(" {spoken}, {name}{draft}");
            view! {
                <LinkButton href icon=Icon::Export small=true external=true>
                    {word}
                    <span class="sr-only">{spoken}</span>
                </LinkButton>
            }
        })
        .collect_view();
    view! { <span class="period-files">{links}</span> }
}
