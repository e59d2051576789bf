//! Meetings that repeat.

use chrono::{NaiveDateTime, TimeDelta};
use model::scheduling::meeting::{
    ChangeMeeting, CreateMeeting, Invitee, MeetingView, Response, Scope, Slot,
};
use model::zone::Zone;
use scheduling::Error;
use sqlx::PgPool;

use crate::world::{World, at, world};

/// Every Tuesday at nine in Berlin, from 6 October 2026 on.
pub fn weekly(world: &World, others: &[&str]) -> CreateMeeting {
    let mut request = world.request(others, "2026-11-03T08:00:00Z", 30);
    request.recurrence = Some("FREQ=WEEKLY;BYDAY=TU".into());
    request.zone = Some("Europe/Berlin".into());
    request
}

pub fn local(text: &str) -> NaiveDateTime {
    text.parse().expect("a local time")
}

/// Local starts of a series in Berlin, as the database has them.
pub async fn starts(world: &World, meeting: &MeetingView) -> Vec<String> {
    let zone = Zone::named("Europe/Berlin").expect("a zone");
    let rows: Vec<chrono::DateTime<chrono::Utc>> = sqlx::query_scalar(
        "select from_at from scheduling.occurrence
         where meeting_id = $1 and state <> 'cancelled'
         order by from_at",
    )
    .bind(meeting.id.0)
    .fetch_all(&world.pool)
    .await
    .expect("a database");
    rows.iter()
        .map(|at| zone.local_of(*at).to_string())
        .collect()
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nine_o_clock_stays_nine_o_clock_across_the_clock_changes(pool: PgPool) {
    let world = world(pool).await;
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    let starts = starts(&world, &booked).await;
    // A year of Tuesdays: across March and October.
    assert_eq!(starts.len(), 53);
    assert!(starts.iter().all(|s| s.ends_with("09:00:00")), "{starts:?}");
    assert_eq!(world.claims("Tom").await, 53);
    // In summer the same wall-clock time is another instant.
    let summer = world.request(&["Tom"], "2027-07-06T07:00:00Z", 30);
    world.taken("Mia", &summer, "two").await;
    let beside = world.request(&["Tom"], "2027-07-06T08:00:00Z", 30);
    world.book("Mia", &beside, "three").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_series_is_booked_at_all_its_times_or_not_at_all(pool: PgPool) {
    let world = world(pool).await;
    let blocked = world.request(&["Tom"], "2026-12-01T08:15:00Z", 30);
    world.book("Mia", &blocked, "block").await;
    let taken = world.taken("Ana", &weekly(&world, &["Tom"]), "one").await;
    assert_eq!(taken.conflicts.len(), 1);
    assert_eq!(taken.conflicts[0].from, at("2026-12-01T08:15:00Z"));
    assert_eq!(world.claims("Tom").await, 1);
    // What is offered is free in every week.
    let offered = taken.alternatives.first().expect("there is a better time");
    let mut request = weekly(&world, &["Tom"]);
    let by = offered.from - request.slot.from;
    let days = by.num_days();
    request.slot = Slot {
        from: offered.from,
        to: offered.to,
    };
    if days != 0 || offered.from.date_naive() != at("2026-11-03T08:00:00Z").date_naive() {
        request.recurrence = Some("FREQ=WEEKLY".into());
    }
    world.book("Ana", &request, "two").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn one_time_is_moved_and_the_others_stay(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    let change = ChangeMeeting {
        slot: Some(Slot {
            from: at("2026-11-11T10:00:00Z"),
            to: at("2026-11-11T10:30:00Z"),
        }),
        scope: Scope::This,
        occurrence: Some(local("2026-11-10T09:00:00")),
        ..ChangeMeeting::default()
    };
    world
        .service
        .change(&ana, booked.id, Some(1), &change)
        .await
        .expect("the time is free");
    let starts = starts(&world, &booked).await;
    assert_eq!(starts[0], "2026-11-03 09:00:00");
    assert_eq!(starts[1], "2026-11-11 11:00:00");
    assert_eq!(starts[2], "2026-11-17 09:00:00");
    world
        .book(
            "Mia",
            &world.request(&["Tom"], "2026-11-10T08:00:00Z", 30),
            "two",
        )
        .await;
    world
        .taken(
            "Mia",
            &world.request(&["Tom"], "2026-11-11T10:15:00Z", 30),
            "three",
        )
        .await;
}

/// What somebody has said to a meeting.
pub fn said(meeting: &MeetingView, first: &str) -> (bool, Response) {
    let mut attendees = meeting.attendees.iter();
    let own = attendees.find(|a| a.name.starts_with(first));
    own.map(|a| (a.required, a.response)).expect("is asked")
}

/// Tom says no to a meeting, Mia says yes.
pub async fn answered(world: &World, meeting: &MeetingView) {
    let id = meeting.id.to_string();
    for (first, answer) in [("Tom", Response::Declined), ("Mia", Response::Accepted)] {
        let who = world.actor(first);
        let answered = world.service.answer(&who, &id, None, answer).await;
        answered.expect("they are asked");
    }
}

pub async fn seen(world: &World, meeting: &MeetingView) -> MeetingView {
    let seen = world.service.meeting(&world.actor("Ana"), meeting.id).await;
    seen.expect("it is hers")
}

pub async fn change(world: &World, meeting: &MeetingView, change: &ChangeMeeting) -> MeetingView {
    let version = seen(world, meeting).await.version;
    let ana = world.actor("Ana");
    let changed = world
        .service
        .change(&ana, meeting.id, Some(version), change);
    changed.await.expect("everybody who is new is free")
}

pub fn slot(from: &str, minutes: i64) -> Option<Slot> {
    let from = at(from);
    Some(Slot {
        from,
        to: from + TimeDelta::minutes(minutes),
    })
}

pub fn title(text: &str) -> ChangeMeeting {
    ChangeMeeting {
        title: Some(text.into()),
        ..ChangeMeeting::default()
    }
}

pub fn following(original: &str, change: ChangeMeeting) -> ChangeMeeting {
    ChangeMeeting {
        scope: Scope::Following,
        occurrence: Some(local(original)),
        ..change
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_series_that_moves_asks_again_who_has_said_no(pool: PgPool) {
    let world = world(pool).await;
    for (hours, scope) in [(0, Scope::Following), (4, Scope::All)] {
        let mut request = weekly(&world, &["Tom", "Mia"]);
        request.slot.from += TimeDelta::hours(hours);
        request.slot.to += TimeDelta::hours(hours);
        let booked = world.book("Ana", &request, &format!("{scope:?}")).await;
        answered(&world, &booked).await;
        assert_eq!(
            said(&seen(&world, &booked).await, "Tom").1,
            Response::Declined
        );
        let before = world.claims("Tom").await;
        let original = request.slot.from + TimeDelta::days(14);
        let moved = ChangeMeeting {
            slot: Some(Slot {
                from: original + TimeDelta::days(1),
                to: original + TimeDelta::days(1) + TimeDelta::hours(1),
            }),
            scope,
            occurrence: Some(original.naive_utc() + TimeDelta::hours(1)),
            ..ChangeMeeting::default()
        };
        let next = change(&world, &booked, &moved).await;
        assert_eq!(
            said(&next, "Tom"),
            (true, Response::NeedsAction),
            "{scope:?}"
        );
        assert_eq!(
            said(&next, "Mia"),
            (true, Response::NeedsAction),
            "{scope:?}"
        );
        assert!(world.claims("Tom").await > before + 50, "{scope:?}");
    }
}

/// What is different about single times of a series: original, start, state, title.
pub async fn exceptions(world: &World, meeting: &MeetingView) -> Vec<String> {
    let rows: Vec<(
        NaiveDateTime,
        chrono::DateTime<chrono::Utc>,
        String,
        Option<String>,
    )> = sqlx::query_as(
        "select original_local, from_at, state, title
             from scheduling.occurrence
             where meeting_id = $1 and (changed or state = 'cancelled')
             order by original_local",
    )
    .bind(meeting.id.0)
    .fetch_all(&world.pool)
    .await
    .expect("a database");
    let zone = Zone::named("Europe/Berlin").expect("a zone");
    let short = |time: NaiveDateTime| time.format("%m-%d %H:%M").to_string();
    rows.into_iter()
        .map(|(original, from, state, title)| {
            let (original, from) = (short(original), short(zone.local_of(from)));
            format!("{original} {from} {state} {}", title.unwrap_or_default())
        })
        .collect()
}

/// Cancels the 24th of November, moves the 1st of December by a day, renames the 8th.
pub async fn except(world: &World, meeting: &MeetingView) {
    let ana = world.actor("Ana");
    let gone = Some(local("2026-11-24T09:00:00"));
    let cancelled = world
        .service
        .cancel(&ana, meeting.id, None, Scope::This, gone)
        .await;
    cancelled.expect("it is hers");
    let once = |original: &str, change: ChangeMeeting| ChangeMeeting {
        scope: Scope::This,
        occurrence: Some(local(original)),
        ..change
    };
    let moved = ChangeMeeting {
        slot: slot("2026-12-02T10:00:00Z", 30),
        ..ChangeMeeting::default()
    };
    change(world, meeting, &once("2026-12-01T09:00:00", moved)).await;
    change(world, meeting, &once("2026-12-08T09:00:00", title("Party"))).await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_different_about_single_times_moves_with_the_series(pool: PgPool) {
    let world = world(pool).await;
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    except(&world, &booked).await;
    let expected = [
        "11-24 10:00 11-24 10:00 cancelled ",
        "12-01 10:00 12-02 12:00 confirmed ",
        "12-08 10:00 12-08 10:00 confirmed Party",
    ];
    let later = ChangeMeeting {
        slot: slot("2026-11-03T09:00:00Z", 30),
        ..ChangeMeeting::default()
    };
    change(&world, &booked, &later).await;
    assert_eq!(exceptions(&world, &booked).await, expected);
    let back = ChangeMeeting {
        slot: slot("2026-11-17T08:00:00Z", 30),
        ..ChangeMeeting::default()
    };
    let next = change(&world, &booked, &following("2026-11-17T10:00:00", back)).await;
    let expected = expected.map(|line| {
        let line = line.replace("10:00", "09:00");
        line.replace("12:00", "11:00")
    });
    assert_eq!(exceptions(&world, &next).await, expected);
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_series_with_an_end_takes_place_as_often_after_a_move(pool: PgPool) {
    let world = world(pool).await;
    for until in ["20261124T080000Z", "20261124"] {
        let mut request = weekly(&world, &[]);
        request.recurrence = Some(format!("FREQ=WEEKLY;UNTIL={until}"));
        let booked = world.book("Ana", &request, until).await;
        assert_eq!(starts(&world, &booked).await.len(), 4, "{until}");
        let later = ChangeMeeting {
            slot: slot("2026-11-04T13:00:00Z", 30),
            ..ChangeMeeting::default()
        };
        change(&world, &booked, &later).await;
        let starts = starts(&world, &booked).await;
        assert_eq!(starts.len(), 4, "{until}");
        assert_eq!(starts[3], "2026-11-25 14:00:00", "{until}");
        let ana = world.actor("Ana");
        let gone = world
            .service
            .cancel(&ana, booked.id, None, Scope::All, None);
        gone.await.expect("it is hers");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_running_series_takes_only_what_is_new(pool: PgPool) {
    let world = world(pool).await;
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    // Mia is taken then, but that is over when she is asked.
    let past = world.request(&["Mia"], "2026-11-10T08:00:00Z", 30);
    world.book("Lena", &past, "two").await;
    // Tom is missing at one time, and taken by another.
    let missing = "delete from scheduling.occupancy where who = $1 and original_local = $2";
    sqlx::query(missing)
        .bind(world.find("Tom").id.0)
        .bind(local("2027-01-12T09:00:00"))
        .execute(&world.pool)
        .await
        .expect("a database");
    let other = world.request(&["Tom"], "2027-01-12T08:00:00Z", 30);
    world.book("Lena", &other, "three").await;
    world.test.advance(TimeDelta::days(42));

    change(&world, &booked, &title("Renamed")).await;
    assert_eq!(world.claims("Tom").await, 53);
    let people = |names: &[&str]| ChangeMeeting {
        attendees: Some(
            names
                .iter()
                .map(|first| Invitee::Plain(world.find(first).email.clone()))
                .collect(),
        ),
        ..ChangeMeeting::default()
    };
    change(&world, &booked, &people(&["Tom", "Mia"])).await;
    // Six Tuesdays are over.
    assert_eq!(world.claims("Mia").await, 1 + 53 - 6);
    assert_eq!(world.claims("Tom").await, 53);
    change(&world, &booked, &people(&["Tom"])).await;
    assert_eq!(world.claims("Mia").await, 1);
    let next = change(
        &world,
        &booked,
        &following("2027-01-05T09:00:00", title("Again")),
    )
    .await;
    assert_eq!(world.claims("Tom").await, 53);

    // Whoever is new must be free whenever it is to come.
    let taken = world.request(&["Mia"], "2027-02-02T08:00:00Z", 30);
    world.book("Lena", &taken, "four").await;
    let lost = world
        .service
        .change(
            &world.actor("Ana"),
            next.id,
            Some(1),
            &people(&["Tom", "Mia"]),
        )
        .await;
    let Err(Error::SlotTaken(taken)) = lost else {
        panic!("it was not taken: {lost:?}");
    };
    let conflicts: Vec<_> = taken
        .conflicts
        .iter()
        .map(|c| (c.name.as_str(), c.from))
        .collect();
    assert_eq!(conflicts, [("Mia Brandt", at("2027-02-02T08:00:00Z"))]);
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn one_time_has_a_place_and_words_of_its_own(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    crate::mail::run(&world).await;
    let once = ChangeMeeting {
        location: Some("Yard".into()),
        description: Some("Bring coats.".into()),
        scope: Scope::This,
        occurrence: Some(local("2026-11-10T09:00:00")),
        ..ChangeMeeting::default()
    };
    let changed = change(&world, &booked, &once).await;
    assert_eq!((changed.location.as_str(), changed.sequence), ("", 1));
    assert_eq!(world.claims("Tom").await, 53);
    let id = booked.id.to_string();
    let page = world.service.meeting_page(&ana, &id).await.expect("hers");
    let own = &page.occurrences[1];
    assert!(own.changed);
    assert_eq!(own.location.as_deref(), Some("Yard"));
    assert_eq!(own.description.as_deref(), Some("Bring coats."));
    let first = local("2026-11-10T00:00:00").date();
    let agenda = world.service.agenda(&ana, Some(first), 8).await;
    let agenda = agenda.expect("hers").meetings;
    let places: Vec<&str> = agenda.iter().map(|(_, own)| own.place.as_str()).collect();
    assert_eq!(places, ["Yard", ""]);

    crate::mail::run(&world).await;
    let (_, _, _, text, words) = crate::mail::mails(&world).await.pop().expect("a mail");
    let text = text.expect("a calendar").replace("\r\n ", "");
    let (_, part) = text.split_once("RECURRENCE-ID").expect("one of its own");
    assert!(part.contains("LOCATION:Yard\r\n"), "{text}");
    assert!(part.contains("DESCRIPTION:Bring coats."), "{text}");
    assert!(words.contains("Tue 10 Nov 2026 is at Yard"), "{words}");

    world
        .test
        .advance(at("2026-11-10T07:59:00Z") - world.test.now());
    let reminded = world
        .registry
        .run("scheduling.remind", serde_json::Value::Null);
    reminded.await.expect("the job runs");
    let (.., words) = crate::mail::mails(&world).await.pop().expect("a mail");
    assert!(words.contains("Where:   Yard"), "{words}");

    // As the series says is nothing of its own.
    let back = ChangeMeeting {
        location: Some(String::new()),
        description: Some(String::new()),
        ..once
    };
    change(&world, &booked, &back).await;
    assert_eq!(exceptions(&world, &booked).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_whole_series_moves_and_what_was_cancelled_stays_so(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    let gone = Some(local("2026-11-10T09:00:00"));
    world
        .service
        .cancel(&ana, booked.id, Some(1), Scope::This, gone)
        .await
        .expect("it is hers");
    let change = ChangeMeeting {
        slot: Some(Slot {
            from: at("2026-11-04T13:00:00Z"),
            to: at("2026-11-04T13:30:00Z"),
        }),
        ..ChangeMeeting::default()
    };
    let moved = world
        .service
        .change(&ana, booked.id, Some(2), &change)
        .await;
    let moved = moved.expect("the time is free");
    assert_eq!(moved.recurrence.as_deref(), Some("FREQ=WEEKLY;BYDAY=WE"));
    let starts = starts(&world, &booked).await;
    assert_eq!(starts[0], "2026-11-04 14:00:00");
    assert_eq!(starts[1], "2026-11-18 14:00:00");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_rule_that_is_wrong_or_without_measure_is_refused(pool: PgPool) {
    let world = world(pool).await;
    for rule in [
        "FREQ=SOMETIMES",
        "FREQ=MINUTELY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ] {
        let mut request = weekly(&world, &[]);
        request.recurrence = Some(rule.into());
        let refused = world
            .service
            .book(&world.actor("Ana"), &request, rule)
            .await;
        let Err(Error::Invalid(problem)) = refused else {
            panic!("{rule} was not refused");
        };
        assert_eq!(problem.errors[0].field, "recurrence", "{rule}");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_series_goes_on_beyond_its_first_year(pool: PgPool) {
    let world = world(pool).await;
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    world.test.advance(TimeDelta::days(100));
    world
        .registry
        .run("scheduling.extend", serde_json::json!({}))
        .await
        .expect("the job runs");
    let starts = starts(&world, &booked).await;
    assert!(starts.len() > 60, "{}", starts.len());
    assert!(starts.iter().all(|s| s.ends_with("09:00:00")));
    let claims = world.claims("Tom").await;
    assert_eq!(usize::try_from(claims), Ok(starts.len()));
}
