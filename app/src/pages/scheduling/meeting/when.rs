//! When something takes place, in words.

use leptos::prelude::*;
use model::time::Stamp;

use super::super::agenda::days::local;
use crate::format;

/// From when to when: `Thursday 26 November 2026, 09:00–09:30`, on one day or over several.
#[component]
pub fn When(
    /// The beginning.
    from: Stamp,
    /// The end.
    to: Stamp,
    /// Says how long it takes as well.
    #[prop(optional)]
    length: bool,
) -> impl IntoView {
    let minutes = (to.at - from.at).num_minutes();
    let length = length.then(|| format!(" · {}", format::duration(minutes * 60)));
    let (begins, ends) = words(&from, &to);
    let (from, to) = (from.exact(), to.exact());
    view! {
        <span class="when num">
            <time datetime=from.clone() title=from>{begins}</time>
            "–"
            <time datetime=to.clone() title=to>{ends}</time>
            {length.map(|length| view! { <span class="muted">{length}</span> })}
        </span>
    }
}

/// Begin and end; the end without its day where that is the same.
fn words(from: &Stamp, to: &Stamp) -> (String, String) {
    let (begin, end) = (local(from), local(to));
    let whole = "%A %-d %B %Y, %H:%M";
    let end_words = if begin.date() == end.date() {
        to.clock()
    } else {
        format!(" {}", end.format(whole))
    };
    (begin.format(whole).to_string(), end_words)
}

/// The same in short, for lists and choices: `Thu 26 Nov 2026, 09:00–09:30`.
pub fn short(from: &Stamp, to: &Stamp) -> String {
    let (begin, end) = (local(from), local(to));
    let form = "%a %-d %b %Y, %H:%M";
    let end_words = if begin.date() == end.date() {
        to.clock()
    } else {
        format!(" {}", end.format(form))
    };
    format!("{}–{end_words}", begin.format(form))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn the_end_has_its_day_only_where_that_is_another() {
        let at = DateTime::parse_from_rfc3339("2026-11-26T09:00:00+01:00").expect("an instant");
        let stamp = |minutes| Stamp {
            at: at.to_utc() + TimeDelta::minutes(minutes),
            offset_minutes: 60,
        };
        assert_eq!(short(&stamp(0), &stamp(30)), "Thu 26 Nov 2026, 09:00–09:30");
        assert_eq!(
            short(&stamp(0), &stamp(24 * 60)),
            "Thu 26 Nov 2026, 09:00– Fri 27 Nov 2026, 09:00"
        );
        let (begins, ends) = words(&stamp(0), &stamp(30));
        assert_eq!(begins, "Thursday 26 November 2026, 09:00");
        assert_eq!(ends, "09:30");
    }
}
