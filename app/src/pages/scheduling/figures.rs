//! How bookings went: how many of the tries became meetings, how long it took, and why the others
//! did not.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::scheduling::views::{BookingDay, BookingFigures};

use crate::api::ApiError;
use crate::api::scheduling::booking_figures;
use crate::format::{count, counted, percent};
use crate::live::use_changes;
use crate::paths;
use crate::ui::chart::{LineChart, Series};
use crate::ui::{
    EmptyState, ErrorState, FigureCard, Figures, FiguresSkeleton, Icon, LinkButton, Page,
    PageHeader, Section, Tone,
};

/// `/meetings/figures`
#[component]
pub fn BookingFiguresPage() -> impl IntoView {
    let changes = use_changes("meeting.");
    let figures = Resource::new(move || changes.get(), |_| booking_figures());
    let facts = view! {
        <span>"The last 30 days"</span>
        <span>"Days are those of UTC"</span>
    }
    .into_any();
    view! {
        <Page>
            <PageHeader title="Booking figures" facts/>
            <Transition fallback=|| view! { <FiguresSkeleton/> }>
                {move || Suspend::new(async move {
                    match figures.await {
                        Ok(figures) => view! { <Shown figures/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| figures.refetch());
                            view! { <ErrorState problem retry/> }.into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

#[component]
fn Shown(figures: BookingFigures) -> impl IntoView {
    if figures.tried == 0 && figures.tried_before == 0 {
        return view! {
            <EmptyState
                icon=Icon::Chart
                title="Nothing was booked yet"
                text="Each try to book a meeting is counted here with its outcome, from the first one on."
            >
                <LinkButton href=paths::MEETINGS>"Find a time"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let (median, high) = match figures.took_ms {
        Some((median, high)) => (took(median), took(high)),
        None => ("–".to_owned(), "–".to_owned()),
    };
    let (comparison, tone) = compared(&figures);
    let daily = every_day(&figures.daily);
    let spark: Vec<f64> = daily.iter().map(|day| height(day.tried)).collect();
    let of_them = format!("{} of them booked", count(figures.booked));
    view! {
        <Figures>
            <FigureCard
                label="Success rate"
                value=percent(figures.booked, figures.tried)
                comparison
                tone
            />
            <FigureCard label="Tries" value=count(figures.tried) comparison=of_them spark/>
            <FigureCard
                label="Median time to book"
                value=median
                comparison="Half of all bookings are faster"
            />
            <FigureCard
                label="Slow bookings"
                value=high
                comparison="19 of 20 bookings are faster (p95)"
            />
        </Figures>
        {(daily.len() > 1).then(|| view! { <Daily daily/> })}
        <Section title="Why the others were not booked">
            <Reasons reasons=figures.reasons/>
        </Section>
    }
    .into_any()
}

/// The success rate against that of the thirty days before, in words.
fn compared(figures: &BookingFigures) -> (String, Tone) {
    let tenths = |part: i64, whole: i64| part.saturating_mul(1_000) / whole;
    if figures.tried == 0 {
        return ("No tries in 30 days".to_owned(), Tone::Neutral);
    }
    if figures.tried_before == 0 {
        return ("No tries in the 30 days before".to_owned(), Tone::Neutral);
    }
    let now = tenths(figures.booked, figures.tried);
    let before = tenths(figures.booked_before, figures.tried_before);
    let by = now - before;
    let points = format!("{}.{} points", by.abs() / 10, by.abs() % 10);
    match by {
        0 => ("As in the 30 days before".to_owned(), Tone::Neutral),
        1.. => (format!("Up {points} on the 30 days before"), Tone::Positive),
        _ => (
            format!("Down {points} on the 30 days before"),
            Tone::Negative,
        ),
    }
}

#[component]
fn Daily(daily: Vec<BookingDay>) -> impl IntoView {
    let busiest = daily.iter().max_by_key(|day| day.tried);
    let note = busiest.map_or_else(String::new, |day| {
        format!(
            "Most on {} with {}",
            short(day.day),
            counted(day.tried, "try", "tries")
        )
    });
    let labels = daily.iter().map(|day| short(day.day)).collect();
    let tried = daily.iter().map(|day| height(day.tried)).collect();
    let booked = daily.iter().map(|day| height(day.booked)).collect();
    view! {
        <Section title="Day by day">
            <LineChart
                id="bookings-daily"
                title="Tries and bookings a day"
                note
                point_word="Day"
                labels
                series=vec![Series::new("Tries", tried), Series::new("Booked", booked)]
                format=whole
            />
        </Section>
    }
}

/// The reasons as bars with words beside them, the most frequent first. It is a table, so that the
/// words have room on a phone and nothing has to be read off.
#[component]
fn Reasons(reasons: Vec<(String, i64)>) -> impl IntoView {
    let most = reasons.iter().map(|(_, number)| *number).max();
    let Some(most) = most.filter(|most| *most > 0) else {
        return view! { <p class="muted">"Every try of these days became a meeting."</p> }
            .into_any();
    };
    let rows = reasons
        .into_iter()
        .map(|(reason, number)| {
            let width = percent_of(number, most);
            view! {
                <tr>
                    <th scope="row">{reason_words(&reason)}</th>
                    <td class="reasons-bar">
                        <svg aria-hidden="true">
                            <rect class="chart-bar" width=width height="100%" rx="2"></rect>
                        </svg>
                    </td>
                    <td class="numeric">{count(number)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="reasons">
            <caption class="sr-only">"Tries that were not booked, by reason"</caption>
            <thead class="sr-only">
                <tr>
                    <th scope="col">"Reason"</th>
                    <th scope="col">"Share"</th>
                    <th scope="col">"Tries"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// What an outcome means, in words.
fn reason_words(outcome: &str) -> String {
    match outcome {
        "person_taken" => "Somebody was taken".to_owned(),
        "room_taken" => "A room was taken".to_owned(),
        "invalid" => "Something was wrong in the form".to_owned(),
        "forbidden" => "It was not allowed".to_owned(),
        "failed" => "It failed on our side".to_owned(),
        other => other.replace('_', " "),
    }
}

/// Milliseconds as people read them: `340 ms`, `1.2 s`.
fn took(ms: i64) -> String {
    if ms < 1_000 {
        format!("{ms}\u{a0}ms")
    } else {
        format!("{}.{}\u{a0}s", ms / 1_000, ms % 1_000 / 100)
    }
}

fn percent_of(part: i64, whole: i64) -> String {
    format!("{}%", part.saturating_mul(100) / whole)
}

/// `23 Nov`.
fn short(day: NaiveDate) -> String {
    day.format("%-d %b").to_string()
}

fn height(number: i64) -> f64 {
    i32::try_from(number).map_or(f64::from(i32::MAX), f64::from)
}

/// A number of tries; there are no halves, so a line of the grid between two stays without a word.
fn whole(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        String::new()
    }
}

/// The days between the first and the last, with those on which nothing was tried.
fn every_day(counted: &[BookingDay]) -> Vec<BookingDay> {
    let (Some(first), Some(last)) = (counted.first(), counted.last()) else {
        return Vec::new();
    };
    let days = first.day.iter_days().take_while(|day| *day <= last.day);
    days.map(|day| {
        let found = counted.iter().find(|there| there.day == day);
        found.cloned().unwrap_or(BookingDay {
            day,
            tried: 0,
            booked: 0,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(now: (i64, i64), before: (i64, i64)) -> BookingFigures {
        BookingFigures {
            tried: now.1,
            booked: now.0,
            tried_before: before.1,
            booked_before: before.0,
            reasons: Vec::new(),
            took_ms: None,
            daily: Vec::new(),
        }
    }

    #[test]
    fn the_rate_is_compared_in_points() {
        let said = |now, before| compared(&figures(now, before));
        assert_eq!(
            said((90, 100), (80, 100)),
            (
                "Up 10.0 points on the 30 days before".into(),
                Tone::Positive
            )
        );
        assert_eq!(said((1, 2), (2, 3)).1, Tone::Negative);
        assert_eq!(said((1, 2), (2, 4)).0, "As in the 30 days before");
        assert_eq!(said((1, 2), (0, 0)).0, "No tries in the 30 days before");
        assert_eq!(said((0, 0), (1, 2)).0, "No tries in 30 days");
    }

    #[test]
    fn times_are_short() {
        assert_eq!(took(38), "38\u{a0}ms");
        assert_eq!(took(1_249), "1.2\u{a0}s");
    }
}
