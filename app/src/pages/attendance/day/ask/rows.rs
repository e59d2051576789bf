//! The rows of the form: one for each punch that is there, and more for those that are missing.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use leptos::prelude::*;
use model::Problem;
use model::attendance::day::Direction;
use model::attendance::views::DayPage;

use super::super::super::words::{direction_word, short_date};
use crate::api::attendance::forms::{CorrectionFields, PUT_BACK, row_field};
use crate::pages::scheduling::meeting::parts::{said_of, typed_or};
use crate::pages::scheduling::working_hours::growing::{growing, row_error};
use crate::ui::{Glyph, Icon, field_id, ticked};

/// What the last answer said of the form.
type Said = Signal<Option<Problem>>;

/// What rows are made from.
#[derive(Clone)]
pub struct Rows {
    fields: CorrectionFields,
    /// The punch of each row in words: `08:56, Front door`.
    names: Vec<String>,
    /// How many rows are those of punches.
    known: usize,
    /// The date whose day it is.
    date: NaiveDate,
    /// The days to choose from.
    days: Vec<NaiveDate>,
    /// The punches that were left out: ids, and their names.
    left_out: Vec<(String, String)>,
    problem: Said,
}

impl Rows {
    /// The rows of what stands in the form.
    pub fn of(page: &DayPage, fields: CorrectionFields, problem: Said) -> Self {
        let known = fields.punch.iter().take_while(|id| !id.is_empty()).count();
        let punches = page.punches.iter();
        let names: Vec<(String, String)> = punches
            .map(|punch| {
                let name = format!("{}, {}", punch.at.clock(), punch.source);
                (punch.id.to_string(), name)
            })
            .collect();
        let left_out = page.punches.iter().filter(|punch| punch.void);
        let left_out = left_out.map(|punch| {
            let name = format!("{}, {}", punch.at.clock(), punch.source);
            (punch.id.to_string(), name)
        });
        let left_out = left_out.collect();
        let name = |id: &String| {
            let found = names.iter().find(|(punch, _)| punch == id);
            found.map_or_else(String::new, |(_, name)| name.clone())
        };
        let around = [page.date.pred_opt(), Some(page.date), page.date.succ_opt()];
        let typed = fields.day.iter().filter_map(|day| day.parse().ok());
        let days: BTreeSet<NaiveDate> = around.into_iter().flatten().chain(typed).collect();
        Self {
            names: fields.punch.iter().take(known).map(name).collect(),
            known,
            date: page.date,
            days: days.into_iter().collect(),
            left_out,
            fields,
            problem,
        }
    }
}

/// What stands in a row of a column.
fn at(column: &[String], row: usize, otherwise: &str) -> String {
    column.get(row).map_or(otherwise, String::as_str).to_owned()
}

/// A row for each punch.
pub fn punch_rows(rows: &Rows) -> Vec<AnyView> {
    (0..rows.known).map(|row| punch_row(rows, row)).collect()
}

/// The punches that were left out, each to be put back; nothing while there are none.
pub fn left_out(rows: &Rows) -> Option<AnyView> {
    if rows.left_out.is_empty() {
        return None;
    }
    let box_name = "form[put_back][]";
    let boxes = rows.left_out.iter().map(|(id, name)| {
        let checked = ticked(box_name, id, rows.fields.put_back.contains(id));
        let (id, name) = (id.clone(), name.clone());
        view! {
            <label class="correct-out">
                <input type="checkbox" name=box_name value=id checked=checked/>
                <span>"Put back " <span class="num">{name}</span></span>
            </label>
        }
    });
    let boxes = boxes.collect_view();
    let id = field_id(&row_field(PUT_BACK));
    let described = format!("{id}-error");
    let below = row_error(&id, said_of(rows.problem, row_field(PUT_BACK)));
    Some(
        view! {
            <fieldset id=id tabindex="-1" aria-describedby=described>
                <legend class="choices-legend">"Taken out"</legend>
                {boxes}
                {below}
            </fieldset>
        }
        .into_any(),
    )
}

/// Rows for what is missing, and a button for one more.
pub fn added_rows(rows: Rows) -> AnyView {
    let shown = rows.fields.rows().max(rows.known + 1);
    let given = (rows.known..shown)
        .map(|row| added_row(&rows, row))
        .collect();
    let another = move |added: u32| {
        let row = shown + usize::try_from(added).unwrap_or_default();
        added_row(&rows, row)
    };
    growing(given, another, "Add a missing punch", String::new())
}

