//! The component kit: native HTML, one file and one style partial each. This page is the reference
//! for those who write pages; `/gallery` shows all of it.
//!
//! `use crate::ui::*;` beside `use leptos::prelude::*;` brings everything (charts are in
//! [`chart`]). *Text* below is `#[prop(into)]`: a `&str` or a `String`. Props after `|` are
//! optional. Handlers and further attributes go onto a component directly: `on:click`,
//! `attr:name="…"`.
//!
//! # Page
//! ```text
//! <Page> <PageHeader/> sections… </Page>
//! <PageHeader title: Text or signal
//!           | face=AnyView        heading instead of the title (a large <Amount>)
//!             chip=AnyView        beside the title
//!             facts=AnyView       several elements, parted by dots
//!             back=(href, name)   the page above
//!             children>           actions, the primary one last; sets <title>, takes the focus
//! <Section title: Text | aside=AnyView, children>
//! <Tabs label: Text, tabs: Vec<Tab>>          Tab::new(href, label).count(n)
//! <Facts facts: Vec<Fact> | columns=true>     Fact::new(name, view)
//! ```
//! Layout classes: `columns` (wide and narrow), `halves`, `row`, `spread`, `stack`,
//! `stack-tight`, `form`, `form-pair`, `form-actions`, `button-row`; text: `muted`, `quiet`,
//! `small`, `mono`, `num`, `nowrap`, `sr-only`.
//!
//! # Actions
//! ```text
//! <Button | look=Look::{Primary, Secondary, Quiet, Danger}, submit=true, icon=Icon::X, small=true,
//!           wide=true, busy=signal, disabled=signal, children>
//! <IconButton label: Text, icon | look, small, submit>
//! <LinkButton href: Text | look, icon, small, wide, external=true, children>
//! <DialogButton opens: Text | look, icon, small, children>
//! <Dialog id: Text, title: Text, children>     open_dialog(id), close_dialog(id)
//! <DialogActions dialog: Text | cancel: Text, children>
//! <Menu label: Text | icon, opens=Opens::{Below, BelowStart, Above}, face=AnyView, class, children>
//! <MenuLink href: Text | icon, external, children>   <MenuAction | icon, danger, submit, children>
//! ```
//! Messages that come and go: `expect_context::<Toasts>().show(Tone::Positive, "Refund sent")`, or
//! `show_with_action(tone, text, "Undo", move || …)`, from [`crate::toast::Toasts`].
//!
//! # Forms
//! A field finds its error by its `name` in the [`FormProblems`] around it, and there too what was
//! typed before, when the form was refused without scripts. A field for a secret is an
//! `Input::Password`; it is never filled in, and its name says so ([`crate::typed::is_secret`]).
//! ```text
//! <FormProblems problem: Option<Problem> or signal, children>   summary, and errors at the fields
//! <TextField name: Text, label: Text
//!          | input=Input::{Text, Email, Password, Number, Amount, Date, Time, Url}, value: Text,
//!            help: Text, error: Text, id: Text, required, optional, disabled, affix: Text,
//!            autocomplete: Text, placeholder: Text, maxlength=n, on_input=Callback<String>>
//! <TextareaField name, label | value, help, error, id, required, optional, maxlength>
//! <SelectField name, label, choices: Vec<Choice> | value, help, error, id, required,
//!              on_change=Callback<String>>      Choice::new(value, label).detail(…).icon(…)
//! <CheckboxField name, label | value, checked, help, error, id>
//! <RadioRows name, legend, choices: Vec<Choice> | value, error, on_change>
//! <FileDrop name, label | accept, help, error, required>
//! <ErrorSummary problem>                       alone, where no fields are
//! ticked(name, value, otherwise)               for boxes of one's own
//! ```
//!
//! # Lists
//! ```text
//! <Filters> <SearchField label: Text | param="search", placeholder: Text>
//!           <FilterChips label: Text, param: &'static str, options: Vec<FilterOption>> </Filters>
//!           FilterOption::all("All"), FilterOption::new(value, label).count(n)
//! <DataTable caption: Text, columns: Vec<Column>, rows: Vec<TableRow>
//!          | total: TableRow, sorted="-created", compact=true, bar=AnyView>
//!           Column::text(key, label).sortable(), Column::number(key, label); on phones rows are
//!           cards: .lead() stands beside the row's name, .spare() is left out
//!           TableRow::link(href) or ::plain(), then .cell(view) for each column
//! <Pager shown: Text, next: Option<String>>    `?cursor=`; sorting is `?sort=key` or `?sort=-key`
//! ```
//!
//! # Values
//! ```text
//! <Amount money: Money | size=AmountSize::{Text, Large, Huge}>
//! <Time stamp: Stamp | show=TimeShow::{DateTime, Date, Clock}>
//! <ShortId id: Text, label: Text>
//! <Chip label: Text | tone: Tone>              <PaymentChip status>   payment_tone(status)
//! <Glyph icon: Icon | large=true>
//! <CodeBlock label: Text, text: Text>
//! Tone::{Positive, Caution, Negative, Info, Leave, Neutral, Unknown}
//! ```
//!
//! # Pictures
//! ```text
//! <Figures> <FigureCard label: Text | value: Text, face=AnyView, comparison: Text, tone,
//!                       spark: Vec<f64>, href: Text> </Figures>
//! <chart::BarChart id: Text, title: Text, bar_word: Text, value_word: Text, bars: Vec<Bar>,
//!                  format: fn(f64) -> String | note: Text>            Bar::new(label, value)
//! <chart::LineChart id, title, point_word, labels: Vec<String>, series: Vec<Series>, format
//!                 | note>                                             Series::new(label, values)
//! <Flow label: Text, points: Vec<FlowPoint>>
//!       FlowPoint::new(label, PointState::{Done, Now, Ahead, Failed, Unknown})
//!           .at(Option<Stamp>).note(…).link(href)
//! <Timeline label: Text, entries: Vec<TimelineEntry>>    newest first
//!       TimelineEntry::new(stamp, actor, text).tone(…).detail(…).machine()
//! <Progress label: Text, done: Option<i64> or signal, total: i64 or signal>
//! ```
//!
//! # States
//! ```text
//! <EmptyState title: Text, text: Text | icon, children>
//! <Skeleton | lines, label>   <TableSkeleton | rows, columns, label>   <FiguresSkeleton | cards>
//! <ErrorState problem: Problem | retry=Callback<()>>
//! <Notice title: Text | tone, text: Text, children>      <Stale text: Text>
//! <Loading label: Text>   <Disclosure summary: Text | open, children>   <Mark/>   <WordMark href>
//! ```
//!
//! To add a component: a file here, a partial in `style/ui/`, a line in `style/main.css`, a place
//! in the gallery, and a line on this page.

