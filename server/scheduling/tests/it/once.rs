//! Answers to one time of a series.

use chrono::{NaiveDate, TimeDelta};
use model::scheduling::meeting::{
    ChangeMeeting, Invitee, MeetingView, OccurrenceView, Response, Scope,
};
use scheduling::Error;
use scheduling::reply::Outcome;
use serde_json::Value;
use sqlx::PgPool;

use crate::mail::{mails, run};
use crate::reply::{mail_of, take};
use crate::series::{self, change, following, slot, title};
use crate::world::{World, at, world};

/// The second of the Tuesdays, by its original local start and as instants.
const SECOND: &str = "2026-11-10T09:00:00";
const SECOND_AT: &str = "2026-11-10T08:00:00Z";

/// Every Tuesday at nine in Berlin with Tom, from 3 November 2026 on.
async fn weekly(world: &World) -> MeetingView {
    let request = series::weekly(world, &["Tom"]);
    world.book("Ana", &request, "weekly").await
}

/// Tom answers to the second time.
async fn answer(world: &World, meeting: &MeetingView, response: Response) -> Result<(), Error> {
    let (tom, id) = (world.actor("Tom"), meeting.id.to_string());
    let only = SECOND.parse().expect("a local time");
    world.service.answer(&tom, &id, Some(only), response).await
}

/// Tom answers to all of it.
async fn answer_all(world: &World, meeting: &MeetingView, response: Response) -> Result<(), Error> {
    let (tom, id) = (world.actor("Tom"), meeting.id.to_string());
    world.service.answer(&tom, &id, None, response).await
}

/// Tom answers by mail, sent so many minutes after midnight of 2 November: to one time, or to all.
async fn reply(
    world: &World,
    meeting: &MeetingView,
    only: Option<&str>,
    answer: &str,
    minute: i64,
) -> Vec<Outcome> {
    let tom = &world.find("Tom").email;
    let mail = mail_of(meeting, tom, tom, answer, 0, minute, only);
    take(world, &mail).await
}

/// As when somebody was taken at the second time when the series came to it.
async fn left_out(world: &World) {
    let done =
        sqlx::query("delete from scheduling.occupancy where who = $1 and lower(during) = $2")
            .bind(world.find("Tom").id.0)
            .bind(at(SECOND_AT))
            .execute(&world.pool)
            .await;
    assert_eq!(done.expect("a database").rows_affected(), 1);
}

