//! The rules of matching, by example and by property.

use model::Currency;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a day of November")
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn item(n: u128) -> ItemId {
    ItemId(Uuid::from_u128(n))
}

fn line(n: u128, minor: i64, on: u32, words: &str) -> BankLine {
    BankLine {
        id: item(n),
        amount: eur(minor),
        days: vec![day(on)],
        end_to_end_id: None,
        words: vec![words.to_owned()],
    }
}

fn payout(n: u128, minor: i64, on: u32) -> ExpectedPayout {
    ExpectedPayout {
        id: PayoutId(Uuid::from_u128(n)),
        reference: format!("po_{n:06}"),
        trace: Some(format!("TRACE{n:06}")),
        net: eur(minor),
        effective_on: Some(day(on)),
        arrived: false,
    }
}

fn reason(verdict: &BankVerdict) -> Option<OpenReason> {
    verdict.as_ref().err().map(|refusal| refusal.reason)
}

fn capture(n: u128, intent: &str, minor: i64) -> CaptureLine {
    CaptureLine {
        id: item(n),
        gateway: "stripe".into(),
        intent: Some(intent.into()),
        charge: None,
        gross: eur(minor),
    }
}

fn payment(n: u128, intent: &str, minor: i64) -> ExpectedPayment {
    ExpectedPayment {
        id: PaymentId(Uuid::from_u128(n)),
        gateway: "stripe".into(),
        intent: Some(intent.into()),
        charge: Some(format!("ch_{n}")),
        captured: eur(minor),
        explained_minor: 0,
    }
}

fn capture_reason(line: CaptureLine, payment: ExpectedPayment) -> Option<OpenReason> {
    let verdicts = captures(std::slice::from_ref(&line), &[payment]);
    verdicts[&line.id]
        .as_ref()
        .err()
        .map(|refusal| refusal.reason)
}

#[test]
fn a_capture_is_matched_by_id_and_amount_alone() {
    assert_eq!(
        capture_reason(capture(1, "pi_a", 500), payment(1, "pi_a", 500)),
        None
    );
    assert_eq!(
        capture_reason(capture(1, "pi_a", 501), payment(1, "pi_a", 500)),
        Some(OpenReason::AmountDiffers)
    );
    assert_eq!(
        capture_reason(capture(1, "pi_b", 500), payment(1, "pi_a", 500)),
        Some(OpenReason::UnknownPayment)
    );
    assert_eq!(
        capture_reason(capture(1, "pi_a", 500), payment(1, "pi_a", 0)),
        Some(OpenReason::NotCaptured)
    );
    let dollars = CaptureLine {
        gross: Money::new(500, Currency::USD),
        ..capture(1, "pi_a", 500)
    };
    assert_eq!(
        capture_reason(dollars, payment(1, "pi_a", 500)),
        Some(OpenReason::CurrencyDiffers)
    );
    let elsewhere = CaptureLine {
        gateway: "paypal".into(),
        ..capture(1, "pi_a", 500)
    };
    assert_eq!(
        capture_reason(elsewhere, payment(1, "pi_a", 500)),
        Some(OpenReason::UnknownPayment)
    );
}

#[test]
fn a_partial_capture_is_the_whole_and_a_part_given_back() {
    let lines = [capture(1, "pi_a", 1000), capture(2, "pi_a", -400)];
    let verdicts = captures(&lines, &[payment(1, "pi_a", 600)]);
    assert!(verdicts.values().all(Result::is_ok));
    let more = ExpectedPayment {
        explained_minor: 600,
        ..payment(1, "pi_a", 600)
    };
    assert_eq!(
        capture_reason(capture(3, "pi_a", 600), more),
        Some(OpenReason::AmountDiffers)
    );
}

#[test]
fn ids_that_lead_to_two_payments_are_refused() {
    let both = CaptureLine {
        charge: Some("ch_2".into()),
        ..capture(1, "pi_a", 500)
    };
    let verdicts = captures(&[both], &[payment(1, "pi_a", 500), payment(2, "pi_b", 500)]);
    assert_eq!(
        verdicts[&item(1)].as_ref().unwrap_err().reason,
        OpenReason::Ambiguous
    );
}