fn punch_row(rows: &Rows, row: usize) -> AnyView {
    let name = rows.names.get(row).cloned().unwrap_or_default();
    let of = |column: &[String]| at(column, row, "");
    let fields = &rows.fields;
    let (punch, was, had) = (of(&fields.punch), of(&fields.was), of(&fields.had));
    // Who said nothing of its direction may go on saying nothing.
    let with_unknown = had == Direction::Unknown.as_str();
    let number = row.to_string();
    let box_name = "form[left_out][]";
    let checked = ticked(box_name, &number, fields.leaves_out(row));
    let inputs = view! {
        <input type="hidden" name=format!("form[punch][{row}]") value=punch/>
        <input type="hidden" name=format!("form[was][{row}]") value=was/>
        <input type="hidden" name=format!("form[had][{row}]") value=had/>
        {inputs(rows, row, &name, with_unknown)}
        <label class="correct-out">
            <input type="checkbox" name=box_name value=number checked=checked/>
            "Leave out"
            <span class="sr-only">{format!(": {name}")}</span>
        </label>
    };
    row_view(rows, row, &name, false, inputs.into_any())
}

fn added_row(rows: &Rows, row: usize) -> AnyView {
    let name = match row - rows.known {
        0 => "Missing punch".to_owned(),
        more => format!("Missing punch {}", more + 1),
    };
    let inputs = view! {
        <input type="hidden" name=format!("form[punch][{row}]") value=""/>
        <input type="hidden" name=format!("form[was][{row}]") value=""/>
        <input type="hidden" name=format!("form[had][{row}]") value=""/>
        {inputs(rows, row, &name, false)}
    };
    row_view(rows, row, &name, true, inputs.into_any())
}

fn row_view(rows: &Rows, row: usize, name: &str, wanted: bool, inputs: AnyView) -> AnyView {
    let field = row_field(row);
    let id = field_id(&field);
    let (name_id, error_id) = (format!("{id}-name"), format!("{id}-error"));
    let labelled = name_id.clone();
    let below = row_error(&id, said_of(rows.problem, field));
    let class = match wanted {
        true => "correct-row is-wanted",
        false => "correct-row",
    };
    let name = name.to_owned();
    view! {
        <div
            class=class
            role="group"
            tabindex="-1"
            id=id
            aria-labelledby=labelled
            aria-describedby=error_id
        >
            <span class="correct-name num" id=name_id>
                {name}
            </span>
            {inputs}
            {below}
        </div>
    }
    .into_any()
}

/// Day, time and direction of a row; the row's name says whose they are.
fn inputs(rows: &Rows, row: usize, name: &str, with_unknown: bool) -> AnyView {
    let fields = &rows.fields;
    let day_name = format!("form[day][{row}]");
    let day = at(&fields.day, row, &rows.date.to_string());
    let day = typed_or(rows.problem, &day_name, day);
    let days = rows.days.iter().map(|date| {
        let value = date.to_string();
        let selected = value == day;
        view! { <option value=value selected=selected>{short_date(*date)}</option> }
    });
    let days = days.collect_view();
    let time_name = format!("form[time][{row}]");
    let time = at(&fields.time, row, "");
    let time = typed_or(rows.problem, &time_name, time);
    let way_name = format!("form[direction][{row}]");
    let way = at(&fields.direction, row, Direction::Out.as_str());
    let way = typed_or(rows.problem, &way_name, way);
    let ways = Direction::ALL.iter();
    let ways = ways.filter(|way| with_unknown || **way != Direction::Unknown);
    let ways = ways.map(|direction| {
        let value = direction.as_str();
        let selected = value == way;
        view! { <option value=value selected=selected>{direction_word(*direction)}</option> }
    });
    let ways = ways.collect_view();
    view! {
        <span class="correct-inputs">
            {choice(day_name, format!("{name}, day"), days.into_any())}
            <input
                class="input"
                type="time"
                name=time_name
                aria-label=format!("{name}, time")
                value=time
            />
            {choice(way_name, format!("{name}, direction"), ways.into_any())}
        </span>
    }
    .into_any()
}

fn choice(name: String, spoken: String, options: AnyView) -> AnyView {
    view! {
        <span class="select">
            <select class="input" name=name aria-label=spoken>
                {options}
            </select>
            <Glyph icon=Icon::ChevronDown/>
        </span>
    }
    .into_any()
}
