//! Who is in: a board by team, as coarse as colleagues may know it.

use std::fmt::Write;

use leptos::prelude::*;
use model::attendance::views::{PersonPresence, PresencePage, TeamPresence, Whereabouts};
use model::time::Stamp;

use super::changes::use_calm_changes;
use super::common::use_param;
use crate::api::ApiError;
use crate::api::attendance::presence;
use crate::format::{counted, initials};
use crate::pages::scheduling::agenda::present::use_present;
use crate::paths;
use crate::ui::{
    Chip, EmptyState, ErrorState, Filters, Icon, LinkButton, Page, PageHeader, SearchField,
    Section, Skeleton, Time, TimeShow, Tone,
};

/// The parameter of the address by which names are filtered.
const NAME: &str = "name";

/// `/attendance/team`
#[component]
pub fn Presence() -> impl IntoView {
    let name = use_param(NAME);
    // Those who read days of others hear of days; everybody else only that somebody came or went.
    let days = use_calm_changes("attendance.day");
    let presences = use_calm_changes("attendance.presence");
    let present = use_present();
    let board = Resource::new(
        move || (days.get(), presences.get(), present.get()),
        |_| presence(),
    );
    let content = move || {
        // The board is filtered here: another name needs no new reading.
        let name = name.get();
        Suspend::new(async move {
            match board.await {
                Ok(page) => view! { <Board page name/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| board.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"Who is at work now"</span> }.into_any();
    view! {
        <Page>
            <PageHeader title="Team" facts/>
            <Filters>
                <SearchField label="Find somebody by name" param=NAME placeholder="Name"/>
            </Filters>
            <Transition fallback=|| {
                view! { <Skeleton lines=10 label="Loading who is in"/> }
            }>{content}</Transition>
        </Page>
    }
}

#[component]
fn Board(page: PresencePage, name: Option<String>) -> impl IntoView {
    let PresencePage {
        teams,
        now,
        with_times,
    } = page;
    let nobody = teams.iter().all(|team| team.people.is_empty());
    let teams = filtered(teams, name.as_deref());
    if teams.is_empty() {
        return if nobody {
            nothing()
        } else {
            unknown(name.unwrap_or_default())
        };
    }
    let sums = sums(&teams);
    let alone = teams.len() == 1;
    let sections = teams
        .into_iter()
        .map(|team| section(team, alone, with_times, &now))
        .collect_view();
    view! {
        <p class="presence-sum">
            <span role="status">{sums}</span>
            " "
            <span class="quiet small">"as of " <Time stamp=now show=TimeShow::Clock/></span>
        </p>
        {sections}
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::People
            title="Nobody in your team"
            text="The people of your team stand here with whether they are in, once HR has put you into a team."
        />
    }
    .into_any()
}

fn unknown(name: String) -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Search
            title="Nobody of that name"
            text=format!("Nobody whom you can see here has “{name}” in their name.")
        >
            <LinkButton href=paths::TEAM>"Show everybody"</LinkButton>
        </EmptyState>
    }
    .into_any()
}

fn section(team: TeamPresence, alone: bool, with_times: bool, now: &Stamp) -> AnyView {
    let title = match team.team.as_str() {
        "" if alone => "People".to_owned(),
        "" => "In no team".to_owned(),
        name => name.to_owned(),
    };
    let people = team
        .people
        .into_iter()
        .map(|person| person_view(person, with_times, now))
        .collect_view();
    view! {
        <Section title>
            <ul class="presence">{people}</ul>
        </Section>
    }
    .into_any()
}

fn person_view(person: PersonPresence, with_times: bool, now: &Stamp) -> AnyView {
    let PersonPresence {
        person,
        state,
        since,
    } = person;
    let (label, tone) = whereabouts(state);
    let since = since.filter(|_| with_times).map(|stamp| {
        // Of another day the clock alone would mislead.
        let show = if stamp.date() == now.date() {
            TimeShow::Clock
        } else {
            TimeShow::DateTime
        };
        view! { <span class="quiet small nowrap">"since " <Time stamp show/></span> }
    });
    // Whoever may see somebody's times may see their days.
    let href = format!("{}/people/{}", paths::ATTENDANCE, person.id);
    let letters = initials(&person.name);
    let name = match since.is_some() {
        true => view! { <a href=href>{person.name}</a> }.into_any(),
        false => person.name.into_any(),
    };
    view! {
        <li class="presence-person">
            <span class="initials" aria-hidden="true">{letters}</span>
            <span class="presence-name">{name}</span>
            <span class="presence-state">
                <Chip tone label/>
                {since}
            </span>
        </li>
    }
    .into_any()
}

/// The word of where somebody is, and what it means.
const fn whereabouts(state: Whereabouts) -> (&'static str, Tone) {
    match state {
        Whereabouts::In => ("In", Tone::Positive),
        Whereabouts::Break => ("On a break", Tone::Caution),
        Whereabouts::Out => ("Out", Tone::Neutral),
        Whereabouts::Away => ("Away", Tone::Leave),
    }
}

/// The teams with those whose name has the words in it, and without those who have nobody then.
fn filtered(teams: Vec<TeamPresence>, name: Option<&str>) -> Vec<TeamPresence> {
    let wanted = name.unwrap_or_default().to_lowercase();
    let fits = |person: &PersonPresence| {
        let name = person.person.name.to_lowercase();
        wanted.split_whitespace().all(|word| name.contains(word))
    };
    teams
        .into_iter()
        .map(|team| TeamPresence {
            people: team.people.into_iter().filter(fits).collect(),
            ..team
        })
        .filter(|team| !team.people.is_empty())
        .collect()
}

/// `14 people: 9 in, 1 on a break, 3 out, 1 away`. Each is counted once, in however many teams.
fn sums(teams: &[TeamPresence]) -> String {
    let mut people: Vec<&PersonPresence> = teams.iter().flat_map(|team| &team.people).collect();
    people.sort_by_key(|person| person.person.id);
    people.dedup_by_key(|person| person.person.id);
    let all = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let mut text = counted(all, "person", "people");
    let mut parted = ": ";
    for state in Whereabouts::ALL {
        let number = people.iter().filter(|p| p.state == *state).count();
        if number > 0 {
            let word = whereabouts(*state).0.to_lowercase();
            // Nothing can go wrong in writing to a string.
            let _ = write!(text, "{parted}{number} {word}");
            parted = ", ";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use model::PersonId;
    use model::attendance::views::Named;

    use super::*;

    fn person(number: u8, name: &str, state: Whereabouts) -> PersonPresence {
        let at = chrono::DateTime::UNIX_EPOCH;
        PersonPresence {
            person: Named {
                id: PersonId::from_parts(at, &[number; 10]),
                name: name.to_owned(),
            },
            state,
            since: None,
        }
    }

    fn teams() -> Vec<TeamPresence> {
        let team = |name: &str, people| TeamPresence {
            team: name.to_owned(),
            people,
        };
        vec![
            team(
                "Assembly",
                vec![
                    person(1, "Ana Kowalski", Whereabouts::In),
                    person(2, "Tom Becker", Whereabouts::Out),
                ],
            ),
            team("Support", vec![person(3, "Ana Ruiz", Whereabouts::Break)]),
        ]
    }

    #[test]
    fn states_are_counted_in_words() {
        assert_eq!(sums(&teams()), "3 people: 1 in, 1 on a break, 1 out");
        let mut twice = teams();
        twice[1]
            .people
            .push(person(1, "Ana Kowalski", Whereabouts::In));
        assert_eq!(sums(&twice), "3 people: 1 in, 1 on a break, 1 out");
    }

    #[test]
    fn a_name_is_found_by_its_parts() {
        let found = filtered(teams(), Some("ana"));
        assert_eq!(found.len(), 2);
        let found = filtered(teams(), Some("kow an"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].people.len(), 1);
        assert!(filtered(teams(), Some("Miriam")).is_empty());
        assert_eq!(filtered(teams(), None).len(), 2);
    }
}
