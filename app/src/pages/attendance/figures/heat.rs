//! When people are there: a drawing of weekdays and hours, made on the server, with the same numbers as
//! a table.

use leptos::prelude::*;
use model::attendance::views::AttendanceFigures;

use crate::ui::Disclosure;

/// The days of the week, short and as they are read out.
const WEEKDAYS: [(&str, &str); 7] = [
    ("Mon", "Monday"),
    ("Tue", "Tuesday"),
    ("Wed", "Wednesday"),
    ("Thu", "Thursday"),
    ("Fri", "Friday"),
    ("Sat", "Saturday"),
    ("Sun", "Sunday"),
];
const HOURS: usize = 24;
/// How high a day is, in pixels.
const ROW: usize = 24;
/// How many shades there are.
const SHADES: i64 = 5;

/// How many people are usually there, in tenths, by weekday and hour.
type Usual = [[i64; HOURS]; 7];

/// The drawing and its table.
#[component]
pub fn HeatMap(
    /// The figures.
    figures: AttendanceFigures,
) -> impl IntoView {
    let usual = usual(&figures);
    let Some((day, hour, most)) = busiest(&usual) else {
        return view! {
            <p class="muted">"Nobody was at work in these weeks, or nothing of it is known."</p>
        }
        .into_any();
    };
    let note = format!(
        "Most on {} from {hour}:00 to {}:00, with {} people",
        WEEKDAYS[day].1,
        hour + 1,
        tenths(most)
    );
    let since = figures.hours_from.format("%-d %b %Y");
    let title = format!("Usual number of people at work, since {since}");
    let summary = format!("{title}. {note}");
    let cells = (0..7)
        .flat_map(|day| (0..HOURS).map(move |hour| (day, hour)))
        .map(|(day, hour)| cell(&usual, most, day, hour))
        .collect_view();
    let days = WEEKDAYS
        .iter()
        .enumerate()
        .map(|(day, (short, _))| {
            let y = day * ROW + ROW / 2 + 4;
            view! { <g><text x="100%" dx="-10" y=y.to_string() text-anchor="end">{*short}</text></g> }
        })
        .collect_view();
    let hours = (0..HOURS)
        .step_by(3)
        .map(|hour| {
            let y = 7 * ROW + 16;
            view! { <g><text x=share(hour) y=y.to_string()>{format!("{hour}:00")}</text></g> }
        })
        .collect_view();
    view! {
        <figure class="chart" aria-labelledby="presence-hours-title">
            <figcaption>
                <span class="chart-title" id="presence-hours-title">{title}</span>
                <span class="chart-note">{note}</span>
            </figcaption>
            <div class="chart-place">
                <svg class="heat-axis" aria-hidden="true">{days}</svg>
                <svg class="heat-plot" role="img" aria-label=summary>
                    {cells}
                    {hours}
                </svg>
            </div>
            {key(most)}
            <Disclosure summary="Show as a table">{table(&usual)}</Disclosure>
        </figure>
    }
    .into_any()
}

/// How many people are usually there.
fn usual(figures: &AttendanceFigures) -> Usual {
    let mut usual = [[0; HOURS]; 7];
    for row in &figures.hours {
        let (Ok(day), Ok(hour)) = (usize::try_from(row.weekday - 1), usize::try_from(row.hour))
        else {
            continue;
        };
        let days = figures.weekdays.get(day).copied().unwrap_or(0);
        let place = usual.get_mut(day).and_then(|hours| hours.get_mut(hour));
        if let (Some(place), true) = (place, days > 0) {
            *place = (row.people * 20 + days) / (days * 2);
        }
    }
    usual
}

/// The busiest hour: its day, the hour and how many.
fn busiest(usual: &Usual) -> Option<(usize, usize, i64)> {
    let all = (0..7).flat_map(|day| (0..HOURS).map(move |hour| (day, hour, usual[day][hour])));
    // Of equals the earliest.
    all.rev()
        .max_by_key(|(.., people)| *people)
        .filter(|(.., people)| *people > 0)
}

