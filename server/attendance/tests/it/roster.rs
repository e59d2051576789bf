//! The roster: who sees it, who writes it, what rotations write, and what follows from it.

use attendance::Error;
use attendance::roster::RosterChanged;
use chrono::TimeDelta;
use model::Problem;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::office::{Office, day, office, shift};

fn code(error: Error) -> String {
    Problem::from(error).code
}

async fn tick(office: &Office) {
    let done = office.registry.run("attendance.rotate", Value::Null).await;
    done.expect("the job succeeds");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn managers_see_their_reports_and_hr_everybody(pool: PgPool) {
    let office = office(pool).await;
    let names = async |actor| {
        let page = office.week(&actor, "2026-11-04").await;
        assert_eq!(page.monday, day("2026-11-02"));
        assert_eq!(page.rows[0].cells.len(), 7);
        let rows = page.rows.into_iter();
        let rows = rows.map(|row| (row.team, row.person.name));
        let named: Vec<String> = rows.map(|(team, name)| format!("{team}: {name}")).collect();
        (named, page.teams)
    };
    let (own, teams) = names(office.marta()).await;
    assert_eq!(own, ["Front desk: Tom Becker", "Night watch: Ana Kowalski"]);
    assert_eq!(teams, ["Front desk", "Night watch"]);
    let (all, _) = names(office.hr()).await;
    let rest = [": Grace Hill", ": Henry Adler", ": Marta Klein"];
    assert_eq!(all[..2], own);
    assert_eq!(all[2..], rest);
    let refused = office.service.roster(&office.ana(), None, None).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let hr = office.hr();
    let one_team = office.service.roster(&hr, None, Some("Front desk"));
    let one_team = one_team.await.expect("a roster");
    assert_eq!(one_team.rows.len(), 1);
    assert_eq!(one_team.teams.len(), 2);
    assert_eq!(one_team.templates.len(), 3);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_day_is_written_once_and_told_of(pool: PgPool) {
    let office = office(pool).await;
    let (marta, late) = (office.marta(), [office.late]);
    let assign = |actor, who, version| {
        let office = &office;
        async move {
            office
                .try_assign(actor, who, "2026-11-05", &late, version)
                .await
        }
    };
    assign(&marta, "Tom", 0).await.expect("a free day");
    let cell = office.cell("Tom", "2026-11-05").await;
    assert_eq!((cell.version, cell.by_hand, cell.locked), (1, true, false));
    let shift = &cell.shifts[0];
    assert_eq!((shift.code.as_str(), shift.minutes), ("L", 450));
    assert_eq!(shift.time, "14:00–22:00");
    assert_eq!(
        office.stale().await,
        [("Tom".to_owned(), day("2026-11-05"))]
    );
    let told = office.events("roster.changed").await;
    let expected = RosterChanged {
        employee: office.id("Tom"),
        date: day("2026-11-05"),
        until: day("2026-11-05"),
    };
    assert_eq!(told.last(), Some(&json!(expected)));
    assert_eq!(office.events("attendance.roster").await.len(), told.len());

    let again = assign(&marta, "Tom", 0)
        .await
        .expect_err("it is written already");
    assert_eq!(code(again), "changed_meanwhile");
    assign(&marta, "Tom", 1)
        .await
        .expect("nobody else has changed it");
    let late_one = assign(&marta, "Tom", 1).await.expect_err("it was changed");
    assert_eq!(code(late_one), "changed_meanwhile");
    let strange = assign(&marta, "Grace", 0)
        .await
        .expect_err("not her report");
    assert!(matches!(strange, Error::NotFound(_)));
    let ana = office.ana();
    let refused = assign(&ana, "Ana", 0).await.expect_err("an employee");
    assert!(matches!(refused, Error::Forbidden(_)));
    assign(&office.hr(), "Grace", 0).await.expect("HR may");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_locked_day_and_shifts_at_one_time_are_refused(pool: PgPool) {
    let office = office(pool).await;
    office.lock("2026-10-01", "2026-10-31").await;
    let (hr, early) = (office.hr(), office.early);
    let locked = office
        .try_assign(&hr, "Tom", "2026-10-31", &[early], 0)
        .await;
    assert!(matches!(locked, Err(Error::Locked)));
    assert!(office.cell("Tom", "2026-10-31").await.locked);
    assert!(!office.cell("Tom", "2026-11-01").await.locked);
    let twice = [early, early];
    let twice = office.try_assign(&hr, "Tom", "2026-11-03", &twice, 0).await;
    assert_eq!(code(twice.expect_err("twice")), "invalid");
    let long = shift("Long", "LL", "07:00", "15:00");
    let long = office
        .service
        .save_template(&hr, None, 0, &long)
        .await
        .expect("a new shift");
    let both = office
        .try_assign(&hr, "Tom", "2026-11-03", &[early, long], 0)
        .await;
    assert_eq!(code(both.expect_err("at one time")), "invalid");
    office
        .assign("Tom", "2026-11-03", &[office.late, early])
        .await;
    let cell = office.cell("Tom", "2026-11-03").await;
    let codes: Vec<&str> = cell
        .shifts
        .iter()
        .map(|shift| shift.code.as_str())
        .collect();
    assert_eq!(codes, ["E", "L"]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_cell_says_who_is_away_what_holiday_it_is_and_where_rest_is_short(pool: PgPool) {
    let office = office(pool).await;
    office.run("insert into attendance.holiday_calendar (region, name, document, version, updated_at)
         values ('DE-BE', 'Berlin', '{\"2026-11-05\": {\"name\": \"Founding day\", \"part\": \"pm\"}}', 1, now());
         insert into attendance.leave_type (id, name, paid, told_as, accrual, version)
         values ('018f0000-0000-7000-8000-000000000001', 'Annual', true, 'leave', '{}', 1)").await;
    office
        .terms("Tom", "2026-11-01", |terms| {
            terms.region = Some("DE-BE".into());
            terms.manager = Some(office.id("Marta"));
        })
        .await;
    for (date, shift) in [
        ("2026-11-01", office.late),
        ("2026-11-02", office.early),
        ("2026-11-03", office.late),
        ("2026-11-05", office.early),
        ("2026-11-06", office.late),
    ] {
        office.assign("Tom", date, &[shift]).await;
    }
    office.run(&format!(
        "insert into attendance.leave_request (id, employee_id, type_id, from_day, to_day, part, note,
             state, minutes, version, client_key, created_by, created_at)
         values ('018f0000-0000-7000-8000-000000000002', '{0}',
             '018f0000-0000-7000-8000-000000000001', '2026-11-03', '2026-11-03', 'full', '',
             'approved', 450, 1, 'k', 'person', now());
         insert into attendance.leave_day (employee_id, day, halves, request_id, type_id, minutes)
         values ('{0}', '2026-11-03', '[0,2)', '018f0000-0000-7000-8000-000000000002',
             '018f0000-0000-7000-8000-000000000001', 450)",
        office.id("Tom")
    ))
    .await;
    let row = office.row("Tom", "2026-11-02").await;
    let holidays: Vec<_> = row
        .cells
        .iter()
        .map(|cell| cell.holiday.as_deref())
        .collect();
    assert_eq!(holidays[3], Some("Founding day, second half"));
    assert_eq!(holidays.iter().flatten().count(), 1);
    let away: Vec<bool> = row.cells.iter().map(|cell| cell.leave).collect();
    assert_eq!(away, [false, true, false, false, false, false, false]);
    // From Sunday's late shift it is eight hours to Monday's early one.
    let short: Vec<i64> = row
        .cells
        .iter()
        .map(|cell| cell.rest_short_minutes)
        .collect();
    assert_eq!(short, [180, 0, 0, 0, 0, 0, 0]);
    assert_eq!(row.minutes, 4 * 450);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_rotation_writes_eight_weeks_ahead_and_each_day_one_more(pool: PgPool) {
    let office = office(pool).await;
    let shifts = office.rotation("Crew", "2026-11-02", "EELLNN....").await;
    office.follow("Ana", Some(shifts), "2026-11-02").await;
    assert_eq!(office.codes("Ana", "2026-11-02").await, "EELLNN.");
    assert_eq!(office.codes("Ana", "2026-11-09").await, "...EELL");
    let cell = office.cell("Ana", "2026-11-02").await;
    assert!(!cell.by_hand);
    assert_eq!(office.cell("Ana", "2026-12-28").await.version, 1);
    assert_eq!(office.cell("Ana", "2026-12-29").await.version, 0);
    office.forget().await;
    let told = office.events("roster.changed").await.len();
    tick(&office).await;
    assert!(office.stale().await.is_empty());
    assert_eq!(office.events("roster.changed").await.len(), told);
    office.test.advance(TimeDelta::days(1));
    tick(&office).await;
    assert_eq!(
        office.stale().await,
        [("Ana".to_owned(), day("2026-12-29"))]
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_written_by_hand_stays(pool: PgPool) {
    let office = office(pool).await;
    let early = office.rotation("Early", "2026-11-02", "EEEEE..").await;
    office.assign("Ana", "2026-11-04", &[office.night]).await;
    office.assign("Ana", "2026-11-11", &[]).await;
    office.follow("Ana", Some(early), "2026-11-02").await;
    assert_eq!(office.codes("Ana", "2026-11-02").await, "EENEE..");
    assert_eq!(office.codes("Ana", "2026-11-09").await, "EE.EE..");
    let late = office.rotation("Late", "2026-11-02", "LLLLL..").await;
    office.follow("Ana", Some(late), "2026-11-06").await;
    assert_eq!(office.codes("Ana", "2026-11-02").await, "EENEL..");
    assert_eq!(office.codes("Ana", "2026-11-09").await, "LL.LL..");
    office.follow("Ana", None, "2026-11-12").await;
    assert_eq!(office.codes("Ana", "2026-11-09").await, "LL.----");
    tick(&office).await;
    assert_eq!(office.codes("Ana", "2026-11-09").await, "LL.----");
    let (hr, nobody) = (office.hr(), model::RotationId(uuid::Uuid::nil()));
    let none =
        office
            .service
            .assign_rotation(&hr, office.id("Ana"), Some(nobody), day("2026-11-12"));
    assert!(matches!(none.await, Err(Error::NotFound("rotation"))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_changed_shift_reaches_days_to_come_of_rotations_alone(pool: PgPool) {
    let office = office(pool).await;
    let early = office.rotation("Early", "2026-11-02", "EEEEE..").await;
    office.follow("Ana", Some(early), "2026-11-02").await;
    office.assign("Tom", "2026-11-06", &[office.early]).await;
    office.forget().await;
    let hr = office.hr();
    let sooner = shift("Early", "E", "05:30", "13:30");
    let change = |version| {
        office
            .service
            .save_template(&hr, Some(office.early), version, &sooner)
    };
    change(1).await.expect("a good change");
    let time = async |who, date| office.cell(who, date).await.shifts[0].time.clone();
    assert_eq!(time("Ana", "2026-11-02").await, "06:00–14:00");
    assert_eq!(time("Ana", "2026-11-03").await, "05:30–13:30");
    assert_eq!(time("Tom", "2026-11-06").await, "06:00–14:00");
    let stale = office.stale().await;
    assert_eq!(stale[0], ("Ana".to_owned(), day("2026-11-03")));
    assert!(stale.iter().all(|(who, _)| who == "Ana"));
    let again = change(1).await.expect_err("it was changed");
    assert_eq!(code(again), "changed_meanwhile");
    let late = shift("late", "X", "01:00", "02:00");
    let same_name = office.service.save_template(&hr, None, 0, &late);
    assert_eq!(
        code(same_name.await.expect_err("a name that is taken")),
        "taken"
    );
    let blank = shift(" ", "X", "01:00", "02:00");
    let no_name = office.service.save_template(&hr, None, 0, &blank);
    assert_eq!(code(no_name.await.expect_err("no name")), "invalid");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_week_is_copied_where_nothing_was_decided(pool: PgPool) {
    let office = office(pool).await;
    let hr = office.hr();
    for (date, shifts) in [
        ("2026-11-02", vec![office.early]),
        ("2026-11-03", vec![]),
        ("2026-11-04", vec![office.late]),
        ("2026-11-11", vec![office.night]),
    ] {
        office.assign("Tom", date, &shifts).await;
    }
    let rotation = office
        .rotation("Early, late", "2026-11-02", "EEEEE..LLLLL..")
        .await;
    office.follow("Ana", Some(rotation), "2026-11-02").await;
    // What is copied is the shift as it is now.
    let sooner = shift("Early", "E", "05:30", "13:30");
    let changed = office
        .service
        .save_template(&hr, Some(office.early), 1, &sooner);
    changed.await.expect("a good change");
    let copy = |team| office.service.copy_week(&hr, day("2026-11-02"), team);
    assert_eq!(copy(Some("Front desk")).await.expect("a copy"), 2);
    assert_eq!(office.codes("Tom", "2026-11-09").await, "E.N----");
    let cell = office.cell("Tom", "2026-11-09").await;
    assert_eq!(
        (cell.by_hand, cell.shifts[0].time.as_str()),
        (true, "05:30–13:30")
    );
    assert_eq!(office.codes("Ana", "2026-11-09").await, "LLLLL..");
    assert_eq!(copy(None).await.expect("a copy"), 5);
    assert_eq!(office.codes("Ana", "2026-11-09").await, "EEEEE..");
    assert_eq!(copy(None).await.expect("a copy"), 0);
    let tuesday = office.service.copy_week(&hr, day("2026-11-03"), None).await;
    assert_eq!(code(tuesday.expect_err("no Monday")), "invalid");
    let marta = office
        .service
        .copy_week(&office.marta(), day("2026-11-02"), None)
        .await;
    assert!(matches!(marta, Err(Error::Forbidden(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn locked_days_are_not_written_by_rotations(pool: PgPool) {
    let office = office(pool).await;
    office.lock("2026-10-01", "2026-10-31").await;
    let early = office.rotation("Early", "2026-11-02", "E").await;
    office.follow("Ana", Some(early), "2026-10-26").await;
    assert_eq!(office.codes("Ana", "2026-10-26").await, "------E");
    assert_eq!(office.codes("Ana", "2026-11-02").await, "EEEEEEE");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn meetings_are_told_when_shifts_are(pool: PgPool) {
    let office = office(pool).await;
    let hr = office.hr();
    let site = office
        .service
        .save_site(&hr, None, "Manhattan", "America/New_York");
    let site = site.await.expect("a new site");
    office
        .terms("Tom", "2026-11-04", |terms| terms.site = Some(site))
        .await;
    office.assign("Tom", "2026-11-03", &[office.night]).await;
    office.assign("Tom", "2026-11-04", &[office.early]).await;
    let of = async |date| {
        let shifts = office.service.shifts_of(office.id("Tom"), day(date)).await;
        let shifts = shifts.expect("somebody who is known").into_iter();
        let text = shifts.map(|(key, from, to, night)| {
            let place = key.rsplit(':').next().expect("a place").to_owned();
            format!(
                "{place} {} {} {night}",
                from.format("%dT%H:%M"),
                to.format("%dT%H:%M")
            )
        });
        text.collect::<Vec<_>>()
    };
    assert_eq!(of("2026-11-03").await, ["0 03T21:00 04T05:00 true"]);
    assert_eq!(of("2026-11-04").await, ["0 04T11:00 04T19:00 false"]);
    assert!(of("2026-11-05").await.is_empty());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn several_people_are_put_onto_a_rotation_at_once_or_nobody(pool: PgPool) {
    let office = office(pool).await;
    let rotation = office.rotation("Weeks", "2026-11-02", "EEEEE..").await;
    let follow = async |people: &[&str], rotation, from: &str| {
        let people: Vec<String> = people.iter().map(|name| (*name).to_owned()).collect();
        let hr = office.hr();
        let done = office
            .service
            .follow_rotation(&hr, &people, rotation, day(from));
        done.await
    };
    let stranger = ["ana.kowalski@example.org", "eve@example.org"];
    let refused = follow(&stranger, Some(rotation), "2026-11-09").await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert_eq!(office.codes("Ana", "2026-11-09").await, "-------");
    let refused = follow(&[" "], Some(rotation), "2026-11-09").await;
    assert!(matches!(refused, Err(Error::Invalid(_))));

    let tom = office.id("Tom").to_string();
    let both = ["ana.kowalski@example.org", tom.as_str()];
    for _ in 0..2 {
        let done = follow(&both, Some(rotation), "2026-11-09").await;
        assert_eq!(done.expect("both are known"), 2);
    }
    for first in ["Ana", "Tom"] {
        assert_eq!(office.codes(first, "2026-11-09").await, "EEEEE..");
    }
    let page = office.service.rotations_page(&office.hr()).await;
    let page = page.expect("HR may");
    assert_eq!(page.rotations.len(), 1);
    let names: Vec<&str> = page.rotations[0]
        .followers
        .iter()
        .map(|one| one.person.name.as_str())
        .collect();
    assert_eq!(names, ["Ana Kowalski", "Tom Becker"]);
    assert_eq!(page.templates.len(), 3);
    assert!(page.people.len() >= 5);

    // Ended from a day on, what is before it stays.
    let ended = follow(&["ana.kowalski@example.org"], None, "2026-11-11").await;
    assert_eq!(ended.expect("she is known"), 1);
    assert_eq!(office.codes("Ana", "2026-11-09").await, "EE-----");
    let page = office.service.rotations_page(&office.hr()).await;
    let follower = &page.expect("HR may").rotations[0].followers[0];
    assert_eq!(follower.until, Some(day("2026-11-10")));
    let refused = office.service.rotations_page(&office.marta()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}
