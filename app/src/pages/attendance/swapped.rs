//! What the pages of swaps share: shifts in words and colours, both days before and after, what is to be
//! known, and what was said.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::attendance::swap::SwapState;
use model::attendance::views::{RosterShift, SwapDayView, SwapView};

use super::words::{short_date, swap_words, zone_words};
use crate::ui::{Disclosure, Glyph, Icon, Time};

/// The days of a swap: `Wed 25 Nov`, or `Wed 25 Nov for Fri 27 Nov`.
pub fn days_words(from_day: NaiveDate, to_day: NaiveDate) -> String {
    match from_day == to_day {
        true => short_date(from_day),
        false => format!("{} for {}", short_date(from_day), short_date(to_day)),
    }
}

/// Shifts of a day, for whoever reads times in a zone; an empty one is not told.
pub fn shifts(shifts: &[RosterShift], zone: &str) -> AnyView {
    if shifts.is_empty() {
        return view! { <span class="quiet">"Day off"</span> }.into_any();
    }
    let shown = shifts.iter().map(|shift| one_shift(shift, zone));
    view! { <span class="shift-list">{shown.collect_view()}</span> }.into_any()
}

fn one_shift(shift: &RosterShift, zone: &str) -> AnyView {
    let elsewhere = !zone.is_empty() && shift.zone != zone;
    let elsewhere = elsewhere.then(|| {
        view! { <span class="quiet small">{format!("in {}", zone_words(&shift.zone))}</span> }
    });
    view! {
        <span class="shift-line">
            <span class=format!("shift-mark shift-{}", shift.tone) aria-hidden="true">
                {shift.code.clone()}
            </span>
            <span>{shift.name.clone()}</span>
            " "
            <span class="num">{shift.time.clone()}</span>
            " "
            {elsewhere}
        </span>
    }
    .into_any()
}

/// Both days of both people, before and after.
pub fn days(days: &[SwapDayView], asker: &str, other: &str, zone: &str) -> AnyView {
    let days = days.iter().map(|day| {
        let lines = [
            (asker, &day.asker_before, &day.asker_after),
            (other, &day.other_before, &day.other_after),
        ];
        let lines = lines.map(|(who, before, after)| {
            view! {
                <div class="swap-line">
                    <dt>{who.to_owned()}</dt>
                    <dd>
                        <span class="sr-only">"now "</span>
                        {shifts(before, zone)}
                        " "
                        <Glyph icon=Icon::ArrowRight/>
                        <span class="sr-only">", afterwards "</span>
                        {shifts(after, zone)}
                    </dd>
                </div>
            }
        });
        view! {
            <li>
                <p class="swap-date">{short_date(day.date)}</p>
                <dl>{lines.collect_view()}</dl>
            </li>
        }
    });
    view! { <ul class="swap-days">{days.collect_view()}</ul> }.into_any()
}

/// What stands in the way, and what should be known.
pub fn concerns(obstacles: &[String], warnings: &[String]) -> AnyView {
    let line = |text: &String, class: &'static str| {
        view! {
            <li class=class>
                <Glyph icon=Icon::Alert/>
                <span>{text.clone()}</span>
            </li>
        }
    };
    let obstacles = obstacles.iter().map(|text| line(text, "swap-obstacle"));
    let warnings = warnings.iter().map(|text| line(text, "swap-warning"));
    let lines: Vec<_> = obstacles.chain(warnings).collect();
    (!lines.is_empty())
        .then(|| view! { <ul class="swap-concerns">{lines}</ul> })
        .into_any()
}

/// What was said with it.
pub fn note(note: &str) -> AnyView {
    (!note.is_empty())
        .then(|| view! { <blockquote class="request-note">{note.to_owned()}</blockquote> })
        .into_any()
}

/// What was said, oldest first.
pub fn history(swap: &SwapView) -> AnyView {
    let lines = swap.history.iter().map(|line| {
        let said = match line.note.as_str() {
            "" => String::new(),
            note => format!(": {note}"),
        };
        let words = format!("{} {}{said}", line.by, verb(line.state));
        view! {
            <li>
                <span class="break-words">{words}</span>
                " "
                <Time stamp=line.at.clone()/>
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Disclosure summary="History">
            <ol class="swap-history">{lines}</ol>
        </Disclosure>
    }
    .into_any()
}

const fn verb(state: SwapState) -> &'static str {
    match state {
        SwapState::Asked => "asked",
        SwapState::Agreed => "agreed",
        SwapState::Declined => "declined",
        SwapState::Approved => "approved",
        SwapState::Refused => "refused",
        SwapState::Withdrawn => "took it back",
    }
}

/// The word for a swap as its reader sees it, and its tone.
pub fn state_words(swap: &SwapView) -> (String, crate::ui::Tone) {
    let (word, tone) = swap_words(swap.state);
    match (swap.state, swap.may_answer) {
        (SwapState::Asked, true) => ("Waits for you".to_owned(), crate::ui::Tone::Caution),
        (SwapState::Asked, false) => (format!("Waits for {}", swap.other.name), tone),
        _ => (word.to_owned(), tone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_is_of_one_day_or_of_one_for_another() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).expect("a real day");
        assert_eq!(days_words(day(25), day(25)), "Wed 25 Nov");
        assert_eq!(days_words(day(25), day(27)), "Wed 25 Nov for Fri 27 Nov");
    }
}
