//! What goes to payroll: figures that can be traced, that stay once they are locked, and that no
//! spreadsheet computes with. And the figures of charts, and everybody's own record.

use attendance::payroll::PayrollFile;
use model::attendance::overtime::{Bucket, Multiplier};
use model::{Actor, PeriodId, Permission, Role, TokenId};
use serde_json::json;
use sqlx::PgPool;

use crate::books::{Books, books, date, day, id_of, problem};

/// The columns of a line of CSV, by the names of its header.
fn line(csv: &str, who: &str) -> std::collections::BTreeMap<String, String> {
    let mut lines = csv.lines();
    let header = lines.next().expect("a header").split(',');
    let found = lines.find(|line| line.contains(who)).expect("a line");
    let cells = found.split(',').map(str::to_owned);
    header.map(str::to_owned).zip(cells).collect()
}

async fn two_people(books: &Books) -> (Actor, Actor) {
    let ana = books.person("Ana Kowalski", Role::Employee, None).await;
    let ben = books.person("=HYPERLINK(1)", Role::Employee, None).await;
    let mut long = day("2026-11-23", "present", 540);
    long.overtime = vec![Bucket {
        multiplier: Multiplier::ONE_AND_A_HALF,
        minutes: 60,
    }];
    books.day(&ana, &long).await;
    books.day(&ana, &day("2026-11-22", "present", 470)).await;
    books.day(&ana, &day("2026-11-10", "present", 111)).await;
    books.day(&ben, &day("2026-11-23", "absent", 0)).await;
    (ana, ben)
}

