//! Kinds of leave as HR keeps them, and what HR enters by hand.

use attendance::Error;
use model::attendance::accrual::{Accrual, DAY_MINUTES, LeaveType};
use model::attendance::views::{
    EmployeeForm, HandEntry, LeaveEntryForm, LeaveKindView, LedgerPage, ToldAs,
};
use model::{LeaveTypeId, Problem};
use sqlx::PgPool;

use crate::desk::{Desk, day, desk};

/// Thirty days of eight hours.
const YEAR: i64 = 14_400;

async fn known(desk: &Desk, name: &str) -> LeaveKindView {
    let page = desk.service.leave_kinds(&desk.actor("Hana")).await;
    let mut kinds = page.expect("HR may").kinds.into_iter();
    kinds.find(|kind| kind.rules.name == name).expect("a kind")
}

async fn save(
    desk: &Desk,
    id: Option<LeaveTypeId>,
    version: i32,
    rules: &LeaveType,
) -> Result<LeaveTypeId, Error> {
    let hana = desk.actor("Hana");
    let told = ToldAs::Leave;
    desk.service
        .save_leave_kind(&hana, id, version, told, rules)
        .await
}

async fn ledger(desk: &Desk, first: &str) -> LedgerPage {
    let page = desk
        .service
        .leave_ledger(&desk.actor("Hana"), desk.id(first))
        .await;
    page.expect("HR may")
}

fn left(page: &LedgerPage, name: &str) -> i64 {
    let mut balances = page.balances.iter();
    let found = balances.find(|balance| balance.name == name);
    found
        .and_then(|balance| balance.left_minutes)
        .expect("a counted kind")
}

