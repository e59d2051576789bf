//! Days as they are read: months, single days, lists, and the board.

use attendance::Error;
use attendance::days::DaysQuery;
use model::attendance::day::{Direction, Disposition};
use model::attendance::views::Whereabouts;
use sqlx::PgPool;

use crate::world::{d1, date, punch, world};

fn query(employee: &str, from: &str, to: &str) -> DaysQuery {
    DaysQuery {
        employee: Some(employee.to_owned()),
        from: date(from),
        to: date(to),
        cursor: None,
        limit: 2,
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_list_goes_on_where_the_page_before_ended(pool: PgPool) {
    let world = world(pool).await;
    sqlx::query("update attendance.employee set number = '1042' where id = $1")
        .bind(world.id("Ana").0)
        .execute(&world.pool)
        .await
        .expect("a number");
    world.clock("2026-11-28T12:00+01:00");
    for day in 23..=27 {
        let (email, day) = (world.email("Ana"), format!("2026-11-{day}"));
        world
            .tell(&[
                punch(&format!("{day} in"), &email, &format!("{day}T09:00")),
                punch(&format!("{day} out"), &email, &format!("{day}T17:00")),
            ])
            .await;
    }
    // Nobody has derived yet: whoever asks gets the days all the same.
    for name in [
        world.email("Ana"),
        world.id("Ana").to_string(),
        "1042".to_owned(),
    ] {
        let mut asked = query(&name, "2026-11-01", "2026-11-30");
        let mut dates = Vec::new();
        loop {
            let page = world.service.days(&world.hr(), &asked).await.expect("days");
            dates.extend(page.items.iter().map(|day| day.day.work_date.to_string()));
            match page.next {
                Some(next) => asked.cursor = Some(next),
                None => break,
            }
        }
        let all = [
            "2026-11-23",
            "2026-11-24",
            "2026-11-25",
            "2026-11-26",
            "2026-11-27",
        ];
        assert_eq!(dates, all);
    }
    let refused = [
        (query("nobody@example.org", "2026-11-01", "2026-11-30"), 404),
        (query("1042", "2026-11-30", "2026-11-01"), 422),
        (query("1042", "2026-01-01", "2027-01-02"), 422),
    ];
    for (asked, status) in refused {
        let error = world
            .service
            .days(&world.hr(), &asked)
            .await
            .expect_err("it is refused");
        assert_eq!(model::Problem::from(error).status, status);
    }
    let mut asked = query("1042", "2026-11-01", "2026-11-30");
    asked.cursor = Some("what".into());
    let refused = world.service.days(&world.hr(), &asked).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_month_is_whole_weeks_and_adds_up(pool: PgPool) {
    let world = world(pool).await;
    world
        .plan("Ana", &["2026-11-23", "2026-11-24", "2026-11-30"], &d1())
        .await;
    world.press("Ana", "2026-11-23T09:10", Direction::In).await;
    world.press("Ana", "2026-11-23T18:00", Direction::Out).await;
    world.press("Ana", "2026-11-24T09:00", Direction::In).await;
    world.clock("2026-11-25T09:00+01:00");
    world.tick("attendance.due").await;
    let page = world
        .service
        .month(&world.actor("Ana"), None, None)
        .await
        .expect("her month");
    assert!(page.own);
    assert_eq!(page.month, date("2026-11-01"));
    assert_eq!(page.zone, "Europe/Berlin");
    assert_eq!(page.days.len() % 7, 0);
    assert_eq!(page.days[0].date, date("2026-10-26"));
    assert!(!page.days[0].in_month);
    let day = |text: &str| {
        page.days
            .iter()
            .find(|day| day.date == date(text))
            .expect("a day")
    };
    assert_eq!(
        day("2026-11-23").status.expect("one").to_string(),
        "present"
    );
    assert_eq!(day("2026-11-23").late_minutes, 10);
    assert_eq!(day("2026-11-23").shifts, ["09:00–18:00"]);
    assert_eq!(
        day("2026-11-24").status.expect("one").to_string(),
        "incomplete"
    );
    assert!(day("2026-11-25").today && day("2026-11-25").status.is_none());
    assert_eq!(day("2026-11-30").expected_minutes, 480);
    let totals = page.totals;
    assert_eq!(
        (totals.counted, totals.expected, totals.balance),
        (470, 960, -490)
    );
    assert_eq!((totals.late_days, totals.incomplete_days), (1, 1));
    let far = world
        .service
        .month(&world.actor("Ana"), None, Some(date("9999-12-31")))
        .await;
    assert!(matches!(far, Err(Error::Invalid(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_day_says_where_each_punch_comes_from_and_what_became_of_it(pool: PgPool) {
    let world = world(pool).await;
    world.plan("Ana", &["2026-11-23"], &d1()).await;
    world.press("Ana", "2026-11-23T09:00", Direction::In).await;
    world.clock("2026-11-23T20:00+01:00");
    let mut elsewhere = punch("k", &world.email("Ana"), "2026-11-23T22:30+05:30");
    elsewhere.zone = "Asia/Kolkata".into();
    elsewhere.source = "Lobby".into();
    let again = punch("again", &world.email("Ana"), "2026-11-23T09:00");
    world.tell(&[elsewhere, again]).await;
    let ana = world.actor("Ana");
    let page = world
        .service
        .day_page(&ana, None, date("2026-11-23"))
        .await
        .expect("her day");
    let lines: Vec<_> = page
        .punches
        .iter()
        .map(|line| (line.at.clock(), line.source.as_str(), line.disposition))
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[2],
        ("18:00".to_owned(), "Lobby", Disposition::Counted)
    );
    assert_eq!(
        page.punches[2].elsewhere.as_deref(),
        Some("22:30 in Kolkata")
    );
    let repeats = lines
        .iter()
        .filter(|line| line.2 == Disposition::Duplicate)
        .count();
    assert_eq!(repeats, 1);
    assert!(page.may_request);
    assert_eq!(page.shifts[0].name, "Day");
    assert!(!page.day.expect("a day").explanation.is_empty());

    // A punch that was taken out is still shown, with who did so and why.
    let id = page.punches[2].id;
    sqlx::query(
        "insert into attendance.punch_annotation
             (id, punch_id, kind, reason, actor, actor_label, decided_at)
         values (gen_random_uuid(), $1, 'void', 'not hers', 'person:x', 'Marta Klein', $2)",
    )
    .bind(id.0)
    .bind(world.now())
    .execute(&world.pool)
    .await
    .expect("a decision");
    world.mark("Ana", "2026-11-23", "2026-11-23").await;
    let page = world
        .service
        .day_page(&ana, None, date("2026-11-23"))
        .await
        .expect("her day");
    let line = page
        .punches
        .iter()
        .find(|line| line.id == id)
        .expect("it is there");
    assert!(line.void);
    assert!(
        line.decisions[0].starts_with("Taken out by Marta Klein"),
        "{:?}",
        line.decisions
    );
    assert_eq!(page.day.expect("a day").counted_minutes, 0);
    // A day of which nothing is known is an empty page.
    let page = world
        .service
        .day_page(&ana, None, date("2026-11-12"))
        .await
        .expect("her day");
    assert!(page.day.is_none() && page.punches.is_empty());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_board_tells_colleagues_where_and_managers_since_when(pool: PgPool) {
    let world = world(pool).await;
    world.press("Ana", "2026-11-23T09:00", Direction::In).await;
    world.press("Tom", "2026-11-23T09:05", Direction::In).await;
    world
        .press("Tom", "2026-11-23T10:00", Direction::BreakOut)
        .await;
    world.derive().await;
    let see = async |who: &str| {
        let page = world
            .service
            .presence(&world.actor(who))
            .await
            .expect("the board");
        let people: Vec<_> = page
            .teams
            .into_iter()
            .flat_map(|team| team.people)
            .collect();
        let line = |p: model::attendance::views::PersonPresence| {
            (p.person.name, p.state, p.since.map(|at| at.clock()))
        };
        (
            people.into_iter().map(line).collect::<Vec<_>>(),
            page.with_times,
        )
    };
    let (people, with_times) = see("Ana").await;
    let ana = (
        "Ana Kowalski".to_owned(),
        Whereabouts::In,
        Some("09:00".to_owned()),
    );
    assert_eq!(
        people,
        [
            ana.clone(),
            ("Tom Becker".to_owned(), Whereabouts::Break, None)
        ]
    );
    assert!(!with_times);
    let (people, with_times) = see("Marta").await;
    assert!(with_times);
    assert!(people.contains(&ana));
    assert!(people.contains(&("Mia Brandt".to_owned(), Whereabouts::Out, None)));
    assert_eq!(people.len(), 4);
    assert_eq!(see("Henry").await.0.len(), 7);
    // Ada is in no team, and nobody's manager: she sees herself.
    assert_eq!(see("Ada").await.0.len(), 1);
    // Who forgot to clock out is not in for ever.
    world.clock("2026-11-24T12:00+01:00");
    world.tick("attendance.due").await;
    assert_eq!(see("Ana").await.0[0].1, Whereabouts::Out);
}