#[test]
fn a_named_payout_is_found_in_every_place() {
    let expected = [payout(1, 500, 2)];
    for words in [
        "TRACE000001",
        "STRIPE po_000001",
        "ref:TRACE000001, thanks",
        "x/po_000001/y",
    ] {
        let verdicts = payouts(&[line(1, 500, 3, words)], &expected);
        assert_eq!(
            verdicts[&item(1)],
            Ok((expected[0].id, MatchRule::PayoutNamed)),
            "{words}"
        );
    }
    // A longer word that only contains the name is another name.
    let verdicts = payouts(
        &[BankLine {
            amount: eur(1),
            ..line(1, 1, 3, "TRACE0000019")
        }],
        &expected,
    );
    assert_eq!(reason(&verdicts[&item(1)]), Some(OpenReason::Unidentified));
}

#[test]
fn a_name_with_another_amount_currency_or_day_stays_open_and_says_so() {
    let expected = [payout(1, 500, 2)];
    let of = |line: BankLine| {
        let verdicts = payouts(std::slice::from_ref(&line), &expected);
        let refusal = verdicts[&line.id].clone().unwrap_err();
        assert_eq!(refusal.candidates, [expected[0].id]);
        refusal.reason
    };
    assert_eq!(of(line(1, 499, 2, "po_000001")), OpenReason::AmountDiffers);
    assert_eq!(of(line(1, 500, 8, "po_000001")), OpenReason::DateDiffers);
    assert_eq!(of(line(1, 500, 1, "po_000001")), OpenReason::DateDiffers);
    let dollars = BankLine {
        amount: Money::new(500, Currency::USD),
        ..line(1, 500, 2, "po_000001")
    };
    assert_eq!(of(dollars), OpenReason::CurrencyDiffers);
}

#[test]
fn the_window_closes_after_five_days() {
    let expected = [payout(1, 500, 2)];
    assert!(payouts(&[line(1, 500, 7, "")], &expected)[&item(1)].is_ok());
    assert!(payouts(&[line(1, 500, 8, "")], &expected)[&item(1)].is_err());
}

#[test]
fn without_a_name_both_sides_must_be_the_only_ones() {
    let one = [payout(1, 500, 2)];
    let verdicts = payouts(&[line(1, 500, 2, "")], &one);
    assert_eq!(
        verdicts[&item(1)],
        Ok((one[0].id, MatchRule::PayoutOnlyOne))
    );

    let verdicts = payouts(&[line(1, 500, 2, ""), line(2, 500, 3, "")], &one);
    assert!(
        verdicts
            .values()
            .all(|v| reason(v) == Some(OpenReason::Ambiguous))
    );

    let two = [payout(1, 500, 2), payout(2, 500, 3)];
    let verdicts = payouts(&[line(1, 500, 4, "")], &two);
    let refusal = verdicts[&item(1)].clone().unwrap_err();
    assert_eq!(
        (refusal.reason, refusal.candidates),
        (OpenReason::Ambiguous, vec![two[0].id, two[1].id])
    );
}

#[test]
fn a_line_with_an_id_of_its_own_is_no_unnamed_payout() {
    let other = BankLine {
        end_to_end_id: Some("INVOICE-77".into()),
        ..line(1, 500, 2, "")
    };
    assert_eq!(
        reason(&payouts(&[other], &[payout(1, 500, 2)])[&item(1)]),
        Some(OpenReason::Unidentified)
    );
}

#[test]
fn the_same_name_twice_is_ambiguous_and_after_arrival_a_duplicate() {
    let lines = [line(1, 500, 2, "po_000001"), line(2, 500, 3, "po_000001")];
    let verdicts = payouts(&lines, &[payout(1, 500, 2)]);
    assert!(
        verdicts
            .values()
            .all(|v| reason(v) == Some(OpenReason::Ambiguous))
    );
    let arrived = ExpectedPayout {
        arrived: true,
        ..payout(1, 500, 2)
    };
    let verdicts = payouts(&lines[..1], &[arrived]);
    assert_eq!(reason(&verdicts[&item(1)]), Some(OpenReason::Duplicate));
}