fn status(error: Error) -> u16 {
    Problem::from(error).status
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_new_kind_can_be_asked_for_and_a_retired_one_cannot(pool: PgPool) {
    let desk = desk(pool).await;
    let sick = known(&desk, "Sick leave").await;
    assert_eq!(sick.told_as, ToldAs::Sick);
    let rules = LeaveType {
        code: "x".into(),
        name: " Moving house ".into(),
        ..sick.rules.clone()
    };
    let id = save(&desk, None, 0, &rules).await.expect("a new kind");
    let same = LeaveType {
        name: "moving HOUSE".into(),
        ..rules.clone()
    };
    let taken = save(&desk, None, 0, &same).await;
    assert!(matches!(taken, Err(Error::Taken("name"))));
    let kind = known(&desk, "Moving house").await;
    assert_eq!((kind.id, kind.rules.code.as_str()), (id, "moving_house"));
    desk.shifts("Ana", "2026-12-07", "2026-12-07").await;
    let form = desk
        .leave_form("Moving house", "2026-12-07", "2026-12-07")
        .await;
    let ana = desk.actor("Ana");
    let asked = desk.service.request_leave(&ana, &form, "one").await;
    assert_eq!(asked.expect("a request").kind, "Moving house");

    let hana = desk.actor("Hana");
    let retire = async |version, retired| {
        let done = desk.service.retire_leave_kind(&hana, id, version, retired);
        done.await
    };
    assert!(matches!(retire(7, true).await, Err(Error::Changed)));
    retire(1, true).await.expect("it is in use");
    retire(1, true).await.expect("it stays so");
    let page = desk.service.leave_page(&ana).await.expect("her page");
    assert!(page.types.iter().all(|kind| kind.id != id));
    assert_eq!(page.requests.len(), 1, "what was asked for stays");
    let mut again = form.clone();
    (again.from_day, again.to_day) = (day("2026-12-08"), day("2026-12-08"));
    let refused = desk.service.request_leave(&ana, &again, "two").await;
    assert_eq!(status(refused.expect_err("it is out of use")), 422);
    // Its name is free meanwhile, and then it is not.
    let other = save(&desk, None, 0, &rules)
        .await
        .expect("its name is free");
    let back = retire(2, false).await;
    assert!(matches!(back, Err(Error::Taken("name"))));
    let done = desk.service.retire_leave_kind(&hana, other, 1, true).await;
    done.expect("it is in use");
    retire(2, false).await.expect("its name is free");
    let page = desk.service.leave_page(&ana).await.expect("her page");
    assert!(page.types.iter().any(|kind| kind.id == id));
    let refused = desk.service.leave_kinds(&ana).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn balances_follow_a_change_of_the_rules(pool: PgPool) {
    let desk = desk(pool).await;
    assert_eq!(desk.left("Ana").await, YEAR);
    let annual = known(&desk, "Annual leave").await;
    let rules = LeaveType {
        code: "another".into(),
        accrual: Accrual::Yearly {
            minutes: 28 * DAY_MINUTES,
        },
        ..annual.rules.clone()
    };
    save(&desk, Some(annual.id), annual.version, &rules)
        .await
        .expect("good rules");
    let late = save(&desk, Some(annual.id), annual.version, &rules).await;
    assert!(matches!(late, Err(Error::Changed)));
    desk.tick("attendance.accrue").await;
    assert_eq!(desk.left("Ana").await, 28 * DAY_MINUTES);
    let kept = known(&desk, "Annual leave").await;
    assert_eq!(
        kept.rules.code, annual.rules.code,
        "its word is in the keys of entries"
    );
    let wrong = LeaveType {
        name: " ".into(),
        cap_minutes: Some(-1),
        ..rules
    };
    let refused = save(&desk, Some(annual.id), kept.version, &wrong).await;
    let Err(Error::Invalid(problem)) = refused else {
        panic!("two things are wrong");
    };
    let fields: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(fields, ["name", "capMinutes"]);
}

async fn employ(desk: &Desk, from: Option<&str>, until: Option<&str>) {
    let (hana, ana) = (desk.actor("Hana"), desk.id("Ana"));
    let page = desk.service.employee_page(&hana, ana).await;
    let page = page.expect("HR may");
    let terms = &page.terms[0];
    let form = EmployeeForm {
        version: page.version,
        number: String::new(),
        employed_from: from.map(day),
        employed_until: until.map(day),
        from: terms.from,
        policy: terms.policy,
        team: terms.team.clone(),
        manager: terms.manager_email.clone().unwrap_or_default(),
        site: None,
        region: None,
    };
    let kept = desk.service.save_employee(&hana, ana, &form).await;
    kept.expect("good days");
    let page = desk.service.employee_page(&hana, ana).await;
    let page = page.expect("HR may");
    assert_eq!(
        (page.employed_from, page.employed_until),
        (form.employed_from, form.employed_until)
    );
    assert_eq!(page.terms.len(), 1, "the terms are the same");
}

/// What stands in the ledger, which is what is left once all that is due is entered.
const STANDS: &str = "select coalesce(sum(minutes), 0) from attendance.leave_entry";

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn leave_is_granted_for_the_days_of_employment(pool: PgPool) {
    let desk = desk(pool).await;
    desk.kind("Annual leave").await;
    desk.tick("attendance.accrue").await;
    let others = desk.count(STANDS).await - YEAR;
    assert_eq!(desk.left("Ana").await, YEAR);
    let stands = [
        // Two of twelve months, and then one that is whole.
        (Some("2026-11-01"), None, YEAR / 6),
        (Some("2026-11-01"), Some("2026-12-15"), YEAR / 12),
        // Nobody who comes next year has leave in this one.
        (Some("2027-01-01"), None, 0),
        (None, Some("2026-06-30"), YEAR / 2),
        // Without a word it is as it was.
        (None, None, YEAR),
    ];
    for (from, until, minutes) in stands {
        employ(&desk, from, until).await;
        assert_eq!(desk.left("Ana").await, minutes, "{from:?} {until:?}");
        let entered = desk.count(STANDS).await - others;
        assert_eq!(entered, minutes, "it is entered at once");
        desk.tick("attendance.accrue").await;
        assert_eq!(desk.count(STANDS).await - others, minutes, "and once");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn leave_of_years_before_employment_is_taken_back(pool: PgPool) {
    let desk = desk(pool).await;
    let annual = desk.kind("Annual leave").await;
    // For a year she was granted leave and it lapsed, before anybody said when she has come.
    for (date, kind, minutes, key) in [
        ("2025-01-01", "grant", YEAR, "annual:2025-01-01:grant"),
        ("2026-04-01", "expiry", -YEAR, "annual:2025-01-01:expiry"),
    ] {
        sqlx::query(
            "insert into attendance.leave_entry
                 (id, employee_id, type_id, day, minutes, kind, text, source_key, created_by,
                  created_at)
             values (gen_random_uuid(), $1, $2, $3, $4, $5, '', $6, 'system:attendance', now())",
        )
        .bind(desk.id("Ana").0)
        .bind(annual.0)
        .bind(day(date))
        .bind(i32::try_from(minutes).expect("a number"))
        .bind(kind)
        .bind(key)
        .execute(&desk.pool)
        .await
        .expect("an entry");
    }
    employ(&desk, Some("2026-10-01"), None).await;
    assert_eq!(desk.left("Ana").await, YEAR / 4);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_entry_by_hand_moves_the_balance_once_and_is_taken_back_by_another(pool: PgPool) {
    let desk = desk(pool).await;
    let hana = desk.actor("Hana");
    let form = LeaveEntryForm {
        type_id: desk.kind("Annual leave").await,
        entry: HandEntry::Grant,
        minutes: 2 * DAY_MINUTES,
        day: day("2026-11-25"),
        reason: " Ten years here ".into(),
    };
    let enter = async |form: &LeaveEntryForm, key: &str| {
        let entered = desk.service.enter_leave(&hana, desk.id("Ana"), form, key);
        entered.await
    };
    for _ in 0..2 {
        let entered = enter(&form, "one").await.expect("a good entry");
        assert_eq!(
            (entered.before_minutes, entered.after_minutes),
            (YEAR, YEAR + 960)
        );
    }
    let other = LeaveEntryForm {
        minutes: 480,
        ..form.clone()
    };
    assert!(matches!(enter(&other, "one").await, Err(Error::KeyReused)));
    assert_eq!(desk.left("Ana").await, YEAR + 960);

    let page = ledger(&desk, "Ana").await;
    assert_eq!(left(&page, "Annual leave"), YEAR + 960);
    let line = &page.lines[0];
    assert_eq!(
        (line.what.as_str(), line.text.as_str()),
        ("Granted", "Ten years here")
    );
    assert_eq!((line.by.as_str(), line.minutes), ("Hana Vogel", 960));
    assert_eq!(
        (line.balance_minutes, line.may_take_back),
        (YEAR + 960, true)
    );
    let rule = page.lines.last().expect("the grant of the year");
    assert_eq!((rule.by.as_str(), rule.may_take_back), ("By rule", false));

    let back = async |id, reason: &str| {
        let done = desk.service.take_back_leave_entry(&hana, id, reason);
        done.await
    };
    assert!(matches!(back(line.id, " ").await, Err(Error::Invalid(_))));
    assert!(matches!(back(rule.id, "No").await, Err(Error::Invalid(_))));
    for _ in 0..2 {
        back(line.id, "It was nine")
            .await
            .expect("hers to take back");
    }
    let page = ledger(&desk, "Ana").await;
    assert_eq!(left(&page, "Annual leave"), YEAR);
    let taken_back = page.lines.iter().find(|one| one.id == line.id);
    assert!(taken_back.is_some_and(|one| one.taken_back && !one.may_take_back));
    assert_eq!(page.lines[0].what, "Taken back");
    // Nothing was changed, and nobody can.
    let changed = sqlx::query("update attendance.leave_entry set minutes = 0")
        .execute(&desk.pool)
        .await;
    assert!(changed.is_err());
    let audited = "select count(*) from platform.outbox where topic = 'attendance.audited'";
    assert_eq!(desk.count(audited).await, 2);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_cannot_be_entered_is_told_field_by_field(pool: PgPool) {
    let desk = desk(pool).await;
    let hana = desk.actor("Hana");
    let form = LeaveEntryForm {
        type_id: desk.kind("Annual leave").await,
        entry: HandEntry::Grant,
        minutes: -480,
        day: day("1999-12-31"),
        reason: String::new(),
    };
    let refused = desk
        .service
        .enter_leave(&hana, desk.id("Ana"), &form, "one");
    let Err(Error::Invalid(problem)) = refused.await else {
        panic!("three things are wrong");
    };
    let fields: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(fields, ["amount", "day", "reason"]);
    let good = LeaveEntryForm {
        entry: HandEntry::Correction,
        day: day("2026-11-25"),
        reason: "Counted wrong".into(),
        ..form
    };
    for first in ["Ana", "Tom"] {
        let actor = desk.actor(first);
        let refused = desk
            .service
            .enter_leave(&actor, desk.id("Ana"), &good, "one");
        assert!(matches!(refused.await, Err(Error::Forbidden(_))));
        let refused = desk.service.leave_ledger(&actor, desk.id("Ana")).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
    }
    let nobody = model::PersonId(uuid::Uuid::nil());
    let nobody = desk.service.leave_ledger(&hana, nobody).await;
    assert!(matches!(nobody, Err(Error::NotFound(_))));
    let entered = desk
        .service
        .enter_leave(&hana, desk.id("Ana"), &good, "one");
    assert_eq!(
        entered.await.expect("a correction").after_minutes,
        YEAR - 480
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_changes_a_balance_of_their_own(pool: PgPool) {
    let desk = desk(pool).await;
    let hana = desk.actor("Hana");
    let form = LeaveEntryForm {
        type_id: desk.kind("Annual leave").await,
        entry: HandEntry::Grant,
        minutes: 5 * DAY_MINUTES,
        day: day("2026-11-25"),
        reason: "A good year".into(),
    };
    let before = ledger(&desk, "Hana").await;
    assert!(!before.may_enter);
    let own = desk
        .service
        .enter_leave(&hana, desk.id("Hana"), &form, "one")
        .await;
    let problem = Problem::from(own.expect_err("it is her own"));
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (403, "about_oneself")
    );
    // Nor does she take back what another has taken from her.
    let program = model::Actor::token(
        desk.test.deps.new_id(),
        "import",
        &[model::Permission::AttendanceManage],
    );
    let less = LeaveEntryForm {
        entry: HandEntry::Correction,
        minutes: -DAY_MINUTES,
        ..form
    };
    let entered = desk
        .service
        .enter_leave(&program, desk.id("Hana"), &less, "one")
        .await;
    entered.expect("another may");
    let page = ledger(&desk, "Hana").await;
    let line = &page.lines[0];
    assert!(!line.may_take_back);
    let back = desk
        .service
        .take_back_leave_entry(&hana, line.id, "No")
        .await;
    assert_eq!(
        Problem::from(back.expect_err("it is her own"))
            .code
            .as_str(),
        "about_oneself"
    );
    assert_eq!(
        left(&page, "Annual leave"),
        left(&before, "Annual leave") - DAY_MINUTES
    );
    let other = ledger(&desk, "Ana").await;
    assert!(other.may_enter);
}
