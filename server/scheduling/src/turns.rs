//! Who had the early or the late hour lately, so that it is not always the same person's.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use model::scheduling::hours::LocalTime;
use model::scheduling::interval::Interval;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::load::{PersonTime, whereabouts};
use crate::store::turns::{self, ClockSpan};

/// How far back the hours count.
const LATELY: TimeDelta = TimeDelta::days(28);
/// Among more people than this nobody keeps count.
const MOST: usize = 20;

/// Counts how often each of some people had a meeting with others early or late in their day lately.
/// People on one clock are not counted: what is early for one of them is for all.
pub(crate) async fn count(
    conn: &mut PgConnection,
    people: &mut [PersonTime],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let zones = people.iter().map(|time| time.person.zone.as_str());
    let zones: BTreeSet<&str> = zones.collect();
    let travels = |time: &PersonTime| !time.preferences.travel.is_empty();
    if people.len() > MOST || (zones.len() < 2 && !people.iter().any(travels)) {
        return Ok(());
    }
    let past = Interval::new(now - LATELY, now);
    let spans = people.iter().flat_map(|time| {
        let places = whereabouts(&time.person, &time.preferences);
        spans(time.person.id.0, &places.local_time(past), past)
    });
    let spans: Vec<ClockSpan> = spans.collect();
    let counted = turns::unsocial(conn, &spans).await?;
    let counted: HashMap<Uuid, i64> = counted.into_iter().collect();
    for time in people {
        let turns = counted.get(&time.person.id.0).copied().unwrap_or_default();
        time.turns = u32::try_from(turns).unwrap_or(u32::MAX);
    }
    Ok(())
}

/// The stretches of somebody's past in which the clock has one offset.
fn spans(who: Uuid, local: &LocalTime, past: Interval) -> Vec<ClockSpan> {
    let spans = local.spans();
    let ends = spans.iter().skip(1).map(|span| span.from);
    let ends = ends.chain([past.to]);
    let cut = spans.iter().zip(ends).filter_map(|(span, end)| {
        let within = Interval::new(span.from.min(end), end).intersection(&past)?;
        Some(ClockSpan {
            who,
            from_at: within.from,
            to_at: within.to,
            east_minutes: span.offset_minutes,
        })
    });
    let mut cut: Vec<ClockSpan> = cut.collect();
    // The first one also holds before it begins.
    if let Some(first) = cut.first_mut() {
        first.from_at = past.from;
    }
    cut
}

#[cfg(test)]
mod tests {
    use model::scheduling::hours::Whereabouts;
    use model::zone::Zone;

    use super::*;

    #[test]
    fn a_past_across_a_change_of_the_clocks_has_two_offsets() {
        let at = |text: &str| text.parse().expect("an instant");
        let past = Interval::new(at("2026-10-12T08:00:00Z"), at("2026-11-09T08:00:00Z"));
        let zone = Zone::named("Europe/Berlin").expect("a zone");
        let local = Whereabouts::at_home(zone).local_time(past);
        let found = spans(Uuid::nil(), &local, past);
        let change = at("2026-10-25T01:00:00Z");
        let expected = [(past.from, change, 120), (change, past.to, 60)];
        let found: Vec<_> = found
            .iter()
            .map(|span| (span.from_at, span.to_at, span.east_minutes))
            .collect();
        assert_eq!(found, expected);
    }
}
