use super::*;

fn tier(after_minutes: i64, minutes: i64) -> BreakTier {
    BreakTier {
        after_minutes,
        minutes,
    }
}

/// The deduction for pieces of work, each `(from, to)` in minutes, under two tiers.
fn deducted(pieces: &[(i64, i64)]) -> i64 {
    let pieces: Vec<_> = pieces
        .iter()
        .map(|(from, to)| Span::new(*from, *to))
        .collect();
    let rule = BreakRule {
        tiers: &[tier(360, 30), tier(540, 45)],
        min_piece: 15,
        max_break: 120,
        leave: None,
    };
    breaks(&pieces, &rule).deducted
}

#[test]
fn each_tier_stops_at_its_threshold_and_the_strictest_decides() {
    for (worked, expected) in [
        (360, 0),
        (361, 1),
        (390, 30),
        (540, 30),
        (550, 30),
        (575, 35),
        (585, 45),
        (700, 45),
    ] {
        assert_eq!(deducted(&[(0, worked)]), expected, "{worked}");
    }
}

#[test]
fn only_what_is_missing_is_deducted() {
    assert_eq!(deducted(&[(0, 240), (260, 510)]), 10);
    assert_eq!(deducted(&[(0, 240), (285, 510)]), 0);
    assert_eq!(deducted(&[(0, 240), (254, 510)]), 30, "too short a piece");
    assert_eq!(deducted(&[(0, 200), (321, 521)]), 30, "too long a gap");
    assert_eq!(
        deducted(&[(0, 200), (215, 400), (415, 560)]),
        0,
        "in pieces"
    );
}

#[test]
fn leave_within_a_gap_is_no_break() {
    let rule = BreakRule {
        tiers: &[],
        min_piece: 0,
        max_break: 120,
        leave: Some(Span::new(60, 180)),
    };
    let pieces = [Span::new(0, 50), Span::new(200, 300)];
    let recorded = breaks(&pieces, &rule).recorded;
    assert_eq!(recorded, [Span::new(50, 60), Span::new(180, 200)]);
}

#[test]
fn rounding_goes_by_the_clock_on_the_wall() {
    // Kathmandu is 5 h 45 min ahead, so its full hours are not those of UTC.
    let zone = Zone::named("Asia/Kathmandu").expect("a zone");
    let bounds = |begin, end| Bounds {
        not_before: None,
        free_from: i64::MIN,
        rounding: Some(Rounding {
            unit_minutes: 60,
            begin,
            end,
        }),
        zone: &zone,
    };
    let midnight = 20_780 * 24 * 60 - 345;
    let piece = [Span::new(midnight + 487, midnight + 1033)];
    let round = |begin, end| {
        let rounded = counted(&piece, &bounds(begin, end))[0];
        ((rounded.from + 345) % 60, rounded.minutes())
    };
    assert_eq!(round(RoundTo::Up, RoundTo::Down), (0, 480));
    assert_eq!(round(RoundTo::Down, RoundTo::Up), (0, 600));
    assert_eq!(round(RoundTo::Nearest, RoundTo::Nearest), (0, 540));
}

#[test]
fn no_minute_counts_twice_after_rounding() {
    let zone = Zone::utc();
    let bounds = Bounds {
        not_before: None,
        free_from: 0,
        rounding: Some(Rounding {
            unit_minutes: 15,
            begin: RoundTo::Down,
            end: RoundTo::Up,
        }),
        zone: &zone,
    };
    let pieces = [Span::new(0, 61), Span::new(62, 121), Span::new(130, 130)];
    let rounded = counted(&pieces, &bounds);
    let expected = [Span::new(0, 75), Span::new(75, 135), Span::new(135, 135)];
    assert_eq!(rounded, expected);
}
