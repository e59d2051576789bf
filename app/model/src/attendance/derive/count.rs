//! Rules R9 and R10: what of the time counts, and its breaks.

use super::span::{Span, instant_of, total};
use crate::attendance::policy::{RoundTo, Rounding};
use crate::attendance::shift::BreakTier;
use crate::zone::Zone;

/// What limits the time that counts.
pub(super) struct Bounds<'a> {
    /// Work before this minute does not count.
    pub not_before: Option<i64>,
    /// Time before this minute has been counted elsewhere.
    pub free_from: i64,
    pub rounding: Option<Rounding>,
    pub zone: &'a Zone,
}

/// Rule R9: what of some stretches lies before a start from which on time counts.
pub(super) fn clipped(pieces: &[Span], work: &[Span], start: i64) -> i64 {
    let is_clipped = |(piece, counted): &(&Span, &Span)| {
        piece.from < start && (counted.from >= start || counted.is_empty())
    };
    let before = pieces.iter().zip(work).filter(is_clipped);
    before
        .map(|(piece, _)| piece.and(Span::new(i64::MIN / 4, start)).minutes())
        .sum()
}

/// Rule R9: the same stretches, rounded and clipped. None is dropped, so that the gaps between them
/// stay; one that does not count has no length.
pub(super) fn counted(pieces: &[Span], bounds: &Bounds<'_>) -> Vec<Span> {
    let mut free_from = bounds.free_from;
    let counted = pieces.iter().map(|piece| {
        let rounded = match bounds.rounding {
            Some(rounding) if !piece.is_empty() => round(*piece, rounding, bounds.zone),
            _ => *piece,
        };
        let clip = |minute: i64| {
            minute
                .max(bounds.not_before.unwrap_or(minute))
                .max(free_from)
        };
        let from = clip(rounded.from);
        let piece = Span::new(from, clip(rounded.to));
        free_from = piece.to;
        piece
    });
    counted.collect()
}

fn round(piece: Span, rounding: Rounding, zone: &Zone) -> Span {
    let boundary = |minute: i64, to: RoundTo| {
        // Full units are those of the clock on the wall.
        let offset = i64::from(zone.offset_seconds(instant_of(minute)) / 60);
        let unit = rounding.unit_minutes.max(1);
        let over = (minute + offset).rem_euclid(unit);
        let is_up = match to {
            RoundTo::Up => over > 0,
            RoundTo::Down => false,
            RoundTo::Nearest => over * 2 >= unit,
        };
        minute - over + if is_up { unit } else { 0 }
    };
    Span::new(
        boundary(piece.from, rounding.begin),
        boundary(piece.to, rounding.end),
    )
}

/// Which gaps are breaks, and which break is due.
pub(super) struct BreakRule<'a> {
    pub tiers: &'a [BreakTier],
    pub min_piece: i64,
    pub max_break: i64,
    /// Leave is no break.
    pub leave: Option<Span>,
}

/// The breaks of some work.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Breaks {
    /// Those that were punched.
    pub recorded: Vec<Span>,
    /// How many minutes more are deducted.
    pub deducted: i64,
    /// The tier that deducts them.
    pub tier: Option<BreakTier>,
}

/// Rule R10. Each tier asks for what is missing of it, and never takes work below its own threshold;
/// the one that asks for most decides.
pub(super) fn breaks(pieces: &[Span], rule: &BreakRule<'_>) -> Breaks {
    let mut recorded = Vec::new();
    for two in pieces.windows(2) {
        let gap = Span::new(two[0].to, two[1].from);
        let parts = without(gap, rule.leave);
        let minutes = total(&parts);
        if minutes > 0 && (rule.min_piece..=rule.max_break).contains(&minutes) {
            recorded.extend(parts);
        }
    }
    let (worked, rested) = (total(pieces), total(&recorded));
    let asked = rule.tiers.iter().map(|tier| {
        let missing = tier.minutes - rested;
        (missing.min(worked - tier.after_minutes).max(0), tier)
    });
    // Of two that ask for the same, the first.
    let most = asked.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let (deducted, tier) = most.map_or((0, None), |(minutes, tier)| (minutes, Some(*tier)));
    Breaks {
        recorded,
        deducted,
        tier: tier.filter(|_| deducted > 0),
    }
}

/// What is left of a span without another.
fn without(span: Span, taken: Option<Span>) -> Vec<Span> {
    let Some(taken) = taken.map(|taken| taken.and(span)).filter(|t| !t.is_empty()) else {
        return vec![span];
    };
    let parts = [
        Span::new(span.from, taken.from),
        Span::new(taken.to, span.to),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
#[path = "count_tests.rs"]
mod tests;