/// A file that is text, and its name.
async fn csv_of(
    books: &Books,
    actor: &Actor,
    period: PeriodId,
    file: PayrollFile,
) -> (String, String) {
    let written = books.service.payroll_file(actor, period, file).await;
    let (name, bytes) = written.expect("the file");
    (name, String::from_utf8(bytes).expect("text"))
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn totals_are_the_days_of_the_period_and_names_are_no_formulas(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let finance = books.person("Fritz Lang", Role::Finance, None).await;
    let (ana, _) = two_people(&books).await;
    let annual = books.leave_type("Annual", true).await;
    let unpaid = books.leave_type("Unpaid", false).await;
    books.leave(&ana, annual, "2026-11-20", 480).await;
    books.leave(&ana, unpaid, "2026-11-21", 240).await;
    let made = books
        .service
        .make_period(&hr, date("2026-11-16"), date("2026-11-24"))
        .await;
    let period = made.expect("a new period");

    let (name, csv) = csv_of(&books, &finance, period, PayrollFile::Totals).await;
    assert_eq!(name, "payroll-2026-11-16-2026-11-24-draft.csv");
    let own = line(&csv, "Ana Kowalski");
    assert_eq!(own["worked_minutes"], "1010");
    assert_eq!(own["expected_minutes"], "960");
    assert_eq!(own["balance_minutes"], "50");
    assert_eq!(own["overtime_1.5_minutes"], "60");
    assert_eq!(own["leave_paid_minutes"], "480");
    assert_eq!(own["leave_unpaid_minutes"], "240");
    assert!(csv.contains(",'=HYPERLINK(1),"), "{csv}");
    assert!(
        !csv.contains("Hana Roth"),
        "whoever has nothing has no line"
    );

    let (name, days) = csv_of(&books, &finance, period, PayrollFile::Days).await;
    assert_eq!(name, "payroll-2026-11-16-2026-11-24-days-draft.csv");
    let worked: i64 = days
        .lines()
        .filter(|line| line.contains("Ana Kowalski") && line.contains(",worked_minutes,"))
        .filter_map(|line| line.rsplit(',').next()?.parse::<i64>().ok())
        .sum();
    assert_eq!(worked, 1010, "the days add up to the total");

    let taken = books.audited("attendance.payroll.exported").await;
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0]["by"], json!(finance.who));
    assert_eq!(taken[0]["subject"], format!("period:{period}"));
    assert_eq!(
        taken[0]["detail"]["file"],
        "payroll-2026-11-16-2026-11-24-draft.csv"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_locked_period_gives_the_same_file_for_ever(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let (ana, ben) = two_people(&books).await;
    let sick = books.leave_type("Sick", true).await;
    books.leave(&ana, sick, "2026-11-20", 480).await;
    let period = books.locked(&hr, "2026-11-16", "2026-11-23").await;
    let next = books
        .service
        .make_period(&hr, date("2026-11-24"), date("2026-11-30"))
        .await;
    let next = next.expect("a new period");
    let (name, before) = csv_of(&books, &hr, period, PayrollFile::Totals).await;
    assert_eq!(name, "payroll-2026-11-16-2026-11-23.csv");

    // A note from the doctor comes late, leave is given back, and a day turns out to be longer.
    books.leave(&ben, sick, "2026-11-23", 480).await;
    sqlx::query("delete from attendance.leave_day where employee_id = $1")
        .bind(id_of(&ana).0)
        .execute(&books.pool)
        .await
        .expect("a database");
    books
        .tell(&ana, period, &day("2026-11-23", "present", 570))
        .await;
    let waiting = books.adjustments(&hr).await.remove(0);
    let granted = books.service.decide_adjustment(&hr, waiting.id, true).await;
    granted.expect("it waited");

    let (_, after) = csv_of(&books, &hr, period, PayrollFile::Totals).await;
    assert_eq!(after, before);
    // All of it is in the next one, each with its own day.
    let (_, draft) = csv_of(&books, &hr, next, PayrollFile::Totals).await;
    assert_eq!(line(&draft, "Ana Kowalski")["adjustment_minutes"], "-450");
    assert_eq!(line(&draft, "HYPERLINK")["adjustment_minutes"], "480");
    assert_eq!(line(&draft, "HYPERLINK")["worked_minutes"], "0");

    books.test.advance(chrono::TimeDelta::days(7));
    books
        .service
        .lock_period(&hr, next, 1)
        .await
        .expect("it is over");
    let (_, locked) = csv_of(&books, &hr, next, PayrollFile::Totals).await;
    assert_eq!(locked, draft);
    let (_, first) = csv_of(&books, &hr, period, PayrollFile::Totals).await;
    assert_eq!(first, before);
    // And nothing of it comes a third time.
    let third = books
        .service
        .make_period(&hr, date("2026-12-01"), date("2026-12-31"))
        .await;
    let third = third.expect("a new period");
    let (_, nothing) = csv_of(&books, &hr, third, PayrollFile::Totals).await;
    assert_eq!(nothing.lines().count(), 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn unpaid_leave_of_a_locked_period_is_told_by_the_open_one(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let (ana, ben) = two_people(&books).await;
    let unpaid = books.leave_type("At own cost", false).await;
    books.leave(&ana, unpaid, "2026-11-20", 480).await;
    let period = books.locked(&hr, "2026-11-16", "2026-11-23").await;
    let next = books
        .service
        .make_period(&hr, date("2026-11-24"), date("2026-11-30"))
        .await;
    let next = next.expect("a new period");
    let (_, before) = csv_of(&books, &hr, period, PayrollFile::Totals).await;
    assert_eq!(line(&before, "Ana Kowalski")["leave_unpaid_minutes"], "480");

    // One is given back after the lock, and another is granted.
    books.leave(&ben, unpaid, "2026-11-19", 240).await;
    books.leave(&ben, unpaid, "2026-11-26", 480).await;
    sqlx::query("delete from attendance.leave_day where employee_id = $1")
        .bind(id_of(&ana).0)
        .execute(&books.pool)
        .await
        .expect("a database");
    let (_, draft) = csv_of(&books, &hr, next, PayrollFile::Totals).await;
    let own = line(&draft, "Ana Kowalski");
    assert_eq!(own["leave_unpaid_minutes"], "-480");
    assert_eq!(own["adjustment_minutes"], "0");
    let other = line(&draft, "HYPERLINK");
    assert_eq!(other["leave_unpaid_minutes"], "720");
    let (_, days) = csv_of(&books, &hr, next, PayrollFile::Days).await;
    assert!(
        days.contains(",leave_unpaid_minutes,2026-11-20,-480\r\n"),
        "{days}"
    );
    assert!(
        days.contains(",leave_unpaid_minutes,2026-11-19,240\r\n"),
        "{days}"
    );
    let (_, after) = csv_of(&books, &hr, period, PayrollFile::Totals).await;
    assert_eq!(after, before, "what is locked stays");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_workbook_is_one_and_asks_for_the_permission(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let (ana, _) = two_people(&books).await;
    let period = books.locked(&hr, "2026-11-16", "2026-11-23").await;
    let workbook = books
        .service
        .payroll_file(&hr, period, PayrollFile::Workbook)
        .await;
    let (name, bytes) = workbook.expect("the file");
    assert_eq!(name, "payroll-2026-11-16-2026-11-23.xlsx");
    assert_eq!(&bytes[..4], b"PK\x03\x04");
    let again = books
        .service
        .payroll_file(&hr, period, PayrollFile::Workbook)
        .await;
    assert_eq!(again.expect("the file").1, bytes, "byte for byte");
    let manager = books.person("Mia Brandt", Role::Manager, None).await;
    for actor in [&ana, &manager] {
        for file in [
            PayrollFile::Totals,
            PayrollFile::Days,
            PayrollFile::Workbook,
        ] {
            let refused = books.service.payroll_file(actor, period, file).await;
            assert_eq!(problem(refused), (403, "forbidden".into()));
        }
    }
    let unknown = books
        .service
        .payroll_file(&hr, books.test.deps.new_id(), PayrollFile::Totals)
        .await;
    assert_eq!(problem(unknown), (404, "not_found".into()));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn figures_count_weeks_and_hours_of_those_whom_one_may_see(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let mia = books.person("Mia Brandt", Role::Manager, None).await;
    let ana = books
        .person("Ana Kowalski", Role::Employee, Some(&mia))
        .await;
    let tom = books.person("Tom Becker", Role::Employee, None).await;
    let mut worked = day("2026-11-23", "present", 150);
    worked.late_minutes = 12;
    let segment = json!([
        {"from": "2026-11-23T09:30:00+01:00", "to": "2026-11-23T11:20:00+01:00", "kind": "work",
         "date": "2026-11-23"},
        {"from": "2026-11-23T11:20:00+01:00", "to": "2026-11-23T11:40:00+01:00", "kind": "break",
         "date": "2026-11-23"},
        {"from": "2026-11-23T12:00:00+01:00", "to": "2026-11-23T13:00:00+01:00", "kind": "work",
         "date": "2026-11-23"}
    ]);
    worked.segments = serde_json::from_value(segment).expect("segments");
    books.day(&ana, &worked).await;
    books.day(&tom, &worked).await;
    books.day(&tom, &day("2026-11-24", "absent", 0)).await;
    books.day(&tom, &day("2026-11-17", "absent", 0)).await;

    let figures = |actor: Actor| {
        let service = books.service.clone();
        async move {
            service
                .figures(&actor, date("2026-11-16"), date("2026-11-29"))
                .await
        }
    };
    let all = figures(hr.clone()).await.expect("figures");
    let weeks: Vec<_> = all
        .weeks
        .iter()
        .map(|w| {
            (
                w.week.to_string(),
                w.team.as_str(),
                w.late_days,
                w.absent_days,
            )
        })
        .collect();
    let expected = [
        ("2026-11-16".to_owned(), "Support", 0, 1),
        ("2026-11-23".to_owned(), "Support", 2, 1),
    ];
    assert_eq!(weeks, expected);
    let hours: Vec<_> = all
        .hours
        .iter()
        .map(|h| (h.weekday, h.hour, h.people))
        .collect();
    assert_eq!(hours, [(1, 9, 2), (1, 10, 2), (1, 12, 2)]);
    assert_eq!(all.weekdays, [2, 2, 2, 1, 1, 1, 1], "until today");

    let own = figures(mia).await.expect("figures");
    assert_eq!(own.weeks.len(), 1);
    assert_eq!(own.hours.iter().map(|h| h.people).sum::<i64>(), 3);
    assert_eq!(problem(figures(ana).await), (403, "forbidden".into()));
    let long = books
        .service
        .figures(&hr, date("2026-01-01"), date("2026-11-01"))
        .await;
    assert_eq!(problem(long), (422, "invalid".into()));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn everybody_may_take_their_own_record_and_nobody_elses(pool: PgPool) {
    let books = books(pool).await;
    let (ana, tom) = two_people(&books).await;
    for (who, badge) in [(&ana, "77"), (&tom, "78")] {
        sqlx::query(
            "insert into attendance.badge (id, badge, employee_id, during)
             values (gen_random_uuid(), $1, $2, tstzrange('2026-11-01', null, '[)'))",
        )
        .bind(badge)
        .bind(id_of(who).0)
        .execute(&books.pool)
        .await
        .expect("a badge");
        sqlx::query(
            "insert into attendance.punch
                 (id, occurred_at, received_at, source_kind, source, badge, zone, direction, trusted,
                  flags)
             values (gen_random_uuid(), '2026-11-23T08:00Z', '2026-11-23T08:00Z', 'device', 'door',
                     $1, 'Europe/Berlin', 'unknown', false, '{}')",
        )
        .bind(badge)
        .execute(&books.pool)
        .await
        .expect("a punch");
    }
    let annual = books.leave_type("Annual", true).await;
    books.leave(&tom, annual, "2026-11-20", 480).await;
    let export = books.service.export_own(&ana).await.expect("the record");
    assert_eq!(export["person"]["name"], "Ana Kowalski");
    assert_eq!(export["person"]["badges"][0]["badge"], "77");
    let punches = export["punches"].as_array().expect("punches");
    assert_eq!(punches.len(), 1);
    assert_eq!(punches[0]["badge"], "77");
    let days = export["days"].as_array().expect("days");
    assert_eq!(days.len(), 3);
    assert_eq!(days[0]["workDate"], "2026-11-10");
    assert_eq!(export["leave"]["requests"], json!([]));
    assert!(!export.to_string().contains("HYPERLINK"));

    let token = books.test.deps.new_id::<TokenId>();
    let program = Actor::token(token, "Sync", &[Permission::AttendanceSelf]);
    let refused = books.service.export_own(&program).await;
    assert_eq!(problem(refused), (403, "not_a_person".into()));
}
