//! Exceptions: who sees whose, and what it takes to settle one.

use model::attendance::views::ExceptionState;
use model::{Actor, ExceptionId, Permission, Role, TokenId};
use sqlx::PgPool;

use crate::books::{Books, books, date, id_of, problem};

async fn exception(books: &Books, whose: &Actor, day: &str, kind: &str) -> ExceptionId {
    let id: ExceptionId = books.test.deps.new_id();
    sqlx::query(
        "insert into attendance.exception
             (id, employee_id, work_date, kind, severity, minutes, text, state, found_at)
         values ($1, $2, $3, $4, 'warning', 12, 'The punch out is missing.', 'open', now())",
    )
    .bind(id.0)
    .bind(id_of(whose).0)
    .bind(date(day))
    .bind(kind)
    .execute(&books.pool)
    .await
    .expect("an exception");
    id
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn managers_see_those_of_their_people_and_hr_all(pool: PgPool) {
    let books = books(pool).await;
    let hr = books.person("Hana Roth", Role::Hr, None).await;
    let mia = books.person("Mia Brandt", Role::Manager, None).await;
    let ben = books.person("Ben Ost", Role::Manager, None).await;
    let ana = books
        .person("Ana Kowalski", Role::Employee, Some(&mia))
        .await;
    let tom = books.person("Tom Becker", Role::Employee, Some(&ben)).await;
    exception(&books, &ana, "2026-11-23", "missing_out").await;
    exception(&books, &ana, "2026-11-24", "missing_out").await;
    exception(&books, &tom, "2026-11-24", "short_rest").await;
    exception(&books, &mia, "2026-11-24", "missing_out").await;

    let page = books.service.exceptions_page(&mia).await.expect("the page");
    let seen: Vec<_> = page
        .exceptions
        .iter()
        .map(|x| x.employee.name.as_str())
        .collect();
    assert_eq!(seen, ["Ana Kowalski", "Ana Kowalski"]);
    assert_eq!(
        page.exceptions[0].work_date,
        date("2026-11-24"),
        "newest first"
    );
    assert_eq!(page.counts, [("missing_out".to_owned(), 2)]);

    let page = books.service.exceptions_page(&hr).await.expect("the page");
    assert_eq!(page.exceptions.len(), 4);
    let counts = [("missing_out".to_owned(), 3), ("short_rest".to_owned(), 1)];
    assert_eq!(page.counts, counts);

    let refused = books.service.exceptions_page(&ana).await;
    assert_eq!(problem(refused), (403, "forbidden".into()));
    let program = Actor::token(
        books.test.deps.new_id::<TokenId>(),
        "Reports",
        &[Permission::AttendanceApprove],
    );
    let page = books
        .service
        .exceptions_page(&program)
        .await
        .expect("the page");
    assert!(page.exceptions.is_empty(), "a program manages nobody");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn whoever_was_the_manager_before_sees_them_no_more(pool: PgPool) {
    let books = books(pool).await;
    let mia = books.person("Mia Brandt", Role::Manager, None).await;
    let ben = books.person("Ben Ost", Role::Manager, None).await;
    let ana = books
        .person("Ana Kowalski", Role::Employee, Some(&mia))
        .await;
    let id = exception(&books, &ana, "2026-11-10", "missing_out").await;
    sqlx::query(
        "insert into attendance.employment (employee_id, from_day, policy_id, manager_id, team)
         select employee_id, '2026-11-20', policy_id, $2, team
         from attendance.employment where employee_id = $1",
    )
    .bind(id_of(&ana).0)
    .bind(id_of(&ben).0)
    .execute(&books.pool)
    .await
    .expect("new terms");
    let page = books.service.exceptions_page(&mia).await.expect("the page");
    assert!(page.exceptions.is_empty());
    let settle = |by: Actor| {
        let service = books.service.clone();
        async move {
            service
                .settle_exception(&by, id, ExceptionState::Waived, "Known")
                .await
        }
    };
    assert_eq!(problem(settle(mia).await), (404, "not_found".into()));
    settle(ben).await.expect("his report");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn to_settle_takes_a_reason_and_leaves_a_trace(pool: PgPool) {
    let books = books(pool).await;
    let mia = books.person("Mia Brandt", Role::Manager, None).await;
    let ana = books
        .person("Ana Kowalski", Role::Employee, Some(&mia))
        .await;
    let tom = books.person("Tom Becker", Role::Employee, None).await;
    let id = exception(&books, &ana, "2026-11-23", "missing_out").await;
    let others = exception(&books, &tom, "2026-11-23", "missing_out").await;
    let service = &books.service;

    for state in [ExceptionState::Explained, ExceptionState::Waived] {
        let silent = service.settle_exception(&mia, id, state, "  ").await;
        assert_eq!(problem(silent), (422, "invalid".into()));
    }
    let gone = service
        .settle_exception(&mia, id, ExceptionState::Gone, "x")
        .await;
    assert_eq!(problem(gone), (422, "invalid".into()));
    let foreign = service
        .settle_exception(&mia, others, ExceptionState::Waived, "x")
        .await;
    assert_eq!(problem(foreign), (404, "not_found".into()));
    let own = service
        .settle_exception(&ana, id, ExceptionState::Waived, "x")
        .await;
    assert_eq!(problem(own), (403, "forbidden".into()));

    let note = "The reader was broken";
    for _ in 0..2 {
        let explained = service
            .settle_exception(&mia, id, ExceptionState::Explained, note)
            .await;
        explained.expect("a reason");
    }
    let page = service.exceptions_page(&mia).await.expect("the page");
    assert_eq!(page.exceptions[0].state, ExceptionState::Explained);
    assert_eq!(page.exceptions[0].note, note);
    assert!(page.counts.is_empty());
    let told = books.events("attendance.exception").await;
    assert_eq!(told.len(), 1, "told again, it changes nothing");
    assert_eq!(told[0]["to"], "explained");
    assert_eq!(told[0]["by"], mia.who.reference());
    assert!(
        !told[0].to_string().contains("broken"),
        "no personal data in events"
    );

    let audited = books.audited("attendance.exception.settled").await;
    assert_eq!(audited.len(), 1);
    assert_eq!(audited[0]["subject"], format!("person:{}", id_of(&ana)));
    assert_eq!(audited[0]["detail"]["kind"], "missing_out");
    assert_eq!(audited[0]["detail"]["to"], "explained");

    let open = service
        .settle_exception(&mia, id, ExceptionState::Open, "")
        .await;
    open.expect("opened again");
    let page = service.exceptions_page(&mia).await.expect("the page");
    assert_eq!(page.counts, [("missing_out".to_owned(), 1)]);

    sqlx::query("update attendance.exception set state = 'gone'")
        .execute(&books.pool)
        .await
        .expect("a database");
    let late = service
        .settle_exception(&mia, id, ExceptionState::Waived, "x")
        .await;
    assert_eq!(problem(late), (409, "already_decided".into()));
}
