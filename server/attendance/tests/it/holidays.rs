//! Holidays as HR writes them, and whose days they reach.

use attendance::Error;
use attendance::employment::Terms;
use model::Problem;
use model::attendance::views::HolidaysView;
use sqlx::PgPool;

use crate::office::{Office, day, office};

async fn save(office: &Office, text: &str, version: i32) -> Result<(), Error> {
    let view = HolidaysView {
        region: " de-be ".into(),
        name: "Berlin".into(),
        text: text.into(),
        version,
    };
    office.service.save_holidays(&office.hr(), &view).await
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_change_reaches_open_days_of_those_who_live_there(pool: PgPool) {
    let office = office(pool).await;
    save(&office, "2026-10-03 Unity Day", 0)
        .await
        .expect("a new region");
    office
        .terms("Ana", "2026-09-01", |terms| {
            terms.region = Some("DE-BE".into())
        })
        .await;
    office.terms("Ana", "2026-12-01", |_| {}).await;
    office.lock("2026-10-01", "2026-10-31").await;
    for date in ["2026-11-01", "2026-11-30", "2026-12-31"] {
        office.assign("Ana", date, &[office.early]).await;
        office.assign("Tom", date, &[office.early]).await;
    }
    office.forget().await;
    let text =
        "2026-10-31 Reformation Day\n2026-11-18 half Repentance Day\n2026-12-25 Christmas Day";
    save(&office, text, 1).await.expect("a change");
    // October is locked, and in December she lives elsewhere.
    assert_eq!(
        office.stale().await,
        [("Ana".to_owned(), day("2026-11-18"))]
    );
    office.forget().await;
    save(&office, text, 2).await.expect("the same again");
    assert!(office.stale().await.is_empty());
    let regions = office
        .service
        .holidays(&office.hr())
        .await
        .expect("regions");
    assert_eq!(regions.len(), 1);
    assert_eq!(
        (regions[0].region.as_str(), regions[0].version),
        ("DE-BE", 3)
    );
    assert_eq!(regions[0].text, format!("{text}\n"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn meetings_hear_of_the_holidays_of_each(pool: PgPool) {
    let office = office(pool).await;
    let ana = office.id("Ana");
    let text = "2026-11-18 half Repentance Day\n2026-12-25 Christmas Day\n2027-01-01 New Year";
    save(&office, text, 0).await.expect("a new region");
    let region = |terms: &mut Terms| terms.region = Some("DE-BE".into());
    office.terms("Ana", "2026-09-01", region).await;
    office.terms("Ana", "2026-12-31", |_| {}).await;
    let told = "select count(*) from platform.outbox where topic = 'holidays.changed'";
    let count = async || {
        let counted = sqlx::query_scalar::<_, i64>(told)
            .fetch_one(&office.pool)
            .await;
        counted.expect("a count")
    };
    let before = count().await;
    assert!(before >= 2, "terms were told of");
    // In the new year she lives elsewhere; noon of Berlin parts the day.
    let mut conn = office.pool.acquire().await.expect("a connection");
    let days = office.service.days_off_in_tx(&mut conn, ana).await;
    let days = days.expect("Ana").into_iter();
    let days: Vec<String> = days
        .map(|day| format!("{} {}", day.during.from, day.during.to))
        .collect();
    let expected = [
        "2026-11-18 11:00:00 UTC 2026-11-18 23:00:00 UTC",
        "2026-12-24 23:00:00 UTC 2026-12-25 23:00:00 UTC",
    ];
    assert_eq!(days, expected);
    // A changed calendar is told for those who live there.
    save(&office, "2026-12-25 Christmas Day", 1)
        .await
        .expect("a change");
    assert_eq!(count().await, before + 1);
    // What the roster leaves free is told as well, and a shift is not.
    office.assign("Ana", "2026-11-24", &[]).await;
    office.assign("Ana", "2026-11-25", &[office.early]).await;
    let (from, to) = (day("2026-11-23"), day("2026-11-27"));
    let free = office
        .service
        .free_days_in_tx(&mut conn, ana, from, to)
        .await
        .expect("Ana");
    let keys: Vec<_> = free.into_iter().map(|day| day.source_key).collect();
    assert_eq!(keys, [format!("roster:{ana}:2026-11-24:off")]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_cannot_be_read_is_named_by_its_line(pool: PgPool) {
    let office = office(pool).await;
    let wrong = save(&office, "2026-10-03 Unity Day\n2026-02-30 Never", 0).await;
    let problem = Problem::from(wrong.expect_err("no such date"));
    assert_eq!(problem.errors[0].field, "text");
    assert!(problem.errors[0].message.starts_with("Line 2: "));
    save(&office, "2026-10-03 Unity Day", 0)
        .await
        .expect("a new region");
    let twice = save(&office, "2026-10-03 Unity Day", 0).await;
    assert!(matches!(twice, Err(Error::Taken("region"))));
    let stale = save(&office, "2026-10-03 Unity Day", 7).await;
    assert!(matches!(stale, Err(Error::Changed)));
    let refused = office.service.holidays(&office.marta()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}
