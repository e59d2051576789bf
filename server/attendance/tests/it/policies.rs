//! Policies, terms and sites, and whose days a change of them reaches.

use attendance::Error;
use attendance::employment::Terms;
use model::attendance::policy::Policy;
use model::attendance::views::{EmployeeForm, EmployeePage, HolidaysView};
use model::{PolicyId, Problem, SiteId};
use serde_json::json;
use sqlx::PgPool;

use crate::office::{day, office, shift};

fn code(error: Error) -> String {
    Problem::from(error).code
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_changed_policy_reaches_open_days_under_it(pool: PgPool) {
    let office = office(pool).await;
    let hr = office.hr();
    let strict = Policy {
        grace_late_minutes: 0,
        ..Policy::default()
    };
    let save = |id, version, name| office.service.save_policy(&hr, id, version, name, &strict);
    let id = save(None, 0, " Strict ").await.expect("a new policy");
    office
        .terms("Ana", "2026-11-02", |terms| terms.policy = id)
        .await;
    for date in ["2026-11-01", "2026-11-03", "2026-11-05"] {
        office.assign("Ana", date, &[office.early]).await;
        office.assign("Tom", date, &[office.early]).await;
    }
    office.lock("2026-11-03", "2026-11-03").await;
    office.forget().await;
    save(Some(id), 1, "Strict").await.expect("a change");
    let expected = ["2026-11-02", "2026-11-04", "2026-11-05"];
    assert_eq!(
        office.stale().await,
        expected.map(|date| ("Ana".to_owned(), day(date)))
    );
    let policies = office.service.policies(&hr).await.expect("policies");
    let held = policies
        .iter()
        .map(|p| (p.name.as_str(), p.version, p.people));
    assert_eq!(
        held.collect::<Vec<_>>(),
        [("Standard", 1, 4), ("Strict", 2, 1)]
    );
    let changed = save(Some(id), 1, "Strict")
        .await
        .expect_err("it was changed");
    assert_eq!(code(changed), "changed_meanwhile");
    let taken = save(None, 0, "Standard")
        .await
        .expect_err("a name that is taken");
    assert_eq!(code(taken), "taken");
    let odd = Policy {
        present_percent: 101,
        ..Policy::default()
    };
    let odd = office.service.save_policy(&hr, None, 0, "Odd", &odd).await;
    assert_eq!(code(odd.expect_err("more than all")), "invalid");
    let refused = office.service.policies(&office.marta()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_hr_changes_stands_in_the_audit_log(pool: PgPool) {
    let office = office(pool).await;
    let (hr, service) = (office.hr(), &office.service);
    let before = office.events("attendance.audited").await.len();
    let usual = Policy::default();
    let made = service.save_policy(&hr, None, 0, "Office", &usual).await;
    let policy = made.expect("a new policy");
    let strict = Policy {
        grace_late_minutes: 0,
        ..Policy::default()
    };
    for version in [1, 2] {
        let changed = service.save_policy(&hr, Some(policy), version, "Offices", &strict);
        changed.await.expect("a change");
    }
    let late = service.save_policy(&hr, Some(policy), 1, "Offices", &usual);
    late.await.expect_err("it was changed");
    let site = service.save_site(&hr, None, "Berlin", "Europe/Berlin");
    let site = site.await.expect("a new site");
    let short = shift("Short", "S", "08:00", "12:00");
    let short = service.save_template(&hr, None, 0, &short);
    let short = short.await.expect("a new shift");
    let holidays = HolidaysView {
        region: "de-be".into(),
        name: "Berlin".into(),
        text: "2026-12-25 Christmas Day".into(),
        version: 0,
    };
    service
        .save_holidays(&hr, &holidays)
        .await
        .expect("a new region");
    office.assign("Ana", "2026-11-20", &[office.early]).await;
    let copied = service.copy_week(&hr, day("2026-11-02"), None).await;
    copied.expect("a copy");

    let told = office.events("attendance.audited").await.split_off(before);
    assert!(told.iter().all(|line| line["by"] == json!(hr.who)));
    let told: Vec<_> = told
        .iter()
        .map(|line| {
            let text = |field: &str| line[field].as_str().expect("a word").to_owned();
            (text("action"), text("subject"), line["detail"].clone())
        })
        .collect();
    let of_policy = format!("policy:{policy}");
    let line = |action: &str, subject: &str, detail| {
        (format!("attendance.{action}"), subject.to_owned(), detail)
    };
    let grace = usual.grace_late_minutes;
    let changes = json!({
        "name": { "from": "Office", "to": "Offices" },
        "graceLateMinutes": { "from": grace, "to": 0 },
    });
    assert_eq!(
        told[0].2["policy"]["graceLateMinutes"], grace,
        "a new one is told whole"
    );
    assert_eq!(
        told[1..3],
        [
            line(
                "policy.changed",
                &of_policy,
                json!({ "name": "Offices", "changes": changes })
            ),
            line(
                "policy.changed",
                &of_policy,
                json!({ "name": "Offices", "changes": {} })
            ),
        ]
    );
    assert_eq!(
        told[3],
        line(
            "site.saved",
            &format!("site:{site}"),
            json!({ "name": "Berlin", "zone": "Europe/Berlin" })
        )
    );
    let named: Vec<_> = told
        .iter()
        .map(|(action, subject, _)| (action.as_str(), subject.as_str()))
        .collect();
    let short = format!("shift:{short}");
    let ana = format!("person:{}", office.id("Ana"));
    assert_eq!(named[0], ("attendance.policy.made", of_policy.as_str()));
    assert_eq!(
        named[4..],
        [
            ("attendance.shift.saved", short.as_str()),
            ("attendance.holidays.saved", "holidays:DE-BE"),
            ("attendance.roster.assigned", ana.as_str()),
            ("attendance.roster.copied", "roster:2026-11-09"),
        ]
    );
    assert_eq!(told[5].2["days"], json!(["2026-12-25"]));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn new_terms_reach_days_from_then_on(pool: PgPool) {
    let office = office(pool).await;
    for date in ["2026-11-01", "2026-11-04"] {
        office.assign("Ana", date, &[office.early]).await;
    }
    office.forget().await;
    office
        .terms("Ana", "2026-11-03", |terms| terms.team = " Support ".into())
        .await;
    let expected = ["2026-11-03", "2026-11-04"];
    assert_eq!(
        office.stale().await,
        expected.map(|date| ("Ana".to_owned(), day(date)))
    );
    assert_eq!(office.row("Ana", "2026-11-02").await.team, "Support");
    assert_eq!(office.row("Ana", "2026-10-26").await.team, "Night watch");
    // She is not Marta's any more on the day itself; until then, she is.
    assert_eq!(
        office.week(&office.marta(), "2026-11-02").await.rows.len(),
        2
    );
    office.test.advance(chrono::TimeDelta::days(1));
    assert_eq!(
        office.week(&office.marta(), "2026-11-02").await.rows.len(),
        1
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn terms_name_only_what_is_there(pool: PgPool) {
    let office = office(pool).await;
    let (hr, nil) = (office.hr(), uuid::Uuid::nil());
    let wrong = Terms {
        policy: PolicyId(nil),
        region: Some("DE-BE".into()),
        site: Some(SiteId(nil)),
        manager: Some(office.id("Ana")),
        team: "x".repeat(81),
    };
    let set = office
        .service
        .set_employment(&hr, office.id("Ana"), day("2026-11-03"), &wrong);
    let problem = Problem::from(set.await.expect_err("nothing is there"));
    let fields: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(fields, ["policy", "region", "site", "manager", "team"]);
    let marta = office.marta();
    let set = office
        .service
        .set_employment(&marta, office.id("Ana"), day("2026-11-03"), &wrong);
    assert!(matches!(set.await, Err(Error::Forbidden(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_site_that_moves_reaches_those_who_work_there(pool: PgPool) {
    let office = office(pool).await;
    let hr = office.hr();
    let save = |id, name, zone| office.service.save_site(&hr, id, name, zone);
    let berlin = save(None, "Berlin", "Europe/Berlin")
        .await
        .expect("a new site");
    office
        .terms("Ana", "2026-11-03", |terms| terms.site = Some(berlin))
        .await;
    office.assign("Ana", "2026-11-04", &[office.early]).await;
    office.assign("Tom", "2026-11-04", &[office.early]).await;
    office.forget().await;
    save(Some(berlin), "Berlin", "Europe/Vienna")
        .await
        .expect("a change");
    assert_eq!(
        office.stale().await,
        [("Ana".to_owned(), day("2026-11-04"))]
    );
    let told = office.events("roster.changed").await;
    let told = told.last().expect("an event");
    assert_eq!(told["employee"], serde_json::json!(office.id("Ana")));
    let taken = save(None, "Berlin", "Europe/Berlin")
        .await
        .expect_err("a name that is taken");
    assert_eq!(code(taken), "taken");
    let nowhere = save(None, "Nowhere", "Europe/Nowhere")
        .await
        .expect_err("no zone");
    assert_eq!(code(nowhere), "invalid");
    let sites = office.service.sites(&hr).await.expect("sites");
    assert_eq!(sites[0].zone, "Europe/Vienna");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn hr_keeps_numbers_and_terms_of_employees(pool: PgPool) {
    let office = office(pool).await;
    let (hr, service) = (office.hr(), &office.service);
    let (ana, tom) = (office.id("Ana"), office.id("Tom"));
    let page = service.employee_page(&hr, ana).await.expect("Ana");
    assert_eq!(page.terms.len(), 1);
    let form = EmployeeForm {
        version: page.version,
        number: "A-17".into(),
        employed_from: None,
        employed_until: None,
        from: page.today,
        policy: page.terms[0].policy,
        team: page.terms[0].team.clone(),
        manager: page.terms[0].manager_email.clone().expect("Marta"),
        site: None,
        region: None,
    };
    // The same terms again are no new ones.
    service.save_employee(&hr, ana, &form).await.expect("good");
    let again = service.employee_page(&hr, ana).await.expect("Ana");
    assert_eq!(again.terms, page.terms);
    assert_eq!(again.number.as_deref(), Some("A-17"));
    // Who has not seen that is told so, and changes nothing.
    let late = service.save_employee(&hr, ana, &form).await;
    assert_eq!(code(late.expect_err("it was changed")), "changed_meanwhile");
    // By number, and from a later day on.
    let form = EmployeeForm {
        version: again.version,
        ..form
    };
    let later = EmployeeForm {
        from: day("2027-01-01"),
        team: "Day watch".into(),
        manager: String::new(),
        ..form.clone()
    };
    service.save_employee(&hr, ana, &later).await.expect("good");
    let changed = service.employee_page(&hr, ana).await.expect("Ana");
    let teams: Vec<_> = changed.terms.iter().map(|t| t.team.as_str()).collect();
    assert_eq!(teams, ["Day watch", "Night watch"]);
    assert_eq!(changed.terms[0].manager, None);
    // Whoever is wrong is told where, and nothing is half kept.
    let refused = async |id, mut form: EmployeeForm| {
        let page = service.employee_page(&hr, id).await.expect("a person");
        form.version = page.version;
        let saved = service.save_employee(&hr, id, &form).await;
        let problem = Problem::from(saved.expect_err("it is wrong"));
        let fields = problem.errors.iter().map(|error| error.field.clone());
        fields.collect::<Vec<_>>()
    };
    let taken = EmployeeForm {
        manager: "A-17".into(),
        ..form.clone()
    };
    assert_eq!(refused(tom, taken).await, ["number"]);
    let own = EmployeeForm {
        manager: "A-17".into(),
        ..form.clone()
    };
    assert_eq!(refused(ana, own).await, ["manager"]);
    let unknown = EmployeeForm {
        number: "T 1".into(),
        ..form.clone()
    };
    assert_eq!(refused(tom, unknown).await, ["number"]);
    let backwards = EmployeeForm {
        number: "T-1".into(),
        employed_from: Some(day("2026-11-02")),
        employed_until: Some(day("2026-11-01")),
        ..form.clone()
    };
    assert_eq!(refused(tom, backwards).await, ["employedUntil"]);
    let unknown = EmployeeForm {
        number: "T-1".into(),
        manager: "nobody@example.org".into(),
        ..form.clone()
    };
    assert_eq!(refused(tom, unknown).await, ["manager"]);
    let list = service.employees_page(&hr, Some("A-17"), None).await;
    let list = list.expect("a page").people;
    assert_eq!(list.iter().map(|one| one.id).collect::<Vec<_>>(), [ana]);
    let all = service
        .employees_page(&hr, None, None)
        .await
        .expect("a page");
    let tom_line = all.people.iter().find(|one| one.id == tom).expect("Tom");
    assert_eq!(tom_line.number, None);
    let team = tom_line.terms.as_ref().map(|terms| terms.team.as_str());
    assert_eq!(team, Some("Front desk"));
    let marta = office.marta();
    let forbidden = service.save_employee(&marta, ana, &form).await;
    assert!(matches!(forbidden, Err(Error::Forbidden(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn terms_that_are_taken_back_give_their_days_to_others(pool: PgPool) {
    let office = office(pool).await;
    let (hr, service, ana) = (office.hr(), &office.service, office.id("Ana"));
    let team = |name: &'static str| move |terms: &mut Terms| terms.team = name.to_owned();
    office.terms("Ana", "2026-11-03", team("Day watch")).await;
    office.terms("Ana", "2026-11-05", team("Late watch")).await;
    for date in ["2026-11-02", "2026-11-04", "2026-11-06"] {
        office.assign("Ana", date, &[office.early]).await;
    }
    office.forget().await;
    let page = service.employee_page(&hr, ana).await.expect("Ana");
    let teams = |page: &EmployeePage| {
        let teams = page.terms.iter().map(|terms| terms.team.clone());
        teams.collect::<Vec<_>>()
    };
    assert_eq!(teams(&page), ["Late watch", "Day watch", "Night watch"]);
    let take_back = |from, seen| service.take_back_terms(&hr, ana, day(from), seen);
    let none = take_back("2026-11-04", page.version).await;
    assert_eq!(code(none.expect_err("none begin then")), "not_found");
    // The days from then on go to the terms before.
    let done = take_back("2026-11-03", page.version).await;
    done.expect("terms to take back");
    let expected = ["2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"];
    let marks = expected.map(|date| ("Ana".to_owned(), day(date)));
    assert_eq!(office.stale().await, marks);
    let again = take_back("2026-11-05", page.version).await;
    assert_eq!(
        code(again.expect_err("it was changed")),
        "changed_meanwhile"
    );
    // Without the first of all, the next hold for the days before as well.
    office.forget().await;
    let page = service.employee_page(&hr, ana).await.expect("Ana");
    assert_eq!(teams(&page), ["Late watch", "Night watch"]);
    let first = page.terms.last().expect("terms").from;
    let done = service.take_back_terms(&hr, ana, first, page.version).await;
    done.expect("terms to take back");
    assert_eq!(
        office.stale().await.first(),
        Some(&("Ana".to_owned(), day("2026-11-02")))
    );
    let page = service.employee_page(&hr, ana).await.expect("Ana");
    assert_eq!(teams(&page), ["Late watch"]);
    let only = take_back("2026-11-05", page.version).await;
    assert_eq!(code(only.expect_err("the only ones")), "invalid");
    let marta = office.marta();
    let by_manager = service.take_back_terms(&marta, ana, first, page.version);
    assert!(matches!(by_manager.await, Err(Error::Forbidden(_))));
}
