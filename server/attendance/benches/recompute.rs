//! A month of everybody is derived again: what a change of the policy costs.
//!
//! Ten thousand people with a shift on every working day of the last 31 days, who came and went. The days
//! are derived once; then the policy changes, so that each of them is another; then it changes back, and
//! the days must be those of the first time. Beside it stands one bare statement that writes as many rows
//! of the same size.
//!
//! Needs `DATABASE_URL` of a role that may create databases. `PUNCTUAL_BENCH_STAFF` (default 10,000).

mod house;

use std::time::Instant;

use house::{House, report, setting};
use model::attendance::policy::Policy;
use model::{Actor, PolicyId};

const POLICY: &str = "00000000-0000-7000-9000-000000000001";

const SEED: &str = r#"
insert into attendance.policy (id, name, document, version, updated_at)
values ('00000000-0000-7000-9000-000000000001', 'Bench', '{}', 1, now());
insert into attendance.employee (id, email, name, zone, active)
select ('00000000-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid,
       'p' || p || '@example.org', 'Person ' || p, 'Europe/Berlin', true
from generate_series(1, STAFF) p;
insert into attendance.employment (employee_id, from_day, policy_id, team)
select id, '2000-01-01', '00000000-0000-7000-9000-000000000001', 'Bench' from attendance.employee;
insert into attendance.roster_day
    (employee_id, work_date, source, shifts, version, updated_by, updated_at)
select id, day::date, 'manual',
       '[{"template":null,"shift":{"name":"Day","code":"D","tone":"teal","start":"09:00","end":"18:00","breakTiers":[{"afterMinutes":360,"minutes":60}]}}]',
       1, 'bench', now()
from attendance.employee, generate_series(current_date - 31, current_date - 1, interval '1 day') day;
insert into attendance.punch
    (id, occurred_at, received_at, source_kind, source, employee_id, raw_local, raw_offset_seconds, zone,
     direction, trusted, flags)
select gen_random_uuid(), at, at, 'web', 'bench', employee_id, at at time zone 'Europe/Berlin',
       extract(epoch from (at at time zone 'Europe/Berlin') - (at at time zone 'UTC'))::int,
       'Europe/Berlin', way, true, '{}'
from attendance.roster_day,
     lateral (values
         ((work_date + time '08:50') at time zone 'Europe/Berlin'
             + random() * interval '20 minutes', 'in'),
         ((work_date + time '17:55') at time zone 'Europe/Berlin'
             + random() * interval '20 minutes', 'out')) as clock (at, way);
"#;

fn main() {
    // `cargo test` builds and runs benches too, and there is nothing to check in it.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let staff = setting("PUNCTUAL_BENCH_STAFF", 10_000);
    let house = House::build("recompute", &SEED.replace("STAFF", &staff.to_string())).await;
    let mark = "insert into attendance.stale_day (employee_id, work_date, since)
                select employee_id, work_date, now() from attendance.roster_day
                order by employee_id, work_date";
    sqlx::raw_sql(mark)
        .execute(house.db.pool())
        .await
        .expect("marks");
    let took = house.derive().await;
    let first = house.days().await;
    let days = usize::try_from(first.0).unwrap_or(0);
    report("derived for the first time", days, took);

    let strict = Policy {
        grace_late_minutes: 0,
        grace_early_minutes: 0,
        ..Policy::default()
    };
    change(&house, 1, &strict).await;
    let took = house.derive().await;
    let other = house.days().await;
    assert_ne!(first, other, "the policy makes others of them");
    report("derived after a change of policy", days, took);

    change(&house, 2, &Policy::default()).await;
    let took = house.derive().await;
    report("derived after it changed back", days, took);
    assert_eq!(first, house.days().await, "the same days as at first");

    let began = Instant::now();
    sqlx::raw_sql(
        "create table public.bare (like attendance.day including indexes);
                   insert into public.bare select * from attendance.day",
    )
    .execute(house.db.pool())
    .await
    .expect("rows");
    report("the same rows, one bare insert", days, began.elapsed());
    house.pull_down().await;
}

async fn change(house: &House, version: i32, policy: &Policy) {
    let id: PolicyId = POLICY.parse().expect("an id");
    let began = Instant::now();
    let actor = Actor::system("bench");
    house
        .service
        .save_policy(&actor, Some(id), version, "Bench", policy)
        .await
        .expect("a good policy");
    let marks = house
        .count("select count(*) from attendance.stale_day")
        .await;
    report("days marked by the change", marks, began.elapsed());
}
