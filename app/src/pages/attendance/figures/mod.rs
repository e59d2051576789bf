//! Late, absent and overtime week by week, and when people are there. Counts, and no names.

mod heat;
mod sums;

use leptos::prelude::*;
use model::attendance::views::AttendanceFigures;

use self::heat::HeatMap;
use self::sums::{Sum, by_team, by_week, halves, total};
use super::common::{hours, range_words, use_param};
use super::words::duration;
use crate::api::ApiError;
use crate::api::attendance::attendance_figures;
use crate::format::{count, percent};
use crate::paths;
use crate::ui::chart::{Bar, BarChart};
use crate::ui::{
    Column, DataTable, EmptyState, ErrorState, FigureCard, Figures, FiguresSkeleton, FilterChips,
    FilterOption, Filters, Icon, LinkButton, Page, PageHeader, Section, TableRow, Tone,
};

/// The parameter of the address that names a team.
const TEAM: &str = "team";
/// The parameter that says of how many weeks.
const WEEKS: &str = "weeks";

/// `/attendance/figures`
#[component]
pub fn FiguresPage() -> impl IntoView {
    let (team, weeks) = (use_param(TEAM), use_param(WEEKS));
    let wanted = Memo::new(move |_| weeks.get().and_then(|weeks| weeks.parse::<u16>().ok()));
    let figures = Resource::new(move || wanted.get(), attendance_figures);
    let content = move || {
        // The figures of all teams are there: another team needs no new reading.
        let team = team.get();
        Suspend::new(async move {
            match figures.await {
                Ok(figures) => view! { <Shown figures team/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| figures.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"Late, absent and overtime, and when people are there"</span> };
    view! {
        <Page>
            <PageHeader title="Attendance figures" facts=facts.into_any()/>
            <Filters>
                <FilterChips
                    label="How far back"
                    param=WEEKS
                    options=vec![
                        FilterOption::all("12 weeks"),
                        FilterOption::new("4", "4 weeks"),
                        FilterOption::new("26", "26 weeks"),
                    ]
                />
            </Filters>
            <Transition fallback=|| view! { <FiguresSkeleton/> }>{content}</Transition>
        </Page>
    }
}

#[component]
fn Shown(figures: AttendanceFigures, team: Option<String>) -> impl IntoView {
    let teams = by_team(&figures);
    if teams.is_empty() {
        return nothing();
    }
    let chips = (teams.len() > 1).then(|| {
        // Those in no team have no name that an address could have.
        let named = teams.iter().filter(|(team, _)| !team.is_empty());
        let known = named.map(|(team, _)| FilterOption::new(team.clone(), team.clone()));
        let options = std::iter::once(FilterOption::all("All teams"))
            .chain(known)
            .collect();
        view! {
            <Filters>
                <FilterChips label="Team" param=TEAM options/>
            </Filters>
        }
    });
    let weeks = by_week(&figures, team.as_deref());
    let days = range_words(figures.from, figures.to);
    let table = (teams.len() > 1 && team.is_none()).then(|| view! { <Teams teams/> });
    view! {
        {chips}
        <p class="muted num">{days}</p>
        <Cards weeks=weeks.clone() open=figures.open_exceptions/>
        <Section title="Week by week">
            <div class="attendance-charts">{charts(&weeks)}</div>
        </Section>
        {table}
        <Section title="When people are there">
            <HeatMap figures/>
        </Section>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Chart
            title="No days yet"
            text="Once the people whom you may see have worked days, they are counted here."
        >
            <LinkButton href=paths::ROSTER>"Roster"</LinkButton>
        </EmptyState>
    }
    .into_any()
}

/// The name of a team for people.
fn team_name(team: &str) -> String {
    match team {
        "" => "In no team".to_owned(),
        name => name.to_owned(),
    }
}

/// The sums of all weeks, the later half of them against the one before.
#[component]
fn Cards(weeks: Vec<Sum>, open: i64) -> impl IntoView {
    let all = total(&weeks);
    let late = |sum: &Sum| percent(sum.late_days, sum.days);
    let absent = |sum: &Sum| percent(sum.absent_days, sum.days);
    let over = |sum: &Sum| hours(sum.overtime_minutes);
    let typical = match all.late_minutes.checked_div(all.late_days) {
        Some(minutes) => duration(minutes),
        None => "–".to_owned(),
    };
    let of_days = format!("{} of {} days", count(all.late_days), count(all.days));
    view! {
        <Figures>
            <FigureCard
                label="Days with somebody late"
                value=late(&all)
                comparison=compared(&weeks, late)
                tone=tone(&weeks, |sum| sum.late_days)
            />
            <FigureCard label="Usual lateness" value=typical comparison=of_days/>
            <FigureCard
                label="Days with somebody absent"
                value=absent(&all)
                comparison=compared(&weeks, absent)
                tone=tone(&weeks, |sum| sum.absent_days)
            />
            <FigureCard label="Overtime" value=over(&all) comparison=compared(&weeks, over)/>
            <FigureCard
                label="Open exceptions"
                value=count(open)
                comparison="Of all days, in every team"
                href=paths::EXCEPTIONS
            />
        </Figures>
    }
}

/// `4.1 % in the last 6 weeks, 3.2 % in the 6 before`.
fn compared(weeks: &[Sum], tell: impl Fn(&Sum) -> String) -> String {
    match halves(weeks) {
        Some((before, since, number)) => format!(
            "{} in the last {number} weeks, {} in the {number} before",
            tell(&since),
            tell(&before)
        ),
        None => String::new(),
    }
}

/// Whether there are more of something than before, by the share of days.
fn tone(weeks: &[Sum], of: impl Fn(&Sum) -> i64) -> Tone {
    let Some((before, since, _)) = halves(weeks) else {
        return Tone::Neutral;
    };
    // Two shares are compared without dividing.
    let (now, then) = (of(&since) * before.days, of(&before) * since.days);
    match now.cmp(&then) {
        std::cmp::Ordering::Greater => Tone::Negative,
        std::cmp::Ordering::Less => Tone::Positive,
        std::cmp::Ordering::Equal => Tone::Neutral,
    }
}

fn charts(weeks: &[Sum]) -> AnyView {
    let bars = |of: fn(&Sum) -> f64| -> Vec<Bar> {
        weeks
            .iter()
            .map(|sum| Bar::new(sum.week.format("%-d %b").to_string(), of(sum)))
            .collect()
    };
    view! {
        <BarChart
            id="late-weekly"
            title="Days with somebody late"
            note="Each person’s day counts once"
            bar_word="Week of"
            value_word="Days"
            bars=bars(|sum| height(sum.late_days))
            format=whole
        />
        <BarChart
            id="absent-weekly"
            title="Days with somebody absent"
            note="Only where it is certain"
            bar_word="Week of"
            value_word="Days"
            bars=bars(|sum| height(sum.absent_days))
            format=whole
        />
        <BarChart
            id="overtime-weekly"
            title="Overtime"
            note="Hours above the straight rate"
            bar_word="Week of"
            value_word="Hours"
            bars=bars(|sum| height(sum.overtime_minutes) / 60.0)
            format=in_hours
        />
    }
    .into_any()
}

/// A number as a height; it is far below where it would be rounded.
fn height(number: i64) -> f64 {
    i32::try_from(number).map_or(f64::from(i32::MAX), f64::from)
}

/// A number of days; there are no halves, so a line of the grid between two stays without a word.
fn whole(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        String::new()
    }
}

/// `12 h`, `7.5 h`.
fn in_hours(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0} h")
    } else {
        format!("{value:.1} h")
    }
}

/// The teams beside each other.
#[component]
fn Teams(teams: Vec<(String, Sum)>) -> impl IntoView {
    let rows = teams
        .into_iter()
        .map(|(team, sum)| {
            TableRow::plain()
                .cell(team_name(&team))
                .cell(count(sum.days))
                .cell(percent(sum.late_days, sum.days))
                .cell(percent(sum.absent_days, sum.days))
                .cell(hours(sum.overtime_minutes))
        })
        .collect();
    view! {
        <Section title="Team by team">
            <DataTable
                caption="Teams by name"
                columns=vec![
                    Column::text("team", "Team"),
                    Column::number("days", "Days"),
                    Column::number("late", "Late").lead(),
                    Column::number("absent", "Absent"),
                    Column::number("overtime", "Overtime"),
                ]
                rows
            />
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_late_days_are_worse_whatever_the_number_of_days() {
        let week = |days, late_days| Sum {
            days,
            late_days,
            ..Sum::default()
        };
        let weeks = [week(100, 10), week(50, 5)];
        assert_eq!(tone(&weeks, |sum| sum.late_days), Tone::Neutral);
        let weeks = [week(100, 10), week(50, 6)];
        assert_eq!(tone(&weeks, |sum| sum.late_days), Tone::Negative);
        assert_eq!(tone(&weeks[..1], |sum| sum.late_days), Tone::Neutral);
    }

    #[test]
    fn hours_have_at_most_one_decimal() {
        assert_eq!(in_hours(12.0), "12 h");
        assert_eq!(in_hours(7.5), "7.5 h");
        assert_eq!(whole(2.5), "");
    }
}
