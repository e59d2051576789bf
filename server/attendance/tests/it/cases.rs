//! The worked cases of the rules, each put into the database as the server would have it. The days that
//! it derives are those of `punctual attendance derive`, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use attendance::{Attendance, Config};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::PersonId;
use model::attendance::case::{Case, to_json};
use model::attendance::day::{Day, Derived, PunchOut, Status};
use model::attendance::derive::{Half, Input, Leave, PunchIn, PunchTime, ShiftInstance};
use model::attendance::policy::Policy;
use model::attendance::shift::{Pairing, ShiftTemplate, Tone};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestWorld;
use uuid::Uuid;

/// Cases that the server cannot be put into, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "e-r11-leave-hours-edge",
        "leave is granted by halves of a day",
    ),
    (
        "e-r11-leave-hours-middle",
        "leave is granted by halves of a day",
    ),
    (
        "e-r13-leave-for-one-shift",
        "leave is granted by the day, for all its shifts",
    ),
    (
        "e-r9-approved-early",
        "a day says who has approved it as well: overtime.rs",
    ),
    (
        "e-r1-slow-clock",
        "how slow a clock is, is measured while its device speaks: devices_watch.rs",
    ),
];

/// A day as it is stored.
#[derive(Deserialize)]
struct Stored {
    #[serde(flatten)]
    day: Day,
    #[serde(default)]
    punches: Vec<PunchOut>,
}

struct House {
    test: TestWorld,
    service: Attendance,
    pool: PgPool,
}