/// How strong an hour is, from 0 for nobody.
fn shade(people: i64, most: i64) -> i64 {
    if people <= 0 || most <= 0 {
        0
    } else {
        (people * SHADES + most - 1) / most
    }
}

/// Tenths as a number: `12`, `12.5`.
fn tenths(number: i64) -> String {
    match number % 10 {
        0 => (number / 10).to_string(),
        part => format!("{}.{part}", number / 10),
    }
}

/// Where an hour begins, of the width of the day.
fn share(hour: usize) -> String {
    let thousandths = hour * 100_000 / HOURS;
    format!("{}.{:03}%", thousandths / 1_000, thousandths % 1_000)
}

fn cell(usual: &Usual, most: i64, day: usize, hour: usize) -> AnyView {
    let people = usual[day][hour];
    let words = format!(
        "{}, {hour}:00 to {}:00: {}",
        WEEKDAYS[day].1,
        hour + 1,
        tenths(people)
    );
    let class = format!("heat heat-{}", shade(people, most));
    view! {
        <g>
            <title>{words}</title>
            <rect
                class=class
                x=share(hour)
                y=(day * ROW).to_string()
                width=share(1)
                height=ROW.to_string()
            ></rect>
        </g>
    }
    .into_any()
}

/// What the shades stand for, from few to many.
fn key(most: i64) -> AnyView {
    let swatches = (0..=SHADES)
        .map(|shade| {
            let class = format!("heat heat-{shade}");
            view! {
                <svg class="heat-swatch" viewBox="0 0 16 16">
                    <rect class=class width="16" height="16"></rect>
                </svg>
            }
        })
        .collect_view();
    view! {
        <p class="heat-key">
            <span>"Nobody"</span>
            <span class="heat-swatches" aria-hidden="true">{swatches}</span>
            <span class="num">{tenths(most)} " people"</span>
        </p>
    }
    .into_any()
}

/// The hours in which anybody is there, as a table.
fn table(usual: &Usual) -> AnyView {
    let heads = WEEKDAYS
        .iter()
        .map(|(short, spoken)| {
            view! {
                <th scope="col" class="numeric">
                    <span aria-hidden="true">{*short}</span>
                    <span class="sr-only">{*spoken}</span>
                </th>
            }
        })
        .collect_view();
    let rows = (0..HOURS)
        .filter(|hour| usual.iter().any(|day| day[*hour] > 0))
        .map(|hour| {
            let cells = usual
                .iter()
                .map(|day| view! { <td class="numeric">{tenths(day[hour])}</td> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{format!("{hour}:00")}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table table-compact">
            <caption class="sr-only">"Usual number of people at work by hour and weekday"</caption>
            <thead>
                <tr>
                    <th scope="col">"Hour"</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use model::attendance::views::PresenceHour;

    use super::*;

    fn figures() -> AttendanceFigures {
        let hour = |weekday, hour, people| PresenceHour {
            weekday,
            hour,
            people,
        };
        AttendanceFigures {
            from: NaiveDate::MIN,
            to: NaiveDate::MAX,
            open_exceptions: 0,
            weeks: Vec::new(),
            hours_from: NaiveDate::MIN,
            weekdays: [4, 4, 4, 4, 4, 4, 0],
            hours: vec![
                hour(1, 9, 50),
                hour(2, 10, 50),
                hour(7, 3, 9),
                hour(8, 30, 1),
            ],
        }
    }

    #[test]
    fn people_are_told_for_a_usual_week() {
        let usual = usual(&figures());
        assert_eq!(tenths(usual[0][9]), "12.5");
        // A weekday that has not been yet, and one that there is not.
        assert_eq!(usual[6], [0; HOURS]);
        assert_eq!(busiest(&usual), Some((0, 9, 125)));
        assert_eq!(busiest(&[[0; HOURS]; 7]), None);
    }

    #[test]
    fn shades_go_from_nobody_to_most() {
        assert_eq!(shade(0, 125), 0);
        assert_eq!(shade(1, 125), 1);
        assert_eq!(shade(125, 125), 5);
        assert_eq!(share(6), "25.000%");
    }
}
