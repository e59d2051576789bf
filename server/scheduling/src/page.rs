//! What several pages of meetings have in common.

use model::Actor;
use model::scheduling::meeting::Alternative;
use model::scheduling::views::{Booked, ConflictLine, SlotTaken, SuggestedTime};
use model::zone::Zone;

/// The zone in which an actor reads times; one that has left the database reads as UTC.
pub(crate) fn zone_of(actor: &Actor) -> Zone {
    Zone::named(&actor.zone).unwrap_or_else(|_| Zone::utc())
}

/// A lost race, as the page says it.
pub(crate) fn taken(actor: &Actor, taken: SlotTaken) -> Booked {
    let zone = zone_of(actor);
    Booked::Taken {
        conflicts: taken
            .conflicts
            .into_iter()
            .map(|conflict| ConflictLine {
                name: conflict.name,
                from: zone.stamp(conflict.from),
                to: zone.stamp(conflict.to),
            })
            .collect(),
        alternatives: taken
            .alternatives
            .into_iter()
            .map(|alternative| suggested(alternative, &zone))
            .collect(),
    }
}

fn suggested(alternative: Alternative, zone: &Zone) -> SuggestedTime {
    SuggestedTime {
        from: zone.stamp(alternative.from),
        to: zone.stamp(alternative.to),
        score: alternative.score,
        reasons: alternative.reasons,
        missing: Vec::new(),
        room: None,
    }
}
