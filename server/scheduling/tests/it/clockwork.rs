//! What happens by the clock: reminders, held time that is given back, series that go on.

use chrono::TimeDelta;
use model::scheduling::meeting::{MeetingState, Response};
use model::scheduling::views::Preferences;
use scheduling::Error;
use serde_json::Value;
use sqlx::PgPool;

use crate::mail::mails;
use crate::world::{World, at, world};

async fn tick(world: &World, job: &str) {
    let done = world.registry.run(job, Value::Null).await;
    done.expect("the job succeeds");
}

/// Moves the clock on to a time of the 3rd of November.
fn until(world: &World, text: &str) {
    world.test.advance(at(text) - world.test.now());
}

/// Who was reminded so far, with the subject, sorted.
async fn reminded(world: &World) -> Vec<(String, String)> {
    let all = mails(world).await.into_iter();
    let mut found: Vec<_> = all
        .map(|(to, subject, ..)| (to, subject))
        .filter(|(_, subject)| subject.starts_with("Reminder"))
        .collect();
    found.sort();
    found
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn everybody_is_reminded_once_and_as_early_as_they_want(pool: PgPool) {
    let world = world(pool).await;
    let people = ["Tom", "Mia", "Lena", "Ravi"];
    let booked = world
        .book("Ana", &world.request(&people, "09:00", 60), "one")
        .await;
    let wants = |first: &'static str, minutes: Option<u16>| {
        let (actor, service) = (world.actor(first), &world.service);
        async move {
            let wanted = Preferences {
                remind_minutes: minutes,
                ..Preferences::default()
            };
            let kept = service.save_preferences(&actor, 0, &wanted).await;
            kept.expect("good settings");
        }
    };
    wants("Mia", None).await;
    wants("Lena", Some(60)).await;
    let id = booked.id.to_string();
    let tom = world.actor("Tom");
    let declined = world.service.answer(&tom, &id, None, Response::Declined);
    declined.await.expect("he is asked");

    until(&world, "08:30");
    tick(&world, "scheduling.remind").await;
    let lena = ("lena.ott@example.org", "Reminder: Review, 10:00");
    let pair = |(to, subject): (&str, &str)| (to.to_owned(), subject.to_owned());
    assert_eq!(reminded(&world).await, [pair(lena)]);

    // Not Mia, who wants none, nor Tom, who does not come. Each by the own clock.
    until(&world, "08:55");
    for _ in 0..2 {
        tick(&world, "scheduling.remind").await;
        let ana = ("ana.kowalski@example.org", "Reminder: Review, 10:00");
        let ravi = ("ravi.menon@example.org", "Reminder: Review, 14:30");
        assert_eq!(reminded(&world).await, [pair(ana), pair(lena), pair(ravi)]);
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_reminder_catches_up_but_never_comes_after_the_beginning(pool: PgPool) {
    let world = world(pool).await;
    world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    world
        .book("Mia", &world.request(&["Lena"], "09:30", 60), "two")
        .await;
    until(&world, "09:29");
    tick(&world, "scheduling.remind").await;
    let subjects: Vec<String> = reminded(&world)
        .await
        .into_iter()
        .map(|(to, _)| to)
        .collect();
    assert_eq!(subjects, ["lena.ott@example.org", "mia.brandt@example.org"]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn held_time_that_nobody_confirmed_is_free_again(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let request = world.request(&["Tom"], "09:00", 60);
    let hold = |key: &'static str| {
        let (ana, request) = (ana.clone(), request.clone());
        let service = &world.service;
        async move {
            service
                .hold(&ana, &request, key, 10)
                .await
                .map(|(held, _)| held)
        }
    };
    let held = hold("one").await.expect("the time is free");
    world.test.advance(TimeDelta::minutes(9));
    tick(&world, "scheduling.hold").await;
    assert_eq!(world.claims("Tom").await, 1, "there is a minute left");
    world.test.advance(TimeDelta::minutes(1));
    tick(&world, "scheduling.hold").await;
    assert_eq!(world.claims("Tom").await, 0);
    let late = world.service.confirm(&ana, held.id).await;
    assert!(matches!(late, Err(Error::Over(_))), "{late:?}");
    let seen = world.service.meeting(&ana, held.id).await.expect("hers");
    assert_eq!(seen.state, MeetingState::Cancelled);

    let kept = hold("two").await.expect("the time is free again");
    world.service.confirm(&ana, kept.id).await.expect("in time");
    world.test.advance(TimeDelta::hours(1));
    tick(&world, "scheduling.hold").await;
    assert_eq!(world.claims("Tom").await, 1, "a confirmed one stays");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_series_goes_on_and_says_who_is_taken(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let mut request = world.request(&["Tom"], "2026-11-03T08:00:00Z", 30);
    request.recurrence = Some("FREQ=WEEKLY;BYDAY=TU".into());
    request.rooms = vec!["Oak".into()];
    let series = world.book("Ana", &request, "one").await;
    assert_eq!(world.claims("Tom").await, 53);
    tick(&world, "scheduling.extend").await;
    assert_eq!(world.claims("Tom").await, 53, "a year ahead is enough");

    // Beyond the year, so nothing stands in the way yet.
    let other = world.request(&["Tom"], "2027-11-16T08:15:00Z", 30);
    world.book("Mia", &other, "two").await;
    world.test.advance(TimeDelta::days(30));
    for _ in 0..2 {
        tick(&world, "scheduling.extend").await;
        // Four more Tuesdays; on one of them Tom is Mia's.
        assert_eq!(world.claims("Ana").await, 57);
        assert_eq!(world.claims("Tom").await, 57);
        assert_eq!(world.overlaps().await, 0);
        let id = series.id.to_string();
        let page = world.service.meeting_page(&ana, &id).await.expect("hers");
        let said: Vec<_> = page.history.iter().filter(|e| e.kind == "taken").collect();
        assert_eq!(said.len(), 1, "{:#?}", page.history);
        assert_eq!(
            said[0].text,
            "Repeats on 16 Nov 2027, 09:00, but taken then: Tom Becker"
        );
        assert!(!said[0].machine, "it must not be folded away");
        assert_eq!(page.meeting.version, series.version, "no change of hers");
        let told = mails(&world).await.into_iter();
        let told: Vec<_> = told
            .filter(|(_, subject, ..)| subject == "Taken: Review")
            .map(|(to, _, _, _, text)| (to, text.contains(&said[0].text)))
            .collect();
        let ana = world.find("Ana").email.clone();
        assert_eq!(told, [(ana, true)], "she is told once");
    }
}