/// The second time as somebody sees it.
async fn second(world: &World, meeting: &MeetingView, first: &str) -> OccurrenceView {
    let id = meeting.id.to_string();
    let page = world.service.meeting_page(&world.actor(first), &id).await;
    let mut times = page.expect("takes part").occurrences.into_iter();
    let second = times.find(|time| time.original.to_string().starts_with("2026-11-10"));
    second.expect("it takes place")
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_no_gives_that_time_back_alone(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    answer_all(&world, &series, Response::Accepted)
        .await
        .expect("he is asked");
    answer(&world, &series, Response::Declined)
        .await
        .expect("he is asked");
    assert_eq!(world.claims("Tom").await, 52);
    let own = second(&world, &series, "Tom").await;
    assert_eq!(own.my_response, Some(Response::Declined));
    assert_eq!(own.answers, [], "his own is not somebody else's");
    let hers = second(&world, &series, "Ana").await;
    assert_eq!(hers.my_response, None);
    assert_eq!(hers.answers[0].name, "Tom Becker");
    assert_eq!(hers.answers[0].response, Response::Declined);
    let day = NaiveDate::from_ymd_opt(2026, 11, 9);
    let agenda = world.service.agenda(&world.actor("Tom"), day, 14).await;
    let answers: Vec<_> = agenda
        .expect("his own")
        .meetings
        .into_iter()
        .map(|(_, meeting)| meeting.response)
        .collect();
    let expected = [Response::Declined, Response::Accepted];
    assert_eq!(answers, expected.map(Some));

    // His time is his own again, and then it is not to be had back.
    let other = world.request(&["Tom"], SECOND_AT, 30);
    world.book("Mia", &other, "other").await;
    let late = answer(&world, &series, Response::Accepted).await;
    assert!(matches!(late, Err(Error::SlotTaken(_))), "{late:?}");
    assert_eq!(
        second(&world, &series, "Tom").await.my_response,
        Some(Response::Declined)
    );
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_answer_to_all_of_it_does_away_with_those_to_single_times(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    answer(&world, &series, Response::Declined)
        .await
        .expect("he is asked");
    answer(&world, &series, Response::NeedsAction)
        .await
        .expect("as to all of it");
    assert_eq!(world.claims("Tom").await, 53);
    answer(&world, &series, Response::Declined)
        .await
        .expect("he is asked");
    answer_all(&world, &series, Response::Accepted)
        .await
        .expect("the time is still free");
    assert_eq!(world.claims("Tom").await, 53);
    let own = second(&world, &series, "Tom").await;
    assert_eq!(own.my_response, Some(Response::Accepted));

    // And the other way round.
    answer_all(&world, &series, Response::Declined)
        .await
        .expect("he is asked");
    answer(&world, &series, Response::Accepted)
        .await
        .expect("the time is still free");
    assert_eq!(world.claims("Tom").await, 1);
    answer_all(&world, &series, Response::Declined)
        .await
        .expect("he is asked");
    assert_eq!(world.claims("Tom").await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_time_that_is_over_or_is_none_is_not_answered_to(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    world.test.advance(at(SECOND_AT) - world.test.now());
    world.test.advance(TimeDelta::minutes(30));
    let late = answer(&world, &series, Response::Declined).await;
    assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");
    let tom = world.actor("Tom");
    let none = "2026-11-18T09:00:00".parse().expect("a local time");
    let id = series.id.to_string();
    let none = world
        .service
        .answer(&tom, &id, Some(none), Response::Declined)
        .await;
    assert!(matches!(none, Err(Error::Invalid(_))), "{none:?}");
    assert_eq!(world.claims("Tom").await, 53);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn it_survives_a_split_and_ends_when_the_time_is_moved(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    answer(&world, &series, Response::Declined)
        .await
        .expect("he is asked");
    let renamed = following(SECOND, title("Renamed"));
    let next = change(&world, &series, &renamed).await;
    let own = second(&world, &next, "Tom").await;
    assert_eq!(own.my_response, Some(Response::Declined));
    assert_eq!(world.claims("Tom").await, 52);

    let moved = ChangeMeeting {
        scope: Scope::This,
        occurrence: Some(SECOND.parse().expect("a local time")),
        slot: slot("2026-11-10T10:00:00Z", 30),
        ..ChangeMeeting::default()
    };
    change(&world, &next, &moved).await;
    let own = second(&world, &next, "Tom").await;
    assert_eq!(own.my_response, Some(Response::NeedsAction), "asked anew");
    assert_eq!(world.claims("Tom").await, 53);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn whoever_is_taken_off_keeps_no_time_of_a_single_yes(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    answer_all(&world, &series, Response::Declined)
        .await
        .expect("he is asked");
    answer(&world, &series, Response::Accepted)
        .await
        .expect("the time is free");
    assert_eq!(world.claims("Tom").await, 1);
    let without = ChangeMeeting {
        attendees: Some(Vec::new()),
        ..ChangeMeeting::default()
    };
    change(&world, &series, &without).await;
    assert_eq!(world.claims("Tom").await, 0);
    assert_eq!(world.claims("Ana").await, 53);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_mails_know_of_it(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    answer_all(&world, &series, Response::Accepted)
        .await
        .expect("he is asked");
    answer(&world, &series, Response::Declined)
        .await
        .expect("he is asked");
    run(&world).await;
    let all = mails(&world).await;
    let tom = &world.find("Tom").email;
    let invitation = all
        .iter()
        .find(|(to, subject, ..)| to == tom && subject.starts_with("Invitation"));
    let (.., text, _) = invitation.expect("he is asked");
    let text = text.clone().expect("a calendar").replace("\r\n ", "");
    let (whole, single) = text.split_once("RECURRENCE-ID").expect("one of its own");
    assert!(single.starts_with(";TZID=Europe/Berlin:20261110T090000"));
    let his = |part: &str| {
        let mut lines = part.lines();
        let line = lines.find(|line| line.ends_with(&format!("mailto:{tom}")));
        line.expect("he is asked").to_owned()
    };
    assert!(his(whole).contains("PARTSTAT=ACCEPTED"), "{text}");
    assert!(his(single).contains("PARTSTAT=DECLINED"), "{text}");

    // He is not reminded of what he does not come to, but of the next.
    for (now, reminders) in [("2026-11-10T07:55:00Z", 0), ("2026-11-17T07:55:00Z", 1)] {
        world.test.advance(at(now) - world.test.now());
        let done = world.registry.run("scheduling.remind", Value::Null).await;
        done.expect("the job succeeds");
        let all = mails(&world).await;
        let his = all
            .iter()
            .filter(|(to, subject, ..)| to == tom && subject.starts_with("Reminder"));
        assert_eq!(his.count(), reminders, "{now}");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_reply_to_one_time_counts_for_it_alone(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    assert_eq!(
        reply(&world, &series, Some(SECOND_AT), "DECLINED", 10).await,
        [Outcome::Taken]
    );
    assert_eq!(world.claims("Tom").await, 52);
    let own = second(&world, &series, "Tom").await;
    assert_eq!(own.my_response, Some(Response::Declined));
    let other = world.request(&["Tom"], SECOND_AT, 30);
    world.book("Mia", &other, "other").await;
    assert_eq!(
        reply(&world, &series, Some(SECOND_AT), "ACCEPTED", 20).await,
        [Outcome::TimeTaken]
    );
    let own = second(&world, &series, "Tom").await;
    assert_eq!(own.my_response, Some(Response::Declined));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_yes_to_one_time_stays_whether_or_not_somebody_is_needed(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    answer(&world, &series, Response::Accepted)
        .await
        .expect("he is asked");
    for (required, claims) in [(false, 1), (true, 53), (false, 1)] {
        let tom = Invitee::Full {
            user: world.find("Tom").email.clone(),
            required,
        };
        let needed = ChangeMeeting {
            attendees: Some(vec![tom]),
            ..ChangeMeeting::default()
        };
        change(&world, &series, &needed).await;
        assert_eq!(world.claims("Tom").await, claims, "needed: {required}");
    }
    let other = world.request(&["Tom"], SECOND_AT, 30);
    world.taken("Mia", &other, "other").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_yes_asks_for_a_time_that_the_series_did_not_get(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    left_out(&world).await;
    let yes = reply(&world, &series, Some(SECOND_AT), "ACCEPTED", 10).await;
    assert_eq!(yes, [Outcome::Taken]);
    assert_eq!(world.claims("Tom").await, 53);
    left_out(&world).await;
    let other = world.request(&["Tom"], SECOND_AT, 30);
    world.book("Mia", &other, "other").await;
    let yes = reply(&world, &series, Some(SECOND_AT), "ACCEPTED", 20).await;
    assert_eq!(yes, [Outcome::TimeTaken]);
    // The same mail again is known, and nobody is told twice.
    let again = reply(&world, &series, Some(SECOND_AT), "ACCEPTED", 20).await;
    assert_eq!(again, [Outcome::Outdated]);
    let ana = &world.find("Ana").email;
    let told = mails(&world).await.into_iter();
    let told: Vec<_> = told.filter(|(to, ..)| to == ana).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].4.contains("Tue 10 Nov 2026, 09:00"),
        "{}",
        told[0].4
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_yes_to_all_of_it_leaves_a_time_to_whoever_has_it(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    left_out(&world).await;
    let other = world.request(&["Tom"], SECOND_AT, 30);
    world.book("Mia", &other, "other").await;
    let third = "2026-11-17T09:00:00".parse().expect("a local time");
    let (tom, id) = (world.actor("Tom"), series.id.to_string());
    let no = world
        .service
        .answer(&tom, &id, Some(third), Response::Declined);
    no.await.expect("he is asked");
    answer_all(&world, &series, Response::Accepted)
        .await
        .expect("what he gave back is free");
    // All but the second, which is Mia's, and Mia's.
    assert_eq!(world.claims("Tom").await, 53);
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_older_mail_undoes_nothing_and_a_late_one_is_late(pool: PgPool) {
    let world = world(pool).await;
    let series = weekly(&world).await;
    answer(&world, &series, Response::Declined)
        .await
        .expect("he is asked");
    for only in [None, Some(SECOND_AT)] {
        let before = reply(&world, &series, only, "ACCEPTED", 10).await;
        assert_eq!(before, [Outcome::Outdated], "{only:?}");
    }
    assert_eq!(world.claims("Tom").await, 52);
    world.test.advance(TimeDelta::days(2));
    let first = reply(
        &world,
        &series,
        Some("2026-11-03T08:00:00Z"),
        "DECLINED",
        2_000,
    )
    .await;
    assert_eq!(first, [Outcome::Outdated]);
    assert_eq!(world.claims("Tom").await, 52);
}