/// All fixtures by the hour at which they are looked at; those without one after everything.
fn fixtures() -> Vec<(DateTime<Utc>, String, Input)> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/model/tests/attendance/cases");
    let files = std::fs::read_dir(folder).expect("the folder of cases");
    let mut found: Vec<_> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy();
            let text = std::fs::read_to_string(&path).expect("a text");
            let fixture: Value = serde_json::from_str(&text).expect("JSON");
            let case = Case::from_json(&fixture["input"].to_string()).expect("a case");
            let late = "2027-06-01T00:00:00Z".parse().expect("an instant");
            (
                case.input.now.unwrap_or(late),
                name.into_owned(),
                case.input,
            )
        })
        .collect();
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    found
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn every_case_makes_the_same_days_on_the_server(pool: PgPool) {
    let test = testkit::world(&pool).await;
    let config = Config {
        public_url: "https://punctual.example".into(),
        organisation: "Aldertree".into(),
    };
    let service = Attendance::new(test.deps.clone(), config);
    let house = House {
        test,
        service,
        pool,
    };
    let mut elsewhere: BTreeSet<&str> = ELSEWHERE.iter().map(|(name, _)| *name).collect();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (number, (now, name, mut input)) in fixtures().into_iter().enumerate() {
        if elsewhere.remove(name.as_str()) {
            continue;
        }
        let by = now - house.test.now();
        assert!(by >= TimeDelta::zero(), "{name}: {now} is over");
        house.test.advance(by);
        // Ids are the server's; the command prints whichever it is given.
        for (place, punch) in input.punches.iter_mut().enumerate() {
            let place = u128::try_from(place).expect("few punches");
            let case = u128::try_from(number).expect("few cases") << 32;
            punch.id = Some(Uuid::from_u128((0x7 << 76) | case | place).to_string());
        }
        let person = house.put(number, &input).await;
        let stored = house.derived(person, &input).await;
        let printed = to_json(&relevant(
            model::attendance::derive::derive(&input),
            &stored,
        ));
        let server = to_json(&stored);
        if printed != server {
            wrong.push(format!(
                "{name}\n--- command\n{printed}\n--- server\n{server}"
            ));
        }
        compared += 1;
    }
    assert!(elsewhere.is_empty(), "no such cases: {elsewhere:?}");
    assert!(compared > 120, "only {compared} cases");
    assert!(
        wrong.is_empty(),
        "{} of {compared} differ:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

/// Whether something was planned or happened. The server has no row for a day off, and one for a holiday
/// for which nothing was planned; the command knows nothing of either.
fn is_something(day: &Day) -> bool {
    let is_free = matches!(day.status.status, Status::DayOff | Status::Holiday);
    !is_free || day.status.worked || !day.instances.is_empty()
}

/// What the server keeps of it: days of which there is something to say, and the punches that count on
/// one, day by day.
fn relevant(mut derived: Derived, stored: &Derived) -> Derived {
    derived.days.retain(is_something);
    let place: BTreeMap<&str, usize> = stored
        .punches
        .iter()
        .enumerate()
        .map(|(place, punch)| (punch.id.as_str(), place))
        .collect();
    derived.punches.retain(|punch| punch.work_date.is_some());
    derived
        .punches
        .sort_by_key(|punch| place.get(punch.id.as_str()));
    derived
}

impl House {
    /// Everything of a case as rows.
    async fn put(&self, number: usize, input: &Input) -> PersonId {
        let person: PersonId = self.test.deps.new_id();
        let policy = self.test.deps.new_id::<PersonId>().0;
        let zone = input.zone.name();
        // Whether somebody has approved it is no part of the rules.
        let terms = Policy {
            overtime_needs_approval: false,
            ..input.policy.clone()
        };
        self.run(
            "insert into attendance.employee (id, email, name, zone, active)
             values (($1->>'id')::uuid, $1->>'email', 'Somebody', $1->>'zone', true)",
            json!({ "id": person.0, "email": format!("{number}@example.org"), "zone": zone }),
        )
        .await;
        self.run(
            "insert into attendance.policy (id, name, document, version, updated_at)
             values (($1->>'id')::uuid, $1->>'name', $1->'document', 1, now())",
            json!({ "id": policy, "name": format!("Case {number}"), "document": terms }),
        )
        .await;
        let region = format!("ZZ-{number}");
        let holidays: BTreeMap<NaiveDate, Value> = input
            .holidays
            .iter()
            .map(|holiday| {
                let part = match holiday.half {
                    None => "full",
                    Some(Half::Am) => "am",
                    Some(Half::Pm) => "pm",
                };
                (holiday.date, json!({ "name": "Holiday", "part": part }))
            })
            .collect();
        self.run(
            "insert into attendance.holiday_calendar (region, name, document, version, updated_at)
             values ($1->>'region', 'Holidays', $1->'days', 1, now())",
            json!({ "region": region, "days": holidays }),
        )
        .await;
        let site = self.test.deps.new_id::<PersonId>().0;
        self.run(
            "insert into attendance.site (id, name, zone)
             values (($1->>'id')::uuid, $1->>'name', $1->>'zone')",
            json!({ "id": site, "name": format!("Site {number}"), "zone": zone }),
        )
        .await;
        if let Some(until) = input.devices_reported_until {
            self.run(
                "insert into attendance.device
                     (id, kind, serial, name, site_id, zone, state, last_seen_at, created_at)
                 values (($1->>'id')::uuid, 'adms', $1->>'serial', 'Door', ($1->>'site')::uuid,
                         'UTC', 'active', ($1->>'until')::timestamptz, now())",
                json!({
                    "id": self.test.deps.new_id::<PersonId>().0, "serial": format!("CASE{number}"), "site": site,
                    "until": until,
                }),
            )
            .await;
        }
        self.run(
            "insert into attendance.employment
                 (employee_id, from_day, policy_id, region, site_id, team)
             values (($1->>'id')::uuid, '2000-01-01', ($1->>'policy')::uuid, $1->>'region',
                     ($1->>'site')::uuid, '')",
            json!({ "id": person.0, "policy": policy, "region": region, "site": site }),
        )
        .await;
        self.plan(person, input).await;
        for (place, punch) in input.punches.iter().enumerate() {
            let serial = format!("CASE{number}-{place}");
            self.punch(person, input, punch, &serial).await;
        }
        person
    }

    async fn plan(&self, person: PersonId, input: &Input) {
        let mut roster: BTreeMap<NaiveDate, Vec<Value>> = BTreeMap::new();
        let mut leave: BTreeMap<NaiveDate, &'static str> = BTreeMap::new();
        for day in &input.days_off {
            roster.insert(*day, Vec::new());
        }
        for shift in &input.schedule {
            let planned = json!({ "template": null, "shift": template(shift) });
            roster.entry(shift.work_date).or_default().push(planned);
            let halves = match shift.leave {
                None => continue,
                Some(Leave::Full) => "[0,2)",
                Some(Leave::Half(Half::Am)) => "[0,1)",
                Some(Leave::Half(Half::Pm)) => "[1,2)",
                Some(Leave::Hours(..)) => panic!("leave by the hour is not granted here"),
            };
            leave.insert(shift.work_date, halves);
        }
        for (day, shifts) in roster {
            self.run(
                "insert into attendance.roster_day
                     (employee_id, work_date, source, shifts, version, updated_by, updated_at)
                 values (($1->>'id')::uuid, ($1->>'day')::date, 'manual', $1->'shifts', 1, 'test',
                         now())",
                json!({ "id": person.0, "day": day, "shifts": shifts }),
            )
            .await;
        }
        for (day, halves) in leave {
            self.run(
                "with kind as (
                     insert into attendance.leave_type (id, name, paid, told_as, accrual, version)
                     values (gen_random_uuid(), gen_random_uuid()::text, true, 'leave', '{}', 1)
                     returning id
                 ), request as (
                     insert into attendance.leave_request
                         (id, employee_id, type_id, from_day, to_day, part, note, state, minutes,
                          version, client_key, created_by, created_at)
                     select gen_random_uuid(), ($1->>'id')::uuid, kind.id, ($1->>'day')::date,
                            ($1->>'day')::date, 'full', '', 'approved', 0, 1,
                            gen_random_uuid()::text, 'test', now()
                     from kind returning id, type_id
                 )
                 insert into attendance.leave_day (employee_id, day, halves, request_id, type_id, minutes)
                 select ($1->>'id')::uuid, ($1->>'day')::date, ($1->>'halves')::int4range, id,
                        type_id, 0
                 from request",
                json!({ "id": person.0, "day": day, "halves": halves }),
            )
            .await;
        }
    }

    async fn punch(&self, person: PersonId, input: &Input, punch: &PunchIn, serial: &str) {
        let is_known = punch.skew_seconds.is_some() || punch.device_since.is_some();
        if is_known {
            self.run(
                "insert into attendance.device
                     (id, kind, serial, name, zone, state, in_use_from, skew_seconds, created_at)
                 values (($1->>'id')::uuid, 'adms', $1->>'serial', 'Door', $1->>'zone', 'active',
                         ($1->>'from')::date, ($1->>'skew')::integer, now())",
                json!({
                    "id": self.test.deps.new_id::<PersonId>().0, "serial": serial,
                    "zone": input.zone.name(),
                    "from": punch.device_since.map(|since| input.zone.day_of(since)), "skew": punch.skew_seconds.unwrap_or(0),
                }),
            )
            .await;
        }
        let kind = match (punch.set_by_hand, is_known) {
            (true, _) => "manual",
            (false, true) => "device",
            (false, false) => "api",
        };
        let source = match is_known {
            true => serial,
            false => punch.source.as_deref().unwrap_or("case"),
        };
        let zone = punch.zone.as_ref().unwrap_or(&input.zone);
        let (at, local, offset) = match punch.time {
            PunchTime::At(at) => (
                at.to_utc(),
                at.naive_local(),
                Some(at.offset().local_minus_utc()),
            ),
            PunchTime::Local(local) => {
                let at = zone.instant_of(local).expect("a time of that zone");
                (at, local, None)
            }
        };
        // So late that it says nothing about which of two readings a time is.
        let late = match offset {
            Some(_) => at,
            None => at + TimeDelta::hours(6),
        };
        self.run(
            "insert into attendance.punch
                 (id, occurred_at, received_at, source_kind, source, employee_id, raw_local,
                  raw_offset_seconds, zone, direction, trusted, flags)
             values (($1->>'id')::uuid, ($1->>'at')::timestamptz, ($1->>'received')::timestamptz,
                     $1->>'kind', $1->>'source', ($1->>'person')::uuid, ($1->>'local')::timestamp,
                     ($1->>'offset')::integer, $1->>'zone', $1->>'direction',
                     ($1->>'trusted')::boolean, '{}')",
            json!({
                "id": punch.id, "at": at,
                "received": punch.received_at.unwrap_or(late),
                "kind": kind, "source": source, "person": person.0,
                "local": local, "offset": offset, "zone": zone.name(),
                "direction": punch.direction, "trusted": punch.trusted,
            }),
        )
        .await;
    }

    /// Derives the days of somebody, and reads what is stored of them.
    async fn derived(&self, person: PersonId, input: &Input) -> Derived {
        let shifts = input.schedule.iter().map(|shift| shift.work_date);
        let punches = input.punches.iter().map(|punch| match punch.time {
            PunchTime::At(at) => input.zone.day_of(at.to_utc()),
            PunchTime::Local(local) => local.date(),
        });
        let holidays = input.holidays.iter().map(|holiday| holiday.date);
        let dates = shifts
            .chain(punches)
            .chain(holidays)
            .chain(input.days_off.iter().copied());
        let dates: BTreeSet<NaiveDate> = dates.collect();
        if let (Some(first), Some(last)) = (dates.first(), dates.last()) {
            let mut tx = self
                .test
                .db()
                .begin("test.stale")
                .await
                .expect("a database");
            let range = [(person, *first, *last)];
            let marked = self.service.mark_stale_in_tx(&mut tx, &range).await;
            marked.expect("days to derive");
            tx.commit().await.expect("a database");
        }
        while self.service.derive_stale().await.expect("a database") > 0 {}
        let rows: Vec<Value> = sqlx::query_scalar(
            "select document from attendance.day where employee_id = $1 order by work_date",
        )
        .bind(person.0)
        .fetch_all(&self.pool)
        .await
        .expect("days");
        let mut derived = Derived::default();
        for row in rows {
            let stored: Stored = serde_json::from_value(row).expect("a day");
            derived.punches.extend(stored.punches);
            if is_something(&stored.day) {
                derived.days.push(stored.day);
            }
        }
        derived
    }

    async fn run(&self, statement: &'static str, values: Value) {
        sqlx::query(statement)
            .bind(&values)
            .execute(&self.pool)
            .await
            .unwrap_or_else(|error| panic!("{error}: {values}"));
    }
}

fn template(shift: &ShiftInstance) -> ShiftTemplate {
    ShiftTemplate {
        name: "Shift".into(),
        code: "S".into(),
        tone: Tone::Blue,
        start: shift.start,
        end: shift.end,
        halves: shift.halves,
        break_tiers: shift.break_tiers.clone(),
        min_break_piece_minutes: shift.min_break_piece_minutes,
        max_break_minutes: shift.max_break_minutes,
        grace_late_minutes: shift.grace_late_minutes,
        grace_early_minutes: shift.grace_early_minutes,
        capture_before_minutes: shift.capture_before_minutes,
        capture_after_minutes: shift.capture_after_minutes,
        pairing: shift.pairing.unwrap_or(Pairing::Auto),
        zone: shift.zone.as_ref().map(|zone| zone.name().to_owned()),
    }
}
