use super::*;

#[test]
fn suggestions_are_spread_and_in_order() {
    let people = [
        Person::new("Ana", (9, 17), &[]),
        Person::new("Tom", (9, 17), &[]),
    ];
    let suggestions = ask(&people, &wish(30));
    assert_eq!(suggestions.len(), 5);
    for (number, one) in suggestions.iter().enumerate() {
        for other in &suggestions[number + 1..] {
            assert!(one.score >= other.score);
            assert!((one.slot.from - other.slot.from).abs() >= TimeDelta::minutes(60));
        }
        let day = one.slot.from.date_naive();
        let same = suggestions
            .iter()
            .filter(|s| s.slot.from.date_naive() == day);
        assert!(same.count() <= 2);
    }
    assert_eq!(suggestions[0].slot, Interval::starting(at(540), 30));
    has(&suggestions[0].reasons, "Both are free");
    has(&suggestions[0].reasons, "The first time that works");
}

#[test]
fn optional_people_count_but_do_not_exclude() {
    let people = [
        Person::new("Ana", (9, 17), &[]),
        Person::new("Tom", (9, 17), &[(0, 120)]).optional(),
    ];
    let suggestions = ask(&people, &wish(30));
    assert_eq!(suggestions[0].coming, [people[0].id]);
    assert_eq!(suggestions[0].missing[0].person, people[1].id);
    assert_eq!(
        suggestions[0].reasons[0],
        "1 of 2 can come; Tom is on another meeting"
    );
    let quorum = Wish {
        quorum: 2,
        ..wish(30)
    };
    assert!(ask(&people, &quorum).is_empty());
}

#[test]
fn a_time_for_everyone_comes_before_a_sooner_one_without_somebody() {
    let people = [
        Person::new("Ana", (9, 17), &[]),
        Person::new("Tom", (9, 17), &[(0, 72)]).optional(),
    ];
    let suggestions = ask(&people, &wish(60));
    assert!(suggestions[0].slot.from >= at(72 * 60));
    assert!(suggestions[0].missing.is_empty());
}

#[test]
fn whoever_has_it_early_is_named_and_the_other_place_told() {
    let people = [
        Person::new("Ana", (0, 24), &[]),
        Person::new("Tom", (0, 24), &[]).lives(-5, "New York"),
    ];
    let early = reasons_at(&people, 12 * 60, 60);
    has(&early, "Early for Tom: 07:00 in New York");
    let good = reasons_at(&people, 15 * 60, 60);
    has(&good, "Nobody starts before 09:00");
    has(&good, "Before lunch in New York");
    // The hours that both have between nine and six are the first choice.
    let best = &ask(&people, &wish(60))[0];
    assert!(
        best.slot.from >= at(14 * 60) && best.slot.to <= at(18 * 60),
        "{best:?}"
    );
}

#[test]
fn who_had_the_early_hour_before_is_spared() {
    // From 14 to 16 UTC it is early for Tom or late for Kei; nothing else is open.
    let mut people = [
        Person::new("Tom", (13, 14), &[]).lives(-7, "Denver"),
        Person::new("Kei", (13, 14), &[]).lives(7, "Bangkok"),
    ];
    for person in &mut people {
        let days: IntervalSet = [hours(13, 14), hours(10, 11)].into_iter().collect();
        person.availability.free = days.clone();
        person.availability.working = days;
    }
    // At 10 it is 03:00 and 17:00, at 13 it is 06:00 and 20:00.
    let before = ask(&people, &wish(60));
    people[1].turns = 3;
    let after = ask(&people, &wish(60));
    let score = |all: &[Suggestion], hour: i64| {
        let found = all.iter().find(|s| s.slot.from == at(hour * 60));
        found.map(|s| s.score).expect("it is suggested")
    };
    assert_eq!(
        score(&before, 10),
        score(&after, 10),
        "Kei is at ease at 17:00"
    );
    assert!(score(&before, 13) >= score(&after, 13));
    let ten = after
        .iter()
        .find(|s| s.slot.from == at(600))
        .expect("it is suggested");
    has(
        &ten.reasons,
        "Spares Kei, who had the early or late hour before",
    );
}

#[test]
fn the_edge_of_the_day_is_better_than_its_middle() {
    let people = [Person::new("Ana", (9, 17), &[])];
    let morning = reasons_at(&people, 9 * 60, 60);
    has(&morning, "Leaves Ana’s afternoon whole");
    let with_meeting = [Person::new("Ana", (9, 17), &[(13, 14)])];
    let told = reasons_at(&with_meeting, 9 * 60, 60);
    assert!(told.iter().all(|reason| !reason.starts_with("Leaves")));
    let day = Wish {
        within: hours(9, 17),
        limit: 50,
        per_day: 50,
        ..wish(60)
    };
    let suggestions = ask(&people, &day);
    let score = |hour: i64| {
        let found = suggestions.iter().find(|s| s.slot.from == at(hour * 60));
        found.map(|s| s.score).expect("it is suggested")
    };
    assert!(score(9) > score(11));
    assert!(score(16) > score(13));
}

#[test]
fn a_calendar_that_cannot_be_read_never_counts_as_free() {
    let known = Known {
        working: hours(9, 17).into(),
        sources: vec![Source {
            freshness: Freshness::Unknown,
            as_of: None,
            covers: None,
        }],
        ..Known::default()
    };
    let people = [
        Person::new("Ana", (9, 17), &[]),
        Person::known("Tom", &known),
    ];
    assert!(ask(&people, &wish(30)).is_empty());
    let offered = ask(
        &people,
        &Wish {
            offer_unknown: true,
            ..wish(30)
        },
    );
    assert_eq!(offered[0].coming, [people[0].id]);
    assert_eq!(offered[0].unknown, [people[1].id]);
    assert_eq!(offered[0].reasons[0], "1 of 2 can come for certain");
    has(
        &offered[0].reasons,
        "Tom’s calendar is not known for that time",
    );
}

#[test]
fn steps_follow_the_clock_of_the_reader() {
    let people = [Person::new("Ana", (0, 24), &[])];
    let india = LocalTime::fixed(330, "Kolkata");
    let hourly = Wish {
        step_minutes: 60,
        reader: india.clone(),
        ..wish(60)
    };
    for suggestion in ask(&people, &hourly) {
        assert_eq!(india.minute_of_day(suggestion.slot.from) % 60, 0);
    }
}

#[test]
fn nonsense_gets_no_suggestion() {
    let people = [Person::new("Ana", (9, 17), &[])];
    assert!(ask(&people, &wish(0)).is_empty());
    assert!(ask(&people, &wish(100_000)).is_empty());
    let nothing = Wish {
        within: hours(5, 5),
        ..wish(30)
    };
    assert!(ask(&people, &nothing).is_empty());
}
