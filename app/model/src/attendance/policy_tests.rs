use super::*;

#[test]
fn an_empty_policy_is_the_default() {
    let policy: Policy = serde_json::from_str("{}").expect("a policy");
    assert_eq!(policy, Policy::default());
    assert_eq!(policy.errors(), []);
}

#[test]
fn a_policy_comes_back_as_it_was_stored() {
    let policy = Policy {
        pay_early: true,
        rounding: Some(Rounding {
            unit_minutes: 15,
            begin: RoundTo::Nearest,
            end: RoundTo::Down,
        }),
        ..Policy::default()
    };
    let text = serde_json::to_string(&policy).expect("JSON");
    assert!(text.contains(r#""dayCut":"04:00""#), "{text}");
    assert!(text.contains(r#""missingOut":"none""#), "{text}");
    let back: Policy = serde_json::from_str(&text).expect("a policy");
    assert_eq!(back, policy);
}

#[test]
fn numbers_without_sense_are_named() {
    let policy = Policy {
        grace_late_minutes: -1,
        max_session_hours: 1_000_000,
        present_percent: 30,
        ..Policy::default()
    };
    let fields: Vec<_> = policy.errors().into_iter().map(|e| e.field).collect();
    assert_eq!(
        fields,
        ["maxSessionHours", "graceLateMinutes", "halfDayPercent"]
    );
}

#[test]
fn the_limits_go_with_the_law_of_overtime() {
    let limits = |overtime| {
        let policy = Policy {
            overtime,
            ..Policy::default()
        };
        policy.limits().daily_rest_minutes
    };
    assert_eq!(limits(overtime::Rule::None), Some(660));
    assert_eq!(limits(overtime::Rule::Flsa), None);
}