mod brand;
mod button;
pub mod chart;
mod chip;
mod choice;
mod code;
mod dialog;
mod disclosure;
mod facts;
mod field;
mod figure;
mod file;
mod filter;
mod flow;
mod icon;
mod menu;
mod page;
mod pager;
mod problem;
mod progress;
mod state;
mod table;
mod tabs;
mod timeline;
mod value;

pub use brand::{Loading, Mark, WordMark};
pub use button::{Button, IconButton, LinkButton, Look};
pub use chip::{Chip, PaymentChip, Tone, payment_tone};
pub use choice::{CheckboxField, Choice, RadioRows, SelectField};
pub use code::CodeBlock;
pub use dialog::{
    Dialog, DialogActions, DialogButton, close_dialog, open_dialog, open_for_command,
};
pub use disclosure::Disclosure;
pub use facts::{Fact, Facts};
pub use field::{Input, TextField, TextareaField, field_id};
pub use figure::{FigureCard, Figures};
pub use file::FileDrop;
pub use filter::{FilterChips, FilterOption, Filters, SearchField};
pub use flow::{Flow, FlowPoint, PointState};
pub use icon::{Glyph, Icon};
pub use menu::{Menu, MenuAction, MenuLink, Opens};
pub use page::{Page, PageHeader, Section};
pub use pager::Pager;
pub use problem::{ErrorSummary, FormProblems, ticked};
pub use progress::Progress;
pub use state::{EmptyState, ErrorState, FiguresSkeleton, Notice, Skeleton, Stale, TableSkeleton};
pub use table::{Column, DataTable, OnCard, TableRow};
pub use tabs::{Tab, Tabs};
pub use timeline::{Timeline, TimelineEntry};
pub use value::{Amount, AmountSize, ShortId, Time, TimeShow};
