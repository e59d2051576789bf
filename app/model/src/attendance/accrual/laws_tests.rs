//! What holds for every leave type.

use proptest::prelude::*;

use super::tests::{carrying, date, entry};
use super::*;

fn any_accrual() -> impl Strategy<Value = Accrual> {
    let month_end = prop::sample::select(MonthEnd::ALL);
    prop_oneof![
        Just(Accrual::None),
        (0i64..20_000).prop_map(|minutes| Accrual::Yearly { minutes }),
        (0i64..2000, month_end).prop_map(|(minutes, on)| Accrual::Monthly { minutes, on }),
        (1i64..100).prop_map(|minutes| Accrual::Worked {
            minutes,
            per_minutes: 1800
        }),
    ]
}

fn any_leave() -> impl Strategy<Value = LeaveType> {
    let rounding = (1i64..300, prop::sample::select(Direction::ALL));
    let rounding = rounding.prop_map(|(unit_minutes, direction)| Rounding {
        unit_minutes,
        direction,
    });
    let caps = (prop::option::of(0i64..9000), prop::option::of(0i64..9000));
    let carry = (prop::option::of(0i64..5000), prop::option::of(0u32..16));
    let proration = prop::sample::select(Proration::ALL);
    let all = (any_accrual(), proration, rounding, 1u32..=12, caps, carry);
    all.prop_map(
        |(accrual, proration, rounding, year_start_month, caps, carry)| LeaveType {
            accrual,
            proration,
            rounding,
            year_start_month,
            cap_minutes: caps.0,
            yearly_cap_minutes: caps.1,
            ..carrying(carry.0, carry.1)
        },
    )
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    (0u64..1200).prop_map(|days| date("2025-01-01") + Days::new(days))
}

fn any_employment() -> impl Strategy<Value = Employment> {
    (any_date(), prop::option::of(0u64..900)).prop_map(|(from, days)| Employment {
        from,
        until: days.map(|days| from + Days::new(days)),
    })
}

fn any_taken() -> impl Strategy<Value = Vec<Entry>> {
    let days = prop::collection::btree_map(any_date(), 1i64..600, 0..30);
    days.prop_map(|days| {
        let entry =
            |(on, minutes): (NaiveDate, i64)| entry(&on.to_string(), -minutes, EntryKind::Taken);
        days.into_iter().map(entry).collect()
    })
}

fn any_worked() -> impl Strategy<Value = Worked> {
    prop::collection::btree_map(any_date(), 0i64..900, 0..40)
}

const ALL: DateRange = DateRange::new(
    NaiveDate::from_ymd_opt(2025, 1, 1).expect("a date"),
    NaiveDate::from_ymd_opt(2028, 12, 31).expect("a date"),
);

proptest! {
    #[test]
    fn a_second_run_enters_nothing(
        leave in any_leave(),
        employment in any_employment(),
        taken in any_taken(),
        worked in any_worked(),
    ) {
        let mut ledger = taken;
        ledger.extend(due(&leave, employment, ALL, &worked, &ledger));
        prop_assert_eq!(due(&leave, employment, ALL, &worked, &ledger), []);
        let keys: std::collections::BTreeSet<_> = ledger.iter().map(|e| &e.source_key).collect();
        prop_assert_eq!(keys.len(), ledger.len());
    }

    #[test]
    fn day_by_day_gives_what_one_run_gives(
        leave in any_leave(),
        employment in any_employment(),
        taken in any_taken(),
        worked in any_worked(),
        step in 1usize..90,
    ) {
        let at_once = due(&leave, employment, ALL, &worked, &taken);
        let mut ledger = taken.clone();
        for until in ALL.dates().step_by(step).chain([ALL.until]) {
            let within = DateRange::new(ALL.from, until);
            ledger.extend(due(&leave, employment, within, &worked, &ledger));
        }
        let sort = |mut entries: Vec<Entry>| {
            entries.sort_by(|a, b| a.source_key.cmp(&b.source_key));
            entries
        };
        prop_assert_eq!(sort(ledger.split_off(taken.len())), sort(at_once));
    }

    #[test]
    fn a_change_of_mind_leaves_the_balance_of_the_last_word(
        leave in any_leave(),
        first in any_employment(),
        last in any_employment(),
        taken in any_taken(),
        worked in any_worked(),
    ) {
        let balance = |ledger: &[Entry]| standing(ledger, &[], ALL.until).balance_minutes;
        let mut straight = taken.clone();
        straight.extend(due(&leave, last, ALL, &worked, &straight));
        let mut ledger = taken;
        for employment in [first, last] {
            ledger.extend(due(&leave, employment, ALL, &worked, &ledger));
        }
        prop_assert_eq!(balance(&ledger), balance(&straight));
        for on in ALL.dates().step_by(17) {
            let on_date = |ledger: &[Entry]| standing(ledger, &[], on).balance_minutes;
            prop_assert_eq!(on_date(&ledger), on_date(&straight));
        }
    }

    #[test]
    fn a_balance_is_the_sum_of_its_lines(taken in any_taken(), on in any_date()) {
        let sum: i64 = taken.iter().filter(|e| e.effective_on <= on).map(|e| e.minutes).sum();
        let standing = standing(&taken, &[], on);
        prop_assert_eq!(standing.balance_minutes, sum);
        let parts = standing.granted_minutes - standing.taken_minutes - standing.lost_minutes;
        prop_assert_eq!(parts, sum);
    }
}