fn some_lines() -> impl Strategy<Value = Vec<BankLine>> {
    let line = (1_i64..4, 1_u32..12, 0_u32..8, prop::bool::ANY);
    prop::collection::vec(line, 0..12).prop_map(|rows| {
        let mut lines = Vec::new();
        for (n, (minor, on, name, other)) in rows.into_iter().enumerate() {
            let words = if name < 6 {
                format!("po_{name:06}")
            } else {
                String::new()
            };
            let mut made = line_of(n, minor, on, &words);
            made.end_to_end_id = other.then(|| format!("TRACE{:06}", name + 1));
            lines.push(made);
        }
        lines
    })
}

fn line_of(n: usize, minor: i64, on: u32, words: &str) -> BankLine {
    line(n as u128, minor, on, words)
}

fn some_payouts() -> impl Strategy<Value = Vec<ExpectedPayout>> {
    prop::collection::vec((1_i64..4, 1_u32..12, prop::bool::weighted(0.2)), 0..8).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(|(n, (minor, on, arrived))| ExpectedPayout {
                arrived,
                ..payout(n as u128, minor, on)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn nothing_is_claimed_twice_and_every_match_agrees(lines in some_lines(), expected in some_payouts()) {
        let verdicts = payouts(&lines, &expected);
        prop_assert_eq!(verdicts.len(), lines.len());
        let mut claimed = BTreeSet::new();
        for (line_id, verdict) in &verdicts {
            if let Ok((id, _)) = verdict {
                prop_assert!(claimed.insert(*id), "{} is claimed twice", id);
                let payout = expected.iter().find(|p| p.id == *id).expect("one of ours");
                let line = lines.iter().find(|l| l.id == *line_id).expect("one of ours");
                prop_assert!(!payout.arrived);
                prop_assert_eq!(payout.net, line.amount);
            }
        }
    }

    #[test]
    fn the_order_of_lines_and_payouts_does_not_matter(
        lines in some_lines(),
        expected in some_payouts(),
        seed in any::<u64>(),
    ) {
        let verdicts = payouts(&lines, &expected);
        let (mut other_lines, mut other_payouts) = (lines, expected);
        let key = |n: u128| (n as u64).wrapping_add(1).wrapping_mul(seed | 1).rotate_left(17);
        other_lines.sort_by_key(|l| key(l.id.0.as_u128()));
        other_payouts.sort_by_key(|p| key(p.id.0.as_u128()));
        let again = payouts(&other_lines, &other_payouts);
        let short = |v: &BTreeMap<ItemId, BankVerdict>| {
            v.iter().map(|(id, v)| (*id, v.as_ref().ok().copied(), reason(v))).collect::<Vec<_>>()
        };
        prop_assert_eq!(short(&verdicts), short(&again));
    }

    #[test]
    fn captures_never_explain_more_than_was_taken(
        rows in prop::collection::vec((0_u32..4, -3_i64..6), 0..20),
        taken in prop::collection::vec((0_i64..8, 0_i64..4), 4),
    ) {
        let lines: Vec<CaptureLine> = rows
            .iter()
            .enumerate()
            .map(|(n, (intent, minor))| capture(n as u128, &format!("pi_{intent}"), *minor))
            .collect();
        let payments: Vec<ExpectedPayment> = taken
            .iter()
            .enumerate()
            .map(|(n, (minor, explained))| ExpectedPayment {
                explained_minor: *explained,
                ..payment(n as u128, &format!("pi_{n}"), *minor)
            })
            .collect();
        let verdicts = captures(&lines, &payments);
        for payment in &payments {
            let mine: Vec<&CaptureLine> =
                lines.iter().filter(|l| verdicts[&l.id] == Ok(payment.id)).collect();
            if !mine.is_empty() {
                let sum: i64 = mine.iter().map(|l| l.gross.minor).sum();
                prop_assert_eq!(sum + payment.explained_minor, payment.captured.minor);
            }
        }
    }
}
